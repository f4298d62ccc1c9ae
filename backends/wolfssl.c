/* wolfSSL: the native wolfCrypt interface. Its calls answer 0 or a length on success, negative codes on
 * failure, and the verdict on a signature through a separate output: both are looked at, always.
 *
 * build: pkg-config wolfssl
 * prefix: header wolfssl/options.h
 * prefix: library wolfssl
 *
 * A build may lack any algorithm: options.h, which is installed with it, tells which, and they are not in the
 * module's list. What is there stands below as one struct scheme each.
 *
 * HMAC runs on two hash states that hold the key already (RFC 2104 2): wc_HmacUpdate and wc_HmacFinal hash both
 * padded keys again for every token. wolfCrypt's key structs carry state that a verify writes to: never share
 * one between threads.
 *
 * Its own `benchmark` checks one signature of one key again and again, hashes next to nothing for it, and ends an
 * HMAC once for many inputs. Here keys change and a token is some 760 octets to hash: with 5.9.2 that is 4 % more
 * for P-256, 5 % for RSA 2048, 9 to 17 % for Ed25519 and 16 % for HMAC with SHA-256. */
#include "backends/backend.h"
#include "backends/hmac_pads.h"
#include "backends/loaded_path.h"
#include "backends/rsa_forms.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define WOLFSSL_OPTIONS_IGNORE_SYS /* takes how wolfSSL was built, not which _FORTIFY_SOURCE it was built    \
                                      with */
#include <wolfssl/options.h>

#include <wolfssl/ssl.h>
#include <wolfssl/version.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/ed448.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/sha512.h>
#include <wolfssl/wolfcrypt/wc_port.h>

/* ---- what this build has ---- */

/* X(type, stem of its calls) for each hash. */
#ifndef NO_SHA256
#define SHA256_OF(X) X(WC_HASH_TYPE_SHA256, Sha256)
#define HAS_SHA256 1
#else
#define SHA256_OF(X)
#define HAS_SHA256 0
#endif
#ifdef WOLFSSL_SHA384
#define SHA384_OF(X) X(WC_HASH_TYPE_SHA384, Sha384)
#define HAS_SHA384 1
#else
#define SHA384_OF(X)
#define HAS_SHA384 0
#endif
#ifdef WOLFSSL_SHA512
#define SHA512_OF(X) X(WC_HASH_TYPE_SHA512, Sha512)
#define HAS_SHA512 1
#else
#define SHA512_OF(X)
#define HAS_SHA512 0
#endif
#define HASHES(X) SHA256_OF(X) SHA384_OF(X) SHA512_OF(X)

#if !defined(NO_RSA) && !defined(NO_ASN)
#define HAS_RSA 1
#else
#define HAS_RSA 0
#endif
#if HAS_RSA && defined(WC_RSA_PSS)
#define HAS_PSS 1
#else
#define HAS_PSS 0
#endif
#if defined(HAVE_ECC) && defined(HAVE_ECC_VERIFY) && defined(HAVE_ECC_KEY_IMPORT) && !defined(NO_ASN)
#define HAS_ECDSA 1
#else
#define HAS_ECDSA 0
#endif

/* The curves of ecc.c, by its own conditions. */
#if HAS_ECDSA && (!defined(NO_ECC256) || defined(HAVE_ALL_CURVES)) && ECC_MIN_KEY_SZ <= 256
#define HAS_256_BITS 1
#else
#define HAS_256_BITS 0
#endif
#if HAS_256_BITS && !defined(NO_ECC_SECP)
#define HAS_P256 1
#else
#define HAS_P256 0
#endif
#if HAS_256_BITS && defined(HAVE_ECC_KOBLITZ)
#define HAS_SECP256K1 1
#else
#define HAS_SECP256K1 0
#endif
#if HAS_ECDSA && (defined(HAVE_ECC384) || defined(HAVE_ALL_CURVES)) && !defined(NO_ECC_SECP)
#define HAS_P384 1
#else
#define HAS_P384 0
#endif
#if HAS_ECDSA && (defined(HAVE_ECC521) || defined(HAVE_ALL_CURVES)) && !defined(NO_ECC_SECP)
#define HAS_P521 1
#else
#define HAS_P521 0
#endif
#if defined(HAVE_ED25519) && defined(HAVE_ED25519_VERIFY) && defined(HAVE_ED25519_KEY_IMPORT)
#define HAS_ED25519 1
#else
#define HAS_ED25519 0
#endif
#if defined(HAVE_ED448) && defined(HAVE_ED448_VERIFY) && defined(HAVE_ED448_KEY_IMPORT)
#define HAS_ED448 1
#else
#define HAS_ED448 0
#endif

