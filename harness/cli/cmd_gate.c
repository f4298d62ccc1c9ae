/* assay gate: may this change go in? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"
#include "harness/cli/command.h"
#include "harness/cli/common_options.h"
#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/job/result_files.h"
#include "reports/text/allocate.h"

struct request {
  struct gate_options gate;
  const char *count;
  bool history;
};

/* ---- values ---- */

/* PCT, or ALG=PCT of one algorithm. */
static bool take_threshold(void *member, const char *text, struct assay_error *error) {
  struct gate_options *gate = member;
  char alg[32];
  double value;
  const char *equals = strchr(text, '=');
  snprintf(alg, sizeof alg, "%.*s", equals ? (int)(equals - text) : 0, text);
  enum assay_alg known = assay_alg_by_name(alg);
  if (equals && known == ASSAY_ALG_NONE)
    return error_set(error, "--threshold %s: there is no algorithm '%s'", text, alg);
  if (!option_number("threshold", equals ? equals + 1 : text, 0.01, 1000, &value, error))
    return false;
  *(equals ? &gate->threshold_of[known] : &gate->threshold) = value / 100;
  return true;
}

/* A bracket that is never closed is a letter to the shell, and a slip here. */
static bool closes_brackets(const char *pattern) {
  for (const char *at = pattern; (at = strchr(at, '[')); at++) {
    const char *first = at + 1 + (at[1] == '!' || at[1] == '^'); /* it may be a closing one */
    at = first[0] ? strchr(first + 1, ']') : NULL;
    if (!at)
      return false;
  }
  return true;
}

static bool take_ignore(void *member, const char *text, struct assay_error *error) {
  struct gate_options *gate = member;
  if (!text[0])
    return error_set(error, "--ignore needs a pattern of class/variant/alg/subject");
  if (!closes_brackets(text))
    return error_set(error, "--ignore %s: the bracket is not closed", text);
  gate->ignore = allocate_one_more(gate->ignore, gate->ignore_count, sizeof *gate->ignore);
  gate->ignore[gate->ignore_count++] = text;
  return true;
}

/* ---- the table: what is measured, and what was stored ---- */

enum { OF_DUET = 1, OF_STORED = 2 };
#define DUET                                                                                                 \
  .of = OF_DUET, .refusal = "is for --base and --head, which are measured; stored results have been"

static const struct option_row option_rows[] = {
    {"base", "SUBJECT",
     "the build that is in: one subject as `assay run --subject` takes them, a module's path, name@prefix, "
     "name:variant, exec:COMMAND, LABEL=... to be called so",
     TEXT_IN(struct request, gate.base), .word = subject_word, .group = "What is compared:"},
    {"head", "SUBJECT", "the build that is to go in, named likewise", TEXT_IN(struct request, gate.head),
     .word = subject_word},
    {"against", "BASE.json", "the stored result that RESULT is compared with",
     TEXT_IN(struct request, gate.against)},
    {"history", NULL,
     "at least 10 older results of the same machine and corpus, in the order of time: those that `assay "
     "history` keeps, or the result files and histories named behind it; a slowdown fails that exceeds Q3 + "
     "3 IQR of past changes",
     FLAG_IN(struct request, history)},
    {"threshold", "PCT",
     "slowdowns below this (default: 1; 5 for stored results; 0.5 for instructions); ALG=PCT for one "
     "algorithm, as often as you like. With --history any slowdown beyond past changes fails, however small, "
     "unless this is given",
     TAKEN_AS(OPTION_EACH, struct request, gate, take_threshold), .group = "What is let through:"},
    {"ignore", "PATTERN",
     "verdicts that are known to be worse: class/variant/alg/subject with *, ? and [], and what is left out "
     "behind is any; they are counted and named. As often as you like",
     TAKEN_AS(OPTION_EACH, struct request, gate, take_ignore)},
    {"anyway", NULL,
     "compare results of other machines, corpora or sanitizer builds all the same, and what both have where "
     "the new one lacks something; else that is no pass",
     FLAG_IN(struct request, gate.anyway), .of = OF_STORED,
     .refusal = "is for stored results, RESULT --against BASE.json or RESULT --history"},
    {"alg", "LIST", "algorithms, such as RS256,ES256 (default: all that the base has)",
     LIST_IN(struct request, gate.algs), DUET, .word = alg_word, .group = "How builds are measured:"},
    {"budget", "S", "time for the measurement, in all", NUMBER_IN(struct request, gate.budget_s, 0.001, 1e6),
     DUET, .fallback = "60"},
    {"count", "instructions", "compares instructions a token instead of times, as `assay bench --count` does",
     WORD_IN(struct request, count, count_word), .of = OF_DUET,
     .refusal = "is for --base and --head; counts of stored results are compared anyway"},
    {CORPUS_ROW(struct request, gate.corpus), DUET},
    {POLICY_ROW(struct request, gate.policy), DUET},
    {CPU_ROW(struct request, gate.cpu), DUET},
    {HANG_ROW(struct request, gate.hang_s), DUET},
    {"markdown", NULL, "a summary for a pull request", FLAG_IN(struct request, gate.markdown),
     .group = "What comes of it:"},
    {"json", NULL, "the result with the gate's answers, for programs", FLAG_IN(struct request, gate.json)},
    {"output", "DIR",
     "keeps that result there: result.json, which `assay report` turns into every other format, JUnit for "
     "one, and result.md and result.html",
     TEXT_IN(struct request, gate.output)},
    {0}};

static const struct option_conflict conflicts[] = {{"json", "markdown", NULL}, {0}};

