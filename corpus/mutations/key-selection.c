/* Which key checks a token (RFC 7515 4.1.4 and 6, RFC 7517, RFC 8725 2.1 and 3.8): the one that issuer, kid,
 * key type, curve, use and algorithm leave, and never one that the token brought about by itself. Where a
 * token is an attack, its signature is the one that the attacker could make. */
#include <stdio.h>
#include <stdlib.h>

#include "corpus/claim_rows.h"
#include "corpus/draft_tools.h"
#include "corpus/fatal.h"
#include "corpus/hmac_confusion.h"
#include "corpus/mutation.h"
#include "corpus/signature_spoil.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define KID_LIMIT 256 /* the policy's default for kid_bytes */
#define X448_OCTETS 56

/* A service that must never be asked: nothing may come in there. */
#define LISTENER_PORT "47810"

/* ---- small edits ---- */

static void kid_set(struct draft *draft, const char *kid) {
  json_object_set_new(draft->header, "kid", must(json_string(kid)));
}

static void kid_drop(struct draft *draft) {
  json_object_del(draft->header, "kid");
}

static const char *kid_of(const struct draft *draft) {
  return json_string_value(json_object_get(draft->header, "kid"));
}

/* row_text: an object for the draft's JWK, the only one of the set; null takes a member away. */
static void jwk_set(struct draft *draft) {
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

static const struct signing_key *stranger(const struct draft *draft) {
  return keyring_stranger(draft->ring, draft->alg);
}

/* A stranger's key beside the own one, under its own kid. */
static json_t *add_stranger(struct draft *draft, enum assay_alg alg) {
  json_t *jwk = signing_key_jwk(keyring_stranger(draft->ring, alg));
  draft_jwks_add(draft, jwk);
  return jwk;
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
  case 's': add_stranger(draft, draft->alg); return;
  case 't': add_stranger(draft, other_type(draft->alg)); return;
  case 'c': add_stranger(draft, other_curve(draft->alg)); return;
  case 'u': json_object_set_new(add_stranger(draft, draft->alg), "use", json_string("enc")); return;
  case 'a': json_object_set_new(add_stranger(draft, draft->alg), "alg", json_string("XX256")); return;
  default: fatal("a row without kid names no key by '%c'", letter);
  }
}

/* row_text: the keys of the set, a letter each: own, a stranger's, of another type, of another curve, for
 * encryption (use), for another algorithm. */
static void no_kid(struct draft *draft) {
  draft_jwks_empty(draft);
  for (const char *letter = draft->row_text; *letter; letter++)
    add_lettered(draft, *letter);
  kid_drop(draft);
}

/* ---- wrong kids ---- */

static void kid_random(struct draft *draft) {
  uint8_t octets[32];
  struct text kid = {0};
  rng_bytes(&draft->rng, octets, sizeof octets);
  text_add_b64url(&kid, octets, sizeof octets);
  text_add(&kid, "", 1);
  kid_set(draft, (const char *)kid.ptr);
  text_free(&kid);
}

/* The set has the signer's key and no other, for whoever falls back on the only one. */
static void kid_random_one_key(struct draft *draft) {
  draft_jwks_own(draft);
  kid_random(draft);
}

/* row_text: the kid, '@' standing for the right one and '#' for a number. */
static void kid_written(struct draft *draft) {
  struct text kid = {0};
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
  text_free(&kid);
}

static void kid_behind_nul(struct draft *draft) {
  struct text kid = {0};
  text_add_str(&kid, draft->key->kid);
  text_add(&kid, "", 1);
  text_addf(&kid, "%u", draft->index);
  json_object_set_new(draft->header, "kid", json_stringn((const char *)kid.ptr, kid.len));
  text_free(&kid);
}

static void kid_shortened(struct draft *draft) {
  json_object_set_new(draft->header, "kid", json_stringn(draft->key->kid, strlen(draft->key->kid) - 1));
}

static bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static void kid_recased(struct draft *draft) {
  char *kid = must(strdup(draft->key->kid)), *c = kid;
  while (!is_letter(*c)) /* a thumbprint without a letter is not to be had */
    c++;
  *c ^= 0x20;
  kid_set(draft, kid);
  free(kid);
}

/* The set has u with diaeresis as one character, the token as two (NFC and NFD of one name). */
static void kid_decomposed(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft);
  json_object_set_new(jwk, "kid", json_sprintf("schl\xc3\xbcssel-%s", draft->key->kid));
  json_object_set_new(draft->header, "kid", json_sprintf("schlu\xcc\x88ssel-%s", draft->key->kid));
}

