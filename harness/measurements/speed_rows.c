/* The measurement's figures as result rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/measurements/measurement.h"
#include "harness/measurements/scaling.h"
#include "harness/measurements/speed.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"
#include "reports/text/tally.h"

static const struct samples none;

static double percentile(struct result_speed *row, const struct hist *hist, const char *field, double share) {
  if (hist && (double)hist->total * (1 - share) >= HIST_BEYOND)
    return (double)hist_percentile(hist, share);
  speed_add_missing(row, field, hist ? "too few samples" : "not measured");
  return (double)NAN;
}

static struct result_speed *row_of(const struct speed *speed, unsigned cell, unsigned subject,
                                   enum result_metric metric) {
  return measure_row(speed->job, &speed->job->cells[cell], subject, metric);
}

/* The reference's own ratio is 1 by definition. */
static void file_ratio(const struct speed *speed, struct result_speed *row, unsigned cell, unsigned subject) {
  const struct job *job = speed->job;
  const struct pair *pair =
      job->reference >= 0 ? speed_pair(speed, cell, subject, (unsigned)job->reference, BLOCK_VERIFY) : NULL;
  const struct claim *claim = &speed->claims[speed_place(speed, cell, subject)];
  if (!pair || pair->log_ratio.count == 0)
    return;
  row->ratio = exp(-samples_median(&pair->log_ratio));
  if ((int)subject == job->reference)
    return;
  row->ratio_low = exp(-claim->high);
  row->ratio_high = exp(-claim->low);
  row->resolved = claim->resolved;
  if (isnan(claim->low))
    speed_add_missing(row, "ratio_low", "too few launches");
}

static void file_histogram(struct result_histogram *histogram, const struct hist *latency) {
  histogram->min_ns = latency->min_ns;
  histogram->max_ns = latency->max_ns;
  histogram->sum_ns = latency->sum_ns;
  for (unsigned slot = 0; slot < HIST_SLOTS; slot++)
    if (latency->counts[slot])
      histogram_add_slot(histogram, hist_slot_low(slot), latency->counts[slot]);
}

static void file_latency(const struct speed *speed, struct result_speed *row, unsigned cell,
                         unsigned subject) {
  const struct series *series = group_series(speed_group(speed, cell, SPEED_LATENCIES), subject, 0);
  const struct hist *latency = series ? series->latency : NULL;
  row->p50_ns = percentile(row, latency, "p50_ns", 0.5);
  row->p90_ns = percentile(row, latency, "p90_ns", 0.9);
  row->p99_ns = percentile(row, latency, "p99_ns", 0.99);
  row->p999_ns = percentile(row, latency, "p999_ns", 0.999);
  if (latency)
    file_histogram(&row->histogram, latency);
  row->max_ns = latency && latency->total ? (double)latency->max_ns : (double)NAN;
}

/* Why a subject has no figure in a cell; "" where it has. */
static const char *why_missing(const struct speed *speed, unsigned cell, unsigned subject) {
  const char *absent = speed->absent[speed_place(speed, cell, subject)];
  const struct series *verify = group_series(speed_group(speed, cell, SPEED_TIMES), subject, BLOCK_VERIFY);
  if (absent)
    return absent[0] ? absent : "not measured";
  if (verify->missing[0])
    return verify->missing;
  return verify->ns.count ? "" : "not measured";
}

static void file_verify(const struct speed *speed, unsigned cell, unsigned subject) {
  const struct subject *of = &speed->job->subjects[subject];
  const char *why = why_missing(speed, cell, subject);
  if (why[0]) {
    if (!subject_is_floor(of))
      speed_add_missing(row_of(speed, cell, subject, METRIC_VERIFY), "ns", why);
    return;
  }
  const struct group *group = speed_group(speed, cell, SPEED_TIMES);
  const struct series *series = group_series(group, subject, BLOCK_VERIFY);
  const struct pair *bare = speed_pair(speed, cell, subject, subject, BLOCK_PRIMITIVE);
  struct result_speed *row = row_of(speed, cell, subject, METRIC_VERIFY);
  speed_row_time(row, &series->ns, "not measured");
  row->block_operations = group->operations;
  row->verdicts_ok = speed_wrong(speed, cell, subject, NULL) == 0;
  file_latency(speed, row, cell, subject);
  if (bare && bare->log_ratio.count)
    row->of_primitive = exp(-samples_median(&bare->log_ratio));
  else
    speed_add_missing(row, "of_primitive", subject_is_verifier(of) ? "whole" : "has no primitive");
  file_ratio(speed, row, cell, subject);
}

