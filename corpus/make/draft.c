/* The steps from a seed to a signed compact token; mutations cut in between them. */
#include "corpus/make/draft.h"

#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/claim_learned.h"
#include "corpus/make/claim_shapes.h"
#include "harness/base/text/base64.h"

#define TOKEN_BYTES_MOST 1500 /* of the natural mix */

/* ---- a good token ---- */

static void seed_draft(struct draft *draft, uint64_t seed, const char *class_id, const char *variant,
                       unsigned index) {
  char bits[16], nth[16];
  snprintf(bits, sizeof bits, "%u", draft->key_bits);
  snprintf(nth, sizeof nth, "%u", index);
  rng_init(&draft->rng, seed,
           (const char *const[]){"token", class_id, variant, assay_alg_name(draft->alg), bits, nth, NULL});
}

/* The busiest learned issuer is the first that fits, and so on; those beyond the last count for the last. */
static uint32_t issuer_by_share(struct rng *rng, const struct learned *learned, uint32_t fitting) {
  double sum = 0;
  for (size_t i = 0; i < learned->issuer_count; i++)
    sum += learned->issuer_shares[i];
  double at = sum * (rng_below(rng, 1u << 30) / (double)(1u << 30));
  for (uint32_t i = 0; i < learned->issuer_count; i++) {
    at -= learned->issuer_shares[i];
    if (at < 0)
      return i < fitting ? i : fitting - 1;
  }
  return 0;
}

/* One of the issuers that have such a key, and one of its keys. */
static bool choose_key(struct draft *draft, unsigned key_bits, const struct learned *learned) {
  const struct keyring *ring = draft->ring;
  uint32_t fitting = 0;
  for (size_t i = 0; i < ring->issuer_count; i++)
    fitting += keyring_pick(&ring->issuers[i], draft->alg, key_bits, 0) != NULL;
  if (fitting == 0)
    return false;
  uint32_t left = learned && learned->issuer_count ? issuer_by_share(&draft->rng, learned, fitting)
                                                   : rng_below(&draft->rng, fitting);
  const struct ring_issuer *issuer = ring->issuers;
  while (!keyring_pick(issuer, draft->alg, key_bits, 0) || left-- > 0)
    issuer++;
  draft->issuer = issuer;
  draft->key = keyring_pick(issuer, draft->alg, key_bits, rng_below(&draft->rng, 1 << 16));
  draft->key_bits = draft->key->bits;
  return true;
}

/* alg, typ and kid in any order. */
static void make_header(struct draft *draft) {
  static const char orders[][3] = {"atk", "akt", "tak", "tka", "kat", "kta"};
  const char *order = orders[rng_below(&draft->rng, sizeof orders / sizeof orders[0])];
  draft->typ = rng_below(&draft->rng, 100) < 85 ? "at+jwt" : "JWT";
  draft->header = must(json_object());
  for (int i = 0; i < 3; i++) {
    if (order[i] == 'a')
      json_object_set_new(draft->header, "alg", json_string(jose_alg_name(jose_alg_of(draft->alg))));
    else if (order[i] == 't')
      json_object_set_new(draft->header, "typ", json_string(draft->typ));
    else
      json_object_set_new(draft->header, "kid", json_string(draft->key->kid));
  }
}

/* How long the claims' JSON may be for a token of that many bytes. */
static size_t claims_room(const struct draft *draft, size_t token_bytes) {
  size_t fixed = assay_alg_info(draft->alg)->signature_bytes;
  size_t signature = fixed ? fixed : draft->key->n.len;
  size_t rest = base64url_encoded_chars(json_dumpb(draft->header, NULL, 0, JSON_COMPACT)) +
                base64url_encoded_chars(signature) + 2;
  return token_bytes > rest ? (token_bytes - rest) * 3 / 4 : 0;
}

bool draft_init(struct draft *draft, const struct keyring *ring, uint64_t seed, const char *class_id,
                const char *variant, enum assay_alg alg, unsigned key_bits, unsigned index) {
  return draft_init_like(draft, NULL, ring, seed, class_id, variant, alg, key_bits, index);
}

bool draft_init_like(struct draft *draft, const struct learned *learned, const struct keyring *ring,
                     uint64_t seed, const char *class_id, const char *variant, enum assay_alg alg,
                     unsigned key_bits, unsigned index) {
  *draft = (struct draft){.ring = ring,
                          .alg = alg,
                          .sign_alg = alg,
                          .key_bits = key_bits,
                          .index = index,
                          .now = CORPUS_NOW,
                          .row_text = ""};
  seed_draft(draft, seed, class_id, variant, index);
  if (!choose_key(draft, key_bits, learned))
    return false;
  make_header(draft);
  draft->claims = claims_make(draft->issuer, draft->now, &draft->rng);
  claims_trim(draft->claims, claims_room(draft, TOKEN_BYTES_MOST));
  return true;
}

