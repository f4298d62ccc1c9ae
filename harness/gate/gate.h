/* What a gate found and how it is told: `assay gate` in its three forms fills one of these in. */
#ifndef ASSAY_GATE_GATE_H
#define ASSAY_GATE_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/alg.h"
#include "harness/base/error.h"
#include "harness/terminal/complain.h"
#include "reports/model/result.h"

/* Subjects of a duet's job. */
enum gate_side { SIDE_BASE, SIDE_HEAD, SIDE_AGAIN, SIDES };

struct gate_options {
  enum result_gate_kind form; /* GATE_DUET, GATE_STORED or GATE_HISTORY */
  const char *base, *head;    /* duet: subjects */
  const char *result;         /* stored and history: the new result */
  const char *against;        /* stored: the base */
  char *const *history;       /* history: files of older results, or histories; none: the user's history */
  unsigned history_count;
  const char *algs, *corpus, *policy;
  const char *output; /* folder for the result; NULL: none is written */
  double budget_s;
  double threshold;                     /* as a share: 0.01 */
  bool threshold_is_named;              /* rather than the form's own */
  double threshold_of[ASSAY_ALG_COUNT]; /* of one algorithm instead; 0: as above */
  const char **ignore;                  /* patterns of verdicts that may be worse, as gate_ignores has them */
  unsigned ignore_count;
  double count_threshold; /* of instructions; 0.005 */
  double hang_s;
  int cpu;
  bool count; /* duet: instructions instead of times */
  bool anyway, json, markdown;
};

struct gate {
  const struct gate_options *options;
  struct result *result;       /* owned: of a duet's run, else the new result; its gates are what was found */
  char remark[512];            /* how much was measured, and why it stopped there; "" if nothing was */
  char warning[256];           /* what a reader must know before he believes it; "" if nothing */
  struct result_strings notes; /* what he may want to know: what the head alone has, versions that differ */
  struct result_strings open;  /* why not all verdicts could be compared; empty: they were */
  const char *base, *head;     /* what is compared, as a row calls it; "": a row says it itself */
  struct gate_ignored *ignored; /* NULL: nothing was */
};

/* The row of the verdicts, made by the first call, which comes before any other row, as the first of
 * gate_verdicts_open does. Valid until the next row is added. */
struct result_gate *gate_verdict_row(struct gate *gate);
/* A finding of that row, to be filled in. */
struct result_gate_finding *gate_file_finding(struct gate *gate);
/* Verdicts come first: with any finding, speed is not looked at. */
bool gate_is_wrong(const struct gate *gate);
/* A row for one comparison of times, to be filled in and then answered. */
struct result_gate *gate_add_row(struct gate *gate, enum result_gate_measure measure);
/* The same about a measured row: its subject, but for a duet's, its algorithm and its conditions. */
struct result_gate *gate_add_row_of(struct gate *gate, const struct result_speed *speed,
                                    enum result_gate_measure measure);
/* The slowdown of an algorithm that is let through, as a share: its own, or the general one. */
double gate_threshold(const struct gate *gate, const char *alg, double general);
/* A line for the reader. */
void gate_note(struct gate *gate, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Something that could not be compared, as the reason says, which is no pass: of the verdicts, to be answered
 * with their row, or in a row of its own; subject: whose, NULL: the head's. */
void gate_verdicts_open(struct gate *gate, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gate_add_incomplete(struct gate *gate, const char *subject, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The whole answer where there is nothing to compare: it holds, for this reason. */
void gate_add_same(struct gate *gate, const char *reason);
/* gate_ignore.c: whether these tokens, which are answered worse, are so as was told to be known; counts them.
 * Patterns are of class/variant/alg/subject as the shell has them: what one leaves out behind is any. */
bool gate_ignores(struct gate *gate, const char *class_id, const char *variant, const char *alg,
                  const char *subject, uint64_t tokens);
/* How many tokens were ignored, and notes of them and of patterns that met nothing. */
uint64_t gate_tell_ignored(struct gate *gate);
void gate_free_ignored(struct gate *gate);
void gate_fini(struct gate *gate);

/* To stdout, as the options say. False where that cannot be written. */
bool gate_print(const struct gate *gate);

/* gate_duet.c, gate_stored.c, gate_history.c: fill the gate in. Return -1 to go on and print it, or an exit
 * code after a complaint. */
int gate_duet(struct gate *gate, int argc, char **argv);
int gate_stored(struct gate *gate);
int gate_history(struct gate *gate);

/* gate_stored.c, for gate_history.c too: the new result, which the gate's rows are added to, in place of
 * those of an earlier gate; NULL and a sentence. */
struct result *gate_read_head(struct gate *gate, struct assay_error *error);
/* Files what has become worse in the verdicts, and what of them could not be compared. False: something has,
 * and times need not be looked at. */
bool gate_stored_verdicts(struct gate *gate, const struct result *base, const struct result *head);
/* Files what of the base's times the head lacks, and notes what the head alone has. */
void gate_stored_missing(struct gate *gate, const struct result *base, const struct result *head);
/* -1, or the exit code after a complaint where nothing of the two could be compared. */
int gate_stored_end(const struct gate *gate, const char *base);

/* gate_instructions.c: counts and judges all sides of a duet. */
struct job;
int gate_count(struct gate *gate, struct job *job, struct assay_error *error);

/* gate_same.c: whether two files hold the same bytes; whether two workers run the same build: the same bytes,
 * module and libraries, told the same. */
bool gate_same_files(const char *a, const char *b);
struct subject;
bool gate_same_builds(const struct subject *a, const struct subject *b);

/* gate_verdicts.c: of base and head. False: stopped, or the base cannot go on. */
bool gate_verdicts(struct gate *gate, struct job *job, struct assay_error *error);
/* Leaves in every cell the tokens that both accept: times of other answers are not compared. Cells without
 * any go, and are named. False: none is left. */
bool gate_narrow(struct gate *gate, struct job *job);

#endif
