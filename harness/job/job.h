/* The main job: corpus -> subjects -> verdicts -> measurement -> result. `run`, `check` and `bench` are the
 * same job with parts left out. */
#ifndef ASSAY_JOB_JOB_H
#define ASSAY_JOB_JOB_H

#include "corpus/store/store.h"
#include "harness/base/alg.h"
#include "harness/base/files/file.h"
#include "harness/pipeline/policy/trust.h"
#include "harness/programs/stop.h"
#include "harness/subject/check.h"
#include "harness/subject/subject.h"
#include "harness/vectors/vector_set.h"
#include "reports/model/result.h"

#define OWN_FILES_MAX 32 /* of keys, and audiences */

/* Tokens as they are, and what is trusted said by options instead of a policy. */
struct own_options {
  const char *tokens;              /* file of tokens, "-" for standard input; NULL: none of this */
  const char *keys[OWN_FILES_MAX]; /* each a file, or several with commas between */
  unsigned key_count;
  const char *secret_file, *issuer; /* NULL: not said */
  const char *audiences[OWN_FILES_MAX];
  unsigned audience_count;
};

struct job_options {
  const char *command;           /* "run", "check", "bench" */
  bool check, bench;             /* what to do */
  struct subject_specs subjects; /* in the order in which they are told */
  bool needs_all;                /* a verifier that cannot be had is an error, too, rather than left out */
  const char *algs;              /* comma-separated names; NULL: all */
  const char *corpus;            /* folder; NULL: the default corpus, made if it is not there */
  struct own_options own;        /* somebody's own tokens that `corpus` was made from, for this run alone */
  const char *cases;   /* file of foreign cases that `corpus` was made from, for this run alone; or NULL */
  const char *level;   /* "pipeline", "primitive" or "guarded"; NULL: the first */
  const char *vectors; /* folder of raw vectors, at the last two levels; else NULL */
  const char *count;   /* "instructions": instead of times; NULL: times */
  const char *measure; /* measurements by name (measurement.h), instead of speed; NULL: none */
  const char *policy_name; /* what the user calls the policy of `corpus`; NULL: by its path */
  const char *answers;     /* file for every token's answers, "-": standard output; NULL: none */
  const char *explain;     /* id of the one token to check and lay open; NULL: all tokens */
  const char *policy;      /* file; NULL: the corpus' own */
  const char *output;      /* folder for result.json, result.md and result.html; NULL: none is written */
  unsigned launches;       /* fresh processes for every subject; 0: as many as the comparisons need */
  double seconds;          /* throughput blocks, in all */
  double latency_s;        /* latency blocks of cells without full percentiles, in all */
  unsigned threads;        /* for scaling; 1: none */
  double hang_s;           /* a token that takes longer is a hang */
  uint64_t order_seed;     /* of the block orders; 0: from the clock */
  int cpu;                 /* the core for measured blocks; -1: the quietest */
  unsigned fail_on;        /* kinds of answers of verifiers that end in exit code 2 (fail_on.h) */
  const char *format;      /* of what standard output gets; NULL: tables for people */
  bool quick, json;        /* json: a program reads standard output */
  struct result_view view; /* what of the tables is shown */
};

/* The tokens of an algorithm and key size that are measured together. */
struct cell {
  enum assay_alg alg;
  unsigned key_bits;          /* 0 where there is one size only */
  uint32_t list_at, list_len; /* in the job's list */
  bool full;        /* it stands for its family: latency in full, threads, measurements of their own */
  bool main;        /* the algorithm's main size: key import and the floor are measured here */
  bool *refused_by; /* by subject: it accepts none of these tokens and so has no figure; NULL: none does */
};

static inline bool cell_is_refused(const struct cell *cell, unsigned subject) {
  return cell->refused_by && cell->refused_by[subject];
}

struct job {
  const struct job_options *options;
  struct result *result;
  struct corpus corpus;
  bool corpus_is_open;
  struct file_writer answers; /* of options->answers, where that is to be a file */
  FILE *answers_stream;       /* where it is a pipe or the like */
  char policy_folder[4096];   /* of a policy that was named, with its keys as JWK Sets; "": none */
  char policy_path[4200];     /* of the copy there */
  struct subject_host host;
  struct subject *subjects; /* room for as many as were asked for */
  unsigned subject_count;
  int reference; /* index; -1: none */
  uint64_t alg_mask;
  uint32_t *list; /* tokens of every cell, then all tokens to check */
  uint32_t list_len, check_at, check_len;
  uint32_t extra_len, extra_used; /* room behind `list_len`, and how much measurements have filled */
  uint32_t explained;             /* the one token to check; CORPUS_NONE: all */
  struct cell *cells;             /* grown_by_one */
  unsigned cell_count;
  struct vector_set vectors; /* at the levels of raw vectors, instead of a corpus; `list` counts them */
  int vectors_fd;
  int core;                        /* for measured blocks; -1: nothing is measured, or that cannot be told */
  int core_claim;                  /* what other runs see of it; -1: another has it */
  uint64_t random;                 /* orders of measurements of their own; seeded by order_seed */
  double measured_s, to_measure_s; /* budgets of what --measure names: used up, and in all */
  bool wrong;                      /* some backend gave a wrong verdict, crashed, hung or faulted */
  bool has_no_packages;            /* dpkg does not answer */
  bool incomplete;                 /* a verifier that was asked for by name could not be asked */
};

