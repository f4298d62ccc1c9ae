/* assay selftest: how small a difference can this machine tell? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/files/file.h"
#include "harness/cli/command.h"
#include "harness/cli/common_options.h"
#include "harness/measurements/selftest.h"
#include "harness/programs/cache.h"
#include "reports/model/json_value.h"
#include "reports/text/figures.h"

#define QUICK_TRIALS SELFTEST_LEAST
#define QUICK_S 2
#define FULL_TRIALS 100 /* of two algorithms each: 200 comparisons */
#define FULL_S 10

/* The texts of selftest_steps, as they are printed. */
static const char *slowdown_word(unsigned number) {
  static const char *const words[SELFTEST_STEPS + 1] = {"0.3", "0.5", "1", "2", "5"};
  return words[number];
}

struct request {
  struct selftest_options selftest;
  const char *slowdown;
  bool full;
};

static const struct option_row option_rows[] = {
    {"full", NULL, "--trials 100 --budget 10: up to an hour; never in CI", FLAG_IN(struct request, full)},
    {"trials", "N",
     "comparisons of identical builds, of each algorithm (default: 10); fewer than 10 are also how "
     "often each slowdown is tried",
     WHOLE_IN(struct request, selftest.trials, 1, 10000)},
    {"slowdown", "PCT",
     "only: is a build found that is slower by 0.3, 0.5, 1, 2 or 5 %? --trials says how often it is tried",
     WORD_IN(struct request, slowdown, slowdown_word)},
    {"budget", "S", "time for each comparison, as for `assay gate` of one algorithm (default: 2)",
     NUMBER_IN(struct request, selftest.budget_s, 0.001, 1e6)},
    {CORPUS_ROW(struct request, selftest.corpus)},
    {CPU_ROW(struct request, selftest.cpu)},
    {"json", NULL, "aa.trials, aa.false_positive_rate, injected[], min_detectable (per cent), and more",
     FLAG_IN(struct request, selftest.json)},
    {0}};

static const struct option_conflict conflicts[] = {{"full", "slowdown", "which makes one kind of comparison"},
                                                   {0}};

static const struct usage usage = {
    .name = "assay selftest",
    .summary = "what this machine can and cannot resolve",
    .forms = "[--full | --slowdown PCT] [--json] [--trials N] [--budget S] [--corpus DIR] [--cpu N]",
    .about = "Measures the price and the step of the clock, and the null backend. Then compares, as `assay "
             "gate` does, a build with itself (how often are identical builds called different?) and with "
             "builds that are slower by a known amount: a module that passes everything on to OpenSSL's and "
             "verifies 5, 2, 1, 0.5 or 0.3 % of the signatures a second time. Each is compared 10 times, the "
             "largest first, until one is found fewer than 9 times. The per cent are of the library's own "
             "work; of a whole HS256 verification it is about half. Uses HS256 and RS256.",
    .options = option_rows,
    .conflicts = conflicts,
    .operands_wrong = "`assay selftest --help` lists them",
    .notes =
        "The last whole selftest of 10 trials or more is kept beside the default corpus, as selftest.json, "
        "for reports, unless one of more or longer comparisons on such a machine stands there; with "
        "--slowdown nothing is kept. Exit code 3 where not even the largest slowdown, or the one that "
        "--slowdown names, is found 9 times in 10, or fewer than 10 tries cannot tell.",
    .examples = "assay selftest\n"
                "assay selftest --slowdown 2 --budget 30\n"
                "assay selftest --full --json > selftest.json"};

/* What is said goes before what --full means. */
static bool parse(struct request *request, int argc, char **argv) {
  struct selftest_options *options = &request->selftest;
  struct options_given given;
  if (!command_read(&usage, request, argc, argv, &given))
    return false;
  if (!options->trials)
    options->trials = request->full ? FULL_TRIALS : QUICK_TRIALS;
  if (options->budget_s <= 0)
    options->budget_s = request->full ? FULL_S : QUICK_S;
  options->tries = request->slowdown || options->trials < SELFTEST_LEAST ? options->trials : SELFTEST_LEAST;
  options->only = -1;
  if (request->slowdown) {
    struct assay_error unused;
    options->only = word_find("slowdown", request->slowdown, slowdown_word, &unused);
    options->trials = 0;
  }
  return true;
}

static void print_count(unsigned count, unsigned of, int width) {
  char text[32];
  snprintf(text, sizeof text, "%u of %u", count, of);
  printf("%*s", width, of ? text : "-");
}

/* A row an algorithm, the largest slowdown first, as they were tried. */
static void print_table(const struct selftest *selftest) {
  printf("          identical builds  slower builds found\n          called different");
  for (int step = SELFTEST_STEPS - 1; step >= 0; step--)
    printf("%*g %%", step == SELFTEST_STEPS - 1 ? 9 : 8, selftest_steps[step]);
  putchar('\n');
  for (int i = 0; i < SELFTEST_ALGS; i++) {
    const struct selftest_alg *alg = &selftest->algs[i];
    printf(" %-8s ", assay_alg_name(alg->alg));
    print_count(alg->called_different, alg->trials, 16);
    for (int step = SELFTEST_STEPS - 1; step >= 0; step--)
      print_count(alg->found[step], alg->tries[step], step == SELFTEST_STEPS - 1 ? 11 : 10);
    putchar('\n');
  }
  putchar('\n');
}

