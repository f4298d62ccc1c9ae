/* Every rule by which a gate answers, of all its forms, and the reason that it gives for it. Rows come with
 * what was measured; a rule fills in their change, its interval and the noise, and answers. */
#include "harness/gate/gate_rules.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/engine/duet.h"
#include "harness/gate/stored.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

bool gate_is_of_tokens(const struct result_speed *row) {
  return row->metric == METRIC_VERIFY && !result_is_floor(row->subject);
}

bool gate_may_judge(const struct result_speed *row, double figure) {
  return gate_is_of_tokens(row) && figure > 0 && row->verdicts_ok;
}

/* ---- verdicts ---- */

bool gate_is_graver(uint16_t base, uint16_t head, const struct expectation *expected) {
  return answer_gravity(head, expected) > answer_gravity(base, expected);
}

static char *joined(const struct result_strings *strings) {
  char *text = NULL;
  for (size_t i = 0; i < strings->count; i++)
    result_setf(&text, "%s%s%s", text ? text : "", i ? "; " : "", strings->items[i]);
  return text;
}

/* Why the verdicts are answered as they are. */
static void verdicts_reason(struct gate *gate, struct result_gate *row, uint64_t ignored) {
  char tokens[FIGURE_NOUN_BYTES], wrong[FIGURE_BYTES], *open = joined(&gate->open);
  figure_noun(tokens, row->tokens, "token");
  if (row->wrong)
    result_printf(&row->reason, "%s of %s asked %s answered worse than by the base",
                  figure_count(wrong, row->wrong), tokens, row->wrong == 1 ? "is" : "are");
  else if (row->finding_count)
    result_set(&row->reason, "the head fails where the base did not");
  else if (open && row->tokens)
    result_printf(&row->reason, "%s; of %s that both were asked, none is known to be answered worse", open,
                  tokens);
  else if (open)
    result_set(&row->reason, open);
  else
    result_printf(&row->reason, "%s asked, none is answered worse than by the base", tokens);
  if (ignored)
    result_printf(&row->reason, "%s, but for %s that --ignore lets through", row->reason,
                  figure_count(wrong, ignored));
  free(open);
}

void gate_answer_verdicts(struct gate *gate) {
  uint64_t ignored = gate_tell_ignored(gate);
  if (gate->result->gate_count == 0 || !gate_is_of_verdicts(&gate->result->gates[0]))
    return;
  struct result_gate *row = &gate->result->gates[0];
  if (row->answer != GATE_UNANSWERED)
    return;
  for (size_t i = 0; i < row->finding_count; i++)
    row->wrong += row->findings[i].tokens;
  gate_sort_findings(row->findings, row->finding_count);
  row->answer = row->finding_count ? GATE_WRONG : gate->open.count ? GATE_INCOMPLETE : GATE_HOLDS;
  verdicts_reason(gate, row, ignored);
}

/* ---- times: the reason ---- */

/* A change, with as many digits as it takes to see on which side of the threshold it lies: +1.004 %, not
 * +1.00 %, where 1 % is let through. */
static char *change_beside(char *out, double share, double threshold) {
  figure_change(out, share);
  for (int digits = 2; digits < 6; digits++) {
    double step = pow(10, digits + 2), shown = round(share * step) / step;
    if ((shown > threshold) == (share > threshold) && fabs(shown - threshold) > 1e-9)
      break;
    snprintf(out, FIGURE_BYTES, "%+.*f %%", digits + 1, share * 100);
  }
  return out;
}

