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

#define CONTROL_ABI 7u
#define CONTROL_THREADS_MAX 64
#define CONTROL_TIMES_MAX 1024 /* operations of a BLOCK_TIMES */
#define CONTROL_EVICT_BYTES (UINT64_C(64) << 20)
/* Descriptors that a worker begins with, beside the standard ones: this memory, and that of vectors_seal. */
#define CONTROL_FD 3
#define CONTROL_VECTORS_FD 4
/* In the environment of a worker whose instructions are counted: nothing about it may be left to chance. */
#define WORKER_REPEATABLE "ASSAY_REPEATABLE"

enum command_kind {
  COMMAND_CHECK = 1, /* ask about every token of a list slice once, write answers */
  COMMAND_BLOCK,     /* a measured block */
  COMMAND_QUIT,
  COMMAND_PRIMITIVE, /* ask the bare library about every raw vector of a list slice once */
  COMMAND_GUARDED    /* the same, behind the pipeline's key import and form checks */
};

enum block_kind {
  BLOCK_VERIFY,     /* the whole pipeline */
  BLOCK_PRIMITIVE,  /* the backend's verify alone, on input already split and decoded */
  BLOCK_KEY_IMPORT, /* key_open and key_close of the default policy's keys for the alg */
  BLOCK_CONTEXT,    /* ctx_open and ctx_close */
  BLOCK_PREFIX,     /* the pipeline cut off after `stages` of its stages */
  BLOCK_BATCH, /* as BLOCK_PRIMITIVE, `batch` signatures a call of verify_batch; count is a multiple of it */
  BLOCK_COLD,  /* BLOCK_VERIFY with CONTROL_EVICT_BYTES written through before each token, which is timed
                  alone: one clock reading is part of it */
  BLOCK_TIMES  /* BLOCK_VERIFY with the time of every operation in `times`, in the order of the list. A
                  backend gets each token at one and the same address: where it lies tells nothing about it */
};

struct control_command {
  uint32_t kind;    /* enum command_kind */
  uint32_t block;   /* enum block_kind */
  int32_t cpu;      /* run on this core; -1: wherever the scheduler likes */
  uint32_t threads; /* 1.. ; more than one: BLOCK_VERIFY only */
  uint32_t list_at; /* the slice of `lists` that holds the tokens */
  uint32_t list_len;
  uint32_t start;   /* first token, relative to the slice; wraps around */
  uint32_t count;   /* operations, of each thread */
  uint32_t lead;    /* operations before them that are not timed: they refill caches after the hand-over */
  uint32_t stages;  /* 0..9, for BLOCK_PREFIX */
  uint32_t batch;   /* for BLOCK_BATCH */
  uint32_t latency; /* 1: every operation is timed into `hist` */
  uint32_t count_allocations; /* 1: what the operations behind the lead take from the heap is counted;
                                 BLOCK_VERIFY on one thread only */
  uint32_t alg;               /* enum assay_alg, for BLOCK_KEY_IMPORT */
  uint32_t key_bits;
};

/* REPLY_NONE until the work is done: `done` beside it is a lie. */
enum reply_state { REPLY_NONE, REPLY_OK, REPLY_ERROR };

struct control_reply {
  uint32_t state;        /* enum reply_state */
  uint32_t first_wrong;  /* token index of the first wrong verdict */
  uint32_t wrong_reason; /* what was answered there */
  uint32_t reserved;
  uint64_t wrong;                /* wrong verdicts among the operations, lead included */
  uint64_t elapsed_ns;           /* the longest of the threads; never 0 after a block */
  double tokens_per_s;           /* the sum over threads */
  uint64_t involuntary_switches; /* of the worker since its start */
  uint64_t put_aside;            /* of those, the ones during this command: its time is not its own */
  uint64_t arena_high_water_bytes;
  uint64_t allocations, allocated_bytes; /* of count_allocations */
  char error[1024];
};

struct control {
  uint32_t abi, size; /* CONTROL_ABI, size of the whole mapping in bytes: checked by the worker */
  int32_t host;       /* its process: a worker whose parent is another one by now was left behind */
  _Atomic uint32_t turn, done;
  struct control_command command;
  struct control_reply reply;
  /* Of thread 0: (position in the list + 1) << 32 | token index; 0: none. Tells who was at work when the
   * worker died, and that it is alive. */
  _Alignas(64) _Atomic uint64_t in_flight;
  _Alignas(64) char identity[32768]; /* JSON, written before the first `done`; see worker_identity.c */
  uint32_t token_count;
  uint64_t answers_at, lists_at;     /* offsets from the start: uint16_t[token_count], uint32_t[] */
  uint64_t words_at;                 /* of what kept_words.h keeps; 0: the host wants no words */
  uint32_t words_bytes;              /* room for texts there */
  uint32_t words_used;               /* of it; written by the worker alone */
  uint32_t times[CONTROL_TIMES_MAX]; /* of BLOCK_TIMES, in nanoseconds */
  struct hist hist;
};

static inline uint16_t *control_answers(struct control *control) {
  return (uint16_t *)((char *)control + control->answers_at); /* enum assay_reason, or ANSWER_NONE */
}

static inline uint32_t *control_lists(struct control *control) {
  return (uint32_t *)((char *)control + control->lists_at);
}

/* Answers of COMMAND_PRIMITIVE alone are enum assay_outcome; with this bit they are key_open's. */
#define ANSWER_OF_KEY 0x100

#endif
