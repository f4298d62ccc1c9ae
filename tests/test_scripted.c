/* The programs as a user runs them, over workers that follow a script (programs/scripted_worker.c): planned
 * times, and everything that a worker can do wrong. No library is involved, and no time is a chance. */
#include "build_facts.h"
#include "tests/cli.h"

static char folder[64];

/* The real host and keeper, with the scripted program where the worker is looked for. */
static void set_up(void) {
  snprintf(folder, sizeof folder, "%s", fresh_folder());
  const struct ran *ran = shell(
      "cd %s && mkdir -p bin modules/selftest && cp " BIN "/assay " BIN "/assay-keeper " BIN
      "/assay-corpus bin/ && cp " ASSAY_BINARY_DIR "/tests/programs/scripted_worker bin/assay-worker && "
      "for i in modules/null modules/selftest/slower one two; do echo $i > $i.so; done",
      folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  test_corpus();
}

static void tear_down(void) {
  shell("rm -rf %s", folder);
}

TestSuite(scripted, .init = set_up, .fini = tear_down);

static const struct ran *assay(const char *format, ...) {
  char arguments[6000];
  va_list args;
  va_start(args, format);
  vsnprintf(arguments, sizeof arguments, format, args);
  va_end(args);
  return shell("cd %s && XDG_CACHE_HOME=%s NO_COLOR=1 bin/assay %s 2>&1", folder, folder, arguments);
}

/* With that budget, or a longer one where the machine is busy and starts workers slowly. */
static const struct ran *assay_within(unsigned budget_s, const char *arguments) {
  const struct ran *ran = assay("%s --budget %u", arguments, budget_s);
  return strstr(ran->out, "is too short") ? assay("%s --budget %u", arguments, 10 * budget_s) : ran;
}

static void expect_says(const struct ran *ran, const char *words) {
  cr_expect_not_null(strstr(ran->out, words), "'%s' is not in: %s", words, ran->out);
}

/* ---- the gate ---- */

static const struct ran *gate(const char *base, const char *head) {
  char arguments[400];
  snprintf(arguments, sizeof arguments,
           "gate --base 'one.so:%s' --head 'two.so:%s' --alg HS256 --corpus " TEST_CORPUS, base, head);
  return assay_within(5, arguments);
}

Test(scripted, a_head_that_takes_half_as_long_again_is_a_regression) {
  const struct ran *ran = gate("ns10000", "ns15000");
  cr_assert_eq(ran->code, 1, "%s", ran->out);
  expect_says(ran, "50");
}

Test(scripted, one_that_takes_as_long_holds) {
  const struct ran *ran = gate("ns10000", "ns10000;lane0");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
}

Test(scripted, hopeless_noise_says_nothing) {
  const struct ran *ran = gate("ns10000;spread0.5", "ns10500;spread0.5");
  cr_assert_eq(ran->code, 3, "%s", ran->out);
  expect_says(ran, "Judged by this run, ");
  expect_says(ran, "--count");
}

Test(scripted, a_head_that_crashes_while_it_is_measured_is_worse) {
  const struct ran *ran = gate("ns10000", "ns10000;crash9");
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  expect_says(ran, "signal 11");
}

Test(scripted, a_base_that_crashes_proves_nothing) {
  const struct ran *ran = gate("ns10000;crash9", "ns10000");
  cr_assert_eq(ran->code, 3, "%s", ran->out);
}

Test(scripted, a_head_that_cannot_be_started_again_is_worse) {
  const struct ran *ran = gate("ns10000", "ns10000;starts4");
  cr_assert_eq(ran->code, 2, "%s", ran->out);
}

/* ---- bench ---- */

static const struct ran *bench(const char *subjects, const char *more) {
  return assay("bench --corpus " TEST_CORPUS " --alg HS256 --launches 2 --seconds 0.2 --subject '%s' %s",
               subjects, more);
}

Test(scripted, what_breaks_costs_its_own_figures_alone) {
  static const struct {
    const char *script, *says;
  } cases[] = {
      {"crash9", "signal 11"},   {"garbage9", "written over"}, {"unsaid9", "gave no answer"},
      {"hang9", "no answer in"}, {"starts1", "bad"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char subjects[200];
    snprintf(subjects, sizeof subjects, "good=one.so:ns10000,bad=two.so:ns10000;%s", cases[i].script);
    const struct ran *ran = bench(subjects, "--threads 1 --hang-after 0.3");
    cr_expect_eq(ran->code, 2, "%s: exit %d: %s", cases[i].script, ran->code, ran->out);
    expect_says(ran, cases[i].says);
    expect_says(ran, "100 k"); /* the good one's: 10 us a token */
    shell("rm -f %s/*.launches", folder);
  }
}

Test(scripted, a_crash_of_the_second_thread_names_its_token) {
  const struct ran *ran = bench("bad=two.so:ns10000;lane1;crash3", "--threads 2");
  cr_expect_eq(ran->code, 2, "%s", ran->out);
  expect_says(ran, "valid/");
}

Test(scripted, a_wrong_verdict_while_it_is_measured_voids_the_figures) {
  const struct ran *ran = bench("good=one.so:ns10000,bad=two.so:ns10000;wrong5", "--threads 2");
  cr_expect_eq(ran->code, 2, "%s", ran->out);
  expect_says(ran, "wrong verdict");
  expect_says(ran, "signature.invalid");
}

Test(scripted, times_of_all_sizes_are_figures) {
  const struct ran *ran = bench("fast=one.so:ns1,slow=two.so:ns200000", "--threads 1");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  expect_says(ran, "1.0");
  expect_says(ran, "200 us");
}

/* A fact of the build and a warning, of the one that does it. */
Test(scripted, what_a_library_leaves_behind_is_told) {
  const struct ran *ran = bench("tidy=one.so:ns10000,dirty=two.so:ns10000;upper1", "--threads 1 --json");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  expect_says(ran,
              "\"dirty leaves the upper halves of the vector registers in use after HS256 (no vzeroupper): ");
  expect_says(ran, "{\"fact\":\"leaves the upper halves of the vector registers in use after HS256 (no "
                   "vzeroupper)\",\"source\":\"measured\"}");
  cr_expect_null(strstr(ran->out, "tidy leaves"), "%s", ran->out);
}

/* A row each for one library, as if there were two to compare; told something else, it is a variant. */
Test(scripted, two_names_of_one_library_are_told) {
  const struct ran *ran = bench("a=one.so:ns10000,b=one.so:ns10000", "--threads 1 --json");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  expect_says(ran, "\"a and b load one library, byte for byte (");
  expect_says(ran, "these are two names of one subject");
  ran = bench("a=one.so:ns10000,b=one.so:ns11000", "--threads 1 --json");
  cr_expect_null(strstr(ran->out, "load one library"), "%s", ran->out);
}

/* ---- check ---- */

Test(scripted, a_crash_in_a_verdict_pass_is_an_answer_about_its_token) {
  const struct ran *ran =
      assay("check --corpus " TEST_CORPUS " --subject 'good=one.so:ns1,bad=two.so:checks9' --format csv");
  cr_expect_eq(ran->code, 2, "%s", ran->out);
  expect_says(ran, "crash");
}

/* ---- selftest ---- */

Test(scripted, one_slowdown_is_tried_as_often_as_is_asked) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip("the workers of a trial take long to start under a sanitizer");
  const struct ran *ran = assay_within(3, "selftest --slowdown 2 --trials 3 --corpus " TEST_CORPUS);
  cr_expect_eq(ran->code, 3, "three tries cannot tell: %s", ran->out);
  expect_says(ran, "          identical builds  slower builds found\n"
                   "          called different        5 %       2 %       1 %     0.5 %     0.3 %\n"
                   " HS256                   -          -    3 of 3         -         -         -\n"
                   " RS256                   -          -    3 of 3         -         -         -\n");
  expect_says(ran, "takes 10 tries to tell");
}

/* Slowdowns of 0.3 to 5 % of one algorithm and of the other: what was injected is what is found. */
Test(scripted, a_machine_without_noise_finds_every_slowdown) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip("the workers of a trial take long to start under a sanitizer");
  const struct ran *ran = assay_within(3, "selftest --trials 1 --corpus " TEST_CORPUS " --json");
  json_t *json = json_loads(ran->out, 0, NULL), *step;
  size_t i;
  cr_assert_not_null(json, "%s", ran->out);
  const json_t *rate = json_object_get(json_object_get(json, "aa"), "false_positive_rate");
  cr_expect(json_is_number(rate) && json_number_value(rate) == 0, "%s", ran->out);
  cr_expect_float_eq(json_number_value(json_object_get(json, "null_ns")), 500, 1);
  cr_expect_eq(json_array_size(json_object_get(json, "injected")), 10);
  json_array_foreach(json_object_get(json, "injected"), i, step)
      cr_expect_eq(json_integer_value(json_object_get(step, "found")), 1, "%s", ran->out);
  json_decref(json);
}
