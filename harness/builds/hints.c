/* The lines " * prefix: header FILE" and " * prefix: library STEM ..." of a backend's file. */
#include "harness/builds/hints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"
#include "harness/base/files/program_file.h"

#define HINT " * prefix: "

static void library_add(struct hints *hints, const char *stem) {
  if (hints->library_count < HINT_LIBRARIES_MAX)
    snprintf(hints->libraries[hints->library_count++], sizeof hints->libraries[0], "%s", stem);
}

/* words: behind the hint's name. */
static void hint_take(struct hints *hints, char *words) {
  char *save, *verb = strtok_r(words, " ", &save), *word;
  bool header = verb && strcmp(verb, "header") == 0, library = verb && strcmp(verb, "library") == 0;
  while ((header || library) && (word = strtok_r(NULL, " ", &save)) && strcmp(word, "*/") != 0) {
    if (library)
      library_add(hints, word);
    else
      snprintf(hints->header, sizeof hints->header, "%s", word);
  }
}

bool hints_read(const char *name, struct hints *hints, struct assay_error *error) {
  char file[300], *text, *save;
  size_t len;
  *hints = (struct hints){0};
  snprintf(file, sizeof file, "sources/backends/%.200s.c", name);
  program_file(file, hints->source, sizeof hints->source);
  if (!file_read(hints->source, &text, &len, error))
    return error_prefix(error, "the source of the backend is needed to build it: ");
  for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
    if (strncmp(line, HINT, sizeof HINT - 1) == 0)
      hint_take(hints, line + sizeof HINT - 1);
  free(text);
  return (hints->header[0] && hints->library_count) ||
         error_set(error,
                   "%s does not say what to look for under a prefix ('prefix: header', 'prefix: library')",
                   hints->source);
}
