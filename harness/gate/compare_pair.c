/* What two results share, what one of them lacks, and what is worse in the other. */
#include "harness/gate/compare_pair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/gate/stored.h"
#include "harness/gate/stored_missing.h"
#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/model/fields.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

static void add_line(struct result_strings *lines, char *text) {
  strings_add(lines, text);
  free(text);
}

/* ---- times ---- */

static bool counts(const struct result_speed *row) {
  return !result_is_floor(row->subject);
}

static void add_row(struct pair *pair, const struct result_speed *first, const struct result_speed *other,
                    double threshold) {
  pair->rows[pair->count++] = gate_judge_compared(first, other, threshold);
}

static void compare_times(struct pair *pair, const struct result *first, const struct result *other,
                          double threshold) {
  pair->rows = allocate_items(first->speed_count, sizeof *pair->rows);
  for (size_t i = 0; i < first->speed_count; i++) {
    const struct result_speed *row = stored_speed(first, &first->speed[i]);
    const struct result_speed *match = row == &first->speed[i] ? stored_speed(other, row) : NULL;
    if (match)
      add_row(pair, row, match, threshold);
  }
}

/* ---- verdicts ---- */

static void add_graver(struct pair *pair, const struct result_verdict *was, const struct result_verdict *row,
                       const struct verdict_change *change) {
  OWNED_TEXT char *class = verdict_class(row->class_id, row->variant);
  OWNED_TEXT char *before = verdict_counts_text(was), *after = verdict_counts_text(row);
  add_line(&pair->graver, allocate_format("%s %s %s: %s; before %s%s%s", row->subject, class, row->alg, after,
                                          before, change->example[0] ? "; one is " : "", change->example));
}

static void compare_rows(struct pair *pair, const struct result *first, const struct verdict_rows *was,
                         const struct result *other) {
  OWNED_TALLY struct tally untold = {0};
  for (size_t i = 0; i < other->verdict_count; i++) {
    const struct result_verdict *row = &other->verdicts[i], *before = verdict_rows_find(was, row);
    if (!before)
      continue;
    pair->verdicts += row->tokens;
    struct verdict_change change = verdict_change_of(first, before, other, row);
    if (change.kind == VERDICTS_GRAVER)
      add_graver(pair, before, row, &change);
    if (change.kind != VERDICTS_UNTOLD)
      continue;
    OWNED_TEXT char *class = verdict_class(row->class_id, row->variant);
    names_addf(&untold, "%s %s %s", row->subject, class, row->alg);
  }
  OWNED_TEXT char *names = names_short(&untold);
  if (names)
    add_line(&pair->open, allocate_format("whether answers are worse cannot be told from counts: %s", names));
}

/* Times of wrong verdicts are in no table. */
static void add_void(struct pair *pair, const struct result *first, const struct result *other) {
  for (size_t i = 0; i < other->speed_count; i++) {
    const struct result_speed *row = &other->speed[i];
    if (row->verdicts_ok || !counts(row) || !stored_speed(first, row))
      continue;
    OWNED_TEXT char *alg = result_alg_text(row->alg, row->key_bits);
    add_line(&pair->graver,
             allocate_format("%s %s: a wrong verdict in the measured loop; before all were right",
                             row->subject, alg));
  }
}

/* ---- what one of them lacks ---- */

static void add_missing(struct pair *pair, const char *has, const char *lacks, const char *what,
                        char *names) {
  if (names)
    add_line(&pair->open, allocate_format("%s has %s of %s, %s has not", has, what, names, lacks));
  free(names);
}

static void add_all_missing(struct pair *pair, const struct result *first, const struct verdict_rows *was,
                            const struct result *other, const struct verdict_rows *is) {
  uint64_t tokens;
  add_missing(pair, pair->first, pair->other, "times", missing_times(first, other, counts));
  add_missing(pair, pair->other, pair->first, "times", missing_times(other, first, counts));
  add_missing(pair, pair->first, pair->other, "verdicts", missing_verdicts(first, is, &tokens));
  add_missing(pair, pair->other, pair->first, "verdicts", missing_verdicts(other, was, &tokens));
}

/* ---- both ---- */

static enum result_gate_answer answer_of(const struct pair *pair) {
  enum result_gate_answer answer = pair->open.count ? GATE_INCOMPLETE : GATE_HOLDS;
  for (size_t i = 0; i < pair->count; i++) {
    enum result_gate_answer row = pair->rows[i].fails  ? GATE_SLOWER
                                  : pair->rows[i].open ? GATE_NOISY
                                                       : GATE_HOLDS;
    answer = row > answer ? row : answer;
  }
  return pair->graver.count ? GATE_WRONG : answer;
}

struct pair pair_of(const struct result *first, const char *first_path, const struct result *other,
                    const char *other_path, double threshold, bool anyway) {
  struct pair pair = {.first = first_path, .other = other_path};
  pair.same = gate_same_files(first_path, other_path);
  if (pair.same)
    return pair;
  struct verdict_rows was = verdict_rows_of(first), is = verdict_rows_of(other);
  stored_builds(first, first_path, other, other_path, &pair.notes);
  compare_times(&pair, first, other, threshold);
  compare_rows(&pair, first, &was, other);
  add_void(&pair, first, other);
  if (!anyway)
    add_all_missing(&pair, first, &was, other, &is);
  pair.answer = answer_of(&pair);
  verdict_rows_fini(&is);
  verdict_rows_fini(&was);
  return pair;
}

void pair_fini(struct pair *pair) {
  free(pair->rows);
  strings_drop(&pair->notes);
  strings_drop(&pair->graver);
  strings_drop(&pair->open);
}
