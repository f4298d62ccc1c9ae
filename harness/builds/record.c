/* The record is compared, never trusted: what does not read as one is none. */
#include "harness/builds/record.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "build_facts.h"
#include "harness/base/files/file.h"
#include "harness/base/grow.h"
#include "harness/builds/compile.h"
#include "harness/programs/sha256.h"

#define SCHEMA "assay-build/1"

/* ---- the files that a module is made of ---- */

struct files {
  const char **paths;
  char (*hex)[SHA256_HEX_BYTES];
  size_t count;
};

static bool files_add(struct files *files, const char *path) {
  const char **grown = grown_by_one(files->paths, files->count, sizeof *grown);
  if (!grown)
    return false;
  files->paths = grown;
  grown[files->count] = strdup(path);
  return grown[files->count] && ++files->count;
}

static void files_fini(struct files *files) {
  for (size_t i = 0; i < files->count; i++)
    free((char *)files->paths[i]);
  free(files->paths);
  free(files->hex);
}

static bool files_hash(struct files *files, struct assay_error *error) {
  files->hex = calloc(files->count + 1, sizeof *files->hex);
  return files->hex ? sha256_files(files->paths, files->count, files->hex, error)
                    : error_set(error, "no memory for a record");
}

/* The next name of a make rule, in place, or NULL: blanks end it, but for those behind a backslash. */
static char *rule_word(char **at) {
  char *from = *at, *to, *word;
  from += strspn(from, " \t\r\n");
  while (from[0] == '\\' && from[1] == '\n')
    from += 2 + strspn(from + 2, " \t\r\n");
  for (word = to = from; *from && !strchr(" \t\r\n", *from); from++) {
    if (from[0] == '\\' && from[1] == '\n')
      break;
    if (from[0] == '\\' && from[1] == ' ')
      from++;
    *to++ = *from;
  }
  *at = *from ? from + 1 : from;
  *to = '\0';
  return word[0] ? word : NULL;
}

/* "module.so: a.c b.h \": all behind the colon. */
static bool rule_read(const char *path, struct files *files, struct assay_error *error) {
  char *text, *word;
  size_t len;
  if (!file_read(path, &text, &len, error))
    return false;
  char *at = strstr(text, ": ");
  at = at ? at + 2 : text + len;
  bool ok = true;
  while (ok && (word = rule_word(&at)))
    ok = files_add(files, word) || error_set(error, "no memory for a record");
  free(text);
  return ok;
}

/* The module itself first, then the libraries, then what was compiled. */
static bool files_begin(const struct build *build, struct files *files) {
  bool ok = files_add(files, build->module);
  for (unsigned i = 0; ok && i < build->hints->library_count; i++)
    ok = !build->prefix->libraries[i][0] || files_add(files, build->prefix->libraries[i]);
  return ok;
}

/* ---- reading ---- */

static bool text_is(const json_t *record, const char *key, const char *text) {
  const char *value = json_string_value(json_object_get(record, key));
  return value && strcmp(value, text) == 0;
}

static const char *file_field(const json_t *record, size_t index, const char *key) {
  const char *text =
      json_string_value(json_object_get(json_array_get(json_object_get(record, "files"), index), key));
  return text ? text : "";
}

/* The files of the record, which begin with those that are there now. */
static bool files_of(const json_t *record, const struct build *build, struct files *files) {
  size_t recorded = json_array_size(json_object_get(record, "files"));
  if (!files_begin(build, files) || recorded < files->count)
    return false;
  for (size_t i = 0; i < files->count; i++)
    if (strcmp(file_field(record, i, "path"), files->paths[i]) != 0)
      return false;
  while (files->count < recorded)
    if (!files_add(files, file_field(record, files->count, "path")))
      return false;
  return true;
}

static bool hashes_hold(const json_t *record, const struct files *files, bool *was_exchanged) {
  bool hold = true;
  for (size_t i = 0; i < files->count; i++)
    if (strcmp(file_field(record, i, "sha256"), files->hex[i]) != 0) {
      hold = false;
      *was_exchanged = *was_exchanged || i == 1; /* the library */
    }
  return hold;
}

bool record_holds(const struct build *build, bool *was_exchanged) {
  struct files files = {0};
  json_t *record = json_load_file(build->record, 0, NULL);
  *was_exchanged = false;
  bool holds = text_is(record, "schema", SCHEMA) && files_of(record, build, &files) &&
               files_hash(&files, NULL) && hashes_hold(record, &files, was_exchanged) &&
               text_is(record, "compiler", build->compiler) && text_is(record, "flags", compile_flags()) &&
               text_is(record, "assay", ASSAY_VERSION " " ASSAY_COMMIT);
  files_fini(&files);
  json_decref(record);
  return holds;
}

/* ---- writing ---- */

static json_t *files_json(const struct files *files) {
  json_t *list = json_array();
  for (size_t i = 0; i < files->count; i++)
    json_array_append_new(list, json_pack("{s:s, s:s}", "path", files->paths[i], "sha256", files->hex[i]));
  return list;
}

static json_t *record_json(const struct build *build, const struct files *files) {
  char made[32];
  time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(made, sizeof made, "%Y-%m-%dT%H:%M:%SZ", &utc);
  const struct library_file *library = &build->prefix->library;
  return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "schema", SCHEMA,
                   "backend", build->name, "prefix", build->prefix->root, "library",
                   build->prefix->libraries[0], "static", (int)library->is_static, "soname", library->soname,
                   "build_id", library->build_id, "compiler", build->compiler, "flags", compile_flags(),
                   "assay", ASSAY_VERSION " " ASSAY_COMMIT, "made", made, "files", files_json(files));
}

static bool json_write(const char *path, const json_t *json, struct assay_error *error) {
  struct file_writer writer;
  if (!file_open(&writer, path, error))
    return false;
  json_dumpf(json, writer.stream, JSON_INDENT(1));
  fputc('\n', writer.stream);
  return file_commit(&writer, error);
}

bool record_write(const struct build *build, struct assay_error *error) {
  struct files files = {0};
  bool ok = files_begin(build, &files) || error_set(error, "no memory for a record");
  ok = ok && rule_read(build->inputs, &files, error) && files_hash(&files, error);
  json_t *record = ok ? record_json(build, &files) : NULL;
  ok = ok &&
       (record ? json_write(build->record, record, error)
               : error_set(error, "%s: a path that is no UTF-8 cannot be recorded", build->prefix->root));
  json_decref(record);
  files_fini(&files);
  return ok;
}
