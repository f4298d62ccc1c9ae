/* Instructions a token, where they were counted. */
#include <math.h>

#include "reports/html/chart.h"
#include "reports/text/figures.h"

static bool has_count(const struct result_speed *row) {
  return figure_known(row->instructions) && row->instructions > 0 && !result_is_floor(row->subject);
}

static bool has_main_count(const struct result_speed *row) {
  return has_count(row) && result_is_default_mode(row) && row->metric == METRIC_VERIFY;
}

static bool has_instructions(const struct page *page) {
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (has_count(&page->result->speed[i]))
      return true;
  return false;
}

static void put_instructions(struct page *page) {
  struct speed_rows sorted = speed_rows_sorted(page->result, has_main_count);
  struct chart chart;
  chart_init(&chart, "instructions", CHART_DOTS, "Instructions of a token",
             "Instructions to verify one token, fewer are further left.");
  chart_axis(&chart, "x", "instructions", "count", true);
  chart_view(&chart, "", true);
  for (size_t i = 0; i < sorted.count; i++)
    chart_row(&chart, sorted.rows[i], sorted.rows[i]->instructions, NAN, NAN);
  chart_put(page, &chart);
  page_tables(page, content_instructions);
  free(sorted.rows);
}

const struct page_part page_instructions = {
    .id = "instructions",
    .title = "Instructions",
    .intro = "A second opinion that no other load on the machine disturbs.",
    .has = has_instructions,
    .put = put_instructions,
};
