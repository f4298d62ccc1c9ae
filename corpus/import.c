/* What the formats share: finding the one that was asked for, walking over lines, naming classes. */
#include "corpus/import.h"

#include <jansson.h>
#include <stdlib.h>

#include "corpus/generate.h"
#include "harness/base/file.h"

#define FORMATS_MAX 64

static bool is_blank(struct assay_bytes line) {
  for (size_t i = 0; i < line.len; i++)
    if (!memchr(" \t\r", line.ptr[i], 3))
      return false;
  return true;
}

bool import_each_line(const char *path, bool (*take)(void *arg, const struct import_line *line), void *arg,
                      struct assay_error *error) {
  struct import_line line = {.path = path, .number = 1};
  char *text;
  size_t len, taken = 0;
  bool ok = true;
  if (!file_read(path, &text, &len, error))
    return false;
  for (size_t at = 0; ok && at < len; line.number++) {
    const char *newline = memchr(text + at, '\n', len - at);
    line.text = bytes_of(text + at, newline ? (size_t)(newline - text) - at : len - at);
    line.cut = !newline;
    at += line.text.len + 1;
    if (is_blank(line.text))
      continue;
    ok = take(arg, &line);
    taken++;
  }
  free(text);
  return taken > 0 ? ok : error_set(error, "%s: there is no case in it", path);
}

uint32_t import_variant(struct casebook *book, const char *group, const char *class_id, const char *name,
                        bool pinned) {
  const struct mutation_group *known_group;
  const struct mutation_class *class = class_find(class_id, &known_group);
  if (!class)
    return book_variant(book, group, class_id, name, "", "", pinned);
  return book_variant(book, group[0] ? group : known_group->name, class_id, name, class->sentence,
                      class->reference, pinned || class->pinned);
}

/* ---- raw signatures, which are no tokens ---- */

#define RAW_SENTENCE                                                                                         \
  "raw signatures are no tokens; `assay check --level primitive|guarded --vectors DIR` asks about them"

static bool is_raw_suite(const char *format) {
  static const char *const names[] = {"wycheproof", "cctv", "speccheck", "ed25519-speccheck"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(format, names[i]) == 0)
      return true;
  return false;
}

/* Wycheproof's own tokens stand in "jws", and their groups have no sig. */
static bool is_raw_test(const json_t *test) {
  return json_is_object(test) &&
         (json_object_get(test, "sig") || json_object_get(test, "tag") ||
          json_object_get(test, "signature")) &&
         !json_object_get(test, "jws");
}

/* Is the file one that `assay check --vectors` reads? */
static bool is_raw_file(const char *path) {
  json_t *root = json_load_file(path, 0, NULL);
  const json_t *group = json_array_get(json_object_get(root, "testGroups"), 0);
  bool raw = is_raw_test(json_array_get(group ? json_object_get(group, "tests") : root, 0));
  json_decref(root);
  return raw;
}

static const struct importer *importer_find(const char *format, struct assay_error *error) {
  const char *names[FORMATS_MAX + 1] = {0};
  char list[512] = "";
  if (is_raw_suite(format)) {
    error_set(error, "format '%s': " RAW_SENTENCE, format);
    return NULL;
  }
  for (size_t i = 0; i < FORMATS_MAX && importers[i]; i++) {
    if (strcmp(importers[i]->name, format) == 0)
      return importers[i];
    names[i] = importers[i]->name;
    size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", names[i]);
  }
  const char *near = near_miss(format, names);
  error_set(error, "unknown format '%s'%s%s%s; there are %s", format, near ? ", did you mean '" : "",
            near ? near : "", near ? "'" : "", list);
  return NULL;
}

bool import_file(const char *format, const char *path, const char *policy, struct casebook *book,
                 struct assay_error *error) {
  *book = (struct casebook){.profile = "import", .is_private = true, .clock = CORPUS_NOW_UNSET};
  const struct importer *importer = importer_find(format ? format : "cases", error);
  if (!importer)
    return false;
  if (importer->run(book, path, policy, error))
    return true;
  book_fini(book);
  if (is_raw_file(path))
    error_set(error, "%s: " RAW_SENTENCE, path);
  return false;
}
