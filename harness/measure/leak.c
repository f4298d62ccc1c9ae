#include "harness/measure/leak.h"

#include <math.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/base/random.h"

#define BLOCK 64 /* operations: a hand-over costs a few of them */
#define LEAD 32

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

static bool time_block(struct subject *subject, const struct leak_plan *plan, int class, uint32_t start,
                       struct hist *into, struct assay_error *error) {
  struct control_command command = {.kind = COMMAND_BLOCK,
                                    .block = BLOCK_VERIFY,
                                    .cpu = plan->cpu,
                                    .threads = 1,
                                    .list_at = plan->list_at[class],
                                    .list_len = plan->list_len,
                                    .start = start % plan->list_len,
                                    .count = BLOCK,
                                    .lead = LEAD,
                                    .latency = 1,
                                    .alg = ASSAY_HS256};
  hist_reset(&subject->control->hist);
  enum subject_event event = subject_do(subject, &command, plan->stop);
  if (event == EVENT_NONE)
    return false;
  if (event != EVENT_DONE)
    return error_set(error, "%s cannot be timed: %s", subject->spec.label,
                     event == EVENT_ERROR ? subject->error.text : subject->last_cause);
  if (subject->control->reply.wrong)
    return error_set(error, "%s did not answer signature.invalid while it was timed", subject->spec.label);
  hist_merge(into, &subject->control->hist);
  return true;
}

bool leak_measure(struct subject *subject, const struct leak_plan *plan, struct hist *hists,
                  struct assay_error *error) {
  uint64_t random = plan->order_seed, from = clock_ns();
  uint64_t deadline = from + (uint64_t)(plan->budget_s * 1e9);
  for (int class = 0; class < LEAK_CLASSES; class ++)
    hist_reset(&hists[class]);
  for (uint32_t round = 0; hists[0].total < plan->samples && clock_ns() < deadline; round++) {
    unsigned order[LEAK_CLASSES];
    random_order(&random, order, LEAK_CLASSES);
    uint32_t start = (uint32_t)random_next(&random);
    if (round % 64 == 0)
      plan->progress(plan->arg, subject->spec.label, (double)hists[0].total / (double)plan->samples);
    for (int i = 0; i < LEAK_CLASSES; i++)
      if (!time_block(subject, plan, (int)order[i], start, &hists[order[i]], error))
        return false;
  }
  return true;
}
