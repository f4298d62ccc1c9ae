/* libgcrypt: gcry_mac on a handle that is keyed once per key, gcry_md_hash_buffer, and gcry_pk_verify on
 * S-expressions. The key's is built once, those of the hash and of the signature for every token: the
 * interface has no other form, nor one that keeps a curve set up between two checks.
 *
 * build: pkg-config libgcrypt
 * prefix: header gcrypt.h
 * prefix: library gcrypt
 * prefix: beside gpg-error
 *
 * assay-corpus makes its keys and signatures on secp256k1 with this library. That it takes what it signed
 * says little; the expectations come from how a token was made, and the other libraries are asked about the
 * same tokens.
 *
 * What it answers wrongly, and the pipeline's form checks refuse before it is asked: it takes an RSA
 * signature that is not below the modulus, and an EdDSA signature whose S is not below the order. An
 * S-expression keeps the length of a value in 16 bits; it ends the process over a longer one, so EdDSA is
 * not asked about any. */
#include "backends/backend.h"
#include "backends/loaded_path.h"
#include "backends/rsa_forms.h"
#include "backends/version_fits.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

#include <gcrypt.h>

enum { VALUE_BYTES_MAX = UINT16_MAX };

/* The library keeps its state in its handles. */
struct assay_ctx {
  char nothing;
};

/* How the library is asked for an algorithm: a MAC, or S-expressions of key, data and signature. */
struct form {
  int mac, hash;
  const char *key, *data, *signature;
};

struct assay_key {
  enum assay_family family;
  const struct form *form;
  size_t sig_bytes;
  gcry_mac_hd_t mac;
  gcry_sexp_t sexp;
};

#define RSA_KEY "(public-key(rsa(n %b)(e %b)))"
#define RSA_SIGNATURE "(sig-val(rsa(s %b)))"
#define EC_KEY(curve) "(public-key(ecc(curve \"" curve "\")(q %b)))"
#define EC_DATA "(data(flags raw)(value %b))"
#define EC_SIGNATURE "(sig-val(ecdsa(r %b)(s %b)))"
#define ED_SIGNATURE "(sig-val(eddsa(r %b)(s %b)))"

/* PSS: MGF1 is of the same hash, and the salt as long as its output (RFC 7518 3.5), where 20 would be
 * taken. */
static const struct form forms[ASSAY_ALG_COUNT] = {
    [ASSAY_HS256] = {.mac = GCRY_MAC_HMAC_SHA256},
    [ASSAY_HS384] = {.mac = GCRY_MAC_HMAC_SHA384},
    [ASSAY_HS512] = {.mac = GCRY_MAC_HMAC_SHA512},
    [ASSAY_RS256] = {0, GCRY_MD_SHA256, RSA_KEY, "(data(flags pkcs1)(hash sha256 %b))", RSA_SIGNATURE},
    [ASSAY_RS384] = {0, GCRY_MD_SHA384, RSA_KEY, "(data(flags pkcs1)(hash sha384 %b))", RSA_SIGNATURE},
    [ASSAY_RS512] = {0, GCRY_MD_SHA512, RSA_KEY, "(data(flags pkcs1)(hash sha512 %b))", RSA_SIGNATURE},
    [ASSAY_PS256] = {0, GCRY_MD_SHA256, RSA_KEY, "(data(flags pss)(salt-length \"32\")(hash sha256 %b))",
                     RSA_SIGNATURE},
    [ASSAY_PS384] = {0, GCRY_MD_SHA384, RSA_KEY, "(data(flags pss)(salt-length \"48\")(hash sha384 %b))",
                     RSA_SIGNATURE},
    [ASSAY_PS512] = {0, GCRY_MD_SHA512, RSA_KEY, "(data(flags pss)(salt-length \"64\")(hash sha512 %b))",
                     RSA_SIGNATURE},
    [ASSAY_ES256] = {0, GCRY_MD_SHA256, EC_KEY("NIST P-256"), EC_DATA, EC_SIGNATURE},
    [ASSAY_ES384] = {0, GCRY_MD_SHA384, EC_KEY("NIST P-384"), EC_DATA, EC_SIGNATURE},
    [ASSAY_ES512] = {0, GCRY_MD_SHA512, EC_KEY("NIST P-521"), EC_DATA, EC_SIGNATURE},
    [ASSAY_ES256K] = {0, GCRY_MD_SHA256, EC_KEY("secp256k1"), EC_DATA, EC_SIGNATURE},
    [ASSAY_ED25519] = {0, GCRY_MD_NONE, "(public-key(ecc(curve Ed25519)(flags eddsa)(q %b)))",
                       "(data(flags eddsa)(hash-algo sha512)(value %b))", ED_SIGNATURE},
    [ASSAY_ED448] = {0, GCRY_MD_NONE, "(public-key(ecc(curve Ed448)(q %b)))", "(data(value %b))",
                     ED_SIGNATURE},
};

