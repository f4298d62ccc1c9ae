/* Where the time of a good token goes: the pipeline cut off after each of its stages, in blocks
 * of the same tokens that take turns, and the differences of their medians. A launch gives one difference,
 * the row has the median over launches. What no stage accounts for, the loop and the reset of the arena, is
 * the residual. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/measurements/measurement.h"
#include "harness/pipeline/pipeline.h"
#include "harness/terminal/progress.h"

#define BLOCK_NS 300e3 /* of the fastest whole verification: a cut pipeline's blocks are much shorter */
#define TOKENS_LEAST 3
/* Blocks without a signature are so short that clock and cold cache lines would show. */
#define CHEAP_TOKENS_LEAST 64
#define CHEAP_LEAD 32
#define WARM_NS 5e6
#define ROUNDS_LEAST 5
#define SERIES (PIPELINE_STAGES + 2) /* of a subject: cut after 0 .. 9 stages, and uncut */
#define UNCUT (SERIES - 1)

static uint32_t tokens_of(struct job *job, const struct cell *cell) {
  uint32_t count = measure_tokens(job, cell, BLOCK_NS);
  return count < TOKENS_LEAST ? TOKENS_LEAST : count;
}

static void series_add(struct job *job, const struct cell *cell, uint32_t count, unsigned subject,
                       struct group *group) {
  for (unsigned i = 0; i < SERIES; i++) {
    bool cheap = i < STAGE_SIGNATURE || subject_is_floor(&job->subjects[subject]);
    uint32_t tokens = cheap && count < CHEAP_TOKENS_LEAST ? CHEAP_TOKENS_LEAST : count;
    struct control_command command = measure_command(job, cell, tokens);
    command.lead = cheap ? CHEAP_LEAD : command.lead;
    if (i != UNCUT) {
      command.block = BLOCK_PREFIX;
      command.stages = i;
    }
    group_add(group, subject, &command);
  }
}

/* Launches disagree about it by more than its size: what is left is their noise. */
static bool is_resolved(const struct samples *launches) {
  double low = samples_quantile(launches, 0), high = samples_quantile(launches, 1);
  return launches->count > 1 && high - low < fabs(samples_median(launches));
}

/* What each launch says of a stage, as the difference that it makes. */
static void stage_samples(const struct series *series, unsigned stage, struct samples *launches) {
  const struct samples *with = &series[stage + 1].ns, *without = &series[stage].ns;
  samples_clear(launches);
  for (size_t i = 0; i < with->count && i < without->count; i++)
    samples_add(launches, with->items[i] - without->items[i]);
}

static void file_subject(struct job *job, const struct cell *cell, const struct series *series) {
  struct samples launches = {0};
  struct result_ledger *row = result_add_ledger(job->result);
  result_set(&row->subject, job->subjects[series->subject].spec.label);
  result_set(&row->alg, assay_alg_name(cell->alg));
  row->key_bits = cell->key_bits;
  row->ns = row->residual_ns = samples_median(&series[UNCUT].ns);
  for (unsigned stage = 0; stage < PIPELINE_STAGES; stage++) {
    const char *name = assay_stage_name((enum assay_stage)(stage + 1));
    stage_samples(series, stage, &launches);
    double ns = samples_median(&launches);
    ledger_add_stage(row, name, ns);
    if (!is_resolved(&launches))
      strings_add(&row->unresolved, name);
    row->residual_ns -= ns;
  }
  samples_free(&launches);
}

static bool is_measured(struct job *job, const struct cell *cell, const struct series *series) {
  bool measured = true;
  for (unsigned i = 0; i < SERIES; i++)
    measured = measure_right(job, cell, &series[i]) && series[i].ns.count > 0 && measured;
  return measured;
}

static bool ledger_of(struct job *job, const struct cell *cell, double budget_s, struct assay_error *error) {
  (void)error;
  char what[64];
  snprintf(what, sizeof what, "ledger, %s", assay_alg_name(cell->alg));
  struct group group = measure_group(what, budget_s, 0, WARM_NS, ROUNDS_LEAST);
  uint32_t count = tokens_of(job, cell);
  for (unsigned s = 0; s < job->subject_count; s++)
    if (measure_has(job, s, cell) && !subject_is_verifier(&job->subjects[s]))
      series_add(job, cell, count, s, &group);
  bool ok = measure_run(job, NULL, &group, measure_launches(job));
  for (unsigned i = 0; i < group.count; i += SERIES)
    if (is_measured(job, cell, &group.series[i]))
      file_subject(job, cell, &group.series[i]);
  group_fini(&group);
  return ok;
}

static bool measure_ledger_run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, ledger_of, error);
}

const struct measurement measurement_ledger = {
    .name = "ledger",
    .summary = "where the time of a token goes, stage by stage",
    .takes = "50 s",
    .seconds = 50,
    .run = measure_ledger_run,
};
