/* The arithmetic below choice.c: means and percentiles over a mix, waiting, cores, floods. */
#ifndef ASSAY_REPORTS_CHOOSE_CHOICE_CAPACITY_H
#define ASSAY_REPORTS_CHOOSE_CHOICE_CAPACITY_H

#include "reports/choose/choice.h"

/* All parts of the choice are known. Means over the mix, and the 99th percentile. */
void capacity_mix(const struct choice_wish *wish, struct choice *choice);
/* How many times as fast one verifies the mix as the other; level: as in ratio.h. */
struct ratio capacity_ratio(const struct choices *choices, double level, const struct choice *fast,
                            const struct choice *slow);
/* What is left of a core's speed when its neighbours work too: ns_together. */
void capacity_together(const struct choices *choices, struct choice *choice);
/* cores_needed; 0 where even CHOICE_CORES_MAX are too few. Then the figures for `cores`. */
void capacity_cores(const struct choice_wish *wish, struct choice *choice);
/* The highest rate that so many cores carry, as busy as is wished at most and within the latency. */
double capacity_most(const struct choice_wish *wish, const struct choice *choice, unsigned cores);
/* The costliest bad token of the mix' algorithms, and how many of them fit in. */
void capacity_flood(const struct choices *choices, struct choice *choice);

#endif
