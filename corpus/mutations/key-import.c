/* Keys that a key set may hold and nobody should use (RFC 7518 6, RFC 8037 2, RFC 8725 3.4). Wherever
 * there is a signature that such a key accepts, the token carries it, so that only the look at the key
 * can refuse it. */
#include <nettle/bignum.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/make/sign.h"
#include "corpus/spoil/forge.h"
#include "corpus/spoil/selection_spoil.h"
#include "corpus/spoil/weak_rsa.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define COORDINATE_MAX 66
#define EDWARDS_MAX 57

/* ---- RSA: keys made for the purpose, which sign rightly ---- */

/* Puts the key into the set and signs with it: as `forge`, because both need it at once. */
static void use_weak_rsa(struct draft *draft, struct weak_rsa *key) {
  draft_jwks_replace(draft, weak_rsa_jwk(key));
  weak_rsa_sign(key, draft);
  weak_rsa_fini(key);
}

/* The ring's key of 1,024 bits; not long enough for PS512. */
static void forge_1024(struct draft *draft) {
  draft_jwks_replace(draft, signing_key_jwk(draft->ring->weak));
  draft_sign_with(draft, draft->ring->weak, draft->alg);
  draft_sign(draft);
}

/* 2,040 bits. */
static void forge_nearly_2048(struct draft *draft) {
  struct weak_rsa key;
  weak_rsa_init(&key);
  weak_rsa_add_1016(&key, draft->index);
  weak_rsa_add_1024(&key, draft->index / 4);
  use_weak_rsa(draft, &key);
}

/* 16,392 bits in sixteen primes. */
static void forge_huge(struct draft *draft) {
  struct weak_rsa key;
  weak_rsa_init(&key);
  weak_rsa_add_1032(&key, draft->index);
  for (unsigned i = 0; i < 15; i++)
    weak_rsa_add_1024(&key, draft->index / 4 + i);
  use_weak_rsa(draft, &key);
}

static void forge_roca(struct draft *draft) {
  struct weak_rsa key;
  weak_rsa_init(&key);
  weak_rsa_add_roca(&key, draft->index);
  weak_rsa_add_roca(&key, draft->index + 1 + draft->index / 8 % 7);
  use_weak_rsa(draft, &key);
}

/* row_number: the exponent, over primes that are 2 mod 3, so that 3 serves too. */
static void forge_exponent(struct draft *draft) {
  struct weak_rsa key;
  weak_rsa_init(&key);
  weak_rsa_add_1024(&key, draft->index);
  weak_rsa_add_1024(&key, draft->index + 1 + draft->index / 20 % 19);
  weak_rsa_exponent(&key, (uint64_t)draft->row_number);
  use_weak_rsa(draft, &key);
}

/* An exponent of 33 bits for the draft's own modulus. */
static void forge_long_exponent(struct draft *draft) {
  struct weak_rsa key;
  weak_rsa_init(&key);
  weak_rsa_add_pair(&key, draft->key);
  weak_rsa_exponent(&key, UINT64_C(0x100000001) + 2 * draft->index);
  use_weak_rsa(draft, &key);
}

/* An even exponent has no inverse, so no signature can be right: the own one for 65537 is as good as any. */
static void exponent_even(struct draft *draft) {
  static const uint8_t exponents[][3] = {{1, 0, 0}, {1, 0, 2}, {1, 0, 4}, {0xff, 0xff, 0xfe}};
  jwk_set_octets(draft_jwks_own(draft), "e", bytes_of(PICK(draft, exponents), 3));
}

static void exponent_two(struct draft *draft) {
  jwk_set_octets(draft_jwks_own(draft), "e", bytes_of("\x02", 1));
}

/* Nor can there be one for an even modulus whose factors nobody knows. */
static void modulus_even(struct draft *draft) {
  OWNED_BYTES struct text n = {0};
  text_add(&n, draft->key->n.ptr, draft->key->n.len);
  n.ptr[n.len - 1] &= 0xfe;
  jwk_set_octets(draft_jwks_own(draft), "n", bytes_of(n.ptr, n.len));
}

