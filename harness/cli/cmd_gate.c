/* assay gate: may this change go in? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/gate/gate.h"
#include "harness/job/result_files.h"
#include "reports/text/allocate.h"

enum {
  OPT_BASE = 1000,
  OPT_HEAD,
  OPT_AGAINST,
  OPT_HISTORY,
  OPT_ALG,
  OPT_CORPUS,
  OPT_POLICY,
  OPT_BUDGET,
  OPT_THRESHOLD,
  OPT_IGNORE,
  OPT_COUNT,
  OPT_HANG,
  OPT_CPU,
  OPT_ANYWAY,
  OPT_JSON,
  OPT_OUTPUT,
  OPT_MARKDOWN
};

static const struct option table[] = {{"base", required_argument, NULL, OPT_BASE},
                                      {"head", required_argument, NULL, OPT_HEAD},
                                      {"against", required_argument, NULL, OPT_AGAINST},
                                      {"history", no_argument, NULL, OPT_HISTORY},
                                      {"alg", required_argument, NULL, OPT_ALG | OPTION_LIST},
                                      {"corpus", required_argument, NULL, OPT_CORPUS},
                                      {"policy", required_argument, NULL, OPT_POLICY},
                                      {"budget", required_argument, NULL, OPT_BUDGET},
                                      {"threshold", required_argument, NULL, OPT_THRESHOLD | OPTION_AGAIN},
                                      {"ignore", required_argument, NULL, OPT_IGNORE | OPTION_AGAIN},
                                      {"count", required_argument, NULL, OPT_COUNT},
                                      {"hang-after", required_argument, NULL, OPT_HANG},
                                      {"cpu", required_argument, NULL, OPT_CPU},
                                      {"anyway", no_argument, NULL, OPT_ANYWAY},
                                      {"output", required_argument, NULL, OPT_OUTPUT},
                                      {"json", no_argument, NULL, OPT_JSON},
                                      {"markdown", no_argument, NULL, OPT_MARKDOWN},
                                      {NULL, 0, NULL, 0}};

struct request {
  struct gate_options gate;
  unsigned seen; /* bits, by option from OPT_BASE on */
  const char *count;
  bool history;
};

