/* The one table of signature algorithms, of which everything else that hangs on an algorithm is derived:
 * names, key types, curves, sets and the sizes of buffers. An algorithm is called twice: by what a crypto
 * library computes (enum assay_alg) and by what a JOSE header or policy says (enum jose_alg). The two differ
 * only for Edwards curves: "Ed25519" and "Ed448" name their curve (RFC 9864), "EdDSA" leaves it to the key
 * (RFC 8037 3.1). */
#ifndef ASSAY_BASE_ALG_H
#define ASSAY_BASE_ALG_H

#include "harness/base/bytes.h"

enum assay_family { FAMILY_HMAC, FAMILY_RSA_PKCS1, FAMILY_RSA_PSS, FAMILY_ECDSA, FAMILY_EDDSA };

/* X(id, kty): RFC 7518 6.1, RFC 8037 2. */
#define ASSAY_KEY_TYPES(X) X(OCT, "oct") X(RSA, "RSA") X(EC, "EC") X(OKP, "OKP")

/* X(id, crv): RFC 7518 6.2.1.1, RFC 8812 3.1, RFC 8037 2. */
#define ASSAY_CURVES(X)                                                                                      \
  X(P256, "P-256")                                                                                           \
  X(P384, "P-384")                                                                                           \
  X(P521, "P-521")                                                                                           \
  X(SECP256K1, "secp256k1")                                                                                  \
  X(ED25519, "Ed25519")                                                                                      \
  X(ED448, "Ed448")

/* Bounds of an RSA modulus. Beyond the larger, one check takes so long that the key is a weapon. */
#define ASSAY_RSA_BYTES_MIN 256 /* RFC 7518 3.3 */
#define ASSAY_RSA_BYTES_MAX 2048

/* X(arg, id, JOSE name, name in lists and results, family, key type, curve, hash, key and signature octets)
 * for every algorithm; arg is handed through. RFC 7518 3.1, RFC 8037 3.1, RFC 8812 3.2, RFC 9864 2.
 *   hash       0: the scheme hashes by itself
 *   key        of k and n the least (RFC 7518 3.2, 3.3); of x, and of an EC key's y, the very number
 *   signature  in JOSE form; 0: as many as the modulus has
 * The order is part of the corpus format: append only. */
#define ASSAY_ALGS(X, arg)                                                                                   \
  X(arg, HS256, "HS256", "HS256", HMAC, OCT, NONE, 32, 32, 32)                                               \
  X(arg, HS384, "HS384", "HS384", HMAC, OCT, NONE, 48, 48, 48)                                               \
  X(arg, HS512, "HS512", "HS512", HMAC, OCT, NONE, 64, 64, 64)                                               \
  X(arg, RS256, "RS256", "RS256", RSA_PKCS1, RSA, NONE, 32, ASSAY_RSA_BYTES_MIN, 0)                          \
  X(arg, RS384, "RS384", "RS384", RSA_PKCS1, RSA, NONE, 48, ASSAY_RSA_BYTES_MIN, 0)                          \
  X(arg, RS512, "RS512", "RS512", RSA_PKCS1, RSA, NONE, 64, ASSAY_RSA_BYTES_MIN, 0)                          \
  X(arg, PS256, "PS256", "PS256", RSA_PSS, RSA, NONE, 32, ASSAY_RSA_BYTES_MIN, 0)                            \
  X(arg, PS384, "PS384", "PS384", RSA_PSS, RSA, NONE, 48, ASSAY_RSA_BYTES_MIN, 0)                            \
  X(arg, PS512, "PS512", "PS512", RSA_PSS, RSA, NONE, 64, ASSAY_RSA_BYTES_MIN, 0)                            \
  X(arg, ES256, "ES256", "ES256", ECDSA, EC, P256, 32, 32, 64)                                               \
  X(arg, ES384, "ES384", "ES384", ECDSA, EC, P384, 48, 48, 96)                                               \
  X(arg, ES512, "ES512", "ES512", ECDSA, EC, P521, 64, 66, 132)                                              \
  X(arg, ES256K, "ES256K", "ES256K", ECDSA, EC, SECP256K1, 32, 32, 64)                                       \
  X(arg, ED25519, "Ed25519", "EdDSA", EDDSA, OKP, ED25519, 0, 32, 64)                                        \
  X(arg, ED448, "Ed448", "Ed448", EDDSA, OKP, ED448, 0, 57, 114)

enum jwk_type {
#define X(id, kty) JWK_##id,
  ASSAY_KEY_TYPES(X)
#undef X
      JWK_TYPE_COUNT
};

enum jwk_curve {
  CURVE_NONE,
#define X(id, crv) CURVE_##id,
  ASSAY_CURVES(X)
#undef X
      CURVE_COUNT
};

enum assay_alg {
#define X(arg, id, ...) ASSAY_##id,
  ASSAY_ALGS(X, )
#undef X
      ASSAY_ALG_COUNT
};

#define ASSAY_ALG_BIT(alg) (UINT64_C(1) << (alg))
#define ASSAY_ALG_NONE ASSAY_ALG_COUNT /* "no such algorithm" */

