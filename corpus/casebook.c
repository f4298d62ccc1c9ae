/* Collects cases; every distinct pair of policy and key sets becomes one setting. */
#include "corpus/casebook.h"

#include <stdlib.h>

#include "corpus/fatal.h"

#define ISSUERS_MAX 64

/* A setting in the making. What stands before key_count, as far as it is used, is its identity. */
struct draft_setting {
  struct corpus_span policy;
  struct corpus_key keys[ISSUERS_MAX];
  size_t key_count;
};

/* Room for one more at the end of an array that grows by doubling. */
static void *room_for_one(void *array, size_t count, size_t record_bytes) {
  bool full = count == 0 || (count & (count - 1)) == 0;
  return full ? must(realloc(array, (count ? count * 2 : 1) * record_bytes)) : array;
}

static bool span_eq(struct corpus_span a, struct corpus_span b) {
  return a.at == b.at && a.len == b.len;
}

static struct corpus_span intern_str(struct casebook *book, const char *s) {
  return pool_add(&book->strings, bytes_str(s));
}

/* ---- settings ---- */

/* The index of a setting, added if no other is the same. */
static uint32_t intern_setting(struct casebook *book, const struct draft_setting *draft) {
  size_t identity_bytes = offsetof(struct draft_setting, keys) + draft->key_count * sizeof draft->keys[0];
  uint32_t *known = pool_value(&book->setting_of, bytes_of(draft, identity_bytes));
  if (*known != CORPUS_NONE)
    return *known;
  *known = (uint32_t)book->setting_count;
  book->settings = room_for_one(book->settings, book->setting_count, sizeof *book->settings);
  book->settings[book->setting_count++] = (struct corpus_setting){.policy = draft->policy,
                                                                  .first_key = (uint32_t)book->key_count,
                                                                  .key_count = (uint32_t)draft->key_count};
  for (size_t i = 0; i < draft->key_count; i++) {
    book->keys = room_for_one(book->keys, book->key_count, sizeof *book->keys);
    book->keys[book->key_count++] = draft->keys[i];
  }
  return *known;
}

static bool has_issuer(const struct draft_setting *draft, struct corpus_span iss) {
  for (size_t i = 0; i < draft->key_count; i++)
    if (span_eq(draft->keys[i].iss, iss))
      return true;
  return false;
}

static bool attach(struct casebook *book, struct draft_setting *draft, const char *iss, const char *jwks,
                   struct assay_error *error) {
  struct corpus_span name = intern_str(book, iss);
  if (has_issuer(draft, name))
    return true;
  if (draft->key_count == ISSUERS_MAX)
    return error_set(error, "policy: more than %d issuers", ISSUERS_MAX);
  draft->keys[draft->key_count++] = (struct corpus_key){.iss = name, .jwks = intern_str(book, jwks)};
  return true;
}

static bool attach_json(struct casebook *book, struct draft_setting *draft, const char *iss,
                        const json_t *jwks, struct assay_error *error) {
  char *text = must(json_dumps(jwks, JSON_COMPACT | JSON_ENCODE_ANY));
  bool ok = attach(book, draft, iss, text, error);
  free(text);
  return ok;
}

static const char *default_jwks(const struct casebook *book, const char *iss) {
  for (size_t i = 0; i < book->default_key_count; i++)
    if (strcmp(book->default_keys[i].iss, iss) == 0)
      return book->default_keys[i].jwks;
  return NULL;
}

/* The keys of one issuer of a case's own policy: the case's, the policy's own, or the default ones. */
static bool attach_issuer(struct casebook *book, struct draft_setting *draft, json_t *issuer,
                          const json_t *keys, struct assay_error *error) {
  const char *iss = json_string_value(json_object_get(issuer, "iss"));
  if (!iss)
    iss = json_string_value(json_object_get(issuer, "trust_domain"));
  if (!iss)
    return error_set(error, "policy: an issuer without iss and trust_domain");
  const json_t *own = json_object_get(keys, iss), *embedded = json_object_get(issuer, "keys");
  if (!own && json_is_string(embedded))
    return error_set(error, "policy: the keys of %s are a path; a case line holds the key set itself", iss);
  if (own || embedded)
    return attach_json(book, draft, iss, own ? own : embedded, error);
  const char *jwks = default_jwks(book, iss);
  if (!jwks)
    return error_set(error, "policy: there are no keys for %s", iss);
  return attach(book, draft, iss, jwks, error);
}

static bool attach_issuers(struct casebook *book, struct draft_setting *draft, json_t *policy,
                           const json_t *keys, struct assay_error *error) {
  json_t *issuers = json_object_get(policy, "issuers"), *issuer;
  size_t i;
  if (json_array_size(issuers) == 0)
    return error_set(error, "policy: no issuers");
  json_array_foreach(issuers, i, issuer) {
    if (!attach_issuer(book, draft, issuer, keys, error))
      return false;
    json_object_del(issuer, "keys");
  }
  return true;
}

