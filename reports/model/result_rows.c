/* A scanner that finds where values begin and end, and leaves it to Jansson whether they are valid. What most
 * rows are full of is read here all the same: members that are known, texts of printable ASCII without
 * escapes, and counts. A row with anything that the scanner is not sure of is read again by Jansson. */
#include "reports/model/result_rows.h"

#include <limits.h>
#include <string.h>

#define PLAIN_DIGITS 18 /* so many never overflow */
#define TALLIES_MAX 64

struct scan {
  const char *at, *end;
};

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next character that is no white space, which is not passed; 0 at the end. */
static char peek(struct scan *scan) {
  while (scan->at < scan->end && is_space(*scan->at))
    scan->at++;
  return scan->at < scan->end ? *scan->at : '\0';
}

static bool take_char(struct scan *scan, char c) {
  if (peek(scan) != c)
    return false;
  scan->at++;
  return true;
}

static void skip_string(struct scan *scan) {
  for (scan->at++; scan->at < scan->end && *scan->at != '"'; scan->at++)
    if (*scan->at == '\\' && scan->at + 1 < scan->end)
      scan->at++;
  if (scan->at < scan->end)
    scan->at++;
}

/* Passes a value of any kind: to what follows its last bracket, or to the next comma or bracket. */
static void skip_value(struct scan *scan) {
  size_t depth = 0;
  for (peek(scan); scan->at < scan->end; scan->at++) {
    while (scan->at < scan->end && *scan->at == '"')
      skip_string(scan);
    if (scan->at >= scan->end || (depth == 0 && memchr(",]}:", *scan->at, 4)))
      return;
    if (*scan->at == '{' || *scan->at == '[')
      depth++;
    if ((*scan->at == '}' || *scan->at == ']') && --depth == 0) {
      scan->at++;
      return;
    }
  }
}

