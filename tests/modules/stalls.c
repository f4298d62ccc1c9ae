/* A backend that never comes back from the hook that ASSAY_TEST_WAY names; `busy`: from verify, while it
 * tells the host of ever another token that it is at. It matches everything else. */
#include "tests/modules/control_find.h"
#include "tests/modules/trigger.h"

#include <unistd.h>

static void stall_in(const char *hook) {
  const char *way = getenv("ASSAY_TEST_WAY");
  while (way && strcmp(way, hook) == 0)
    pause();
}

static enum assay_outcome ctx_open(struct assay_ctx **ctx) {
  stall_in("ctx_open");
  return test_ctx_open(ctx);
}

static void ctx_close(struct assay_ctx *ctx) {
  stall_in("ctx_close");
  test_ctx_close(ctx);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *public_key,
                                   struct assay_key **key) {
  stall_in("key_open");
  return test_key_open(ctx, public_key, key);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)input, (void)sig;
  const char *way = getenv("ASSAY_TEST_WAY");
  size_t bytes;
  struct control *control = control_find(&bytes);
  for (uint64_t position = 1; way && strcmp(way, "busy") == 0; position++) {
    atomic_store(&control->lanes[0].in_flight, position << 32 | position % control->layout.token_count);
    usleep(1000);
  }
  stall_in("verify");
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {.abi = ASSAY_BACKEND_ABI,
                                            .size = sizeof(struct assay_backend),
                                            .name = "stalls",
                                            .summary = "a test module",
                                            .build = test_build,
                                            .algs = ASSAY_ALG_BIT(ASSAY_ALG_COUNT) - 1,
                                            .ctx_open = ctx_open,
                                            .ctx_close = ctx_close,
                                            .key_open = key_open,
                                            .key_close = test_key_close,
                                            .verify = verify};
