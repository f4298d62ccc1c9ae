/* What this machine can and cannot resolve: identical builds against each other, and builds that are slower
 * by a known amount, through the very comparison that `assay gate` makes. */
#ifndef ASSAY_MEASUREMENTS_SELFTEST_H
#define ASSAY_MEASUREMENTS_SELFTEST_H

#include <jansson.h>

#include "harness/base/stats.h"
#include "harness/job/job.h"

#define SELFTEST_ALGS 2
#define SELFTEST_STEPS 5  /* injected slowdowns */
#define SELFTEST_LEAST 10 /* trials; of fewer, none can be found 9 times in 10 */

struct selftest_options {
  unsigned trials;
  double budget_s;    /* of all trials */
  const char *corpus; /* folder; NULL: the default corpus */
  int cpu;
  bool json;
};

/* Of one algorithm, over all trials. */
struct selftest_alg {
  enum assay_alg alg;
  unsigned trials, called_different; /* identical builds */
  unsigned found[SELFTEST_STEPS];    /* trials in which the injected slowdown was found */
  struct samples base_ns;            /* one value a trial: what drifts */
};

struct selftest {
  const struct selftest_options *options;
  double clock_price_ns, clock_step_ns;
  double null_ns; /* per token, everything but the library; NAN: not measured */
  unsigned launches;
  double launch_s, took_s, load;
  char cpu[128], started[64];
  unsigned cores, trials_done;
  struct selftest_alg algs[SELFTEST_ALGS];
  bool sanitized;
};

/* Per cent of the library's own work, ascending. */
extern const double selftest_steps[SELFTEST_STEPS];

/* Runs all trials. False: interrupted (what was finished stands), or impossible: error says why. */
bool selftest_run(struct selftest *selftest, int argc, char **argv, struct assay_error *error);
void selftest_fini(struct selftest *selftest);

/* The smallest step that was found in 9 of 10 trials, and every larger one too; NAN: none, or there were too
 * few trials to say. In per cent. */
double selftest_detectable(const struct selftest_alg *alg);
/* Of all algorithms the worst. */
double selftest_min_detectable(const struct selftest *selftest);
double selftest_false_positive_rate(const struct selftest *selftest);
/* How far the base's time moved over the trials, as a share of its median. */
double selftest_drift(const struct selftest_alg *alg);

json_t *selftest_json(const struct selftest *selftest);
/* Where the last whole self-test is kept. */
void selftest_path(char *path, size_t size);
/* Whether it is to be quoted by reports: its figures mean something, and it is not of fewer trials than the
 * one of this machine that is kept. */
bool selftest_is_to_keep(const struct selftest *selftest);
/* What it found, into a result's noise, if it looked at a processor and a number of cores like these. */
void selftest_recall(struct result *result);

#endif
