/* Looks for headers and libraries in the places where they are installed or built. */
#include "harness/builds/prefix.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build_facts.h"
#include "harness/base/text/names.h"

static const char of_this_machine[] = "lib/" ASSAY_MULTIARCH;

/* Installed ones first; then where the builds of BoringSSL and AWS-LC (build/crypto), OpenSSL (the top) and
 * wolfSSL (src/.libs) leave them. */
static const char *const library_folders[] = {"lib",   "lib64",        of_this_machine, "",
                                              "build", "build/crypto", "src/.libs",     NULL};

static void join(char *out, size_t size, const char *root, const char *folder) {
  snprintf(out, size, "%s%s%s", root, folder[0] ? "/" : "", folder);
}

/* What stands in the way of a file that may be there: rights, or a link that leads nowhere. The first is kept
 * for a sentence. */
struct obstacle {
  char text[4700];
};

static bool can_read(const char *path, struct obstacle *obstacle) {
  struct stat st;
  if (access(path, R_OK) == 0)
    return true;
  int problem = errno;
  bool dangles = problem == ENOENT && lstat(path, &st) == 0;
  if (!obstacle->text[0] && (dangles || (problem != ENOENT && problem != ENOTDIR)))
    snprintf(obstacle->text, sizeof obstacle->text, "%s %s%s", path,
             dangles ? "is a link that leads nowhere" : "cannot be read: ", dangles ? "" : strerror(problem));
  return false;
}

/* A folder of headers that may not be there. */
static void include_add(struct prefix *prefix, const char *folder) {
  char *path = prefix->includes[prefix->include_count];
  join(path, sizeof prefix->includes[0], prefix->includes[0], folder);
  prefix->include_count += access(path, R_OK) == 0;
}

/* folder: below the prefix; with all others that have headers of its library in it. */
static void includes_set(struct prefix *prefix, const struct hints *hints, const char *folder) {
  join(prefix->includes[0], sizeof prefix->includes[0], prefix->root, folder);
  prefix->include_count = 1;
  include_add(prefix, ASSAY_MULTIARCH);
  for (unsigned i = 0; i < hints->folder_count; i++)
    include_add(prefix, hints->folders[i]);
}

/* Whether the header is in one of the folders that are there. */
static bool has_header(const struct prefix *prefix, const char *header, struct obstacle *obstacle) {
  char file[4500];
  bool has = false;
  for (unsigned i = 0; i < prefix->include_count && !has; i++) {
    join(file, sizeof file, prefix->includes[i], header);
    has = can_read(file, obstacle);
  }
  return has;
}

bool prefix_has_header(const struct prefix *prefix, const char *header) {
  struct obstacle ignored = {0};
  return has_header(prefix, header, &ignored);
}

/* Whether `folder` has the headers, as prefixes have them. */
static bool is_prefix(const char *folder, const struct hints *hints) {
  struct prefix other = {0};
  struct obstacle ignored = {0};
  if (snprintf(other.root, sizeof other.root, "%s", folder) >= (int)sizeof other.root)
    return false;
  includes_set(&other, hints, "include");
  return has_header(&other, hints->header, &ignored);
}

/* A folder near by that was meant: of DESTDIR or of a package that was unpacked, or above its include or lib. */
static bool other_prefix(const struct prefix *prefix, const struct hints *hints, char *other, size_t size) {
  static const char *const below[] = {"usr", "usr/local", NULL}, *const parts[] = {"include", "lib", "lib64",
                                                                                   NULL};
  const char *root = strcmp(prefix->root, "/") == 0 ? "" : prefix->root, *slash = strrchr(root, '/');
  bool found = false;
  for (const char *const *each = below; *each && !found; each++) {
    snprintf(other, size, "%s/%s", root, *each);
    found = is_prefix(other, hints);
  }
  for (const char *const *each = parts; *each && slash && !found; each++) {
    snprintf(other, size, "%.*s", (int)(slash - root), root);
    found = strcmp(slash + 1, *each) == 0 && is_prefix(other, hints);
  }
  return found;
}

/* Headers in a folder of their own below include (include/openssl-3), which others name to a compiler. */
static bool is_below_include(const struct prefix *prefix, const char *header, struct assay_error *error) {
  char include[4200], file[4700];
  struct dirent **entries;
  bool found = false;
  join(include, sizeof include, prefix->root, "include");
  int count = scandir(include, &entries, NULL, alphasort);
  for (int i = 0; i < count; i++) {
    snprintf(file, sizeof file, "%s/%s/%s", include, entries[i]->d_name, header);
    if (!found && entries[i]->d_name[0] != '.' && access(file, R_OK) == 0) {
      found = true;
      error_set(error,
                "there is no include/%s under %s, but one in %s/%s: make a folder of two links, include to "
                "this and lib to where its library lies; that is a prefix",
                header, prefix->root, include, entries[i]->d_name);
    }
    free(entries[i]);
  }
  if (count >= 0)
    free(entries);
  return found;
}

