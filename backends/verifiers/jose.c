/* jose (libjose): jose_jws_ver over a flattened JWS. The library takes JSON, so the three parts of a compact
 * token are put into one by its caller; a set may be given whole, and each of its keys is then tried.
 *
 * build: pkg-config jose jansson libcrypto
 */
#include "backends/verifiers/caller.h"

#include <stdarg.h>

#include <jose/jose.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

/* What the library said while it was asked: its error function gets this as misc. */
struct said {
  uint64_t code; /* 0: nothing */
  char words[ASSAY_WORDS_BYTES];
};

struct own {
  jose_cfg_t *cfg;
  struct said said;
};

/* Facts ------------------------------------------------------------------------------------------------- */

#define NO_CLAIMS "jose_jws_ver verifies a JWS: the payload is bytes to it"
#define NO_SETS "jose_jws_ver takes a set as a list of keys to try"
#define NO_TYP "jose_jws_ver has no setting for typ"
#define NO_LIMITS "jose_jws_ver takes no limits"

static const struct assay_gap gaps[] = {
    {"compact-split.*", "jose_jws_ver takes a JWS as JSON: splitting a token is its caller's"},
    {"header-json.depth", NO_LIMITS},
    {"header-json.members", NO_LIMITS},
    {"key-selection.kid-oversize", NO_LIMITS},
    {"header-policy.typ-type", NO_TYP},
    {"header-policy.typ-missing", NO_TYP},
    {"header-policy.typ-wrong", NO_TYP},
    {"claims-json.*", NO_CLAIMS},
    {"key-selection.iss-missing", NO_CLAIMS},
    {"key-selection.iss-type", NO_CLAIMS},
    {"key-selection.iss-unknown", NO_CLAIMS},
    {"key-selection.trust-domain", NO_CLAIMS},
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
  static struct assay_fact list[2] = {
      {crypto, SOURCE_LIBRARY},
      {"the library tells no version: this one is of the package at build time", SOURCE_INFERRED}};
  static struct assay_verifier_facts told = {
      .build =
          {.library = "jose", .version = ASSAY_PACKAGE_VERSION, .note = "", .facts = list, .fact_count = 2},
      .algs = ASSAY_ALGS_OF_FAMILY(HMAC) | ASSAY_ALGS_OF_FAMILY(RSA_PKCS1) | ASSAY_ALGS_OF_FAMILY(RSA_PSS) |
              ASSAY_ALG_BIT(ASSAY_ES256) | ASSAY_ALG_BIT(ASSAY_ES384) | ASSAY_ALG_BIT(ASSAY_ES512),
      .gaps = gaps,
      .gap_count = sizeof gaps / sizeof gaps[0],
  };
  if (argument[0]) {
    snprintf(problem, problem_bytes, "jose has no variant '%s'", argument);
    return NULL;
  }
  told.build.path = caller_path_of((const void *)(uintptr_t)&jose_jws_ver, path);
  snprintf(crypto, sizeof crypto, "%s, %s", OpenSSL_version(OPENSSL_VERSION),
           caller_path_of((const void *)(uintptr_t)&OpenSSL_version, crypto_path));
  return &told;
}

/* Errors ------------------------------------------------------------------------------------------------ */

/* JOSE_CFG_ERR_JWK_DENIED speaks of use or of key_ops, JWK_INVALID of whatever is wrong with a key; without
 * an error jose_jws_ver just says no. */
static const struct {
  uint64_t code;
  enum assay_reason reason;
} errors[] = {
    {0, REASON_SIGNATURE_INVALID},
    {JOSE_CFG_ERR_JWK_MISMATCH, REASON_KEY_ALG},
    {JOSE_CFG_ERR_ALG_NOTSUP, REASON_UNSUPPORTED},
    {JOSE_CFG_ERR_ALG_NOINFER, REASON_ALG_MISSING},
};

static void hear(void *misc, const char *file, int line, uint64_t code, const char *format, va_list list) {
  (void)file, (void)line;
  struct said *said = misc;
  said->code = code;
  vsnprintf(said->words, sizeof said->words, format, list);
}

static void refuse(struct assay_answer *answer, const struct said *said) {
  enum assay_reason reason = REASON_UNMAPPED;
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    if (errors[i].code == said->code)
      reason = errors[i].reason;
  caller_refuse(answer, reason, said->words);
  ERR_clear_error(); /* the library leaves its entries in the queue */
}

/* Keys -------------------------------------------------------------------------------------------------- */

/* The library has no key objects: a key is its JSON, and is turned into libcrypto's for every token. */
static void *import(const json_t *jwk, char *words, size_t words_bytes) {
  (void)words, (void)words_bytes;
  return json_incref((json_t *)(uintptr_t)jwk);
}

static void release(void *jwk) {
  json_decref(jwk);
}

static void close_setting(struct assay_verifier_state *state) {
  struct own *own = state->own;
  caller_state_close(state, release);
  jose_cfg_decref(own->cfg);
  free(own);
}

