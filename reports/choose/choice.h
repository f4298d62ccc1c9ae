/* From what was measured to what to use: which subjects can carry a mix of algorithms at a rate,
 * with how many cores, and why the others cannot. The content_choice.c of it is for people,
 * choice_json for programs. */
#ifndef ASSAY_REPORTS_CHOOSE_CHOICE_H
#define ASSAY_REPORTS_CHOOSE_CHOICE_H

#include <jansson.h>

#include "reports/document/document.h"
#include "reports/model/ratio.h"
#include "reports/model/result.h"

#define CHOICE_MIX_MAX 32
#define CHOICE_CORES_MAX 4096

struct choice_share {
  const char *alg;   /* borrowed */
  unsigned key_bits; /* 0: the smallest key that was measured; choose() settles it */
  double share;      /* of the tokens; all weights are scaled to a sum of 1 */
};

struct choice_wish {
  struct choice_share mix[CHOICE_MIX_MAX];
  unsigned mix_count;
  double rate_per_s;
  double latency_ns; /* for 99 % of the tokens, waiting included; NAN: none wished */
  double busy_limit; /* of the cores' time, 0..1: what is planned with, waiting and floods aside */
  unsigned cores;    /* that there are; 0: as many as are needed */
};

/* Why a subject is out, the nearest to being in first. */
enum choice_out {
  CHOICE_USABLE,
  CHOICE_FEW_CORES,   /* needs more than there are */
  CHOICE_SLOW,        /* p99 above the target on however many cores */
  CHOICE_P99_UNKNOWN, /* so that no target can be promised */
  CHOICE_WRONG,       /* verdicts */
  CHOICE_UNMEASURED
};

/* A subject and what it would take. Figures are NAN where the subject is out for want of them. */
struct choice {
  const char *subject; /* borrowed from the result */
  enum choice_out kind;
  char *out;   /* why it is out, a clause; NULL: it can be used */
  char *aside; /* what to know all the same, a clause; NULL: nothing */
  const struct result_speed *parts[CHOICE_MIX_MAX];
  double ns, ns_low, ns_high; /* a token of the mix on a core by itself; NAN: no interval */
  struct ratio behind; /* how many times as fast the best one is; NAN for the best, and those that are out */
  struct ratio next;   /* how many times as fast it is as the next that can be used; NAN: there is none */
  double ns_together;  /* the same on one of several busy cores; NAN: no scaling was measured */
  double squared_ns;   /* mean of the squared times: what waiting depends on */
  double p99_ns;       /* without waiting */
  bool p99_is_worst;   /* of the worst algorithm, since histograms are missing */
  unsigned cores_needed, cores; /* cores: what the figures below are for: those there are, or those needed */
  double busy, wait_ns, up_to_per_s; /* busy: of the cores, 0..1; wait: for 99 %; up_to: at the busy limit */
  double bad_ns;                     /* the costliest bad token; NAN: not measured */
  const char *bad_what, *bad_alg;    /* its reason, or how bad_ns was found, and its algorithm */
  double bad_per_s, bad_share; /* beside the good rate before the cores are full; share of all traffic */
};

struct choices {
  const struct result *result;
  struct choice_wish wish;
  struct choice *items; /* best first, those that are out behind the others, the nearest first */
  size_t count, usable;
  bool verdicts; /* the result has verdicts of tokens */
};

/* False and a sentence where the result cannot answer: sanitizers, an algorithm that nobody was measured
 * with. The result stays borrowed. */
bool choose(struct choices *choices, const struct result *result, const struct choice_wish *wish,
            struct assay_error *error);
void choices_fini(struct choices *choices);

/* The time that 99 of 100 tokens wait at most before a core is free: M/G/c by Allen and Cunneen, arrivals at
 * random. INFINITY where the cores cannot keep up. */
double choice_wait_ns(double rate_per_s, double ns, double squared_ns, unsigned cores);

/* The answer first. With `all` the arithmetic of every subject, what each algorithm takes part with, what more
 * and fewer cores carry, and every warning. */
void content_choices(struct document *document, const struct choices *choices, bool all);
/* content_choice_arithmetic.c: a part of it. */
void content_choice_arithmetic(struct document *document, const struct choices *choices, bool all);
json_t *choices_json(const struct choices *choices);

#endif
