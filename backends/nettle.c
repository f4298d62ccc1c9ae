/* Nettle, with Hogweed for public keys: the generic HMAC over its hash descriptions, rsa_pkcs1_verify,
 * rsa_pss_*_verify_digest, ecdsa_verify, ed25519_sha512_verify and ed448_shake256_verify.
 *
 * build: pkg-config hogweed nettle gmp
 * prefix: header nettle/nettle-meta.h
 * prefix: library nettle hogweed
 * prefix: beside gmp
 *
 * assay-corpus signs with this library, and forges with GMP below it. That it takes what it signed says
 * little; the expectations come from how a token was made, and the other libraries are asked about the same
 * tokens.
 *
 * It has no secp256k1. Its numbers are GMP's, which ends the process where there is no memory: nothing here
 * can tell FAULT.
 *
 * What it answers wrongly: of Ed448's S it does not read the last octet, which has to be zero and is
 * looked at by the pipeline's form checks. A valid ECDSA signature is refused whose check adds a point to
 * itself; its source says why none can be found without the private key. */
#include "backends/backend.h"
#include "backends/loaded_path.h"
#include "backends/rsa_forms.h"
#include "backends/version_fits.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <gmp.h>
#include <nettle/bignum.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/eddsa.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/nettle-meta.h>
#include <nettle/rsa.h>
#include <nettle/sha2.h>
#include <nettle/version.h>

/* Overwritten by every check: numbers of GMP keep their memory. */
struct assay_ctx {
  mpz_t rsa;
  struct dsa_signature ecdsa;
};

union hash_state {
  struct sha256_ctx sha256;
  struct sha512_ctx sha512; /* SHA-384, too */
};

/* hmac_digest copies `inner` over `state`: the key is hashed once. */
struct hmac_state {
  union hash_state outer, inner, state;
};

struct assay_key {
  const struct assay_alg_info *info;
  const struct nettle_hash *hash; /* NULL for EdDSA */
  size_t sig_bytes;
  union {
    struct hmac_state hmac;
    struct rsa_public_key rsa;
    struct ecc_point ec;
    uint8_t edwards[ED448_KEY_SIZE];
  };
};

#define ALGS (ASSAY_ALGS_ALL & ~ASSAY_ALG_BIT(ASSAY_ES256K))

/* Build facts ------------------------------------------------------------------------------------------- */

/* What only builds have that choose code while loading (configure --enable-fat), of Nettle and of GMP. */
extern const char nettle_cpuid __asm__("_nettle_cpuid") __attribute__((weak));
extern const char gmp_cpuvec __asm__("__gmpn_cpuvec") __attribute__((weak));

static bool nettle_is_fat(void) {
  return &nettle_cpuid != NULL;
}

/* NETTLE_FAT_OVERRIDE stands for the CPU's own features where it is set (fat-x86_64.c). */
static size_t read_dispatch(struct assay_fact *facts) {
#if defined(__x86_64__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  const char *override = getenv("NETTLE_FAT_OVERRIDE");
  __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
  if (nettle_is_fat() && (override ? strstr(override, "sha_ni") != NULL : ebx >> 29 & 1)) {
    facts[0] = (struct assay_fact){"sha-ni", SOURCE_INFERRED};
    return 1;
  }
#endif
  (void)facts;
  return 0;
}

static const struct assay_build *build(void) {
  static char path[PATH_MAX], hogweed_path[PATH_MAX], version[24], hogweed[PATH_MAX + 16], gmp[80];
  static struct assay_fact facts[4], dispatch[1];
  static struct assay_build told = {.library = "Nettle", .note = "", .facts = facts, .dispatch = dispatch};
  if (told.version)
    return &told;
  told.path = loaded_path((const void *)(uintptr_t)&nettle_version_major, path);
  snprintf(hogweed, sizeof hogweed, "public keys: %s",
           loaded_path((const void *)(uintptr_t)&ecdsa_verify, hogweed_path));
  snprintf(gmp, sizeof gmp, "numbers: GMP %s%s", gmp_version,
           &gmp_cpuvec ? ", which chooses its code by the CPU" : "");
  facts[told.fact_count++] = (struct assay_fact){hogweed, SOURCE_LIBRARY};
  facts[told.fact_count++] = (struct assay_fact){gmp, SOURCE_LIBRARY};
  facts[told.fact_count++] = (struct assay_fact){
      nettle_is_fat()
          ? "--enable-fat: SHA-256 is chosen by the CPU; SHA-384 and SHA-512 have one form for all"
          : "no --enable-fat: one form of each hash for all CPUs",
      SOURCE_INFERRED};
  facts[told.fact_count++] = (struct assay_fact){
      "signs assay's corpus, too: other libraries check what it says of its own work", SOURCE_INFERRED};
  told.dispatch_count = read_dispatch(dispatch);
  told.note = nettle_is_fat() ? "" : "not fat";
  snprintf(version, sizeof version, "%d.%d", nettle_version_major(), nettle_version_minor());
  told.version = version;
  told.problem =
      version_problem(VERSION_TEXT(NETTLE_VERSION_MAJOR) "." VERSION_TEXT(NETTLE_VERSION_MINOR), &told);
  return &told;
}

