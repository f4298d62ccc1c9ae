/* What comes beside a single good token: the stages, refusals, key import, threads, instructions, memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html/chart.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

static void add_figure(struct document_row *row, double value, char *(*write)(char *, double)) {
  char figure[FIGURE_BYTES];
  if (figure_known(value))
    row_add_cell(row, write(figure, value));
  else
    content_add_reason(row, "not measured");
}

static void add_names(struct page *page, struct document_row *row, const char *alg, unsigned key_bits,
                      const char *subject) {
  char *name = result_alg_text(alg, key_bits), *of = content_subject(page->result, subject, true);
  row_add_cell(row, name);
  row_add_cell(row, of);
  free(of);
  free(name);
}

static struct document_table *add_table(struct document *document, const char *title) {
  struct document_table *table = document_add_table(document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  return table;
}

static void put_tables(struct page *page,
                       void (*content)(struct document *document, const struct result *result)) {
  struct document document = {0};
  content(&document, page->result);
  page_document(page, &document);
  document_fini(&document);
}

/* Rejection cost. */

static bool has_costs(const struct page *page) {
  return page->result->rejection_cost_count > 0;
}

static void add_cost_row(struct page *page, struct document_table *table,
                         const struct result_rejection_cost *cost) {
  struct document_row *row = table_add_row(table);
  char *of = allocate_format("%s%s%s", cost->class_id, cost->variant[0] ? "/" : "", cost->variant);
  add_names(page, row, cost->alg, cost->key_bits, cost->subject);
  row_add_cell(row, cost->reason);
  row_add_cell(row, of);
  add_figure(row, cost->ns, figure_time);
  add_figure(row, cost->tokens_per_s, figure_si);
  add_figure(row, cost->of_good, figure_plain);
  content_add_interval(row, cost->of_good_low, cost->of_good_high);
  free(of);
}

static void put_costs(struct page *page) {
  const struct result *result = page->result;
  struct document document = {0};
  struct document_table *table = add_table(&document, "Cost of a refusal, by reason");
  struct page_algs algs = {0};
  struct chart chart;
  table_add_column(table, "reason", COLUMN_LEFT, 0);
  table_add_column(table, "dearest tokens", COLUMN_LEFT, 0);
  table_add_column(table, "per token", 0, 0);
  table_add_column(table, "tokens/s", 0, 0);
  table_add_column(table, "x good token", 0, 0);
  table_add_column(table, "95 % interval", 0, 0);
  chart_init(&chart, "rejection-cost", CHART_DOTS, "What a refusal costs",
             "Time to turn down a bad token, as a multiple of the time to accept a good one. Right of 1, an "
             "attacker makes the verifier work harder than an honest client does.");
  chart_axis(&chart, "x", "times a good token", "times", true);
  chart_mark(&chart, 1, "a good token");
  for (size_t i = 0; i < result->rejection_cost_count; i++)
    page_algs_add(&algs, result->rejection_cost[i].alg, result->rejection_cost[i].key_bits);
  for (size_t a = 0; a < algs.count; a++) {
    char *label = result_alg_text(algs.items[a].alg, algs.items[a].key_bits);
    chart_view(&chart, label, strcmp(algs.items[a].alg, "RS256") == 0);
    free(label);
    for (size_t i = 0; i < result->rejection_cost_count; i++) {
      const struct result_rejection_cost *cost = &result->rejection_cost[i];
      if (strcmp(cost->alg, algs.items[a].alg) != 0 || cost->key_bits != algs.items[a].key_bits)
        continue;
      if (figure_known(cost->of_good) && cost->of_good > 0)
        chart_dot(&chart, cost->subject, cost->reason, cost->of_good, cost->of_good_low, cost->of_good_high);
      add_cost_row(page, table, cost);
    }
  }
  chart_put(page, &chart);
  page_document(page, &document);
  document_fini(&document);
  free(algs.items);
}

const struct page_part page_costs = {
    .id = "refusal",
    .title = "Cost of refusal",
    .intro = "A verifier that answers slowly to bad tokens can be worn down by them.",
    .has = has_costs,
    .put = put_costs,
};

