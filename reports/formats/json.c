/* The result file itself: model -> JSON, assay-result/2. One row of a list a line, so that files can be
 * searched and compared by line. Everything outside ASCII is escaped: a hostile name cannot drive a terminal
 * that shows the file. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio_ext.h>

#include "reports/model/class_rows.h"
#include "reports/model/fields.h"
#include "reports/model/json_value.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

static bool put_record(const struct shape *shape, const void *record, FILE *stream);

static bool is_plain(const char *text) {
  while (*text >= ' ' && *text <= '~' && *text != '"' && *text != '\\')
    text++;
  return *text == '\0';
}

static bool put_text(const char *text, FILE *stream) {
  if (!is_plain(text))
    return json_put(json_text(text), JSON_COMPACT, stream);
  fputc('"', stream);
  fputs(text, stream);
  fputc('"', stream);
  return true;
}

static bool put_count(uint64_t count, FILE *stream) {
  fprintf(stream, "%" PRIu64, count > INT64_MAX ? INT64_MAX : count);
  return true;
}

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

static bool put_strings(const struct result_strings *strings, FILE *stream) {
  bool ok = true;
  fputc('[', stream);
  for (size_t i = 0; i < strings->count && ok; i++) {
    fputs(i ? "," : "", stream);
    ok = put_text(strings->items[i], stream);
  }
  fputc(']', stream);
  return ok;
}

static bool put_samples(const double *samples, size_t count, FILE *stream) {
  bool ok = true;
  fputc('[', stream);
  for (size_t i = 0; i < count && ok; i++) {
    fputs(i ? "," : "", stream);
    ok = json_put(json_figure(samples[i]), JSON_COMPACT, stream);
  }
  fputc(']', stream);
  return ok;
}

static bool put_counts(const uint64_t *counts, size_t count, FILE *stream) {
  fputc('[', stream);
  for (size_t i = 0; i < count; i++) {
    fputs(i ? "," : "", stream);
    put_count(counts[i], stream);
  }
  fputc(']', stream);
  return true;
}

static json_t *named_value(enum field_kind kind, const void *item) {
  switch (kind) {
  case FIELD_MAP: return json_text(((const struct field_pair *)item)->second);
  case FIELD_TALLIES: return json_count(((const struct field_tally *)item)->count);
  default: return json_difference(((const struct field_figure *)item)->value);
  }
}

/* A MAP, FIGURES or TALLIES, whose items begin with their name. Names that are alike once they are valid UTF-8 are
 * one member, so the object is made as a tree. */
static json_t *named_json(const struct field *field, const void *record) {
  const char *items = *(char *const *)field_at(field, record);
  json_t *object = json_object();
  for (size_t i = 0; i < *field_count(field, record); i++) {
    const char *item = items + i * field->shape->size;
    OWNED_TEXT char *name = utf8_repair(*(const char *const *)item);
    if (json_object_set_new(object, name, named_value(field->kind, item)))
      return json_decref(object), NULL;
  }
  return object;
}

static bool put_json(json_t *json, FILE *stream) {
  return json_put(json, JSON_COMPACT, stream);
}

static bool put_list(const struct field *field, const void *record, const char *between, FILE *stream) {
  const char *items = *(char *const *)field_at(field, record);
  bool ok = true;
  for (size_t i = 0; i < *field_count(field, record) && ok; i++) {
    fputs(i ? "," : "", stream);
    fputs(between, stream);
    ok = put_record(field->shape, items + i * field->shape->size, stream);
  }
  return ok;
}

