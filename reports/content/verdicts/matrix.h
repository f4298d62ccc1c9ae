/* The verdicts of all subjects side by side: one row a class, one column a subject, worst first: the gravest
 * kind of answer, and where bad tokens were accepted, how grave that is. Only what
 * judges whole tokens is in it: the pipeline's backends, then whole verifiers and services. */
#ifndef ASSAY_REPORTS_CONTENT_VERDICTS_MATRIX_H
#define ASSAY_REPORTS_CONTENT_VERDICTS_MATRIX_H

#include "reports/document/document.h"
#include "reports/model/result.h"
#include "reports/text/tally.h"

/* What one subject made of one class. Strings are borrowed from the result. */
struct matrix_cell {
  uint64_t of[KIND_COUNT]; /* tokens by kind, over all variants and algorithms */
  uint64_t good, bad;      /* tokens that were to be accepted, and refused, and were asked */
  uint64_t unscored;       /* tokens of which no one answer is expected, and that were answered */
  uint64_t lacking;        /* tokens of algorithms that the subject has not got */
  const struct result_verdict
      *by[KIND_COUNT]; /* the row that has most of that kind; NULL: none. Of bad tokens
                                                  that were accepted, of those with the gravest severity */
};

/* How a kind is written: in words, by a letter where space is short, and what the letter stands for. */
struct kind_text {
  const char *word, *letter, *meaning;
  enum document_style style;
  bool only_some; /* the count is shown only where it is not all of them */
};
extern const struct kind_text kind_texts[KIND_COUNT + 1]; /* KIND_COUNT: not asked, or not scored */

struct matrix_row {
  const char *class_id;
  size_t order;                 /* of the class in the result */
  enum assay_severity severity; /* the gravest of its tokens */
  struct matrix_cell *cells;
};

struct matrix_subject {
  enum result_level level;
  const char *label;
};

struct matrix {
  struct matrix_subject *subjects;
  size_t subject_count;
  struct matrix_row *rows;
  size_t row_count;
  struct tally classes; /* in the order of the result, each with the place of its row */
  size_t *places;
};

void matrix_init(struct matrix *matrix, const struct result *result);
void matrix_fini(struct matrix *matrix);

/* The column of a verdict row's subject, and the row of a class; subject_count and row_count where there is
 * none. The search for subjects begins at `from`: verdict rows mostly ask for what was found last, or for
 * what follows. */
size_t matrix_find_subject(const struct matrix *matrix, const struct result_verdict *row, size_t from);
size_t matrix_find_row(const struct matrix *matrix, const char *class_id);

/* The worst kind in a cell; KIND_COUNT where it was asked nothing that is scored. */
enum answer_kind matrix_worst(const struct matrix_cell *cell);
/* The worst of a row's cells. */
const struct matrix_cell *matrix_worst_cell(const struct matrix *matrix, const struct matrix_row *row);
/* How grave it is that the cell's bad tokens were accepted; SEVERITY_NONE where none was, or it is not told. */
enum assay_severity matrix_accepted(const struct matrix_cell *cell);
/* The same of the gravest of a row's cells. */
enum assay_severity matrix_row_accepted(const struct matrix *matrix, const struct matrix_row *row);
/* Whether the forgeries that were accepted are those that a weak key allows, which its owner published. */
bool matrix_is_weak_key(const struct matrix_cell *cell);
/* How many rows, the first ones, have forgeries that somebody accepted: no list may leave one out. */
size_t matrix_forgeries(const struct matrix *matrix);
/* No cell of the row is other than right, or not scored. */
bool matrix_all_right(const struct matrix *matrix, const struct matrix_row *row);
/* Out of how many tokens a kind could have come. */
uint64_t matrix_out_of(const struct matrix_cell *cell, enum answer_kind kind);
/* A token to reproduce a kind with; NULL where none was kept. */
const char *matrix_example(const struct result *result, const struct matrix_cell *cell,
                           enum answer_kind kind);

/* "157 classes", or that good tokens alone were asked. out: FIGURE_NOUN_BYTES long; returns it. */
char *matrix_classes_words(char *out, size_t classes);

#endif
