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
  char *alg = result_alg_text(row->alg, row->key_bits),
       *subject = content_subject(result, row->subject, true);
  struct document_row *out = table_add_row(table);
  row_add_cell(out, alg);
  row_add_cell(out, subject);
  row_add_cell(out, figure_count(figure, (uint64_t)(row->instructions + 0.5)));
  if (result_is_floor(row->subject)) {
    row_add_cell(out, "no crypto");
  } else if (result->reference[0]) {
    const struct result_speed *reference = reference_of(result, row);
    if (reference)
      snprintf(figure, sizeof figure, "%.3f", row->instructions / reference->instructions);
    row_add_cell(out, !reference ? "no reference" : reference == row ? "reference" : figure);
  }
  free(subject);
  free(alg);
}

static struct document_table *new_table(struct document *document, const struct result *result) {
  struct document_table *table = document_add_table(
      document, result->run.counted_by == COUNTED_BY_PERF ? "Instructions a token, by the processor's counter"
                                                          : "Instructions a token, under Callgrind");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "instructions", 0, 0);
  char *head = allocate_format("of %s", result->reference);
  if (result->reference[0])
    table_add_column(table, head, 0, 1);
  free(head);
  return table;
}

/* Every algorithm and key size that instructions were counted of. */
static struct tally counted_algs(const struct result *result) {
  struct tally algs = {0};
  for (size_t i = 0; i < result->speed_count; i++) {
    char *alg = result_alg_text(result->speed[i].alg, result->speed[i].key_bits);
    if (figure_known(result->speed[i].instructions))
      names_add(&algs, alg);
    free(alg);
  }
  return algs;
}

/* Rows stand by subject in the result, and by algorithm in the table. */
void content_instructions(struct document *document, const struct result *result) {
  struct tally algs = counted_algs(result);
  struct document_table *table = algs.count ? new_table(document, result) : NULL;
  for (size_t a = 0; a < algs.count; a++)
    for (size_t i = 0; i < result->speed_count; i++) {
      char *alg = result_alg_text(result->speed[i].alg, result->speed[i].key_bits);
      if (figure_known(result->speed[i].instructions) && strcmp(alg, algs.items[a]) == 0)
        add_row(table, result, &result->speed[i]);
      free(alg);
    }
  tally_fini(&algs);
}
