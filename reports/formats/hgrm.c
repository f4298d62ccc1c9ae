/* The percentile distributions of HdrHistogram, in nanoseconds. Its plotter takes every line of a file
 * for one curve, so a file for it holds one histogram (--only); with several, each stands below its name,
 * two empty lines apart, which is what gnuplot calls an index. The last row has no 1/(1-percentile): it
 * would be infinite. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "reports/formats/shared/latency.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"

#define TICKS_PER_HALF                                                                                       \
  5                /* rows for every halving of the distance to 100 %, as HdrHistogram's tools print         \
                    */
#define BUCKETS 26 /* doublings of 2,048 up to HIST_MAX_NS, the first included */
#define SUB_BUCKETS 2048

static uint64_t highest(const struct hist *hist, unsigned slot) {
  uint64_t high = hist_slot_high(slot);
  return high < hist->max_ns ? high : hist->max_ns;
}

static void put_percentiles(FILE *stream, const struct hist *hist) {
  uint64_t seen = 0;
  unsigned slot = 0;
  for (double share = 0; seen < hist->total && share < 1;) {
    while (slot < HIST_SLOTS && (seen == 0 || (double)seen < share * (double)hist->total))
      seen += hist->counts[slot++];
    fprintf(stream, "%12.3f %12f %12" PRIu64 " %12.2f\n", (double)highest(hist, slot - 1), share, seen,
            1 / (1 - share));
    share += 1 / (TICKS_PER_HALF * exp2(floor(log2(1 / (1 - share))) + 1));
  }
  fprintf(stream, "%12.3f %12f %12" PRIu64 "\n", (double)hist->max_ns, 1.0, hist->total);
}

/* About the exact mean; each sample stands in the middle of its slot. */
static double deviation(const struct hist *hist, double mean) {
  double squares = 0;
  for (unsigned slot = 0; slot < HIST_SLOTS; slot++) {
    if (hist->counts[slot] == 0)
      continue;
    double middle = ((double)hist_slot_low(slot) + (double)hist_slot_high(slot)) / 2;
    squares += (middle - mean) * (middle - mean) * (double)hist->counts[slot];
  }
  return sqrt(squares / (double)hist->total);
}

static void put_histogram(FILE *stream, const struct hist *hist, const char *name) {
  OWNED_TEXT char *clean = display_clean(name);
  double mean = (double)hist->sum_ns / (double)hist->total;
  fprintf(stream, "# %s, nanoseconds\n", clean);
  fprintf(stream, "%12s %12s %12s %12s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
  put_percentiles(stream, hist);
  fprintf(stream, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean, deviation(hist, mean));
  fprintf(stream, "#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n", (double)hist->max_ns, hist->total);
  fprintf(stream, "#[Buckets = %12d, SubBuckets     = %12d]\n", BUCKETS, SUB_BUCKETS);
}

static bool write_hgrm(const struct result *result, const struct result_view *view, FILE *stream) {
  struct row_names names = row_names_of(result);
  struct hist *hist = allocated(malloc(sizeof *hist));
  bool any = false;
  put_latency_comments(stream, result, &names, view->only);
  for (size_t i = 0; i < result->speed_count; i++) {
    if (!latency_is_chosen(&result->speed[i], names.of[i], view->only))
      continue;
    fputs(any ? "\n\n" : "", stream);
    latency_load(hist, &result->speed[i].histogram);
    put_histogram(stream, hist, names.of[i]);
    any = true;
  }
  free(hist);
  row_names_fini(&names);
  return true;
}

const struct result_format format_hgrm = {
    .name = "hgrm",
    .summary = "percentile distributions; --only for one of them",
    .extension = "hgrm",
    .readers = "HdrHistogram's plotter (one a file), gnuplot (by index)",
    .takes_only = true,
    .write = write_hgrm,
};
