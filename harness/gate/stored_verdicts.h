/* The verdicts of two results beside each other. A result keeps how many tokens of a row were answered in
 * which way, and the first few tokens that were not answered rightly, the worst first: from both together it
 * can often be told that some token is answered worse than before, also where no count grew. */
#ifndef ASSAY_GATE_STORED_VERDICTS_H
#define ASSAY_GATE_STORED_VERDICTS_H

#include "reports/model/result.h"

/* The rows of a result by what they are of: level, subject, class, variant, algorithm and expectation. */
struct verdict_rows {
  const struct result *result; /* borrowed */
  size_t *table;               /* index + 1 of a row by hash; 0: free */
  size_t table_size;
};
struct verdict_rows verdict_rows_of(const struct result *result);
/* The row of the same; NULL: there is none. */
const struct result_verdict *verdict_rows_find(const struct verdict_rows *rows,
                                               const struct result_verdict *row);
void verdict_rows_fini(struct verdict_rows *rows);

enum verdict_change_kind {
  VERDICTS_KEPT,   /* nothing shows that a token is answered worse */
  VERDICTS_GRAVER, /* some token is */
  VERDICTS_UNTOLD  /* what changed may be better or worse: the counts do not say which answer was given */
};
struct verdict_change {
  enum verdict_change_kind kind;
  uint64_t tokens;     /* that are answered worse, at least */
  const char *example; /* one of the head's; "" where none is known. Borrowed */
  unsigned gravity;    /* of the gravest answers of the head that are more than the base's, or its gravest */
};
/* How a row's answers have changed from the row `was` of the base, which is of the same. */
struct verdict_change verdict_change_of(const struct result *base, const struct result_verdict *was,
                                        const struct result *head, const struct result_verdict *row);

/* "2 accepted, 1 crash, 97 right of 100"; free() it. */
char *verdict_counts_text(const struct result_verdict *row);

#endif
