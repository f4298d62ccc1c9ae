/* One thread's part of a measured block: what its loops go over, and what they note. */
#ifndef ASSAY_WORKER_LANE_H
#define ASSAY_WORKER_LANE_H

#include <pthread.h>

#include "harness/wire/control.h"
#include "harness/worker/asker.h"

struct worker;

/* Thread 0 is the worker's main thread. */
struct lane {
  struct worker *worker;
  unsigned number;
  pthread_t thread;
  struct asking *asking;       /* of setting 0 */
  const uint32_t *lists;       /* of the memory that is shared, as are the next two */
  _Atomic uint64_t *in_flight; /* this thread's own */
  struct hist *hist;           /* likewise; NULL: it is not to time its tokens */
  uint64_t elapsed_ns, wrong;
  uint32_t first_wrong;
  uint16_t wrong_reason;
  uint32_t side_effects;    /* enum side_effect */
  struct assay_error error; /* text empty: none */
};

/* A way around a slice of the lists, once and again. */
struct cursor {
  const uint32_t *list;
  uint32_t len, at;
};

/* Each thread begins at another place of the slice. */
static inline struct cursor cursor_of(const struct lane *lane, const struct control_command *command) {
  uint32_t offset = lane->number * (command->list_len / command->threads);
  return (struct cursor){lane->lists + command->list_at, command->list_len,
                         (command->start + offset) % command->list_len};
}

static inline uint32_t cursor_next(struct cursor *cursor) {
  uint32_t token = cursor->list[cursor->at];
  if (++cursor->at == cursor->len)
    cursor->at = 0;
  return token;
}

/* Names the token that the thread goes to work on, for the case that it does not come back. */
static inline void note_in_flight(_Atomic uint64_t *in_flight, uint32_t step, uint32_t token) {
  atomic_store_explicit(in_flight, (uint64_t)(step + 1) << 32 | token, memory_order_relaxed);
}

static inline void note_wrong(struct lane *lane, uint32_t token, enum assay_reason reason) {
  if (lane->wrong++ == 0) {
    lane->first_wrong = token;
    lane->wrong_reason = (uint16_t)reason;
  }
}

#endif
