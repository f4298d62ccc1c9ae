/* Two result files beside each other, as `assay compare` shows and judges them. */
#ifndef ASSAY_GATE_COMPARE_PAIR_H
#define ASSAY_GATE_COMPARE_PAIR_H

#include <jansson.h>

#include "harness/gate/stored_changes.h"
#include "reports/content/builds.h"
#include "reports/content/compared.h"
#include "reports/model/result.h"

struct pair {
  const char *first, *other; /* paths */
  bool same;                 /* byte for byte; nothing else is filled in */
  struct compared *rows;     /* of times that both have */
  size_t count;
  struct build_pairs builds;
  struct stored_changes changes;  /* of verdicts */
  struct result_strings lacking;  /* a sentence for each subject of which one of them lacks something */
  double threshold;               /* as a share: what may be slower; NAN: nothing was asked */
  enum result_gate_answer answer; /* whether the other is no worse, up to the threshold, or to nothing */
};

/* anyway: what one of them lacks does not matter. Borrows both; pair_fini frees the rest. */
struct pair pair_of(const struct result *first, const char *first_path, const struct result *other,
                    const char *other_path, double threshold, bool anyway);
void pair_fini(struct pair *pair);
bool pair_is_judged(const struct pair *pair);

/* Appends what people read, the answer first. */
void pair_tell(struct document *document, const struct pair *pair);

/* "openssl bitflip/signature ES256: 3 accepted of 100; before 100 right of 100; one is ID". free() it. */
char *pair_worse_words(const struct result_gate_finding *finding);

/* compare_export.c: the pair for programs; and the rows of all of them in one list, each with the names of
 * its files. The caller drops both. */
json_t *pair_json(const struct pair *pair);
json_t *pairs_rows(const char *first, const json_t *pairs);

#endif
