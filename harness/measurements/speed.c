/* What is measured, and how long. */
#include "harness/measurements/speed.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/job/machine.h"
#include "harness/measurements/measurement.h"
#include "harness/measurements/scaling.h"
#include "harness/terminal/progress.h"

/* Short, for the sake of pairing, but not so short that what a hand-over leaves cold shows: with 0.2 ms
 * and Ed25519 a whole verification read 0.97 of the bare primitive, with 0.5 ms and with 4 ms it reads 0.99.
 */
#define BLOCK_NS 500e3
/* Enough for tables that a library keeps for the keys of a cell; those of one cell drive out another's, which is why
 * a cell has all its rounds of a launch at a stretch, and the launches spread them over the run. */
#define WARM_NS 20e6
#define QUICK_WARM_NS 10e6
#define WARM_AGAIN_NS 5e6 /* where others have warmed up in the same processes */
#define ROUNDS_LEAST 5
#define LATENCY_SAMPLES 10200 /* p99.9 with ten samples beyond it */
#define QUICK_LATENCY_SAMPLES 2100
#define FULL_CAP_S 14.0 /* of one cell, in all launches */
#define QUICK_FULL_CAP_S 2.2
#define SCALING_ROUNDS 9
#define QUICK_SCALING_ROUNDS 3
#define EXTRA_ROUNDS 5 /* of key import and contexts, in a launch */

struct group *speed_group(const struct speed *speed, unsigned cell, enum speed_group kind) {
  return &speed->groups[cell * SPEED_GROUPS + (unsigned)kind];
}

struct group *speed_contexts(const struct speed *speed) {
  return &speed->groups[speed->job->cell_count * SPEED_GROUPS];
}

unsigned speed_place(const struct speed *speed, unsigned cell, unsigned subject) {
  return cell * speed->job->subject_count + subject;
}

const struct pair *speed_pair(const struct speed *speed, unsigned cell, unsigned subject,
                              unsigned with_subject, unsigned with_tag) {
  const struct group *group = speed_group(speed, cell, SPEED_TIMES);
  const struct series *of = group_series(group, subject, BLOCK_VERIFY);
  const struct series *with = group_series(group, with_subject, with_tag);
  if (!of || !with)
    return NULL;
  return group_pair_of(group, (unsigned)(of - group->series), (unsigned)(with - group->series));
}

/* ---- groups ---- */

static struct series *add(struct speed *speed, unsigned cell, enum speed_group kind, unsigned subject,
                          unsigned tag) {
  struct group *group = speed_group(speed, cell, kind);
  const struct control_command command = measure_command(speed->job, &speed->job->cells[cell], 0);
  struct series *series = group_add(group, subject, &command);
  series->tag = tag;
  series->arm = speed_place(speed, cell, subject) + 1;
  series->sets_no_length = subject_is_floor(&speed->job->subjects[subject]);
  return series;
}

static void add_threads(struct speed *speed, unsigned cell, unsigned subject) {
  struct group *group = speed_group(speed, cell, SPEED_THREADS);
  const struct control_command command = measure_command(speed->job, &speed->job->cells[cell], 0);
  unsigned one = scaling_add(group, subject, command, 1, group->count);
  unsigned many = scaling_add(group, subject, command, speed->job->options->threads, one);
  group->series[one].arm = group->series[many].arm = speed_place(speed, cell, subject) + 1;
}

static void add_latency(struct speed *speed, unsigned cell, unsigned subject) {
  struct series *series = add(speed, cell, SPEED_LATENCIES, subject, 0);
  series->command.latency = 1;
  series->disturbed_too = true; /* a caller would wait as long */
}

static void add_subject(struct speed *speed, unsigned cell, unsigned subject) {
  const struct cell *of = &speed->job->cells[cell];
  add(speed, cell, SPEED_TIMES, subject, BLOCK_VERIFY);
  add_latency(speed, cell, subject);
  if (!subject_has_parts(&speed->job->subjects[subject]))
    return;
  add(speed, cell, SPEED_TIMES, subject, BLOCK_PRIMITIVE)->command.block = BLOCK_PRIMITIVE;
  if (of->main)
    add(speed, cell, SPEED_IMPORTS, subject, 0)->command.block = BLOCK_KEY_IMPORT;
  if (of->full && speed->job->options->threads > 1)
    add_threads(speed, cell, subject);
}

/* The floor is measured in the first cell only; that it is not in the others is no gap. */
static const char *why_absent(const struct job *job, unsigned cell, unsigned subject) {
  if (!subject_has_alg(&job->subjects[subject], job->cells[cell].alg))
    return "not in this library";
  if (cell_is_refused(&job->cells[cell], subject))
    return "refuses these tokens";
  return subject_is_floor(&job->subjects[subject]) && cell != 0 ? "" : NULL;
}

