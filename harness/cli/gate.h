/* What a gate found and how it is told: `assay gate` in its three forms fills one of these in. */
#ifndef ASSAY_CLI_GATE_H
#define ASSAY_CLI_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"
#include "harness/cli/command.h"

enum gate_form { GATE_DUET, GATE_STORED, GATE_HISTORY };
enum gate_answer { GATE_HOLDS, GATE_SLOWER, GATE_NOISY };

struct gate_options {
  enum gate_form form;
  const char *base, *head; /* duet: subjects */
  const char *result;      /* stored and history: the new result */
  const char *against;     /* stored: the base */
  char *const *history;    /* history: older results, in the order of time */
  unsigned history_count;
  const char *algs, *corpus, *policy;
  double budget_s;
  double threshold; /* as a share: 0.01 */
  double hang_s;
  int cpu;
  bool anyway, json, markdown;
};

/* One speed comparison. Changes are shares of the base's time per token: 0.03 is 3 % slower. */
struct gate_row {
  char subject[64], alg[32];
  unsigned key_bits;
  const char *measure;      /* "median", "sum", "time" */
  double change, low, high; /* low, high: NAN where there is no interval */
  double floor;             /* the noise that a change must exceed; NAN: not known */
  double threshold;
  enum gate_answer answer;
};

/* Tokens that the base answers rightly and the head does not, of one variant and with the same answers. */
struct gate_finding {
  char where[256];   /* "pkcs1-missing-null/one RS256" */
  char example[256]; /* a token's id; "" where only counts are known */
  char base[96], head[96];
  unsigned tokens;
};

struct gate {
  const struct gate_options *options;
  struct gate_row *rows;
  size_t row_count;
  struct gate_finding *findings; /* verdicts first: with any, speed was not looked at */
  size_t finding_count;
  unsigned long long asked; /* tokens that both answered */
  char remark[512];         /* how much was measured, and why it stopped there; "" if nothing was */
  char warning[256];        /* what a reader must know before he believes it; "" if nothing */
};

/* Blank rows, valid until the next append; they abort when memory runs out. */
struct gate_row *gate_add_row(struct gate *gate);
struct gate_finding *gate_add_finding(struct gate *gate);
void gate_fini(struct gate *gate);

int gate_exit(const struct gate *gate);
/* To stdout, as the options say. False where that cannot be written. */
bool gate_print(const struct gate *gate);

/* gate_duet.c, gate_stored.c: fill the gate in. Return -1 to go on and print it, or an exit code after a
 * complaint. */
int gate_duet(struct gate *gate, int argc, char **argv);
int gate_stored(struct gate *gate);
int gate_history(struct gate *gate);

/* gate_verdicts.c: subjects 0 and 1 of a job are base and head. False: stopped, or one cannot go on. */
struct job;
bool gate_verdicts(struct gate *gate, struct job *job, struct assay_error *error);

#endif
