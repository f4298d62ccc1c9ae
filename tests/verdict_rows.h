/* The verdict rows of a result file, taken apart from its class rows as reports/READ-THE-NUMBERS.md says: a
 * second time, and by other means than the program's own reader. */
#ifndef ASSAY_TESTS_VERDICT_ROWS_H
#define ASSAY_TESTS_VERDICT_ROWS_H

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline bool text_is(const json_t *json, const char *text) {
  return strcmp(json_string_value(json), text) == 0;
}

/* No list: all. */
static inline bool is_among(const json_t *list, const char *text) {
  size_t i;
  json_t *one;
  json_array_foreach(list, i, one) {
    if (text_is(one, text))
      return true;
  }
  return !list;
}

static inline json_t *verdict_id(const char *folded, const char *variant, const char *alg) {
  char id[4096] = "", part[4096];
  for (const char *at = folded;; at++) {
    size_t length = strcspn(at, "/"), used = strlen(id);
    snprintf(part, sizeof part, "%.*s", (int)length, at);
    const char *name = strcmp(part, "{alg}") == 0 ? alg : strcmp(part, "{variant}") == 0 ? variant : part;
    if (length > 3 && strncmp(part, "{{", 2) == 0 && strcmp(part + length - 2, "}}") == 0) {
      part[length - 1] = '\0';
      name = part + 1;
    }
    snprintf(id + used, sizeof id - used, "%s%s", at == folded ? "" : "/", name);
    at += length;
    if (*at == '\0')
      return json_string(id);
  }
}

/* In a copy of an exception. */
static inline void verdict_ids(json_t *row, const char *variant, const char *alg) {
  size_t i;
  json_t *one;
  json_array_foreach(json_object_get(row, "examples"), i, one) {
    json_array_set_new(json_object_get(row, "examples"), i, verdict_id(json_string_value(one), variant, alg));
  }
  json_array_foreach(json_object_get(row, "answers"), i, one) {
    const char *folded = json_string_value(json_object_get(one, "example"));
    json_object_set_new(one, "example", verdict_id(folded, variant, alg));
  }
}

static inline json_int_t verdict_sum(const json_t *row, const char *const *counters) {
  json_int_t sum = 0;
  for (; *counters; counters++)
    sum += json_integer_value(json_object_get(row, *counters));
  return sum;
}

/* What is said of the tokens: of right ones, where no exception says otherwise. */
static inline json_t *verdict_answered(const json_t *class, const char *subject, const char *variant,
                                       const char *alg, json_int_t tokens) {
  json_t *one, *row = NULL;
  size_t i;
  json_array_foreach(json_object_get(class, "exceptions"), i, one) {
    if (!text_is(json_object_get(one, "subject"), subject) ||
        !is_among(json_object_get(one, "variants"), variant) || !is_among(json_object_get(one, "algs"), alg))
      continue;
    cr_assert_null(row, "two exceptions about %s/%s", variant, alg);
    row = json_deep_copy(one);
  }
  if (!row)
    return json_pack("{s:I, s:I}", "tokens", tokens, "right", tokens);
  json_object_del(row, "variants");
  json_object_del(row, "algs");
  verdict_ids(row, variant, alg);
  return row;
}

static inline json_t *verdict_row(const json_t *class, const json_t *asked, const char *variant,
                                  const char *alg, json_int_t tokens) {
  static const char *const all[] = {
      "right",        "accepted", "refused",        "fault",       "crash",    "hang", "undecided",
      "wrong_reason", "unmapped", "pinned_differs", "unsupported", "unscored", NULL};
  static const char *const wrong[] = {"accepted", "refused", NULL};
  const char *subject = json_string_value(json_object_get(asked, "subject"));
  json_t *row = verdict_answered(class, subject, variant, alg, tokens);
  if (!json_object_get(row, "tokens"))
    json_object_set_new(row, "tokens", json_integer(verdict_sum(row, all)));
  if (verdict_sum(row, wrong))
    json_object_set_new(row, "wrong_verdict", json_integer(verdict_sum(row, wrong)));
  json_object_set_new(row, "variant", json_string(variant));
  json_object_set_new(row, "alg", json_string(alg));
  json_object_update(row, (json_t *)asked);
  const char *same[] = {"class", "stage", "expected", "pinned", "severity"};
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
    if (json_object_get(class, same[i]))
      json_object_set(row, same[i], json_object_get(class, same[i]));
  return row;
}

static inline void verdict_rows_of_variant(json_t *rows, const json_t *class, const json_t *asked,
                                           const char *variant) {
  const char *alg;
  json_t *tokens, *one;
  size_t i;
  json_object_foreach(json_object_get(class, "tokens"), alg, tokens) {
    json_array_foreach(asked, i, one) {
      json_array_append_new(rows, verdict_row(class, one, variant, alg, json_integer_value(tokens)));
    }
  }
}

/* Borrowed from the result, which keeps them. */
static inline json_t *verdict_rows(const json_t *result) {
  json_t *rows = json_object_get(result, "verdicts"), *class, *variant;
  size_t i, j;
  if (rows || !json_object_get(result, "classes"))
    return rows;
  json_object_set_new((json_t *)result, "verdicts", rows = json_array());
  json_array_foreach(json_object_get(result, "classes"), i, class) {
    const json_t *own = json_object_get(class, "asked"), *variants = json_object_get(class, "variants");
    const json_t *asked = own ? own : json_object_get(result, "asked");
    if (!variants)
      verdict_rows_of_variant(rows, class, asked, "");
    json_array_foreach(variants, j, variant) {
      verdict_rows_of_variant(rows, class, asked, json_string_value(variant));
    }
  }
  return rows;
}

/* The text of a result file as version 1 had it. free() it. */
static inline char *as_version_1(const char *text) {
  json_t *result = json_loads(text, 0, NULL);
  char *rows = json_dumps(verdict_rows(result), JSON_COMPACT | JSON_ENSURE_ASCII);
  char *old = malloc(strlen(text) + strlen(rows) + 64);
  const char *asked = strstr(text, "\"asked\":"), *rest = strstr(text, "\"left_out\":");
  cr_assert(rows && asked && rest && old);
  sprintf(old, "%.*s\"verdicts\":%s,\n %s", (int)(asked - text), text, rows, rest);
  char *schema = strstr(old, "assay-result/2");
  cr_assert_not_null(schema);
  schema[strlen("assay-result/")] = '1';
  free(rows);
  json_decref(result);
  return old;
}

#endif
