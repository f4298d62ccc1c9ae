/* Mbed TLS: the modules themselves (md.h, rsa.h, ecdsa.h), which its PK layer and PSA end in too. Version
 * 2.28, as Debian has it, and 3.
 *
 * build: library /usr/lib/${multiarch}/libmbedcrypto.so
 * prefix: header mbedtls/version.h
 * prefix: library mbedcrypto
 *
 * It has neither Ed25519 nor Ed448. Two things are kept per thread or key that the plain calls make anew:
 *   - HMAC: mbedtls_md_hmac_reset hashes the key's inner block for every token, and finish the outer one. The
 *     digest's state after each is kept and cloned instead (RFC 2104 4): 758 octets take 3.2 us and not 3.7.
 *   - ECDSA: a group holds the table of its generator. One for all keys of a thread is built once. */
#include "backends/backend.h"
#include "backends/loaded_path.h"
#include "backends/version_fits.h"

#include <limits.h>
#include <stdlib.h>

#include <mbedtls/version.h> /* before headers that version 4 keeps to itself */
#if MBEDTLS_VERSION_MAJOR > 3
#error "these are the headers of Mbed TLS 4, and this backend is for 2 and 3"
#endif

#include <mbedtls/constant_time.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/rsa.h>
#include <mbedtls/threading.h>

#if !defined(MBEDTLS_ECP_DP_SECP256R1_ENABLED) || !defined(MBEDTLS_ECP_DP_SECP384R1_ENABLED) ||              \
    !defined(MBEDTLS_ECP_DP_SECP521R1_ENABLED) || !defined(MBEDTLS_ECP_DP_SECP256K1_ENABLED) ||              \
    !defined(MBEDTLS_PKCS1_V15) || !defined(MBEDTLS_PKCS1_V21)
#error "Mbed TLS needs PKCS #1 v1.5 and v2.1, P-256, P-384, P-521 and secp256k1"
#endif

/* What a public key has no use for: a padding chosen beforehand, a random generator and a mode. */
#if MBEDTLS_VERSION_MAJOR < 3
#define RSA_INIT(rsa) mbedtls_rsa_init(rsa, MBEDTLS_RSA_PKCS_V15, 0)
#define PUBLICLY NULL, NULL, MBEDTLS_RSA_PUBLIC,
#else
#define RSA_INIT(rsa) mbedtls_rsa_init(rsa)
#define PUBLICLY
#endif

enum { CURVES = ASSAY_ES256K - ASSAY_ES256 + 1, BLOCK_BYTES_MAX = 128 };

/* What every check on a curve works with. */
struct curve {
  mbedtls_ecp_group group;
  mbedtls_mpi r, s; /* as long as the curve's numbers after the first signature: nothing is allocated again */
  bool loaded;
};

struct assay_ctx {
  struct curve curves[CURVES]; /* loaded by the first key */
};

struct hmac_state {
  mbedtls_md_context_t inner, outer; /* after the key's block */
  mbedtls_md_context_t work;
};

struct assay_key {
  enum assay_family family;
  const mbedtls_md_info_t *md;
  size_t digest_bytes, sig_bytes;
  struct curve *curve; /* of the ctx */
  union {
    struct hmac_state hmac;
    mbedtls_rsa_context rsa;
    mbedtls_ecp_point point;
  };
};

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

/* The library tells which of its options it was built with; an option is said where it is as shown here. */
static const struct {
  const char *option;
  bool there;
  const char *text;
} options[] = {
    {"MBEDTLS_HAVE_ASM", true, "MBEDTLS_HAVE_ASM: big numbers multiply by in-line assembly"},
    {"MBEDTLS_HAVE_ASM", false, "no MBEDTLS_HAVE_ASM: big numbers multiply in plain C"},
    {"MBEDTLS_ECP_NIST_OPTIM", true,
     "MBEDTLS_ECP_NIST_OPTIM: P-256, P-384 and P-521 reduce by their primes' form"},
    {"MBEDTLS_ECP_NIST_OPTIM", false, "no MBEDTLS_ECP_NIST_OPTIM: all curves reduce by long division"},
    {"MBEDTLS_SHA256_SMALLER", true, "MBEDTLS_SHA256_SMALLER: SHA-256 in less code, slower"},
    {"MBEDTLS_SHA512_SMALLER", true, "MBEDTLS_SHA512_SMALLER: SHA-512 in less code, slower"},
    {"MBEDTLS_THREADING_C", true, "MBEDTLS_THREADING_C: every RSA check locks its key's mutex"},
#if MBEDTLS_VERSION_MAJOR < 3
    {"MBEDTLS_ECP_NO_INTERNAL_RNG", false,
     "no MBEDTLS_ECP_NO_INTERNAL_RNG: ECDSA seeds a generator twice a check, to blind what is public"},
#endif
};
enum { OPTIONS = sizeof options / sizeof options[0] };

