#include "harness/engine/claims.h"

#include <math.h>
#include <stdlib.h>

static bool is_made(const struct claim *claim) {
  return claim->samples && claim->samples->count > 0;
}

static void judge_one(struct claim *claim, double p, double level) {
  claim->level = level;
  claim->middle = samples_median(claim->samples);
  claim->resolved = p <= level;
  if (!sign_interval(claim->samples, level, &claim->low, &claim->high))
    claim->low = claim->high = (double)NAN;
}

void claims_judge(struct claim *claims, unsigned count, double joint_level) {
  double *p = calloc(count + 1, sizeof *p), *levels = calloc(count + 1, sizeof *levels);
  unsigned made = 0, next = 0;
  if (!p || !levels)
    abort();
  for (unsigned i = 0; i < count; i++) {
    claims[i].level = claims[i].middle = claims[i].low = claims[i].high = (double)NAN;
    claims[i].resolved = false;
    if (is_made(&claims[i]))
      p[made++] = sign_test(claims[i].samples);
  }
  holm_levels(p, made, joint_level, levels);
  for (unsigned i = 0; i < count; i++)
    if (is_made(&claims[i])) {
      judge_one(&claims[i], p[next], levels[next]);
      next++;
    }
  free(p);
  free(levels);
}

double claim_reach(const struct samples *samples, double level) {
  double low, high;
  if (!samples || !sign_interval(samples, level, &low, &high))
    return INFINITY;
  return fmax(fabs(low), fabs(high));
}
