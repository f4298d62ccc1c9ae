/* Who carries out the blocks of a measurement: worker processes (workers.h), or what a test has written down.
 * Subjects are numbers here; whose they are is the caller's affair. Threads: one. */
#ifndef ASSAY_ENGINE_RUNNER_H
#define ASSAY_ENGINE_RUNNER_H

#include "harness/subject/subject.h"

/* What came of one block. Times are asked for by block_ns, so that none can be read of a block that has
 * none. */
struct block {
  enum subject_event event; /* EVENT_DONE: measured; EVENT_NONE: interrupted; else the subject fell out */
  struct outcome outcome;   /* of EVENT_DONE */
  uint32_t count;           /* operations, of each thread */
  uint32_t token;           /* the one in flight when it fell out; CORPUS_NONE: not known */
  char why[160];            /* it did: the cause, without the subject's name */
};

/* Nanoseconds an operation. Of a block that was not measured it ends the program: there is no such number,
 * and one that stood for it would find its way into a figure. */
double block_ns(const struct block *block);

struct runner {
  void *arg;
  unsigned count; /* subjects, numbered from 0 */
  /* A fresh process for the subject. False and a sentence: it cannot be had, now or later. */
  bool (*prepare)(void *arg, unsigned subject, struct assay_error *why);
  struct block (*run_block)(void *arg, unsigned subject, const struct control_command *command);
  /* Forgets the latencies that the subject's blocks have left so far; then, adds those since to a histogram.
   * False and a sentence where they cannot be those of so many operations. */
  void (*discard)(void *arg, unsigned subject);
  bool (*collect)(void *arg, unsigned subject, struct hist *into, struct assay_error *why);
  uint64_t (*now_ns)(void *arg);
};

#endif
