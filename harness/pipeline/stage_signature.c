/* Stage 7: first the forms that every library must refuse alike, so that no subject's own leniency decides,
 * then the backend. Of the backend's refusals one reason is made (ARCHITECTURE, The contract). */
#include "harness/pipeline/policy/edwards.h"
#include "harness/pipeline/stage.h"

/* Numbers that a part of a signature must be below. Big-endian as in ECDSA (SEC 2), least significant octet
 * first as in EdDSA (RFC 8032 5.1, 5.2). */
static const uint8_t p256_order[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                       0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
static const uint8_t p384_order[48] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
    0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73};
static const uint8_t p521_order[66] = {
    0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfa,
    0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b,
    0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09};
static const uint8_t secp256k1_order[32] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                            0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                                            0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
static const uint8_t ed25519_order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                          0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
static const uint8_t ed448_order[57] = {
    0xf3, 0x44, 0x58, 0xab, 0x92, 0xc2, 0x78, 0x23, 0x55, 0x8f, 0xc5, 0x8d, 0x72, 0xc2, 0x6c,
    0x21, 0x90, 0x36, 0xd6, 0xae, 0x49, 0xdb, 0x4e, 0xc4, 0xe9, 0x23, 0xca, 0x7c, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 0x00};

static bool is_zero(const uint8_t *number, size_t len) {
  while (len && number[len - 1] == 0)
    len--;
  return len == 0;
}

/* R || S, each as long as the order (RFC 7518 3.4), both in 1..n-1 (FIPS 186-5 6.4.2). */
static enum assay_reason check_ecdsa(const uint8_t *signature, const uint8_t *order, size_t len) {
  const uint8_t *r = signature, *s = signature + len;
  if (is_zero(r, len) || is_zero(s, len))
    return REASON_SIGNATURE_ZERO;
  return memcmp(r, order, len) < 0 && memcmp(s, order, len) < 0 ? REASON_OK : REASON_SIGNATURE_RANGE;
}

/* R's y below p once the sign bit is off, S below L (RFC 8032 5.1.3, 5.1.7, 5.2.3, 5.2.7). In Ed448 the sign
 * has an octet of its own, whose other bits must be zero: they make y too large. */
static enum assay_reason check_eddsa(const uint8_t *signature, const uint8_t *prime, const uint8_t *order,
                                     size_t len) {
  uint8_t y[ED448_OCTETS];
  memcpy(y, signature, len);
  y[len - 1] &= 0x7f;
  if (!below_little_endian(y, prime, len) || !below_little_endian(signature + len, order, len))
    return REASON_SIGNATURE_RANGE;
  return REASON_OK;
}

static enum assay_reason check_numbers(const struct token *token) {
  const uint8_t *signature = token->signature.ptr;
  struct assay_bytes modulus = token->key->jwk->n;
  switch (token->primitive) {
  case ASSAY_ES256: return check_ecdsa(signature, p256_order, sizeof p256_order);
  case ASSAY_ES384: return check_ecdsa(signature, p384_order, sizeof p384_order);
  case ASSAY_ES512: return check_ecdsa(signature, p521_order, sizeof p521_order);
  case ASSAY_ES256K: return check_ecdsa(signature, secp256k1_order, sizeof secp256k1_order);
  case ASSAY_ED25519: return check_eddsa(signature, ed25519_prime, ed25519_order, sizeof ed25519_order);
  case ASSAY_ED448: return check_eddsa(signature, ed448_prime, ed448_order, sizeof ed448_order);
  case ASSAY_HS256:
  case ASSAY_HS384:
  case ASSAY_HS512: return REASON_OK;
  default: /* RSA: s < n (RFC 8017 5.2.2) */
    return memcmp(signature, modulus.ptr, modulus.len) < 0 ? REASON_OK : REASON_SIGNATURE_RANGE;
  }
}

enum assay_reason signature_check_form(const struct token *token) {
  size_t expected = assay_alg_info(token->primitive)->signature_bytes;
  if (expected == 0)
    expected = token->key->jwk->n.len;
  if (token->signature.len != expected)
    return REASON_SIGNATURE_LENGTH;
  return check_numbers(token);
}

static USUAL enum assay_reason verify(struct session *session, const struct token *token) {
  enum assay_reason reason = signature_check_form(token);
  if (reason != REASON_OK)
    return reason;
  session->last_outcome =
      session->backend->verify(session->ctx, token->imported, token_signing_input(token), token->signature);
  switch (session->last_outcome) {
  case ASSAY_MATCH: return REASON_OK;
  case ASSAY_MISMATCH:
  case ASSAY_MALFORMED: return REASON_SIGNATURE_INVALID;
  case ASSAY_UNSUPPORTED: return REASON_UNSUPPORTED;
  default: return REASON_FAULT;
  }
}

/* The reasons of this stage are numbered in the order in which they are found: of several keys, the one under
 * which the signature came furthest tells why it was refused. */
RARE static enum assay_reason verify_by_others(struct session *session, struct token *token,
                                               enum assay_reason reason) {
  const struct key_entry *first = token->issuer->keys;
  while (reason != REASON_OK && assay_reason_stage(reason) == STAGE_SIGNATURE &&
         key_candidate_take(session, token, (size_t)(token->key - first) + 1)) {
    enum assay_reason other = verify(session, token);
    reason = other == REASON_OK || other > reason ? other : reason;
  }
  return reason;
}

enum assay_reason stage_signature(struct session *session, struct token *token) {
  enum assay_reason reason = verify(session, token);
  return reason != REASON_OK && key_is_one_of_several(token) ? verify_by_others(session, token, reason)
                                                             : reason;
}
