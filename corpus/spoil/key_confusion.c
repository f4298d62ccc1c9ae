/* Keys of one kind that are used as if they were of another (RFC 8725 2.1 and 3.1): a public key as a secret
 * (the rest of it: hmac_confusion.c), another padding, type or curve. */
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/hmac_confusion.h"
#include "corpus/spoil/selection_spoil.h"
#include "corpus/spoil/signature_spoil.h"

#define X448_OCTETS 56

/* ---- HMAC ---- */

void confusion_claim_no_kid(struct draft *draft) {
  confusion_claim(draft);
  kid_drop(draft);
}

void confusion_empty_secret(struct draft *draft) {
  json_object_set_new(draft_jwks_own(draft), "k", json_string(""));
}

void confusion_forge_own_empty(struct draft *draft) {
  draft_sign_hmac(draft, draft->alg, bytes_of("", 0));
}

/* ---- asymmetric ---- */

static const char *pss_or_pkcs1(enum assay_alg alg) {
  const struct assay_alg_info *info = assay_alg_info(alg);
  return assay_alg_name(
      assay_alg_of(info->family == FAMILY_RSA_PSS ? FAMILY_RSA_PKCS1 : FAMILY_RSA_PSS, info->digest_bytes));
}

void jwk_of_other_padding(struct draft *draft) {
  json_object_set_new(draft_jwks_own(draft), "alg", json_string(pss_or_pkcs1(draft->alg)));
  draft_allow(draft, pss_or_pkcs1(draft->alg));
}

void jwk_of_any_padding(struct draft *draft) {
  draft_jwks_own(draft);
  draft_allow(draft, pss_or_pkcs1(draft->alg));
}

/* The draft's kid names a stranger's key of another kind, and that one signs, the way it can. */
static void key_of_kind(struct draft *draft, enum assay_alg alg) {
  const struct signing_key *key = keyring_stranger(draft->ring, alg);
  draft_jwks_replace(draft, signing_key_jwk(key));
  draft_allow(draft, jose_alg_name(jose_alg_of(alg)));
  draft_sign_with(draft, key, alg);
}

/* row_text: the other algorithm's name, as in assay_alg_name. */
void key_of_row(struct draft *draft) {
  key_of_kind(draft, assay_alg_by_name(draft->row_text));
}

/* The other curve's signature, as wide as that one's, over the digest that the header's alg asks for: it
 * fools who takes the hash from alg and the curve from the key. */
void key_forge_hash_of_alg(struct draft *draft) {
  const struct nettle_hash *own = forge_hash(draft->sign_alg), *named = forge_hash(draft->alg);
  uint8_t from[ASSAY_DIGEST_BYTES_MAX], to[ASSAY_DIGEST_BYTES_MAX];
  draft_sign(draft);
  digest_input(draft, own, from);
  digest_input(draft, named, to);
  forge_ecdsa_resign(draft->key, bytes_of(from, own->digest_size), bytes_of(to, named->digest_size),
                     draft->signature.ptr);
}

/* The header names the curve, the key is on the other one (RFC 9864 2.2). */
void key_of_other_edwards(struct draft *draft) {
  bool small = draft->alg == ASSAY_ED25519;
  const char *name = small ? "Ed25519" : "Ed448";
  json_object_set_new(draft->header, "alg", json_string(name));
  draft_allow(draft, name);
  key_of_kind(draft, small ? ASSAY_ED448 : ASSAY_ED25519);
}

/* The very octets of the Edwards key under a curve for key agreement (RFC 8037 3.2). */
void jwk_montgomery(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft);
  bool small = draft->key->kind == KEY_ED25519;
  json_object_set_new(jwk, "crv", json_string(small ? "X25519" : "X448"));
  jwk_set_octets(jwk, "x", bytes_of(draft->key->x.ptr, small ? draft->key->x.len : X448_OCTETS));
}
