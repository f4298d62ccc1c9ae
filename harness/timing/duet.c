/* Plan, run and claims of a duet. The blocks and rounds are those of every other measurement: bench.h. */
#include "harness/timing/duet.h"

#include <math.h>
#include <stdlib.h>

#include "harness/base/clock.h"

/* Twice METHOD's 0.2 ms costs little of the pairing and halves what hand-overs take. */
#define BLOCK_NS 400e3
#define WARM_UP_NS 5e6
/* Of a launch, where the budget allows: long against a hand-over, short against drift. */
#define CELL_S 0.25
#define LAUNCHES_MOST 60
#define ROUNDS_LEAST 8

static unsigned clamp(double value, unsigned least, unsigned most) {
  return value < least ? least : value > most ? most : (unsigned)value;
}

/* Many short launches rather than a few long ones: what a launch is lucky with (addresses, neighbours) makes
 * most of the noise. */
static bool share_out(struct duet *duet, double start_s, struct assay_error *error) {
  unsigned least = launches_needed(DUET_MEASURES * duet->cell_count, DUET_LEVEL);
  double arm_s =
      (WARM_UP_NS + 1.5 * BLOCK_NS * ROUNDS_LEAST) / 1e9; /* half a block goes untimed before each */
  double least_s = least * (start_s + arm_s * duet->subject_count * duet->cell_count);
  if (duet->budget_s < least_s)
    return error_set(error,
                     "a budget of %g s is too short: %u launches, fewer prove nothing, take %.0f s for %u "
                     "algorithm%s; raise --budget or name fewer with --alg",
                     duet->budget_s, least, ceil(least_s), duet->cell_count,
                     duet->cell_count == 1 ? "" : "s");
  duet->launches = clamp(duet->budget_s / (start_s + CELL_S * duet->cell_count), least, LAUNCHES_MOST);
  duet->cell_s = (duet->budget_s / duet->launches - start_s) / duet->cell_count;
  return true;
}

bool duet_plan(struct duet *duet, struct assay_error *error) {
  uint64_t from = clock_ns();
  for (unsigned s = 0; s < duet->subject_count; s++)
    if (!subject_relaunch(&duet->subjects[s], error))
      return false;
  return share_out(duet, (double)(clock_ns() - from) / 1e9, error);
}

bool duet_run(struct duet *duet) {
  struct bench *bench = &duet->bench;
  *bench = (struct bench){.plan = {.launches = duet->launches,
                                   .throughput_s = duet->launches * duet->cell_count * duet->cell_s,
                                   .block_ns = BLOCK_NS,
                                   .warm_up_ns = WARM_UP_NS,
                                   .threads = 1,
                                   .verify_only = true,
                                   .cpu = duet->cpu,
                                   .order_seed = duet->order_seed},
                          .subjects = duet->subjects,
                          .subject_count = duet->subject_count,
                          .has_floor = duet->has_floor,
                          .reference = 0,
                          .cells = duet->cells,
                          .cell_count = duet->cell_count,
                          .stop = duet->stop,
                          .progress = duet->progress,
                          .finding = duet->finding,
                          .arg = duet->arg};
  return bench_init(bench, NULL) && bench_run(bench);
}

void duet_fini(struct duet *duet) {
  bench_fini(&duet->bench);
}

static double reach(const struct samples *samples, double level) {
  double low, high;
  if (!sign_interval(samples, level, &low, &high))
    return INFINITY;
  return fmax(fabs(low), fabs(high));
}

void duet_judge(const struct samples *const *heads, const struct samples *const *again, unsigned count,
                struct duet_effect *effects) {
  double *p = calloc(count + 1, sizeof *p), *levels = calloc(count + 1, sizeof *levels);
  if (!p || !levels)
    abort();
  for (unsigned i = 0; i < count; i++)
    p[i] = sign_test(heads[i]);
  holm_levels(p, count, DUET_LEVEL, levels);
  for (unsigned i = 0; i < count; i++) {
    struct duet_effect *effect = &effects[i];
    effect->launches = (unsigned)heads[i]->count;
    effect->effect = samples_median(heads[i]);
    effect->resolved = p[i] <= levels[i];
    effect->floor = reach(again[i], levels[i]);
    if (!sign_interval(heads[i], levels[i], &effect->low, &effect->high))
      effect->low = effect->high = (double)NAN;
  }
  free(p);
  free(levels);
}

static const struct samples *samples_of(const struct duet *duet, unsigned cell, unsigned subject,
                                        enum duet_measure measure) {
  const struct bench_arm *arm = bench_arm(&duet->bench, cell, subject);
  return measure == DUET_MEDIAN ? &arm->log_ratio : &arm->log_sum_ratio;
}

unsigned duet_effects(const struct duet *duet, unsigned head, unsigned first, unsigned cell_count,
                      struct duet_effect *effects) {
  const struct samples **heads = calloc(2 * (size_t)cell_count * DUET_MEASURES + 1, sizeof(void *));
  unsigned count = 0;
  if (!heads)
    abort();
  const struct samples **again = heads + (size_t)cell_count * DUET_MEASURES;
  for (unsigned cell = first; cell < first + cell_count; cell++)
    for (int measure = 0; measure < DUET_MEASURES; measure++) {
      heads[count] = samples_of(duet, cell, head, (enum duet_measure)measure);
      again[count] = samples_of(duet, cell, duet->subject_count - 1, (enum duet_measure)measure);
      if (heads[count]->count == 0)
        continue;
      effects[count] = (struct duet_effect){.cell = cell, .measure = (enum duet_measure)measure};
      count++;
    }
  duet_judge(heads, again, count, effects);
  free(heads);
  return count;
}

enum duet_answer duet_answer(const struct duet_effect *effect, double threshold) {
  if (isnan(effect->low))
    return DUET_NOISY;
  if (effect->resolved && effect->effect > effect->floor && effect->effect > threshold)
    return DUET_SLOWER;
  /* A head that is faster beyond all noise holds, however noisy the run was. */
  bool quiet = effect->floor <= threshold || effect->high < -effect->floor;
  return quiet && effect->high <= threshold ? DUET_HOLDS : DUET_NOISY;
}
