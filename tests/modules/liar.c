/* A backend with a wrong answer: mismatch on the trigger (trigger.h), match on everything else. */
#include "tests/modules/trigger.h"

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)sig;
  return test_triggered(input) ? ASSAY_MISMATCH : ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("liar", verify)};
