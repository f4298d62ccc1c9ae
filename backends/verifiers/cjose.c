/* cjose: cjose_jws_import reads a token, cjose_jws_verify checks its signature under one cjose_jwk_t. It is a
 * JWS library: payloads are bytes to it, key sets and claims it does not know.
 *
 * build: pkg-config cjose jansson libcrypto
 */
#include "backends/verifiers/caller.h"

#include <cjose/cjose.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

/* Facts ------------------------------------------------------------------------------------------------- */

#define NO_CLAIMS "cjose verifies a JWS: the payload is bytes to it"
#define NO_SETS "cjose_jwk_import takes one key and knows no set"
#define NO_MEMBERS "cjose_jwk_t keeps kty and kid alone of a JWK"
#define NO_LIMITS "cjose_jws_import takes no limits"

static const struct assay_gap gaps[] = {
    {"compact-split.oversize", NO_LIMITS},
    {"compact-split.empty-payload", NO_CLAIMS},
    {"header-json.depth", NO_LIMITS},
    {"header-json.members", NO_LIMITS},
    {"key-selection.kid-oversize", NO_LIMITS},
    {"header-policy.typ-type", "cjose_jws_verify has no setting for typ"},
    {"header-policy.typ-missing", "cjose_jws_verify has no setting for typ"},
    {"header-policy.typ-wrong", "cjose_jws_verify has no setting for typ"},
    {"claims-json.*", NO_CLAIMS},
    {"key-selection.iss-missing", NO_CLAIMS},
    {"key-selection.iss-type", NO_CLAIMS},
    {"key-selection.iss-unknown", NO_CLAIMS},
    {"key-selection.trust-domain", NO_CLAIMS},
    {"key-selection.key-issuer", NO_MEMBERS},
    {"key-selection.key-use", NO_MEMBERS},
    {"key-selection.key-ops", NO_MEMBERS},
    {"key-selection.key-alg", NO_MEMBERS},
    {"key-selection.key-revoked", NO_SETS},
    {"key-selection.key-not-active", NO_SETS},
    {"key-import.private-key", NO_SETS},
    {"key-import.mixed-symmetry", NO_SETS},
    {"key-import.duplicate-kid", NO_SETS},
    {"registered-claims.*", NO_CLAIMS},
    {"authorisation.*", NO_CLAIMS},
};

