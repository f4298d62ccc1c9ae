/* Where the time of a good token goes: a table an algorithm, a row a subject, a column a stage. */
#include <math.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* The stages' names are long for columns of such short figures. */
static const char *brief_stage(const char *stage) {
  static const char *const briefs[][2] = {
      {"compact-split", "split"},  {"base64url", "base64"},       {"header-json", "header"},
      {"header-policy", "policy"}, {"claims-json", "claims"},     {"key-selection", "key"},
      {"signature", "sig."},       {"registered-claims", "reg."}, {"authorisation", "auth."},
  };
  for (size_t i = 0; i < sizeof briefs / sizeof briefs[0]; i++)
    if (strcmp(stage, briefs[i][0]) == 0)
      return briefs[i][1];
  return stage;
}

#define LEGEND                                                                                               \
  "In brackets: not resolved, since launches disagree by more than the figure; noise: a difference below "   \
  "zero, which no time can be. rest: the share of the whole that no stage accounts for."

/* In whole ns. A difference of two times may come out below zero, which no time can be. */
static void add_ns(struct document_row *row, double ns, bool resolved) {
  char figure[FIGURE_BYTES], text[FIGURE_BYTES + 4];
  if (!isfinite(ns)) {
    content_add_reason(row, "not measured");
    return;
  }
  if (ns < -0.5) {
    row_add_cell(row, "noise")->style = STYLE_UNSURE;
    return;
  }
  double shown = figure_round(fabs(ns), resolved ? 3 : figure_digits(ns, (double)NAN));
  figure_count(figure, (uint64_t)(shown + 0.5));
  snprintf(text, sizeof text, resolved ? "%s" : "(%s)", figure);
  row_add_cell(row, text)->style = resolved ? STYLE_PLAIN : STYLE_UNSURE;
}

static void add_share(struct document_row *row, double part, double whole) {
  char figure[FIGURE_BYTES + 1] = "-";
  if (!isfinite(part) || !(whole > 0)) {
    content_add_reason(row, "not measured");
    return;
  }
  snprintf(figure, sizeof figure, "%.1f %%", 100 * part / whole);
  row_add_cell(row, strcmp(figure, "-0.0 %") == 0 ? "0.0 %" : figure);
}

static bool same_table(const struct result_ledger *a, const struct result_ledger *b) {
  return strcmp(a->alg, b->alg) == 0 && a->key_bits == b->key_bits;
}

static double stage_ns(const struct result_ledger *row, const char *stage) {
  for (size_t i = 0; i < row->stage_count; i++)
    if (strcmp(row->stages[i].stage, stage) == 0)
      return row->stages[i].ns;
  return (double)NAN;
}

static bool is_resolved(const struct result_ledger *row, const char *stage) {
  for (size_t i = 0; i < row->unresolved.count; i++)
    if (strcmp(row->unresolved.items[i], stage) == 0)
      return false;
  return true;
}

static void add_row(struct document_table *table, const struct result *result,
                    const struct result_ledger *like, const struct result_ledger *row) {
  struct document_row *out = table_add_row(table);
  OWNED_TEXT char *name = content_subject(result, row->subject, true),
                  *brief = content_subject(result, row->subject, false);
  cell_set_brief(row_add_cell(out, name), brief);
  for (size_t i = 0; i < like->stage_count; i++)
    add_ns(out, stage_ns(row, like->stages[i].stage), is_resolved(row, like->stages[i].stage));
  add_share(out, row->residual_ns, row->ns);
  add_ns(out, row->ns, true);
}

static void ledger_table(struct document *document, const struct result *result,
                         const struct result_ledger *like) {
  OWNED_TEXT char *alg = result_alg_text(like->alg, like->key_bits);
  OWNED_TEXT char *title = allocate_format("%s, ns a token by stage", alg);
  struct document_table *table = document_add_table(document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  for (size_t i = 0; i < like->stage_count && i < DOCUMENT_COLUMNS - 3; i++)
    column_set_brief(table_add_column(table, like->stages[i].stage, 0, 0),
                     brief_stage(like->stages[i].stage));
  table_add_column(table, "rest", 0, 0);
  table_add_column(table, "whole", 0, 0);
  table->tight = true;
  table_set_legends(table, LEGEND);
  for (size_t i = 0; i < result->ledger_count; i++)
    if (same_table(&result->ledger[i], like))
      add_row(table, result, like, &result->ledger[i]);
}

void content_ledger(struct document *document, const struct result *result) {
  for (size_t i = 0; i < result->ledger_count; i++) {
    bool seen = false;
    for (size_t j = 0; j < i && !seen; j++)
      seen = same_table(&result->ledger[j], &result->ledger[i]);
    if (!seen)
      ledger_table(document, result, &result->ledger[i]);
  }
}
