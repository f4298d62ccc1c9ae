/* What was measured: the order in which it is shown, and which rows can be compared. */
#ifndef ASSAY_REPORTS_MODEL_MEASURED_H
#define ASSAY_REPORTS_MODEL_MEASURED_H

#include "reports/model/result.h"

/* Sorting: the order of harness/base/alg.h, unknown names after it, by name. */
int result_compare_algs(const char *a, const char *b);
/* The order in which the result lists its subjects; those that it does not list come last. */
size_t result_subject_rank(const struct result *result, const char *label);
/* Sorting of what was measured: by algorithm, key size and subject, each in its order. */
struct result_cell {
  const char *alg, *subject;
  unsigned key_bits;
};
int result_compare_cells(const struct result *result, struct result_cell a, struct result_cell b);
/* The speed rows that are wanted in that order; those of one cell as they stand in the
 * result. free() rows. */
struct speed_rows {
  const struct result_speed **rows;
  size_t count;
};
struct speed_rows speed_rows_sorted(const struct result *result,
                                    bool (*is_wanted)(const struct result_speed *row));
/* The backend that does nothing: its figures are the floor, its verdicts mean nothing. */
bool result_is_floor(const char *label);
/* "RS256 2048", "ES256". free() it. */
char *result_alg_text(const char *alg, unsigned key_bits);
/* A level of raw vectors, "primitive" or "guarded". */
bool result_is_raw(enum result_level level);
/* One that counts: good tokens without anything special, "valid", are no class of failure. */
bool result_is_class(const char *class_id);

/* The row to compare subjects by: a verify row with one thread and diverse tokens, whose
 * verdicts were right. */
bool result_is_main_verify(const struct result_speed *row);
/* The smallest key of an algorithm that was measured: its main size. false: it was not measured. */
bool result_main_size(const struct result *result, const char *alg, unsigned *key_bits);
/* What a key costs to import, of a library that is no floor. */
bool result_is_key_import(const struct result_speed *row);
/* A verdict inside the measured loop was wrong: the row's figures are worth nothing. */
bool result_is_void(const struct result_speed *row);
#define RESULT_VOID "void: a verdict in the measured loop was wrong"
/* Another token every time, as figures have it where nothing is said of it. */
bool result_is_diverse(enum result_mode mode);
/* Which use of a fresh key a primitive row is about. */
bool result_is_use(enum result_mode mode);
bool result_is_default_mode(const struct result_speed *row);
/* Whether a ratio can be what it is: a whole verification takes no less than its own primitive, and hardly
 * three times as long; n threads do no more than n times the work of one. What lies beyond that is no figure
 * of the library. NAN: nothing speaks against it. */
bool result_of_primitive_is_possible(double of_primitive);
bool result_of_one_is_possible(double of_one, unsigned threads);
/* How the launches of a row lie to each other. A median stands for them where they lie together; where they fall
 * into two groups it is of one of them, by chance. */
#define LAUNCHES_APART 0.3 /* of the fastest: what lies further above it is told of */

struct launches {
  size_t count;
  double low, high;        /* ns a token, of the fastest and the slowest; NAN: there is none */
  size_t fast;             /* where they fall into two groups, how many are in the faster one; else 0 */
  double fast_ns, slow_ns; /* the groups' medians */
};

struct launches launches_of(const struct result_speed *row);
/* They fall into two groups, or lie further apart than LAUNCHES_APART. */
bool launches_are_apart(const struct launches *launches);

/* Notes in every speed row, for programs, what those who quote its figures have to know: `flags`. */
void result_flag_rows(struct result *result);
/* The tool or a module was built with a sanitizer: its times are never compared. */
bool result_is_sanitized(const struct result *result);

#endif
