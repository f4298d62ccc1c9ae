/* The result file itself: model -> JSON, assay-result/1. One row of a list a line, so that files can be
 * searched and compared by line. Everything outside ASCII is escaped: a hostile name cannot drive a terminal
 * that shows the file. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "reports/display.h"
#include "reports/fields.h"
#include "reports/figures.h"
#include "reports/json_value.h"

static json_t *record_json(const struct shape *shape, const void *record);

static json_t *whole_json(double value) {
  return value < (double)JSON_EXACT_LIMIT ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *bytes_json(double value) {
  if (!figure_known(value))
    return json_null();
  value = nearbyint(value);
  return whole_json(value < (double)JSON_EXACT_LIMIT ? value : figure_round(value, 6));
}

static json_t *seed_json(uint64_t seed) {
  return seed < JSON_EXACT_LIMIT ? json_integer((json_int_t)seed)
                                 : json_sprintf("%llu", (unsigned long long)seed);
}

static json_t *strings_json(const struct result_strings *strings) {
  json_t *array = json_array();
  for (size_t i = 0; i < strings->count; i++)
    if (json_array_append_new(array, json_text(strings->items[i])) != 0)
      return json_decref(array), NULL;
  return array;
}

static json_t *samples_json(const double *samples, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    if (json_array_append_new(array, json_figure(samples[i])) != 0)
      return json_decref(array), NULL;
  return array;
}

static json_t *map_json(const struct field_pair *pairs, size_t count) {
  json_t *object = json_object();
  for (size_t i = 0; i < count; i++) {
    char *name = utf8_repair(pairs[i].first);
    int failed = json_object_set_new(object, name, json_text(pairs[i].second));
    free(name);
    if (failed)
      return json_decref(object), NULL;
  }
  return object;
}

static json_t *counts_json(const uint64_t *counts, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    if (json_array_append_new(array, json_count(counts[i])) != 0)
      return json_decref(array), NULL;
  return array;
}

static json_t *figures_json(const struct field_figure *figures, size_t count) {
  json_t *object = json_object();
  for (size_t i = 0; i < count; i++) {
    char *name = utf8_repair(figures[i].name);
    int failed = json_object_set_new(object, name, json_difference(figures[i].value));
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
  case FIELD_STRING: return json_text(*(char *const *)at);
  case FIELD_BOOL: return json_boolean(*(const bool *)at);
  case FIELD_INDEX: return *(const int *)at < 0 ? json_null() : json_integer(*(const int *)at);
  case FIELD_UNSIGNED: return json_integer(*(const unsigned *)at);
  case FIELD_COUNT: return json_count(*(const uint64_t *)at);
  case FIELD_SEED: return seed_json(*(const uint64_t *)at);
  case FIELD_FIGURE: return json_figure(*(const double *)at);
  case FIELD_DIFFERENCE: return json_difference(*(const double *)at);
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

static bool write_rows(const struct field *field, const void *record, FILE *stream) {
  size_t count = *field_count(field, record);
  const char *items = *(char *const *)field_at(field, record);
  fputc('[', stream);
  for (size_t i = 0; i < count; i++) {
    fputs(i ? ",\n  " : "\n  ", stream);
    if (!json_put(record_json(field->shape, items + i * field->shape->size), JSON_COMPACT, stream))
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
                                        : json_put(field_json(field, result), JSON_COMPACT, stream);
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
    .readers = "programs; `assay report`, `compare`, `gate` and `history`",
    .write = write_json,
};