/* Throughput against the share of bad tokens. The tables of the throughput section hold the figures. */

static bool is_mixed(const struct result_speed *row) {
  return row->metric == METRIC_VERIFY && row->bad_share > 0 && row->threads <= 1 &&
         figure_known(row->tokens_per_s);
}

static bool has_bad_share(const struct page *page) {
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (is_mixed(&page->result->speed[i]))
      return true;
  return false;
}

static void add_mixed(struct page *page, struct chart *chart, struct page_alg alg, const char *subject) {
  const struct result_speed *good = page_verify_row(page, subject, alg);
  bool any = false;
  for (size_t i = 0; i < page->result->speed_count; i++) {
    const struct result_speed *row = &page->result->speed[i];
    if (!is_mixed(row) || strcmp(row->subject, subject) != 0 || strcmp(row->alg, alg.alg) != 0 ||
        row->key_bits != alg.key_bits)
      continue;
    if (!any && good)
      chart_xy(chart, subject, 0, good->tokens_per_s);
    any = true;
    chart_xy(chart, subject, row->bad_share, row->tokens_per_s);
  }
}

static void put_bad_share(struct page *page) {
  struct page_algs algs = {0};
  struct chart chart;
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (is_mixed(&page->result->speed[i]))
      page_algs_add(&algs, page->result->speed[i].alg, page->result->speed[i].key_bits);
  chart_init(&chart, "bad-share", CHART_LINES, "Throughput by share of bad tokens",
             "Tokens answered a second as more of them are bad.");
  chart_axis(&chart, "x", "share of bad tokens", "share", false);
  chart_axis(&chart, "y", "tokens/s", "rate", false);
  for (size_t i = 0; i < algs.count; i++) {
    char *label = result_alg_text(algs.items[i].alg, algs.items[i].key_bits);
    chart_view(&chart, label, strcmp(algs.items[i].alg, "RS256") == 0);
    for (size_t s = 0; s < page->subjects.count; s++)
      add_mixed(page, &chart, algs.items[i], page->subjects.items[s]);
    free(label);
  }
  chart_put(page, &chart);
  free(algs.items);
}

const struct page_part page_bad_share = {
    .id = "bad-share",
    .title = "Under bad tokens",
    .intro = "The figures stand in tables of the section Throughput, one for each share.",
    .has = has_bad_share,
    .put = put_bad_share,
};

/* Key import, threads, instructions, memory. */

static const struct result_speed *metric_row(const struct page *page, enum result_metric metric) {
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (page->result->speed[i].metric == metric)
      return &page->result->speed[i];
  return NULL;
}

static bool has_setup(const struct page *page) {
  return metric_row(page, METRIC_KEY_IMPORT) || metric_row(page, METRIC_CONTEXT);
}

static void put_setup(struct page *page) {
  struct document document = {0};
  struct document_table *table = add_table(&document, "Key import");
  struct page_algs algs = {0};
  struct chart chart;
  const struct result *result = page->result;
  table_add_column(table, "per key", 0, 0);
  for (size_t i = 0; i < result->speed_count; i++)
    if (result->speed[i].metric == METRIC_KEY_IMPORT && figure_known(result->speed[i].ns) &&
        result->speed[i].ns > 0 && !result_is_floor(result->speed[i].subject))
      page_algs_add(&algs, result->speed[i].alg, result->speed[i].key_bits);
  chart_init(&chart, "key-import", CHART_DOTS, "Import of a key",
             "Time to import one public key, further left is faster. It is paid once a key where keys are "
             "kept, and for every token where they are not.");
  chart_axis(&chart, "x", "time of an import", "ns", true);
  chart_view(&chart, "", true);
  for (size_t a = 0; a < algs.count; a++) {
    char *label = result_alg_text(algs.items[a].alg, algs.items[a].key_bits);
    for (size_t i = 0; i < result->speed_count; i++) {
      const struct result_speed *row = &result->speed[i];
      if (row->metric != METRIC_KEY_IMPORT || strcmp(row->alg, algs.items[a].alg) != 0 ||
          row->key_bits != algs.items[a].key_bits || !figure_known(row->ns) || !(row->ns > 0) ||
          result_is_floor(row->subject))
        continue;
      struct document_row *out = table_add_row(table);
      add_names(page, out, row->alg, row->key_bits, row->subject);
      add_figure(out, row->ns, figure_time);
      chart_dot(&chart, row->subject, label, row->ns, row->ns_low, row->ns_high);
    }
    free(label);
  }
  chart_put(page, &chart);
  put_tables(page, content_setup);
  if (table->row_count)
    page_document(page, &document);
  document_fini(&document);
  free(algs.items);
}

