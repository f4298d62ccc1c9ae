/* From sums to the profile that is written. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/base/fatal.h"
#include "corpus/program/learn.h"
#include "corpus/program/learn_sums.h"

#define ISSUERS_TOLD 16

/* Three significant digits: enough for a shape, too few to recognise anything by. */
static double rounded(double value) {
  if (!(value > 0))
    return 0;
  double step = pow(10, floor(log10(value)) - 2);
  return nearbyint(value / step) * step;
}

static json_t *number(double value) {
  value = rounded(value);
  return value == floor(value) ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *share(uint64_t part, uint64_t whole) {
  return number((double)part / (double)whole);
}

/* ---- shapes ---- */

/* Makes one shape an algorithm and key size of all that fewer than LEARN_FEW tokens have: with the mean
 * length and number of claims. */
static size_t merge_few(struct shape_sum *shapes, size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    struct shape_sum *first = &shapes[i];
    if (first->count == 0)
      continue;
    double claims = 0, steps = 0;
    uint64_t tokens = 0;
    for (size_t j = i; j < count && first->count < LEARN_FEW; j++) {
      struct shape_sum *other = &shapes[j];
      if (other->count >= LEARN_FEW || other->key.alg != first->key.alg ||
          other->key.key_bits != first->key.key_bits)
        continue;
      tokens += other->count;
      claims += (double)other->key.claims * (double)other->count;
      steps += (double)other->key.steps * (double)other->count;
      other->count = j == i ? other->count : 0;
    }
    struct shape_sum merged = *first;
    if (tokens) {
      merged.count = tokens;
      merged.key.claims = (uint32_t)nearbyint(claims / (double)tokens);
      merged.key.steps = (uint32_t)nearbyint(steps / (double)tokens);
    }
    shapes[kept++] = merged;
  }
  return kept;
}

static int most_first(const void *a, const void *b) {
  const struct shape_sum *x = a, *y = b;
  return x->count != y->count ? (x->count < y->count) - (x->count > y->count)
                              : memcmp(&x->key, &y->key, sizeof x->key);
}

static json_t *shapes_json(const struct learning *learning) {
  size_t count = learning->shape_count;
  struct shape_sum *shapes = must(malloc(count * sizeof *shapes));
  json_t *list = must(json_array());
  memcpy(shapes, learning->shapes, count * sizeof *shapes);
  count = merge_few(shapes, count);
  qsort(shapes, count, sizeof *shapes, most_first);
  for (size_t i = 0; i < count; i++) {
    const struct shape_key *key = &shapes[i].key;
    json_array_append_new(
        list, json_pack("{s:s, s:i, s:i, s:i, s:o}", "alg", assay_alg_name((enum assay_alg)key->alg),
                        "key_bits", (int)key->key_bits, "claims", (int)key->claims, "token_bytes",
                        (int)(key->steps * LEARN_STEP), "share", share(shapes[i].count, learning->tokens)));
  }
  free(shapes);
  return list;
}

/* ---- names and issuers ---- */

static json_t *kinds_json(const struct name_sum *sum) {
  json_t *kinds = must(json_object());
  for (int kind = 0; kind < LEARNED_KINDS; kind++)
    if (sum->kinds[kind])
      json_object_set_new(kinds, learned_kind_names[kind], share(sum->kinds[kind], sum->count));
  return kinds;
}

static json_t *names_json(const struct name_sum *sums, uint64_t tokens, bool all) {
  json_t *list = must(json_array());
  for (size_t i = 0; i < LEARN_NAMES_MAX && sums[i].name; i++) {
    json_t *one = must(json_pack("{s:s, s:o}", "name", sums[i].name, "share", share(sums[i].count, tokens)));
    if (all) {
      json_object_set_new(one, "kinds", kinds_json(&sums[i]));
      json_object_set_new(one, "bytes", number(sums[i].bytes / (double)sums[i].count));
    }
    json_array_append_new(list, one);
  }
  return list;
}

static json_t *others_json(const struct learning *learning) {
  const struct name_sum *others = &learning->others;
  return json_pack("{s:o, s:o, s:o}", "per_token", share(others->count, learning->tokens), "kinds",
                   kinds_json(others), "bytes",
                   number(others->count ? others->bytes / (double)others->count : 0));
}

static int busiest_first(const void *a, const void *b) {
  const struct issuer_sum *x = a, *y = b;
  return x->count != y->count ? (x->count < y->count) - (x->count > y->count)
                              : memcmp(x->hash, y->hash, sizeof x->hash);
}

static json_t *issuers_json(const struct learning *learning) {
  size_t count = learning->issuer_count;
  json_t *list = must(json_array());
  struct issuer_sum *issuers = must(malloc(count * sizeof *issuers + 1));
  if (count)
    memcpy(issuers, learning->issuers, count * sizeof *issuers);
  qsort(issuers, count, sizeof *issuers, busiest_first);
  for (size_t i = 0; i < count && i < ISSUERS_TOLD; i++) {
    char hash[2 * LEARN_HASH_BYTES + 1];
    for (size_t j = 0; j < LEARN_HASH_BYTES; j++)
      snprintf(hash + 2 * j, 3, "%02x", issuers[i].hash[j]);
    json_array_append_new(
        list, json_pack("{s:s, s:o}", "hash", hash, "share", share(issuers[i].count, learning->tokens)));
  }
  free(issuers);
  return list;
}

json_t *learning_profile(const struct learning *learning, struct assay_error *error) {
  const uint64_t *skipped = learning->skipped;
  if (learning->tokens == 0) {
    error_set(error,
              "there is no signed token in it (%llu without one, %llu encrypted, %llu of other algorithms)",
              (unsigned long long)skipped[SKIPPED_NO_TOKEN], (unsigned long long)skipped[SKIPPED_ENCRYPTED],
              (unsigned long long)skipped[SKIPPED_ALG]);
    return NULL;
  }
  json_t *left_out = json_pack("{s:o, s:o, s:o}", "no_token", number((double)skipped[SKIPPED_NO_TOKEN]),
                               "encrypted", number((double)skipped[SKIPPED_ENCRYPTED]), "other_algorithm",
                               number((double)skipped[SKIPPED_ALG]));
  return must(json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", LEARNED_SCHEMA, "tokens",
                        number((double)learning->tokens), "skipped", left_out, "shapes",
                        shapes_json(learning), "header",
                        names_json(learning->header, learning->tokens, false), "claims",
                        names_json(learning->claims, learning->tokens, true), "private_claims",
                        others_json(learning), "issuers", issuers_json(learning)));
}
