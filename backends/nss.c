/* NSS: PK11 contexts, one per key, that hash and verify in one mechanism of PKCS #11. Each keeps a session of
 * the software token open, where PK11_VerifyWithMechanism and PK11_SignWithSymKey open one for every call: a
 * tag of 758 octets takes 1.2 us and not 1.8.
 *
 * build: pkg-config nss
 * prefix: include nss nspr
 * prefix: header nss.h
 * prefix: library nss3 nssutil3
 * prefix: beside nspr4
 *
 * This version has neither Edwards curves nor secp256k1, and takes RSA exponents of at most 64 bits.
 *
 * One signature again and again takes 70 % of the time of many different ones (RSA of 2048 bits: 28 and 40 us
 * on one machine): a loop over one promises more than tokens get.
 *
 * The libraries that compute (libsoftokn3, libfreeblpriv3) are found and loaded by libnss3 itself when it is
 * initialised, from its own folder. */
#include "backends/backend.h"
#include "backends/loaded_path.h"
#include "backends/rsa_forms.h"
#include "backends/version_fits.h"

#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <blapit.h>
#include <keyhi.h>
#include <nss.h>
#include <pk11pub.h>
#include <secerr.h>
#include <secitem.h>
#include <secmod.h>
#include <secoid.h>

struct assay_ctx {
  PK11SlotInfo *slot; /* the software token */
};

struct assay_key {
  enum assay_family family;
  size_t sig_bytes;
  SECKEYPublicKey *public; /* NULL for HMAC */
  PK11Context *context;    /* holds the key of an HMAC */
};

/* Build facts ------------------------------------------------------------------------------------------- */

static SECStatus library_state = SECFailure;

/* Without a database of keys and certificates: nothing is read from or written to files. */
static void library_init(void) {
  library_state = NSS_NoDB_Init(NULL);
}

static bool library_open(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  return pthread_once(&once, library_init) == 0 && library_state == SECSuccess;
}

static char library_path[PATH_MAX];

static int freebl_seen(struct dl_phdr_info *object, size_t bytes, void *path) {
  (void)bytes;
  bool is_freebl = strstr(object->dlpi_name, "libfreebl") != NULL;
  if (is_freebl)
    *(const char **)path = object->dlpi_name;
  return is_freebl;
}

/* The token is a library with a version of its own, and what computes below it one more. */
static size_t read_token(struct assay_fact *facts) {
  static char token[64], computes[PATH_MAX + 32];
  CK_INFO info;
  const char *path = NULL;
  size_t count = 0;
  PK11SlotInfo *slot = library_open() ? PK11_GetInternalSlot() : NULL;
  if (!slot)
    return 0;
  if (PK11_GetModInfo(PK11_GetModule(slot), &info) == SECSuccess) {
    snprintf(token, sizeof token, "software token %u.%u", info.libraryVersion.major,
             info.libraryVersion.minor);
    facts[count++] = (struct assay_fact){token, SOURCE_LIBRARY};
  }
  PK11_FreeSlot(slot);
  if (dl_iterate_phdr(freebl_seen, &path)) {
    snprintf(computes, sizeof computes, "computes in %s", path);
    facts[count++] = (struct assay_fact){computes, SOURCE_INFERRED};
  }
  return count;
}

/* The library keeps to itself what it dispatches on. It reads the same CPUID bit, and this variable. */
static size_t read_dispatch(struct assay_fact *facts) {
  size_t count = 0;
#if defined(__x86_64__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx >> 29 & 1) && !getenv("NSS_DISABLE_HW_SHA"))
    facts[count++] = (struct assay_fact){"sha-ni", SOURCE_INFERRED};
#else
  (void)facts;
#endif
  return count;
}

static const struct assay_build *build(void) {
  static struct assay_fact facts[2], dispatch[1];
  static struct assay_build told = {.library = "NSS", .note = "", .facts = facts, .dispatch = dispatch};
  if (told.version)
    return &told;
  told.fact_count = read_token(facts);
  told.dispatch_count = read_dispatch(dispatch);
  told.path = loaded_path((const void *)(uintptr_t)&NSS_GetVersion, library_path);
  told.version = NSS_GetVersion();
  told.problem = version_problem(NSS_VERSION, &told);
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

/* What a failed check means: NSPR keeps a thread's last error. A mismatch that the library has no code for
 * comes back as an error of the device. */
static enum assay_outcome refusal(void) {
  switch (PORT_GetError()) {
  case SEC_ERROR_BAD_SIGNATURE:
  case SEC_ERROR_PKCS11_DEVICE_ERROR: return ASSAY_MISMATCH;
  case SEC_ERROR_NO_MEMORY:
  case SEC_ERROR_LIBRARY_FAILURE:
  case SEC_ERROR_NOT_INITIALIZED:
  case SEC_ERROR_NO_MODULE:
  case SEC_ERROR_NO_TOKEN: return ASSAY_FAULT;
  default: return ASSAY_MALFORMED;
  }
}

/* Context ----------------------------------------------------------------------------------------------- */

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  struct assay_ctx *ctx = library_open() ? calloc(1, sizeof *ctx) : NULL;
  if (!ctx)
    return ASSAY_FAULT;
  ctx->slot = PK11_GetInternalSlot();
  if (!ctx->slot) {
    free(ctx);
    return ASSAY_FAULT;
  }
  *out = ctx;
  return ASSAY_MATCH;
}