static bool header_missing(const struct prefix *prefix, const struct hints *hints,
                           struct assay_error *error) {
  char other[4200];
  if (other_prefix(prefix, hints, other, sizeof other))
    return error_set(error, "there is no include/%s under %s, but one under %s: that is the prefix",
                     hints->header, prefix->root, other);
  if (is_below_include(prefix, hints->header, error))
    return false;
  return error_set(error,
                   "there is no include/%s under %s: a build needs the headers that belong to the library "
                   "(of a Debian package, those of its -dev package)",
                   hints->header, prefix->root);
}

static bool headers_find(struct prefix *prefix, const struct hints *hints, struct assay_error *error) {
  static const char *const folders[] = {"include", "", NULL};
  struct obstacle obstacle = {0};
  for (const char *const *folder = folders; *folder; folder++) {
    includes_set(prefix, hints, *folder);
    if (has_header(prefix, hints->header, &obstacle))
      return true;
  }
  return obstacle.text[0] ? error_set(error, "%s", obstacle.text) : header_missing(prefix, hints, error);
}

/* ---- libraries ---- */

#define FOUND_MAX 8

/* What is in the folders: which of them are wanted, and the others for a sentence. */
struct seen {
  const char *stem, *root;
  char *names[FOUND_MAX];
  size_t count, more;
  struct obstacle obstacle;
};

static bool is_library(const char *name) {
  const char *so = strstr(name, ".so"), *dot = strrchr(name, '.');
  return strncmp(name, "lib", 3) == 0 &&
         ((so && (so[3] == '\0' || so[3] == '.')) || (dot && strcmp(dot, ".a") == 0));
}

static void note_seen(struct seen *seen, const char *name) {
  char *copy = seen->count < FOUND_MAX ? strdup(name) : NULL;
  if (copy)
    seen->names[seen->count++] = copy;
  else
    seen->more++;
}

/* libcrypto.so.3, where that is no libcrypto.so.3.bak. */
static bool is_version(const char *name, const char *versioned) {
  size_t len = strlen(versioned);
  return strncmp(name, versioned, len) == 0 && name[len + strspn(name + len, "0123456789.")] == '\0';
}

/* Another version beside the one that was found: which of the two is meant nobody can say. */
static void note_other(struct seen *seen, const char *file, const char *other) {
  char real[PATH_MAX], real_other[PATH_MAX];
  if (!seen->obstacle.text[0] && realpath(file, real) && realpath(other, real_other) &&
      strcmp(real, real_other) != 0)
    snprintf(seen->obstacle.text, sizeof seen->obstacle.text,
             "there are %.1400s and %.1400s, and no lib%s.so beside them that tells which is meant: a link "
             "does (ln -s)",
             file, strrchr(other, '/') + 1, seen->stem);
}

/* libcrypto.so.3, where there is but one. Returns how many there are. */
static size_t versions_find(const char *folder, struct seen *seen, char *file, size_t size) {
  char versioned[128], other[4400];
  struct dirent **entries;
  size_t matches = 0;
  snprintf(versioned, sizeof versioned, "lib%s.so.", seen->stem);
  int count = scandir(folder, &entries, NULL, alphasort);
  for (int i = 0; i < count; i++) {
    if (is_library(entries[i]->d_name))
      note_seen(seen, entries[i]->d_name);
    snprintf(other, sizeof other, "%s/%s", folder, entries[i]->d_name);
    if (is_version(entries[i]->d_name, versioned) && matches++ == 0)
      snprintf(file, size, "%s", other);
    else if (is_version(entries[i]->d_name, versioned))
      note_other(seen, file, other);
    free(entries[i]);
  }
  if (count >= 0)
    free(entries);
  return matches;
}

static bool lies_under(const char *path, const char *root) {
  char real[PATH_MAX];
  size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);
  return realpath(path, real) && strncmp(real, root, len) == 0 && real[len] == '/';
}

static void seen_fini(struct seen *seen) {
  for (size_t i = 0; i < seen->count; i++)
    free(seen->names[i]);
}

/* A package's link for developers may name the system's library by its whole path: where it was unpacked, the link
 * leads past the library that came with it. */
static bool leads_past_another(const char *folder, struct seen *seen, const char *link) {
  struct seen others = {.stem = seen->stem};
  char own[4400];
  bool past = !lies_under(link, seen->root) && versions_find(folder, &others, own, sizeof own) &&
              lies_under(own, seen->root);
  seen_fini(&others);
  if (past)
    snprintf(
        seen->obstacle.text, sizeof seen->obstacle.text,
        "%.2000s leads out of %.1400s, where %.1000s is: a link to the one that is meant tells it (ln -sf)",
        link, seen->root, strrchr(own, '/') + 1);
  return past;
}

