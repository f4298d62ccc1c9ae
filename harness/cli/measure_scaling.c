/* More than one thread, each with a context and keys of its own, against one: blocks take turns while the
 * host sleeps, and nothing is pinned, as in a server. Contexts and keys are never shared between threads
 * here, since not every library allows it: that variant is a row that says so. */
#include <math.h>
#include <stdlib.h>

#include "harness/cli/measurement.h"

#define BLOCK_NS 25e6 /* METHOD 17: long enough for threads to find their cores */
#define WARM_NS 10e6
#define ROUNDS_LEAST 3
#define COUNTS_MAX 8

/* 1, 2, 4 .. and the largest that was asked for. */
static unsigned counts_of(const struct job *job, unsigned *counts) {
  unsigned most = job->options->threads, n = 0;
  for (unsigned threads = 1; threads < most && n < COUNTS_MAX - 1; threads *= 2)
    counts[n++] = threads;
  counts[n++] = most;
  return n;
}

static void series_make(struct job *job, const struct bench_cell *cell, const unsigned *counts, unsigned n,
                        struct interleave *interleave) {
  interleave->series = calloc((size_t)job->subject_count * n + 1, sizeof *interleave->series);
  if (!interleave->series)
    abort();
  for (unsigned s = 0; s < job->subject_count; s++) {
    if (!measure_has(job, s, cell) || job->is_floor[s] || job->is_whole[s])
      continue;
    double each = measure_estimate(job, s, cell);
    uint32_t tokens = each > 0 ? (uint32_t)(BLOCK_NS / each) + 1 : 1;
    for (unsigned i = 0; i < n; i++) {
      struct series *series = &interleave->series[interleave->count++];
      *series = (struct series){.subject = s,
                                .command = measure_command(job, cell, tokens),
                                .tag = counts[i],
                                .against = &interleave->series[interleave->count - 1 - i],
                                .disturbed_too = true};
      series->command.cpu = -1;
      series->command.threads = counts[i];
      series->command.lead = (tokens + 15) / 16;
    }
  }
}

static struct result_scaling *row_of(struct job *job, const struct bench_cell *cell,
                                     const struct series *series, const char *contexts) {
  struct result_scaling *row = result_add_scaling(job->result);
  result_set(&row->subject, job->subjects[series->subject].spec.label);
  result_set(&row->alg, assay_alg_name(cell->alg));
  result_set(&row->contexts, contexts);
  row->key_bits = cell->key_bits;
  row->threads = series->tag;
  return row;
}

/* The whole block ends with its slowest thread. */
static void file(struct job *job, const struct bench_cell *cell, const struct series *series) {
  struct result_scaling *row = row_of(job, cell, series, "per-thread");
  if (measure_right(job, cell, series) && series->ns.count) {
    row->tokens_per_s = series->tag * 1e9 / samples_median(&series->ns);
    row->of_one = series->tag / exp(samples_median(&series->log_ratio));
    double low, high;
    if (sign_interval(&series->log_ratio, BENCH_LEVEL, &low, &high)) {
      row->of_one_low = series->tag / exp(high);
      row->of_one_high = series->tag / exp(low);
    }
  } else {
    result_set(&row->note, series->missing[0] ? series->missing : "void: wrong verdicts");
  }
  if (series->tag > 1)
    result_set(&row_of(job, cell, series, "shared")->note, "keys and contexts belong to one thread");
}

static bool scaling_of(struct job *job, const struct bench_cell *cell, double budget_s,
                       struct assay_error *error) {
  unsigned counts[COUNTS_MAX], n = counts_of(job, counts);
  struct interleave interleave = measure_interleave(job, "threads");
  series_make(job, cell, counts, n, &interleave);
  struct interleave_plan plan = measure_plan(job, budget_s, WARM_NS, ROUNDS_LEAST);
  bool ok = interleave_run(&interleave, &plan, error);
  for (unsigned i = 0; i < interleave.count; i++)
    file(job, cell, &interleave.series[i]);
  interleave_free(&interleave);
  return ok;
}

static bool run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, scaling_of, error);
}

const struct measurement measurement_scaling = {
    .name = "scaling",
    .summary = "threads with a context each, up to --threads (default 2), against one",
    .takes = "45 s",
    .seconds = 40,
    .run = run,
};
