/* Two builds, or more, against each other in one run: the base, every head, and the base once
 * more, all in every round. What base against base shows is the noise of that very run, on whatever machine
 * it landed, and no difference below it is believed.
 *
 *   duet_item ... -> duet_plan -> duet_run -> duet_effects ... -> duet_fini
 *
 * Of each head and item two things are compared, because neither sees everything: the median over rounds of
 * paired ratios, which a rare cost does not move, and the sum over blocks, without the longest few, which it
 * does. How often is fixed by duet_plan, before the first figure is known. */
#ifndef ASSAY_ENGINE_DUET_H
#define ASSAY_ENGINE_DUET_H

#include "harness/base/error.h"
#include "harness/engine/engine.h"

#define DUET_LEVEL 0.01 /* joint level of all claims about one head */
#define DUET_MEASURES 2
#define DUET_BASE 0 /* the runner's number of the base; the base again is the last, heads are between */

enum duet_measure { DUET_MEDIAN, DUET_SUM };

struct duet {
  struct engine engine; /* runner, random, stop, progress, finding and arg are the caller's to set */
  double budget_s;      /* of the measurement, worker starts included */
  /* Filled in by duet_plan. */
  unsigned launches;
  double item_s; /* of one item in one launch */
};

/* A difference of time per operation, as ln(head / base): above 0, the head is slower. */
struct duet_effect {
  unsigned item, launches;
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

/* Adds one thing that is compared, without series as yet. The caller adds those of the base, heads and the
 * base again; others may stand among them. Pairs are made by duet_plan. */
struct group *duet_item(struct duet *duet, const char *what);
/* Starts every worker anew, which shows what a launch costs, and fixes how many launches there are and how
 * long each lasts. False and a sentence where the budget does not suffice for a claim. */
bool duet_plan(struct duet *duet, struct assay_error *error);
/* False when stopped before the end: nothing may be claimed then. */
bool duet_run(struct duet *duet);
void duet_fini(struct duet *duet);

/* The subject's series of an item; NULL: it has none. */
const struct series *duet_series(const struct duet *duet, unsigned item, unsigned subject);
/* One value a launch of it against the base; NULL: there are none. */
const struct samples *duet_samples(const struct duet *duet, unsigned item, unsigned subject,
                                   enum duet_measure measure);

/* The claims about one head over `count` items from `first` on, made together. effects has room for
 * DUET_MEASURES an item. Returns how many there are: items that were not measured have none. */
unsigned duet_effects(const struct duet *duet, unsigned head, unsigned first, unsigned count,
                      struct duet_effect *effects);

/* threshold: as the effect, a logarithm. */
enum duet_answer duet_answer(const struct duet_effect *effect, double threshold);

/* How `count` pairs of samples, one a launch, are judged together: fills in all but item and measure. For
 * tests and for duet_effects. */
void duet_judge(const struct samples *const *heads, const struct samples *const *again, unsigned count,
                struct duet_effect *effects);

#endif