#define IF(has, alg) ((has) ? ASSAY_ALG_BIT(ASSAY_##alg) : 0)
#define ALGS                                                                                                 \
  (IF(HAS_SHA256, HS256) | IF(HAS_SHA384, HS384) | IF(HAS_SHA512, HS512) |                                   \
   IF(HAS_RSA && HAS_SHA256, RS256) | IF(HAS_RSA && HAS_SHA384, RS384) | IF(HAS_RSA && HAS_SHA512, RS512) |  \
   IF(HAS_PSS && HAS_SHA256, PS256) | IF(HAS_PSS && HAS_SHA384, PS384) | IF(HAS_PSS && HAS_SHA512, PS512) |  \
   IF(HAS_P256 && HAS_SHA256, ES256) | IF(HAS_P384 && HAS_SHA384, ES384) |                                   \
   IF(HAS_P521 && HAS_SHA512, ES512) | IF(HAS_SECP256K1 && HAS_SHA256, ES256K) | IF(HAS_ED25519, ED25519) |  \
   IF(HAS_ED448, ED448))

enum { DIGEST_BYTES_MAX = ASSAY_DIGEST_BYTES_MAX };

/* The library keeps its state in the keys, and that of FP_ECC in the thread. */
struct assay_ctx {
  char nothing;
};

union hash_state {
#define X(type, stem) wc_##stem stem;
  HASHES(X)
#undef X
  char nothing;
};

struct hmac_state {
  union hash_state inner, outer; /* keyed */
  union hash_state run;
};

#if HAS_RSA
enum {
  RSA_BYTES_MAX = RSA_MAX_SIZE / 8,
  DIGEST_INFO_BYTES_MAX = 19 + DIGEST_BYTES_MAX /* RFC 8017 9.2 note 1 */
};

struct rsa_state {
  RsaKey key;
  byte digest_info[DIGEST_INFO_BYTES_MAX]; /* PKCS #1: what the signature must hold; the digest comes last */
  size_t digest_info_bytes;
  int mgf; /* PSS */
};
#endif

struct assay_key {
  const struct scheme *scheme;
  enum wc_HashType hash;
  size_t digest_bytes, sig_bytes;
  bool inited; /* the union below holds a key that must be freed */
  union {
    struct hmac_state hmac;
#if HAS_RSA
    struct rsa_state rsa;
#endif
#if HAS_ECDSA
    ecc_key ec;
#endif
#if HAS_ED25519
    ed25519_key ed25519;
#endif
#if HAS_ED448
    ed448_key ed448;
#endif
  };
};

/* How keys of one kind are imported, used and freed; the hooks of backend.h say what each may answer. verify
 * gets a signature of the key's length and an input that wolfCrypt can count. */
struct scheme {
  enum assay_outcome (*import)(struct assay_key *key, const struct assay_public_key *from);
  enum assay_outcome (*verify)(struct assay_key *key, struct assay_bytes input, struct assay_bytes sig);
  void (*fini)(struct assay_key *key); /* after an import that set `inited` */
};

/* Build facts ------------------------------------------------------------------------------------------- */

static struct assay_fact build_facts[8];
static struct assay_build told = {.library = "wolfSSL", .note = "", .facts = build_facts};

static void fact_add(const char *text, enum assay_source source) {
  build_facts[told.fact_count++] = (struct assay_fact){text, source};
}

