/* What a report says: each function appends one part of it to a document, or nothing where the result has
 * nothing for it. The formats choose the order. */
#ifndef ASSAY_REPORTS_CONTENT_CONTENT_H
#define ASSAY_REPORTS_CONTENT_CONTENT_H

#include "reports/document/document.h"
#include "reports/model/measured.h"
#include "reports/model/result.h"
#include "reports/text/tally.h"

/* assay, corpus, machine and run: what the figures below were measured with. */
void content_head(struct document *document, const struct result *result);
/* That the report is of these rows alone. */
void content_only(struct document *document, const char *only);
/* "partial result", the warnings about the machine, then at most `most` others and how many
 * more there are. */
void content_warnings(struct document *document, const struct result *result, size_t most);
/* The answer in words, for the top of a report: what the verdicts come to, the gravest first, where they are
 * the answer (nothing was measured, or somebody accepts forgeries); how far a partial run got. "libjwt accepts
 * forged tokens: HMAC under the RSA public key." Nothing of a gate, which has its own headline. */
void content_headline(struct document *document, const struct result *result);
/* Who is faster, by how much, what that is worth; who gave wrong verdicts. */
void content_summary(struct document *document, const struct result *result);
/* Its parts: who gave wrong verdicts; the fastest against all others; what the builds' notes say. */
void content_judgement(struct document *document, const struct result *result);
void content_comparisons(struct document *document, const struct result *result);
void content_build_notes(struct document *document, const struct result *result);
/* Builds that show the same and differ in speed. */
void content_unexplained(struct document *document, const struct result *result);
/* In a sentence each, the fastest against the next for the main algorithms; nothing of a sanitizer build. */
void content_lead(struct document *document, const struct result *result);
/* Throughput and latency: verify, batches, and with `all` the bare primitive. */
void content_speed(struct document *document, const struct result *result, bool all);
/* Throughput against the reference with its intervals; percentiles of single tokens. */
void content_ratios(struct document *document, const struct result *result);
void content_latency(struct document *document, const struct result *result);
/* Latency as bars of block characters, for UTF-8 terminals; of typical algorithms, or with `all` of each. */
void content_bars(struct document *document, const struct result *result, bool all);
void content_setup(struct document *document, const struct result *result); /* key import and contexts */
/* The bare primitive at the first, second and tenth use of a key. */
void content_uses(struct document *document, const struct result *result);
void content_key_imports(struct document *document, const struct result *result); /* of each key */
void content_scaling(struct document *document, const struct result *result);     /* threads */
void content_ledger(struct document *document, const struct result *result);      /* time by stage */
/* What refusing costs by reason, the costliest or with `all` every one. */
void content_costs(struct document *document, const struct result *result, bool all);
void content_shares(struct document *document, const struct result *result);  /* by share of bad tokens */
void content_keysets(struct document *document, const struct result *result); /* by size of the key set */
/* Allocations by algorithm, of typical ones or with `all` of each; peaks by subject. */
void content_memory(struct document *document, const struct result *result, bool all);
/* A verdict table a level, with findings below it; wrong reasons, all of them with `all`. */
void content_verdicts(struct document *document, const struct result *result, bool all);
/* "wolfssl: accept; openssl and boringssl: reject signature.invalid". free() it. */
char *content_answers(const struct result_drift *drift);
/* Below a verdict table of a level, every token that was answered wrongly. */
void content_findings(struct document *document, const struct result *result, enum result_level level,
                      bool all);
/* Instructions a token, where they were counted. */
void content_instructions(struct document *document, const struct result *result);
/* The answer of `assay gate` in a sentence; then what became wrong, and the times that were compared. All
 * findings with `all`, else the first few. */
void content_gate_headline(struct document *document, const struct result *result);
void content_gates(struct document *document, const struct result *result, bool all);
/* Their parts: "holds", of all comparisons together; "No slowdown of more than 1 % in 4 comparisons."; "[-0.21,
 * +0.44]", in per cent; "bitflip/one RS256, 3 tokens: base reject signature.invalid, head accept". free() all
 * but the first. */
const char *content_gate_word(enum result_gate_answer answer);
char *content_gate_sentence(const struct result *result);
char *content_gate_interval(const struct result_gate *gate);
char *gate_finding_words(const struct result_gate_finding *finding);
/* What each subject said of tokens of which no one answer is expected. */
void content_unscored(struct document *document, const struct result *result, bool all);
/* Where whole verifiers are among the subjects: class by subject, worst first, with a token for every cell
 * that is not right. All classes and tokens with `all`, else the worst. */
void content_matrix(struct document *document, const struct result *result, bool all);
void content_gate_findings(struct document *document, const struct result *result, bool all);
/* How many findings, the gravest first, stand in a short list: a few, and every forgery that is let in. */
size_t content_findings_shown(const struct result_gate_finding *findings, size_t count);
void content_gate_rows(struct document *document, const struct result *result, bool only_bad);
/* Where gates compared two builds, or stored results of them: what each side loaded, and what differs. */
void content_gate_builds(struct document *document, const struct result *result);
/* Throughput of whole verifications, an algorithm a row and a subject a column; what each subject is. */
void content_across(struct document *document, const struct result *result);
void content_identities(struct document *document, const struct result *result);
/* Whether a row is faster than all others of its algorithm and key among these, of which there are some, by intervals
 * that lie apart. level: ratio_level of the result. */
bool content_is_best(const struct result *result, double level, const struct speed_rows *rows,
                     const struct result_speed *row);
