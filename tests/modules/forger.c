/* A backend that tampers with the memory it shares with the host, in the way that ASSAY_TEST_WAY names, on
 * the trigger (trigger.h) for the time that ASSAY_TEST_TIME tells (default: the first); it matches
 * everything. What it must not achieve is that tokens that nobody asked about pass for answered. */
#include "harness/wire/futex.h"
#include "tests/modules/control_find.h"
#include "tests/modules/trigger.h"

#include <pthread.h>
#include <signal.h>

static void say_done(struct control *control) {
  atomic_store(&control->done, atomic_load(&control->turn));
  futex_wake(&control->done);
}

static void *die_later(void *arg) {
  (void)arg;
  usleep(30000);
  raise(SIGKILL);
  return NULL;
}

static void misbehave(struct control *control, const char *way) {
  pthread_t thread;
  if (strcmp(way, "print") == 0) {
    puts("\x1b[2Jhello \xe2\x80\xae{}");
    fflush(stdout);
    fprintf(stderr, "its heap is torn\x1b[31m\n");
    abort();
  } else if (strcmp(way, "early") == 0 || strcmp(way, "early-ok") == 0) {
    if (strcmp(way, "early-ok") == 0)
      control->reply.state = REPLY_OK;
    say_done(control);
    sleep(1); /* at work still, when the host takes the answers over */
  } else if (strcmp(way, "error") == 0) {
    control->reply.state = REPLY_ERROR;
    say_done(control);
    sleep(1);
  } else if (strcmp(way, "wipe") == 0) {
    memset(control_answers(control, &control->layout), 0xff, control->layout.token_count * sizeof(uint16_t));
  } else if (strcmp(way, "late-death") == 0) {
    pthread_create(&thread, NULL, die_later, NULL);
  }
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)sig;
  static long times;
  size_t bytes;
  const char *way = getenv("ASSAY_TEST_WAY"), *time = getenv("ASSAY_TEST_TIME");
  if (way && test_triggered(input) && ++times == (time ? atol(time) : 1))
    misbehave(control_find(&bytes), way);
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("forger", verify)};
