/* Series of blocks that are compared with each other: each is run once a round, in random order, on the same
 * core (METHOD 1). What a series measures is its command's affair: this knows blocks, rounds and launches
 * only. Blocks are no sample of anything; a launch, all subjects in fresh processes, gives one value (METHOD
 * 3). */
#ifndef ASSAY_TIMING_INTERLEAVE_H
#define ASSAY_TIMING_INTERLEAVE_H

#include <signal.h>

#include "harness/base/stats.h"
#include "harness/subject/subject.h"

struct series {
  unsigned subject;               /* index into the interleave's subjects */
  struct control_command command; /* `start` is where the first round begins; each goes on after the last */
  bool disturbed_too;             /* takes blocks as they come: for those that are short but take long */
  unsigned tag;                   /* the caller's own */
  const struct series *against;   /* what `log_ratio` compares it with; NULL: nothing */
  struct samples rounds_ns;       /* a token, one value a round of the launch that runs */
  struct samples ns;              /* a token, the median over rounds, one value a launch */
  struct samples log_ratio;       /* ln of its time over that of `against`, likewise */
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

#define INTERLEAVE_LAUNCHES 6 /* the fewest that give an interval of 95 % */

struct interleave_plan {
  unsigned launches;
  double budget_s; /* of all launches, restarts included */
  double warm_ns;  /* untimed, of every series in every launch, by the time that its first few tokens take */
  unsigned rounds_least; /* of a launch, whatever they take */
};

/* Starts the series' subjects anew for every launch, and runs rounds until its share of the budget is used
 * up. False and a sentence where a subject cannot be started; false without one when stopped. A launch that
 * was stopped gives no values. */
bool interleave_run(struct interleave *interleave, const struct interleave_plan *plan,
                    struct assay_error *error);

/* One block of it now, outside of any round; ns per token, NAN where it fell out. */
double series_block(struct interleave *interleave, struct series *series);

/* Frees the samples of all series, and the array. */
void interleave_free(struct interleave *interleave);

#endif
