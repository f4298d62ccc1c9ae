/* The tables of memory: what a token takes, by algorithm, and the peaks of whole processes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* ---- a token's ---- */

static bool is_of_process(const struct result_memory *row) {
  return strcmp(row->alg, MEMORY_PROCESS) == 0;
}

/* Allocations are counted in a mode of their own; a run without it has nothing to tell of tokens. */
static bool is_of_tokens(const struct result_memory *row) {
  return !is_of_process(row) &&
         (figure_known(row->allocations_per_token) || figure_known(row->bytes_per_token) || row->note[0]);
}

static bool is_shown(const struct result *result, const struct result_memory *row, bool all) {
  return is_of_tokens(row) && !result_is_floor(row->subject) &&
         (all || result->cut_of || content_is_typical(row->alg, 0));
}

static int compare_rows(const void *a, const void *b, void *result) {
  const struct result_memory *x = *(const struct result_memory *const *)a,
                             *y = *(const struct result_memory *const *)b;
  int order = result_compare_cells(result, (struct result_cell){x->alg, x->subject, 0},
                                   (struct result_cell){y->alg, y->subject, 0});
  return order ? order : (x > y) - (x < y);
}

/* In the order of the verify table; free() them. */
static const struct result_memory **token_rows(const struct result *result, bool all, size_t *count) {
  const struct result_memory **rows = NULL;
  *count = 0;
  for (size_t i = 0; i < result->memory_count; i++) {
    if (!is_shown(result, &result->memory[i], all))
      continue;
    rows = allocate_one_more(rows, *count, sizeof *rows);
    rows[(*count)++] = &result->memory[i];
  }
  if (*count)
    qsort_r(rows, *count, sizeof *rows, compare_rows, (void *)result);
  return rows;
}

static void add_token_row(struct document_table *table, const struct result *result,
                          const struct result_memory *row) {
  const char *why = row->note[0] ? row->note : "not measured";
  struct document_row *out = table_add_row(table);
  content_add_names(out, row->alg, 0, result, row->subject);
  if (!figure_known(row->allocations_per_token) && !figure_known(row->bytes_per_token)) {
    row_set_rest(out, why, STYLE_PLAIN);
    return;
  }
  content_add_figure(out, row->allocations_per_token, figure_tally, why);
  content_add_figure(out, row->bytes_per_token, figure_bytes, why);
}

static size_t count_algs(const struct result *result, bool all) {
  OWNED_TALLY struct tally algs = {0};
  for (size_t i = 0; i < result->memory_count; i++)
    if (is_shown(result, &result->memory[i], all))
      names_add(&algs, result->memory[i].alg);
  return algs.count;
}

static void token_table(struct document *document, const struct result *result, bool all) {
  char figure[FIGURE_NOUN_BYTES];
  size_t count, more = count_algs(result, true) - count_algs(result, all);
  const struct result_memory **rows = token_rows(result, all || more == count_algs(result, true), &count);
  struct document_table *table = count ? document_add_table(document, "Memory per token") : NULL;
  if (table) {
    table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
    table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
    table_add_column(table, "allocations", 0, 0);
    table_add_column(table, "bytes", 0, 0);
  }
  for (size_t i = 0; i < count; i++)
    add_token_row(table, result, rows[i]);
  if (count && more && more < count_algs(result, true))
    document_add_text(document, 1, "", "%s: --verbose", figure_noun(figure, more, "more algorithm"));
  free(rows);
}

/* ---- a process's ---- */

/* The greatest of a subject's rows, since older results have peaks by algorithm. */
static void add_peak(struct document_row *out, const struct result *result, const char *subject,
                     double (*of)(const struct result_memory *), char *(*write)(char *, double)) {
  double peak = NAN;
  const char *why = "not measured";
  for (size_t i = 0; i < result->memory_count; i++) {
    const struct result_memory *row = &result->memory[i];
    if (strcmp(row->subject, subject) != 0)
      continue;
    if (figure_known(of(row)))
      peak = figure_known(peak) ? fmax(peak, of(row)) : of(row);
    if (is_of_process(row) && row->note[0])
      why = row->note;
  }
  content_add_figure(out, peak, write, why);
}

static double process_of(const struct result_memory *row) {
  return row->peak_rss_bytes;
}

static double arena_of(const struct result_memory *row) {
  return row->arena_high_water_bytes;
}

static bool has_peaks(const struct result_memory *row) {
  return is_of_process(row) || figure_known(row->peak_rss_bytes) || figure_known(row->arena_high_water_bytes);
}

static void process_table(struct document *document, const struct result *result) {
  OWNED_TALLY struct tally subjects = {0};
  bool arenas = false;
  for (size_t i = 0; i < result->memory_count; i++)
    if (has_peaks(&result->memory[i])) {
      names_add(&subjects, result->memory[i].subject);
      arenas = arenas || figure_known(result->memory[i].arena_high_water_bytes);
    }
  if (subjects.count == 0)
    return;
  struct document_table *table = document_add_table(document, "Memory at most");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "process", 0, 0);
  if (arenas)
    table_add_column(table, "pipeline", 0, 0);
  table_set_legends(table, arenas
                               ? "process: with library, corpus and all; pipeline: what assay's own checks "
                                 "take for a token."
                               : "process: with library, corpus and all.");
  for (size_t i = 0; i < subjects.count; i++) {
    OWNED_TEXT char *name = content_subject(result, subjects.items[i], true);
    struct document_row *out = table_add_row(table);
    row_add_cell(out, name);
    add_peak(out, result, subjects.items[i], process_of, figure_bytes_seen);
    if (arenas)
      add_peak(out, result, subjects.items[i], arena_of, figure_bytes);
  }
}

void content_memory(struct document *document, const struct result *result, bool all) {
  token_table(document, result, all);
  process_table(document, result);
}
