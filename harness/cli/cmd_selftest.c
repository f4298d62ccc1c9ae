/* assay selftest: how small a difference can this machine tell? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/measurements/selftest.h"
#include "reports/text/figures.h"

#define QUICK_TRIALS SELFTEST_LEAST
#define QUICK_S 110
#define FULL_TRIALS 100 /* of two algorithms each: 200 comparisons */
#define FULL_S 3000     /* 30 s a trial */

enum { OPT_FULL = 1000, OPT_JSON, OPT_TRIALS, OPT_BUDGET, OPT_CORPUS, OPT_CPU };

static const struct option table[] = {{"full", no_argument, NULL, OPT_FULL},
                                      {"json", no_argument, NULL, OPT_JSON},
                                      {"trials", required_argument, NULL, OPT_TRIALS},
                                      {"budget", required_argument, NULL, OPT_BUDGET},
                                      {"corpus", required_argument, NULL, OPT_CORPUS},
                                      {"cpu", required_argument, NULL, OPT_CPU},
                                      {NULL, 0, NULL, 0}};

static bool take(struct selftest_options *options, int opt, const char *name) {
  double value;
  switch (opt) {
  case OPT_FULL:
    options->trials = FULL_TRIALS;
    options->budget_s = FULL_S;
    return true;
  case OPT_JSON: options->json = true; return true;
  case OPT_CORPUS: options->corpus = optarg; return true;
  case OPT_BUDGET: return options_number("selftest", name, optarg, 1, 1e6, &options->budget_s);
  case OPT_TRIALS:
    if (!options_number("selftest", name, optarg, 1, 10000, &value))
      return false;
    options->trials = (unsigned)value;
    return true;
  default: return options_core("selftest", name, optarg, &options->cpu);
  }
}

static int parse(struct selftest_options *options, int argc, char **argv) {
  const char *name;
  options_start();
  for (int opt; (opt = options_next("selftest", table, argc, argv, &name)) != OPTIONS_END;)
    if (opt == OPTIONS_BAD || !take(options, opt, name))
      return EXIT_USAGE;
  if (optind < argc)
    return complain("selftest", "'%s' is no option; `assay selftest --help` lists them", argv[optind]);
  return -1;
}

static void print_alg(const struct selftest_alg *alg) {
  double detectable = selftest_detectable(alg);
  printf(" %-8s identical builds called different: %u of %u\n", assay_alg_name(alg->alg),
         alg->called_different, alg->trials);
  printf(" %-8s injected slowdowns found:", "");
  for (int step = 0; step < SELFTEST_STEPS; step++)
    printf("%s %g %% %u of %u", step ? "," : "", selftest_steps[step], alg->found[step], alg->trials);
  if (alg->trials < SELFTEST_LEAST)
    printf("\n %-8s what is found 9 times in 10 takes %d trials to tell\n", "", SELFTEST_LEAST);
  else if (isnan(detectable))
    printf("\n %-8s none of them was found 9 times in 10\n", "");
  else
    printf("\n %-8s smallest found 9 times in 10: %g %%\n", "", detectable);
  if (alg->base_ns.count > 1)
    printf(" %-8s drift over the trials: %.1f %% between the fastest and the slowest\n", "",
           selftest_drift(alg) * 100);
}

static void print_text(const struct selftest *selftest) {
  char price[FIGURE_BYTES], step[FIGURE_BYTES], null[FIGURE_BYTES], took[FIGURE_BYTES];
  printf("machine  %s, %u cores, load average %.1f at the start\n", selftest->cpu, selftest->cores,
         selftest->load);
  printf("clock    one reading costs %s, the smallest step is %s\n",
         figure_time(price, selftest->clock_price_ns), figure_time(step, selftest->clock_step_ns));
  printf("null     %s a token without any library\n", figure_time(null, selftest->null_ns));
  if (selftest->sanitized)
    puts("note     built with sanitizers: none of these figures means anything");
  printf("\n%u trial%s of %u launches of %.2f s an algorithm, judged as `assay gate` judges\n",
         selftest->trials_done, selftest->trials_done == 1 ? "" : "s", selftest->launches,
         selftest->launch_s);
  for (int i = 0; i < SELFTEST_ALGS; i++)
    print_alg(&selftest->algs[i]);
  if (selftest->trials_done < FULL_TRIALS)
    printf("\n%u trial%s few: a rate of 1 %% needs hundreds to be seen. --full makes %d comparisons, in "
           "about an hour.\n",
           selftest->trials_done, selftest->trials_done == 1 ? " is" : "s are", FULL_TRIALS * SELFTEST_ALGS);
  if (selftest->trials_done < SELFTEST_LEAST)
    printf("Fewer than %d are not kept for reports.\n", SELFTEST_LEAST);
  printf("took %s\n", figure_duration(took, selftest->took_s));
}

