/* What may be claimed of several series of samples together: the exact sign test over launches, by Holm over
 * all of them. */
#ifndef ASSAY_ENGINE_CLAIMS_H
#define ASSAY_ENGINE_CLAIMS_H

#include "harness/base/stats.h"

struct claim {
  const struct samples *samples; /* one a launch; NULL or empty: nothing is claimed */
  /* Found. */
  double level;     /* at which Holm looked at it */
  double middle;    /* the median */
  double low, high; /* its interval at that level; NAN: too few launches */
  bool resolved;    /* that it is not 0 holds together with all others */
};

void claims_judge(struct claim *claims, unsigned count, double joint_level);
/* How far from 0 the median of the samples may be, at that level; INFINITY: too few launches. */
double claim_reach(const struct samples *samples, double level);

#endif
