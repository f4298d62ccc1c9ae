/* What every subject says of somebody's own tokens, for a person: few tokens one by one, many by their
 * answers. */
#ifndef ASSAY_JOB_OWN_ANSWERS_H
#define ASSAY_JOB_OWN_ANSWERS_H

#include "harness/job/job.h"

/* After the verdict pass, to standard output. Nothing of a token is shown but its algorithm, kid, issuer,
 * audience and times. */
void own_answers_print(const struct job *job);

/* Nothing is accepted that could be measured: says so, and why. Returns false. */
bool own_answers_none(const struct job *job, struct assay_error *error);

#endif
