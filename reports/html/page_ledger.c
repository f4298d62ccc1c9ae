/* Where the time of a good token goes, stage by stage. */
#include <math.h>

#include "reports/html/chart.h"

static bool has_ledger(const struct page *page) {
  return page->result->ledger_count > 0;
}

static void add_bar(struct chart *chart, const struct result_ledger *ledger) {
  chart_go_on(chart, ledger->alg, ledger->key_bits);
  for (size_t i = 0; i < ledger->stage_count; i++)
    if (isfinite(ledger->stages[i].ns))
      chart_dot(chart, ledger->stages[i].stage, ledger->subject, ledger->stages[i].ns, NAN, NAN);
  if (isfinite(ledger->residual_ns))
    chart_dot(chart, "rest", ledger->subject, ledger->residual_ns, NAN, NAN);
}

static void put_ledger(struct page *page) {
  const struct result *result = page->result;
  struct page_algs algs = {0};
  struct chart chart;
  chart_init(&chart, "ledger", CHART_STACK, "Stages of the pipeline",
             "Time of a good token, cut into the stages of the pipeline. Each piece is the difference of two "
             "measured times, so that noise can make a small one negative: it then stands left of zero.");
  chart_axis(&chart, "x", "time of a token", "ns", false);
  for (size_t i = 0; i < result->ledger_count; i++)
    page_algs_add(&algs, result->ledger[i].alg, result->ledger[i].key_bits);
  chart_views(&chart, &algs, PAGE_FIRST_ALG);
  for (size_t i = 0; i < result->ledger_count; i++)
    add_bar(&chart, &result->ledger[i]);
  chart_put(page, &chart);
  page_tables(page, content_ledger);
}

const struct page_part page_ledger = {
    .id = "ledger",
    .title = "Where the time goes",
    .intro = "The pipeline was cut off after each stage in turn, and the differences taken.",
    .has = has_ledger,
    .put = put_ledger,
};
