/* Every issuer and key of a corpus, made from the seed. Signing keys never leave assay-corpus. */
#ifndef ASSAY_CORPUS_MAKE_KEYRING_H
#define ASSAY_CORPUS_MAKE_KEYRING_H

#include <jansson.h>

#include "harness/base/alg.h"
#include "harness/base/error.h"

/* Of a type without curves, or of a curve. */
enum key_kind {
  KEY_OCT,
  KEY_RSA,
#define X(id, crv) KEY_##id,
  ASSAY_CURVES(X)
#undef X
};

/* A key pair. Opaque parts belong to the signer (sign.c); the public octets are as in a JWK. */
struct signing_key {
  enum key_kind kind;
  unsigned bits; /* RSA modulus; 0 elsewhere */
  const char *kid;
  /* Public octets, big-endian; unused ones are empty. k of KEY_OCT is the secret itself. */
  struct assay_bytes k, n, e, x, y;
  /* Private octets for forgeries: d (RSA, EC scalar, Edwards seed), p and q (RSA). */
  struct assay_bytes d, p, q;
  void *private_key; /* sign.c's own form */
};

struct ring_issuer {
  const char *iss;      /* "https://login.north.example" */
  const char *host;     /* "login.north.example": names keys/<host>.jwks */
  const char *audience; /* the one API that all its tokens are for */
  uint64_t algs;        /* ASSAY_ALG_BITs that it issues: either HMAC or asymmetric ones, never both */
  struct signing_key *keys;
  size_t key_count;
};

struct keyring {
  uint64_t seed;
  struct ring_issuer *issuers;
  size_t issuer_count;
  /* Keys that no issuer has: for wrong-key, embedded-key and the like; at least one of every kind, RSA with
   * 2048 bits; and `weak`: RSA with 1024 bits, for rsa-small. */
  struct signing_key *strangers;
  size_t stranger_count;
  const struct signing_key *weak;
};

/* How many keys: the same issuers either way. Small is for tests: one RSA key of 2048 bits an issuer, and
 * 3072 and 4096 bits at the first issuer alone. */
enum keyring_size { KEYRING_FULL, KEYRING_SMALL };

/* Generates everything, on `threads` threads, the same for every thread count. NULL for want of memory.
 * progress: called with the share done, 0..1, from one thread at a time; may be NULL. */
struct keyring *keyring_new(uint64_t seed, unsigned threads, void (*progress)(void *arg, double share),
                            void *arg);
struct keyring *keyring_new_sized(enum keyring_size size, uint64_t seed, unsigned threads,
                                  void (*progress)(void *arg, double share), void *arg);
void keyring_free(struct keyring *ring);

/* The nth key (wrapping) of an issuer that can sign alg with that modulus size (0: any); NULL if none. */
const struct signing_key *keyring_pick(const struct ring_issuer *issuer, enum assay_alg alg, unsigned bits,
                                       unsigned nth);
const struct signing_key *keyring_stranger(const struct keyring *ring, enum assay_alg alg);

/* The public JWK: {"kty", "kid", "use":"sig", ...}, without alg. New reference. */
json_t *signing_key_jwk(const struct signing_key *key);
/* {"keys":[...]} of an issuer. New reference. */
json_t *ring_issuer_jwks(const struct ring_issuer *issuer);
/* The whole corpus policy (assay-policy/1) as JSON; `keys` are paths keys/<host>.jwks. New reference. */
json_t *keyring_policy(const struct keyring *ring);

/* JOSE signature (RFC 7518 3) of input by key under alg. random: nonces, salts, blinding. sig:
 * ASSAY_SIGNATURE_BYTES_MAX. Returns the length. Aborts where alg does not fit the key: that is a bug
 * in the generator. */
struct rng;
size_t signing_key_sign(const struct signing_key *key, enum assay_alg alg, struct assay_bytes input,
                        struct rng *random, uint8_t *sig);

#endif
