/* What more threads gain. */
#include "reports/html/chart.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

static bool has_scaling(const struct page *page) {
  return page->result->scaling_count > 0;
}

static void put_scaling(struct page *page) {
  struct chart chart;
  chart_init(&chart, "scaling", CHART_DOTS, "Speed-up with more threads",
             "Throughput of several threads over that of one, measured in turns on the same machine.");
  chart_axis(&chart, "x", "times one thread", "times", false);
  chart_mark(&chart, 1, "one thread");
  chart_view(&chart, "", true);
  for (size_t i = 0; i < page->result->scaling_count; i++) {
    const struct result_scaling *row = &page->result->scaling[i];
    OWNED_TEXT char *alg = result_alg_text(row->alg, row->key_bits);
    OWNED_TEXT char *label = allocate_format("%s, %u threads%s", alg, row->threads,
                                             scaling_shares_keys(row) ? ", shared keys" : "");
    if (figure_known(row->of_one) && row->threads > 1 && result_of_one_is_possible(row->of_one, row->threads))
      chart_dot(&chart, row->subject, label, row->of_one, row->of_one_low, row->of_one_high);
  }
  chart_put(page, &chart);
  page_tables(page, content_scaling);
}

const struct page_part page_scaling = {
    .id = "scaling", .title = "Threads", .intro = "", .has = has_scaling, .put = put_scaling};