/* libcrypto.so, or else, where there is but one, libcrypto.so.3: a folder of what runs has no other. */
static bool shared_find(const char *folder, struct seen *seen, char *file, size_t size) {
  char link[4400];
  snprintf(link, sizeof link, "%s/lib%s.so", folder, seen->stem);
  snprintf(file, size, "%s", link);
  if (access(link, R_OK) == 0)
    return !leads_past_another(folder, seen, link);
  return versions_find(folder, seen, file, size) > 0 ? !seen->obstacle.text[0]
                                                     : can_read(link, &seen->obstacle);
}

static bool static_find(const char *folder, struct seen *seen, char *file, size_t size) {
  snprintf(file, size, "%s/lib%s.a", folder, seen->stem);
  return can_read(file, &seen->obstacle);
}

typedef bool finder(const char *folder, struct seen *seen, char *file, size_t size);

/* An upgrade of OpenSSL from 1.1.1 to 3 leaves the old one in lib and puts the new one into lib64. at: the folders
 * that were not looked into. */
static bool is_the_only_one(struct seen *seen, finder *find, const char *const *at, const char *file) {
  char folder[4200], found[4400], real[PATH_MAX];
  for (; *at && strncmp(*at, "lib", 3) == 0 && !seen->obstacle.text[0]; at++) {
    struct seen others = {.stem = seen->stem, .root = seen->root};
    join(folder, sizeof folder, seen->root, *at);
    if (find(folder, &others, found, sizeof found) && realpath(found, real) && strcmp(real, file) != 0)
      snprintf(
          seen->obstacle.text, sizeof seen->obstacle.text,
          "there are %.2000s and %.2000s: remove the one that is not meant, or make a folder of two links, "
          "include and lib, to what is",
          file, real);
    seen_fini(&others);
  }
  return !seen->obstacle.text[0];
}

/* Where one is there that cannot be taken, none of the others is taken in its place. */
static bool library_find(struct seen *seen, char *file, size_t size) {
  char folder[4200], found[4400], real[PATH_MAX];
  finder *const finders[] = {shared_find, static_find};
  for (int i = 0; i < 2 && !seen->obstacle.text[0]; i++)
    for (const char *const *at = library_folders; *at && !seen->obstacle.text[0]; at++) {
      join(folder, sizeof folder, seen->root, *at);
      if (!finders[i](folder, seen, found, sizeof found))
        continue;
      snprintf(file, size, "%s", realpath(found, real) ? real : found);
      return is_the_only_one(seen, finders[i], at + 1, file);
    }
  return false;
}

static bool missing(const struct prefix *prefix, const struct hints *hints, const struct seen *seen,
                    struct assay_error *error) {
  char there[400], other[4200];
  if (seen->obstacle.text[0])
    return error_set(error, "%s", seen->obstacle.text);
  if (other_prefix(prefix, hints, other, sizeof other))
    return error_set(
        error, "there is no lib%s.so and no lib%s.a under %s, but headers of it under %s: that is the prefix",
        seen->stem, seen->stem, prefix->root, other);
  names_fit(there, sizeof there, (const char *const *)seen->names, seen->count);
  return error_set(
      error,
      "there is no lib%s.so and no lib%s.a under %s (looked for in lib, lib64, %s and where builds leave them); %s%s; where it lies apart from its headers, a folder of two links, include and lib, is a prefix",
      seen->stem, seen->stem, prefix->root, of_this_machine,
      seen->count ? "what is there: " : "no other library is there either", seen->count ? there : "");
}

static bool libraries_find(struct prefix *prefix, const struct hints *hints, struct assay_error *error) {
  for (unsigned i = 0; i < hints->library_count; i++) {
    struct seen seen = {.stem = hints->libraries[i], .root = prefix->root};
    bool found = library_find(&seen, prefix->libraries[i], sizeof prefix->libraries[i]);
    bool is_due = !hints->is_beside[i] || seen.obstacle.text[0];
    bool ok = found || !is_due || missing(prefix, hints, &seen, error);
    seen_fini(&seen);
    if (!ok)
      return false;
    if (!found)
      prefix->libraries[i][0] = '\0';
  }
  return true;
}

bool prefix_look(struct prefix *prefix, const struct hints *hints, struct assay_error *error) {
  return headers_find(prefix, hints, error) && libraries_find(prefix, hints, error);
}

/* ---- what the files are ---- */

static bool library_fits(const char *path, struct library_file *file, struct assay_error *error) {
  return library_file_read(path, file, error) &&
         (!file->sanitizer[0] ||
          error_set(error, "%s was built with %s, whose times are no measure of it: build it without", path,
                    file->sanitizer));
}

bool prefix_check(struct prefix *prefix, struct assay_error *error) {
  bool ok = true;
  for (unsigned i = 0; ok && i < HINT_LIBRARIES_MAX; i++)
    ok = !prefix->libraries[i][0] || library_fits(prefix->libraries[i], &prefix->files[i], error);
  return ok;
}
