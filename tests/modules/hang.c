/* A backend that never comes back: it loops on the trigger (trigger.h), and matches everything else. */
#include "tests/modules/trigger.h"

static volatile bool for_ever = true;

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)sig;
  if (test_triggered(input))
    while (for_ever)
      continue;
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("hang", verify)};
