/* What this machine can and cannot resolve: identical builds against each other, and builds that are slower
 * by a known amount, each in a comparison of its own, which is the one that `assay gate` makes of a base and
 * a head for as long. Injected slowdowns are tried from the largest on, until one is missed too often: what is
 * smaller is not tried. */
#ifndef ASSAY_MEASUREMENTS_SELFTEST_H
#define ASSAY_MEASUREMENTS_SELFTEST_H

#include <jansson.h>

#include "harness/base/stats.h"
#include "harness/job/job.h"

#define SELFTEST_ALGS 2
#define SELFTEST_STEPS 5  /* injected slowdowns */
#define SELFTEST_LEAST 10 /* tries; of fewer, none can be found 9 times in 10 */

struct selftest_options {
  unsigned trials;    /* comparisons of identical builds, of each algorithm */
  unsigned tries;     /* of each injected slowdown, of each algorithm */
  int only;           /* the one of selftest_steps that is tried; -1: as many as there is need for */
  double budget_s;    /* of a comparison */
  const char *corpus; /* folder; NULL: the default corpus */
  int cpu;
  bool json;
};

/* Of one algorithm. */
struct selftest_alg {
  enum assay_alg alg;
  unsigned trials, called_different; /* identical builds */
  unsigned tries[SELFTEST_STEPS],
      found[SELFTEST_STEPS]; /* of the injected slowdown, and those that found it */
  struct samples base_ns;    /* one value a comparison: what drifts */
};

struct selftest {
  const struct selftest_options *options;
  double clock_price_ns, clock_step_ns;
  double null_ns; /* per token, everything but the library; NAN: not measured */
  unsigned launches;
  double launch_s, took_s, load;
  char cpu[128], started[64];
  unsigned cores, done, planned; /* comparisons */
  struct selftest_alg algs[SELFTEST_ALGS];
  bool complete, sanitized;
};

/* Per cent of the library's own work, ascending. */
extern const double selftest_steps[SELFTEST_STEPS];

/* Makes all comparisons. False: interrupted (what was finished stands), or impossible: error says why. */
bool selftest_run(struct selftest *selftest, int argc, char **argv, struct assay_error *error);
void selftest_fini(struct selftest *selftest);

/* The smallest step that was found in 9 of 10 tries, and every larger one that was tried too; NAN: none, or
 * there were too few tries to say. In per cent. */
double selftest_detectable(const struct selftest_alg *alg);
/* Of all algorithms the worst. */
double selftest_min_detectable(const struct selftest *selftest);
/* Of identical builds, of all algorithms. */
unsigned selftest_trials(const struct selftest *selftest);
double selftest_false_positive_rate(const struct selftest *selftest);
/* How far the base's time moved over the comparisons, as a share of its median. */
double selftest_drift(const struct selftest_alg *alg);

json_t *selftest_json(const struct selftest *selftest);
/* Where the last whole self-test is kept. */
void selftest_path(char *path, size_t size);
/* Whether it is to be quoted by reports: its figures mean something, and it is of no fewer and no shorter
 * comparisons than the one of this machine that is kept. */
bool selftest_is_to_keep(const struct selftest *selftest);
/* What it found, into a result's noise, if it looked at a processor and a number of cores like these. */
void selftest_recall(struct result *result);

#endif