/* Of a group's series of that arm; 0: of all of the subject, which has one arm in it. */
static uint64_t wrong_in(const struct group *group, unsigned subject, unsigned arm,
                         const struct series **first) {
  uint64_t wrong = 0;
  for (unsigned i = 0; i < group->count; i++) {
    const struct series *series = &group->series[i];
    if (series->subject != subject || (arm && series->arm != arm) || series->wrong == 0)
      continue;
    if (first && !*first)
      *first = series;
    wrong += series->wrong;
  }
  return wrong;
}

uint64_t speed_wrong(const struct speed *speed, unsigned cell, unsigned subject,
                     const struct series **first) {
  unsigned arm = speed_place(speed, cell, subject) + 1;
  uint64_t wrong = 0;
  if (first)
    *first = NULL;
  for (unsigned kind = 0; kind < SPEED_GROUPS; kind++)
    wrong += wrong_in(speed_group(speed, cell, (enum speed_group)kind), subject, 0, first);
  return wrong + wrong_in(&speed->anchor.group, subject, arm, first);
}

static void file_wrong(const struct speed *speed, unsigned cell, unsigned subject) {
  struct job *job = speed->job;
  const struct series *first = NULL;
  char text[700], count[FIGURE_NOUN_BYTES];
  uint64_t wrong = speed_wrong(speed, cell, subject, &first);
  if (wrong == 0)
    return;
  job->wrong = job->wrong || !subject_is_verifier(&job->subjects[subject]);
  snprintf(text, sizeof text, "%s %s: %s while it was measured, first %s: %s; its figures mean nothing",
           job->subjects[subject].spec.label, assay_alg_name(job->cells[cell].alg),
           figure_noun(count, wrong, "wrong verdict"),
           first->first_wrong == CORPUS_NONE
               ? "a key"
               : span_text(&job->corpus, job->corpus.tokens[first->first_wrong].id),
           assay_reason_dotted((enum assay_reason)first->wrong_reason));
  strings_add(&job->result->warnings, text);
}

static const struct samples *times_of(const struct group *group, unsigned subject, unsigned tag) {
  const struct series *series = group_series(group, subject, tag);
  return series ? &series->ns : &none;
}

/* operations: of a block; 0: not a fixed number. */
static void file_simple(const struct speed *speed, unsigned cell, unsigned subject, enum result_metric metric,
                        const struct samples *ns, uint64_t operations) {
  if (ns->count == 0)
    return;
  struct result_speed *row = row_of(speed, cell, subject, metric);
  speed_row_time(row, ns, "not measured");
  row->block_operations = operations;
}

/* A key import that cannot be is said, too: a blank would look like a forgotten one. */
static void file_key_import(const struct speed *speed, unsigned cell, unsigned subject) {
  const struct samples *ns = times_of(speed_group(speed, cell, SPEED_IMPORTS), subject, 0);
  const char *why = why_missing(speed, cell, subject),
             *absent = speed->absent[speed_place(speed, cell, subject)];
  if (subject_is_verifier(&speed->job->subjects[subject]))
    return;
  if (ns->count == 0 && why[0] && speed->job->cells[cell].main && !(absent && !absent[0]))
    speed_add_missing(row_of(speed, cell, subject, METRIC_KEY_IMPORT), "ns", why);
  else
    file_simple(speed, cell, subject, METRIC_KEY_IMPORT, ns, 0);
}

static void file_scaling(const struct speed *speed, unsigned cell, unsigned subject) {
  unsigned threads = speed->job->options->threads;
  const struct group *group = speed_group(speed, cell, SPEED_THREADS);
  const struct series *series = group_series(group, subject, threads);
  const char *why = why_missing(speed, cell, subject);
  if (!speed->job->cells[cell].full || !subject_has_parts(&speed->job->subjects[subject]) || threads < 2)
    return;
  struct result_scaling *row = scaling_row(speed->job, &speed->job->cells[cell], subject, threads);
  if (!series || !scaling_figures(row, group, (unsigned)(series - group->series)))
    result_set(&row->note, why[0] ? why : "not measured");
}

static void file_contexts(const struct speed *speed) {
  const struct group *group = speed_contexts(speed);
  for (unsigned i = 0; i < group->count; i++) {
    if (group->series[i].ns.count == 0)
      continue;
    struct result_speed *row = row_of(speed, 0, group->series[i].subject, METRIC_CONTEXT);
    result_set(&row->alg, "-");
    row->key_bits = 0;
    speed_row_time(row, &group->series[i].ns, "not measured");
  }
}

