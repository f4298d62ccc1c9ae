/* What a worker says of its work, checked once, when the host takes it over. The library under test can write
 * into the memory that the reply stands in: what cannot be is refused here, so that nothing behind this has
 * to doubt a number. */
#ifndef ASSAY_SUBJECT_OUTCOME_H
#define ASSAY_SUBJECT_OUTCOME_H

#include "harness/base/error.h"
#include "harness/base/hist.h"
#include "harness/wire/command.h"

struct control_reply;

/* Of one command. All but the switches is 0 of one that measures nothing. */
struct outcome {
  uint64_t elapsed_ns;   /* the longest of the threads; never 0 of a block */
  double tokens_per_s;   /* the sum over threads */
  uint64_t wrong;        /* wrong verdicts among the operations, lead included */
  uint32_t first_wrong;  /* a token of the command's list; CORPUS_NONE: none, or the block asks about none */
  uint32_t wrong_reason; /* enum assay_reason: what was answered there */
  uint64_t involuntary_switches; /* of the worker since its start */
  uint64_t put_aside;            /* of those, the ones during this command: its time is not its own */
  uint64_t arena_high_water_bytes;
  uint64_t allocations, allocated_bytes;
  uint32_t side_effects; /* enum side_effect; 0 also where the processor does not tell */
};

/* What the host itself knows of a command that a worker has carried out. */
struct outcome_bounds {
  const struct control_command *command;
  const uint32_t *list;       /* command->list_len tokens, the host's own */
  uint64_t took_ns, lived_ns; /* since the command was given, and since the worker was started */
};

enum outcome_kind {
  OUTCOME_HOLDS,
  OUTCOME_REFUSED,    /* the worker could not do it: its own sentence */
  OUTCOME_MISSING,    /* it said that it was done, and had not done it */
  OUTCOME_IMPOSSIBLE, /* the reply has been written over */
};

/* Reads the reply, which may change meanwhile, once. Of all kinds but OUTCOME_HOLDS *why is a sentence
 * without the subject's name, and the outcome all zero. */
enum outcome_kind outcome_take(const struct control_reply *reply, const struct outcome_bounds *bounds,
                               struct outcome *outcome, struct assay_error *why);

/* Whether a histogram can be one of so many samples. */
bool outcome_hist_holds(const struct hist *hist, uint64_t samples);

#endif
