/* A measurement of `assay bench --measure`: one file, measure_<name>.c, with `const struct measurement
 * measurement_<name>`. The list is made from the folder. Each looks at one thing apart and files its rows
 * into the job's result; verdicts are checked in every measured block, as everywhere. */
#ifndef ASSAY_MEASUREMENTS_MEASUREMENT_H
#define ASSAY_MEASUREMENTS_MEASUREMENT_H

#include "harness/base/text/names.h"
#include "harness/engine/duet.h"
#include "harness/engine/workers.h"
#include "harness/job/job.h"

struct measurement {
  const char *name;
  const char *summary; /* one line: what it tells */
  const char *takes;   /* how long, with the default subjects and options: "40 s" */
  double seconds;      /* of measured blocks, in all; --seconds scales it */
  /* budget_s: that time for this run. False with an empty sentence: interrupted. */
  bool (*run)(struct job *job, double budget_s, struct assay_error *error);
};

extern const struct measurement *const measurements[]; /* NULL-terminated */
word_list measurement_word;                            /* their names */

/* Whether the comma-separated list names measurements only; false and a sentence that lists them. */
bool measurements_named(const char *list, struct assay_error *error);
/* Does those that the list names, in its order. */
bool measure_named(struct job *job, struct assay_error *error);

/* measure_allocations.c: also a part of every whole run, since it takes next to no time. */
bool measure_allocations(struct job *job, struct assay_error *error);

/* measurement.c: what measurements share. */

/* A block of BLOCK_VERIFY over a cell's tokens on the job's core, half of it untimed before. */
struct control_command measure_command(const struct job *job, const struct cell *cell, uint32_t count);
/* Has a subject carry it out; false where it did not, which is filed, or when stopped. */
bool measure_do(struct job *job, unsigned subject, const struct control_command *command);
/* ns per token of a short block of it, to set the length of others by; NAN: it failed. */
double measure_estimate(struct job *job, unsigned subject, const struct cell *cell);
/* How many tokens make such a block last block_ns for the fastest subject that is no floor; at least 1. */
uint32_t measure_tokens(struct job *job, const struct cell *cell, double block_ns);
/* Whether the subject has the cell's algorithm and answers its tokens rightly. */
bool measure_has(const struct job *job, unsigned subject, const struct cell *cell);
/* Does `one` for each algorithm that stands for its family, HS256, RS256 with 2048 bits, ES256 and EdDSA, as
 * far as the run has it: an equal share of the budget each. A run without any of them is an error. */
typedef bool measure_cell(struct job *job, const struct cell *cell, double budget_s,
                          struct assay_error *error);
bool measure_each_lead(struct job *job, double budget_s, measure_cell *one, struct assay_error *error);
/* The core for measured blocks. */
int measure_core(const struct job *job);
/* --launches, or as few as give an interval. */
unsigned measure_launches(const struct job *job);
/* Without series as yet. what: for the progress line. block_ns: as the group's; 0: the series say. */
struct group measure_group(const char *what, double budget_s, double block_ns, double warm_ns,
                           unsigned rounds_least);
/* One that a measurement starts beside the job's own, under another policy or as another variant. */
struct contestant {
  struct subject subject;
  unsigned owner; /* the job's subject that its figures are filed under */
};

struct contestants {
  struct contestant *items; /* room for two of each of the job's subjects */
  unsigned count;
};

void contestants_init(struct contestants *contestants, const struct job *job);
/* NULL and a sentence where it cannot be had. */
struct contestant *contestant_start(struct contestants *contestants, unsigned owner,
                                    const struct subject_spec *spec, const struct subject_host *host,
                                    struct assay_error *error);
/* The one started last, as if it had not been. */
void contestant_end(struct contestants *contestants);
/* All of them. */
void contestants_fini(struct contestants *contestants);

/* Runs one group, with an order seed of the job's. contestants: whose places are the series' numbers; NULL:
 * the job's subjects. False when interrupted. */
bool measure_run(struct job *job, struct contestants *contestants, struct group *group, unsigned launches);
/* What the run has to tell of an engine that has done its work: launches, blocks, switches. It adds up. */
void measure_file_run(struct job *job, const struct engine *engine);
/* The job's subjects as a runner. */
struct runner measure_runner(struct job *job, struct workers *workers);
void measure_runner_fini(struct workers *workers);
/* The items of a duet: the job's cells, with a series of every subject that has the algorithm; the floor
 * beside them in the first. It also sets the duet's core, stop and progress. */
void measure_duet_items(struct job *job, struct duet *duet);
uint64_t measure_random(struct job *job);
/* Whether all verdicts in the series' blocks were right and it did not fall out. If not, a warning says so,
 * and the run fails where the subject is a backend. */
bool measure_right(struct job *job, const struct cell *cell, const struct series *series);

/* Lists of tokens that a measurement makes for itself, for `list_at` of commands: adds one and tells every
 * subject. Returns where it begins; CORPUS_NONE: no room. Relaunches keep it, measure_lists_clear forgets
 * all.
 */
uint32_t measure_list(struct job *job, const uint32_t *tokens, uint32_t len);
void measure_lists_clear(struct job *job);
/* Whether the plain figure, diverse good tokens under the corpus' own keys, is there from another
 * measurement: it is filed once. */
bool measure_is_filed(const struct job *job, const struct cell *cell, const struct series *series);
/* A row without figures as yet: diverse good tokens, one thread. */
struct result_speed *measure_row(struct job *job, const struct cell *cell, unsigned subject,
                                 enum result_metric metric);
/* A verify row of a series. why: why it has no figure, where it was never run; or NULL. */
struct result_speed *measure_speed_row(struct job *job, const struct cell *cell, const struct series *series,
                                       const char *why);

/* common_tokens.c: where verifiers are measured, or tokens of which nothing is expected, leaves in every cell
 * the tokens that all of them accept. */
bool measure_common_tokens(struct job *job, struct assay_error *error);
/* speed.c: the measurement into result rows. */
bool measure_speed(struct job *job, struct assay_error *error);
/* Time, rate and interval of a row, from one value a launch. ns: NULL or empty: there is none, why says why.
 */
void speed_row_time(struct result_speed *row, const struct samples *ns, const char *why);

/* instructions.c: instructions a token under Callgrind into result rows, instead of times. */
bool measure_instructions(struct job *job, struct assay_error *error);

#endif