/* Build facts ------------------------------------------------------------------------------------------- */

static bool library_is_ready;

/* In the order that the manual asks for. No secret passes here, so no locked memory is needed. */
static void library_open(void) {
  library_is_ready = gcry_check_version(GCRYPT_VERSION) != NULL && !gcry_control(GCRYCTL_DISABLE_SECMEM, 0) &&
                     !gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

static bool library_ready(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  return pthread_once(&once, library_open) == 0 && library_is_ready;
}

static char library_path[PATH_MAX];

/* A line of the library's configuration up to where there is one of the octets of `end`, such as
 * "hwflist:intel-avx2:intel-shaext". It lives as long as the module; NULL where there is none. */
static char *config_line(const char *what, const char *end) {
  char *line = gcry_get_config(0, what);
  if (line)
    line[strcspn(line, end)] = '\0';
  return line;
}

/* The features of the CPU that the library found and uses. */
static size_t read_dispatch(struct assay_fact *facts, size_t room) {
  static char *line; /* facts point into it */
  char *save;
  size_t count = 0;
  line = config_line("hwflist", "\n");
  if (!line || !strtok_r(line, ":", &save)) /* the line's own name */
    return 0;
  for (char *name; count < room && (name = strtok_r(NULL, ":", &save)) != NULL;)
    facts[count++] = (struct assay_fact){name, SOURCE_LIBRARY};
  return count;
}

static const struct assay_build *build(void) {
  static struct assay_fact facts[4], dispatch[32];
  static struct assay_build told = {.library = "libgcrypt", .note = "", .facts = facts, .dispatch = dispatch};
  if (told.version)
    return &told;
  (void)library_ready(); /* of a library that is not, the rest is still told */
  const char *lines[] = {config_line("mpi-asm", "/\n"), config_line("cc", "\n")}; /* "mpi-asm:amd64" */
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    if (lines[i])
      facts[told.fact_count++] = (struct assay_fact){lines[i], SOURCE_LIBRARY};
  if (gcry_fips_mode_active())
    facts[told.fact_count++] = (struct assay_fact){"in FIPS mode", SOURCE_LIBRARY};
  facts[told.fact_count++] = (struct assay_fact){
      "signs ES256K tokens of assay's corpus, too: other libraries check what it says of its own work",
      SOURCE_INFERRED};
  told.dispatch_count = read_dispatch(dispatch, sizeof dispatch / sizeof dispatch[0]);
  told.note = lines[0] && strstr(lines[0], ":generic") ? "no asm" : "";
  told.path = loaded_path((const void *)(uintptr_t)&gcry_check_version, library_path);
  told.version = gcry_check_version(NULL);
  told.problem = version_problem(GCRYPT_VERSION, &told);
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

static enum assay_outcome outcome_of(gcry_error_t error) {
  switch (gcry_err_code(error)) {
  case GPG_ERR_NO_ERROR: return ASSAY_MATCH;
  case GPG_ERR_BAD_SIGNATURE:
  case GPG_ERR_CHECKSUM: return ASSAY_MISMATCH;
  case GPG_ERR_ENOMEM:
  case GPG_ERR_INTERNAL:
  case GPG_ERR_SELFTEST_FAILED:
  case GPG_ERR_NOT_OPERATIONAL: return ASSAY_FAULT;
  case GPG_ERR_UNKNOWN_CURVE:
  case GPG_ERR_PUBKEY_ALGO: return ASSAY_UNSUPPORTED; /* in FIPS mode */
  default: return ASSAY_MALFORMED;
  }
}

/* Context ----------------------------------------------------------------------------------------------- */

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  if (!library_ready())
    return ASSAY_FAULT;
  *out = malloc(sizeof **out);
  return *out ? ASSAY_MATCH : ASSAY_FAULT;
}

static void ctx_close(struct assay_ctx *ctx) {
  free(ctx);
}

/* Key import -------------------------------------------------------------------------------------------- */

static enum assay_outcome import_hmac(struct assay_key *key, const struct assay_public_key *from) {
  gcry_error_t error = gcry_mac_open(&key->mac, key->form->mac, 0, NULL);
  if (!error)
    error = gcry_mac_setkey(key->mac, bytes_start(from->k), from->k.len); /* FIPS mode: not any length */
  return outcome_of(error);
}

static enum assay_outcome import_rsa(struct assay_key *key, const struct assay_public_key *from) {
  struct assay_bytes n = from->n, e = from->e;
  if (!rsa_key_is_sane(from)) /* the library looks at neither */
    return ASSAY_MALFORMED;
  if (n.len > VALUE_BYTES_MAX)
    return ASSAY_UNSUPPORTED;
  key->sig_bytes = n.len;
  return outcome_of(gcry_sexp_build(&key->sexp, NULL, key->form->key, (int)n.len, n.ptr, (int)e.len, e.ptr));
}

/* Coordinates below p, and on the curve. */
static enum assay_outcome point_check(gcry_sexp_t public_key) {
  gcry_ctx_t curve;
  gcry_error_t error = gcry_mpi_ec_new(&curve, public_key, NULL);
  if (error)
    return outcome_of(error);
  gcry_mpi_point_t point = gcry_mpi_ec_get_point("q", curve, 1);
  bool is_on_curve = point && gcry_mpi_ec_curve_point(point, curve);
  gcry_mpi_point_release(point);
  gcry_ctx_release(curve);
  return is_on_curve ? ASSAY_MATCH : ASSAY_MALFORMED;
}

static enum assay_outcome import_ec(struct assay_key *key, const struct assay_public_key *from) {
  size_t field = key->sig_bytes / 2;
  uint8_t point[1 + 2 * ASSAY_POINT_BYTES_MAX] = {0x04}; /* uncompressed (SEC 1 2.3.4) */
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  memcpy(point + 1, from->x.ptr, field);
  memcpy(point + 1 + field, from->y.ptr, field);
  gcry_error_t error = gcry_sexp_build(&key->sexp, NULL, key->form->key, (int)(1 + 2 * field), point);
  return error ? outcome_of(error) : point_check(key->sexp);
}

/* Nothing is asked of the octets but their number: the point is decoded in every verify. */
static enum assay_outcome import_edwards(struct assay_key *key, const struct assay_public_key *from) {
  if (from->x.len != assay_alg_info(from->alg)->key_bytes)
    return ASSAY_MALFORMED;
  return outcome_of(gcry_sexp_build(&key->sexp, NULL, key->form->key, (int)from->x.len, from->x.ptr));
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
  gcry_mac_close(key->mac);
  gcry_sexp_release(key->sexp);
  free(key);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  const struct assay_alg_info *info = assay_alg_info(from->alg);
  key->family = info->family;
  key->sig_bytes = info->signature_bytes;
  key->form = &forms[from->alg];
  enum assay_outcome outcome = key_import(key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

/* gcry_mac_verify compares in constant time. */
static enum assay_outcome verify_hmac(const struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  gcry_error_t error = gcry_mac_reset(key->mac);
  if (!error)
    error = gcry_mac_write(key->mac, bytes_start(input), input.len);
  if (error)
    return ASSAY_FAULT;
  return outcome_of(gcry_mac_verify(key->mac, sig.ptr, sig.len));
}

/* One number of RSA, or R and S, which are as long as each other. */
static gcry_error_t signature_build(gcry_sexp_t *sexp, const struct assay_key *key, struct assay_bytes sig) {
  int half = (int)sig.len / 2;
  if (key->family == FAMILY_ECDSA || key->family == FAMILY_EDDSA)
    return gcry_sexp_build(sexp, NULL, key->form->signature, half, sig.ptr, half, sig.ptr + half);
  return gcry_sexp_build(sexp, NULL, key->form->signature, (int)sig.len, sig.ptr);
}

/* value: the digest, or what the scheme hashes by itself. */
static enum assay_outcome verify_value(const struct assay_key *key, struct assay_bytes value,
                                       struct assay_bytes sig) {
  gcry_sexp_t data = NULL, signature = NULL;
  if (value.len > VALUE_BYTES_MAX)
    return ASSAY_UNSUPPORTED;
  gcry_error_t error = gcry_sexp_build(&data, NULL, key->form->data, (int)value.len, bytes_start(value));
  if (!error)
    error = signature_build(&signature, key, sig);
  if (!error)
    error = gcry_pk_verify(signature, data, key->sexp);
  gcry_sexp_release(signature);
  gcry_sexp_release(data);
  return outcome_of(error);
}

static enum assay_outcome verify_digest(const struct assay_key *key, struct assay_bytes input,
                                        struct assay_bytes sig) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  gcry_md_hash_buffer(key->form->hash, digest, bytes_start(input), input.len);
  return verify_value(key, bytes_of(digest, gcry_md_get_algo_dlen(key->form->hash)), sig);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4; a shorter MAC would be compared in part */
    return ASSAY_MALFORMED;
  switch (key->family) {
  case FAMILY_HMAC: return verify_hmac(key, input, sig);
  case FAMILY_EDDSA: return verify_value(key, input, sig);
  default: return verify_digest(key, input, sig);
  }
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "libgcrypt",
    .summary = "gcry_mac on a handle keyed once, gcry_pk_verify on S-expressions, the key's built once",
    .build = build,
    .algs = ASSAY_ALGS_ALL,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
