/* A JWK Set (RFC 7517 5): the JSON around its keys, and what is wrong with them together. */
#include "harness/pipeline/policy/jwks.h"

#include <stdlib.h>

#include "harness/pipeline/policy/jwks_key.h"

/* Jansson's own words may quote the text, and a key set can hold secrets: only the place is told. */
static void not_json_tell(const json_error_t *problem, struct assay_error *not_json) {
  error_set(not_json, "%d:%d: not JSON", problem->line, problem->column);
}

#define LOAD_FLAGS (JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL)

/* NULL, and *no_memory or not_json, or neither: JSON that is no JWKS, for a name that occurs twice, say. */
static json_t *text_load(struct assay_bytes text, bool *no_memory, struct assay_error *not_json) {
  json_error_t problem;
  if (text.len > JWKS_MAX_BYTES) {
    error_set(not_json, "longer than %zu MiB", JWKS_MAX_BYTES >> 20);
    return NULL;
  }
  json_t *root = json_loadb(text.len ? (const char *)text.ptr : "", text.len, LOAD_FLAGS, &problem);
  if (root)
    return root;
  switch (json_error_code(&problem)) {
  case json_error_out_of_memory: *no_memory = true; break;
  case json_error_duplicate_key:
  case json_error_numeric_overflow:
  case json_error_null_byte_in_key:
  case json_error_stack_overflow: break;
  default: not_json_tell(&problem, not_json);
  }
  return NULL;
}

static void keys_drop(struct key_set *set) {
  for (size_t i = 0; i < set->count; i++)
    jwk_fini(&set->keys[i]);
  free(set->keys);
  set->keys = NULL;
  set->count = 0;
}

static bool is_set(const json_t *keys) {
  if (!json_is_array(keys) || json_array_size(keys) > JWKS_MAX_KEYS)
    return false;
  for (size_t i = 0; i < json_array_size(keys); i++)
    if (!json_is_object(json_array_get(keys, i)))
      return false;
  return true;
}

static bool keys_read(const json_t *keys, uint32_t tolerates, struct key_set *set) {
  set->keys = calloc(json_array_size(keys) + 1, sizeof *set->keys);
  if (!set->keys)
    return false;
  for (size_t i = 0; i < json_array_size(keys); i++) {
    enum jwk_outcome outcome = jwk_read(json_array_get(keys, i), tolerates, &set->keys[set->count]);
    set->count += outcome != JWK_SKIPPED;
    if (outcome == JWK_NO_MEMORY)
      return false;
  }
  return true;
}

static bool any_private(const json_t *keys) {
  for (size_t i = 0; i < json_array_size(keys); i++)
    if (jwk_is_private(json_array_get(keys, i)))
      return true;
  return false;
}

static bool any_mixed(const struct key_set *set) {
  size_t symmetric = 0;
  for (size_t i = 0; i < set->count; i++)
    symmetric += set->keys[i].type == JWK_OCT;
  return symmetric != 0 && symmetric != set->count;
}

static int kid_compare(const void *a, const void *b) {
  const struct jwk *left = *(const struct jwk *const *)a, *right = *(const struct jwk *const *)b;
  int order = bytes_compare(left->kid, right->kid);
  return order ? order : (left->type > right->type) - (left->type < right->type);
}

/* Finds kids that occur twice: with one kty they make the key ambiguous, with two the kty tells them apart
 * (RFC 7517 4.5). Returns false for want of memory. */
static bool kids_compare(struct key_set *set, bool *duplicate) {
  const struct jwk **sorted = calloc(set->count + 1, sizeof *sorted);
  size_t count = 0;
  if (!sorted)
    return false;
  for (size_t i = 0; i < set->count; i++)
    if (set->keys[i].has_kid)
      sorted[count++] = &set->keys[i];
  qsort(sorted, count, sizeof *sorted, kid_compare);
  *duplicate = false;
  set->kids_distinct = true;
  for (size_t i = 1; i < count; i++) {
    set->kids_distinct &= !bytes_eq(sorted[i - 1]->kid, sorted[i]->kid);
    *duplicate |= kid_compare(&sorted[i - 1], &sorted[i]) == 0;
  }
  free(sorted);
  return true;
}

/* Reads the keys and judges them together. A refused set keeps none, so nobody can use one by mistake. */
static bool set_fill(const json_t *root, uint32_t tolerates, struct key_set *set) {
  const json_t *keys = json_object_get(root, "keys");
  bool duplicate;
  if (!is_set(keys))
    return true;
  if (!keys_read(keys, tolerates, set) || !kids_compare(set, &duplicate)) {
    keys_drop(set);
    return false;
  }
  duplicate &= !(tolerates & TOLERATES(DUPLICATE_KID));
  set->refused = any_private(keys) ? REASON_SET_PRIVATE
                 : any_mixed(set)  ? REASON_SET_MIXED
                 : duplicate       ? REASON_SET_DUPLICATE_KID
                                   : REASON_OK;
  if (set->refused != REASON_OK)
    keys_drop(set);
  return true;
}

bool jwks_read(struct assay_bytes jwks, uint32_t tolerates, struct key_set *set,
               struct assay_error *not_json) {
  bool no_memory = false;
  if (not_json)
    not_json->text[0] = '\0';
  *set = (struct key_set){.refused = REASON_SET_SYNTAX};
  json_t *root = text_load(jwks, &no_memory, not_json);
  if (!root)
    return !no_memory;
  bool ok = set_fill(root, tolerates, set);
  json_decref(root);
  return ok;
}

bool key_set_read(struct assay_bytes jwks, uint32_t tolerates, struct key_set *set) {
  return jwks_read(jwks, tolerates, set, NULL);
}

void key_set_fini(struct key_set *set) {
  keys_drop(set);
  *set = (struct key_set){.refused = REASON_SET_SYNTAX};
}
