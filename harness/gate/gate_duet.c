/* assay gate --base OLD --head NEW: verdicts of both, then a duet of base, head and base again. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/job/job.h"
#include "harness/job/machine.h"
#include "harness/measurements/measurement.h"
#include "harness/terminal/progress.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

struct duet_gate {
  struct gate *gate;
  struct job *job;
  char broke[SIDES][256]; /* how the side crashed, hung or failed while it was measured; "": it did not */
  uint32_t token[SIDES];  /* on which token; CORPUS_NONE: not known */
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
    if (subject_has_alg(&job->subjects[SIDE_BASE], alg))
      job->cells[kept++] = job->cells[i];
  }
  job->cell_count = kept;
  for (int i = 0; i < ASSAY_ALG_COUNT && job->options->algs; i++) {
    if ((job->alg_mask & ASSAY_ALG_BIT(i)) && !subject_has_alg(&job->subjects[SIDE_BASE], (enum assay_alg)i))
      return error_set(error, "the base has no %s", assay_alg_name((enum assay_alg)i));
  }
  return kept > 0 || error_set(error, "the base has none of the corpus' algorithms");
}

static void note_broken(void *arg, unsigned side, enum subject_event event, uint32_t token, const char *why) {
  struct duet_gate *of = arg;
  (void)event;
  if (of->broke[side][0])
    return;
  snprintf(of->broke[side], sizeof of->broke[side], "%.250s", why);
  of->token[side] = token;
}

static struct result_gate_finding *measured_finding(struct duet_gate *of, uint32_t token) {
  struct result_gate_finding *found = gate_file_finding(of->gate);
  const struct corpus *corpus = &of->job->corpus;
  const char *label = of->job->subjects[SIDE_HEAD].spec.label;
  result_printf(&found->where, "%s while it was measured", label);
  result_set(&found->subject, label);
  if (token != CORPUS_NONE)
    result_set(&found->example, span_text(corpus, corpus->tokens[token].id));
  return found;
}

/* A head that breaks where the base does not is worse; where the base breaks, nothing is proved. */
static void file_broken(struct duet_gate *of) {
  bool base = of->broke[SIDE_BASE][0] || of->broke[SIDE_AGAIN][0];
  if (of->broke[SIDE_HEAD][0] && !base) {
    struct result_gate_finding *found = measured_finding(of, of->token[SIDE_HEAD]);
    result_set(&found->base, "an answer");
    result_set(&found->head, of->broke[SIDE_HEAD]);
    found->gravity = answer_kind_gravity(KIND_CRASH);
    found->tokens = 1;
    return;
  }
  for (unsigned side = 0; side < SIDES; side++)
    if (of->broke[side][0])
      gate_add_incomplete(of->gate, NULL, "%s broke while it was measured: %s",
                          of->job->subjects[side].spec.label, of->broke[side]);
}

static uint64_t wrong_of(const struct duet *duet, unsigned cell, unsigned side) {
  const struct series *series = duet_series(duet, cell, side);
  return series ? series->wrong : 0;
}

/* Blocks check every verdict; one that went wrong there alone is a finding like any other. */
static void file_wrong(struct duet_gate *of, const struct duet *duet) {
  for (unsigned cell = 0; cell < of->job->cell_count; cell++) {
    const struct series *head = duet_series(duet, cell, SIDE_HEAD);
    if (wrong_of(duet, cell, SIDE_BASE) + wrong_of(duet, cell, SIDE_AGAIN) > 0)
      gate_add_incomplete(of->gate, NULL, "the base answered tokens of %s wrongly while it was measured",
                          assay_alg_name(of->job->cells[cell].alg));
    else if (head && head->wrong > 0) {
      struct result_gate_finding *found = measured_finding(of, head->first_wrong);
      result_set(&found->base, "accept");
      found->gravity = answer_kind_gravity(KIND_REFUSED);
      result_printf(&found->head, "reject %s", assay_reason_dotted((enum assay_reason)head->wrong_reason));
      found->tokens = head->wrong;
    }
  }
}

/* Why a side has no times in all launches; NULL: it has. */
static const char *why_short(const struct duet *duet, unsigned cell, unsigned side, size_t *launches) {
  const struct series *series = duet_series(duet, cell, side);
  const struct samples *samples = duet_samples(duet, cell, side, DUET_MEDIAN);
  *launches = samples ? samples->count : 0;
  return *launches == duet->launches ? NULL : series ? series->missing : "not in this library";
}

/* Every cell is compared, or named. */
static void file_unmeasured(struct duet_gate *of, const struct duet *duet) {
  for (unsigned cell = 0; cell < of->job->cell_count; cell++)
    for (unsigned side = SIDE_BASE + 1; side < SIDES; side++) {
      size_t launches;
      const char *why = why_short(duet, cell, side, &launches);
      if (!why)
        continue;
      gate_add_incomplete(of->gate, NULL, "%s has times of %zu of %u launches of %s%s%s",
                          of->job->subjects[side].spec.label, launches, duet->launches,
                          assay_alg_name(of->job->cells[cell].alg), why[0] ? ": " : "", why);
      break;
    }
}

