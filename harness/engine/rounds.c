#include "harness/engine/rounds.h"

#include <math.h>
#include <stdlib.h>

#include "harness/base/random.h"

#define TRY_OPERATIONS 4
#define CALIBRATIONS 2 /* the first still meets cold caches */
#define OPERATIONS_MOST 1000000
#define WARM_OPERATIONS_MOST 100000
#define TRIM_SHARE 0.02 /* of a series' blocks, the longest: what else ran on the core */

static uint64_t now_ns(const struct engine *engine) {
  return engine->runner->now_ns(engine->runner->arg);
}

static uint32_t operations_for(double block_ns, double each_ns) {
  double count = block_ns / (each_ns > 1 ? each_ns : 1);
  return count < 1 ? 1 : count > OPERATIONS_MOST ? OPERATIONS_MOST : (uint32_t)count;
}

/* Batches are measured whole. */
static uint32_t whole_batches(const struct series *series, uint32_t count) {
  uint32_t batch = series->command.batch ? series->command.batch : 1;
  return (count + batch - 1) / batch * batch;
}

/* So many operations that go into no figure. False: it was not measured. */
static bool run_untimed(struct engine *engine, struct series *series, uint32_t count, struct block *block) {
  struct control_command command = series->command;
  command.lead = command.latency = 0;
  command.count = whole_batches(series, count);
  *block = engine_block(engine, series, &command);
  return block->event == EVENT_DONE;
}

/* ---- calibration ---- */

static void set_length(struct group *group, struct series *series, uint32_t operations) {
  series->command.count = whole_batches(series, operations);
  series->command.lead = (uint32_t)ceil(group->lead_share * series->command.count);
}

static void estimate(struct engine *engine, struct series *series, uint32_t operations) {
  struct block block;
  if (run_untimed(engine, series, operations, &block))
    series->estimate_ns = block_ns(&block);
}

/* Its command does not say itself how many operations a block has. */
static bool is_free(const struct series *series) {
  return series->command.count == 0;
}

static double fastest_of(const struct group *group) {
  double fastest = INFINITY;
  for (unsigned i = 0; i < group->count; i++) {
    const struct series *series = &group->series[i];
    if (is_free(series) && !series->missing[0] && !series->sets_no_length && series->estimate_ns > 0)
      fastest = fmin(fastest, series->estimate_ns);
  }
  return fastest;
}

/* Blocks of the floor alone have some length, too. */
#define FLOOR_NS 1000
/* Where one takes ten thousand times as long as another, the slow one's blocks have to come to an end. */
#define LONGEST_NS 100e6

static double slowest_of(const struct group *group) {
  double slowest = 0;
  for (unsigned i = 0; i < group->count; i++)
    if (is_free(&group->series[i]) && !group->series[i].missing[0])
      slowest = fmax(slowest, group->series[i].estimate_ns);
  return slowest;
}

static uint32_t length_for(const struct group *group) {
  double fastest = fastest_of(group);
  uint32_t wanted = operations_for(group->block_ns, isinf(fastest) ? FLOOR_NS : fastest);
  uint32_t most = operations_for(LONGEST_NS, slowest_of(group));
  return wanted < most ? wanted : most;
}

static void calibrate(struct engine *engine, struct group *group) {
  group->operations = TRY_OPERATIONS;
  for (int pass = 0; pass < CALIBRATIONS; pass++) {
    for (unsigned i = 0; i < group->count && !engine_stopped(engine); i++) {
      struct series *series = &group->series[i];
      bool by_itself = pass > 0 && group->own_lengths && series->estimate_ns > 0;
      estimate(engine, series,
               by_itself         ? operations_for(group->block_ns, series->estimate_ns)
               : is_free(series) ? group->operations
                                 : TRY_OPERATIONS);
    }
    if (group->block_ns > 0)
      group->operations = length_for(group);
  }
  for (unsigned i = 0; i < group->count && group->block_ns > 0; i++) {
    struct series *series = &group->series[i];
    if (is_free(series))
      set_length(group, series,
                 group->own_lengths ? operations_for(group->block_ns, series->estimate_ns)
                                    : group->operations);
  }
  if (group->own_lengths || !(group->block_ns > 0))
    group->operations = 0;
  group->calibrated = !engine_stopped(engine);
}

/* ---- warm-up ---- */

/* Sessions and prepared tokens are made, branch predictors learn, and libraries that keep tables for keys
 * that they have seen (wolfSSL's FP_ECC) build them. */
static void warm_up(struct engine *engine, struct group *group) {
  for (unsigned i = 0; i < group->count && !engine_stopped(engine); i++) {
    struct series *series = &group->series[i];
    struct block block;
    uint32_t most = series->command.list_len > TRY_OPERATIONS ? series->command.list_len : TRY_OPERATIONS;
    uint32_t count = operations_for(group->warm_ns, series->estimate_ns);
    most = most < WARM_OPERATIONS_MOST ? most : WARM_OPERATIONS_MOST;
    run_untimed(engine, series, count < most ? count : most, &block);
  }
}

/* ---- rounds ---- */

/* Of the round at hand. */
struct slot {
  unsigned place;
  bool measured;
  double ns;
};

/* Every series begins a launch at the same place of its list, drawn anew for each. */
static void begin_at(struct engine *engine, struct group *group) {
  uint32_t at = (uint32_t)random_next(&engine->random);
  for (unsigned i = 0; i < group->count; i++)
    if (group->series[i].command.list_len)
      group->series[i].command.start = at % group->series[i].command.list_len;
}

void series_move_on(struct series *series) {
  struct control_command *command = &series->command;
  if (command->list_len)
    command->start = (uint32_t)(((uint64_t)command->start + command->count) % command->list_len);
}

