/* What every caller of a JWT library writes around it: the policy read, the issuer found by the
 * unverified iss, the key by the unverified kid, the algorithm compared with the issuer's list (RFC 8725
 * 3.1). A module asks its library to read the token and to verify; nothing here decides what a library
 * could decide itself. */
#ifndef ASSAY_BACKENDS_VERIFIERS_CALLER_H
#define ASSAY_BACKENDS_VERIFIERS_CALLER_H

#include "backends/verifiers/verifier.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* One key of a set. Its JWK stays as it was published; handle is what the library made of it. */
struct caller_key {
  const json_t *jwk;
  const char *kid, *kty; /* NULL where it has none that is a string */
  void *handle;          /* NULL: the library refused it, with these words */
  char words[128];
};

struct caller_issuer {
  const char *iss;    /* NULL: its tokens have none, and are known by a trust domain */
  bool is_pattern;    /* there is none, or it is a template: no library takes such an issuer */
  const json_t *conf; /* its entry in the policy */
  json_t *set;        /* NULL where the text is not JSON */
  char problem[160];  /* why the set is none; "" */
  struct caller_key *keys;
  size_t key_count;
};

struct caller {
  json_t *policy;
  int64_t leeway_s;
  struct caller_issuer *issuers;
  size_t count;
};

/* How a library imports a key, and frees it. words: why it is refused. */
typedef void *caller_import(const json_t *jwk, char *words, size_t words_bytes);
typedef void caller_release(void *handle);

static inline const char *caller_text(const json_t *object, const char *name) {
  return json_string_value(json_object_get(object, name));
}

static inline void caller_close(struct caller *caller, caller_release *release) {
  for (size_t i = 0; caller->issuers && i < caller->count; i++) {
    struct caller_issuer *issuer = &caller->issuers[i];
    for (size_t k = 0; k < issuer->key_count; k++)
      if (issuer->keys[k].handle)
        release(issuer->keys[k].handle);
    free(issuer->keys);
    json_decref(issuer->set);
  }
  free(caller->issuers);
  json_decref(caller->policy);
}

static inline bool caller_import_set(struct caller_issuer *issuer, caller_import *import) {
  const json_t *keys = json_object_get(issuer->set, "keys");
  size_t count = json_array_size(keys);
  issuer->keys = calloc(count + 1, sizeof *issuer->keys);
  if (!issuer->keys)
    return false;
  if (!json_is_array(keys) && !issuer->problem[0])
    snprintf(issuer->problem, sizeof issuer->problem, "the set has no array of keys");
  for (size_t i = 0; i < count; i++) {
    const json_t *jwk = json_array_get(keys, i);
    struct caller_key *key = &issuer->keys[issuer->key_count++];
    key->jwk = jwk;
    key->kid = caller_text(jwk, "kid");
    key->kty = caller_text(jwk, "kty");
    key->handle = import(jwk, key->words, sizeof key->words);
  }
  return true;
}

static inline bool caller_issuer_open(struct caller_issuer *issuer, const struct assay_setting *setting,
                                      caller_import *import) {
  const char *text = "", *name = issuer->iss ? issuer->iss : caller_text(issuer->conf, "trust_domain");
  for (size_t i = 0; i < setting->key_count; i++)
    if (name && strcmp(setting->keys[i].iss, name) == 0)
      text = setting->keys[i].jwks;
  issuer->is_pattern = !issuer->iss || strchr(issuer->iss, '{');
  json_error_t error;
  issuer->set = json_loads(text, 0, &error);
  if (!issuer->set)
    snprintf(issuer->problem, sizeof issuer->problem, "%.150s", error.text);
  return caller_import_set(issuer, import);
}

static inline enum assay_outcome caller_open(struct caller *caller, const struct assay_setting *setting,
                                             caller_import *import, caller_release *release) {
  memset(caller, 0, sizeof *caller);
  caller->policy = json_loads(setting->policy, 0, NULL);
  const json_t *issuers = json_object_get(caller->policy, "issuers");
  caller->leeway_s = json_integer_value(json_object_get(caller->policy, "leeway_s"));
  caller->issuers = calloc(json_array_size(issuers) + 1, sizeof *caller->issuers);
  bool ok = caller->policy && caller->issuers;
  for (size_t i = 0; ok && i < json_array_size(issuers); i++) {
    struct caller_issuer *issuer = &caller->issuers[caller->count++];
    issuer->conf = json_array_get(issuers, i);
    issuer->iss = caller_text(issuer->conf, "iss");
    ok = caller_issuer_open(issuer, setting, import);
  }
  if (!ok)
    caller_close(caller, release);
  return ok ? ASSAY_MATCH : ASSAY_FAULT;
}

/* What a module keeps of a setting. */
struct assay_verifier_state {
  struct caller caller;
  void *own; /* the module's, which it frees itself; NULL */
};

static inline enum assay_outcome caller_state_open(const struct assay_setting *setting, caller_import *import,
                                                   caller_release *release,
                                                   struct assay_verifier_state **out) {
  struct assay_verifier_state *state = calloc(1, sizeof *state);
  if (!state)
    return ASSAY_FAULT;
  if (caller_open(&state->caller, setting, import, release) != ASSAY_MATCH) {
    free(state);
    return ASSAY_FAULT;
  }
  *out = state;
  return ASSAY_MATCH;
}

