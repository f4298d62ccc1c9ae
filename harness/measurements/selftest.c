/* The comparisons of a selftest. Each is a duet of its own, fresh workers and all: base, one head, base again. */
#include "harness/measurements/selftest.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/files/program_file.h"
#include "harness/measurements/measurement.h"
#include "harness/programs/cache.h"
#include "harness/terminal/progress.h"
#include "reports/model/json_value.h"

const double selftest_steps[SELFTEST_STEPS] = {0.3, 0.5, 1, 2, 5};

enum { BASE, AGAIN, SAME, INJECTED, FLOOR = INJECTED + SELFTEST_STEPS, SUBJECTS };

/* Subjects of a comparison, in the order in which a duet wants them. */
enum { DUET_SUBJECTS = 3, DUET_HEAD = 1 };

#define SCHEMA "assay-selftest/2" /* 1 told what gates of a sixth of its budget find */
#define CLOCK_READINGS 20000
#define PLANS_TRIED 5
#define NULL_LAUNCHES 5
#define NULL_S 0.25
#define NULL_BLOCK_NS 400e3
#define NULL_WARM_NS 5e6

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
    snprintf(label, sizeof label, "%g %% slower", slower);
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

/* ---- one comparison ---- */

struct comparison {
  struct selftest *selftest;
  struct job *job;
  unsigned cell, head;
  struct subject *subjects[DUET_SUBJECTS];
  bool is_called_different, is_called_slower;
  char trouble[300]; /* a worker crashed, hung or answered wrongly: no figure can be believed */
};

static void finding(void *arg, unsigned subject, enum subject_event event, uint32_t token, const char *why) {
  struct comparison *comparison = arg;
  (void)token, (void)event;
  snprintf(comparison->trouble, sizeof comparison->trouble, "%s: %.200s",
           comparison->subjects[subject]->spec.label, why);
}

static void tell_comparison(void *arg, const char *what, double share) {
  const struct comparison *comparison = arg;
  const struct selftest *selftest = comparison->selftest;
  (void)what;
  char text[64];
  snprintf(text, sizeof text, "%s, %s, %u of up to %u",
           assay_alg_name(comparison->job->cells[comparison->cell].alg),
           comparison->head == SAME ? "identical builds" : comparison->subjects[DUET_HEAD]->spec.label,
           selftest->done + 1, selftest->planned);
  progress_show(NULL, text, (selftest->done + share) / selftest->planned);
}

/* What a gate would say of the head, threshold aside. */
static void judge(struct comparison *comparison, const struct duet *duet) {
  struct duet_effect effects[DUET_MEASURES];
  unsigned count = duet_effects(duet, DUET_HEAD, 0, 1, effects);
  for (unsigned i = 0; i < count; i++)
    if (effects[i].resolved && fabs(effects[i].effect) > effects[i].floor) {
      comparison->is_called_different = true;
      comparison->is_called_slower |= effects[i].effect > 0;
    }
}

static bool was_made(struct comparison *comparison, const struct duet *duet, struct assay_error *error) {
  struct selftest *selftest = comparison->selftest;
  selftest->launches = duet->launches;
  selftest->launch_s = duet->item_s;
  if (group_has_wrong(&duet->engine.groups[0]))
    return error_set(error, "a wrong verdict in a measured block");
  judge(comparison, duet);
  samples_add(&selftest->algs[comparison->cell].base_ns,
              samples_median(&duet_series(duet, 0, DUET_BASE)->ns));
  selftest->done++;
  return true;
}

/* `planned` tells whether it came to a measurement at all. */
static bool duet_made(struct comparison *comparison, struct duet *duet, bool *planned,
                      struct assay_error *error) {
  const struct cell *cell = &comparison->job->cells[comparison->cell];
  const struct control_command command = measure_command(comparison->job, cell, 0);
  struct group *group = duet_item(duet, assay_alg_name(cell->alg));
  for (unsigned s = 0; s < DUET_SUBJECTS; s++)
    group_add(group, s, &command);
  *planned = duet_plan(duet, error);
  bool complete = *planned && duet_run(duet);
  if (comparison->trouble[0])
    return error_set(error, "%s", comparison->trouble);
  return complete && was_made(comparison, duet, error);
}

static bool comparison_tried(struct comparison *comparison, bool *planned, struct assay_error *error) {
  struct workers workers = {.subjects = comparison->subjects, .count = DUET_SUBJECTS, .stop = &stop_asked};
  struct runner runner = workers_runner(&workers);
  struct duet duet = {.engine = {.runner = &runner,
                                 .random = clock_ns(),
                                 .stop = &stop_asked,
                                 .progress = tell_comparison,
                                 .finding = finding,
                                 .arg = comparison},
                      .budget_s = comparison->selftest->options->budget_s};
  bool ok = duet_made(comparison, &duet, planned, error);
  duet_fini(&duet);
  return ok;
}