/* row_text: "n" or "e". */
static void leading_zero(struct draft *draft) {
  struct assay_bytes number = draft->row_text[0] == 'n' ? draft->key->n : draft->key->e;
  OWNED_BYTES struct text longer = {0};
  text_add(&longer, "", 1);
  text_add(&longer, number.ptr, number.len);
  jwk_set_octets(draft_jwks_own(draft), draft->row_text, bytes_of(longer.ptr, longer.len));
}

/* ---- HMAC ---- */

/* A fresh secret of that length stands in the set and signs. */
static void forge_secret(struct draft *draft, size_t octets, bool named) {
  uint8_t secret[64];
  rng_bytes(&draft->rng, secret, octets);
  json_t *jwk = draft_jwks_own(draft);
  jwk_set_octets(jwk, "k", bytes_of(secret, octets));
  if (named)
    json_object_set_new(jwk, "alg", json_string(assay_alg_name(draft->alg)));
  draft_sign_hmac(draft, draft->alg, bytes_of(secret, octets));
}

static size_t hash_octets(const struct draft *draft) {
  return assay_alg_info(draft->alg)->digest_bytes;
}

static void forge_one_short(struct draft *draft) {
  forge_secret(draft, hash_octets(draft) - 1, true);
}

static void forge_half(struct draft *draft) {
  forge_secret(draft, hash_octets(draft) / 2, true);
}

static void forge_one_octet(struct draft *draft) {
  forge_secret(draft, 1, true);
}

static void forge_short_unnamed(struct draft *draft) {
  forge_secret(draft, hash_octets(draft) - 1, false);
}

static void forge_exact(struct draft *draft) {
  forge_secret(draft, hash_octets(draft), true);
}

/* ---- points that are none ---- */

static void off_curve(struct draft *draft) {
  uint8_t y[COORDINATE_MAX];
  size_t width = draft->key->y.len;
  memcpy(y, draft->key->y.ptr, width);
  y[width - 1 - draft->index % 8] ^= (uint8_t)(1 << draft->index / 8 % 8);
  jwk_set_octets(draft_jwks_own(draft), "y", bytes_of(y, width));
}

/* (0, 0), as some libraries write the point at infinity. */
static void point_zero(struct draft *draft) {
  const uint8_t zero[COORDINATE_MAX] = {0};
  json_t *jwk = draft_jwks_own(draft);
  jwk_set_octets(jwk, "x", bytes_of(zero, draft->key->x.len));
  jwk_set_octets(jwk, "y", bytes_of(zero, draft->key->y.len));
}

/* All bits set: above the prime of every one of the curves. */
static void point_beyond(struct draft *draft) {
  uint8_t ones[COORDINATE_MAX];
  memset(ones, 0xff, sizeof ones);
  jwk_set_octets(draft_jwks_own(draft), "x", bytes_of(ones, draft->key->x.len));
}

static bool has_leading_zero(const struct signing_key *key) {
  return key->x.ptr[0] == 0 || key->y.ptr[0] == 0;
}

/* Another key, with a coordinate that begins with a zero, which is left out: as a number it is the same. */
static void forge_stripped(struct draft *draft) {
  const struct signing_key *own = draft->key;
  struct signing_key key = {0};
  do {
    signing_key_fini(&key);
    signing_key_make(&key, draft->key->kind, 0, &draft->rng);
  } while (!has_leading_zero(&key));
  bool in_x = key.x.ptr[0] == 0;
  struct assay_bytes coordinate = in_x ? key.x : key.y;
  json_t *jwk = draft_jwks_own(draft);
  jwk_set_octets(jwk, "x", key.x);
  jwk_set_octets(jwk, "y", key.y);
  jwk_set_octets(jwk, in_x ? "x" : "y", bytes_of(coordinate.ptr + 1, coordinate.len - 1));
  draft_sign_with(draft, &key, draft->alg);
  draft_sign(draft);
  draft->key = own;
  signing_key_fini(&key);
}

