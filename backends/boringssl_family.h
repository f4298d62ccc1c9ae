/* What BoringSSL and AWS-LC, which came of it, have in common: native calls (RSA_verify, RSA_verify_pss_mgf1,
 * ECDSA_do_verify, ED25519_verify, SHA*_Update), which their EVP layers end in too. Included by one file of a
 * module, which has defined before
 *   ALGS  ASSAY_ALG_BIT of all that its library can verify
 * and adds what the library says of itself and its struct assay_backend.
 *
 * HMAC runs on two hash states that are keyed once and copied for every token: HMAC_Init_ex, HMAC_Update and
 * HMAC_Final do the same, with a look at contexts and methods at each step.
 *
 * A variant shares each RSA and EC_KEY among all threads: openssl/rsa.h and ec_key.h allow that as long as
 * nobody changes it. It is without HMAC and Ed25519, whose keys are plain octets. */
#ifndef ASSAY_BACKENDS_BORINGSSL_FAMILY_H
#define ASSAY_BACKENDS_BORINGSSL_FAMILY_H

#include "backends/backend.h"
#include "backends/hmac_pads.h"
#include "backends/loaded_path.h"
#include "backends/shared_keys.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/curve25519.h>
#include <openssl/digest.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

struct assay_ctx {
  ECDSA_SIG *sig; /* its two numbers are overwritten by every check */
};

/* SHA-384 has the state of SHA-512. */
union hash_state {
  SHA256_CTX sha256;
  SHA512_CTX sha512;
};

struct assay_key {
  enum assay_family family;
  size_t digest_bytes; /* 0 for EdDSA */
  const EVP_MD *md;    /* NULL for EdDSA */
  size_t sig_bytes;
  RSA *rsa;
  EC_KEY *ec;
  union hash_state inner, outer; /* HMAC, keyed */
  uint8_t edwards[ED25519_PUBLIC_KEY_LEN];
  struct shared_key *shared; /* shared-keys: whose rsa or ec this is, too */
};

/* Build facts ------------------------------------------------------------------------------------------- */

static struct assay_fact build_facts[4], build_dispatch[6];
static char build_problem[PATH_MAX + 160];
static struct assay_build told = {.note = "", .facts = build_facts, .dispatch = build_dispatch};

static void fact_add(const char *text, enum assay_source source) {
  build_facts[told.fact_count++] = (struct assay_fact){text, source};
}

static char library_path[PATH_MAX];

/* The library keeps to itself what it dispatches on; it reads the same CPUID bits. */
static size_t read_dispatch(struct assay_fact *facts) {
  size_t count = 0;
#if defined(__x86_64__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
  const struct {
    bool there;
    const char *name;
  } paths[] = {{__builtin_cpu_supports("ssse3"), "ssse3"},
               {__builtin_cpu_supports("avx"), "avx"},
               {__builtin_cpu_supports("avx2"), "avx2"},
               {__builtin_cpu_supports("bmi2"), "bmi2"},
               {ebx >> 19 & 1, "adx"},
               {ebx >> 29 & 1, "sha-ni"}};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    if (paths[i].there)
      facts[count++] = (struct assay_fact){paths[i].name, SOURCE_INFERRED};
#else
  (void)facts;
#endif
  return count;
}

/* All that the loaded file tells of itself beside its name. */
static void family_tell(void) {
  told.path = loaded_path((const void *)(uintptr_t)&ED25519_verify, library_path);
  if (CRYPTO_has_asm()) {
    told.dispatch_count = read_dispatch(build_dispatch);
  } else {
    told.note = "no asm";
    fact_add("built without assembly: CRYPTO_has_asm() is 0", SOURCE_LIBRARY);
  }
  if (FIPS_mode()) {
    if (!told.note[0])
      told.note = "fips";
    fact_add("a FIPS module: FIPS_mode() is 1", SOURCE_LIBRARY);
  }
}

/* Under the same file name there are OpenSSL, BoringSSL and AWS-LC, and calls of one may work in another. */
static void family_check_name(void) {
  const char *loaded = OpenSSL_version(OPENSSL_VERSION);
  if (strncmp(loaded, told.library, strlen(told.library)) == 0)
    return;
  snprintf(build_problem, sizeof build_problem, "the library that was loaded, %s, is %s, not %s", told.path,
           loaded, told.library);
  told.problem = build_problem;
}

