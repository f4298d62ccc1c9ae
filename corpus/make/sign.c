/* Makes keys and signs with them: Nettle and Hogweed for everything but secp256k1, which only libgcrypt has.
 * Every random octet comes from the caller's stream, so the same seed gives the same keys and signatures. */
#include "corpus/make/sign.h"

#include <gcrypt.h>
#include <nettle/bignum.h>
#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/eddsa.h>
#include <nettle/hmac.h>
#include <nettle/rsa.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"

#define OCT_KEY_OCTETS 64
#define RSA_EXPONENT 65537u
#define K256_OCTETS 32

struct rsa_pair {
  struct rsa_public_key public_key;
  struct rsa_private_key private_key;
};

/* ---- octets ---- */

static struct assay_bytes octets_copy(const void *octets, size_t len) {
  return bytes_of(must_copy(octets, len), len);
}

/* Big-endian; width 0: as many octets as the number needs. */
static struct assay_bytes octets_of_mpz(const mpz_t number, size_t width) {
  size_t len = width ? width : nettle_mpz_sizeinbase_256_u(number);
  uint8_t *octets = must(malloc(len));
  nettle_mpz_get_str_256(len, octets, number);
  return bytes_of(octets, len);
}

/* ---- making ---- */

static void oct_make(struct signing_key *key, struct rng *random) {
  uint8_t secret[OCT_KEY_OCTETS];
  rng_bytes(random, secret, sizeof secret);
  key->k = octets_copy(secret, sizeof secret);
}

static void rsa_make(struct signing_key *key, struct rng *random) {
  struct rsa_pair *pair = must(malloc(sizeof *pair));
  rsa_public_key_init(&pair->public_key);
  rsa_private_key_init(&pair->private_key);
  mpz_set_ui(pair->public_key.e, RSA_EXPONENT);
  if (!rsa_generate_keypair(&pair->public_key, &pair->private_key, random, rng_nettle, NULL, NULL, key->bits,
                            0))
    fatal("Nettle makes no RSA key of %u bits", key->bits);
  key->n = octets_of_mpz(pair->public_key.n, 0);
  key->e = octets_of_mpz(pair->public_key.e, 0);
  key->d = octets_of_mpz(pair->private_key.d, 0);
  key->p = octets_of_mpz(pair->private_key.p, 0);
  key->q = octets_of_mpz(pair->private_key.q, 0);
  key->private_key = pair;
}

static const struct ecc_curve *curve_of(enum key_kind kind) {
  switch (kind) {
  case KEY_P256: return nettle_get_secp_256r1();
  case KEY_P384: return nettle_get_secp_384r1();
  case KEY_P521: return nettle_get_secp_521r1();
  default: fatal("a key of kind %d is on no curve of Nettle's ECDSA", (int)kind);
  }
}

static size_t curve_octets(const struct ecc_curve *curve) {
  return (ecc_bit_size(curve) + 7) / 8;
}

static void ec_make(struct signing_key *key, struct rng *random) {
  const struct ecc_curve *curve = curve_of(key->kind);
  size_t width = curve_octets(curve);
  struct ecc_scalar *scalar = must(malloc(sizeof *scalar));
  struct ecc_point point;
  mpz_t x, y;
  ecc_scalar_init(scalar, curve);
  ecc_point_init(&point, curve);
  mpz_inits(x, y, NULL);
  ecdsa_generate_keypair(&point, scalar, random, rng_nettle);
  ecc_point_get(&point, x, y);
  key->x = octets_of_mpz(x, width);
  key->y = octets_of_mpz(y, width);
  ecc_scalar_get(scalar, x);
  key->d = octets_of_mpz(x, width);
  key->private_key = scalar;
  mpz_clears(x, y, NULL);
  ecc_point_clear(&point);
}

static void ed_make(struct signing_key *key, struct rng *random) {
  bool small = key->kind == KEY_ED25519;
  size_t len = small ? ED25519_KEY_SIZE : ED448_KEY_SIZE;
  uint8_t seed[ED448_KEY_SIZE], point[ED448_KEY_SIZE];
  rng_bytes(random, seed, len);
  if (small)
    ed25519_sha512_public_key(point, seed);
  else
    ed448_shake256_public_key(point, seed);
  key->d = octets_copy(seed, len);
  key->x = octets_copy(point, len);
}

/* ---- secp256k1 by libgcrypt ---- */