static const struct assay_verifier_facts *facts(const char *argument, char *problem, size_t problem_bytes) {
  static char path[PATH_MAX], crypto_path[PATH_MAX], crypto[PATH_MAX + 64];
  static struct assay_fact list[1] = {{crypto, SOURCE_LIBRARY}};
  static struct assay_verifier_facts told = {
      .build = {.library = "cjose", .note = "", .facts = list, .fact_count = 1},
      .algs = ASSAY_ALGS_OF_FAMILY(HMAC) | ASSAY_ALGS_OF_FAMILY(RSA_PKCS1) | ASSAY_ALGS_OF_FAMILY(RSA_PSS) |
              ASSAY_ALG_BIT(ASSAY_ES256) | ASSAY_ALG_BIT(ASSAY_ES384) | ASSAY_ALG_BIT(ASSAY_ES512),
      .gaps = gaps,
      .gap_count = sizeof gaps / sizeof gaps[0],
  };
  if (argument[0]) {
    snprintf(problem, problem_bytes, "cjose has no variant '%s'", argument);
    return NULL;
  }
  told.build.version = cjose_version();
  told.build.path = caller_path_of((const void *)(uintptr_t)&cjose_jws_verify, path);
  snprintf(crypto, sizeof crypto, "%s, %s", OpenSSL_version(OPENSSL_VERSION),
           caller_path_of((const void *)(uintptr_t)&OpenSSL_version, crypto_path));
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

enum step { STEP_IMPORT, STEP_VERIFY };

/* cjose_jws_verify knows the header already, so its "invalid argument" is a key of another kty; everything
 * that cjose_jws_import refuses is one "invalid argument". */
static const struct {
  enum step step;
  cjose_errcode code;
  enum assay_reason reason;
} errors[] = {
    {STEP_VERIFY, CJOSE_ERR_CRYPTO, REASON_SIGNATURE_INVALID},
    {STEP_VERIFY, CJOSE_ERR_INVALID_ARG, REASON_KTY_MISMATCH},
    {STEP_VERIFY, CJOSE_ERR_NO_MEMORY, REASON_FAULT},
    {STEP_IMPORT, CJOSE_ERR_NO_MEMORY, REASON_FAULT},
};

static void refuse(struct assay_answer *answer, enum step step, const cjose_err *error) {
  enum assay_reason reason = REASON_UNMAPPED;
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    if (errors[i].step == step && errors[i].code == error->code)
      reason = errors[i].reason;
  answer->reason = reason;
  if (error->code != CJOSE_ERR_NONE)
    snprintf(answer->words, sizeof answer->words, "%s: %s", error->function, error->message);
  ERR_clear_error(); /* or the next message would be this one's rest */
}

/* Keys -------------------------------------------------------------------------------------------------- */

static void *import(const json_t *jwk, char *words, size_t words_bytes) {
  cjose_err error = {.code = CJOSE_ERR_NONE};
  cjose_jwk_t *key = cjose_jwk_import_json((cjose_header_t *)(uintptr_t)jwk, &error);
  if (!key)
    snprintf(words, words_bytes, "%s: %s", error.code ? error.function : "cjose_jwk_import_json",
             error.code ? error.message : "no key");
  ERR_clear_error();
  return key;
}

static void release(void *key) {
  cjose_jwk_release(key);
}

static enum assay_outcome open_setting(const struct assay_setting *setting,
                                       struct assay_verifier_state **out) {
  return caller_state_open(setting, import, release, out);
}

static void close_setting(struct assay_verifier_state *state) {
  caller_state_close(state, release);
}

/* Verify ------------------------------------------------------------------------------------------------ */

/* The payload of a token that nothing has verified yet; NULL where it is not JSON. */
static json_t *unverified_claims(const cjose_jws_t *jws) {
  uint8_t *payload;
  size_t len;
  cjose_err error;
  return cjose_jws_get_plaintext(jws, &payload, &len, &error)
             ? json_loadb((const char *)payload, len, 0, NULL)
             : NULL;
}

/* cjose_header_get gives NULL for a kid that is no string, and for none. */
static bool kid_is_no_string(cjose_header_t *header, const char *kid) {
  cjose_err error;
  char *raw = kid ? NULL : cjose_header_get_raw(header, CJOSE_HDR_KID, &error);
  free(raw);
  return raw != NULL;
}

static void verify_imported(const struct caller *caller, cjose_jws_t *jws, const char *iss,
                            struct assay_answer *answer) {
  cjose_err error = {.code = CJOSE_ERR_NONE};
  cjose_header_t *header = cjose_jws_get_protected(jws);
  const char *alg = cjose_header_get(header, CJOSE_HDR_ALG, &error);
  const char *kid = cjose_header_get(header, CJOSE_HDR_KID, &error);
  const struct caller_issuer *issuer = caller_issuer_of(caller, iss, kid);
  struct caller_key *key = NULL;
  enum assay_reason reason = issuer ? caller_pin(caller, issuer, alg) : REASON_ISS_UNKNOWN;
  if (reason == REASON_OK)
    reason = kid_is_no_string(header, kid) ? REASON_KID_TYPE : caller_key_of(issuer, kid, alg, &key);
  if (reason != REASON_OK)
    caller_refuse(answer, reason, issuer ? issuer->problem : "");
  else if (!key->handle)
    caller_refuse(answer, REASON_UNMAPPED, key->words);
  else if (cjose_jws_verify(jws, key->handle, &error))
    answer->reason = REASON_OK;
  else
    refuse(answer, STEP_VERIFY, &error);
}

static void verify(struct assay_verifier_state *state, struct assay_bytes token, int64_t now_s,
                   struct assay_answer *answer) {
  (void)now_s; /* there is nothing that would look at a clock */
  cjose_err error = {.code = CJOSE_ERR_NONE};
  cjose_jws_t *jws = cjose_jws_import((const char *)token.ptr, token.len, &error);
  if (!jws) {
    refuse(answer, STEP_IMPORT, &error);
    return;
  }
  json_t *claims = unverified_claims(jws);
  verify_imported(&state->caller, jws, caller_text(claims, "iss"), answer);
  json_decref(claims);
  cjose_jws_release(jws);
}

ASSAY_EXPORT const struct assay_verifier assay_verifier = {
    .abi = ASSAY_VERIFIER_ABI,
    .size = sizeof(struct assay_verifier),
    .name = "cjose",
    .summary = "cjose_jws_import and cjose_jws_verify under the key of the unverified iss and kid",
    .facts = facts,
    .open = open_setting,
    .close = close_setting,
    .verify = verify,
};
