/* Throughput by the share of bad tokens. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define SHARES_MAX (DOCUMENT_COLUMNS - 2)

typedef const struct result_speed speed;

static bool is_share(speed *row) {
  return row->metric == METRIC_VERIFY && row->threads <= 1 && row->bad_share > 0;
}

/* The row of the same subject and algorithm with this share; share 0 is a plain verify row. */
static speed *find_share(const struct result *result, speed *like, double share) {
  for (size_t i = 0; i < result->speed_count; i++) {
    speed *row = &result->speed[i];
    bool fits = share > 0 ? is_share(row) && fabs(row->bad_share - share) < 1e-9 : result_is_main_verify(row);
    if (fits && strcmp(row->subject, like->subject) == 0 && strcmp(row->alg, like->alg) == 0 &&
        row->key_bits == like->key_bits)
      return row;
  }
  return NULL;
}

static size_t shares_of(const struct result *result, double *shares) {
  size_t count = 1;
  shares[0] = 0;
  for (size_t i = 0; i < result->speed_count; i++) {
    double share = result->speed[i].bad_share;
    bool seen = !is_share(&result->speed[i]);
    for (size_t j = 0; j < count && !seen; j++)
      seen = fabs(shares[j] - share) < 1e-9;
    if (!seen && count < SHARES_MAX)
      shares[count++] = share;
  }
  return count;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void add_share_row(struct document_table *table, const struct result *result, speed *like,
                          const double *shares, size_t count) {
  struct document_row *out = table_add_row(table);
  OWNED_TEXT char *alg = result_alg_text(like->alg, like->key_bits),
                  *subject = content_subject(result, like->subject, false);
  row_add_cell(out, alg);
  row_add_cell(out, subject);
  for (size_t i = 0; i < count; i++) {
    speed *row = find_share(result, like, shares[i]);
    if (row && !row->verdicts_ok)
      row_add_cell(out, "void")->style = STYLE_WRONG;
    else
      content_add_rate(out, row ? row->tokens_per_s : (double)NAN,
                       row ? content_known_within(row) : (double)NAN,
                       row ? content_why_missing(row, "ns") : "not measured");
  }
}

void content_shares(struct document *document, const struct result *result) {
  double shares[SHARES_MAX];
  size_t count = shares_of(result, shares);
  if (count < 2)
    return;
  qsort(shares, count, sizeof *shares, by_size);
  struct document_table *table = document_add_table(document, "Tokens/s by share of bad ones");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  for (size_t i = 0; i < count; i++) {
    OWNED_TEXT char *head = allocate_format("%g %%", shares[i] * 100);
    table_add_column(table, head, 0, 0);
  }
  double reach = (double)NAN;
  for (size_t i = 0; i < result->speed_count; i++) {
    speed *row = &result->speed[i];
    bool seen = !is_share(row);
    reach = seen ? reach : fmax(reach, content_reach(row));
    for (size_t j = 0; j < i && !seen; j++)
      seen = is_share(&result->speed[j]) && strcmp(result->speed[j].subject, row->subject) == 0 &&
             strcmp(result->speed[j].alg, row->alg) == 0 && result->speed[j].key_bits == row->key_bits;
    if (!seen)
      add_share_row(table, result, row, shares, count);
  }
  content_reach_legend(
      table, "The bad tokens are those that the first subject takes longest to refuse under that algorithm.",
      reach);
}
