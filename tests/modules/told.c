/* A backend that answers as the token's signature tells it: by the first letter as `told`, by the second as
 * `told:head`. Letters: M match, N mismatch, F fault, U unsupported, C crash, H hang. */
#include "tests/modules/trigger.h"

#include <unistd.h>

static unsigned place;

static enum assay_outcome base_open(struct assay_ctx **ctx) {
  place = 0;
  return test_ctx_open(ctx);
}

static enum assay_outcome head_open(struct assay_ctx **ctx) {
  place = 1;
  return test_ctx_open(ctx);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)input;
  switch (sig.len > place ? sig.ptr[place] : 0) {
  case 'M': return ASSAY_MATCH;
  case 'N': return ASSAY_MISMATCH;
  case 'U': return ASSAY_UNSUPPORTED;
  case 'C': abort();
  case 'H':
    for (;;)
      pause();
  default: return ASSAY_FAULT;
  }
}

#define TOLD(stem, opens, more)                                                                              \
  .abi = ASSAY_BACKEND_ABI, .size = sizeof(struct assay_backend), .name = stem, .summary = "a test module",  \
  .build = test_build, .algs = ASSAY_ALG_BIT(ASSAY_HS256), .ctx_open = opens, .ctx_close = test_ctx_close,   \
  .key_open = test_key_open, .key_close = test_key_close, .verify = verify, .variants = more

static const struct assay_backend head = {TOLD("head", head_open, NULL)};
static const struct assay_backend *const variants[] = {&head, NULL};

const struct assay_backend assay_backend = {TOLD("told", base_open, variants)};