/* Context ----------------------------------------------------------------------------------------------- */

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  struct assay_ctx *ctx = malloc(sizeof *ctx);
  if (!ctx)
    return ASSAY_FAULT;
  mpz_init2(ctx->rsa, 8 * ASSAY_RSA_BYTES_MAX);
  dsa_signature_init(&ctx->ecdsa);
  *out = ctx;
  return ASSAY_MATCH;
}

static void ctx_close(struct assay_ctx *ctx) {
  dsa_signature_clear(&ctx->ecdsa);
  mpz_clear(ctx->rsa);
  free(ctx);
}

/* Key import -------------------------------------------------------------------------------------------- */

static enum assay_outcome import_hmac(struct assay_key *key, const struct assay_public_key *from) {
  hmac_set_key(&key->hmac.outer, &key->hmac.inner, &key->hmac.state, key->hash, from->k.len,
               bytes_start(from->k));
  return ASSAY_MATCH;
}

/* rsa_public_key_prepare refuses a modulus that is even or shorter than 12 octets, and looks at no more. */
static enum assay_outcome import_rsa(struct assay_key *key, const struct assay_public_key *from) {
  if (!rsa_key_is_sane(from))
    return ASSAY_MALFORMED;
  rsa_public_key_init(&key->rsa);
  nettle_mpz_set_str_256_u(key->rsa.n, from->n.len, from->n.ptr);
  nettle_mpz_set_str_256_u(key->rsa.e, from->e.len, from->e.ptr);
  if (!rsa_public_key_prepare(&key->rsa)) {
    rsa_public_key_clear(&key->rsa);
    return ASSAY_MALFORMED;
  }
  key->sig_bytes = key->rsa.size;
  return ASSAY_MATCH;
}

static const struct ecc_curve *curve_of(enum jwk_curve curve) {
  return curve == CURVE_P256   ? nettle_get_secp_256r1()
         : curve == CURVE_P384 ? nettle_get_secp_384r1()
                               : nettle_get_secp_521r1();
}

/* ecc_point_set refuses coordinates that are not below p or not on the curve. */
static enum assay_outcome import_ec(struct assay_key *key, const struct assay_public_key *from) {
  size_t field = key->sig_bytes / 2;
  mpz_t x, y;
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  ecc_point_init(&key->ec, curve_of(key->info->curve));
  nettle_mpz_init_set_str_256_u(x, field, from->x.ptr);
  nettle_mpz_init_set_str_256_u(y, field, from->y.ptr);
  bool is_point = ecc_point_set(&key->ec, x, y);
  mpz_clear(x);
  mpz_clear(y);
  if (!is_point)
    ecc_point_clear(&key->ec);
  return is_point ? ASSAY_MATCH : ASSAY_MALFORMED;
}

/* Nothing is asked of the octets but their number: the point is decoded in every verify. */
static enum assay_outcome import_edwards(struct assay_key *key, const struct assay_public_key *from) {
  if (from->x.len != key->info->key_bytes)
    return ASSAY_MALFORMED;
  memcpy(key->edwards, from->x.ptr, from->x.len);
  return ASSAY_MATCH;
}

static enum assay_outcome key_import(struct assay_key *key, const struct assay_public_key *from) {
  switch (key->info->family) {
  case FAMILY_HMAC: return import_hmac(key, from);
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: return import_rsa(key, from);
  case FAMILY_ECDSA: return import_ec(key, from);
  case FAMILY_EDDSA: return import_edwards(key, from);
  }
  return ASSAY_UNSUPPORTED;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  if (key->info->key_type == JWK_RSA)
    rsa_public_key_clear(&key->rsa);
  else if (key->info->key_type == JWK_EC)
    ecc_point_clear(&key->ec);
  free(key);
}

