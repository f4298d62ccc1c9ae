/* assay gate --base OLD --head NEW: verdicts of both, then a duet of base, head and base again. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/cli/gate.h"
#include "harness/cli/job.h"
#include "harness/cli/machine.h"
#include "harness/cli/progress.h"
#include "harness/measure/duet.h"

struct duet_gate {
  struct gate *gate;
  struct job *job;
};

/* The algorithms' main sizes that the base has, in the order of job->cells. */
static bool choose_cells(struct job *job, struct assay_error *error) {
  unsigned kept = 0;
  uint64_t found = 0;
  for (unsigned i = 0; i < job->cell_count; i++) {
    enum assay_alg alg = job->cells[i].alg;
    if (!job->cells[i].main || (found & ASSAY_ALG_BIT(alg)))
      continue;
    found |= ASSAY_ALG_BIT(alg);
    if (job->algs[SIDE_BASE] & ASSAY_ALG_BIT(alg))
      job->cells[kept++] = job->cells[i];
  }
  job->cell_count = kept;
  for (int i = 0; i < ASSAY_ALG_COUNT && job->options->algs; i++) {
    uint64_t bit = ASSAY_ALG_BIT(i);
    if ((job->alg_mask & bit) && !(job->algs[SIDE_BASE] & bit))
      return error_set(error, "the base has no %s", assay_alg_name((enum assay_alg)i));
  }
  return kept > 0 || error_set(error, "the base has none of the corpus' algorithms");
}

static void finding(void *arg, unsigned subject, enum subject_event event, uint32_t token) {
  struct duet_gate *of = arg;
  const struct subject *s = &of->job->subjects[subject];
  struct result_gate_finding *found = gate_file_finding(of->gate);
  const struct corpus *corpus = &of->job->corpus;
  result_printf(&found->where, "%s while it was measured", s->spec.label);
  result_set(&found->subject, s->spec.label);
  if (token != CORPUS_NONE)
    result_set(&found->example, span_text(corpus, corpus->tokens[token].id));
  result_set(&found->base, "an answer");
  result_set(&found->head, event == EVENT_ERROR ? s->error.text : s->last_cause);
  found->tokens = 1;
}

/* Blocks check every verdict; one that went wrong there alone is a finding like any other. */
static void file_wrong(struct duet_gate *of, const struct duet *duet) {
  const struct corpus *corpus = &of->job->corpus;
  for (unsigned cell = 0; cell < duet->cell_count; cell++)
    for (unsigned s = 0; s < duet->subject_count; s++) {
      const struct bench_arm *arm = bench_arm(&duet->bench, cell, s);
      if (arm->wrong == 0)
        continue;
      struct result_gate_finding *found = gate_file_finding(of->gate);
      result_printf(&found->where, "%s while it was measured", duet->subjects[s].spec.label);
      result_set(&found->subject, duet->subjects[s].spec.label);
      if (arm->first_wrong != CORPUS_NONE)
        result_set(&found->example, span_text(corpus, corpus->tokens[arm->first_wrong].id));
      result_set(&found->base, "accept");
      result_printf(&found->head, "reject %s", assay_reason_dotted((enum assay_reason)arm->wrong_reason));
      found->tokens = arm->wrong;
    }
}

static void file_rows(struct duet_gate *of, const struct duet *duet) {
  static const char *const measures[] = {[DUET_MEDIAN] = "median", [DUET_SUM] = "sum"};
  static const enum result_gate_answer answers[] = {
      [DUET_HOLDS] = GATE_HOLDS, [DUET_SLOWER] = GATE_SLOWER, [DUET_NOISY] = GATE_NOISY};
  struct duet_effect *effects = calloc((size_t)duet->cell_count * DUET_MEASURES, sizeof *effects);
  if (!effects)
    abort();
  unsigned count = duet_effects(duet, SIDE_HEAD, 0, duet->cell_count, effects);
  for (unsigned i = 0; i < count; i++) {
    const struct duet_effect *effect = &effects[i];
    struct result_gate *row = gate_add_row(of->gate, measures[effect->measure]);
    result_set(&row->alg, assay_alg_name(duet->cells[effect->cell].alg));
    row->key_bits = duet->cells[effect->cell].key_bits;
    row->change = expm1(effect->effect);
    row->low = expm1(effect->low);
    row->high = expm1(effect->high);
    row->noise = expm1(effect->floor);
    gate_answer_row(row, answers[duet_answer(effect, log1p(row->threshold))]);
  }
  if (count == 0) /* and nothing compared is nothing proved */
    gate_add_incomplete(of->gate, "no time was measured of both base and head");
  free(effects);
}

