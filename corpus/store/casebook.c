/* Collects cases; every distinct pair of policy and key sets becomes one setting. */
#include "corpus/store/casebook.h"

#include <stdlib.h>

#include "corpus/base/fatal.h"

/* A setting in the making: its policy, then its keys. Their bytes are its identity. */
struct draft_setting {
  struct corpus_span policy;
  struct text keys; /* of struct corpus_key */
};

/* Room for one more at the end of an array that grows by doubling. */
static bool span_eq(struct corpus_span a, struct corpus_span b) {
  return a.at == b.at && a.len == b.len;
}

static struct corpus_span intern_str(struct casebook *book, const char *s) {
  return pool_add(&book->strings, bytes_str(s));
}

/* ---- texts ---- */

/* The book's copy of a text; NULL of NULL. */
static char *keep_text(struct casebook *book, const char *text) {
  uint32_t hash = (uint32_t)bytes_hash(bytes_str(text));
  if (!text)
    return NULL;
  if (!index_reserve(&book->text_of, book->text_count + 1))
    fatal("no memory");
  for (struct index_walk walk = index_begin(&book->text_of, hash); index_next(&walk);)
    if (strcmp(book->texts[walk.item], text) == 0)
      return book->texts[walk.item];
  index_add(&book->text_of, hash, (uint32_t)book->text_count);
  book->texts = must_have_one_more(book->texts, book->text_count, sizeof *book->texts);
  return book->texts[book->text_count++] = must(strdup(text));
}

/* The same of a text that is the book's to free from now on. */
static char *take_text(struct casebook *book, char *text) {
  char *kept = keep_text(book, text);
  free(text);
  return kept;
}

/* ---- settings ---- */

static size_t draft_key_count(const struct draft_setting *draft) {
  return draft->keys.len / sizeof(struct corpus_key);
}

/* The index of a setting, added if no other is the same. */
static uint32_t intern_setting(struct casebook *book, const struct draft_setting *draft) {
  OWNED_BYTES struct text identity = {0};
  text_add(&identity, &draft->policy, sizeof draft->policy);
  text_add(&identity, draft->keys.ptr, draft->keys.len);
  uint32_t *known = pool_value(&book->setting_of, bytes_of(identity.ptr, identity.len));
  if (*known != CORPUS_NONE)
    return *known;
  *known = (uint32_t)book->setting_count;
  size_t key_count = draft_key_count(draft);
  book->settings = must_have_one_more(book->settings, book->setting_count, sizeof *book->settings);
  book->settings[book->setting_count++] = (struct corpus_setting){
      .policy = draft->policy, .first_key = (uint32_t)book->key_count, .key_count = (uint32_t)key_count};
  for (size_t i = 0; i < key_count; i++) {
    book->keys = must_have_one_more(book->keys, book->key_count, sizeof *book->keys);
    book->keys[book->key_count++] = ((const struct corpus_key *)draft->keys.ptr)[i];
  }
  return *known;
}

static bool has_issuer(const struct draft_setting *draft, struct corpus_span iss) {
  const struct corpus_key *keys = (const struct corpus_key *)draft->keys.ptr;
  for (size_t i = 0; i < draft_key_count(draft); i++)
    if (span_eq(keys[i].iss, iss))
      return true;
  return false;
}

static void attach(struct casebook *book, struct draft_setting *draft, const char *iss, const char *jwks) {
  struct corpus_span name = intern_str(book, iss);
  if (has_issuer(draft, name))
    return;
  const struct corpus_key key = {.iss = name, .jwks = intern_str(book, jwks)};
  text_add(&draft->keys, &key, sizeof key);
}

static void attach_json(struct casebook *book, struct draft_setting *draft, const char *iss,
                        const json_t *jwks) {
  char *text = must(json_dumps(jwks, JSON_COMPACT | JSON_ENCODE_ANY));
  attach(book, draft, iss, text);
  free(text);
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
  const char *jwks = default_jwks(book, iss);
  if (own || embedded)
    attach_json(book, draft, iss, own ? own : embedded);
  else if (jwks)
    attach(book, draft, iss, jwks);
  else
    return error_set(error, "policy: there are no keys for %s", iss);
  return true;
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
    if (own)
      attach_json(book, draft, one->iss, own);
    else
      attach(book, draft, one->iss, one->jwks);
  }
  return true;
}