static bool has_enough(const struct selftest_alg *alg) {
  for (int step = 0; step < SELFTEST_STEPS; step++)
    if (alg->tries[step] >= SELFTEST_LEAST)
      return true;
  return false;
}

static void print_detectable(const struct selftest_alg *alg, bool is_one) {
  double detectable = selftest_detectable(alg);
  printf(" %s ", assay_alg_name(alg->alg));
  if (!has_enough(alg))
    printf("not tried often enough");
  else if (is_one)
    printf(isnan(detectable) ? "no" : "yes");
  else if (isnan(detectable))
    printf("none");
  else
    printf("%g %%", detectable);
}

static void print_smallest(const struct selftest *selftest) {
  bool is_one = selftest->options->only >= 0;
  if (!has_enough(&selftest->algs[0])) {
    printf("what is found 9 times in 10 takes %d tries to tell\n", SELFTEST_LEAST);
    return;
  }
  printf(is_one ? "found 9 times in 10:" : "smallest found 9 times in 10:");
  for (int i = 0; i < SELFTEST_ALGS; i++) {
    if (i)
      putchar(',');
    print_detectable(&selftest->algs[i], is_one);
  }
  putchar('\n');
}

static void print_drift(const struct selftest *selftest) {
  if (selftest->algs[SELFTEST_ALGS - 1].base_ns.count < 2)
    return;
  printf("from the fastest to the slowest comparison the machine's speed moved by:");
  for (int i = 0; i < SELFTEST_ALGS; i++)
    printf("%s %s %.1f %%", i ? "," : "", assay_alg_name(selftest->algs[i].alg),
           selftest_drift(&selftest->algs[i]) * 100);
  putchar('\n');
}

static void print_text(const struct selftest *selftest) {
  char price[FIGURE_BYTES], step[FIGURE_BYTES], null[FIGURE_BYTES], took[FIGURE_BYTES];
  char cores[FIGURE_NOUN_BYTES], comparisons[FIGURE_NOUN_BYTES];
  unsigned trials = selftest_trials(selftest);
  bool is_one = selftest->options->only >= 0;
  printf("machine  %s, %s", selftest->cpu, figure_noun(cores, selftest->cores, "core"));
  if (figure_known(selftest->load))
    printf(", load average %.1f at the start", selftest->load);
  putchar('\n');
  printf("clock    one reading costs %s, the smallest step is %s\n",
         figure_time(price, selftest->clock_price_ns), figure_time(step, selftest->clock_step_ns));
  printf("null     %s a token without any library\n", figure_time(null, selftest->null_ns));
  if (selftest->sanitized)
    puts("note     built with sanitizers: none of these figures means anything");
  printf("\n%s of %g s each (the last in %u launches of %.2f s), judged as `assay gate` judges\n\n",
         figure_noun(comparisons, selftest->done, "comparison"), selftest->options->budget_s,
         selftest->launches, selftest->launch_s);
  print_table(selftest);
  print_smallest(selftest);
  print_drift(selftest);
  if (!is_one && trials < FULL_TRIALS * SELFTEST_ALGS)
    printf(
        "\n%s of identical builds %s few: a rate of 1 %% needs hundreds to be seen. --full makes %d, in up "
        "to an hour.\n",
        figure_noun(comparisons, trials, "comparison"), trials == 1 ? "is" : "are",
        FULL_TRIALS * SELFTEST_ALGS);
  if (!is_one && selftest->options->trials < SELFTEST_LEAST)
    printf("Fewer than %d of each algorithm are not kept for reports.\n", SELFTEST_LEAST);
  printf("took %s\n", figure_duration(took, selftest->took_s));
}

static bool keep_as(const char *path, json_t *json, struct assay_error *error) {
  struct file_writer writer;
  if (!file_open(&writer, path, error))
    return false;
  if (!json_put(json_incref(json), JSON_INDENT(1), writer.stream)) {
    file_abandon(&writer);
    return error_set(error, "cannot write %s", path);
  }
  return file_commit(&writer, error);
}

/* For reports to quote. */
static bool keep(json_t *json, struct assay_error *error) {
  char folder[4096], path[4200];
  cache_folder(folder, sizeof folder);
  selftest_path(path, sizeof path);
  mode_t usual = cache_umask();
  bool ok = file_make_dirs(folder, error) && keep_as(path, json, error);
  umask(usual);
  return ok;
}

static int tell_findings(const struct selftest *selftest) {
  struct assay_error error = {0};
  json_t *json = selftest_json(selftest);
  if (selftest->options->json) {
    json_put(json_incref(json), JSON_INDENT(1), stdout);
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

static int run_selftest(int argc, char **argv) {
  struct request request = {.selftest = {.cpu = -1}};
  struct selftest selftest = {.options = &request.selftest};
  struct assay_error error = {0};
  int code = EXIT_HOLDS;
  if (!parse(&request, argc, argv))
    return EXIT_USAGE;
  bool complete = selftest_run(&selftest, argc, argv, &error);
  if (complete || selftest.done)
    code = tell_findings(&selftest);
  if (!complete && error.text[0] && !stop_asked)
    code = complain("selftest", "%s", error.text);
  if (stop_asked) {
    char comparisons[FIGURE_NOUN_BYTES];
    fprintf(stderr, "assay selftest: interrupted after %s; nothing is kept\n",
            figure_noun(comparisons, selftest.done, "comparison"));
    code = EXIT_INTERRUPTED;
  }
  selftest_fini(&selftest);
  return code;
}

const struct command command_selftest = {.usage = &usage, .run = run_selftest};
