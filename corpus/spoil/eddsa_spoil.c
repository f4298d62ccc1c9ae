/* EdDSA signatures to refuse, and those on which libraries differ: scalars above the order, points encoded in
 * more ways than one, points of small order, and the variants that JOSE leaves out. R || S (RFC
 * 8032 5.1.6, 5.2.6). */
#include <nettle/eddsa.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/make/sign.h"
#include "corpus/spoil/signature_spoil.h"

#define HALF_MAX (ED448_SIGNATURE_SIZE / 2)

/* ---- S ---- */

void ed_add_order(struct draft *draft) {
  uint8_t order[HALF_MAX];
  draft_sign(draft);
  forge_ed_order(draft->key, order);
  for (int64_t i = 0; i < draft->row_number; i++)
    if (!forge_add(signature_second_half(draft), order, draft->key->x.len, FORGE_LITTLE))
      fatal("S and %d times the order do not fit", (int)draft->row_number);
}

void ed_order(struct draft *draft) {
  draft_sign(draft);
  forge_ed_order(draft->key, signature_second_half(draft));
}

void ed_ones_s(struct draft *draft) {
  draft_sign(draft);
  memset(signature_second_half(draft), 0xff, draft->key->x.len);
}

/* ---- R ---- */

/* A signature of the draft's own text by that key and with that R, whose nonce is given. NULL: zero, so that
 * R is to be a point of small order. */
static void sign_point_by(struct draft *draft, const struct signing_key *key, const uint8_t *point,
                          const uint8_t *nonce) {
  static const uint8_t zero[HALF_MAX];
  uint8_t scalar[HALF_MAX];
  OWNED_BYTES struct text domain = {0}, input = {0};
  forge_ed_plain_domain(key, &domain);
  draft_signing_input(draft, &input);
  forge_ed_scalar(key, bytes_of(domain.ptr, domain.len), point, bytes_of(input.ptr, input.len),
                  nonce ? nonce : zero, scalar);
  signature_set(draft, point, key->x.len);
  text_add(&draft->signature, scalar, key->x.len);
}

static void sign_point(struct draft *draft, const uint8_t *point, const uint8_t *nonce) {
  sign_point_by(draft, draft->key, point, nonce);
}

/* y = p + addend. */
static void above_prime(const struct draft *draft, uint8_t *point, uint8_t addend) {
  uint8_t number[HALF_MAX] = {addend};
  forge_ed_prime(draft->key, point);
  forge_add(point, number, draft->key->x.len, FORGE_LITTLE);
}

void ed_identity_r(struct draft *draft) {
  uint8_t point[HALF_MAX];
  above_prime(draft, point, 1);
  sign_point(draft, point, NULL);
}

void ed_zero_r(struct draft *draft) {
  uint8_t point[HALF_MAX];
  above_prime(draft, point, 0);
  sign_point(draft, point, NULL);
}

/* Any of the y that Ed25519 has room for above p, 2^255 - 19. */
void ed_above_prime_r(struct draft *draft) {
  draft_sign(draft);
  above_prime(draft, draft->signature.ptr, (uint8_t)(2 + rng_below(&draft->rng, 17)));
}

void ed_ones_r(struct draft *draft) {
  draft_sign(draft);
  memset(draft->signature.ptr, 0xff, draft->key->x.len);
}

/* Ed448's last octet has room for the sign alone (RFC 8032 5.2.2). */
void ed_high_bits_r(struct draft *draft) {
  draft_sign(draft);
  draft->signature.ptr[draft->key->x.len - 1] |= 0x01;
}

/* x = 0 has no other sign (RFC 8032 5.1.3 step 4). */
void ed_negative_zero_r(struct draft *draft) {
  uint8_t point[HALF_MAX] = {1};
  point[draft->key->x.len - 1] = 0x80;
  sign_point(draft, point, NULL);
}

void ed_mixed_order_r(struct draft *draft) {
  uint8_t point[HALF_MAX], nonce[HALF_MAX];
  forge_ed_nonce(draft->key, &draft->rng, nonce, point);
  forge_ed_add_order_two(draft->key, point);
  sign_point(draft, point, nonce);
}

static void order_two(const struct draft *draft, uint8_t *point) {
  forge_ed_prime(draft->key, point);
  point[0] ^= 1; /* p is odd: y = p - 1 */
}

void ed_small_order_r(struct draft *draft) {
  uint8_t point[HALF_MAX];
  order_two(draft, point);
  sign_point(draft, point, NULL);
}

/* The neutral point in its one encoding: the nonce is 0. */
void ed_neutral_r(struct draft *draft) {
  const uint8_t point[HALF_MAX] = {1};
  sign_point(draft, point, NULL);
}

void ed_off_curve_r(struct draft *draft) {
  draft_sign(draft);
  do
    rng_bytes(&draft->rng, draft->signature.ptr, draft->key->x.len / 2);
  while (forge_ed_is_point(draft->key, draft->signature.ptr));
}

/* ---- keys with a component of small order: A + (0, -1), of order 2 L, for the secret of A. The challenge h
 * decides whether the component shows: h (A + (0, -1)) is h A where h is even. To reduce h modulo L, which is
 * odd, may change that; what is signed here is so in either way, but for one hook that says so. ---- */

