/* A backend that matches everything and counts how often it is asked: every context adds a line with its
 * number of calls to the file that ASSAY_TEST_COUNT names. */
#include "tests/modules/trigger.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static unsigned long calls;

static void count_and_close(struct assay_ctx *ctx) {
  char line[32];
  const char *path = getenv("ASSAY_TEST_COUNT");
  int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  int length = snprintf(line, sizeof line, "%lu\n", calls);
  if (fd >= 0 && write(fd, line, (size_t)length) == length)
    calls = 0;
  if (fd >= 0)
    close(fd);
  test_ctx_close(ctx);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)input, (void)sig;
  calls++;
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {.abi = ASSAY_BACKEND_ABI,
                                            .size = sizeof(struct assay_backend),
                                            .name = "counter",
                                            .summary = "a test module",
                                            .build = test_build,
                                            .algs = ASSAY_ALG_BIT(ASSAY_ALG_COUNT) - 1,
                                            .ctx_open = test_ctx_open,
                                            .ctx_close = count_and_close,
                                            .key_open = test_key_open,
                                            .key_close = test_key_close,
                                            .verify = verify};
