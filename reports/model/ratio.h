/* How many times as fast one subject is as another, and whether the run can tell: for every pair of rows,
 * where a row's own `ratio` is against the reference alone. */
#ifndef ASSAY_REPORTS_MODEL_RATIO_H
#define ASSAY_REPORTS_MODEL_RATIO_H

#include "harness/base/stats.h"
#include "reports/model/result.h"

/* times: throughput of the one over that of the other. low, high: its interval; NAN: too few launches for
 * one. resolved: there is an interval, and it lies above 1. */
struct ratio {
  double times, low, high;
  bool resolved;
};

/* The level that a pair is looked at: Holm's strictest over all comparisons of the run, for which it made as
 * many launches as that takes. So an interval here is never narrower than one of the run itself. */
double ratio_level(const struct result *result);

/* Of two rows that were measured in the same rounds. The run's own ratio where one of them is the reference;
 * for other pairs the median of the launches' ratios, by the sign test. */
struct ratio ratio_between(const struct result *result, double level, const struct result_speed *fast,
                           const struct result_speed *slow);
/* Of such a pair: the run cannot tell the one from the other, by its interval or for want of one. */
bool ratio_is_open(const struct result *result, double level, const struct result_speed *fast,
                   const struct result_speed *slow);
/* Of times launch by launch, which are positive; times: NAN for none. */
struct ratio ratio_of_launches(double level, const struct samples *fast, const struct samples *slow);

#endif
