/* The result of a run: the one model that every output format is written from (assay-result/2).
 *
 * A result owns all of its memory but the texts of its fields: most rows say what others say, so each text is
 * kept once, for as long as there is a result; so results belong to one thread. Texts are never NULL. Times
 * are nanoseconds per token, one thread's view. A number that is missing is NAN here and null in JSON, and
 * `missing` says why in words; no format ever prints it as a number. Readers ignore JSON fields they do not
 * know. */
#ifndef ASSAY_REPORTS_MODEL_RESULT_H
#define ASSAY_REPORTS_MODEL_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/base/answer.h"
#include "harness/base/error.h"
#include "reports/model/words.h"

#define RESULT_SCHEMA "assay-result/2"
#define RESULT_SCHEMA_1 "assay-result/1" /* read, too, and no longer written: a row for each verdict row */

struct result_strings {
  char **items;
  size_t count;
};

struct result_tool {
  const char *version, *commit, *compiler, *flags, *sanitizer; /* sanitizer: "none" or its names */
};

struct result_run {
  unsigned launches; /* fresh processes per subject; of a partial run, those that came to their end */
  unsigned rounds;   /* interleaved rounds in all launches, of the cell with the fewest */
  double block_ns;   /* what a block of the fastest arm is aimed to last */
  int pinned_cpu;    /* -1: not pinned */
  uint64_t order_seed;
  double steal;      /* share of CPU time stolen by the hypervisor during the run, 0..1; NAN unknown */
  double other_load; /* how many cores other programs kept busy during the run; NAN unknown */
  uint64_t involuntary_switches;    /* of all workers */
  uint64_t tokens_to_ask;           /* of every subject, for verdicts; 0: not known, or none */
  uint64_t blocks, repeated_blocks; /* measured; of them, run again because another process had the core */
  const char *anchor; /* what was measured again and again all through the run, in words; "": nothing */
  double speed_moved; /* share by which its time moved, without the most extreme twentieths; NAN unknown */
  double rows_apart;  /* share by which two rows of different algorithms may differ for no reason but the
                         moments in which they were measured; NAN unknown */
  double duration_s;
  enum result_counted_by counted_by; /* instructions */
};

struct result_machine {
  /* "": results are made to be shown around, so none is recorded unless the user names one. */
  const char *host;
  const char *cpu, *flags, *governor, *boost, *smt, *aslr, *hypervisor, *kernel, *microcode, *clock,
      *counters;
  unsigned cores;          /* CPUs of the machine, as the kernel counts them: each half of a core is one */
  unsigned cpus;           /* of them, those that the run could use; 0: not recorded */
  unsigned physical_cores; /* that these are of; 0: not visible */
  double mhz;              /* clock rate of the first core when the run began, as the kernel tells it */
  double timer_ns;         /* price of one clock reading */
  double load;             /* 1-minute load average at the start */
  struct result_strings warnings;
};

struct result_corpus {
  const char *profile, *generator, *sha256;
  uint64_t seed, tokens, classes;
};

struct result_fact {
  const char *fact, *source; /* source: library | package | inferred | record | measured */
};

/* What a verifier cannot be told, so that it cannot refuse for it. */
struct result_gap {
  const char *reasons; /* as its module names them, "registered-claims.replayed, authorisation" */
  const char *why;
};

struct result_subject {
  const char *name, *variant, *kind; /* kind: backend | verifier | service; variant "" for the default */
  const char *library, *version, *note, *package, *path, *sha256; /* note: short, for tables: "small" */
  struct result_fact *build;
  size_t build_count;
  struct result_strings dispatch, algorithms;
  const char *module_compiler, *module_flags, *module_sanitizer;
  /* assay's module around the library, and what it was told: a variant, a command. The first two are "" in
   * results of before they were kept, and of what is elsewhere. */
  const char *module_path, *module_sha256, *module_argument;
  struct result_gap *gaps;
  size_t gap_count;
};

/* One answer that a subject gave to tokens of a row, where the counters do not tell it. */
struct result_given {
  const char *kind;    /* the counter that its tokens are in: "wrong_reason" */
  const char *answer;  /* "reject header-policy.alg-unknown" */
  const char *example; /* id of the first of them */
  unsigned tokens;
};

/* One row per level, subject, class, variant, algorithm and expectation: what the row says of its tokens
 * holds for each of them. The counters add up to `tokens`. At the level `whole`, what a pinned token expects
 * is one choice of several: another answer is counted in pinned_differs and never as wrong. A bad token that
 * is accepted because the subject could not be told why it is bad counts as unsupported. */