static enum assay_outcome open_setting(const struct assay_setting *setting,
                                       struct assay_verifier_state **out) {
  struct own *own = calloc(1, sizeof *own);
  jose_cfg_t *cfg = jose_cfg();
  if (!own || !cfg || caller_state_open(setting, import, release, out) != ASSAY_MATCH) {
    if (cfg)
      jose_cfg_decref(cfg);
    free(own);
    return ASSAY_FAULT;
  }
  own->cfg = cfg;
  jose_cfg_set_err_func(cfg, hear, &own->said);
  (*out)->own = own;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

/* RFC 7515 7.1 to 7.2.2. NULL where there are not three parts, or they are no text that JSON could carry. */
static json_t *flattened(struct assay_bytes token, bool *three) {
  const char *part[3] = {(const char *)token.ptr}, *end = part[0] + token.len;
  size_t dots = 0;
  for (const char *at = part[0]; at < end; at++)
    if (*at == '.' && ++dots < 3)
      part[dots] = at + 1;
  *three = dots == 2;
  if (!*three)
    return NULL;
  return json_pack("{s:s%,s:s%,s:s%}", "protected", part[0], (size_t)(part[1] - part[0] - 1), "payload",
                   part[1], (size_t)(part[2] - part[1] - 1), "signature", part[2], (size_t)(end - part[2]));
}

/* The payload, decoded by the library: NULL where it refuses to. jose_jws_ver itself signs and verifies it as
 * it stands, whatever it is. */
static uint8_t *payload_of(const json_t *jws, size_t *len) {
  const json_t *payload = json_object_get(jws, "payload");
  size_t size = jose_b64_dec(payload, NULL, 0);
  uint8_t *bytes = size == SIZE_MAX ? NULL : malloc(size + 1);
  *len = bytes ? jose_b64_dec(payload, bytes, size) : SIZE_MAX;
  if (*len != SIZE_MAX)
    return bytes;
  free(bytes);
  return NULL;
}

static enum assay_reason pin(const struct assay_verifier_state *state, const struct caller_issuer *issuer,
                             const json_t *alg) {
  if (alg && !json_is_string(alg))
    return REASON_ALG_TYPE;
  return caller_pin(&state->caller, issuer, json_string_value(alg));
}

/* With a kid its key, else the whole set: the library tries each. */
static enum assay_reason keys_of(const struct caller_issuer *issuer, const json_t *header, const char *alg,
                                 const json_t **keys) {
  const char *kid = caller_text(header, "kid");
  if (!kid && json_object_get(header, "kid"))
    return REASON_KID_TYPE;
  if (!kid && !issuer->problem[0] && issuer->key_count > 0) {
    *keys = issuer->set;
    return REASON_OK;
  }
  struct caller_key *key = NULL;
  enum assay_reason reason = caller_key_of(issuer, kid, alg, &key);
  *keys = key ? key->jwk : NULL;
  return reason;
}

static void verify_flattened(struct assay_verifier_state *state, const json_t *jws, const json_t *header,
                             const char *iss, struct assay_answer *answer) {
  struct own *own = state->own;
  const json_t *alg = json_object_get(header, "alg"), *keys = NULL;
  const char *kid = caller_text(header, "kid");
  const struct caller_issuer *issuer = caller_issuer_of(&state->caller, iss, kid);
  enum assay_reason reason = issuer ? pin(state, issuer, alg) : REASON_ISS_UNKNOWN;
  if (reason == REASON_OK)
    reason = keys_of(issuer, header, json_string_value(alg), &keys);
  if (reason != REASON_OK)
    caller_refuse(answer, reason, issuer ? issuer->problem : "");
  else if (jose_jws_ver(own->cfg, jws, NULL, keys, false))
    answer->reason = REASON_OK;
  else
    refuse(answer, &own->said);
}

static void verify(struct assay_verifier_state *state, struct assay_bytes token, int64_t now_s,
                   struct assay_answer *answer) {
  (void)now_s; /* there is nothing that would look at a clock */
  struct own *own = state->own;
  own->said = (struct said){0};
  bool three;
  json_t *jws = flattened(token, &three);
  json_t *header = jws ? jose_jws_hdr(jws) : NULL;
  size_t len = 0;
  uint8_t *payload = header ? payload_of(jws, &len) : NULL;
  if (payload) {
    json_t *claims = json_loadb((const char *)payload, len, 0, NULL);
    verify_flattened(state, jws, header, caller_text(claims, "iss"), answer);
    json_decref(claims);
  } else {
    caller_refuse(answer, three ? REASON_UNMAPPED : REASON_PART_COUNT,
                  header ? "jose_b64_dec refuses the payload" : "jose_jws_hdr reads no header");
  }
  free(payload);
  json_decref(header);
  json_decref(jws);
}

ASSAY_EXPORT const struct assay_verifier assay_verifier = {
    .abi = ASSAY_VERIFIER_ABI,
    .size = sizeof(struct assay_verifier),
    .name = "jose",
    .summary = "jose_jws_ver over the flattened token, under the key of the unverified iss and kid",
    .facts = facts,
    .open = open_setting,
    .close = close_setting,
    .verify = verify,
};
