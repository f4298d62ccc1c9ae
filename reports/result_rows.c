/* A scanner that finds where values begin and end, and leaves it to Jansson whether they are valid. Only the
 * commas, colons and brackets between them are looked at here. */
#include "reports/result_rows.h"

#include <string.h>

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

static bool take(struct scan *scan, char c) {
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

static const struct field *list_called(const char *name) {
  for (size_t i = 0; i < result_shape.field_count; i++)
    if (result_shape.fields[i].kind == FIELD_LIST && strcmp(result_shape.fields[i].name, name) == 0)
      return &result_shape.fields[i];
  return NULL;
}

static bool read_rows(struct reader *reader, struct scan *scan, const struct field *field,
                      struct result *result) {
  if (!take(scan, '['))
    return false;
  if (take(scan, ']'))
    return true;
  do {
    json_t *json = load_value(scan);
    void *row =
        json ? record_append(field->shape, field_at(field, result), field_count(field, result)) : NULL;
    bool ok = row && record_read(reader, field->shape, row, json);
    json_decref(json);
    if (!ok)
      return false;
  } while (take(scan, ','));
  return take(scan, ']');
}

/* One member; its value goes into `rest`, or its rows into the result. */
static bool read_member(struct reader *reader, struct scan *scan, json_t *rest, struct result *result) {
  json_t *key = peek(scan) == '"' ? load_value(scan) : NULL;
  const char *name = json_string_value(key);
  bool ok = name && take(scan, ':') && !json_object_get(rest, name);
  const struct field *list = ok && peek(scan) == '[' ? list_called(name) : NULL;
  if (list)
    ok = json_object_set_new(rest, name, json_array()) == 0 && read_rows(reader, scan, list, result);
  else
    ok = ok && json_object_set_new(rest, name, load_value(scan)) == 0;
  json_decref(key);
  return ok;
}

json_t *rows_read(struct reader *reader, const char *text, size_t len, struct result *result) {
  struct scan scan = {text, text + len};
  json_t *rest = json_object();
  bool ok = rest && take(&scan, '{');
  if (ok && !take(&scan, '}')) {
    do
      ok = read_member(reader, &scan, rest, result);
    while (ok && take(&scan, ','));
    ok = ok && take(&scan, '}');
  }
  if (ok && peek(&scan) == '\0' && scan.at == scan.end)
    return rest;
  json_decref(rest);
  return NULL;
}
