/* A backend that misbehaves in every thread but the main one, on the trigger (trigger.h), in the way that
 * ASSAY_TEST_WAY names: `crash`, `overflow` (of its stack), `hang`, `kill` (the whole process, which tells of
 * no thread) or `lie`. Where ASSAY_TEST_SLOW is set the main thread is slow, so that it is at work then, too.
 * It matches everything else. */
#include "tests/modules/trigger.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static int *volatile nowhere;
static _Atomic bool main_is_at_work;

__attribute__((noinline, no_sanitize("address", "undefined"))) static unsigned overflow(unsigned depth) {
  volatile char room[4096];
  room[depth % sizeof room] = (char)depth;
  return depth == UINT32_MAX ? 0 : overflow(depth + 1) + (unsigned)room[0];
}

__attribute__((no_sanitize("address", "undefined"))) static enum assay_outcome misbehave(const char *way) {
  if (strcmp(way, "crash") == 0)
    *nowhere = 1;
  if (strcmp(way, "overflow") == 0)
    overflow(0);
  if (strcmp(way, "kill") == 0)
    kill(getpid(), SIGKILL);
  while (strcmp(way, "hang") == 0)
    pause();
  return strcmp(way, "lie") == 0 ? ASSAY_MISMATCH : ASSAY_MATCH;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)sig;
  const char *way = getenv("ASSAY_TEST_WAY");
  if (!way)
    return ASSAY_MATCH;
  bool is_slow = getenv("ASSAY_TEST_SLOW") != NULL;
  if (gettid() == getpid()) {
    atomic_store(&main_is_at_work, true);
    usleep(is_slow ? 50000 : 0);
    return ASSAY_MATCH;
  }
  if (!test_triggered(input))
    return ASSAY_MATCH;
  while (is_slow && !atomic_load(&main_is_at_work))
    usleep(100);
  return misbehave(way);
}

const struct assay_backend assay_backend = {TEST_MODULE("lanes", verify)};
