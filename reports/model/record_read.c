/* A value of JSON into a record, strict about every field that is known: type, range, presence; fields that
 * are not known are left alone, since a version only grows. The tables of fields.h say what there is. */
#include "reports/model/record_read.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "reports/text/allocate.h"

const char *reader_kind_of(const json_t *json) {
  switch (json_typeof(json)) {
  case JSON_OBJECT: return "an object";
  case JSON_ARRAY: return "an array";
  case JSON_STRING: return "a string";
  case JSON_INTEGER: return "a whole number";
  case JSON_REAL: return "a fraction";
  case JSON_TRUE:
  case JSON_FALSE: return "a boolean";
  case JSON_NULL: return "null";
  }
  return "something else";
}

/* Steps into "speed", ".ns", "[3]"; returns what reader_back needs. A path that is too long is cut off. */
static size_t reader_into(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static size_t reader_into(struct reader *reader, const char *format, ...) {
  size_t length = strlen(reader->path);
  va_list args;
  va_start(args, format);
  vsnprintf(reader->path + length, sizeof reader->path - length, format, args);
  va_end(args);
  return length;
}

static void reader_back(struct reader *reader, size_t length) {
  reader->path[length] = '\0';
}

static bool wrong_kind(const struct reader *reader, const json_t *json, const char *wanted) {
  return error_set(reader->error, "%s: %s is %s, not %s", reader->file, reader->path, reader_kind_of(json),
                   wanted);
}

static bool text_read(struct reader *reader, const char **text, const json_t *json) {
  if (!json_is_string(json))
    return wrong_kind(reader, json, "a string");
  result_set(text, json_string_value(json));
  return true;
}

static bool word_read(struct reader *reader, const struct field *field, unsigned *value, const json_t *json) {
  if (!json_is_string(json))
    return wrong_kind(reader, json, "a string");
  *value = word_value(field->words, json_string_value(json), json_string_length(json));
  return true;
}

static bool whole_read(struct reader *reader, const json_t *json, json_int_t most, json_int_t *value) {
  if (!json_is_integer(json))
    return wrong_kind(reader, json, "a whole number");
  *value = json_integer_value(json);
  if (*value >= 0 && *value <= most)
    return true;
  return error_set(reader->error, "%s: %s is %lld, and must lie between 0 and %lld", reader->file,
                   reader->path, (long long)*value, (long long)most);
}

static bool index_read(struct reader *reader, int *index, const json_t *json) {
  json_int_t value = -1;
  if (!json_is_null(json) && !whole_read(reader, json, INT_MAX, &value))
    return false;
  *index = (int)value;
  return true;
}

static bool unsigned_read(struct reader *reader, unsigned *number, const json_t *json) {
  json_int_t value;
  if (!whole_read(reader, json, UINT_MAX, &value))
    return false;
  *number = (unsigned)value;
  return true;
}

static bool count_read(struct reader *reader, uint64_t *count, const json_t *json) {
  json_int_t value = 0;
  if (!whole_read(reader, json, INT64_MAX, &value))
    return false;
  *count = (uint64_t)value;
  return true;
}

/* Digits in a string: what a seed of 2^53 or more is written as. */
static bool seed_digits(const char *text, uint64_t *seed) {
  uint64_t value = 0;
  const char *at = text;
  for (; *at >= '0' && *at <= '9'; at++)
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_add_overflow(value, (uint64_t)(*at - '0'), &value))
      return false;
  *seed = value;
  return at != text && *at == '\0';
}

static bool seed_read(struct reader *reader, uint64_t *seed, const json_t *json) {
  if (!json_is_string(json))
    return count_read(reader, seed, json);
  if (seed_digits(json_string_value(json), seed))
    return true;
  return error_set(reader->error, "%s: %s is a string, but not the digits of a 64-bit number", reader->file,
                   reader->path);
}

static bool difference_read(struct reader *reader, double *figure, const json_t *json) {
  if (!json_is_null(json) && !json_is_number(json))
    return wrong_kind(reader, json, "a number");
  *figure = json_is_null(json) ? NAN : json_number_value(json) + 0.0; /* no -0 */
  return true;
}

static bool figure_read(struct reader *reader, double *figure, const json_t *json) {
  if (!difference_read(reader, figure, json))
    return false;
  if (isnan(*figure) || *figure >= 0)
    return true;
  return error_set(reader->error, "%s: %s is negative; a figure that is missing is null", reader->file,
                   reader->path);
}

static bool strings_read(struct reader *reader, struct result_strings *strings, const json_t *json) {
  if (!json_is_array(json))
    return wrong_kind(reader, json, "an array");
  for (size_t i = 0; i < json_array_size(json); i++) {
    const json_t *item = json_array_get(json, i);
    size_t here = reader_into(reader, "[%zu]", i);
    if (!json_is_string(item))
      return wrong_kind(reader, item, "a string");
    strings_add(strings, json_string_value(item));
    reader_back(reader, here);
  }
  return true;
}

/* Arrays of numbers are most of a large file: room is made once, and the path is written only to complain. */
static bool samples_read(struct reader *reader, const struct field *field, void *record, const json_t *json) {
  if (!json_is_array(json))
    return wrong_kind(reader, json, "an array");
  size_t size = json_array_size(json);
  double *samples = allocate_items(size, sizeof *samples);
  *(double **)field_at(field, record) = samples;
  *field_count(field, record) = size;
  for (size_t i = 0; i < size; i++) {
    const json_t *item = json_array_get(json, i);
    samples[i] = json_is_number(item) ? json_number_value(item) + 0.0 : NAN;
    if (samples[i] >= 0)
      continue;
    size_t here = reader_into(reader, "[%zu]", i);
    if (!figure_read(reader, &samples[i], item))
      return false;
    reader_back(reader, here);
  }
  return true;
}

