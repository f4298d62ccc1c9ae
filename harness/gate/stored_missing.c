/* Names for what is missing. */
#include "harness/gate/stored_missing.h"

#include <stdlib.h>
#include <string.h>

#include "harness/gate/stored.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"

#define NAMED_MOST 6

/* What the other result has anything of, and what was found to be missing. */
struct missing {
  struct tally has, names;
};

static char *alg_key(const char *subject, const char *alg) {
  return allocate_format("%s\t%s", subject, alg);
}

static void note_present(struct missing *missing, const char *subject, const char *alg) {
  OWNED_TEXT char *key = alg_key(subject, alg);
  tally_index(&missing->has, subject, NULL);
  tally_index(&missing->has, key, NULL);
}

static bool is_noted(const struct missing *missing, const char *key) {
  size_t at;
  return tally_find(&missing->has, key, &at);
}

/* detail: of the row alone, "class/variant" or "2 threads"; "" for none. */
static void add_missing(struct missing *missing, const char *subject, const char *alg, const char *detail) {
  char *key = alg_key(subject, alg), *name;
  bool has_alg = strcmp(alg, "-") != 0 && alg[0];
  if (!is_noted(missing, subject))
    name = allocate_copy(subject);
  else if (!is_noted(missing, key) && has_alg)
    name = allocate_format("%s %s", subject, alg);
  else
    name = allocate_format("%s%s%s%s%s%s", subject, has_alg ? " " : "", has_alg ? alg : "",
                           detail[0] ? " (" : "", detail, detail[0] ? ")" : "");
  names_add(&missing->names, name);
  free(name);
  free(key);
}

char *names_short(const struct tally *names) {
  char *text = NULL;
  size_t count = names->count, shown = count > NAMED_MOST + 1 ? NAMED_MOST : count;
  for (size_t i = 0; i < shown; i++)
    result_setf(&text, "%s%s%s", text ? text : "",
                i == 0           ? ""
                : i + 1 == count ? " and "
                                 : ", ",
                names->items[i]);
  if (shown < count)
    result_setf(&text, "%s and %zu others", text, count - shown);
  return text;
}

static char *missing_told(struct missing *missing) {
  char *text = names_short(&missing->names);
  tally_fini(&missing->has);
  tally_fini(&missing->names);
  return text;
}

/* "2 threads", "key import"; "" for the plain figure. */
static char *detail_of(const struct result_speed *row) {
  char *words = content_conditions(row, false);
  if (row->metric != METRIC_VERIFY) {
    result_setf(&words, "%s%s%s", metric_word(row->metric), words[0] ? ", " : "", words);
    for (char *at = strchr(words, '_'); at; at = strchr(at, '_'))
      *at = ' ';
  }
  return words;
}

typedef const struct result_speed *stored_find(const struct result *in, const struct result_speed *row);

static char *missing_rows(const struct result *has, const struct result *other, stored_find *find,
                          bool (*counts)(const struct result_speed *row)) {
  struct missing missing = {0};
  for (size_t i = 0; i < other->speed_count; i++)
    if (counts(&other->speed[i]) && find(other, &other->speed[i])) {
      OWNED_TEXT char *alg = result_alg_text(other->speed[i].alg, other->speed[i].key_bits);
      note_present(&missing, other->speed[i].subject, alg);
    }
  for (size_t i = 0; i < has->speed_count; i++) {
    const struct result_speed *row = &has->speed[i];
    if (!counts(row) || find(has, row) != row || find(other, row))
      continue;
    OWNED_TEXT char *alg = result_alg_text(row->alg, row->key_bits), *detail = detail_of(row);
    add_missing(&missing, row->subject, alg, detail);
  }
  return missing_told(&missing);
}

char *missing_times(const struct result *has, const struct result *other,
                    bool (*counts)(const struct result_speed *row)) {
  return missing_rows(has, other, stored_speed, counts);
}

char *missing_counts(const struct result *has, const struct result *other,
                     bool (*counts)(const struct result_speed *row)) {
  return missing_rows(has, other, stored_count, counts);
}

char *missing_verdicts(const struct result *has, const struct verdict_rows *other, uint64_t *tokens) {
  struct missing missing = {0};
  *tokens = 0;
  for (size_t i = 0; i < other->result->verdict_count; i++)
    note_present(&missing, other->result->verdicts[i].subject, other->result->verdicts[i].alg);
  for (size_t i = 0; i < has->verdict_count; i++) {
    const struct result_verdict *row = &has->verdicts[i], *match = verdict_rows_find(other, row);
    unsigned there = match ? match->tokens : 0;
    if (there >= row->tokens && match)
      continue;
    OWNED_TEXT char *detail =
        allocate_format("%s%s%s", row->class_id, row->variant[0] ? "/" : "", row->variant);
    add_missing(&missing, row->subject, row->alg, detail);
    *tokens += row->tokens - there;
  }
  return missing_told(&missing);
}
