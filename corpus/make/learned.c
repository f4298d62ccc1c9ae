/* Reading assay-profile/1. */
#include "corpus/make/learned.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/base/fatal.h"
#include "harness/base/files/file.h"

const char *const learned_kind_names[LEARNED_KINDS] = {"string", "integer", "real",  "boolean",
                                                       "null",   "array",   "object"};

struct reading {
  const char *path;
  struct assay_error *error;
};

/* A finite number from 0 to most. */
static bool take_number(const struct reading *reading, const json_t *object, const char *name, double most,
                        double *value) {
  const json_t *json = json_object_get(object, name);
  *value = json_number_value(json);
  return (json_is_number(json) && isfinite(*value) && *value >= 0 && *value <= most) ||
         error_set(reading->error, "%s: %s must be a number from 0 to %g", reading->path, name, most);
}

static bool take_count(const struct reading *reading, const json_t *object, const char *name, size_t most,
                       size_t *value) {
  double number;
  if (!take_number(reading, object, name, (double)most, &number))
    return false;
  *value = (size_t)number;
  return (double)*value == number ||
         error_set(reading->error, "%s: %s must be a whole number", reading->path, name);
}

static bool take_shape(const struct reading *reading, const json_t *object, struct learned_shape *shape) {
  const char *alg = json_string_value(json_object_get(object, "alg"));
  size_t key_bits, claims;
  shape->alg = alg ? assay_alg_by_name(alg) : ASSAY_ALG_NONE;
  if (shape->alg == ASSAY_ALG_NONE)
    return error_set(reading->error, "%s: a shape's alg must be one of `assay help algorithms`, not '%s'",
                     reading->path, alg ? alg : "");
  if (!take_count(reading, object, "key_bits", 65536, &key_bits) ||
      !take_count(reading, object, "claims", 1000000, &claims) ||
      !take_count(reading, object, "token_bytes", 100000000, &shape->token_bytes) ||
      !take_number(reading, object, "share", 1, &shape->share))
    return false;
  shape->key_bits = (unsigned)key_bits;
  shape->claims = (unsigned)claims;
  return true;
}

static bool take_shapes(const struct reading *reading, const json_t *list, struct learned *learned) {
  double sum = 0;
  size_t count = json_array_size(list);
  if (count == 0)
    return error_set(reading->error, "%s: shapes is missing or empty", reading->path);
  learned->shapes = must(calloc(count, sizeof *learned->shapes));
  for (size_t i = 0; i < count; i++) {
    struct learned_shape *shape = &learned->shapes[learned->shape_count++];
    if (!take_shape(reading, json_array_get(list, i), shape))
      return false;
    learned->algs |= ASSAY_ALG_BIT(shape->alg);
    sum += shape->share;
  }
  if (!(sum > 0))
    return error_set(reading->error, "%s: the shares of shapes are all 0", reading->path);
  for (size_t i = 0; i < count; i++)
    learned->shapes[i].share /= sum;
  return true;
}

static bool take_kinds(const struct reading *reading, const json_t *object, struct learned_claim *claim) {
  const json_t *kinds = json_object_get(object, "kinds");
  for (int kind = 0; kind < LEARNED_KINDS; kind++)
    if (json_object_get(kinds, learned_kind_names[kind]) &&
        !take_number(reading, kinds, learned_kind_names[kind], 1, &claim->kinds[kind]))
      return false;
  return take_number(reading, object, "bytes", 100000000, &claim->bytes);
}

/* A name that is not registered is left out: nothing can be said of how it is used. */
static bool take_claims(const struct reading *reading, const json_t *list, struct learned *learned) {
  size_t count = json_array_size(list);
  learned->claims = must(calloc(count + 1, sizeof *learned->claims));
  for (size_t i = 0; i < count; i++) {
    const json_t *object = json_array_get(list, i);
    const char *name = json_string_value(json_object_get(object, "name"));
    struct learned_claim *claim = &learned->claims[learned->claim_count];
    claim->name = name ? registered_claim(name) : NULL;
    if (!claim->name)
      continue;
    if (!take_number(reading, object, "share", 1, &claim->share) || !take_kinds(reading, object, claim))
      return false;
    learned->claim_count++;
  }
  return true;
}

static bool take_issuers(const struct reading *reading, const json_t *list, struct learned *learned) {
  size_t count = json_array_size(list);
  learned->issuer_shares = must(calloc(count + 1, sizeof *learned->issuer_shares));
  for (size_t i = 0; i < count; i++)
    if (!take_number(reading, json_array_get(list, i), "share", 1,
                     &learned->issuer_shares[learned->issuer_count++]))
      return false;
  return true;
}

static bool take_profile(const struct reading *reading, const json_t *json, struct learned *learned) {
  const char *schema = json_string_value(json_object_get(json, "schema"));
  const json_t *others = json_object_get(json, "private_claims");
  if (!schema || strcmp(schema, LEARNED_SCHEMA) != 0)
    return error_set(reading->error, "%s: no profile of schema %s, as `assay corpus learn` writes it",
                     reading->path, LEARNED_SCHEMA);
  return take_shapes(reading, json_object_get(json, "shapes"), learned) &&
         take_claims(reading, json_object_get(json, "claims"), learned) &&
         take_issuers(reading, json_object_get(json, "issuers"), learned) &&
         (!others || (take_number(reading, others, "per_token", 1000000, &learned->others.share) &&
                      take_kinds(reading, others, &learned->others)));
}

bool learned_read(struct learned *learned, const char *path, struct assay_error *error) {
  const struct reading reading = {path, error};
  json_error_t problem;
  char *text;
  size_t len;
  *learned = (struct learned){0};
  if (!file_read(path, &text, &len, error))
    return false;
  json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &problem);
  free(text);
  if (!json)
    return error_set(error, "%s:%d:%d: %s", path, problem.line, problem.column, problem.text);
  bool ok = take_profile(&reading, json, learned);
  json_decref(json);
  if (!ok)
    learned_fini(learned);
  return ok;
}

void learned_fini(struct learned *learned) {
  free(learned->shapes);
  free(learned->claims);
  free(learned->issuer_shares);
  *learned = (struct learned){0};
}
