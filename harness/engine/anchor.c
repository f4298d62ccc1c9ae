#include "harness/engine/anchor.h"

#include <math.h>
#include <stddef.h>

#include "harness/engine/rounds.h"

#define LEAD_SHARE 2      /* after others nothing of it is in the caches */
#define EVERY_NS 20000000 /* often enough for groups of some 50 ms, and a tenth of the time at most */
#define EXTREME 0.05
#define READINGS_LEAST 20 /* without the most extreme twentieth, some are left out */

void anchor_make(struct anchor *anchor, double block_ns, double warm_ns) {
  *anchor = (struct anchor){.group = {.what = "anchor",
                                      .block_ns = block_ns,
                                      .lead_share = LEAD_SHARE,
                                      .warm_ns = warm_ns,
                                      .own_lengths = true}};
}

void anchor_fini(struct anchor *anchor) {
  group_fini(&anchor->group);
  samples_free(&anchor->readings);
  samples_free(&anchor->launch_readings);
}

/* ---- readings ---- */

/* The mean over its series of how much longer than in the calibration they take; NAN: none is left. */
static double reading(struct engine *engine, struct group *group) {
  double sum = 0;
  unsigned count = 0;
  for (unsigned i = 0; i < group->count && !engine_stopped(engine); i++) {
    struct series *series = &group->series[i];
    if (series->missing[0] || !(series->estimate_ns > 0))
      continue;
    struct block block = engine_block(engine, series, &series->command);
    if (block.event != EVENT_DONE)
      continue;
    sum += log(block_ns(&block) / series->estimate_ns);
    count++;
    series_move_on(series);
  }
  return count ? sum / count : (double)NAN;
}

void anchor_begin(struct engine *engine) {
  if (engine->anchor)
    group_begin(engine, &engine->anchor->group);
}

static bool is_due(const struct anchor *anchor, uint64_t now_ns) {
  return anchor->read_ns == 0 || now_ns - anchor->read_ns >= EVERY_NS;
}

void anchor_read(struct engine *engine, struct group *around) {
  struct anchor *anchor = engine->anchor;
  const struct runner *runner = engine->runner;
  if (!anchor)
    return;
  if (is_due(anchor, runner->now_ns(runner->arg))) {
    double value = reading(engine, &anchor->group);
    if (isnan(value) || engine_stopped(engine))
      return;
    samples_add(&anchor->launch_readings, value);
    anchor->read_ns = runner->now_ns(runner->arg);
  }
  samples_add(&around->readings, anchor->launch_readings.items[anchor->launch_readings.count - 1]);
}

void anchor_end(struct engine *engine) {
  struct anchor *anchor = engine->anchor;
  if (!anchor)
    return;
  double middle = samples_median(&anchor->launch_readings);
  for (unsigned i = 0; i < engine->group_count; i++) {
    struct group *group = &engine->groups[i];
    if (group->readings.count && !engine_stopped(engine))
      samples_add(&group->drift, samples_median(&group->readings) - middle);
    samples_clear(&group->readings);
  }
  for (size_t i = 0; i < anchor->launch_readings.count; i++)
    samples_add(&anchor->readings, anchor->launch_readings.items[i]);
  samples_clear(&anchor->launch_readings);
  anchor->read_ns = 0;
}

/* ---- what they come to ---- */

double anchor_moved(const struct anchor *anchor) {
  if (anchor->readings.count < READINGS_LEAST || group_has_wrong(&anchor->group))
    return (double)NAN;
  return exp(samples_quantile(&anchor->readings, 1 - EXTREME) -
             samples_quantile(&anchor->readings, EXTREME)) -
         1;
}

double anchor_apart(const struct group *const *groups, unsigned count) {
  double least = INFINITY, most = -INFINITY;
  for (unsigned i = 0; i < count; i++) {
    if (groups[i]->drift.count == 0)
      continue;
    double drift = samples_median(&groups[i]->drift);
    least = fmin(least, drift);
    most = fmax(most, drift);
  }
  return most >= least ? exp(most - least) - 1 : (double)NAN;
}