/* One zero more. row_text: "x" or "y". */
static void coordinate_longer(struct draft *draft) {
  struct assay_bytes coordinate = draft->row_text[0] == 'x' ? draft->key->x : draft->key->y;
  uint8_t longer[1 + COORDINATE_MAX] = {0};
  memcpy(longer + 1, coordinate.ptr, coordinate.len);
  jwk_set_octets(draft_jwks_own(draft), draft->row_text, bytes_of(longer, 1 + coordinate.len));
}

/* ---- Edwards keys ---- */

static void point_long(struct draft *draft) {
  uint8_t x[1 + EDWARDS_MAX] = {0};
  memcpy(x, draft->key->x.ptr, draft->key->x.len);
  jwk_set_octets(draft_jwks_own(draft), "x", bytes_of(x, draft->key->x.len + 1));
}

static void point_short(struct draft *draft) {
  jwk_set_octets(draft_jwks_own(draft), "x", bytes_of(draft->key->x.ptr, draft->key->x.len - 1));
}

/* The other curve's key under this curve's name. */
static void point_of_other_curve(struct draft *draft) {
  const struct signing_key *other =
      keyring_stranger(draft->ring, draft->alg == ASSAY_ED448 ? ASSAY_ED25519 : ASSAY_ED448);
  jwk_set_octets(draft_jwks_own(draft), "x", other->x);
}

/* An Edwards point as it stands in a key. */
struct edwards_point {
  uint8_t octets[EDWARDS_MAX];
  size_t len;
  unsigned order; /* 1, 2, 4 or 8 */
};

/* y = +-1 / sqrt(2) and the like: the points of order 8 of Ed25519, the sign bit aside. */
static const uint8_t ed25519_order_8[2][32] = {
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
};

/* The canonical encodings: 1, -1, 0 and those of order 8; where x is not 0 the sign is free. */
static struct edwards_point low_order_point(struct draft *draft) {
  struct edwards_point point = {.len = draft->key->x.len, .order = (unsigned)draft->row_number};
  switch (point.order) {
  case 1: point.octets[0] = 1; return point;
  case 2:
    forge_ed_prime(draft->key, point.octets);
    point.octets[0] ^= 1; /* p is odd */
    return point;
  case 8: memcpy(point.octets, ed25519_order_8[draft->index / 2 % 2], point.len); break;
  default: break;
  }
  point.octets[point.len - 1] |= draft->index % 2 ? 0x80 : 0;
  return point;
}

/* S B = R + h A holds for R = S B whenever h A is the neutral point: the secret key is not asked. */
static void sign_low_order(struct draft *draft, const struct edwards_point *a) {
  uint8_t s[EDWARDS_MAX], r[EDWARDS_MAX];
  OWNED_BYTES struct text domain = {0}, input = {0};
  struct signing_key key = {.kind = draft->key->kind, .x = bytes_of(a->octets, a->len)};
  struct forge_challenge h;
  forge_ed_plain_domain(&key, &domain);
  draft_signing_input(draft, &input);
  do {
    forge_ed_nonce(draft->key, &draft->rng, s, r);
    h = forge_ed_challenge_modulo(&key, bytes_of(domain.ptr, domain.len), r, bytes_of(input.ptr, input.len),
                                  a->order);
  } while (h.whole || h.reduced);
  jwk_set_octets(draft_jwks_own(draft), "x", key.x);
  text_set(&draft->signature, r, a->len);
  text_add(&draft->signature, s, a->len);
}

static void forge_low_order(struct draft *draft) {
  struct edwards_point point = low_order_point(draft);
  sign_low_order(draft, &point);
}

/* The neutral point as the key and as R: S = 0 signs whatever the message is. */
static void forge_zero_s(struct draft *draft) {
  static const uint8_t zero[EDWARDS_MAX];
  struct edwards_point point = low_order_point(draft);
  jwk_set_octets(draft_jwks_own(draft), "x", bytes_of(point.octets, point.len));
  text_set(&draft->signature, point.octets, point.len);
  text_add(&draft->signature, zero, point.len);
}