/* No secure memory (these keys are public knowledge) and the system's random source: libgcrypt wants some for
 * blinding, and signatures do not depend on it (RFC 6979). */
static void gcrypt_start(void) {
  if (!gcry_check_version(GCRYPT_VERSION))
    fatal("libgcrypt %s is older than the one that this was built for", gcry_check_version(NULL));
  gcry_control(GCRYCTL_SET_PREFERRED_RNG_TYPE, GCRY_RNG_TYPE_SYSTEM);
  gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

static void gcrypt_check(gcry_error_t error, const char *what) {
  if (error)
    fatal("libgcrypt cannot %s: %s", what, gcry_strerror(error));
}

/* Big-endian into exactly width octets. */
static void octets_of_mpi(gcry_mpi_t number, uint8_t *out, size_t width) {
  uint8_t digits[ASSAY_POINT_BYTES_MAX];
  size_t len = 0;
  gcrypt_check(gcry_mpi_print(GCRYMPI_FMT_USG, digits, sizeof digits, &len, number), "print a number");
  if (len > width)
    fatal("libgcrypt gave a number of %zu octets where %zu were meant", len, width);
  memset(out, 0, width - len);
  memcpy(out + width - len, digits, len);
}

/* A scalar in [1, n - 1]: draws again where a draw is outside. */
static gcry_mpi_t k256_scalar(gcry_ctx_t curve, struct rng *random, uint8_t *octets) {
  gcry_mpi_t order = gcry_mpi_ec_get_mpi("n", curve, 1), scalar = NULL;
  do {
    gcry_mpi_release(scalar);
    rng_bytes(random, octets, K256_OCTETS);
    gcrypt_check(gcry_mpi_scan(&scalar, GCRYMPI_FMT_USG, octets, K256_OCTETS, NULL), "read a scalar");
  } while (gcry_mpi_cmp_ui(scalar, 0) == 0 || gcry_mpi_cmp(scalar, order) >= 0);
  gcry_mpi_release(order);
  return scalar;
}

static void k256_make(struct signing_key *key, struct rng *random) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, gcrypt_start);
  gcry_ctx_t curve;
  uint8_t d[K256_OCTETS], x[K256_OCTETS], y[K256_OCTETS];
  gcrypt_check(gcry_mpi_ec_new(&curve, NULL, "secp256k1"), "open secp256k1");
  gcry_mpi_t scalar = k256_scalar(curve, random, d), ax = gcry_mpi_new(0), ay = gcry_mpi_new(0);
  gcry_mpi_point_t base = gcry_mpi_ec_get_point("g", curve, 1), point = gcry_mpi_point_new(0);
  gcry_mpi_ec_mul(point, scalar, base, curve);
  if (gcry_mpi_ec_get_affine(ax, ay, point, curve) != 0)
    fatal("a secp256k1 key came out as the point at infinity");
  octets_of_mpi(ax, x, sizeof x);
  octets_of_mpi(ay, y, sizeof y);
  key->d = octets_copy(d, sizeof d);
  key->x = octets_copy(x, sizeof x);
  key->y = octets_copy(y, sizeof y);
  gcry_sexp_t pair;
  gcrypt_check(gcry_sexp_build(&pair, NULL, "(private-key (ecc (curve secp256k1) (d %m)))", scalar),
               "build a key");
  key->private_key = pair;
  gcry_mpi_point_release(point);
  gcry_mpi_point_release(base);
  gcry_mpi_release(ax);
  gcry_mpi_release(ay);
  gcry_mpi_release(scalar);
  gcry_ctx_release(curve);
}

static void k256_part(gcry_sexp_t signature, const char *name, uint8_t *out) {
  gcry_sexp_t list = gcry_sexp_find_token(signature, name, 0);
  gcry_mpi_t number = list ? gcry_sexp_nth_mpi(list, 1, GCRYMPI_FMT_USG) : NULL;
  if (!number)
    fatal("libgcrypt gave a signature without %s", name);
  octets_of_mpi(number, out, K256_OCTETS);
  gcry_mpi_release(number);
  gcry_sexp_release(list);
}

static void k256_sign(const struct signing_key *key, const uint8_t *digest, uint8_t *sig) {
  gcry_sexp_t data, signature;
  gcrypt_check(
      gcry_sexp_build(&data, NULL, "(data (flags rfc6979) (hash sha256 %b))", SHA256_DIGEST_SIZE, digest),
      "take a digest");
  gcrypt_check(gcry_pk_sign(&signature, data, key->private_key), "sign");
  k256_part(signature, "r", sig);
  k256_part(signature, "s", sig + K256_OCTETS);
  gcry_sexp_release(signature);
  gcry_sexp_release(data);
}

