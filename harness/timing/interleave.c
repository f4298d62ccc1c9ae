/* Rounds over series of blocks. */
#include "harness/timing/interleave.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/base/random.h"

#define ESTIMATE_TOKENS 4
#define WARM_TOKENS_MAX 100000
#define ATTEMPTS 6

static bool stopped(const struct interleave *interleave) {
  return interleave->stop && *interleave->stop;
}

static void drop(struct series *series, const struct subject *subject, enum subject_event event) {
  if (event == EVENT_ERROR)
    snprintf(series->missing, sizeof series->missing, "%.150s", subject->error.text);
  else
    snprintf(series->missing, sizeof series->missing, "%s: %s", event == EVENT_CRASH ? "crashed" : "hung",
             subject->last_cause);
}

static void note_wrong(struct series *series, const struct outcome *outcome) {
  if (outcome->wrong > 0 && series->wrong == 0) {
    series->first_wrong = outcome->first_wrong;
    series->wrong_reason = (uint16_t)outcome->wrong_reason;
  }
  series->wrong += outcome->wrong;
}

static double block_once(struct interleave *interleave, struct series *series,
                         const struct control_command *command) {
  struct subject *subject = &interleave->subjects[series->subject];
  if (series->missing[0])
    return (double)NAN;
  if (subject->state == SUBJECT_DEAD) {
    snprintf(series->missing, sizeof series->missing, "%.150s",
             subject->error.text[0] ? subject->error.text : "its worker could not be started again");
    return (double)NAN;
  }
  enum subject_event event = subject_do(subject, command, interleave->stop);
  if (event == EVENT_NONE)
    return (double)NAN;
  if (event != EVENT_DONE) {
    drop(series, subject, event);
    return (double)NAN;
  }
  note_wrong(series, &subject->outcome);
  return (double)subject->outcome.elapsed_ns / command->count;
}

/* A block during which another process was given the core is run again: on a busy machine most long ones
 * would hold its time. One that never passes undisturbed is taken as it is, and the median has to do. */
static double block(struct interleave *interleave, struct series *series,
                    const struct control_command *command) {
  double ns = (double)NAN;
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
    ns = block_once(interleave, series, command);
    if (isnan(ns) || series->disturbed_too || interleave->subjects[series->subject].outcome.put_aside == 0)
      break;
    interleave->repeated++;
  }
  return ns;
}

double series_block(struct interleave *interleave, struct series *series) {
  return block(interleave, series, &series->command);
}

static void warm_up(struct interleave *interleave, struct series *series, double warm_ns) {
  struct control_command command = series->command;
  command.lead = 0;
  command.count = ESTIMATE_TOKENS;
  double each = block(interleave, series, &command);
  double count = warm_ns / (each > 1 ? each : 1);
  if (isnan(each) || count < ESTIMATE_TOKENS)
    return;
  command.count = count < WARM_TOKENS_MAX ? (uint32_t)count : WARM_TOKENS_MAX;
  if (command.count > command.list_len && command.list_len > ESTIMATE_TOKENS)
    command.count = command.list_len;
  block(interleave, series, &command);
}

static void advance(struct series *series) {
  if (series->command.list_len)
    series->command.start = (series->command.start + series->command.count) % series->command.list_len;
}

/* A round that was interrupted counts for no series: all have the same rounds, unless one fell out. */
static void round_run(struct interleave *interleave, unsigned *order, double *ns) {
  random_order(&interleave->random, order, interleave->count);
  for (unsigned i = 0; i < interleave->count && !stopped(interleave); i++)
    ns[order[i]] = series_block(interleave, &interleave->series[order[i]]);
  for (unsigned i = 0; i < interleave->count && !stopped(interleave); i++) {
    if (!isnan(ns[i]))
      samples_add(&interleave->series[i].rounds_ns, ns[i]);
    advance(&interleave->series[i]);
  }
}

static bool relaunch(struct interleave *interleave, struct assay_error *error) {
  for (unsigned i = 0; i < interleave->count; i++) {
    unsigned subject = interleave->series[i].subject;
    bool seen = interleave->subjects[subject].state == SUBJECT_DEAD;
    for (unsigned j = 0; j < i && !seen; j++)
      seen = interleave->series[j].subject == subject;
    if (!seen && !subject_relaunch(&interleave->subjects[subject], error))
      return false;
  }
  return true;
}

/* What the rounds of a launch come to. */
static void fold(struct interleave *interleave) {
  for (unsigned i = 0; i < interleave->count; i++) {
    struct series *series = &interleave->series[i];
    if (series->rounds_ns.count == 0)
      continue;
    samples_add(&series->ns, samples_median(&series->rounds_ns));
    if (series->against && series->against->rounds_ns.count)
      samples_add(&series->log_ratio, samples_log_ratio(&series->rounds_ns, &series->against->rounds_ns));
  }
  for (unsigned i = 0; i < interleave->count; i++)
    samples_clear(&interleave->series[i].rounds_ns);
}

/* The launches take the budget together: what one overran is missing to those after it. */
static void launch(struct interleave *interleave, const struct interleave_plan *plan, unsigned number,
                   uint64_t begun_ns) {
  unsigned *order = calloc(interleave->count + 1, sizeof *order);
  double *ns = calloc(interleave->count + 1, sizeof *ns), budget_ns = plan->budget_s * 1e9;
  if (!order || !ns)
    abort();
  for (unsigned i = 0; i < interleave->count && !stopped(interleave); i++)
    warm_up(interleave, &interleave->series[i], plan->warm_ns);
  double until_ns = budget_ns * (number + 1) / plan->launches;
  for (unsigned round = 0; !stopped(interleave); round++) {
    double taken_ns = (double)(clock_ns() - begun_ns);
    if (round >= plan->rounds_least && taken_ns >= until_ns)
      break;
    if (interleave->progress)
      interleave->progress(NULL, interleave->what, taken_ns / budget_ns);
    round_run(interleave, order, ns);
  }
  free(order);
  free(ns);
}

bool interleave_run(struct interleave *interleave, const struct interleave_plan *plan,
                    struct assay_error *error) {
  uint64_t begun_ns = clock_ns();
  for (unsigned number = 0; number < plan->launches; number++) {
    if (!relaunch(interleave, error))
      return false;
    launch(interleave, plan, number, begun_ns);
    if (stopped(interleave))
      return false;
    fold(interleave);
  }
  return true;
}

void interleave_free(struct interleave *interleave) {
  for (unsigned i = 0; i < interleave->count; i++) {
    samples_free(&interleave->series[i].rounds_ns);
    samples_free(&interleave->series[i].ns);
    samples_free(&interleave->series[i].log_ratio);
  }
  free(interleave->series);
  interleave->series = NULL;
  interleave->count = 0;
}
