/* JSON -> model: the whole file, and what the tables of fields.h do not say of it. */
#include <jansson.h>
#include <sys/stat.h>

#include "harness/base/files/file.h"
#include "reports/model/class_rows.h"
#include "reports/model/result_rows.h"
#include "reports/text/allocate.h"

static bool is_result(struct reader *reader, const json_t *json) {
  if (!json_is_object(json))
    return error_set(reader->error, "%s: the file holds %s, not a result (" RESULT_SCHEMA ")", reader->file,
                     reader_kind_of(json));
  const json_t *schema = json_object_get(json, "schema");
  if (!schema)
    return error_set(reader->error, "%s: the file has no schema: it is not a result (" RESULT_SCHEMA ")",
                     reader->file);
  return reader_set_version(reader, schema);
}

static bool histogram_is_whole(const struct result_histogram *histogram) {
  if (histogram->slot_count != histogram->count_count)
    return false;
  for (size_t i = 1; i < histogram->slot_count; i++)
    if (histogram->low_ns[i] <= histogram->low_ns[i - 1])
      return false;
  return true;
}

/* What the types of fields do not say. */
static bool check_histograms(const struct reader *reader, const struct result *result) {
  for (size_t i = 0; i < result->speed_count; i++)
    if (!histogram_is_whole(&result->speed[i].histogram))
      return error_set(reader->error,
                       "%s: speed[%zu].histogram: low_ns must ascend, with one of counts for each",
                       reader->file, i);
  return true;
}

static bool check_times(const struct reader *reader, const struct result *result) {
  for (size_t i = 0; i < result->speed_count; i++)
    if (result->speed[i].ns <= 0)
      return error_set(reader->error, "%s: speed[%zu].ns is 0: nothing takes no time", reader->file, i);
  return true;
}

static bool settle_verdicts(struct reader *reader, struct result *result) {
  if (reader->version == 2)
    return class_rows_unfold(reader, result);
  for (size_t i = 0; i < result->verdict_count; i++)
    if (!verdict_settle(&result->verdicts[i]))
      return error_set(reader->error, "%s: verdicts[%zu]: its counters come to more than its tokens",
                       reader->file, i);
  return true;
}

static void explain_syntax(const char *name, size_t len, const json_error_t *json,
                           struct assay_error *error) {
  if (len == 0)
    error_set(error, "%s: the file is empty", name);
  else if (json_error_code(json) == json_error_premature_end_of_input)
    error_set(error, "%s:%d:%d: the file ends in the middle: it was cut off", name, json->line, json->column);
  else if (json_error_code(json) == json_error_out_of_memory)
    error_set(error, "%s: no memory to read it", name);
  else
    error_set(error, "%s:%d:%d: not valid JSON: %s", name, json->line, json->column, json->text);
}

/* From the whole file as one tree. */
static struct result *parse_tree(const char *text, size_t len, struct reader *reader) {
  json_error_t json_error;
  json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &json_error);
  if (!json) {
    explain_syntax(reader->file, len, &json_error, reader->error);
    return NULL;
  }
  struct result *result = is_result(reader, json) ? result_new() : NULL;
  if (result && !record_read(reader, &result_shape, result, json)) {
    result_free(result);
    result = NULL;
  }
  json_decref(json);
  return result;
}

/* Row by row first, which takes a fraction of the memory; a file that this cannot read is read again as a
 * whole, so that there is one place that complains. */
static struct result *parse(const char *text, size_t len, const char *name, struct file_map *map,
                            struct assay_error *error) {
  struct assay_error unused = {0};
  struct reader rows = {.file = name, .error = &unused, .map = map}, tree = {.file = name, .error = error};
  struct result *result = result_new();
  json_t *rest = result ? rows_read(&rows, text, len, result) : NULL;
  bool done = rest && is_result(&rows, rest) && record_read(&rows, &result_shape, result, rest);
  json_decref(rest);
  if (!done) {
    result_free(result);
    result = parse_tree(text, len, &tree);
  }
  tree.version = done ? rows.version : tree.version;
  if (result &&
      !(check_histograms(&tree, result) && check_times(&tree, result) && settle_verdicts(&tree, result))) {
    result_free(result);
    result = NULL;
  }
  return result;
}

struct result *result_parse(const char *text, size_t len, const char *name, struct assay_error *error) {
  return parse(text, len, name, NULL, error);
}

struct result *result_read(const char *path, struct assay_error *error) {
  struct file_map map;
  struct stat st;
  OWNED_TEXT char *inside = stat(path, &st) == 0 && S_ISDIR(st.st_mode)
                                ? allocate_format("%s/" RESULT_FILE, path)
                                : allocate_copy(path);
  path = inside;
  if (!file_map(path, &map, error))
    return NULL;
  struct result *result = parse(map.data, map.len, path, &map, error);
  file_unmap(&map);
  return result;
}
