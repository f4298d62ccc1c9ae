/* Two builds, or more, against each other in one run (METHOD 5-7): the base, every head, and the base once
 * more, all arms in every round. What base against base shows is the noise of that very run, on whatever
 * machine it landed, and no difference below it is believed.
 *
 *   duet_plan -> duet_run -> duet_effects ... -> duet_fini
 *
 * Of each head and cell two things are compared, because neither sees everything: the median over rounds of
 * paired ratios, which a rare cost does not move, and the sum over blocks, without the longest few, which it
 * does. How often is fixed by duet_plan, before the first figure is known. */
#ifndef ASSAY_TIMING_DUET_H
#define ASSAY_TIMING_DUET_H

#include "harness/timing/bench.h"

#define DUET_LEVEL 0.01 /* joint level of all claims about one head */
#define DUET_MEASURES 2

enum duet_measure { DUET_MEDIAN, DUET_SUM };

struct duet {
  struct subject *subjects; /* the base first, the base again last, heads between */
  unsigned subject_count;
  bool has_floor; /* as a bench's */
  struct bench_cell *cells;
  unsigned cell_count;
  double budget_s;     /* of the measurement, worker starts included */
  int cpu;             /* the core that everything runs on */
  uint64_t order_seed; /* of cells and rounds */
  const volatile sig_atomic_t *stop;
  void (*progress)(void *arg, const char *what, double share);
  void (*finding)(void *arg, unsigned subject, enum subject_event event, uint32_t token);
  void *arg;
  /* Filled in by duet_plan. */
  unsigned launches;
  double cell_s; /* of one cell in one launch */
  struct bench bench;
};

/* A difference of time per token, as ln(head / base): above 0, the head is slower. */
struct duet_effect {
  unsigned cell, launches;
  enum duet_measure measure;
  double effect;    /* the median over launches */
  double low, high; /* its interval at the level that Holm leaves it; NAN: too few launches */
  double floor;     /* how far base against base reached from 0, by the same interval */
  bool resolved;    /* the interval leaves out 0 */
};

enum duet_answer {
  DUET_HOLDS,  /* a slowdown as large as the threshold is ruled out */
  DUET_SLOWER, /* resolved, beyond the noise of the run, and beyond the threshold */
  DUET_NOISY   /* neither: the run cannot say */
};

/* Starts every worker anew, which shows what a launch costs, and fixes how many launches there are and how
 * long each lasts. False and a sentence where the budget does not suffice for a claim. */
bool duet_plan(struct duet *duet, struct assay_error *error);
/* False when stopped before the end: nothing may be claimed then. */
bool duet_run(struct duet *duet);
void duet_fini(struct duet *duet);

/* The claims about one head over `cell_count` cells from `first` on, made together. effects has room for
 * DUET_MEASURES a cell. Returns how many there are: cells that were not measured have none. */
unsigned duet_effects(const struct duet *duet, unsigned head, unsigned first, unsigned cell_count,
                      struct duet_effect *effects);

/* threshold: as the effect, a logarithm. */
enum duet_answer duet_answer(const struct duet_effect *effect, double threshold);

/* How `count` pairs of samples, one a launch, are judged together: fills in all but cell and measure. For
 * tests and for duet_effects. */
void duet_judge(const struct samples *const *heads, const struct samples *const *again, unsigned count,
                struct duet_effect *effects);

#endif
