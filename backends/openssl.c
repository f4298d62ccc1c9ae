/* OpenSSL 3: the EVP interface, set up once. Digests are fetched per context; a key's padding, hash and salt
 * length are set at import, so that a verify only hashes and computes.
 *
 * build: pkg-config libcrypto
 * prefix: header openssl/crypto.h
 * prefix: library crypto
 *
 * HMAC is two hashes of the library (RFC 2104 2), each begun from a state that holds the key already:
 * EVP_MAC_init and EVP_MAC_final copy such states too, and do more around it. The variant evp-mac uses them.
 * The variant low-level does it with SHA256_Update on copied structs, which saves another 60 ns of 675 with 3.0,
 * where each copy of an EVP_MD_CTX allocates; but that is deprecated, and no provider is asked (SHA256_Init(3)).
 * `openssl speed` is at most 3 % faster than this, in any algorithm, with 3.0 as with 3.5.
 *
 * Two variants show what the usual shortcuts cost: contexts made for every token, and keys imported for it.
 * Another shares each EVP_PKEY among all threads, a context each: openssl-threads(7) allows that of an object
 * that nobody changes. It is without HMAC, whose keys are no EVP_PKEY.
 */
#include "backends/backend.h"
#include "backends/ecdsa_der.h"
#include "backends/hmac_pads.h"
#include "backends/loaded_path.h"
#include "backends/shared_keys.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define OPENSSL_SUPPRESS_DEPRECATED /* the variant low-level */
#include <openssl/crypto.h>         /* before headers that only OpenSSL has */
#if defined(OPENSSL_IS_BORINGSSL) || defined(OPENSSL_IS_AWSLC)
#error "these are not the headers of OpenSSL; the backends of BoringSSL and AWS-LC are boringssl and awslc"
#elif defined(LIBRESSL_VERSION_NUMBER)
#error "these are the headers of LibreSSL, which has no backend here"
#elif defined(OPENSSL_VERSION_NUMBER) && OPENSSL_VERSION_NUMBER < 0x30000000L
#error                                                                                                       \
    "these are the headers of OpenSSL before 3.0, which lacks what this backend calls (EVP_MAC, EVP_MD_fetch)"
#endif

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

enum { HASHES = 3 }; /* SHA-256, SHA-384, SHA-512 */

struct assay_ctx {
  EVP_MAC *hmac; /* evp-mac, init-per-call */
  EVP_MD *md[HASHES];
  EVP_MD_CTX *hash[HASHES]; /* one each: changing the digest of a context would allocate */
};

struct assay_key {
  const struct assay_alg_info *info;
  EVP_MD *md;       /* of the ctx; NULL for EdDSA */
  EVP_MD_CTX *hash; /* of the ctx; NULL for EdDSA */
  size_t sig_bytes;
  EVP_PKEY *pkey;              /* all but HMAC */
  EVP_PKEY_CTX *verifier;      /* RSA, ECDSA, EdDSA from 3.4: ready for EVP_PKEY_verify */
  EVP_MD_CTX *edwards;         /* EdDSA before 3.4 */
  EVP_MD_CTX *inner, *outer;   /* HMAC, keyed */
  EVP_MAC_CTX *mac;            /* evp-mac: keyed */
  struct assay_public_key raw; /* variants: a copy of what was imported, in octets */
  uint8_t *octets;
  struct shared_key *shared; /* shared-keys: whose pkey this is, too */
  struct low_level *low;     /* low-level */
};

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

/* OPENSSL_ia32cap holds CPUID leaf 1 EDX and ECX, then leaf 7 EBX and ECX, after what the environment masks:
 * it is what libcrypto dispatches on. */
static size_t read_dispatch(struct assay_fact *facts, const char *settings) {
  static const struct {
    unsigned word, bit;
    const char *name;
  } paths[] = {{0, 41, "ssse3"}, {0, 60, "avx"},    {1, 5, "avx2"},     {1, 8, "bmi2"},
               {1, 19, "adx"},   {1, 29, "sha-ni"}, {1, 16, "avx512f"}, {1, 21, "avx512-ifma"}};
  unsigned long long words[2];
  if (!settings || sscanf(settings, "OPENSSL_ia32cap=0x%llx:0x%llx", &words[0], &words[1]) != 2)
    return 0;
  size_t count = 0;
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    if (words[paths[i].word] >> paths[i].bit & 1)
      facts[count++] = (struct assay_fact){paths[i].name, SOURCE_LIBRARY};
  return count;
}