/* The set has the key under a kid of row_number bytes. */
static void kid_long(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft);
  struct text kid = {0};
  while (kid.len < (size_t)draft->row_number)
    text_addf(&kid, "%s.", draft->key->kid);
  json_t *value = json_stringn((const char *)kid.ptr, (size_t)draft->row_number);
  json_object_set(jwk, "kid", value);
  json_object_set_new(draft->header, "kid", value);
  text_free(&kid);
}

static void kid_twice(struct draft *draft) {
  draft_jwks_own(draft);
  json_object_set_new(add_stranger(draft, draft->alg), "kid", json_string(draft->key->kid));
}

static void kid_twice_other_type(struct draft *draft) {
  draft_jwks_own(draft);
  json_object_set_new(add_stranger(draft, other_type(draft->alg)), "kid", json_string(draft->key->kid));
}

/* ---- HMAC under what is public: hmac_confusion.h ---- */

static void confusion_claim_no_kid(struct draft *draft) {
  confusion_claim(draft);
  kid_drop(draft);
}

static void empty_secret(struct draft *draft) {
  json_object_set_new(draft_jwks_own(draft), "k", json_string(""));
}

static void forge_own_empty(struct draft *draft) {
  draft_sign_hmac(draft, draft->alg, bytes_of("", 0));
}

/* ---- other asymmetric confusions ---- */

static const char *pss_or_pkcs1(enum assay_alg alg) {
  bool pkcs1 = ALGS_PKCS1 & ASSAY_ALG_BIT(alg);
  return assay_alg_name(
      (enum assay_alg)(pkcs1 ? alg + (ASSAY_PS256 - ASSAY_RS256) : alg - (ASSAY_PS256 - ASSAY_RS256)));
}

static void jwk_of_other_padding(struct draft *draft) {
  json_object_set_new(draft_jwks_own(draft), "alg", json_string(pss_or_pkcs1(draft->alg)));
  draft_allow(draft, pss_or_pkcs1(draft->alg));
}

static void jwk_of_any_padding(struct draft *draft) {
  draft_jwks_own(draft);
  draft_allow(draft, pss_or_pkcs1(draft->alg));
}

/* The draft's kid names a stranger's key of another kind, and that one signs, the way it can. */
static void key_of_kind(struct draft *draft, enum assay_alg alg) {
  const struct signing_key *key = keyring_stranger(draft->ring, alg);
  draft_jwks_replace(draft, signing_key_jwk(key));
  draft_allow(draft, ALGS_ED & ASSAY_ALG_BIT(alg) ? "EdDSA" : assay_alg_name(alg));
  draft_sign_with(draft, key, alg);
}

/* row_text: the other algorithm's name, as in assay_alg_name. */
static void key_of_row(struct draft *draft) {
  key_of_kind(draft, assay_alg_by_name(draft->row_text));
}

/* The other curve's signature, as wide as that one's, over the digest that the header's alg asks for: it
 * fools who takes the hash from alg and the curve from the key. */
static void forge_hash_of_alg(struct draft *draft) {
  const struct nettle_hash *own = forge_hash(draft->sign_alg), *named = forge_hash(draft->alg);
  uint8_t from[FORGE_DIGEST_MAX], to[FORGE_DIGEST_MAX];
  draft_sign(draft);
  digest_input(draft, own, from);
  digest_input(draft, named, to);
  forge_ecdsa_resign(draft->key, bytes_of(from, own->digest_size), bytes_of(to, named->digest_size),
                     draft->signature.ptr);
}

/* The header names the curve, the key is on the other one (RFC 9864 2.2). */
static void key_of_other_edwards(struct draft *draft) {
  bool small = draft->alg == ASSAY_ED25519;
  const char *name = small ? "Ed25519" : "Ed448";
  json_object_set_new(draft->header, "alg", json_string(name));
  draft_allow(draft, name);
  key_of_kind(draft, small ? ASSAY_ED448 : ASSAY_ED25519);
}

/* The very octets of the Edwards key under a curve for key agreement (RFC 8037 3.2). */
static void jwk_montgomery(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft);
  bool small = draft->key->kind == KEY_ED25519;
  json_object_set_new(jwk, "crv", json_string(small ? "X25519" : "X448"));
  jwk_set_octets(jwk, "x", bytes_of(draft->key->x.ptr, small ? draft->key->x.len : X448_OCTETS));
}

