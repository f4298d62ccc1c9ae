/* Points in time as people write them. */
#ifndef ASSAY_BASE_TEXT_TIME_TEXT_H
#define ASSAY_BASE_TEXT_TIME_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/bytes.h"

/* The furthest second from 1970 either way, 2^53 - 1: a NumericDate that every JSON reader keeps exact, and
 * that a leeway can be added to. */
#define TIME_SECONDS_MAX INT64_C(9007199254740991)

/* RFC 3339 5.6, "2026-01-01T12:00:00Z" or with "+01:00", a blank in the T's place, or lower case; a fraction
 * of a second is read and left out. A date alone is its midnight in UTC. Leap seconds count as the second
 * after. *seconds: since 1970. False, and *seconds as it was, where the text is neither. */
bool time_read(struct assay_bytes text, int64_t *seconds);

#endif
