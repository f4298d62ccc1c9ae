/* A backend that does nothing: every signature matches. It measures the harness and the pipeline themselves;
 * its verdicts mean nothing and stand in no verdict table. */
#include "backends/backend.h"

static const struct assay_build *build(void) {
  static const struct assay_build facts = {
      .library = "null", .version = "1", .path = "", .note = "", .facts = NULL, .dispatch = NULL};
  return &facts;
}

static char nothing;

static enum assay_outcome ctx_open(struct assay_ctx **ctx) {
  *ctx = (struct assay_ctx *)&nothing;
  return ASSAY_MATCH;
}

static void ctx_close(struct assay_ctx *ctx) {
  (void)ctx;
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *public_key,
                                   struct assay_key **key) {
  (void)ctx, (void)public_key;
  *key = (struct assay_key *)&nothing;
  return ASSAY_MATCH;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx, (void)key;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)input, (void)sig;
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "null",
    .summary = "does nothing: the floor of pipeline and harness",
    .build = build,
    .algs = ASSAY_ALGS_ALL,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
