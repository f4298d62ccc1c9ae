/* A backend that starts processes which nobody asked for, in the way that ASSAY_TEST_WAY names, on the
 * trigger (trigger.h), and dies 30 tokens later. It matches everything. */
#include "tests/modules/trigger.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void sleep_on(void) {
  for (;;)
    pause();
}

static void start(const char *way) {
  if (strcmp(way, "alone") == 0) { /* out of reach of whatever ends with its parent or its group */
    prctl(PR_SET_PDEATHSIG, 0);
    return;
  }
  if (fork() != 0)
    return;
  if (strcmp(way, "daemon") == 0) {
    setsid();
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    if (fork() != 0)
      _exit(0);
  }
  if (strcmp(way, "tree") == 0)
    for (int i = 0; i < 3; i++)
      setpgid(0, fork());
  sleep_on();
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)sig;
  static int times;
  const char *way = getenv("ASSAY_TEST_WAY");
  if (way && test_triggered(input) && ++times == 1)
    start(way);
  if (way && times == 30) {
    if (strcmp(way, "group") == 0)
      kill(0, SIGKILL); /* its own, and nobody else's */
    abort();
  }
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("forks", verify)};
