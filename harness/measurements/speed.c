/* The measurement, and its figures as result rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/job/job.h"
#include "harness/job/machine.h"
#include "harness/measurements/measurement.h"
#include "harness/terminal/progress.h"
#include "reports/text/figures.h"

/* Short, for the sake of pairing, but not so short that what a hand-over leaves cold shows: with 0.2 ms
 * and Ed25519 a whole verification read 0.97 of the bare primitive, with 0.5 ms and with 4 ms it reads 0.99.
 */
#define BLOCK_NS 500e3
#define WARM_UP_NS 20e6
#define LATENCY_SAMPLES 10200 /* p99.9 with ten samples beyond it */
#define QUICK_LATENCY_SAMPLES 2100
#define FULL_CAP_S 14.0 /* of one cell, in all launches */
#define QUICK_FULL_CAP_S 2.2
#define SCALING_PAIRS 9
#define QUICK_SCALING_PAIRS 3

static void finding(void *arg, unsigned subject, enum subject_event event, uint32_t token) {
  job_file_event(arg, subject, event, token);
}

static double percentile(struct result_speed *row, const struct hist *hist, const char *field, double share) {
  if (hist && (double)hist->total * (1 - share) >= HIST_BEYOND)
    return (double)hist_percentile(hist, share);
  speed_add_missing(row, field, hist ? "too few samples" : "not measured");
  return (double)NAN;
}

static struct result_speed *row_of(struct job *job, unsigned cell, unsigned subject,
                                   enum result_metric metric) {
  struct result_speed *row = result_add_speed(job->result);
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->alg, assay_alg_name(job->cells[cell].alg));
  row->metric = metric;
  row->mode = MODE_DIVERSE;
  row->key_bits = job->cells[cell].key_bits;
  row->threads = 1;
  row->batch = 1;
  row->kid = true;
  row->bad_share = 0;
  row->verdicts_ok = true;
  return row;
}

void job_speed_time(struct result_speed *row, const struct samples *ns, const char *why) {
  const struct samples none = {0};
  ns = ns ? ns : &none;
  row->ns = samples_median(ns);
  row->tokens_per_s = 1e9 / row->ns;
  for (size_t i = 0; i < ns->count; i++)
    speed_add_sample(row, ns->items[i]);
  if (!sign_interval(ns, BENCH_LEVEL, &row->ns_low, &row->ns_high))
    speed_add_missing(row, "ns_low", "too few launches");
  if (ns->count == 0)
    speed_add_missing(row, "ns", why);
}