/* ---- the life of a key ---- */

void signing_key_make(struct signing_key *key, enum key_kind kind, unsigned bits, struct rng *random) {
  key->kind = kind;
  key->bits = kind == KEY_RSA ? bits : 0;
  switch (kind) {
  case KEY_OCT: oct_make(key, random); return;
  case KEY_RSA: rsa_make(key, random); return;
  case KEY_P256:
  case KEY_P384:
  case KEY_P521: ec_make(key, random); return;
  case KEY_SECP256K1: k256_make(key, random); return;
  case KEY_ED25519:
  case KEY_ED448: ed_make(key, random); return;
  }
}

static void private_key_free(struct signing_key *key) {
  if (!key->private_key)
    return;
  if (key->kind == KEY_SECP256K1) {
    gcry_sexp_release(key->private_key);
    return;
  }
  if (key->kind == KEY_RSA) {
    struct rsa_pair *pair = key->private_key;
    rsa_public_key_clear(&pair->public_key);
    rsa_private_key_clear(&pair->private_key);
  } else {
    ecc_scalar_clear(key->private_key);
  }
  free(key->private_key);
}

void signing_key_fini(struct signing_key *key) {
  const struct assay_bytes parts[] = {key->k, key->n, key->e, key->x, key->y, key->d, key->p, key->q};
  private_key_free(key);
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
    free((void *)parts[i].ptr);
  free((void *)key->kid);
  *key = (struct signing_key){0};
}

enum key_kind key_kind_of(enum assay_alg alg) {
  static const enum key_kind kinds[CURVE_COUNT] = {
#define X(id, crv) [CURVE_##id] = KEY_##id,
      ASSAY_CURVES(X)
#undef X
  };
  const struct assay_alg_info *info = assay_alg_info(alg);
  return info->curve != CURVE_NONE ? kinds[info->curve] : info->key_type == JWK_OCT ? KEY_OCT : KEY_RSA;
}

/* ---- signing ---- */

/* SHA-256, -384 or -512, by the digest's length. */
static void digest_of(size_t digest_octets, struct assay_bytes input, uint8_t *digest) {
  if (digest_octets == SHA256_DIGEST_SIZE) {
    struct sha256_ctx hash;
    sha256_init(&hash);
    sha256_update(&hash, input.len, input.ptr);
    sha256_digest(&hash, digest_octets, digest);
    return;
  }
  struct sha512_ctx hash; /* SHA-384 is SHA-512 from another start, cut off */
  if (digest_octets == SHA384_DIGEST_SIZE)
    sha384_init(&hash);
  else
    sha512_init(&hash);
  sha512_update(&hash, input.len, input.ptr);
  if (digest_octets == SHA384_DIGEST_SIZE)
    sha384_digest(&hash, digest_octets, digest);
  else
    sha512_digest(&hash, digest_octets, digest);
}

static void hmac_sign(const struct signing_key *key, size_t digest_octets, struct assay_bytes input,
                      uint8_t *sig) {
  if (digest_octets == SHA256_DIGEST_SIZE) {
    struct hmac_sha256_ctx mac;
    hmac_sha256_set_key(&mac, key->k.len, key->k.ptr);
    hmac_sha256_update(&mac, input.len, input.ptr);
    hmac_sha256_digest(&mac, digest_octets, sig);
    return;
  }
  struct hmac_sha512_ctx mac; /* also the type of HMAC-SHA-384 */
  if (digest_octets == SHA384_DIGEST_SIZE)
    hmac_sha384_set_key(&mac, key->k.len, key->k.ptr);
  else
    hmac_sha512_set_key(&mac, key->k.len, key->k.ptr);
  hmac_sha512_update(&mac, input.len, input.ptr);
  if (digest_octets == SHA384_DIGEST_SIZE)
    hmac_sha384_digest(&mac, digest_octets, sig);
  else
    hmac_sha512_digest(&mac, digest_octets, sig);
}