static const struct assay_build *build(void) {
  static char version[18];
  static struct assay_fact facts[OPTIONS + 1];
  static struct assay_build told = {.library = "Mbed TLS", .note = "", .facts = facts};
  if (told.version)
    return &told;
  for (size_t i = 0; i < OPTIONS; i++) {
    int answer = mbedtls_version_check_feature(options[i].option); /* 0: there, -1: not, -2: it cannot say */
    if (answer == (options[i].there ? 0 : -1))
      facts[told.fact_count++] = (struct assay_fact){options[i].text, SOURCE_LIBRARY};
  }
  if (mbedtls_version_check_feature("MBEDTLS_HAVE_ASM") == -1)
    told.note = "no asm";
#if defined(__x86_64__)
  facts[told.fact_count++] =
      (struct assay_fact){"SHA-2 is plain C on this architecture, whatever the CPU has", SOURCE_INFERRED};
#endif
  told.path = loaded_path((const void *)(uintptr_t)&mbedtls_version_get_string, library_path);
  mbedtls_version_get_string(version);
  told.version = version;
  told.problem = version_problem(MBEDTLS_VERSION_STRING, &told);
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

/* What a failed call means. A code of a module may have one of the layer below added, in its lowest seven
 * bits (error.h). */
static enum assay_outcome refusal(int ret) {
  switch (ret) {
  case MBEDTLS_ERR_ECP_VERIFY_FAILED:
  case MBEDTLS_ERR_RSA_VERIFY_FAILED:
  case MBEDTLS_ERR_RSA_INVALID_PADDING: return ASSAY_MISMATCH;
  case MBEDTLS_ERR_MD_ALLOC_FAILED:
  case MBEDTLS_ERR_ECP_ALLOC_FAILED:
  case MBEDTLS_ERR_ECP_RANDOM_FAILED: return ASSAY_FAULT;
  case MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE: return ASSAY_UNSUPPORTED;
  default: break;
  }
  int low = -(-ret & 0x7f);
  return ret >= 0 || low == MBEDTLS_ERR_MPI_ALLOC_FAILED || low == MBEDTLS_ERR_THREADING_MUTEX_ERROR
             ? ASSAY_FAULT
             : ASSAY_MALFORMED;
}

/* Of a call that must not fail for what is wrong with a token. */
static enum assay_outcome no_fault(int ret) {
  return ret == 0 ? ASSAY_MATCH : ASSAY_FAULT;
}

/* Context ----------------------------------------------------------------------------------------------- */

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  struct assay_ctx *ctx = calloc(1, sizeof *ctx);
  if (!ctx)
    return ASSAY_FAULT;
  for (int i = 0; i < CURVES; i++) {
    mbedtls_ecp_group_init(&ctx->curves[i].group);
    mbedtls_mpi_init(&ctx->curves[i].r);
    mbedtls_mpi_init(&ctx->curves[i].s);
  }
  *out = ctx;
  return ASSAY_MATCH;
}

static void ctx_close(struct assay_ctx *ctx) {
  for (int i = 0; i < CURVES; i++) {
    mbedtls_ecp_group_free(&ctx->curves[i].group);
    mbedtls_mpi_free(&ctx->curves[i].r);
    mbedtls_mpi_free(&ctx->curves[i].s);
  }
  free(ctx);
}

#define ALGS (ASSAY_ALGS_ALL & ~ASSAY_ALGS_OF_FAMILY(EDDSA))

/* Key import -------------------------------------------------------------------------------------------- */

/* The digest's state after one block of the key, each octet changed by `pad` (RFC 2104 2). */
static int pad_start(mbedtls_md_context_t *state, const mbedtls_md_info_t *md, const uint8_t *block,
                     size_t block_bytes, uint8_t pad) {
  uint8_t padded[BLOCK_BYTES_MAX];
  for (size_t i = 0; i < block_bytes; i++)
    padded[i] = block[i] ^ pad;
  int ret = mbedtls_md_setup(state, md, 0);
  if (ret == 0)
    ret = mbedtls_md_starts(state);
  return ret == 0 ? mbedtls_md_update(state, padded, block_bytes) : ret;
}