/* The reference's own ratio is 1 by definition. */
static void file_ratio(struct result_speed *row, const struct bench_arm *arm, bool is_reference) {
  if (arm->log_ratio.count)
    row->ratio = exp(-samples_median(&arm->log_ratio));
  if (is_reference || arm->log_ratio.count == 0)
    return;
  row->ratio_low = exp(-arm->log_ratio_high);
  row->ratio_high = exp(-arm->log_ratio_low);
  row->resolved = arm->resolved;
  if (isnan(arm->log_ratio_low))
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

static void file_verify(struct job *job, struct bench *bench, unsigned cell, unsigned subject) {
  struct bench_arm *arm = bench_arm(bench, cell, subject);
  if (arm->missing[0] || arm->verify_ns.count == 0) {
    /* The floor is measured in one cell; that it is not in the others is no gap. */
    if (!bench_is_floor(bench, subject))
      speed_add_missing(row_of(job, cell, subject, METRIC_VERIFY), "ns",
                        arm->missing[0] ? arm->missing : "not measured");
    return;
  }
  struct result_speed *row = row_of(job, cell, subject, METRIC_VERIFY);
  job_speed_time(row, &arm->verify_ns, "not measured");
  row->block_operations = bench->cells[cell].count;
  row->verdicts_ok = arm->wrong == 0;
  row->p50_ns = percentile(row, arm->latency, "p50_ns", 0.5);
  row->p90_ns = percentile(row, arm->latency, "p90_ns", 0.9);
  row->p99_ns = percentile(row, arm->latency, "p99_ns", 0.99);
  row->p999_ns = percentile(row, arm->latency, "p999_ns", 0.999);
  if (arm->latency)
    file_histogram(&row->histogram, arm->latency);
  row->max_ns = arm->latency && arm->latency->total ? (double)arm->latency->max_ns : (double)NAN;
  if (arm->log_of_primitive.count)
    row->of_primitive = exp(-samples_median(&arm->log_of_primitive));
  else
    speed_add_missing(row, "of_primitive",
                      subject_is_verifier(&job->subjects[subject]) ? "whole" : "has no primitive");
  file_ratio(row, arm, (int)subject == job->reference);
}

static void file_wrong(struct job *job, const struct bench *bench, unsigned cell, unsigned subject) {
  const struct bench_arm *arm = bench_arm(bench, cell, subject);
  char text[700], wrong[FIGURE_NOUN_BYTES];
  if (arm->wrong == 0)
    return;
  job->wrong = job->wrong || !subject_is_verifier(&job->subjects[subject]);
  snprintf(text, sizeof text, "%s %s: %s while it was measured, first %s: %s; its figures mean nothing",
           job->subjects[subject].spec.label, assay_alg_name(job->cells[cell].alg),
           figure_noun(wrong, arm->wrong, "wrong verdict"),
           arm->first_wrong == CORPUS_NONE ? "a key"
                                           : span_text(&job->corpus, job->corpus.tokens[arm->first_wrong].id),
           assay_reason_dotted((enum assay_reason)arm->wrong_reason));
  strings_add(&job->result->warnings, text);
}

/* operations: of a block; 0: not a fixed number. */
static void file_simple(struct job *job, unsigned cell, unsigned subject, enum result_metric metric,
                        const struct samples *ns, uint64_t operations) {
  if (ns->count == 0)
    return;
  struct result_speed *row = row_of(job, cell, subject, metric);
  job_speed_time(row, ns, "not measured");
  row->block_operations = operations;
}

/* A key import that cannot be is said, too: a blank would look like a forgotten one. */
static void file_key_import(struct job *job, struct bench *bench, unsigned cell, unsigned subject) {
  const struct bench_arm *arm = bench_arm(bench, cell, subject);
  if (subject_is_verifier(&job->subjects[subject]))
    return;
  if (arm->key_import_ns.count == 0 && arm->missing[0] && bench->cells[cell].main)
    speed_add_missing(row_of(job, cell, subject, METRIC_KEY_IMPORT), "ns", arm->missing);
  else
    file_simple(job, cell, subject, METRIC_KEY_IMPORT, &arm->key_import_ns, 0);
}

static void file_scaling(struct job *job, struct bench *bench, unsigned cell, unsigned subject) {
  struct bench_arm *arm = bench_arm(bench, cell, subject);
  if (!bench->cells[cell].scaling || !bench_has_parts(bench, subject) || bench->plan.threads < 2)
    return;
  struct result_scaling *row = result_add_scaling(job->result);
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->alg, assay_alg_name(bench->cells[cell].alg));
  row->key_bits = bench->cells[cell].key_bits;
  row->threads = bench->plan.threads;
  if (arm->scaling_ratio.count) {
    row->tokens_per_s = samples_median(&arm->threads_per_s);
    row->of_one = samples_median(&arm->scaling_ratio);
    sign_interval(&arm->scaling_ratio, BENCH_LEVEL, &row->of_one_low, &row->of_one_high);
  } else {
    result_set(&row->note, arm->missing[0] ? arm->missing : "not measured");
  }
}

