/* Signature checks by Nettle and libgcrypt: straight-line, nothing kept between two calls. */
#include "tests/reference/nettle_check.h"

#include <gcrypt.h>
#include <nettle/bignum.h>
#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/ecdsa.h>
#include <nettle/eddsa.h>
#include <nettle/hmac.h>
#include <nettle/rsa.h>
#include <nettle/sha2.h>

#define DIGEST_BYTES_MAX SHA512_DIGEST_SIZE

static void hash(unsigned digest_bytes, struct assay_bytes input, uint8_t *digest) {
  struct sha256_ctx small;
  struct sha512_ctx large;
  switch (digest_bytes) {
  case 32:
    sha256_init(&small);
    sha256_update(&small, input.len, input.ptr);
    sha256_digest(&small, 32, digest);
    break;
  case 48:
    sha384_init(&large);
    sha512_update(&large, input.len, input.ptr);
    sha384_digest(&large, 48, digest);
    break;
  default:
    sha512_init(&large);
    sha512_update(&large, input.len, input.ptr);
    sha512_digest(&large, 64, digest);
  }
}

void nettle_hmac(unsigned digest_bytes, struct assay_bytes key, struct assay_bytes input, uint8_t *tag) {
  struct hmac_sha256_ctx small;
  struct hmac_sha512_ctx large;
  switch (digest_bytes) {
  case 32:
    hmac_sha256_set_key(&small, key.len, key.ptr);
    hmac_sha256_update(&small, input.len, input.ptr);
    hmac_sha256_digest(&small, 32, tag);
    break;
  case 48:
    hmac_sha384_set_key(&large, key.len, key.ptr);
    hmac_sha512_update(&large, input.len, input.ptr);
    hmac_sha384_digest(&large, 48, tag);
    break;
  default:
    hmac_sha512_set_key(&large, key.len, key.ptr);
    hmac_sha512_update(&large, input.len, input.ptr);
    hmac_sha512_digest(&large, 64, tag);
  }
}

static bool hmac_matches(const struct assay_public_key *key, unsigned digest_bytes, struct assay_bytes input,
                         struct assay_bytes sig) {
  uint8_t tag[DIGEST_BYTES_MAX];
  nettle_hmac(digest_bytes, key->k, input, tag);
  return sig.len == digest_bytes && memcmp(tag, sig.ptr, sig.len) == 0;
}

/* ---- RSA ---- */

static bool pkcs1_matches(const struct rsa_public_key *rsa, unsigned digest_bytes, const uint8_t *digest,
                          const mpz_t s) {
  /* DigestInfo, RFC 8017 9.2 note 1 */
  uint8_t info[19 + DIGEST_BYTES_MAX] = {0x30,
                                         (uint8_t)(17 + digest_bytes),
                                         0x30,
                                         0x0d,
                                         0x06,
                                         0x09,
                                         0x60,
                                         0x86,
                                         0x48,
                                         0x01,
                                         0x65,
                                         0x03,
                                         0x04,
                                         0x02,
                                         0x00,
                                         0x05,
                                         0x00,
                                         0x04,
                                         (uint8_t)digest_bytes};
  info[14] = digest_bytes == 32 ? 1 : digest_bytes == 48 ? 2 : 3;
  memcpy(info + 19, digest, digest_bytes);
  return rsa_pkcs1_verify(rsa, 19 + digest_bytes, info, s);
}

/* The salt has the hash's length (RFC 7518 3.5). */
static bool pss_matches(const struct rsa_public_key *rsa, unsigned digest_bytes, const uint8_t *digest,
                        const mpz_t s) {
  switch (digest_bytes) {
  case 32: return rsa_pss_sha256_verify_digest(rsa, 32, digest, s);
  case 48: return rsa_pss_sha384_verify_digest(rsa, 48, digest, s);
  default: return rsa_pss_sha512_verify_digest(rsa, 64, digest, s);
  }
}

static bool rsa_matches(const struct assay_public_key *key, struct assay_bytes input,
                        struct assay_bytes sig) {
  const struct assay_alg_info *info = assay_alg_info(key->alg);
  struct rsa_public_key rsa;
  uint8_t digest[DIGEST_BYTES_MAX];
  mpz_t s;
  hash(info->digest_bytes, input, digest);
  rsa_public_key_init(&rsa);
  nettle_mpz_set_str_256_u(rsa.n, key->n.len, key->n.ptr);
  nettle_mpz_set_str_256_u(rsa.e, key->e.len, key->e.ptr);
  nettle_mpz_init_set_str_256_u(s, sig.len, sig.ptr);
  bool matches =
      sig.len == key->n.len && rsa_public_key_prepare(&rsa) &&
      (info->family == FAMILY_RSA_PSS ? pss_matches : pkcs1_matches)(&rsa, info->digest_bytes, digest, s);
  mpz_clear(s);
  rsa_public_key_clear(&rsa);
  return matches;
}

/* ---- ECDSA ---- */

