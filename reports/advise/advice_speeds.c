/* What is faster, what is slower, and what the mix takes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/advise/advice_parts.h"
#include "reports/choose/choice_capacity.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

const char *pace_word(enum pace pace) {
  static const char *const words[] = {[PACE_FASTER] = "faster",
                                      [PACE_LEVEL] = "as fast",
                                      [PACE_SLOWER] = "slower",
                                      [PACE_OPEN] = "not resolved",
                                      [PACE_ABSENT] = "not measured"};
  return words[pace];
}

char *advice_ratio_text(const struct ratio *ratio) {
  char times[FIGURE_BYTES], low[FIGURE_BYTES], high[FIGURE_BYTES];
  char *text = allocate_format("%s times as fast", figure_plain(times, ratio->times));
  if (figure_known(ratio->low))
    result_setf(&text, "%s [%s, %s]", text, figure_plain(low, ratio->low), figure_plain(high, ratio->high));
  return text;
}

/* The throughput that is left where a token takes longer by the threshold. */
static double least_kept(const struct advice *advice) {
  return 1 / (1 + advice->wish.threshold);
}

static enum pace pace_of(const struct advice *advice, const struct ratio *ratio) {
  if (!figure_known(ratio->low))
    return PACE_OPEN;
  if (ratio->low > 1)
    return PACE_FASTER;
  if (ratio->high < least_kept(advice))
    return PACE_SLOWER;
  return ratio->low < least_kept(advice) ? PACE_OPEN : PACE_LEVEL;
}

bool speed_is_notable(const struct advice *advice, const struct advice_speed *speed) {
  return speed->pace == PACE_SLOWER ||
         (speed->pace == PACE_FASTER && speed->ratio.times >= 1 + advice->wish.threshold);
}

/* ---- pairs ---- */

static bool is_verify(const struct result_speed *row) {
  return row->metric == METRIC_VERIFY && row->threads <= 1 && row->batch <= 1 && result_is_default_mode(row);
}

/* The same measured of the other; NULL: there is none. */
static const struct result_speed *row_of(const struct result *result, const struct result_speed *like,
                                         const char *subject) {
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (row->metric == like->metric && strcmp(row->subject, subject) == 0 &&
        strcmp(row->alg, like->alg) == 0 && row->key_bits == like->key_bits &&
        (row->metric != METRIC_VERIFY || is_verify(row)))
      return row;
  }
  return NULL;
}

static bool has_figure(const struct result_speed *row) {
  return row && row->verdicts_ok && figure_known(row->ns) && row->ns > 0;
}

static bool is_in_mix(const struct advice *advice, const struct result_speed *row) {
  for (unsigned m = 0; m < advice->choices.wish.mix_count; m++) {
    const struct choice_share *share = &advice->choices.wish.mix[m];
    if (strcmp(share->alg, row->alg) == 0 && share->key_bits == row->key_bits)
      return true;
  }
  return false;
}

static bool counts(const struct advice *advice, const struct result_speed *row) {
  unsigned main_bits;
  if (advice->choices.wish.mix_count)
    return is_in_mix(advice, row);
  return !result_main_size(advice->result, row->alg, &main_bits) || main_bits == row->key_bits;
}

static void add_pair(struct advice *advice, struct advice_speeds *speeds, double level,
                     const struct result_speed *row) {
  const struct result *result = advice->result;
  struct advice_speed speed = {.from = row_of(result, row, advice->from),
                               .to = row_of(result, row, advice->to)};
  speed.ratio = (struct ratio){NAN, NAN, NAN, false};
  speed.pace = PACE_ABSENT;
  speed.counts = counts(advice, row);
  if (has_figure(speed.from) && has_figure(speed.to)) {
    speed.ratio = ratio_between(result, level, speed.to, speed.from);
    speed.pace = pace_of(advice, &speed.ratio);
  }
  speeds->items = allocate_one_more(speeds->items, speeds->count, sizeof speed);
  speeds->items[speeds->count++] = speed;
}

