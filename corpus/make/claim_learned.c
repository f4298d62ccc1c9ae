/* Kinds and lengths come from the profile, values from the random stream. */
#include "corpus/make/claim_learned.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/base/fatal.h"
#include "corpus/make/claim_shapes.h"
#include "corpus/make/draft.h"

#define WORD_MAX 64 /* of an array's or object's members */

/* What a policy may look into: a made-up value has to be of the right type there, whatever was learned. */
static const struct {
  const char *name;
  enum learned_kind kind;
} typed[] = {{"azp", KIND_STRING},        {"acr", KIND_STRING},        {"amr", KIND_ARRAY},
             {"sid", KIND_STRING},        {"client_id", KIND_STRING},  {"email_verified", KIND_BOOLEAN},
             {"roles", KIND_ARRAY},       {"groups", KIND_ARRAY},      {"entitlements", KIND_ARRAY},
             {"address", KIND_OBJECT},    {"auth_time", KIND_INTEGER}, {"nbf", KIND_INTEGER},
             {"updated_at", KIND_INTEGER}};

/* Their mere presence changes what a policy may ask: claim_shapes.c leaves them out for the same reason. */
static bool is_left_out(const char *name) {
  static const char *const names[] = {"act", "may_act", "nonce", "cnf", "sub_jwk", "events", NULL};
  for (const char *const *left_out = names; *left_out; left_out++)
    if (strcmp(*left_out, name) == 0)
      return true;
  return false;
}

static size_t compact_bytes(const json_t *claims) {
  return json_dumpb(claims, NULL, 0, JSON_COMPACT);
}

/* Uniform in [0, 1). */
static double chance(struct rng *rng) {
  return rng_below(rng, 1u << 30) / (double)(1u << 30);
}

static json_t *word(struct rng *rng, size_t len) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  char *text = must(malloc(len + 1));
  for (size_t i = 0; i < len; i++)
    text[i] = alphabet[rng_below(rng, sizeof alphabet - 1)];
  json_t *json = must(json_stringn(text, len));
  free(text);
  return json;
}

/* Words of the length that names and roles have, up to about `bytes` in all. */
static json_t *words(struct rng *rng, size_t bytes) {
  json_t *array = must(json_array());
  for (size_t left = bytes; left > 6;) {
    size_t len = 4 + rng_below(rng, 16);
    len = len + 3 > left ? left - 3 : len;
    json_array_append_new(array, word(rng, len));
    left -= len + 3;
  }
  return array;
}

static json_t *members(struct rng *rng, size_t bytes) {
  json_t *object = must(json_object());
  size_t left = bytes;
  for (unsigned i = 0; left > 14 && i < 26; i++) {
    char name[2] = {(char)('a' + i), '\0'};
    size_t len = left - 8 < WORD_MAX ? left - 8 : 8 + rng_below(rng, WORD_MAX - 8);
    json_object_set_new(object, name, word(rng, len));
    left -= len + 8 < left ? len + 8 : left;
  }
  return object;
}

static enum learned_kind pick_kind(const struct learned_claim *claim, struct rng *rng) {
  double sum = 0;
  for (size_t i = 0; claim->name && i < sizeof typed / sizeof typed[0]; i++)
    if (strcmp(typed[i].name, claim->name) == 0)
      return typed[i].kind;
  for (int kind = 0; kind < LEARNED_KINDS; kind++)
    sum += claim->kinds[kind];
  double at = chance(rng) * sum;
  for (int kind = 0; kind < LEARNED_KINDS; kind++) {
    at -= claim->kinds[kind];
    if (at < 0)
      return (enum learned_kind)kind;
  }
  return KIND_STRING;
}

/* bytes: of compact JSON, about. */
static json_t *value_of(const struct learned_claim *claim, int64_t iat, size_t bytes, struct rng *rng) {
  switch (pick_kind(claim, rng)) {
  case KIND_INTEGER:
    if (claim->name && (strcmp(claim->name, "nbf") == 0 || strcmp(claim->name, "auth_time") == 0 ||
                        strcmp(claim->name, "updated_at") == 0))
      return json_integer(iat);
    return json_integer((json_int_t)rng_below(rng, 1000000000));
  case KIND_REAL: return json_real(rng_below(rng, 1000) / 8.0);
  case KIND_BOOLEAN: return json_boolean((int)rng_below(rng, 2));
  case KIND_NULL: return json_null();
  case KIND_ARRAY: return words(rng, bytes);
  case KIND_OBJECT: return members(rng, bytes);
  default: return word(rng, bytes > 2 ? bytes - 2 : 0);
  }
}

struct making {
  json_t *claims;
  struct rng *rng;
  unsigned count; /* of claims that are wanted */
  size_t bytes;
  int64_t iat;
};

/* Around the learned mean, but no more than this claim's share of the room that is left. */
static size_t length_of(const struct making *making, const struct learned_claim *claim, size_t frame) {
  size_t used = compact_bytes(making->claims), left = making->bytes > used ? making->bytes - used : 0;
  unsigned have = (unsigned)json_object_size(making->claims);
  size_t share = left / (making->count > have ? making->count - have : 1);
  size_t wanted = (size_t)(claim->bytes * (0.5 + chance(making->rng)));
  size_t most = share > frame ? share - frame : 2;
  return wanted < 2 ? 2 : wanted > most ? most : wanted;
}

static void add_claim(struct making *making, const struct learned_claim *claim, const char *name) {
  size_t frame = strlen(name) + strlen(",\"\":");
  if (json_object_get(making->claims, name))
    return;
  json_object_set_new(making->claims, name,
                      value_of(claim, making->iat, length_of(making, claim, frame), making->rng));
}

static bool has_room(const struct making *making) {
  return json_object_size(making->claims) + 1 < making->count; /* one is kept for what fills the length up */
}

/* The last claim, exactly as long as there is room; else a longer jti. */
static void fill_up(struct making *making) {
  static const size_t frame = sizeof ",\"ctx\":\"\"" - 1;
  size_t used = compact_bytes(making->claims);
  if (used >= making->bytes)
    return;
  size_t room = making->bytes - used;
  json_t *jti = json_object_get(making->claims, "jti");
  if (room >= frame && json_object_size(making->claims) < making->count)
    json_object_set_new(making->claims, "ctx", word(making->rng, room - frame));
  else {
    json_t *more = word(making->rng, room);
    json_object_set_new(making->claims, "jti",
                        json_sprintf("%s%s", json_string_value(jti), json_string_value(more)));
    json_decref(more);
  }
}

void claims_like(json_t *claims, const struct learned *learned, unsigned count, size_t bytes,
                 struct rng *rng) {
  struct making making = {.claims = claims,
                          .rng = rng,
                          .count = count < LEARNED_CLAIMS_MAX ? count : LEARNED_CLAIMS_MAX,
                          .bytes = bytes,
                          .iat = json_integer_value(json_object_get(claims, "iat"))};
  claims_trim(claims, 0);
  for (size_t i = 0; i < learned->claim_count && has_room(&making); i++) {
    const struct learned_claim *claim = &learned->claims[i];
    if (!is_left_out(claim->name) && chance(rng) < claim->share)
      add_claim(&making, claim, claim->name);
  }
  for (unsigned i = 1; has_room(&making); i++) {
    char name[24];
    snprintf(name, sizeof name, "claim_%u", i);
    add_claim(&making, &learned->others, name);
  }
  claims_trim(claims, bytes);
  fill_up(&making);
}