struct result_verdict {
  enum result_level level;
  const char *subject, *class_id, *variant, *stage, *alg;
  const char *expected; /* as expectation_text gives it: "accept", "reject signature.invalid", "any" */
  bool pinned;
  enum assay_severity severity; /* of accepting them; NONE: not told, or they must be accepted */
  /* undecided: refused by accident, by an undocumented exception or a server error. */
  unsigned tokens, right, accepted, refused, wrong_reason, pinned_differs, unmapped, undecided, unsupported,
      fault, crash, hang, unscored;
  unsigned forbidden; /* of `tokens`: those that their suite calls valid and JOSE does not allow */
  struct {
    unsigned wrong_verdict, verdict_right;
  } in_file; /* sums, as a file has them that was read; older ones do not tell accepted from refused */
  struct result_given *given; /* other reasons, refusals of good tokens, what is not scored; most first */
  size_t given_count;
  struct result_strings examples; /* token ids, the first few that were not right */
};

/* Who was asked. */
struct result_asked {
  enum result_level level;
  const char *subject;
};

struct result_class_tokens {
  const char *alg;
  uint64_t tokens;
};

/* What a subject did not answer rightly, or not answer, of all these variants and algorithms alike. */
struct result_exception {
  const char *subject;
  struct result_strings variants, algs; /* none: all of the class row */
  struct result_verdict answered; /* counters, given and examples; tokens: 0: what the counters add up to.
                                     Ids are folded (class_rows.h) */
};

/* Verdict rows as a file has them: those of a class of which one thing is expected. */
struct result_class {
  const char *class_id;
  struct result_strings variants; /* none: one, "" */
  const char *stage, *expected;   /* as in a verdict row */
  bool pinned;
  enum assay_severity severity;
  struct result_class_tokens *tokens; /* of each algorithm, in each variant */
  size_t alg_count;
  struct result_asked *asked; /* none: those of the result */
  size_t asked_count;
  struct result_exception *exceptions;
  size_t exception_count;
};

/* Vectors of a suite that no subject was asked about. */
struct result_left_out {
  const char *class_id, *reason; /* reason: "ECDSA in DER" */
  uint64_t tokens;
};

struct result_answer {
  const char *subject, *answer; /* "accept", "reject stage.reason", "crash", ... */
};

struct result_drift {
  const char *class_id, *variant, *alg, *example;
  const char *expected;         /* of the example, as in a verdict row; "" in results of before it was kept */
  enum assay_severity severity; /* of accepting the tokens; NONE: not told, or they must be accepted */
  unsigned
      tokens; /* of its variant that were answered so, or raw vectors of its class, variant and alg; 0: not
                      told */
  struct result_answer *answers;
  size_t answer_count;
};

/* What is known of a class beside its answers; of those that were asked about. */
struct result_taxon {
  const char *class_id;
  enum assay_severity severity;     /* the gravest of its tokens that were asked about */
  const char *brief;                /* its bad tokens in a few words, after "accepts": "expired tokens"; "" */
  const char *sentence, *reference; /* what is wrong with them; "RFC 7519 4.1.4", "" where there is none */
};

/* The text of a token that a report may show: one that was not answered rightly, or the first
 * of its class. */
struct result_token {
  const char *id, *class_id, *token; /* token: as it was sent, printable ASCII */
};

struct result_missing {
  const char *field; /* "p999_ns", or "ns" when the row itself has no figure */
  const char *why;   /* "too few samples" */
};

/* How long each single token took: every slot of the histogram (harness/base/hist.h) that holds samples. */
struct result_histogram {
  uint64_t min_ns, max_ns, sum_ns; /* exact */
  uint64_t *low_ns;                /* ascending: the least value of the slot */
  size_t slot_count;
  uint64_t *counts; /* samples in it */
  size_t count_count;
};

struct result_speed {
  const char *subject, *alg;
  unsigned key_bits; /* 0 where the algorithm has one size only */
  enum result_metric metric;
  enum result_mode mode;
  unsigned threads, batch, keys;
  bool kid;
  enum result_key_place key_place; /* of the right one of `keys` */
  double bad_share;
  double tokens_per_s;
  double ns, ns_low, ns_high; /* median over launches; its interval, NAN until known */
  double p50_ns, p90_ns, p99_ns, p999_ns, max_ns;
  double of_primitive; /* throughput as a share of the same library's bare primitive in the same run */
  double ratio, ratio_low, ratio_high; /* throughput against the run's reference subject */
  bool resolved;
  double instructions;
  bool verdicts_ok; /* every verdict inside the measured loop was right; a verify row without it is shown as
                       void */
  uint64_t block_operations; /* tokens of one measured block, whose time over them is what medians are taken
                                of; 0: not a fixed number, as of key imports and contexts */
  double *samples;           /* ns, one value per launch */
  size_t sample_count;
  struct result_histogram histogram; /* empty unless single tokens were timed */
  struct result_strings flags;       /* result_flag_rows; reports look for themselves */
  struct result_missing *missing;
  size_t missing_count;
};

