/* What several RSA libraries leave to their caller: whether n and e can be a key at all, and the text that a
 * PKCS #1 v1.5 signature must hold. Included by one file of a module. */
#ifndef ASSAY_BACKENDS_RSA_FORMS_H
#define ASSAY_BACKENDS_RSA_FORMS_H

#include "backends/backend.h"

/* RFC 8017 3.1, as far as it shows without the factors: both odd, 1 < e < n. With e = 1 every encoding would
 * sign itself. */
static inline bool rsa_key_is_sane(const struct assay_public_key *key) {
  struct assay_bytes n = key->n, e = key->e;
  if (n.len == 0 || e.len == 0 || !(n.ptr[n.len - 1] & 1) || !(e.ptr[e.len - 1] & 1))
    return false;
  if (e.len > n.len || (e.len == n.len && memcmp(e.ptr, n.ptr, n.len) >= 0))
    return false;
  for (size_t i = 0; i + 1 < e.len; i++)
    if (e.ptr[i])
      return true;
  return e.ptr[e.len - 1] > 1;
}

#define RSA_DIGEST_INFO_PREFIX 19u

/* A DigestInfo: the digest is written behind the prefix. */
struct rsa_digest_info {
  uint8_t octets[RSA_DIGEST_INFO_PREFIX + ASSAY_DIGEST_BYTES_MAX];
  size_t bytes;
};

/* The prefix of SHA-256, SHA-384 or SHA-512, by the length of its digest (RFC 8017 9.2 note 1). */
static inline void rsa_digest_info_init(struct rsa_digest_info *info, size_t digest_bytes) {
  uint8_t digest = (uint8_t)digest_bytes, hash = (uint8_t)(digest_bytes / 16 - 1);
  const uint8_t prefix[RSA_DIGEST_INFO_PREFIX] = {0x30, 17 + digest, 0x30, 0x0d, 0x06,  0x09, 0x60,
                                                  0x86, 0x48,        0x01, 0x65, 0x03,  0x04, 0x02,
                                                  hash, 0x05,        0x00, 0x04, digest};
  memcpy(info->octets, prefix, sizeof prefix);
  info->bytes = sizeof prefix + digest_bytes;
}

#endif
