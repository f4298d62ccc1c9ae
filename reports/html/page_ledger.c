/* Where the time of a good token goes, stage by stage. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html/chart.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define REST "not attributed"
#define STAGES_SHOWN (DOCUMENT_COLUMNS - 4) /* beside algorithm, subject, the rest and the whole */

static bool has_ledger(const struct page *page) {
  return page->result->ledger_count > 0;
}

static double stage_ns(const struct result_ledger *ledger, const char *stage) {
  for (size_t i = 0; i < ledger->stage_count; i++)
    if (strcmp(ledger->stages[i].stage, stage) == 0)
      return ledger->stages[i].ns;
  return NAN;
}

/* A difference of two measured times may be negative. */
static void add_time(struct document_row *row, double ns) {
  char figure[FIGURE_BYTES];
  if (!(ns < 0)) {
    row_add_cell(row, figure_known(ns) ? figure_time(figure, ns) : "not measured");
    return;
  }
  char *text = allocate_format("-%s", figure_time(figure, -ns));
  row_add_cell(row, text);
  free(text);
}

static void add_row(struct document_table *table, const struct result_ledger *ledger,
                    const struct tally *stages) {
  struct document_row *row = table_add_row(table);
  char *alg = result_alg_text(ledger->alg, ledger->key_bits);
  row_add_cell(row, alg);
  row_add_cell(row, ledger->subject); /* without its version: the row is long */
  for (size_t i = 0; i < stages->count && i < STAGES_SHOWN; i++)
    add_time(row, stage_ns(ledger, stages->items[i]));
  add_time(row, ledger->residual_ns);
  add_time(row, ledger->ns);
  free(alg);
}

static void add_bar(struct chart *chart, const struct result_ledger *ledger, const struct tally *stages) {
  for (size_t i = 0; i < stages->count; i++) {
    double ns = stage_ns(ledger, stages->items[i]);
    if (isfinite(ns))
      chart_dot(chart, stages->items[i], ledger->subject, ns, NAN, NAN);
  }
  if (isfinite(ledger->residual_ns))
    chart_dot(chart, REST, ledger->subject, ledger->residual_ns, NAN, NAN);
}

static struct tally all_stages(const struct result *result) {
  struct tally stages = {0};
  for (size_t i = 0; i < result->ledger_count; i++)
    for (size_t j = 0; j < result->ledger[i].stage_count; j++)
      names_add(&stages, result->ledger[i].stages[j].stage);
  return stages;
}

static void put_ledger(struct page *page) {
  const struct result *result = page->result;
  struct tally stages = all_stages(result);
  struct document document = {0};
  struct document_table *table = document_add_table(&document, "Time of a token by stage");
  struct page_algs algs = {0};
  struct chart chart;
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  for (size_t i = 0; i < stages.count && i < STAGES_SHOWN; i++)
    table_add_column(table, stages.items[i], 0, 0);
  table_add_column(table, REST, 0, 0);
  table_add_column(table, "whole", 0, 0);
  chart_init(&chart, "ledger", CHART_STACK, "Stages of the pipeline",
             "Time of a good token, cut into the stages of the pipeline. Each piece is the difference of two "
             "measured times, so that noise can make a small one negative: it then stands left of zero.");
  chart_axis(&chart, "x", "time of a token", "ns", false);
  for (size_t i = 0; i < result->ledger_count; i++)
    page_algs_add(&algs, result->ledger[i].alg, result->ledger[i].key_bits);
  for (size_t a = 0; a < algs.count; a++) {
    char *label = result_alg_text(algs.items[a].alg, algs.items[a].key_bits);
    chart_view(&chart, label, a == 0);
    free(label);
    for (size_t i = 0; i < result->ledger_count; i++) {
      const struct result_ledger *ledger = &result->ledger[i];
      if (strcmp(ledger->alg, algs.items[a].alg) != 0 || ledger->key_bits != algs.items[a].key_bits)
        continue;
      add_bar(&chart, ledger, &stages);
      add_row(table, ledger, &stages);
    }
  }
  chart_put(page, &chart);
  page_document(page, &document);
  document_fini(&document);
  free(algs.items);
  tally_fini(&stages);
}

const struct page_part page_ledger = {
    .id = "ledger",
    .title = "Where the time goes",
    .intro = "The pipeline was cut off after each stage in turn, and the differences taken.",
    .has = has_ledger,
    .put = put_ledger,
};