static inline void caller_state_close(struct assay_verifier_state *state, caller_release *release) {
  caller_close(&state->caller, release);
  free(state);
}

/* By kid, and by kty where two keys share the kid; NULL where there is none. */
static inline struct caller_key *caller_key_by_kid(const struct caller_issuer *issuer, const char *kid,
                                                   const char *kty) {
  struct caller_key *found = NULL;
  for (size_t i = 0; kid && i < issuer->key_count; i++) {
    struct caller_key *key = &issuer->keys[i];
    if (!key->kid || strcmp(key->kid, kid) != 0)
      continue;
    if (!found || (kty && key->kty && strcmp(key->kty, kty) == 0))
      found = key;
  }
  return found;
}

/* Where iss is none of the policy's, the issuer is the one whose set has the kid: then the library has a key,
 * and decides by itself whether it minds the iss. Where no set has it, it is the one that is known by more
 * than its iss, or NULL. */
static inline const struct caller_issuer *caller_issuer_of(const struct caller *caller, const char *iss,
                                                           const char *kid) {
  for (size_t i = 0; iss && i < caller->count; i++)
    if (caller->issuers[i].iss && strcmp(caller->issuers[i].iss, iss) == 0)
      return &caller->issuers[i];
  for (size_t i = 0; i < caller->count; i++)
    if (caller_key_by_kid(&caller->issuers[i], kid, NULL))
      return &caller->issuers[i];
  for (size_t i = 0; i < caller->count; i++)
    if (caller->issuers[i].is_pattern)
      return &caller->issuers[i];
  return NULL;
}

static inline bool caller_lists(const json_t *array, const char *text) {
  for (size_t i = 0; i < json_array_size(array); i++)
    if (strcmp(json_string_value(json_array_get(array, i)), text) == 0)
      return true;
  return false;
}

/* The comparison that RFC 8725 3.1 asks of every caller. alg: as the library reads it; NULL where
 * it reads none. */
static inline enum assay_reason caller_pin(const struct caller *caller, const struct caller_issuer *issuer,
                                           const char *alg) {
  if (!alg)
    return REASON_ALG_MISSING;
  if (caller_lists(json_object_get(issuer->conf, "algorithms"), alg))
    return REASON_OK;
  if (strcmp(alg, "none") == 0)
    return REASON_ALG_NONE;
  for (size_t i = 0; i < caller->count; i++)
    if (caller_lists(json_object_get(caller->issuers[i].conf, "algorithms"), alg))
      return REASON_ISSUER_ALG;
  return jose_alg_by_name(bytes_str(alg)) == JOSE_ALG_COUNT ? REASON_ALG_UNKNOWN : REASON_ALG_NOT_ALLOWED;
}

/* RFC 7518 6.1, RFC 8037 2. */
static inline const char *caller_kty_of(const char *alg) {
  return alg[0] == 'H'                    ? "oct"
         : alg[0] == 'R' || alg[0] == 'P' ? "RSA"
         : strncmp(alg, "Ed", 2) == 0     ? "OKP"
                                          : "EC";
}

static inline enum assay_reason caller_key_without_kid(const struct caller_issuer *issuer, const char *kty,
                                                       struct caller_key **key) {
  size_t fitting = 0;
  for (size_t i = 0; i < issuer->key_count; i++)
    if (issuer->keys[i].kty && strcmp(issuer->keys[i].kty, kty) == 0) {
      *key = &issuer->keys[i];
      fitting++;
    }
  return fitting == 1 ? REASON_OK : fitting ? REASON_KID_MISSING : REASON_NO_ELIGIBLE_KEY;
}

/* For a library that selects no key. Where the kid is no string there is nothing to look up, and the caller
 * answers REASON_KID_TYPE itself. Without a kid, the only key of the type that alg needs (RFC 7515 D). */
static inline enum assay_reason caller_key_of(const struct caller_issuer *issuer, const char *kid,
                                              const char *alg, struct caller_key **key) {
  if (issuer->problem[0])
    return REASON_SET_SYNTAX;
  if (issuer->key_count == 0)
    return REASON_NO_KEYS;
  if (!kid)
    return caller_key_without_kid(issuer, caller_kty_of(alg), key);
  *key = caller_key_by_kid(issuer, kid, caller_kty_of(alg));
  return *key ? REASON_OK : REASON_KID_UNKNOWN;
}

/* Answers ----------------------------------------------------------------------------------------------- */

static inline void caller_refuse(struct assay_answer *answer, enum assay_reason reason, const char *words) {
  answer->reason = reason;
  snprintf(answer->words, sizeof answer->words, "%s", words);
}

/* The token as a C string, as these libraries take it: what follows a NUL byte is lost to them, as it is to
 * any caller that has a C string. Owned by the caller. */
static inline char *caller_c_string(struct assay_bytes token) {
  char *text = malloc(token.len + 1);
  if (!text)
    return NULL;
  if (token.len)
    memcpy(text, token.ptr, token.len);
  text[token.len] = '\0';
  return text;
}

/* Build facts ------------------------------------------------------------------------------------------- */

static inline const char *caller_path_of(const void *function, char path[PATH_MAX]) {
  Dl_info info;
  if (!dladdr(function, &info) || !info.dli_fname)
    return "";
  return realpath(info.dli_fname, path) ? path : "";
}

#endif
