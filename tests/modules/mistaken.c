/* A backend that finds another library loaded than the one it is for: nothing may be asked of it. */
#include "tests/modules/trigger.h"

static const struct assay_build *mistaken_build(void) {
  static struct assay_build told;
  told = *test_build();
  told.problem = "the library that was loaded is some, not none";
  return &told;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)input, (void)sig;
  abort();
}

const struct assay_backend assay_backend = {.abi = ASSAY_BACKEND_ABI,
                                            .size = sizeof(struct assay_backend),
                                            .name = "mistaken",
                                            .summary = "a test module",
                                            .build = mistaken_build,
                                            .algs = ASSAY_ALG_BIT(ASSAY_HS256),
                                            .ctx_open = test_ctx_open,
                                            .ctx_close = test_ctx_close,
                                            .key_open = test_key_open,
                                            .key_close = test_key_close,
                                            .verify = verify};
