/* assay bench --measure: finds the measurements that were named and does them; what they share. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/base/text/names.h"
#include "harness/measurements/measurement.h"
#include "harness/terminal/progress.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define SECONDS_DEFAULT 60.0 /* of --seconds: the measurement's own time */
#define ESTIMATE_TOKENS 4
#define LEAD_SHARE 0.5 /* the first tokens after a hand-over pay for another subject's cache lines */

const char *measurement_word(unsigned number) {
  return measurements[number] ? measurements[number]->name : NULL;
}

static bool is_known(void *arg, const char *name, struct assay_error *error) {
  (void)arg;
  return word_find("measurement", name, measurement_word, error) >= 0 || error_prefix(error, "--measure: ");
}

bool measurements_named(const char *list, struct assay_error *error) {
  bool any = list[strspn(list, ",")] != '\0';
  return any ? names_each(list, is_known, NULL, error) : is_known(NULL, "", error);
}

static const struct measurement *measurement_called(const char *name, struct assay_error *error) {
  return measurements[word_find("measurement", name, measurement_word, error)];
}

static double budget_of(const struct job *job, const struct measurement *measurement) {
  return measurement->seconds * job->options->seconds / SECONDS_DEFAULT;
}

static bool add_budget(void *arg, const char *name, struct assay_error *error) {
  struct job *job = arg;
  job->to_measure_s += budget_of(job, measurement_called(name, error));
  return true;
}

static bool run_one(void *arg, const char *name, struct assay_error *error) {
  struct job *job = arg;
  const struct measurement *measurement = measurement_called(name, error);
  double budget_s = budget_of(job, measurement), before_s = job->measured_s;
  if (stop_asked)
    return true;
  progress_begin();
  bool ok = measurement->run(job, budget_s, error);
  progress_end();
  job->measured_s = before_s + budget_s; /* whatever it did not need */
  return ok || stop_asked;
}

unsigned measure_launches(const struct job *job) {
  return job->options->launches ? job->options->launches : ENGINE_LAUNCHES;
}

int measure_core(const struct job *job) {
  return job->core;
}

bool measure_named(struct job *job, struct assay_error *error) {
  struct result_run *run = &job->result->run;
  run->order_seed = job->options->order_seed ? job->options->order_seed : clock_ns();
  run->pinned_cpu = measure_core(job);
  job->random = run->order_seed;
  return names_each(job->options->measure, add_budget, job, error) &&
         names_each(job->options->measure, run_one, job, error);
}

