/* The two keys that HMAC hashes first, padded to a block (RFC 2104 2), for libraries that are fastest with two
 * hash states: one that has taken the inner key, one that has taken the outer, both copied for every token.
 * All hashing is the library's. Included by one file of a module. */
#ifndef ASSAY_BACKENDS_HMAC_PADS_H
#define ASSAY_BACKENDS_HMAC_PADS_H

#include "backends/backend.h"

enum { HMAC_BLOCK_BYTES_MAX = 128 };

struct hmac_pads {
  uint8_t inner[HMAC_BLOCK_BYTES_MAX], outer[HMAC_BLOCK_BYTES_MAX];
  size_t bytes; /* of each: the hash's block */
};

/* SHA-256 has blocks of 64 bytes, SHA-384 and SHA-512 of 128 (FIPS 180-4 1). */
static size_t hmac_block_bytes(size_t digest_bytes) {
  return digest_bytes == 32 ? 64 : 128;
}

/* key: a block at most; the caller hashes a longer one before. */
static void hmac_pads_fill(struct hmac_pads *pads, size_t digest_bytes, struct assay_bytes key) {
  pads->bytes = hmac_block_bytes(digest_bytes);
  for (size_t i = 0; i < pads->bytes; i++) {
    uint8_t octet = i < key.len ? key.ptr[i] : 0;
    pads->inner[i] = octet ^ 0x36;
    pads->outer[i] = octet ^ 0x5c;
  }
}

#endif
