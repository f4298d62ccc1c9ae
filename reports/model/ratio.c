/* Ratios of pairs. */
#include "reports/model/ratio.h"

#include <math.h>
#include <string.h>

#include "reports/model/measured.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"
#include "reports/text/tally.h"

double ratio_level(const struct result *result) {
  result = result->cut_of ? result->cut_of : result;
  OWNED_TALLY struct tally cells = {0};
  size_t rows = 0;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (!result_is_main_verify(row))
      continue;
    OWNED_TEXT char *cell = result_alg_text(row->alg, row->key_bits);
    names_add(&cells, cell);
    rows++;
  }
  size_t comparisons = rows - cells.count; /* in each cell all but one are compared with that one */
  return BENCH_LEVEL / (double)(comparisons ? comparisons : 1);
}

/* From the ratio of `row`, which is against the reference; upside: `row` is the faster one. */
static struct ratio from_reference(const struct result_speed *row, bool upside) {
  struct ratio ratio = {row->ratio, NAN, NAN, false};
  if (row->ratio_low > 0 && figure_known(row->ratio_high))
    ratio = (struct ratio){row->ratio, row->ratio_low, row->ratio_high, row->resolved};
  if (!upside)
    ratio = (struct ratio){1 / ratio.times, 1 / ratio.high, 1 / ratio.low, ratio.resolved};
  ratio.resolved = ratio.resolved && ratio.low > 1;
  return ratio;
}

struct ratio ratio_of_launches(double level, const struct samples *fast, const struct samples *slow) {
  struct ratio ratio = {NAN, NAN, NAN, false};
  struct samples logs = {0};
  for (size_t i = 0; i < fast->count && i < slow->count; i++)
    if (fast->items[i] > 0 && slow->items[i] > 0)
      samples_add(&logs, log(slow->items[i] / fast->items[i]));
  if (logs.count)
    ratio.times = exp(samples_median(&logs));
  if (sign_interval(&logs, level, &ratio.low, &ratio.high)) {
    ratio.low = exp(ratio.low);
    ratio.high = exp(ratio.high);
    ratio.resolved = ratio.low > 1;
  }
  samples_free(&logs);
  return ratio;
}

/* Samples of a run stand in the order of its launches in every row. */
static struct samples samples_of(const struct result_speed *row) {
  return (struct samples){.items = row->samples, .count = row->sample_count};
}

struct ratio ratio_between(const struct result *result, double level, const struct result_speed *fast,
                           const struct result_speed *slow) {
  if (strcmp(slow->subject, result->reference) == 0 && fast->ratio > 0)
    return from_reference(fast, true);
  if (strcmp(fast->subject, result->reference) == 0 && slow->ratio > 0)
    return from_reference(slow, false);
  const struct samples first = samples_of(fast), second = samples_of(slow);
  struct ratio ratio = ratio_of_launches(level, &first, &second);
  if (!figure_known(ratio.times))
    ratio.times = slow->ns / fast->ns;
  return ratio;
}

bool ratio_is_open(const struct result *result, double level, const struct result_speed *fast,
                   const struct result_speed *slow) {
  struct ratio ratio = ratio_between(result, level, fast, slow);
  return !ratio.resolved;
}
