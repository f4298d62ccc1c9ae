/* assay bench --measure: finds the measurements that were named and does them; what they share. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/base/text/names.h"
#include "harness/job/machine.h"
#include "harness/measurements/measurement.h"
#include "harness/terminal/progress.h"
#include "reports/text/figures.h"

#define SECONDS_DEFAULT 60.0 /* of --seconds: the measurement's own time */
#define ESTIMATE_TOKENS 4

static const struct measurement *find(const char *name) {
  for (const struct measurement *const *m = measurements; *m; m++)
    if (strcmp((*m)->name, name) == 0)
      return *m;
  return NULL;
}

static bool unknown(const char *name, struct assay_error *error) {
  const char *names[32];
  char all[512];
  size_t count = 0;
  for (; count < sizeof names / sizeof names[0] && measurements[count]; count++)
    names[count] = measurements[count]->name;
  names_fit(all, sizeof all, names, count);
  return error_set(error, "--measure knows no '%s'; there is: %s", name, all);
}

/* Calls back for every name in the list. */
static bool each(const char *list, bool (*take)(void *arg, const char *name, struct assay_error *error),
                 void *arg, struct assay_error *error) {
  if (list[strspn(list, ",")] == '\0')
    return unknown("", error);
  return names_each(list, take, arg, error);
}

static bool is_known(void *arg, const char *name, struct assay_error *error) {
  (void)arg;
  return find(name) || unknown(name, error);
}

bool measurements_named(const char *list, struct assay_error *error) {
  return each(list, is_known, NULL, error);
}

static bool run_one(void *arg, const char *name, struct assay_error *error) {
  struct job *job = arg;
  const struct measurement *measurement = find(name);
  if (job_stop)
    return true;
  progress_begin();
  bool ok = measurement->run(job, measurement->seconds * job->options->seconds / SECONDS_DEFAULT, error);
  progress_end();
  return ok || job_stop;
}

static unsigned launches_of(const struct job *job) {
  return job->options->launches ? job->options->launches : INTERLEAVE_LAUNCHES;
}

bool job_measure(struct job *job, struct assay_error *error) {
  struct result_run *run = &job->result->run;
  run->order_seed = job->options->order_seed ? job->options->order_seed : clock_ns();
  job->random = run->order_seed;
  bool ok = each(job->options->measure, run_one, job, error);
  run->launches = launches_of(job);
  run->pinned_cpu = job->options->cpu >= 0 ? job->options->cpu : machine_last_core();
  return ok;
}

struct control_command measure_command(const struct job *job, const struct bench_cell *cell, uint32_t count) {
  return (struct control_command){.kind = COMMAND_BLOCK,
                                  .block = BLOCK_VERIFY,
                                  .cpu = job->options->cpu >= 0 ? job->options->cpu : machine_last_core(),
                                  .threads = 1,
                                  .list_at = cell->list_at,
                                  .list_len = cell->list_len,
                                  .count = count,
                                  .lead = (count + 1) / 2,
                                  .alg = (uint32_t)cell->alg,
                                  .key_bits = cell->key_bits};
}

bool measure_do(struct job *job, unsigned subject, const struct control_command *command) {
  struct subject *s = &job->subjects[subject];
  enum subject_event event = subject_do(s, command, &job_stop);
  if (event != EVENT_DONE && event != EVENT_NONE)
    job_file_event(job, subject, event, s->last_token);
  return event == EVENT_DONE;
}

double measure_estimate(struct job *job, unsigned subject, const struct bench_cell *cell) {
  struct control_command command = measure_command(job, cell, ESTIMATE_TOKENS);
  double ns = (double)NAN;
  for (int pass = 0; pass < 2; pass++) { /* the first still meets cold caches */
    if (!measure_do(job, subject, &command))
      return (double)NAN;
    ns = (double)job->subjects[subject].outcome.elapsed_ns / command.count;
  }
  return ns > 1 ? ns : 1;
}

uint32_t measure_tokens(struct job *job, const struct bench_cell *cell, double block_ns) {
  double fastest = INFINITY;
  for (unsigned s = 0; s < job->subject_count; s++)
    if (measure_has(job, s, cell) && !subject_is_floor(&job->subjects[s]))
      fastest = fmin(fastest, measure_estimate(job, s, cell));
  double count = isinf(fastest) ? 1 : block_ns / fastest;
  return count < 1 ? 1 : (uint32_t)count;
}