static struct assay_fact build_facts[6], build_dispatch[8];
static struct assay_build told = {
    .library = "OpenSSL", .note = "", .facts = build_facts, .dispatch = build_dispatch};

static void fact_add(const char *text, enum assay_source source) {
  build_facts[told.fact_count++] = (struct assay_fact){text, source};
}

/* There in builds with enable-ec_nistp_64_gcc_128 alone. Its type is of no matter, nor that it is deprecated. */
extern const char nistp521_method __asm__("EC_GFp_nistp521_method") __attribute__((weak));

static void tell_curves(void) {
  if (!&nistp521_method) {
    if (!told.note[0])
      told.note = "no nistp";
    fact_add("without enable-ec_nistp_64_gcc_128: P-384 and P-521 run on general code", SOURCE_INFERRED);
  } else if (OpenSSL_version_num() >= 0x30200000) {
    fact_add("enable-ec_nistp_64_gcc_128: P-384 and P-521 have code of their own", SOURCE_INFERRED);
  } else {
    fact_add("enable-ec_nistp_64_gcc_128: P-521 has code of its own; P-384 got it in 3.2", SOURCE_INFERRED);
  }
}

/* libcrypto has CPU settings exactly where it was built with assembly. */
static void tell_assembly(const char *settings, const char *flags) {
  if (!settings) {
    told.note = "no asm";
    fact_add("built without assembly: it has no CPU settings", SOURCE_LIBRARY);
  } else if (strstr(flags, "-DOPENSSL_SMALL_FOOTPRINT")) {
    told.note = "small";
    fact_add("built with OPENSSL_SMALL_FOOTPRINT", SOURCE_LIBRARY);
  }
}

/* The headers and the library of a prefix are of one build, or of two that have got mixed. Under a packaged
 * module a later library of the same ABI may come by an update, never an earlier
 * minor version. */
static bool headers_fit(unsigned long loaded, unsigned long compiled) {
  enum { MINOR_SHIFT = 20, MAJOR_SHIFT = 28 };
#ifdef ASSAY_OF_PREFIX
  return loaded >> MINOR_SHIFT == compiled >> MINOR_SHIFT && loaded >= compiled;
#else
  return loaded >> MAJOR_SHIFT == compiled >> MAJOR_SHIFT && loaded >> MINOR_SHIFT >= compiled >> MINOR_SHIFT;
#endif
}

static void check_headers(void) {
  static char problem[PATH_MAX + 160];
  unsigned long loaded = OpenSSL_version_num(), compiled = OPENSSL_VERSION_NUMBER;
  if (!headers_fit(loaded, compiled)) {
    snprintf(problem, sizeof problem,
             "the library that was loaded, %s, is %s, but its headers were of " OPENSSL_VERSION_STR,
             told.path, OpenSSL_version(OPENSSL_VERSION));
    told.problem = problem;
  } else if (loaded != compiled) {
    fact_add("the headers were of " OPENSSL_VERSION_STR, SOURCE_INFERRED);
  }
}

