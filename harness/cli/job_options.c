/* Options of run, check and bench. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/command.h"
#include "harness/cli/fail_on.h"
#include "harness/cli/main_job.h"
#include "harness/cli/options.h"
#include "harness/job/job.h"
#include "harness/measurements/measurement.h"

enum {
  OPT_SUBJECT = 1000,
  OPT_ALG,
  OPT_CORPUS,
  OPT_POLICY,
  OPT_CASES,
  OPT_TOKENS,
  OPT_KEYS,
  OPT_SECRET_FILE,
  OPT_ISSUER,
  OPT_AUDIENCE,
  OPT_LEVEL,
  OPT_VECTORS,
  OPT_EXPLAIN,
  OPT_ANSWERS,
  OPT_COUNT,
  OPT_MEASURE,
  OPT_OUTPUT,
  OPT_FAIL_ON,
  OPT_LAUNCHES,
  OPT_SECONDS,
  OPT_THREADS,
  OPT_HANG,
  OPT_SEED,
  OPT_CPU,
  OPT_QUICK,
  OPT_JSON,
  OPT_FORMAT,
  OPT_ONLY,
  OPT_COLUMNS,
  OPT_SORT,
  OPT_VERBOSE
};

static const struct option table[] = {{"subject", required_argument, NULL, OPT_SUBJECT | OPTION_LIST},
                                      {"alg", required_argument, NULL, OPT_ALG | OPTION_LIST},
                                      {"corpus", required_argument, NULL, OPT_CORPUS},
                                      {"policy", required_argument, NULL, OPT_POLICY},
                                      {"explain", required_argument, NULL, OPT_EXPLAIN},
                                      {"answers", required_argument, NULL, OPT_ANSWERS},
                                      {"count", required_argument, NULL, OPT_COUNT},
                                      {"measure", required_argument, NULL, OPT_MEASURE | OPTION_LIST},
                                      {"cases", required_argument, NULL, OPT_CASES},
                                      {"tokens", required_argument, NULL, OPT_TOKENS},
                                      {"keys", required_argument, NULL, OPT_KEYS | OPTION_AGAIN},
                                      {"secret-file", required_argument, NULL, OPT_SECRET_FILE},
                                      {"issuer", required_argument, NULL, OPT_ISSUER},
                                      {"audience", required_argument, NULL, OPT_AUDIENCE | OPTION_AGAIN},
                                      {"level", required_argument, NULL, OPT_LEVEL},
                                      {"vectors", required_argument, NULL, OPT_VECTORS},
                                      {"output", required_argument, NULL, OPT_OUTPUT},
                                      {"fail-on", required_argument, NULL, OPT_FAIL_ON | OPTION_LIST},
                                      {"launches", required_argument, NULL, OPT_LAUNCHES},
                                      {"seconds", required_argument, NULL, OPT_SECONDS},
                                      {"threads", required_argument, NULL, OPT_THREADS},
                                      {"hang-after", required_argument, NULL, OPT_HANG},
                                      {"order-seed", required_argument, NULL, OPT_SEED},
                                      {"cpu", required_argument, NULL, OPT_CPU},
                                      {"quick", no_argument, NULL, OPT_QUICK},
                                      {"json", no_argument, NULL, OPT_JSON},
                                      {"format", required_argument, NULL, OPT_FORMAT},
                                      {"only", required_argument, NULL, OPT_ONLY | OPTION_LIST},
                                      {"columns", required_argument, NULL, OPT_COLUMNS | OPTION_LIST},
                                      {"sort", required_argument, NULL, OPT_SORT},
                                      {"verbose", no_argument, NULL, OPT_VERBOSE},
                                      {NULL, 0, NULL, 0}};

static bool numeric(struct job_options *options, int opt, const char *name) {
  const char *c = options->command;
  double value;
  switch (opt) {
  case OPT_LAUNCHES: return options_whole(c, name, optarg, 1, 1000, &options->launches);
  case OPT_THREADS: return options_whole(c, name, optarg, 1, CONTROL_THREADS_MAX, &options->threads);
  case OPT_HANG: return options_number(c, name, optarg, 0.01, 3600, &options->hang_s);
  case OPT_SECONDS:
    if (!options_number(c, name, optarg, 0.1, 1e6, &options->seconds))
      return false;
    options->latency_s = options->seconds / 3;
    return true;
  case OPT_SEED:
    if (!options_number(c, name, optarg, 1, 9e15, &value))
      return false;
    options->order_seed = (uint64_t)value;
    return true;
  default: return options_core(c, name, optarg, &options->cpu);
  }
}

static void quicken(struct job_options *options) {
  options->quick = true;
  options->launches = 1;
  options->seconds = 9;
  options->latency_s = 2;
}

static bool fail_on(struct job_options *options) {
  struct assay_error error;
  options->fail_on = fail_on_parse(optarg, &error);
  if (options->fail_on == 0)
    complain(options->command, "%s", error.text);
  return options->fail_on != 0;
}

static bool measure(struct job_options *options) {
  struct assay_error error;
  options->measure = optarg;
  if (measurements_named(optarg, &error))
    return true;
  complain(options->command, "%s", error.text);
  return false;
}

/* An option that can stand there more than once. */
static bool add_value(const struct job_options *options, const char *name, const char **list,
                      unsigned *count) {
  if (*count == OWN_FILES_MAX) {
    complain(options->command, "--%s is there more than %d times", name, OWN_FILES_MAX);
    return false;
  }
  list[(*count)++] = optarg;
  return true;
}

