/* From options to a policy; see own_trust.h. */
#include "corpus/readers/own_trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/base/fatal.h"
#include "corpus/make/policy_yaml.h"
#include "corpus/store/store.h"
#include "harness/base/alg.h"
#include "harness/base/files/file.h"
#include "harness/base/text/names.h"
#include "harness/base/utf8.h"

/* ---- what is said ---- */

static void add_word(char ***list, size_t *count, const char *word, size_t len) {
  *list = must_have_one_more(*list, *count, sizeof **list);
  (*list)[(*count)++] = must_copy(word, len);
}

void own_trust_add_keys(struct own_trust *trust, const char *path, size_t len) {
  add_word(&trust->key_files, &trust->key_file_count, path, len);
}

void own_trust_add_audience(struct own_trust *trust, const char *name) {
  add_word(&trust->audiences, &trust->audience_count, name, strlen(name));
}

void own_trust_fini(struct own_trust *trust) {
  for (size_t i = 0; i < trust->key_file_count; i++)
    free(trust->key_files[i]);
  for (size_t i = 0; i < trust->audience_count; i++)
    free(trust->audiences[i]);
  free(trust->key_files);
  free(trust->audiences);
}

/* ---- what cannot be meant ---- */

/* "to the letter" is what --issuer is: in a policy braces would make a template of it, which
 * any tenant fits. */
static bool issuer_holds(const char *issuer, struct assay_error *error) {
  if (issuer && !issuer[0])
    return error_set(error, "--issuer is empty");
  if (issuer && !utf8_is_valid(issuer))
    return error_set(error, "--issuer is not in UTF-8, which a token's iss is (RFC 7519 2)");
  return !issuer || !strpbrk(issuer, "{}") ||
         error_set(error,
                   "--issuer '%.200s': braces, and an issuer is taken to the letter here: templates for many "
                   "tenants belong in a policy (`assay help policy`)",
                   issuer);
}

static bool names_hold(const char *option, char *const *names, size_t count, struct assay_error *error) {
  for (size_t i = 0; i < count; i++)
    if (!names[i][0])
      return error_set(error, "%s has an empty name", option);
  return true;
}

static bool audiences_hold(const struct own_trust *trust, struct assay_error *error) {
  for (size_t i = 0; i < trust->audience_count; i++)
    if (!utf8_is_valid(trust->audiences[i]))
      return error_set(error, "--audience '%.200s' is not in UTF-8, which a token's aud is (RFC 7519 2)",
                       trust->audiences[i]);
  return names_hold("--audience", trust->audiences, trust->audience_count, error);
}

static bool is_stream(const char *path) {
  return path && strcmp(path, "-") == 0;
}

/* Standard input can be read once. */
static bool stream_holds(const struct own_trust *trust, const char *tokens, struct assay_error *error) {
  unsigned readers = is_stream(tokens) + is_stream(trust->secret_file);
  for (size_t i = 0; i < trust->key_file_count; i++)
    readers += is_stream(trust->key_files[i]);
  return readers < 2 || error_set(error, "'-' stands for standard input, which one option alone can read");
}

bool own_trust_holds(const struct own_trust *trust, const char *tokens, struct assay_error *error) {
  return issuer_holds(trust->issuer, error) &&
         names_hold("--keys", trust->key_files, trust->key_file_count, error) &&
         audiences_hold(trust, error) && stream_holds(trust, tokens, error);
}

/* ---- keys ---- */

static bool add_keys(struct keyfile *all, struct keyfile *one, const char *path, struct assay_error *error) {
  if (!all->jwks) {
    *all = *one;
    return true;
  }
  bool ok = keyfile_merge(all, one, error) || error_prefix(error, "%s: ", path);
  keyfile_fini(one);
  return ok;
}

/* A policy may have a set that is empty for now; where keys are named alone, none is a mistake. */
static bool read_keyfile(const char *path, struct keyfile *all, struct assay_error *error) {
  struct keyfile one;
  if (!keyfile_read(path, &one, error))
    return false;
  if (keyfile_has_key(&one, error))
    return add_keys(all, &one, path, error);
  keyfile_fini(&one);
  return error_prefix(error, "%s: ", file_stream_name(path));
}

/* ---- algorithms ---- */

/* What the key itself says, or else what its type can do. */
static uint32_t algs_of_key(const json_t *jwk) {
  const char *alg = json_string_value(json_object_get(jwk, "alg"));
  const char *use = json_string_value(json_object_get(jwk, "use"));
  enum jose_alg named = alg ? jose_alg_by_name(bytes_str(alg)) : JOSE_ALG_COUNT;
  if ((use && strcmp(use, "enc") == 0) || (alg && named == JOSE_ALG_COUNT))
    return 0;
  return alg ? JOSE_ALG_BIT(named) : keyfile_jwk_algs(jwk);
}

