/* More than one thread against one: blocks take turns while the host sleeps, and nothing is pinned, as in a
 * server. Each thread has a context of its own, since no library lets threads share one; keys are each
 * thread's own, and in a second row one for all, where the backend has the variant that shares them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/backend.h"
#include "harness/measurements/measurement.h"
#include "harness/measurements/scaling.h"

#define ROUNDS_LEAST 3
#define COUNTS_MAX 8

/* 1, 2, 4 .. and the largest that was asked for. */
static unsigned counts_of(const struct job *job, unsigned *counts) {
  unsigned most = job->options->threads, n = 0;
  for (unsigned threads = 1; threads < most && n < COUNTS_MAX - 1; threads *= 2)
    counts[n++] = threads;
  counts[n++] = most;
  return n;
}

/* The job's backends, and beside each its variant that shares keys, in workers of their own. */
struct scaling {
  struct job *job;
  const struct cell *cell;
  struct contestants contestants; /* a variant stands behind its owner */
};

/* Whether it is the variant of the one before it. */
static bool is_variant(const struct scaling *scaling, unsigned place) {
  const struct contestant *items = scaling->contestants.items;
  return place > 0 && place < scaling->contestants.count && items[place - 1].owner == items[place].owner;
}

/* One that is without the algorithm has nothing to share in it. */
static bool variant_start(struct scaling *scaling, const struct contestant *plain,
                          struct assay_error *error) {
  struct subject_spec spec = plain->subject.spec;
  snprintf(spec.argument, sizeof spec.argument, "%s", ASSAY_VARIANT_SHARED_KEYS);
  snprintf(spec.label, sizeof spec.label, "%.40s:%s", plain->subject.spec.label, ASSAY_VARIANT_SHARED_KEYS);
  if (!identity_lines_have(&plain->subject.identity.variants, ASSAY_VARIANT_SHARED_KEYS))
    return true;
  const struct contestant *variant =
      contestant_start(&scaling->contestants, plain->owner, &spec, &scaling->job->host, error);
  if (variant && !subject_has_alg(&variant->subject, scaling->cell->alg))
    contestant_end(&scaling->contestants);
  return variant != NULL;
}

static bool subjects_start(struct scaling *scaling, struct assay_error *error) {
  struct job *job = scaling->job;
  for (unsigned s = 0; s < job->subject_count && !stop_asked; s++) {
    if (!measure_has(job, s, scaling->cell) || !subject_has_parts(&job->subjects[s]))
      continue;
    const struct contestant *plain =
        contestant_start(&scaling->contestants, s, &job->subjects[s].spec, &job->host, error);
    if (!plain || !variant_start(scaling, plain, error))
      return false;
  }
  return true;
}

/* One thread is measured with keys of its own only: both ways are the same then. `one` is that series, the
 * first of its owner's, since a plain subject stands before its variant. */
static void series_make(const struct scaling *scaling, const unsigned *counts, unsigned n,
                        struct group *group) {
  const struct control_command command = measure_command(scaling->job, scaling->cell, 0);
  unsigned one = 0;
  for (unsigned s = 0; s < scaling->contestants.count; s++) {
    if (!is_variant(scaling, s))
      one = group->count;
    for (unsigned i = is_variant(scaling, s) ? 1 : 0; i < n; i++)
      scaling_add(group, s, command, counts[i], one);
  }
}

static struct result_scaling *row_of(const struct scaling *scaling, const struct series *series,
                                     enum result_contexts contexts) {
  unsigned owner = scaling->contestants.items[series->subject].owner;
  struct result_scaling *row = scaling_row(scaling->job, scaling->cell, owner, series->tag);
  row->contexts = contexts;
  return row;
}

static void file_series(const struct scaling *scaling, const struct group *group, unsigned place) {
  const struct series *series = &group->series[place];
  const struct contestant *contestant = &scaling->contestants.items[series->subject];
  bool shares = contestant->subject.identity.shares_keys,
       has_variant = is_variant(scaling, series->subject + 1);
  struct series own = *series;
  own.subject = contestant->owner;
  struct result_scaling *row = row_of(scaling, series, shares ? CONTEXTS_SHARED : CONTEXTS_PER_THREAD);
  if (!measure_right(scaling->job, scaling->cell, &own) || !scaling_figures(row, group, place))
    result_set(&row->note, series->missing[0] ? series->missing
                           : series->wrong    ? "void: wrong verdicts"
                                              : "not measured");
  if (series->tag > 1 && !shares && !has_variant)
    result_set(&row_of(scaling, series, CONTEXTS_SHARED)->note, "its keys belong to one thread");
}

static bool scaling_measure(struct scaling *scaling, double budget_s) {
  unsigned counts[COUNTS_MAX], n = counts_of(scaling->job, counts);
  struct group group = scaling_group(budget_s, ROUNDS_LEAST, 0);
  series_make(scaling, counts, n, &group);
  bool ok = measure_run(scaling->job, &scaling->contestants, &group, measure_launches(scaling->job));
  for (unsigned i = 0; i < group.count; i++)
    file_series(scaling, &group, i);
  group_fini(&group);
  return ok;
}

static bool scaling_of(struct job *job, const struct cell *cell, double budget_s, struct assay_error *error) {
  struct scaling scaling = {.job = job, .cell = cell};
  contestants_init(&scaling.contestants, job);
  bool ok = subjects_start(&scaling, error) && !stop_asked && scaling_measure(&scaling, budget_s);
  contestants_fini(&scaling.contestants);
  return ok || stop_asked;
}

static bool measure_scaling_run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, scaling_of, error);
}

const struct measurement measurement_scaling = {
    .name = "scaling",
    .summary = "threads (--threads, default 2) against one: keys of their own, and shared",
    .takes = "45 s",
    .seconds = 40,
    .run = measure_scaling_run,
};