static void pairs_make(const struct speed *speed, unsigned cell) {
  struct group *group = speed_group(speed, cell, SPEED_TIMES);
  const int reference = speed->job->reference;
  for (unsigned of = 0; of < group->count; of++)
    for (unsigned with = 0; with < group->count && group->series[of].tag == BLOCK_VERIFY; with++) {
      const struct series *other = &group->series[with];
      if ((other->tag == BLOCK_PRIMITIVE && other->subject == group->series[of].subject) ||
          (other->tag == BLOCK_VERIFY && (int)other->subject == reference))
        group_pair(group, of, with);
    }
}

static void contexts_make(struct speed *speed) {
  struct group *group = speed_contexts(speed);
  for (unsigned s = 0; s < speed->job->subject_count; s++) {
    struct control_command command = measure_command(speed->job, &speed->job->cells[0], 0);
    command.block = BLOCK_CONTEXT;
    command.list_len = 1;
    if (subject_has_parts(&speed->job->subjects[s]))
      group_add(group, s, &command);
  }
}

/* ---- the anchor ---- */

static bool can_anchor(const struct job *job, unsigned cell, unsigned subject) {
  return job->cells[cell].full && subject_has_alg(&job->subjects[subject], job->cells[cell].alg) &&
         !cell_is_refused(&job->cells[cell], subject) && !subject_is_floor(&job->subjects[subject]);
}

static void anchor_add(struct speed *speed, unsigned cell, unsigned subject, enum block_kind block) {
  const struct job *job = speed->job;
  struct control_command command = measure_command(job, &job->cells[cell], 0);
  command.block = block;
  group_add(&speed->anchor.group, subject, &command)->arm = speed_place(speed, cell, subject) + 1;
  const char *label = job->subjects[subject].spec.label, *alg = assay_alg_name(job->cells[cell].alg);
  const char *before = speed->anchor_words, *and = before[0] ? " and " : "";
  if (subject_is_floor(&job->subjects[subject]))
    result_set(&speed->anchor_words, label);
  else
    result_printf(&speed->anchor_words, "%s%sthe %s %s of %s", before, and, alg,
                  block == BLOCK_PRIMITIVE ? "primitive" : "verification", label);
}

static bool is_hmac(const struct cell *cell) {
  return assay_alg_info(cell->alg)->family == FAMILY_HMAC;
}

static bool anchor_add_one(struct speed *speed, bool hmac) {
  const struct job *job = speed->job;
  unsigned first = job->reference < 0 ? 0 : (unsigned)job->reference;
  for (unsigned i = 0; i < job->subject_count; i++)
    for (unsigned cell = 0; cell < job->cell_count; cell++) {
      unsigned subject = (first + i) % job->subject_count;
      if (!can_anchor(job, cell, subject) || is_hmac(&job->cells[cell]) != hmac)
        continue;
      anchor_add(speed, cell, subject,
                 subject_has_parts(&job->subjects[subject]) ? BLOCK_PRIMITIVE : BLOCK_VERIFY);
      return true;
    }
  return false;
}

/* The reference's, or that of the first that can; a primitive rather than a whole verification, and no HMAC where
 * there is another: it is so short that what the caches hold weighs more than how fast the machine is. */
static void anchor_add_subject(struct speed *speed) {
  if (!anchor_add_one(speed, false))
    anchor_add_one(speed, true);
}

static void anchor_fill(struct speed *speed) {
  anchor_make(&speed->anchor, BLOCK_NS, WARM_AGAIN_NS);
  result_set(&speed->anchor_words, "");
  for (unsigned s = 0; s < speed->job->subject_count; s++)
    if (subject_is_floor(&speed->job->subjects[s]))
      anchor_add(speed, 0, s, BLOCK_VERIFY);
  anchor_add_subject(speed);
}

static unsigned capped_cells(const struct job *job) {
  unsigned count = 0;
  for (unsigned i = 0; i < job->cell_count; i++)
    count += !job->cells[i].full;
  return count ? count : 1;
}

/* Of key import and contexts, which are compared with nothing. */
static struct group extra_group(const char *what) {
  struct group group = measure_group(what, 0, BLOCK_NS, 0, EXTRA_ROUNDS);
  group.rounds_most = EXTRA_ROUNDS;
  group.own_lengths = true;
  return group;
}

static void cell_groups(struct speed *speed, unsigned cell) {
  const struct job_options *options = speed->job->options;
  const struct cell *of = &speed->job->cells[cell];
  const char *name = assay_alg_name(of->alg);
  double latency_s = of->full ? (options->quick ? QUICK_FULL_CAP_S : FULL_CAP_S)
                              : options->latency_s / capped_cells(speed->job);
  struct group *times = speed_group(speed, cell, SPEED_TIMES);
  struct group *latencies = speed_group(speed, cell, SPEED_LATENCIES);
  *times = measure_group(name, options->seconds / speed->job->cell_count, BLOCK_NS,
                         options->quick ? QUICK_WARM_NS : WARM_NS, ROUNDS_LEAST);
  *latencies = measure_group(name, latency_s, BLOCK_NS, WARM_AGAIN_NS, 1);
  *speed_group(speed, cell, SPEED_IMPORTS) = extra_group(name);
  *speed_group(speed, cell, SPEED_THREADS) = scaling_group(0, 1, 1);
  latencies->latencies = options->quick ? QUICK_LATENCY_SAMPLES : LATENCY_SAMPLES;
  for (unsigned s = 0; s < speed->job->subject_count; s++) {
    unsigned place = speed_place(speed, cell, s);
    speed->absent[place] = why_absent(speed->job, cell, s);
    if (!speed->absent[place])
      add_subject(speed, cell, s);
  }
  pairs_make(speed, cell);
}

