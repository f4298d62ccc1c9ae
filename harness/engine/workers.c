#include "harness/engine/workers.h"

#include <stdio.h>

#include "harness/base/clock.h"

static struct subject *subject_at(void *arg, unsigned number) {
  const struct workers *workers = arg;
  return workers->subjects[number];
}

static void say_dead(const struct subject *subject, char *why, size_t size) {
  snprintf(why, size, "%.150s",
           subject->error.text[0] ? subject->error.text : "its worker could not be started again");
}

static bool prepare(void *arg, unsigned number, struct assay_error *why) {
  struct subject *subject = subject_at(arg, number);
  if (subject->state != SUBJECT_DEAD && subject_relaunch(subject, &subject->error))
    return true;
  char text[160];
  say_dead(subject, text, sizeof text);
  return error_set(why, "%s", text);
}

static struct block run_block(void *arg, unsigned number, const struct control_command *command) {
  struct subject *subject = subject_at(arg, number);
  struct block block = {.event = EVENT_ERROR, .count = command->count, .token = CORPUS_NONE};
  if (subject->state == SUBJECT_DEAD) {
    say_dead(subject, block.why, sizeof block.why);
    return block;
  }
  block.event = subject_do(subject, command, ((const struct workers *)arg)->stop);
  if (block.event == EVENT_DONE)
    block.outcome = subject->outcome;
  else if (block.event != EVENT_NONE) {
    block.token = subject->last_token;
    snprintf(block.why, sizeof block.why, "%.150s",
             block.event == EVENT_ERROR ? subject->error.text : subject->last_cause);
  }
  return block;
}

static void discard(void *arg, unsigned number) {
  struct subject *subject = subject_at(arg, number);
  if (subject->state != SUBJECT_DEAD)
    subject_latency_reset(subject);
}

static bool collect(void *arg, unsigned number, struct hist *into, struct assay_error *why) {
  struct subject *subject = subject_at(arg, number);
  if (subject->state == SUBJECT_DEAD || subject_latency_add(subject, into))
    return true;
  return error_set(why, "%s", subject->error.text);
}

static uint64_t now_ns(void *arg) {
  (void)arg;
  return clock_ns();
}

struct runner workers_runner(struct workers *workers) {
  return (struct runner){.arg = workers,
                         .count = workers->count,
                         .prepare = prepare,
                         .run_block = run_block,
                         .discard = discard,
                         .collect = collect,
                         .now_ns = now_ns};
}
