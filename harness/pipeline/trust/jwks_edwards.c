/* Points of small order on the two Edwards curves. Under such a key a forged signature can be made to match
 * any message, and libraries disagree on refusing it; assay refuses it when the key is read (RFC
 * 8032 5.1.3, 5.2.3).
 *
 * An encoded point is y, little-endian, and the lowest bit of x as the top bit of the last octet. With x = 0
 * that bit must be 0; all other y here have points of both signs. */
#include "harness/pipeline/trust/jwks_key.h"

#define ED25519_OCTETS 32
#define ED448_OCTETS 57

/* p = 2^255 - 19 */
static const uint8_t ed25519_p[ED25519_OCTETS] = {
    0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

/* y of the four points of order 8: those whose double has y = 0, so y^2 = -x^2. The two sum to p. */
static const uint8_t ed25519_order_8[2][ED25519_OCTETS] = {
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

/* p = 2^448 - 2^224 - 1, in the 57 octets of an encoded point */
static const uint8_t ed448_p[ED448_OCTETS] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00};

/* -1, 0 or 1, as little-endian numbers. */
static int le_compare(const uint8_t *a, const uint8_t *b, size_t octets) {
  for (size_t i = octets; i-- > 0;)
    if (a[i] != b[i])
      return a[i] < b[i] ? -1 : 1;
  return 0;
}

static bool le_is_small(const uint8_t *y, size_t octets, uint8_t value) {
  uint8_t rest = 0;
  for (size_t i = 1; i < octets; i++)
    rest |= y[i];
  return rest == 0 && y[0] == value;
}

/* y = p - 1: both primes are odd, so only the lowest bit differs. */
static bool le_is_minus_one(const uint8_t *y, const uint8_t *p, size_t octets) {
  return (y[0] ^ p[0]) == 1 && memcmp(y + 1, p + 1, octets - 1) == 0;
}

enum assay_reason edwards_point_check(enum jwk_curve curve, struct assay_bytes x) {
  bool is_25519 = curve == CURVE_ED25519;
  const uint8_t *p = is_25519 ? ed25519_p : ed448_p;
  uint8_t y[ED448_OCTETS];
  memcpy(y, x.ptr, x.len);
  bool sign = y[x.len - 1] & 0x80;
  y[x.len - 1] &= 0x7f;
  /* y = 1 and y = -1 have x = 0, whose sign bit is 0. */
  bool x_is_zero = le_is_small(y, x.len, 1) || le_is_minus_one(y, p, x.len);
  if (le_compare(y, p, x.len) >= 0 || (x_is_zero && sign))
    return REASON_KEY_NONCANONICAL;
  if (x_is_zero || le_is_small(y, x.len, 0)) /* orders 1 and 2; order 4 */
    return REASON_KEY_LOW_ORDER;
  for (size_t i = 0; is_25519 && i < 2; i++)
    if (le_compare(y, ed25519_order_8[i], x.len) == 0)
      return REASON_KEY_LOW_ORDER;
  return REASON_OK;
}
