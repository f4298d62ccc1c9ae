/* What a token says of itself, unverified, in words: enough to see why it is refused. */
#ifndef ASSAY_JOB_OWN_CLAIMS_H
#define ASSAY_JOB_OWN_CLAIMS_H

#include <jansson.h>

#include "harness/base/bytes.h"
#include "harness/base/reason.h"
#include "harness/job/job.h"

struct own_claims {
  json_t *header, *claims; /* NULL: none that can be read */
};

void own_claims_read(struct assay_bytes token, struct own_claims *out);
void own_claims_fini(struct own_claims *claims);

/* "ES256, kid 'a', from 'https://login.example'". Of two tokens that differ in time alone, the same. */
void own_claims_describe(const struct own_claims *claims, char *text, size_t size);
/* "expired 3 h ago (2026-01-01T12:00:00Z)", "expires in 52 min", "not valid before ..."; "" where it has no
 * times. */
void own_claims_times(const struct own_claims *claims, int64_t now, char *text, size_t size);
/* Whether exp has passed. */
bool own_claims_expired(const struct own_claims *claims, int64_t now);

/* What helps with a refusal for this reason: what the token says, what was said of trust, which includes so
 * many keys without a kid. "" where nothing does. */
void own_claims_hint(const struct own_claims *claims, const struct own_options *own, unsigned unnamed,
                     enum assay_reason reason, char *text, size_t size);

#endif
