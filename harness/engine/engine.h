/* The one engine that times things: launches, groups in random order, rounds in random order. It knows
 * neither tokens nor algorithms nor result rows, and its rules are the same for all that is measured:
 *
 *   spread     every launch has rounds of all groups, in another order, so that no group's rounds fall into one
 *              moment of the run; an anchor (anchor.h) is read in between
 *   fresh      every launch has processes of its own; a subject that cannot be started falls out, and the
 *              rest goes on
 *   calibrated blocks are as long as the fastest series sets them, twice measured, then frozen
 *   warm       every series runs untimed right before its rounds in every launch: sessions open, predictors learn,
 *              tables fill
 *   disturbed  a block in which another process was given the core is run again; one that never passes
 *              undisturbed is taken as it is, and the median has to do
 *   whole      a round or a launch that was interrupted counts for no series
 *   checked    wrong verdicts are counted in every block; a crash or a hang ends the series and all of its arm
 *              (series.h), and is told
 *
 *   group_add ... -> engine_run -> read the groups -> group_fini */
#ifndef ASSAY_ENGINE_ENGINE_H
#define ASSAY_ENGINE_ENGINE_H

#include <signal.h>

#include "harness/engine/anchor.h"
#include "harness/engine/runner.h"
#include "harness/engine/series.h"

#define ENGINE_LAUNCHES 6 /* the fewest that give an interval of 95 % */

struct engine {
  const struct runner *runner;
  struct group *groups; /* the caller's */
  unsigned group_count;
  unsigned launches;
  struct anchor *anchor; /* read between all groups; NULL: none */
  bool first_is_fresh;   /* the subjects have just been started: the first launch takes them as they are */
  bool starts_are_paid;  /* starting them is taken from the budgets, in equal shares */
  uint64_t random;       /* the state of the generator of orders: its seed at first */
  const volatile sig_atomic_t *stop; /* non-zero: finish at once; NULL: never */
  /* Called every round; share of the expected time, 0..1. NULL: not. */
  void (*progress)(void *arg, const char *what, double share);
  /* Called when a subject fell out. NULL: not. */
  void (*finding)(void *arg, unsigned subject, enum subject_event event, uint32_t token, const char *why);
  void *arg;
  /* Found. */
  unsigned launches_done;
  uint64_t blocks;                 /* that were run */
  uint64_t repeated;               /* of them, run again because they were disturbed */
  uint64_t arena_high_water_bytes; /* the most of all subjects */
};

/* False where it was stopped before the end: whole launches stand. */
bool engine_run(struct engine *engine);

#endif
