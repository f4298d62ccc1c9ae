/* Format "rfc": the worked examples of the JOSE RFCs, one JSON object a line with id, token, keys and the
 * verdict of a bare JWS check. Most of them are good signatures over no claims at all; as a JWT they must be
 * refused, and the expectation here says for which reason. */
#include <nettle/base64.h>
#include <stdlib.h>

#include "corpus/fatal.h"
#include "corpus/import.h"

#define ISSUER "https://rfc.example"

struct import {
  struct casebook *book;
  struct assay_error *error;
};

/* One example, taken apart. */
struct example {
  const char *id, *token;
  json_t *keys;            /* array of JWK, borrowed */
  bool accepts;            /* the verdict of a bare JWS check */
  json_t *header, *claims; /* owned; NULL where a part is no JSON */
  bool payload_is_base64url;
};

/* A part's octets as JSON of any kind; NULL where they are none. */
static json_t *part_json(const char *part, size_t len, bool *is_base64url) {
  struct base64_decode_ctx decoder;
  uint8_t *octets = must(malloc(BASE64_DECODE_LENGTH(len) + 1));
  size_t octet_count = BASE64_DECODE_LENGTH(len);
  base64url_decode_init(&decoder); /* update alone: JOSE leaves the padding out (RFC 7515 2) */
  *is_base64url =
      strcspn(part, " \t\r\n") >= len && base64_decode_update(&decoder, &octet_count, octets, len, part) == 1;
  json_t *json = *is_base64url ? json_loadb((const char *)octets, octet_count, JSON_DECODE_ANY, NULL) : NULL;
  free(octets);
  return json;
}

static bool take_apart(struct example *example, const json_t *root) {
  const char *verdict = json_string_value(json_object_get(root, "expected"));
  bool ignored;
  *example = (struct example){.id = json_string_value(json_object_get(root, "id")),
                              .token = json_string_value(json_object_get(root, "token")),
                              .keys = json_object_get(root, "keys")};
  if (!example->id || !example->token || json_array_size(example->keys) == 0 || !verdict)
    return false;
  example->accepts = strcmp(verdict, "accept") == 0;
  const char *first = strchr(example->token, '.'), *last = strrchr(example->token, '.');
  if ((!example->accepts && strcmp(verdict, "reject") != 0) || !first || first == last)
    return false;
  example->header = part_json(example->token, (size_t)(first - example->token), &ignored);
  example->claims = part_json(first + 1, (size_t)(last - first - 1), &example->payload_is_base64url);
  return json_is_object(example->header);
}

static const char *member(const json_t *object, const char *name) {
  const char *value = json_string_value(json_object_get(object, name));
  return value ? value : "";
}

/* What an unsigned example would have been checked with. */
static const char *key_algorithm(const json_t *jwk) {
  const char *kty = member(jwk, "kty");
  if (member(jwk, "alg")[0])
    return member(jwk, "alg");
  return strcmp(kty, "oct") == 0   ? "HS256"
         : strcmp(kty, "RSA") == 0 ? "RS256"
         : strcmp(kty, "EC") == 0  ? "ES256"
                                   : "EdDSA";
}

static bool is_unsigned(const struct example *example) {
  return strcmp(member(example->header, "alg"), "none") == 0;
}

/* One issuer, by the name that the claims have, with these keys and this algorithm alone; the clock stands at
 * the last second of the token's life. */
static json_t *policy_of(const struct example *example) {
  const char *alg =
      is_unsigned(example) ? key_algorithm(json_array_get(example->keys, 0)) : member(example->header, "alg");
  const char *iss = member(example->claims, "iss");
  const json_t *exp = json_object_get(example->claims, "exp");
  json_t *policy =
      must(json_pack("{s:s, s:[{s:s, s:[s], s:{s:O}}]}", "schema", "assay-policy/1", "issuers", "iss",
                     iss[0] ? iss : ISSUER, "algorithms", alg, "keys", "keys", example->keys));
  if (json_is_integer(exp))
    json_object_set_new(policy, "now", json_integer(json_integer_value(exp) - 1));
  return policy;
}

/* The order of the pipeline's stages decides which of several reasons it is. */
static bool expectation(const struct example *example, struct corpus_case *one) {
  bool unsigned_one = is_unsigned(example);
  one->verdict = EXPECT_REJECT;
  if (!example->payload_is_base64url)
    one->reason = REASON_B64_ALPHABET; /* an unencoded payload (RFC 7797) is no base64url */
  else if (unsigned_one)
    one->reason = REASON_ALG_NONE;
  else if (!example->accepts)
    return false;
  else if (!example->claims)
    one->reason = REASON_CLAIMS_SYNTAX;
  else if (!json_is_object(example->claims))
    one->reason = REASON_CLAIMS_NOT_OBJECT;
  else if (!member(example->claims, "iss")[0])
    one->reason = REASON_ISS_MISSING;
  else
    one->verdict = EXPECT_ACCEPT;
  return true;
}

/* Their variant is the RFC: "rfc7515" of "rfc7515_A.1". */
static uint32_t variant_of(struct casebook *book, const char *id) {
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(id, "_/"), id);
  return book_variant(book, "", "rfc-example", name, "A worked example of the JOSE RFCs, checked as a JWT.",
                      "", false);
}

static bool file_example(struct import *import, const struct example *example,
                         const struct import_line *line) {
  struct corpus_case one = {.after = CORPUS_NONE, .now = CORPUS_NOW_UNSET, .line = line->number};
  struct assay_error why;
  if (!expectation(example, &one))
    return error_set(import->error, "%s:%u:1: it is not known for which reason '%s' must be refused",
                     line->path, line->number, example->id);
  json_t *policy = policy_of(example);
  one.id = must(strdup(example->id));
  one.token_len = strlen(example->token);
  one.token = (uint8_t *)must_copy(example->token, one.token_len);
  one.policy = must(json_dumps(policy, JSON_COMPACT));
  one.alg = assay_alg_by_name(member(example->header, "alg"));
  one.variant = variant_of(import->book, example->id);
  json_decref(policy);
  if (book_add(import->book, &one, &why))
    return true;
  corpus_case_fini(&one);
  return error_set(import->error, "%s:%u:1: %s", line->path, line->number, why.text);
}

static bool take_line(void *arg, const struct import_line *line) {
  struct import *import = arg;
  json_error_t problem;
  json_t *root = json_loadb((const char *)line->text.ptr, line->text.len, JSON_REJECT_DUPLICATES, &problem);
  if (!root)
    return error_set(import->error, "%s:%u:%d: %s", line->path, line->number,
                     problem.column > 0 ? problem.column : 1, problem.text);
  struct example example;
  bool ok =
      take_apart(&example, root) ||
      error_set(import->error, "%s:%u:1: not an example with id, token, keys and expected (accept or reject)",
                line->path, line->number);
  ok = ok && file_example(import, &example, line);
  json_decref(example.header);
  json_decref(example.claims);
  json_decref(root);
  return ok;
}

static bool run(struct casebook *book, const char *path, const char *policy, struct assay_error *error) {
  struct import import = {book, error};
  if (policy)
    return error_set(error, "--policy %s: the examples of format rfc bring their own", policy);
  return import_each_line(path, take_line, &import, error);
}

const struct importer importer_rfc = {
    .name = "rfc",
    .summary = "worked examples of RFC 7515, 7520, 7797 and 8037, one JSON object a line",
    .run = run,
};