static const struct usage usage = {
    .name = "assay gate",
    .summary = "may this build go in? exit code 1 if it is slower, 2 if it answers wrongly",
    .forms = "--base OLD --head NEW [OPTION...]\n"
             "RESULT --against BASE.json [OPTION...]\n"
             "RESULT --history [FILE...] [OPTION...]",
    .about = "Compares two builds of a module in one run, interleaved: base, head, and base once more, so "
             "that the run carries its own noise floor. Verdicts come first: where the head answers a token "
             "worse than the base, speed is not looked at. The gravest is to accept a bad one; then come a "
             "crash or a hang, a fault, refusing a good one, another reason, no reason. A slowdown "
             "fails only if its interval leaves out 0 and it exceeds both the noise of the run and the "
             "threshold; a run that cannot rule out such a slowdown is too noisy, and never a pass.\n"
             "Two stored results were measured at different times: their threshold is wider (5 %), and what "
             "is found is a hint, where both builds in one run are a proof.",
    .options = option_rows,
    .conflicts = conflicts,
    .notes = "Exit codes: 0 holds, 1 slower, 2 wrong verdict, 3 too noisy to say or incomplete, 4 usage or "
             "set-up.",
    .examples = "assay gate --base old/openssl.so --head new/openssl.so --alg RS256,ES256 --budget 30\n"
                "assay gate --base openssl --head openssl@/opt/openssl --markdown > comment.md\n"
                "assay gate --base old/openssl.so --head new/openssl.so --output gate\n"
                "assay report gate/result.json --format junit\n"
                "assay gate --base old/openssl.so --head new/openssl.so --count instructions\n"
                "assay gate new/result.json --against main/result.json --ignore 'typ-*/*/*/libjwt'\n"
                "assay gate new/result.json --history\n"
                "assay gate new/result.json --history results/*.json"};

/* ---- which of the three forms was meant ---- */

static int settle_form(struct request *request, const struct options_given *given) {
  struct gate_options *gate = &request->gate;
  bool duet = gate->base || gate->head;
  if (duet + (gate->against != NULL) + request->history != 1)
    return complain("gate", "needs one of --base OLD --head NEW, RESULT --against BASE.json, or RESULT "
                            "--history; `assay gate --help` shows how");
  if (duet && !(gate->base && gate->head))
    return complain("gate", "--%s is missing: a duet needs --base and --head", gate->base ? "head" : "base");
  if (duet && given->operand_count > 0)
    return complain("gate", "'%s' is no option; builds are named with --base and --head", given->operands[0]);
  if (gate->against && given->operand_count != 1)
    return complain("gate", "--against needs one result file beside it, not %d", given->operand_count);
  if (request->history && given->operand_count < 1)
    return complain("gate", "--history needs the new result file, before any older ones or a history");
  gate->form = duet ? GATE_DUET : gate->against ? GATE_STORED : GATE_HISTORY;
  return -1;
}

static int parse(struct request *request, int argc, char **argv) {
  struct gate_options *gate = &request->gate;
  struct options_given given;
  struct assay_error error = {0};
  if (!command_read(&usage, request, argc, argv, &given) || settle_form(request, &given) >= 0)
    return EXIT_USAGE;
  bool duet = gate->form == GATE_DUET;
  if (!options_belong(&usage, &given, duet ? OF_DUET : OF_STORED, &error))
    return complain("gate", "%s", error.text);
  gate->count = request->count != NULL;
  if (!duet)
    gate->result = given.operands[0];
  gate->history = given.operands + 1;
  gate->history_count = request->history ? (unsigned)given.operand_count - 1 : 0;
  gate->threshold_is_named = gate->threshold > 0;
  gate->count_threshold = gate->threshold > 0 ? gate->threshold : THRESHOLD_COUNT;
  if (gate->threshold == 0)
    gate->threshold = duet ? THRESHOLD_DUET : THRESHOLD_STORED;
  return -1;
}

static int ask_gate(struct gate *gate, int argc, char **argv) {
  struct assay_error error = {0};
  if (gate->options->output && !file_make_dirs(gate->options->output, &error)) {
    complain("gate", "%s", error.text);
    return EXIT_USAGE;
  }
  switch (gate->options->form) {
  case GATE_DUET: return gate_duet(gate, argc, argv);
  case GATE_STORED: return gate_stored(gate);
  default: return gate_history(gate);
  }
}

/* A threshold of an algorithm that is in no comparison is a misunderstanding, mostly. */
static void tell_thresholds(struct gate *gate) {
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++) {
    const char *name = assay_alg_name((enum assay_alg)alg);
    bool met = gate->options->threshold_of[alg] <= 0;
    for (size_t i = 0; i < gate->result->gate_count && !met; i++)
      met = strcmp(gate->result->gates[i].alg, name) == 0;
    if (!met)
      gate_note(gate, "--threshold %s=%g met no comparison", name, gate->options->threshold_of[alg] * 100);
  }
}

static int finish(struct gate *gate) {
  struct assay_error error = {0};
  tell_thresholds(gate);
  gate_answer_verdicts(gate);
  if (gate->options->output && !result_files_write(gate->result, gate->options->output, &error))
    return complain("gate", "%s", error.text);
  return gate_print(gate) ? gate_exit(gate) : complain("gate", "cannot write to standard output");
}

static int gate_run(const struct gate_options *options, int argc, char **argv) {
  struct gate gate = {.options = options, .base = "", .head = ""};
  int code = ask_gate(&gate, argc, argv);
  if (code < 0)
    code = finish(&gate);
  gate_fini(&gate);
  return code;
}

static int run_gate(int argc, char **argv) {
  struct request request = {.gate = {.cpu = -1}};
  int code = parse(&request, argc, argv);
  if (code < 0)
    code = gate_run(&request.gate, argc, argv);
  free(request.gate.ignore);
  return code;
}

const struct command command_gate = {.usage = &usage, .run = run_gate};
