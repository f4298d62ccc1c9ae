/* Summing verdict rows up into cells, and ordering the rows. */
#include "reports/content/verdicts/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

static bool is_level(const struct result_verdict *row, enum result_level level) {
  return row->level == level && !result_is_floor(row->subject);
}

size_t matrix_find_subject(const struct matrix *matrix, const struct result_verdict *row, size_t from) {
  for (size_t i = 0; i < matrix->subject_count; i++) {
    size_t at = (from + i) % matrix->subject_count;
    if (strcmp(matrix->subjects[at].label, row->subject) == 0 && matrix->subjects[at].level == row->level)
      return at;
  }
  return matrix->subject_count;
}

size_t matrix_find_row(const struct matrix *matrix, const char *class_id) {
  size_t order;
  return tally_find(&matrix->classes, class_id, &order) ? matrix->places[order] : matrix->row_count;
}

static void add_subjects(struct matrix *matrix, const struct result *result, enum result_level level) {
  size_t subject = 0;
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (!is_level(row, level))
      continue;
    subject = matrix_find_subject(matrix, row, subject);
    if (subject < matrix->subject_count)
      continue;
    matrix->subjects = allocate_one_more(matrix->subjects, matrix->subject_count, sizeof *matrix->subjects);
    matrix->subjects[matrix->subject_count++] = (struct matrix_subject){row->level, row->subject};
  }
}

static void add_row(struct matrix *matrix, const char *class_id) {
  matrix->rows = allocate_one_more(matrix->rows, matrix->row_count, sizeof *matrix->rows);
  struct matrix_row *row = &matrix->rows[matrix->row_count];
  *row = (struct matrix_row){.class_id = class_id,
                             .order = matrix->row_count++,
                             .cells = allocated(calloc(matrix->subject_count, sizeof *row->cells))};
}

/* Whether a row stands better for a kind than the one that did so far. */
static bool is_plainer(const struct result_verdict *row, const struct result_verdict *before,
                       enum answer_kind kind) {
  int order = before && kind == KIND_ACCEPTED ? severity_order(row->severity, before->severity) : 0;
  return !before || order < 0 || (order == 0 && result_count(row, kind) > result_count(before, kind));
}

static void cell_add(struct matrix_cell *cell, const struct result *result,
                     const struct result_verdict *row) {
  if (row->unsupported == row->tokens && result_lacks_alg(result, row)) {
    cell->lacking += row->tokens;
    return;
  }
  enum expect_verdict expected = result_expects(row);
  cell->good += expected == EXPECT_ACCEPT ? row->tokens : 0;
  cell->bad += expected == EXPECT_REJECT ? row->tokens : 0;
  cell->unscored += result_count(row, KIND_UNSCORED);
  for (int i = 0; i < KIND_COUNT; i++) {
    enum answer_kind kind = (enum answer_kind)i;
    uint64_t count = result_count(row, kind);
    if (count && is_plainer(row, cell->by[kind], kind))
      cell->by[kind] = row;
    cell->of[kind] += count;
  }
}

enum answer_kind matrix_worst(const struct matrix_cell *cell) {
  int kind = 0;
  while (kind < KIND_COUNT && cell->of[kind] == 0)
    kind++;
  return kind == KIND_COUNT && cell->lacking ? KIND_UNSUPPORTED : (enum answer_kind)kind;
}

const struct matrix_cell *matrix_worst_cell(const struct matrix *matrix, const struct matrix_row *row) {
  const struct matrix_cell *worst = &row->cells[0];
  for (size_t i = 1; i < matrix->subject_count; i++)
    if (matrix_worst(&row->cells[i]) < matrix_worst(worst))
      worst = &row->cells[i];
  return worst;
}

bool matrix_all_right(const struct matrix *matrix, const struct matrix_row *row) {
  return matrix_worst(matrix_worst_cell(matrix, row)) >= KIND_RIGHT;
}

uint64_t matrix_out_of(const struct matrix_cell *cell, enum answer_kind kind) {
  return kind == KIND_ACCEPTED ? cell->bad : kind == KIND_REFUSED ? cell->good : cell->good + cell->bad;
}

const char *matrix_example(const struct result *result, const struct matrix_cell *cell,
                           enum answer_kind kind) {
  const struct result_verdict *row = kind < KIND_COUNT ? cell->by[kind] : NULL;
  const char *example = row ? verdict_example(row, 1u << kind) : "";
  const struct result_drift *drift = row && !example[0] ? verdict_drift(result, row, kind) : NULL;
  example = drift ? drift->example : example;
  return example[0] ? example : NULL;
}

enum assay_severity matrix_accepted(const struct matrix_cell *cell) {
  return cell->of[KIND_ACCEPTED] ? cell->by[KIND_ACCEPTED]->severity : SEVERITY_NONE;
}

