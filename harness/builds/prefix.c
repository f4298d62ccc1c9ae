/* Looks for headers and libraries in the places where they are installed or built. */
#include "harness/builds/prefix.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* A folder of headers that may not be there. */
static void include_add(struct prefix *prefix, const char *folder) {
  char *path = prefix->includes[prefix->include_count];
  join(path, sizeof prefix->includes[0], prefix->includes[0], folder);
  prefix->include_count += access(path, R_OK) == 0;
}

/* Whether the header is in one of the folders that are there. */
static bool has_header(const struct prefix *prefix, const char *header) {
  char file[4500];
  bool has = false;
  for (unsigned i = 0; i < prefix->include_count && !has; i++) {
    join(file, sizeof file, prefix->includes[i], header);
    has = access(file, R_OK) == 0;
  }
  return has;
}

static bool headers_find(struct prefix *prefix, const struct hints *hints, struct assay_error *error) {
  static const char *const folders[] = {"include", "", NULL};
  for (const char *const *folder = folders; *folder; folder++) {
    join(prefix->includes[0], sizeof prefix->includes[0], prefix->root, *folder);
    prefix->include_count = 1;
    include_add(prefix, ASSAY_MULTIARCH);
    for (unsigned i = 0; i < hints->folder_count; i++)
      include_add(prefix, hints->folders[i]);
    if (has_header(prefix, hints->header))
      return true;
  }
  char unpacked[4500];
  snprintf(unpacked, sizeof unpacked, "%s/usr/include/%s", prefix->root, hints->header);
  if (access(unpacked, R_OK) == 0)
    return error_set(error, "there is no include/%s under %s, but one under its usr: the prefix is %s/usr",
                     hints->header, prefix->root, prefix->root);
  return error_set(error,
                   "there is no include/%s under %s: a build needs the headers that belong to the library "
                   "(of a Debian package, those of its -dev package)",
                   hints->header, prefix->root);
}

/* ---- libraries ---- */

#define FOUND_MAX 8

/* What is in the folders: which of them are wanted, and the others for a sentence. */
struct seen {
  const char *stem;
  char *names[FOUND_MAX];
  size_t count, more;
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

/* libcrypto.so, or else, where there is but one, libcrypto.so.3: a folder of what runs has no other. */
static bool shared_find(const char *folder, const char *stem, struct seen *seen, char *file, size_t size) {
  char plain[128], versioned[128];
  struct dirent **entries;
  size_t matches = 0;
  snprintf(plain, sizeof plain, "lib%s.so", stem);
  snprintf(versioned, sizeof versioned, "lib%s.so.", stem);
  snprintf(file, size, "%s/%s", folder, plain);
  if (access(file, R_OK) == 0)
    return true;
  int count = scandir(folder, &entries, NULL, alphasort);
  for (int i = 0; i < count; i++) {
    if (is_library(entries[i]->d_name))
      note_seen(seen, entries[i]->d_name);
    if (strncmp(entries[i]->d_name, versioned, strlen(versioned)) == 0 && matches++ == 0)
      snprintf(file, size, "%s/%s", folder, entries[i]->d_name);
    free(entries[i]);
  }
  if (count >= 0)
    free(entries);
  return matches > 0;
}

static bool static_find(const char *folder, const char *stem, char *file, size_t size) {
  snprintf(file, size, "%s/lib%s.a", folder, stem);
  return access(file, R_OK) == 0;
}

static bool library_find(const struct prefix *prefix, struct seen *seen, char *file, size_t size) {
  char folder[4200], found[4400];
  for (int shared = 1; shared >= 0; shared--)
    for (const char *const *at = library_folders; *at; at++) {
      join(folder, sizeof folder, prefix->root, *at);
      if (shared ? shared_find(folder, seen->stem, seen, found, sizeof found)
                 : static_find(folder, seen->stem, found, sizeof found)) {
        char real[PATH_MAX];
        snprintf(file, size, "%s", realpath(found, real) ? real : found);
        return true;
      }
    }
  return false;
}

static void seen_fini(struct seen *seen) {
  for (size_t i = 0; i < seen->count; i++)
    free(seen->names[i]);
}

static bool missing(const struct prefix *prefix, const struct seen *seen, struct assay_error *error) {
  char there[400];
  names_fit(there, sizeof there, (const char *const *)seen->names, seen->count);
  return error_set(
      error,
      "there is no lib%s.so and no lib%s.a under %s (looked for in lib, lib64, %s and where builds leave them); %s%s",
      seen->stem, seen->stem, prefix->root, of_this_machine,
      seen->count ? "what is there: " : "no other library is there either", seen->count ? there : "");
}

static bool libraries_find(struct prefix *prefix, const struct hints *hints, struct assay_error *error) {
  for (unsigned i = 0; i < hints->library_count; i++) {
    struct seen seen = {.stem = hints->libraries[i]};
    bool found = library_find(prefix, &seen, prefix->libraries[i], sizeof prefix->libraries[i]);
    bool ok = found || i > 0 || missing(prefix, &seen, error);
    seen_fini(&seen);
    if (!ok)
      return false;
    if (!found)
      prefix->libraries[i][0] = '\0';
  }
  return true;
}

static bool library_fits(struct prefix *prefix, struct assay_error *error) {
  const char *file = prefix->libraries[0];
  if (!library_file_read(file, &prefix->library, error))
    return false;
  return !prefix->library.sanitizer[0] ||
         error_set(error, "%s was built with %s, whose times are no measure of it: build it without", file,
                   prefix->library.sanitizer);
}

bool prefix_look(struct prefix *prefix, const struct hints *hints, struct assay_error *error) {
  return headers_find(prefix, hints, error) && libraries_find(prefix, hints, error) &&
         library_fits(prefix, error);
}