static enum assay_outcome import_hmac(struct assay_key *key, struct assay_bytes k) {
  struct hmac_state *hmac = &key->hmac;
  uint8_t block[BLOCK_BYTES_MAX] = {0};
  size_t block_bytes = key->digest_bytes == 32 ? 64 : 128;
  int ret = 0;
  if (k.len > block_bytes)
    ret = mbedtls_md(key->md, k.ptr, k.len, block);
  else if (k.len)
    memcpy(block, k.ptr, k.len);
  if (ret == 0)
    ret = pad_start(&hmac->inner, key->md, block, block_bytes, 0x36);
  if (ret == 0)
    ret = pad_start(&hmac->outer, key->md, block, block_bytes, 0x5c);
  return no_fault(ret == 0 ? mbedtls_md_setup(&hmac->work, key->md, 0) : ret);
}

/* mbedtls_rsa_check_pubkey asks all of RFC 8017 3.1 that can be asked: n and e odd, 2 < e < n. */
static enum assay_outcome import_rsa(struct assay_key *key, struct assay_bytes n, struct assay_bytes e) {
  if (n.len == 0 || e.len == 0 || e.len > n.len)
    return ASSAY_MALFORMED;
  if (n.len > MBEDTLS_MPI_MAX_SIZE)
    return ASSAY_UNSUPPORTED;
  int ret = mbedtls_rsa_import_raw(&key->rsa, n.ptr, n.len, NULL, 0, NULL, 0, NULL, 0, e.ptr, e.len);
  if (ret == 0)
    ret = mbedtls_rsa_complete(&key->rsa);
  if (ret == 0)
    ret = mbedtls_rsa_check_pubkey(&key->rsa);
  key->sig_bytes = mbedtls_rsa_get_len(&key->rsa);
  return ret == 0 ? ASSAY_MATCH : refusal(ret);
}

static mbedtls_ecp_group_id group_id(enum assay_alg alg) {
  return alg == ASSAY_ES256   ? MBEDTLS_ECP_DP_SECP256R1
         : alg == ASSAY_ES384 ? MBEDTLS_ECP_DP_SECP384R1
         : alg == ASSAY_ES512 ? MBEDTLS_ECP_DP_SECP521R1
                              : MBEDTLS_ECP_DP_SECP256K1;
}

static struct curve *curve_load(struct assay_ctx *ctx, enum assay_alg alg, int *ret) {
  struct curve *curve = &ctx->curves[alg - ASSAY_ES256];
  *ret = curve->loaded ? 0 : mbedtls_ecp_group_load(&curve->group, group_id(alg));
  curve->loaded = *ret == 0;
  return curve;
}

/* Reading a point does not look at it: mbedtls_ecp_check_pubkey asks for its range and the curve. */
static enum assay_outcome import_ec(struct assay_ctx *ctx, struct assay_key *key,
                                    const struct assay_public_key *from) {
  size_t field = key->sig_bytes / 2;
  uint8_t encoded[1 + 2 * ASSAY_POINT_BYTES_MAX] = {0x04}; /* uncompressed */
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  memcpy(encoded + 1, from->x.ptr, field);
  memcpy(encoded + 1 + field, from->y.ptr, field);
  int ret;
  key->curve = curve_load(ctx, from->alg, &ret);
  if (ret == 0)
    ret = mbedtls_ecp_point_read_binary(&key->curve->group, &key->point, encoded, 1 + 2 * field);
  if (ret == 0)
    ret = mbedtls_ecp_check_pubkey(&key->curve->group, &key->point);
  return ret == 0 ? ASSAY_MATCH : refusal(ret);
}

static enum assay_outcome key_import(struct assay_ctx *ctx, struct assay_key *key,
                                     const struct assay_public_key *from) {
  switch (key->family) {
  case FAMILY_HMAC: return import_hmac(key, from->k);
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: return import_rsa(key, from->n, from->e);
  case FAMILY_ECDSA: return import_ec(ctx, key, from);
  case FAMILY_EDDSA: break;
  }
  return ASSAY_UNSUPPORTED;
}

/* All that key_fini frees is there, and empty. */
static void key_init(struct assay_key *key) {
  switch (key->family) {
  case FAMILY_HMAC:
    mbedtls_md_init(&key->hmac.inner);
    mbedtls_md_init(&key->hmac.outer);
    mbedtls_md_init(&key->hmac.work);
    break;
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: RSA_INIT(&key->rsa); break;
  case FAMILY_ECDSA: mbedtls_ecp_point_init(&key->point); break;
  case FAMILY_EDDSA: break;
  }
}

