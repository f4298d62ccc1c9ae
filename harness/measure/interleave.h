/* Series of blocks that are compared with each other: each is run once a round, in random order, on the same
 * core (METHOD 1). What a series measures is its command's affair: this knows blocks and rounds only. */
#ifndef ASSAY_MEASURE_INTERLEAVE_H
#define ASSAY_MEASURE_INTERLEAVE_H

#include <signal.h>

#include "harness/measure/stats.h"
#include "harness/subject/subject.h"

struct series {
  unsigned subject;               /* index into the interleave's subjects */
  struct control_command command; /* `start` is where the first round begins; each goes on after the last */
  bool disturbed_too;             /* takes blocks as they come: for those that are short but take long */
  unsigned tag;                   /* the caller's own */
  struct samples ns;              /* a token, one value a round */
  char missing[160];              /* why it fell out; "": it did not */
  uint64_t wrong;                 /* wrong verdicts in all its blocks */
  uint32_t first_wrong;           /* token index; CORPUS_NONE: none */
  uint16_t wrong_reason;          /* enum assay_reason */
};

struct interleave {
  struct subject *subjects;
  struct series *series;
  unsigned count;
  uint64_t random; /* state of the generator of orders; its seed before the first call */
  const volatile sig_atomic_t *stop;
  /* Called every round; share of the budget, 0..1. */
  void (*progress)(void *arg, const char *what, double share);
  const char *what;
  uint64_t repeated; /* blocks that were run again because the worker lost its core in them */
};

/* Every series once, untimed, for about warm_ns each (by the time its first few tokens take). Then rounds
 * until the budget is used up, and at least `rounds_least`. Returns how many rounds came to an end. */
unsigned interleave_run(struct interleave *interleave, double budget_s, double warm_ns,
                        unsigned rounds_least);

/* One block of it now, outside of any round; ns per token, NAN where it fell out. */
double series_block(struct interleave *interleave, struct series *series);

/* Frees the samples of all series, and the array. */
void interleave_free(struct interleave *interleave);

#endif