/* Errors ------------------------------------------------------------------------------------------------ */

/* Empties the error queue, so that refused tokens do not make it grow. The calls below answer 1 or 0; the
 * queue alone tells a want of memory from a refusal. */
static enum assay_outcome refusal(enum assay_outcome meant) {
  unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE ? ASSAY_FAULT : meant;
}

/* Context ----------------------------------------------------------------------------------------------- */

static void ctx_close(struct assay_ctx *ctx) {
  ECDSA_SIG_free(ctx->sig);
  free(ctx);
}

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  struct assay_ctx *ctx = calloc(1, sizeof *ctx);
  if (!ctx)
    return ASSAY_FAULT;
  ctx->sig = ECDSA_SIG_new();
  if (!ctx->sig) {
    free(ctx);
    return refusal(ASSAY_FAULT);
  }
  *out = ctx;
  return ASSAY_MATCH;
}

#define NOT_SHARED (ASSAY_ALGS_OF_FAMILY(HMAC) | ASSAY_ALG_BIT(ASSAY_ED25519))

/* Hashes ------------------------------------------------------------------------------------------------ */

static int hash_init(size_t digest_bytes, union hash_state *state) {
  switch (digest_bytes) {
  case SHA256_DIGEST_LENGTH: return SHA256_Init(&state->sha256);
  case SHA384_DIGEST_LENGTH: return SHA384_Init(&state->sha512);
  default: return SHA512_Init(&state->sha512);
  }
}

static int hash_update(size_t digest_bytes, union hash_state *state, const uint8_t *data, size_t len) {
  switch (digest_bytes) {
  case SHA256_DIGEST_LENGTH: return SHA256_Update(&state->sha256, data, len);
  case SHA384_DIGEST_LENGTH: return SHA384_Update(&state->sha512, data, len);
  default: return SHA512_Update(&state->sha512, data, len);
  }
}

static int hash_final(size_t digest_bytes, union hash_state *state, uint8_t *digest) {
  switch (digest_bytes) {
  case SHA256_DIGEST_LENGTH: return SHA256_Final(digest, &state->sha256);
  case SHA384_DIGEST_LENGTH: return SHA384_Final(digest, &state->sha512);
  default: return SHA512_Final(digest, &state->sha512);
  }
}

static void hash_copy(size_t digest_bytes, union hash_state *to, const union hash_state *from) {
  if (digest_bytes == SHA256_DIGEST_LENGTH)
    to->sha256 = from->sha256;
  else
    to->sha512 = from->sha512;
}

static void digest_input(const struct assay_key *key, struct assay_bytes input, uint8_t *digest) {
  switch (key->digest_bytes) {
  case SHA256_DIGEST_LENGTH: SHA256(input.ptr, input.len, digest); break;
  case SHA384_DIGEST_LENGTH: SHA384(input.ptr, input.len, digest); break;
  default: SHA512(input.ptr, input.len, digest);
  }
}

/* Key import -------------------------------------------------------------------------------------------- */

static enum assay_outcome import_rsa(struct assay_key *key, const struct assay_public_key *from) {
  struct assay_bytes n = from->n, e = from->e;
  if (n.len == 0 || e.len == 0 || !(n.ptr[n.len - 1] & 1)) /* RSA_check_key does not ask whether n is odd */
    return ASSAY_MALFORMED;
  key->rsa = RSA_new();
  BIGNUM *modulus = BN_bin2bn(n.ptr, n.len, NULL), *exponent = BN_bin2bn(e.ptr, e.len, NULL);
  if (!key->rsa || !modulus || !exponent || !RSA_set0_key(key->rsa, modulus, exponent, NULL)) {
    BN_free(modulus);
    BN_free(exponent);
    return refusal(ASSAY_FAULT);
  }
  key->sig_bytes = RSA_size(key->rsa);
  return RSA_check_key(key->rsa) == 1 ? ASSAY_MATCH : refusal(ASSAY_MALFORMED);
}

