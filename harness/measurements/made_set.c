/* Key sets of any size, made of a corpus' keys. */
#include "harness/measurements/made_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"
#include "harness/pipeline/json/base64url.h"
#include "harness/pipeline/policy/policy_json.h"

#define DONORS_MAX 256

/* The header (0) or payload (1) of a compact token; NULL where it is none. json_decref. */
static json_t *token_part(const struct corpus *corpus, uint32_t token, unsigned part) {
  struct assay_bytes text = corpus_bytes(corpus, corpus->tokens[token].token);
  const uint8_t *dot = memchr(text.ptr, '.', text.len), *second;
  if (!dot || !(second = memchr(dot + 1, '.', text.len - (size_t)(dot + 1 - text.ptr))))
    return NULL;
  struct assay_bytes coded = part == 0 ? bytes_of(text.ptr, (size_t)(dot - text.ptr))
                                       : bytes_of(dot + 1, (size_t)(second - dot - 1));
  uint8_t *decoded = malloc(base64url_decoded_bytes(coded.len) + BASE64URL_SLACK);
  json_t *json = NULL;
  if (decoded && base64url_decode(coded, decoded) == REASON_OK)
    json = json_loadb((char *)decoded, base64url_decoded_bytes(coded.len), 0, NULL);
  free(decoded);
  return json;
}

static bool text_in(const json_t *object, const char *name, char *out, size_t size) {
  const char *text = json_string_value(json_object_get(object, name));
  snprintf(out, size, "%s", text ? text : "");
  return text != NULL;
}

/* The keys of an issuer in a setting: a new reference to its "keys", or NULL. */
static json_t *keys_of(const struct corpus *corpus, uint32_t setting_number, const char *iss) {
  const struct corpus_setting *setting = &corpus->settings[setting_number];
  for (uint32_t i = 0; i < setting->key_count; i++) {
    const struct corpus_key *key = &corpus->keys[setting->first_key + i];
    if (!bytes_eq_str(corpus_bytes(corpus, key->iss), iss))
      continue;
    struct assay_bytes text = corpus_bytes(corpus, key->jwks);
    json_t *jwks = json_loadb((const char *)text.ptr, text.len, 0, NULL);
    json_t *keys = json_incref(json_object_get(jwks, "keys"));
    json_decref(jwks);
    return keys;
  }
  return NULL;
}

bool right_key_find(const struct corpus *corpus, uint32_t token, struct right_key *right,
                    struct assay_error *error) {
  json_t *header = token_part(corpus, token, 0), *claims = token_part(corpus, token, 1), *keys, *jwk;
  char kid[512], other[512];
  size_t i;
  right->jwk = NULL;
  bool named = text_in(header, "kid", kid, sizeof kid);
  if (text_in(claims, "iss", right->iss, sizeof right->iss)) {
    keys = keys_of(corpus, corpus->tokens[token].setting, right->iss);
    json_array_foreach(keys, i, jwk) {
      bool fits = named ? text_in(jwk, "kid", other, sizeof other) && strcmp(kid, other) == 0
                        : json_array_size(keys) == 1;
      if (fits && !right->jwk)
        right->jwk = json_incref(jwk);
    }
    json_decref(keys);
  }
  json_decref(claims);
  json_decref(header);
  return right->jwk || error_set(error, "token %u has no key in the corpus that is its own", token);
}

bool right_key_fits(const struct corpus *corpus, uint32_t token, const struct right_key *right, bool kid) {
  json_t *header = token_part(corpus, token, 0);
  bool fits = (json_object_get(header, "kid") != NULL) == kid;
  struct right_key own = {.jwk = NULL};
  fits = fits && right_key_find(corpus, token, &own, NULL) && strcmp(own.iss, right->iss) == 0 &&
         json_equal(own.jwk, right->jwk);
  json_decref(own.jwk);
  json_decref(header);
  return fits;
}

static bool same_text(const json_t *a, const json_t *b, const char *name) {
  char x[64], y[64];
  text_in(a, name, x, sizeof x);
  text_in(b, name, y, sizeof y);
  return strcmp(x, y) == 0;
}

/* Keys of the right one's type and curve, of any issuer: what a library would really have to choose from. If
 * there is no other, the right one itself. */
static size_t donors_find(const struct corpus *corpus, const struct right_key *right, json_t **donors) {
  const struct corpus_setting *setting = &corpus->settings[0];
  size_t count = 0, at;
  for (uint32_t i = 0; i < setting->key_count; i++) {
    char iss[512];
    struct assay_bytes name = corpus_bytes(corpus, corpus->keys[setting->first_key + i].iss);
    snprintf(iss, sizeof iss, "%.*s", (int)name.len, (const char *)name.ptr);
    json_t *keys = keys_of(corpus, 0, iss), *jwk;
    json_array_foreach(keys, at,
                       jwk) if (count < DONORS_MAX && same_text(jwk, right->jwk, "kty") &&
                                same_text(jwk, right->jwk, "crv") && same_text(jwk, right->jwk, "alg") &&
                                !same_text(jwk, right->jwk, "kid")) donors[count++] = json_incref(jwk);
    json_decref(keys);
  }
  if (count == 0)
    donors[count++] = json_incref(right->jwk);
  return count;
}

static json_t *decoy(const json_t *donor, unsigned number, bool unfit) {
  char kid[32];
  json_t *jwk = json_deep_copy(donor);
  snprintf(kid, sizeof kid, "other-%05u", number);
  json_object_set_new(jwk, "kid", json_string(kid));
  json_object_del(jwk, "key_ops");
  if (unfit)
    json_object_set_new(jwk, "use", json_string("enc"));
  return jwk;
}

static json_t *set_make(const struct corpus *corpus, const struct right_key *right,
                        const struct made_set *set) {
  json_t *donors[DONORS_MAX], *keys = json_array();
  size_t count = donors_find(corpus, right, donors);
  if (!set->last)
    json_array_append(keys, right->jwk);
  for (unsigned i = 1; i < set->keys; i++)
    json_array_append_new(keys, decoy(donors[i % count], i, set->unfit));
  if (set->last)
    json_array_append(keys, right->jwk);
  for (size_t i = 0; i < count; i++)
    json_decref(donors[i]);
  return keys;
}

static bool write_json(const json_t *json, const char *folder, const char *name, struct assay_error *error) {
  char path[4200];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return json_dump_file(json, path, JSON_COMPACT) == 0 || error_set(error, "cannot write %s", path);
}

bool made_set_write(const struct corpus *corpus, const struct right_key *right, const struct made_set *set,
                    const char *folder, struct assay_error *error) {
  char *text = policy_json(corpus_bytes(corpus, corpus->settings[0].policy), "policy.yaml", error);
  json_t *policy = text ? json_loads(text, 0, NULL) : NULL, *issuer;
  size_t i;
  bool ok = policy != NULL;
  json_array_foreach(json_object_get(policy, "issuers"), i, issuer) {
    const char *iss = json_string_value(json_object_get(issuer, "iss"));
    char name[32];
    bool is_right = iss && strcmp(iss, right->iss) == 0;
    json_t *keys = is_right ? set_make(corpus, right, set) : keys_of(corpus, 0, iss ? iss : "");
    json_t *jwks = json_pack("{s:o}", "keys", keys ? keys : json_array());
    snprintf(name, sizeof name, "%zu.jwks", i);
    json_object_set_new(issuer, "keys", json_string(name));
    ok = ok && write_json(jwks, folder, name, error);
    json_decref(jwks);
  }
  ok = ok && write_json(policy, folder, "policy.json", error);
  json_decref(policy);
  free(text);
  return ok;
}