static json_t *load_value(struct scan *scan) {
  peek(scan);
  const char *start = scan->at;
  skip_value(scan);
  return json_loadb(start, (size_t)(scan->at - start), JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
}

static const struct field *list_called(const struct reader *reader, const char *name) {
  for (size_t i = 0; i < result_shape.field_count; i++)
    if (result_shape.fields[i].kind == FIELD_LIST && reader_knows(reader, &result_shape.fields[i]) &&
        strcmp(result_shape.fields[i].name, name) == 0)
      return &result_shape.fields[i];
  return NULL;
}

/* A text between quotes that means what it spells. Its end is where the scanner is; length: of
 * what is within. */
static const char *plain_text(struct scan *scan, size_t *length) {
  if (!take_char(scan, '"'))
    return NULL;
  const char *text = scan->at;
  while (scan->at < scan->end && *scan->at >= ' ' && *scan->at <= '~' && *scan->at != '"' &&
         *scan->at != '\\')
    scan->at++;
  *length = (size_t)(scan->at - text);
  return scan->at < scan->end && *scan->at++ == '"' ? text : NULL;
}

/* Digits that fit into a count, and nothing of a fraction behind them. */
static bool plain_count(struct scan *scan, uint64_t *count) {
  const char *start = scan->at;
  uint64_t value = 0;
  while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9' && scan->at - start < PLAIN_DIGITS)
    value = value * 10 + (uint64_t)(*scan->at++ - '0');
  *count = value;
  bool is_number = scan->at > start && (*start != '0' || scan->at == start + 1);
  return is_number && scan->at < scan->end && (*scan->at == ',' || *scan->at == '}');
}

/* The member's field. Members mostly come in the order of the fields, so the search goes on
 * from the latest. */
static const struct field *plain_field(struct scan *scan, const struct shape *shape, size_t from) {
  size_t length;
  const char *name = plain_text(scan, &length);
  for (size_t i = 0; name && i < shape->field_count; i++) {
    const struct field *field = &shape->fields[(from + i) % shape->field_count];
    if (strncmp(field->name, name, length) == 0 && field->name[length] == '\0')
      return field;
  }
  return NULL;
}

static bool plain_unsigned(struct scan *scan, unsigned *number) {
  uint64_t value;
  if (!plain_count(scan, &value) || value > UINT_MAX)
    return false;
  *number = (unsigned)value;
  return true;
}

static bool plain_strings(struct scan *scan, struct result_strings *strings) {
  if (!take_char(scan, '['))
    return false;
  if (take_char(scan, ']'))
    return true;
  do {
    size_t length;
    const char *text = plain_text(scan, &length);
    if (!text)
      return false;
    strings_add_part(strings, text, length);
  } while (take_char(scan, ','));
  return take_char(scan, ']');
}

static bool plain_row(struct reader *reader, struct scan *scan, const struct shape *shape, void *record);

static bool plain_list(struct reader *reader, struct scan *scan, const struct field *field, void *record) {
  if (!take_char(scan, '['))
    return false;
  if (take_char(scan, ']'))
    return true;
  do {
    void *row = record_append(field->shape, field_at(field, record), field_count(field, record));
    if (!plain_row(reader, scan, field->shape, row))
      return false;
  } while (take_char(scan, ','));
  return take_char(scan, ']');
}

static bool plain_tally(struct scan *scan, struct field_tally *tally) {
  size_t length;
  const char *name = plain_text(scan, &length);
  if (!name || !take_char(scan, ':'))
    return false;
  result_set_part(&tally->name, name, length);
  peek(scan);
  return plain_count(scan, &tally->count);
}

/* An object from a few names to counts, no name twice. */
static bool plain_tallies(struct scan *scan, const struct field *field, void *record) {
  struct field_tally **tallies = field_at(field, record);
  size_t *count = field_count(field, record);
  if (!take_char(scan, '{'))
    return false;
  if (take_char(scan, '}'))
    return true;
  do {
    struct field_tally *tally = record_append(field->shape, tallies, count);
    if (*count > TALLIES_MAX || !plain_tally(scan, tally))
      return false;
    for (size_t i = 0; i + 1 < *count; i++)
      if (strcmp((*tallies)[i].name, tally->name) == 0)
        return false;
  } while (take_char(scan, ','));
  return take_char(scan, '}');
}

static bool plain_string(struct scan *scan, const char **string) {
  size_t length;
  const char *text = plain_text(scan, &length);
  if (text)
    result_set_part(string, text, length);
  return text != NULL;
}

static bool plain_word(struct scan *scan, const struct word_table *words, unsigned *value) {
  size_t length;
  const char *text = plain_text(scan, &length);
  if (text)
    *value = word_value(words, text, length);
  return text != NULL;
}

static bool plain_value(struct reader *reader, struct scan *scan, const struct field *field, void *record) {
  void *at = field_at(field, record);
  peek(scan);
  switch (field->kind) {
  case FIELD_COUNT: return plain_count(scan, at);
  case FIELD_UNSIGNED:
  case FIELD_DERIVED: return plain_unsigned(scan, at);
  case FIELD_STRING: return plain_string(scan, at);
  case FIELD_WORD: return plain_word(scan, field->words, at);
  case FIELD_STRINGS: return plain_strings(scan, at);
  case FIELD_LIST: return plain_list(reader, scan, field, record);
  case FIELD_TALLIES: return plain_tallies(scan, field, record);
  default: break;
  }
  json_t *json = load_value(scan);
  bool ok = json && field_read(reader, field, record, json);
  json_decref(json);
  return ok;
}

static bool has_all(const struct shape *shape, uint64_t seen) {
  for (size_t i = 0; i < shape->field_count; i++)
    if (shape->fields[i].presence == ALWAYS && !(seen >> i & 1))
      return false;
  return true;
}

/* Fills a record from an object all of whose members are known, each once. false: Jansson has to see it, and
 * the record is filled in part. */
static bool plain_row(struct reader *reader, struct scan *scan, const struct shape *shape, void *record) {
  uint64_t seen = 0;
  size_t next = 0;
  if (!take_char(scan, '{'))
    return false;
  do {
    const struct field *field = plain_field(scan, shape, next);
    size_t index = field ? (size_t)(field - shape->fields) : 0;
    if (!field || seen >> index & 1 || !take_char(scan, ':') || !plain_value(reader, scan, field, record))
      return false;
    seen |= UINT64_C(1) << index;
    next = index + 1;
  } while (take_char(scan, ','));
  return take_char(scan, '}') && has_all(shape, seen);
}

static bool read_row(struct reader *reader, struct scan *scan, const struct field *field,
                     struct result *result) {
  const char *start = scan->at;
  void *row = record_append(field->shape, field_at(field, result), field_count(field, result));
  if (field->shape->field_count <= 64 && plain_row(reader, scan, field->shape, row))
    return true;
  scan->at = start;
  record_fini(field->shape, row);
  memset(row, 0, field->shape->size);
  record_init(field->shape, row);
  json_t *json = load_value(scan);
  bool ok = json && record_read(reader, field->shape, row, json);
  json_decref(json);
  return ok;
}

static bool read_rows(struct reader *reader, struct scan *scan, const struct field *field,
                      struct result *result) {
  if (!take_char(scan, '['))
    return false;
  if (take_char(scan, ']'))
    return true;
  do {
    if (!read_row(reader, scan, field, result))
      return false;
    if (reader->map)
      file_map_passed(reader->map, (size_t)(scan->at - reader->map->data));
  } while (take_char(scan, ','));
  return take_char(scan, ']');
}

/* One member; its value goes into `rest`, or its rows into the result. */
static bool read_member(struct reader *reader, struct scan *scan, json_t *rest, struct result *result) {
  json_t *key = peek(scan) == '"' ? load_value(scan) : NULL;
  const char *name = json_string_value(key);
  bool ok = name && take_char(scan, ':') && !json_object_get(rest, name);
  const struct field *list = ok && peek(scan) == '[' ? list_called(reader, name) : NULL;
  if (list)
    ok = json_object_set_new(rest, name, json_array()) == 0 && read_rows(reader, scan, list, result);
  else
    ok = ok && json_object_set_new(rest, name, load_value(scan)) == 0;
  if (ok && strcmp(name, "schema") == 0)
    ok = reader_set_version(reader, json_object_get(rest, name));
  json_decref(key);
  return ok;
}

json_t *rows_read(struct reader *reader, const char *text, size_t len, struct result *result) {
  struct scan scan = {text, text + len};
  json_t *rest = json_object();
  bool ok = rest && take_char(&scan, '{');
  if (ok && !take_char(&scan, '}')) {
    do
      ok = read_member(reader, &scan, rest, result);
    while (ok && take_char(&scan, ','));
    ok = ok && take_char(&scan, '}');
  }
  if (ok && peek(&scan) == '\0' && scan.at == scan.end)
    return rest;
  json_decref(rest);
  return NULL;
}
