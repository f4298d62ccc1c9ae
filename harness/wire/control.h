/* The memory that a host shares with one worker, and the commands it gives it.
 *
 * The host makes it as a memfd and hands it down; it outlives the worker, so that a crash or a hang loses
 * nothing but the token in flight. The host writes `command` and adds one to `turn`; the worker does the
 * work, writes `reply` and sets `done` to the same number. Both words are futexes. */
#ifndef ASSAY_WIRE_CONTROL_H
#define ASSAY_WIRE_CONTROL_H

#include <stdatomic.h>
#include <stdint.h>

#include "harness/base/answer.h"
#include "harness/base/hist.h"
#include "harness/wire/command.h"

#define CONTROL_ABI 10u
/* Descriptors that a worker begins with, beside the standard ones: this memory, and that of vectors_seal. Its
 * keeper has one more, the writing end of a pipe to the host (keeper.h). */
#define CONTROL_FD 3
#define CONTROL_VECTORS_FD 4
#define KEEPER_FD 5
/* In the environment of a worker whose instructions are counted: nothing about it may be left to chance. */
#define WORKER_REPEATABLE "ASSAY_REPEATABLE"

/* REPLY_NONE until the work is done: `done` beside it is a lie. */
enum reply_state { REPLY_NONE, REPLY_OK, REPLY_ERROR };

struct control_reply {
  uint32_t state;                /* enum reply_state */
  uint32_t first_wrong;          /* token index of the first wrong verdict */
  uint32_t wrong_reason;         /* what was answered there */
  uint32_t side_effects;         /* of BLOCK_PRIMITIVE, enum side_effect */
  uint64_t wrong;                /* wrong verdicts among the operations, lead included */
  uint64_t elapsed_ns;           /* the longest of the threads; never 0 after a block */
  double tokens_per_s;           /* the sum over threads */
  uint64_t involuntary_switches; /* of the worker since its start */
  uint64_t put_aside;            /* of those, the ones during this command: its time is not its own */
  uint64_t arena_high_water_bytes;
  uint64_t allocations, allocated_bytes; /* of count_allocations */
  char error[1024];
};

/* Where the parts of the memory lie that depend on the corpus, as offsets from its start. The host goes by a
 * copy of its own and never by the one in the memory, which the library under test can write to. */
struct control_layout {
  uint64_t bytes;      /* of the whole memory */
  uint64_t answers_at; /* uint16_t[token_count]: enum assay_reason, an outcome, or ANSWER_NONE */
  uint64_t lists_at;   /* uint32_t[list_len]: token indexes */
  uint64_t hists_at;   /* struct hist[hist_count]: one for each thread that may be told to time its tokens */
  uint64_t words_at;   /* of what kept_words.h keeps; 0: the host wants no words */
  uint32_t token_count, list_len, hist_count;
  uint32_t words_bytes; /* room for texts there */
};

/* Of one thread of the worker, in a cache line of its own: what it is at work on. (position in the list + 1)
 * << 32 | token index; 0: nothing. Tells which token it was when the worker dies or hangs. */
struct control_lane {
  _Alignas(64) _Atomic uint64_t in_flight;
};

struct control {
  uint32_t abi; /* CONTROL_ABI: checked by the worker, as is layout.bytes */
  struct control_layout layout;
  _Atomic uint32_t turn, done;
  struct control_command command;
  struct control_reply reply;
  uint32_t words_used;        /* of layout.words_bytes; written by the worker alone */
  _Atomic uint32_t died_lane; /* plus one: the thread that a signal ended the worker in; 0: not known */
  struct control_lane lanes[CONTROL_THREADS_MAX];
  char identity[CONTROL_IDENTITY_BYTES]; /* JSON, written before the first `done`; see
                                                         worker_identity.c */
  uint32_t times[CONTROL_TIMES_MAX];     /* of BLOCK_TIMES, in nanoseconds */
};

static inline uint16_t *control_answers(struct control *control, const struct control_layout *layout) {
  return (uint16_t *)((char *)control + layout->answers_at);
}

static inline uint32_t *control_lists(struct control *control, const struct control_layout *layout) {
  return (uint32_t *)((char *)control + layout->lists_at);
}

static inline struct hist *control_hists(struct control *control, const struct control_layout *layout) {
  return (struct hist *)((char *)control + layout->hists_at);
}

#endif