/* For reports to quote. */
static bool keep(const json_t *json, struct assay_error *error) {
  char folder[4096], path[4200];
  struct file_writer writer;
  job_cache_folder(folder, sizeof folder);
  selftest_path(path, sizeof path);
  if (!file_make_dirs(folder, error) || !file_open(&writer, path, error))
    return false;
  if (json_dumpf(json, writer.stream, JSON_INDENT(1) | JSON_ENSURE_ASCII) != 0) {
    file_abandon(&writer);
    return error_set(error, "cannot write %s", path);
  }
  return file_commit(&writer, error);
}

static int tell(const struct selftest *selftest) {
  struct assay_error error = {0};
  json_t *json = selftest_json(selftest);
  if (selftest->options->json) {
    json_dumpf(json, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    putchar('\n');
  } else {
    print_text(selftest);
  }
  bool ok = !selftest_is_to_keep(selftest) || keep(json, &error);
  json_decref(json);
  if (!ok)
    return complain("selftest", "%s", error.text);
  return isnan(selftest_min_detectable(selftest)) ? EXIT_NOISY : EXIT_HOLDS;
}

static int run(int argc, char **argv) {
  struct selftest_options options = {.trials = QUICK_TRIALS, .budget_s = QUICK_S, .cpu = -1};
  struct selftest selftest = {.options = &options};
  struct assay_error error = {0};
  int code = parse(&options, argc, argv);
  if (code >= 0)
    return code;
  bool complete = selftest_run(&selftest, argc, argv, &error);
  if (!complete && error.text[0] && !job_stop)
    code = complain("selftest", "%s", error.text);
  else if (complete || selftest.trials_done)
    code = tell(&selftest);
  if (job_stop) {
    fprintf(stderr, "assay selftest: interrupted after %u trial%s; nothing is kept\n", selftest.trials_done,
            selftest.trials_done == 1 ? "" : "s");
    code = EXIT_INTERRUPTED;
  }
  selftest_fini(&selftest);
  return code;
}

const struct command command_selftest = {
    .name = "selftest",
    .summary = "what this machine can and cannot resolve",
    .usage =
        "usage: assay selftest [--full] [--json] [--trials N] [--budget S] [--corpus DIR] [--cpu N]\n\n"
        "Measures the price and the step of the clock, and the null backend. Then compares, as `assay\n"
        "gate` does, a build with itself (how often are identical builds called different?) and with\n"
        "builds that are slower by a known amount: a module that passes everything on to OpenSSL's and\n"
        "verifies 0.3, 0.5, 1, 2 or 5 % of the signatures a second time. The per cent are of the\n"
        "library's own work; of a whole HS256 verification it is about half. Uses RS256 and HS256.\n\n"
        "  --full       200 comparisons of identical builds, about an hour; never in CI\n"
        "  --trials N   trials, of two comparisons each (default: 10)\n"
        "  --budget S   time for all trials (default: 110)\n"
        "  --corpus DIR a corpus (default: generated once and kept)\n"
        "  --cpu N      the core for measured blocks (default: the last)\n"
        "  --json       aa.trials, aa.false_positive_rate, injected[], min_detectable (per cent), and "
        "more\n\n"
        "The last whole selftest of 10 trials or more is kept beside the default corpus, as selftest.json,\n"
        "for reports, unless one of more trials on such a machine stands there. Exit code 3 where not even\n"
        "the largest slowdown is found 9 times in 10, or fewer than 10 trials cannot tell.\n\n"
        "Examples:\n"
        "  assay selftest\n"
        "  assay selftest --full --json > selftest.json\n",
    .run = run,
};
