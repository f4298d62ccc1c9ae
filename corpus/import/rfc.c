/* Format "rfc": the worked examples of the JOSE RFCs, one JSON object a line with id, token, keys and the
 * verdict of a bare JWS check. */
#include <jansson.h>

#include "corpus/import/shared/import.h"
#include "corpus/import/shared/rfc_example.h"

struct import {
  struct casebook *book;
  struct assay_error *error;
};

static bool example_read(struct rfc_example *example, const json_t *root) {
  const char *verdict = json_string_value(json_object_get(root, "expected"));
  *example = (struct rfc_example){.id = json_string_value(json_object_get(root, "id")),
                                  .token = json_string_value(json_object_get(root, "token")),
                                  .keys = json_object_get(root, "keys")};
  if (!example->id || !example->token || json_array_size(example->keys) == 0 || !verdict)
    return false;
  const char *first = strchr(example->token, '.');
  example->accepts = strcmp(verdict, "accept") == 0;
  return (example->accepts || strcmp(verdict, "reject") == 0) && first && strchr(first + 1, '.');
}

/* Their variant is the RFC: "rfc7515" of "rfc7515_A.1". */
static bool take_example(struct import *import, const json_t *root, const struct import_line *line) {
  struct rfc_example example;
  struct assay_error why = {0};
  char variant[64];
  if (!example_read(&example, root))
    return error_set(import->error,
                     "%s:%u:1: not an example with id, token, keys and expected (accept or reject)",
                     line->path, line->number);
  snprintf(variant, sizeof variant, "%.*s", (int)strcspn(example.id, "_/"), example.id);
  example.variant = variant;
  return rfc_example_add(import->book, &example, line->number, &why) ||
         error_set(import->error, "%s:%u:1: %s", line->path, line->number, why.text);
}

static bool take_line(void *arg, const struct import_line *line) {
  struct import *import = arg;
  json_error_t problem;
  json_t *root = json_loadb((const char *)line->text.ptr, line->text.len, JSON_REJECT_DUPLICATES, &problem);
  if (!root)
    return error_set(import->error, "%s:%u:%d: %s", line->path, line->number,
                     problem.column > 0 ? problem.column : 1, problem.text);
  bool ok = take_example(import, root, line);
  json_decref(root);
  return ok;
}

static bool import_rfc(struct casebook *book, const struct import_request *request,
                       struct assay_error *error) {
  struct import import = {book, error};
  return import_each_line(request->path, take_line, &import, error);
}

const struct importer importer_rfc = {
    .name = "rfc",
    .summary = "worked examples of RFC 7515, 7520, 7797 and 8037, one JSON object a line",
    .run = import_rfc,
};
