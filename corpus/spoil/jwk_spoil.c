/* What a key says of its type, use and algorithm, and what else stands in its set (RFC 7517 4, 5 and 9.2). */
#include "corpus/make/claim_rows.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/selection_spoil.h"

/* row_text: an object for the draft's JWK, the only one of the set; null takes a member away. */
void jwk_set(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft), *members = row_value(draft->row_text, ""), *value;
  const char *name;
  json_object_foreach(members, name, value) {
    if (json_is_null(value))
      json_object_del(jwk, name);
    else
      json_object_set(jwk, name, value);
  }
  json_decref(members);
}

static const char *sibling_name(enum assay_alg alg) {
  switch (alg) {
  case ASSAY_HS256: return "HS384";
  case ASSAY_HS384: return "HS512";
  case ASSAY_HS512: return "HS256";
  case ASSAY_RS256: return "RS384";
  case ASSAY_RS384: return "RS512";
  case ASSAY_RS512: return "RS256";
  case ASSAY_PS256: return "PS384";
  case ASSAY_PS384: return "PS512";
  case ASSAY_PS512: return "PS256";
  case ASSAY_ES256: return "ES256K";
  case ASSAY_ES384: return "ES512";
  case ASSAY_ED25519: return "Ed448";
  case ASSAY_ED448: return "Ed25519";
  default: return "ES256";
  }
}

void jwk_alg_sibling(struct draft *draft) {
  json_object_set_new(draft_jwks_own(draft), "alg", json_string(sibling_name(draft->alg)));
}

void jwk_alg_own(struct draft *draft) {
  json_object_set(draft_jwks_own(draft), "alg", json_object_get(draft->header, "alg"));
}

/* ---- whole sets ---- */

void jwks_mixed(struct draft *draft) {
  bool hmac = ALGS_HMAC & ASSAY_ALG_BIT(draft->alg);
  draft_jwks_own(draft);
  draft_jwks_add_stranger(draft, hmac ? ASSAY_ES256 : ASSAY_HS256);
}

void jwks_with_private(struct draft *draft) {
  jwk_set_octets(draft_jwks_own(draft), "d", draft->key->d);
}

void jwks_with_primes(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft);
  jwk_set_octets(jwk, "p", draft->key->p);
  jwk_set_octets(jwk, "q", draft->key->q);
}

void jwks_with_private_stranger(struct draft *draft) {
  draft_jwks_own(draft);
  jwk_set_octets(draft_jwks_add_stranger(draft, draft->alg), "d",
                 keyring_stranger(draft->ring, draft->alg)->d);
}

/* row_text: a key of a type that nobody knows, in front of the own one (RFC 7517 5). */
void jwks_with_unknown(struct draft *draft) {
  json_t *keys = json_object_get(draft_jwks_empty(draft), "keys");
  json_array_append_new(keys, row_value(draft->row_text, ""));
  draft_jwks_add(draft, signing_key_jwk(draft->key));
}

void jwks_unknown_selected(struct draft *draft) {
  jwks_with_unknown(draft);
  kid_set(draft, "unknown-1");
}
