/* assay bench --measure: finds the measurements that were named and does them; what they share. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/cli/command.h"
#include "harness/cli/machine.h"
#include "harness/cli/measurement.h"
#include "harness/cli/progress.h"

#define SECONDS_DEFAULT 60.0 /* of --seconds: the measurement's own time */
#define ESTIMATE_TOKENS 4

static const struct measurement *find(const char *name) {
  for (const struct measurement *const *m = measurements; *m; m++)
    if (strcmp((*m)->name, name) == 0)
      return *m;
  return NULL;
}

static bool unknown(const char *name, struct assay_error *error) {
  char all[512] = "";
  for (const struct measurement *const *m = measurements; *m; m++)
    snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", m == measurements ? "" : ", ", (*m)->name);
  return error_set(error, "--measure knows no '%s'; there is: %s", name, all);
}

/* Calls back for every name in the list. */
static bool each(const char *list, bool (*take)(void *arg, const char *name, struct assay_error *error),
                 void *arg, struct assay_error *error) {
  char copy[1024], *save;
  snprintf(copy, sizeof copy, "%s", list);
  char *item = strtok_r(copy, ",", &save);
  if (!item)
    return unknown("", error);
  for (; item; item = strtok_r(NULL, ",", &save))
    if (!take(arg, item, error))
      return false;
  return true;
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

bool job_measure(struct job *job, struct assay_error *error) {
  struct result_run *run = &job->result->run;
  bool ok = each(job->options->measure, run_one, job, error);
  run->pinned_cpu = job->options->cpu >= 0 ? job->options->cpu : machine_last_core();
  run->order_seed = job->options->order_seed;
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

double measure_estimate(struct job *job, unsigned subject, const struct bench_cell *cell) {
  struct control_command command = measure_command(job, cell, ESTIMATE_TOKENS);
  double ns = (double)NAN;
  for (int pass = 0; pass < 2; pass++) { /* the first still meets cold caches */
    if (subject_do(&job->subjects[subject], &command, &job_stop) != EVENT_DONE)
      return (double)NAN;
    ns = (double)job->subjects[subject].control->reply.elapsed_ns / command.count;
  }
  return ns > 1 ? ns : 1;
}

bool measure_has(const struct job *job, unsigned subject, const struct bench_cell *cell) {
  return (job->algs[subject] & ASSAY_ALG_BIT(cell->alg)) && !(cell->refused_by >> subject & 1) &&
         job->subjects[subject].state != SUBJECT_DEAD;
}

bool measure_leads(const struct bench_cell *cell) {
  return cell->full;
}
