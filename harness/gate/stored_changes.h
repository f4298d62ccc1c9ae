/* What has become worse from one stored result to another, in words: for `assay gate` and `assay compare` alike. */
#ifndef ASSAY_GATE_STORED_CHANGES_H
#define ASSAY_GATE_STORED_CHANGES_H

#include "harness/gate/stored_verdicts.h"

struct stored_changes {
  /* A row of verdicts or a measured loop that is worse in the head; each owns its findings' texts as results
   * do. */
  struct result_gate_finding *graver;
  size_t graver_count;
  struct result_strings open; /* why some answers could not be compared */
  uint64_t tokens;            /* that both were asked */
};

/* Whether what is worse in a row is known to be, and let through. */
typedef bool changes_known(void *arg, const struct result_verdict *row, uint64_t tokens);
/* was: the rows of the base. known: NULL: nothing is. */
struct stored_changes stored_changes_of(const struct verdict_rows *was, const struct result *head,
                                        changes_known *known, void *arg);
void stored_changes_fini(struct stored_changes *changes);

#endif
