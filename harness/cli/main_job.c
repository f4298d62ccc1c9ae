/* The main job from end to end, of `run`, `check` and `bench`. */
#include "harness/cli/main_job.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"
#include "harness/cli/common_options.h"
#include "harness/cli/fail_on.h"
#include "harness/job/explain.h"
#include "harness/job/machine.h"
#include "harness/job/own_answers.h"
#include "harness/job/result_files.h"
#include "harness/measurements/measurement.h"
#include "harness/measurements/selftest.h"
#include "harness/terminal/complain.h"
#include "harness/terminal/progress.h"
#include "reports/document/screen.h"
#include "reports/model/measured.h"

/* Whoever died after its last answer has not been missed so far. */
static void file_late_deaths(struct job *job) {
  for (unsigned s = 0; s < job->subject_count; s++)
    subject_check_alive(&job->subjects[s]);
  job_file_errors(job);
}

/* A fast number with a wrong verdict is worthless. */
bool main_job_work(struct job *job, struct assay_error *error) {
  job_warn_of_twins(job);
  progress_begin();
  struct machine_watch watch = machine_watch_begin();
  bool ok =
      job->options->vectors ? job_vectors(job, error) : !job->options->check || job_verdicts(job, error);
  if (job->options->bench && !job->options->count)
    selftest_recall(job->result);
  if (ok && job->options->bench && !stop_asked)
    ok = measure_common_tokens(job, error) && (job->options->count     ? measure_instructions(job, error)
                                               : job->options->measure ? measure_named(job, error)
                                                                       : measure_speed(job, error));
  progress_end();
  if (!stop_asked)
    file_late_deaths(job);
  machine_watch_end(&watch, job->result);
  result_flag_rows(job->result);
  job->result->partial = stop_asked != 0;
  return ok;
}

static bool write_files(const struct job *job, struct assay_error *error) {
  return !job->options->output || result_files_write(job->result, job->options->output, error);
}

static bool show(const struct job *job) {
  const struct job_options *options = job->options;
  if (options->answers && strcmp(options->answers, "-") == 0)
    return true;
  if (job->explained != CORPUS_NONE && !options->json) {
    explain_print(job, job->explained);
    return true;
  }
  if (options->own.tokens && options->check && !options->json) {
    own_answers_print(job);
    return true;
  }
  struct result_view view = options->view;
  stdout_view(&view);
  if (!options_selection(options->command, job->result,
                         &view)) /* all of it, rather than nothing after a run */
    view.only = view.shown_columns = view.sort = NULL;
  const struct result_format *format = result_format_by_name(options->format ? options->format
                                                             : options->json ? "json"
                                                                             : "terminal");
  return format->write(job->result, &view, stdout);
}

static void show_paths(const struct job *job) {
  if (!job->options->output || job->options->json)
    return;
  result_files_show(job->options->output);
  printf("   %.0f s\n", job->result->run.duration_s);
}

/* What verifiers answer wrongly is a finding, and fails a run only where that was asked for. */
static bool failed_on(const struct job *job) {
  char *text;
  bool found = fail_on_found(job->result, job->options->fail_on, &text);
  if (found)
    fprintf(stderr, "assay %s: --fail-on %s\n", job->options->command, text);
  free(text);
  return found;
}

static int exit_of(const struct job *job) {
  if (stop_asked)
    return EXIT_INTERRUPTED;
  if (failed_on(job) || job->wrong)
    return EXIT_WRONG;
  return job->incomplete ? EXIT_USAGE : EXIT_HOLDS;
}

static void tell_interrupted(const struct job_options *options) {
  bool has_result = options->output || options->json || options->format;
  fprintf(stderr, "assay %s: interrupted; what was finished by then is %s\n", options->command,
          has_result ? "in the result, which is marked partial" : "in the tables");
}

static int report(struct job *job) {
  struct assay_error error = {0};
  bool shown = show(job), written = write_files(job, &error);
  written = written && job_answers(job, &error);
  if (!shown)
    return complain(job->options->command, "cannot write to standard output");
  if (!written)
    return complain(job->options->command, "%s", error.text);
  show_paths(job);
  if (stop_asked)
    tell_interrupted(job->options);
  return exit_of(job);
}

int main_job_not_set_up(const struct job_options *options, const struct assay_error *error) {
  if (!stop_asked)
    return complain(options->command, "%s", error->text);
  fprintf(stderr, "assay %s: interrupted before it began; there is no result\n", options->command);
  return EXIT_INTERRUPTED;
}

static int on_corpus(const struct job_options *options, int argc, char **argv) {
  struct assay_error error = {0};
  struct job *job = job_new(options, argc, argv);
  if (!job)
    return complain(options->command, "no memory");
  int code;
  if (!job_set_up(job, &error))
    code = main_job_not_set_up(options, &error);
  else if (!main_job_work(job, &error) && !stop_asked)
    code = complain(options->command, "%s", error.text);
  else
    code = report(job);
  job_close(job);
  return code;
}

/* ---- on what people bring ---- */

/* The one that was named, or the one that stands beside the cases. */
static void name_policy(struct job_options *options, char *beside, size_t size) {
  const char *slash = strrchr(options->cases, '/');
  snprintf(beside, size, "%.*spolicy.yaml", slash ? (int)(slash + 1 - options->cases) : 0, options->cases);
  options->policy_name = options->policy ? options->policy : beside;
}

static int on_imported(struct job_options *options, int argc, char **argv) {
  char folder[PATH_MAX], corpus[PATH_MAX + 16], beside[PATH_MAX];
  struct assay_error error = {0};
  stop_catch(); /* whatever ends the run, the temporary corpus has to go */
  if (options->policy && !job_policy_text_holds(options->command, options->policy, &error))
    return complain(options->command, "%s", error.text);
  progress_begin();
  bool imported = job_cases_import(options, folder, sizeof folder, &error);
  progress_end();
  if (!imported)
    return stop_asked ? EXIT_INTERRUPTED : complain(options->command, "%s", error.text);
  snprintf(corpus, sizeof corpus, "%s/corpus", folder);
  options->corpus = corpus;
  if (options->own.tokens) {
    options->algs = NULL; /* said whom to trust, and leaves no token unasked */
    options->policy_name = "--keys and --issuer";
  }
  if (options->cases)
    name_policy(options, beside, sizeof beside);
  int code = stop_asked ? EXIT_INTERRUPTED : on_corpus(options, argc, argv);
  options->corpus = NULL;
  file_remove_temporary(folder);
  return code;
}

int main_job(struct job_options *options, int argc, char **argv) {
  return job_is_imported(options) ? on_imported(options, argc, argv) : on_corpus(options, argc, argv);
}
