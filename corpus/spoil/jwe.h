/* Genuine JWEs (RFC 7516), for verifiers that take whatever their library can open. */
#ifndef ASSAY_CORPUS_SPOIL_JWE_H
#define ASSAY_CORPUS_SPOIL_JWE_H

#include "corpus/base/rng.h"
#include "corpus/make/keyring.h"

struct text;

/* Compact JWEs of the plaintext, appended to out; the JOSE header is written by these.
 * dir:    under the octets of an HMAC key of 64 octets, with A256CBC-HS512 (RFC 7518 4.5, 5.2.5).
 * rsa1_5: to an RSA key, with A256GCM (RFC 7518 4.2, 5.3). Anybody can make one: it needs the public key
 * only. */
void jwe_dir(const struct signing_key *key, struct assay_bytes plaintext, struct rng *random,
             struct text *out);
void jwe_rsa1_5(const struct signing_key *key, struct assay_bytes plaintext, struct rng *random,
                struct text *out);

#endif