static const struct assay_build *build(void) {
  if (told.version)
    return &told;
  const char *settings = OPENSSL_info(OPENSSL_INFO_CPU_SETTINGS), *flags = OpenSSL_version(OPENSSL_CFLAGS);
  told.path = loaded_path((const void *)(uintptr_t)&OpenSSL_version, library_path);
  tell_assembly(settings, flags);
  tell_curves();
  fact_add(flags, SOURCE_LIBRARY);
  fact_add(OpenSSL_version(OPENSSL_PLATFORM), SOURCE_LIBRARY);
  if (settings)
    fact_add(settings, SOURCE_LIBRARY);
  told.dispatch_count = read_dispatch(build_dispatch, settings);
  check_headers();
  told.version = OpenSSL_version(OPENSSL_VERSION_STRING);
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

/* Empties the error queue, so that refused tokens do not make it grow. 1 is the only success there is:
 * 0 and the negative codes differ in what the library thinks of the form (EVP_PKEY_verify(3)). */
static enum assay_outcome refusal(int ret) {
  unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (ret == -2 || ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE)
    return ASSAY_FAULT;
  return ret == 0 ? ASSAY_MISMATCH : ASSAY_MALFORMED;
}

static enum assay_outcome fault(void) {
  ERR_clear_error();
  return ASSAY_FAULT;
}

/* Context ----------------------------------------------------------------------------------------------- */

static void ctx_close(struct assay_ctx *ctx) {
  for (int i = 0; i < HASHES; i++) {
    EVP_MD_CTX_free(ctx->hash[i]);
    EVP_MD_free(ctx->md[i]);
  }
  EVP_MAC_free(ctx->hmac);
  free(ctx);
}

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  static const char *const names[HASHES] = {"SHA2-256", "SHA2-384", "SHA2-512"};
  struct assay_ctx *ctx = calloc(1, sizeof *ctx);
  if (!ctx)
    return ASSAY_FAULT;
  bool ok = (ctx->hmac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL)) != NULL;
  for (int i = 0; ok && i < HASHES; i++)
    ok = (ctx->md[i] = EVP_MD_fetch(NULL, names[i], NULL)) && (ctx->hash[i] = EVP_MD_CTX_new()) &&
         EVP_DigestInit_ex2(ctx->hash[i], ctx->md[i], NULL) == 1;
  if (!ok) {
    ctx_close(ctx);
    return fault();
  }
  *out = ctx;
  return ASSAY_MATCH;
}

/* Key import -------------------------------------------------------------------------------------------- */

static enum assay_outcome pkey_from_params(EVP_PKEY **out, const char *type, OSSL_PARAM_BLD *bld) {
  OSSL_PARAM *params = bld ? OSSL_PARAM_BLD_to_param(bld) : NULL;
  EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
  enum assay_outcome outcome = ASSAY_FAULT;
  if (params && maker && EVP_PKEY_fromdata_init(maker) == 1) {
    outcome = EVP_PKEY_fromdata(maker, out, EVP_PKEY_PUBLIC_KEY, params) == 1 ? ASSAY_MATCH : ASSAY_MALFORMED;
    unsigned long error = ERR_peek_error();
    if (outcome == ASSAY_MALFORMED && ERR_GET_LIB(error) == ERR_LIB_EC &&
        (ERR_GET_REASON(error) == EC_R_UNKNOWN_GROUP || ERR_GET_REASON(error) == EC_R_INVALID_CURVE))
      outcome = ASSAY_UNSUPPORTED; /* some distributions leave secp256k1 out */
  }
  ERR_clear_error();
  EVP_PKEY_CTX_free(maker);
  OSSL_PARAM_free(params);
  return outcome;
}

static enum assay_outcome import_rsa(struct assay_key *key, const struct assay_public_key *from) {
  struct assay_bytes n = from->n, e = from->e;
  /* RFC 8017 3.1. libcrypto looks at neither before it computes: with e = 1 every encoding
   * would sign itself. */
  if (n.len == 0 || e.len == 0 || e.len > n.len || !(n.ptr[n.len - 1] & 1) || !(e.ptr[e.len - 1] & 1))
    return ASSAY_MALFORMED;
  if (n.len > OPENSSL_RSA_MAX_MODULUS_BITS / 8)
    return ASSAY_UNSUPPORTED;
  BIGNUM *modulus = BN_bin2bn(n.ptr, (int)n.len, NULL), *exponent = BN_bin2bn(e.ptr, (int)e.len, NULL);
  OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
  enum assay_outcome outcome = ASSAY_FAULT;
  if (modulus && exponent && bld && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, modulus) &&
      OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, exponent))
    outcome = BN_is_one(exponent) ? ASSAY_MALFORMED : pkey_from_params(&key->pkey, "RSA", bld);
  OSSL_PARAM_BLD_free(bld);
  BN_free(modulus);
  BN_free(exponent);
  key->sig_bytes = outcome == ASSAY_MATCH ? (size_t)EVP_PKEY_get_size(key->pkey) : 0;
  return outcome;
}

