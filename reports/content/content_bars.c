/* How the time of single tokens is spread, as bars that fit into a line. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define BARS 28
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

static double total_of(const struct result_histogram *histogram) {
  double total = 0;
  for (size_t i = 0; i < histogram->count_count; i++)
    total += (double)histogram->counts[i];
  return total;
}

static double percentile_of(const struct result_histogram *histogram, double share) {
  double wanted = total_of(histogram) * share, sum = 0;
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

/* 28 characters, a space where no token fell. Both axes are logarithmic: tails are rare, and are the point.
 * free() it. */
static char *bars_of(const struct result_histogram *histogram, struct axis axis) {
  static const char *const levels[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double bins[BARS] = {0}, most = 0;
  char *text = allocate_copy("");
  for (size_t i = 0; i < histogram->count_count; i++) {
    double at = log(fmax(axis.low_ns, (double)histogram->low_ns[i]) / axis.low_ns) /
                log(axis.high_ns / axis.low_ns) * BARS;
    size_t bin = at < BARS - 1 ? (size_t)at : BARS - 1;
    bins[bin] += (double)histogram->counts[i];
    most = fmax(most, bins[bin]);
  }
  for (size_t i = 0; i < BARS; i++) {
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
  char *alg = result_alg_text(row->alg, row->key_bits), *bars = bars_of(&row->histogram, axis);
  char *subject = content_subject(result, row->subject, true);
  row_add_cell(out, alg);
  row_add_cell(out, subject);
  row_add_cell(out, figure_time(low, axis.low_ns));
  row_add_cell(out, bars);
  row_add_cell(out, figure_time(high, axis.high_ns));
  free(subject);
  free(bars);
  free(alg);
}

/* One algorithm of each kind, at its main key size, unless all are asked for. */
static bool is_typical(const struct result_speed *row) {
  static const char *const algs[] = {"HS256", "RS256", "ES256", "EdDSA"};
  for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++)
    if (strcmp(row->alg, algs[i]) == 0)
      return row->key_bits == 0 || row->key_bits == 2048;
  return false;
}

static int compare(const void *a, const void *b, void *result) {
  const struct result_speed *first = *(const struct result_speed *const *)a;
  const struct result_speed *second = *(const struct result_speed *const *)b;
  int order = result_compare_cells(result, (struct result_cell){first->alg, first->subject, first->key_bits},
                                   (struct result_cell){second->alg, second->subject, second->key_bits});
  return order ? order : (first > second) - (first < second);
}

void content_bars(struct document *document, const struct result *result, bool all) {
  const struct result_speed **rows = NULL;
  size_t count = 0;
  for (size_t i = 0; i < result->speed_count; i++)
    if (is_barred(&result->speed[i]) && (all || is_typical(&result->speed[i]))) {
      rows = allocate_one_more(rows, count, sizeof *rows);
      rows[count++] = &result->speed[i];
    }
  if (count == 0)
    return;
  qsort_r(rows, count, sizeof *rows, compare, (void *)result);
  struct document_table *table = document_add_table(document, "Latency, one thread");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "from", 0, 0);
  table_add_column(table, "tokens", COLUMN_LEFT, 0);
  table_add_column(table, "to", 0, 0);
  for (size_t i = 0; i < count; i++)
    add_bars(table, result, rows[i]);
  table_set_legend(table, FORM_FULL,
                   "how many tokens took so long: both axes logarithmic, time alike within an algorithm; the "
                   "last bar holds what took longer");
  free(rows);
}
