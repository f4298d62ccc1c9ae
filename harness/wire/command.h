/* What a host can tell a worker to do. */
#ifndef ASSAY_WIRE_COMMAND_H
#define ASSAY_WIRE_COMMAND_H

#include <stdint.h>

#define CONTROL_THREADS_MAX 64
#define CONTROL_TIMES_MAX 1024 /* operations of a BLOCK_TIMES */
#define CONTROL_EVICT_BYTES (UINT64_C(64) << 20)
#define CONTROL_IDENTITY_BYTES 32768

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
  BLOCK_USE,   /* the `use`th bare verify under a key that was just imported, in a context of its own: each is
                  timed alone, one clock reading is part of it */
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
  uint32_t use;     /* 1.., for BLOCK_USE */
  uint32_t latency; /* 1: every operation is timed into `hist` */
  uint32_t count_allocations; /* 1: what the operations behind the lead take from the heap is counted;
                                 BLOCK_VERIFY on one thread only */
  uint32_t alg;               /* enum assay_alg, for BLOCK_KEY_IMPORT */
  uint32_t key_bits;
};

/* What calls of the library leave behind for whatever runs next on the same core. */
enum side_effect {
  SIDE_UPPER_HALVES = 1,           /* the upper halves of the vector registers are in use: no vzeroupper */
  SIDE_EFFECTS = SIDE_UPPER_HALVES /* all of them */
};

/* Answers of COMMAND_PRIMITIVE alone are enum assay_outcome; with this bit they are key_open's. */
#define ANSWER_OF_KEY 0x100

#endif
