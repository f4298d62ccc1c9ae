/* Several signatures in one call, where a library has such a call: a batch can be checked for less than its
 * parts. One that lacks it has a row that says so. */
#include <stdlib.h>

#include "harness/measurements/measurement.h"

#define BLOCK_NS 300e3
#define WARM_NS 5e6
#define ROUNDS_LEAST 3

static const uint32_t sizes[] = {8, 64};
#define SIZES (sizeof sizes / sizeof sizes[0])

static void file(struct job *job, const struct bench_cell *cell, const struct series *series,
                 const char *why) {
  struct result_speed *row = measure_speed_row(job, cell, series, why);
  row->metric = METRIC_BATCH;
  row->batch = series->tag;
}

static void series_make(struct job *job, const struct bench_cell *cell, struct interleave *interleave) {
  uint32_t count = measure_tokens(job, cell, BLOCK_NS);
  interleave->series = calloc((size_t)job->subject_count * SIZES + 1, sizeof *interleave->series);
  if (!interleave->series)
    abort();
  for (unsigned s = 0; s < job->subject_count; s++) {
    const struct series lacking = {.subject = s, .first_wrong = CORPUS_NONE, .tag = 1};
    if (!measure_has(job, s, cell) || !subject_has_parts(&job->subjects[s]))
      continue;
    if (!job->subjects[s].identity.has_batch) {
      file(job, cell, &lacking, "not in this library");
      continue;
    }
    for (unsigned i = 0; i < SIZES && sizes[i] <= cell->list_len; i++) {
      struct series *series = &interleave->series[interleave->count++];
      /* Whole batches only. */
      uint32_t tokens = (count + sizes[i] - 1) / sizes[i] * sizes[i];
      *series = (struct series){.subject = s, .command = measure_command(job, cell, tokens), .tag = sizes[i]};
      series->command.block = BLOCK_BATCH;
      series->command.batch = sizes[i];
    }
  }
}

static bool batch_of(struct job *job, const struct bench_cell *cell, double budget_s,
                     struct assay_error *error) {
  struct interleave interleave = measure_interleave(job, "batches");
  series_make(job, cell, &interleave);
  struct interleave_plan plan = measure_plan(job, budget_s, WARM_NS, ROUNDS_LEAST);
  bool ok = interleave.count == 0 || interleave_run(&interleave, &plan, error);
  for (unsigned i = 0; i < interleave.count; i++)
    file(job, cell, &interleave.series[i], NULL);
  interleave_free(&interleave);
  return ok;
}

static bool run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, batch_of, error);
}

const struct measurement measurement_batch = {
    .name = "batch",
    .summary = "several signatures in one call, where a library has one",
    .takes = "1 s",
    .seconds = 20,
    .run = run,
};
