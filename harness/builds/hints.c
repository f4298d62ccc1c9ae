/* The lines " * prefix: header FILE", "include FOLDER ...", "library STEM ..." and "beside STEM ..." of a
 * backend's file. */
#include "harness/builds/hints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"
#include "harness/subject/subject_spec.h"

#define HINT " * prefix: "

static void any_add(struct hints *hints, const char *stem, bool is_beside) {
  unsigned number = hints->library_count;
  if (number == HINT_LIBRARIES_MAX)
    return;
  snprintf(hints->libraries[number], sizeof hints->libraries[0], "%s", stem);
  hints->is_beside[number] = is_beside;
  hints->library_count++;
}

static void library_add(struct hints *hints, const char *stem) {
  any_add(hints, stem, false);
}

static void beside_add(struct hints *hints, const char *stem) {
  any_add(hints, stem, true);
}

static void folder_add(struct hints *hints, const char *folder) {
  if (hints->folder_count < HINT_FOLDERS_MAX)
    snprintf(hints->folders[hints->folder_count++], sizeof hints->folders[0], "%s", folder);
}

static void header_set(struct hints *hints, const char *header) {
  snprintf(hints->header, sizeof hints->header, "%s", header);
}

/* words: what follows "prefix:". */
static void hint_take(struct hints *hints, char *words) {
  static const struct {
    const char *verb;
    void (*take)(struct hints *hints, const char *word);
  } verbs[] = {
      {"header", header_set}, {"library", library_add}, {"beside", beside_add}, {"include", folder_add}};
  char *save, *verb = strtok_r(words, " ", &save), *word;
  for (size_t i = 0; verb && i < sizeof verbs / sizeof verbs[0]; i++)
    if (strcmp(verb, verbs[i].verb) == 0)
      while ((word = strtok_r(NULL, " ", &save)) && strcmp(word, "*/") != 0)
        verbs[i].take(hints, word);
}

bool hints_read(const char *name, struct hints *hints, struct assay_error *error) {
  char *text, *save;
  size_t len;
  *hints = (struct hints){0};
  subject_source(name, hints->source, sizeof hints->source);
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