/* p + k, little-endian. */
static struct edwards_point beyond_prime(struct draft *draft, uint8_t k) {
  struct edwards_point point = {.len = draft->key->x.len, .order = 1};
  const uint8_t addend[EDWARDS_MAX] = {k};
  forge_ed_prime(draft->key, point.octets);
  if (!forge_add(point.octets, addend, point.len, FORGE_LITTLE))
    fatal("p + %u does not fit an Edwards point", k);
  return point;
}

/* y = p + 1 is 1 to whoever reduces, the neutral point. */
static void forge_noncanonical_neutral(struct draft *draft) {
  struct edwards_point point = beyond_prime(draft, 1);
  sign_low_order(draft, &point);
}

/* y = p is 0 to whoever reduces, of order 4 with either sign. */
static void forge_noncanonical_zero(struct draft *draft) {
  struct edwards_point point = beyond_prime(draft, 0);
  point.order = 4;
  point.octets[point.len - 1] |= draft->index % 2 ? 0x80 : 0;
  sign_low_order(draft, &point);
}

/* x = 0 with the sign of a negative number, of order 1 or 2 (RFC 8032 5.1.3 step 4). */
static void forge_negative_zero(struct draft *draft) {
  draft->row_number = 1 + draft->index % 2;
  struct edwards_point point = low_order_point(draft);
  point.octets[point.len - 1] |= 0x80;
  sign_low_order(draft, &point);
}

/* y = p + k for the nth k above 1 that has a point; its secret is nobody's, so the signature is
 * the own key's. */
static void noncanonical_point(struct draft *draft) {
  struct edwards_point point;
  unsigned left = draft->index / 2 % 4;
  uint8_t k = 2;
  for (;; k++) {
    point = beyond_prime(draft, k);
    if (forge_ed_is_point(draft->key, point.octets) && left-- == 0)
      break;
  }
  point.octets[point.len - 1] |= draft->index % 2 ? 0x80 : 0;
  jwk_set_octets(draft_jwks_own(draft), "x", bytes_of(point.octets, point.len));
}

/* ---- sets ---- */

static void set_empty(struct draft *draft) {
  draft_jwks_empty(draft);
}

static void set_unknown_only(struct draft *draft) {
  draft_jwks_empty(draft);
  draft_jwks_add(draft, json_pack("{s:s, s:s}", "kty", "AKP", "kid", draft->key->kid));
}

static void set_without_keys(struct draft *draft) {
  json_object_del(draft_jwks(draft), "keys");
}

/* row_text: the value of keys: "null", "object". */
static void set_no_array(struct draft *draft) {
  json_t *value = draft->row_text[0] == 'n' ? json_null() : signing_key_jwk(draft->key);
  json_object_set_new(draft_jwks(draft), "keys", value);
}

/* ---- rows ---- */

#define ALGS_BUT_PS512 (ALGS_RSA & ~ASSAY_ALG_BIT(ASSAY_PS512))
static const struct mutation_variant rsa_small[] = {
    {"1024", REASON_KEY_RSA_SMALL, .forge = forge_1024, .algs = ALGS_BUT_PS512},
    {"2040", REASON_KEY_RSA_SMALL, .forge = forge_nearly_2048, .severity = SEVERITY_FORM},
};

static const struct mutation_variant rsa_exponent[] = {
    {"1", REASON_KEY_RSA_EXPONENT, .forge = forge_exponent, .number = 1},
    {"2", REASON_KEY_RSA_EXPONENT, .edit = exponent_two},
    {"even", REASON_KEY_RSA_EXPONENT, .edit = exponent_even},
    {"33-bits", REASON_KEY_RSA_EXPONENT, .forge = forge_long_exponent, .severity = SEVERITY_FORM},
    {"3", REASON_OK, .forge = forge_exponent, .number = 3},
    {"65537", REASON_OK, .forge = forge_exponent, .number = 65537},
};

static const struct mutation_variant rsa_weak_modulus[] = {
    {"even", REASON_KEY_RSA_EVEN, .edit = modulus_even},
    {"roca", REASON_OK, .forge = forge_roca, .any = true},
};

static const struct mutation_variant rsa_n_leading_zero[] = {
    {"n", REASON_KEY_LEADING_ZERO, .edit = leading_zero, .text = "n"},
    {"e", REASON_KEY_LEADING_ZERO, .edit = leading_zero, .text = "e"},
};