struct control_command measure_command(const struct job *job, const struct cell *cell, uint32_t count) {
  return (struct control_command){.kind = COMMAND_BLOCK,
                                  .block = BLOCK_VERIFY,
                                  .cpu = measure_core(job),
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
  enum subject_event event = subject_do(s, command, &stop_asked);
  if (event != EVENT_DONE && event != EVENT_NONE)
    job_file_event(job, subject, event, s->last_token);
  return event == EVENT_DONE;
}

double measure_estimate(struct job *job, unsigned subject, const struct cell *cell) {
  struct control_command command = measure_command(job, cell, ESTIMATE_TOKENS);
  double ns = (double)NAN;
  for (int pass = 0; pass < 2; pass++) { /* the first still meets cold caches */
    if (!measure_do(job, subject, &command))
      return (double)NAN;
    ns = (double)job->subjects[subject].outcome.elapsed_ns / command.count;
  }
  return ns > 1 ? ns : 1;
}

uint32_t measure_tokens(struct job *job, const struct cell *cell, double block_ns) {
  double fastest = INFINITY;
  for (unsigned s = 0; s < job->subject_count; s++)
    if (measure_has(job, s, cell) && !subject_is_floor(&job->subjects[s]))
      fastest = fmin(fastest, measure_estimate(job, s, cell));
  double count = isinf(fastest) ? 1 : block_ns / fastest;
  return count < 1 ? 1 : (uint32_t)count;
}

bool measure_has(const struct job *job, unsigned subject, const struct cell *cell) {
  return subject_has_alg(&job->subjects[subject], cell->alg) && !cell_is_refused(cell, subject) &&
         job->subjects[subject].state != SUBJECT_DEAD;
}

static bool leads(const struct cell *cell) {
  return cell->full;
}

bool measure_each_lead(struct job *job, double budget_s, measure_cell *one, struct assay_error *error) {
  unsigned count = 0;
  bool ok = true;
  for (unsigned i = 0; i < job->cell_count; i++)
    count += leads(&job->cells[i]);
  for (unsigned i = 0; ok && i < job->cell_count && !stop_asked; i++)
    if (leads(&job->cells[i]))
      ok = one(job, &job->cells[i], budget_s / count, error);
  return count > 0 ? ok
                   : error_set(error, "this is measured under HS256, RS256, ES256 and EdDSA: none is here");
}

uint64_t measure_random(struct job *job) {
  return random_next(&job->random);
}

struct runner measure_runner(struct job *job, struct workers *workers) {
  workers->subjects = allocate_items(job->subject_count, sizeof *workers->subjects);
  for (unsigned s = 0; s < job->subject_count; s++)
    workers->subjects[s] = &job->subjects[s];
  workers->count = job->subject_count;
  return workers_runner(workers);
}

void measure_runner_fini(struct workers *workers) {
  free(workers->subjects);
}

/* ---- beside the job's own ---- */

void contestants_init(struct contestants *contestants, const struct job *job) {
  *contestants = (struct contestants){
      .items = allocate_items(2 * (size_t)job->subject_count, sizeof *contestants->items)};
}

struct contestant *contestant_start(struct contestants *contestants, unsigned owner,
                                    const struct subject_spec *spec, const struct subject_host *host,
                                    struct assay_error *error) {
  struct contestant *contestant = &contestants->items[contestants->count];
  if (!subject_open(&contestant->subject, spec, host, error))
    return NULL;
  contestant->owner = owner;
  contestants->count++;
  return contestant;
}

void contestant_end(struct contestants *contestants) {
  subject_close(&contestants->items[--contestants->count].subject);
}

void contestants_fini(struct contestants *contestants) {
  while (contestants->count > 0)
    contestant_end(contestants);
  free(contestants->items);
}

static struct runner contestants_runner(struct contestants *contestants, struct workers *workers) {
  workers->subjects = allocate_items(contestants->count, sizeof *workers->subjects);
  for (unsigned i = 0; i < contestants->count; i++)
    workers->subjects[i] = &contestants->items[i].subject;
  workers->count = contestants->count;
  return workers_runner(workers);
}

struct group measure_group(const char *what, double budget_s, double block_ns, double warm_ns,
                           unsigned rounds_least) {
  struct group group = {.budget_s = budget_s,
                        .block_ns = block_ns,
                        .lead_share = LEAD_SHARE,
                        .warm_ns = warm_ns,
                        .rounds_least = rounds_least};
  snprintf(group.what, sizeof group.what, "%s", what);
  return group;
}

void measure_file_run(struct job *job, const struct engine *engine) {
  struct result_run *run = &job->result->run;
  run->launches = engine->launches_done > run->launches ? engine->launches_done : run->launches;
  run->pinned_cpu = measure_core(job);
  run->blocks += engine->blocks;
  run->repeated_blocks += engine->repeated;
  run->involuntary_switches = 0;
  for (unsigned s = 0; s < job->subject_count; s++)
    run->involuntary_switches += subject_involuntary_switches(&job->subjects[s]);
}

/* One of the runs of what --measure names, which is one wait. */
struct part {
  const struct job *job;
  double budget_s;
};

static void show_part(void *arg, const char *what, double share) {
  const struct part *part = arg;
  const struct job *job = part->job;
  double all_s = job->to_measure_s;
  progress_show(NULL, what, all_s > 0 ? (job->measured_s + share * part->budget_s) / all_s : share);
}

bool measure_run(struct job *job, struct contestants *contestants, struct group *group, unsigned launches) {
  struct part part = {job, group->budget_s};
  struct workers workers = {.stop = &stop_asked};
  struct runner runner =
      contestants ? contestants_runner(contestants, &workers) : measure_runner(job, &workers);
  struct engine engine = {.runner = &runner,
                          .groups = group,
                          .group_count = 1,
                          .launches = launches,
                          .starts_are_paid = true,
                          .random = measure_random(job),
                          .stop = &stop_asked,
                          .progress = show_part,
                          .arg = &part};
  bool complete = engine_run(&engine);
  job->measured_s += group->budget_s;
  measure_runner_fini(&workers);
  measure_file_run(job, &engine);
  return complete;
}

void measure_duet_items(struct job *job, struct duet *duet) {
  for (unsigned cell = 0; cell < job->cell_count; cell++) {
    struct group *group = duet_item(duet, assay_alg_name(job->cells[cell].alg));
    const struct control_command command = measure_command(job, &job->cells[cell], 0);
    for (unsigned s = 0; s < job->subject_count; s++) {
      bool is_floor = subject_is_floor(&job->subjects[s]);
      if (measure_has(job, s, &job->cells[cell]) && !(is_floor && cell > 0))
        group_add(group, s, &command)->sets_no_length = is_floor;
    }
  }
}

bool measure_right(struct job *job, const struct cell *cell, const struct series *series) {
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

bool measure_is_filed(const struct job *job, const struct cell *cell, const struct series *series) {
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

struct result_speed *measure_row(struct job *job, const struct cell *cell, unsigned subject,
                                 enum result_metric metric) {
  struct result_speed *row = result_add_speed(job->result);
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->alg, assay_alg_name(cell->alg));
  row->metric = metric;
  row->mode = MODE_DIVERSE;
  row->key_bits = cell->key_bits;
  row->threads = row->batch = 1;
  row->bad_share = 0;
  row->kid = row->verdicts_ok = true;
  return row;
}

void speed_row_time(struct result_speed *row, const struct samples *ns, const char *why) {
  static const struct samples none;
  ns = ns ? ns : &none;
  row->ns = samples_median(ns);
  row->tokens_per_s = 1e9 / row->ns;
  for (size_t i = 0; i < ns->count; i++)
    speed_add_sample(row, ns->items[i]);
  if (!sign_interval(ns, BENCH_LEVEL, &row->ns_low, &row->ns_high))
    speed_add_missing(row, "ns_low", "too few launches");
  if (ns->count == 0)
    speed_add_missing(row, "ns", why);
}

struct result_speed *measure_speed_row(struct job *job, const struct cell *cell, const struct series *series,
                                       const char *why) {
  struct result_speed *row = measure_row(job, cell, series->subject, METRIC_VERIFY);
  row->verdicts_ok = measure_right(job, cell, series);
  row->block_operations = series->missing[0] ? 0 : series->command.count;
  speed_row_time(row, series->missing[0] ? NULL : &series->ns,
                 series->missing[0] ? series->missing
                 : why              ? why
                                    : "not measured");
  return row;
}
