/* Signature algorithms, twice: what a crypto library computes (enum assay_alg) and what a JOSE header or
 * policy calls it (enum jose_alg). The two differ only for Edwards curves: the header name "EdDSA" leaves
 * the curve to the key (RFC 8037 3.1), "Ed25519" and "Ed448" name it themselves (RFC 9864). */
#ifndef ASSAY_BASE_ALG_H
#define ASSAY_BASE_ALG_H

#include "harness/base/bytes.h"

enum assay_family { FAMILY_HMAC, FAMILY_RSA_PKCS1, FAMILY_RSA_PSS, FAMILY_ECDSA, FAMILY_EDDSA };

/* X(id, display name, family, digest bytes (0: built in), JOSE signature bytes (0: the modulus' length))
 * RFC 7518 3.1, RFC 8037 3.1, RFC 8812 3.2. The order is part of the corpus format: append only. */
#define ASSAY_ALGS(X)                                                                                        \
  X(HS256, "HS256", FAMILY_HMAC, 32, 32)                                                                     \
  X(HS384, "HS384", FAMILY_HMAC, 48, 48)                                                                     \
  X(HS512, "HS512", FAMILY_HMAC, 64, 64)                                                                     \
  X(RS256, "RS256", FAMILY_RSA_PKCS1, 32, 0)                                                                 \
  X(RS384, "RS384", FAMILY_RSA_PKCS1, 48, 0)                                                                 \
  X(RS512, "RS512", FAMILY_RSA_PKCS1, 64, 0)                                                                 \
  X(PS256, "PS256", FAMILY_RSA_PSS, 32, 0)                                                                   \
  X(PS384, "PS384", FAMILY_RSA_PSS, 48, 0)                                                                   \
  X(PS512, "PS512", FAMILY_RSA_PSS, 64, 0)                                                                   \
  X(ES256, "ES256", FAMILY_ECDSA, 32, 64)                                                                    \
  X(ES384, "ES384", FAMILY_ECDSA, 48, 96)                                                                    \
  X(ES512, "ES512", FAMILY_ECDSA, 64, 132)                                                                   \
  X(ES256K, "ES256K", FAMILY_ECDSA, 32, 64)                                                                  \
  X(ED25519, "EdDSA", FAMILY_EDDSA, 0, 64)                                                                   \
  X(ED448, "Ed448", FAMILY_EDDSA, 0, 114)

enum assay_alg {
#define X(id, name, family, digest, sig) ASSAY_##id,
  ASSAY_ALGS(X)
#undef X
      ASSAY_ALG_COUNT
};

#define ASSAY_ALG_BIT(alg) (UINT64_C(1) << (alg))
#define ASSAY_ALG_NONE ASSAY_ALG_COUNT /* "no such algorithm" */

struct assay_alg_info {
  const char *name;
  enum assay_family family;
  unsigned digest_bytes;    /* 0: the scheme hashes by itself (EdDSA) */
  unsigned signature_bytes; /* 0: as long as the RSA modulus */
};

/* Facts of an algorithm; alg < ASSAY_ALG_COUNT. Never NULL. */
const struct assay_alg_info *assay_alg_info(enum assay_alg alg);
const char *assay_alg_name(enum assay_alg alg);
/* By display name; ASSAY_ALG_NONE where there is none. */
enum assay_alg assay_alg_by_name(const char *name);

/* Header and policy names. The first thirteen equal enum assay_alg. */
enum jose_alg {
  JOSE_HS256,
  JOSE_HS384,
  JOSE_HS512,
  JOSE_RS256,
  JOSE_RS384,
  JOSE_RS512,
  JOSE_PS256,
  JOSE_PS384,
  JOSE_PS512,
  JOSE_ES256,
  JOSE_ES384,
  JOSE_ES512,
  JOSE_ES256K,
  JOSE_EDDSA,
  JOSE_ED25519,
  JOSE_ED448,
  JOSE_ALG_COUNT
};

#define JOSE_ALG_BIT(alg) (1u << (alg))

const char *jose_alg_name(enum jose_alg alg);
/* Exact, case-sensitive (RFC 7515 4.1.1); JOSE_ALG_COUNT where the name is not a registered JWS algorithm
 * that assay knows. "none" is not one. */
enum jose_alg jose_alg_by_name(struct assay_bytes name);

#endif
