/* A backend that matches everything and takes three blocks from the heap for every token, 500 bytes in all;
 * for the first one, as libraries do, a table to keep. */
#include "tests/modules/trigger.h"

static void *kept;

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)input, (void)sig;
  if (!kept)
    kept = malloc(4096);
  /* Through volatile, or the compiler takes away what nobody reads. */
  void *volatile one = malloc(100);
  void *volatile two = calloc(4, 25);
  void *volatile more = realloc(two, 300);
  free(one);
  free(more);
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("allocator", verify)};