static void file_rows(struct duet_gate *of, const struct duet *duet) {
  static const enum result_gate_measure measures[] = {[DUET_MEDIAN] = GATE_MEDIAN, [DUET_SUM] = GATE_SUM};
  struct duet_effect *effects = calloc((size_t)of->job->cell_count * DUET_MEASURES, sizeof *effects);
  if (!effects)
    abort();
  unsigned count = duet_effects(duet, SIDE_HEAD, 0, of->job->cell_count, effects);
  for (unsigned i = 0; i < count; i++) {
    const struct duet_effect *effect = &effects[i];
    struct result_gate *row = gate_add_row(of->gate, measures[effect->measure]);
    result_set(&row->alg, assay_alg_name(of->job->cells[effect->item].alg));
    row->threshold = gate_threshold(of->gate, row->alg, row->threshold);
    row->key_bits = of->job->cells[effect->item].key_bits;
    gate_judge_duet(row, effect);
  }
  if (count == 0) /* and nothing compared is nothing proved */
    gate_add_incomplete(of->gate, NULL, "no time was measured of both base and head");
  free(effects);
}

#define LONGEST_ADVISED_S 3600
#define BUDGET_MARGIN 1.2

/* How long it would take where it was too noisy; of several rows the longest. 0: it was not; NAN: not known. */
static double enough_s(const struct result *result, double budget_s) {
  double longest = 0;
  for (size_t i = 0; i < result->gate_count; i++)
    if (result->gates[i].kind == GATE_DUET && gate_answer(&result->gates[i]) == GATE_NOISY) {
      double times = gate_times_longer(&result->gates[i]);
      if (isnan(times))
        return times;
      longest = fmax(longest, times * budget_s);
    }
  return longest;
}

/* Where the run could not answer: what could. */
static void remark_noise(struct gate *gate, double budget_s) {
  if (result_gates_answer(gate->result) != GATE_NOISY)
    return;
  size_t used = strlen(gate->remark), room = sizeof gate->remark - used;
  char *end = gate->remark + used;
  static const char *const counts = "--count instructions needs no quiet machine";
  double enough = enough_s(gate->result, budget_s) * BUDGET_MARGIN, step = enough > 100 ? 10 : 1;
  if (isnan(enough))
    snprintf(end, room, " %s.", counts);
  else if (enough > LONGEST_ADVISED_S)
    snprintf(end, room, " Judged by this run, not even an hour would be enough; %s.", counts);
  else if (enough > 0)
    snprintf(end, room, " Judged by this run, --budget %.0f would probably be enough; %s.",
             ceil(enough / step) * step, counts);
}

static void remark_run(struct gate *gate, const struct duet *duet, double took_s) {
  char launches[FIGURE_NOUN_BYTES], algs[FIGURE_NOUN_BYTES];
  snprintf(
      gate->remark, sizeof gate->remark,
      "Stopped after %s of %.2f s for each of %s, as planned before the first for a budget of %g s; took "
      "%.0f s.",
      figure_noun(launches, duet->launches, "launch"), duet->item_s,
      figure_noun(algs, duet->engine.group_count, "algorithm"), duet->budget_s, took_s);
  remark_noise(gate, duet->budget_s);
}

static unsigned rounds_least(const struct duet *duet) {
  unsigned least = duet->engine.groups[0].rounds;
  for (unsigned i = 1; i < duet->engine.group_count; i++)
    if (duet->engine.groups[i].rounds < least)
      least = duet->engine.groups[i].rounds;
  return least;
}

static void file_run(struct job *job, const struct duet *duet, const struct machine_watch *watch) {
  struct result_run *run = &job->result->run;
  measure_file_run(job, &duet->engine);
  run->rounds = rounds_least(duet);
  run->block_ns = duet->engine.groups[0].block_ns;
  machine_watch_end(watch, job->result);
}

/* What came of the measurement, whole or not. */
static void file_all(struct duet_gate *of, const struct duet *duet, bool complete) {
  struct gate *gate = of->gate;
  file_broken(of);
  file_wrong(of, duet);
  if (gate_is_wrong(gate))
    return;
  size_t rows = gate->result->gate_count;
  if (complete)
    file_unmeasured(of, duet);
  else if (rows == gate->result->gate_count)
    gate_add_incomplete(gate, NULL, "the measurement did not come to its end");
  if (complete)
    file_rows(of, duet);
}