static const struct mutation_variant hmac_short_key[] = {
    {"one-short", REASON_KEY_HMAC_SHORT, .forge = forge_one_short, .severity = SEVERITY_FORM},
    {"half", REASON_KEY_HMAC_SHORT, .forge = forge_half, .severity = SEVERITY_FORM},
    {"one-octet", REASON_KEY_HMAC_SHORT, .forge = forge_one_octet},
    {"no-alg-in-jwk", REASON_KEY_HMAC_SHORT, .forge = forge_short_unnamed, .severity = SEVERITY_FORM},
    {"exact", REASON_OK, .forge = forge_exact},
};

static const struct mutation_variant ec_off_curve[] = {
    {"off-curve", REASON_KEY_INVALID, .edit = off_curve},
    {"zero", REASON_KEY_INVALID, .edit = point_zero},
    {"beyond-prime", REASON_KEY_INVALID, .edit = point_beyond},
};

static const struct mutation_variant ec_coord_length[] = {
    {"stripped", REASON_KEY_COORD_LENGTH, .forge = forge_stripped},
    {"longer-x", REASON_KEY_COORD_LENGTH, .edit = coordinate_longer, .text = "x"},
    {"longer-y", REASON_KEY_COORD_LENGTH, .edit = coordinate_longer, .text = "y"},
};

static const struct mutation_variant ed_low_order_key[] = {
    {"order-1", REASON_KEY_LOW_ORDER, .forge = forge_low_order, .number = 1},
    {"order-2", REASON_KEY_LOW_ORDER, .forge = forge_low_order, .number = 2},
    {"order-4", REASON_KEY_LOW_ORDER, .forge = forge_low_order, .number = 4},
    {"order-8", REASON_KEY_LOW_ORDER, .forge = forge_low_order, .number = 8,
     .algs = ASSAY_ALG_BIT(ASSAY_ED25519)},
    {"zero-s", REASON_KEY_LOW_ORDER, .forge = forge_zero_s, .number = 1},
};

static const struct mutation_variant ed_noncanonical_key[] = {
    {"neutral", REASON_KEY_NONCANONICAL, .forge = forge_noncanonical_neutral},
    {"order-4", REASON_KEY_NONCANONICAL, .forge = forge_noncanonical_zero},
    {"negative-zero", REASON_KEY_NONCANONICAL, .forge = forge_negative_zero},
    {"point", REASON_KEY_NONCANONICAL, .edit = noncanonical_point, .severity = SEVERITY_FORM},
};

static const struct mutation_variant okp_length[] = {
    {"longer", REASON_KEY_OKP_LENGTH, .edit = point_long},
    {"shorter", REASON_KEY_OKP_LENGTH, .edit = point_short},
    {"other-curve", REASON_KEY_OKP_LENGTH, .edit = point_of_other_curve},
};

static const struct mutation_variant rsa_huge[] = {
    {"", REASON_KEY_RSA_HUGE, .forge = forge_huge},
};

static const struct mutation_variant jwks_empty[] = {
    {"empty", REASON_NO_KEYS, .edit = set_empty},
    {"unknown-kty-only", REASON_NO_KEYS, .edit = set_unknown_only},
    {"no-keys-member", REASON_SET_SYNTAX, .edit = set_without_keys},
    {"keys-null", REASON_SET_SYNTAX, .edit = set_no_array, .text = "null"},
    {"keys-object", REASON_SET_SYNTAX, .edit = set_no_array, .text = "object"},
};

/* RFC 7517 4.2: "Other values MAY be used", and what they mean no specification says. */
#define USE_ROW(name, code, members, ...)                                                                    \
  { name, code, .edit = jwk_set, .text = members, __VA_ARGS__ }
