/* The result file itself: model -> JSON, assay-result/1. One row of a list a line, so that files can be
 * searched and compared by line. Everything outside ASCII is escaped: a hostile name cannot drive a terminal
 * that shows the file. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "reports/display.h"
#include "reports/fields.h"
#include "reports/figures.h"

static json_t *record_json(const struct shape *shape, const void *record);

static json_t *text_json(const char *text) {
  char *valid = utf8_repair(text);
  json_t *json = json_string(valid);
  free(valid);
  return json;
}

#define EXACT_LIMIT (UINT64_C(1) << 53) /* whole numbers below it are exact in every JSON reader */

static json_t *whole_json(double value) {
  return value < (double)EXACT_LIMIT ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *figure_json(double value) {
  if (!figure_known(value))
    return json_null();
  value = figure_round(value, 6);
  return value == floor(value) ? whole_json(value) : json_real(value);
}

static json_t *difference_json(double value) {
  return isfinite(value) && value < 0 ? json_real(-figure_round(-value, 6)) : figure_json(value);
}

static json_t *bytes_json(double value) {
  if (!figure_known(value))
    return json_null();
  value = nearbyint(value);
  return whole_json(value < (double)EXACT_LIMIT ? value : figure_round(value, 6));
}

static json_t *count_json(uint64_t count) {
  return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

static json_t *seed_json(uint64_t seed) {
  return seed < EXACT_LIMIT ? json_integer((json_int_t)seed) : json_sprintf("%llu", (unsigned long long)seed);
}

static json_t *strings_json(const struct result_strings *strings) {
  json_t *array = json_array();
  for (size_t i = 0; i < strings->count; i++)
    if (json_array_append_new(array, text_json(strings->items[i])) != 0)
      return json_decref(array), NULL;
  return array;
}

static json_t *samples_json(const double *samples, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    if (json_array_append_new(array, figure_json(samples[i])) != 0)
      return json_decref(array), NULL;
  return array;
}

static json_t *map_json(const struct field_pair *pairs, size_t count) {
  json_t *object = json_object();
  for (size_t i = 0; i < count; i++) {
    char *name = utf8_repair(pairs[i].first);
    int failed = json_object_set_new(object, name, text_json(pairs[i].second));
    free(name);
    if (failed)
      return json_decref(object), NULL;
  }
  return object;
}

static json_t *counts_json(const uint64_t *counts, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    if (json_array_append_new(array, count_json(counts[i])) != 0)
      return json_decref(array), NULL;
  return array;
}

static json_t *figures_json(const struct field_figure *figures, size_t count) {
  json_t *object = json_object();
  for (size_t i = 0; i < count; i++) {
    char *name = utf8_repair(figures[i].name);
    int failed = json_object_set_new(object, name, difference_json(figures[i].value));
    free(name);
    if (failed)
      return json_decref(object), NULL;
  }
  return object;
}

/* The value of every field but a LIST at top level, which is written row by row. */
static json_t *field_json(const struct field *field, const void *record) {
  const void *at = field_at(field, record);
  switch (field->kind) {
  case FIELD_STRING: return text_json(*(char *const *)at);
  case FIELD_BOOL: return json_boolean(*(const bool *)at);
  case FIELD_INDEX: return *(const int *)at < 0 ? json_null() : json_integer(*(const int *)at);
  case FIELD_UNSIGNED: return json_integer(*(const unsigned *)at);
  case FIELD_COUNT: return count_json(*(const uint64_t *)at);
  case FIELD_SEED: return seed_json(*(const uint64_t *)at);
  case FIELD_FIGURE: return figure_json(*(const double *)at);
  case FIELD_DIFFERENCE: return difference_json(*(const double *)at);
  case FIELD_BYTES: return bytes_json(*(const double *)at);
  case FIELD_STRINGS: return strings_json(at);
  case FIELD_SAMPLES: return samples_json(*(double *const *)at, *field_count(field, record));
  case FIELD_COUNTS: return counts_json(*(uint64_t *const *)at, *field_count(field, record));
  case FIELD_OBJECT: return record_json(field->shape, at);
  case FIELD_MAP: return map_json(*(struct field_pair *const *)at, *field_count(field, record));
  case FIELD_FIGURES: return figures_json(*(struct field_figure *const *)at, *field_count(field, record));
  case FIELD_LIST: break;
  }
  json_t *array = json_array();
  const char *items = *(char *const *)at;
  for (size_t i = 0; i < *field_count(field, record); i++)
    if (json_array_append_new(array, record_json(field->shape, items + i * field->shape->size)) != 0)
      return json_decref(array), NULL;
  return array;
}

static bool is_empty(const struct field *field, const void *record);

static bool all_empty(const struct shape *shape, const void *record) {
  for (size_t i = 0; i < shape->field_count; i++)
    if (!is_empty(&shape->fields[i], record))
      return false;
  return true;
}

static bool is_empty(const struct field *field, const void *record) {
  const void *at = field_at(field, record);
  switch (field->kind) {
  case FIELD_FIGURE: return isnan(*(const double *)at);
  case FIELD_OBJECT: return all_empty(field->shape, at);
  case FIELD_COUNT: return *(const uint64_t *)at == 0;
  case FIELD_STRINGS: return ((const struct result_strings *)at)->count == 0;
  case FIELD_COUNTS:
  case FIELD_LIST: return *field_count(field, record) == 0;
  default: return false;
  }
}

static json_t *record_json(const struct shape *shape, const void *record) {
  json_t *object = json_object();
  for (size_t i = 0; i < shape->field_count; i++) {
    const struct field *field = &shape->fields[i];
    if (field->presence == SPARSE && is_empty(field, record))
      continue;
    if (json_object_set_new(object, field->name, field_json(field, record)) != 0)
      return json_decref(object), NULL;
  }
  return object;
}

/* Writes a value on the current line and drops it. 15 digits print a double that was rounded to fewer as it
 * was rounded. false: no memory. */
static bool write_value(json_t *value, FILE *stream) {
  char *text =
      json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
  json_decref(value);
  if (text)
    fputs(text, stream);
  free(text);
  return text != NULL;
}

static bool write_rows(const struct field *field, const void *record, FILE *stream) {
  size_t count = *field_count(field, record);
  const char *items = *(char *const *)field_at(field, record);
  fputc('[', stream);
  for (size_t i = 0; i < count; i++) {
    fputs(i ? ",\n  " : "\n  ", stream);
    if (!write_value(record_json(field->shape, items + i * field->shape->size), stream))
      return false;
  }
  fputs(count ? "\n ]" : "]", stream);
  return true;
}

static bool write_json(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  fputs("{\n \"schema\":\"" RESULT_SCHEMA "\"", stream);
  for (size_t i = 0; i < result_shape.field_count; i++) {
    const struct field *field = &result_shape.fields[i];
    fprintf(stream, ",\n \"%s\":", field->name);
    bool ok = field->kind == FIELD_LIST ? write_rows(field, result, stream)
                                        : write_value(field_json(field, result), stream);
    if (!ok)
      return false;
  }
  fputs("\n}\n", stream);
  return true;
}

const struct result_format format_json = {
    .name = "json",
    .summary = "everything, for programs (" RESULT_SCHEMA ")",
    .extension = "json",
    .write = write_json,
};