/* The job's parts, for commands that do something else with them: an empty job (NULL: no memory), then
 * policy, corpus, cells and subjects. Ctrl-C is caught from the first on. */
struct job *job_new(const struct job_options *options, int argc, char **argv);
bool job_set_up(struct job *job, struct assay_error *error);
void job_close(struct job *job); /* NULL: nothing */

/* Why memory is not known of a subject that is elsewhere. */
#define JOB_ELSEWHERE "in another process"

/* job_core.c: fills in core, and warns where another assay measures on it. */
void job_core_choose(struct job *job);
void job_core_release(struct job *job);

/* job_corpus.c: finds or makes the corpus, checks its checksums, opens it. */
bool job_corpus(struct job *job, struct assay_error *error);
/* Imports somebody's own cases or tokens into a new temporary folder, which the caller removes with
 * file_remove_temporary. False and the importer's own sentence, with file, line and column; nothing is left
 * then.
 */
bool job_cases_import(const struct job_options *options, char *folder, size_t size,
                      struct assay_error *error);
/* job_imported.c: whether there are any. */
bool job_is_imported(const struct job_options *options);
/* What assay-corpus is told to import them. list: room for `size` words; the last is NULL. */
bool job_import_arguments(const struct job_options *options, const char *corpus, const char **list,
                          size_t size, struct assay_error *error);
/* job_subjects.c: says on the progress line that one of them is started. */
void job_show_start(const struct subject_specs *specs, size_t which);
/* job_subjects.c: into a row what its worker said: all but package, hashes and the module. */
void job_told_of_itself(const struct subject *subject, struct result_subject *row);
/* job_twins.c: warns of subjects that are one library, and of one another only by their names. */
void job_warn_of_twins(struct job *job);
/* Runs assay-corpus without its standard output, with `what` on the progress line. False and its own sentence; where there are several, those
 * before the last are told at once. arguments: NULL-terminated. */
bool corpus_program(const char *command, const char *what, const char *const *arguments,
                    struct assay_error *error);
/* job_policy.c: whether the text of a policy holds, before its keys are looked at. Otherwise all but the last
 * of what is wrong is told at once. What is no file can be read once, and holds so far. */
bool job_policy_text_holds(const char *command, const char *path, struct assay_error *error);
/* job_policy.c: reads the policy that was named, into a copy whose keys are JWK Sets, for host.policy_path;
 * then the corpus' own, where none was named. False where one cannot be used. */
bool job_policy_named(struct job *job, struct assay_error *error);
bool job_policy_of_corpus(struct job *job, struct assay_error *error);
void job_policy_close(struct job *job);
/* Whether the corpus was imported: its tokens are somebody's own. */
bool job_is_foreign(const struct job *job);
/* job_settings.c: what messages call the tokens that are asked about: the user's file of cases, or the
 * corpus' folder; then reads every policy that cases bring themselves. False where one cannot be used, with
 * the line of the case. */
const char *job_tokens_name(const struct job *job);
/* Whether the corpus has a policy for cases without one: what stood beside them, or was named. It is their
 * first setting then, and read with its own name elsewhere. */
bool job_has_policy(const struct job *job);
bool job_settings_hold(const struct job *job, struct assay_error *error);
/* job_cells.c: groups the tokens for speed runs into cells; builds the lists. */
bool job_cells(struct job *job, struct assay_error *error);
void job_cells_free(struct job *job);
/* job_subjects.c: starts every subject and files its identity. */
bool job_subjects(struct job *job, struct assay_error *error);
/* job_verdicts.c: the verdict pass into result rows and drift. */
bool job_verdicts(struct job *job, struct assay_error *error);
/* job_answers.c: every token's answers, to the file of options->answers, if there is one. It is opened before
 * anything is asked, and has its name when it is whole; close removes what did not come to that. */
bool job_answers_open(struct job *job, struct assay_error *error);
bool job_answers(struct job *job, struct assay_error *error);
void job_answers_close(struct job *job);
/* job_tokens.c: into the result, the texts of the tokens that its report shows. */
void job_tokens(struct job *job);
/* Runs a check over all subjects but the floor, with the progress line. Where it is interrupted, what nobody
 * has answered leaves the list of what is asked. */
bool job_ask(struct job *job, struct check *check);
/* A warning of the result, once. */
void job_warn(struct job *job, const char *text);
/* Files that a subject could not go on: once as a warning and on standard error, and in the exit code. */
void job_file_trouble(struct job *job, unsigned subject, const char *text);
/* The same of what happened to it in a measured block, on that token (CORPUS_NONE: none). */
void job_file_event(struct job *job, unsigned subject, enum subject_event event, uint32_t token);
/* The same of every subject whose `error` is set. */
void job_file_errors(struct job *job);
/* job_vectors.c: the levels of raw vectors: reads the vectors and starts the subjects; asks them and files
 * rows and drift. */
bool job_vectors_set_up(struct job *job, struct assay_error *error);
bool job_vectors(struct job *job, struct assay_error *error);
void job_vectors_close(struct job *job);
/* The corpus' strings as C strings, in a static ring of eight: for messages and result fields. */
const char *span_text(const struct corpus *corpus, struct corpus_span span);

#endif
