/* Two result files beside each other, as `assay compare` shows and judges them. */
#ifndef ASSAY_GATE_COMPARE_PAIR_H
#define ASSAY_GATE_COMPARE_PAIR_H

#include "reports/content/compared.h"
#include "reports/model/result.h"

struct pair {
  const char *first, *other; /* paths */
  bool same;                 /* byte for byte; nothing else is filled in */
  struct compared *rows;     /* of times that both have */
  size_t count;
  struct result_strings notes;  /* of builds: versions that differ */
  struct result_strings graver; /* a line for every row of verdicts that is worse in the other */
  struct result_strings
      open;          /* what could not be compared: what one of them lacks, what counts do not tell */
  uint64_t verdicts; /* tokens whose answers were compared */
  enum result_gate_answer answer; /* whether the other is no worse, up to the threshold */
};

/* threshold: a slowdown that is let through, as a share. anyway: what one of them lacks does not matter.
 * Borrows both; pair_fini frees the rest. */
struct pair pair_of(const struct result *first, const char *first_path, const struct result *other,
                    const char *other_path, double threshold, bool anyway);
void pair_fini(struct pair *pair);

#endif
