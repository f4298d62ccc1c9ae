/* The trials of a selftest. Every trial is a duet of its own, fresh workers and all: base, an identical head,
 * one head for each injected slowdown, the null backend, base again. */
#include "harness/measurements/selftest.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/files/program_file.h"
#include "harness/measurements/measurement.h"
#include "harness/terminal/progress.h"
#include "reports/model/json_value.h"

const double selftest_steps[SELFTEST_STEPS] = {0.3, 0.5, 1, 2, 5};

/* Subjects of a trial, in the order in which a duet wants them. */
enum { BASE, SAME, INJECTED, FLOOR = INJECTED + SELFTEST_STEPS, AGAIN, SUBJECTS };

#define CLOCK_READINGS 20000

static double clock_step(void) {
  uint64_t least = UINT64_MAX, last = clock_ns();
  for (int i = 0; i < CLOCK_READINGS; i++) {
    uint64_t now = clock_ns();
    if (now > last && now - last < least)
      least = now - last;
    last = now;
  }
  return (double)least;
}

/* In that order, in which no list would leave the floor. */
static bool subjects_named(struct subject_specs *specs, struct assay_error *error) {
  char module[PATH_MAX], text[PATH_MAX + 128];
  struct subject_spec spec;
  bool ok = true;
  program_file("modules/selftest/slower.so", module, sizeof module);
  for (int i = 0; i < SUBJECTS && ok; i++) {
    double slower = i >= INJECTED && i < FLOOR ? selftest_steps[i - INJECTED] : 0;
    char label[32];
    snprintf(label, sizeof label, "%g %%", slower);
    snprintf(text, sizeof text, "%s:%g", module, slower);
    ok = subject_spec_parse(&spec, i == FLOOR ? FLOOR_NAME : text,
                            i == BASE    ? "base"
                            : i == SAME  ? "same"
                            : i == AGAIN ? "base again"
                            : slower > 0 ? label
                                         : NULL,
                            error) &&
         subject_specs_add(specs, &spec, error);
  }
  return ok;
}

/* One cell for each algorithm, of its main size. */
static bool choose_cells(struct selftest *selftest, struct job *job, struct assay_error *error) {
  unsigned kept = 0;
  for (unsigned i = 0; i < job->cell_count && kept < SELFTEST_ALGS; i++)
    if (job->cells[i].main && (kept == 0 || job->cells[kept - 1].alg != job->cells[i].alg)) {
      selftest->algs[kept].alg = job->cells[i].alg;
      job->cells[kept++] = job->cells[i];
    }
  job->cell_count = kept;
  if (kept < SELFTEST_ALGS)
    return error_set(error, "corpus %s has no valid tokens of HS256 and RS256", job->corpus.folder);
  const char *library = job->result->subjects[BASE].library;
  return strncmp(library, "nothing: ", 9) != 0 ||
         error_set(error, "there is no library to try with: %s", library + 9);
}

/* ---- one trial ---- */

struct trial {
  struct selftest *selftest;
  struct job *job;
  char trouble[300]; /* a worker crashed, hung or answered wrongly: no figure can be believed */
};

static void finding(void *arg, unsigned subject, enum subject_event event, uint32_t token, const char *why) {
  struct trial *trial = arg;
  (void)token, (void)event;
  snprintf(trial->trouble, sizeof trial->trouble, "%s: %.200s", trial->job->subjects[subject].spec.label,
           why);
}

static void tell_trial(void *arg, const char *what, double share) {
  const struct trial *trial = arg;
  const struct selftest *selftest = trial->selftest;
  (void)what;
  char text[64];
  snprintf(text, sizeof text, "trial %u of %u", selftest->trials_done + 1, selftest->options->trials);
  progress_show(NULL, text, (selftest->trials_done + share) / selftest->options->trials);
}

/* What a gate would have said of one head and algorithm, threshold aside. */
static bool called(const struct duet *duet, unsigned head, unsigned cell, bool slower_only) {
  struct duet_effect effects[DUET_MEASURES];
  unsigned count = duet_effects(duet, head, cell, 1, effects);
  bool any = false;
  for (unsigned i = 0; i < count; i++)
    any = any || (effects[i].resolved && fabs(effects[i].effect) > effects[i].floor &&
                  (effects[i].effect > 0 || !slower_only));
  return any;
}

static void count_trial(struct selftest *selftest, const struct duet *duet) {
  for (unsigned cell = 0; cell < duet->engine.group_count; cell++) {
    struct selftest_alg *alg = &selftest->algs[cell];
    alg->trials++;
    alg->called_different += called(duet, SAME, cell, false);
    for (unsigned step = 0; step < SELFTEST_STEPS; step++)
      alg->found[step] += called(duet, INJECTED + step, cell, true);
    samples_add(&alg->base_ns, samples_median(&duet_series(duet, cell, BASE)->ns));
  }
  double null_ns = samples_median(&duet_series(duet, 0, FLOOR)->ns);
  if (!(selftest->null_ns <= null_ns)) /* the quietest trial tells it best */
    selftest->null_ns = null_ns;
  selftest->trials_done++;
}

