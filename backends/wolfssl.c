/* wolfSSL: the native wolfCrypt interface. Its calls answer 0 or a length on success, negative codes on
 * failure, and the verdict on a signature through a separate output: both are looked at, always.
 *
 * build: pkg-config wolfssl
 *
 * wolfCrypt's key structs carry state that a verify writes to: never share one between threads. */
#include "backends/backend.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define WOLFSSL_OPTIONS_IGNORE_SYS /* takes how wolfSSL was built, not which _FORTIFY_SOURCE it was built    \
                                      with */
#include <wolfssl/options.h>

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/ed448.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/hmac.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/wc_port.h>

#if !defined(HAVE_ED25519) || !defined(HAVE_ED448) || !defined(HAVE_ECC_KOBLITZ) || !defined(WC_RSA_PSS)
#error "wolfSSL needs --enable-ed25519 --enable-ed448 --enable-ecccustcurves=all and RSA-PSS"
#endif

enum {
  RSA_BYTES_MAX = RSA_MAX_SIZE / 8,
  DIGEST_BYTES_MAX = ASSAY_DIGEST_BYTES_MAX,
  DIGEST_INFO_BYTES_MAX = 19 + DIGEST_BYTES_MAX, /* RFC 8017 9.2 note 1 */
  DER_BYTES_MAX = ECC_MAX_SIG_SIZE
};

/* The library keeps its state in the keys, and that of FP_ECC in the thread. */
struct assay_ctx {
  char nothing;
};

struct rsa_state {
  RsaKey key;
  byte digest_info[DIGEST_INFO_BYTES_MAX]; /* PKCS #1: what the signature must hold; the digest comes last */
  size_t digest_info_bytes;
  int mgf; /* PSS */
};

struct assay_key {
  enum assay_alg alg;
  enum assay_family family;
  enum wc_HashType hash;
  size_t digest_bytes, sig_bytes;
  bool inited; /* the union below holds a key that must be freed */
  union {
    Hmac hmac;
    struct rsa_state rsa;
    ecc_key ec;
    ed25519_key ed25519;
    ed448_key ed448;
  };
};

/* Build facts ------------------------------------------------------------------------------------------- */

static const char *loaded_path(void) {
  static char path[PATH_MAX];
  Dl_info info;
  if (!dladdr((const void *)(uintptr_t)&wolfSSL_lib_version, &info) || !info.dli_fname)
    return "";
  return realpath(info.dli_fname, path) ? path : "";
}

