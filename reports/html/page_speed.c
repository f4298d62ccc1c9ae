/* Throughput with its intervals, against the reference and the bare primitive; latency from histograms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/hist.h"
#include "reports/html/chart.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define POINTS_A_DECADE 6 /* of a latency curve */

typedef void row_adder(const struct page *page, struct chart *chart, const struct result_speed *row,
                       const char *label);

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
      OWNED_TEXT char *label = result_alg_text(algs.items[i].alg, algs.items[i].key_bits);
      for (size_t s = 0; s < page->subjects.count; s++) {
        const struct result_speed *row = page_verify_row(page, page->subjects.items[s], algs.items[i]);
        if (row)
          add(page, chart, row, label);
      }
    }
  }
  free(algs.items);
}

static void add_rate(const struct page *page, struct chart *chart, const struct result_speed *row,
                     const char *label) {
  (void)page;
  if (!figure_known(row->tokens_per_s))
    return;
  chart_dot(chart, row->subject, label, row->tokens_per_s, 1e9 / row->ns_high, 1e9 / row->ns_low);
  for (size_t i = 0; i < row->sample_count && row->sample_count > 1; i++)
    if (row->samples[i] > 0)
      chart_launch(chart, 1e9 / row->samples[i]);
}

/* The reference itself is the line at 1. */
static void add_ratio(const struct page *page, struct chart *chart, const struct result_speed *row,
                      const char *label) {
  if (figure_known(row->ratio) && row->ratio > 0 && strcmp(row->subject, page->result->reference) != 0)
    chart_dot(chart, row->subject, label, row->ratio, row->ratio_low, row->ratio_high);
}

static void add_share(const struct page *page, struct chart *chart, const struct result_speed *row,
                      const char *label) {
  (void)page;
  if (figure_known(row->of_primitive) && result_of_primitive_is_possible(row->of_primitive))
    chart_dot(chart, row->subject, label, row->of_primitive, NAN, NAN);
}

static bool has_speed(const struct page *page) {
  return page->result->speed_count > 0;
}

static void put_charts(struct page *page) {
  struct chart chart;
  chart_init(&chart, "throughput", CHART_DOTS, "Tokens a second",
             "Tokens verified a second on one thread, on a logarithmic axis: further right is faster. A "
             "line through a mark is its interval; small dots, if asked for, are what each launch saw.");
  chart_axis(&chart, "x", "tokens/s", "rate", true);
  add_views(page, &chart, add_rate);
  chart_put(page, &chart);

  OWNED_TEXT char *title = allocate_format("times %s", page->result->reference);
  chart_init(&chart, "ratio", CHART_DOTS, "Against the reference",
             "The same against the reference subject, each pair measured side by side. An interval that "
             "crosses 1 is not resolved: this run cannot tell the two apart.");
  chart_axis(&chart, "x", title, "times", true);
  chart_mark(&chart, 1, page->result->reference);
  add_views(page, &chart, add_ratio);
  chart_put(page, &chart);

  chart_init(&chart, "bare", CHART_DOTS, "Share of the bare primitive",
             "How much of the bare signature check is left once parsing, policy and claims are paid for: "
             "throughput as a share of the same library called directly, in the same run.");
  chart_axis(&chart, "x", "of the bare primitive", "share", false);
  chart_mark(&chart, 1, "bare primitive");
  add_views(page, &chart, add_share);
  chart_put(page, &chart);
}

static void put_speed(struct page *page) {
  OWNED_DOCUMENT struct document tables = {0};
  put_charts(page);
  content_speed(&tables, page->result, true);
  content_ratios(&tables, page->result);
  page_document(page, &tables);
}

const struct page_part page_speed = {
    .id = "throughput",
    .title = "Throughput",
    .intro =
        "Good tokens, all different, on one thread. Every verdict was checked inside of the measured loop.",
    .has = has_speed,
    .put = put_speed,
};

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
  uint64_t total = histogram_samples(&row->histogram);
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

static void put_latency(struct page *page) {
  struct page_algs algs = {0};
  struct chart chart;
  chart_init(
      &chart, "latency", CHART_LINES, "Percentiles",
      "How long single tokens took, from the fastest on the left to the slowest: at p99, 99 of 100 "
      "tokens were at least as fast. Lower is faster, flatter is steadier. A curve ends where fewer than "
      "ten samples lie beyond.");
  chart_axis(&chart, "x", "percentile", "percentile", false);
  chart_axis(&chart, "y", "time of a token", "ns", true);
  struct speed_rows sorted = speed_rows_sorted(page->result, has_curve);
  for (size_t i = 0; i < sorted.count; i++)
    page_algs_add(&algs, sorted.rows[i]->alg, sorted.rows[i]->key_bits);
  chart_views(&chart, &algs, PAGE_FIRST_ALG);
  for (size_t i = 0; i < sorted.count; i++) {
    chart_go_on(&chart, sorted.rows[i]->alg, sorted.rows[i]->key_bits);
    add_curve(&chart, sorted.rows[i]);
  }
  free(sorted.rows);
  chart_put(page, &chart);
  page_tables(page, content_latency);
}

const struct page_part page_latency = {
    .id = "latency",
    .title = "Latency",
    .intro =
        "Each token was timed by itself, in rounds of their own. The time of reading the clock is included.",
    .has = has_latency,
    .put = put_latency,
};
