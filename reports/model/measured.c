/* Order and comparability of what was measured. */
#include "reports/model/measured.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

int result_compare_algs(const char *a, const char *b) {
  enum assay_alg first = assay_alg_by_name(a), second = assay_alg_by_name(b);
  if (first != second)
    return first < second ? -1 : 1;
  return first == ASSAY_ALG_NONE ? strcmp(a, b) : 0;
}

static bool subject_has_label(const struct result_subject *subject, const char *label) {
  size_t length = strlen(subject->name);
  if (strncmp(label, subject->name, length) != 0)
    return false;
  return subject->variant[0] ? label[length] == ':' && strcmp(label + length + 1, subject->variant) == 0
                             : label[length] == 0;
}

const struct result_subject *result_find_subject(const struct result *result, const char *label) {
  for (size_t i = 0; i < result->subject_count; i++)
    if (subject_has_label(&result->subjects[i], label))
      return &result->subjects[i];
  return NULL;
}

const struct result_taxon *result_find_taxon(const struct result *result, const char *class_id) {
  for (size_t i = 0; i < result->taxon_count; i++)
    if (strcmp(result->taxonomy[i].class_id, class_id) == 0)
      return &result->taxonomy[i];
  return NULL;
}

size_t result_subject_rank(const struct result *result, const char *label) {
  const struct result_subject *subject = result_find_subject(result, label);
  return subject ? (size_t)(subject - result->subjects) : result->subject_count;
}

int result_compare_cells(const struct result *result, struct result_cell a, struct result_cell b) {
  int order = result_compare_algs(a.alg, b.alg);
  if (order)
    return order;
  if (a.key_bits != b.key_bits)
    return a.key_bits < b.key_bits ? -1 : 1;
  size_t first = result_subject_rank(result, a.subject), second = result_subject_rank(result, b.subject);
  return (first > second) - (first < second);
}

static int compare_speed(const void *a, const void *b, void *result) {
  const struct result_speed *x = *(const struct result_speed *const *)a;
  const struct result_speed *y = *(const struct result_speed *const *)b;
  int order = result_compare_cells(result, (struct result_cell){x->alg, x->subject, x->key_bits},
                                   (struct result_cell){y->alg, y->subject, y->key_bits});
  return order ? order : (x > y) - (x < y);
}

struct speed_rows speed_rows_sorted(const struct result *result,
                                    bool (*is_wanted)(const struct result_speed *row)) {
  struct speed_rows sorted = {0};
  for (size_t i = 0; i < result->speed_count; i++)
    if (is_wanted(&result->speed[i])) {
      sorted.rows = allocate_one_more(sorted.rows, sorted.count, sizeof *sorted.rows);
      sorted.rows[sorted.count++] = &result->speed[i];
    }
  if (sorted.count)
    qsort_r(sorted.rows, sorted.count, sizeof *sorted.rows, compare_speed, (void *)result);
  return sorted;
}

bool result_is_floor(const char *label) {
  return strcmp(label, "null") == 0;
}

bool result_is_raw(enum result_level level) {
  return level == LEVEL_PRIMITIVE || level == LEVEL_GUARDED;
}

bool result_is_class(const char *class_id) {
  return strcmp(class_id, "valid") != 0;
}

char *result_alg_text(const char *alg, unsigned key_bits) {
  return key_bits ? allocate_format("%s %u", alg, key_bits) : allocate_copy(alg);
}

bool result_is_diverse(enum result_mode mode) {
  return mode == MODE_NONE || mode == MODE_DIVERSE;
}

bool result_is_use(enum result_mode mode) {
  return mode == MODE_FIRST_USE || mode == MODE_SECOND_USE || mode == MODE_TENTH_USE;
}

bool result_is_default_mode(const struct result_speed *row) {
  return result_is_diverse(row->mode) && !(row->bad_share > 0) && row->key_place == KEY_PLACE_OF_CORPUS;
}

bool result_is_main_verify(const struct result_speed *row) {
  return row->metric == METRIC_VERIFY && row->threads <= 1 && row->batch <= 1 &&
         result_is_default_mode(row) && row->verdicts_ok && figure_known(row->ns) && row->ns > 0 &&
         !result_is_floor(row->subject);
}

bool result_is_key_import(const struct result_speed *row) {
  return row->metric == METRIC_KEY_IMPORT && figure_known(row->ns) && row->ns > 0 &&
         !result_is_floor(row->subject);
}

