/* Botan 2 by its C interface. A key is imported once, and what checks under it is made once:
 * botan_pk_op_verify_t and botan_mac_t start anew by themselves after every signature or tag.
 *
 * build: pkg-config botan-2
 * prefix: include botan-2
 * prefix: header botan/ffi.h
 * prefix: library botan-2
 *
 * It has no Ed448. Its Ed25519 takes S of the order and above, and so more than one signature of a message
 * (RFC 8032 5.1.7 forbids that): whoever calls it must look at S first.
 *
 * The library allocates in every check. The two hash states of an HMAC key cannot be kept by this interface:
 * a copied hash is a new object, which costs more than the two blocks of the key that the MAC hashes again (a
 * tag of 758 octets: 0.95 us, and 0.72 as here). */
#include "backends/backend.h"
#include "backends/loaded_path.h"
#include "backends/version_fits.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <botan/build.h>
#include <botan/ffi.h>

enum { HMAC_KEY_BYTES_MAX = 4096 }; /* more is no key to this library */

struct assay_ctx {
  botan_rng_t rng; /* which a look at a key must be given */
};

struct assay_key {
  enum assay_family family;
  size_t sig_bytes;
  botan_mac_t mac; /* keyed */
  botan_pubkey_t public;
  botan_pk_op_verify_t verifier; /* borrows it */
};

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

/* The C interface tells nothing of the CPU. The library looks at the same CPUID bits, and has such code where
 * its build.h says so. */
static size_t read_dispatch(struct assay_fact *facts) {
  size_t count = 0;
#if defined(__x86_64__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
#ifdef BOTAN_HAS_SHA2_32_X86
  if (ebx >> 29 & 1)
    facts[count++] = (struct assay_fact){"sha-ni", SOURCE_INFERRED};
#endif
#ifdef BOTAN_HAS_SHA2_64_BMI2
  if (ebx >> 8 & 1)
    facts[count++] = (struct assay_fact){"bmi2", SOURCE_INFERRED};
#endif
#endif
  (void)facts;
  return count;
}

static const struct assay_build *build(void) {
  static char version[24];
  static struct assay_fact facts[2], dispatch[2];
  static struct assay_build told = {.library = "Botan", .note = "", .facts = facts, .dispatch = dispatch};
  if (told.version)
    return &told;
  facts[told.fact_count++] = (struct assay_fact){botan_version_string(), SOURCE_LIBRARY};
#ifdef BOTAN_HAS_LOCKING_ALLOCATOR
  facts[told.fact_count++] = (struct assay_fact){
      "a locked pool of memory, which all threads take numbers and digests from behind one mutex",
      SOURCE_INFERRED};
#endif
  told.dispatch_count = read_dispatch(dispatch);
  told.path = loaded_path((const void *)(uintptr_t)&botan_version_string, library_path);
  snprintf(version, sizeof version, "%u.%u.%u", botan_version_major(), botan_version_minor(),
           botan_version_patch());
  told.version = version;
  told.problem = version_problem(VERSION_TEXT(BOTAN_VERSION_MAJOR) "." VERSION_TEXT(
                                     BOTAN_VERSION_MINOR) "." VERSION_TEXT(BOTAN_VERSION_PATCH),
                                 &told);
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

/* The verdict on a signature is the one positive code; what the library throws comes as negative ones. */
static enum assay_outcome outcome_of(int ret) {
  switch (ret) {
  case BOTAN_FFI_SUCCESS: return ASSAY_MATCH;
  case BOTAN_FFI_INVALID_VERIFIER: return ASSAY_MISMATCH;
  case BOTAN_FFI_ERROR_INVALID_INPUT:
  case BOTAN_FFI_ERROR_BAD_PARAMETER:
  case BOTAN_FFI_ERROR_INVALID_KEY_LENGTH: return ASSAY_MALFORMED;
  case BOTAN_FFI_ERROR_NOT_IMPLEMENTED: return ASSAY_UNSUPPORTED;
  default: return ASSAY_FAULT;
  }
}

/* Context ----------------------------------------------------------------------------------------------- */

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  struct assay_ctx *ctx = calloc(1, sizeof *ctx);
  if (!ctx)
    return ASSAY_FAULT;
  if (botan_rng_init(&ctx->rng, "system") != BOTAN_FFI_SUCCESS) {
    free(ctx);
    return ASSAY_FAULT;
  }
  *out = ctx;
  return ASSAY_MATCH;
}

static void ctx_close(struct assay_ctx *ctx) {
  botan_rng_destroy(ctx->rng);
  free(ctx);
}

/* What the library calls an algorithm's MAC, or its padding and hash. PSS: MGF1 with the same hash, and a
 * salt of the length that is named and no other (RFC 7518 3.5). */
static const char *const names[ASSAY_ALG_COUNT] = {
    [ASSAY_HS256] = "HMAC(SHA-256)",          [ASSAY_HS384] = "HMAC(SHA-384)",
    [ASSAY_HS512] = "HMAC(SHA-512)",          [ASSAY_RS256] = "EMSA3(SHA-256)",
    [ASSAY_RS384] = "EMSA3(SHA-384)",         [ASSAY_RS512] = "EMSA3(SHA-512)",
    [ASSAY_PS256] = "EMSA4(SHA-256,MGF1,32)", [ASSAY_PS384] = "EMSA4(SHA-384,MGF1,48)",
    [ASSAY_PS512] = "EMSA4(SHA-512,MGF1,64)", [ASSAY_ES256] = "EMSA1(SHA-256)",
    [ASSAY_ES384] = "EMSA1(SHA-384)",         [ASSAY_ES512] = "EMSA1(SHA-512)",
    [ASSAY_ES256K] = "EMSA1(SHA-256)",        [ASSAY_ED25519] = "Pure",
};