bool measure_has(const struct job *job, unsigned subject, const struct bench_cell *cell) {
  return subject_has_alg(&job->subjects[subject], cell->alg) && !(cell->refused_by >> subject & 1) &&
         job->subjects[subject].state != SUBJECT_DEAD;
}

static bool leads(const struct bench_cell *cell) {
  return cell->full;
}

bool measure_each_lead(struct job *job, double budget_s, measure_cell *one, struct assay_error *error) {
  unsigned count = 0;
  bool ok = true;
  for (unsigned i = 0; i < job->cell_count; i++)
    count += leads(&job->cells[i]);
  for (unsigned i = 0; ok && i < job->cell_count && !job_stop; i++)
    if (leads(&job->cells[i]))
      ok = one(job, &job->cells[i], budget_s / count, error);
  return count > 0 ? ok
                   : error_set(error, "this is measured under HS256, RS256, ES256 and EdDSA: none is here");
}

uint64_t measure_random(struct job *job) {
  return random_next(&job->random);
}

struct interleave measure_interleave(struct job *job, const char *what) {
  return (struct interleave){.subjects = job->subjects,
                             .random = measure_random(job),
                             .stop = &job_stop,
                             .progress = progress_show,
                             .what = what};
}

struct interleave_plan measure_plan(const struct job *job, double budget_s, double warm_ns,
                                    unsigned rounds_least) {
  return (struct interleave_plan){launches_of(job), budget_s, warm_ns, rounds_least};
}

bool measure_right(struct job *job, const struct bench_cell *cell, const struct series *series) {
  const char *label = job->subjects[series->subject].spec.label, *alg = assay_alg_name(cell->alg);
  char text[700], wrong[FIGURE_NOUN_BYTES];
  if (!series->missing[0] && series->wrong == 0)
    return true;
  if (series->missing[0]) {
    snprintf(text, sizeof text, "%s %s: while it was measured: %s", label, alg, series->missing);
    job_file_trouble(job, series->subject, text);
    return false;
  }
  snprintf(text, sizeof text, "%s %s: %s while it was measured, first %s: %s", label, alg,
           figure_noun(wrong, series->wrong, "wrong verdict"),
           span_text(&job->corpus, job->corpus.tokens[series->first_wrong].id),
           assay_reason_dotted((enum assay_reason)series->wrong_reason));
  strings_add(&job->result->warnings, text);
  job->wrong = job->wrong || !subject_is_verifier(&job->subjects[series->subject]);
  return false;
}

uint32_t measure_list(struct job *job, const uint32_t *tokens, uint32_t len) {
  uint32_t at = job->list_len + job->extra_used;
  if (len > job->extra_len - job->extra_used)
    return CORPUS_NONE;
  memcpy(job->list + at, tokens, len * sizeof *tokens);
  for (unsigned s = 0; s < job->subject_count; s++)
    subject_list_set(&job->subjects[s], at, tokens, len);
  job->extra_used += len;
  return at;
}

void measure_lists_clear(struct job *job) {
  job->extra_used = 0;
}

bool measure_is_filed(const struct job *job, const struct bench_cell *cell, const struct series *series) {
  const struct result *result = job->result;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (row->metric == METRIC_VERIFY && row->mode == MODE_DIVERSE && !(row->bad_share > 0) &&
        row->key_place == KEY_PLACE_OF_CORPUS &&
        strcmp(row->subject, job->subjects[series->subject].spec.label) == 0 &&
        strcmp(row->alg, assay_alg_name(cell->alg)) == 0 && row->key_bits == cell->key_bits)
      return true;
  }
  return false;
}

struct result_speed *measure_speed_row(struct job *job, const struct bench_cell *cell,
                                       const struct series *series, const char *why) {
  struct result_speed *row = result_add_speed(job->result);
  result_set(&row->subject, job->subjects[series->subject].spec.label);
  result_set(&row->alg, assay_alg_name(cell->alg));
  row->metric = METRIC_VERIFY;
  row->mode = MODE_DIVERSE;
  row->key_bits = cell->key_bits;
  row->threads = row->batch = 1;
  row->kid = true;
  row->bad_share = 0;
  row->verdicts_ok = measure_right(job, cell, series);
  row->block_operations = series->missing[0] ? 0 : series->command.count;
  job_speed_time(row, series->missing[0] ? NULL : &series->ns,
                 series->missing[0] ? series->missing
                 : why              ? why
                                    : "not measured");
  return row;
}