static char library_path[PATH_MAX];

/* Copies the words of text, quotes aside, that begin with one of the starts: those that say how a build differs
 * from others. */
static void words_keep(char *out, size_t size, const char *text, const char *const *starts) {
  size_t used = strlen(out);
  while (*(text += strspn(text, " '"))) {
    size_t len = strcspn(text, " '");
    bool wanted = false;
    for (const char *const *start = starts; *start; start++)
      wanted |= strncmp(text, *start, strlen(*start)) == 0;
    if (wanted && used < size)
      used += (size_t)snprintf(out + used, size - used, " %.*s", (int)len, text);
    text += len;
  }
}

/* From 5.6 on most builds tell how they were configured. */
extern const char *wolfSSL_configure_args(void) __attribute__((weak));
extern const char *wolfSSL_global_cflags(void) __attribute__((weak));

static void tell_options(void) {
  static const char *const options[] = {"--enable-", "--disable-", "--with", NULL};
  static const char *const flags[] = {"-O", "-m", NULL};
  static char configured[1024] = "configured with", compiled[256] = "compiled with";
  const char *arguments = &wolfSSL_configure_args ? wolfSSL_configure_args() : NULL;
  const char *compiler = &wolfSSL_global_cflags ? wolfSSL_global_cflags() : NULL;
  size_t bare = strlen(configured);
  if (arguments)
    words_keep(configured, sizeof configured, arguments, options);
  if (configured[bare])
    fact_add(configured, SOURCE_LIBRARY);
  bare = strlen(compiled);
  if (compiler)
    words_keep(compiled, sizeof compiled, compiler, flags);
  if (compiled[bare])
    fact_add(compiled, SOURCE_LIBRARY);
}

/* What options.h says, and what it means here. */
static void tell_speed(void) {
#ifdef USE_INTEL_SPEEDUP
  fact_add("--enable-intelasm: hashes and curves in assembly", SOURCE_INFERRED);
#else
  fact_add("no --enable-intelasm: hashes, Ed25519 and Ed448 are plain C", SOURCE_INFERRED);
#ifdef __x86_64__
  told.note = "no intelasm";
#endif
#endif
#ifdef WOLFSSL_HAVE_SP_RSA
  fact_add("--enable-sp: RSA with code for each key size", SOURCE_INFERRED);
#elif defined(WOLFSSL_SP_MATH_ALL)
  fact_add("no --enable-sp: RSA and ECDSA run on the general sp_int.c, with in-line multiply assembly only",
           SOURCE_INFERRED);
#endif
#ifdef FP_ECC
  fact_add("FP_ECC: each thread keeps tables for 15 points, built at the second ECDSA check of a key (some "
           "ms); more keys than that verify at about half the speed",
           SOURCE_INFERRED);
#endif
}

/* The structs of keys are laid out by the headers: another version's would let the library write beside them. */
static void tell_version(void) {
#ifdef WOLFCRYPT_ONLY
  told.version = LIBWOLFSSL_VERSION_STRING;
  fact_add("--enable-cryptonly: the version is that of the headers; the library tells none", SOURCE_INFERRED);
#else
  static char problem[PATH_MAX + 160];
  told.version = wolfSSL_lib_version();
  if (wolfSSL_lib_version_hex() == LIBWOLFSSL_VERSION_HEX)
    return;
  snprintf(
      problem, sizeof problem,
      "the library that was loaded, %s, is wolfSSL %s, but its headers were of " LIBWOLFSSL_VERSION_STRING,
      told.path, told.version);
  told.problem = problem;
#endif
}

