/* Throughput with its intervals, against the reference and the bare primitive; latency from histograms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/hist.h"
#include "reports/html/chart.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define POINTS_A_DECADE 6 /* of a latency curve */
#define FIRST_ALG "RS256"

typedef void row_adder(struct chart *chart, const struct result_speed *row, const char *label);

/* Two views: the main key sizes, and all of them where there are more. */
static void add_views(struct page *page, struct chart *chart, row_adder *add) {
  struct page_algs algs = page_verify_algs(page);
  bool has_more = false;
  for (size_t i = 0; i < algs.count; i++)
    has_more |= !page_is_main_size(&algs, i);
  for (int all = 0; all < (has_more ? 2 : 1); all++) {
    chart_view(chart, all ? "all key sizes" : has_more ? "main key sizes" : "", !all);
    for (size_t i = 0; i < algs.count; i++) {
      if (!all && !page_is_main_size(&algs, i))
        continue;
      char *label = result_alg_text(algs.items[i].alg, algs.items[i].key_bits);
      for (size_t s = 0; s < page->subjects.count; s++) {
        const struct result_speed *row = page_verify_row(page, page->subjects.items[s], algs.items[i]);
        if (row)
          add(chart, row, label);
      }
      free(label);
    }
  }
  free(algs.items);
}

static void add_rate(struct chart *chart, const struct result_speed *row, const char *label) {
  if (figure_known(row->tokens_per_s))
    chart_dot(chart, row->subject, label, row->tokens_per_s, 1e9 / row->ns_high, 1e9 / row->ns_low);
}

static void add_ratio(struct chart *chart, const struct result_speed *row, const char *label) {
  if (figure_known(row->ratio) && row->ratio > 0) /* the reference itself is the line at 1 */
    chart_dot(chart, row->subject, label, row->ratio, row->ratio_low, row->ratio_high);
}

static void add_share(struct chart *chart, const struct result_speed *row, const char *label) {
  if (figure_known(row->of_primitive))
    chart_dot(chart, row->subject, label, row->of_primitive, NAN, NAN);
}

static bool has_speed(const struct page *page) {
  return page->result->speed_count > 0;
}

static void put_charts(struct page *page) {
  struct chart chart;
  chart_init(&chart, "throughput", CHART_DOTS, "Tokens a second",
             "Tokens verified a second on one thread, on a logarithmic axis: further right is faster. A line "
             "through "
             "a mark is its interval.");
  chart_axis(&chart, "x", "tokens/s", "rate", true);
  add_views(page, &chart, add_rate);
  chart_put(page, &chart);

  char *title = allocate_format("times %s", page->result->reference);
  chart_init(&chart, "ratio", CHART_DOTS, "Against the reference",
             "The same against the reference subject, each pair measured side by side. An interval that "
             "crosses 1 is not resolved: this run cannot tell the two apart.");
  chart_axis(&chart, "x", title, "times", true);
  chart_mark(&chart, 1, page->result->reference);
  add_views(page, &chart, add_ratio);
  chart_put(page, &chart);
  free(title);

  chart_init(&chart, "bare", CHART_DOTS, "Share of the bare primitive",
             "How much of the bare signature check is left once parsing, policy and claims are paid for: "
             "throughput as a share of the same library called directly, in the same run.");
  chart_axis(&chart, "x", "of the bare primitive", "share", false);
  chart_mark(&chart, 1, "bare primitive");
  add_views(page, &chart, add_share);
  chart_put(page, &chart);
}

static void add_ratio_row(struct document_table *table, const struct result_speed *row, const char *label) {
  char ratio[FIGURE_BYTES];
  struct document_row *out = table_add_row(table);
  row_add_cell(out, label);
  row_add_cell(out, row->subject);
  row_add_cell(out, figure_plain(ratio, row->ratio));
  if (!figure_known(row->ratio_low) || !figure_known(row->ratio_high)) {
    row_set_rest(out, content_why_missing(row, "ratio_low"), STYLE_PLAIN);
    return;
  }
  content_add_interval(out, row->ratio_low, row->ratio_high);
  row_add_cell(out, row->resolved ? "yes" : "not resolved")->style =
      row->resolved ? STYLE_PLAIN : STYLE_UNSURE;
}

/* The figures of the second chart, which the speed tables have without their intervals. */
static void add_ratio_table(struct page *page, struct document *document) {
  char *title = allocate_format("Throughput against %s, with intervals", page->result->reference);
  struct document_table *table = document_add_table(document, title);
  struct page_algs algs = page_verify_algs(page);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  table_add_column(table, "times as fast", 0, 0);
  table_add_column(table, "interval", 0, 0);
  table_add_column(table, "told apart", COLUMN_LEFT, 0);
  for (size_t i = 0; i < algs.count; i++) {
    char *label = result_alg_text(algs.items[i].alg, algs.items[i].key_bits);
    for (size_t s = 0; s < page->subjects.count; s++) {
      const struct result_speed *row = page_verify_row(page, page->subjects.items[s], algs.items[i]);
      if (row && figure_known(row->ratio) && strcmp(row->subject, page->result->reference) != 0)
        add_ratio_row(table, row, label);
    }
    free(label);
  }
  free(algs.items);
  free(title);
}

