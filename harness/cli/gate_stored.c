/* assay gate RESULT: against one stored result, or against the history of many. Weaker than a duet: what
 * changed between the runs besides the build shows as a change of the build. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/stats.h"
#include "harness/cli/gate.h"
#include "harness/cli/stored.h"
#include "reports/content.h"

#define HISTORY_LEAST 10
#define HISTORY_CHANGE_LEAST 0.01 /* no history is so quiet that less than this were news */

static uint64_t wrong_of(const struct result_verdict *row) {
  return row->accepted + row->refused + row->wrong_reason + row->undecided + row->unsupported + row->fault +
         row->crash + row->hang;
}

static void set_words(const char **field, const struct result_verdict *row) {
  result_printf(field, "%" PRIu64 " of %u not right", wrong_of(row), row->tokens);
}

/* Only counts are known: a row that has more answers that are not right is a regression. */
static void file_verdicts(struct gate *gate, const struct result *base, const struct result *head) {
  size_t from = 0;
  for (size_t i = 0; i < head->verdict_count; i++) {
    const struct result_verdict *row = &head->verdicts[i], *was = stored_verdict(base, row, &from);
    if (!was)
      continue;
    gate_verdict_row(gate)->tokens += row->tokens;
    if (wrong_of(row) <= wrong_of(was))
      continue;
    struct result_gate_finding *found = gate_file_finding(gate);
    result_printf(&found->where, "%s %s/%s %s", row->subject, row->class_id, row->variant, row->alg);
    result_set(&found->subject, row->subject);
    result_set(&found->example, row->examples.count ? row->examples.items[0] : "");
    set_words(&found->base, was);
    set_words(&found->head, row);
    found->tokens = wrong_of(row) - wrong_of(was);
  }
}

/* A measured loop tells that a verdict was wrong, and not of which token. */
static void file_void(struct gate *gate, const struct result *base, const struct result *head) {
  for (size_t i = 0; i < head->speed_count; i++) {
    const struct result_speed *row = &head->speed[i];
    if (row->verdicts_ok || !gate_is_of_tokens(row) || !(stored_speed(base, row) || stored_count(base, row)))
      continue;
    struct result_gate_finding *found = gate_file_finding(gate);
    char *alg = content_alg(row->alg, row->key_bits);
    result_printf(&found->where, "%s %s, in the measured loop", row->subject, alg);
    result_set(&found->subject, row->subject);
    result_set(&found->base, "all right");
    result_set(&found->head, "a wrong verdict");
    free(alg);
  }
}

static void judge_stored(struct result_gate *row, const struct result_speed *head,
                         const struct result_speed *base) {
  struct stored_ratio ratio = stored_compare(head, base);
  row->change = ratio.ratio - 1;
  row->low = ratio.low - 1;
  row->high = ratio.high - 1;
  row->noise = fmax(base->ns_high / base->ns, base->ns / base->ns_low) - 1;
  if (isnan(row->low))
    gate_answer_row(row, GATE_NOISY);
  else if (row->low > 0 && row->change > row->noise && row->change > row->threshold)
    gate_answer_row(row, GATE_SLOWER);
  else
    gate_answer_row(row, row->high <= row->threshold ? GATE_HOLDS : GATE_NOISY);
}

/* Times and counts are rows of different runs, mostly. */
static void judge_row(struct gate *gate, const struct result *base, const struct result_speed *row) {
  const struct result_speed *was = gate_may_judge(row, row->ns) ? stored_speed(base, row) : NULL;
  if (was)
    judge_stored(gate_add_row_of(gate, row, "time"), row, was);
  was = gate_may_judge(row, row->instructions) ? stored_count(base, row) : NULL;
  if (was)
    gate_judge_count(gate, row, was, NULL);
}

/* What the base was asked and the head was not has not held. */
static void count_not_asked(struct gate *gate, const struct result *base, const struct result *head) {
  size_t from = 0;
  for (size_t i = 0; i < base->verdict_count; i++)
    if (!stored_verdict(head, &base->verdicts[i], &from))
      gate->not_asked += base->verdicts[i].tokens;
  if (gate->not_asked)
    gate_verdict_row(gate);
}

/* Before any speed is looked at; false: it need not be. */
static bool verdicts_hold(struct gate *gate, const struct result *base, const struct result *head) {
  file_verdicts(gate, base, head);
  file_void(gate, base, head);
  if (!gate->options->anyway)
    count_not_asked(gate, base, head);
  return !gate_is_wrong(gate);
}

/* The same for figures. */
static void file_absent(struct gate *gate, const struct result *base, const struct result *head) {
  for (size_t i = 0; i < base->speed_count && !gate->options->anyway; i++) {
    const struct result_speed *row = &base->speed[i];
    if (gate_may_judge(row, row->ns) && !stored_speed(head, row))
      gate_answer_absent(gate_add_row_of(gate, row, "time"));
    if (gate->options->form == GATE_STORED && gate_may_judge(row, row->instructions) &&
        !stored_count(head, row))
      gate_answer_absent(gate_add_row_of(gate, row, "instructions"));
  }
}

static int no_common_rows(const char *a, const char *b) {
  return complain("gate", "%s and %s have no measured subject and algorithm in common", a, b);
}

/* The new result is what the gate's rows are added to, in place of those of an earlier gate. */
static struct result *head_read(struct gate *gate, struct assay_error *error) {
  gate->result = result_read(gate->options->result, error);
  if (gate->result)
    result_drop_gates(gate->result);
  return gate->result;
}

