/* The first, the second and the tenth use of a key: libraries that keep tables of a key build them on the way,
 * and a key that is used once pays for what later uses gain. The bare primitive, in a fresh context each time. */
#include "harness/measurements/measurement.h"

#define BLOCK_NS 300e3
#define WARM_NS 5e6
#define ROUNDS_LEAST 3

static const struct {
  enum result_mode mode;
  uint32_t use;
} uses[] = {{MODE_FIRST_USE, 1}, {MODE_SECOND_USE, 2}, {MODE_TENTH_USE, 10}};
#define USES (sizeof uses / sizeof uses[0])

/* A use takes an import and what comes before it along, so that blocks last longer than what is timed. */
#define OPERATIONS 8

static void series_add(struct job *job, const struct cell *cell, unsigned subject, struct group *group) {
  for (size_t i = 0; i < USES; i++) {
    struct control_command command = measure_command(job, cell, OPERATIONS);
    command.block = BLOCK_USE;
    command.use = uses[i].use;
    command.lead = 1;
    group_add(group, subject, &command)->tag = uses[i].mode;
  }
}

static bool uses_of(struct job *job, const struct cell *cell, double budget_s, struct assay_error *error) {
  (void)error;
  struct group group = measure_group("uses of a key", budget_s, 0, WARM_NS, ROUNDS_LEAST);
  for (unsigned s = 0; s < job->subject_count; s++)
    if (measure_has(job, s, cell) && subject_has_parts(&job->subjects[s]))
      series_add(job, cell, s, &group);
  bool ok = measure_run(job, NULL, &group, measure_launches(job));
  for (unsigned i = 0; i < group.count; i++) {
    struct result_speed *row = measure_speed_row(job, cell, &group.series[i], NULL);
    row->metric = METRIC_PRIMITIVE;
    row->mode = (enum result_mode)group.series[i].tag;
  }
  group_fini(&group);
  return ok;
}

static bool measure_uses_run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, uses_of, error);
}

const struct measurement measurement_uses = {
    .name = "uses",
    .summary = "the first, second and tenth use of a key",
    .takes = "15 s",
    .seconds = 12,
    .run = measure_uses_run,
};