/* ---- what a JWK says of its use ---- */

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

static void jwk_alg_sibling(struct draft *draft) {
  json_object_set_new(draft_jwks_own(draft), "alg", json_string(sibling_name(draft->alg)));
}

static void jwk_alg_own(struct draft *draft) {
  json_object_set(draft_jwks_own(draft), "alg", json_object_get(draft->header, "alg"));
}

/* ---- whole sets ---- */

static void set_mixed(struct draft *draft) {
  bool hmac = ALGS_HMAC & ASSAY_ALG_BIT(draft->alg);
  draft_jwks_own(draft);
  add_stranger(draft, hmac ? ASSAY_ES256 : ASSAY_HS256);
}

static void set_with_private(struct draft *draft) {
  jwk_set_octets(draft_jwks_own(draft), "d", draft->key->d);
}

static void set_with_primes(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft);
  jwk_set_octets(jwk, "p", draft->key->p);
  jwk_set_octets(jwk, "q", draft->key->q);
}

static void set_with_private_stranger(struct draft *draft) {
  draft_jwks_own(draft);
  jwk_set_octets(add_stranger(draft, draft->alg), "d", stranger(draft)->d);
}

/* row_text: a key of a type that nobody knows, in front of the own one (RFC 7517 5). */
static void set_with_unknown(struct draft *draft) {
  json_t *keys = json_object_get(draft_jwks_empty(draft), "keys");
  json_array_append_new(keys, row_value(draft->row_text, ""));
  draft_jwks_add(draft, signing_key_jwk(draft->key));
}

static void unknown_selected(struct draft *draft) {
  set_with_unknown(draft);
  kid_set(draft, "unknown-1");
}

/* ---- issuers ---- */

/* Another issuer with keys of this algorithm. */
static const struct ring_issuer *other_issuer(struct draft *draft) {
  uint32_t start = rng_below(&draft->rng, (uint32_t)draft->ring->issuer_count);
  for (size_t i = 0; i < draft->ring->issuer_count; i++) {
    const struct ring_issuer *other = &draft->ring->issuers[(start + i) % draft->ring->issuer_count];
    if (other != draft->issuer && keyring_pick(other, draft->alg, draft->key->bits, 0))
      return other;
  }
  fatal("only one issuer has keys for %s", assay_alg_name(draft->alg));
}

/* The token says that it is another issuer's, and is for that one's API. */
static void claim_other_issuer(struct draft *draft) {
  const struct ring_issuer *other = other_issuer(draft);
  json_object_set_new(draft->claims, "iss", json_string(other->iss));
  json_object_set_new(draft->claims, "aud", json_string(other->audience));
}

static json_t *policy_of(const struct keyring *ring, const struct ring_issuer *issuer) {
  json_t *policy = keyring_policy(ring), *entry, *found = NULL;
  size_t i;
  json_array_foreach(json_object_get(policy, "issuers"), i, entry) {
    if (strcmp(json_string_value(json_object_get(entry, "iss")), issuer->iss) == 0)
      found = json_incref(entry);
  }
  json_decref(policy);
  json_object_del(must(found), "keys");
  return found;
}

/* A second issuer has another key under the same kid. Returns that key. */
static const struct signing_key *collide(struct draft *draft) {
  const struct ring_issuer *other = other_issuer(draft);
  const struct signing_key *key = keyring_pick(other, draft->alg, draft->key->bits, draft->index);
  json_t *jwk = signing_key_jwk(key);
  json_object_set_new(jwk, "kid", json_string(draft->key->kid));
  draft_jwks_own(draft);
  json_array_append_new(json_object_get(draft_policy(draft), "issuers"), policy_of(draft->ring, other));
  json_object_set_new(draft->keys, other->iss, json_pack("{s:[o]}", "keys", jwk));
  return key;
}

static void collide_and_sign_own(struct draft *draft) {
  collide(draft);
}

static void collide_and_sign_other(struct draft *draft) {
  draft_sign_with(draft, collide(draft), draft->alg);
}

/* An RSA signature by the other key can be too large for the right one, which would be another fault. */
static void tamper_below_modulus(struct draft *draft) {
  const struct signing_key *right = draft->issuer->keys;
  while (strcmp(right->kid, kid_of(draft)) != 0)
    right++;
  while (right->n.len && memcmp(draft->signature.ptr, right->n.ptr, right->n.len) >= 0)
    draft_respin(draft);
}