/* EVP_PKEY_fromdata refuses coordinates that are too large or not on the curve. */
static enum assay_outcome import_ec(struct assay_key *key, const struct assay_public_key *from) {
  size_t field = key->sig_bytes / 2;
  uint8_t point[1 + 2 * ASSAY_POINT_BYTES_MAX] = {POINT_CONVERSION_UNCOMPRESSED};
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  memcpy(point + 1, from->x.ptr, field);
  memcpy(point + 1 + field, from->y.ptr, field);
  OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
  enum assay_outcome outcome = ASSAY_FAULT;
  if (bld &&
      OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, jwk_curve_name(key->info->curve), 0) &&
      OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * field))
    outcome = pkey_from_params(&key->pkey, "EC", bld);
  OSSL_PARAM_BLD_free(bld);
  return outcome;
}

/* The library takes any octets of the right length and decodes the point in every verify. */
static enum assay_outcome import_edwards(struct assay_key *key, const struct assay_public_key *from) {
  bool ed25519 = from->alg == ASSAY_ED25519;
  if (from->x.len != key->info->key_bytes)
    return ASSAY_MALFORMED;
  key->pkey =
      EVP_PKEY_new_raw_public_key_ex(NULL, ed25519 ? "ED25519" : "ED448", NULL, from->x.ptr, from->x.len);
  return key->pkey ? ASSAY_MATCH : refusal(-1);
}

static enum assay_outcome import_pkey(struct assay_key *key, const struct assay_public_key *from) {
  switch (key->info->family) {
  case FAMILY_HMAC: return ASSAY_MATCH; /* its key goes into the MAC context */
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: return import_rsa(key, from);
  case FAMILY_ECDSA: return import_ec(key, from);
  case FAMILY_EDDSA: return import_edwards(key, from);
  }
  return ASSAY_UNSUPPORTED;
}