#define MEMORY_PROCESS "-" /* in place of an algorithm: the row is on the process, not on tokens */

struct result_memory {
  const char *subject, *alg;
  double allocations_per_token, bytes_per_token, peak_rss_bytes, arena_high_water_bytes;
  const char *note; /* "" or why nothing could be counted per token, or is known of the process */
};

struct result_scaling {
  const char *subject, *alg;
  unsigned key_bits, threads;
  double tokens_per_s;
  double one_tokens_per_s;                /* of one thread, in the same rounds */
  double of_one, of_one_low, of_one_high; /* throughput over one thread's in the same run, and its interval */
  enum result_contexts contexts;
  const char *note; /* "" or why there is no figure */
};

struct result_stage {
  const char *stage;
  double ns; /* a token; a difference of two measured times, so that noise can make it negative */
};

/* Where the time of a good token goes: the pipeline cut off after each stage, and differences taken. */
struct result_ledger {
  const char *subject, *alg;
  unsigned key_bits;
  double ns; /* the whole pipeline, measured by itself in the same rounds */
  struct result_stage *stages;
  size_t stage_count;
  double residual_ns;               /* ns less the sum of the stages */
  struct result_strings unresolved; /* stages whose differences lie further apart, launch by launch, than
                                       they are large */
};

/* What it costs to turn down a token, per reason. */
struct result_rejection_cost {
  const char *subject, *alg;
  unsigned key_bits;
  const char *reason;                        /* dotted */
  const char *class_id, *variant;            /* of the costliest tokens with it */
  double ns, ns_low, ns_high, tokens_per_s;  /* lows and highs: the interval over launches */
  double of_good, of_good_low, of_good_high; /* ns over that of a good token in the same rounds */
};

/* Tokens that the head answers worse than the base, with the same answers to all of them. */
struct result_gate_finding {
  const char *where;       /* "pkcs1-missing-null/one RS256" */
  const char *subject;     /* of this result: who answers worse; "" in results of before it was kept */
  const char *base, *head; /* what each answered: "reject signature.invalid", "accept", "crash" */
  const char *example;     /* a token's id; "" where only counts are known */
  uint64_t tokens;
  unsigned gravity; /* of the head's answer, as answer_gravity has it; 0 in results of before it was kept */
  enum assay_severity severity; /* of the class, where the tokens are bad */
};

/* What `assay gate` asked and was answered: the verdicts in one row, and one row for each comparison of
 * times. Changes are shares of the base's time per token: 0.03 is 3 % slower, and less than 0 is faster. */
struct result_gate {
  enum result_gate_kind kind;
  const char *subject, *base; /* base: a subject of this result, or the file that it was compared with */
  const char *alg;        /* "" in the row of the verdicts, which is about all, and in a row that says what
                             could not be compared */
  unsigned key_bits;      /* 0 where the algorithm has one size only */
  const char *conditions; /* where it differs from the plain figure: "hot", "2 threads"; "" */
  enum result_gate_measure measure;
  double change, low, high;       /* low, high: its interval, NAN where there is none */
  double noise;                   /* what a change must exceed to be more than noise; NAN: not known */
  double threshold;               /* smaller slowdowns are let through; NAN in the row of the verdicts */
  uint64_t tokens, wrong;         /* asked; of those, answered worse by the head than by the base */
  enum result_gate_answer answer; /* as it stands there: gate_answer */
  const char *reason;             /* why, in a sentence */
  struct result_gate_finding *findings;
  size_t finding_count;
};

/* What this machine can tell apart, from `assay selftest`. */
struct result_noise {
  uint64_t trials;            /* comparisons of a subject with itself */
  double false_positive_rate; /* of them called different, 0..1 */
  double min_detectable;      /* the smallest slowdown found 9 times in 10, as a share: 0.01 is 1 % */
  double comparison_s;        /* the time that each was given; NAN or 0: not known */
};

