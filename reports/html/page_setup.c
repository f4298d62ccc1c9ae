/* Key import and contexts. */
#include "reports/html/chart.h"
#include "reports/text/figures.h"

static bool has_setup(const struct page *page) {
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (page->result->speed[i].metric == METRIC_KEY_IMPORT ||
        page->result->speed[i].metric == METRIC_CONTEXT || result_is_use(page->result->speed[i].mode))
      return true;
  return false;
}

static void put_setup(struct page *page) {
  struct speed_rows sorted = speed_rows_sorted(page->result, result_is_key_import);
  struct chart chart;
  chart_init(&chart, "key-import", CHART_DOTS, "Import of a key",
             "Time to import one public key, further left is faster. It is paid once a key where keys are "
             "kept, and for every token where they are not.");
  chart_axis(&chart, "x", "time of an import", "ns", true);
  chart_view(&chart, "", true);
  for (size_t i = 0; i < sorted.count; i++)
    chart_row(&chart, sorted.rows[i], sorted.rows[i]->ns, sorted.rows[i]->ns_low, sorted.rows[i]->ns_high);
  chart_put(page, &chart);
  page_tables(page, content_setup);
  page_tables(page, content_uses);
  page_tables(page, content_key_imports);
  free(sorted.rows);
}

const struct page_part page_setup = {
    .id = "keys", .title = "Key import", .intro = "", .has = has_setup, .put = put_setup};