/* PCT, or ALG=PCT of one algorithm. */
static bool threshold(struct gate_options *gate, const char *name) {
  char alg[32];
  double value;
  const char *equals = strchr(optarg, '=');
  snprintf(alg, sizeof alg, "%.*s", equals ? (int)(equals - optarg) : 0, optarg);
  enum assay_alg known = assay_alg_by_name(alg);
  if (equals && known == ASSAY_ALG_NONE) {
    complain("gate", "--threshold %s: there is no algorithm '%s'", optarg, alg);
    return false;
  }
  if (!options_number("gate", name, equals ? equals + 1 : optarg, 0.01, 1000, &value))
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

static bool ignore(struct gate_options *gate) {
  if (!optarg[0])
    complain("gate", "--ignore needs a pattern of class/variant/alg/subject");
  if (!closes_brackets(optarg)) {
    complain("gate", "--ignore %s: the bracket is not closed", optarg);
    return false;
  }
  gate->ignore = allocate_one_more(gate->ignore, gate->ignore_count, sizeof *gate->ignore);
  gate->ignore[gate->ignore_count++] = optarg;
  return optarg[0] != '\0';
}

static bool numeric(struct gate_options *gate, int opt, const char *name) {
  switch (opt) {
  case OPT_BUDGET: return options_number("gate", name, optarg, 0.001, 1e6, &gate->budget_s);
  case OPT_HANG: return options_number("gate", name, optarg, 0.01, 3600, &gate->hang_s);
  case OPT_THRESHOLD: return threshold(gate, name);
  default: return options_core("gate", name, optarg, &gate->cpu);
  }
}

static bool take(struct request *request, int opt, const char *name) {
  struct gate_options *gate = &request->gate;
  switch (opt) {
  case OPT_BASE: gate->base = optarg; return true;
  case OPT_HEAD: gate->head = optarg; return true;
  case OPT_AGAINST: gate->against = optarg; return true;
  case OPT_HISTORY: request->history = true; return true;
  case OPT_COUNT: request->count = optarg; return true;
  case OPT_ALG: gate->algs = optarg; return true;
  case OPT_CORPUS: gate->corpus = optarg; return true;
  case OPT_POLICY: gate->policy = optarg; return true;
  case OPT_IGNORE: return ignore(gate);
  case OPT_OUTPUT: gate->output = optarg; return true;
  case OPT_ANYWAY: gate->anyway = true; return true;
  case OPT_JSON: gate->json = true; return true;
  case OPT_MARKDOWN: gate->markdown = true; return true;
  default: return numeric(gate, opt, name);
  }
}

static int parse(struct request *request, int argc, char **argv) {
  const char *name;
  options_start();
  for (int opt; (opt = options_next("gate", table, argc, argv, &name)) != OPTIONS_END;)
    if (opt == OPTIONS_BAD || !take(request, opt, name))
      return EXIT_USAGE;
    else
      request->seen |= 1u << (opt - OPT_BASE);
  return -1;
}

/* An option that would do nothing here is a misunderstanding. */
static bool all_apply(const struct request *request, bool duet) {
  for (const struct option *option = table; option->name; option++) {
    int key = OPTION_KEY(option);
    bool of_run = key >= OPT_ALG && key <= OPT_CPU && key != OPT_THRESHOLD && key != OPT_IGNORE;
    bool of_stored = key == OPT_ANYWAY;
    if (!(request->seen >> (key - OPT_BASE) & 1) || !(duet ? of_stored : of_run))
      continue;
    complain("gate", "--%s is for %s", option->name,
             duet ? "stored results, RESULT --against BASE.json or RESULT --history"
                  : "--base and --head, which are measured; stored results have been");
    return false;
  }
  if (request->gate.json && request->gate.markdown)
    complain("gate", "--json and --markdown exclude each other");
  return !(request->gate.json && request->gate.markdown);
}

/* Which of the three forms was meant. */
static int settle(struct request *request, int argc, char **argv) {
  struct gate_options *gate = &request->gate;
  bool duet = gate->base || gate->head;
  int files = argc - optind;
  if (duet + (gate->against != NULL) + request->history != 1)
    return complain("gate", "needs one of --base OLD --head NEW, RESULT --against BASE.json, or RESULT "
                            "--history; `assay gate --help` shows how");
  if (duet && !(gate->base && gate->head))
    return complain("gate", "--%s is missing: a duet needs --base and --head", gate->base ? "head" : "base");
  if (duet && files > 0)
    return complain("gate", "'%s' is no option; builds are named with --base and --head", argv[optind]);
  if (gate->against && files != 1)
    return complain("gate", "--against needs one result file beside it, not %d", files);
  if (request->history && files < 1)
    return complain("gate", "--history needs the new result file, before any older ones or a history");
  if (request->count && !options_count("gate", request->count))
    return EXIT_USAGE;
  if (request->count && !duet)
    return complain("gate", "--count is for --base and --head; counts of stored results are compared anyway");
  if (!all_apply(request, duet))
    return EXIT_USAGE;
  gate->count = request->count != NULL;
  gate->form = duet ? GATE_DUET : gate->against ? GATE_STORED : GATE_HISTORY;
  if (!duet)
    gate->result = argv[optind];
  gate->history = argv + optind + 1;
  gate->history_count = request->history ? (unsigned)files - 1 : 0;
  gate->threshold_is_named = gate->threshold > 0;
  gate->count_threshold = gate->threshold > 0 ? gate->threshold : 0.005;
  if (gate->threshold == 0)
    gate->threshold = duet ? 0.01 : 0.05;
  return -1;
}

static int ask(struct gate *gate, int argc, char **argv) {
  struct assay_error error = {0};
  if (gate->options->output && !file_make_dirs(gate->options->output, &error))
    return complain("gate", "%s", error.text);
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
  int code = ask(&gate, argc, argv);
  if (code < 0)
    code = finish(&gate);
  gate_fini(&gate);
  return code;
}

static int run(int argc, char **argv) {
  struct request request = {.gate = {.budget_s = 60, .hang_s = 5, .cpu = -1}};
  int code = parse(&request, argc, argv);
  if (code < 0)
    code = settle(&request, argc, argv);
  if (code < 0)
    code = gate_run(&request.gate, argc, argv);
  free(request.gate.ignore);
  return code;
}

const struct command command_gate = {
    .name = "gate",
    .summary = "may this build go in? exit code 1 if it is slower, 2 if it answers wrongly",
    .usage =
        "usage: assay gate --base OLD --head NEW [OPTION...]\n"
        "       assay gate RESULT --against BASE.json [OPTION...]\n"
        "       assay gate RESULT --history [FILE...] [OPTION...]\n\n"
        "Compares two builds of a module in one run, interleaved: base, head, and base once more, so\n"
        "that the run carries its own noise floor. Verdicts come first: where the head answers a token\n"
        "worse than the base, speed is not looked at: accepting a bad one is worse than a crash or a\n"
        "hang, that than a fault, than refusing a good one, than another reason, than none. A slowdown\n"
        "fails only if its interval leaves out 0 and it exceeds both the noise of the run and the\n"
        "threshold; a run that cannot rule out such a slowdown is too noisy, and never a pass.\n\n"
        "Two stored results were measured at different times: their threshold is wider (5 %), and what\n"
        "is found is a hint where a duet is a proof. --history compares with at least 10 older results of\n"
        "the same machine and corpus, in the order of time: those that `assay history` keeps, or the\n"
        "result files and histories named behind it; a slowdown fails that exceeds Q3 + 3 IQR of past\n"
        "changes.\n\n"
        "  --base, --head    one subject each as `assay run --subject` takes them: a module's path,\n"
        "                    name@prefix, name:variant, exec:COMMAND, LABEL=... to be called so\n"
        "  --alg LIST        algorithms, such as RS256,ES256 (default: all that the base has)\n"
        "  --budget S        time for the measurement, in all (default: 60)\n"
        "  --threshold PCT   slowdowns below this are let through (default: 1; 5 for stored results; 0.5 "
        "for\n"
        "                    instructions); ALG=PCT for one algorithm, as often as you like. With "
        "--history,\n"
        "                    what is more than usual is let through only below a threshold that is named\n"
        "  --ignore PATTERN  verdicts that are known to be worse: class/variant/alg/subject with *, ? and "
        "[],\n"
        "                    and what is left out behind is any; they are counted and named. As often as\n"
        "                    you like\n"
        "  --count instructions\n"
        "                    compares instructions a token instead of times, as `assay bench --count` does\n"
        "  --corpus DIR      a corpus (default: generated once and kept)\n"
        "  --policy FILE     check against this policy instead of the corpus' own\n"
        "  --cpu N           the core for measured blocks (default: the last)\n"
        "  --hang-after S    a token that takes longer is a hang (default: 5)\n"
        "  --anyway          compare results of other machines, corpora or sanitizer builds all the same,\n"
        "                    and what both have where the new one lacks something; else that is no pass\n"
        "  --markdown        a summary for a pull request\n"
        "  --json            the result with the gate's answers, for programs\n"
        "  --output DIR      keeps that result there: result.json, which `assay report` turns into every\n"
        "                    other format, JUnit for one, and result.md and result.html\n\n"
        "Exit codes: 0 holds, 1 slower, 2 wrong verdict, 3 too noisy to say or incomplete, 4 usage or\n"
        "set-up.\n\n"
        "Examples:\n"
        "  assay gate --base old/openssl.so --head new/openssl.so --alg RS256,ES256 --budget 30\n"
        "  assay gate --base openssl --head openssl@/opt/openssl --markdown > comment.md\n"
        "  assay gate --base old/openssl.so --head new/openssl.so --output gate;\n"
        "    assay report gate/result.json --format junit\n"
        "  assay gate --base old/openssl.so --head new/openssl.so --count instructions\n"
        "  assay gate new/result.json --against main/result.json --ignore 'typ-*/*/*/libjwt'\n"
        "  assay gate new/result.json --history\n"
        "  assay gate new/result.json --history results/*.json\n",
    .run = run,
};