/* How many latencies each series is still to give in a launch. */
static uint64_t latencies_wanted(const struct engine *engine, const struct group *group) {
  return group->latencies ? group->latencies / engine->launches + 1 : 0;
}

static bool has_enough(const struct engine *engine, const struct group *group, const struct series *series,
                       unsigned rounds) {
  return group->latencies && (uint64_t)rounds * series->command.count >= latencies_wanted(engine, group);
}

/* A round that was interrupted counts for no series: all have the same rounds, unless one fell out. False:
 * there was nothing to do in it. */
static bool round_run(struct engine *engine, struct group *group, struct slot *slots, unsigned *order,
                      unsigned number) {
  bool any = false;
  random_order(&engine->random, order, group->count);
  for (unsigned i = 0; i < group->count && !engine_stopped(engine); i++) {
    struct series *series = &group->series[order[i]];
    struct slot *slot = &slots[order[i]];
    slot->measured = false;
    if (series->missing[0] || has_enough(engine, group, series, number))
      continue;
    struct block block = engine_block(engine, series, &series->command);
    slot->measured = block.event == EVENT_DONE;
    slot->ns = slot->measured ? block_ns(&block) : 0;
    any = true;
  }
  for (unsigned i = 0; i < group->count && !engine_stopped(engine); i++) {
    if (slots[i].measured)
      samples_add(&group->series[i].rounds_ns, slots[i].ns);
    slots[i].measured = false;
    series_move_on(&group->series[i]);
  }
  return any;
}

static bool is_over(const struct engine *engine, const struct group *group, unsigned rounds, unsigned launch,
                    uint64_t running_ns) {
  double until_ns = group->budget_s * 1e9 * (launch + 1) / engine->launches;
  if (group->rounds_most && rounds >= group->rounds_most)
    return true;
  return rounds >= group->rounds_least && (double)(group->used_ns + running_ns) >= until_ns;
}

/* Launches take the budget together: what one overran is missing to those after it. Returns how many rounds
 * came to their end. */
static unsigned rounds_run(struct engine *engine, struct group *group, unsigned launch, uint64_t from_ns) {
  struct slot *slots = calloc(group->count + 1, sizeof *slots);
  unsigned *order = calloc(group->count + 1, sizeof *order), rounds = 0;
  if (!slots || !order)
    abort();
  while (!engine_stopped(engine)) {
    uint64_t running_ns = now_ns(engine) - from_ns;
    if (is_over(engine, group, rounds, launch, running_ns))
      break;
    engine_tell(engine, group, running_ns);
    if (!round_run(engine, group, slots, order, rounds))
      break;
    rounds += !engine_stopped(engine);
  }
  free(slots);
  free(order);
  return rounds;
}

/* ---- what a launch comes to ---- */

static double sum_log_ratio(const struct series *of, const struct series *with) {
  return log(samples_trimmed_sum(&of->rounds_ns, TRIM_SHARE) /
             samples_trimmed_sum(&with->rounds_ns, TRIM_SHARE));
}

static void fold_pair(struct group *group, struct pair *pair) {
  const struct series *of = &group->series[pair->of], *with = &group->series[pair->with];
  if (of->missing[0] || with->missing[0] || !of->rounds_ns.count || !with->rounds_ns.count)
    return;
  samples_add(&pair->log_ratio, samples_log_ratio(&of->rounds_ns, &with->rounds_ns));
  if (of->rounds_ns.count == with->rounds_ns.count)
    samples_add(&pair->log_sum_ratio, sum_log_ratio(of, with));
}

static void fold(struct group *group, unsigned rounds) {
  for (unsigned i = 0; i < group->pair_count; i++)
    fold_pair(group, &group->pairs[i]);
  for (unsigned i = 0; i < group->count; i++)
    if (group->series[i].rounds_ns.count && !group->series[i].missing[0])
      samples_add(&group->series[i].ns, samples_median(&group->series[i].rounds_ns));
  if (group->rounds == 0 || rounds < group->rounds)
    group->rounds = rounds;
}

static void latencies_begin(struct engine *engine, struct group *group) {
  for (unsigned i = 0; i < group->count; i++)
    if (group->series[i].command.latency && !group->series[i].missing[0])
      engine->runner->discard(engine->runner->arg, group->series[i].subject);
}

static void latencies_end(struct engine *engine, struct group *group) {
  for (unsigned i = 0; i < group->count; i++) {
    struct series *series = &group->series[i];
    struct assay_error why = {0};
    if (!series->command.latency || series->missing[0])
      continue;
    if (!series->latency)
      series->latency = calloc(1, sizeof *series->latency);
    if (!series->latency)
      abort();
    if (!engine->runner->collect(engine->runner->arg, series->subject, series->latency, &why))
      engine_drop(engine, series, EVENT_ERROR, CORPUS_NONE, why.text);
  }
}

static bool has_any(const struct group *group) {
  for (unsigned i = 0; i < group->count; i++)
    if (!group->series[i].missing[0])
      return true;
  return false;
}

uint64_t group_begin(struct engine *engine, struct group *group) {
  if (!group->calibrated)
    calibrate(engine, group);
  uint64_t from_ns = now_ns(engine);
  begin_at(engine, group);
  warm_up(engine, group);
  return from_ns;
}

void group_launch(struct engine *engine, struct group *group, unsigned launch) {
  if (!has_any(group))
    return;
  uint64_t from_ns = group_begin(engine, group);
  latencies_begin(engine, group);
  unsigned rounds = rounds_run(engine, group, launch, from_ns);
  if (!engine_stopped(engine)) {
    fold(group, rounds);
    latencies_end(engine, group);
  }
  for (unsigned i = 0; i < group->count; i++)
    samples_clear(&group->series[i].rounds_ns);
  group->used_ns += now_ns(engine) - from_ns;
  group->launches++;
}