static bool put_field(const struct field *field, const void *record, FILE *stream) {
  const void *at = field_at(field, record);
  switch (field->kind) {
  case FIELD_STRING: return put_text(*(const char *const *)at, stream);
  case FIELD_WORD: return put_text(word_text(field->words, *(const unsigned *)at), stream);
  case FIELD_BOOL: return fputs(*(const bool *)at ? "true" : "false", stream), true;
  case FIELD_INDEX:
    return put_json(*(const int *)at < 0 ? json_null() : json_integer(*(const int *)at), stream);
  case FIELD_UNSIGNED: return put_count(*(const unsigned *)at, stream);
  case FIELD_COUNT: return put_count(*(const uint64_t *)at, stream);
  case FIELD_DERIVED: return put_count(field->derive(record), stream);
  case FIELD_SEED: return put_json(seed_json(*(const uint64_t *)at), stream);
  case FIELD_FIGURE: return put_json(json_figure(*(const double *)at), stream);
  case FIELD_DIFFERENCE: return put_json(json_difference(*(const double *)at), stream);
  case FIELD_BYTES: return put_json(bytes_json(*(const double *)at), stream);
  case FIELD_STRINGS: return put_strings(at, stream);
  case FIELD_SAMPLES: return put_samples(*(double *const *)at, *field_count(field, record), stream);
  case FIELD_COUNTS: return put_counts(*(uint64_t *const *)at, *field_count(field, record), stream);
  case FIELD_OBJECT: return put_record(field->shape, at, stream);
  case FIELD_MAP:
  case FIELD_FIGURES:
  case FIELD_TALLIES: return put_json(named_json(field, record), stream);
  case FIELD_LIST: break;
  }
  fputc('[', stream);
  bool ok = put_list(field, record, "", stream);
  fputc(']', stream);
  return ok;
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
  case FIELD_STRING: return (*(const char *const *)at)[0] == '\0';
  case FIELD_WORD:
  case FIELD_UNSIGNED: return *(const unsigned *)at == 0;
  case FIELD_COUNT: return *(const uint64_t *)at == 0;
  case FIELD_DERIVED: return field->derive(record) == 0;
  case FIELD_BOOL: return !*(const bool *)at;
  case FIELD_STRINGS: return ((const struct result_strings *)at)->count == 0;
  case FIELD_COUNTS:
  case FIELD_LIST: return *field_count(field, record) == 0;
  default: return false;
  }
}

static bool put_record(const struct shape *shape, const void *record, FILE *stream) {
  bool ok = true, is_first = true;
  fputc('{', stream);
  for (size_t i = 0; i < shape->field_count && ok; i++) {
    const struct field *field = &shape->fields[i];
    if (field->presence == SPARSE && is_empty(field, record))
      continue;
    fputs(is_first ? "\"" : ",\"", stream);
    fputs(field->name, stream);
    fputs("\":", stream);
    ok = put_field(field, record, stream);
    is_first = false;
  }
  fputc('}', stream);
  return ok;
}

static bool put_rows(const struct field *field, const void *record, FILE *stream) {
  fputc('[', stream);
  bool ok = put_list(field, record, "\n  ", stream);
  fputs(*field_count(field, record) ? "\n ]" : "]", stream);
  return ok;
}

static bool put_file(const struct result *result, FILE *stream) {
  int locking = __fsetlocking(stream, FSETLOCKING_BYCALLER); /* of every small piece */
  fputs("{\n \"schema\":\"" RESULT_SCHEMA "\"", stream);
  for (size_t i = 0; i < result_shape.field_count; i++) {
    const struct field *field = &result_shape.fields[i];
    if (field->presence == FIRST)
      continue;
    fprintf(stream, ",\n \"%s\":", field->name);
    if (field->kind == FIELD_LIST ? !put_rows(field, result, stream) : !put_field(field, result, stream))
      return false;
  }
  fputs("\n}\n", stream);
  __fsetlocking(stream, locking);
  return true;
}

static bool write_json(const struct result *result, const struct result_view *view, FILE *stream) {
  struct result folded = *result;
  (void)view;
  class_rows_fold(result, &folded);
  bool ok = put_file(&folded, stream);
  class_rows_drop(&folded);
  return ok;
}

const struct result_format format_json = {
    .name = "json",
    .summary = "everything, for programs (" RESULT_SCHEMA ")",
    .extension = "json",
    .readers = "programs; `assay report`, `compare`, `gate` and `history`",
    .write = write_json,
};
