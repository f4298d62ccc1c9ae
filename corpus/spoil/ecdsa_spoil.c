/* ECDSA signatures to refuse: zeros, numbers above the order, DER, other lengths, other digests; and one to
 * accept, the greater s. R || S as RFC 7518 3.4 has it, each half as wide as a coordinate. */
#include <nettle/sha1.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/signature_spoil.h"

void ecdsa_zero_r(struct draft *draft) {
  draft_sign(draft);
  memset(draft->signature.ptr, 0, draft->signature.len / 2);
}

void ecdsa_zero_s(struct draft *draft) {
  draft_sign(draft);
  memset(signature_second_half(draft), 0, draft->signature.len / 2);
}

void ecdsa_zero_both(struct draft *draft) {
  signature_fill(draft, 0, draft_signature_octets(draft));
}

/* One half becomes n, or n + 1 (n is odd): row_number. */
static void set_order(struct draft *draft, uint8_t *half) {
  uint8_t one[ASSAY_POINT_BYTES_MAX] = {0};
  one[draft->key->x.len - 1] = (uint8_t)draft->row_number;
  forge_ec_order(draft->key, half);
  forge_add(half, one, draft->key->x.len, FORGE_BIG);
}

void ecdsa_order_r(struct draft *draft) {
  draft_sign(draft);
  set_order(draft, draft->signature.ptr);
}

void ecdsa_order_s(struct draft *draft) {
  draft_sign(draft);
  set_order(draft, signature_second_half(draft));
}

void ecdsa_order_both(struct draft *draft) {
  ecdsa_order_r(draft);
  set_order(draft, signature_second_half(draft));
}

void ecdsa_ones_r(struct draft *draft) {
  draft_sign(draft);
  memset(draft->signature.ptr, 0xff, draft->signature.len / 2);
}

void ecdsa_ones_s(struct draft *draft) {
  draft_sign(draft);
  memset(signature_second_half(draft), 0xff, draft->signature.len / 2);
}

/* The same number modulo n. Only ES512 has the room: on the other curves n is too near a power of 256. */
static void add_order(struct draft *draft, uint8_t *half) {
  uint8_t order[ASSAY_POINT_BYTES_MAX];
  forge_ec_order(draft->key, order);
  if (!forge_add(half, order, draft->key->x.len, FORGE_BIG))
    fatal("a scalar and the order do not fit");
}

void ecdsa_add_order_r(struct draft *draft) {
  draft_sign(draft);
  add_order(draft, draft->signature.ptr);
}

void ecdsa_add_order_s(struct draft *draft) {
  draft_sign(draft);
  add_order(draft, signature_second_half(draft));
}

static void der_of_signature(struct draft *draft) {
  OWNED_BYTES struct text der = {0};
  forge_ecdsa_der(draft->signature.ptr, draft->signature.len / 2, &der);
  text_set(&draft->signature, der.ptr, der.len);
}

void ecdsa_der(struct draft *draft) {
  draft_sign(draft);
  der_of_signature(draft);
}

/* r = s = 0 in DER: eight octets that many checks have let pass. */
void ecdsa_der_zero(struct draft *draft) {
  ecdsa_zero_both(draft);
  der_of_signature(draft);
}

/* Both halves with row_number zeros in front, as wide as another curve's. */
void ecdsa_widen(struct draft *draft) {
  static const uint8_t zeros[16] = {0};
  draft_sign(draft);
  size_t half = draft->signature.len / 2;
  text_insert(&draft->signature, half, zeros, (size_t)draft->row_number);
  text_insert(&draft->signature, 0, zeros, (size_t)draft->row_number);
}

/* Some mark of the token, so that its digest is another. */
static void jti_turn(struct draft *draft) {
  json_object_set_new(draft->claims, "jti", json_sprintf("%08x", rng_below(&draft->rng, UINT32_MAX)));
  draft_encode(draft);
}

/* s' of another message under the same nonce costs next to nothing, so that a leading zero is soon found. */
void ecdsa_zero_s_first(struct draft *draft) {
  const struct nettle_hash *hash = forge_hash(draft->alg);
  struct assay_bytes old, new;
  uint8_t from[ASSAY_DIGEST_BYTES_MAX], to[ASSAY_DIGEST_BYTES_MAX];
  draft_sign(draft);
  old = bytes_of(from, hash->digest_size);
  new = bytes_of(to, hash->digest_size);
  digest_input(draft, hash, to);
  while (*signature_second_half(draft) != 0) {
    memcpy(from, to, sizeof from);
    jti_turn(draft);
    digest_input(draft, hash, to);
    forge_ecdsa_resign(draft->key, old, new, draft->signature.ptr);
  }
}