/* `answers` is no format of a result, which keeps a few tokens alone. */
static bool format(struct job_options *options) {
  if (strcmp(optarg, "answers") == 0) {
    options->answers = "-";
    return true;
  }
  const struct result_format *found =
      options_format(options->command, optarg, options->bench ? NULL : "answers");
  options->format = found && strcmp(found->name, "terminal") != 0 ? found->name : NULL;
  options->json = options->format != NULL;
  return found != NULL;
}

static bool take(struct job_options *options, int opt, const char *name) {
  switch (opt) {
  case OPT_SUBJECT: options->subjects = optarg; return true;
  case OPT_ALG: options->algs = optarg; return true;
  case OPT_CORPUS: options->corpus = optarg; return true;
  case OPT_POLICY: options->policy = optarg; return true;
  case OPT_LEVEL: options->level = optarg; return true;
  case OPT_VECTORS: options->vectors = optarg; return true;
  case OPT_CASES: options->cases = optarg; return true;
  case OPT_TOKENS: options->own.tokens = optarg; return true;
  case OPT_KEYS: return add_value(options, name, options->own.keys, &options->own.key_count);
  case OPT_SECRET_FILE: options->own.secret_file = optarg; return true;
  case OPT_ISSUER: options->own.issuer = optarg; return true;
  case OPT_AUDIENCE: return add_value(options, name, options->own.audiences, &options->own.audience_count);
  case OPT_EXPLAIN: options->explain = optarg; return true;
  case OPT_ANSWERS: options->answers = optarg; return true;
  case OPT_COUNT: options->count = optarg; return true;
  case OPT_MEASURE: return measure(options);
  case OPT_OUTPUT: options->output = optarg; return true;
  case OPT_FAIL_ON: return fail_on(options);
  case OPT_QUICK: quicken(options); return true;
  case OPT_JSON: options->json = true; return true;
  case OPT_FORMAT: return format(options);
  case OPT_ONLY: options->view.only = optarg; return true;
  case OPT_COLUMNS: options->view.shown_columns = optarg; return true;
  case OPT_SORT: options->view.sort = optarg; return true;
  case OPT_VERBOSE: options->view.verbose = true; return true;
  default: return numeric(options, opt, name);
  }
}

const char *const job_levels[] = {"pipeline", "primitive", "guarded", NULL};

static bool is_level(const char *text) {
  const char *const *level = job_levels;
  while (*level && strcmp(*level, text) != 0)
    level++;
  return *level != NULL;
}