/* The library tells none of its options; they are read from the options.h that was installed with it. */
static const struct assay_build *build(void) {
  static const struct assay_fact facts[] = {
#ifdef USE_INTEL_SPEEDUP
      {"--enable-intelasm: hashes and curves in assembly", SOURCE_INFERRED},
#else
      {"no --enable-intelasm: hashes, Ed25519 and Ed448 are plain C", SOURCE_INFERRED},
#endif
#ifdef WOLFSSL_HAVE_SP_RSA
      {"--enable-sp: RSA with code for each key size", SOURCE_INFERRED},
#elif defined(WOLFSSL_SP_MATH_ALL)
      {"no --enable-sp: RSA and ECDSA run on the general sp_int.c, with in-line multiply assembly only",
       SOURCE_INFERRED},
#endif
#ifdef FP_ECC
      {"FP_ECC: each thread keeps tables for 15 points, built at the second ECDSA check of a key (some ms); "
       "more keys than that verify at about half the speed",
       SOURCE_INFERRED},
#endif
  };
  static struct assay_build told = {
      .library = "wolfSSL", .note = "", .facts = facts, .fact_count = sizeof facts / sizeof facts[0]};
#if defined(__x86_64__) && !defined(USE_INTEL_SPEEDUP)
  told.note = "no intelasm";
#endif
  told.version = wolfSSL_lib_version();
  told.path = loaded_path();
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
static enum assay_outcome outcome_of(int ret, int verified) {
  return ret == 0 && verified == 1 ? ASSAY_MATCH : refusal(ret);
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

/* Key import -------------------------------------------------------------------------------------------- */

static const byte *octets_or_empty(struct assay_bytes bytes) {
  return bytes.len ? bytes.ptr : (const byte *)""; /* NULL is a bad argument to wolfCrypt */
}

static enum assay_outcome import_hmac(struct assay_key *key, const struct assay_public_key *from) {
  if (wc_HmacInit(&key->hmac, NULL, INVALID_DEVID) != 0)
    return ASSAY_FAULT;
  key->inited = true;
  return wc_HmacSetKey(&key->hmac, (int)key->hash, octets_or_empty(from->k), (word32)from->k.len) == 0
             ? ASSAY_MATCH
             : ASSAY_FAULT;
}

/* RFC 8017 3.1; the library does not ask: with e = 1 every encoding would sign itself. */
static bool rsa_is_sane(struct assay_bytes n, struct assay_bytes e) {
  if (n.len == 0 || e.len == 0 || e.len > n.len || !(n.ptr[n.len - 1] & 1) || !(e.ptr[e.len - 1] & 1))
    return false;
  for (size_t i = 0; i + 1 < e.len; i++)
    if (e.ptr[i])
      return true;
  return e.ptr[e.len - 1] > 1;
}

static enum assay_outcome import_rsa(struct assay_key *key, const struct assay_public_key *from) {
  struct rsa_state *rsa = &key->rsa;
  if (!rsa_is_sane(from->n, from->e))
    return ASSAY_MALFORMED;
  if (from->n.len > RSA_BYTES_MAX)
    return ASSAY_UNSUPPORTED;
  if (wc_InitRsaKey(&rsa->key, NULL) != 0)
    return ASSAY_FAULT;
  key->inited = true;
  int ret =
      wc_RsaPublicKeyDecodeRaw(from->n.ptr, (word32)from->n.len, from->e.ptr, (word32)from->e.len, &rsa->key);
  if (ret != 0)
    return refusal(ret) == ASSAY_FAULT ? ASSAY_FAULT : ASSAY_MALFORMED;
  key->sig_bytes = (size_t)wc_RsaEncryptSize(&rsa->key);
  byte zeros[DIGEST_BYTES_MAX] = {0};
  rsa->digest_info_bytes = wc_EncodeSignature(rsa->digest_info, zeros, (word32)key->digest_bytes,
                                              wc_GetCTC_HashOID((int)key->hash));
  rsa->mgf = key->digest_bytes == 32   ? WC_MGF1SHA256
             : key->digest_bytes == 48 ? WC_MGF1SHA384
                                       : WC_MGF1SHA512;
  return rsa->digest_info_bytes == 19 + key->digest_bytes ? ASSAY_MATCH : ASSAY_FAULT;
}

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
  if (ret == 0)
    ret = wc_ecc_check_key(&key->ec);
  if (ret == 0)
    return ASSAY_MATCH;
  return refusal(ret) == ASSAY_FAULT ? ASSAY_FAULT : ASSAY_MALFORMED;
}

/* 5.5 takes any octets of the right length and decodes the point in every verify; later versions look at it
 * here. wc_ed25519_check_key of 5.5 is for private keys: it answers PUBLIC_KEY_E for every public one. */
static enum assay_outcome import_edwards(struct assay_key *key, const struct assay_public_key *from) {
  bool ed25519 = from->alg == ASSAY_ED25519;
  if (from->x.len != (ed25519 ? ED25519_PUB_KEY_SIZE : ED448_PUB_KEY_SIZE))
    return ASSAY_MALFORMED;
  int ret = ed25519 ? wc_ed25519_init(&key->ed25519) : wc_ed448_init(&key->ed448);
  if (ret != 0)
    return ASSAY_FAULT;
  key->inited = true;
  word32 bytes = (word32)from->x.len;
  ret = ed25519 ? wc_ed25519_import_public(from->x.ptr, bytes, &key->ed25519)
                : wc_ed448_import_public(from->x.ptr, bytes, &key->ed448);
  if (ret == 0)
    return ASSAY_MATCH;
  return refusal(ret) == ASSAY_FAULT ? ASSAY_FAULT : ASSAY_MALFORMED;
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

static void key_fini(struct assay_key *key) {
  switch (key->family) {
  case FAMILY_HMAC: wc_HmacFree(&key->hmac); break;
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: wc_FreeRsaKey(&key->rsa.key); break;
  case FAMILY_ECDSA: wc_ecc_free(&key->ec); break;
  case FAMILY_EDDSA:
    if (key->alg == ASSAY_ED25519)
      wc_ed25519_free(&key->ed25519);
    else
      wc_ed448_free(&key->ed448);
  }
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  if (key->inited)
    key_fini(key);
  free(key);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  const struct assay_alg_info *info = assay_alg_info(from->alg);
  key->alg = from->alg;
  key->family = info->family;
  key->digest_bytes = info->digest_bytes;
  key->sig_bytes = info->signature_bytes;
  key->hash = info->digest_bytes == 32   ? WC_HASH_TYPE_SHA256
              : info->digest_bytes == 48 ? WC_HASH_TYPE_SHA384
                                         : WC_HASH_TYPE_SHA512;
  enum assay_outcome outcome = key_import(key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static bool digest_input(const struct assay_key *key, struct assay_bytes input, byte *digest) {
  return wc_Hash(key->hash, octets_or_empty(input), (word32)input.len, digest, (word32)key->digest_bytes) ==
         0;
}

/* wc_HmacFinal leaves the keyed pads in place, so the next update starts a new MAC under the same key. */
static enum assay_outcome verify_hmac(struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  byte tag[DIGEST_BYTES_MAX];
  if (wc_HmacUpdate(&key->hmac, octets_or_empty(input), (word32)input.len) != 0 ||
      wc_HmacFinal(&key->hmac, tag) != 0)
    return ASSAY_FAULT;
  byte differs = 0; /* in constant time; the library's own comparison is not in every build */
  for (size_t i = 0; i < key->digest_bytes; i++)
    differs |= tag[i] ^ sig.ptr[i];
  return differs == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
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

/* R || S (RFC 7518 3.4). The way through DER costs nothing that can be measured beside the check itself, and
 * unlike the one with two mp_ints it is there in every build. */
static enum assay_outcome verify_ecdsa(struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  byte digest[DIGEST_BYTES_MAX], der[DER_BYTES_MAX];
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

static enum assay_outcome verify_edwards(struct assay_key *key, struct assay_bytes input,
                                         struct assay_bytes sig) {
  const byte *message = octets_or_empty(input);
  int verified = 0, ret;
  if (key->alg == ASSAY_ED25519)
    ret =
        wc_ed25519_verify_msg(sig.ptr, (word32)sig.len, message, (word32)input.len, &verified, &key->ed25519);
  else
    ret = wc_ed448_verify_msg(sig.ptr, (word32)sig.len, message, (word32)input.len, &verified, &key->ed448,
                              NULL, 0);
  return outcome_of(ret, verified);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4 */
    return ASSAY_MALFORMED;
  if (input.len > UINT32_MAX) /* wolfCrypt counts in 32 bits */
    return ASSAY_FAULT;
  switch (key->family) {
  case FAMILY_HMAC: return verify_hmac(key, input, sig);
  case FAMILY_RSA_PKCS1: return verify_pkcs1(key, input, sig);
  case FAMILY_RSA_PSS: return verify_pss(key, input, sig);
  case FAMILY_ECDSA: return verify_ecdsa(key, input, sig);
  case FAMILY_EDDSA: return verify_edwards(key, input, sig);
  }
  return ASSAY_FAULT;
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "wolfssl",
    .summary = "wolfCrypt: wc_Hmac*, wc_RsaSSL_Verify and wc_RsaPSS_VerifyCheck in place, "
               "wc_ecc_verify_hash, wc_ed*",
    .build = build,
    .algs = ASSAY_ALGS_ALL,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
