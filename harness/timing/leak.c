#include "harness/timing/leak.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/random.h"

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

static bool time_block(struct subject *subject, const struct leak_plan *plan, struct assay_error *error) {
  struct control_command command = {.kind = COMMAND_BLOCK,
                                    .block = BLOCK_TIMES,
                                    .cpu = plan->cpu,
                                    .threads = 1,
                                    .list_at = plan->list_at,
                                    .list_len = DECK,
                                    .count = DECK,
                                    .lead = LEAD,
                                    .alg = ASSAY_HS256};
  enum subject_event event = subject_do(subject, &command, plan->stop);
  if (event == EVENT_NONE)
    return false;
  if (event != EVENT_DONE)
    return error_set(error, "%s cannot be timed: %s", subject->spec.label,
                     event == EVENT_ERROR ? subject->error.text : subject->last_cause);
  if (subject->outcome.wrong)
    return error_set(error, "%s did not answer signature.invalid while it was timed", subject->spec.label);
  return true;
}

bool leak_measure(struct subject *subject, const struct leak_plan *plan, struct hist *hists,
                  struct assay_error *error) {
  uint32_t slice[DECK], times[DECK];
  uint64_t random = plan->order_seed, deadline = clock_ns() + (uint64_t)(plan->budget_s * 1e9);
  static struct deck deck; /* large for a stack */
  bool ok = true;
  memcpy(deck.cases, subject->host->list + plan->list_at, sizeof deck.cases);
  for (int class = 0; class < LEAK_CLASSES; class ++)
    hist_reset(&hists[class]);
  for (uint32_t block = 0; ok && hists[0].total < plan->samples && clock_ns() < deadline; block++) {
    if (block % 64 == 0)
      plan->progress(plan->arg, subject->spec.label, (double)hists[0].total / (double)plan->samples);
    deal(&deck, slice, &random);
    subject_list_set(subject, plan->list_at, slice, DECK);
    ok = time_block(subject, plan, error);
    if (ok) {
      subject_times(subject, times, DECK);
      sort_out(&deck, times, hists);
    }
  }
  subject_list_set(subject, plan->list_at, deck.cases, LEAK_CASES);
  return ok;
}
