/* A runner that does what a test has written down: every subject takes planned times by a clock of its own
 * making, and what a worker may do wrong happens at a planned block. No library, process or clock is
 * involved.
 */
#ifndef ASSAY_TESTS_SCRIPTED_H
#define ASSAY_TESTS_SCRIPTED_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/random.h"
#include "harness/engine/runner.h"

#define SCRIPTED_MOST 64
#define START_NS 10000000 /* what a fresh process takes */

struct scripted_subject {
  double ns;          /* an operation */
  double spread;      /* standard deviation of the logarithm of a launch's time */
  double rare_ns;     /* added to one block of twenty */
  unsigned launches;  /* so far */
  unsigned blocks;    /* so far, of all launches */
  double launch_ns;   /* an operation, of the launch at hand */
  uint64_t latencies; /* since they were discarded */
  /* What goes wrong; 0: nothing. */
  unsigned fails_in_launch; /* cannot be started for that launch, counted from 1 */
  unsigned breaks_at;       /* the block, counted from 1, in which it falls out */
  enum subject_event breaks_by;
  uint32_t breaks_on; /* the token in flight */
  unsigned wrong_at;  /* the block in which the verdict of token 7 is wrong */
  unsigned disturbed_at, disturbed_times;
};

struct scripted_block {
  unsigned subject, launch;
  uint32_t start, count, lead;
  bool latency;
};

struct scripted {
  struct scripted_subject subjects[SCRIPTED_MOST];
  unsigned count;
  uint64_t now_ns, random;
  struct scripted_block *blocks; /* all that were run */
  unsigned block_count;
  unsigned stops_at; /* the block, of all subjects, after which `stop` is set; 0: none */
  volatile sig_atomic_t stop;
  uint64_t slower_from_ns; /* from then on all takes twice as long; 0: never */
  uint64_t later_start_ns; /* what starts take more after the first of each; 0: nothing */
};

/* Roughly normal. */
static inline double scripted_normal(uint64_t *random) {
  double sum = -6;
  for (int i = 0; i < 12; i++)
    sum += (double)(random_next(random) >> 11) / 9007199254740992.0;
  return sum;
}

static inline bool scripted_prepare(void *arg, unsigned number, struct assay_error *why) {
  struct scripted *script = arg;
  struct scripted_subject *subject = &script->subjects[number];
  script->now_ns += START_NS + (subject->launches ? script->later_start_ns : 0);
  subject->launches++;
  subject->launch_ns = subject->ns * exp(subject->spread * scripted_normal(&script->random));
  return subject->launches != subject->fails_in_launch || error_set(why, "subject %u does not start", number);
}

static inline void scripted_record(struct scripted *script, unsigned number,
                                   const struct control_command *command) {
  script->blocks = realloc(script->blocks, (script->block_count + 1) * sizeof *script->blocks);
  script->blocks[script->block_count++] =
      (struct scripted_block){number,         script->subjects[number].launches,
                              command->start, command->count,
                              command->lead,  command->latency != 0};
  if (script->block_count == script->stops_at)
    script->stop = 1;
}

static inline struct block scripted_run(void *arg, unsigned number, const struct control_command *command) {
  struct scripted *script = arg;
  struct scripted_subject *subject = &script->subjects[number];
  struct block block = {.event = EVENT_DONE, .count = command->count, .token = CORPUS_NONE};
  if (subject->launches == 0)
    scripted_prepare(arg, number, NULL);
  unsigned at = ++subject->blocks;
  double ns = subject->launch_ns * command->count + (at % 20 == 0 ? subject->rare_ns : 0);
  ns *= script->slower_from_ns && script->now_ns >= script->slower_from_ns ? 2 : 1;
  scripted_record(script, number, command);
  block.outcome.elapsed_ns = ns < 1 ? 1 : (uint64_t)ns;
  block.outcome.first_wrong = CORPUS_NONE;
  script->now_ns += block.outcome.elapsed_ns + 20000;
  subject->latencies += command->latency ? command->count : 0;
  if (script->stop)
    block.event = EVENT_NONE;
  if (at == subject->breaks_at) {
    block.event = subject->breaks_by;
    block.token = subject->breaks_on;
    snprintf(block.why, sizeof block.why, "broke in block %u", at);
  }
  if (at == subject->wrong_at) {
    block.outcome.wrong = 2;
    block.outcome.first_wrong = 7;
    block.outcome.wrong_reason = REASON_SIGNATURE_INVALID;
  }
  block.outcome.put_aside = subject->disturbed_at && at >= subject->disturbed_at &&
                            at < subject->disturbed_at + subject->disturbed_times;
  if (block.outcome.put_aside)
    block.outcome.elapsed_ns *= 10;
  return block;
}

static inline void scripted_discard(void *arg, unsigned number) {
  ((struct scripted *)arg)->subjects[number].latencies = 0;
}

static inline bool scripted_collect(void *arg, unsigned number, struct hist *into, struct assay_error *why) {
  struct scripted_subject *subject = &((struct scripted *)arg)->subjects[number];
  (void)why;
  for (uint64_t i = 0; i < subject->latencies; i++)
    hist_record(into, (uint64_t)subject->launch_ns);
  return true;
}

static inline uint64_t scripted_now(void *arg) {
  return ((struct scripted *)arg)->now_ns;
}

static inline struct runner scripted_runner(struct scripted *script) {
  return (struct runner){.arg = script,
                         .count = script->count,
                         .prepare = scripted_prepare,
                         .run_block = scripted_run,
                         .discard = scripted_discard,
                         .collect = scripted_collect,
                         .now_ns = scripted_now};
}

#endif
