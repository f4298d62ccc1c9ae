/* The same verification with the caches in three states: hot, one token again and again, as benchmarks mostly
 * have it; diverse, another token every time, as all other figures here; and cold, after other work has taken
 * the caches. Branch predictors learn the hot token by heart, and no mode unlearns them. */
#include <stdlib.h>

#include "harness/measurements/measurement.h"

#define BLOCK_NS 200e3
#define WARM_NS 5e6
#define ROUNDS_LEAST 3

static const enum result_mode modes[] = {MODE_DIVERSE, MODE_HOT, MODE_COLD};
#define MODES (sizeof modes / sizeof modes[0])

static int by_size(const void *a, const void *b, void *arg) {
  const struct corpus *corpus = arg;
  uint32_t x = corpus->tokens[*(const uint32_t *)a].token.len,
           y = corpus->tokens[*(const uint32_t *)b].token.len;
  return x < y ? -1 : x > y;
}

/* The hot token is one of middle size, since a token's size is a good part of its cost. */
static uint32_t middle_list(struct job *job, const struct cell *cell) {
  uint32_t *sorted = malloc(cell->list_len * sizeof *sorted);
  if (!sorted)
    abort();
  for (uint32_t i = 0; i < cell->list_len; i++)
    sorted[i] = job->list[cell->list_at + i];
  qsort_r(sorted, cell->list_len, sizeof *sorted, by_size, &job->corpus);
  uint32_t at = measure_list(job, &sorted[cell->list_len / 2], 1);
  free(sorted);
  return at;
}

static void series_add(struct job *job, const struct cell *cell, unsigned subject, enum result_mode mode,
                       uint32_t hot_at, struct group *group) {
  struct control_command command = measure_command(job, cell, 0);
  if (mode == MODE_HOT) {
    command.list_at = hot_at;
    command.list_len = 1;
  } else if (mode == MODE_COLD) {
    command.block = BLOCK_COLD;
    command.count = 1;
  }
  struct series *series = group_add(group, subject, &command);
  series->tag = mode;
  series->disturbed_too = mode == MODE_COLD;
}

static bool modes_of(struct job *job, const struct cell *cell, double budget_s, struct assay_error *error) {
  measure_lists_clear(job);
  uint32_t hot_at = middle_list(job, cell);
  if (hot_at == CORPUS_NONE)
    return error_set(error, "no room for the list of the hot token");
  struct group group = measure_group("modes", budget_s, BLOCK_NS, WARM_NS, ROUNDS_LEAST);
  for (unsigned s = 0; s < job->subject_count; s++)
    for (size_t i = 0; i < MODES && measure_has(job, s, cell) && !subject_is_floor(&job->subjects[s]); i++)
      series_add(job, cell, s, modes[i], hot_at, &group);
  bool ok = measure_run(job, NULL, &group, measure_launches(job));
  for (unsigned i = 0; i < group.count; i++) {
    const struct series *series = &group.series[i];
    if (series->tag != MODE_DIVERSE || !measure_is_filed(job, cell, series))
      measure_speed_row(job, cell, series, NULL)->mode = (enum result_mode)series->tag;
  }
  group_fini(&group);
  return ok;
}

static bool measure_modes_run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, modes_of, error);
}

const struct measurement measurement_modes = {
    .name = "modes",
    .summary = "one hot token, diverse tokens, and cold caches",
    .takes = "45 s",
    .seconds = 40,
    .run = measure_modes_run,
};