static bool any_wrong(const struct duet *duet) {
  for (unsigned item = 0; item < duet->engine.group_count; item++)
    for (unsigned i = 0; i < duet->engine.groups[item].count; i++)
      if (duet->engine.groups[item].series[i].wrong > 0)
        return true;
  return false;
}

static bool trial_run(struct trial *trial, struct assay_error *error) {
  struct selftest *selftest = trial->selftest;
  struct workers workers = {.stop = &job_stop};
  struct runner runner = measure_runner(trial->job, &workers);
  struct duet duet = {.engine = {.runner = &runner,
                                 .random = clock_ns(),
                                 .stop = &job_stop,
                                 .progress = tell_trial,
                                 .finding = finding,
                                 .arg = trial},
                      .budget_s = selftest->options->budget_s / selftest->options->trials};
  measure_duet_items(trial->job, &duet);
  bool planned = duet_plan(&duet, error), complete = planned && duet_run(&duet), wrong = any_wrong(&duet);
  selftest->launches = duet.launches;
  selftest->launch_s = duet.item_s;
  if (complete && !wrong && !trial->trouble[0])
    count_trial(selftest, &duet);
  duet_fini(&duet);
  measure_runner_fini(&workers);
  if (trial->trouble[0])
    return error_set(error, "%s", trial->trouble);
  return complete && (!wrong || error_set(error, "a wrong verdict in a measured block"));
}

static bool trials_run(struct selftest *selftest, struct job *job, struct assay_error *error) {
  struct trial trial = {.selftest = selftest, .job = job};
  bool ok = true;
  progress_begin();
  for (unsigned i = 0; ok && i < selftest->options->trials; i++)
    ok = trial_run(&trial, error);
  progress_end();
  return ok;
}

static void describe(struct selftest *selftest, const struct result *result) {
  selftest->clock_price_ns = result->machine.timer_ns;
  selftest->clock_step_ns = clock_step();
  selftest->load = result->machine.load;
  selftest->cores = result->machine.cores;
  selftest->sanitized = strcmp(result->tool.sanitizer, "none") != 0;
  snprintf(selftest->cpu, sizeof selftest->cpu, "%s", result->machine.cpu);
  snprintf(selftest->started, sizeof selftest->started, "%s", result->started);
}

static bool job_run(struct selftest *selftest, struct job *job, struct assay_error *error) {
  uint64_t from = clock_ns();
  selftest->null_ns = (double)NAN;
  describe(selftest, job->result);
  bool ok = job_set_up(job, error) && choose_cells(selftest, job, error) && trials_run(selftest, job, error);
  selftest->took_s = (double)(clock_ns() - from) / 1e9;
  return ok;
}

bool selftest_run(struct selftest *selftest, int argc, char **argv, struct assay_error *error) {
  struct job_options asked = {.command = "selftest",
                              .algs = "HS256,RS256",
                              .corpus = selftest->options->corpus,
                              .bench = true,
                              .launches = 1,
                              .threads = 1,
                              .hang_s = 5,
                              .cpu = selftest->options->cpu};
  struct job *job = NULL;
  bool ok = subjects_named(&asked.subjects, error) &&
            ((job = job_new(&asked, argc, argv)) || error_set(error, "no memory")) &&
            job_run(selftest, job, error);
  job_close(job);
  subject_specs_fini(&asked.subjects);
  return ok;
}

void selftest_fini(struct selftest *selftest) {
  for (unsigned i = 0; i < SELFTEST_ALGS; i++)
    samples_free(&selftest->algs[i].base_ns);
}

/* ---- what it comes to ---- */

double selftest_detectable(const struct selftest_alg *alg) {
  double smallest = (double)NAN;
  for (int step = SELFTEST_STEPS - 1; step >= 0 && alg->trials >= SELFTEST_LEAST; step--) {
    if (10 * alg->found[step] < 9 * alg->trials)
      break;
    smallest = selftest_steps[step];
  }
  return smallest;
}

double selftest_min_detectable(const struct selftest *selftest) {
  double worst = 0;
  for (unsigned i = 0; i < SELFTEST_ALGS; i++) {
    double one = selftest_detectable(&selftest->algs[i]);
    if (isnan(one))
      return one;
    worst = fmax(worst, one);
  }
  return worst;
}

static unsigned sum(const struct selftest *selftest, bool trials) {
  unsigned all = 0;
  for (unsigned i = 0; i < SELFTEST_ALGS; i++)
    all += trials ? selftest->algs[i].trials : selftest->algs[i].called_different;
  return all;
}