/* row_text: a base URL under which a stranger offers keys and metadata. */
static void claim_discovered(struct draft *draft) {
  const struct signing_key *key = stranger(draft);
  draft_sign_with(draft, key, draft->alg);
  kid_set(draft, key->kid);
  json_object_set_new(draft->claims, "iss", json_sprintf("%s/%u", draft->row_text, draft->index));
}

/* ---- keys that had their time, or will have it ---- */

static void key_rotated_out(struct draft *draft) {
  draft_jwks_empty(draft);
  add_stranger(draft, draft->alg);
}

static void revoke(struct draft *draft, const char *kid) {
  json_object_set_new(draft_policy_issuer(draft), "revoked", must(json_pack("{s:[s]}", "kid", kid)));
}

static void revoke_own(struct draft *draft) {
  revoke(draft, draft->key->kid);
}

static void revoke_other(struct draft *draft) {
  revoke(draft, stranger(draft)->kid);
}

/* row_number: seconds from now to the key's first day. */
static void activate(struct draft *draft) {
  json_int_t at = draft->now + draft->row_number;
  json_object_set_new(draft_policy_issuer(draft), "active_from",
                      must(json_pack("[{s:s, s:I}]", "kid", draft->key->kid, "at", at)));
}

/* ---- rows ---- */

static const struct mutation_variant kid_missing[] = {
    {"one-key", REASON_OK, .edit = no_kid, .text = "o"},
    {"one-by-kty", REASON_OK, .edit = no_kid, .text = "ot", .algs = ALGS_ASYMMETRIC},
    {"one-by-curve", REASON_OK, .edit = no_kid, .text = "co", .algs = ALGS_EC},
    {"one-by-use", REASON_OK, .edit = no_kid, .text = "uo"},
    {"one-by-alg", REASON_OK, .edit = no_kid, .text = "oa"},
    {"two-keys", REASON_KID_MISSING, .edit = no_kid, .text = "os"},
    {"two-curves", REASON_KID_MISSING, .edit = no_kid, .text = "co", .algs = ALGS_ED},
    {"none-eligible", REASON_NO_ELIGIBLE_KEY, .edit = no_kid, .text = "u"},
};

static const struct mutation_variant kid_unknown[] = {
    {"random", REASON_KID_UNKNOWN, .edit = kid_random},
    {"empty", REASON_KID_UNKNOWN, .edit = kid_written, .text = ""},
    {"one-key-only", REASON_KID_UNKNOWN, .edit = kid_random_one_key},
};

static const struct mutation_variant kid_duplicate[] = {
    {"same-kty", REASON_SET_DUPLICATE_KID, .edit = kid_twice},
    {"other-kty", REASON_OK, .edit = kid_twice_other_type, .algs = ALGS_ASYMMETRIC},
};