void draft_shape(struct draft *draft, const struct learned *learned, unsigned claims, size_t token_bytes) {
  claims_like(draft->claims, learned, claims, claims_room(draft, token_bytes), &draft->rng);
}

void draft_fit(struct draft *draft, size_t token_bytes) {
  claims_fit(draft->claims, draft->issuer, claims_room(draft, token_bytes), &draft->rng);
}

/* ---- what it is checked against ---- */

json_t *draft_policy(struct draft *draft) {
  if (draft->policy)
    return draft->policy;
  draft->policy = keyring_policy(draft->ring);
  json_t *issuers = json_object_get(draft->policy, "issuers");
  for (size_t i = json_array_size(issuers); i-- > 0;) {
    json_t *issuer = json_array_get(issuers, i);
    if (strcmp(json_string_value(json_object_get(issuer, "iss")), draft->issuer->iss) != 0)
      json_array_remove(issuers, i);
    else
      json_object_del(issuer, "keys");
  }
  return draft->policy;
}

json_t *draft_policy_issuer(struct draft *draft) {
  return json_array_get(json_object_get(draft_policy(draft), "issuers"), 0);
}

json_t *draft_jwks(struct draft *draft) {
  if (!draft->keys)
    draft->keys = must(json_object());
  json_t *jwks = json_object_get(draft->keys, draft->issuer->iss);
  if (jwks)
    return jwks;
  jwks = ring_issuer_jwks(draft->issuer);
  json_object_set_new(draft->keys, draft->issuer->iss, jwks);
  return jwks;
}

json_t *draft_jwk(struct draft *draft) {
  size_t i;
  json_t *jwk;
  json_array_foreach(json_object_get(draft_jwks(draft), "keys"), i, jwk) {
    const char *kid = json_string_value(json_object_get(jwk, "kid"));
    if (kid && strcmp(kid, draft->key->kid) == 0)
      return jwk;
  }
  fatal("a mutation asks for the draft's key in a key set that lacks it");
}

json_t *draft_jwks_empty(struct draft *draft) {
  json_t *jwks = draft_jwks(draft);
  json_array_clear(json_object_get(jwks, "keys"));
  return jwks;
}

void draft_sign_with(struct draft *draft, const struct signing_key *key, enum assay_alg alg) {
  draft->key = key;
  draft->sign_alg = alg;
}

/* ---- encoding and signing ---- */

static void encode_json(struct text *text, const json_t *json, const char *what) {
  char *compact = json_dumps(json, JSON_COMPACT);
  if (!compact)
    fatal("a mutation made a %s that is no JSON", what);
  text_set_str(text, compact);
  free(compact);
}

void draft_encode(struct draft *draft) {
  encode_json(&draft->header_text, draft->header, "header");
  encode_json(&draft->payload_text, draft->claims, "payload");
  draft_reencode(draft);
}

void draft_reencode(struct draft *draft) {
  text_clear(&draft->header_part);
  text_clear(&draft->payload_part);
  text_add_b64url(&draft->header_part, draft->header_text.ptr, draft->header_text.len);
  text_add_b64url(&draft->payload_part, draft->payload_text.ptr, draft->payload_text.len);
}

/* RFC 7515 5.1: the two parts as they stand in the token, with a dot between. */
static void add_signing_input(const struct draft *draft, struct text *out) {
  text_add(out, draft->header_part.ptr, draft->header_part.len);
  text_add(out, ".", 1);
  text_add(out, draft->payload_part.ptr, draft->payload_part.len);
}

void draft_sign(struct draft *draft) {
  uint8_t signature[ASSAY_SIGNATURE_BYTES_MAX];
  OWNED_BYTES struct text own = {0};
  const struct text *input = &draft->signing_input;
  if (input->len == 0) {
    add_signing_input(draft, &own);
    input = &own;
  }
  size_t len =
      signing_key_sign(draft->key, draft->sign_alg, bytes_of(input->ptr, input->len), &draft->rng, signature);
  text_set(&draft->signature, signature, len);
}

void draft_join(struct draft *draft) {
  text_clear(&draft->signature_part);
  text_add_b64url(&draft->signature_part, draft->signature.ptr, draft->signature.len);
  text_clear(&draft->token);
  add_signing_input(draft, &draft->token);
  text_add(&draft->token, ".", 1);
  text_add(&draft->token, draft->signature_part.ptr, draft->signature_part.len);
}

void draft_fini(struct draft *draft) {
  struct text *const texts[] = {&draft->header_text,   &draft->payload_text,   &draft->header_part,
                                &draft->payload_part,  &draft->signature_part, &draft->signature,
                                &draft->signing_input, &draft->token,          &draft->first};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    text_free(texts[i]);
  json_decref(draft->header);
  json_decref(draft->claims);
  json_decref(draft->policy);
  json_decref(draft->keys);
  *draft = (struct draft){0};
}
