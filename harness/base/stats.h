/* Summaries of samples, and what may be claimed of them: exact, without any assumption about how they are
 * spread. A sample is a launch, never a block. */
#ifndef ASSAY_BASE_STATS_H
#define ASSAY_BASE_STATS_H

#include <stdbool.h>
#include <stddef.h>

#define BENCH_LEVEL 0.05 /* joint level of all claims of a run */

/* The median; the mean of the middle two for an even count; NAN for none. Reorders the samples. */
double median_of(double *samples, size_t count);

/* A growing list of samples. */
struct samples {
  double *items;
  size_t count;
};
void samples_add(struct samples *samples, double value); /* aborts when memory runs out */
void samples_clear(struct samples *samples);
void samples_free(struct samples *samples);
/* Median that leaves the order alone. */
double samples_median(const struct samples *samples);
/* The median of ln(a / b) over pairs in the order of arrival; what one has more than the other
 * is left out. */
double samples_log_ratio(const struct samples *a, const struct samples *b);
/* The sum without the largest `share` of the samples. */
double samples_trimmed_sum(const struct samples *samples, double share);
/* Quantile by linear interpolation between order statistics, `at` 0..1; NAN for none. */
double samples_quantile(const struct samples *samples, double at);

/* The p-value of the two-sided sign test of "the median is 0": 1 where nothing speaks against it. Samples of
 * exactly 0 speak for neither side. */
double sign_test(const struct samples *samples);

/* The interval of the median that the sign test at this level does not refuse: two order statistics. False
 * where there are too few samples for any: 1 + log2(1 / level) are needed. */
bool sign_interval(const struct samples *samples, double level, double *low, double *high);

/* The fewest samples from which `comparisons` claims can be made together at this level. */
unsigned launches_needed(unsigned comparisons, double level);

/* Holm's procedure over `count` p-values at a joint level: writes for each the level at which it was looked
 * at. Where p is not above its level the claim holds; the interval at that level then leaves out 0. */
void holm_levels(const double *p, size_t count, double level, double *levels);

#endif
