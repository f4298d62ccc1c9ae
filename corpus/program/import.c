/* What the formats share: finding the one that was asked for, walking over lines, naming classes. */
#include "corpus/import/shared/import.h"

#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "corpus/base/fatal.h"
#include "corpus/program/generate.h"
#include "harness/base/files/file.h"
#include "harness/base/text/names.h"

static bool is_blank(struct assay_bytes line) {
  for (size_t i = 0; i < line.len; i++)
    if (!memchr(" \t\r", line.ptr[i], 3))
      return false;
  return true;
}

/* ---- the text ---- */

/* A file in memory: mapped, so that a large one takes no memory, or what a pipe gave. */
struct source {
  struct file_map map;
  char *read; /* NULL: it is mapped */
};

static bool is_regular(const char *path) {
  struct stat st;
  return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool source_open(struct source *source, const char *path, struct assay_error *error) {
  *source = (struct source){.map = {.data = ""}};
  if (is_regular(path))
    return file_map(path, &source->map, error);
  if (!file_read_stream(path, &source->read, &source->map.len, error))
    return false;
  source->map.data = source->read;
  return true;
}

static void source_close(struct source *source) {
  if (source->read)
    free(source->read);
  else
    file_unmap(&source->map);
}

/* Behind the byte order mark that some editors write (RFC 3629 6). */
static size_t first_byte(const struct file_map *map) {
  return map->len >= 3 && memcmp(map->data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static bool each_line(struct source *source, struct import_line *line,
                      bool (*take)(void *arg, const struct import_line *line), void *arg, size_t *taken) {
  const struct file_map *map = &source->map;
  for (size_t at = first_byte(map); at < map->len; line->number++) {
    const char *text = map->data + at, *newline = memchr(text, '\n', map->len - at);
    line->text = bytes_of(text, newline ? (size_t)(newline - text) : map->len - at);
    line->cut = !newline;
    at += line->text.len + 1;
    if (is_blank(line->text))
      continue;
    ++*taken;
    if (!take(arg, line))
      return false;
    if (!source->read)
      file_map_passed(&source->map, at < map->len ? at : map->len);
  }
  return true;
}

bool import_each_line(const char *path, bool (*take)(void *arg, const struct import_line *line), void *arg,
                      struct assay_error *error) {
  struct import_line line = {.path = file_stream_name(path), .number = 1};
  struct source source;
  size_t taken = 0;
  if (!source_open(&source, path, error))
    return false;
  bool ok = each_line(&source, &line, take, arg, &taken);
  source_close(&source);
  return taken > 0 ? ok : error_set(error, "%s: there is no case in it", line.path);
}

/* ---- what is wrong in it ---- */

bool import_fault(struct import_faults *faults, const struct assay_error *sentence) {
  if (!faults->texts)
    faults->texts = must(calloc(IMPORT_FAULTS_MAX, sizeof *faults->texts));
  if (faults->count < IMPORT_FAULTS_MAX)
    faults->texts[faults->count] = *sentence;
  faults->count++;
  return true;
}

static void tell_problem(const struct import_request *request, const struct assay_error *sentence) {
  if (request->tell)
    request->tell(request->arg, sentence->text);
}

bool import_faults_end(struct import_faults *faults, const struct import_request *request,
                       struct assay_error *error) {
  unsigned count = faults->count, kept = count < IMPORT_FAULTS_MAX ? count : IMPORT_FAULTS_MAX;
  unsigned more = count - kept;
  for (unsigned i = 0; i + (more == 0) < kept; i++)
    tell_problem(request, &faults->texts[i]);
  if (more)
    error_set(error, "%s: %u more %s wrong", file_stream_name(request->path), more,
              more == 1 ? "line is" : "lines are");
  else if (count)
    *error = faults->texts[count - 1];
  free(faults->texts);
  *faults = (struct import_faults){0};
  return count == 0;
}

/* ---- classes ---- */

uint32_t import_variant(struct casebook *book, const char *group, const char *class_id, const char *name) {
  const struct mutation_group *known_group;
  const struct mutation_class *class = class_find(class_id, &known_group);
  struct book_variant variant = {.group = group, .class_id = class_id, .name = name};
  if (class)
    variant = class_variant(known_group, class, name);
  if (group[0])
    variant.group = group;
  return book_variant(book, &variant);
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

static const char *format_word(unsigned number) {
  return importers[number] ? importers[number]->name : NULL;
}

static const struct importer *importer_find(const char *format, struct assay_error *error) {
  int found = is_raw_suite(format) ? -1 : word_find("format", format, format_word, error);
  if (is_raw_suite(format))
    error_set(error, "format '%s': " RAW_SENTENCE, format);
  return found < 0 ? NULL : importers[found];
}

/* What the importer would have to ignore. */
static bool takes(const struct importer *importer, const struct import_request *request,
                  struct assay_error *error) {
  if (request->policy && !importer->takes_policy)
    return error_set(error, "--policy %s: the cases of format %s bring their own", request->policy,
                     importer->name);
  if (request->mapping && !importer->takes_mapping)
    return error_set(error, "--mapping %s: format %s knows where things stand", request->mapping,
                     importer->name);
  return true;
}

bool import_file(const struct import_request *request, struct casebook *book, struct assay_error *error) {
  *book = (struct casebook){.profile = "import", .is_private = true, .clock = CORPUS_NOW_UNSET};
  const struct importer *importer = importer_find(request->format ? request->format : "cases", error);
  if (!importer || !takes(importer, request, error))
    return false;
  if (importer->run(book, request, error))
    return true;
  book_fini(book);
  if (is_regular(request->path) && is_raw_file(request->path))
    error_set(error, "%s: " RAW_SENTENCE, request->path);
  return false;
}