static const struct assay_build *build(void) {
  if (told.version)
    return &told;
  told.path = loaded_path((const void *)(uintptr_t)&wolfCrypt_Init, library_path);
  tell_speed();
  tell_options();
  tell_version();
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

/* What a failed call means. A mismatch often shows as padding that is none (RSA) or as an error (Ed25519). */
static enum assay_outcome refusal(int ret) {
  switch (ret) {
  case 0:
  case SIG_VERIFY_E:
  case RSA_PAD_E:
  case BAD_PADDING_E:
  case PSS_SALTLEN_E: return ASSAY_MISMATCH;
  case MP_MEM:
  case MEMORY_E:
  case BAD_MUTEX_E:
  case WC_INIT_E: return ASSAY_FAULT;
  default: return ret > 0 ? ASSAY_MISMATCH : ASSAY_MALFORMED;
  }
}

/* Of the calls that write their verdict apart. */
#if HAS_ECDSA || HAS_ED25519 || HAS_ED448
static enum assay_outcome outcome_of(int ret, int verified) {
  return ret == 0 && verified == 1 ? ASSAY_MATCH : refusal(ret);
}
#endif

static enum assay_outcome import_outcome(int ret) {
  if (ret == 0)
    return ASSAY_MATCH;
  return refusal(ret) == ASSAY_FAULT ? ASSAY_FAULT : ASSAY_MALFORMED;
}

/* Context ----------------------------------------------------------------------------------------------- */

static int library_state;

static void library_open(void) {
  library_state = wolfCrypt_Init(); /* not safe to call from two threads at once */
}

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  if (pthread_once(&once, library_open) != 0 || library_state != 0)
    return ASSAY_FAULT;
  *out = malloc(sizeof **out);
  return *out ? ASSAY_MATCH : ASSAY_FAULT;
}

static void ctx_close(struct assay_ctx *ctx) {
#ifdef FP_ECC
  wc_ecc_fp_free(); /* this thread's tables */
#endif
  free(ctx);
}

/* Hashes ------------------------------------------------------------------------------------------------ */

static bool digest_input(const struct assay_key *key, struct assay_bytes input, byte *digest) {
  return wc_Hash(key->hash, bytes_start(input), (word32)input.len, digest, (word32)key->digest_bytes) == 0;
}

static int hash_init(enum wc_HashType type, union hash_state *state) {
  switch (type) {
#define X(type, stem)                                                                                        \
  case type: return wc_Init##stem(&state->stem);
    HASHES(X)
#undef X
  default: return HASH_TYPE_E;
  }
}

static int hash_update(enum wc_HashType type, union hash_state *state, const byte *data, size_t len) {
  switch (type) {
#define X(type, stem)                                                                                        \
  case type: return wc_##stem##Update(&state->stem, data, (word32)len);
    HASHES(X)
#undef X
  default: return HASH_TYPE_E;
  }
}

static int hash_final(enum wc_HashType type, union hash_state *state, byte *digest) {
  switch (type) {
#define X(type, stem)                                                                                        \
  case type: return wc_##stem##Final(&state->stem, digest);
    HASHES(X)
#undef X
  default: return HASH_TYPE_E;
  }
}

static int hash_copy(enum wc_HashType type, union hash_state *to, union hash_state *from) {
  switch (type) {
#define X(type, stem)                                                                                        \
  case type: return wc_##stem##Copy(&from->stem, &to->stem);
    HASHES(X)
#undef X
  default: return HASH_TYPE_E;
  }
}

static void hash_free(enum wc_HashType type, union hash_state *state) {
  switch (type) {
#define X(type, stem)                                                                                        \
  case type: wc_##stem##Free(&state->stem); break;
    HASHES(X)
#undef X
  default: break;
  }
}

/* HMAC -------------------------------------------------------------------------------------------------- */

static bool hash_key_in(enum wc_HashType type, union hash_state *state, const byte *pad, size_t bytes) {
  return hash_init(type, state) == 0 && hash_update(type, state, pad, bytes) == 0;
}

static enum assay_outcome import_hmac(struct assay_key *key, const struct assay_public_key *from) {
  struct hmac_pads pads;
  struct assay_bytes k = from->k;
  byte digest[DIGEST_BYTES_MAX];
  if (k.len > hmac_block_bytes(key->digest_bytes)) {
    if (!digest_input(key, k, digest))
      return ASSAY_FAULT;
    k = bytes_of(digest, key->digest_bytes);
  }
  hmac_pads_fill(&pads, key->digest_bytes, k);
  key->inited = true;
  return hash_init(key->hash, &key->hmac.run) == 0 &&
                 hash_key_in(key->hash, &key->hmac.inner, pads.inner, pads.bytes) &&
                 hash_key_in(key->hash, &key->hmac.outer, pads.outer, pads.bytes)
             ? ASSAY_MATCH
             : ASSAY_FAULT;
}