/* What needs what, and what excludes what. */
static bool settle_level(const struct job_options *options) {
  const char *level = options->level ? options->level : job_levels[0];
  bool raw = strcmp(level, job_levels[0]) != 0;
  if (!is_level(level))
    complain(options->command, "--level is %s, %s or %s, not '%s'", job_levels[0], job_levels[1],
             job_levels[2], level);
  else if (raw && !options->vectors)
    complain(options->command, "--level %s needs --vectors DIR, a folder of raw vectors", level);
  else if (options->vectors && !raw)
    complain(options->command, "--vectors needs --level primitive or guarded: raw vectors are no tokens");
  else if (raw && options->bench)
    complain(options->command, "--level %s is an option of `assay check`", level);
  else if (raw && (options->corpus || options->cases || options->policy || options->explain))
    complain(options->command,
             "--level %s asks about raw vectors: --corpus, --cases, --policy and --explain are for tokens",
             level);
  else
    return true;
  return false;
}

static int settle_answers(const struct job_options *options) {
  if (options->answers && (options->bench || options->vectors))
    return complain(options->command, "--answers is an option of `assay check`, and of its tokens alone");
  if (options->answers && strcmp(options->answers, "-") == 0 && (options->json || options->explain))
    return complain(options->command, "--answers - and --%s%s exclude each other: both take standard output",
                    options->format ? "format "
                    : options->json ? "json"
                                    : "explain",
                    options->format ? options->format : "");
  return -1;
}

static int settle_cases(const struct job_options *options) {
  if (options->cases && options->corpus)
    return complain(options->command,
                    "--cases and --corpus exclude each other: cases make a corpus of their own");
  if (options->cases && options->bench)
    return complain(options->command, "--cases is an option of `assay check`: speed is measured on a corpus");
  return -1;
}

/* Which option of own tokens is there; NULL: none. */
static const char *own_option(const struct own_options *own) {
  return own->key_count        ? "keys"
         : own->secret_file    ? "secret-file"
         : own->issuer         ? "issuer"
         : own->audience_count ? "audience"
                               : NULL;
}

static int settle_own(const struct job_options *options) {
  const struct own_options *own = &options->own;
  const char *other = options->cases     ? "cases"
                      : options->corpus  ? "corpus"
                      : options->policy  ? "policy"
                      : options->vectors ? "vectors"
                                         : NULL;
  if (!own->tokens && own_option(own))
    return complain(options->command,
                    "--%s says what --tokens FILE are to be checked with, and there is none",
                    own_option(own));
  if (!own->tokens)
    return -1;
  if (other)
    return complain(
        options->command,
        "--tokens and --%s exclude each other: with raw tokens, --keys, --issuer and --audience say "
        "what is trusted",
        other);
  if (options->check && options->bench)
    return complain(options->command, "--tokens is an option of `assay check` and `assay bench`");
  if (own->key_count == 0 && !own->secret_file)
    return complain(options->command, "--tokens needs --keys FILE, or --secret-file FILE for HMAC");
  return -1;
}

static int settle_count(const struct job_options *options) {
  if (options->count && !options_count(options->command, options->count))
    return EXIT_USAGE;
  if (options->count && options->check)
    return complain(options->command, "--count is an option of `assay bench`");
  if (options->measure && options->check)
    return complain(options->command, "--measure is an option of `assay bench`");
  if (options->measure && options->count)
    return complain(options->command, "--measure and --count exclude each other");
  return -1;
}

static bool is_of_times(int opt) {
  return opt == OPT_SECONDS || opt == OPT_LAUNCHES || opt == OPT_THREADS || opt == OPT_QUICK;
}

int job_parse(struct job_options *options, int argc, char **argv) {
  const char *name, *of_times = NULL;
  options_start();
  for (int opt; (opt = options_next(options->command, table, argc, argv, &name)) != OPTIONS_END;) {
    if (opt == OPTIONS_BAD || !take(options, opt, name))
      return EXIT_USAGE;
    of_times = is_of_times(opt) ? name : of_times;
  }
  if (options->count && of_times)
    return complain(options->command, "--%s is about times, and --count takes none", of_times);
  if (optind < argc)
    return complain(options->command, "'%s' is no option; subjects are named with --subject", argv[optind]);
  int code = settle_count(options);
  if (code < 0)
    code = settle_level(options) ? settle_cases(options) : EXIT_USAGE;
  if (code < 0)
    code = settle_answers(options);
  return code < 0 ? settle_own(options) : code;
}