static int curve_nid(enum assay_alg alg) {
  return alg == ASSAY_ES256   ? NID_X9_62_prime256v1
         : alg == ASSAY_ES384 ? NID_secp384r1
         : alg == ASSAY_ES512 ? NID_secp521r1
                              : NID_secp256k1;
}

/* EC_KEY_set_public_key_affine_coordinates refuses what is not below p or not on the curve. */
static enum assay_outcome import_ec(struct assay_key *key, const struct assay_public_key *from) {
  size_t field = key->sig_bytes / 2;
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  key->ec = EC_KEY_new_by_curve_name(curve_nid(from->alg));
  BIGNUM *x = BN_bin2bn(from->x.ptr, field, NULL), *y = BN_bin2bn(from->y.ptr, field, NULL);
  enum assay_outcome outcome = ASSAY_MATCH;
  if (!key->ec || !x || !y)
    outcome = refusal(ASSAY_FAULT);
  else if (EC_KEY_set_public_key_affine_coordinates(key->ec, x, y) != 1)
    outcome = refusal(ASSAY_MALFORMED);
  BN_free(x);
  BN_free(y);
  return outcome;
}

static int hash_key_in(size_t digest_bytes, union hash_state *state, const uint8_t *pad, size_t len) {
  return hash_init(digest_bytes, state) == 1 && hash_update(digest_bytes, state, pad, len) == 1;
}

static enum assay_outcome import_hmac(struct assay_key *key, const struct assay_public_key *from) {
  struct hmac_pads pads;
  uint8_t digest[EVP_MAX_MD_SIZE];
  struct assay_bytes k = from->k;
  if (k.len > hmac_block_bytes(key->digest_bytes)) {
    digest_input(key, k, digest);
    k = bytes_of(digest, key->digest_bytes);
  }
  hmac_pads_fill(&pads, key->digest_bytes, k);
  return hash_key_in(key->digest_bytes, &key->inner, pads.inner, pads.bytes) &&
                 hash_key_in(key->digest_bytes, &key->outer, pads.outer, pads.bytes)
             ? ASSAY_MATCH
             : refusal(ASSAY_FAULT);
}

/* Nothing is asked of the octets but their number: ED25519_verify decodes the point every time. */
static enum assay_outcome import_edwards(struct assay_key *key, const struct assay_public_key *from) {
  if (from->x.len != sizeof key->edwards)
    return ASSAY_MALFORMED;
  memcpy(key->edwards, from->x.ptr, sizeof key->edwards);
  return ASSAY_MATCH;
}