static void ctx_close(struct assay_ctx *ctx) {
  PK11_FreeSlot(ctx->slot);
  free(ctx);
}

/* Hash and signature in one mechanism; SEC_OID_UNKNOWN: no curve. */
static const struct mechanism {
  CK_MECHANISM_TYPE type;
  SECOidTag curve;
  CK_RSA_PKCS_PSS_PARAMS pss; /* MGF1 with the same hash, salt as long as its output (RFC 7518 3.5) */
} mechanisms[ASSAY_ALG_COUNT] = {
    [ASSAY_HS256] = {CKM_SHA256_HMAC},
    [ASSAY_HS384] = {CKM_SHA384_HMAC},
    [ASSAY_HS512] = {CKM_SHA512_HMAC},
    [ASSAY_RS256] = {CKM_SHA256_RSA_PKCS},
    [ASSAY_RS384] = {CKM_SHA384_RSA_PKCS},
    [ASSAY_RS512] = {CKM_SHA512_RSA_PKCS},
    [ASSAY_PS256] = {CKM_SHA256_RSA_PKCS_PSS, SEC_OID_UNKNOWN, {CKM_SHA256, CKG_MGF1_SHA256, SHA256_LENGTH}},
    [ASSAY_PS384] = {CKM_SHA384_RSA_PKCS_PSS, SEC_OID_UNKNOWN, {CKM_SHA384, CKG_MGF1_SHA384, SHA384_LENGTH}},
    [ASSAY_PS512] = {CKM_SHA512_RSA_PKCS_PSS, SEC_OID_UNKNOWN, {CKM_SHA512, CKG_MGF1_SHA512, SHA512_LENGTH}},
    [ASSAY_ES256] = {CKM_ECDSA_SHA256, SEC_OID_SECG_EC_SECP256R1},
    [ASSAY_ES384] = {CKM_ECDSA_SHA384, SEC_OID_SECG_EC_SECP384R1},
    [ASSAY_ES512] = {CKM_ECDSA_SHA512, SEC_OID_SECG_EC_SECP521R1},
};

#define ALGS (ASSAY_ALGS_ALL & ~(ASSAY_ALG_BIT(ASSAY_ES256K) | ASSAY_ALGS_OF_FAMILY(EDDSA)))

/* Key import -------------------------------------------------------------------------------------------- */

/* Borrowed octets as the library takes them: it reads them only. */
static SECItem item_of(const void *octets, size_t bytes) {
  return (SECItem){siBuffer, (unsigned char *)(uintptr_t)octets, (unsigned)bytes};
}

static enum assay_outcome describe_rsa(SECKEYPublicKey *public, const struct assay_public_key *from) {
  struct assay_bytes n = from->n, e = from->e;
  if (!rsa_key_is_sane(from)) /* the token asks for a minimum of bits alone */
    return ASSAY_MALFORMED;
  if (n.len > RSA_MAX_MODULUS_BITS / 8 || e.len > RSA_MAX_EXPONENT_BITS / 8)
    return ASSAY_UNSUPPORTED;
  const SECItem modulus = item_of(n.ptr, n.len), exponent = item_of(e.ptr, e.len);
  public->keyType = rsaKey;
  return SECITEM_CopyItem(public->arena, &public->u.rsa.modulus, &modulus) == SECSuccess &&
                 SECITEM_CopyItem(public->arena, &public->u.rsa.publicExponent, &exponent) == SECSuccess
             ? ASSAY_MATCH
             : ASSAY_FAULT;
}

/* The curve as an OBJECT IDENTIFIER in DER, the point uncompressed (RFC 5480 2.1.1, 2.2). */
static enum assay_outcome describe_ec(SECKEYPublicKey *public, const struct assay_public_key *from) {
  size_t field = assay_alg_info(from->alg)->key_bytes;
  const SECOidData *curve = SECOID_FindOIDByTag(mechanisms[from->alg].curve);
  SECItem *params = &public->u.ec.DEREncodedParams, *point = &public->u.ec.publicValue;
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  if (!curve)
    return ASSAY_UNSUPPORTED;
  if (!SECITEM_AllocItem(public->arena, params, 2 + curve->oid.len) ||
      !SECITEM_AllocItem(public->arena, point, (unsigned)(1 + 2 * field)))
    return ASSAY_FAULT;
  public->keyType = ecKey;
  params->data[0] = SEC_ASN1_OBJECT_ID;
  params->data[1] = (unsigned char)curve->oid.len;
  memcpy(params->data + 2, curve->oid.data, curve->oid.len);
  point->data[0] = 0x04;
  memcpy(point->data + 1, from->x.ptr, field);
  memcpy(point->data + 1 + field, from->y.ptr, field);
  return ASSAY_MATCH;
}

