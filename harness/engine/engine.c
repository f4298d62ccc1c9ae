/* Launches, groups, rounds. What one launch of a group is stands in rounds.c. */
#include "harness/engine/engine.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/base/random.h"
#include "harness/engine/rounds.h"

#define ATTEMPTS 6

double block_ns(const struct block *block) {
  if (block->event != EVENT_DONE || block->count == 0) {
    fprintf(stderr, "assay: the time of a block that was not measured was asked for\n");
    abort();
  }
  return (double)block->outcome.elapsed_ns / block->count;
}

bool engine_stopped(const struct engine *engine) {
  return engine->stop && *engine->stop;
}

/* ---- falling out ---- */

static void series_drop(struct series *series, const char *why) {
  if (!series->missing[0])
    snprintf(series->missing, sizeof series->missing, "%.150s", why);
}

/* All groups, the anchor's behind the caller's. */
static unsigned group_count(const struct engine *engine) {
  return engine->group_count + (engine->anchor != NULL);
}

static struct group *group_at(const struct engine *engine, unsigned number) {
  return number < engine->group_count ? &engine->groups[number] : &engine->anchor->group;
}

static void arm_drop(struct engine *engine, struct series *from, const char *why) {
  series_drop(from, why);
  for (unsigned g = 0; g < group_count(engine) && from->arm; g++)
    for (unsigned i = 0; i < group_at(engine, g)->count; i++)
      if (group_at(engine, g)->series[i].arm == from->arm)
        series_drop(&group_at(engine, g)->series[i], why);
}

static void subject_drop(struct engine *engine, unsigned subject, const char *why) {
  for (unsigned g = 0; g < group_count(engine); g++)
    for (unsigned i = 0; i < group_at(engine, g)->count; i++)
      if (group_at(engine, g)->series[i].subject == subject)
        series_drop(&group_at(engine, g)->series[i], why);
}

static void tell_finding(struct engine *engine, unsigned subject, enum subject_event event, uint32_t token,
                         const char *why) {
  if (engine->finding)
    engine->finding(engine->arg, subject, event, token, why);
}

void engine_drop(struct engine *engine, struct series *series, enum subject_event event, uint32_t token,
                 const char *why) {
  char missing[sizeof series->missing];
  snprintf(missing, sizeof missing, "%s%.140s",
           event == EVENT_CRASH  ? "crashed: "
           : event == EVENT_HANG ? "hung: "
                                 : "",
           why);
  arm_drop(engine, series, missing);
  tell_finding(engine, series->subject, event, token, why);
}

/* ---- blocks ---- */

static void count_wrong(struct series *series, const struct outcome *outcome) {
  if (outcome->wrong > 0 && series->wrong == 0) {
    series->first_wrong = outcome->first_wrong;
    series->wrong_reason = (uint16_t)outcome->wrong_reason;
  }
  series->wrong += outcome->wrong;
}

struct block engine_block(struct engine *engine, struct series *series,
                          const struct control_command *command) {
  struct block block = {0};
  for (int attempt = 0; attempt < ATTEMPTS && !series->missing[0] && !engine_stopped(engine); attempt++) {
    block = engine->runner->run_block(engine->runner->arg, series->subject, command);
    if (block.event != EVENT_DONE)
      break;
    engine->blocks++;
    count_wrong(series, &block.outcome);
    series->side_effects |= block.outcome.side_effects;
    if (block.outcome.arena_high_water_bytes > engine->arena_high_water_bytes)
      engine->arena_high_water_bytes = block.outcome.arena_high_water_bytes;
    if (block.outcome.put_aside == 0 || series->disturbed_too)
      return block;
    engine->repeated += attempt + 1 < ATTEMPTS;
  }
  if (block.event != EVENT_DONE && block.event != EVENT_NONE)
    engine_drop(engine, series, block.event, block.token, block.why);
  return block;
}

/* ---- launches ---- */

static bool is_in_use(const struct engine *engine, unsigned subject) {
  for (unsigned g = 0; g < group_count(engine); g++)
    for (unsigned i = 0; i < group_at(engine, g)->count; i++)
      if (group_at(engine, g)->series[i].subject == subject && !group_at(engine, g)->series[i].missing[0])
        return true;
  return false;
}

/* False: no subject is left. */
static bool prepare_all(struct engine *engine, unsigned launch) {
  const struct runner *runner = engine->runner;
  bool any = false;
  for (unsigned s = 0; s < runner->count && !engine_stopped(engine); s++) {
    struct assay_error why = {0};
    if (!is_in_use(engine, s))
      continue;
    if ((launch == 0 && engine->first_is_fresh) || runner->prepare(runner->arg, s, &why)) {
      any = true;
      continue;
    }
    subject_drop(engine, s, why.text);
    tell_finding(engine, s, EVENT_ERROR, CORPUS_NONE, why.text);
  }
  return any;
}

/* What all launches of a group are likely to take: its budget, until it has shown what it needs of it. */
static double expected_ns(const struct engine *engine, const struct group *group) {
  return group->launches ? (double)group->used_ns / group->launches * engine->launches
                         : group->budget_s * 1e9;
}

void engine_tell(const struct engine *engine, const struct group *group, uint64_t running_ns) {
  double used = (double)running_ns, expected = 0;
  for (unsigned i = 0; i < engine->group_count; i++) {
    used += (double)engine->groups[i].used_ns;
    expected += expected_ns(engine, &engine->groups[i]);
  }
  char what[sizeof group->what + 16];
  snprintf(what, sizeof what, "measuring %s", group->what);
  if (engine->progress)
    engine->progress(engine->arg, what, used < expected * 0.99 ? used / expected : 0.99);
}

static void launch(struct engine *engine, unsigned number, uint64_t start_ns) {
  unsigned *order = calloc(engine->group_count + 1, sizeof *order);
  if (!order)
    abort();
  anchor_begin(engine);
  random_order(&engine->random, order, engine->group_count);
  for (unsigned i = 0; i < engine->group_count && !engine_stopped(engine); i++) {
    struct group *group = &engine->groups[order[i]];
    if (engine->starts_are_paid)
      group->used_ns += start_ns / engine->group_count;
    anchor_read(engine, group);
    group_launch(engine, group, number);
    anchor_read(engine, group);
  }
  anchor_end(engine);
  free(order);
}

bool engine_run(struct engine *engine) {
  const struct runner *runner = engine->runner;
  for (unsigned i = 0; i < engine->launches; i++) {
    uint64_t from_ns = runner->now_ns(runner->arg);
    if (!prepare_all(engine, i))
      break;
    launch(engine, i, runner->now_ns(runner->arg) - from_ns);
    if (engine_stopped(engine))
      break;
    engine->launches_done++;
  }
  return !engine_stopped(engine);
}
