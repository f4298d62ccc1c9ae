/* Rhonabwy: r_jwt_advanced_parsen, r_jwt_verify_signature and r_jwt_validate_claims. R_PARSE_NONE keeps it
 * from taking keys out of the header and from unsigned tokens. Claims are validated one option a call, so
 * that the refusal tells which. The clock is given as a number, with the leeway in it: that is what the
 * options take.
 *
 * build: pkg-config librhonabwy jansson gnutls
 */
#include "backends/verifiers/caller.h"

#include <gnutls/gnutls.h>
#include <rhonabwy.h>
#include <yder.h>

/* The first message that the library logs while it is asked: it has no other words. */
static _Thread_local char said[ASSAY_WORDS_BYTES];

static void hear(void *arg, const char *app, const time_t date, const unsigned long level,
                 const char *message) {
  (void)arg, (void)app, (void)date, (void)level;
  if (!said[0])
    snprintf(said, sizeof said, "%s", message);
}

/* Facts ------------------------------------------------------------------------------------------------- */

#define NO_LIMITS "r_jwt_advanced_parsen takes no limits"
#define NO_USE "r_jwt_verify_signature takes any key that it is given"
#define NO_SETS "r_jwks_import_from_json_t looks at one key after the other"
#define NO_OPTION "r_jwt_validate_claims has no such option"

static const struct assay_gap gaps[] = {
    {"compact-split.oversize", NO_LIMITS},
    {"header-json.depth", NO_LIMITS},
    {"header-json.members", NO_LIMITS},
    {"claims-json.depth", NO_LIMITS},
    {"claims-json.members", NO_LIMITS},
    {"key-selection.kid-oversize", NO_LIMITS},
    {"key-selection.key-issuer", NO_USE},
    {"key-selection.key-use", NO_USE},
    {"key-selection.key-ops", NO_USE},
    {"key-selection.key-alg", NO_USE},
    {"key-selection.key-revoked", NO_SETS},
    {"key-selection.key-not-active", NO_SETS},
    {"key-import.private-key", NO_SETS},
    {"key-import.mixed-symmetry", NO_SETS},
    {"key-import.duplicate-kid", NO_SETS},
    {"registered-claims.time-order", NO_OPTION},
    {"registered-claims.lifetime", NO_OPTION},
    {"registered-claims.age", NO_OPTION},
    {"registered-claims.replayed", NO_OPTION},
    {"registered-claims.replicated-mismatch", NO_OPTION},
    {"registered-claims.aud-unexpected", NO_OPTION},
    {"registered-claims.aud-others", NO_OPTION},
    {"authorisation.scope", "R_JWT_CLAIM_STR compares whole strings"},
    {"authorisation.roles", "R_JWT_CLAIM_STR compares whole strings"},
    {"authorisation.nonce", NO_OPTION},
    {"authorisation.auth-age", NO_OPTION},
    {"authorisation.cnf", NO_OPTION},
    {"authorisation.actor", NO_OPTION},
    {"authorisation.actor-depth", NO_OPTION},
    {"authorisation.revoked-jti", NO_OPTION},
    {"authorisation.revoked-sid", NO_OPTION},
    {"authorisation.revoked-sub", NO_OPTION},
    {"authorisation.value", NO_OPTION},
};