static const struct ecc_curve *curve_of(enum assay_alg alg) {
  switch (alg) {
  case ASSAY_ES256: return nettle_get_secp_256r1();
  case ASSAY_ES384: return nettle_get_secp_384r1();
  default: return nettle_get_secp_521r1();
  }
}

static bool point_set(struct ecc_point *point, const struct assay_public_key *key) {
  mpz_t x, y;
  nettle_mpz_init_set_str_256_u(x, key->x.len, key->x.ptr);
  nettle_mpz_init_set_str_256_u(y, key->y.len, key->y.ptr);
  bool on_curve = ecc_point_set(point, x, y);
  mpz_clears(x, y, NULL);
  return on_curve;
}

static bool ecdsa_matches(const struct assay_public_key *key, struct assay_bytes input,
                          struct assay_bytes sig) {
  unsigned digest_bytes = assay_alg_info(key->alg)->digest_bytes;
  struct dsa_signature signature;
  struct ecc_point point;
  uint8_t digest[DIGEST_BYTES_MAX];
  hash(digest_bytes, input, digest);
  ecc_point_init(&point, curve_of(key->alg));
  dsa_signature_init(&signature);
  nettle_mpz_set_str_256_u(signature.r, sig.len / 2, sig.ptr);
  nettle_mpz_set_str_256_u(signature.s, sig.len / 2, sig.ptr + sig.len / 2);
  bool matches = sig.len == assay_alg_info(key->alg)->signature_bytes && point_set(&point, key) &&
                 ecdsa_verify(&point, digest_bytes, digest, &signature);
  dsa_signature_clear(&signature);
  ecc_point_clear(&point);
  return matches;
}

/* ---- secp256k1 by libgcrypt ---- */

static gcry_sexp_t k256_key(const struct assay_public_key *key) {
  uint8_t point[65] = {4};
  gcry_sexp_t sexp = NULL;
  if (key->x.len != 32 || key->y.len != 32)
    return NULL;
  memcpy(point + 1, key->x.ptr, 32);
  memcpy(point + 33, key->y.ptr, 32);
  if (gcry_sexp_build(&sexp, NULL, "(public-key (ecc (curve secp256k1) (q %b)))", 65, point))
    return NULL;
  return sexp;
}

static bool k256_usable(const struct assay_public_key *key) {
  gcry_sexp_t sexp = k256_key(key);
  gcry_ctx_t context = NULL;
  bool usable = false;
  if (sexp && gcry_mpi_ec_new(&context, sexp, NULL) == 0) {
    gcry_mpi_point_t point = gcry_mpi_ec_get_point("q", context, 1);
    usable = point && gcry_mpi_ec_curve_point(point, context);
    gcry_mpi_point_release(point);
  }
  gcry_ctx_release(context);
  gcry_sexp_release(sexp);
  return usable;
}

static bool k256_matches(const struct assay_public_key *key, struct assay_bytes input,
                         struct assay_bytes sig) {
  uint8_t digest[DIGEST_BYTES_MAX];
  gcry_sexp_t data = NULL, signature = NULL, sexp = k256_key(key);
  hash(32, input, digest);
  bool matches = sig.len == 64 && sexp &&
                 gcry_sexp_build(&data, NULL, "(data (flags raw) (value %b))", 32, digest) == 0 &&
                 gcry_sexp_build(&signature, NULL, "(sig-val (ecdsa (r %b) (s %b)))", 32, sig.ptr, 32,
                                 sig.ptr + 32) == 0 &&
                 gcry_pk_verify(signature, data, sexp) == 0;
  gcry_sexp_release(data);
  gcry_sexp_release(signature);
  gcry_sexp_release(sexp);
  return matches;
}

/* ---- both questions ---- */

bool nettle_key_usable(const struct assay_public_key *key) {
  if (key->alg == ASSAY_ES256K)
    return k256_usable(key);
  if (assay_alg_info(key->alg)->family != FAMILY_ECDSA)
    return true;
  struct ecc_point point;
  ecc_point_init(&point, curve_of(key->alg));
  bool usable = point_set(&point, key);
  ecc_point_clear(&point);
  return usable;
}

bool nettle_signature_matches(const struct assay_public_key *key, struct assay_bytes input,
                              struct assay_bytes sig) {
  const struct assay_alg_info *info = assay_alg_info(key->alg);
  if (key->alg == ASSAY_ES256K)
    return k256_matches(key, input, sig);
  if (key->alg == ASSAY_ED25519)
    return key->x.len == ED25519_KEY_SIZE && sig.len == ED25519_SIGNATURE_SIZE &&
           ed25519_sha512_verify(key->x.ptr, input.len, input.ptr, sig.ptr);
  if (key->alg == ASSAY_ED448)
    return key->x.len == ED448_KEY_SIZE && sig.len == ED448_SIGNATURE_SIZE &&
           ed448_shake256_verify(key->x.ptr, input.len, input.ptr, sig.ptr);
  if (info->family == FAMILY_HMAC)
    return hmac_matches(key, info->digest_bytes, input, sig);
  return info->family == FAMILY_ECDSA ? ecdsa_matches(key, input, sig) : rsa_matches(key, input, sig);
}
