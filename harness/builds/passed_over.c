/* Libraries that LD_LIBRARY_PATH leads to, and that modules which come with assay do not load. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_facts.h"
#include "harness/builds/build.h"

/* What a loader looks for: "libcrypto.so.3" of a path that ends in libcrypto.so.3.0.2. */
static void name_of(const char *path, char *name, size_t size) {
  const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path, *end = strstr(file, ".so");
  if (end)
    end += 3 + (end[3] == '.' ? 1 + strspn(end + 4, "0123456789") : 0);
  snprintf(name, size, "%.*s", end ? (int)(end - file) : 0, file);
}

static bool lies_there(const char *path, const char *folder) {
  char real[PATH_MAX];
  size_t len = realpath(folder, real) ? strlen(real) : 0;
  return len && strncmp(path, real, len) == 0 && path[len] == '/' && !strchr(path + len + 1, '/');
}

/* What NAME@ takes for the library in a folder. */
static int prefix_len(const char *folder) {
  static const char of_this_machine[] = "/lib/" ASSAY_MULTIARCH;
  static const char *const ends[] = {"/lib", "/lib64", of_this_machine};
  size_t len = strlen(folder);
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    size_t end = strlen(ends[i]);
    if (len > end && strcmp(folder + len - end, ends[i]) == 0)
      return (int)(len - end);
  }
  return (int)len;
}

/* The next folder of a list between colons, as a prefix is written: absolute, without a slash at its end. */
static void folder_set(char folder[PATH_MAX], const char *at) {
  char given[PATH_MAX];
  snprintf(given, sizeof given, "%.*s", (int)strcspn(at, ":"), at);
  if (given[0] == '/' || !realpath(given, folder))
    snprintf(folder, PATH_MAX, "%s", given);
  for (size_t len = strlen(folder); len > 1 && folder[len - 1] == '/'; len--)
    folder[len - 1] = '\0';
}

void build_tell_passed_over(const struct subject_spec *spec, const struct subject_identity *identity,
                            char *text, size_t size) {
  const char *own = getenv("LD_LIBRARY_PATH");
  char folder[PATH_MAX], name[256], file[PATH_MAX + 256];
  text[0] = '\0';
  name_of(identity->path, name, sizeof name);
  if (!own || spec->is_file || spec->prefix[0] || !name[0])
    return;
  for (const char *at = own; *at && !text[0]; at += strcspn(at, ":"), at += *at != '\0') {
    folder_set(folder, at);
    snprintf(file, sizeof file, "%s/%s", folder, name);
    if (access(file, R_OK) == 0 && !lies_there(identity->path, folder))
      snprintf(text, size, "%s loads %s, whatever LD_LIBRARY_PATH says: %s@%.*s measures the library in %s",
               spec->label, identity->path, spec->name, prefix_len(folder), folder, folder);
  }
}
