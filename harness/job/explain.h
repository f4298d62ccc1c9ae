/* One token laid open: what it is, what is wrong with it, what each subject said. */
#ifndef ASSAY_JOB_EXPLAIN_H
#define ASSAY_JOB_EXPLAIN_H

#include "harness/job/job.h"

/* The index of the token that options->explain names; a sentence, with the nearest id, where there is none.
 */
bool explain_find(const struct job *job, uint32_t *token, struct assay_error *error);

/* Prints the explanation of the job's only checked token, after the verdict pass. */
void explain_print(const struct job *job, uint32_t token);

#endif
