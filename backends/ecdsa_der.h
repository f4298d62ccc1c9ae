/* An ECDSA signature in JOSE's form, R || S (RFC 7518 3.4), as the Ecdsa-Sig-Value that libraries take whose
 * interface comes from X.509 (RFC 3279 2.2.3). Included by one file of a module. */
#ifndef ASSAY_BACKENDS_ECDSA_DER_H
#define ASSAY_BACKENDS_ECDSA_DER_H

#include "backends/backend.h"

/* Writes a DER INTEGER: no needless leading zeros, one where the top bit is set (X.690 8.3.2). */
static inline uint8_t *der_put_integer(uint8_t *at, const uint8_t *number, size_t bytes) {
  while (bytes > 1 && *number == 0)
    number++, bytes--;
  size_t sign = *number >> 7;
  *at++ = 0x02;
  *at++ = (uint8_t)(bytes + sign);
  if (sign)
    *at++ = 0;
  memcpy(at, number, bytes);
  return at + bytes;
}

struct der_signature {
  uint8_t memory[3 + 2 * (2 + 1 + ASSAY_POINT_BYTES_MAX)];
  const uint8_t *start;
  size_t bytes;
};

/* sig: of the length that the curve gives, checked before. */
static inline void der_from_jose(struct der_signature *der, struct assay_bytes sig) {
  uint8_t *body = der->memory + 3; /* room for the longest header */
  uint8_t *end = der_put_integer(body, sig.ptr, sig.len / 2);
  end = der_put_integer(end, sig.ptr + sig.len / 2, sig.len / 2);
  size_t content = (size_t)(end - body);
  *--body = (uint8_t)content;
  if (content > 127)
    *--body = 0x81;
  *--body = 0x30;
  der->start = body;
  der->bytes = (size_t)(end - body);
}

#endif
