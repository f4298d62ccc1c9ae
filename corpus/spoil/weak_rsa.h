/* RSA keys that nobody should have, and right signatures by them: any number of primes, any exponent. Their
 * primes are known ones (just below a power of two), so that making one costs nothing. */
#ifndef ASSAY_CORPUS_SPOIL_WEAK_RSA_H
#define ASSAY_CORPUS_SPOIL_WEAK_RSA_H

#include <gmp.h>

#include "corpus/make/draft.h"

#define WEAK_RSA_PRIMES_MAX 17

struct weak_rsa {
  mpz_t n, e;
  mpz_t primes[WEAK_RSA_PRIMES_MAX];
  size_t count;
};

void weak_rsa_init(struct weak_rsa *key);
void weak_rsa_fini(struct weak_rsa *key);

/* Primes, each one more factor of n. nth chooses one of several. */
void weak_rsa_add(struct weak_rsa *key, const mpz_t prime);
void weak_rsa_add_1024(struct weak_rsa *key, unsigned nth); /* 2^1024 - c, twenty of them, p = 2 mod 3 */
void weak_rsa_add_1016(struct weak_rsa *key, unsigned nth); /* 2^1016 - c, four */
void weak_rsa_add_1032(struct weak_rsa *key, unsigned nth); /* 2^1032 - c, four */
void weak_rsa_add_roca(struct weak_rsa *key, unsigned nth); /* k M + 65537^a mod M (CVE-2017-15361), eight */
void weak_rsa_add_pair(struct weak_rsa *key, const struct signing_key *rsa); /* p and q of an honest key */

/* The smallest e that can be used with these primes and is at least `from`. */
void weak_rsa_exponent(struct weak_rsa *key, uint64_t from);

/* {"kty":"RSA","use":"sig","n":..,"e":..}. New reference. */
json_t *weak_rsa_jwk(const struct weak_rsa *key);
/* Sets the draft's signature by its sign_alg, one of RS or PS. n is to have a multiple of 8 bits. */
void weak_rsa_sign(const struct weak_rsa *key, struct draft *draft);

#endif
