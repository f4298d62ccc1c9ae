/* The order of a measurement, and what all its blocks share. */
#include "harness/timing/bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/base/random.h"

bool bench_stopped(const struct bench *bench) {
  return bench->stop && *bench->stop;
}

void arm_drop(struct bench *bench, struct bench_arm *arm, unsigned subject, enum subject_event event) {
  struct subject *s = &bench->subjects[subject];
  arm->present = false;
  if (event == EVENT_ERROR)
    snprintf(arm->missing, sizeof arm->missing, "%.150s", s->error.text);
  else
    snprintf(arm->missing, sizeof arm->missing, "%s: %s", event == EVENT_CRASH ? "crashed" : "hung",
             s->last_cause);
  if (bench->finding)
    bench->finding(bench->arg, subject, event, s->last_token);
}

bool block_run(struct bench *bench, struct bench_arm *arm, unsigned subject,
               const struct control_command *command) {
  struct subject *s = &bench->subjects[subject];
  if (s->state == SUBJECT_DEAD) {
    arm->present = false;
    snprintf(arm->missing, sizeof arm->missing, "%.150s",
             s->error.text[0] ? s->error.text : "its worker could not be started again");
    return false;
  }
  uint64_t from = clock_ns();
  enum subject_event event = subject_do(s, command, bench->stop);
  bench->done_s += (double)(clock_ns() - from) / 1e9;
  if (event == EVENT_NONE)
    return false;
  if (event != EVENT_DONE) {
    arm_drop(bench, arm, subject, event);
    return false;
  }
  const struct outcome *outcome = &s->outcome;
  uint32_t threads = command->threads > 1 ? command->threads : 1;
  arm->operations += (uint64_t)command->count * threads;
  if (outcome->wrong > 0 && arm->wrong == 0) {
    arm->first_wrong = outcome->first_wrong;
    arm->wrong_reason = (uint16_t)outcome->wrong_reason;
  }
  arm->wrong += outcome->wrong;
  if (outcome->arena_high_water_bytes > bench->arena_high_water_bytes)
    bench->arena_high_water_bytes = outcome->arena_high_water_bytes;
  return true;
}

/* Which subjects have something to do in a cell; the floor is measured in the first cell only. */
static void arms_mark(struct bench *bench) {
  for (unsigned cell = 0; cell < bench->cell_count; cell++)
    for (unsigned s = 0; s < bench->subject_count; s++) {
      struct bench_arm *arm = bench_arm(bench, cell, s);
      arm->first_wrong = CORPUS_NONE;
      arm->present = subject_has_alg(&bench->subjects[s], bench->cells[cell].alg);
      if (!arm->present)
        snprintf(arm->missing, sizeof arm->missing, "not in this library");
      else if (bench->cells[cell].refused_by & UINT64_C(1) << s) {
        arm->present = false;
        snprintf(arm->missing, sizeof arm->missing, "refuses these tokens");
      } else if (bench_is_floor(bench, s) && cell != 0)
        arm->present = false;
    }
}

bool bench_init(struct bench *bench, struct assay_error *error) {
  bench->arms = calloc((size_t)bench->cell_count * bench->subject_count + 1, sizeof *bench->arms);
  bench->context_ns = calloc(bench->subject_count + 1, sizeof *bench->context_ns);
  if (!bench->arms || !bench->context_ns)
    return error_set(error, "no memory for %u cells", bench->cell_count);
  bench->random = bench->plan.order_seed;
  bench->rounds_least = 0;
  bench->done_s = 0;
  arms_mark(bench);
  return true;
}

static void arm_free(struct bench_arm *arm) {
  struct samples *lists[] = {&arm->verify_ns,        &arm->primitive_ns,  &arm->key_import_ns,
                             &arm->log_of_primitive, &arm->log_ratio,     &arm->log_sum_ratio,
                             &arm->one_thread_per_s, &arm->threads_per_s, &arm->scaling_ratio};
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
    samples_free(lists[i]);
  free(arm->latency);
}

void bench_fini(struct bench *bench) {
  for (unsigned i = 0; bench->arms && i < bench->cell_count * bench->subject_count; i++)
    arm_free(&bench->arms[i]);
  for (unsigned i = 0; bench->context_ns && i < bench->subject_count; i++)
    samples_free(&bench->context_ns[i]);
  free(bench->arms);
  free(bench->context_ns);
  bench->arms = NULL;
  bench->context_ns = NULL;
}

void bench_tell(struct bench *bench) {
  if (!bench->progress)
    return;
  double share = bench->expected_s > 0 ? bench->done_s / bench->expected_s : 0;
  bench->progress(bench->arg, bench->what, share < 0.99 ? share : 0.99);
}

/* Time for the progress line only: budgets, and the latency of full cells as their calibration suggests. */
static void expect_time(struct bench *bench) {
  const struct bench_plan *plan = &bench->plan;
  double expected = plan->throughput_s * 1.1 + plan->latency_s;
  for (unsigned cell = 0; cell < bench->cell_count; cell++) {
    double full = 0;
    for (unsigned s = 0; s < bench->subject_count && bench->cells[cell].full; s++) {
      const struct bench_arm *arm = bench_arm(bench, cell, s);
      full += arm->present ? arm->estimate_ns * (double)plan->latency_samples / 1e9 : 0;
    }
    expected += full < plan->full_cap_s ? full : plan->full_cap_s;
    if (bench->cells[cell].scaling && plan->threads > 1)
      expected += bench->subject_count * plan->scaling_pairs * 0.05;
  }
  if (expected > bench->expected_s)
    bench->expected_s = expected;
}

/* False: no subject is left. */
static bool relaunch_all(struct bench *bench) {
  bool any = false;
  for (unsigned s = 0; s < bench->subject_count; s++) {
    struct subject *subject = &bench->subjects[s];
    if (subject->state == SUBJECT_DEAD)
      continue;
    if (subject_relaunch(subject, &subject->error))
      any = true;
    else if (bench->finding)
      bench->finding(bench->arg, s, EVENT_ERROR, CORPUS_NONE);
  }
  return any;
}

static void launch(struct bench *bench, unsigned number) {
  unsigned order[256] = {0};
  const struct bench_plan *plan = &bench->plan;
  double cell_s = plan->throughput_s / plan->launches / bench->cell_count;
  random_order(&bench->random, order, bench->cell_count);
  for (unsigned i = 0; i < bench->cell_count && !bench_stopped(bench); i++) {
    const struct bench_cell *cell = &bench->cells[order[i]];
    snprintf(bench->what, sizeof bench->what, "launch %u of %u, %s", number + 1, plan->launches,
             assay_alg_name(cell->alg));
    expect_time(bench);
    bench_tell(bench);
    cell_throughput(bench, order[i], cell_s);
    cell_latency(bench, order[i], number);
    if (cell->main)
      cell_key_import(bench, order[i]);
  }
  if (!bench_stopped(bench))
    bench_context(bench);
}

bool bench_run(struct bench *bench) {
  for (unsigned i = 0; i < bench->plan.launches && !bench_stopped(bench); i++) {
    if (i > 0 && !relaunch_all(bench))
      break;
    launch(bench, i);
  }
  for (unsigned cell = 0; cell < bench->cell_count && bench->plan.threads > 1 && !bench_stopped(bench);
       cell++)
    if (bench->cells[cell].scaling) {
      snprintf(bench->what, sizeof bench->what, "threads");
      bench_tell(bench);
      cell_scaling(bench, cell);
    }
  return !bench_stopped(bench);
}
