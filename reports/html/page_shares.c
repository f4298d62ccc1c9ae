/* Throughput by the share of bad tokens. */
#include <string.h>

#include "reports/html/chart.h"
#include "reports/text/figures.h"

static bool is_mixed(const struct result_speed *row) {
  return row->metric == METRIC_VERIFY && row->bad_share > 0 && row->threads <= 1 &&
         figure_known(row->tokens_per_s);
}

static bool has_shares(const struct page *page) {
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (is_mixed(&page->result->speed[i]))
      return true;
  return false;
}

static bool same_line(const struct result_speed *a, const struct result_speed *b) {
  return strcmp(a->subject, b->subject) == 0 && strcmp(a->alg, b->alg) == 0 && a->key_bits == b->key_bits;
}

/* A line begins at good tokens alone. */
static void add_point(struct page *page, struct chart *chart, const struct result_speed *row, bool begins) {
  const struct result_speed *good =
      begins ? page_verify_row(page, row->subject, (struct page_alg){row->alg, row->key_bits}) : NULL;
  chart_go_on(chart, row->alg, row->key_bits);
  if (good)
    chart_xy(chart, row->subject, 0, good->tokens_per_s);
  chart_xy(chart, row->subject, row->bad_share, row->tokens_per_s);
}

static void put_shares(struct page *page) {
  struct speed_rows sorted = speed_rows_sorted(page->result, is_mixed);
  struct page_algs algs = {0};
  struct chart chart;
  chart_init(&chart, "bad-share", CHART_LINES, "Throughput by share of bad tokens",
             "Tokens answered a second as more of them are bad.");
  chart_axis(&chart, "x", "share of bad tokens", "share", false);
  chart_axis(&chart, "y", "tokens/s", "rate", false);
  for (size_t i = 0; i < sorted.count; i++)
    page_algs_add(&algs, sorted.rows[i]->alg, sorted.rows[i]->key_bits);
  chart_views(&chart, &algs, PAGE_FIRST_ALG);
  for (size_t i = 0; i < sorted.count; i++)
    if (!result_is_floor(sorted.rows[i]->subject))
      add_point(page, &chart, sorted.rows[i], i == 0 || !same_line(sorted.rows[i - 1], sorted.rows[i]));
  chart_put(page, &chart);
  page_tables(page, content_shares);
  free(sorted.rows);
}

const struct page_part page_shares = {
    .id = "bad-share", .title = "Under bad tokens", .intro = "", .has = has_shares, .put = put_shares};