enum assay_severity matrix_row_accepted(const struct matrix *matrix, const struct matrix_row *row) {
  enum assay_severity gravest = SEVERITY_NONE;
  for (size_t i = 0; i < matrix->subject_count; i++)
    if (severity_is_graver(matrix_accepted(&row->cells[i]), gravest))
      gravest = matrix_accepted(&row->cells[i]);
  return gravest;
}

bool matrix_is_weak_key(const struct matrix_cell *cell) {
  return matrix_accepted(cell) == SEVERITY_FORGERY && result_is_of_key(cell->by[KIND_ACCEPTED]);
}

/* Nobody is accepted here but by a weak key. */
static bool needs_weak_key(const struct matrix *matrix, const struct matrix_row *row) {
  bool any = false;
  for (size_t i = 0; i < matrix->subject_count; i++) {
    if (matrix_accepted(&row->cells[i]) == SEVERITY_FORGERY && !matrix_is_weak_key(&row->cells[i]))
      return false;
    any |= matrix_is_weak_key(&row->cells[i]);
  }
  return any;
}

size_t matrix_forgeries(const struct matrix *matrix) {
  size_t count = 0;
  while (count < matrix->row_count && matrix_row_accepted(matrix, &matrix->rows[count]) == SEVERITY_FORGERY)
    count++;
  return count;
}

/* How many subjects came to each kind at worst, and how grave what they accepted is. */
struct worsts {
  unsigned subjects[KIND_RIGHT];
  enum assay_severity accepted;
  bool weak_key; /* it is a forgery that only a weak key allows */
};

static struct worsts *worsts_of(const struct matrix *matrix) {
  struct worsts *worsts = allocated(calloc(matrix->row_count, sizeof *worsts));
  for (size_t i = 0; i < matrix->row_count; i++) {
    worsts[i].accepted = matrix_row_accepted(matrix, &matrix->rows[i]);
    worsts[i].weak_key = needs_weak_key(matrix, &matrix->rows[i]);
    for (size_t j = 0; j < matrix->subject_count; j++) {
      enum answer_kind kind = matrix_worst(&matrix->rows[i].cells[j]);
      if (kind < KIND_RIGHT)
        worsts[i].subjects[kind]++;
    }
  }
  return worsts;
}

/* First who accepted what, the gravest first, then who did worse otherwise; of classes that were answered
 * alike, the graver. */
static int compare_rows(const void *a, const void *b, void *arg) {
  const struct matrix_row *first = a, *second = b;
  const struct worsts *worsts = arg, *x = &worsts[first->order], *y = &worsts[second->order];
  int order = severity_order(x->accepted, y->accepted);
  order = order ? order : x->weak_key - y->weak_key;
  if (order && x->subjects[KIND_ACCEPTED] && y->subjects[KIND_ACCEPTED])
    return order;
  for (int kind = 0; kind < KIND_RIGHT; kind++)
    if (x->subjects[kind] != y->subjects[kind])
      return x->subjects[kind] > y->subjects[kind] ? -1 : 1;
  order = severity_order(first->severity, second->severity);
  if (order && x->subjects[KIND_REFUSED] == 0) /* a good token is as good in any class */
    return order;
  return first->order < second->order ? -1 : first->order > second->order;
}

static void sort_rows(struct matrix *matrix) {
  if (matrix->row_count == 0)
    return;
  struct worsts *worsts = worsts_of(matrix);
  qsort_r(matrix->rows, matrix->row_count, sizeof *matrix->rows, compare_rows, worsts);
  free(worsts);
  matrix->places = allocate_items(matrix->row_count, sizeof *matrix->places);
  for (size_t i = 0; i < matrix->row_count; i++)
    matrix->places[matrix->rows[i].order] = i;
}

void matrix_init(struct matrix *matrix, const struct result *result) {
  *matrix = (struct matrix){0};
  add_subjects(matrix, result, LEVEL_PIPELINE);
  add_subjects(matrix, result, LEVEL_WHOLE);
  for (size_t i = 0, at = 0, subject = 0; i < result->verdict_count && matrix->subject_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    subject = matrix_find_subject(matrix, row, subject);
    if (subject == matrix->subject_count)
      continue; /* another level, or the floor */
    if (matrix->row_count == 0 || strcmp(matrix->rows[at].class_id, row->class_id) != 0)
      at = tally_index(&matrix->classes, row->class_id, NULL);
    if (at == matrix->row_count)
      add_row(matrix, row->class_id);
    if (severity_is_graver(row->severity, matrix->rows[at].severity))
      matrix->rows[at].severity = row->severity;
    cell_add(&matrix->rows[at].cells[subject], result, row);
  }
  sort_rows(matrix);
}

void matrix_fini(struct matrix *matrix) {
  for (size_t i = 0; i < matrix->row_count; i++)
    free(matrix->rows[i].cells);
  free(matrix->rows);
  free(matrix->subjects);
  free(matrix->places);
  tally_fini(&matrix->classes);
  *matrix = (struct matrix){0};
}

char *matrix_classes_words(char *out, size_t classes) {
  if (classes == 0)
    return strcpy(out, "good tokens alone");
  return figure_noun(out, classes, "class");
}
