/* A module that exports a second symbol beside assay_backend, as a badly linked one would. */
#include "tests/modules/trigger.h"

ASSAY_EXPORT int stray_symbol(void);

int stray_symbol(void) {
  return 1;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)input, (void)sig;
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("two_symbols", verify)};