#define ALGS (ASSAY_ALGS_ALL & ~ASSAY_ALG_BIT(ASSAY_ED448))

/* Key import -------------------------------------------------------------------------------------------- */

static enum assay_outcome import_hmac(struct assay_key *key, const struct assay_public_key *from) {
  if (from->k.len > HMAC_KEY_BYTES_MAX)
    return ASSAY_UNSUPPORTED;
  int ret = botan_mac_init(&key->mac, names[from->alg], 0);
  return outcome_of(ret ? ret : botan_mac_set_key(key->mac, bytes_start(from->k), from->k.len));
}

/* A number of the library; NULL: no memory. */
static botan_mp_t number_of(struct assay_bytes bytes) {
  botan_mp_t number = NULL;
  if (botan_mp_init(&number) != BOTAN_FFI_SUCCESS)
    return NULL;
  if (botan_mp_from_bin(number, bytes.ptr, bytes.len) == BOTAN_FFI_SUCCESS)
    return number;
  botan_mp_destroy(number);
  return NULL;
}

static const char *curve_name(enum assay_alg alg) {
  return alg == ASSAY_ES256   ? "secp256r1"
         : alg == ASSAY_ES384 ? "secp384r1"
         : alg == ASSAY_ES512 ? "secp521r1"
                              : "secp256k1";
}

/* A key of two numbers: n and e, or x and y. */
static enum assay_outcome load_pair(struct assay_key *key, enum assay_alg alg, struct assay_bytes first,
                                    struct assay_bytes second) {
  botan_mp_t one = number_of(first), other = number_of(second);
  enum assay_outcome outcome = ASSAY_FAULT;
  if (one && other)
    outcome = outcome_of(key->family == FAMILY_ECDSA
                             ? botan_pubkey_load_ecdsa(&key->public, one, other, curve_name(alg))
                             : botan_pubkey_load_rsa(&key->public, one, other));
  botan_mp_destroy(one);
  botan_mp_destroy(other);
  return outcome;
}

/* The library asks for e < n nowhere (RFC 8017 3.1). */
static enum assay_outcome import_rsa(struct assay_key *key, const struct assay_public_key *from) {
  struct assay_bytes n = from->n, e = from->e;
  if (n.len == 0 || e.len == 0 || e.len > n.len || (e.len == n.len && memcmp(e.ptr, n.ptr, n.len) >= 0))
    return ASSAY_MALFORMED;
  key->sig_bytes = n.len;
  return load_pair(key, from->alg, n, e);
}

static enum assay_outcome import_ec(struct assay_key *key, const struct assay_public_key *from) {
  size_t field = key->sig_bytes / 2;
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  return load_pair(key, from->alg, from->x, from->y);
}

/* Nothing is asked of the octets but their number: every check decodes the point. */
static enum assay_outcome import_edwards(struct assay_key *key, const struct assay_public_key *from) {
  if (from->x.len != assay_alg_info(from->alg)->key_bytes)
    return ASSAY_MALFORMED;
  return outcome_of(botan_pubkey_load_ed25519(&key->public, from->x.ptr));
}

static enum assay_outcome load_public(struct assay_key *key, const struct assay_public_key *from) {
  switch (key->family) {
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: return import_rsa(key, from);
  case FAMILY_ECDSA: return import_ec(key, from);
  case FAMILY_EDDSA: return import_edwards(key, from);
  case FAMILY_HMAC: break;
  }
  return ASSAY_UNSUPPORTED;
}

/* Loading asks for the range of a point; botan_pubkey_check_key for the rest: that it is on the curve and of
 * its order, that n and e are odd and e is not 1. */
static enum assay_outcome import_public(struct assay_ctx *ctx, struct assay_key *key,
                                        const struct assay_public_key *from) {
  enum assay_outcome outcome = load_public(key, from);
  if (outcome == ASSAY_MATCH)
    outcome = outcome_of(botan_pubkey_check_key(key->public, ctx->rng, 0));
  if (outcome != ASSAY_MATCH)
    return outcome;
  return outcome_of(botan_pk_op_verify_create(&key->verifier, key->public, names[from->alg], 0));
}

/* Destroying nothing is fine with the library. */
static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  botan_mac_destroy(key->mac);
  botan_pk_op_verify_destroy(key->verifier);
  botan_pubkey_destroy(key->public);
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
  key->sig_bytes = info->signature_bytes;
  enum assay_outcome outcome =
      key->family == FAMILY_HMAC ? import_hmac(key, from) : import_public(ctx, key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static enum assay_outcome verify_hmac(struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  uint8_t tag[ASSAY_DIGEST_BYTES_MAX];
  if (botan_mac_update(key->mac, bytes_start(input), input.len) != BOTAN_FFI_SUCCESS ||
      botan_mac_final(key->mac, tag) != BOTAN_FFI_SUCCESS)
    return ASSAY_FAULT;
  return botan_constant_time_compare(tag, sig.ptr, sig.len) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

/* ECDSA signatures are R || S here, too (RFC 7518 3.4), where no flag asks for DER. */
static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4; RSA would take another one */
    return ASSAY_MALFORMED;
  if (key->family == FAMILY_HMAC)
    return verify_hmac(key, input, sig);
  if (botan_pk_op_verify_update(key->verifier, bytes_start(input), input.len) != BOTAN_FFI_SUCCESS)
    return ASSAY_FAULT;
  return outcome_of(botan_pk_op_verify_finish(key->verifier, sig.ptr, sig.len));
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "botan",
    .summary = "the C interface: botan_mac_* and botan_pk_op_verify_* on objects made once per key",
    .build = build,
    .algs = ALGS,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