struct result {
  struct result_tool tool;
  struct result_strings command;
  const char *started; /* RFC 3339 */
  bool partial;
  const char *reference; /* the subject that `ratio` is against; "" if none */
  struct result_run run;
  struct result_machine machine;
  struct result_corpus corpus;
  struct result_subject *subjects;
  size_t subject_count;
  struct result_verdict *verdicts;
  size_t verdict_count;
  struct result_asked *asked; /* with `classes` what stands in a file for `verdicts`: none but while one is
                                 read or written */
  size_t asked_count;
  struct result_class *classes;
  size_t class_count;
  struct result_taxon *taxonomy;
  size_t taxon_count;
  struct result_left_out *left_out;
  size_t left_out_count;
  struct result_drift *drift;
  size_t drift_count;
  uint64_t answers_left_out;   /* tokens without an expectation whose answers are not in `drift` */
  struct result_token *tokens; /* the few that the result has room for; only of assay's own corpora */
  size_t token_count;
  struct result_speed *speed;
  size_t speed_count;
  struct result_memory *memory;
  size_t memory_count;
  struct result_scaling *scaling;
  size_t scaling_count;
  struct result_ledger *ledger;
  size_t ledger_count;
  struct result_rejection_cost *rejection_cost;
  size_t rejection_cost_count;
  struct result_gate *gates;
  size_t gate_count;
  struct result_subject *base_subjects; /* of the stored result that the gates compared with */
  size_t base_subject_count;
  struct result_noise noise; /* figures NAN where no self-test is at hand */
  struct result_strings warnings;
  const struct result *cut_of; /* of whose rows these are some (result_cut.h): what was compared was compared
                                  among all of them; NULL: of none, and never in a file */
};

/* An empty result: every string "", every number 0 or NAN as its comment says, all lists empty.
 * NULL: no memory. */
struct result *result_new(void);
void result_free(struct result *result);

/* Append a blank row and return it (strings set to "", figures to NAN), valid until the next append to the
 * same list. These abort the program when memory runs out: there is nothing to report with. */
struct result_subject *result_add_subject(struct result *result);
struct result_verdict *result_add_verdict(struct result *result);
/* Adds tokens to the counter of their kind, and to `tokens`. */
void verdict_count(struct result_verdict *verdict, enum answer_kind kind, unsigned tokens);
/* Counts one token under the answer that was given to it. example: its id. */
void verdict_add_given(struct result_verdict *verdict, enum answer_kind kind, const char *answer,
                       const char *example);
