/* What each library takes from the heap to verify one token: counted in a block of its own, after every token
 * was verified once, so that what is kept for later tokens does not count. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/measurements/measurement.h"

#define TOKENS_MAX 1000
#define TOKENS_LEAST 8
#define COUNTED_NS 50e6 /* of one subject's tokens of one algorithm */

/* "" where allocations can be counted; else why not. */
static const char *why_not(const struct subject_identity *identity) {
  return identity->allocations_missing[0] || !identity->is_elsewhere ? identity->allocations_missing
                                                                     : JOB_ELSEWHERE;
}

static uint32_t tokens_of(const struct cell *cell, double each_ns) {
  uint32_t most = cell->list_len < TOKENS_MAX ? cell->list_len : TOKENS_MAX;
  double fit = COUNTED_NS / each_ns;
  uint32_t count = fit < TOKENS_LEAST ? TOKENS_LEAST : fit < most ? (uint32_t)fit : most;
  return count < most ? count : most;
}

/* The same tokens twice: untimed and uncounted, then counted. */
static bool count_cell(struct job *job, unsigned subject, const struct cell *cell,
                       struct result_memory *row) {
  double each = measure_estimate(job, subject, cell);
  if (isnan(each))
    return false;
  struct control_command command = measure_command(job, cell, tokens_of(cell, each));
  command.lead = 0;
  for (int pass = 0; pass < 2; pass++) {
    command.count_allocations = pass == 1;
    if (!measure_do(job, subject, &command))
      return false;
  }
  const struct outcome *outcome = &job->subjects[subject].outcome;
  row->allocations_per_token = (double)outcome->allocations / command.count;
  row->bytes_per_token = (double)outcome->allocated_bytes / command.count;
  return outcome->wrong == 0;
}

static void file_cell(struct job *job, unsigned subject, const struct cell *cell, const char *why) {
  struct result_memory *row = result_add_memory(job->result);
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->alg, assay_alg_name(cell->alg));
  result_set(&row->note, why);
  if (why[0] || count_cell(job, subject, cell, row))
    return;
  row->allocations_per_token = row->bytes_per_token = (double)NAN;
  result_set(&row->note, "did not come to an end, or with a wrong verdict");
}

bool measure_allocations(struct job *job, struct assay_error *error) {
  (void)error;
  for (unsigned s = 0; s < job->subject_count; s++) {
    const char *why = why_not(&job->subjects[s].identity);
    for (unsigned i = 0; i < job->cell_count && !stop_asked; i++)
      if (job->cells[i].main && measure_has(job, s, &job->cells[i]))
        file_cell(job, s, &job->cells[i], why);
  }
  return !stop_asked;
}

static bool measure_allocations_run(struct job *job, double budget_s, struct assay_error *error) {
  (void)budget_s;
  return measure_allocations(job, error);
}

const struct measurement measurement_allocations = {
    .name = "allocations",
    .summary = "heap allocations and bytes a token, after warm-up; exact",
    .takes = "3 s",
    .run = measure_allocations_run,
};
