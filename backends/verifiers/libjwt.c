/* libjwt 1: jwt_decode, first without a key to find iss and kid, then with the key that they name. A key is
 * PEM, or the bytes of an HMAC secret: JWKs are turned into those when a setting is opened, with the
 * libcrypto that libjwt itself is linked to. It reads claims but checks none (jwt_get_grant).
 *
 * build: pkg-config libjwt jansson libcrypto
 */
#include "backends/verifiers/caller.h"

#include <errno.h>

#include <jwt.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

/* A key as jwt_decode takes it. */
struct key_text {
  int len;
  unsigned char bytes[];
};

/* Facts ------------------------------------------------------------------------------------------------- */

#define NO_CLAIMS "jwt_decode checks no claims, and libjwt 1 has no other call that does"
#define NO_JWK "jwt_decode takes PEM or a secret, not the members of a JWK"
#define NO_TYP "jwt_decode knows one typ, JWT, and takes no other"
#define NO_LIMITS "jwt_decode takes no limits"

static const struct assay_gap gaps[] = {
    {"compact-split.oversize", NO_LIMITS},    {"header-json.depth", NO_LIMITS},
    {"header-json.members", NO_LIMITS},       {"claims-json.depth", NO_LIMITS},
    {"claims-json.members", NO_LIMITS},       {"key-selection.kid-oversize", NO_LIMITS},
    {"header-policy.typ-missing", NO_TYP},    {"header-policy.typ-wrong", NO_TYP},
    {"key-selection.iss-missing", NO_CLAIMS}, {"key-selection.iss-type", NO_CLAIMS},
    {"key-selection.iss-unknown", NO_CLAIMS}, {"key-selection.key-issuer", NO_JWK},
    {"key-selection.key-use", NO_JWK},        {"key-selection.key-ops", NO_JWK},
    {"key-selection.key-alg", NO_JWK},        {"key-selection.key-revoked", NO_JWK},
    {"key-selection.key-not-active", NO_JWK}, {"key-import.private-key", NO_JWK},
    {"key-import.mixed-symmetry", NO_JWK},    {"key-import.duplicate-kid", NO_JWK},
    {"key-import.encoding", NO_JWK},          {"key-import.leading-zero", NO_JWK},
    {"key-import.coord-length", NO_JWK},      {"key-selection.trust-domain", NO_CLAIMS},
    {"registered-claims.*", NO_CLAIMS},       {"authorisation.*", NO_CLAIMS},
};

static const struct assay_verifier_facts *facts(const char *argument, char *problem, size_t problem_bytes) {
  static char path[PATH_MAX], crypto_path[PATH_MAX], crypto[PATH_MAX + 64];
  static struct assay_fact list[2] = {
      {crypto, SOURCE_LIBRARY},
      {"the library tells no version: this one is of the package at build time", SOURCE_INFERRED}};
  static struct assay_verifier_facts told = {
      .build =
          {.library = "libjwt", .version = ASSAY_PACKAGE_VERSION, .note = "", .facts = list, .fact_count = 2},
      .algs = ASSAY_ALGS_OF_FAMILY(HMAC) | ASSAY_ALGS_OF_FAMILY(RSA_PKCS1) | ASSAY_ALG_BIT(ASSAY_ES256) |
              ASSAY_ALG_BIT(ASSAY_ES384) | ASSAY_ALG_BIT(ASSAY_ES512),
      .gaps = gaps,
      .gap_count = sizeof gaps / sizeof gaps[0],
  };
  if (argument[0]) {
    snprintf(problem, problem_bytes, "libjwt has no variant '%s'", argument);
    return NULL;
  }
  told.build.path = caller_path_of((const void *)(uintptr_t)&jwt_decode, path);
  snprintf(crypto, sizeof crypto, "%s, %s", OpenSSL_version(OPENSSL_VERSION),
           caller_path_of((const void *)(uintptr_t)&OpenSSL_version, crypto_path));
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

enum step { STEP_READ, STEP_VERIFY };

/* All that jwt_decode says is EINVAL. What it refuses only when it has a key, it refuses
 * for the signature. */
static const struct {
  enum step step;
  int error;
  enum assay_reason reason;
} errors[] = {
    {STEP_VERIFY, EINVAL, REASON_SIGNATURE_INVALID},
    {STEP_VERIFY, ENOMEM, REASON_FAULT},
    {STEP_READ, ENOMEM, REASON_FAULT},
};

static void refuse(struct assay_answer *answer, enum step step, int error) {
  enum assay_reason reason = REASON_UNMAPPED;
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    if (errors[i].step == step && errors[i].error == error)
      reason = errors[i].reason;
  caller_refuse(answer, reason, strerror(error));
  ERR_clear_error(); /* the library leaves its entries in the queue */
}

/* Keys -------------------------------------------------------------------------------------------------- */

/* base64url (RFC 7515 2) by libcrypto's base64, which wants the other alphabet and padding. -1:
 * it is none. */
static int decode(const json_t *jwk, const char *name, unsigned char **out) {
  const char *text = caller_text(jwk, name);
  size_t len = text ? strlen(text) : 0, padded = (len + 3) / 4 * 4;
  char *plain = text ? malloc(padded + 1) : NULL;
  *out = plain ? malloc(padded + 1) : NULL;
  int decoded = -1;
  if (*out) {
    memset(plain, '=', padded);
    for (size_t i = 0; i < len; i++)
      plain[i] = (char)(text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i]);
    decoded = EVP_DecodeBlock(*out, (unsigned char *)plain, (int)padded);
  }
  free(plain);
  return decoded < 0 ? -1 : decoded - (int)(padded - len);
}