static const struct assay_verifier_facts *facts(const char *argument, char *problem, size_t problem_bytes) {
  static char path[PATH_MAX], crypto_path[PATH_MAX], crypto[PATH_MAX + 64];
  static struct assay_fact list[2] = {
      {crypto, SOURCE_LIBRARY},
      {"the library tells no version: this one is of the package at build time", SOURCE_INFERRED}};
  static struct assay_verifier_facts told = {
      .build = {.library = "Rhonabwy",
                .version = ASSAY_PACKAGE_VERSION,
                .note = "",
                .facts = list,
                .fact_count = 2},
      .algs = ASSAY_ALGS_OF_FAMILY(HMAC) | ASSAY_ALGS_OF_FAMILY(RSA_PKCS1) | ASSAY_ALGS_OF_FAMILY(RSA_PSS) |
              ASSAY_ALG_BIT(ASSAY_ES256) | ASSAY_ALG_BIT(ASSAY_ES384) | ASSAY_ALG_BIT(ASSAY_ES512) |
              ASSAY_ALG_BIT(ASSAY_ED25519),
      .gaps = gaps,
      .gap_count = sizeof gaps / sizeof gaps[0],
  };
  if (argument[0]) {
    snprintf(problem, problem_bytes, "rhonabwy has no variant '%s'", argument);
    return NULL;
  }
  r_global_init();
  y_init_logs("assay", Y_LOG_MODE_CALLBACK, Y_LOG_LEVEL_DEBUG, NULL, NULL);
  y_set_logs_callback(hear, NULL, NULL);
  told.build.path = caller_path_of((const void *)(uintptr_t)&r_jwt_verify_signature, path);
  snprintf(crypto, sizeof crypto, "GnuTLS %s, %s", gnutls_check_version(NULL),
           caller_path_of((const void *)(uintptr_t)&gnutls_check_version, crypto_path));
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

/* By the first message. Others, such as "error decoding jws from base64url format", tell no one reason. */
static const struct {
  const char *message;
  enum assay_reason reason;
} messages[] = {
    {"r_jwt_parsen - Error invalid token format", REASON_PART_COUNT},
    {"r_jwt_parsen - Error invalid input parameters", REASON_EMPTY},
    {"r_jwt_parsen - Error getting payload", REASON_EMPTY_PAYLOAD},
    {"r_jwt_parsen - Error parsing payload as JSON", REASON_CLAIMS_SYNTAX},
    {"r_jws_advanced_compact_parsen - jws_str invalid format", REASON_PART_COUNT},
    {"r_jws_advanced_compact_parsen - error unsigned jws", REASON_ALG_NONE},
    {"r_jws_advanced_compact_parsen - error invalid signature length", REASON_SIGNATURE_LENGTH},
    {"r_jws_extract_header - Invalid alg", REASON_ALG_UNKNOWN},
    {"r_jws_verify_sig_rsa - Error invalid signature", REASON_SIGNATURE_INVALID},
    {"r_jws_verify_sig_ecdsa - Error invalid signature", REASON_SIGNATURE_INVALID},
    {"r_jws_verify_sig_ecdsa - Error invalid signature length", REASON_SIGNATURE_LENGTH},
    {"r_jws_verify_sig_eddsa - Error invalid signature", REASON_SIGNATURE_INVALID},
};

/* silent: what the refusal means where nothing was logged. */
static void refuse(struct assay_answer *answer, int error, enum assay_reason silent) {
  enum assay_reason reason = said[0] ? REASON_UNMAPPED : silent;
  for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
    if (strcmp(messages[i].message, said) == 0)
      reason = messages[i].reason;
  if (error == RHN_ERROR_MEMORY)
    reason = REASON_FAULT;
  if (said[0])
    caller_refuse(answer, reason, said);
  else
    caller_refuse(answer, reason, error == RHN_ERROR_INVALID ? "RHN_ERROR_INVALID" : "RHN_ERROR_PARAM");
}

/* Keys -------------------------------------------------------------------------------------------------- */

static void *import(const json_t *jwk, char *words, size_t words_bytes) {
  jwk_t *key;
  said[0] = '\0';
  if (r_jwk_init(&key) != RHN_OK)
    return NULL;
  if (r_jwk_import_from_json_t(key, (json_t *)(uintptr_t)jwk) == RHN_OK)
    return key;
  snprintf(words, words_bytes, "%.120s", said);
  r_jwk_free(key);
  return NULL;
}

static void release(void *key) {
  r_jwk_free(key);
}

static enum assay_outcome open_setting(const struct assay_setting *setting,
                                       struct assay_verifier_state **out) {
  return caller_state_open(setting, import, release, out);
}

static void close_setting(struct assay_verifier_state *state) {
  caller_state_close(state, release);
}

/* Claims ------------------------------------------------------------------------------------------------ */

static bool holds_text(jwt_t *jwt, rhn_claim_opt option, const char *value) {
  return r_jwt_validate_claims(jwt, option, value, R_JWT_CLAIM_NOP) == RHN_OK;
}

static bool holds_time(jwt_t *jwt, rhn_claim_opt option, int value) {
  return r_jwt_validate_claims(jwt, option, value, R_JWT_CLAIM_NOP) == RHN_OK;
}

/* One of the values that the policy allows; true where it names none. */
static bool holds_one(jwt_t *jwt, rhn_claim_opt option, const json_t *allowed) {
  for (size_t i = 0; i < json_array_size(allowed); i++)
    if (holds_text(jwt, option, json_string_value(json_array_get(allowed, i))))
      return true;
  return json_array_size(allowed) == 0;
}

static bool holds_member(jwt_t *jwt, const char *claim, const json_t *allowed) {
  for (size_t i = 0; i < json_array_size(allowed); i++)
    if (r_jwt_validate_claims(jwt, R_JWT_CLAIM_STR, claim, json_string_value(json_array_get(allowed, i)),
                              R_JWT_CLAIM_NOP) == RHN_OK)
      return true;
  return json_array_size(allowed) == 0;
}

static bool has_claim(jwt_t *jwt, const char *claim) {
  json_t *value = r_jwt_get_claim_json_t_value(jwt, claim);
  json_decref(value);
  return value != NULL;
}

/* The time options insist on a claim, so one that the policy does not require is validated where
 * it is there. */
static enum assay_reason check_time(jwt_t *jwt, const struct caller_issuer *issuer, rhn_claim_opt option,
                                    const char *claim, int64_t bound, const enum assay_reason reasons[3]) {
  bool present = has_claim(jwt, claim);
  if (!present && !caller_lists(json_object_get(issuer->conf, "required"), claim))
    return REASON_OK;
  if (!holds_time(jwt, option, R_JWT_CLAIM_PRESENT))
    return reasons[present ? 1 : 0];
  return holds_time(jwt, option, (int)bound) ? REASON_OK : reasons[2];
}

static enum assay_reason check_times(const struct caller *caller, jwt_t *jwt,
                                     const struct caller_issuer *issuer, int64_t now_s) {
  static const enum assay_reason exp[] = {REASON_EXP_MISSING, REASON_EXP_TYPE, REASON_EXPIRED};
  static const enum assay_reason nbf[] = {REASON_NBF_MISSING, REASON_NBF_TYPE, REASON_NOT_YET_VALID};
  static const enum assay_reason iat[] = {REASON_IAT_MISSING, REASON_IAT_TYPE, REASON_IAT_FUTURE};
  int64_t past = now_s - caller->leeway_s, future = now_s + caller->leeway_s;
  enum assay_reason reason = check_time(jwt, issuer, R_JWT_CLAIM_EXP, "exp", past, exp);
  if (reason == REASON_OK)
    reason = check_time(jwt, issuer, R_JWT_CLAIM_NBF, "nbf", future, nbf);
  if (reason == REASON_OK)
    reason = check_time(jwt, issuer, R_JWT_CLAIM_IAT, "iat", future, iat);
  return reason;
}

/* A claim that must be there, as a string that is not empty. */
static enum assay_reason check_required(jwt_t *jwt, const struct caller_issuer *issuer) {
  const json_t *required = json_object_get(issuer->conf, "required");
  for (size_t i = 0; i < json_array_size(required); i++) {
    const char *claim = json_string_value(json_array_get(required, i));
    if (strcmp(claim, "sub") == 0 && !holds_text(jwt, R_JWT_CLAIM_SUB, NULL))
      return has_claim(jwt, claim) ? REASON_SUB_TYPE : REASON_SUB_MISSING;
    if (strcmp(claim, "jti") == 0 && !holds_text(jwt, R_JWT_CLAIM_JTI, NULL))
      return has_claim(jwt, claim) ? REASON_JTI_TYPE : REASON_JTI_MISSING;
    if (!has_claim(jwt, claim))
      return REASON_CLAIM_MISSING;
  }
  return REASON_OK;
}

static enum assay_reason check_typ(const struct caller *caller, jwt_t *jwt) {
  const json_t *typ = json_object_get(caller->policy, "typ");
  json_t *value = r_jwt_get_header_json_t_value(jwt, "typ");
  json_decref(value);
  if (!typ || (!value && !json_is_true(json_object_get(typ, "required"))))
    return REASON_OK;
  if (!holds_text(jwt, R_JWT_CLAIM_TYP, NULL))
    return value ? REASON_TYP_TYPE : REASON_TYP_MISSING;
  return holds_one(jwt, R_JWT_CLAIM_TYP, json_object_get(typ, "allow")) ? REASON_OK : REASON_TYP_WRONG;
}

static enum assay_reason check_rights(jwt_t *jwt, const struct caller_issuer *issuer) {
  const char *tenant = caller_text(issuer->conf, "tenant");
  if (tenant && r_jwt_validate_claims(jwt, R_JWT_CLAIM_STR, "tenant", tenant, R_JWT_CLAIM_NOP) != RHN_OK)
    return REASON_TENANT;
  const char *client = caller_text(issuer->conf, "client");
  if (!holds_member(jwt, client ? client : "azp", json_object_get(issuer->conf, "azp")))
    return REASON_AZP;
  return holds_member(jwt, "acr", json_object_get(issuer->conf, "acr")) ? REASON_OK : REASON_ACR;
}

/* In the order of assay's own stages, so that the same of two faults is told; but aud comes last, since the
 * library refuses every array, whatever it holds, and would hide what else is wrong. */
static enum assay_reason check_claims(const struct caller *caller, jwt_t *jwt,
                                      const struct caller_issuer *issuer, int64_t now_s) {
  enum assay_reason reason = check_typ(caller, jwt);
  if (reason == REASON_OK && !holds_text(jwt, R_JWT_CLAIM_ISS, NULL))
    reason = has_claim(jwt, "iss") ? REASON_ISS_TYPE : REASON_ISS_MISSING;
  if (reason == REASON_OK && !holds_text(jwt, R_JWT_CLAIM_ISS, issuer->iss))
    reason = REASON_ISS_UNKNOWN;
  if (reason == REASON_OK)
    reason = check_times(caller, jwt, issuer, now_s);
  if (reason == REASON_OK)
    reason = check_required(jwt, issuer);
  if (reason == REASON_OK)
    reason = check_rights(jwt, issuer);
  if (reason == REASON_OK && !holds_one(jwt, R_JWT_CLAIM_AUD, json_object_get(issuer->conf, "audience")))
    reason = has_claim(jwt, "aud") ? REASON_AUD_MISMATCH : REASON_AUD_MISSING;
  return reason;
}

/* Verify ------------------------------------------------------------------------------------------------ */

/* As r_jws_verify_signature selects from a set that it holds itself: by kid, or the only key there is. Giving
 * it that one key spares a copy of the whole set for every token. */
static enum assay_reason key_of(const struct caller_issuer *issuer, const char *kid, const char *alg,
                                struct caller_key **key) {
  if (!kid && issuer->key_count == 1) {
    *key = &issuer->keys[0];
    return REASON_OK;
  }
  if (!kid && issuer->key_count > 1)
    return REASON_KID_MISSING;
  return caller_key_of(issuer, kid, alg, key);
}

/* The library compares iss with one text, and a claim by its name alone. */
static bool cannot_be_told(const struct caller_issuer *issuer) {
  const char *client = caller_text(issuer->conf, "client");
  return issuer->is_pattern || (client && client[0] == '/');
}

static void verify_parsed(const struct caller *caller, jwt_t *jwt, int64_t now_s,
                          struct assay_answer *answer) {
  const char *kid = r_jwt_get_header_str_value(jwt, "kid");
  const char *alg = r_jwa_alg_to_str(r_jwt_get_sign_alg(jwt));
  const struct caller_issuer *issuer = caller_issuer_of(caller, r_jwt_get_claim_str_value(jwt, "iss"), kid);
  struct caller_key *key = NULL;
  enum assay_reason reason = issuer ? caller_pin(caller, issuer, alg) : REASON_ISS_UNKNOWN;
  if (reason == REASON_OK)
    reason = key_of(issuer, kid, alg, &key);
  if (reason != REASON_OK) {
    caller_refuse(answer, reason, issuer ? issuer->problem : "");
    return;
  }
  if (cannot_be_told(issuer)) {
    caller_refuse(answer, REASON_UNSUPPORTED, "caller: r_jwt_validate_claims takes no such rule");
    return;
  }
  if (!key->handle) {
    caller_refuse(answer, REASON_UNMAPPED, key->words);
    return;
  }
  int error = r_jwt_verify_signature(jwt, key->handle, 0);
  if (error != RHN_OK) {
    /* Nothing is logged of a key of another type, nor of a tag that does not match. */
    refuse(answer, error, alg[0] == 'H' ? REASON_SIGNATURE_INVALID : REASON_KTY_MISMATCH);
    return;
  }
  reason = check_claims(caller, jwt, issuer, now_s);
  caller_refuse(answer, reason, reason == REASON_OK ? "" : "r_jwt_validate_claims: RHN_ERROR_PARAM");
}

static void verify(struct assay_verifier_state *state, struct assay_bytes token, int64_t now_s,
                   struct assay_answer *answer) {
  jwt_t *jwt;
  said[0] = '\0';
  if (r_jwt_init(&jwt) != RHN_OK) {
    answer->reason = REASON_FAULT;
    return;
  }
  int error = r_jwt_advanced_parsen(jwt, (const char *)token.ptr, token.len, R_PARSE_NONE, 0);
  if (error == RHN_OK)
    verify_parsed(&state->caller, jwt, now_s, answer);
  else
    refuse(answer, error, REASON_UNMAPPED);
  r_jwt_free(jwt);
}

ASSAY_EXPORT const struct assay_verifier assay_verifier = {
    .abi = ASSAY_VERIFIER_ABI,
    .size = sizeof(struct assay_verifier),
    .name = "rhonabwy",
    .summary = "r_jwt_advanced_parsen with R_PARSE_NONE, r_jwt_verify_signature, r_jwt_validate_claims",
    .facts = facts,
    .open = open_setting,
    .close = close_setting,
    .verify = verify,
};
