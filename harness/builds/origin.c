/* What whoever built a library wrote beside it: PREFIX/assay-build.txt, a line "name: text" each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/files/file.h"
#include "harness/builds/build.h"

#define ORIGIN_FILE "assay-build.txt"
#define SOURCE "record"

/* What a library tells itself, its name and when the file was written, needs no repeating. */
static bool is_told(const char *line) {
  static const char *const names[] = {"version: ", "source: ", "options: ", "compiler: ", "flags: ", NULL};
  for (const char *const *name = names; *name; name++)
    if (strncmp(line, *name, strlen(*name)) == 0)
      return line[strlen(*name)] != '\0';
  return false;
}

/* A library that was put there later is not the one that is told of. */
static bool is_older(const char *library, const char *record) {
  struct stat of_library, of_record;
  return stat(library, &of_library) == 0 && stat(record, &of_record) == 0 &&
         of_library.st_mtim.tv_sec <= of_record.st_mtim.tv_sec;
}

void build_tell_origin(const struct subject_spec *spec, struct subject_identity *identity) {
  char path[4200], *text, *save, fact[600];
  size_t len;
  snprintf(path, sizeof path, "%s/" ORIGIN_FILE, spec->prefix);
  if (!subject_spec_is_build(spec) || !is_older(spec->library, path) || !file_read(path, &text, &len, NULL))
    return;
  for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
    if (is_told(line)) {
      snprintf(fact, sizeof fact, "%s", line);
      subject_identity_add_fact(identity, fact, SOURCE);
    }
  free(text);
}
