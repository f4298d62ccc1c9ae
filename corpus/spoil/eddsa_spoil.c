/* EdDSA signatures to refuse, and those on which libraries differ: scalars above the order, points encoded in
 * more ways than one, points of small order, and the variants that JOSE leaves out. R || S (RFC
 * 8032 5.1.6, 5.2.6). */
#include <nettle/eddsa.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
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

/* A signature of the draft's own text with that R, whose nonce is given. NULL: zero, so that R is to be a
 * point of small order. */
static void sign_point(struct draft *draft, const uint8_t *point, const uint8_t *nonce) {
  static const uint8_t zero[HALF_MAX];
  uint8_t scalar[HALF_MAX];
  OWNED_BYTES struct text domain = {0}, input = {0};
  forge_ed_plain_domain(draft->key, &domain);
  draft_signing_input(draft, &input);
  forge_ed_scalar(draft->key, bytes_of(domain.ptr, domain.len), point, bytes_of(input.ptr, input.len),
                  nonce ? nonce : zero, scalar);
  signature_set(draft, point, draft->key->x.len);
  text_add(&draft->signature, scalar, draft->key->x.len);
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

void ed_small_order_r(struct draft *draft) {
  uint8_t point[HALF_MAX];
  forge_ed_prime(draft->key, point);
  point[0] ^= 1; /* p is odd: y = p - 1 */
  sign_point(draft, point, NULL);
}

void ed_off_curve_r(struct draft *draft) {
  draft_sign(draft);
  do
    rng_bytes(&draft->rng, draft->signature.ptr, draft->key->x.len / 2);
  while (forge_ed_is_point(draft->key, draft->signature.ptr));
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
