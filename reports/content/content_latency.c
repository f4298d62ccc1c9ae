/* How the time of single tokens is spread: as bars that fit into a line, and as percentiles. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* Of each form of the table. */
static const unsigned bar_counts[DOCUMENT_FORMS] = {[FORM_FULL] = 28, [FORM_BRIEF] = 24, [FORM_MARK] = 8};
#define BARS_MOST 28
#define SHOWN_SHARE 0.999 /* the last bar takes what is beyond it too */

/* The part of the time axis that the rows of an algorithm share, so that they can be compared by eye. */
struct axis {
  double low_ns, high_ns;
};

static bool is_barred(const struct result_speed *row) {
  return result_is_main_verify(row) && row->histogram.count_count > 0;
}

static bool same_cell(const struct result_speed *a, const struct result_speed *b) {
  return strcmp(a->alg, b->alg) == 0 && a->key_bits == b->key_bits;
}

static double percentile_of(const struct result_histogram *histogram, double share) {
  double wanted = (double)histogram_samples(histogram) * share, sum = 0;
  size_t i = 0;
  while (i + 1 < histogram->count_count && (sum += (double)histogram->counts[i]) < wanted)
    i++;
  return (double)histogram->low_ns[i];
}

static struct axis axis_of(const struct result *result, const struct result_speed *like) {
  struct axis axis = {INFINITY, 1};
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (!is_barred(row) || !same_cell(row, like))
      continue;
    axis.low_ns = fmin(axis.low_ns, fmax(1, (double)row->histogram.low_ns[0]));
    axis.high_ns = fmax(axis.high_ns, percentile_of(&row->histogram, SHOWN_SHARE));
  }
  axis.high_ns = fmax(axis.high_ns, axis.low_ns * 1.01);
  return axis;
}

/* So many characters, a space where no token fell. Both axes are logarithmic: tails are rare, and are the
 * point. free() it. */
static char *bars_of(const struct result_histogram *histogram, struct axis axis, unsigned bars) {
  static const char *const levels[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double bins[BARS_MOST] = {0}, most = 0;
  char *text = allocate_copy("");
  for (size_t i = 0; i < histogram->count_count; i++) {
    double at = log(fmax(axis.low_ns, (double)histogram->low_ns[i]) / axis.low_ns) /
                log(axis.high_ns / axis.low_ns) * bars;
    size_t bin = at < bars - 1 ? (size_t)at : bars - 1;
    bins[bin] += (double)histogram->counts[i];
    most = fmax(most, bins[bin]);
  }
  for (size_t i = 0; i < bars; i++) {
    size_t level = bins[i] > 0 ? 1 + (size_t)(7 * log1p(bins[i]) / log1p(most)) : 0;
    result_setf(&text, "%s%s", text, levels[level > 8 ? 8 : level]);
  }
  return text;
}

static void add_bars(struct document_table *table, const struct result *result,
                     const struct result_speed *row) {
  char low[FIGURE_BYTES], high[FIGURE_BYTES];
  struct axis axis = axis_of(result, row);
  struct document_row *out = table_add_row(table);
  OWNED_TEXT char *full = bars_of(&row->histogram, axis, bar_counts[FORM_FULL]);
  OWNED_TEXT char *brief = bars_of(&row->histogram, axis, bar_counts[FORM_BRIEF]);
  OWNED_TEXT char *mark = bars_of(&row->histogram, axis, bar_counts[FORM_MARK]);
  OWNED_TEXT char *subject = content_subject_brief(result, row->subject);
  content_add_names(out, row->alg, row->key_bits, result, row->subject);
  cell_set_brief(&out->cells[1], subject);
  cell_set_mark(&out->cells[1], row->subject);
  row_add_cell(out, figure_time(low, axis.low_ns));
  struct document_cell *bars = row_add_cell(out, full);
  cell_set_brief(bars, brief);
  cell_set_mark(bars, mark);
  row_add_cell(out, figure_time(high, axis.high_ns));
}

bool content_is_typical(const char *alg, unsigned key_bits) {
  static const char *const algs[] = {"HS256", "RS256", "ES256", "EdDSA"};
  for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++)
    if (strcmp(alg, algs[i]) == 0)
      return key_bits == 0 || key_bits == 2048;
  return false;
}

static bool is_typical_barred(const struct result_speed *row) {
  return is_barred(row) && content_is_typical(row->alg, row->key_bits);
}

void content_bars(struct document *document, const struct result *result, bool all) {
  struct speed_rows sorted = speed_rows_sorted(result, all || result->cut_of ? is_barred : is_typical_barred);
  if (sorted.count == 0)
    return;
  struct document_table *table = document_add_table(document, "Latency, one thread");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "from", 0, 0);
  table_add_column(table, "tokens", COLUMN_LEFT, 0);
  table_add_column(table, "to", 0, 0);
  for (size_t i = 0; i < sorted.count; i++)
    add_bars(table, result, sorted.rows[i]);
  table_set_legends(table,
                    "How many tokens took so long. Both axes are logarithmic, and that of time is the same "
                    "within an algorithm; the last bar holds what took longer.");
  free(sorted.rows);
}

static void add_latency_row(struct document_table *table, const struct result *result,
                            const struct result_speed *row) {
  char figure[FIGURE_BYTES];
  struct document_row *out = table_add_row(table);
  content_add_names(out, row->alg, row->key_bits, result, row->subject);
  row_add_cell(out, figure_count(figure, histogram_samples(&row->histogram)));
  content_add_time(out, row, "p50_ns", row->p50_ns);
  content_add_time(out, row, "p90_ns", row->p90_ns);
  content_add_time(out, row, "p99_ns", row->p99_ns);
  content_add_time(out, row, "p999_ns", row->p999_ns);
  content_add_time(out, row, "max_ns", row->max_ns);
}

void content_latency(struct document *document, const struct result *result) {
  static const char *const heads[] = {"samples", "p50", "p90", "p99", "p99.9", "max"};
  struct speed_rows sorted = speed_rows_sorted(result, is_barred);
  if (sorted.count == 0)
    return;
  struct document_table *table = document_add_table(document, "Latency of single tokens");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
    table_add_column(table, heads[i], 0, 0);
  for (size_t i = 0; i < sorted.count; i++)
    add_latency_row(table, result, sorted.rows[i]);
  free(sorted.rows);
}