/* What starts slowly once, on a busy machine, is no reason to give up all that has been compared. */
static bool comparison_run(struct comparison *comparison, struct assay_error *error) {
  struct subject *all = comparison->job->subjects;
  comparison->subjects[DUET_BASE] = &all[BASE];
  comparison->subjects[DUET_HEAD] = &all[comparison->head];
  comparison->subjects[DUET_SUBJECTS - 1] = &all[AGAIN];
  for (int attempt = 1;; attempt++) {
    bool planned = false;
    *error = (struct assay_error){0};
    if (comparison_tried(comparison, &planned, error))
      return true;
    if (planned || stop_asked || comparison->trouble[0] || attempt == PLANS_TRIED)
      return false;
  }
}

/* ---- all of them ---- */

static bool trials_run(struct selftest *selftest, struct job *job, unsigned cell, struct assay_error *error) {
  struct selftest_alg *alg = &selftest->algs[cell];
  for (unsigned i = 0; i < selftest->options->trials; i++) {
    struct comparison comparison = {.selftest = selftest, .job = job, .cell = cell, .head = SAME};
    if (!comparison_run(&comparison, error))
      return false;
    alg->trials++;
    alg->called_different += comparison.is_called_different;
  }
  return true;
}

static bool is_found_often(const struct selftest_alg *alg, int step) {
  return alg->tries[step] && 10 * alg->found[step] >= 9 * alg->tries[step];
}

static bool step_tried(struct selftest *selftest, struct job *job, unsigned cell, int step,
                       struct assay_error *error) {
  struct selftest_alg *alg = &selftest->algs[cell];
  for (unsigned i = 0; i < selftest->options->tries; i++) {
    struct comparison comparison = {
        .selftest = selftest, .job = job, .cell = cell, .head = INJECTED + (unsigned)step};
    if (!comparison_run(&comparison, error))
      return false;
    alg->tries[step]++;
    alg->found[step] += comparison.is_called_slower;
  }
  return true;
}

static bool tries_run(struct selftest *selftest, struct job *job, unsigned cell, struct assay_error *error) {
  const struct selftest_options *options = selftest->options;
  if (options->only >= 0)
    return step_tried(selftest, job, cell, options->only, error);
  for (int step = SELFTEST_STEPS - 1; step >= 0; step--) {
    if (!step_tried(selftest, job, cell, step, error))
      return false;
    if (!is_found_often(&selftest->algs[cell], step)) {
      selftest->planned -= (unsigned)step * options->tries;
      break;
    }
  }
  return true;
}

/* The floor by itself: beside a comparison it would be one more whose cache lines are in the way. */
static bool null_measured(struct selftest *selftest, struct job *job) {
  const struct control_command command = measure_command(job, &job->cells[0], 0);
  struct group group = measure_group("null", NULL_S, NULL_BLOCK_NS, NULL_WARM_NS, 1);
  group_add(&group, FLOOR, &command);
  bool complete = measure_run(job, NULL, &group, NULL_LAUNCHES);
  selftest->null_ns = samples_median(&group.series[0].ns);
  group_fini(&group);
  return complete;
}