/* What calls of a library cost others is a fact of its build, and no figure of its own shows it. */
static void file_side_effects(const struct speed *speed, unsigned subject) {
  struct job *job = speed->job;
  OWNED_TALLY struct tally algs = {0};
  for (unsigned cell = 0; cell < job->cell_count; cell++) {
    const struct series *bare = group_series(speed_group(speed, cell, SPEED_TIMES), subject, BLOCK_PRIMITIVE);
    if (bare && bare->side_effects & SIDE_UPPER_HALVES)
      names_add(&algs, assay_alg_name(job->cells[cell].alg));
  }
  if (algs.count == 0)
    return;
  OWNED_TEXT char *names = names_join(&algs, " and ");
  OWNED_TEXT char *fact = allocate_format("leaves the upper halves of the vector registers in use after %s "
                                          "(no vzeroupper)",
                                          names);
  OWNED_TEXT char *text = allocate_format(
      "%s %s: SSE code that runs next is slowed, whosever it is; its bare primitive was measured "
      "with them cleared before each call",
      job->subjects[subject].spec.label, fact);
  subject_add_fact(&job->result->subjects[subject], fact, "measured");
  job_warn(job, text);
}

static void file_figures(const struct speed *speed) {
  for (unsigned cell = 0; cell < speed->job->cell_count; cell++)
    for (unsigned s = 0; s < speed->job->subject_count; s++) {
      const struct group *times = speed_group(speed, cell, SPEED_TIMES);
      file_verify(speed, cell, s);
      file_simple(speed, cell, s, METRIC_PRIMITIVE, times_of(times, s, BLOCK_PRIMITIVE), times->operations);
      file_key_import(speed, cell, s);
      file_wrong(speed, cell, s);
      file_scaling(speed, cell, s);
    }
  for (unsigned s = 0; s < speed->job->subject_count; s++)
    file_side_effects(speed, s);
  file_contexts(speed);
}

static unsigned rounds_least(const struct speed *speed) {
  unsigned least = 0;
  for (unsigned cell = 0; cell < speed->job->cell_count; cell++) {
    unsigned rounds = speed_group(speed, cell, SPEED_TIMES)->rounds;
    if (rounds && (least == 0 || rounds < least))
      least = rounds;
  }
  return least;
}

static void file_run(const struct speed *speed) {
  struct job *job = speed->job;
  struct result_run *run = &job->result->run;
  measure_file_run(job, &speed->engine);
  run->rounds = rounds_least(speed);
  run->block_ns = speed_group(speed, 0, SPEED_TIMES)->block_ns;
}

/* How far the machine's speed moved, and how much of that lies between rows. */
static void file_anchor(const struct speed *speed) {
  struct job *job = speed->job;
  struct result_run *run = &job->result->run;
  const struct group **rows = allocate_items(job->cell_count, sizeof *rows);
  for (unsigned cell = 0; cell < job->cell_count; cell++)
    rows[cell] = speed_group(speed, cell, SPEED_TIMES);
  run->anchor = speed->anchor_words;
  run->speed_moved = anchor_moved(&speed->anchor);
  run->rows_apart = isnan(run->speed_moved) ? (double)NAN : anchor_apart(rows, job->cell_count);
  free(rows);
}

/* The worker's peak, unless it is another process that does the work. */
static void file_peak(const struct job *job, unsigned subject, struct result_memory *row) {
  uint64_t bytes = subject_peak_bytes(&job->subjects[subject]);
  if (job->subjects[subject].identity.is_elsewhere)
    result_set(&row->note, JOB_ELSEWHERE);
  else if (bytes > 0)
    row->peak_rss_bytes = (double)bytes;
}

static void file_memory(const struct speed *speed) {
  for (unsigned s = 0; s < speed->job->subject_count; s++) {
    struct result_memory *row = result_add_memory(speed->job->result);
    result_set(&row->subject, speed->job->subjects[s].spec.label);
    result_set(&row->alg, MEMORY_PROCESS);
    file_peak(speed->job, s, row);
    row->arena_high_water_bytes = (double)speed->engine.arena_high_water_bytes;
  }
}

void speed_file(struct speed *speed) {
  file_figures(speed);
  file_memory(speed);
  file_run(speed);
  file_anchor(speed);
}
