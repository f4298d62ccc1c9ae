/* Does the time of a refusal depend on the secret? Two classes of tokens that differ only in what must not
 * matter are timed, each token alone and at one and the same address, in an order drawn anew for every block,
 * so that what disturbs the machine falls on all classes alike; Welch's t-test says whether the means differ
 * (the method of dudect: Reparaz, Balasch, Verbauwhede, 2017). Single long timings are interrupts and other
 * guests, so the test is made at several crops, each without the longest share of the samples of both. */
#ifndef ASSAY_MEASUREMENTS_LEAK_H
#define ASSAY_MEASUREMENTS_LEAK_H

#include <jansson.h>
#include <signal.h>

#include "harness/base/hist.h"
#include "harness/engine/runner.h"

#define LEAK_SUSPECT 4.5 /* |t| from which means are likely different */
#define LEAK_CERTAIN 10  /* |t| that chance does not reach, whatever the number of crops */

#define LEAK_OVER_NOISE 2 /* |t| counts if it is so many times that of the run's noise */

/* What is compared. All tokens have the same header, claims and length, and a MAC that is wrong. */
enum leak_class {
  LEAK_RANDOM,  /* a random MAC: what the others are compared with */
  LEAK_NEAR,    /* the right MAC but for its last octet */
  LEAK_EXPIRED, /* a random MAC behind claims that have expired: never looked at before the MAC is right */
  LEAK_AGAIN,   /* another random MAC: the noise of the run */
  LEAK_CLASSES
};

#define LEAK_TOKENS 64 /* good tokens that those of each class are made from: those of a block */
#define LEAK_MACS 64   /* wrong MACs of each in every class, so that no single one's time decides */
#define LEAK_CASES (LEAK_CLASSES * LEAK_MACS * LEAK_TOKENS)

enum leak_answer { LEAK_NONE_SEEN, LEAK_SUSPECTED, LEAK_FOUND };

struct leak_test {
  double t;             /* of the crop with the largest |t|; above 0: slower than the random class */
  double difference_ns; /* of the means at that crop */
  double crop;          /* share of samples that it kept, 0..1 */
  uint64_t samples;     /* of the smaller class, before any crop */
};

struct leak_plan {
  uint32_t list_at; /* the slice of a worker's lists that holds the LEAK_CASES tokens, class by class, MAC by
                       MAC; its begin is overwritten for every block, and restored */
  uint64_t samples; /* wanted of each class */
  double budget_s;  /* stops here at the latest */
  int cpu;
  uint64_t order_seed;
  const volatile sig_atomic_t *stop;
  void (*progress)(void *arg, const char *what, double share);
  void *arg;
};

/* How different two classes are, by their timings alone. */
struct leak_test leak_judge(const struct hist *one, const struct hist *random);

/* What may be said, given what two classes of the same kind showed in the same run: t of nothing at all can
 * exceed what a table says of it, since a machine's timings are not drawn independently. */
enum leak_answer leak_answer(const struct leak_test *test, const struct leak_test *noise);

/* Times all classes of one subject. hists: LEAK_CLASSES of them. False and a sentence where the worker died
 * or answered a token wrongly, false without one when stopped. */
bool leak_measure(struct subject *subject, const struct leak_plan *plan, struct hist *hists,
                  struct assay_error *error);

/* ---- leak_run.c: the whole of it, as `assay leak` does it ---- */

struct leak_options {
  struct subject_specs subjects; /* as of struct job_options, */
  const char *corpus;            /* likewise */
  double samples;                /* of each class */
  int cpu;                       /* -1: the last core */
};

struct leak_row {
  char *label;
  struct leak_test tests[LEAK_CLASSES]; /* of LEAK_RANDOM: nothing */
  uint64_t samples;
};

struct leak {
  struct leak_row *rows; /* one a subject */
  unsigned count;
};

/* Makes spoilt tokens from a corpus, starts the subjects and times them. False and a sentence, or false
 * without one when stopped. leak_fini in either case. */
bool leak_run(struct leak *leak, const struct leak_options *options, struct assay_error *error);
void leak_fini(struct leak *leak);
/* "none seen", "suspected" or "LEAK". */
const char *leak_answer_name(const struct leak_test *test, const struct leak_test *noise);
json_t *leak_json(const struct leak *leak);

#endif