static void remark(struct gate *gate, const struct duet *duet, double took_s) {
  snprintf(
      gate->remark, sizeof gate->remark,
      "Stopped after %u launches of %.2f s for each of %u algorithm%s, as planned before the first for a "
      "budget of %g s; took %.0f s.",
      duet->launches, duet->cell_s, duet->cell_count, duet->cell_count == 1 ? "" : "s", duet->budget_s,
      took_s);
}

static void file_run(struct job *job, const struct duet *duet, uint64_t from_ns, struct machine_ticks ticks) {
  struct result_run *run = &job->result->run;
  run->launches = duet->launches;
  run->rounds = duet->bench.rounds_least;
  run->block_ns = duet->bench.plan.block_ns;
  run->pinned_cpu = duet->cpu;
  run->order_seed = duet->order_seed;
  run->steal = machine_steal_since(ticks);
  run->duration_s = (double)(clock_ns() - from_ns) / 1e9;
  for (unsigned s = 0; s < job->subject_count; s++)
    run->involuntary_switches += job->subjects[s].involuntary_switches;
}

static int speed(struct gate *gate, struct job *job, struct assay_error *error) {
  struct duet_gate of = {gate, job};
  struct duet duet = {.subjects = job->subjects,
                      .subject_count = job->subject_count,
                      .algs = job->algs,
                      .is_whole = job->is_whole,
                      .cells = job->cells,
                      .cell_count = job->cell_count,
                      .budget_s = gate->options->budget_s,
                      .cpu = gate->options->cpu >= 0 ? gate->options->cpu : machine_last_core(),
                      .order_seed = clock_ns(),
                      .stop = &job_stop,
                      .progress = progress_show,
                      .finding = finding,
                      .arg = &of};
  uint64_t from = clock_ns();
  struct machine_ticks ticks = machine_steal();
  if (!duet_plan(&duet, error))
    return EXIT_USAGE;
  progress_begin();
  bool complete = duet_run(&duet);
  progress_end();
  file_wrong(&of, &duet);
  if (complete && !gate_is_wrong(gate))
    file_rows(&of, &duet);
  file_run(job, &duet, from, ticks);
  remark(gate, &duet, (double)(clock_ns() - from) / 1e9);
  duet_fini(&duet);
  if (complete || gate_is_wrong(gate))
    return -1;
  if (!job_stop)
    error_set(error, "no memory to measure %u algorithms", duet.cell_count);
  return job_stop ? EXIT_INTERRUPTED : EXIT_USAGE;
}

static int judge(struct gate *gate, struct job *job, struct assay_error *error) {
  if (!job_set_up(job, error) || !choose_cells(job, error))
    return EXIT_USAGE;
  if (gate_same_builds(&job->subjects[SIDE_BASE], &job->subjects[SIDE_HEAD])) {
    gate_add_same(gate, "base and head are the same build, byte for byte: there is nothing to compare");
    return -1;
  }
  if (!gate_verdicts(gate, job, error))
    return EXIT_USAGE;
  if (gate_is_wrong(gate))
    return -1;
  if (!job_common(job, error))
    return EXIT_USAGE;
  return gate->options->count ? gate_count(gate, job, error) : speed(gate, job, error);
}

static void warn(struct gate *gate, const struct result *result) {
  const struct result_strings *first = result->warnings.count ? &result->warnings : &result->machine.warnings;
  if (first->count)
    snprintf(gate->warning, sizeof gate->warning, "%s", first->items[0]);
}

int gate_duet(struct gate *gate, int argc, char **argv) {
  const struct gate_options *options = gate->options;
  struct assay_error error = {0};
  char subjects[3 * 4200];
  snprintf(subjects, sizeof subjects, "base=%s,head=%s,base again=%s", options->base, options->head,
           options->base);
  struct job_options asked = {.command = "gate",
                              .subjects = subjects,
                              .algs = options->algs,
                              .corpus = options->corpus,
                              .policy = options->policy,
                              .bench = true,
                              .launches = 1,
                              .threads = 1,
                              .hang_s = options->hang_s,
                              .cpu = options->cpu};
  struct job *job = job_new(&asked, argc, argv);
  if (!job)
    return complain("gate", "no memory");
  gate->result = job->result;
  gate->base = "base";
  int code = judge(gate, job, &error);
  warn(gate, job->result);
  job->result = NULL; /* the gate's now */
  job_close(job);
  if (job_stop) {
    fprintf(stderr, "assay gate: interrupted; nothing is claimed\n");
    return EXIT_INTERRUPTED;
  }
  return code == EXIT_USAGE ? complain("gate", "%s", error.text) : code;
}