static const struct mutation_variant key_use_other[] = {
    USE_ROW("jwt-svid", REASON_OK, "{'use': 'jwt-svid'}", .pinned = true),
    USE_ROW("empty", REASON_OK, "{'use': ''}", .pinned = true),
    USE_ROW("unknown", REASON_OK, "{'use': 'signing'}", .pinned = true),
    USE_ROW("with-verify", REASON_OK, "{'use': 'jwt-svid', 'key_ops': ['verify']}", .pinned = true),
    USE_ROW("with-sign", REASON_KEY_OPS, "{'use': 'jwt-svid', 'key_ops': ['sign']}", ),
    USE_ROW("array", REASON_KEY_USE, "{'use': ['sig']}", .pinned = true),
};

static const struct mutation_class classes[] = {
    {"rsa-small", SEVERITY_FORGERY, "RSA keys of 1024 bits",
     "The RSA key has fewer than 2,048 bits, and signs.", "RFC 7518 3.3", ALGS_RSA, VARIANTS(rsa_small)},
    {"rsa-exponent", SEVERITY_FORGERY, "RSA keys with exponent 1 or an even one",
     "The RSA exponent is 1, even or longer than 32 bits; 3 and 65537 are right.", "RFC 8017 3.1", ALGS_RSA,
     VARIANTS(rsa_exponent)},
    {"rsa-weak-modulus", SEVERITY_FORGERY, "RSA keys with an even modulus",
     "The modulus is even, or of the form that ROCA factors.", "RFC 8017 3.1, CVE-2017-15361", ALGS_RSA,
     .pinned = true, VARIANTS(rsa_weak_modulus)},
    {"rsa-n-leading-zero", SEVERITY_FORM, "RSA keys written with a leading zero",
     "n or e has a zero octet in front.", "RFC 7518 2", ALGS_RSA, .pinned = true,
     VARIANTS(rsa_n_leading_zero)},
    {"hmac-short-key", SEVERITY_FORGERY, "HMAC under a secret of one octet",
     "The HMAC key is shorter than its hash, and signs.", "RFC 7518 3.2", ALGS_HMAC,
     VARIANTS(hmac_short_key)},
    {"ec-off-curve", SEVERITY_FORGERY, "EC keys that are not on their curve",
     "The key's coordinates are those of no point of its curve.", "RFC 8725 3.4", ALGS_EC,
     VARIANTS(ec_off_curve)},
    {"ec-coord-length", SEVERITY_FORM, "EC keys with a coordinate of another length",
     "A coordinate has lost its leading zero, or won one.", "RFC 7518 6.2.1.2", ALGS_EC,
     VARIANTS(ec_coord_length)},
    {"ed-low-order-A", SEVERITY_FORGERY, "Edwards keys of small order",
     "The key is a point of small order, and the signature fits it without any secret: assay refuses the key "
     "before it asks a crypto library.",
     "RFC 8032 5.1.7, ePrint 2020/1244", ALGS_ED, .pinned = true, VARIANTS(ed_low_order_key)},
    {"ed-noncanonical-A", SEVERITY_FORGERY, "Edwards keys of small order in another encoding",
     "The key's y is p or more, or its x a negative zero, the same point to whoever reduces it: assay refuses "
     "the key before it asks a crypto library.",
     "RFC 8032 5.1.3, ePrint 2020/1244", ALGS_ED, VARIANTS(ed_noncanonical_key)},
    {"okp-length", SEVERITY_FORM, "Edwards keys of another length",
     "The Edwards key is an octet too long or too short, or the other curve's.", "RFC 8037 2", ALGS_ED,
     VARIANTS(okp_length)},
    {"rsa-huge", SEVERITY_FORM, "RSA keys above the size limit", "The modulus has 16,392 bits, and signs.",
     "", ALGS_RSA, VARIANTS(rsa_huge)},
    {"jwks-empty", SEVERITY_FORGERY, "an empty key set",
     "The key set has no key that could serve, or is no key set.", "RFC 7517 5", ALGS_ALL,
     VARIANTS(jwks_empty)},
    {"key-use-other", SEVERITY_CONTEXT, "keys that are for another use",
     "The key's use is neither sig nor enc: what is unknown is not wrong.", "RFC 7517 4.2", ALGS_ALL,
     VARIANTS(key_use_other)},
};

const struct mutation_group mutations_key_import = {"key-import", classes, COUNT(classes)};