bool result_main_size(const struct result *result, const char *alg, unsigned *key_bits) {
  bool found = false;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (!result_is_main_verify(row) || strcmp(row->alg, alg) != 0 || (found && row->key_bits >= *key_bits))
      continue;
    *key_bits = row->key_bits;
    found = true;
  }
  return found;
}

bool scaling_shares_keys(const struct result_scaling *row) {
  return row->contexts == CONTEXTS_SHARED;
}

bool result_is_void(const struct result_speed *row) {
  bool checked = row->metric == METRIC_VERIFY || row->metric == METRIC_BATCH;
  return checked && !row->verdicts_ok && !result_is_floor(row->subject);
}

static bool is_sanitized(const char *sanitizer) {
  return sanitizer[0] && strcmp(sanitizer, "none") != 0;
}

#define OVER 1.05 /* what noise may do */
#define OF_PRIMITIVE_LEAST 0.3

bool result_of_primitive_is_possible(double of_primitive) {
  return !figure_known(of_primitive) || (of_primitive >= OF_PRIMITIVE_LEAST && of_primitive <= OVER);
}

bool result_of_one_is_possible(double of_one, unsigned threads) {
  return !figure_known(of_one) || of_one <= OVER * threads;
}

/* ---- launches ---- */

#define GROUP_LEAST 2     /* launches: one by itself is an outlier */
#define GAP_LEAST 0.1     /* between groups, of the faster one's slowest: less is no matter */
#define GAP_TO_WITHIN 2.0 /* a gap that is not wider than that many times the wider group is one of many */

static int compare_times(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double middle(const double *sorted, size_t count) {
  return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

/* Where the widest gap is that leaves enough on both sides: how many come before it; 0: there is none. */
static size_t widest_gap(const double *sorted, size_t count) {
  size_t widest = 0;
  for (size_t at = GROUP_LEAST; at + GROUP_LEAST <= count; at++)
    if (widest == 0 || sorted[at] / sorted[at - 1] > sorted[widest] / sorted[widest - 1])
      widest = at;
  return widest;
}

static void part(struct launches *launches, const double *sorted) {
  size_t count = launches->count, fast = widest_gap(sorted, count);
  if (fast == 0)
    return;
  double gap = log(sorted[fast] / sorted[fast - 1]);
  double within = fmax(log(sorted[fast - 1] / sorted[0]), log(sorted[count - 1] / sorted[fast]));
  if (gap < log1p(GAP_LEAST) || gap < GAP_TO_WITHIN * within)
    return;
  launches->fast = fast;
  launches->fast_ns = middle(sorted, fast);
  launches->slow_ns = middle(sorted + fast, count - fast);
}

struct launches launches_of(const struct result_speed *row) {
  struct launches launches = {.low = NAN, .high = NAN, .fast_ns = NAN, .slow_ns = NAN};
  double *sorted = allocate_items(row->sample_count, sizeof *sorted);
  for (size_t i = 0; i < row->sample_count; i++)
    if (row->samples[i] > 0)
      sorted[launches.count++] = row->samples[i];
  if (launches.count) {
    qsort(sorted, launches.count, sizeof *sorted, compare_times);
    launches.low = sorted[0];
    launches.high = sorted[launches.count - 1];
    part(&launches, sorted);
  }
  free(sorted);
  return launches;
}

bool launches_are_apart(const struct launches *launches) {
  return launches->fast > 0 || launches->high > launches->low * (1 + LAUNCHES_APART);
}

static void flag_row(struct result_speed *row) {
  struct launches launches = launches_of(row);
  if (!result_of_primitive_is_possible(row->of_primitive) && !result_is_floor(row->subject))
    strings_add(&row->flags, "of_primitive");
  if (launches_are_apart(&launches))
    strings_add(&row->flags, "launches");
}

void result_flag_rows(struct result *result) {
  for (size_t i = 0; i < result->speed_count; i++)
    if (result->speed[i].flags.count == 0)
      flag_row(&result->speed[i]);
}

bool result_is_sanitized(const struct result *result) {
  bool sanitized = is_sanitized(result->tool.sanitizer);
  for (size_t i = 0; i < result->subject_count; i++)
    sanitized |= is_sanitized(result->subjects[i].module_sanitizer);
  return sanitized;
}