double selftest_false_positive_rate(const struct selftest *selftest) {
  unsigned trials = sum(selftest, true);
  return trials ? (double)sum(selftest, false) / trials : (double)NAN;
}

double selftest_drift(const struct selftest_alg *alg) {
  return (samples_quantile(&alg->base_ns, 1) - samples_quantile(&alg->base_ns, 0)) /
         samples_median(&alg->base_ns);
}

static json_t *injected_json(const struct selftest *selftest) {
  json_t *list = json_array();
  for (unsigned i = 0; i < SELFTEST_ALGS; i++)
    for (unsigned step = 0; step < SELFTEST_STEPS; step++)
      json_array_append_new(list,
                            json_pack("{s:s, s:f, s:i, s:i}", "alg", assay_alg_name(selftest->algs[i].alg),
                                      "percent", selftest_steps[step], "tries", (int)selftest->algs[i].trials,
                                      "found", (int)selftest->algs[i].found[step]));
  return list;
}

static json_t *algs_json(const struct selftest *selftest) {
  json_t *list = json_array();
  for (unsigned i = 0; i < SELFTEST_ALGS; i++) {
    const struct selftest_alg *alg = &selftest->algs[i];
    json_array_append_new(
        list, json_pack("{s:s, s:i, s:i, s:o, s:o, s:o}", "alg", assay_alg_name(alg->alg), "trials",
                        (int)alg->trials, "called_different", (int)alg->called_different, "min_detectable",
                        json_figure(selftest_detectable(alg)), "drift", json_figure(selftest_drift(alg)),
                        "ns", json_figure(samples_median(&alg->base_ns))));
  }
  return list;
}

json_t *selftest_json(const struct selftest *selftest) {
  return json_pack(
      "{s:s, s:s, s:f, s:{s:s, s:i, s:o}, s:{s:f, s:f}, s:o, s:{s:i, s:f}, s:{s:i, s:o}, s:o, s:o, s:o, s:b}",
      "schema", "assay-selftest/1", "started", selftest->started, "took_s", selftest->took_s, "machine",
      "cpu", selftest->cpu, "cores", (int)selftest->cores, "load", json_figure(selftest->load), "clock",
      "price_ns", selftest->clock_price_ns, "step_ns", selftest->clock_step_ns, "null_ns",
      json_figure(selftest->null_ns), "comparison", "launches", (int)selftest->launches, "launch_s",
      selftest->launch_s, "aa", "trials", (int)sum(selftest, true), "false_positive_rate",
      json_figure(selftest_false_positive_rate(selftest)), "injected", injected_json(selftest),
      "min_detectable", json_figure(selftest_min_detectable(selftest)), "algorithms", algs_json(selftest),
      "partial", selftest->trials_done < selftest->options->trials);
}

void selftest_path(char *path, size_t size) {
  char folder[4096];
  job_cache_folder(folder, sizeof folder);
  snprintf(path, size, "%s/selftest.json", folder);
}

static double figure_in(const json_t *json, const char *name) {
  const json_t *figure = json_object_get(json, name);
  return json_is_number(figure) ? json_number_value(figure) : (double)NAN;
}

static json_int_t comparisons_in(const json_t *json) {
  return json_integer_value(json_object_get(json_object_get(json, "aa"), "trials"));
}

/* The self-test that is kept, if it looked at such a machine, and often enough; or NULL. json_decref it. */
static json_t *kept_of(const char *cpu, unsigned cores) {
  char path[4200];
  selftest_path(path, sizeof path);
  json_t *json = json_load_file(path, 0, NULL);
  const json_t *machine = json_object_get(json, "machine");
  const char *kept_cpu = json_string_value(json_object_get(machine, "cpu"));
  if (kept_cpu && strcmp(kept_cpu, cpu) == 0 &&
      json_integer_value(json_object_get(machine, "cores")) == cores &&
      comparisons_in(json) >= SELFTEST_LEAST * SELFTEST_ALGS)
    return json;
  json_decref(json);
  return NULL;
}

bool selftest_is_to_keep(const struct selftest *selftest) {
  if (selftest->sanitized || selftest->trials_done < SELFTEST_LEAST ||
      selftest->trials_done < selftest->options->trials)
    return false;
  json_t *kept = kept_of(selftest->cpu, selftest->cores);
  json_int_t comparisons = comparisons_in(kept);
  json_decref(kept);
  return comparisons <= sum(selftest, true);
}

void selftest_recall(struct result *result) {
  json_t *kept = kept_of(result->machine.cpu, result->machine.cores);
  const json_t *aa = json_object_get(kept, "aa");
  if (kept) {
    result->noise.trials = (uint64_t)comparisons_in(kept);
    result->noise.false_positive_rate = figure_in(aa, "false_positive_rate");
    result->noise.min_detectable = figure_in(kept, "min_detectable") / 100;
  }
  json_decref(kept);
}
