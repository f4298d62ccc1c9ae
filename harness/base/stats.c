/* Medians, sample lists, the sign test and Holm. */
#include "harness/base/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/grow.h"

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double median_of(double *samples, size_t count) {
  if (count == 0)
    return (double)NAN;
  qsort(samples, count, sizeof *samples, compare_doubles);
  return count % 2 ? samples[count / 2] : (samples[count / 2 - 1] + samples[count / 2]) / 2;
}

void samples_add(struct samples *samples, double value) {
  samples->items = grown_by_one(samples->items, samples->count, sizeof *samples->items);
  if (!samples->items)
    abort();
  samples->items[samples->count++] = value;
}

void samples_clear(struct samples *samples) {
  samples->count = 0;
}

void samples_free(struct samples *samples) {
  free(samples->items);
  *samples = (struct samples){0};
}

/* A sorted copy; free() it. */
static double *sorted_copy(const struct samples *samples) {
  double *copy = malloc((samples->count + 1) * sizeof *copy);
  if (!copy)
    abort();
  if (samples->count)
    memcpy(copy, samples->items, samples->count * sizeof *copy);
  qsort(copy, samples->count, sizeof *copy, compare_doubles);
  return copy;
}

double samples_quantile(const struct samples *samples, double at) {
  if (samples->count == 0)
    return (double)NAN;
  double *sorted = sorted_copy(samples), place = at * (double)(samples->count - 1);
  size_t below = (size_t)place;
  double value = sorted[below];
  if (below + 1 < samples->count)
    value += (place - (double)below) * (sorted[below + 1] - value);
  free(sorted);
  return value;
}

double samples_median(const struct samples *samples) {
  return samples_quantile(samples, 0.5);
}

double samples_log_ratio(const struct samples *a, const struct samples *b) {
  struct samples logs = {0};
  size_t count = a->count < b->count ? a->count : b->count;
  for (size_t i = 0; i < count; i++)
    samples_add(&logs, log(a->items[i] / b->items[i]));
  double median = samples_median(&logs);
  samples_free(&logs);
  return median;
}

double samples_trimmed_sum(const struct samples *samples, double share) {
  double *sorted = sorted_copy(samples), sum = 0;
  size_t kept = samples->count - (size_t)(share * (double)samples->count);
  for (size_t i = 0; i < kept; i++)
    sum += sorted[i];
  free(sorted);
  return sum;
}

/* P(X <= k) for X of n fair coins. Terms come by ratio, so that nothing overflows. */
static double binomial_below(size_t n, size_t k) {
  double term = exp2(-(double)n), sum = 0;
  for (size_t i = 0; i <= k; i++) {
    sum += term;
    term *= (double)(n - i) / (double)(i + 1);
  }
  return sum;
}

double sign_test(const struct samples *samples) {
  size_t below = 0, above = 0;
  for (size_t i = 0; i < samples->count; i++) {
    below += samples->items[i] < 0;
    above += samples->items[i] > 0;
  }
  size_t fewer = below < above ? below : above;
  double p = below + above ? 2 * binomial_below(below + above, fewer) : 1;
  return p < 1 ? p : 1;
}

bool sign_interval(const struct samples *samples, double level, double *low, double *high) {
  size_t n = samples->count, k = 0;
  if (n == 0 || 2 * binomial_below(n, 0) > level)
    return false;
  while (2 * binomial_below(n, k + 1) <= level)
    k++;
  double *sorted = sorted_copy(samples);
  *low = sorted[k];
  *high = sorted[n - 1 - k];
  free(sorted);
  return true;
}

unsigned launches_needed(unsigned comparisons, double level) {
  return comparisons ? (unsigned)ceil(1 + log2(comparisons / level)) : 1;
}

struct ranked {
  double p;
  size_t index;
};

static int by_p(const void *a, const void *b) {
  double x = ((const struct ranked *)a)->p, y = ((const struct ranked *)b)->p;
  return (x > y) - (x < y);
}

void holm_levels(const double *p, size_t count, double level, double *levels) {
  struct ranked *ranked = calloc(count + 1, sizeof *ranked);
  if (!ranked)
    abort();
  for (size_t i = 0; i < count; i++)
    ranked[i] = (struct ranked){p[i], i};
  qsort(ranked, count, sizeof *ranked, by_p);
  size_t held = 0; /* the first claim that does not hold stops all behind it at its own level */
  while (held < count && ranked[held].p <= level / (double)(count - held))
    held++;
  for (size_t i = 0; i < count; i++)
    levels[ranked[i].index] = level / (double)(count - (i < held ? i : held));
  free(ranked);
}
