/* Starting a worker's process under its keeper, and ending both. Private to this folder. */
#ifndef ASSAY_SUBJECT_LAUNCHER_H
#define ASSAY_SUBJECT_LAUNCHER_H

#include "harness/subject/subject.h"

/* Starts both: the worker's program runs then. False and a sentence where it cannot be started. */
bool launcher_start(struct subject *subject, struct assay_error *error);
/* Whether the worker is gone, with all that it started. The first time last_cause says how. */
bool launcher_has_ended(struct subject *subject);
/* Waits so long for it to end by itself, and then ends it: an idle worker may have been told to quit. */
void launcher_end(struct subject *subject, uint64_t patience_ns);

#endif
