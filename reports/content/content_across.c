/* Subjects beside each other: an algorithm a row, a subject a column, and what each of them is. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/model/ratio.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define HASH_SHOWN 12 /* letters */

/* The row of a subject and a cell; NULL: there is none. */
static const struct result_speed *row_of(const struct speed_rows *rows, const char *subject,
                                         const struct result_speed *cell) {
  for (size_t i = 0; i < rows->count; i++)
    if (strcmp(rows->rows[i]->subject, subject) == 0 && strcmp(rows->rows[i]->alg, cell->alg) == 0 &&
        rows->rows[i]->key_bits == cell->key_bits)
      return rows->rows[i];
  return NULL;
}

/* "37.1 k, 0.8 %": tokens a second, and how far the interval reaches. */
static void add_rate(struct document_row *row, const struct result *result, const struct speed_rows *rows,
                     const struct result_speed *speed) {
  char rate[FIGURE_BYTES], share[FIGURE_BYTES];
  if (!speed || !figure_known(speed->tokens_per_s)) {
    row_add_cell(row, speed ? content_why_missing(speed, "ns") : "-");
    return;
  }
  double reach = content_reach(speed);
  figure_si_to(rate, speed->tokens_per_s, figure_digits(speed->tokens_per_s, content_known_within(speed)));
  struct launches launches = launches_of(speed);
  const char *mark = launches_are_apart(&launches) ? CONTENT_APART : "";
  struct document_cell *cell = figure_known(reach)
                                   ? row_addf(row, "%s, %s%s", rate, figure_share(share, reach), mark)
                                   : row_addf(row, "%s%s", rate, mark);
  if (content_is_best(result, ratio_level(result), rows, speed))
    cell->style = STYLE_BEST;
}

static bool same_cell(const struct result_speed *a, const struct result_speed *b) {
  return strcmp(a->alg, b->alg) == 0 && a->key_bits == b->key_bits;
}

/* Those that have figures and are no floor, as many as a table has columns for. */
struct columns {
  const char *subjects[DOCUMENT_COLUMNS - 1];
  size_t count;
};

static bool is_in(const struct columns *columns, const char *subject) {
  bool is = false;
  for (size_t i = 0; i < columns->count && !is; i++)
    is = strcmp(columns->subjects[i], subject) == 0;
  return is;
}

/* In the order in which the result lists them. */
static struct columns columns_of(const struct result *result, const struct speed_rows *rows) {
  struct columns columns = {.count = 0};
  size_t rank = 0;
  while (rank <= result->subject_count) {
    for (size_t i = 0; i < rows->count && columns.count + 1 < DOCUMENT_COLUMNS; i++) {
      const char *subject = rows->rows[i]->subject;
      if (result_subject_rank(result, subject) == rank && !result_is_floor(subject) &&
          !is_in(&columns, subject))
        columns.subjects[columns.count++] = subject;
    }
    rank++;
  }
  return columns;
}

static void add_cells(struct document_table *table, const struct result *result,
                      const struct speed_rows *rows, const struct columns *columns) {
  for (size_t i = 0; i < rows->count; i++) {
    const struct result_speed *cell = rows->rows[i];
    if (i > 0 && same_cell(rows->rows[i - 1], cell))
      continue;
    struct document_row *row = table_add_row(table);
    OWNED_TEXT char *alg = result_alg_text(cell->alg, cell->key_bits);
    row_add_cell(row, alg);
    for (size_t s = 0; s < columns->count; s++)
      add_rate(row, result, rows, row_of(rows, columns->subjects[s], cell));
  }
}

void content_across(struct document *document, const struct result *result) {
  struct speed_rows rows = speed_rows_sorted(result, result_is_main_verify);
  struct columns columns = columns_of(result, &rows);
  if (columns.count > 0) {
    struct document_table *table = document_add_table(document, "Verified tokens a second");
    table_add_column(table, "algorithm", COLUMN_LEFT, 0);
    for (size_t s = 0; s < columns.count; s++)
      table_add_column(table, columns.subjects[s], 0, 0);
    content_apart_legend(
        table,
        "One thread, the whole pipeline. The share behind a rate is how far its 95 % interval "
        "reaches. Bold: faster than all others of its line, by intervals that lie apart. Compare "
        "along a line: its figures were measured in the same moments.",
        rows.rows, rows.count);
    add_cells(table, result, &rows, &columns);
  }
  free(rows.rows);
}

void content_identities(struct document *document, const struct result *result) {
  struct document_table *table = document_add_table(document, "What was measured");
  static const char *const heads[] = {"subject", "library", "package", "file", "SHA-256"};
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
    table_add_column(table, heads[i], COLUMN_LEFT, 0);
  for (size_t s = 0; s < result->subject_count; s++) {
    const struct result_subject *subject = &result->subjects[s];
    if (result_is_floor(subject->name))
      continue;
    struct document_row *row = table_add_row(table);
    row_add_cell(row, subject->name);
    row_addf(row, "%s %s%s%s%s", subject->library, subject->version, subject->note[0] ? " (" : "",
             subject->note, subject->note[0] ? ")" : "");
    row_add_cell(row, subject->package[0] ? subject->package : "none");
    row_add_cell(row, subject->path);
    row_addf(row, "%.*s", HASH_SHOWN, subject->sha256);
  }
}
