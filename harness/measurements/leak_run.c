/* The run of `assay leak`: from a corpus to what every subject's timings tell; see leak.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"
#include "harness/job/job.h"
#include "harness/measurements/leak.h"
#include "harness/measurements/leak_tokens.h"
#include "harness/terminal/progress.h"

#define SUBJECT_S 60 /* the longest that one subject takes */

static bool write_cases(const struct corpus *corpus, const char *path, struct assay_error *error) {
  struct file_writer file;
  if (!file_open_private(&file, path, error))
    return false;
  if (leak_tokens_write(corpus, file.stream, error))
    return file_commit(&file, error);
  file_abandon(&file);
  return false;
}

/* A temporary corpus of spoilt tokens under the policy of the one that they are made from. */
static bool make_tokens(const struct leak_options *options, char *folder, size_t size,
                        struct assay_error *error) {
  char spoilt[4096], cases[4112], policy[4200];
  struct job_options asked = {.command = "leak", .corpus = options->corpus};
  struct job *job = job_new(&asked, 0, NULL);
  if (!job)
    return error_set(error, "no memory");
  bool ok = file_make_temporary(spoilt, sizeof spoilt, "leak", error) && job_corpus(job, error);
  snprintf(cases, sizeof cases, "%s/cases.jsonl", spoilt);
  snprintf(policy, sizeof policy, "%s/policy.yaml", ok ? job->corpus.folder : "");
  const struct job_options made = {.cases = cases, .policy = policy};
  ok = ok && write_cases(&job->corpus, cases, error) && job_cases_import(&made, folder, size, error);
  file_remove_temporary(spoilt);
  job_close(job);
  return ok;
}

static bool measure_one(struct subject *subject, const struct leak_plan *plan, struct hist *hists,
                        struct leak_row *row, struct assay_error *error) {
  row->label = strdup(subject->spec.label);
  if (!row->label)
    return error_set(error, "no memory");
  if (!leak_measure(subject, plan, hists, error))
    return false;
  row->samples = hists[LEAK_RANDOM].total;
  for (int class = 1; class < LEAK_CLASSES; class ++)
    row->tests[class] = leak_judge(&hists[class], &hists[LEAK_RANDOM]);
  return true;
}

/* Each class stands in the list as the file of cases had it. */
static bool measure_all(struct leak *leak, const struct leak_options *options, struct job *job,
                        struct assay_error *error) {
  struct leak_plan plan = {.list_at = job->check_at,
                           .samples = (uint64_t)options->samples,
                           .budget_s = SUBJECT_S,
                           .cpu = job->core,
                           .order_seed = clock_ns(),
                           .stop = &stop_asked,
                           .progress = progress_show};
  if (job->check_len != LEAK_CASES)
    return error_set(error, "the importer kept %u of %d tokens", job->check_len, LEAK_CASES);
  struct hist *hists = calloc(LEAK_CLASSES, sizeof *hists);
  leak->rows = calloc(job->subject_count, sizeof *leak->rows);
  bool ok = (hists && leak->rows) || error_set(error, "no memory");
  progress_begin();
  for (unsigned s = 0; s < job->subject_count && ok; s++)
    if (!subject_is_floor(&job->subjects[s])) /* which says match to everything */
      ok = measure_one(&job->subjects[s], &plan, hists, &leak->rows[leak->count++], error);
  progress_end();
  free(hists);
  return ok;
}

static bool measure(struct leak *leak, const struct leak_options *options, const char *corpus,
                    struct assay_error *error) {
  struct job_options asked = {
      .command = "leak", .subjects = options->subjects, .corpus = corpus, .hang_s = 5, .cpu = options->cpu};
  struct job *job = job_new(&asked, 0, NULL);
  if (!job)
    return error_set(error, "no memory");
  bool ok = job_set_up(job, error) && measure_all(leak, options, job, error);
  job_close(job);
  return ok;
}

bool leak_run(struct leak *leak, const struct leak_options *options, struct assay_error *error) {
  char folder[4096], corpus[4112];
  *leak = (struct leak){0};
  if (!make_tokens(options, folder, sizeof folder, error))
    return false;
  snprintf(corpus, sizeof corpus, "%s/corpus", folder);
  bool ok = measure(leak, options, corpus, error);
  file_remove_temporary(folder);
  return ok && !stop_asked;
}

void leak_fini(struct leak *leak) {
  for (unsigned i = 0; i < leak->count; i++)
    free(leak->rows[i].label);
  free(leak->rows);
}

const char *leak_answer_name(const struct leak_test *test, const struct leak_test *noise) {
  static const char *const names[] = {"none seen", "suspected", "LEAK"};
  return names[leak_answer(test, noise)];
}

static json_t *test_json(const struct leak_test *test, const struct leak_test *noise) {
  return json_pack("{s:f, s:f, s:f, s:I, s:s}", "t", isfinite(test->t) ? test->t : 1e9, "difference_ns",
                   test->difference_ns, "crop", test->crop, "samples", (json_int_t)test->samples, "answer",
                   leak_answer_name(test, noise));
}

json_t *leak_json(const struct leak *leak) {
  json_t *list = json_array();
  for (unsigned i = 0; i < leak->count; i++) {
    const struct leak_test *tests = leak->rows[i].tests, *noise = &tests[LEAK_AGAIN];
    json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o}", "subject", leak->rows[i].label, "mac",
                                          test_json(&tests[LEAK_NEAR], noise), "claims",
                                          test_json(&tests[LEAK_EXPIRED], noise), "noise",
                                          test_json(noise, noise)));
  }
  return json_pack("{s:s, s:o}", "schema", "assay-leak/1", "subjects", list);
}
