/* A backend that matches everything, and leaves the upper halves of the vector registers in use behind every
 * verify, as assembly does that lacks a vzeroupper. Where there are none it does nothing of it. */
#include "harness/worker/upper_halves.h"
#include "tests/modules/trigger.h"

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)input, (void)sig;
#if defined(__x86_64__)
  static enum { UNKNOWN, VISIBLE, HIDDEN } known;
  known = known ? known : upper_halves_visible() ? VISIBLE : HIDDEN;
  if (known == VISIBLE)
    __asm__ volatile("vcmptrueps %%ymm15, %%ymm15, %%ymm15" ::: "xmm15");
#endif
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("dirty_upper", verify)};
