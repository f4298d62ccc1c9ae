/* GnuTLS: gnutls_hmac on a state that is keyed once per key, gnutls_pubkey_verify_data2, which hashes and
 * verifies in one call, and for PKCS #1 v1.5 gnutls_pubkey_verify_hash2 with the DigestInfo, which is a tenth
 * faster: the other makes that with libtasn1 for every token.
 *
 * build: pkg-config gnutls
 * prefix: header gnutls/gnutls.h
 * prefix: library gnutls
 *
 * Its public keys are Nettle's and GMP's underneath. What it adds to each check is its own: an ECDSA
 * signature goes through libtasn1, and the point of its key is looked at again. Hashes and HMAC are its own
 * assembly where the CPU is of Intel or AMD.
 *
 * It has no secp256k1, and answers wrongly what Nettle does (nettle.c). Whatever stops a check inside, no
 * memory too, comes back as GNUTLS_E_PK_SIG_VERIFY_FAILED and counts as a mismatch. */
#include "backends/backend.h"
#include "backends/ecdsa_der.h"
#include "backends/loaded_path.h"
#include "backends/rsa_forms.h"
#include "backends/version_fits.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

/* The library keeps its state in its handles. */
struct assay_ctx {
  char nothing;
};

struct assay_key {
  enum assay_alg alg;
  enum assay_family family;
  size_t sig_bytes;
  gnutls_hmac_hd_t hmac;          /* HMAC: gnutls_hmac_output makes it ready for the next token */
  gnutls_pubkey_t pubkey;         /* all others */
  gnutls_digest_algorithm_t hash; /* PKCS #1 v1.5 */
};

/* How each algorithm is called. An empty row: the library has no such thing. */
static const struct {
  gnutls_mac_algorithm_t mac;
  gnutls_sign_algorithm_t sign;
  gnutls_ecc_curve_t curve;
} names[ASSAY_ALG_COUNT] = {
    [ASSAY_HS256] = {.mac = GNUTLS_MAC_SHA256},
    [ASSAY_HS384] = {.mac = GNUTLS_MAC_SHA384},
    [ASSAY_HS512] = {.mac = GNUTLS_MAC_SHA512},
    [ASSAY_RS256] = {.sign = GNUTLS_SIGN_RSA_SHA256},
    [ASSAY_RS384] = {.sign = GNUTLS_SIGN_RSA_SHA384},
    [ASSAY_RS512] = {.sign = GNUTLS_SIGN_RSA_SHA512},
    [ASSAY_PS256] = {.sign = GNUTLS_SIGN_RSA_PSS_RSAE_SHA256},
    [ASSAY_PS384] = {.sign = GNUTLS_SIGN_RSA_PSS_RSAE_SHA384},
    [ASSAY_PS512] = {.sign = GNUTLS_SIGN_RSA_PSS_RSAE_SHA512},
    [ASSAY_ES256] = {.sign = GNUTLS_SIGN_ECDSA_SHA256, .curve = GNUTLS_ECC_CURVE_SECP256R1},
    [ASSAY_ES384] = {.sign = GNUTLS_SIGN_ECDSA_SHA384, .curve = GNUTLS_ECC_CURVE_SECP384R1},
    [ASSAY_ES512] = {.sign = GNUTLS_SIGN_ECDSA_SHA512, .curve = GNUTLS_ECC_CURVE_SECP521R1},
    [ASSAY_ED25519] = {.sign = GNUTLS_SIGN_EDDSA_ED25519, .curve = GNUTLS_ECC_CURVE_ED25519},
    [ASSAY_ED448] = {.sign = GNUTLS_SIGN_EDDSA_ED448, .curve = GNUTLS_ECC_CURVE_ED448},
};

#define ALGS (ASSAY_ALGS_ALL & ~ASSAY_ALG_BIT(ASSAY_ES256K))

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

/* The library keeps to itself what it dispatches on; for hashes it reads these CPUID bits (x86-common.c), or
 * none of them but what GNUTLS_CPUID_OVERRIDE says. */
static size_t read_dispatch(struct assay_fact *facts) {
  size_t count = 0;
#if defined(__x86_64__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  bool known_maker = __builtin_cpu_is("intel") || __builtin_cpu_is("amd");
  if (getenv("GNUTLS_CPUID_OVERRIDE") || !known_maker || !__builtin_cpu_supports("ssse3"))
    return 0;
  __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
  const struct {
    bool there;
    const char *name;
  } paths[] = {{true, "ssse3"},
               {__builtin_cpu_supports("avx"), "avx"},
               {__builtin_cpu_supports("avx2"), "avx2"},
               {ebx >> 29 & 1, "sha-ni"}};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    if (paths[i].there)
      facts[count++] = (struct assay_fact){paths[i].name, SOURCE_INFERRED};
#else
  (void)facts;
#endif
  return count;
}

