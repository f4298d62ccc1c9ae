/* What a worker says that it is at work on, and whether it gets on. The library can write there, too. Private
 * to this folder. */
#ifndef ASSAY_SUBJECT_SUBJECT_FLIGHT_H
#define ASSAY_SUBJECT_SUBJECT_FLIGHT_H

#include "harness/subject/subject.h"

/* The threads that the subject's command has, as far as there is room for them. */
unsigned flight_lanes(const struct subject *subject);
/* Whether any of them is at a token. */
bool flight_is_any(const struct subject *subject);
/* Of a worker that has died or hangs: last_token and last_position. */
void flight_note(struct subject *subject, enum subject_event event);
/* A number that changes while the worker gets on, in any of its threads. */
uint64_t flight_progress(const struct subject *subject);

#endif
