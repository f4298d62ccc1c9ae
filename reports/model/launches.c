#include "reports/model/launches.h"

#include <math.h>
#include <stdlib.h>

#include "reports/text/allocate.h"

#define GROUP_LEAST 2     /* launches: one by itself is an outlier */
#define GAP_LEAST 0.1     /* between groups, of the faster one's slowest: less is no matter */
#define GAP_TO_WITHIN 2.0 /* a gap that is not wider than that many times the wider group is one of many */

static int compare_times(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double middle(const double *sorted, size_t count) {
  return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

/* Where the widest gap is that leaves enough on both sides: how many come before it; 0: there is none. */
static size_t widest_gap(const double *sorted, size_t count) {
  size_t widest = 0;
  for (size_t at = GROUP_LEAST; at + GROUP_LEAST <= count; at++)
    if (widest == 0 || sorted[at] / sorted[at - 1] > sorted[widest] / sorted[widest - 1])
      widest = at;
  return widest;
}

static void part(struct launches *launches, const double *sorted) {
  size_t count = launches->count, fast = widest_gap(sorted, count);
  if (fast == 0)
    return;
  double gap = log(sorted[fast] / sorted[fast - 1]);
  double within = fmax(log(sorted[fast - 1] / sorted[0]), log(sorted[count - 1] / sorted[fast]));
  if (gap < log1p(GAP_LEAST) || gap < GAP_TO_WITHIN * within)
    return;
  launches->fast = fast;
  launches->fast_ns = middle(sorted, fast);
  launches->slow_ns = middle(sorted + fast, count - fast);
}

struct launches launches_of(const struct result_speed *row) {
  struct launches launches = {.low = NAN, .high = NAN, .fast_ns = NAN, .slow_ns = NAN};
  double *sorted = allocate_items(row->sample_count, sizeof *sorted);
  for (size_t i = 0; i < row->sample_count; i++)
    if (row->samples[i] > 0)
      sorted[launches.count++] = row->samples[i];
  if (launches.count) {
    qsort(sorted, launches.count, sizeof *sorted, compare_times);
    launches.low = sorted[0];
    launches.high = sorted[launches.count - 1];
    part(&launches, sorted);
  }
  free(sorted);
  return launches;
}

bool launches_are_apart(const struct launches *launches) {
  return launches->fast > 0 || launches->high > launches->low * (1 + LAUNCHES_APART);
}