static enum assay_outcome key_import(struct assay_key *key, const struct assay_public_key *from) {
  switch (key->family) {
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
  EC_KEY_free(key->ec);
  RSA_free(key->rsa);
  free(key);
}

/* Without its public key yet. */
static struct assay_key *key_new(enum assay_alg alg) {
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return NULL;
  const struct assay_alg_info *info = assay_alg_info(alg);
  key->family = info->family;
  key->digest_bytes = info->digest_bytes;
  key->sig_bytes = info->signature_bytes;
  key->md = info->digest_bytes == 32   ? EVP_sha256()
            : info->digest_bytes == 48 ? EVP_sha384()
            : info->digest_bytes == 64 ? EVP_sha512()
                                       : NULL;
  return key;
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  if (!(ALGS & ASSAY_ALG_BIT(from->alg)))
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = key_new(from->alg);
  if (!key)
    return ASSAY_FAULT;
  enum assay_outcome outcome = key_import(key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static enum assay_outcome verify_rsa(const struct assay_key *key, struct assay_bytes input,
                                     struct assay_bytes sig) {
  uint8_t digest[EVP_MAX_MD_SIZE];
  size_t digest_bytes = key->digest_bytes;
  int good;
  digest_input(key, input, digest);
  if (key->family == FAMILY_RSA_PSS) /* MGF1 with the same hash, salt as long as its output (RFC 7518 3.5) */
    good = RSA_verify_pss_mgf1(key->rsa, digest, digest_bytes, key->md, key->md, (int)digest_bytes, sig.ptr,
                               sig.len);
  else
    good = RSA_verify(EVP_MD_type(key->md), digest, digest_bytes, sig.ptr, sig.len, key->rsa);
  return good == 1 ? ASSAY_MATCH : refusal(ASSAY_MISMATCH);
}

/* R || S (RFC 7518 3.4) as two numbers: DER would only be parsed into them again. */
static enum assay_outcome verify_ecdsa(const struct assay_ctx *ctx, const struct assay_key *key,
                                       struct assay_bytes input, struct assay_bytes sig) {
  uint8_t digest[EVP_MAX_MD_SIZE];
  size_t half = sig.len / 2;
  digest_input(key, input, digest);
  if (!BN_bin2bn(sig.ptr, half, ctx->sig->r) || !BN_bin2bn(sig.ptr + half, half, ctx->sig->s))
    return refusal(ASSAY_FAULT);
  return ECDSA_do_verify(digest, key->digest_bytes, ctx->sig, key->ec) == 1 ? ASSAY_MATCH
                                                                            : refusal(ASSAY_MISMATCH);
}

static enum assay_outcome verify_hmac(const struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  uint8_t tag[EVP_MAX_MD_SIZE];
  union hash_state state;
  size_t bytes = key->digest_bytes;
  hash_copy(bytes, &state, &key->inner);
  int good = hash_update(bytes, &state, input.ptr, input.len) & hash_final(bytes, &state, tag);
  hash_copy(bytes, &state, &key->outer);
  good &= hash_update(bytes, &state, tag, bytes) & hash_final(bytes, &state, tag);
  if (good != 1)
    return refusal(ASSAY_FAULT);
  return CRYPTO_memcmp(tag, sig.ptr, bytes) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4 */
    return ASSAY_MALFORMED;
  switch (key->family) {
  case FAMILY_HMAC: return verify_hmac(key, input, sig);
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: return verify_rsa(key, input, sig);
  case FAMILY_ECDSA: return verify_ecdsa(ctx, key, input, sig);
  case FAMILY_EDDSA:
    return ED25519_verify(input.ptr, input.len, sig.ptr, key->edwards) == 1 ? ASSAY_MATCH : ASSAY_MISMATCH;
  }
  return ASSAY_FAULT;
}

/* Variant ----------------------------------------------------------------------------------------------- */

static void shared_release(void *object) {
  key_close(NULL, object);
}

static enum assay_outcome shared_import(const struct assay_public_key *from, void **object) {
  struct assay_key *key;
  enum assay_outcome outcome = key_open(NULL, from, &key);
  if (outcome == ASSAY_MATCH)
    *object = key;
  return outcome;
}

static void key_close_shared(struct assay_ctx *ctx, struct assay_key *key) {
  struct shared_key *shared = key->shared;
  key_close(ctx, key);
  if (shared)
    shared_key_drop(shared, shared_release);
}

static enum assay_outcome key_open_shared(struct assay_ctx *ctx, const struct assay_public_key *from,
                                          struct assay_key **out) {
  if (!(ALGS & ~NOT_SHARED & ASSAY_ALG_BIT(from->alg)))
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = key_new(from->alg);
  if (!key)
    return ASSAY_FAULT;
  enum assay_outcome outcome = shared_key_take(from, shared_import, &key->shared);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  const struct assay_key *imported = key->shared->object;
  key->sig_bytes = imported->sig_bytes;
  if (imported->rsa && RSA_up_ref(imported->rsa) == 1)
    key->rsa = imported->rsa;
  if (imported->ec && EC_KEY_up_ref(imported->ec) == 1)
    key->ec = imported->ec;
  *out = key;
  return ASSAY_MATCH;
}

/* build() is the including file's. */
static const struct assay_build *build(void);

#define HOOKS(open, close)                                                                                   \
  .abi = ASSAY_BACKEND_ABI, .size = sizeof(struct assay_backend), .build = build, .ctx_open = ctx_open,      \
  .ctx_close = ctx_close, .key_open = open, .key_close = close, .verify = verify

static const struct assay_backend shared = {
    .name = ASSAY_VARIANT_SHARED_KEYS,
    .summary = "one RSA or EC_KEY for all threads",
    .algs = ALGS & ~NOT_SHARED,
    HOOKS(key_open_shared, key_close_shared),
};

static const struct assay_backend *const variants[] = {&shared, NULL};

#endif
