/* Options of run, check and bench. */
#include "harness/cli/main_job.h"

#include <string.h>

#include "harness/base/alg.h"
#include "harness/cli/common_options.h"
#include "harness/cli/fail_on.h"
#include "harness/measurements/measurement.h"

#define WITH_BENCH (JOB_RUN | JOB_BENCH)
#define WITH_OWN (JOB_CHECK | JOB_BENCH)
#define ALL (JOB_RUN | JOB_CHECK | JOB_BENCH)

/* ---- words and values ---- */

static const char *vector_level_word(unsigned number) {
  static const char *const levels[] = {"pipeline", "primitive", "guarded"};
  return number < 3 ? levels[number] : NULL;
}

/* `answers` is no format of a result, which keeps a few tokens alone. */
static const char *check_format_word(unsigned number) {
  if (number && !format_word(number - 1))
    return NULL; /* behind it */
  const char *format = format_word(number);
  return format ? format : "answers";
}

static bool take_measure(void *member, const char *text, struct assay_error *error) {
  *(const char **)member = text;
  return measurements_named(text, error);
}

static bool take_fail_on(void *member, const char *text, struct assay_error *error) {
  return (*(unsigned *)member = fail_on_parse(text, error)) != 0;
}

static bool take_format(void *member, const char *text, struct assay_error *error) {
  struct job_options *options = member;
  if (word_find("format", text, options->bench ? format_word : check_format_word, error) < 0)
    return false;
  if (strcmp(text, "answers") == 0) {
    options->answers = "-";
    return true;
  }
  options->format = strcmp(text, "terminal") != 0 ? text : NULL;
  options->json = options->format != NULL;
  return true;
}

static bool add_value(const char *name, const char *value, const char **list, unsigned *count,
                      struct assay_error *error) {
  if (*count == OWN_FILES_MAX)
    return error_set(error, "--%s is there more than %d times", name, OWN_FILES_MAX);
  list[(*count)++] = value;
  return true;
}

static bool take_keys(void *member, const char *text, struct assay_error *error) {
  struct own_options *own = member;
  return add_value("keys", text, own->keys, &own->key_count, error);
}

static bool take_audience(void *member, const char *text, struct assay_error *error) {
  struct own_options *own = member;
  return add_value("audience", text, own->audiences, &own->audience_count, error);
}

/* ---- the table ---- */

#define OF_CHECK .of = JOB_CHECK, .refusal = "is an option of `assay check`"
#define OF_BENCH .of = JOB_BENCH, .refusal = "is an option of `assay bench`"
#define OF_OWN .of = WITH_OWN, .refusal = "is an option of `assay check` and `assay bench`"
#define OF_TIMES .of = WITH_BENCH, .refusal = "is an option of `assay run` and `assay bench`"