/* Why a change is no pass. A run so noisy that it proves nothing has an interval all the same. */
static void noisy_reason(struct result_gate *row) {
  char change[FIGURE_BYTES], noise[FIGURE_BYTES];
  double threshold = row->threshold * 100;
  change_beside(change, row->high, row->threshold);
  figure_percent(noise, row->noise);
  if (row->measure == GATE_INSTRUCTIONS)
    result_printf(&row->reason,
                  "two counts of the base differ by %s: %g %% more instructions could hide in that", noise,
                  threshold);
  else if (isfinite(row->high) && row->high <= row->threshold)
    result_printf(&row->reason,
                  "two measurements of the base differ by up to %s: a slowdown of %g %% could hide in that, "
                  "though the interval of this one ends at %s",
                  noise, threshold, change);
  else if (isfinite(row->high))
    result_printf(
        &row->reason,
        "a slowdown of more than %g %% is not ruled out: the interval reaches %s, and the noise is %s",
        threshold, change, noise);
  else if (row->kind == GATE_HISTORY && isfinite(row->noise))
    result_printf(&row->reason, "a slowdown of more than %g %% is not ruled out: changes of %s are usual",
                  threshold, noise);
  else
    result_set(&row->reason, row->kind == GATE_HISTORY ? "too few older results have it"
                                                       : "too few launches for an interval");
}

/* Slower by more than is let through. */
static void slower_reason(struct result_gate *row) {
  char change[FIGURE_BYTES], noise[FIGURE_BYTES];
  change_beside(change, row->change, row->threshold);
  figure_percent(noise, row->noise);
  if (row->kind == GATE_HISTORY)
    result_printf(&row->reason, "slower by %s, where changes of up to %s are usual",
                  figure_change(change, row->change) + 1, noise);
  else if (row->measure == GATE_INSTRUCTIONS)
    result_printf(&row->reason, "%s more instructions, where %g %% are let through", change + 1,
                  row->threshold * 100);
  else
    result_printf(&row->reason, "slower by %s, more than the noise of %s and the threshold of %g %%",
                  change + 1, noise, row->threshold * 100);
}

static void holds_reason(struct result_gate *row) {
  char change[FIGURE_BYTES], noise[FIGURE_BYTES], end[FIGURE_BYTES];
  double threshold = row->threshold * 100;
  figure_percent(noise, row->noise);
  figure_change(change, row->change);
  if (row->kind == GATE_HISTORY && row->change > row->noise)
    result_printf(&row->reason, "slower by %s, where changes of up to %s are usual; let through up to %g %%",
                  change + 1, noise, threshold);
  else if (row->kind == GATE_HISTORY)
    result_printf(&row->reason, "changed by %s; up to %s is usual", change, noise);
  else if (row->measure == GATE_INSTRUCTIONS)
    result_printf(&row->reason, "%s instructions; up to %g %% more are let through", change, threshold);
  else
    result_printf(&row->reason, "a slowdown of more than %g %% is ruled out: the interval ends at %s",
                  threshold, change_beside(end, row->high, row->threshold));
}

static void answer_row(struct result_gate *row, enum result_gate_answer answer) {
  row->answer = answer;
  if (answer == GATE_NOISY)
    noisy_reason(row);
  else if (answer == GATE_SLOWER)
    slower_reason(row);
  else
    holds_reason(row);
}

/* ---- times: side by side, against a stored result, against a history ---- */

void gate_judge_duet(struct result_gate *row, const struct duet_effect *effect) {
  static const enum result_gate_answer answers[] = {
      [DUET_HOLDS] = GATE_HOLDS, [DUET_SLOWER] = GATE_SLOWER, [DUET_NOISY] = GATE_NOISY};
  row->change = expm1(effect->effect);
  row->low = expm1(effect->low);
  row->high = expm1(effect->high);
  row->noise = expm1(effect->floor);
  answer_row(row, answers[duet_answer(effect, log1p(row->threshold))]);
}

