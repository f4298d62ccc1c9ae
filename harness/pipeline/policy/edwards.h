/* Numbers of the two Edwards curves, little-endian as in RFC 8032. What is compared here is public. */
#ifndef ASSAY_PIPELINE_POLICY_EDWARDS_H
#define ASSAY_PIPELINE_POLICY_EDWARDS_H

#include "harness/base/alg.h"
#include "harness/base/reason.h"

#define ED25519_OCTETS 32 /* of an encoded point */
#define ED448_OCTETS 57

extern const uint8_t ed25519_prime[ED25519_OCTETS]; /* 2^255 - 19 */
extern const uint8_t ed448_prime[ED448_OCTETS];     /* 2^448 - 2^224 - 1 */

static inline bool below_little_endian(const uint8_t *number, const uint8_t *bound, size_t len) {
  for (size_t i = len; i-- > 0;)
    if (number[i] != bound[i])
      return number[i] < bound[i];
  return false;
}

/* Is the encoded Edwards point one that no key may be? OK, KEY_NONCANONICAL or KEY_LOW_ORDER.
 * x: exactly as long as the curve's encoding (32 or 57 octets). */
enum assay_reason edwards_point_check(enum jwk_curve curve, struct assay_bytes x);

#endif
