/* What both take of memory: processes at their peak, and allocations a token. */
#include <math.h>
#include <string.h>

#include "reports/advise/advice_parts.h"
#include "reports/content/content.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define PEAK_MORE 1.1 /* times; a peak is seen once, and may be another the next time */
#define PEAK_MORE_BYTES 1e6
#define ALLOCATIONS_MORE 0.5 /* of a token */

/* Older results have peaks by algorithm. */
static double peak_of(const struct result *result, const char *subject) {
  double peak = NAN;
  for (size_t i = 0; i < result->memory_count; i++) {
    const struct result_memory *row = &result->memory[i];
    if (strcmp(row->subject, subject) == 0 && figure_known(row->peak_rss_bytes))
      peak = figure_known(peak) ? fmax(peak, row->peak_rss_bytes) : row->peak_rss_bytes;
  }
  return peak;
}

static const struct result_memory *row_of(const struct result *result, const char *subject, const char *alg) {
  for (size_t i = 0; i < result->memory_count; i++)
    if (strcmp(result->memory[i].subject, subject) == 0 && strcmp(result->memory[i].alg, alg) == 0)
      return &result->memory[i];
  return NULL;
}

static double allocations_of(const struct result_memory *row) {
  return row ? row->allocations_per_token : (double)NAN;
}

static struct tally counted_algs(const struct advice *advice) {
  struct tally algs = {0};
  for (size_t i = 0; i < advice->result->memory_count; i++) {
    const struct result_memory *row = &advice->result->memory[i];
    bool is_ours = strcmp(row->subject, advice->from) == 0 || strcmp(row->subject, advice->to) == 0;
    if (is_ours && figure_known(row->allocations_per_token))
      names_add(&algs, row->alg);
  }
  return algs;
}

/* ---- in words ---- */

char *advice_peak_words(const struct advice *advice) {
  double from = peak_of(advice->result, advice->from), to = peak_of(advice->result, advice->to);
  char before[FIGURE_BYTES], after[FIGURE_BYTES];
  if (!(to > from * PEAK_MORE) || to - from < PEAK_MORE_BYTES)
    return NULL;
  return allocate_format("the process takes %s at most instead of %s", figure_bytes_seen(after, to),
                         figure_bytes_seen(before, from));
}

char *advice_allocations_words(const struct advice *advice) {
  OWNED_TALLY struct tally algs = counted_algs(advice), more = {0};
  for (size_t i = 0; i < algs.count; i++) {
    double from = allocations_of(row_of(advice->result, advice->from, algs.items[i]));
    double to = allocations_of(row_of(advice->result, advice->to, algs.items[i]));
    if (to > from + ALLOCATIONS_MORE)
      names_add(&more, algs.items[i]);
  }
  OWNED_TEXT char *names = names_join(&more, " and ");
  return more.count ? allocate_format("more allocations a token: %s", names) : NULL;
}

/* ---- in a table ---- */

static void add_allocations(struct document_row *out, const struct result_memory *row) {
  char count[FIGURE_BYTES], bytes[FIGURE_BYTES];
  const char *why = row && row->note[0] ? row->note : "not measured";
  if (!figure_known(allocations_of(row)))
    content_add_reason(out, why);
  else if (row->allocations_per_token > 0 && figure_known(row->bytes_per_token))
    row_addf(out, "%s (%s)", figure_tally(count, row->allocations_per_token),
             figure_bytes(bytes, row->bytes_per_token));
  else
    row_add_cell(out, figure_tally(count, row->allocations_per_token));
}

static bool is_shown(const struct advice *advice, const char *alg, bool all) {
  double from = allocations_of(row_of(advice->result, advice->from, alg));
  double to = allocations_of(row_of(advice->result, advice->to, alg));
  return all || (content_is_typical(alg, 0) && (from > 0 || to > 0));
}

void advice_add_memory(struct document *document, const struct advice *advice, struct document_table *table,
                       bool all) {
  OWNED_TALLY struct tally algs = counted_algs(advice);
  const struct result *result = advice->result;
  bool none = algs.count > 0; /* of them allocates */
  struct document_row *row = table_add_row(table);
  row_add_cell(row, "process, at most");
  content_add_figure(row, peak_of(result, advice->from), figure_bytes_seen, "not measured");
  content_add_figure(row, peak_of(result, advice->to), figure_bytes_seen, "not measured");
  for (size_t i = 0; i < algs.count; i++) {
    if (!is_shown(advice, algs.items[i], all))
      continue;
    none = false;
    row = table_add_row(table);
    row_addf(row, "%s, allocations a token", algs.items[i]);
    add_allocations(row, row_of(result, advice->from, algs.items[i]));
    add_allocations(row, row_of(result, advice->to, algs.items[i]));
  }
  if (none)
    document_add_text(document, 1, "", "neither allocates anything for a token");
}
