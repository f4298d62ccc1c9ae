/* assay leak: does the time of a refusal tell anything about the right MAC? */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/leftover.h"
#include "harness/cli/command.h"
#include "harness/cli/common_options.h"
#include "harness/job/job.h"
#include "harness/job/machine.h"
#include "harness/measurements/leak.h"
#include "harness/measurements/leak_tokens.h"
#include "harness/terminal/progress.h"
#include "reports/text/figures.h"

#define SUBJECT_S 60 /* the longest that one subject takes */

struct leak_options {
  const char *subjects, *corpus;
  double samples;
  int cpu;
  bool json;
};

struct leak_row {
  char label[64];
  struct leak_test tests[LEAK_CLASSES]; /* of LEAK_RANDOM: nothing */
  uint64_t samples;
};

static const struct option_row option_rows[] = {
    {"subject", "LIST", "as in `assay run`", LIST_IN(struct leak_options, subjects),
     .word = subject_or_group_word, .fallback = "backends"},
    {"samples", "N", "timings of each class, some 5 s a backend",
     NUMBER_IN(struct leak_options, samples, 1000, 1e9), .fallback = "500000"},
    {"corpus", "DIR", "take the tokens from there (default: the default corpus)",
     TEXT_IN(struct leak_options, corpus)},
    {"cpu", "N", "the core for measured blocks (default: the last)",
     TAKEN_AS(OPTION_TEXT, struct leak_options, cpu, take_core)},
    {"json", NULL, "everything, for programs (assay-leak/1)", FLAG_IN(struct leak_options, json)},
    {0}};

static const struct usage usage = {
    .name = "assay leak",
    .summary = "does the time of a refusal tell anything about the right MAC?",
    .forms = "[--subject LIST] [--samples N] [--corpus DIR] [--cpu N] [--json]",
    .about = "Times refusals of HS256 tokens that have the same header, claims and length, each token alone, "
             "in random order, and compares the means of two classes by Welch's t-test, as dudect does: MACs "
             "that are right but for the last octet against random ones (a comparison that stops at the "
             "first difference is slower on the former), and claims that have expired against good ones, "
             "both behind a random MAC (nothing may look at them before the MAC is right). A third "
             "comparison, of random MACs with other random MACs, is the noise of the run. That no leak is "
             "seen with so many timings does not prove that there is none.",
    .options = option_rows,
    .notes = "Exit codes: 0 none seen, 2 a leak, 3 the noise is too large to say, 4 usage or set-up.",
    .examples = "assay leak\n"
                "assay leak --subject openssl,mine=openssl@/opt/openssl --samples 5000000"};

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

/* Where each class stands in the list: as the file of cases had them. */
static bool find_classes(const struct job *job, struct leak_plan *plan, struct assay_error *error) {
  plan->list_at = job->check_at;
  return job->check_len == LEAK_CASES ||
         error_set(error, "the importer kept %u of %d tokens", job->check_len, LEAK_CASES);
}

static bool measure_all(struct job *job, const struct leak_options *options, struct leak_row *rows,
                        struct assay_error *error) {
  struct leak_plan plan = {.samples = (uint64_t)options->samples,
                           .budget_s = SUBJECT_S,
                           .cpu = options->cpu >= 0 ? options->cpu : machine_last_core(),
                           .order_seed = clock_ns(),
                           .stop = &job_stop,
                           .progress = progress_show};
  struct hist *hists = calloc(LEAK_CLASSES, sizeof *hists);
  bool ok = hists ? find_classes(job, &plan, error) : error_set(error, "no memory");
  progress_begin();
  for (unsigned s = 0; s < job->subject_count && ok; s++) {
    struct leak_row *row = &rows[s];
    ok = leak_measure(&job->subjects[s], &plan, hists, error);
    snprintf(row->label, sizeof row->label, "%s", job->subjects[s].spec.label);
    row->samples = hists[LEAK_RANDOM].total;
    for (int class = 1; class < LEAK_CLASSES && ok; class ++)
      row->tests[class] = leak_judge(&hists[class], &hists[LEAK_RANDOM]);
  }
  progress_end();
  free(hists);
  return ok;
}

static const char *const test_names[LEAK_CLASSES] = {NULL, "MAC right but for its last octet",
                                                     "claims expired behind a wrong MAC",
                                                     "the same again: the noise"};

static const char *const answer_names[] = {"none seen", "suspected", "LEAK"};