static bool counts_read(struct reader *reader, const struct field *field, void *record, const json_t *json) {
  if (!json_is_array(json))
    return wrong_kind(reader, json, "an array");
  size_t size = json_array_size(json);
  uint64_t *counts = allocate_items(size, sizeof *counts);
  *(uint64_t **)field_at(field, record) = counts;
  *field_count(field, record) = size;
  for (size_t i = 0; i < size; i++) {
    const json_t *item = json_array_get(json, i);
    if (!json_is_integer(item) || json_integer_value(item) < 0) {
      reader_into(reader, "[%zu]", i);
      return count_read(reader, &counts[i], item);
    }
    counts[i] = (uint64_t)json_integer_value(item);
  }
  return true;
}

static bool list_read(struct reader *reader, const struct field *field, void *record, const json_t *json) {
  if (!json_is_array(json))
    return wrong_kind(reader, json, "an array");
  for (size_t i = 0; i < json_array_size(json); i++) {
    size_t here = reader_into(reader, "[%zu]", i);
    void *row = record_append(field->shape, field_at(field, record), field_count(field, record));
    if (!record_read(reader, field->shape, row, json_array_get(json, i)))
      return false;
    reader_back(reader, here);
  }
  return true;
}

static bool named_value_read(struct reader *reader, enum field_kind kind, void *item, const json_t *json) {
  switch (kind) {
  case FIELD_MAP: return text_read(reader, &((struct field_pair *)item)->second, json);
  case FIELD_TALLIES: return count_read(reader, &((struct field_tally *)item)->count, json);
  default: return difference_read(reader, &((struct field_figure *)item)->value, json);
  }
}

/* A MAP, FIGURES or TALLIES: its items begin with the member's name. */
static bool named_read(struct reader *reader, const struct field *field, void *record, const json_t *json) {
  if (!json_is_object(json))
    return wrong_kind(reader, json, "an object");
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)json, key, value) {
    size_t here = reader_into(reader, ".%.60s", key);
    void *item = record_append(field->shape, field_at(field, record), field_count(field, record));
    result_set(item, key);
    if (!named_value_read(reader, field->kind, item, value))
      return false;
    reader_back(reader, here);
  }
  return true;
}

static bool bool_read(struct reader *reader, bool *flag, const json_t *json) {
  if (!json_is_boolean(json))
    return wrong_kind(reader, json, "true or false");
  *flag = json_is_true(json);
  return true;
}

bool field_read(struct reader *reader, const struct field *field, void *record, const json_t *json) {
  void *at = field_at(field, record);
  switch (field->kind) {
  case FIELD_STRING: return text_read(reader, at, json);
  case FIELD_WORD: return word_read(reader, field, at, json);
  case FIELD_BOOL: return bool_read(reader, at, json);
  case FIELD_INDEX: return index_read(reader, at, json);
  case FIELD_UNSIGNED:
  case FIELD_DERIVED: return unsigned_read(reader, at, json);
  case FIELD_COUNT: return count_read(reader, at, json);
  case FIELD_SEED: return seed_read(reader, at, json);
  case FIELD_FIGURE:
  case FIELD_BYTES: return figure_read(reader, at, json);
  case FIELD_DIFFERENCE: return difference_read(reader, at, json);
  case FIELD_STRINGS: return strings_read(reader, at, json);
  case FIELD_SAMPLES: return samples_read(reader, field, record, json);
  case FIELD_COUNTS: return counts_read(reader, field, record, json);
  case FIELD_OBJECT: return record_read(reader, field->shape, at, json);
  case FIELD_LIST: return list_read(reader, field, record, json);
  case FIELD_MAP:
  case FIELD_TALLIES:
  case FIELD_FIGURES: return named_read(reader, field, record, json);
  }
  return true;
}

bool reader_knows(const struct reader *reader, const struct field *field) {
  return (field->presence != FIRST || reader->version == 1) &&
         (field->presence != SECOND || reader->version == 2);
}

static bool is_left_out_at_times(const struct field *field) {
  return field->presence == OPTIONAL || field->presence == SPARSE;
}

bool record_read(struct reader *reader, const struct shape *shape, void *record, const json_t *json) {
  if (!json_is_object(json))
    return wrong_kind(reader, json, "an object");
  for (size_t i = 0; i < shape->field_count; i++) {
    const struct field *field = &shape->fields[i];
    const json_t *value = json_object_get(json, field->name);
    if (!reader_knows(reader, field) || (!value && is_left_out_at_times(field)))
      continue;
    if (!value)
      return error_set(reader->error, "%s: %s has no %s", reader->file,
                       reader->path[0] ? reader->path : "the result", field->name);
    size_t here = reader_into(reader, "%s%s", reader->path[0] ? "." : "", field->name);
    if (!field_read(reader, field, record, value))
      return false;
    reader_back(reader, here);
  }
  return true;
}

bool reader_set_version(struct reader *reader, const json_t *schema) {
  if (!json_is_string(schema))
    return error_set(reader->error, "%s: schema is %s, not \"" RESULT_SCHEMA "\"", reader->file,
                     reader_kind_of(schema));
  const char *name = json_string_value(schema);
  reader->version = strcmp(name, RESULT_SCHEMA) == 0 ? 2 : strcmp(name, RESULT_SCHEMA_1) == 0 ? 1 : 0;
  return reader->version || error_set(reader->error,
                                      "%s: schema is \"%.100s\", and this program reads \"" RESULT_SCHEMA
                                      "\" and \"" RESULT_SCHEMA_1 "\"",
                                      reader->file, name);
}
