#include "harness/engine/claims.h"

#include <math.h>
#include <stdlib.h>

struct test {
  double (*p)(const struct samples *samples);
  double (*middle)(const struct samples *samples);
  bool (*interval)(const struct samples *samples, double level, double *low, double *high);
};

static const struct test tests[] = {
    [CLAIM_SIGN] = {sign_test, samples_median, sign_interval},
    [CLAIM_SIGNED_RANK] = {signed_rank_test, signed_rank_centre, signed_rank_interval},
};

static bool is_made(const struct claim *claim) {
  return claim->samples && claim->samples->count > 0;
}

static void judge_one(struct claim *claim, const struct test *test, double p, double level) {
  claim->level = level;
  claim->middle = test->middle(claim->samples);
  claim->resolved = p <= level;
  if (!test->interval(claim->samples, level, &claim->low, &claim->high))
    claim->low = claim->high = (double)NAN;
}

void claims_judge(struct claim *claims, unsigned count, double joint_level, enum claim_test test) {
  double *p = calloc(count + 1, sizeof *p), *levels = calloc(count + 1, sizeof *levels);
  unsigned made = 0, next = 0;
  if (!p || !levels)
    abort();
  for (unsigned i = 0; i < count; i++) {
    claims[i].level = claims[i].middle = claims[i].low = claims[i].high = (double)NAN;
    claims[i].resolved = false;
    if (is_made(&claims[i]))
      p[made++] = tests[test].p(claims[i].samples);
  }
  holm_levels(p, made, joint_level, levels);
  for (unsigned i = 0; i < count; i++)
    if (is_made(&claims[i])) {
      judge_one(&claims[i], &tests[test], p[next], levels[next]);
      next++;
    }
  free(p);
  free(levels);
}

double claim_reach(const struct samples *samples, double level, enum claim_test test) {
  double low, high;
  if (!samples || !tests[test].interval(samples, level, &low, &high))
    return INFINITY;
  return fmax(fabs(low), fabs(high));
}
