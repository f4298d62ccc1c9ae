/* What the misbehaving test modules share: hooks that do nothing, and the condition on which they misbehave.
 * The environment variable ASSAY_TEST_TRIGGER holds base64url text; the signing input must contain it. */
#ifndef ASSAY_TESTS_MODULES_TRIGGER_H
#define ASSAY_TESTS_MODULES_TRIGGER_H

#include "backends/backend.h"

#include <stdlib.h>

static const struct assay_build *test_build(void) {
  static const struct assay_build told = {.library = "none", .version = "1", .path = "", .note = "test"};
  return &told;
}

static char test_nothing;

static enum assay_outcome test_ctx_open(struct assay_ctx **ctx) {
  *ctx = (struct assay_ctx *)&test_nothing;
  return ASSAY_MATCH;
}

static void test_ctx_close(struct assay_ctx *ctx) {
  (void)ctx;
}

static enum assay_outcome test_key_open(struct assay_ctx *ctx, const struct assay_public_key *public_key,
                                        struct assay_key **key) {
  (void)ctx, (void)public_key;
  *key = (struct assay_key *)&test_nothing;
  return ASSAY_MATCH;
}

static void test_key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx, (void)key;
}

/* Never, where the variable is unset or empty. */
static inline bool test_triggered(struct assay_bytes input) {
  const char *trigger = getenv("ASSAY_TEST_TRIGGER");
  return trigger && *trigger && input.len && memmem(input.ptr, input.len, trigger, strlen(trigger));
}

/* The fields of a module that matches everything but for its own `verify`. */
#define TEST_MODULE(stem, check)                                                                             \
  .abi = ASSAY_BACKEND_ABI, .size = sizeof(struct assay_backend), .name = stem, .summary = "a test module",  \
  .build = test_build, .algs = ASSAY_ALG_BIT(ASSAY_ALG_COUNT) - 1, .ctx_open = test_ctx_open,                \
  .ctx_close = test_ctx_close, .key_open = test_key_open, .key_close = test_key_close, .verify = check

#endif
