/* A backend that dies: it follows a NULL pointer on the trigger (trigger.h), and matches everything else. */
#include "tests/modules/trigger.h"

/* Read through, so that neither compiler nor sanitizer gets to answer in the processor's place. */
static int *volatile nowhere;

__attribute__((no_sanitize("address", "undefined"))) static enum assay_outcome
verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input, struct assay_bytes sig) {
  (void)ctx, (void)key, (void)sig;
  if (test_triggered(input))
    *nowhere = 1;
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("crash", verify)};