static struct key_text *text_of(const void *bytes, int len) {
  struct key_text *text = malloc(sizeof *text + (size_t)len + 1);
  if (!text)
    return NULL;
  text->len = len;
  memcpy(text->bytes, bytes, (size_t)len);
  return text;
}

static struct key_text *secret_of(const json_t *jwk) {
  unsigned char *k;
  int len = decode(jwk, "k", &k);
  struct key_text *text = len >= 0 ? text_of(k, len) : NULL;
  free(k);
  return text;
}

static struct key_text *pem_of(const char *type, OSSL_PARAM_BLD *bld) {
  OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
  EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
  EVP_PKEY *key = NULL;
  BIO *pem = BIO_new(BIO_s_mem());
  char *bytes = NULL;
  struct key_text *text = NULL;
  if (params && maker && pem && EVP_PKEY_fromdata_init(maker) == 1 &&
      EVP_PKEY_fromdata(maker, &key, EVP_PKEY_PUBLIC_KEY, params) == 1 &&
      PEM_write_bio_PUBKEY(pem, key) == 1) {
    long len = BIO_get_mem_data(pem, &bytes);
    text = text_of(bytes, (int)len);
  }
  BIO_free(pem);
  EVP_PKEY_free(key);
  EVP_PKEY_CTX_free(maker);
  OSSL_PARAM_free(params);
  return text;
}

static struct key_text *rsa_of(const json_t *jwk) {
  unsigned char *octets[2];
  int n_len = decode(jwk, "n", &octets[0]), e_len = decode(jwk, "e", &octets[1]);
  BIGNUM *n = n_len > 0 ? BN_bin2bn(octets[0], n_len, NULL) : NULL;
  BIGNUM *e = e_len > 0 ? BN_bin2bn(octets[1], e_len, NULL) : NULL;
  OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
  struct key_text *text = NULL;
  if (n && e && bld && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
      OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e))
    text = pem_of("RSA", bld);
  OSSL_PARAM_BLD_free(bld);
  BN_free(n);
  BN_free(e);
  free(octets[0]);
  free(octets[1]);
  return text;
}

