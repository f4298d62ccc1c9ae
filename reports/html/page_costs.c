/* What a refusal costs, by reason. */
#include "reports/html/chart.h"
#include "reports/text/figures.h"

static bool has_costs(const struct page *page) {
  return page->result->rejection_cost_count > 0;
}

static void put_costs(struct page *page) {
  const struct result *result = page->result;
  OWNED_DOCUMENT struct document tables = {0};
  struct page_algs algs = {0};
  struct chart chart;
  chart_init(&chart, "rejection-cost", CHART_DOTS, "What a refusal costs",
             "Time to turn down a bad token, as a multiple of the time to accept a good one. Right of 1, an "
             "attacker makes the verifier work harder than an honest client does.");
  chart_axis(&chart, "x", "times a good token", "times", true);
  chart_mark(&chart, 1, "a good token");
  for (size_t i = 0; i < result->rejection_cost_count; i++)
    page_algs_add(&algs, result->rejection_cost[i].alg, result->rejection_cost[i].key_bits);
  chart_views(&chart, &algs, PAGE_FIRST_ALG);
  for (size_t i = 0; i < result->rejection_cost_count; i++) {
    const struct result_rejection_cost *cost = &result->rejection_cost[i];
    chart_go_on(&chart, cost->alg, cost->key_bits);
    if (figure_known(cost->of_good) && cost->of_good > 0)
      chart_dot(&chart, cost->subject, cost->reason, cost->of_good, cost->of_good_low, cost->of_good_high);
  }
  chart_put(page, &chart);
  content_costs(&tables, result, true);
  page_document(page, &tables);
}

const struct page_part page_costs = {
    .id = "refusal",
    .title = "Cost of refusal",
    .intro = "A verifier that answers slowly to bad tokens can be worn down by them.",
    .has = has_costs,
    .put = put_costs,
};