/* One for each row of `from`, or of `to` where that has none. */
static void add_pairs(struct advice *advice, struct advice_speeds *speeds,
                      bool (*is_wanted)(const struct result_speed *row)) {
  struct speed_rows sorted = speed_rows_sorted(advice->result, is_wanted);
  double level = ratio_level(advice->result);
  for (size_t i = 0; i < sorted.count; i++) {
    const struct result_speed *row = sorted.rows[i];
    bool is_to = strcmp(row->subject, advice->to) == 0 && !row_of(advice->result, row, advice->from);
    if (is_to || strcmp(row->subject, advice->from) == 0)
      add_pair(advice, speeds, level, row);
  }
  free(sorted.rows);
}

/* ---- the mix ---- */

static const struct choice *choice_of(const struct choices *choices, const char *subject) {
  for (size_t i = 0; i < choices->count; i++)
    if (strcmp(choices->items[i].subject, subject) == 0)
      return &choices->items[i];
  return NULL;
}

static bool add_mix(struct advice *advice, struct assay_error *error) {
  if (!advice->wish.mix.mix_count)
    return true;
  if (!choose(&advice->choices, advice->result, &advice->wish.mix, error))
    return false;
  advice->cost_from = choice_of(&advice->choices, advice->from);
  advice->cost_to = choice_of(&advice->choices, advice->to);
  bool both = advice->cost_from && advice->cost_to && figure_known(advice->cost_from->ns) &&
              figure_known(advice->cost_to->ns);
  if (!both)
    return true;
  advice->mix =
      capacity_ratio(&advice->choices, ratio_level(advice->result), advice->cost_to, advice->cost_from);
  advice->mix_pace = pace_of(advice, &advice->mix);
  return true;
}

/* A mix changes by no more than one of its algorithms and no less than another. Their intervals hold together
 * and are of pairs of rounds, where that of the mix is of whole launches, which are often farther apart. */
static void bound_mix(struct advice *advice) {
  double low = INFINITY, high = 0;
  for (size_t i = 0; i < advice->verify.count; i++) {
    const struct advice_speed *speed = &advice->verify.items[i];
    if (!speed->counts)
      continue;
    if (!figure_known(speed->ratio.low))
      return;
    low = fmin(low, speed->ratio.low);
    high = fmax(high, speed->ratio.high);
  }
  struct ratio *mix = &advice->mix;
  if (advice->mix_pace == PACE_ABSENT || low > high)
    return;
  mix->low = fmax(mix->low, low);
  mix->high = fmin(mix->high, high);
  mix->times = fmin(fmax(mix->times, mix->low), mix->high);
  mix->resolved = mix->low > 1;
  advice->mix_pace = pace_of(advice, mix);
}

int advice_more_cores(const struct advice *advice) {
  if (!(advice->wish.mix.rate_per_s > 0) || advice->mix_pace == PACE_ABSENT)
    return 0;
  unsigned from = advice->cost_from->cores_needed, to = advice->cost_to->cores_needed;
  return (int)(to ? to : CHOICE_CORES_MAX + 1) - (int)(from ? from : CHOICE_CORES_MAX + 1);
}

bool advice_needs_more(const struct advice *advice) {
  return advice_more_cores(advice) > 0 && advice->mix.high < 1;
}

bool advice_needs_fewer(const struct advice *advice) {
  return advice_more_cores(advice) < 0 && advice->mix.low > 1;
}

bool advice_add_speeds(struct advice *advice, struct assay_error *error) {
  advice->is_timed = !result_is_sanitized(advice->result);
  if (!advice->is_timed)
    return true;
  if (!add_mix(advice, error))
    return false;
  add_pairs(advice, &advice->verify, is_verify);
  bound_mix(advice);
  add_pairs(advice, &advice->imports, result_is_key_import);
  for (size_t i = 0; i < advice->verify.count; i++) {
    const struct result_speed *to = advice->verify.items[i].to;
    if (to && result_is_void(to) && figure_known(to->ns))
      names_add(&advice->voided, to->alg);
  }
  return true;
}
