/* Summaries of samples. */
#ifndef ASSAY_MEASURE_STATS_H
#define ASSAY_MEASURE_STATS_H

#include <stddef.h>

/* The median; the mean of the middle two for an even count; NAN for none. Reorders the samples. */
double median_of(double *samples, size_t count);

/* A growing list of samples. */
struct samples {
  double *items;
  size_t count, capacity;
};
void samples_add(struct samples *samples, double value); /* aborts when memory runs out */
void samples_clear(struct samples *samples);
void samples_free(struct samples *samples);
/* Median that leaves the order alone. */
double samples_median(const struct samples *samples);

#endif