/* Verdicts that hold say nothing of speed. */
static bool has_answer(const struct gate *gate) {
  size_t count = gate->result->gate_count;
  return gate_is_wrong(gate) || count > 1 || (count == 1 && !gate_is_of_verdicts(&gate->result->gates[0]));
}

static const char *verdicts_remark(const struct gate *gate) {
  bool compared = gate->result->gate_count && gate_is_of_verdicts(&gate->result->gates[0]);
  return compared ? "" : " Verdicts were not compared: the base holds none.";
}

int gate_stored(struct gate *gate) {
  const struct gate_options *options = gate->options;
  struct assay_error error = {0};
  struct result *base = result_read(options->against, &error);
  struct result *head = base ? head_read(gate, &error) : NULL;
  bool ok =
      head && (options->anyway || stored_comparable(base, options->against, head, options->result, &error));
  if (ok && verdicts_hold(gate, base, head)) {
    for (size_t i = 0; i < head->speed_count; i++)
      judge_row(gate, base, &head->speed[i]);
    if (has_answer(gate))
      file_absent(gate, base, head);
  }
  if (ok)
    snprintf(
        gate->remark, sizeof gate->remark,
        "Against a stored result: measured at different times, so this is a hint; a duet (--base, --head) "
        "decides.%s",
        verdicts_remark(gate));
  result_free(base);
  if (!ok)
    return complain("gate", "%s", error.text);
  return has_answer(gate) ? -1 : no_common_rows(options->against, options->result);
}

/* ---- history ---- */

struct point {
  const char *path;
  struct result *result;
};

static int by_time(const void *a, const void *b) {
  const struct point *x = a, *y = b;
  return strcmp(x->result->started, y->result->started);
}

static bool points_read(struct point *points, const struct gate_options *options, const struct result *head,
                        struct assay_error *error) {
  for (unsigned i = 0; i < options->history_count; i++) {
    points[i].path = options->history[i];
    points[i].result = result_read(points[i].path, error);
    if (!points[i].result)
      return false;
    if (!options->anyway &&
        !stored_comparable(points[i].result, points[i].path, head, options->result, error))
      return false;
  }
  qsort(points, options->history_count, sizeof *points, by_time);
  return true;
}

static void points_free(struct point *points, unsigned count) {
  for (unsigned i = 0; points && i < count; i++)
    result_free(points[i].result);
  free(points);
}

/* rustc-perf's rule: a change is news if it is far outside of the middle half of past ones. NAN: too few. */
static double usual_change(const struct samples *times) {
  struct samples changes = {0};
  for (size_t i = 1; i < times->count; i++)
    samples_add(&changes, fabs(log(times->items[i] / times->items[i - 1])));
  double q1 = samples_quantile(&changes, 0.25), q3 = samples_quantile(&changes, 0.75);
  samples_free(&changes);
  return times->count < HISTORY_LEAST ? (double)NAN : expm1(q3 + 3 * (q3 - q1));
}

static void judge_history(struct result_gate *row, const struct point *points, unsigned count,
                          const struct result_speed *speed) {
  struct samples times = {0};
  for (unsigned i = 0; i < count; i++) {
    const struct result_speed *was = stored_speed(points[i].result, speed);
    if (was)
      samples_add(&times, was->ns);
  }
  double last = times.count ? times.items[times.count - 1] : (double)NAN;
  row->change = speed->ns / last - 1;
  row->noise = fmax(usual_change(&times), HISTORY_CHANGE_LEAST);
  if (times.count < HISTORY_LEAST)
    row->noise = (double)NAN;
  samples_free(&times);
  if (isnan(row->noise))
    gate_answer_row(row, GATE_NOISY);
  else if (row->change > row->noise)
    gate_answer_row(row, GATE_SLOWER);
  else
    gate_answer_row(row, row->noise <= row->threshold ? GATE_HOLDS : GATE_NOISY);
}

int gate_history(struct gate *gate) {
  const struct gate_options *options = gate->options;
  struct assay_error error = {0};
  if (options->history_count < HISTORY_LEAST)
    return complain("gate",
                    "--history needs at least %d older results, not %u: fewer do not show what is usual",
                    HISTORY_LEAST, options->history_count);
  struct result *head = head_read(gate, &error);
  struct point *points = calloc(options->history_count, sizeof *points);
  bool ok = head && points && points_read(points, options, head, &error);
  const struct result *newest = ok ? points[options->history_count - 1].result : NULL;
  if (ok && verdicts_hold(gate, newest, head)) {
    for (size_t i = 0; i < head->speed_count; i++)
      if (gate_may_judge(&head->speed[i], head->speed[i].ns))
        judge_history(gate_add_row_of(gate, &head->speed[i], "time"), points, options->history_count,
                      &head->speed[i]);
    if (has_answer(gate))
      file_absent(gate, newest, head);
  }
  if (ok)
    snprintf(
        gate->remark, sizeof gate->remark,
        "Against the newest of %u older results: slower is what exceeds Q3 + 3 IQR of past changes (column "
        "noise, at least %g %%); where that is more than %g %%, nothing can be said.%s",
        options->history_count, HISTORY_CHANGE_LEAST * 100, options->threshold * 100, verdicts_remark(gate));
  points_free(points, options->history_count);
  if (!ok)
    return complain("gate", "%s", error.text[0] ? error.text : "no memory");
  return has_answer(gate) ? -1 : no_common_rows("the history", options->result);
}
