/* What the files of an advice have for each other; for this room alone. */
#ifndef ASSAY_REPORTS_ADVISE_ADVICE_PARTS_H
#define ASSAY_REPORTS_ADVISE_ADVICE_PARTS_H

#include "reports/advise/advice.h"

/* advice_changes.c: changes, tokens, unasked, wrong. */
void advice_add_changes(struct advice *advice);
/* How many changes are of these kinds, and of how many tokens; the first of them, NULL: none. */
struct change_sum {
  size_t count;
  uint64_t tokens;
  const struct advice_change *first;
};
struct change_sum advice_sum(const struct advice *advice, enum change_kind first, enum change_kind last);
/* advice_speeds.c: verify, imports, voided, and the mix. */
bool advice_add_speeds(struct advice *advice, struct assay_error *error);
/* How many cores more the mix needs at its rate, fewer below 0; 0 also where that is not known. Then, whether
 * that is more than noise: one core more may come of a time that lies at the edge. */
int advice_more_cores(const struct advice *advice);
bool advice_needs_more(const struct advice *advice);
bool advice_needs_fewer(const struct advice *advice);
/* They differ, and that may be noise. */
static inline bool advice_cores_are_open(const struct advice *advice) {
  return advice_more_cores(advice) != 0 && !advice_needs_more(advice) && !advice_needs_fewer(advice);
}
/* Whether a change of speed is worth a word: by more than the threshold. */
bool speed_is_notable(const struct advice *advice, const struct advice_speed *speed);
/* "2.10 times as fast [2.05, 2.15]". free() it. */
char *advice_ratio_text(const struct ratio *ratio);
/* advice_memory.c: what takes more of it, a clause; NULL: nothing does. free() it. Then the rows of a table
 * with a column for each side. */
char *advice_peak_words(const struct advice *advice);
char *advice_allocations_words(const struct advice *advice);
void advice_add_memory(struct document *document, const struct advice *advice, struct document_table *table,
                       bool all);
/* advice_notes.c: after all of that, what to watch. */
void advice_add_notes(struct advice *advice, const struct result_subject *from,
                      const struct result_subject *to);

#endif
