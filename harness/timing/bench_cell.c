/* The blocks of one cell: calibration, throughput rounds, latency rounds. */
#include <math.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/timing/bench.h"

#define SLOTS_MAX 128 /* arms of a cell: subjects x {verify, primitive} */
#define ROUNDS_LEAST 5
#define TRIM_SHARE 0.02 /* of an arm's blocks, the longest: what else ran on the core */

/* One thing that is run once a round. */
struct slot {
  unsigned subject;
  enum block_kind kind;
  struct samples ns;
  double round_ns; /* of the round at hand; NAN: it did not come to an end */
};

struct rounds {
  struct slot slots[SLOTS_MAX];
  unsigned count;
};

static struct control_command command_of(const struct bench *bench, const struct bench_cell *cell,
                                         enum block_kind kind, uint32_t start, uint32_t count) {
  return (struct control_command){
      .kind = COMMAND_BLOCK,
      .block = kind,
      .cpu = bench->plan.cpu,
      .threads = 1,
      .list_at = cell->list_at,
      .list_len = cell->list_len,
      .start = start % cell->list_len,
      .count = count,
      /* The first tokens after a hand-over pay for another subject's cache lines: half a block goes
       * untimed before each. */
      .lead = (count + 1) / 2,
      .alg = (uint32_t)cell->alg,
      .key_bits = cell->key_bits,
  };
}

static void slots_make(struct bench *bench, unsigned cell, struct rounds *rounds) {
  rounds->count = 0;
  for (unsigned s = 0; s < bench->subject_count; s++) {
    if (!bench_arm(bench, cell, s)->present)
      continue;
    for (int kind = BLOCK_VERIFY; kind <= BLOCK_PRIMITIVE; kind++) {
      if (rounds->count == SLOTS_MAX || (kind == BLOCK_PRIMITIVE && !bench_has_parts(bench, s)))
        continue;
      rounds->slots[rounds->count++] = (struct slot){.subject = s, .kind = (enum block_kind)kind};
    }
  }
}

/* ns per token of one block; NAN where it did not come to an end. */
static double slot_run(struct bench *bench, unsigned cell, const struct slot *slot, uint32_t start,
                       uint32_t count) {
  struct bench_arm *arm = bench_arm(bench, cell, slot->subject);
  struct control_command command = command_of(bench, &bench->cells[cell], slot->kind, start, count);
  if (!arm->present || !block_run(bench, arm, slot->subject, &command))
    return (double)NAN;
  return (double)bench->subjects[slot->subject].outcome.elapsed_ns / count;
}

static uint32_t count_for(double block_ns, double op_ns) {
  double count = op_ns > 0 ? block_ns / op_ns : 1;
  return count < 1 ? 1 : count > 1e6 ? 1000000 : (uint32_t)count;
}

/* Operations of a block, from the fastest arm. Twice: the first pass still meets cold caches. */
static void calibrate(struct bench *bench, unsigned cell, struct rounds *rounds) {
  uint32_t count = 4;
  for (int pass = 0; pass < 2; pass++) {
    double fastest = INFINITY;
    for (unsigned i = 0; i < rounds->count && !bench_stopped(bench); i++) {
      struct slot *slot = &rounds->slots[i];
      double ns = slot_run(bench, cell, slot, 0, count);
      if (isnan(ns) || bench_is_floor(bench, slot->subject))
        continue;
      if (slot->kind == BLOCK_VERIFY)
        bench_arm(bench, cell, slot->subject)->estimate_ns = ns;
      if (ns < fastest)
        fastest = ns;
    }
    count = isinf(fastest) ? 512 : count_for(bench->plan.block_ns, fastest);
  }
  bench->cells[cell].count = count;
}

/* Before the first round of a launch: sessions and prepared tokens are made, branch predictors learn, and
 * libraries that keep tables for keys they have seen (wolfSSL's FP_ECC) build them. */
static void warm_up(struct bench *bench, unsigned cell, const struct rounds *rounds, uint32_t start) {
  const struct bench_cell *c = &bench->cells[cell];
  for (unsigned i = 0; i < rounds->count && !bench_stopped(bench); i++) {
    double each = bench_arm(bench, cell, rounds->slots[i].subject)->estimate_ns;
    uint32_t count = count_for(bench->plan.warm_up_ns, each > 0 ? each : 1e3);
    slot_run(bench, cell, &rounds->slots[i], start, count < c->list_len ? count : c->list_len);
  }
}

static void round_run(struct bench *bench, unsigned cell, struct rounds *rounds, uint32_t start) {
  unsigned order[SLOTS_MAX];
  bench_tell(bench);
  random_order(&bench->random, order, rounds->count);
  for (unsigned i = 0; i < rounds->count; i++)
    rounds->slots[order[i]].round_ns =
        slot_run(bench, cell, &rounds->slots[order[i]], start, bench->cells[cell].count);
  for (unsigned i = 0; i < rounds->count; i++)
    if (!isnan(rounds->slots[i].round_ns))
      samples_add(&rounds->slots[i].ns, rounds->slots[i].round_ns);
}

static const struct slot *slot_of(const struct rounds *rounds, unsigned subject, enum block_kind kind) {
  for (unsigned i = 0; i < rounds->count; i++)
    if (rounds->slots[i].subject == subject && rounds->slots[i].kind == kind)
      return &rounds->slots[i];
  return NULL;
}

static double sum_log(const struct slot *a, const struct slot *b) {
  return log(samples_trimmed_sum(&a->ns, TRIM_SHARE) / samples_trimmed_sum(&b->ns, TRIM_SHARE));
}