/* RFC 7518 3.5: MGF1 with the same hash, salt as long as its output. */
static bool pss_set(EVP_PKEY_CTX *verifier, const EVP_MD *md) {
  return EVP_PKEY_CTX_set_rsa_padding(verifier, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(verifier, md) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(verifier, RSA_PSS_SALTLEN_DIGEST) > 0;
}

static bool verifier_prepare(struct assay_key *key) {
  EVP_PKEY_CTX *verifier = key->verifier = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
  return verifier && EVP_PKEY_verify_init(verifier) == 1 &&
         EVP_PKEY_CTX_set_signature_md(verifier, key->md) > 0 &&
         (key->info->family != FAMILY_RSA_PSS || pss_set(verifier, key->md)) &&
         (key->info->family != FAMILY_RSA_PKCS1 ||
          EVP_PKEY_CTX_set_rsa_padding(verifier, RSA_PKCS1_PADDING) > 0);
}

#if OPENSSL_VERSION_PREREQ(3, 4) /* an initialisation that serves for many messages (EVP_PKEY_verify(3)) */
static bool edwards_prepare(struct assay_key *key) {
  EVP_PKEY_CTX *verifier = key->verifier = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
  EVP_SIGNATURE *signature = EVP_SIGNATURE_fetch(NULL, EVP_PKEY_get0_type_name(key->pkey), NULL);
  bool ok = verifier && signature && EVP_PKEY_verify_message_init(verifier, signature, NULL) == 1;
  EVP_SIGNATURE_free(signature);
  return ok;
}
#else
static bool edwards_prepare(struct assay_key *key) {
  key->edwards = EVP_MD_CTX_new();
  return key->edwards && EVP_DigestVerifyInit_ex(key->edwards, NULL, NULL, NULL, NULL, key->pkey, NULL) == 1;
}
#endif

/* A state that has taken a padded key; NULL for want of memory. */
static EVP_MD_CTX *hash_keyed(const EVP_MD *md, const uint8_t *pad, size_t bytes) {
  EVP_MD_CTX *state = EVP_MD_CTX_new();
  if (state && EVP_DigestInit_ex2(state, md, NULL) == 1 && EVP_DigestUpdate(state, pad, bytes) == 1)
    return state;
  EVP_MD_CTX_free(state);
  return NULL;
}

static bool hmac_pad(const struct assay_key *key, struct assay_bytes k, struct hmac_pads *pads) {
  uint8_t digest[EVP_MAX_MD_SIZE];
  size_t digest_bytes = key->info->digest_bytes;
  if (k.len > hmac_block_bytes(digest_bytes)) {
    if (EVP_Digest(k.ptr, k.len, digest, NULL, key->md, NULL) != 1)
      return false;
    k = bytes_of(digest, digest_bytes);
  }
  hmac_pads_fill(pads, digest_bytes, k);
  return true;
}

static bool hmac_prepare(struct assay_key *key, struct assay_bytes k) {
  struct hmac_pads pads;
  if (!hmac_pad(key, k, &pads))
    return false;
  key->inner = hash_keyed(key->md, pads.inner, pads.bytes);
  key->outer = hash_keyed(key->md, pads.outer, pads.bytes);
  return key->inner && key->outer;
}

static bool key_prepare(struct assay_key *key, const struct assay_public_key *from) {
  switch (key->info->family) {
  case FAMILY_HMAC: return hmac_prepare(key, from->k);
  case FAMILY_EDDSA: return edwards_prepare(key);
  default: return verifier_prepare(key);
  }
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  EVP_MD_CTX_free(key->inner);
  EVP_MD_CTX_free(key->outer);
  EVP_MAC_CTX_free(key->mac);
  free(key->low);
  EVP_MD_CTX_free(key->edwards);
  EVP_PKEY_CTX_free(key->verifier);
  EVP_PKEY_free(key->pkey);
  free(key->octets);
  free(key);
}

/* Without its public key yet. */
static struct assay_key *key_new(struct assay_ctx *ctx, enum assay_alg alg) {
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return NULL;
  key->info = assay_alg_info(alg);
  key->sig_bytes = key->info->signature_bytes;
  if (key->info->digest_bytes) {
    unsigned which = key->info->digest_bytes / 16 - 2; /* 32, 48, 64 bytes */
    key->md = ctx->md[which];
    key->hash = ctx->hash[which];
  }
  return key;
}

/* A key that is imported, with nothing prepared. */
static enum assay_outcome key_import(struct assay_ctx *ctx, const struct assay_public_key *from,
                                     struct assay_key **out) {
  struct assay_key *key = key_new(ctx, from->alg);
  if (!key)
    return ASSAY_FAULT;
  enum assay_outcome outcome = import_pkey(key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  struct assay_key *key;
  enum assay_outcome outcome = key_import(ctx, from, &key);
  if (outcome != ASSAY_MATCH)
    return outcome;
  if (!key_prepare(key, from)) {
    key_close(ctx, key);
    return fault();
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static enum assay_outcome verify_digest(const struct assay_key *key, struct assay_bytes input,
                                        struct assay_bytes sig) {
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned digest_bytes;
  if (EVP_DigestInit_ex2(key->hash, key->md, NULL) != 1 ||
      EVP_DigestUpdate(key->hash, input.ptr, input.len) != 1 ||
      EVP_DigestFinal_ex(key->hash, digest, &digest_bytes) != 1)
    return fault();
  int ret = EVP_PKEY_verify(key->verifier, sig.ptr, sig.len, digest, digest_bytes);
  return ret == 1 ? ASSAY_MATCH : refusal(ret);
}

static enum assay_outcome verify_ecdsa(const struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  struct der_signature der;
  der_from_jose(&der, sig);
  return verify_digest(key, input, bytes_of(der.start, der.bytes));
}

#if OPENSSL_VERSION_PREREQ(3, 4)
static enum assay_outcome verify_edwards(const struct assay_key *key, struct assay_bytes input,
                                         struct assay_bytes sig) {
  int ret = EVP_PKEY_verify(key->verifier, sig.ptr, sig.len, bytes_start(input), input.len);
  return ret == 1 ? ASSAY_MATCH : refusal(ret);
}
#else
/* The one-shot call may be made once per initialisation; without a key that re-uses all that is set up. */
static enum assay_outcome verify_edwards(const struct assay_key *key, struct assay_bytes input,
                                         struct assay_bytes sig) {
  if (EVP_DigestVerifyInit_ex(key->edwards, NULL, NULL, NULL, NULL, NULL, NULL) != 1)
    return fault();
  int ret = EVP_DigestVerify(key->edwards, sig.ptr, sig.len, bytes_start(input), input.len);
  return ret == 1 ? ASSAY_MATCH : refusal(ret);
}

#endif

/* A hash that goes on from a state which is kept. */
static bool hash_from(EVP_MD_CTX *hash, const EVP_MD_CTX *state, struct assay_bytes input, uint8_t *digest) {
  return EVP_MD_CTX_copy_ex(hash, state) == 1 && EVP_DigestUpdate(hash, input.ptr, input.len) == 1 &&
         EVP_DigestFinal_ex(hash, digest, NULL) == 1;
}

static enum assay_outcome verify_hmac(const struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  uint8_t digest[EVP_MAX_MD_SIZE], tag[EVP_MAX_MD_SIZE];
  if (!hash_from(key->hash, key->inner, input, digest) ||
      !hash_from(key->hash, key->outer, bytes_of(digest, sig.len), tag))
    return fault();
  return CRYPTO_memcmp(tag, sig.ptr, sig.len) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4; PSS would take a shorter one */
    return ASSAY_MALFORMED;
  switch (key->info->family) {
  case FAMILY_HMAC: return verify_hmac(key, input, sig);
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: return verify_digest(key, input, sig);
  case FAMILY_ECDSA: return verify_ecdsa(key, input, sig);
  case FAMILY_EDDSA: return verify_edwards(key, input, sig);
  }
  return ASSAY_FAULT;
}

/* Variants ---------------------------------------------------------------------------------------------- */

static bool mac_set_key(EVP_MAC_CTX *mac, const struct assay_key *key, struct assay_bytes k) {
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                                          (char *)(uintptr_t)EVP_MD_get0_name(key->md), 0),
                         OSSL_PARAM_construct_end()};
  return EVP_MAC_init(mac, bytes_start(k), k.len, params) == 1;
}

static enum assay_outcome mac_compare(EVP_MAC_CTX *mac, struct assay_bytes input, struct assay_bytes sig) {
  uint8_t tag[EVP_MAX_MD_SIZE];
  size_t tag_bytes;
  if (EVP_MAC_update(mac, input.ptr, input.len) != 1 || EVP_MAC_final(mac, tag, &tag_bytes, sizeof tag) != 1)
    return fault();
  return tag_bytes == sig.len && CRYPTO_memcmp(tag, sig.ptr, tag_bytes) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

static enum assay_outcome key_open_mac(struct assay_ctx *ctx, const struct assay_public_key *from,
                                       struct assay_key **out) {
  if (assay_alg_info(from->alg)->family != FAMILY_HMAC)
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = key_new(ctx, from->alg);
  if (!key)
    return ASSAY_FAULT;
  key->mac = EVP_MAC_CTX_new(ctx->hmac);
  if (!key->mac || !mac_set_key(key->mac, key, from->k)) {
    key_close(ctx, key);
    return fault();
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Without a key EVP_MAC_init starts again with the one that is set. */
static enum assay_outcome verify_mac(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                     struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes)
    return ASSAY_MALFORMED;
  if (EVP_MAC_init(key->mac, NULL, 0, NULL) != 1)
    return fault();
  return mac_compare(key->mac, input, sig);
}

#ifndef OPENSSL_NO_DEPRECATED_3_0
/* SHA-384 has the state of SHA-512. */
union low_hash {
  SHA256_CTX sha256;
  SHA512_CTX sha512;
};

struct low_level {
  union low_hash inner, outer; /* keyed */
};

static bool low_add(size_t digest_bytes, union low_hash *hash, const uint8_t *data, size_t len) {
  return (digest_bytes == SHA256_DIGEST_LENGTH ? SHA256_Update(&hash->sha256, data, len)
                                               : SHA512_Update(&hash->sha512, data, len)) == 1;
}

static bool low_begin(size_t digest_bytes, union low_hash *hash, const uint8_t *pad, size_t len) {
  int ok = digest_bytes == SHA256_DIGEST_LENGTH   ? SHA256_Init(&hash->sha256)
           : digest_bytes == SHA384_DIGEST_LENGTH ? SHA384_Init(&hash->sha512)
                                                  : SHA512_Init(&hash->sha512);
  return ok == 1 && low_add(digest_bytes, hash, pad, len);
}

static bool low_from(size_t digest_bytes, const union low_hash *state, struct assay_bytes input,
                     uint8_t *digest) {
  union low_hash hash;
  if (digest_bytes == SHA256_DIGEST_LENGTH) {
    hash.sha256 = state->sha256;
    return low_add(digest_bytes, &hash, input.ptr, input.len) && SHA256_Final(digest, &hash.sha256) == 1;
  }
  hash.sha512 = state->sha512;
  return low_add(digest_bytes, &hash, input.ptr, input.len) && SHA512_Final(digest, &hash.sha512) == 1;
}

static enum assay_outcome key_open_low(struct assay_ctx *ctx, const struct assay_public_key *from,
                                       struct assay_key **out) {
  struct hmac_pads pads;
  if (assay_alg_info(from->alg)->family != FAMILY_HMAC)
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = key_new(ctx, from->alg);
  if (!key)
    return ASSAY_FAULT;
  key->low = malloc(sizeof *key->low);
  if (!key->low || !hmac_pad(key, from->k, &pads) ||
      !low_begin(key->sig_bytes, &key->low->inner, pads.inner, pads.bytes) ||
      !low_begin(key->sig_bytes, &key->low->outer, pads.outer, pads.bytes)) {
    key_close(ctx, key);
    return fault();
  }
  *out = key;
  return ASSAY_MATCH;
}

static enum assay_outcome verify_low(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                     struct assay_bytes sig) {
  (void)ctx;
  uint8_t digest[EVP_MAX_MD_SIZE], tag[EVP_MAX_MD_SIZE];
  if (sig.len != key->sig_bytes)
    return ASSAY_MALFORMED;
  if (!low_from(sig.len, &key->low->inner, input, digest) ||
      !low_from(sig.len, &key->low->outer, bytes_of(digest, sig.len), tag))
    return fault();
  return CRYPTO_memcmp(tag, sig.ptr, sig.len) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}
#endif

static bool raw_keep(struct assay_key *key, const struct assay_public_key *from) {
  key->octets = malloc(1 + public_key_bytes(from));
  if (key->octets)
    public_key_copy(&key->raw, from, key->octets);
  return key->octets != NULL;
}

static enum assay_outcome key_open_raw(struct assay_ctx *ctx, const struct assay_public_key *from,
                                       struct assay_key **out) {
  enum assay_outcome outcome = key_import(ctx, from, out);
  if (outcome != ASSAY_MATCH || raw_keep(*out, from))
    return outcome;
  key_close(ctx, *out);
  return ASSAY_FAULT;
}

static enum assay_outcome hmac_init_per_call(struct assay_ctx *ctx, const struct assay_key *key,
                                             struct assay_bytes input, struct assay_bytes sig) {
  EVP_MAC_CTX *mac = EVP_MAC_CTX_new(ctx->hmac);
  enum assay_outcome outcome =
      mac && mac_set_key(mac, key, key->raw.k) ? mac_compare(mac, input, sig) : fault();
  EVP_MAC_CTX_free(mac);
  return outcome;
}

static enum assay_outcome verify_init_per_call(struct assay_ctx *ctx, struct assay_key *key,
                                               struct assay_bytes input, struct assay_bytes sig) {
  struct der_signature der;
  if (sig.len != key->sig_bytes)
    return ASSAY_MALFORMED;
  if (key->info->family == FAMILY_HMAC)
    return hmac_init_per_call(ctx, key, input, sig);
  if (key->info->family == FAMILY_ECDSA) {
    der_from_jose(&der, sig);
    sig = bytes_of(der.start, der.bytes);
  }
  const char *md_name = key->md ? EVP_MD_get0_name(key->md) : NULL;
  EVP_MD_CTX *md_ctx = EVP_MD_CTX_new();
  EVP_PKEY_CTX *verifier;
  enum assay_outcome outcome = ASSAY_FAULT;
  if (md_ctx && EVP_DigestVerifyInit_ex(md_ctx, &verifier, md_name, NULL, NULL, key->pkey, NULL) == 1 &&
      (key->info->family != FAMILY_RSA_PSS || pss_set(verifier, key->md))) {
    int ret = EVP_DigestVerify(md_ctx, sig.ptr, sig.len, bytes_start(input), input.len);
    outcome = ret == 1 ? ASSAY_MATCH : refusal(ret);
  }
  EVP_MD_CTX_free(md_ctx);
  return outcome == ASSAY_FAULT ? fault() : outcome;
}

static enum assay_outcome verify_import_per_call(struct assay_ctx *ctx, struct assay_key *key,
                                                 struct assay_bytes input, struct assay_bytes sig) {
  struct assay_key *fresh;
  if (key_open(ctx, &key->raw, &fresh) != ASSAY_MATCH)
    return ASSAY_FAULT; /* it was good when the key was opened */
  enum assay_outcome outcome = verify(ctx, fresh, input, sig);
  key_close(ctx, fresh);
  return outcome;
}

static enum assay_outcome pkey_import(const struct assay_public_key *from, void **pkey) {
  struct assay_key key = {.info = assay_alg_info(from->alg)};
  key.sig_bytes = key.info->signature_bytes;
  enum assay_outcome outcome = import_pkey(&key, from);
  *pkey = key.pkey;
  return outcome;
}

static void pkey_release(void *pkey) {
  EVP_PKEY_free(pkey);
}

static void key_close_shared(struct assay_ctx *ctx, struct assay_key *key) {
  struct shared_key *shared = key->shared;
  key_close(ctx, key);
  if (shared)
    shared_key_drop(shared, pkey_release);
}

static enum assay_outcome key_open_shared(struct assay_ctx *ctx, const struct assay_public_key *from,
                                          struct assay_key **out) {
  struct shared_key *shared;
  if (assay_alg_info(from->alg)->family == FAMILY_HMAC)
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = key_new(ctx, from->alg);
  if (!key)
    return ASSAY_FAULT;
  enum assay_outcome outcome = shared_key_take(from, pkey_import, &shared);
  if (outcome == ASSAY_MATCH) {
    key->shared = shared;
    if (EVP_PKEY_up_ref(shared->object) == 1)
      key->pkey = shared->object;
    if (key->info->family == FAMILY_RSA_PKCS1 || key->info->family == FAMILY_RSA_PSS)
      key->sig_bytes = (size_t)EVP_PKEY_get_size(key->pkey);
    outcome = key_prepare(key, from) ? ASSAY_MATCH : fault();
  }
  if (outcome == ASSAY_MATCH)
    *out = key;
  else
    key_close_shared(ctx, key);
  return outcome;
}

#define HOOKS(open, close, check)                                                                            \
  .abi = ASSAY_BACKEND_ABI, .size = sizeof(struct assay_backend), .build = build, .ctx_open = ctx_open,      \
  .ctx_close = ctx_close, .key_open = open, .key_close = close, .verify = check

static const struct assay_backend evp_mac = {
    .name = "evp-mac",
    .summary = "HMAC by EVP_MAC_init on a context that is keyed once",
    .algs = ASSAY_ALGS_OF_FAMILY(HMAC),
    HOOKS(key_open_mac, key_close, verify_mac),
};

#ifndef OPENSSL_NO_DEPRECATED_3_0
static const struct assay_backend low_level = {
    .name = "low-level",
    .summary = "HMAC by SHA256_Update and the like, deprecated, on two states keyed once",
    .algs = ASSAY_ALGS_OF_FAMILY(HMAC),
    HOOKS(key_open_low, key_close, verify_low),
};
#endif

static const struct assay_backend init_per_call = {
    .name = "init-per-call",
    .summary = "EVP_DigestVerifyInit and EVP_MAC_init for every token, with a key imported once",
    .algs = ASSAY_ALGS_ALL,
    HOOKS(key_open_raw, key_close, verify_init_per_call),
};

static const struct assay_backend import_per_call = {
    .name = "import-per-call",
    .summary = "EVP_PKEY_fromdata, then everything else, for every token",
    .algs = ASSAY_ALGS_ALL,
    HOOKS(key_open_raw, key_close, verify_import_per_call),
};

static const struct assay_backend shared = {
    .name = ASSAY_VARIANT_SHARED_KEYS,
    .summary = "one EVP_PKEY for all threads, each with contexts of its own",
    .algs = ASSAY_ALGS_ALL & ~ASSAY_ALGS_OF_FAMILY(HMAC),
    HOOKS(key_open_shared, key_close_shared, verify),
};

static const struct assay_backend *const variants[] = {&evp_mac,
#ifndef OPENSSL_NO_DEPRECATED_3_0
                                                       &low_level,
#endif
                                                       &init_per_call, &import_per_call, &shared, NULL};

const struct assay_backend assay_backend = {
    .name = "openssl",
    .summary =
        "EVP with fetched digests; HMAC by two states keyed once, EVP_PKEY_verify on contexts prepared "
        "once per key",
    .variants = variants,
    .algs = ASSAY_ALGS_ALL,
    HOOKS(key_open, key_close, verify),
};