/* A hash that goes on from a state which is kept. */
static bool hash_from(struct assay_key *key, union hash_state *kept, struct assay_bytes input, byte *digest) {
  union hash_state *run = &key->hmac.run;
  return hash_copy(key->hash, run, kept) == 0 &&
         hash_update(key->hash, run, bytes_start(input), input.len) == 0 &&
         hash_final(key->hash, run, digest) == 0;
}

static enum assay_outcome verify_hmac(struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  byte digest[DIGEST_BYTES_MAX], tag[DIGEST_BYTES_MAX];
  if (!hash_from(key, &key->hmac.inner, input, digest) ||
      !hash_from(key, &key->hmac.outer, bytes_of(digest, key->digest_bytes), tag))
    return ASSAY_FAULT;
  byte differs = 0; /* in constant time; the library's own comparison is not in every build */
  for (size_t i = 0; i < key->digest_bytes; i++)
    differs |= tag[i] ^ sig.ptr[i];
  return differs == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

static void fini_hmac(struct assay_key *key) {
  hash_free(key->hash, &key->hmac.run);
  hash_free(key->hash, &key->hmac.inner);
  hash_free(key->hash, &key->hmac.outer);
}

static const struct scheme hmac = {import_hmac, verify_hmac, fini_hmac};

/* RSA --------------------------------------------------------------------------------------------------- */

#if HAS_RSA
static enum assay_outcome import_rsa(struct assay_key *key, const struct assay_public_key *from) {
  struct rsa_state *rsa = &key->rsa;
  if (!rsa_key_is_sane(from)) /* the library does not ask */
    return ASSAY_MALFORMED;
  if (from->n.len > RSA_BYTES_MAX)
    return ASSAY_UNSUPPORTED;
  if (wc_InitRsaKey(&rsa->key, NULL) != 0)
    return ASSAY_FAULT;
  key->inited = true;
  int ret =
      wc_RsaPublicKeyDecodeRaw(from->n.ptr, (word32)from->n.len, from->e.ptr, (word32)from->e.len, &rsa->key);
  if (ret != 0)
    return import_outcome(ret);
  key->sig_bytes = (size_t)wc_RsaEncryptSize(&rsa->key);
  return ASSAY_MATCH;
}

static void fini_rsa(struct assay_key *key) {
  wc_FreeRsaKey(&key->rsa.key);
}

static enum assay_outcome import_pkcs1(struct assay_key *key, const struct assay_public_key *from) {
  struct rsa_state *rsa = &key->rsa;
  enum assay_outcome outcome = import_rsa(key, from);
  if (outcome != ASSAY_MATCH)
    return outcome;
  byte zeros[DIGEST_BYTES_MAX] = {0};
  rsa->digest_info_bytes = wc_EncodeSignature(rsa->digest_info, zeros, (word32)key->digest_bytes,
                                              wc_GetCTC_HashOID((int)key->hash));
  return rsa->digest_info_bytes == 19 + key->digest_bytes ? ASSAY_MATCH : ASSAY_FAULT;
}

/* The in-line calls work in the buffer that holds the signature, where the others would allocate one. The
 * encoding is compared whole and not parsed, so no lenient reading can let a forgery in (RFC 8017 8.2.2). */
static enum assay_outcome verify_pkcs1(struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  struct rsa_state *rsa = &key->rsa;
  byte work[RSA_BYTES_MAX], *content = NULL;
  if (!digest_input(key, input, rsa->digest_info + rsa->digest_info_bytes - key->digest_bytes))
    return ASSAY_FAULT;
  memcpy(work, sig.ptr, sig.len);
  int ret = wc_RsaSSL_VerifyInline(work, (word32)sig.len, &content, &rsa->key);
  if (ret > 0 && (size_t)ret == rsa->digest_info_bytes && memcmp(content, rsa->digest_info, (size_t)ret) == 0)
    return ASSAY_MATCH;
  return refusal(ret);
}

static const struct scheme pkcs1 = {import_pkcs1, verify_pkcs1, fini_rsa};
#endif

#if HAS_PSS
static enum assay_outcome import_pss(struct assay_key *key, const struct assay_public_key *from) {
  key->rsa.mgf = key->digest_bytes == 32   ? WC_MGF1SHA256
                 : key->digest_bytes == 48 ? WC_MGF1SHA384
                                           : WC_MGF1SHA512;
  return import_rsa(key, from);
}

/* Salt as long as the digest, which is what wc_RsaPSS_VerifyCheckInline asks for (RFC 7518 3.5); it answers
 * the length of both together. */
static enum assay_outcome verify_pss(struct assay_key *key, struct assay_bytes input,
                                     struct assay_bytes sig) {
  byte work[RSA_BYTES_MAX], digest[DIGEST_BYTES_MAX], *content = NULL;
  if (!digest_input(key, input, digest))
    return ASSAY_FAULT;
  memcpy(work, sig.ptr, sig.len);
  int ret = wc_RsaPSS_VerifyCheckInline(work, (word32)sig.len, &content, digest, (word32)key->digest_bytes,
                                        key->hash, key->rsa.mgf, &key->rsa.key);
  return ret > 0 && (size_t)ret == 2 * key->digest_bytes ? ASSAY_MATCH : refusal(ret);
}

static const struct scheme pss = {import_pss, verify_pss, fini_rsa};
#endif

/* ECDSA ------------------------------------------------------------------------------------------------- */

#if HAS_ECDSA
static int curve_id(enum assay_alg alg) {
  return alg == ASSAY_ES256   ? ECC_SECP256R1
         : alg == ASSAY_ES384 ? ECC_SECP384R1
         : alg == ASSAY_ES512 ? ECC_SECP521R1
                              : ECC_SECP256K1;
}

/* An import does not look at the point: wc_ecc_check_key asks for its range, the curve and the order. */
static enum assay_outcome import_ec(struct assay_key *key, const struct assay_public_key *from) {
  size_t field = key->sig_bytes / 2;
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  if (wc_ecc_init(&key->ec) != 0)
    return ASSAY_FAULT;
  key->inited = true;
  int ret = wc_ecc_import_unsigned(&key->ec, from->x.ptr, from->y.ptr, NULL, curve_id(from->alg));
  return import_outcome(ret == 0 ? wc_ecc_check_key(&key->ec) : ret);
}

/* R || S (RFC 7518 3.4). The way through DER costs nothing that can be measured beside the check itself, and
 * unlike the one with two mp_ints it is there in every build. */
static enum assay_outcome verify_ecdsa(struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  byte digest[DIGEST_BYTES_MAX], der[ECC_MAX_SIG_SIZE];
  word32 half = (word32)sig.len / 2, der_bytes = sizeof der;
  int verified = 0;
  if (!digest_input(key, input, digest))
    return ASSAY_FAULT;
  int ret = wc_ecc_rs_raw_to_sig(sig.ptr, half, sig.ptr + half, half, der, &der_bytes);
  if (ret != 0)
    return refusal(ret);
  ret = wc_ecc_verify_hash(der, der_bytes, digest, (word32)key->digest_bytes, &verified, &key->ec);
  return outcome_of(ret, verified);
}

static void fini_ec(struct assay_key *key) {
  wc_ecc_free(&key->ec);
}

static const struct scheme ecdsa = {import_ec, verify_ecdsa, fini_ec};
#endif

/* Edwards curves ---------------------------------------------------------------------------------------- */

/* 5.5 takes any octets of the right length and decodes the point in every verify; later versions look at it at
 * import. wc_ed25519_check_key of 5.5 is for private keys: it answers PUBLIC_KEY_E for every public one. */
#if HAS_ED25519
static enum assay_outcome import_ed25519(struct assay_key *key, const struct assay_public_key *from) {
  if (from->x.len != ED25519_PUB_KEY_SIZE)
    return ASSAY_MALFORMED;
  if (wc_ed25519_init(&key->ed25519) != 0)
    return ASSAY_FAULT;
  key->inited = true;
  return import_outcome(wc_ed25519_import_public(from->x.ptr, (word32)from->x.len, &key->ed25519));
}

static enum assay_outcome verify_ed25519(struct assay_key *key, struct assay_bytes input,
                                         struct assay_bytes sig) {
  int verified = 0;
  int ret = wc_ed25519_verify_msg(sig.ptr, (word32)sig.len, bytes_start(input), (word32)input.len, &verified,
                                  &key->ed25519);
  return outcome_of(ret, verified);
}

static void fini_ed25519(struct assay_key *key) {
  wc_ed25519_free(&key->ed25519);
}

static const struct scheme ed25519 = {import_ed25519, verify_ed25519, fini_ed25519};
#endif

#if HAS_ED448
static enum assay_outcome import_ed448(struct assay_key *key, const struct assay_public_key *from) {
  if (from->x.len != ED448_PUB_KEY_SIZE)
    return ASSAY_MALFORMED;
  if (wc_ed448_init(&key->ed448) != 0)
    return ASSAY_FAULT;
  key->inited = true;
  return import_outcome(wc_ed448_import_public(from->x.ptr, (word32)from->x.len, &key->ed448));
}

static enum assay_outcome verify_ed448(struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  int verified = 0;
  int ret = wc_ed448_verify_msg(sig.ptr, (word32)sig.len, bytes_start(input), (word32)input.len, &verified,
                                &key->ed448, NULL, 0);
  return outcome_of(ret, verified);
}

static void fini_ed448(struct assay_key *key) {
  wc_ed448_free(&key->ed448);
}

static const struct scheme ed448 = {import_ed448, verify_ed448, fini_ed448};
#endif

/* Keys -------------------------------------------------------------------------------------------------- */

/* NULL where this build has none of the kind. */
static const struct scheme *scheme_of(enum assay_alg alg) {
  switch (assay_alg_info(alg)->family) {
  case FAMILY_HMAC: return &hmac;
#if HAS_RSA
  case FAMILY_RSA_PKCS1: return &pkcs1;
#endif
#if HAS_PSS
  case FAMILY_RSA_PSS: return &pss;
#endif
#if HAS_ECDSA
  case FAMILY_ECDSA: return &ecdsa;
#endif
#if HAS_ED25519 || HAS_ED448
  case FAMILY_EDDSA:
#if HAS_ED25519
    if (alg == ASSAY_ED25519)
      return &ed25519;
#endif
#if HAS_ED448
    if (alg == ASSAY_ED448)
      return &ed448;
#endif
    return NULL;
#endif
  default: return NULL;
  }
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  if (key->inited)
    key->scheme->fini(key);
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
  key->scheme = scheme_of(from->alg);
  key->digest_bytes = info->digest_bytes;
  key->sig_bytes = info->signature_bytes;
  key->hash = info->digest_bytes == 32   ? WC_HASH_TYPE_SHA256
              : info->digest_bytes == 48 ? WC_HASH_TYPE_SHA384
                                         : WC_HASH_TYPE_SHA512;
  enum assay_outcome outcome = key->scheme->import(key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4 */
    return ASSAY_MALFORMED;
  if (input.len > UINT32_MAX) /* wolfCrypt counts in 32 bits */
    return ASSAY_FAULT;
  return key->scheme->verify(key, input, sig);
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "wolfssl",
    .summary =
        "wolfCrypt: HMAC by two SHA-2 states keyed once, wc_RsaSSL_Verify and wc_RsaPSS_VerifyCheck in "
        "place, wc_ecc_verify_hash, wc_ed*",
    .build = build,
    .algs = ALGS,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