static void file_figures(struct job *job, struct bench *bench) {
  for (unsigned cell = 0; cell < bench->cell_count; cell++)
    for (unsigned s = 0; s < bench->subject_count; s++) {
      struct bench_arm *arm = bench_arm(bench, cell, s);
      file_verify(job, bench, cell, s);
      file_simple(job, cell, s, METRIC_PRIMITIVE, &arm->primitive_ns, bench->cells[cell].count);
      file_key_import(job, bench, cell, s);
      file_wrong(job, bench, cell, s);
      file_scaling(job, bench, cell, s);
    }
  for (unsigned s = 0; s < bench->subject_count; s++) {
    if (bench->context_ns[s].count == 0)
      continue;
    struct result_speed *row = row_of(job, 0, s, METRIC_CONTEXT);
    result_set(&row->alg, "-");
    row->key_bits = 0;
    job_speed_time(row, &bench->context_ns[s], "not measured");
  }
}

static struct bench_plan plan_of(const struct job_options *options) {
  return (struct bench_plan){
      .launches = options->launches,
      .throughput_s = options->seconds,
      .latency_s = options->latency_s,
      .latency_samples = options->quick ? QUICK_LATENCY_SAMPLES : LATENCY_SAMPLES,
      .full_cap_s = options->quick ? QUICK_FULL_CAP_S : FULL_CAP_S,
      .block_ns = BLOCK_NS,
      .warm_up_ns = WARM_UP_NS,
      .threads = options->threads,
      .scaling_pairs = options->quick ? QUICK_SCALING_PAIRS : SCALING_PAIRS,
      .cpu = options->cpu >= 0 ? options->cpu : machine_last_core(),
      .order_seed = options->order_seed ? options->order_seed : clock_ns(),
  };
}

static void file_run(struct job *job, const struct bench *bench) {
  struct result_run *run = &job->result->run;
  run->launches = bench->plan.launches;
  run->rounds = bench->rounds_least;
  run->block_ns = bench->plan.block_ns;
  run->pinned_cpu = bench->plan.cpu;
  run->order_seed = bench->plan.order_seed;
  for (unsigned s = 0; s < job->subject_count; s++)
    run->involuntary_switches += job->subjects[s].involuntary_switches;
}

/* The worker's peak, unless it is another process that does the work. */
static void file_peak(const struct job *job, unsigned subject, struct result_memory *row) {
  uint64_t bytes = subject_peak_bytes(&job->subjects[subject]);
  if (job->subjects[subject].identity.is_elsewhere)
    result_set(&row->note, JOB_ELSEWHERE);
  else if (bytes > 0)
    row->peak_rss_bytes = (double)bytes;
}

static void file_memory(struct job *job, const struct bench *bench) {
  for (unsigned s = 0; s < job->subject_count; s++) {
    struct result_memory *row = result_add_memory(job->result);
    result_set(&row->subject, job->subjects[s].spec.label);
    result_set(&row->alg, MEMORY_PROCESS);
    file_peak(job, s, row);
    row->arena_high_water_bytes = (double)bench->arena_high_water_bytes;
  }
}

bool job_bench(struct job *job, struct assay_error *error) {
  struct bench bench = {.plan = plan_of(job->options),
                        .subjects = job->subjects,
                        .subject_count = job->subject_count,
                        .has_floor = true,
                        .reference = job->reference,
                        .cells = job->cells,
                        .cell_count = job->cell_count,
                        .stop = &job_stop,
                        .progress = progress_show,
                        .finding = finding,
                        .arg = job};
  if (!bench_init(&bench, error)) {
    bench_fini(&bench);
    return false;
  }
  if (bench.plan.launches == 0)
    bench.plan.launches = bench_launches_needed(&bench);
  progress_begin();
  bool complete = bench_run(&bench);
  progress_end();
  bench_claims(&bench);
  file_figures(job, &bench);
  file_memory(job, &bench);
  file_run(job, &bench);
  bench_fini(&bench);
  return complete ? job_allocations(job, error) : !job_stop;
}
