/* Several signatures in one call, where a library has such a call: a batch can be checked for less than its
 * parts. One that lacks it has a row that says so. */
#include "harness/measurements/measurement.h"

#define BLOCK_NS 300e3
#define WARM_NS 5e6
#define ROUNDS_LEAST 3

static const uint32_t sizes[] = {8, 64};
#define SIZES (sizeof sizes / sizeof sizes[0])

static void file_series(struct job *job, const struct cell *cell, const struct series *series,
                        const char *why) {
  struct result_speed *row = measure_speed_row(job, cell, series, why);
  row->metric = METRIC_BATCH;
  row->batch = series->tag;
}

static void series_add(struct job *job, const struct cell *cell, unsigned subject, struct group *group) {
  const struct series lacking = {.subject = subject, .first_wrong = CORPUS_NONE, .tag = 1};
  if (!job->subjects[subject].identity.has_batch) {
    file_series(job, cell, &lacking, "no call for several signatures in this library");
    return;
  }
  for (unsigned i = 0; i < SIZES && sizes[i] <= cell->list_len; i++) {
    struct control_command command = measure_command(job, cell, 0);
    command.block = BLOCK_BATCH;
    command.batch = sizes[i];
    group_add(group, subject, &command)->tag = sizes[i];
  }
}

static bool batch_of(struct job *job, const struct cell *cell, double budget_s, struct assay_error *error) {
  (void)error;
  struct group group = measure_group("batches", budget_s, BLOCK_NS, WARM_NS, ROUNDS_LEAST);
  for (unsigned s = 0; s < job->subject_count; s++)
    if (measure_has(job, s, cell) && subject_has_parts(&job->subjects[s]))
      series_add(job, cell, s, &group);
  bool ok = measure_run(job, NULL, &group, measure_launches(job));
  for (unsigned i = 0; i < group.count; i++)
    file_series(job, cell, &group.series[i], NULL);
  group_fini(&group);
  return ok;
}

static bool measure_batch_run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, batch_of, error);
}

const struct measurement measurement_batch = {
    .name = "batch",
    .summary = "several signatures in one call, where a library has one",
    .takes = "1 s",
    .seconds = 20,
    .run = measure_batch_run,
};
