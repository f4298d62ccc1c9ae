/* What a run may claim of its ratios: the exact sign test over launches, by Holm over all comparisons. */
#include <math.h>
#include <stdlib.h>

#include "harness/timing/bench.h"

/* Arms that are compared with the reference: all but its own, the floor's, and those with a wrong verdict. */
static bool is_compared(const struct bench *bench, unsigned cell, unsigned subject) {
  return bench->reference >= 0 && subject != (unsigned)bench->reference && !bench_is_floor(bench, subject) &&
         bench_arm(bench, cell, subject)->wrong == 0;
}

unsigned bench_launches_needed(const struct bench *bench) {
  unsigned comparisons = 0;
  for (unsigned cell = 0; cell < bench->cell_count; cell++)
    for (unsigned s = 0; s < bench->subject_count; s++)
      comparisons += is_compared(bench, cell, s) && bench_arm(bench, cell, s)->present;
  return launches_needed(comparisons, BENCH_LEVEL);
}

static void claim(struct bench_arm *arm, double p, double level) {
  arm->resolved = p <= level;
  if (sign_interval(&arm->log_ratio, level, &arm->log_ratio_low, &arm->log_ratio_high))
    return;
  arm->log_ratio_low = arm->log_ratio_high = (double)NAN;
}

void bench_claims(struct bench *bench) {
  size_t most = (size_t)bench->cell_count * bench->subject_count + 1, count = 0;
  struct bench_arm **arms = calloc(most, sizeof *arms);
  double *p = calloc(most, sizeof *p), *levels = calloc(most, sizeof *levels);
  if (!arms || !p || !levels)
    abort();
  for (unsigned cell = 0; cell < bench->cell_count; cell++)
    for (unsigned s = 0; s < bench->subject_count; s++) {
      struct bench_arm *arm = bench_arm(bench, cell, s);
      arm->log_ratio_low = arm->log_ratio_high = (double)NAN;
      if (!is_compared(bench, cell, s) || arm->log_ratio.count == 0)
        continue;
      arms[count] = arm;
      p[count++] = sign_test(&arm->log_ratio);
    }
  holm_levels(p, count, BENCH_LEVEL, levels);
  for (size_t i = 0; i < count; i++)
    claim(arms[i], p[i], levels[i]);
  free(arms);
  free(p);
  free(levels);
}