/* ---- the run ---- */

/* Those that are compared with the reference: all but its own, the floor's, and those with a wrong verdict.
 */
static const struct samples *compared(const struct speed *speed, unsigned cell, unsigned subject) {
  const struct job *job = speed->job;
  if (job->reference < 0 || (int)subject == job->reference || subject_is_floor(&job->subjects[subject]) ||
      speed_wrong(speed, cell, subject, NULL) > 0)
    return NULL;
  const struct pair *pair = speed_pair(speed, cell, subject, (unsigned)job->reference, BLOCK_VERIFY);
  return pair ? &pair->log_ratio : NULL;
}

/* Fills in what is compared; returns how much. */
static unsigned comparisons(struct speed *speed) {
  unsigned count = 0;
  for (unsigned cell = 0; cell < speed->job->cell_count; cell++)
    for (unsigned s = 0; s < speed->job->subject_count; s++) {
      struct claim *claim = &speed->claims[speed_place(speed, cell, s)];
      claim->samples = compared(speed, cell, s);
      count += claim->samples != NULL;
    }
  return count;
}

static void finding(void *arg, unsigned subject, enum subject_event event, uint32_t token, const char *why) {
  (void)why;
  job_file_event(arg, subject, event, token);
}

static bool speed_make(struct speed *speed, struct assay_error *error) {
  struct job *job = speed->job;
  size_t places = (size_t)job->cell_count * job->subject_count + 1;
  unsigned groups = job->cell_count * SPEED_GROUPS + 1;
  speed->groups = calloc(groups, sizeof *speed->groups);
  speed->claims = calloc(places, sizeof *speed->claims);
  speed->absent = calloc(places, sizeof *speed->absent);
  if (!speed->groups || !speed->claims || !speed->absent)
    return error_set(error, "no memory for %u cells", job->cell_count);
  for (unsigned cell = 0; cell < job->cell_count; cell++)
    cell_groups(speed, cell);
  *speed_contexts(speed) = extra_group("contexts");
  contexts_make(speed);
  speed->engine.groups = speed->groups;
  speed->engine.group_count = groups;
  anchor_fill(speed);
  speed->engine.anchor = &speed->anchor;
  return true;
}

static void speed_fini(struct speed *speed) {
  for (unsigned i = 0; speed->groups && i < speed->engine.group_count; i++)
    group_fini(&speed->groups[i]);
  anchor_fini(&speed->anchor);
  free(speed->groups);
  free(speed->claims);
  free(speed->absent);
}

/* So many rounds in all launches together, or a few more. */
static void threads_rounds(struct speed *speed) {
  unsigned rounds = speed->job->options->quick ? QUICK_SCALING_ROUNDS : SCALING_ROUNDS;
  for (unsigned cell = 0; cell < speed->job->cell_count; cell++) {
    struct group *group = speed_group(speed, cell, SPEED_THREADS);
    group->rounds_least = group->rounds_most = (rounds + speed->engine.launches - 1) / speed->engine.launches;
  }
}

static bool speed_run(struct speed *speed, struct assay_error *error) {
  struct job *job = speed->job;
  struct workers workers = {.stop = &stop_asked};
  struct runner runner = measure_runner(job, &workers);
  struct engine *engine = &speed->engine;
  engine->runner = &runner;
  engine->launches =
      job->options->launches ? job->options->launches : launches_needed(comparisons(speed), BENCH_LEVEL);
  engine->first_is_fresh = true;
  engine->random = job->result->run.order_seed =
      job->options->order_seed ? job->options->order_seed : clock_ns();
  engine->stop = &stop_asked;
  engine->progress = progress_show;
  engine->finding = finding;
  engine->arg = job;
  threads_rounds(speed);
  progress_begin();
  bool complete = engine_run(engine);
  progress_end();
  measure_runner_fini(&workers);
  comparisons(speed);
  claims_judge(speed->claims, job->cell_count * job->subject_count, BENCH_LEVEL);
  speed_file(speed);
  return complete ? measure_allocations(job, error) : !stop_asked;
}

bool measure_speed(struct job *job, struct assay_error *error) {
  struct speed speed = {.job = job};
  bool ok = speed_make(&speed, error) && speed_run(&speed, error);
  speed_fini(&speed);
  return ok;
}