static bool comparisons_run(struct selftest *selftest, struct job *job, struct assay_error *error) {
  const struct selftest_options *options = selftest->options;
  selftest->planned =
      SELFTEST_ALGS * (options->trials + (options->only < 0 ? SELFTEST_STEPS : 1) * options->tries);
  progress_begin();
  bool ok = null_measured(selftest, job);
  for (unsigned cell = 0; ok && cell < SELFTEST_ALGS; cell++)
    ok = trials_run(selftest, job, cell, error) && tries_run(selftest, job, cell, error);
  progress_end();
  selftest->complete = ok;
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
  bool ok =
      job_set_up(job, error) && choose_cells(selftest, job, error) && comparisons_run(selftest, job, error);
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
  for (int step = SELFTEST_STEPS - 1; step >= 0; step--) {
    if (alg->tries[step] == 0)
      continue;
    if (alg->tries[step] < SELFTEST_LEAST || !is_found_often(alg, step))
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

unsigned selftest_trials(const struct selftest *selftest) {
  unsigned all = 0;
  for (unsigned i = 0; i < SELFTEST_ALGS; i++)
    all += selftest->algs[i].trials;
  return all;
}

double selftest_false_positive_rate(const struct selftest *selftest) {
  unsigned trials = selftest_trials(selftest), different = 0;
  for (unsigned i = 0; i < SELFTEST_ALGS; i++)
    different += selftest->algs[i].called_different;
  return trials ? (double)different / trials : (double)NAN;
}

double selftest_drift(const struct selftest_alg *alg) {
  return (samples_quantile(&alg->base_ns, 1) - samples_quantile(&alg->base_ns, 0)) /
         samples_median(&alg->base_ns);
}

static json_t *injected_json(const struct selftest *selftest) {
  json_t *list = json_array();
  for (unsigned i = 0; i < SELFTEST_ALGS; i++)
    for (unsigned step = 0; step < SELFTEST_STEPS; step++)
      json_array_append_new(list, json_pack("{s:s, s:f, s:i, s:i}", "alg",
                                            assay_alg_name(selftest->algs[i].alg), "percent",
                                            selftest_steps[step], "tries", (int)selftest->algs[i].tries[step],
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
      "{s:s, s:s, s:f, s:{s:s, s:i, s:o}, s:{s:f, s:f}, s:o, s:{s:f, s:i, s:f}, s:{s:i, s:o}, s:o, s:o, s:o, s:b}",
      "schema", SCHEMA, "started", selftest->started, "took_s", selftest->took_s, "machine", "cpu",
      selftest->cpu, "cores", (int)selftest->cores, "load", json_figure(selftest->load), "clock", "price_ns",
      selftest->clock_price_ns, "step_ns", selftest->clock_step_ns, "null_ns", json_figure(selftest->null_ns),
      "comparison", "budget_s", selftest->options->budget_s, "launches", (int)selftest->launches, "launch_s",
      selftest->launch_s, "aa", "trials", (int)selftest_trials(selftest), "false_positive_rate",
      json_figure(selftest_false_positive_rate(selftest)), "injected", injected_json(selftest),
      "min_detectable",
      json_figure(selftest->options->only < 0 ? selftest_min_detectable(selftest) : (double)NAN),
      "algorithms", algs_json(selftest), "partial", !selftest->complete);
}

void selftest_path(char *path, size_t size) {
  char folder[4096];
  cache_folder(folder, sizeof folder);
  snprintf(path, size, "%s/selftest.json", folder);
}

static double figure_in(const json_t *json, const char *name) {
  const json_t *figure = json_object_get(json, name);
  return json_is_number(figure) ? json_number_value(figure) : (double)NAN;
}

static json_int_t comparisons_in(const json_t *json) {
  return json_integer_value(json_object_get(json_object_get(json, "aa"), "trials"));
}

static double budget_in(const json_t *json) {
  return figure_in(json_object_get(json, "comparison"), "budget_s");
}

static bool is_text(const json_t *json, const char *name, const char *text) {
  const char *value = json_string_value(json_object_get(json, name));
  return value && strcmp(value, text) == 0;
}

/* The self-test that is kept, if it looked at such a machine, and often enough; or NULL. json_decref it. */
static json_t *kept_of(const char *cpu, unsigned cores) {
  char path[4200];
  selftest_path(path, sizeof path);
  json_t *json = json_load_file(path, 0, NULL);
  const json_t *machine = json_object_get(json, "machine");
  if (is_text(json, "schema", SCHEMA) && is_text(machine, "cpu", cpu) &&
      json_integer_value(json_object_get(machine, "cores")) == cores &&
      comparisons_in(json) >= SELFTEST_LEAST * SELFTEST_ALGS)
    return json;
  json_decref(json);
  return NULL;
}

bool selftest_is_to_keep(const struct selftest *selftest) {
  const struct selftest_options *options = selftest->options;
  if (selftest->sanitized || !selftest->complete || options->trials < SELFTEST_LEAST ||
      options->tries < SELFTEST_LEAST)
    return false;
  json_t *kept = kept_of(selftest->cpu, selftest->cores);
  bool is_better =
      kept && (comparisons_in(kept) > selftest_trials(selftest) || budget_in(kept) > options->budget_s);
  json_decref(kept);
  return !is_better;
}

void selftest_recall(struct result *result) {
  json_t *kept = kept_of(result->machine.cpu, result->machine.cores);
  const json_t *aa = json_object_get(kept, "aa");
  if (kept) {
    result->noise.trials = (uint64_t)comparisons_in(kept);
    result->noise.false_positive_rate = figure_in(aa, "false_positive_rate");
    result->noise.min_detectable = figure_in(kept, "min_detectable") / 100;
    result->noise.comparison_s = budget_in(kept);
  }
  json_decref(kept);
}
