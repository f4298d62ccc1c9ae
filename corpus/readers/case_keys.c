/* From what a case brings to JWK Sets; see case_keys.h. */
#include "corpus/readers/case_keys.h"

#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/readers/token_json.h"

/* A case while its keys are settled. */
struct settling {
  const struct case_keys *keys;
  json_t *own;     /* {iss: JWKS}: the case's `keys`, as they become */
  bool changed;    /* something in own did */
  const char *kid; /* of the token; NULL: none */
  const char *alg;
  bool must_serve; /* what is no key set is a mistake in the line, not what the case is about */
  struct assay_error *error;
};

/* ---- one set ---- */

static void set_own(struct settling *settling, const char *iss, const char *jwks) {
  json_t *set = json_loads(jwks, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
  if (!set) /* it stays as it is, for the pipeline to refuse */
    return;
  json_object_set_new(settling->own, iss, set);
  settling->changed = true;
}

/* value: what the case has in place of that issuer's set. */
static bool settle_own(struct settling *settling, const char *iss, const json_t *value) {
  struct keyfile keyfile;
  struct assay_error why;
  bool ok = keyfile_of_json(value, &keyfile, &why) &&
            (keyfile.jwks || !settling->must_serve || keyfile_is_set(value, &why));
  if (!ok)
    return error_set(settling->error, "the keys of %.200s: %s", iss, why.text);
  if (!keyfile.jwks)
    return true;
  char *bound = keyfile_for(&keyfile, settling->kid, settling->alg);
  set_own(settling, iss, bound ? bound : keyfile.jwks);
  free(bound);
  keyfile_fini(&keyfile);
  return true;
}

static const struct policy_key_set *default_of(const struct case_keys *keys, const char *iss) {
  for (size_t i = 0; keys->defaults && i < keys->defaults->count; i++)
    if (strcmp(keys->defaults->sets[i].iss, iss) == 0)
      return &keys->defaults->sets[i];
  return NULL;
}

static void bind_default(struct settling *settling, const struct policy_key_set *set) {
  char *bound = keyfile_for(&set->keyfile, settling->kid, settling->alg);
  if (bound && !json_object_get(settling->own, set->iss))
    set_own(settling, set->iss, bound);
  free(bound);
}

/* ---- all sets of a case ---- */

/* The keys that stand in the case's own policy; a name of a file there is refused by the book. */
static bool settle_issuer(struct settling *settling, const json_t *issuer) {
  const char *iss = token_json_text(issuer, "iss");
  const json_t *embedded = json_object_get(issuer, "keys");
  const char *text = json_string_value(embedded);
  if (!iss)
    iss = token_json_text(issuer, "trust_domain");
  if (!iss || json_object_get(settling->own, iss))
    return true;
  const struct policy_key_set *set = embedded ? NULL : default_of(settling->keys, iss);
  if (set)
    bind_default(settling, set);
  if (!embedded || (text && !strstr(text, "-----BEGIN")))
    return true;
  return settle_own(settling, iss, embedded);
}

static bool settle_policy(struct settling *settling, const char *policy) {
  json_t *root = must(json_loads(policy, JSON_ALLOW_NUL, NULL)), *issuer;
  size_t i;
  bool ok = true;
  json_array_foreach(json_object_get(root, "issuers"), i, issuer) {
    ok = ok && settle_issuer(settling, issuer);
  }
  json_decref(root);
  return ok;
}

static bool settle_given(struct settling *settling) {
  json_t *given = json_copy(settling->own), *value;
  const char *iss;
  bool ok = true;
  json_object_foreach(given, iss, value) {
    ok = ok && settle_own(settling, iss, value);
  }
  json_decref(given);
  return ok;
}

static bool settle(struct settling *settling, const struct corpus_case *one) {
  if (!settle_given(settling))
    return false;
  if (one->policy)
    return settle_policy(settling, one->policy);
  for (size_t i = 0; settling->keys->defaults && i < settling->keys->defaults->count; i++)
    bind_default(settling, &settling->keys->defaults->sets[i]);
  return true;
}

/* Cases about key sets themselves, which a library has to refuse, bring sets that are none. */
static bool must_serve(const struct corpus_case *one) {
  return one->verdict != EXPECT_REJECT;
}

/* Settles without looking at what is known already. */
static bool settle_case(const struct case_keys *keys, struct corpus_case *one, struct assay_error *error) {
  json_t *header = token_json(bytes_of(one->token, one->token_len), 0);
  struct settling settling = {
      .keys = keys,
      .own = must(one->keys ? json_loads(one->keys, JSON_ALLOW_NUL, NULL) : json_object()),
      .kid = token_json_text(header, "kid"),
      .alg = token_json_text(header, "alg"),
      .must_serve = must_serve(one),
      .error = error};
  bool ok = settle(&settling, one);
  if (ok && settling.changed) {
    free(one->keys);
    one->keys = must(json_dumps(settling.own, JSON_COMPACT));
  }
  json_decref(settling.own);
  json_decref(header);
  return ok;
}

/* ---- what is known already ---- */

/* Cases with the default policy alone: those of one kid and alg meet the same keys. */
static bool settle_default(struct case_keys *keys, struct corpus_case *one, struct assay_error *error) {
  OWNED_BYTES struct text name = {0};
  json_t *header = token_json(bytes_of(one->token, one->token_len), 0);
  const char *kid = token_json_text(header, "kid"), *alg = token_json_text(header, "alg");
  text_addf(&name, "%c%s", kid ? '+' : '-', kid ? kid : "");
  text_add(&name, "", 1);
  text_add_str(&name, alg ? alg : "");
  uint32_t *known = pool_value(&keys->bound, bytes_of(name.ptr, name.len));
  bool is_new = *known == CORPUS_NONE, ok = true;
  uint32_t index = is_new ? (uint32_t)keys->bound_count : *known;
  *known = index;
  if (is_new) {
    ok = settle_case(keys, one, error);
    keys->bound_texts = must_have_one_more(keys->bound_texts, keys->bound_count, sizeof *keys->bound_texts);
    keys->bound_texts[keys->bound_count++] = one->keys ? must(strdup(one->keys)) : NULL;
  } else if (keys->bound_texts[index]) {
    one->keys = must(strdup(keys->bound_texts[index]));
  }
  json_decref(header);
  return ok;
}

/* What a case brings, by its texts: where nothing was to be done once, nothing is again. */
static bool settle_known(struct case_keys *keys, struct corpus_case *one, struct assay_error *error) {
  OWNED_BYTES struct text name = {0};
  const char *before = one->keys;
  text_add_str(&name, must_serve(one) ? "+" : "-");
  text_add_str(&name, one->keys ? one->keys : "");
  text_add(&name, "", 1);
  text_add_str(&name, one->policy ? one->policy : "");
  struct assay_bytes texts = bytes_of(name.ptr, name.len);
  bool ok = *pool_value(&keys->plain, texts) != CORPUS_NONE || settle_case(keys, one, error);
  if (ok && one->keys == before)
    *pool_value(&keys->plain, texts) = 1;
  return ok;
}

bool case_keys_settle(struct case_keys *keys, struct corpus_case *one, struct assay_error *error) {
  if (!one->keys && !one->policy)
    return !keys->any_unnamed || settle_default(keys, one, error);
  return keys->any_unnamed ? settle_case(keys, one, error) : settle_known(keys, one, error);
}

void case_keys_init(struct case_keys *keys, const struct policy_keys *defaults) {
  *keys = (struct case_keys){.defaults = defaults};
  for (size_t i = 0; defaults && i < defaults->count; i++)
    keys->any_unnamed = keys->any_unnamed || json_array_size(defaults->sets[i].keyfile.unnamed) > 0;
}

void case_keys_fini(struct case_keys *keys) {
  for (size_t i = 0; i < keys->bound_count; i++)
    free(keys->bound_texts[i]);
  free(keys->bound_texts);
  pool_fini(&keys->plain);
  pool_fini(&keys->bound);
  *keys = (struct case_keys){0};
}
