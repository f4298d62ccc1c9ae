/* A backend that matches everything, and can do so for many at once. On the trigger (trigger.h) one outcome
 * of a batch is wrong. */
#include "tests/modules/trigger.h"

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)input, (void)sig;
  return ASSAY_MATCH;
}

static void verify_batch(struct assay_ctx *ctx, struct assay_check *items, size_t n) {
  (void)ctx;
  for (size_t i = 0; i < n; i++)
    items[i].outcome = test_triggered(items[i].input) ? ASSAY_MISMATCH : ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("batcher", verify), .verify_batch = verify_batch};
