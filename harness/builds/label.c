/* Names of builds: links in the cache whose text is BACKEND@PREFIX, which subject_found reads. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/files/cache_path.h"
#include "harness/base/files/file.h"
#include "harness/builds/build.h"
#include "harness/programs/cache.h"

/* Letters, digits, dots, hyphens and underscores: what needs no quoting and parts no subject in two. */
static bool word_is_fit(const char *label, struct assay_error *error) {
  static const char fit[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  size_t len = strlen(label);
  if (len == 0 || len > 63 || label[0] == '.' || label[0] == '-' || strspn(label, fit) != len)
    return error_set(error,
                     "'%.80s' is no label: up to 63 letters, digits, dots, hyphens and underscores, not "
                     "beginning with a dot or hyphen",
                     label);
  size_t ending = len > 3 ? len - 3 : 0;
  return strcmp(label + ending, ".so") != 0 ||
         error_set(error, "'%s' would be taken for a module's path", label);
}

/* The same build may be given its name again. */
static bool label_is_free(const char *label, const char *build, struct assay_error *error) {
  const struct subject_found *found = subject_found_named(label);
  if (subject_is_group(label))
    return error_set(error, "'%s' is the name of a group of subjects", label);
  if (!found || strcmp(found->build, build) == 0)
    return true;
  return found->build[0]
             ? error_set(error, "'%s' is the build %s already; `assay backend forget %s` frees the name",
                         label, found->build, label)
             : error_set(error, "'%s' is a subject of its own", label);
}

/* The folder of the links, made where it is not there; then the link. */
static bool path_of(const char *label, char *path, size_t size, struct assay_error *error) {
  char cache[4096], folder[4200];
  cache_folder(cache, sizeof cache);
  snprintf(folder, sizeof folder, "%s/" CACHE_LABELS, cache);
  snprintf(path, size, "%s/%s", folder, label);
  mode_t usual = cache_umask();
  bool ok = cache_open(cache, folder, error) && file_make_dirs(folder, error);
  umask(usual);
  return ok;
}

static void build_text(const struct subject_spec *spec, char *text, size_t size) {
  snprintf(text, size, "%s@%s", spec->name, spec->prefix);
}

bool build_label_is_fit(const struct subject_spec *spec, const char *label, struct assay_error *error) {
  char build[4400];
  build_text(spec, build, sizeof build);
  if (spec->argument[0])
    return error_set(error, "a label is of a build, in whatever way it is used: label %s@%s, and say %s:%s",
                     spec->name, spec->prefix, label, spec->argument);
  return word_is_fit(label, error) && label_is_free(label, build, error);
}

bool build_label(const struct subject_spec *spec, const char *label, struct assay_error *error) {
  char path[4400], build[4400];
  build_text(spec, build, sizeof build);
  if (!build_label_is_fit(spec, label, error) || !path_of(label, path, sizeof path, error))
    return false;
  return symlink(build, path) == 0 || errno == EEXIST || error_set(error, "%s: %s", path, strerror(errno));
}

bool build_forget(const char *label, struct assay_error *error) {
  char path[4400];
  const struct subject_found *found = subject_found_named(label);
  if (!found || !found->build[0])
    return error_set(error, "no build is called '%s'", label);
  return path_of(label, path, sizeof path, error) &&
         (unlink(path) == 0 || error_set(error, "%s: %s", path, strerror(errno)));
}