/* Sets of ASSAY_ALG_BITs, as constants, which add up: of a family (HMAC, RSA_PKCS1, ...), of a key type (OCT,
 * RSA, ...). */
#define ASSAY_ALGS_ALL (ASSAY_ALG_BIT(ASSAY_ALG_COUNT) - 1)
#define ASSAY_ALGS_OF_FAMILY(family) (UINT64_C(0) ASSAY_ALGS(ASSAY_BIT_IF_FAMILY, FAMILY_##family))
#define ASSAY_ALGS_OF_TYPE(type) (UINT64_C(0) ASSAY_ALGS(ASSAY_BIT_IF_TYPE, JWK_##type))
#define ASSAY_BIT_IF_FAMILY(wanted, id, name, called, family, ...)                                           \
  +(FAMILY_##family == (wanted) ? ASSAY_ALG_BIT(ASSAY_##id) : 0)
#define ASSAY_BIT_IF_TYPE(wanted, id, name, called, family, type, ...)                                       \
  +(JWK_##type == (wanted) ? ASSAY_ALG_BIT(ASSAY_##id) : 0)

/* What is large enough for every algorithm, at compile time: a member an algorithm, the largest counts. */
union assay_signature_room {
#define X(arg, id, name, called, family, type, curve, hash, key, signature)                                  \
  uint8_t id[(signature) ? (signature) : ASSAY_RSA_BYTES_MAX];
  ASSAY_ALGS(X, )
#undef X
};
union assay_digest_room {
#define X(arg, id, name, called, family, type, curve, hash, ...) uint8_t id[(hash) ? (hash) : 1];
  ASSAY_ALGS(X, )
#undef X
};
union assay_point_room {
#define X(arg, id, name, called, family, type, curve, hash, key, ...)                                        \
  uint8_t id[CURVE_##curve != CURVE_NONE ? (key) : 1];
  ASSAY_ALGS(X, )
#undef X
};
#define ASSAY_SIGNATURE_BYTES_MAX sizeof(union assay_signature_room)
#define ASSAY_DIGEST_BYTES_MAX sizeof(union assay_digest_room)
#define ASSAY_POINT_BYTES_MAX sizeof(union assay_point_room) /* of a coordinate, or an Edwards key */

struct assay_alg_info {
  const char *name; /* in lists and results */
  enum assay_family family;
  enum jwk_type key_type;
  enum jwk_curve curve;     /* CURVE_NONE: the key has none */
  unsigned digest_bytes;    /* 0: the scheme hashes by itself (EdDSA) */
  unsigned key_bytes;       /* see ASSAY_ALGS */
  unsigned signature_bytes; /* 0: as long as the RSA modulus */
};

/* Facts of an algorithm; alg < ASSAY_ALG_COUNT. Never NULL. */
const struct assay_alg_info *assay_alg_info(enum assay_alg alg);
const char *assay_alg_name(enum assay_alg alg);
/* By the name in lists; ASSAY_ALG_NONE where there is none. */
enum assay_alg assay_alg_by_name(const char *name);
/* The first of a family with that hash; ASSAY_ALG_NONE where there is none. */
enum assay_alg assay_alg_of(enum assay_family family, unsigned digest_bytes);

/* Key types and curves by their names in a JWK; JWK_TYPE_COUNT, CURVE_NONE: no algorithm uses it. */
const char *jwk_type_name(enum jwk_type type);
enum jwk_type jwk_type_by_name(struct assay_bytes kty);
const char *jwk_curve_name(enum jwk_curve curve);
enum jwk_curve jwk_curve_by_name(struct assay_bytes crv);
/* The algorithm that such a key is for, or the first of them; ASSAY_ALG_NONE: no key has both. */
enum assay_alg jwk_alg_of(enum jwk_type type, enum jwk_curve curve);

/* Header and policy names: the numbers are those of enum assay_alg, and of the one more name. */
enum jose_alg {
#define X(arg, id, ...) JOSE_##id,
  ASSAY_ALGS(X, )
#undef X
      JOSE_EDDSA,
  JOSE_ALG_COUNT
};

#define JOSE_ALG_BIT(alg) (1u << (alg))
_Static_assert(JOSE_ALG_COUNT < 32, "JOSE_ALG_BIT is of 32 bits");

const char *jose_alg_name(enum jose_alg alg);
/* Exact, case-sensitive (RFC 7515 4.1.1); JOSE_ALG_COUNT where the name is not a registered JWS algorithm
 * that assay knows. "none" is not one. */
enum jose_alg jose_alg_by_name(struct assay_bytes name);
/* The names under which a key of that type and curve can serve, as JOSE_ALG_BITs. CURVE_NONE: any curve. */
uint32_t jose_algs_of_key(enum jwk_type type, enum jwk_curve curve);
/* The name that tokens of an algorithm carry as a rule: EdDSA for either Edwards curve (RFC 8037 3.1). */
enum jose_alg jose_alg_of(enum assay_alg alg);
/* What is computed for a header's name, by a key on that curve. */
enum assay_alg jose_alg_primitive(enum jose_alg alg, enum jwk_curve curve);

#endif
