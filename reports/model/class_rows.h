/* How verdict rows stand in a file. Most say that all was answered rightly, so a file has a row for each
 * class: what was asked of whom, and the exceptions. Nothing is lost by it, not even the order of the rows.
 *
 * A class row stands for one verdict row for each of its variants, in each of these one for each of its
 * algorithms, and in each of these one for each subject that was asked. All of a verdict row's tokens are
 * right where no exception is about it. */
#ifndef ASSAY_REPORTS_MODEL_CLASS_ROWS_H
#define ASSAY_REPORTS_MODEL_CLASS_ROWS_H

#include "reports/model/record_read.h"

/* Folds the verdict rows of one result into the class rows of another, which has none. */
void class_rows_fold(const struct result *from, struct result *into);
void class_rows_drop(struct result *result);

/* Takes the class rows of a result apart into its verdict rows, of which it has none. false and a sentence
 * where an exception is about nothing or about what another one is about, where it counts more tokens than
 * there are, or where the rows are too many for any memory. */
bool class_rows_unfold(struct reader *reader, struct result *result);

/* An exception may be about several variants and algorithms, whose examples differ in nothing but these: a
 * part of an id between slashes that is the algorithm's name is written {alg}, one that is the variant's
 * {variant}, and what is written in braces is written in one pair more. A name that is "" is not looked for.
 * Both return a text to be freed. */
char *class_id_fold(const char *id, const char *variant, const char *alg);
char *class_id_unfold(const char *folded, const char *variant, const char *alg);

#endif
