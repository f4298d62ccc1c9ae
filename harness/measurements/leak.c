#include "harness/measurements/leak.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/random.h"
#include "harness/engine/engine.h"
#include "harness/engine/workers.h"

#define DECK (LEAK_CLASSES * LEAK_TOKENS) /* of a block */
#define LEAD 32

_Static_assert(DECK <= CONTROL_TIMES_MAX, "a block's times have room");

struct moments {
  double count, mean, variance;
};

/* Of the samples below a slot. The first pass finds the mean, the second what lies around it. */
static struct moments moments_below(const struct hist *hist, unsigned end) {
  struct moments of = {0};
  double sum = 0, squares = 0;
  for (unsigned slot = 0; slot < end; slot++) {
    of.count += (double)hist->counts[slot];
    sum += (double)hist->counts[slot] * (double)(hist_slot_low(slot) + hist_slot_high(slot)) / 2;
  }
  of.mean = of.count > 0 ? sum / of.count : 0;
  for (unsigned slot = 0; slot < end; slot++) {
    double from_mean = (double)(hist_slot_low(slot) + hist_slot_high(slot)) / 2 - of.mean;
    squares += (double)hist->counts[slot] * from_mean * from_mean;
  }
  of.variance = of.count > 1 ? squares / (of.count - 1) : 0;
  return of;
}

/* The slot behind the given share of the samples of both. */
static unsigned crop_slot(const struct hist *a, const struct hist *b, double share) {
  double wanted = share * (double)(a->total + b->total), seen = 0;
  unsigned slot = 0;
  while (slot < HIST_SLOTS && seen < wanted) {
    seen += (double)(a->counts[slot] + b->counts[slot]);
    slot++;
  }
  return slot;
}

/* 0 where a class has too few samples to say anything. */
static double welch_t(const struct moments *a, const struct moments *b) {
  if (a->count < 100 || b->count < 100)
    return 0;
  double error = sqrt(a->variance / a->count + b->variance / b->count);
  double difference = a->mean - b->mean;
  if (error > 0)
    return difference / error;
  return difference > 0 ? INFINITY : difference < 0 ? -INFINITY : 0;
}

struct leak_test leak_judge(const struct hist *one, const struct hist *random) {
  static const double crops[] = {1, 0.99, 0.95, 0.9, 0.75, 0.5};
  struct leak_test test = {.crop = 1, .samples = one->total < random->total ? one->total : random->total};
  for (size_t i = 0; i < sizeof crops / sizeof crops[0]; i++) {
    unsigned end = crop_slot(one, random, crops[i]);
    struct moments a = moments_below(one, end), b = moments_below(random, end);
    double t = welch_t(&a, &b);
    if (i > 0 && fabs(t) <= fabs(test.t))
      continue;
    test.t = t;
    test.difference_ns = a.mean - b.mean;
    test.crop = crops[i];
  }
  return test;
}

enum leak_answer leak_answer(const struct leak_test *test, const struct leak_test *noise) {
  double size = fabs(test->t);
  if (size <= LEAK_SUSPECT || size <= LEAK_OVER_NOISE * fabs(noise->t))
    return LEAK_NONE_SEEN;
  return size > LEAK_CERTAIN ? LEAK_FOUND : LEAK_SUSPECTED;
}

/* All cases, as their slice of the lists has them, and the order of the block: of every class every
 * good token once, with one of its wrong MACs. */
struct deck {
  uint32_t cases[LEAK_CASES];
  unsigned order[DECK]; /* class * LEAK_TOKENS + token */
};

static void deal(struct deck *deck, uint32_t *slice, uint64_t *random) {
  random_order(random, deck->order, DECK);
  for (unsigned i = 0; i < DECK; i++) {
    unsigned class = deck->order[i] / LEAK_TOKENS, token = deck->order[i] % LEAK_TOKENS;
    unsigned mac = (unsigned)(random_next(random) % LEAK_MACS);
    slice[i] = deck->cases[(class * LEAK_MACS + mac) * LEAK_TOKENS + token];
  }
}

