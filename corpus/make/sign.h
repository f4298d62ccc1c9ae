/* Key pairs: made from a random stream, signed with, and thrown away. The one file with signing cryptography
 * is sign.c; signing itself is signing_key_sign in keyring.h. */
#ifndef ASSAY_CORPUS_MAKE_SIGN_H
#define ASSAY_CORPUS_MAKE_SIGN_H

#include "corpus/base/rng.h"
#include "corpus/make/keyring.h"

/* Fills key with a fresh pair. bits: RSA modulus, unused elsewhere. kid is left alone. Aborts for
 * want of memory. */
void signing_key_make(struct signing_key *key, enum key_kind kind, unsigned bits, struct rng *random);
void signing_key_fini(struct signing_key *key);

/* The kind of key that alg signs with. */
enum key_kind key_kind_of(enum assay_alg alg);

#endif
