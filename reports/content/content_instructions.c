/* The table of instructions a token. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* The row of the run's reference subject that has the same algorithm and key; NULL if there is none. */
static const struct result_speed *reference_of(const struct result *result, const struct result_speed *row) {
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *other = &result->speed[i];
    if (strcmp(other->subject, result->reference) == 0 && strcmp(other->alg, row->alg) == 0 &&
        other->key_bits == row->key_bits && other->metric == row->metric && figure_known(other->instructions))
      return other;
  }
  return NULL;
}

static void add_row(struct document_table *table, const struct result *result,
                    const struct result_speed *row) {
  char figure[FIGURE_BYTES];
  struct document_row *out = table_add_row(table);
  content_add_names(out, row->alg, row->key_bits, result, row->subject);
  row_add_cell(out, figure_count(figure, (uint64_t)(row->instructions + 0.5)));
  if (result_is_floor(row->subject)) {
    row_add_cell(out, "no crypto");
  } else if (result->reference[0]) {
    const struct result_speed *reference = reference_of(result, row);
    if (reference)
      snprintf(figure, sizeof figure, "%.3f", row->instructions / reference->instructions);
    row_add_cell(out, !reference ? "no reference" : reference == row ? "reference" : figure);
  }
}

static struct document_table *new_table(struct document *document, const struct result *result) {
  struct document_table *table = document_add_table(
      document, result->run.counted_by == COUNTED_BY_PERF ? "Instructions a token, by the processor's counter"
                                                          : "Instructions a token, under Callgrind");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "instructions", 0, 0);
  OWNED_TEXT char *head = allocate_format("of %s", result->reference);
  if (result->reference[0])
    table_add_column(table, head, 0, 1);
  return table;
}

static bool is_counted(const struct result_speed *row) {
  return figure_known(row->instructions);
}

void content_instructions(struct document *document, const struct result *result) {
  struct speed_rows sorted = speed_rows_sorted(result, is_counted);
  struct document_table *table = sorted.count ? new_table(document, result) : NULL;
  for (size_t i = 0; i < sorted.count; i++)
    add_row(table, result, sorted.rows[i]);
  free(sorted.rows);
}
