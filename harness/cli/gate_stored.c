/* assay gate RESULT: against one stored result, or against the history of many. Weaker than a duet: what
 * changed between the runs besides the build shows as a change of the build. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/gate.h"
#include "harness/cli/stored.h"
#include "harness/measure/stats.h"

#define HISTORY_LEAST 10
#define HISTORY_CHANGE_LEAST 0.01 /* no history is so quiet that less than this were news */

static uint64_t wrong_of(const struct result_verdict *row) {
  return row->wrong_verdict + row->wrong_reason + row->undecided + row->unsupported + row->fault +
         row->crash + row->hang;
}

static void words_of(const struct result_verdict *row, char *text, size_t size) {
  snprintf(text, size, "%llu of %llu not right", (unsigned long long)wrong_of(row),
           (unsigned long long)row->tokens);
}

/* Only counts are known: a row that has more answers that are not right is a regression. */
static void file_verdicts(struct gate *gate, const struct result *base, const struct result *head) {
  for (size_t i = 0; i < head->verdict_count; i++) {
    const struct result_verdict *row = &head->verdicts[i], *was = stored_verdict(base, row);
    if (!was)
      continue;
    gate->asked += row->tokens;
    if (wrong_of(row) <= wrong_of(was))
      continue;
    struct gate_finding *found = gate_add_finding(gate);
    snprintf(found->where, sizeof found->where, "%.60s %.80s/%.80s %.20s", row->subject, row->class_id,
             row->variant, row->alg);
    snprintf(found->example, sizeof found->example, "%.200s",
             row->examples.count ? row->examples.items[0] : "");
    words_of(was, found->base, sizeof found->base);
    words_of(row, found->head, sizeof found->head);
    found->tokens = (unsigned)(wrong_of(row) - wrong_of(was));
  }
}

static struct gate_row *row_for(struct gate *gate, const struct result_speed *speed, const char *measure) {
  struct gate_row *row = gate_add_row(gate);
  snprintf(row->subject, sizeof row->subject, "%s", speed->subject);
  snprintf(row->alg, sizeof row->alg, "%s", speed->alg);
  row->key_bits = speed->key_bits;
  row->measure = measure;
  row->threshold = gate->options->threshold;
  return row;
}

static bool is_gated(const struct result_speed *row) {
  return strcmp(row->metric, "verify") == 0 && row->ns > 0 && row->verdicts_ok &&
         strcmp(row->subject, "null") != 0;
}

static void judge_stored(struct gate_row *row, const struct result_speed *head,
                         const struct result_speed *base) {
  struct stored_ratio ratio = stored_compare(head, base);
  row->change = ratio.ratio - 1;
  row->low = ratio.low - 1;
  row->high = ratio.high - 1;
  row->floor = fmax(base->ns_high / base->ns, base->ns / base->ns_low) - 1;
  if (isnan(row->low))
    row->answer = GATE_NOISY;
  else if (row->low > 0 && row->change > row->floor && row->change > row->threshold)
    row->answer = GATE_SLOWER;
  else
    row->answer = row->high <= row->threshold ? GATE_HOLDS : GATE_NOISY;
}

static int no_common_rows(const char *a, const char *b) {
  return complain("gate", "%s and %s have no measured subject and algorithm in common", a, b);
}

int gate_stored(struct gate *gate) {
  const struct gate_options *options = gate->options;
  struct assay_error error = {0};
  struct result *base = result_read(options->against, &error);
  struct result *head = base ? result_read(options->result, &error) : NULL;
  bool ok =
      head && (options->anyway || stored_comparable(base, options->against, head, options->result, &error));
  if (ok)
    file_verdicts(gate, base, head);
  for (size_t i = 0; ok && gate->finding_count == 0 && i < head->speed_count; i++) {
    const struct result_speed *was = stored_speed(base, &head->speed[i]);
    if (was && is_gated(&head->speed[i]))
      judge_stored(row_for(gate, &head->speed[i], "time"), &head->speed[i], was);
  }
  snprintf(gate->remark, sizeof gate->remark,
           "Against a stored result: measured at different times, so the threshold is wider (%g %%) and this "
           "is a hint; a duet (--base, --head) decides.",
           options->threshold * 100);
  result_free(base);
  result_free(head);
  if (!ok)
    return complain("gate", "%s", error.text);
  return gate->row_count || gate->finding_count ? -1 : no_common_rows(options->against, options->result);
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

static void judge_history(struct gate_row *row, const struct point *points, unsigned count,
                          const struct result_speed *speed) {
  struct samples times = {0};
  for (unsigned i = 0; i < count; i++) {
    const struct result_speed *was = stored_speed(points[i].result, speed);
    if (was)
      samples_add(&times, was->ns);
  }
  double last = times.count ? times.items[times.count - 1] : (double)NAN;
  row->change = speed->ns / last - 1;
  row->floor = fmax(usual_change(&times), HISTORY_CHANGE_LEAST);
  if (times.count < HISTORY_LEAST)
    row->floor = (double)NAN;
  samples_free(&times);
  if (isnan(row->floor))
    row->answer = GATE_NOISY;
  else if (row->change > row->floor)
    row->answer = GATE_SLOWER;
  else
    row->answer = row->floor <= row->threshold ? GATE_HOLDS : GATE_NOISY;
}

int gate_history(struct gate *gate) {
  const struct gate_options *options = gate->options;
  struct assay_error error = {0};
  if (options->history_count < HISTORY_LEAST)
    return complain("gate",
                    "--history needs at least %d older results, not %u: fewer do not show what is usual",
                    HISTORY_LEAST, options->history_count);
  struct result *head = result_read(options->result, &error);
  struct point *points = calloc(options->history_count, sizeof *points);
  bool ok = head && points && points_read(points, options, head, &error);
  if (ok)
    file_verdicts(gate, points[options->history_count - 1].result, head);
  for (size_t i = 0; ok && gate->finding_count == 0 && i < head->speed_count; i++)
    if (is_gated(&head->speed[i]))
      judge_history(row_for(gate, &head->speed[i], "time"), points, options->history_count, &head->speed[i]);
  snprintf(
      gate->remark, sizeof gate->remark,
      "Against the newest of %u older results: slower is what exceeds Q3 + 3 IQR of past changes (column "
      "noise), and at least %g %%.",
      options->history_count, HISTORY_CHANGE_LEAST * 100);
  points_free(points, options->history_count);
  result_free(head);
  if (!ok)
    return complain("gate", "%s", error.text[0] ? error.text : "no memory");
  return gate->row_count || gate->finding_count ? -1 : no_common_rows("the history", options->result);
}
