/* assay check: verdicts and reasons alone, on a corpus or on somebody's own cases. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "harness/cli/command.h"
#include "harness/cli/job.h"

static void on_interrupt(int number) {
  (void)number;
  job_stop = 1;
}

/* Whatever ends the run, the temporary corpus has to go. */
static void catch_interrupts(void) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction action = {.sa_handler = on_interrupt};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    sigaction(numbers[i], &action, NULL);
}

/* The one that was named, or the one that stands beside the cases. */
static void name_policy(struct job_options *options, char *beside, size_t size) {
  const char *slash = strrchr(options->cases, '/');
  snprintf(beside, size, "%.*spolicy.yaml", slash ? (int)(slash + 1 - options->cases) : 0, options->cases);
  options->policy_name = options->policy ? options->policy : beside;
}

static int check_cases(struct job_options *options, int argc, char **argv) {
  char folder[PATH_MAX], corpus[PATH_MAX + 16], beside[PATH_MAX];
  struct assay_error error = {0};
  catch_interrupts();
  if (!job_cases_import(options->cases, options->policy, folder, sizeof folder, &error))
    return job_stop ? EXIT_INTERRUPTED : complain(options->command, "%s", error.text);
  snprintf(corpus, sizeof corpus, "%s/corpus", folder);
  options->corpus = corpus;
  name_policy(options, beside, sizeof beside);
  int code = job_stop ? EXIT_INTERRUPTED : job_run(options, argc, argv);
  options->corpus = NULL;
  job_cases_remove(folder);
  return code;
}

static int run(int argc, char **argv) {
  struct job_options options = {
      .command = "check", .check = true, .launches = 1, .seconds = 1, .threads = 1, .hang_s = 5, .cpu = -1};
  int code = job_parse(&options, argc, argv);
  if (code >= 0)
    return code;
  if (!options.subjects)
    options.subjects = options.vectors ? "backends" : "all";
  return options.cases ? check_cases(&options, argc, argv) : job_run(&options, argc, argv);
}

const struct command command_check = {
    .name = "check",
    .summary = "verdicts and reasons alone",
    .usage =
        "usage: assay check [OPTION...]\n\n"
        "Asks every subject about every token of a corpus and compares verdict and reason with what\n"
        "the corpus' construction expects. Takes the options of `assay run`, but asks verifiers too\n"
        "unless --subject names others; files are written only where --output names a folder. Exit\n"
        "code 2 where any answer of a backend is wrong; what verifiers answer wrongly is a finding.\n\n"
        "  --cases FILE      your own tokens instead of a corpus, one JSON object a line:\n"
        "                    {\"id\", \"token\" (or \"token_b64\"), \"expect\": {\"verdict\", \"reason\"}, "
        "\"also\",\n"
        "                    \"class\", \"variant\", \"alg\", \"keys\": {ISSUER: JWKS}, \"policy\", \"now\", "
        "\"after\"}\n"
        "                    id and token are needed; policy where no policy.yaml stands beside FILE and\n"
        "                    --policy names none\n"
        "  --level primitive --vectors DIR\n"
        "                    raw vectors instead of tokens, through each library's bare verify and without\n"
        "                    our guards: the JSON of Wycheproof, CCTV ed25519 and ed25519-speccheck\n"
        "                    under DIR. What libraries answer wrongly there is a finding: exit code 0\n"
        "  --level guarded --vectors DIR\n"
        "                    the same vectors behind our guards, the key import and form checks of the\n"
        "                    pipeline. A disagreement with a suite is an error there: exit code 2\n"
        "  --fail-on LIST    exit code 2 also for what verifiers answer: accept (a bad token), reject (a "
        "good\n"
        "                    one), reason, unmapped, undecided, unsupported, differs, crash, hang, fault\n"
        "  --explain ID      lay one token open and show what each backend says of it\n\n"
        "Examples:\n"
        "  assay check\n"
        "  assay check --cases mine.jsonl\n"
        "  assay check --explain signature/pkcs1-missing-null/RS256/0000\n"
        "  assay check --fail-on accept,reject,crash\n"
        "  assay check --level guarded --vectors wycheproof/testvectors_v1\n"
        "  assay check --subject wolfssl --alg PS256,ES384 --json\n",
    .run = run,
};
