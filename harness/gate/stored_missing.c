/* Names for what is missing. */
#include "harness/gate/stored_missing.h"

#include <stdlib.h>
#include <string.h>

#include "harness/gate/stored.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define NAMED_MOST 6

/* What the other result has anything of, and of each subject what was found to be missing. */
struct missing_subject {
  const char *label;        /* borrowed */
  struct tally names, algs; /* algs: the same by their algorithms alone */
  uint64_t tokens;
};
struct missing {
  struct tally has, subjects;
  struct missing_subject *items; /* by the index of `subjects` */
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

static struct missing_subject *item_of(struct missing *missing, const char *subject) {
  bool is_new;
  size_t at = tally_index(&missing->subjects, subject, &is_new);
  if (is_new) {
    missing->items = allocate_one_more(missing->items, at, sizeof *missing->items);
    missing->items[at] = (struct missing_subject){.label = subject};
  }
  return &missing->items[at];
}

/* detail: of the row alone, "class/variant" or "2 threads"; "" for none. */
static void add_missing(struct missing *missing, const char *subject, const char *alg, const char *detail,
                        uint64_t tokens) {
  OWNED_TEXT char *key = alg_key(subject, alg);
  bool has_alg = strcmp(alg, "-") != 0 && alg[0];
  struct missing_subject *item = item_of(missing, subject);
  item->tokens += tokens;
  names_add(&item->algs, has_alg ? alg : detail);
  if (has_alg && detail[0] && is_noted(missing, key))
    names_addf(&item->names, "%s (%s)", alg, detail);
  else
    names_add(&item->names, has_alg ? alg : detail);
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
    result_setf(&text, "%s and %zu more", text, count - shown);
  return text;
}

/* Row by row where they are few. */
static char *names_of(const struct missing_subject *item) {
  return names_short(item->names.count > NAMED_MOST + 1 ? &item->algs : &item->names);
}

/* Takes over what was found. */
static struct missing_parts parts_of(struct missing *missing) {
  struct missing_parts parts = {.count = missing->subjects.count};
  parts.items = allocate_items(parts.count, sizeof *parts.items);
  for (size_t i = 0; i < parts.count; i++) {
    struct missing_subject *item = &missing->items[i];
    char *names = is_noted(missing, item->label) ? names_of(item) : NULL;
    parts.items[i] = (struct missing_part){item->label, names, item->tokens};
    tally_fini(&item->names);
    tally_fini(&item->algs);
  }
  tally_fini(&missing->has);
  tally_fini(&missing->subjects);
  free(missing->items);
  return parts;
}

static char *words_of(const struct missing_part *part, enum missing_what what, const char *start) {
  static const char *const things[] = {
      [MISSING_TIMES] = "times", [MISSING_COUNTS] = "counts of instructions", [MISSING_VERDICTS] = "answers"};
  char tokens[FIGURE_NOUN_BYTES];
  char *text =
      allocate_format("%s %s%s of %s", start, part->names ? "" : "all ", things[what], part->subject);
  if (what == MISSING_VERDICTS)
    result_setf(&text, "%s to %s", text, figure_noun(tokens, part->tokens, "token"));
  if (part->names)
    result_setf(&text, "%s: %s", text, part->names);
  return text;
}

void missing_tell(struct missing_parts parts, enum missing_what what, const char *start, missing_act *act,
                  void *arg) {
  for (size_t i = 0; i < parts.count; i++) {
    OWNED_TEXT char *words = words_of(&parts.items[i], what, start);
    act(arg, parts.items[i].subject, words);
    free(parts.items[i].names);
  }
  free(parts.items);
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

struct missing_parts missing_figures(const struct result *has, const struct result *other,
                                     enum missing_what what, bool (*counts)(const struct result_speed *row)) {
  stored_find *find = what == MISSING_COUNTS ? stored_count : stored_speed;
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
    add_missing(&missing, row->subject, alg, detail, 0);
  }
  return parts_of(&missing);
}

struct missing_parts missing_verdicts(const struct result *has, const struct verdict_rows *other) {
  struct missing missing = {0};
  for (size_t i = 0; i < other->result->verdict_count; i++)
    note_present(&missing, other->result->verdicts[i].subject, other->result->verdicts[i].alg);
  for (size_t i = 0; i < has->verdict_count; i++) {
    const struct result_verdict *row = &has->verdicts[i], *match = verdict_rows_find(other, row);
    unsigned there = match ? match->tokens : 0;
    if (there >= row->tokens && match)
      continue;
    OWNED_TEXT char *detail =
        allocate_format("%s%s%s", row->class_id, row->variant[0] ? "/" : "", row->variant);
    add_missing(&missing, row->subject, row->alg, detail, row->tokens - there);
  }
  return parts_of(&missing);
}