/* Facts of every subject's build. */
void content_builds(struct document *document, const struct result *result);

/* The whole result in one line, for a chat or a commit message. free() it. */
char *content_line(const struct result *result);

/* Helpers that the parts share. */

/* One algorithm of each kind, at its main key size: of these tables are that would be long. A result that was
 * cut down (cut_of) is shown whole. */
bool content_is_typical(const char *alg, unsigned key_bits);

/* "boringssl 13.0.0 (small)", or without the note. free() it. */
char *content_subject(const struct result *result, const char *label, bool note);
/* Without the version, where space is short: "boringssl (small)". free() it. */
char *content_subject_brief(const struct result *result, const char *label);
/* Where a speed row differs from the plain figure, one good token of many after the other: "hot", "2
 * threads", "batch of 8", "1,000 keys, no kid, last", "30 % bad"; "" for the plain figure. brief: sets of
 * keys in fewer letters, "1k no kid last". free() it. */
char *content_conditions(const struct result_speed *row, bool brief);
/* 2 -> "two", 12 -> "12". buffer: at least 16 bytes. */
const char *content_number_word(char *buffer, unsigned number);
/* At a level of raw vectors ("primitive", "guarded"): what became of every file of a suite. */
void content_vectors(struct document *document, const struct result *result, enum result_level level,
                     const struct tally *subjects);
/* Of these files, the vectors on which no one answer is expected: who accepts and who refuses them. */
void content_vectors_unscored(struct document *document, const struct result *result, enum result_level level,
                              const struct tally *files, const struct tally *subjects);

/* "2 cores", "4 CPUs, on 2 cores", "2 CPUs (cores not visible)". free() it. */
char *content_cores(const struct result_machine *machine);
/* Where so many threads ran, a clause: "2 threads on the 2 halves of one core", "cores are not visible here: ..";
 * NULL: that was not recorded. free() it. */
char *content_places(const struct result_machine *machine, unsigned threads);

/* Why a figure of the row is missing, in words. */
const char *content_why_missing(const struct result_speed *row, const char *field);
/* A cell that says why there is no figure. */
struct document_cell *content_add_reason(struct document_row *row, const char *why);
/* The command that made the result, quoted for a shell; "" where it is not known. free() it. */
char *content_command(const struct result *result);
/* What asks a subject about a token of this result again: as its run named the subject, corpus and policy;
 * all of its subjects where the subject is "". free() it. */
char *content_explain_command(const struct result *result, const char *subject, const char *token);
/* Why a run tells no two subjects apart, a clause: "One launch is too few for an interval". free() it. */
char *content_no_interval(const struct result *result);
/* The same without the token, which is to follow. free() it. */
char *content_explain_start(const struct result *result, const char *subject);
/* How far an interval reaches from its figure, as a share; NAN: there is none. Then, that of a row's time. */
double content_reach_of(double figure, double low, double high);
double content_reach(const struct result_speed *row);
/* The digits that a figure with such an interval deserves (figure_digits). */
int content_digits(double figure, double low, double high);
/* To within what share the row's figures are known, for the digits that they are shown with: its interval or,
 * of too few launches for one, their range; NAN: one launch, which tells nothing. */
double content_known_within(const struct result_speed *row);
/* A legend and, if reach is known, how far the intervals of the table's figures reach at most. */
void content_reach_legend(struct document_table *table, const char *legend, double reach);
/* The first two cells of a row: "RS256 2048" and the subject with its version. */
void content_add_names(struct document_row *row, const char *alg, unsigned key_bits,
                       const struct result *result, const char *subject);
/* A cell with a figure as `write` has it, or with the reason why there is none. */
struct document_cell *content_add_figure(struct document_row *row, double value,
                                         char *(*write)(char *, double), const char *why);
/* A time of a speed row, which says itself why the field is missing. */
void content_add_time(struct document_row *row, const struct result_speed *speed, const char *field,
                      double ns);
/* The row's own time, the median of its launches; marked where they lie apart, so that the table owes its reader
 * content_apart. */
void content_add_median(struct document_row *row, const struct result_speed *speed);
/* A cell with the interval of a ratio: "1.94 to 1.99". */
struct document_cell *content_add_interval(struct document_row *row, double low, double high);
/* A cell with a rate per second, or with the reason why there is none. reach: to within what share it is
 * known; 0: it follows from others. */
struct document_cell *content_add_rate(struct document_row *row, double per_s, double reach, const char *why);
/* A cell with a ratio that has a bound in the nature of things: one beyond it is marked as doubtful. */
struct document_cell *content_add_bounded(struct document_row *row, const char *figure, bool is_possible);
#define CONTENT_DOUBTFUL " ?"
/* Behind a time whose launches fall into two groups or lie far apart; then which of the rows those are, as a
 * clause; NULL: none. free() it. */
#define CONTENT_APART " ~"
char *content_apart(const struct result_speed *const *rows, size_t count);
/* A legend, "" for none, and behind it which of the table's rows bear that mark. */
void content_apart_legend(struct document_table *table, const char *legend,
                          const struct result_speed *const *rows, size_t count);
/* What the mark means, where a table has it. */
#define CONTENT_DOUBTFUL_LEGEND                                                                              \
  "?: cannot be so; the machine's speed moved while it was measured, or what ran before bore on it."
#define CONTENT_OF_BARE_LEGEND                                                                               \
  "?: outside of 0.3 to 1.05, where a whole verification lies beside its own primitive; the machine's "      \
  "speed moved while it was measured, or what ran before bore on it."

#endif
