/* Raw vectors, file by file: what JOSE cannot express, what it forbids, and how far each subject agrees. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define SUBJECTS_A_TABLE 5 /* more do not fit beside each other */

/* What one subject answered to the vectors of one file. */
struct agreement {
  uint64_t agree, decided, unscored, lacking, forbidden, asked;
};

static struct agreement agreement_of(const struct result *result, enum result_level level, const char *file,
                                     const char *subject) {
  struct agreement sum = {0};
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (row->level != level || strcmp(row->class_id, file) != 0 || strcmp(row->subject, subject) != 0)
      continue;
    uint64_t answered = row->tokens > row->unsupported ? row->tokens - row->unsupported : 0;
    bool any = result_expects(row) == EXPECT_ANY;
    sum.asked += row->tokens;
    sum.forbidden += row->forbidden;
    sum.lacking += row->unsupported;
    sum.agree += result_verdict_right(row);
    sum.decided += any ? 0 : answered;
    sum.unscored += any ? answered : 0;
  }
  return sum;
}

static uint64_t left_out_of(const struct result *result, const char *file) {
  uint64_t sum = 0;
  for (size_t i = 0; i < result->left_out_count; i++)
    if (strcmp(result->left_out[i].class_id, file) == 0)
      sum += result->left_out[i].tokens;
  return sum;
}

static void add_agreement(struct document_row *row, const struct agreement *sum) {
  char agree[FIGURE_BYTES], decided[FIGURE_BYTES];
  if (sum->decided == 0) {
    content_add_reason(row, sum->lacking    ? "not in this library"
                            : sum->unscored ? "not scored"
                                            : "not measured");
    return;
  }
  struct document_cell *cell =
      row_addf(row, "%s / %s", figure_count(agree, sum->agree), figure_count(decided, sum->decided));
  cell->style = sum->agree < sum->decided ? STYLE_WRONG : STYLE_PLAIN;
}

static void add_file(struct document_table *table, const struct result *result, enum result_level level,
                     const char *file, const struct tally *subjects, size_t from, size_t to) {
  char figure[FIGURE_BYTES];
  struct agreement first = agreement_of(result, level, file, subjects->items[from]);
  struct document_row *row = table_add_row(table);
  uint64_t left_out = left_out_of(result, file);
  row_add_cell(row, file);
  row_add_cell(row, figure_count(figure, first.asked + left_out));
  row_add_cell(row, figure_count(figure, left_out));
  row_add_cell(row, figure_count(figure, first.forbidden));
  for (size_t i = from; i < to; i++) {
    struct agreement sum = agreement_of(result, level, file, subjects->items[i]);
    add_agreement(row, &sum);
  }
}

static void add_table(struct document *document, const struct result *result, enum result_level level,
                      const struct tally *files, const struct tally *subjects, size_t from, size_t to) {
  struct document_table *table = document_add_table(document, "Vectors by file: agree / decided");
  table->tight = true;
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "vectors", 0, 1);
  column_set_brief(table_add_column(table, "not expressible", 0, 0), "not expr.");
  column_set_brief(table_add_column(table, "forbidden", 0, 0), "forb.");
  for (size_t i = from; i < to; i++)
    table_add_column(table, subjects->items[i], 0, 0);
  for (size_t i = 0; i < files->count; i++)
    add_file(table, result, level, files->items[i], subjects, from, to);
}

/* "2,006 ECDSA in DER, 60 with a hash ..", in the order of the result; free() it. */
static char *reasons_text(const struct result *result) {
  OWNED_TALLY struct tally reasons = {0}, parts = {0};
  for (size_t i = 0; i < result->left_out_count; i++)
    names_add(&reasons, result->left_out[i].reason);
  for (size_t r = 0; r < reasons.count; r++) {
    char figure[FIGURE_BYTES];
    uint64_t sum = 0;
    for (size_t i = 0; i < result->left_out_count; i++)
      if (strcmp(result->left_out[i].reason, reasons.items[r]) == 0)
        sum += result->left_out[i].tokens;
    names_addf(&parts, "%s %s", figure_count(figure, sum), reasons.items[r]);
  }
  char *text = names_join(&parts, ", ");
  return text;
}

static bool any_forbidden(const struct result *result, enum result_level level) {
  for (size_t i = 0; i < result->verdict_count; i++)
    if (result->verdicts[i].level == level && result->verdicts[i].forbidden)
      return true;
  return false;
}

static void add_legend(struct document *document, const struct result *result, enum result_level level) {
  if (result->left_out_count) {
    OWNED_TEXT char *reasons = reasons_text(result);
    document_add_text(document, 1, "", "not expressible as a JOSE signature, and not asked: %s", reasons);
  }
  if (any_forbidden(result, level))
    document_add_text(
        document, 1, "",
        "forbidden: valid for the suite, but not allowed by JOSE, and to be refused: a short tag or "
        "key, another salt length or MGF1 hash");
}

/* files: those of which some vector was asked. */
static void add_unasked(struct document *document, const struct result *result, const struct tally *files) {
  OWNED_TALLY struct tally all = {0}, unasked = {0};
  for (size_t i = 0; i < files->count; i++)
    names_add(&all, files->items[i]);
  for (size_t i = 0; i < result->left_out_count; i++) {
    size_t before = all.count;
    names_add(&all, result->left_out[i].class_id);
    if (all.count > before)
      names_add(&unasked, result->left_out[i].class_id);
  }
  char more[FIGURE_NOUN_BYTES];
  if (unasked.count)
    document_add_text(document, 1, "", "%s with nothing but those: %s%s",
                      figure_noun(more, unasked.count, "more file"), unasked.items[0],
                      unasked.count == 1 ? "" : ", ..");
}

void content_vectors(struct document *document, const struct result *result, enum result_level level,
                     const struct tally *subjects) {
  OWNED_TALLY struct tally files = {0};
  for (size_t i = 0; i < result->verdict_count; i++)
    if (result->verdicts[i].level == level)
      names_add(&files, result->verdicts[i].class_id);
  for (size_t from = 0; from < subjects->count; from += SUBJECTS_A_TABLE) {
    size_t to = from + SUBJECTS_A_TABLE;
    add_table(document, result, level, &files, subjects, from, to < subjects->count ? to : subjects->count);
  }
  add_legend(document, result, level);
  add_unasked(document, result, &files);
  content_vectors_unscored(document, result, level, &files, subjects);
}
