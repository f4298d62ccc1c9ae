/* What one result has and another lacks, in one line: by the coarsest names that tell it, "boringssl" where
 * nothing of it is there, "openssl ES256" where the algorithm is missing, and else the single row. */
#ifndef ASSAY_GATE_STORED_MISSING_H
#define ASSAY_GATE_STORED_MISSING_H

#include "harness/gate/stored_verdicts.h"
#include "reports/text/tally.h"

/* Of measured rows: those of which `counts` says so and of which `other` has no such figure. NULL: none is
 * lacking; free() it. */
char *missing_times(const struct result *has, const struct result *other,
                    bool (*counts)(const struct result_speed *row));
char *missing_counts(const struct result *has, const struct result *other,
                     bool (*counts)(const struct result_speed *row)); /* of instructions */
/* The first few names of a list, and how many others; NULL for none; free() it. */
char *names_short(const struct tally *names);
/* Of verdicts: rows that `other` lacks or has of fewer tokens; *tokens: how many of all. */
char *missing_verdicts(const struct result *has, const struct verdict_rows *other, uint64_t *tokens);

#endif