static struct key_text *ec_of(const json_t *jwk) {
  unsigned char *x, *y, point[1 + 2 * 66] = {POINT_CONVERSION_UNCOMPRESSED};
  int x_len = decode(jwk, "x", &x), y_len = decode(jwk, "y", &y);
  const char *crv = caller_text(jwk, "crv");
  OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
  struct key_text *text = NULL;
  if (crv && bld && x_len > 0 && x_len <= 66 && y_len > 0 && y_len <= 66) {
    memcpy(point + 1, x, (size_t)x_len);
    memcpy(point + 1 + x_len, y, (size_t)y_len);
    if (OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, crv, 0) &&
        OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point,
                                         1 + (size_t)x_len + (size_t)y_len))
      text = pem_of("EC", bld);
  }
  OSSL_PARAM_BLD_free(bld);
  free(x);
  free(y);
  return text;
}

static void *import(const json_t *jwk, char *words, size_t words_bytes) {
  const char *kty = caller_text(jwk, "kty");
  struct key_text *text = !kty                      ? NULL
                          : strcmp(kty, "oct") == 0 ? secret_of(jwk)
                          : strcmp(kty, "RSA") == 0 ? rsa_of(jwk)
                          : strcmp(kty, "EC") == 0  ? ec_of(jwk)
                                                    : NULL;
  const char *why = ERR_reason_error_string(ERR_peek_last_error());
  if (!text)
    snprintf(words, words_bytes, "no PEM can be made of this key: %s", why ? why : "it is incomplete");
  ERR_clear_error();
  return text;
}

static enum assay_outcome open_setting(const struct assay_setting *setting,
                                       struct assay_verifier_state **out) {
  return caller_state_open(setting, import, free, out);
}

static void close_setting(struct assay_verifier_state *state) {
  caller_state_close(state, free);
}

/* Verify ------------------------------------------------------------------------------------------------ */

/* The key that an unverified token names. alg is what the library takes it for (jwt_str_alg). */
static enum assay_reason key_of(const struct caller *caller, jwt_t *unverified, struct caller_key **key,
                                const char **words) {
  const char *alg = jwt_alg_str(jwt_str_alg(jwt_get_header(unverified, "alg")));
  const char *kid = jwt_get_header(unverified, "kid");
  bool no_string = !kid && errno != ENOENT;
  const struct caller_issuer *issuer = caller_issuer_of(caller, jwt_get_grant(unverified, "iss"), kid);
  if (!issuer)
    return REASON_ISS_UNKNOWN;
  *words = issuer->problem;
  enum assay_reason reason = caller_pin(caller, issuer, alg);
  if (reason == REASON_OK)
    reason = no_string ? REASON_KID_TYPE : caller_key_of(issuer, kid, alg, key);
  if (reason != REASON_OK || (*key)->handle)
    return reason;
  *words = (*key)->words;
  return REASON_UNMAPPED;
}

static void verify_text(const struct caller *caller, const char *token, struct assay_answer *answer) {
  jwt_t *jwt;
  int error = jwt_decode(&jwt, token, NULL, 0);
  if (error) {
    refuse(answer, STEP_READ, error);
    return;
  }
  struct caller_key *key = NULL;
  const char *words = "";
  enum assay_reason reason = key_of(caller, jwt, &key, &words);
  jwt_free(jwt);
  if (reason != REASON_OK) {
    caller_refuse(answer, reason, words);
    return;
  }
  const struct key_text *text = key->handle;
  error = jwt_decode(&jwt, token, text->bytes, text->len);
  if (error) {
    refuse(answer, STEP_VERIFY, error);
    return;
  }
  jwt_free(jwt);
  answer->reason = REASON_OK;
}

static void verify(struct assay_verifier_state *state, struct assay_bytes token, int64_t now_s,
                   struct assay_answer *answer) {
  (void)now_s; /* there is nothing that would look at a clock */
  char *text = caller_c_string(token);
  if (!text) {
    answer->reason = REASON_FAULT;
    return;
  }
  verify_text(&state->caller, text, answer);
  free(text);
}

ASSAY_EXPORT const struct assay_verifier assay_verifier = {
    .abi = ASSAY_VERIFIER_ABI,
    .size = sizeof(struct assay_verifier),
    .name = "libjwt",
    .summary = "jwt_decode without a key for iss and kid, then with theirs as PEM or secret",
    .facts = facts,
    .open = open_setting,
    .close = close_setting,
    .verify = verify,
};