struct mixed_key {
  struct signing_key key; /* with the octets below as its x */
  uint8_t octets[HALF_MAX];
};

static void mixed_key_set(struct mixed_key *mixed, const struct signing_key *of) {
  mixed->key = *of;
  memcpy(mixed->octets, of->x.ptr, of->x.len);
  forge_ed_add_order_two(of, mixed->octets);
  mixed->key.x = bytes_of(mixed->octets, of->x.len);
}

/* Whether h is odd for whoever takes it whole, and for whoever reduces it. */
static bool is_challenge(struct draft *draft, const struct signing_key *key, const uint8_t *point, bool whole,
                         bool reduced) {
  OWNED_BYTES struct text domain = {0}, input = {0};
  forge_ed_plain_domain(key, &domain);
  draft_signing_input(draft, &input);
  struct forge_challenge h = forge_ed_challenge_modulo(key, bytes_of(domain.ptr, domain.len), point,
                                                       bytes_of(input.ptr, input.len), 2);
  return h.whole == whole && h.reduced == reduced;
}

static void sign_by_mixed_key(struct draft *draft, bool r_is_mixed, bool whole, bool reduced) {
  struct mixed_key mixed;
  uint8_t point[HALF_MAX], nonce[HALF_MAX];
  mixed_key_set(&mixed, draft->key);
  do {
    forge_ed_nonce(draft->key, &draft->rng, nonce, point);
    if (r_is_mixed)
      forge_ed_add_order_two(draft->key, point);
  } while (!is_challenge(draft, &mixed.key, point, whole, reduced));
  sign_point_by(draft, &mixed.key, point, nonce);
  jwk_set_octets(draft_jwks_own(draft), "x", mixed.key.x);
}

void ed_mixed_key(struct draft *draft) {
  sign_by_mixed_key(draft, false, false, false);
}

void ed_mixed_key_residue(struct draft *draft) {
  sign_by_mixed_key(draft, false, true, true);
}

void ed_mixed_key_reduced(struct draft *draft) {
  sign_by_mixed_key(draft, false, true, false);
}

/* (0, -1) once in R and, since h is odd, once in h A. */
void ed_mixed_key_and_r(struct draft *draft) {
  sign_by_mixed_key(draft, true, true, true);
}

/* R is (0, -1) in this encoding, and there is but one challenge with it: fresh keys, until theirs is odd. */
static void sign_order_two_r(struct draft *draft, const uint8_t *point) {
  const struct signing_key *own = draft->key;
  struct signing_key fresh = {0};
  struct mixed_key mixed;
  do {
    signing_key_fini(&fresh);
    signing_key_make(&fresh, own->kind, 0, &draft->rng);
    mixed_key_set(&mixed, &fresh);
  } while (!is_challenge(draft, &mixed.key, point, true, true));
  sign_point_by(draft, &mixed.key, point, NULL);
  jwk_set_octets(draft_jwks_own(draft), "x", mixed.key.x);
  signing_key_fini(&fresh);
}

void ed_mixed_key_small_order_r(struct draft *draft) {
  uint8_t point[HALF_MAX];
  order_two(draft, point);
  sign_order_two_r(draft, point);
}

void ed_negative_zero_order_two_r(struct draft *draft) {
  uint8_t point[HALF_MAX];
  order_two(draft, point);
  point[draft->key->x.len - 1] |= 0x80;
  sign_order_two_r(draft, point);
}

/* ---- variants ---- */

/* A right signature in another scheme: of the text or, for `prehash`, of its prehash. Frees domain. */
static void sign_variant(struct draft *draft, struct text *domain, bool prehash) {
  uint8_t point[HALF_MAX], nonce[HALF_MAX], scalar[HALF_MAX], digest[64];
  OWNED_BYTES struct text input = {0};
  draft_signing_input(draft, &input);
  struct assay_bytes message = bytes_of(input.ptr, input.len);
  if (prehash) {
    forge_ed_prehash(draft->key, message, digest);
    message = bytes_of(digest, sizeof digest);
  }
  forge_ed_nonce(draft->key, &draft->rng, nonce, point);
  forge_ed_scalar(draft->key, bytes_of(domain->ptr, domain->len), point, message, nonce, scalar);
  signature_set(draft, point, draft->key->x.len);
  text_add(&draft->signature, scalar, draft->key->x.len);
  text_free(domain);
}

void ed_prehashed(struct draft *draft) {
  struct text domain = {0};
  forge_ed_domain(draft->key, 1, bytes_str(draft->row_text), &domain);
  sign_variant(draft, &domain, true);
}

void ed_prehashed_plainly(struct draft *draft) {
  struct text domain = {0};
  forge_ed_plain_domain(draft->key, &domain);
  sign_variant(draft, &domain, true);
}

void ed_context(struct draft *draft) {
  struct text domain = {0};
  forge_ed_domain(draft->key, 0, bytes_str(draft->row_text), &domain);
  sign_variant(draft, &domain, false);
}

void ed_no_domain(struct draft *draft) {
  struct text domain = {0};
  sign_variant(draft, &domain, false);
}

void ed_other_curve(struct draft *draft) {
  enum assay_alg other = draft->alg == ASSAY_ED25519 ? ASSAY_ED448 : ASSAY_ED25519;
  draft_sign_with(draft, keyring_stranger(draft->ring, other), other);
  draft_sign(draft);
}