static int judge_speed(struct gate *gate, struct job *job, struct assay_error *error) {
  struct duet_gate of = {gate, job, {""}, {0}};
  struct workers workers = {.stop = &stop_asked};
  struct runner runner = measure_runner(job, &workers);
  uint64_t from = clock_ns();
  struct duet duet = {.engine = {.runner = &runner,
                                 .random = from,
                                 .stop = &stop_asked,
                                 .progress = progress_show,
                                 .finding = note_broken,
                                 .arg = &of},
                      .budget_s = gate->options->budget_s};
  struct machine_watch watch = machine_watch_begin();
  measure_duet_items(job, &duet);
  bool planned = duet_plan(&duet, error), complete = false;
  if (planned) {
    progress_begin();
    complete = duet_run(&duet);
    progress_end();
  }
  if (planned && !stop_asked)
    file_all(&of, &duet, complete);
  if (planned) {
    file_run(job, &duet, &watch);
    remark_run(gate, &duet, (double)(clock_ns() - from) / 1e9);
  }
  duet_fini(&duet);
  measure_runner_fini(&workers);
  return !planned ? EXIT_USAGE : stop_asked ? EXIT_INTERRUPTED : -1;
}

/* What the head alone can do is no failure, and worth a line. */
static void tell_new_algorithms(struct gate *gate, const struct job *job) {
  uint64_t more =
      job->subjects[SIDE_HEAD].identity.algs & ~job->subjects[SIDE_BASE].identity.algs & job->alg_mask;
  OWNED_TALLY struct tally names = {0};
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    if (more & ASSAY_ALG_BIT(alg))
      names_add(&names, assay_alg_name((enum assay_alg)alg));
  OWNED_TEXT char *text = names_join(&names, " and ");
  if (names.count)
    gate_note(gate, "only the head has %s", text);
}

static int judge_builds(struct gate *gate, struct job *job, struct assay_error *error) {
  if (!job_set_up(job, error) || !choose_cells(job, error))
    return EXIT_USAGE;
  if (gate_same_builds(&job->subjects[SIDE_BASE], &job->subjects[SIDE_HEAD])) {
    gate_add_same(gate, "base and head are the same build, byte for byte: there is nothing to compare");
    return -1;
  }
  tell_new_algorithms(gate, job);
  if (!gate_verdicts(gate, job, error))
    return EXIT_USAGE;
  if (gate_is_wrong(gate))
    return -1;
  if (!gate_narrow(gate, job)) {
    gate_add_incomplete(gate, NULL, "no time can be compared: base and head accept no token in common");
    return -1;
  }
  return gate->options->count ? gate_count(gate, job, error) : judge_speed(gate, job, error);
}

static void warn_reader(struct gate *gate, const struct result *result) {
  const struct result_strings *first = result->warnings.count ? &result->warnings : &result->machine.warnings;
  if (first->count)
    snprintf(gate->warning, sizeof gate->warning, "%s", first->items[0]);
}

/* The three sides, called base, head and base again unless they have labels of their own. */
static bool sides_named(const struct gate_options *options, struct subject_specs *sides,
                        struct assay_error *error) {
  struct subject_spec base, head;
  if (!subject_spec_parse(&base, options->base, "base", error) ||
      !subject_spec_parse(&head, options->head, "head", error) || !subject_specs_add(sides, &base, error) ||
      !subject_specs_add(sides, &head, error))
    return false;
  size_t room = sizeof base.label - sizeof " again";
  snprintf(base.label + strnlen(base.label, room), sizeof " again", " again");
  return subject_specs_add(sides, &base, error);
}

static int duet(struct gate *gate, struct job *job) {
  struct assay_error error = {0};
  int code = judge_builds(gate, job, &error);
  warn_reader(gate, job->result);
  if (stop_asked) {
    fprintf(stderr, "assay gate: interrupted; nothing is claimed\n");
    return EXIT_INTERRUPTED;
  }
  return code == EXIT_USAGE ? complain("gate", "%s", error.text[0] ? error.text : "the run could not go on")
                            : code;
}

static int gate_sides(struct gate *gate, const struct job_options *asked, int argc, char **argv) {
  struct job *job = job_new(asked, argc, argv);
  if (!job)
    return complain("gate", "no memory");
  gate->result = job->result;
  gate->base = asked->subjects.items[SIDE_BASE].label;
  gate->head = asked->subjects.items[SIDE_HEAD].label;
  int code = duet(gate, job);
  gate->base = gate->head = "";
  job->result = NULL; /* the gate's now */
  job_close(job);
  return code;
}

int gate_duet(struct gate *gate, int argc, char **argv) {
  const struct gate_options *options = gate->options;
  struct job_options asked = {.command = "gate",
                              .needs_all = true,
                              .algs = options->algs,
                              .corpus = options->corpus,
                              .policy = options->policy,
                              .bench = true,
                              .launches = 1,
                              .threads = 1,
                              .hang_s = options->hang_s,
                              .cpu = options->cpu};
  struct assay_error error = {0};
  int code = sides_named(options, &asked.subjects, &error) ? gate_sides(gate, &asked, argc, argv)
                                                           : complain("gate", "%s", error.text);
  subject_specs_fini(&asked.subjects);
  return code;
}
