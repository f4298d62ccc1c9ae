/* What two results share, what one of them lacks, and what is worse in the other. */
#include "harness/gate/compare_pair.h"

#include <math.h>
#include <stdlib.h>

#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/gate/stored.h"
#include "harness/gate/stored_missing.h"
#include "reports/model/fields.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"

bool pair_is_judged(const struct pair *pair) {
  return !isnan(pair->threshold);
}

static bool counts(const struct result_speed *row) {
  return !result_is_floor(row->subject);
}

static void compare_times(struct pair *pair, const struct result *first, const struct result *other) {
  pair->rows = allocate_items(first->speed_count, sizeof *pair->rows);
  for (size_t i = 0; i < first->speed_count; i++) {
    const struct result_speed *row = stored_speed(first, &first->speed[i]);
    const struct result_speed *match = row == &first->speed[i] ? stored_speed(other, row) : NULL;
    if (match)
      pair->rows[pair->count++] = gate_judge_compared(row, match, pair_is_judged(pair) ? pair->threshold : 0);
  }
}

/* ---- what one of them lacks ---- */

static void add_lacking(void *arg, const char *subject, const char *sentence) {
  struct pair *pair = arg;
  (void)subject;
  strings_add(&pair->lacking, sentence);
}

static void add_lacks(struct pair *pair, const struct result *has, const struct verdict_rows *lacks,
                      const char *path) {
  OWNED_TEXT char *start = allocate_format("%s lacks", path);
  missing_tell(missing_figures(has, lacks->result, MISSING_TIMES, counts), MISSING_TIMES, start, add_lacking,
               pair);
  missing_tell(missing_verdicts(has, lacks), MISSING_VERDICTS, start, add_lacking, pair);
}

/* ---- both ---- */

static enum result_gate_answer answer_of(const struct pair *pair) {
  enum result_gate_answer answer =
      pair->lacking.count || pair->changes.open.count ? GATE_INCOMPLETE : GATE_HOLDS;
  for (size_t i = 0; i < pair->count; i++) {
    enum result_gate_answer row = pair->rows[i].fails  ? GATE_SLOWER
                                  : pair->rows[i].open ? GATE_NOISY
                                                       : GATE_HOLDS;
    answer = row > answer ? row : answer;
  }
  return pair->changes.graver_count ? GATE_WRONG : answer;
}

struct pair pair_of(const struct result *first, const char *first_path, const struct result *other,
                    const char *other_path, double threshold, bool anyway) {
  struct pair pair = {.first = first_path, .other = other_path, .threshold = threshold, .answer = GATE_HOLDS};
  pair.same = gate_same_files(first_path, other_path);
  if (pair.same)
    return pair;
  struct verdict_rows was = verdict_rows_of(first), is = verdict_rows_of(other);
  pair.builds = build_pairs_of(first->subjects, first->subject_count, other->subjects, other->subject_count);
  compare_times(&pair, first, other);
  pair.changes = stored_changes_of(&was, other, NULL, NULL);
  if (!anyway) {
    add_lacks(&pair, first, &is, other_path);
    add_lacks(&pair, other, &was, first_path);
  }
  pair.answer = answer_of(&pair);
  verdict_rows_fini(&is);
  verdict_rows_fini(&was);
  return pair;
}

void pair_fini(struct pair *pair) {
  free(pair->rows);
  free(pair->builds.items);
  stored_changes_fini(&pair->changes);
  strings_drop(&pair->lacking);
}