static int exit_of(const struct leak_row *rows, unsigned count) {
  int code = EXIT_HOLDS;
  for (unsigned i = 0; i < count; i++) {
    const struct leak_test *noise = &rows[i].tests[LEAK_AGAIN];
    for (int class = LEAK_NEAR; class <= LEAK_EXPIRED; class ++)
      if (leak_answer(&rows[i].tests[class], noise) == LEAK_FOUND)
        return EXIT_WRONG;
    if (fabs(noise->t) > LEAK_CERTAIN)
      code = EXIT_NOISY;
  }
  return code;
}

static void print_text(const struct leak_row *rows, unsigned count) {
  char samples[FIGURE_BYTES];
  printf("Refusals of HS256 tokens in time, against those with a random MAC\n"
         " %-14s %-34s %8s %11s %10s\n",
         "", "", "t", "difference", "");
  for (unsigned i = 0; i < count; i++)
    for (int class = 1; class < LEAK_CLASSES; class ++) {
      const struct leak_test *test = &rows[i].tests[class];
      printf(" %-14s %-34s %8.1f %8.2f ns %10s\n", class == 1 ? rows[i].label : "", test_names[class],
             test->t, test->difference_ns,
             class == LEAK_AGAIN ? "" : answer_names[leak_answer(test, &rows[i].tests[LEAK_AGAIN])]);
    }
  printf("   Welch's t over %s timings a class, at the crop where it is largest. Beyond %g and\n"
         "   twice the noise the means differ in all likelihood, beyond %d for certain.\n",
         figure_count(samples, count ? rows[0].samples : 0), LEAK_SUSPECT, LEAK_CERTAIN);
}

static json_t *test_json(const struct leak_test *test, const struct leak_test *noise) {
  return json_pack("{s:f, s:f, s:f, s:I, s:s}", "t", isfinite(test->t) ? test->t : 1e9, "difference_ns",
                   test->difference_ns, "crop", test->crop, "samples", (json_int_t)test->samples, "answer",
                   answer_names[leak_answer(test, noise)]);
}

static void print_json(const struct leak_row *rows, unsigned count) {
  json_t *list = json_array();
  for (unsigned i = 0; i < count; i++) {
    const struct leak_test *tests = rows[i].tests, *noise = &tests[LEAK_AGAIN];
    json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o}", "subject", rows[i].label, "mac",
                                          test_json(&tests[LEAK_NEAR], noise), "claims",
                                          test_json(&tests[LEAK_EXPIRED], noise), "noise",
                                          test_json(noise, noise)));
  }
  json_t *json = json_pack("{s:s, s:o}", "schema", "assay-leak/1", "subjects", list);
  char *text = json_dumps(json, JSON_INDENT(1) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
  puts(text ? text : "{}");
  free(text);
  json_decref(json);
}

static int measure(const struct leak_options *options, const char *corpus, struct assay_error *error) {
  struct job_options asked = {
      .command = "leak", .subjects = options->subjects, .corpus = corpus, .hang_s = 5, .cpu = options->cpu};
  struct leak_row rows[JOB_SUBJECTS_MAX] = {0};
  struct job *job = job_new(&asked, 0, NULL);
  if (!job)
    return complain("leak", "no memory");
  /* The floor comes last, and says match to everything. */
  bool ok = job_set_up(job, error);
  while (ok && job->subject_count > 0 && subject_is_floor(&job->subjects[job->subject_count - 1]))
    subject_close(&job->subjects[--job->subject_count]);
  ok = ok && measure_all(job, options, rows, error);
  unsigned count = job->subject_count;
  job_close(job);
  if (job_stop)
    return EXIT_INTERRUPTED;
  if (!ok)
    return complain("leak", "%s", error->text);
  if (options->json)
    print_json(rows, count);
  else
    print_text(rows, count);
  return exit_of(rows, count);
}

static int run(int argc, char **argv) {
  struct leak_options options = {.cpu = -1};
  struct options_given given;
  char folder[4096], corpus[4112];
  struct assay_error error = {0};
  int code;
  if (!command_read_alone(&usage, &options, argc, argv, &given, "`assay leak --help` lists them"))
    return EXIT_USAGE;
  if (make_tokens(&options, folder, sizeof folder, &error)) {
    snprintf(corpus, sizeof corpus, "%s/corpus", folder);
    code = measure(&options, corpus, &error);
    file_remove_temporary(folder);
  } else {
    code = job_stop ? EXIT_INTERRUPTED : complain("leak", "%s", error.text);
  }
  if (code == EXIT_INTERRUPTED)
    fputs("assay leak: interrupted; too few timings to say anything\n", stderr);
  return code;
}

const struct command command_leak = {.usage = &usage, .run = run};