const struct page_part page_setup = {
    .id = "keys", .title = "Key import", .intro = "", .has = has_setup, .put = put_setup};

static bool has_scaling(const struct page *page) {
  return page->result->scaling_count > 0;
}

static void put_scaling(struct page *page) {
  struct chart chart;
  chart_init(&chart, "scaling", CHART_DOTS, "Gain by more threads",
             "Throughput of several threads over that of one, measured in turns on the same machine.");
  chart_axis(&chart, "x", "times one thread", "times", false);
  chart_mark(&chart, 1, "one thread");
  chart_view(&chart, "", true);
  for (size_t i = 0; i < page->result->scaling_count; i++) {
    const struct result_scaling *row = &page->result->scaling[i];
    char *alg = result_alg_text(row->alg, row->key_bits);
    char *label = allocate_format("%s, %u threads%s", alg, row->threads,
                                  scaling_shares_keys(row) ? ", shared keys" : "");
    if (figure_known(row->of_one) && row->threads > 1)
      chart_dot(&chart, row->subject, label, row->of_one, row->of_one_low, row->of_one_high);
    free(label);
    free(alg);
  }
  chart_put(page, &chart);
  put_tables(page, content_scaling);
}

const struct page_part page_scaling = {
    .id = "scaling", .title = "Threads", .intro = "", .has = has_scaling, .put = put_scaling};

static bool has_count(const struct result_speed *row) {
  return figure_known(row->instructions) && row->instructions > 0 && !result_is_floor(row->subject);
}

static bool has_instructions(const struct page *page) {
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (has_count(&page->result->speed[i]))
      return true;
  return false;
}

static void put_instructions(struct page *page) {
  const struct result *result = page->result;
  struct page_algs algs = {0};
  struct chart chart;
  chart_init(&chart, "instructions", CHART_DOTS, "Instructions of a token",
             "Instructions to verify one token, fewer are further left.");
  chart_axis(&chart, "x", "instructions", "count", true);
  chart_view(&chart, "", true);
  for (size_t i = 0; i < result->speed_count; i++)
    if (has_count(&result->speed[i]))
      page_algs_add(&algs, result->speed[i].alg, result->speed[i].key_bits);
  for (size_t a = 0; a < algs.count; a++) {
    char *label = result_alg_text(algs.items[a].alg, algs.items[a].key_bits);
    for (size_t i = 0; i < result->speed_count; i++) {
      const struct result_speed *row = &result->speed[i];
      if (has_count(row) && result_is_default_mode(row) && row->metric == METRIC_VERIFY &&
          strcmp(row->alg, algs.items[a].alg) == 0 && row->key_bits == algs.items[a].key_bits)
        chart_dot(&chart, row->subject, label, row->instructions, NAN, NAN);
    }
    free(label);
  }
  chart_put(page, &chart);
  put_tables(page, content_instructions);
  free(algs.items);
}

const struct page_part page_instructions = {
    .id = "instructions",
    .title = "Instructions",
    .intro = "A second opinion that no other load on the machine disturbs.",
    .has = has_instructions,
    .put = put_instructions,
};

static bool has_memory(const struct page *page) {
  return page->result->memory_count > 0;
}

static void put_memory(struct page *page) {
  put_tables(page, content_memory);
}

const struct page_part page_memory = {
    .id = "memory", .title = "Memory", .intro = "", .has = has_memory, .put = put_memory};