/* DigestInfo (RFC 8017 9.2 note 1): everything before the digest differs in three octets only. */
static bool pkcs1_sign(const struct rsa_pair *pair, size_t digest_octets, const uint8_t *digest,
                       struct rng *random, mpz_t s) {
  uint8_t info[19 + ASSAY_DIGEST_BYTES_MAX] = {0x30, 0,    0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                               0x65, 0x03, 0x04, 0x02, 0,    0x05, 0x00, 0x04, 0};
  info[1] = (uint8_t)(17 + digest_octets);
  info[14] = digest_octets == SHA256_DIGEST_SIZE ? 1 : digest_octets == SHA384_DIGEST_SIZE ? 2 : 3;
  info[18] = (uint8_t)digest_octets;
  memcpy(info + 19, digest, digest_octets);
  return rsa_pkcs1_sign_tr(&pair->public_key, &pair->private_key, random, rng_nettle, 19 + digest_octets,
                           info, s);
}

/* The salt is as long as the hash (RFC 7518 3.5). */
static bool pss_sign(const struct rsa_pair *pair, size_t digest_octets, const uint8_t *digest,
                     struct rng *random, mpz_t s) {
  const struct rsa_public_key *public_key = &pair->public_key;
  const struct rsa_private_key *private_key = &pair->private_key;
  uint8_t salt[ASSAY_DIGEST_BYTES_MAX];
  rng_bytes(random, salt, digest_octets);
  switch (digest_octets) {
  case SHA256_DIGEST_SIZE:
    return rsa_pss_sha256_sign_digest_tr(public_key, private_key, random, rng_nettle, digest_octets, salt,
                                         digest, s);
  case SHA384_DIGEST_SIZE:
    return rsa_pss_sha384_sign_digest_tr(public_key, private_key, random, rng_nettle, digest_octets, salt,
                                         digest, s);
  default:
    return rsa_pss_sha512_sign_digest_tr(public_key, private_key, random, rng_nettle, digest_octets, salt,
                                         digest, s);
  }
}

static size_t rsa_sign(const struct signing_key *key, enum assay_alg alg, const uint8_t *digest,
                       struct rng *random, uint8_t *sig) {
  const struct assay_alg_info *info = assay_alg_info(alg);
  mpz_t s;
  mpz_init(s);
  bool ok = info->family == FAMILY_RSA_PSS
                ? pss_sign(key->private_key, info->digest_bytes, digest, random, s)
                : pkcs1_sign(key->private_key, info->digest_bytes, digest, random, s);
  if (!ok)
    fatal("an RSA key of %u bits cannot sign %s", key->bits, info->name);
  nettle_mpz_get_str_256(key->n.len, sig, s);
  mpz_clear(s);
  return key->n.len;
}

/* R and S, each as long as a coordinate (RFC 7518 3.4). */
static size_t ec_sign(const struct signing_key *key, size_t digest_octets, const uint8_t *digest,
                      struct rng *random, uint8_t *sig) {
  size_t width = key->x.len;
  struct dsa_signature signature;
  dsa_signature_init(&signature);
  ecdsa_sign(key->private_key, random, rng_nettle, digest_octets, digest, &signature);
  nettle_mpz_get_str_256(width, sig, signature.r);
  nettle_mpz_get_str_256(width, sig + width, signature.s);
  dsa_signature_clear(&signature);
  return 2 * width;
}

size_t signing_key_sign(const struct signing_key *key, enum assay_alg alg, struct assay_bytes input,
                        struct rng *random, uint8_t *sig) {
  const struct assay_alg_info *info = assay_alg_info(alg);
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  if (key->kind != key_kind_of(alg))
    fatal("a mutation signs %s with a key of another type (%d)", info->name, (int)key->kind);
  if (info->digest_bytes && info->family != FAMILY_HMAC)
    digest_of(info->digest_bytes, input, digest);
  switch (key->kind) {
  case KEY_OCT: hmac_sign(key, info->digest_bytes, input, sig); return info->digest_bytes;
  case KEY_RSA: return rsa_sign(key, alg, digest, random, sig);
  case KEY_P256:
  case KEY_P384:
  case KEY_P521: return ec_sign(key, info->digest_bytes, digest, random, sig);
  case KEY_SECP256K1: k256_sign(key, digest, sig); return 2 * K256_OCTETS;
  case KEY_ED25519:
    ed25519_sha512_sign(key->x.ptr, key->d.ptr, input.len, input.ptr, sig);
    return ED25519_SIGNATURE_SIZE;
  case KEY_ED448:
    ed448_shake256_sign(key->x.ptr, key->d.ptr, input.len, input.ptr, sig);
    return ED448_SIGNATURE_SIZE;
  }
  fatal("a key of unknown kind %d", (int)key->kind);
}
