/* Medians and sample lists. */
#include "harness/measure/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double median_of(double *samples, size_t count) {
  if (count == 0)
    return (double)NAN;
  qsort(samples, count, sizeof *samples, compare);
  return count % 2 ? samples[count / 2] : (samples[count / 2 - 1] + samples[count / 2]) / 2;
}

void samples_add(struct samples *samples, double value) {
  if (samples->count == samples->capacity) {
    samples->capacity = samples->capacity ? samples->capacity * 2 : 64;
    samples->items = realloc(samples->items, samples->capacity * sizeof *samples->items);
    if (!samples->items)
      abort();
  }
  samples->items[samples->count++] = value;
}

void samples_clear(struct samples *samples) {
  samples->count = 0;
}

void samples_free(struct samples *samples) {
  free(samples->items);
  *samples = (struct samples){0};
}

double samples_median(const struct samples *samples) {
  if (samples->count == 0)
    return (double)NAN;
  double *copy = malloc(samples->count * sizeof *copy);
  if (!copy)
    abort();
  memcpy(copy, samples->items, samples->count * sizeof *copy);
  double median = median_of(copy, samples->count);
  free(copy);
  return median;
}