static void key_fini(struct assay_key *key) {
  switch (key->family) {
  case FAMILY_HMAC:
    mbedtls_md_free(&key->hmac.inner);
    mbedtls_md_free(&key->hmac.outer);
    mbedtls_md_free(&key->hmac.work);
    break;
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: mbedtls_rsa_free(&key->rsa); break;
  case FAMILY_ECDSA: mbedtls_ecp_point_free(&key->point); break;
  case FAMILY_EDDSA: break;
  }
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  key_fini(key);
  free(key);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  if (!(ALGS & ASSAY_ALG_BIT(from->alg)))
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  const struct assay_alg_info *info = assay_alg_info(from->alg);
  key->family = info->family;
  key->digest_bytes = info->digest_bytes;
  key->sig_bytes = info->signature_bytes;
  key->md = mbedtls_md_info_from_type(info->digest_bytes == 32   ? MBEDTLS_MD_SHA256
                                      : info->digest_bytes == 48 ? MBEDTLS_MD_SHA384
                                                                 : MBEDTLS_MD_SHA512);
  key_init(key);
  enum assay_outcome outcome = key->md ? key_import(ctx, key, from) : ASSAY_UNSUPPORTED;
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static int hmac_compute(struct hmac_state *hmac, size_t digest_bytes, struct assay_bytes input,
                        uint8_t *tag) {
  int ret = mbedtls_md_clone(&hmac->work, &hmac->inner);
  if (ret == 0)
    ret = mbedtls_md_update(&hmac->work, input.ptr, input.len);
  if (ret == 0)
    ret = mbedtls_md_finish(&hmac->work, tag);
  if (ret == 0)
    ret = mbedtls_md_clone(&hmac->work, &hmac->outer);
  if (ret == 0)
    ret = mbedtls_md_update(&hmac->work, tag, digest_bytes);
  return ret == 0 ? mbedtls_md_finish(&hmac->work, tag) : ret;
}

static enum assay_outcome verify_hmac(struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  uint8_t tag[MBEDTLS_MD_MAX_SIZE];
  if (hmac_compute(&key->hmac, key->digest_bytes, input, tag) != 0)
    return ASSAY_FAULT;
  return mbedtls_ct_memcmp(tag, sig.ptr, key->digest_bytes) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

/* Of PKCS #1 the library compares the whole encoding. Of PSS, MGF1 has the same hash and the salt is as long
 * as its output (RFC 7518 3.5); the call without a length would take any. */
static enum assay_outcome verify_rsa(struct assay_key *key, struct assay_bytes input,
                                     struct assay_bytes sig) {
  uint8_t digest[MBEDTLS_MD_MAX_SIZE];
  mbedtls_md_type_t md = mbedtls_md_get_type(key->md);
  unsigned digest_bytes = (unsigned)key->digest_bytes;
  if (mbedtls_md(key->md, input.ptr, input.len, digest) != 0)
    return ASSAY_FAULT;
  int ret = key->family == FAMILY_RSA_PSS
                ? mbedtls_rsa_rsassa_pss_verify_ext(&key->rsa, PUBLICLY md, digest_bytes, digest, md,
                                                    (int)digest_bytes, sig.ptr)
                : mbedtls_rsa_rsassa_pkcs1_v15_verify(&key->rsa, PUBLICLY md, digest_bytes, digest, sig.ptr);
  return ret == 0 ? ASSAY_MATCH : refusal(ret);
}

/* R || S (RFC 7518 3.4) as two numbers: DER would only be parsed into them again. */
static enum assay_outcome verify_ecdsa(struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  uint8_t digest[MBEDTLS_MD_MAX_SIZE];
  struct curve *curve = key->curve;
  size_t half = sig.len / 2;
  if (mbedtls_md(key->md, input.ptr, input.len, digest) != 0 ||
      mbedtls_mpi_read_binary(&curve->r, sig.ptr, half) != 0 ||
      mbedtls_mpi_read_binary(&curve->s, sig.ptr + half, half) != 0)
    return ASSAY_FAULT;
  int ret = mbedtls_ecdsa_verify(&curve->group, digest, key->digest_bytes, &key->point, &curve->r, &curve->s);
  return ret == 0 ? ASSAY_MATCH : refusal(ret);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4; the RSA calls are not told it */
    return ASSAY_MALFORMED;
  switch (key->family) {
  case FAMILY_HMAC: return verify_hmac(key, input, sig);
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: return verify_rsa(key, input, sig);
  case FAMILY_ECDSA: return verify_ecdsa(key, input, sig);
  case FAMILY_EDDSA: break;
  }
  return ASSAY_FAULT;
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "mbedtls",
    .summary = "mbedtls_md on states that are keyed once and cloned, mbedtls_rsa_rsassa_*_verify, "
               "mbedtls_ecdsa_verify",
    .build = build,
    .algs = ALGS,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
