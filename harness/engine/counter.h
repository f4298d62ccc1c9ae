/* The kernel's counter of what another process executes, where kernel and machine offer one (perf_event_open,
 * Linux 2.6.31). User mode only: what the kernel does for the process is not counted. */
#ifndef ASSAY_ENGINE_COUNTER_H
#define ASSAY_ENGINE_COUNTER_H

#include <stdint.h>
#include <sys/types.h>

#include "harness/base/error.h"

enum counter_event {
  COUNTER_INSTRUCTIONS, /* retired, by the processor: many virtual machines have no such counter */
  COUNTER_PAGE_FAULTS   /* by the kernel itself, wherever it allows counters at all */
};

struct counter {
  int fd; /* -1: closed */
};

/* Counts from now on what the process's main thread does; pid 0: the calling thread. False and a sentence
 * where the kernel does not offer it. */
bool counter_open(struct counter *counter, enum counter_event event, pid_t pid, struct assay_error *error);
/* How many so far. False and a sentence where the counter shared the processor's with other users, since then
 * the number would be an estimate. */
bool counter_read(const struct counter *counter, uint64_t *count, struct assay_error *error);
void counter_close(struct counter *counter);

#endif