double gate_times_longer(const struct result_gate *row) {
  bool is_slower = row->change > row->threshold;
  double reach = is_slower ? row->change - row->low : row->high - row->change;
  double room = is_slower ? row->change : row->threshold - row->change;
  double above = is_slower ? row->change : row->threshold; /* what the noise has to be below */
  double shrunk = fmin(room / reach, above / row->noise);
  if (row->change < 0) /* faster beyond all noise holds too */
    shrunk = fmax(shrunk, -row->change / (reach + row->noise));
  return isfinite(reach) && isfinite(row->noise) && shrunk > 0 ? fmax(1 / (shrunk * shrunk), 1) : (double)NAN;
}

void gate_judge_stored(struct result_gate *row, const struct result_speed *head,
                       const struct result_speed *base) {
  struct stored_ratio ratio = stored_compare(head, base);
  row->change = ratio.ratio - 1;
  row->low = ratio.low - 1;
  row->high = ratio.high - 1;
  row->noise = fmax(base->ns_high / base->ns, base->ns / base->ns_low) - 1;
  if (isnan(row->low))
    answer_row(row, GATE_NOISY);
  else if (row->low > 0 && row->change > row->noise && row->change > row->threshold)
    answer_row(row, GATE_SLOWER);
  else
    answer_row(row, row->high <= row->threshold ? GATE_HOLDS : GATE_NOISY);
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

/* A threshold that was named lets through what is more than usual; the form's own only says how much noise
 * proves nothing. */
static bool lets_through(const struct gate_options *options, const struct result_gate *row) {
  enum assay_alg alg = assay_alg_by_name(row->alg);
  bool is_named = options->threshold_is_named || (alg != ASSAY_ALG_NONE && options->threshold_of[alg] > 0);
  return is_named && row->change <= row->threshold;
}

void gate_judge_history(const struct gate_options *options, struct result_gate *row,
                        const struct samples *times, const struct result_speed *speed) {
  double last = times->count ? times->items[times->count - 1] : (double)NAN;
  row->change = speed->ns / last - 1;
  row->noise = fmax(usual_change(times), HISTORY_CHANGE_LEAST);
  if (times->count < HISTORY_LEAST)
    row->noise = (double)NAN;
  if (isnan(row->noise))
    answer_row(row, GATE_NOISY);
  else if (row->change > row->noise && !lets_through(options, row))
    answer_row(row, GATE_SLOWER);
  else
    answer_row(row, row->noise <= row->threshold ? GATE_HOLDS : GATE_NOISY);
}

/* ---- instructions ---- */

void gate_judge_count(struct result_gate *row, const struct result_speed *head,
                      const struct result_speed *base, const struct result_speed *again) {
  row->change = row->low = row->high = head->instructions / base->instructions - 1;
  row->noise = again ? fabs(again->instructions / base->instructions - 1) : 0;
  if (row->noise > row->threshold)
    answer_row(row, GATE_NOISY);
  else
    answer_row(row, row->change > row->threshold ? GATE_SLOWER : GATE_HOLDS);
}

/* ---- assay compare ---- */

struct compared gate_judge_compared(const struct result_speed *first, const struct result_speed *other,
                                    double threshold) {
  struct stored_ratio speed = stored_compare(first, other);
  bool counts = !result_is_floor(first->subject);
  bool fails = counts && speed.high < 1 && 1 / speed.ratio - 1 > threshold;
  bool open = counts && !fails && !(1 / speed.low - 1 <= threshold);
  return (struct compared){first, other, speed.ratio, speed.low, speed.high, fails, open};
}

/* ---- exit codes ---- */

int gate_answer_exit(enum result_gate_answer answer) {
  static const int codes[GATE_ANSWERS] = {[GATE_HOLDS] = EXIT_HOLDS,
                                          [GATE_NOISY] = EXIT_NOISY,
                                          [GATE_INCOMPLETE] = EXIT_NOISY,
                                          [GATE_SLOWER] = EXIT_REGRESSION,
                                          [GATE_WRONG] = EXIT_WRONG};
  return codes[answer];
}

int gate_exit(const struct gate *gate) {
  return gate_answer_exit(result_gates_answer(gate->result));
}