const struct option_row job_rows[] = {
    /* Who is asked about what. */
    {"subject", "LIST",
     "comma-separated: name, name:variant, name@prefix, label=..., a module's path, exec:COMMAND, or a "
     "group: backends, verifiers, all, or default, which is " SUBJECTS_DEFAULT,
     TAKEN_AS(OPTION_LIST, struct job_options, subjects, take_subjects), .word = subject_or_group_word,
     .of = WITH_BENCH, .fallback = "default"},
    {"subject", "LIST",
     "comma-separated: name, name:variant, name@prefix, label=..., a module's path, exec:COMMAND, or a "
     "group: backends, verifiers, all, or default, which is " SUBJECTS_DEFAULT
     " (default: default,verifiers; of raw vectors, default)",
     TAKEN_AS(OPTION_LIST, struct job_options, subjects, take_subjects), .word = subject_or_group_word,
     .of = JOB_CHECK},
    {"alg", "LIST", "algorithms, such as HS256,ES256 (default: all)", LIST_IN(struct job_options, algs),
     .word = alg_word, .of = JOB_RUN},
    {"alg", "LIST",
     "algorithms, such as HS256,ES256 (default: all); with --tokens, what is allowed (default: what the keys "
     "are for)",
     LIST_IN(struct job_options, algs), .word = alg_word, .of = WITH_OWN},
    {CORPUS_ROW(struct job_options, corpus)},
    {POLICY_ROW(struct job_options, policy)},
    {"explain", "ID", "show one token decoded, and what each subject says of it",
     TEXT_IN(struct job_options, explain), OF_CHECK},

    {"cases", "FILE",
     "instead of a corpus, your own tokens with what they come with, one JSON object a line; of its members "
     "only id and token are needed, and policy where no policy.yaml stands beside FILE and --policy names "
     "none. -: standard input. `assay help cases` tells them all",
     TEXT_IN(struct job_options, cases), .of = JOB_CHECK,
     .refusal = "is an option of `assay check`: speed is measured on a corpus", .group = "Your own tokens:"},
    {"tokens", "FILE",
     "instead of a corpus, your own tokens as they are, one a line, \"Bearer ...\" too; nothing is expected "
     "of them, and the clock is the real one. -: standard input. Instead of a policy there are the options "
     "that follow",
     TEXT_IN(struct job_options, own.tokens), .of = JOB_CHECK,
     .refusal = "is an option of `assay check` and `assay bench`"},
    {"tokens", "FILE",
     "instead of a corpus, your own tokens as they are, one a line, those of them that every subject "
     "accepts; the clock stands still while they are measured. -: standard input. Instead of a policy there "
     "are the options that follow",
     TEXT_IN(struct job_options, own.tokens), .of = JOB_BENCH},
    {"keys", "FILE",
     "JWK Set, JWK, public key or certificate in PEM or DER, X.509 map; several with commas, or the option "
     "again. A key without a kid serves any kid",
     TAKEN_AS(OPTION_EACH, struct job_options, own, take_keys), OF_OWN},
    {"secret-file", "FILE", "a secret for HMAC, as it is, without the end of line behind it",
     TEXT_IN(struct job_options, own.secret_file), OF_OWN},
    {"issuer", "ISS", "the issuer that the tokens have to be from", TEXT_IN(struct job_options, own.issuer),
     OF_OWN},
    {"audience", "AUD",
     "who you are: a token has to be meant for you; any: it does not matter. The option again for a second "
     "name",
     TAKEN_AS(OPTION_EACH, struct job_options, own, take_audience), OF_OWN},

    {"level", "NAME",
     "instead of tokens, raw vectors; primitive: through each library's bare verify and without our guards, "
     "where what libraries answer wrongly is a finding (exit code 0); guarded: behind our guards, the key "
     "import and form checks of the pipeline, where a disagreement with a suite is an error (exit code 2)",
     WORD_IN(struct job_options, level, vector_level_word), OF_CHECK, .group = "Raw vectors of libraries:"},
    {"vectors", "DIR", "the JSON of Wycheproof, CCTV ed25519 and ed25519-speccheck under DIR",
     TEXT_IN(struct job_options, vectors), OF_CHECK},

    {"measure", "LIST",
     "measurements of their own instead of the tables of speed, comma-separated; they are listed below",
     TAKEN_AS(OPTION_LIST, struct job_options, measure, take_measure), OF_BENCH, .word = measurement_word,
     .group = "What is measured, and how:"},
    {"count", "instructions",
     "instructions a token instead of times, by the processor's counter; by Callgrind where it has none: "
     "then the same number every time for the same build, corpus and subject, whatever else the machine does",
     WORD_IN(struct job_options, count, count_word), OF_BENCH},
    {"quick", NULL, "six short launches, fewer samples, two tokens of each variant: some 40 s",
     FLAG_IN(struct job_options, quick), .of = WITH_BENCH},
    {"quick", NULL, "two tokens of each variant", FLAG_IN(struct job_options, quick), .of = JOB_CHECK},
    {"launches", "N",
     "fresh processes of each subject (default: as many as the comparisons need to be claimed together, 11 "
     "for three backends)",
     WHOLE_IN(struct job_options, launches, 1, 1000), OF_TIMES},
    {"seconds", "S", "time for throughput blocks, in all", NUMBER_IN(struct job_options, seconds, 0.1, 1e6),
     OF_TIMES, .fallback = "60"},
    {"threads", "N", "threads of the scaling table; 1: no such table",
     WHOLE_IN(struct job_options, threads, 1, CONTROL_THREADS_MAX), OF_TIMES, .fallback = "2"},
    {"order-seed", "N", "seed of the block orders (default: from the clock)",
     WHOLE_IN(struct job_options, order_seed, 1, 9000000000000000), OF_TIMES},
    {CPU_ROW(struct job_options, cpu)},
    {HANG_ROW(struct job_options, hang_s)},

    {"output", "DIR", "where the report goes", TEXT_IN(struct job_options, output), .of = JOB_RUN,
     .fallback = "assay-report", .group = "What comes of it:"},
    {"output", "DIR", "where the report goes (default: none is written)", TEXT_IN(struct job_options, output),
     .of = WITH_OWN},
    {"answers", "FILE",
     "what each subject said of each token, whatever their number: JSON Lines, or CSV where FILE ends in "
     ".csv, or JUnit where it ends in .xml; - is standard output, in place of the tables",
     TEXT_IN(struct job_options, answers), .of = JOB_CHECK,
     .refusal = "is an option of `assay check`, and of its tokens alone"},
    {"fail-on", "LIST",
     "exit code 2 also for what verifiers answer: accept (a bad token), reject (a good one), reason, "
     "unmapped, undecided, unsupported, differs, crash, hang, fault",
     TAKEN_AS(OPTION_LIST, struct job_options, fail_on, take_fail_on), .of = JOB_RUN | JOB_CHECK,
     .refusal = "is an option of `assay run` and `assay check`", .word = fail_on_word},
    {"json", NULL, "the result on stdout as JSON, no tables", FLAG_IN(struct job_options, json)},
    {"format", "NAME", "the result on stdout in a format of `assay report`", .kind = OPTION_TEXT,
     .take = take_format, .word = format_word, .of = WITH_BENCH},
    {"format", "NAME", "the result on stdout in a format of `assay report`; answers: those of --answers",
     .kind = OPTION_TEXT, .take = take_format, .word = check_format_word, .of = JOB_CHECK},
    {"only", "LIST", "rows of the tables that are shown, as in `assay report --help`",
     LIST_IN(struct job_options, view.only)},
    {"columns", "LIST", "columns of the tables, likewise", LIST_IN(struct job_options, view.shown_columns)},
    {"sort", "HEAD", "order of their rows, likewise", TEXT_IN(struct job_options, view.sort)},
    {"verbose", NULL, "every row and every warning", FLAG_IN(struct job_options, view.verbose)},
    {0}};

