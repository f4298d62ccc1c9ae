/* Common edits of drafts; see draft_tools.h. */
#include "corpus/make/draft_tools.h"

#include "corpus/base/fatal.h"
#include "corpus/make/claim_rows.h"

json_t *draft_jwks_own(struct draft *draft) {
  return draft_jwks_replace(draft, signing_key_jwk(draft->key));
}

void draft_jwks_add(struct draft *draft, json_t *jwk) {
  json_array_append_new(json_object_get(draft_jwks(draft), "keys"), must(jwk));
}

json_t *draft_jwks_add_stranger(struct draft *draft, enum assay_alg alg) {
  json_t *jwk = signing_key_jwk(keyring_stranger(draft->ring, alg));
  draft_jwks_add(draft, jwk);
  return jwk;
}

json_t *draft_jwks_replace(struct draft *draft, json_t *jwk) {
  json_object_set_new(must(jwk), "kid", json_string(draft->key->kid));
  draft_jwks_empty(draft);
  draft_jwks_add(draft, jwk);
  return jwk;
}

void jwk_set_octets(json_t *jwk, const char *name, struct assay_bytes octets) {
  OWNED_BYTES struct text text = {0};
  text_add_b64url(&text, octets.ptr, octets.len);
  json_object_set_new(jwk, name, json_stringn((const char *)text.ptr, text.len));
}

void header_change(struct draft *draft) {
  json_t *members = row_value(draft->row_text, "");
  json_object_update(draft->header, members);
  json_decref(members);
}

void draft_allow(struct draft *draft, const char *name) {
  json_t *names = json_object_get(draft_policy_issuer(draft), "algorithms");
  size_t i;
  json_t *listed;
  json_array_foreach(names, i, listed) {
    if (strcmp(json_string_value(listed), name) == 0)
      return;
  }
  json_array_append_new(names, json_string(name));
}

void draft_signing_input(const struct draft *draft, struct text *out) {
  if (draft->signing_input.len) {
    text_add(out, draft->signing_input.ptr, draft->signing_input.len);
    return;
  }
  text_add(out, draft->header_part.ptr, draft->header_part.len);
  text_add_str(out, ".");
  text_add(out, draft->payload_part.ptr, draft->payload_part.len);
}

void draft_sign_hmac(struct draft *draft, enum assay_alg hmac, struct assay_bytes secret) {
  const struct signing_key key = {.kind = KEY_OCT, .k = secret};
  OWNED_BYTES struct text input = {0};
  uint8_t tag[64];
  draft_signing_input(draft, &input);
  size_t len = signing_key_sign(&key, hmac, bytes_of(input.ptr, input.len), &draft->rng, tag);
  text_set(&draft->signature, tag, len);
}

size_t draft_signature_octets(const struct draft *draft) {
  size_t fixed = assay_alg_info(draft->sign_alg)->signature_bytes;
  return fixed ? fixed : draft->key->n.len;
}

void draft_respin(struct draft *draft) {
  uint8_t octets[16];
  OWNED_BYTES struct text jti = {0};
  rng_bytes(&draft->rng, octets, sizeof octets);
  text_add_b64url(&jti, octets, sizeof octets);
  json_object_set_new(draft->claims, "jti", json_stringn((const char *)jti.ptr, jti.len));
  draft_encode(draft);
  draft_sign(draft);
  draft_join(draft);
}

size_t token_signature_at(const struct text *token) {
  const uint8_t *dot = memrchr(token->ptr, '.', token->len);
  if (!dot)
    fatal("a mutation looks for the signature of a token without a dot");
  return (size_t)(dot - token->ptr) + 1;
}
