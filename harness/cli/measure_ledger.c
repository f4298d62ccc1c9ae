/* Where the time of a good token goes (METHOD 14): the pipeline cut off after each of its stages, in blocks
 * of the same tokens that take turns, and the differences of their medians. A launch gives one difference,
 * the row has the median over launches. What no stage accounts for, the loop and the reset of the arena, is
 * the residual. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/cli/measurement.h"
#include "harness/cli/progress.h"
#include "harness/measure/interleave.h"
#include "harness/pipeline/pipeline.h"

#define LAUNCHES 5
#define BLOCK_NS 300e3 /* of the fastest whole verification: a cut pipeline's blocks are much shorter */
#define TOKENS_LEAST 3
/* Blocks without a signature are so short that clock and cold cache lines would show. */
#define CHEAP_TOKENS_LEAST 64
#define CHEAP_LEAD 32
#define WARM_NS 5e6
#define ROUNDS_LEAST 5
#define SERIES (PIPELINE_STAGES + 2) /* of a subject: cut after 0 .. 9 stages, and uncut */
#define UNCUT (SERIES - 1)

/* One subject in one cell, over launches. */
struct account {
  unsigned subject;
  struct samples whole, stages[PIPELINE_STAGES];
  bool failed;
};

static uint32_t tokens_of(struct job *job, const struct bench_cell *cell) {
  uint32_t count = measure_tokens(job, cell, BLOCK_NS);
  return count < TOKENS_LEAST ? TOKENS_LEAST : count;
}

static void series_make(struct job *job, const struct bench_cell *cell, uint32_t count,
                        const struct account *accounts, unsigned account_count,
                        struct interleave *interleave) {
  interleave->count = account_count * SERIES;
  interleave->series = calloc(interleave->count + 1, sizeof *interleave->series);
  if (!interleave->series)
    abort();
  uint32_t start = (uint32_t)(measure_random(job) % cell->list_len);
  for (unsigned i = 0; i < interleave->count; i++) {
    struct series *series = &interleave->series[i];
    series->subject = accounts[i / SERIES].subject;
    bool cheap = i % SERIES < STAGE_SIGNATURE || job->is_floor[series->subject];
    series->command =
        measure_command(job, cell, cheap && count < CHEAP_TOKENS_LEAST ? CHEAP_TOKENS_LEAST : count);
    series->command.lead = cheap ? CHEAP_LEAD : series->command.lead;
    series->command.start = start;
    if (i % SERIES != UNCUT) {
      series->command.block = BLOCK_PREFIX;
      series->command.stages = i % SERIES;
    }
  }
}

/* What one launch says of a subject. */
static void account_add(struct job *job, const struct bench_cell *cell, struct account *account,
                        const struct series *series) {
  double medians[SERIES];
  for (unsigned i = 0; i < SERIES; i++) {
    account->failed = !measure_right(job, cell, &series[i]) || account->failed;
    medians[i] = samples_median(&series[i].ns);
  }
  if (account->failed || isnan(medians[UNCUT]))
    return;
  samples_add(&account->whole, medians[UNCUT]);
  for (unsigned stage = 0; stage < PIPELINE_STAGES; stage++)
    samples_add(&account->stages[stage], medians[stage + 1] - medians[stage]);
}

static void launch(struct job *job, const struct bench_cell *cell, struct account *accounts, unsigned count,
                   double budget_s) {
  char what[64];
  snprintf(what, sizeof what, "ledger, %s", assay_alg_name(cell->alg));
  struct interleave interleave = measure_interleave(job, what);
  series_make(job, cell, tokens_of(job, cell), accounts, count, &interleave);
  interleave_run(&interleave, budget_s, WARM_NS, ROUNDS_LEAST);
  for (unsigned i = 0; i < count; i++)
    account_add(job, cell, &accounts[i], &interleave.series[i * SERIES]);
  interleave_free(&interleave);
}

/* Launches disagree about it by more than its size: what is left is their noise. */
static bool is_resolved(const struct samples *launches) {
  double low = samples_quantile(launches, 0), high = samples_quantile(launches, 1);
  return launches->count > 1 && high - low < fabs(samples_median(launches));
}

static void file(struct job *job, const struct bench_cell *cell, struct account *account) {
  struct result_ledger *row;
  if (!account->failed && account->whole.count) {
    row = result_add_ledger(job->result);
    result_set(&row->subject, job->subjects[account->subject].spec.label);
    result_set(&row->alg, assay_alg_name(cell->alg));
    row->key_bits = cell->key_bits;
    row->ns = row->residual_ns = samples_median(&account->whole);
    for (unsigned stage = 0; stage < PIPELINE_STAGES; stage++) {
      const char *name = assay_stage_name((enum assay_stage)(stage + 1));
      double ns = samples_median(&account->stages[stage]);
      ledger_add_stage(row, name, ns);
      if (!is_resolved(&account->stages[stage]))
        strings_add(&row->unresolved, name);
      row->residual_ns -= ns;
    }
  }
  samples_free(&account->whole);
  for (unsigned stage = 0; stage < PIPELINE_STAGES; stage++)
    samples_free(&account->stages[stage]);
}

static unsigned accounts_make(const struct job *job, const struct bench_cell *cell,
                              struct account *accounts) {
  unsigned count = 0;
  for (unsigned s = 0; s < job->subject_count; s++)
    if (measure_has(job, s, cell) && !job->is_whole[s])
      accounts[count++] = (struct account){.subject = s};
  return count;
}

static bool ledger_of(struct job *job, const struct bench_cell *cell, double budget_s,
                      struct assay_error *error) {
  struct account accounts[JOB_SUBJECTS_MAX];
  unsigned count = accounts_make(job, cell, accounts);
  unsigned launches = job->options->launches ? job->options->launches : LAUNCHES;
  bool ok = true;
  for (unsigned i = 0; ok && i < launches && !job_stop; i++) {
    ok = measure_relaunch(job, error);
    if (ok)
      launch(job, cell, accounts, count, budget_s / launches);
  }
  for (unsigned i = 0; i < count; i++)
    file(job, cell, &accounts[i]);
  return ok;
}

static bool run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, ledger_of, error);
}

const struct measurement measurement_ledger = {
    .name = "ledger",
    .summary = "where the time of a token goes, stage by stage",
    .takes = "75 s",
    .seconds = 50,
    .run = run,
};
