/* Tables of what comes beside a single verify: key import and contexts, threads, memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define FAMILIES 5
_Static_assert(FAMILY_EDDSA + 1 == FAMILIES, "one column a family");

/* The row that stands for a family in the set-up table: of its first algorithm and smallest key that was
 * measured. */
static const struct result_speed *family_example(const struct result *result, enum assay_family family) {
  const struct result_speed *best = NULL;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    enum assay_alg alg = assay_alg_by_name(row->alg);
    if (row->metric != METRIC_KEY_IMPORT || alg == ASSAY_ALG_NONE || assay_alg_info(alg)->family != family)
      continue;
    int order = best ? result_compare_algs(row->alg, best->alg) : -1;
    if (order < 0 || (order == 0 && row->key_bits < best->key_bits))
      best = row;
  }
  return best;
}

/* like: for which algorithm and key; NULL: for any. */
static const struct result_speed *find_setup(const struct result *result, enum result_metric metric,
                                             const char *subject, const struct result_speed *like) {
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (row->metric == metric && strcmp(row->subject, subject) == 0 &&
        (!like || (strcmp(row->alg, like->alg) == 0 && row->key_bits == like->key_bits)))
      return row;
  }
  return NULL;
}

static void add_us(struct document_row *out, const struct result_speed *row) {
  char figure[FIGURE_BYTES];
  if (row && figure_known(row->ns))
    row_add_cell(out, figure_plain(figure, row->ns / 1000));
  else
    content_add_reason(out, row ? content_why_missing(row, "ns") : "not measured");
}

static struct tally setup_subjects(const struct result *result) {
  struct tally subjects = {0};
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    bool is_setup = row->metric == METRIC_KEY_IMPORT || row->metric == METRIC_CONTEXT;
    if (is_setup && !result_is_floor(row->subject))
      names_add(&subjects, row->subject);
  }
  return subjects;
}

void content_setup(struct document *document, const struct result *result) {
  struct tally subjects = setup_subjects(result);
  const struct result_speed *examples[FAMILIES];
  if (subjects.count == 0)
    return;
  struct document_table *table = document_add_table(document, "Key import and context set-up, in us");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  for (int family = 0; family < FAMILIES; family++) {
    examples[family] = family_example(result, (enum assay_family)family);
    if (!examples[family])
      continue;
    char *head = result_alg_text(examples[family]->alg, examples[family]->key_bits);
    table_add_column(table, head, 0, 0);
    free(head);
  }
  table_add_column(table, "context", 0, 0);
  for (size_t i = 0; i < subjects.count; i++) {
    struct document_row *row = table_add_row(table);
    char *name = content_subject(result, subjects.items[i], true);
    row_add_cell(row, name);
    free(name);
    for (int family = 0; family < FAMILIES; family++)
      if (examples[family])
        add_us(row, find_setup(result, METRIC_KEY_IMPORT, subjects.items[i], examples[family]));
    add_us(row, find_setup(result, METRIC_CONTEXT, subjects.items[i], NULL));
  }
  tally_fini(&subjects);
}

static int compare_scaling(const void *a, const void *b, void *result) {
  const struct result_scaling *first = *(const struct result_scaling *const *)a;
  const struct result_scaling *second = *(const struct result_scaling *const *)b;
  int order = result_compare_cells(result, (struct result_cell){first->alg, first->subject, first->key_bits},
                                   (struct result_cell){second->alg, second->subject, second->key_bits});
  return order ? order : (first > second) - (first < second);
}

static void add_scaling_row(struct document_table *table, const struct result *result,
                            const struct result_scaling *row, bool intervals) {
  char figure[FIGURE_BYTES];
  struct document_row *out = table_add_row(table);
  char *alg = result_alg_text(row->alg, row->key_bits);
  char *subject = content_subject(result, row->subject, true);
  const char *why = row->note[0] ? row->note : "not measured";
  if (scaling_shares_keys(row))
    result_setf(&subject, "%s, shared keys", subject);
  row_add_cell(out, alg);
  row_add_cell(out, subject);
  if (!figure_known(row->tokens_per_s) && !figure_known(row->of_one)) {
    row_set_rest(out, why, STYLE_PLAIN);
  } else {
    content_add_rate(out, row->tokens_per_s, why);
    if (figure_known(row->of_one))
      row_add_cell(out, figure_plain(figure, row->of_one));
    else
      content_add_reason(out, why);
    if (intervals)
      content_add_interval(out, row->of_one_low, row->of_one_high);
  }
  free(subject);
  free(alg);
}

static void scaling_table(struct document *document, const struct result *result, unsigned threads) {
  const struct result_scaling **rows = NULL;
  size_t count = 0;
  bool intervals = false;
  for (size_t i = 0; i < result->scaling_count; i++) {
    if (result->scaling[i].threads != threads)
      continue;
    intervals = intervals || figure_known(result->scaling[i].of_one_low);
    rows = allocate_one_more(rows, count, sizeof *rows);
    rows[count++] = &result->scaling[i];
  }
  qsort_r(rows, count, sizeof *rows, compare_scaling, (void *)result);
  char buffer[16];
  char *title = allocate_format("%s threads", content_number_word(buffer, threads));
  if (title[0] >= 'a' && title[0] <= 'z')
    title[0] = (char)(title[0] - 'a' + 'A');
  struct document_table *table = document_add_table(document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "tokens/s", 0, 0);
  table_add_column(table, "x one thread", 0, 0);
  if (intervals)
    table_add_column(table, "95 % interval", 0, 2);
  for (size_t i = 0; i < count; i++)
    add_scaling_row(table, result, rows[i], intervals);
  free(title);
  free(rows);
}

void content_scaling(struct document *document, const struct result *result) {
  unsigned done = 1; /* one thread is the verify table */
  for (;;) {
    unsigned next = 0;
    for (size_t i = 0; i < result->scaling_count; i++) {
      unsigned threads = result->scaling[i].threads;
      if (threads > done && (next == 0 || threads < next))
        next = threads;
    }
    if (next == 0)
      return;
    scaling_table(document, result, next);
    done = next;
  }
}

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
  char *text = strcmp(low, high) == 0 ? allocate_copy(low) : allocate_format("%s to %s", low, high);
  struct document_cell *cell = row_add_cell(row, text);
  result_setf(&text, "<= %s", high);
  if (strcmp(low, high) != 0)
    cell_set_brief(cell, text);
  free(text);
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
  char *name = content_subject(result, subject, true);
  row_add_cell(out, name);
  if (allocations_known(result)) {
    add_spread(out, allocations, figure_plain, note);
    add_spread(out, bytes, figure_bytes, note);
  }
  if (peaks_known(result)) {
    add_spread(out, rss, figure_bytes, process_note);
    add_spread(out, arena, figure_bytes, "");
  }
  free(name);
}

void content_memory(struct document *document, const struct result *result) {
  if (result->memory_count == 0)
    return;
  struct tally subjects = {0};
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
  tally_fini(&subjects);
}