static bool draft_fill(struct casebook *book, struct draft_setting *draft, json_t *policy, json_t *keys,
                       struct assay_error *error) {
  const char *iss;
  json_t *jwks;
  if (policy ? !attach_issuers(book, draft, policy, keys, error) : !attach_defaults(book, draft, keys, error))
    return false;
  json_object_foreach(keys, iss, jwks) {
    attach_json(book, draft, iss, jwks);
  }
  if (policy) {
    char *text = must(json_dumps(policy, JSON_COMPACT));
    draft->policy = intern_str(book, text);
    free(text);
  }
  return true;
}

static bool resolve(struct casebook *book, json_t *policy, json_t *keys, uint32_t *setting,
                    struct assay_error *error) {
  struct draft_setting draft = {0};
  bool ok = draft_fill(book, &draft, policy, keys, error);
  if (ok)
    *setting = intern_setting(book, &draft);
  text_free(&draft.keys);
  return ok;
}

static json_t *read_own(const char *text) {
  return text ? must(json_loads(text, JSON_ALLOW_NUL, NULL)) : NULL;
}

/* Settings are found by the texts of a case first: most cases have the same ones. */
static bool find_setting(struct casebook *book, struct corpus_case *one, struct assay_error *error) {
  const char *const texts[] = {keep_text(book, one->policy), keep_text(book, one->keys)};
  struct assay_bytes by_texts = bytes_of(texts, sizeof texts);
  one->setting = *pool_value(&book->setting_of_texts, by_texts);
  if (one->setting != CORPUS_NONE)
    return true;
  json_t *policy = read_own(one->policy), *keys = read_own(one->keys);
  bool ok = resolve(book, policy, keys, &one->setting, error);
  json_decref(policy);
  json_decref(keys);
  if (ok)
    *pool_value(&book->setting_of_texts, by_texts) = one->setting;
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

static void count_class(struct casebook *book, const char *class_id) {
  uint32_t *known = pool_value(&book->class_of, bytes_str(class_id));
  book->class_count += *known == CORPUS_NONE;
  *known = 0;
}

static const char *keep_told(struct casebook *book, const char *text) {
  return keep_text(book, text ? text : "");
}

uint32_t book_variant(struct casebook *book, const struct book_variant *variant) {
  const char *const names[] = {keep_told(book, variant->group), keep_told(book, variant->class_id),
                               keep_told(book, variant->name)};
  uint32_t *known = pool_value(&book->variant_of, bytes_of(names, sizeof names));
  if (*known != CORPUS_NONE)
    return *known;
  uint32_t index = *known = (uint32_t)book->variant_count;
  book->variants = must_have_one_more(book->variants, book->variant_count, sizeof *book->variants);
  book->variants[book->variant_count++] =
      (struct book_variant){.group = names[0],
                            .class_id = names[1],
                            .name = names[2],
                            .sentence = keep_told(book, variant->sentence),
                            .reference = keep_told(book, variant->reference),
                            .brief = keep_told(book, variant->brief),
                            .severity = variant->severity};
  count_class(book, names[1]);
  return index;
}

bool book_add(struct casebook *book, struct corpus_case *added, struct assay_error *error) {
  if (!find_setting(book, added, error))
    return false;
  added->policy = take_text(book, added->policy);
  added->keys = take_text(book, added->keys);
  book->cases = must_have_one_more(book->cases, book->case_count, sizeof *book->cases);
  book->cases[book->case_count++] = *added;
  book->variants[added->variant].tokens++;
  return true;
}

void case_add_reason(struct corpus_case *one, uint16_t reason) {
  one->reasons = must_have_one_more(one->reasons, one->reason_count, sizeof *one->reasons);
  one->reasons[one->reason_count++] = reason;
}

void corpus_case_fini(struct corpus_case *one) {
  free(one->id);
  free(one->token);
  free(one->reasons);
  free(one->policy);
  free(one->keys);
  *one = (struct corpus_case){0};
}

void book_fini(struct casebook *book) {
  for (size_t i = 0; i < book->case_count; i++) {
    book->cases[i].policy = book->cases[i].keys = NULL; /* the book's */
    corpus_case_fini(&book->cases[i]);
  }
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
  pool_fini(&book->setting_of_texts);
  pool_fini(&book->variant_of);
  pool_fini(&book->class_of);
  for (size_t i = 0; i < book->text_count; i++)
    free(book->texts[i]);
  free(book->texts);
  index_fini(&book->text_of);
  *book = (struct casebook){0};
}
