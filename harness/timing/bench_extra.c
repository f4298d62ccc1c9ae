/* What is measured apart from verification: key import, context set-up, more than one thread. */
#include <math.h>
#include <stdio.h>

#include "harness/base/random.h"
#include "harness/timing/bench.h"

#define EXTRA_ROUNDS 5
#define EXTRA_BLOCK_NS 500e3
#define SCALING_BLOCK_NS 25e6

/* ns per operation: the median of a few blocks whose length a first one sets. */
static double operation_ns(struct bench *bench, struct bench_arm *arm, unsigned subject,
                           struct control_command command) {
  struct samples ns = {0};
  command.count = 2;
  for (int i = 0; i <= EXTRA_ROUNDS && !bench_stopped(bench); i++) {
    if (!block_run(bench, arm, subject, &command))
      break;
    const struct outcome *outcome = &bench->subjects[subject].outcome;
    double each = (double)outcome->elapsed_ns / command.count;
    if (i == 0) {
      double count = EXTRA_BLOCK_NS / (each > 1 ? each : 1);
      command.count = count < 1 ? 1 : count > 1e5 ? 100000 : (uint32_t)count;
      command.lead = 1;
    } else {
      samples_add(&ns, each);
    }
  }
  double median = samples_median(&ns);
  samples_free(&ns);
  return median;
}

void cell_key_import(struct bench *bench, unsigned cell) {
  const struct bench_cell *c = &bench->cells[cell];
  unsigned order[256] = {0};
  random_order(&bench->random, order, bench->subject_count);
  for (unsigned i = 0; i < bench->subject_count && !bench_stopped(bench); i++) {
    struct bench_arm *arm = bench_arm(bench, cell, order[i]);
    if (!arm->present || !bench_has_parts(bench, order[i]))
      continue;
    struct control_command command = {.kind = COMMAND_BLOCK,
                                      .block = BLOCK_KEY_IMPORT,
                                      .cpu = bench->plan.cpu,
                                      .threads = 1,
                                      .list_at = c->list_at,
                                      .list_len = c->list_len,
                                      .alg = (uint32_t)c->alg,
                                      .key_bits = c->key_bits};
    double ns = operation_ns(bench, arm, order[i], command);
    if (!isnan(ns))
      samples_add(&arm->key_import_ns, ns);
  }
}

void bench_context(struct bench *bench) {
  for (unsigned s = 0; s < bench->subject_count && !bench_stopped(bench); s++) {
    struct bench_arm scratch = {.present = true};
    struct control_command command = {
        .kind = COMMAND_BLOCK, .block = BLOCK_CONTEXT, .cpu = bench->plan.cpu, .threads = 1, .list_len = 1};
    if (!bench_has_parts(bench, s) || bench->subjects[s].state == SUBJECT_DEAD)
      continue;
    double ns = operation_ns(bench, &scratch, s, command);
    if (!isnan(ns))
      samples_add(&bench->context_ns[s], ns);
  }
}

/* Tokens per second of a block on that many threads; NAN where it failed. Nothing is pinned: the scheduler
 * places threads as it would in a server, and the host sleeps meanwhile. */
static double threads_per_s(struct bench *bench, unsigned cell, unsigned subject, unsigned threads,
                            uint32_t count) {
  const struct bench_cell *c = &bench->cells[cell];
  struct bench_arm *arm = bench_arm(bench, cell, subject);
  struct control_command command = {.kind = COMMAND_BLOCK,
                                    .block = BLOCK_VERIFY,
                                    .cpu = -1,
                                    .threads = threads,
                                    .list_at = c->list_at,
                                    .list_len = c->list_len,
                                    .start = (uint32_t)random_next(&bench->random) % c->list_len,
                                    .count = count,
                                    .lead = (count + 15) / 16};
  if (!block_run(bench, arm, subject, &command))
    return (double)NAN;
  return bench->subjects[subject].outcome.tokens_per_s;
}

static void scale_one(struct bench *bench, unsigned cell, unsigned subject) {
  struct bench_arm *arm = bench_arm(bench, cell, subject);
  unsigned threads = bench->plan.threads;
  double each = samples_median(&arm->verify_ns);
  uint32_t count = isnan(each) ? 1 : (uint32_t)(SCALING_BLOCK_NS / each) + 1;
  threads_per_s(bench, cell, subject, threads, 1); /* opens the sessions of the threads */
  for (unsigned pair = 0; pair < bench->plan.scaling_pairs && arm->present && !bench_stopped(bench); pair++) {
    bool one_first = pair % 2 == 0;
    double first = threads_per_s(bench, cell, subject, one_first ? 1 : threads, count);
    double second = threads_per_s(bench, cell, subject, one_first ? threads : 1, count);
    double one = one_first ? first : second, many = one_first ? second : first;
    if (isnan(one) || isnan(many))
      return;
    samples_add(&arm->one_thread_per_s, one);
    samples_add(&arm->threads_per_s, many);
    samples_add(&arm->scaling_ratio, many / one);
  }
}

void cell_scaling(struct bench *bench, unsigned cell) {
  for (unsigned s = 0; s < bench->subject_count && !bench_stopped(bench); s++)
    if (bench_arm(bench, cell, s)->present && bench_has_parts(bench, s) &&
        bench->subjects[s].state != SUBJECT_DEAD)
      scale_one(bench, cell, s);
}