static void put_speed(struct page *page) {
  struct document tables = {0};
  put_charts(page);
  content_speed(&tables, page->result, true);
  add_ratio_table(page, &tables);
  page_document(page, &tables);
  document_fini(&tables);
}

const struct page_part page_speed = {
    .id = "throughput",
    .title = "Throughput",
    .intro =
        "Good tokens, all different, on one thread. Every verdict was checked inside of the measured loop.",
    .has = has_speed,
    .put = put_speed,
};

static uint64_t samples_of(const struct result_histogram *histogram) {
  uint64_t total = 0;
  for (size_t i = 0; i < histogram->count_count; i++)
    total += histogram->counts[i];
  return total;
}

/* The largest value of the slot that holds this share of the samples. */
static double value_at(const struct result_histogram *histogram, uint64_t total, double share) {
  uint64_t seen = 0, wanted = (uint64_t)ceil(share * (double)total);
  for (size_t i = 0; i < histogram->count_count && i < histogram->slot_count; i++) {
    seen += histogram->counts[i];
    if (seen < wanted || histogram->counts[i] == 0)
      continue;
    uint64_t low = histogram->low_ns[i] > HIST_MAX_NS ? HIST_MAX_NS : histogram->low_ns[i];
    uint64_t high = hist_slot_high(hist_slot(low));
    return (double)(high < histogram->max_ns ? high : histogram->max_ns);
  }
  return (double)histogram->max_ns;
}

/* The curve over "nines": 1 is p90, 2 is p99. A point is drawn only with enough samples beyond it. */
static void add_curve(struct chart *chart, const struct result_speed *row) {
  uint64_t total = samples_of(&row->histogram);
  for (int i = 0;; i++) {
    double nines = (double)i / POINTS_A_DECADE, beyond = pow(10, -nines);
    if ((double)total * beyond < HIST_BEYOND)
      return;
    chart_xy(chart, row->subject, nines, value_at(&row->histogram, total, 1 - beyond));
  }
}

static bool has_curve(const struct result_speed *row) {
  return result_is_main_verify(row) && row->histogram.count_count > 0;
}

static bool has_latency(const struct page *page) {
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (has_curve(&page->result->speed[i]))
      return true;
  return false;
}

static void add_percentile(struct document_row *out, const struct result_speed *row, const char *field,
                           double ns) {
  char figure[FIGURE_BYTES];
  if (figure_known(ns))
    row_add_cell(out, figure_time(figure, ns));
  else
    content_add_reason(out, content_why_missing(row, field));
}

static void add_latency_row(struct page *page, struct document_table *table, const struct result_speed *row,
                            struct page_alg alg) {
  char figure[FIGURE_BYTES];
  struct document_row *out = table_add_row(table);
  char *name = result_alg_text(alg.alg, alg.key_bits);
  char *subject = content_subject(page->result, row->subject, true);
  row_add_cell(out, name);
  row_add_cell(out, subject);
  row_add_cell(out, figure_count(figure, samples_of(&row->histogram)));
  add_percentile(out, row, "p50_ns", row->p50_ns);
  add_percentile(out, row, "p90_ns", row->p90_ns);
  add_percentile(out, row, "p99_ns", row->p99_ns);
  add_percentile(out, row, "p999_ns", row->p999_ns);
  add_percentile(out, row, "max_ns", row->max_ns);
  free(subject);
  free(name);
}

static struct document_table *add_latency_table(struct document *document) {
  struct document_table *table = document_add_table(document, "Latency of single tokens");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  static const char *const heads[] = {"samples", "p50", "p90", "p99", "p99.9", "max"};
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
    table_add_column(table, heads[i], 0, 0);
  return table;
}

static void put_latency(struct page *page) {
  struct page_algs algs = page_verify_algs(page);
  struct document document = {0};
  struct document_table *table = add_latency_table(&document);
  struct chart chart;
  bool found = false;
  chart_init(&chart, "latency", CHART_LINES, "Percentiles",
             "How long single tokens took, from the fastest on the left to the slowest: at p99, 99 of 100 "
             "tokens were "
             "at least as fast. Lower is faster, flatter is steadier. A curve ends where fewer than ten "
             "samples lie beyond.");
  chart_axis(&chart, "x", "percentile", "percentile", false);
  chart_axis(&chart, "y", "time of a token", "ns", true);
  for (size_t i = 0; i < algs.count; i++) {
    bool is_first = !found && strcmp(algs.items[i].alg, FIRST_ALG) == 0, is_open = false;
    char *label = result_alg_text(algs.items[i].alg, algs.items[i].key_bits);
    for (size_t s = 0; s < page->subjects.count; s++) {
      const struct result_speed *row = page_verify_row(page, page->subjects.items[s], algs.items[i]);
      if (!row || !has_curve(row))
        continue;
      if (!is_open)
        chart_view(&chart, label, is_first);
      is_open = true;
      found |= is_first;
      add_curve(&chart, row);
      add_latency_row(page, table, row, algs.items[i]);
    }
    free(label);
  }
  chart_put(page, &chart);
  page_document(page, &document);
  document_fini(&document);
  free(algs.items);
}

const struct page_part page_latency = {
    .id = "latency",
    .title = "Latency",
    .intro =
        "Each token was timed by itself, in rounds of their own. The price of reading the clock is in it.",
    .has = has_latency,
    .put = put_latency,
};
