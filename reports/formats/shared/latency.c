/* Choosing and unfolding histograms. */
#include "reports/formats/shared/latency.h"

#include <fnmatch.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"

static bool has_samples(const struct result_histogram *histogram) {
  for (size_t i = 0; i < histogram->count_count && i < histogram->slot_count; i++)
    if (histogram->counts[i])
      return true;
  return false;
}

bool latency_is_chosen(const struct result_speed *row, const char *name, const char *only) {
  if (!has_samples(&row->histogram) || result_is_void(row))
    return false;
  if (!only || !only[0])
    return true;
  OWNED_TEXT char *pattern = allocate_format("*%s*", only);
  bool chosen = fnmatch(pattern, name, 0) == 0;
  return chosen;
}

size_t latency_count(const struct result *result, const char *only) {
  struct row_names names = row_names_of(result);
  size_t count = 0;
  for (size_t i = 0; i < result->speed_count; i++)
    count += latency_is_chosen(&result->speed[i], names.of[i], only);
  row_names_fini(&names);
  return count;
}

/* Counts stay below 2^63, which is what readers can hold. */
static uint64_t add_saturating(uint64_t a, uint64_t b) {
  return a > INT64_MAX - (b > INT64_MAX ? INT64_MAX : b) ? INT64_MAX : a + b;
}

void put_latency_comments(FILE *stream, const struct result *result, const struct row_names *names,
                          const char *only) {
  if (latency_count(result, only))
    put_wrong_comments(stream, result, names);
  else
    fputs("# no histograms: no single tokens were timed\n", stream);
}

void latency_load(struct hist *hist, const struct result_histogram *from) {
  hist_reset(hist);
  for (size_t i = 0; i < from->slot_count && i < from->count_count; i++) {
    uint64_t low = from->low_ns[i] > HIST_MAX_NS ? HIST_MAX_NS : from->low_ns[i];
    uint64_t *count = &hist->counts[hist_slot(low)];
    *count = add_saturating(*count, from->counts[i]);
    hist->total = add_saturating(hist->total, from->counts[i]);
  }
  hist->min_ns = from->min_ns;
  hist->max_ns = from->max_ns;
  hist->sum_ns = from->sum_ns;
}