static uint32_t algs_of_keys(const struct keyfile *keyfile) {
  json_t *set = json_loads(keyfile->jwks, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL), *jwk;
  uint32_t algs = 0;
  size_t i;
  json_array_foreach(json_object_get(set, "keys"), i, jwk) {
    algs |= algs_of_key(jwk);
  }
  json_decref(set);
  return algs;
}

/* Such a set is refused as a whole, since a public key in it may be taken for the secret (RFC 8725 3.1). */
static bool is_alone(const struct keyfile *keys, struct assay_error *error) {
  return !keys->jwks || !(algs_of_keys(keys) & ~jose_algs_of_key(JWK_OCT, CURVE_NONE)) ||
         error_set(error, "--secret-file and public keys in --keys exclude each other: ask about the tokens "
                          "of each in a run of its own");
}

static bool read_keys(const struct own_trust *trust, struct keyfile *all, struct assay_error *error) {
  struct keyfile secret;
  for (size_t i = 0; i < trust->key_file_count; i++)
    if (!read_keyfile(trust->key_files[i], all, error))
      return false;
  return !trust->secret_file ||
         (is_alone(all, error) && keyfile_read_secret(trust->secret_file, &secret, error) &&
          add_keys(all, &secret, trust->secret_file, error));
}

static bool take_alg(void *algs, const char *word, struct assay_error *error) {
  int alg = word_find("algorithm", word, jose_alg_word, error);
  if (alg >= 0)
    *(uint32_t *)algs |= JOSE_ALG_BIT(alg);
  return alg >= 0;
}

static bool algs_named(const char *list, uint32_t *algs, struct assay_error *error) {
  return names_each(list, take_alg, algs, error) && (*algs || error_set(error, "--alg names no algorithm"));
}

static bool find_algs(const struct own_trust *trust, const struct keyfile *keys, uint32_t *algs,
                      struct assay_error *error) {
  *algs = 0;
  if (trust->algs)
    return algs_named(trust->algs, algs, error);
  *algs = algs_of_keys(keys);
  return *algs || error_set(error, "%s: no key in it is for signatures of tokens",
                            trust->key_file_count ? trust->key_files[0] : trust->secret_file);
}

/* ---- the policy ---- */

static json_t *audience_of(const struct own_trust *trust) {
  if (trust->audience_count == 1 && strcmp(trust->audiences[0], "any") == 0)
    return json_string("any");
  json_t *list = must(json_array());
  for (size_t i = 0; i < trust->audience_count; i++)
    json_array_append_new(list, must(json_string(trust->audiences[i])));
  return list;
}

static json_t *names_of(uint32_t algs) {
  json_t *names = must(json_array());
  for (int alg = 0; alg < JOSE_ALG_COUNT; alg++)
    if (algs & JOSE_ALG_BIT(alg))
      json_array_append_new(names, json_string(jose_alg_name((enum jose_alg)alg)));
  return names;
}

json_t *own_trust_algorithms(const struct keyfile *keys) {
  uint32_t algs = algs_of_keys(keys);
  return names_of(algs ? algs : JOSE_ALG_BIT(JOSE_ALG_COUNT) - 1);
}

static json_t *policy_json_of(const struct own_trust *trust, uint32_t algs, const char *path) {
  json_t *names = names_of(algs);
  json_t *issuer =
      must(json_pack("{s:s, s:s, s:o}", "iss", trust->issuer, "keys", path, "algorithms", names));
  if (trust->audience_count)
    json_object_set_new(issuer, "audience", audience_of(trust));
  json_t *policy = must(json_pack("{s:s}", "schema", "assay-policy/1"));
  if (trust->now != CORPUS_NOW_UNSET)
    json_object_set_new(policy, "now", json_integer(trust->now));
  json_object_set_new(policy, "issuers", must(json_pack("[o]", issuer)));
  return policy;
}

bool own_trust_policy(const struct own_trust *trust, struct policy_keys *out, struct assay_error *error) {
  struct keyfile keys = {0};
  uint32_t algs;
  *out = (struct policy_keys){0};
  if (!read_keys(trust, &keys, error) || !find_algs(trust, &keys, &algs, error)) {
    keyfile_fini(&keys);
    return false;
  }
  out->sets = must(calloc(1, sizeof *out->sets));
  out->sets[0] = (struct policy_key_set){must(strdup(trust->issuer)), must(strdup("keys/own.jwks")), keys};
  out->count = 1;
  out->now = trust->now;
  struct text text = {0};
  json_t *policy = policy_json_of(trust, algs, out->sets[0].path);
  policy_yaml_add(&text, policy);
  text_add(&text, "", 1);
  out->policy = (char *)text.ptr;
  json_decref(policy);
  return true;
}
