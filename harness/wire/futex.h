/* Sleeping on a word of shared memory. */
#ifndef ASSAY_WIRE_FUTEX_H
#define ASSAY_WIRE_FUTEX_H

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Returns when the word is woken, is not `old` any more, after the time-out or at a signal: look again. */
static inline void futex_wait(_Atomic uint32_t *word, uint32_t old, int64_t timeout_ns) {
  struct timespec limit = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
  syscall(SYS_futex, word, FUTEX_WAIT, old, timeout_ns < 0 ? NULL : &limit, NULL, 0);
}

static inline void futex_wake(_Atomic uint32_t *word) {
  syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

#endif