/* The lead takes the first tokens of the order, so the times begin behind it. */
static void sort_out(const struct deck *deck, const uint32_t *times, struct hist *hists) {
  for (unsigned i = 0; i < DECK; i++)
    hist_record(&hists[deck->order[(LEAD + i) % DECK] / LEAK_TOKENS], times[i]);
}

/* The engine's blocks of a subject, each with an order of its own, and where their times go. */
struct timing {
  struct subject *subject;
  struct runner worker;
  const struct leak_plan *plan;
  struct control_command command; /* of the block at hand */
  struct deck deck;
  uint64_t random;
  struct hist *hists;
};

static bool prepare(void *arg, unsigned number, struct assay_error *why) {
  const struct timing *timing = arg;
  return timing->worker.prepare(timing->worker.arg, number, why);
}

static uint64_t now_ns(void *arg) {
  const struct timing *timing = arg;
  return timing->worker.now_ns(timing->worker.arg);
}

/* What is shorter than a deck warms up, and is not looked at. */
static struct block run_block(void *arg, unsigned number, const struct control_command *command) {
  struct timing *timing = arg;
  struct control_command *own = &timing->command;
  uint32_t slice[DECK], times[DECK];
  *own = *command;
  own->start = 0;
  deal(&timing->deck, slice, &timing->random);
  subject_list_set(timing->subject, timing->plan->list_at, slice, DECK);
  struct block block = timing->worker.run_block(timing->worker.arg, number, own);
  if (block.event == EVENT_DONE && own->count == DECK && own->lead == LEAD) {
    subject_times(timing->subject, times, DECK);
    sort_out(&timing->deck, times, timing->hists);
  }
  return block;
}

static struct group group_of(const struct subject *subject, const struct leak_plan *plan) {
  struct group group = {.budget_s = plan->budget_s,
                        .rounds_least = 1,
                        .rounds_most = (unsigned)((plan->samples + LEAK_TOKENS - 1) / LEAK_TOKENS)};
  const struct control_command command = {.kind = COMMAND_BLOCK,
                                          .block = BLOCK_TIMES,
                                          .cpu = plan->cpu,
                                          .threads = 1,
                                          .list_at = plan->list_at,
                                          .list_len = DECK,
                                          .count = DECK,
                                          .lead = LEAD,
                                          .alg = ASSAY_HS256};
  snprintf(group.what, sizeof group.what, "%s", subject->spec.label);
  group_add(&group, 0, &command)->disturbed_too = true; /* the crops are for that */
  return group;
}

static bool series_holds(const struct subject *subject, const struct series *series,
                         struct assay_error *error) {
  if (series->missing[0])
    return error_set(error, "%s cannot be timed: %s", subject->spec.label, series->missing);
  return series->wrong == 0 ||
         error_set(error, "%s did not answer signature.invalid while it was timed", subject->spec.label);
}

bool leak_measure(struct subject *subject, const struct leak_plan *plan, struct hist *hists,
                  struct assay_error *error) {
  struct workers workers = {&subject, 1, plan->stop};
  struct timing *timing = calloc(1, sizeof *timing); /* large for a stack */
  if (!timing)
    return error_set(error, "no memory");
  *timing = (struct timing){.subject = subject,
                            .worker = workers_runner(&workers),
                            .plan = plan,
                            .random = plan->order_seed,
                            .hists = hists};
  const struct runner runner = {
      .arg = timing, .count = 1, .prepare = prepare, .run_block = run_block, .now_ns = now_ns};
  struct group group = group_of(subject, plan);
  struct engine engine = {.runner = &runner,
                          .groups = &group,
                          .group_count = 1,
                          .launches = 1,
                          .first_is_fresh = true,
                          .random = plan->order_seed,
                          .stop = plan->stop,
                          .progress = plan->progress,
                          .arg = plan->arg};
  memcpy(timing->deck.cases, subject->host->list + plan->list_at, sizeof timing->deck.cases);
  for (int class = 0; class < LEAK_CLASSES; class ++)
    hist_reset(&hists[class]);
  bool ok = engine_run(&engine) && series_holds(subject, &group.series[0], error);
  subject_list_set(subject, plan->list_at, timing->deck.cases, LEAK_CASES);
  group_fini(&group);
  free(timing);
  return ok;
}
