/* Tokens without a kid, with one that names no key, and sets where a kid names several (RFC 7515 4.1.4, RFC
 * 7517 4.5). */
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/selection_spoil.h"

void kid_set(struct draft *draft, const char *kid) {
  json_object_set_new(draft->header, "kid", must(json_string(kid)));
}

void kid_drop(struct draft *draft) {
  json_object_del(draft->header, "kid");
}

static bool is_rsa(enum assay_alg alg) {
  return ALGS_RSA & ASSAY_ALG_BIT(alg);
}

/* An algorithm of another key type than this asymmetric one's. */
static enum assay_alg other_type(enum assay_alg alg) {
  return is_rsa(alg) ? ASSAY_ES256 : ASSAY_RS256;
}

/* ---- without kid ---- */

/* Of the draft's curve another: EdDSA leaves the curve to the key (RFC 8037 3.1), ECDSA does not. */
static enum assay_alg other_curve(enum assay_alg alg) {
  switch (alg) {
  case ASSAY_ED25519: return ASSAY_ED448;
  case ASSAY_ED448: return ASSAY_ED25519;
  case ASSAY_ES384: return ASSAY_ES256;
  default: return ASSAY_ES384;
  }
}

static void add_lettered(struct draft *draft, char letter) {
  switch (letter) {
  case 'o': draft_jwks_add(draft, signing_key_jwk(draft->key)); return;
  case 's': draft_jwks_add_stranger(draft, draft->alg); return;
  case 't': draft_jwks_add_stranger(draft, other_type(draft->alg)); return;
  case 'c': draft_jwks_add_stranger(draft, other_curve(draft->alg)); return;
  case 'u':
    json_object_set_new(draft_jwks_add_stranger(draft, draft->alg), "use", json_string("enc"));
    return;
  case 'a':
    json_object_set_new(draft_jwks_add_stranger(draft, draft->alg), "alg", json_string("XX256"));
    return;
  default: fatal("a row without kid names no key by '%c'", letter);
  }
}

/* row_text: the keys of the set, a letter each: own, a stranger's, of another type, of another curve, for
 * encryption (use), for another algorithm. */
void kid_none(struct draft *draft) {
  draft_jwks_empty(draft);
  for (const char *letter = draft->row_text; *letter; letter++)
    add_lettered(draft, *letter);
  kid_drop(draft);
}

/* ---- wrong kids ---- */

void kid_random(struct draft *draft) {
  uint8_t octets[32];
  OWNED_BYTES struct text kid = {0};
  rng_bytes(&draft->rng, octets, sizeof octets);
  text_add_b64url(&kid, octets, sizeof octets);
  text_add(&kid, "", 1);
  kid_set(draft, (const char *)kid.ptr);
}

/* The set has the signer's key and no other, for whoever falls back on the only one. */
void kid_random_one_key(struct draft *draft) {
  draft_jwks_own(draft);
  kid_random(draft);
}

/* row_text: the kid, '@' standing for the right one and '#' for a number. */
void kid_written(struct draft *draft) {
  OWNED_BYTES struct text kid = {0};
  for (const char *c = draft->row_text; *c; c++) {
    if (*c == '@')
      text_add_str(&kid, draft->key->kid);
    else if (*c == '#')
      text_addf(&kid, "%u", draft->index + 1);
    else
      text_add(&kid, c, 1);
  }
  text_add(&kid, "", 1);
  kid_set(draft, (const char *)kid.ptr);
}

void kid_behind_nul(struct draft *draft) {
  OWNED_BYTES struct text kid = {0};
  text_add_str(&kid, draft->key->kid);
  text_add(&kid, "", 1);
  text_addf(&kid, "%u", draft->index);
  json_object_set_new(draft->header, "kid", json_stringn((const char *)kid.ptr, kid.len));
}

void kid_shortened(struct draft *draft) {
  json_object_set_new(draft->header, "kid", json_stringn(draft->key->kid, strlen(draft->key->kid) - 1));
}

static bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

void kid_recased(struct draft *draft) {
  char *kid = must(strdup(draft->key->kid)), *c = kid;
  while (!is_letter(*c)) /* a thumbprint without a letter is not to be had */
    c++;
  *c ^= 0x20;
  kid_set(draft, kid);
  free(kid);
}

/* The set has u with diaeresis as one character, the token as two (NFC and NFD of one name). */
void kid_decomposed(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft);
  json_object_set_new(jwk, "kid", json_sprintf("schl\xc3\xbcssel-%s", draft->key->kid));
  json_object_set_new(draft->header, "kid", json_sprintf("schlu\xcc\x88ssel-%s", draft->key->kid));
}

/* The set has the key under a kid of row_number bytes. */
void kid_long(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft);
  OWNED_BYTES struct text kid = {0};
  while (kid.len < (size_t)draft->row_number)
    text_addf(&kid, "%s.", draft->key->kid);
  json_t *value = json_stringn((const char *)kid.ptr, (size_t)draft->row_number);
  json_object_set(jwk, "kid", value);
  json_object_set_new(draft->header, "kid", value);
}

void kid_twice(struct draft *draft) {
  draft_jwks_own(draft);
  json_object_set_new(draft_jwks_add_stranger(draft, draft->alg), "kid", json_string(draft->key->kid));
}

void kid_twice_other_type(struct draft *draft) {
  draft_jwks_own(draft);
  json_object_set_new(draft_jwks_add_stranger(draft, other_type(draft->alg)), "kid",
                      json_string(draft->key->kid));
}