static const char trust_by_options[] = "with raw tokens, --keys, --issuer and --audience say what is trusted";

const struct option_conflict job_conflicts[] = {{"measure", "count", NULL},
                                                {"cases", "corpus", "cases make a corpus of their own"},
                                                {"tokens", "cases", trust_by_options},
                                                {"tokens", "corpus", trust_by_options},
                                                {"tokens", "policy", trust_by_options},
                                                {"tokens", "vectors", trust_by_options},
                                                {0}};

/* ---- what needs what ---- */

static bool settle_level(const struct job_options *options, struct assay_error *error) {
  bool raw = options->level && strcmp(options->level, vector_level_word(0)) != 0;
  if (raw && !options->vectors)
    return error_set(error, "--level %s needs --vectors DIR, a folder of raw vectors", options->level);
  if (options->vectors && !raw)
    return error_set(error, "--vectors needs --level primitive or guarded: raw vectors are no tokens");
  if (raw && (options->corpus || options->cases || options->policy || options->explain))
    return error_set(
        error, "--level %s asks about raw vectors: --corpus, --cases, --policy and --explain are for tokens",
        options->level);
  return true;
}

static bool settle_answers(const struct job_options *options, struct assay_error *error) {
  if (options->answers && options->vectors)
    return error_set(error, "--answers is an option of `assay check`, and of its tokens alone");
  if (options->answers && strcmp(options->answers, "-") == 0 && (options->json || options->explain))
    return error_set(error, "--answers - and --%s%s exclude each other: both take standard output",
                     options->format ? "format "
                     : options->json ? "json"
                                     : "explain",
                     options->format ? options->format : "");
  return true;
}

/* Which option of own tokens is there; NULL: none. */
static const char *own_option(const struct own_options *own) {
  return own->key_count        ? "keys"
         : own->secret_file    ? "secret-file"
         : own->issuer         ? "issuer"
         : own->audience_count ? "audience"
                               : NULL;
}

static bool settle_own(const struct own_options *own, struct assay_error *error) {
  if (!own->tokens && own_option(own))
    return error_set(error, "--%s says what --tokens FILE are to be checked with, and there is none",
                     own_option(own));
  if (own->tokens && own->key_count == 0 && !own->secret_file)
    return error_set(error, "--tokens needs --keys FILE, or --secret-file FILE for HMAC");
  return true;
}

/* What is said goes before what --quick leaves out. */
static bool settle_times(const struct usage *usage, struct job_options *options,
                         const struct options_given *given, struct assay_error *error) {
  static const char *const of_times[] = {"seconds", "launches", "threads", "quick", NULL};
  for (const char *const *name = of_times; options->count && *name; name++)
    if (option_is_given(usage, given, *name))
      return error_set(error, "--%s is about times, and --count takes none", *name);
  bool timed = option_is_given(usage, given, "seconds");
  options->latency_s = timed ? options->seconds / 3 : options->quick ? 2 : 15;
  if (options->quick && !timed)
    options->seconds = 9;
  if (options->quick && !option_is_given(usage, given, "launches"))
    options->launches = ENGINE_LAUNCHES;
  return true;
}

static bool settle(const struct usage *usage, struct job_options *options, const struct options_given *given,
                   struct assay_error *error) {
  const char *usual = options->vectors ? "default" : "default,verifiers";
  return settle_level(options, error) && settle_answers(options, error) && settle_own(&options->own, error) &&
         (options->bench ? settle_times(usage, options, given, error)
                         : option_is_given(usage, given, "subject") ||
                               subject_specs_add_list(&options->subjects, usual, error));
}

int job_command(const struct usage *usage, struct job_options *options, int argc, char **argv) {
  struct options_given given;
  struct assay_error error = {0};
  options->command = usage_word(usage);
  options->cpu = -1;
  int code = EXIT_USAGE;
  if (command_read(usage, options, argc, argv, &given))
    code = settle(usage, options, &given, &error) ? main_job(options, argc, argv)
                                                  : complain(options->command, "%s", error.text);
  subject_specs_fini(&options->subjects);
  return code;
}