static const struct mutation_variant kid_type[] = {
    {"integer", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': 1}"},
    {"null", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': null}"},
    {"object", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': {'$ne': ''}}"},
    {"array", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': ['1']}"},
    {"boolean", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': true}"},
};

static const struct mutation_variant kid_injection[] = {
    {"path", REASON_KID_UNKNOWN, .edit = kid_written, .text = "../../../../../../proc/self/fd/#"},
    {"null-device", REASON_KID_UNKNOWN, .edit = kid_written, .text = "/dev/null"},
    {"path-to-right", REASON_KID_UNKNOWN, .edit = kid_written, .text = "./@"},
    {"sql", REASON_KID_UNKNOWN, .edit = kid_written, .text = "x' UNION SELECT 'key#' -- "},
    {"sql-right", REASON_KID_UNKNOWN, .edit = kid_written, .text = "@' OR '#'='#"},
    {"shell", REASON_KID_UNKNOWN, .edit = kid_written, .text = "@|sleep #"},
    {"url", REASON_KID_UNKNOWN, .edit = kid_written, .text = "http://127.0.0.1:" LISTENER_PORT "/@"},
    {"template", REASON_KID_UNKNOWN, .edit = kid_written,
     .text = "${jndi:ldap://127.0.0.1:" LISTENER_PORT "/#}"},
    {"pattern", REASON_KID_UNKNOWN, .edit = kid_written, .text = "*"},
    {"nul", REASON_KID_UNKNOWN, .edit = kid_behind_nul},
};

static const struct mutation_variant kid_near_miss[] = {
    {"shorter", REASON_KID_UNKNOWN, .edit = kid_shortened},
    {"longer", REASON_KID_UNKNOWN, .edit = kid_written, .text = "@#"},
    {"case", REASON_KID_UNKNOWN, .edit = kid_recased},
    {"space-behind", REASON_KID_UNKNOWN, .edit = kid_written, .text = "@ "},
    {"space-in-front", REASON_KID_UNKNOWN, .edit = kid_written, .text = " @"},
    {"decomposed", REASON_KID_UNKNOWN, .edit = kid_decomposed},
};

#define CONFUSED(variant, encoding, ...)                                                                     \
  {                                                                                                          \
    variant, REASON_KTY_MISMATCH, .edit = confusion_claim, .forge = confusion_forge, .text = encoding,       \
                                  __VA_ARGS__                                                                \
  }
static const struct mutation_variant hs_rs_confusion[] = {
    CONFUSED("spki-pem", "spki-pem", ),
    CONFUSED("spki-pem-no-newline", "spki-pem", .number = EDGE_NO_NEWLINE),
    CONFUSED("spki-pem-two-newlines", "spki-pem", .number = EDGE_NEWLINE),
    CONFUSED("spki-pem-crlf", "spki-pem", .number = EDGE_CRLF),
    CONFUSED("spki-pem-space-behind", "spki-pem", .number = EDGE_SPACE_BEHIND),
    CONFUSED("spki-pem-space-in-front", "spki-pem", .number = EDGE_SPACE_IN_FRONT),
    CONFUSED("spki-der", "spki-der", ),
    CONFUSED("pkcs1-pem", "pkcs1-pem", ),
    CONFUSED("pkcs1-pem-no-newline", "pkcs1-pem", .number = EDGE_NO_NEWLINE),
    CONFUSED("pkcs1-der", "pkcs1-der", ),
    CONFUSED("jwk", "jwk", ),
    CONFUSED("modulus", "octets", ),
    CONFUSED("ssh", "ssh", ),
    {"no-kid", REASON_NO_ELIGIBLE_KEY, .edit = confusion_claim_no_kid, .forge = confusion_forge,
     .text = "spki-pem"},
};

#define ALGS_SSH                                                                                             \
  (ASSAY_ALG_BIT(ASSAY_ES256) | ASSAY_ALG_BIT(ASSAY_ES384) | ASSAY_ALG_BIT(ASSAY_ES512) |                    \
   ASSAY_ALG_BIT(ASSAY_ED25519))
static const struct mutation_variant hs_ec_okp_confusion[] = {
    CONFUSED("spki-pem", "spki-pem", ),
    CONFUSED("spki-pem-no-newline", "spki-pem", .number = EDGE_NO_NEWLINE),
    CONFUSED("spki-der", "spki-der", ),
    CONFUSED("point", "point", .algs = ALGS_EC),
    CONFUSED("compressed-point", "compressed-point", .algs = ALGS_EC),
    CONFUSED("x", "octets", ),
    CONFUSED("jwk", "jwk", ),
    CONFUSED("ssh", "ssh", .algs = ALGS_SSH),
    CONFUSED("ssh-newline", "ssh", .algs = ALGS_SSH, .number = EDGE_NEWLINE),
    {"no-kid", REASON_NO_ELIGIBLE_KEY, .edit = confusion_claim_no_kid, .forge = confusion_forge,
     .text = "spki-pem"},
};

static const struct mutation_variant hs_empty_from_asym[] = {
    {"kid", REASON_KTY_MISMATCH, .edit = confusion_claim, .forge = confusion_forge_empty},
    {"no-kid", REASON_NO_ELIGIBLE_KEY, .edit = confusion_claim_no_kid, .forge = confusion_forge_empty},
};

static const struct mutation_variant hs_empty_secret[] = {
    {"", REASON_KEY_HMAC_SHORT, .edit = empty_secret, .forge = forge_own_empty},
};

static const struct mutation_variant rs_ps_confusion[] = {
    {"alg-in-jwk", REASON_KEY_ALG, .edit = jwk_of_other_padding},
    {"no-alg-in-jwk", REASON_OK, .edit = jwk_of_any_padding},
};

static const struct mutation_variant ec_okp_confusion[] = {
    {"okp-key", REASON_KTY_MISMATCH, .edit = key_of_row, .text = "EdDSA", .algs = ALGS_EC},
    {"ec-key", REASON_KTY_MISMATCH, .edit = key_of_row, .text = "ES256", .algs = ALGS_ED},
};

#define EC_BUT(alg) (ALGS_EC & ~ASSAY_ALG_BIT(alg))
#define ALGS_OTHER_HASH (ASSAY_ALG_BIT(ASSAY_ES384) | ASSAY_ALG_BIT(ASSAY_ES512)) /* than SHA-256 */
static const struct mutation_variant curve_mismatch[] = {
    {"p-256", REASON_CURVE_MISMATCH, .edit = key_of_row, .text = "ES256", .algs = EC_BUT(ASSAY_ES256)},
    {"p-384", REASON_CURVE_MISMATCH, .edit = key_of_row, .text = "ES384", .algs = EC_BUT(ASSAY_ES384)},
    {"p-521", REASON_CURVE_MISMATCH, .edit = key_of_row, .text = "ES512", .algs = EC_BUT(ASSAY_ES512)},
    {"secp256k1", REASON_CURVE_MISMATCH, .edit = key_of_row, .text = "ES256K", .algs = EC_BUT(ASSAY_ES256K)},
    {"p-256-hash-of-alg", REASON_CURVE_MISMATCH, .edit = key_of_row, .forge = forge_hash_of_alg,
     .text = "ES256", .algs = ALGS_OTHER_HASH},
    {"p-384-hash-of-alg", REASON_CURVE_MISMATCH, .edit = key_of_row, .forge = forge_hash_of_alg,
     .text = "ES384", .algs = EC_BUT(ASSAY_ES384)},
    {"p-521-hash-of-alg", REASON_CURVE_MISMATCH, .edit = key_of_row, .forge = forge_hash_of_alg,
     .text = "ES512", .algs = EC_BUT(ASSAY_ES512)},
    {"secp256k1-hash-of-alg", REASON_CURVE_MISMATCH, .edit = key_of_row, .forge = forge_hash_of_alg,
     .text = "ES256K", .algs = ALGS_OTHER_HASH},
    {"edwards", REASON_CURVE_MISMATCH, .edit = key_of_other_edwards, .algs = ALGS_ED},
};

static const struct mutation_variant x25519_verify[] = {
    {"", REASON_KEY_CURVE, .edit = jwk_montgomery},
};

static const struct mutation_variant jwk_use_enc[] = {
    {"enc", REASON_KEY_USE, .edit = jwk_set, .text = "{'use': 'enc'}"},
    {"unknown", REASON_KEY_USE, .edit = jwk_set, .text = "{'use': 'signing'}"},
    {"absent", REASON_OK, .edit = jwk_set, .text = "{'use': null}"},
};

static const struct mutation_variant jwk_keyops[] = {
    {"sign-only", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': ['sign']}"},
    {"encrypt", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': ['encrypt', 'wrapKey']}"},
    {"empty", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': []}"},
    {"string", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': 'verify'}"},
    {"duplicate", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': ['verify', 'verify']}"},
    {"clash-with-sig", REASON_KEY_OPS, .edit = jwk_set, .text = "{'key_ops': ['verify', 'encrypt']}"},
    {"clash-with-enc", REASON_KEY_USE, .edit = jwk_set, .text = "{'use': 'enc', 'key_ops': ['verify']}"},
    {"verify", REASON_OK, .edit = jwk_set, .text = "{'use': null, 'key_ops': ['verify']}"},
    {"verify-with-sig", REASON_OK, .edit = jwk_set, .text = "{'key_ops': ['verify']}"},
};

static const struct mutation_variant jwk_alg_mismatch[] = {
    {"sibling", REASON_KEY_ALG, .edit = jwk_alg_sibling},
    {"unknown", REASON_KEY_ALG, .edit = jwk_set, .text = "{'alg': 'XX256'}"},
    {"encryption", REASON_KEY_ALG, .edit = jwk_set, .text = "{'alg': 'RSA-OAEP-256'}"},
    {"same", REASON_OK, .edit = jwk_alg_own},
};

static const struct mutation_variant jwk_kty_mismatch[] = {
    {"rsa", REASON_KEY_MEMBERS, .edit = jwk_set, .text = "{'kty': 'RSA'}", .algs = ALGS_EC | ALGS_ED},
    {"ec", REASON_KEY_MEMBERS, .edit = jwk_set, .text = "{'kty': 'EC'}", .algs = ALGS_RSA},
    {"okp", REASON_KEY_MEMBERS, .edit = jwk_set, .text = "{'kty': 'OKP'}", .algs = ALGS_RSA},
    {"oct", REASON_KEY_MEMBERS, .edit = jwk_set, .text = "{'kty': 'oct'}", .algs = ALGS_ASYMMETRIC},
};

static const struct mutation_variant jwks_mixed_symmetry[] = {
    {"", REASON_SET_MIXED, .edit = set_mixed},
};

static const struct mutation_variant jwks_private_key[] = {
    {"own", REASON_SET_PRIVATE, .edit = set_with_private},
    {"other", REASON_SET_PRIVATE, .edit = set_with_private_stranger},
    {"primes", REASON_SET_PRIVATE, .edit = set_with_primes, .algs = ALGS_RSA},
};

static const struct mutation_variant jwks_unknown_kty[] = {
    {"unknown", REASON_OK, .edit = set_with_unknown,
     .text = "{'kty': 'AKP', 'kid': 'unknown-1', 'alg': 'ML-DSA-44', "
             "'pub': 'AA'}"},
    {"other-case", REASON_OK, .edit = set_with_unknown, .text = "{'kty': 'rsa', 'kid': 'unknown-1'}"},
    {"selected", REASON_KID_UNKNOWN, .edit = unknown_selected,
     .text = "{'kty': 'AKP', 'kid': 'unknown-1', 'alg': 'ML-DSA-44', 'pub': 'AA'}"},
};

static const struct mutation_variant issuer_key_mixup[] = {
    {"", REASON_KID_UNKNOWN, .edit = claim_other_issuer},
};

static const struct mutation_variant issuer_kid_collision[] = {
    {"other-issuers-key", REASON_SIGNATURE_INVALID, .edit = collide_and_sign_other,
     .tamper = tamper_below_modulus},
    {"own-key", REASON_OK, .edit = collide_and_sign_own},
};

static const struct mutation_variant iss_driven_discovery[] = {
    {"loopback", REASON_ISS_UNKNOWN, .edit = claim_discovered, .text = "http://127.0.0.1:" LISTENER_PORT},
    {"loopback-6", REASON_ISS_UNKNOWN, .edit = claim_discovered, .text = "http://[::1]:" LISTENER_PORT},
    {"localhost", REASON_ISS_UNKNOWN, .edit = claim_discovered, .text = "http://localhost:" LISTENER_PORT},
    {"user-info", REASON_ISS_UNKNOWN, .edit = claim_discovered,
     .text = "http://login.north.example@127.0.0.1:" LISTENER_PORT},
};

static const struct mutation_variant key_stale[] = {
    {"", REASON_KID_UNKNOWN, .edit = key_rotated_out},
};

static const struct mutation_variant key_revoked[] = {
    {"own", REASON_KEY_REVOKED, .edit = revoke_own},
    {"other", REASON_OK, .edit = revoke_other},
};

static const struct mutation_variant key_not_yet_active[] = {
    {"in-an-hour", REASON_KEY_NOT_ACTIVE, .edit = activate, .number = 3600},
    {"in-a-year", REASON_KEY_NOT_ACTIVE, .edit = activate, .number = 365 * 86400},
    {"since-now", REASON_OK, .edit = activate, .number = 0},
};

static const struct mutation_variant kid_oversize[] = {
    {"at-limit", REASON_OK, .edit = kid_long, .number = KID_LIMIT},
    {"one-above", REASON_KID_OVERSIZE, .edit = kid_long, .number = KID_LIMIT + 1},
    {"far-above", REASON_KID_OVERSIZE, .edit = kid_long, .number = 4096},
};

static const struct mutation_class classes[] = {
    {"kid-missing", "There is no kid: exactly one eligible key may serve, of several none.", "RFC 7515 4.1.4",
     ALGS_ALL, .pinned = true, VARIANTS(kid_missing)},
    {"kid-unknown", "No key of the issuer has this kid.", "RFC 7515 6", ALGS_ALL, VARIANTS(kid_unknown)},
    {"kid-duplicate", "Two keys of the set share the kid: of one type, or told apart by their types.",
     "RFC 7517 4.5", ALGS_ALL, .pinned = true, VARIANTS(kid_duplicate)},
    {"kid-type", "kid is no string.", "RFC 7515 4.1.4", ALGS_ALL, VARIANTS(kid_type)},
    {"kid-injection", "kid is a path, a query, a command or a URL for whoever looks keys up with it.",
     "RFC 8725 3.10", ALGS_ALL, VARIANTS(kid_injection)},
    {"kid-near-miss", "kid is nearly the right one: kids are compared octet by octet.", "RFC 7515 4.1.4",
     ALGS_ALL, VARIANTS(kid_near_miss)},
    {"hs-rs-confusion", "An HMAC under the text of the public RSA key that kid names.", "RFC 8725 2.1",
     ALGS_RSA, VARIANTS(hs_rs_confusion)},
    {"hs-ec-okp-confusion",
     "An HMAC under the text or the octets of the public key on a curve that kid names.", "RFC 8725 2.1",
     ALGS_EC | ALGS_ED, VARIANTS(hs_ec_okp_confusion)},
    {"hs-empty-from-asym", "An HMAC under the empty secret, where kid names an asymmetric key without alg.",
     "RFC 8725 3.1", ALGS_ASYMMETRIC, VARIANTS(hs_empty_from_asym)},
    {"hs-empty-secret", "The set's HMAC key is empty, and the token is signed with that.", "RFC 7518 3.2",
     ALGS_HMAC, VARIANTS(hs_empty_secret)},
    {"rs-ps-confusion", "A right PKCS #1 signature under a key whose alg is PSS, and the reverse.",
     "RFC 7517 4.4", ALGS_RSA, VARIANTS(rs_ps_confusion)},
    {"ec-okp-confusion", "An ECDSA header, an Edwards key and its right signature, and the reverse.",
     "RFC 7518 3.1", ALGS_EC | ALGS_ED, VARIANTS(ec_okp_confusion)},
    {"curve-mismatch",
     "The key is on another curve than alg says, and signs with its own hash or with alg's.", "RFC 7518 3.4",
     ALGS_EC | ALGS_ED, VARIANTS(curve_mismatch)},
    {"x25519-verify", "The octets of the Edwards key stand in the set under X25519 or X448.", "RFC 8037 3.1",
     ALGS_ED, VARIANTS(x25519_verify)},
    {"jwk-use-enc", "The key is for encryption, or for a use that is not sig.", "RFC 7517 4.2", ALGS_ALL,
     VARIANTS(jwk_use_enc)},
    {"jwk-keyops", "The key's operations lack verify, or contradict its use.", "RFC 7517 4.3", ALGS_ALL,
     VARIANTS(jwk_keyops)},
    {"jwk-alg-mismatch", "The key is for another algorithm, or for none that is known.", "RFC 7517 4.4",
     ALGS_ALL, VARIANTS(jwk_alg_mismatch)},
    {"jwk-kty-mismatch", "The key's type says what its members do not bear out.", "RFC 7517 4.1",
     ALGS_ASYMMETRIC, VARIANTS(jwk_kty_mismatch)},
    {"jwks-mixed-symmetry", "The set has a symmetric key beside an asymmetric one.", "", ALGS_ALL,
     .pinned = true, VARIANTS(jwks_mixed_symmetry)},
    {"jwks-private-key", "The set that is to be trusted gives away a private key.", "RFC 7517 9.2",
     ALGS_ASYMMETRIC, .pinned = true, VARIANTS(jwks_private_key)},
    {"jwks-unknown-kty", "The set has a key of a type that is not known: it is skipped, the others stay.",
     "RFC 7517 5", ALGS_ALL, VARIANTS(jwks_unknown_kty)},
    {"issuer-key-mixup", "One issuer's key signs in another issuer's name.", "RFC 8725 3.8", ALGS_ALL,
     VARIANTS(issuer_key_mixup)},
    {"issuer-kid-collision", "Two issuers use the same kid, and the key of the wrong one signs.",
     "RFC 8725 3.8", ALGS_ALL, VARIANTS(issuer_kid_collision)},
    {"iss-driven-discovery",
     "iss is a URL on this machine, port " LISTENER_PORT ", where keys would be served.", "RFC 8725 3.10",
     ALGS_ALL, VARIANTS(iss_driven_discovery)},
    {"key-stale", "The key has been rotated out of the set.", "RFC 7517 5", ALGS_ALL, VARIANTS(key_stale)},
    {"key-revoked", "The policy has revoked the key, which is still in the set.", "", ALGS_ALL,
     VARIANTS(key_revoked)},
    {"key-not-yet-active", "The key is in the set already and not to be used yet.", "", ALGS_ALL,
     .pinned = true, VARIANTS(key_not_yet_active)},
    {"kid-oversize", "kid is longer than 256 bytes, and a key has it.", "", ALGS_ALL, .pinned = true,
     VARIANTS(kid_oversize)},
};

const struct mutation_group mutations_key_selection = {"key-selection", classes, COUNT(classes)};