/* The default policy, with all of its issuers' keys, some of them replaced by the case's. */
static bool attach_defaults(struct casebook *book, struct draft_setting *draft, const json_t *keys,
                            struct assay_error *error) {
  if (!book->policy)
    return error_set(error, "the case has no policy, and there is no default one");
  draft->policy = intern_str(book, book->policy);
  for (size_t i = 0; i < book->default_key_count; i++) {
    const struct book_keys *one = &book->default_keys[i];
    const json_t *own = json_object_get(keys, one->iss);
    if (own ? !attach_json(book, draft, one->iss, own, error)
            : !attach(book, draft, one->iss, one->jwks, error))
      return false;
  }
  return true;
}

static bool resolve(struct casebook *book, json_t *policy, json_t *keys, uint32_t *setting,
                    struct assay_error *error) {
  struct draft_setting draft = {0};
  const char *iss;
  json_t *jwks;
  bool ok =
      policy ? attach_issuers(book, &draft, policy, keys, error) : attach_defaults(book, &draft, keys, error);
  json_object_foreach(keys, iss, jwks) {
    ok = ok && attach_json(book, &draft, iss, jwks, error);
  }
  if (!ok)
    return false;
  if (policy) {
    char *text = must(json_dumps(policy, JSON_COMPACT));
    draft.policy = intern_str(book, text);
    free(text);
  }
  *setting = intern_setting(book, &draft);
  return true;
}

static json_t *read_own(const char *text) {
  return text ? must(json_loads(text, JSON_ALLOW_NUL, NULL)) : NULL;
}

static bool find_setting(struct casebook *book, struct corpus_case *one, struct assay_error *error) {
  const struct {
    struct corpus_span policy, keys;
  } texts = {intern_str(book, one->policy), intern_str(book, one->keys)};
  one->setting = *pool_value(&book->setting_of, bytes_of(&texts, sizeof texts));
  if (one->setting != CORPUS_NONE)
    return true;
  json_t *policy = read_own(one->policy), *keys = read_own(one->keys);
  bool ok = resolve(book, policy, keys, &one->setting, error);
  json_decref(policy);
  json_decref(keys);
  if (ok)
    *pool_value(&book->setting_of, bytes_of(&texts, sizeof texts)) = one->setting;
  return ok;
}

/* ---- the interface ---- */

void book_set_default(struct casebook *book, char *policy, struct book_keys *keys, size_t key_count) {
  struct corpus_case plain = {0};
  struct assay_error error;
  book->policy = policy;
  book->default_keys = keys;
  book->default_key_count = key_count;
  if (!find_setting(book, &plain, &error))
    fatal("the default policy: %s", error.text);
}

uint32_t book_variant(struct casebook *book, const char *group, const char *class_id, const char *name,
                      const char *sentence, const char *reference, bool pinned) {
  const struct corpus_span names[] = {intern_str(book, group), intern_str(book, class_id),
                                      intern_str(book, name)};
  uint32_t *known = pool_value(&book->variant_of, bytes_of(names, sizeof names));
  if (*known != CORPUS_NONE)
    return *known;
  *known = (uint32_t)book->variant_count;
  book->variants = room_for_one(book->variants, book->variant_count, sizeof *book->variants);
  book->variants[book->variant_count++] = (struct book_variant){.group = must(strdup(group)),
                                                                .class_id = must(strdup(class_id)),
                                                                .name = must(strdup(name)),
                                                                .sentence = must(strdup(sentence)),
                                                                .reference = must(strdup(reference)),
                                                                .pinned = pinned};
  return *known;
}

bool book_add(struct casebook *book, struct corpus_case *added, struct assay_error *error) {
  if (!find_setting(book, added, error))
    return false;
  book->cases = room_for_one(book->cases, book->case_count, sizeof *book->cases);
  book->cases[book->case_count++] = *added;
  book->variants[added->variant].tokens++;
  return true;
}

void corpus_case_fini(struct corpus_case *one) {
  free(one->id);
  free(one->token);
  free(one->policy);
  free(one->keys);
  *one = (struct corpus_case){0};
}

static void variant_fini(struct book_variant *variant) {
  free(variant->group);
  free(variant->class_id);
  free(variant->name);
  free(variant->sentence);
  free(variant->reference);
}

void book_fini(struct casebook *book) {
  for (size_t i = 0; i < book->case_count; i++)
    corpus_case_fini(&book->cases[i]);
  for (size_t i = 0; i < book->variant_count; i++)
    variant_fini(&book->variants[i]);
  for (size_t i = 0; i < book->default_key_count; i++) {
    free(book->default_keys[i].iss);
    free(book->default_keys[i].path);
    free(book->default_keys[i].jwks);
  }
  free(book->policy);
  free(book->default_keys);
  free(book->variants);
  free(book->cases);
  free(book->settings);
  free(book->keys);
  pool_fini(&book->strings);
  pool_fini(&book->setting_of);
  pool_fini(&book->variant_of);
  *book = (struct casebook){0};
}