void ecdsa_strip_zero(struct draft *draft) {
  ecdsa_zero_s_first(draft);
  text_erase(&draft->signature, draft->signature.len / 2, 1);
}

/* row_number: how many octets of r. */
void ecdsa_zeros_r(struct draft *draft) {
  const struct nettle_hash *hash = forge_hash(draft->alg);
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX], sig[2 * ASSAY_POINT_BYTES_MAX];
  digest_input(draft, hash, digest);
  forge_ecdsa_zeros(draft->key, bytes_of(digest, hash->digest_size), (unsigned)draft->row_number, sig);
  signature_set(draft, sig, 2 * draft->key->x.len);
}

void ecdsa_zeros_both(struct draft *draft) {
  for (ecdsa_zeros_r(draft); *signature_second_half(draft) != 0; ecdsa_zeros_r(draft))
    jti_turn(draft);
}

void ecdsa_zeros_other(struct draft *draft) {
  ecdsa_zeros_r(draft);
  signature_second_half(draft)[draft->key->x.len - 1] ^= 1;
}

static void negate(struct draft *draft, uint8_t *half) {
  uint8_t order[ASSAY_POINT_BYTES_MAX];
  forge_ec_order(draft->key, order);
  forge_subtract_from(order, half, draft->key->x.len);
}

/* The larger of s and n - s, which are equally good (RFC 8812 3.2 leaves it so for ES256K). */
void ecdsa_raise_s(struct draft *draft) {
  uint8_t other[ASSAY_POINT_BYTES_MAX];
  draft_sign(draft);
  memcpy(other, signature_second_half(draft), draft->key->x.len);
  negate(draft, other);
  if (memcmp(other, signature_second_half(draft), draft->key->x.len) > 0)
    memcpy(signature_second_half(draft), other, draft->key->x.len);
}

void ecdsa_negate_r(struct draft *draft) {
  draft_sign(draft);
  negate(draft, draft->signature.ptr);
}

/* What is signed is not the digest that it should be. */
static void sign_digest(struct draft *draft, struct assay_bytes wrong) {
  const struct nettle_hash *hash = forge_hash(draft->alg);
  uint8_t right[ASSAY_DIGEST_BYTES_MAX];
  digest_input(draft, hash, right);
  draft_sign(draft);
  forge_ecdsa_resign(draft->key, bytes_of(right, hash->digest_size), wrong, draft->signature.ptr);
}

/* row_number: how many octets of the right digest. */
void ecdsa_digest_cut(struct draft *draft) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  digest_input(draft, forge_hash(draft->alg), digest);
  sign_digest(draft, bytes_of(digest, (size_t)draft->row_number));
}

static void sign_digest_by(struct draft *draft, const struct nettle_hash *hash) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  digest_input(draft, hash, digest);
  sign_digest(draft, bytes_of(digest, hash->digest_size));
}

void ecdsa_sha1(struct draft *draft) {
  sign_digest_by(draft, &nettle_sha1);
}

void ecdsa_other_sha2(struct draft *draft) {
  sign_digest_by(draft, draft->alg == ASSAY_ES512 ? &nettle_sha256 : &nettle_sha512);
}

/* The text itself in place of its digest. */
void ecdsa_unhashed(struct draft *draft) {
  sign_digest(draft, bytes_of(draft->header_part.ptr, assay_alg_info(draft->alg)->digest_bytes));
}

void ecdsa_infinity(struct draft *draft) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX], sig[2 * ASSAY_POINT_BYTES_MAX];
  const struct nettle_hash *hash = forge_hash(draft->alg);
  digest_input(draft, hash, digest);
  forge_ecdsa_infinity(draft->key, bytes_of(digest, hash->digest_size), &draft->rng, sig);
  signature_set(draft, sig, 2 * draft->key->x.len);
}

void ecdsa_one_both(struct draft *draft) {
  ecdsa_zero_both(draft);
  draft->signature.ptr[draft->signature.len / 2 - 1] = draft->signature.ptr[draft->signature.len - 1] = 1;
}
