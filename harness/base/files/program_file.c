/* By way of /proc: a program may be found by PATH or by a link. */
#include "harness/base/files/program_file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *program_folder(void) {
  static char folder[PATH_MAX];
  if (folder[0])
    return folder;
  ssize_t n = readlink("/proc/self/exe", folder, sizeof folder - 1);
  folder[n > 0 ? n : 0] = '\0';
  char *slash = strrchr(folder, '/');
  if (slash)
    *slash = '\0';
  /* A test's executable stands beside the folder of the programs. */
  const char *programs = getenv("ASSAY_BIN");
  if (programs && programs[0])
    snprintf(folder, sizeof folder, "%s", programs);
  return folder;
}

void program_file(const char *name, char *path, size_t size) {
  static const char *const places[] = {"", "../", "../lib/assay/", NULL};
  for (const char *const *place = places; *place; place++) {
    snprintf(path, size, "%s/%s%s", program_folder(), *place, name);
    if (access(path, F_OK) == 0)
      return;
  }
}