static const struct nettle_hash *hash_of(unsigned digest_bytes) {
  switch (digest_bytes) {
  case SHA256_DIGEST_SIZE: return &nettle_sha256;
  case SHA384_DIGEST_SIZE: return &nettle_sha384;
  case SHA512_DIGEST_SIZE: return &nettle_sha512;
  default: return NULL;
  }
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  (void)ctx;
  if (!(ALGS & ASSAY_ALG_BIT(from->alg)))
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  key->info = assay_alg_info(from->alg);
  key->sig_bytes = key->info->signature_bytes;
  key->hash = hash_of(key->info->digest_bytes);
  enum assay_outcome outcome = key_import(key, from);
  if (outcome != ASSAY_MATCH) {
    free(key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static void digest_input(const struct nettle_hash *hash, struct assay_bytes input, uint8_t *digest) {
  union hash_state state;
  hash->init(&state);
  hash->update(&state, input.len, bytes_start(input));
  hash->digest(&state, hash->digest_size, digest);
}

static bool verify_hmac(struct assay_key *key, struct assay_bytes input, struct assay_bytes sig) {
  struct hmac_state *hmac = &key->hmac;
  uint8_t tag[ASSAY_DIGEST_BYTES_MAX];
  hmac_update(&hmac->state, key->hash, input.len, bytes_start(input));
  hmac_digest(&hmac->outer, &hmac->inner, &hmac->state, key->hash, sig.len, tag);
  return memeql_sec(tag, sig.ptr, sig.len);
}

/* The whole encoding is made and compared as a number. There is a call with the hash's name for SHA-256 and
 * SHA-512, which does the same, and none for SHA-384. */
static bool verify_pkcs1(struct assay_ctx *ctx, const struct assay_key *key, struct assay_bytes input,
                         struct assay_bytes sig) {
  struct rsa_digest_info info;
  rsa_digest_info_init(&info, key->hash->digest_size);
  digest_input(key->hash, input, info.octets + RSA_DIGEST_INFO_PREFIX);
  nettle_mpz_set_str_256_u(ctx->rsa, sig.len, sig.ptr);
  return rsa_pkcs1_verify(&key->rsa, info.bytes, info.octets, ctx->rsa) == 1;
}

/* MGF1 with the same hash, salt as long as its output (RFC 7518 3.5). */
static bool verify_pss(struct assay_ctx *ctx, const struct assay_key *key, struct assay_bytes input,
                       struct assay_bytes sig) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  digest_input(key->hash, input, digest);
  nettle_mpz_set_str_256_u(ctx->rsa, sig.len, sig.ptr);
  switch (key->hash->digest_size) {
  case SHA256_DIGEST_SIZE:
    return rsa_pss_sha256_verify_digest(&key->rsa, SHA256_DIGEST_SIZE, digest, ctx->rsa) == 1;
  case SHA384_DIGEST_SIZE:
    return rsa_pss_sha384_verify_digest(&key->rsa, SHA384_DIGEST_SIZE, digest, ctx->rsa) == 1;
  default: return rsa_pss_sha512_verify_digest(&key->rsa, SHA512_DIGEST_SIZE, digest, ctx->rsa) == 1;
  }
}

static bool verify_ecdsa(struct assay_ctx *ctx, const struct assay_key *key, struct assay_bytes input,
                         struct assay_bytes sig) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  size_t half = sig.len / 2;
  digest_input(key->hash, input, digest);
  nettle_mpz_set_str_256_u(ctx->ecdsa.r, half, sig.ptr);
  nettle_mpz_set_str_256_u(ctx->ecdsa.s, half, sig.ptr + half);
  return ecdsa_verify(&key->ec, key->hash->digest_size, digest, &ctx->ecdsa) == 1;
}

static bool verify_edwards(const struct assay_key *key, struct assay_bytes input, struct assay_bytes sig) {
  const uint8_t *message = bytes_start(input);
  return (key->info->curve == CURVE_ED25519
              ? ed25519_sha512_verify(key->edwards, input.len, message, sig.ptr)
              : ed448_shake256_verify(key->edwards, input.len, message, sig.ptr)) == 1;
}

/* Every call answers 1 or 0, and has no errors. */
static bool matches(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                    struct assay_bytes sig) {
  switch (key->info->family) {
  case FAMILY_HMAC: return verify_hmac(key, input, sig);
  case FAMILY_RSA_PKCS1: return verify_pkcs1(ctx, key, input, sig);
  case FAMILY_RSA_PSS: return verify_pss(ctx, key, input, sig);
  case FAMILY_ECDSA: return verify_ecdsa(ctx, key, input, sig);
  case FAMILY_EDDSA: return verify_edwards(key, input, sig);
  }
  return false;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4; the Ed calls read so many octets */
    return ASSAY_MALFORMED;
  return matches(ctx, key, input, sig) ? ASSAY_MATCH : ASSAY_MISMATCH;
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "nettle",
    .summary = "hmac_digest on a state keyed once, rsa_pkcs1_verify, rsa_pss_*_verify_digest, ecdsa_verify, "
               "ed*_verify",
    .build = build,
    .algs = ALGS,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
