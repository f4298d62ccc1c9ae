/* What a worked example is to answer as a JWT, by the order of the pipeline's stages. */
#include "corpus/import/shared/rfc_example.h"

#include <nettle/base64.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"

#define ISSUER "https://rfc.example"

/* An example taken apart. */
struct example {
  const struct rfc_example *from;
  json_t *header, *claims; /* owned; NULL where a part is no JSON */
  bool payload_is_empty, payload_is_base64url;
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

static bool take_apart(struct example *example, const struct rfc_example *from) {
  const char *first = strchr(from->token, '.'), *last = strrchr(from->token, '.');
  bool ignored;
  *example = (struct example){.from = from};
  if (!first || first == last)
    return false;
  example->header = part_json(from->token, (size_t)(first - from->token), &ignored);
  example->claims = part_json(first + 1, (size_t)(last - first - 1), &example->payload_is_base64url);
  example->payload_is_empty = last == first + 1;
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
  const char *alg = is_unsigned(example) ? key_algorithm(json_array_get(example->from->keys, 0))
                                         : member(example->header, "alg");
  const char *iss = member(example->claims, "iss");
  const json_t *exp = json_object_get(example->claims, "exp");
  json_t *policy =
      must(json_pack("{s:s, s:[{s:s, s:[s], s:{s:O}}]}", "schema", "assay-policy/1", "issuers", "iss",
                     iss[0] ? iss : ISSUER, "algorithms", alg, "keys", "keys", example->from->keys));
  if (json_is_integer(exp))
    json_object_set_new(policy, "now", json_integer(json_integer_value(exp) - 1));
  return policy;
}

/* The order of the pipeline's stages decides which of several reasons it is. REASON_OK: accepted; -1: it is
 * not known. */
static int reason_of(const struct example *example) {
  if (example->payload_is_empty)
    return REASON_EMPTY_PAYLOAD; /* detached (RFC 7515 appendix F) */
  if (!example->payload_is_base64url)
    return REASON_B64_ALPHABET; /* an unencoded payload (RFC 7797) is no base64url */
  if (is_unsigned(example))
    return REASON_ALG_NONE;
  if (!example->from->accepts)
    return -1;
  if (!example->claims)
    return REASON_CLAIMS_SYNTAX;
  if (!json_is_object(example->claims))
    return REASON_CLAIMS_NOT_OBJECT;
  return member(example->claims, "iss")[0] ? REASON_OK : REASON_ISS_MISSING;
}

static bool add_case(struct casebook *book, const struct example *example, unsigned line,
                     struct assay_error *why) {
  const struct rfc_example *from = example->from;
  struct corpus_case one = {.after = CORPUS_NONE, .now = CORPUS_NOW_UNSET, .line = line};
  int reason = reason_of(example);
  if (reason < 0)
    return error_set(why, "it is not known for which reason '%s' must be refused", from->id);
  one.verdict = reason == REASON_OK ? EXPECT_ACCEPT : EXPECT_REJECT;
  if (reason != REASON_OK)
    case_add_reason(&one, (uint16_t)reason);
  json_t *policy = policy_of(example);
  one.id = must(strdup(from->id));
  one.token_len = strlen(from->token);
  one.token = (uint8_t *)must_copy(from->token, one.token_len);
  one.policy = must(json_dumps(policy, JSON_COMPACT));
  one.alg = assay_alg_by_name(member(example->header, "alg"));
  one.variant = book_variant(
      book, &(struct book_variant){.class_id = "rfc-example",
                                   .name = from->variant,
                                   .sentence = "A worked example of the JOSE RFCs, checked as a JWT."});
  json_decref(policy);
  if (book_add(book, &one, why))
    return true;
  corpus_case_fini(&one);
  return false;
}

bool rfc_example_add(struct casebook *book, const struct rfc_example *from, unsigned line,
                     struct assay_error *why) {
  struct example example;
  bool ok = take_apart(&example, from) ||
            error_set(why, "'%s' is no token of three parts with a JSON header", from->id);
  ok = ok && add_case(book, &example, line, why);
  json_decref(example.header);
  json_decref(example.claims);
  return ok;
}
