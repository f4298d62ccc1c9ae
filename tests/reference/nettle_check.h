/* Real signature checks by Nettle (secp256k1: libgcrypt), for the reference and for the backend that the
 * tests give to the pipeline: whatever the two disagree about, it is not the cryptography. */
#ifndef ASSAY_TESTS_REFERENCE_NETTLE_CHECK_H
#define ASSAY_TESTS_REFERENCE_NETTLE_CHECK_H

#include "backends/backend.h"

/* Can the key be used at all: is its point on its curve? */
bool nettle_key_usable(const struct assay_public_key *key);
/* Does the JOSE signature of key->alg match? Any bytes, any lengths. */
bool nettle_signature_matches(const struct assay_public_key *key, struct assay_bytes input,
                              struct assay_bytes sig);

/* HMAC with SHA-256, -384 or -512, by the length of the tag (32, 48, 64). */
void nettle_hmac(unsigned digest_bytes, struct assay_bytes key, struct assay_bytes input, uint8_t *tag);

/* The same by the contract of backends/backend.h, compiled into the test. */
extern const struct assay_backend nettle_backend;

#endif
