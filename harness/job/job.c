/* What commands have in common: a job from its options to its end. */
#include "harness/job/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "build_facts.h"
#include "harness/base/files/file.h"
#include "harness/base/text/names.h"
#include "harness/job/machine.h"
#include "harness/terminal/complain.h"
#include "harness/terminal/progress.h"

static void file_tool(struct job *job, int argc, char **argv) {
  struct result *result = job->result;
  char stamp[64];
  time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
  result_set(&result->started, stamp);
  result_set(&result->tool.version, ASSAY_VERSION);
  result_set(&result->tool.commit, ASSAY_COMMIT);
  result_set(&result->tool.compiler, ASSAY_COMPILER);
  result_set(&result->tool.flags, ASSAY_FLAGS);
  result_set(&result->tool.sanitizer, ASSAY_SANITIZER);
  strings_add(&result->command, "assay");
  for (int i = 0; i < argc; i++)
    strings_add(&result->command, argv[i]);
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    strings_add(&result->warnings,
                "sanitizer build: its times are no measure of any library and are not compared");
}

static bool take_alg(void *arg, const char *name, struct assay_error *error) {
  struct job *job = arg;
  int alg = word_find("algorithm", name, alg_word, error);
  if (alg >= 0)
    job->alg_mask |= ASSAY_ALG_BIT(alg);
  return alg >= 0;
}

static bool algs_parse(struct job *job, struct assay_error *error) {
  const char *list = job->options->algs;
  job->alg_mask = list ? 0 : ASSAY_ALG_BIT(ASSAY_ALG_COUNT) - 1;
  if (!names_each(list ? list : "", take_alg, job, error))
    return false;
  return job->alg_mask != 0 || error_set(error, "--alg names no algorithm");
}

static bool output_ready(struct job *job, struct assay_error *error) {
  return (!job->options->output || file_make_dirs(job->options->output, error)) &&
         job_answers_open(job, error);
}

static bool set_up(struct job *job, struct assay_error *error) {
  const struct job_options *options = job->options;
  if (!algs_parse(job, error) || !output_ready(job, error))
    return false;
  if (options->vectors)
    return job_vectors_set_up(job, error);
  if (!job_policy_named(job, error) || !job_corpus(job, error) || !job_policy_of_corpus(job, error) ||
      !job_settings_hold(job, error) || !job_cells(job, error))
    return false;
  job->host =
      (struct subject_host){.corpus = &job->corpus,
                            .policy_path = job->host.policy_path,
                            .hang_ns = (uint64_t)(options->hang_s * 1e9),
                            .list = job->list,
                            .list_len = job->list_len + job->extra_len,
                            .keep_words = options->answers || options->explain || options->own.tokens};
  return job_subjects(job, error);
}

bool job_set_up(struct job *job, struct assay_error *error) {
  progress_begin();
  bool ok = set_up(job, error);
  progress_end();
  bool only_asks = job->options->check && !job->options->bench;
  if (ok && !only_asks && !job->options->count)
    job_core_choose(job);
  return ok;
}

static bool is_warned(const struct job *job, const char *text) {
  for (size_t i = 0; i < job->result->warnings.count; i++)
    if (strcmp(job->result->warnings.items[i], text) == 0)
      return true;
  return false;
}

void job_warn(struct job *job, const char *text) {
  if (!is_warned(job, text))
    strings_add(&job->result->warnings, text);
}

/* A backend that fails is a finding. A verifier's answers are, but here it was not there to give them. */
void job_file_trouble(struct job *job, unsigned subject, const char *text) {
  *(subject_is_verifier(&job->subjects[subject]) ? &job->incomplete : &job->wrong) = true;
  if (is_warned(job, text))
    return;
  strings_add(&job->result->warnings, text);
  complain(job->options->command, "%s", text);
}

void job_file_event(struct job *job, unsigned subject, enum subject_event event, uint32_t token) {
  const struct subject *s = &job->subjects[subject];
  const char *id = token == CORPUS_NONE ? "no token" : span_text(&job->corpus, job->corpus.tokens[token].id);
  struct assay_error text = s->error;
  if (event != EVENT_ERROR)
    error_set(&text, "%s %s on %s while it was measured: %s", s->spec.label,
              event == EVENT_CRASH ? "crashed" : "hung", id, s->last_cause);
  job_file_trouble(job, subject, text.text);
}

void job_file_errors(struct job *job) {
  for (unsigned s = 0; s < job->subject_count; s++)
    if (job->subjects[s].error.text[0])
      job_file_trouble(job, s, job->subjects[s].error.text);
}

void job_close(struct job *job) {
  if (!job)
    return;
  for (unsigned i = 0; i < job->subject_count; i++)
    subject_close(&job->subjects[i]);
  if (job->corpus_is_open)
    corpus_close(&job->corpus);
  job_answers_close(job);
  job_policy_close(job);
  job_vectors_close(job);
  job_core_release(job);
  job_cells_free(job);
  free(job->subjects);
  free(job->list);
  result_free(job->result);
  free(job);
}

struct job *job_new(const struct job_options *options, int argc, char **argv) {
  struct job *job = calloc(1, sizeof *job);
  if (!job || !(job->result = result_new())) {
    free(job);
    return NULL;
  }
  job->options = options;
  job->core = job->core_claim = -1;
  stop_catch();
  file_tool(job, argc, argv);
  machine_read(&job->result->machine);
  return job;
}
