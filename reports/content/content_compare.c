/* What `assay compare` shows of two results: times beside times, and how many times as fast the other is. */
#include <math.h>

#include "reports/content/compared.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define LEGEND "?: not resolved"
#define LEGEND_KEYS                                                                                          \
  "; 1k no kid last: 1,000 keys in the set, the token names none of them, the right one is the last"

enum compared_answer compared_answer(const struct compared *row) {
  if (isnan(row->low) || (row->low <= 1 && row->high >= 1))
    return COMPARED_OPEN;
  return row->low > 1 ? COMPARED_FASTER : COMPARED_SLOWER;
}

const char *compared_answer_word(enum compared_answer answer) {
  static const char *const words[] = {
      [COMPARED_OPEN] = "not resolved", [COMPARED_FASTER] = "faster", [COMPARED_SLOWER] = "slower"};
  return words[answer];
}

static const char *title_of(enum result_metric metric) {
  switch (metric) {
  case METRIC_VERIFY: return "Verify";
  case METRIC_BATCH: return "Verify in batches";
  case METRIC_PRIMITIVE: return "Bare primitive";
  case METRIC_KEY_IMPORT: return "Key import";
  case METRIC_CONTEXT: return "Context set-up";
  default: return metric_word(metric);
  }
}

static bool same_table(const struct compared *a, const struct compared *b) {
  return a->first->metric == b->first->metric;
}

/* What the rows of a table have. */
struct extent {
  bool conditions, keys;
};

static struct extent extent_of(const struct compared *rows, size_t count, const struct compared *like) {
  struct extent extent = {0};
  for (size_t i = 0; i < count; i++) {
    OWNED_TEXT char *words = content_conditions(rows[i].first, false);
    extent.conditions |= same_table(&rows[i], like) && words[0];
    extent.keys |= same_table(&rows[i], like) && rows[i].first->key_place != KEY_PLACE_OF_CORPUS;
  }
  return extent;
}

static struct document_table *new_table(struct document *document, enum result_metric metric,
                                        struct extent extent) {
  struct document_table *table = document_add_table(document, title_of(metric));
  table->tight = true;
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  if (extent.conditions)
    table_add_column(table, "conditions", COLUMN_LEFT, 0);
  table_add_column(table, "first", 0, 1);
  table_add_column(table, "other", 0, 2);
  table_add_column(table, "speed", 0, 0);
  table_add_column(table, "interval", 0, 0);
  table_add_column(table, "answer", COLUMN_LEFT, 0);
  table_set_legend(table, FORM_MARK, extent.keys ? LEGEND LEGEND_KEYS : LEGEND);
  return table;
}

static void add_conditions(struct document_row *out, const struct result_speed *row) {
  OWNED_TEXT char *words = content_conditions(row, false), *mark = content_conditions(row, true);
  cell_set_mark(row_add_cell(out, words), mark);
}

/* To a thousandth: with three digits, two results of nearly the same speed would all be 1.00. */
static void add_speed(struct document_row *out, const struct compared *row) {
  row_addf(out, "%.3f", row->ratio);
  if (isnan(row->low)) {
    cell_set_brief(row_add_cell(out, "too few launches"), "too few");
    return;
  }
  OWNED_TEXT char *range = allocate_format("%.3f to %.3f", row->low, row->high);
  OWNED_TEXT char *brief = allocate_format("%.3f-%.3f", row->low, row->high);
  cell_set_brief(row_add_cell(out, range), brief);
}

static void add_answer(struct document_row *out, const struct compared *row) {
  enum compared_answer answer = compared_answer(row);
  struct document_cell *cell = row_add_cell(out, compared_answer_word(answer));
  if (answer == COMPARED_OPEN) {
    cell_set_brief(cell, "unresolved");
    cell_set_mark(cell, "?");
    cell->style = STYLE_UNSURE;
  } else if (row->fails) {
    cell->style = STYLE_WRONG;
  }
}

static void add_row(struct document_table *table, const struct compared *row, struct extent extent) {
  char figure[FIGURE_BYTES];
  OWNED_TEXT char *alg = result_alg_text(row->first->alg, row->first->key_bits);
  struct document_row *out = table_add_row(table);
  row_add_cell(out, alg);
  row_add_cell(out, row->first->subject);
  if (extent.conditions)
    add_conditions(out, row->first);
  row_add_cell(out, figure_time(figure, row->first->ns));
  row_add_cell(out, figure_time(figure, row->other->ns));
  add_speed(out, row);
  add_answer(out, row);
}

static void add_table(struct document *document, const struct compared *rows, size_t count,
                      const struct compared *like) {
  struct extent extent = extent_of(rows, count, like);
  struct document_table *table = new_table(document, like->first->metric, extent);
  for (size_t i = 0; i < count; i++)
    if (same_table(&rows[i], like))
      add_row(table, &rows[i], extent);
}

void content_compared(struct document *document, const struct compared *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    bool seen = false;
    for (size_t j = 0; j < i && !seen; j++)
      seen = same_table(&rows[j], &rows[i]);
    if (!seen)
      add_table(document, rows, count, &rows[i]);
  }
}
