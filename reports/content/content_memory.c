/* The table of memory. */
#include <math.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* The smallest and largest of a figure over a subject's algorithms. */
struct spread {
  double low, high;
};

static void spread_add(struct spread *spread, double value) {
  if (!figure_known(value))
    return;
  spread->low = figure_known(spread->low) ? fmin(spread->low, value) : value;
  spread->high = figure_known(spread->high) ? fmax(spread->high, value) : value;
}

static void add_spread(struct document_row *row, struct spread spread, char *(*write)(char *, double),
                       const char *note) {
  char low[FIGURE_BYTES], high[FIGURE_BYTES];
  if (!figure_known(spread.low)) {
    content_add_reason(row, note[0] ? note : "not measured");
    return;
  }
  write(low, spread.low);
  write(high, spread.high);
  OWNED_TEXT char *text =
      strcmp(low, high) == 0 ? allocate_copy(low) : allocate_format("%s to %s", low, high);
  struct document_cell *cell = row_add_cell(row, text);
  result_setf(&text, "<= %s", high);
  if (strcmp(low, high) != 0)
    cell_set_brief(cell, text);
}

static bool is_of_process(const struct result_memory *row) {
  return strcmp(row->alg, MEMORY_PROCESS) == 0;
}

/* Allocations are counted in a mode of their own; a run without it has no such columns. */
static bool allocations_known(const struct result *result) {
  for (size_t i = 0; i < result->memory_count; i++)
    if (figure_known(result->memory[i].allocations_per_token) ||
        figure_known(result->memory[i].bytes_per_token) ||
        (result->memory[i].note[0] && !is_of_process(&result->memory[i])))
      return true;
  return false;
}

static bool peaks_known(const struct result *result) {
  for (size_t i = 0; i < result->memory_count; i++)
    if (figure_known(result->memory[i].peak_rss_bytes) ||
        figure_known(result->memory[i].arena_high_water_bytes) || is_of_process(&result->memory[i]))
      return true;
  return false;
}

static void add_memory_row(struct document_table *table, const struct result *result, const char *subject) {
  const char *note = "", *process_note = "";
  struct spread allocations = {NAN, NAN}, bytes = allocations, rss = allocations, arena = allocations;
  for (size_t i = 0; i < result->memory_count; i++) {
    const struct result_memory *row = &result->memory[i];
    if (strcmp(row->subject, subject) != 0)
      continue;
    if (row->note[0])
      *(is_of_process(row) ? &process_note : &note) = row->note;
    spread_add(&allocations, row->allocations_per_token);
    spread_add(&bytes, row->bytes_per_token);
    spread_add(&rss, row->peak_rss_bytes);
    spread_add(&arena, row->arena_high_water_bytes);
  }
  rss.low = rss.high; /* a peak of peaks is one figure */
  arena.low = arena.high;
  struct document_row *out = table_add_row(table);
  OWNED_TEXT char *name = content_subject(result, subject, true);
  row_add_cell(out, name);
  if (allocations_known(result)) {
    add_spread(out, allocations, figure_plain, note);
    add_spread(out, bytes, figure_bytes, note);
  }
  if (peaks_known(result)) {
    add_spread(out, rss, figure_bytes, process_note);
    add_spread(out, arena, figure_bytes, "");
  }
}

void content_memory(struct document *document, const struct result *result) {
  if (result->memory_count == 0)
    return;
  OWNED_TALLY struct tally subjects = {0};
  for (size_t i = 0; i < result->memory_count; i++)
    names_add(&subjects, result->memory[i].subject);
  bool allocations = allocations_known(result);
  struct document_table *table = document_add_table(document, allocations ? "Memory per token" : "Memory");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  if (allocations) {
    table_add_column(table, "allocations", 0, 0);
    table_add_column(table, "bytes", 0, 0);
  }
  if (peaks_known(result)) {
    table_add_column(table, "peak process", 0, 0);
    table_add_column(table, "peak arena", 0, 0);
  }
  for (size_t i = 0; i < subjects.count; i++)
    add_memory_row(table, result, subjects.items[i]);
}