/* The key as an object of the token, which refuses points out of range or not on the curve. */
static enum assay_outcome import_public(struct assay_ctx *ctx, struct assay_key *key,
                                        const struct assay_public_key *from) {
  PLArenaPool *arena = PORT_NewArena(DER_DEFAULT_CHUNKSIZE);
  key->public = arena ? PORT_ArenaZAlloc(arena, sizeof *key->public) : NULL;
  if (!key->public) {
    if (arena)
      PORT_FreeArena(arena, PR_FALSE);
    return ASSAY_FAULT;
  }
  key->public->arena = arena;
  key->public->pkcs11ID = CK_INVALID_HANDLE;
  enum assay_outcome outcome =
      key->family == FAMILY_ECDSA ? describe_ec(key->public, from) : describe_rsa(key->public, from);
  if (outcome != ASSAY_MATCH)
    return outcome;
  if (PK11_ImportPublicKey(ctx->slot, key->public, PR_FALSE) == CK_INVALID_HANDLE)
    return refusal() == ASSAY_FAULT ? ASSAY_FAULT : ASSAY_MALFORMED;
  const struct mechanism *mechanism = &mechanisms[from->alg];
  const SECItem pss = item_of(&mechanism->pss, sizeof mechanism->pss);
  key->context = PK11_CreateContextByPubKey(mechanism->type, CKA_VERIFY, key->public,
                                            key->family == FAMILY_RSA_PSS ? &pss : NULL, NULL);
  return key->context ? ASSAY_MATCH : ASSAY_FAULT;
}

/* The token has no keys of no octets; HMAC fills up with zeros, so one zero is the same key (RFC 2104 2). */
static enum assay_outcome import_hmac(struct assay_ctx *ctx, struct assay_key *key,
                                      const struct assay_public_key *from) {
  CK_MECHANISM_TYPE type = mechanisms[from->alg].type;
  SECItem octets = from->k.len ? item_of(from->k.ptr, from->k.len) : item_of("", 1), none = item_of(NULL, 0);
  PK11SymKey *secret = PK11_ImportSymKey(ctx->slot, type, PK11_OriginUnwrap, CKA_SIGN, &octets, NULL);
  if (!secret)
    return ASSAY_FAULT;
  key->context = PK11_CreateContextBySymKey(type, CKA_SIGN, secret, &none); /* holds the key from now on */
  PK11_FreeSymKey(secret);
  return key->context ? ASSAY_MATCH : ASSAY_FAULT;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  if (key->context)
    PK11_DestroyContext(key->context, PR_TRUE);
  if (key->public)
    SECKEY_DestroyPublicKey(key->public);
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
  key->sig_bytes = info->key_type == JWK_RSA ? from->n.len : info->signature_bytes;
  enum assay_outcome outcome =
      key->family == FAMILY_HMAC ? import_hmac(ctx, key, from) : import_public(ctx, key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

/* Begin starts anew under the same key; the library does nothing for it where a context was just made. */
static bool input_take(PK11Context *context, struct assay_bytes input) {
  return PK11_DigestBegin(context) == SECSuccess &&
         PK11_DigestOp(context, input.ptr, (unsigned)input.len) == SECSuccess;
}

static enum assay_outcome verify_hmac(struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  uint8_t tag[HASH_LENGTH_MAX];
  unsigned tag_bytes = 0;
  if (!input_take(key->context, input) ||
      PK11_DigestFinal(key->context, tag, &tag_bytes, sizeof tag) != SECSuccess || tag_bytes != sig.len)
    return ASSAY_FAULT;
  return NSS_SecureMemcmp(tag, sig.ptr, tag_bytes) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

/* ECDSA signatures are R || S in PKCS #11, too (RFC 7518 3.4). The error is emptied first: not every mismatch
 * writes one. */
static enum assay_outcome verify_public(struct assay_key *key, struct assay_bytes input,
                                        struct assay_bytes sig) {
  unsigned bytes = 0;
  if (!input_take(key->context, input))
    return ASSAY_FAULT;
  PORT_SetError(0);
  return PK11_DigestFinal(key->context, (unsigned char *)(uintptr_t)sig.ptr, &bytes, (unsigned)sig.len) ==
                 SECSuccess
             ? ASSAY_MATCH
             : refusal();
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4; ECDSA would take a shorter one */
    return ASSAY_MALFORMED;
  if (input.len > UINT_MAX) /* NSS counts in 32 bits */
    return ASSAY_FAULT;
  return key->family == FAMILY_HMAC ? verify_hmac(key, input, sig) : verify_public(key, input, sig);
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "nss",
    .summary =
        "PK11_DigestBegin, PK11_DigestOp and PK11_DigestFinal on a PK11Context per key, hash and signature "
        "in one mechanism",
    .build = build,
    .algs = ALGS,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
