/* A job on somebody's own cases or tokens: they become a corpus for this run alone. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/job.h"

bool job_is_imported(const struct job_options *options) {
  return options->cases || options->own.tokens;
}

/* ---- what assay-corpus is told ---- */

struct words {
  const char **list;
  size_t count, size;
};

static void add(struct words *words, const char *option, const char *value) {
  if (!value || words->count + 3 > words->size)
    return;
  words->list[words->count++] = option;
  words->list[words->count++] = value;
}

static void add_own(struct words *words, const struct job_options *options) {
  const struct own_options *own = &options->own;
  static char now[32];
  add(words, "--format", "tokens");
  for (unsigned i = 0; i < own->key_count; i++)
    add(words, "--keys", own->keys[i]);
  add(words, "--secret-file", own->secret_file);
  add(words, "--issuer", own->issuer);
  for (unsigned i = 0; i < own->audience_count; i++)
    add(words, "--audience", own->audiences[i]);
  add(words, "--alg", options->algs);
  snprintf(now, sizeof now, "%lld", (long long)time(NULL));
  if (options->bench) /* a token must not expire while it is measured */
    add(words, "--now", now);
}

bool job_import_arguments(const struct job_options *options, const char *corpus, const char **list,
                          size_t size, struct assay_error *error) {
  struct words words = {list, 0, size};
  add(&words, "import", "--out");
  words.list[words.count++] = corpus;
  add(&words, "--policy", options->policy);
  if (options->own.tokens)
    add_own(&words, options);
  add(&words, "--", options->own.tokens ? options->own.tokens : options->cases);
  words.list[words.count] = NULL;
  return words.count + 3 <= size || error_set(error, "more key files and audiences than can be told");
}

/* ---- the job ---- */

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

int job_run_imported(struct job_options *options, int argc, char **argv) {
  char folder[PATH_MAX], corpus[PATH_MAX + 16], beside[PATH_MAX];
  struct assay_error error = {0};
  catch_interrupts();
  if (options->policy && !job_policy_text_holds(options->command, options->policy, &error))
    return complain(options->command, "%s", error.text);
  if (!job_cases_import(options, folder, sizeof folder, &error))
    return job_stop ? EXIT_INTERRUPTED : complain(options->command, "%s", error.text);
  snprintf(corpus, sizeof corpus, "%s/corpus", folder);
  options->corpus = corpus;
  if (options->own.tokens) {
    options->algs = NULL; /* said whom to trust, and leaves no token unasked */
    options->policy_name = "--keys and --issuer";
  }
  if (options->cases)
    name_policy(options, beside, sizeof beside);
  int code = job_stop ? EXIT_INTERRUPTED : job_run(options, argc, argv);
  options->corpus = NULL;
  file_remove_temporary(folder);
  return code;
}