/* What the library was built with, by the name under which it tells it; "" where it does not. */
static const char *config_value(const char *name) {
  for (const gnutls_library_config_st *at = gnutls_get_library_config(); at->name; at++)
    if (strcmp(at->name, name) == 0)
      return at->value;
  return "";
}

static const struct assay_build *build(void) {
  static char below[128], hardware[128], system[PATH_MAX + 64];
  static struct assay_fact facts[4], dispatch[4];
  static struct assay_build told = {.library = "GnuTLS", .note = "", .facts = facts, .dispatch = dispatch};
  if (told.version)
    return &told;
  snprintf(below, sizeof below, "RSA, ECDSA and EdDSA by %s and %s", config_value("libhogweed-soname"),
           config_value("libgmp-soname"));
  snprintf(hardware, sizeof hardware, "hardware-features: %s", config_value("hardware-features"));
  facts[told.fact_count++] = (struct assay_fact){below, SOURCE_LIBRARY};
  facts[told.fact_count++] = (struct assay_fact){hardware, SOURCE_LIBRARY};
  if (gnutls_fips140_mode_enabled())
    facts[told.fact_count++] = (struct assay_fact){"in FIPS 140 mode", SOURCE_LIBRARY};
  const char *config = gnutls_get_system_config_file();
  if (config && access(config, R_OK) == 0) {
    snprintf(system, sizeof system, "reads %s, which may forbid algorithms", config);
    facts[told.fact_count++] = (struct assay_fact){system, SOURCE_LIBRARY};
  }
  told.dispatch_count = read_dispatch(dispatch);
  told.path = loaded_path((const void *)(uintptr_t)&gnutls_check_version, library_path);
  told.version = gnutls_check_version(NULL);
  told.problem = version_problem(GNUTLS_VERSION, &told);
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

static enum assay_outcome refusal(int ret) {
  switch (ret) {
  case GNUTLS_E_PK_SIG_VERIFY_FAILED: return ASSAY_MISMATCH;
  case GNUTLS_E_MEMORY_ERROR:
  case GNUTLS_E_INTERNAL_ERROR:
  case GNUTLS_E_LIB_IN_ERROR_STATE: return ASSAY_FAULT;
  case GNUTLS_E_ECC_UNSUPPORTED_CURVE: return ASSAY_UNSUPPORTED;
  default: return ASSAY_MALFORMED;
  }
}

/* Context ----------------------------------------------------------------------------------------------- */

/* Loading the library has made this call already, and it counts its callers under a lock: what it answers is
 * whether the library works. */
static enum assay_outcome ctx_open(struct assay_ctx **out) {
  if (gnutls_global_init() < 0)
    return ASSAY_FAULT;
  *out = malloc(sizeof **out);
  if (*out)
    return ASSAY_MATCH;
  gnutls_global_deinit();
  return ASSAY_FAULT;
}

static void ctx_close(struct assay_ctx *ctx) {
  free(ctx);
  gnutls_global_deinit();
}

/* Key import -------------------------------------------------------------------------------------------- */

/* A pointer that the library may follow for an empty string. It does not write to what it is given. */
static gnutls_datum_t datum(struct assay_bytes bytes) {
  const uint8_t *octets = bytes.len ? bytes.ptr : (const uint8_t *)"";
  return (gnutls_datum_t){(unsigned char *)(uintptr_t)octets, (unsigned)bytes.len};
}

static enum assay_outcome import_hmac(struct assay_key *key, const struct assay_public_key *from) {
  gnutls_datum_t k = datum(from->k);
  int ret = gnutls_hmac_init(&key->hmac, names[from->alg].mac, k.data, k.size);
  return ret < 0 ? ASSAY_FAULT : ASSAY_MATCH;
}

static enum assay_outcome import_rsa(struct assay_key *key, const struct assay_public_key *from) {
  gnutls_datum_t n = datum(from->n), e = datum(from->e);
  if (!rsa_key_is_sane(from)) /* the library looks at neither */
    return ASSAY_MALFORMED;
  key->sig_bytes = from->n.len;
  key->hash = gnutls_sign_get_hash_algorithm(names[from->alg].sign);
  int ret = gnutls_pubkey_import_rsa_raw(key->pubkey, &n, &e);
  return ret < 0 ? refusal(ret) : ASSAY_MATCH;
}

/* An import does not look at the point: gnutls_pubkey_verify_params asks for its range and the curve. */
static enum assay_outcome import_ec(struct assay_key *key, const struct assay_public_key *from) {
  gnutls_datum_t x = datum(from->x), y = datum(from->y);
  if (from->x.len != key->sig_bytes / 2 || from->y.len != key->sig_bytes / 2)
    return ASSAY_MALFORMED;
  int ret = gnutls_pubkey_import_ecc_raw(key->pubkey, names[from->alg].curve, &x, &y);
  if (ret >= 0)
    ret = gnutls_pubkey_verify_params(key->pubkey);
  return ret < 0 ? refusal(ret) : ASSAY_MATCH;
}

/* Nothing is asked of the octets but their number: the point is decoded in every verify. */
static enum assay_outcome import_edwards(struct assay_key *key, const struct assay_public_key *from) {
  gnutls_datum_t x = datum(from->x);
  if (from->x.len != assay_alg_info(from->alg)->key_bytes)
    return ASSAY_MALFORMED;
  int ret = gnutls_pubkey_import_ecc_raw(key->pubkey, names[from->alg].curve, &x, NULL);
  return ret < 0 ? refusal(ret) : ASSAY_MATCH;
}

/* A system's configuration may have called an algorithm insecure: every verify would be refused. */
static enum assay_outcome import_pubkey(struct assay_key *key, const struct assay_public_key *from) {
  if (!gnutls_sign_is_secure(names[from->alg].sign))
    return ASSAY_UNSUPPORTED;
  if (gnutls_pubkey_init(&key->pubkey) < 0)
    return ASSAY_FAULT;
  switch (key->family) {
  case FAMILY_ECDSA: return import_ec(key, from);
  case FAMILY_EDDSA: return import_edwards(key, from);
  default: return import_rsa(key, from);
  }
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  if (key->hmac)
    gnutls_hmac_deinit(key->hmac, NULL);
  if (key->pubkey)
    gnutls_pubkey_deinit(key->pubkey);
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
  key->alg = from->alg;
  key->family = info->family;
  key->sig_bytes = info->signature_bytes;
  enum assay_outcome outcome = key->family == FAMILY_HMAC ? import_hmac(key, from) : import_pubkey(key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static enum assay_outcome verify_hmac(const struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  uint8_t tag[ASSAY_DIGEST_BYTES_MAX];
  if (gnutls_hmac(key->hmac, datum(input).data, input.len) < 0)
    return ASSAY_FAULT;
  gnutls_hmac_output(key->hmac, tag);
  return gnutls_memcmp(tag, sig.ptr, sig.len) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

/* The flag is TLS 1.0's, whose signatures hold no DigestInfo: what is handed over is padded and compared
 * whole. */
static enum assay_outcome verify_pkcs1(const struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  struct rsa_digest_info info;
  rsa_digest_info_init(&info, gnutls_hash_get_len(key->hash));
  if (gnutls_hash_fast(key->hash, datum(input).data, input.len, info.octets + RSA_DIGEST_INFO_PREFIX) < 0)
    return ASSAY_FAULT;
  gnutls_datum_t encoded = datum(bytes_of(info.octets, info.bytes)), signature = datum(sig);
  int ret = gnutls_pubkey_verify_hash2(key->pubkey, names[key->alg].sign, GNUTLS_VERIFY_USE_TLS1_RSA,
                                       &encoded, &signature);
  return ret >= 0 ? ASSAY_MATCH : refusal(ret); /* 0 or more is success (gnutls/abstract.h) */
}

/* PSS: MGF1 with the same hash, salt as long as its output, which the library takes for a key of the plain
 * RSA type; the flag says that no other will do (RFC 7518 3.5). */
static enum assay_outcome verify_pubkey(const struct assay_key *key, struct assay_bytes input,
                                        struct assay_bytes sig) {
  gnutls_datum_t data = datum(input), signature = datum(sig);
  unsigned flags = key->family == FAMILY_RSA_PSS ? GNUTLS_VERIFY_RSA_PSS_FIXED_SALT_LENGTH : 0;
  int ret = gnutls_pubkey_verify_data2(key->pubkey, names[key->alg].sign, flags, &data, &signature);
  return ret >= 0 ? ASSAY_MATCH : refusal(ret);
}

static enum assay_outcome verify_ecdsa(const struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  struct der_signature der;
  der_from_jose(&der, sig);
  return verify_pubkey(key, input, bytes_of(der.start, der.bytes));
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4 */
    return ASSAY_MALFORMED;
  if (input.len > UINT_MAX) /* gnutls_datum_t counts in unsigned */
    return ASSAY_FAULT;
  switch (key->family) {
  case FAMILY_HMAC: return verify_hmac(key, input, sig);
  case FAMILY_RSA_PKCS1: return verify_pkcs1(key, input, sig);
  case FAMILY_ECDSA: return verify_ecdsa(key, input, sig);
  default: return verify_pubkey(key, input, sig);
  }
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "gnutls",
    .summary = "gnutls_hmac on a state keyed once, gnutls_pubkey_verify_hash2 (PKCS #1 v1.5) and _data2",
    .build = build,
    .algs = ALGS,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
