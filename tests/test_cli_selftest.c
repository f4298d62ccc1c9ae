/* assay selftest: that every figure it promises is there, and that it claims nothing that its trials do not
 * show. Which figures they are is the machine's affair. */
#include "build_facts.h"
#include "tests/cli.h"

/* One comparison of each kind; where the machine starts workers slowly, with the budget that the refusal asks
 * for. */
static const struct ran *one_trial(const char *folder, const char *options) {
  double budget = 2;
  for (int attempt = 0; attempt < 4; attempt++) {
    const struct ran *ran = shell("ASSAY_CACHE=%s " BIN "/assay selftest --corpus " TEST_CORPUS
                                  " --trials 1 --budget %.0f %s 2>&1",
                                  folder, budget, options);
    const char *told = strstr(ran->out, "prove nothing, take ");
    if (ran->code != 4 || !told)
      return ran;
    budget = 2 * strtod(told + strlen("prove nothing, take "), NULL);
  }
  cr_assert_fail("no budget is long enough");
  return NULL;
}

Test(cli_selftest, every_figure_it_promises_is_there) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("times are taken on the Release build");
  const char *folder = fresh_folder();
  test_corpus();
  const struct ran *ran = one_trial(folder, "--json");
  cr_assert_eq(ran->code, 3, "one trial cannot tell: exit %d: %s", ran->code, ran->out);
  json_error_t problem;
  json_t *json = json_loads(ran->out, 0, &problem), *row;
  cr_assert_not_null(json, "%s: %s", problem.text, ran->out);
  const json_t *aa = json_object_get(json, "aa"), *clock = json_object_get(json, "clock");
  cr_assert_eq(json_integer_value(json_object_get(aa, "trials")), 2, "one of each algorithm");
  cr_assert(json_is_number(json_object_get(aa, "false_positive_rate")));
  cr_assert(json_number_value(json_object_get(clock, "price_ns")) > 0);
  cr_assert(json_number_value(json_object_get(clock, "step_ns")) > 0);
  cr_assert(json_number_value(json_object_get(json, "null_ns")) > 0);
  cr_assert(json_is_null(json_object_get(json, "min_detectable")), "9 times in 10 of a single trial");
  cr_assert(json_number_value(json_object_get(json_object_get(json, "comparison"), "budget_s")) >= 2);
  cr_assert_eq(json_array_size(json_object_get(json, "injected")), 10);
  size_t i;
  json_array_foreach(json_object_get(json, "injected"), i, row) {
    json_int_t tries = json_integer_value(json_object_get(row, "tries"));
    bool is_largest = json_number_value(json_object_get(row, "percent")) == 5;
    cr_assert(is_largest ? tries == 1 : tries <= 1, "%lld tries of row %zu", (long long)tries, i);
  }
  json_decref(json);
  shell("rm -rf %s", folder);
}

Test(cli_selftest, one_trial_claims_no_rate_and_is_not_kept) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("times are taken on the Release build");
  const char *folder = fresh_folder();
  test_corpus();
  const struct ran *ran = one_trial(folder, "");
  cr_expect_eq(ran->code, 3, "exit %d: %s", ran->code, ran->out);
  cr_expect_not_null(strstr(ran->out, " s each (the last in "), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "takes 10 tries to tell\n"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "\n2 comparisons of identical builds are few: "), "%s", ran->out);
  cr_expect_null(strstr(ran->out, "smallest found"), "%s", ran->out);
  cr_expect_neq(shell("test -e %s/selftest.json", folder)->code, 0, "it was kept");
  shell("rm -rf %s", folder);
}

Test(cli_selftest, what_cannot_be_done_is_one_sentence) {
  COMPLAINS(shell(BIN "/assay selftest --trails 3 2>&1"), "--trails");
  COMPLAINS(shell(BIN "/assay selftest --budget none 2>&1"), "--budget", "none");
  COMPLAINS(shell(BIN "/assay selftest now 2>&1"), "now");
  COMPLAINS(shell(BIN "/assay selftest --slowdown 3 2>&1"), "slowdown '3'");
  COMPLAINS(shell(BIN "/assay selftest --slowdown 2 --full 2>&1"), "--slowdown", "--full");
  test_corpus();
  COMPLAINS(shell(BIN "/assay selftest --corpus " TEST_CORPUS " --budget 0.01 2>&1"), "too short");
}
