/* Result files beside each other: whether they may be compared, and which row of one belongs to which of
 * another. For `assay compare` and `assay gate`. */
#ifndef ASSAY_GATE_STORED_H
#define ASSAY_GATE_STORED_H

#include "reports/model/result.h"

/* False and a sentence where a comparison would compare something else than the subjects: another corpus,
 * another machine, a sanitizer build, a run that was cut off. */
bool stored_comparable(const struct result *a, const char *a_path, const struct result *b, const char *b_path,
                       struct assay_error *error);

/* The row of another result that measured the same thing; NULL: there is none with a figure. */
const struct result_speed *stored_speed(const struct result *in, const struct result_speed *row);
/* The same for a count of instructions. */
const struct result_speed *stored_count(const struct result *in, const struct result_speed *row);
/* How one time compares with another, measured at another time: an unpaired ratio, and the widest interval
 * that both intervals allow; NAN where either has none. */
struct stored_ratio {
  double ratio, low, high;
};
/* Time per token of `of` over that of `to`. */
struct stored_ratio stored_compare(const struct result_speed *of, const struct result_speed *to);

#endif