/* Both sides had the same rounds, unless one fell out of the cell. */
static void ratio_sample(struct bench_arm *arm, const struct slot *slot, const struct slot *reference) {
  samples_add(&arm->log_ratio, samples_log_ratio(&slot->ns, &reference->ns));
  if (slot->ns.count == reference->ns.count)
    samples_add(&arm->log_sum_ratio, sum_log(slot, reference));
}

static void launch_sample(struct bench *bench, unsigned cell, const struct rounds *rounds) {
  const struct slot *reference =
      bench->reference >= 0 ? slot_of(rounds, (unsigned)bench->reference, BLOCK_VERIFY) : NULL;
  for (unsigned i = 0; i < rounds->count; i++) {
    const struct slot *slot = &rounds->slots[i];
    struct bench_arm *arm = bench_arm(bench, cell, slot->subject);
    if (!arm->present || slot->ns.count == 0)
      continue;
    if (slot->kind == BLOCK_PRIMITIVE) {
      samples_add(&arm->primitive_ns, samples_median(&slot->ns));
      continue;
    }
    samples_add(&arm->verify_ns, samples_median(&slot->ns));
    const struct slot *primitive = slot_of(rounds, slot->subject, BLOCK_PRIMITIVE);
    if (primitive && primitive->ns.count)
      samples_add(&arm->log_of_primitive, samples_log_ratio(&slot->ns, &primitive->ns));
    if (reference && reference->ns.count && bench_arm(bench, cell, reference->subject)->present)
      ratio_sample(arm, slot, reference);
  }
}

void cell_throughput(struct bench *bench, unsigned cell, double budget_s) {
  struct rounds rounds;
  slots_make(bench, cell, &rounds);
  if (rounds.count == 0)
    return;
  if (bench->cells[cell].count == 0)
    calibrate(bench, cell, &rounds);
  uint64_t deadline = clock_ns() + (uint64_t)(budget_s * 1e9);
  uint32_t start = (uint32_t)random_next(&bench->random) % bench->cells[cell].list_len;
  unsigned done = 0;
  warm_up(bench, cell, &rounds, start);
  for (; (done < ROUNDS_LEAST || clock_ns() < deadline) && !bench_stopped(bench); done++) {
    round_run(bench, cell, &rounds, start);
    start += bench->cells[cell].count;
  }
  launch_sample(bench, cell, &rounds);
  if (bench->rounds_least == 0 || done < bench->rounds_least)
    bench->rounds_least = done;
  for (unsigned i = 0; i < rounds.count; i++)
    samples_free(&rounds.slots[i].ns);
}

static void latency_begin(struct bench *bench, unsigned cell) {
  for (unsigned s = 0; s < bench->subject_count; s++) {
    struct bench_arm *arm = bench_arm(bench, cell, s);
    if (!arm->present || bench->subjects[s].state == SUBJECT_DEAD)
      continue;
    if (!arm->latency)
      arm->latency = calloc(1, sizeof *arm->latency);
    subject_latency_reset(&bench->subjects[s]);
  }
}

static void latency_end(struct bench *bench, unsigned cell) {
  for (unsigned s = 0; s < bench->subject_count; s++) {
    struct bench_arm *arm = bench_arm(bench, cell, s);
    if (arm->present && arm->latency && bench->subjects[s].state != SUBJECT_DEAD && !bench_stopped(bench) &&
        !subject_latency_add(&bench->subjects[s], arm->latency))
      arm_drop(bench, arm, s, EVENT_ERROR);
  }
}

/* One latency block for every arm that still lacks samples; false when none does. */
static bool latency_round(struct bench *bench, unsigned cell, uint64_t wanted, uint32_t start) {
  unsigned order[SLOTS_MAX];
  unsigned subjects = bench->subject_count < SLOTS_MAX ? bench->subject_count : SLOTS_MAX;
  bool any = false;
  bench_tell(bench);
  random_order(&bench->random, order, subjects);
  for (unsigned i = 0; i < subjects && !bench_stopped(bench); i++) {
    struct bench_arm *arm = bench_arm(bench, cell, order[i]);
    if (!arm->present || bench->subjects[order[i]].state == SUBJECT_DEAD ||
        subject_latency_samples(&bench->subjects[order[i]]) >= wanted)
      continue;
    struct control_command command =
        command_of(bench, &bench->cells[cell], BLOCK_VERIFY, start, bench->cells[cell].count);
    command.latency = 1;
    any = block_run(bench, arm, order[i], &command) || any;
  }
  return any;
}

void cell_latency(struct bench *bench, unsigned cell, unsigned launch) {
  const struct bench_plan *plan = &bench->plan;
  bool full = bench->cells[cell].full;
  unsigned capped_cells = 0;
  for (unsigned i = 0; i < bench->cell_count; i++)
    capped_cells += !bench->cells[i].full;
  double cap_s = full ? plan->full_cap_s / plan->launches
                      : plan->latency_s / plan->launches / (capped_cells ? capped_cells : 1);
  uint64_t wanted = plan->latency_samples / plan->launches + 1;
  uint64_t deadline = clock_ns() + (uint64_t)(cap_s * 1e9);
  uint32_t start = launch * 7919u;
  if (wanted <= 1 || bench->cells[cell].count == 0)
    return;
  latency_begin(bench, cell);
  while (!bench_stopped(bench) && clock_ns() < deadline && latency_round(bench, cell, wanted, start))
    start += bench->cells[cell].count;
  latency_end(bench, cell);
}
