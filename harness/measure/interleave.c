/* Rounds over series of blocks. */
#include "harness/measure/interleave.h"

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

static void note_wrong(struct series *series, const struct control_reply *reply) {
  if (reply->wrong > 0 && series->wrong == 0) {
    series->first_wrong = reply->first_wrong;
    series->wrong_reason = (uint16_t)reply->wrong_reason;
  }
  series->wrong += reply->wrong;
}

static double block_once(struct interleave *interleave, struct series *series,
                         const struct control_command *command) {
  struct subject *subject = &interleave->subjects[series->subject];
  if (series->missing[0])
    return (double)NAN;
  if (subject->state == SUBJECT_DEAD) {
    snprintf(series->missing, sizeof series->missing, "its worker could not be started again");
    return (double)NAN;
  }
  enum subject_event event = subject_do(subject, command, interleave->stop);
  if (event == EVENT_NONE)
    return (double)NAN;
  if (event != EVENT_DONE) {
    drop(series, subject, event);
    return (double)NAN;
  }
  note_wrong(series, &subject->control->reply);
  return (double)subject->control->reply.elapsed_ns / command->count;
}

/* A block during which another process was given the core is run again: on a busy machine most long ones
 * would hold its time. One that never passes undisturbed is taken as it is, and the median has to do. */
static double block(struct interleave *interleave, struct series *series,
                    const struct control_command *command) {
  double ns = (double)NAN;
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
    ns = block_once(interleave, series, command);
    if (isnan(ns) || series->disturbed_too ||
        interleave->subjects[series->subject].control->reply.put_aside == 0)
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
static bool round_run(struct interleave *interleave, unsigned *order, double *ns) {
  random_order(&interleave->random, order, interleave->count);
  for (unsigned i = 0; i < interleave->count && !stopped(interleave); i++)
    ns[order[i]] = series_block(interleave, &interleave->series[order[i]]);
  if (stopped(interleave))
    return false;
  for (unsigned i = 0; i < interleave->count; i++) {
    if (!isnan(ns[i]))
      samples_add(&interleave->series[i].ns, ns[i]);
    advance(&interleave->series[i]);
  }
  return true;
}

unsigned interleave_run(struct interleave *interleave, double budget_s, double warm_ns,
                        unsigned rounds_least) {
  unsigned *order = calloc(interleave->count + 1, sizeof *order), rounds = 0;
  double *ns = calloc(interleave->count + 1, sizeof *ns);
  if (!order || !ns)
    abort();
  for (unsigned i = 0; i < interleave->count && !stopped(interleave); i++)
    warm_up(interleave, &interleave->series[i], warm_ns);
  uint64_t begun = clock_ns(), budget_ns = (uint64_t)(budget_s * 1e9);
  while ((rounds < rounds_least || clock_ns() - begun < budget_ns) && !stopped(interleave)) {
    if (interleave->progress)
      interleave->progress(NULL, interleave->what, (double)(clock_ns() - begun) / (budget_s * 1e9));
    rounds += round_run(interleave, order, ns);
  }
  free(order);
  free(ns);
  return rounds;
}

void interleave_free(struct interleave *interleave) {
  for (unsigned i = 0; i < interleave->count; i++)
    samples_free(&interleave->series[i].ns);
  free(interleave->series);
  interleave->series = NULL;
  interleave->count = 0;
}