/* Once all are counted: those given most often first. */
void verdict_sort_given(struct result_verdict *verdict);
struct result_taxon *result_add_taxon(struct result *result);
struct result_left_out *result_add_left_out(struct result *result);
struct result_drift *result_add_drift(struct result *result);
struct result_answer *drift_add_answer(struct result_drift *drift);
struct result_token *result_add_token(struct result *result);
struct result_speed *result_add_speed(struct result *result);
struct result_memory *result_add_memory(struct result *result);
struct result_scaling *result_add_scaling(struct result *result);
struct result_ledger *result_add_ledger(struct result *result);
void ledger_add_stage(struct result_ledger *ledger, const char *stage, double ns);
struct result_rejection_cost *result_add_rejection_cost(struct result *result);
struct result_gate *result_add_gate(struct result *result);
struct result_gate_finding *gate_add_finding(struct result_gate *gate);
/* The gravest first: by gravity, then by severity; else as they were. */
void gate_sort_findings(struct result_gate_finding *findings, size_t count);
/* Takes all gates away, and the base's subjects. */
void result_drop_gates(struct result *result);
/* Makes another result's subjects the base's subjects of this one; that has none then. */
void result_take_base(struct result *result, struct result *base);
/* All samples in it. */
uint64_t histogram_samples(const struct result_histogram *histogram);
/* The slots come in ascending order. */
void histogram_add_slot(struct result_histogram *histogram, uint64_t low_ns, uint64_t count);
void speed_add_missing(struct result_speed *speed, const char *field, const char *why);
void speed_add_sample(struct result_speed *speed, double ns);
void subject_add_fact(struct result_subject *subject, const char *fact, const char *source);
void subject_add_gap(struct result_subject *subject, const char *reasons, const char *why);
void strings_add(struct result_strings *strings, const char *text);
void strings_add_part(struct result_strings *strings, const char *text, size_t length);
/* Sets a field of a result to a copy of value, which equal texts of all results share; NULL counts as "". */
void result_set(const char **field, const char *value);
void result_set_part(const char **field, const char *value, size_t length); /* value without a NUL in it */
void result_printf(const char **field, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Replaces a text that the caller owns. */
void result_setf(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How many of the row's tokens were answered in this way; KIND_UNSCORED too. */
uint64_t result_count(const struct result_verdict *row, enum answer_kind kind);
/* How many have the right verdict, for whatever reason. */
uint64_t result_verdict_right(const struct result_verdict *row);
/* What is expected of the row's tokens. */
enum expect_verdict result_expects(const struct result_verdict *row);
/* Settles a row that was read: older files count accepted and refused tokens in one, and no unscored ones.
 * False where the counters come to more than the tokens. */
bool verdict_settle(struct result_verdict *row);
/* Whether what the row holds ends a run in exit code 2: a wrong verdict or reason of a backend behind assay's
 * own checks. What verifiers and bare primitives answer is a finding. */
bool result_fails(const struct result_verdict *row);
/* Whether some of its subjects contradict each other: it may hold answers alike, of tokens of which nothing
 * is expected. The null backend has no opinion. */
bool drift_differs(const struct result_drift *drift);
/* A token of the row that was answered in the gravest of these ways, a mask of 1 << KIND, of which one was
 * kept; "" where none was. */
const char *verdict_example(const struct result_verdict *row, unsigned kinds);
/* The drift of a token of the row that its subject answered in this way; NULL where none is kept. */
const struct result_drift *verdict_drift(const struct result *result, const struct result_verdict *row,
                                         enum answer_kind kind);
/* Whether what is wrong with the row's tokens is the key, as its owner published it: they are to be refused when
 * keys are imported. */
bool result_is_of_key(const struct result_verdict *row);
/* Whether the row's subject has not got the row's algorithm at all: all that it could say was unsupported. */
bool result_lacks_alg(const struct result *result, const struct result_verdict *row);
/* Whether the row's threads used each key together; contexts are never shared. */
bool scaling_shares_keys(const struct result_scaling *row);

/* What the row answers; none, or one that is not known, is as good as too noisy. */
enum result_gate_answer gate_answer(const struct result_gate *gate);
/* The worst of all; nothing compared is nothing proved. */
enum result_gate_answer result_gates_answer(const struct result *result);
bool gate_is_of_verdicts(const struct result_gate *gate);
/* Whether the row compares times or instructions of something: not the row of the verdicts, nor one that says
 * what could not be compared. */
bool gate_is_comparison(const struct result_gate *gate);

/* The subject that rows call by this label: "openssl", or "openssl:init-per-call" for a variant;
 * NULL if none. */
const struct result_subject *result_find_subject(const struct result *result, const char *label);

/* What is known of a class; NULL where nothing is, as in results of before it was kept. */
const struct result_taxon *result_find_taxon(const struct result *result, const char *class_id);

#define RESULT_FILE "result.json" /* in the folder of a run */

/* Reads a result file of this schema, or that of the folder of a run; NULL and a sentence that names file, line
 * and what is wrong. */
struct result *result_read(const char *path, struct assay_error *error);
/* The same from memory. text: any bytes; name: what messages call it. */
struct result *result_parse(const char *text, size_t len, const char *name, struct assay_error *error);

/* An output format: one file, reports/formats/<name>.c, each with `const struct result_format format_<name>`.
 * The registry is made from the folder. */
struct result_view {
  bool colour;  /* the stream is a terminal that takes colour */
  bool verbose; /* every row, every warning */
  int columns;  /* width to fit into; 0: 100 */
  bool bars;    /* the stream shows UTF-8: draw how latency is spread */
  /* Of the tables of terminal and Markdown, as in result_cut.h and document_select.h; NULL: all. Formats of
   * histograms take `only` too: those whose name holds it. */
  const char *only, *shown_columns, *sort;
};
struct document;
struct json_t;
struct result_format {
  const char *name, *summary, *extension; /* extension: "json", "md" */
  const char *readers;                    /* "spreadsheets": who takes it as it is */
  bool takes_only;                        /* of histograms */
  bool is_tables;                         /* for people: takes `only`, `shown_columns` and `sort` */
  /* Writes the whole report to stream; false only for want of memory: stream errors are the
   * caller's to see. */
  bool (*write)(const struct result *result, const struct result_view *view, FILE *stream);
  /* Writes what is no whole report, such as what `assay compare` found; title: NULL for a part of something
   * else. NULL: the format is of results alone. */
  void (*put_document)(const struct document *document, const char *title, const struct result_view *view,
                       FILE *stream);
  /* Writes an array of flat JSON objects as a table, a column for each member of the first. NULL: the format
   * is of results alone. */
  void (*put_rows)(const struct json_t *rows, FILE *stream);
};
extern const struct result_format *const result_formats[]; /* NULL-terminated */
const struct result_format *result_format_by_name(const char *name);

#endif
