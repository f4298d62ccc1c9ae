/* Costs in instructions under Callgrind: the same number every time, where nanoseconds on a shared machine
 * are not. Of the pipeline without cryptography: within its budget. Of the measured loop: hardly more than
 * that of a loop with nothing to measure in it. On Release alone. */
#include "build_facts.h"
#include "tests/cli.h"

#define TOKENS 2000
#define BUDGET_PER_TOKEN 4800
#define LOOP_SHARE 0.01 /* the bound for what the harness adds to a token */

static const char *corpus_of_500_bytes(void) {
  static char folder[256];
  snprintf(folder, sizeof folder, "%s", fresh_folder());
  const struct ran *made =
      shell(BIN "/assay-corpus generate --out %s/c --profile small --token-bytes 500 2>&1", folder);
  cr_assert_eq(made->code, 0, "%s", made->out);
  return folder;
}

/* Instructions that Callgrind counted for that many tokens. within: the function that is counted, "main" for
 * the loop as well. */
static long long instructions(const char *folder, const char *module, const char *within, int tokens) {
  const struct ran *ran =
      shell("valgrind --tool=callgrind --toggle-collect=%s --callgrind-out-file=/dev/null " ASSAY_BINARY_DIR
            "/tests/count_instructions " MODULES "/%s.so %s/c %d 2>&1",
            within, module, folder, tokens);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  const char *at = strstr(ran->out, "Collected : ");
  cr_assert_not_null(at, "%s", ran->out);
  return atoll(at + strlen("Collected : "));
}

/* A token: start-up cancels. */
static double per_token(const char *folder, const char *module, const char *within) {
  long long once = instructions(folder, module, within, TOKENS);
  return (double)(instructions(folder, module, within, 2 * TOKENS) - once) / TOKENS;
}

static void skip_without_callgrind(void) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("instructions are counted on the Release build");
  if (shell("command -v valgrind >/dev/null")->code != 0)
    cr_skip_test("valgrind is not installed");
}

Test(instructions, of_the_pipeline_are_repeatable_and_within_budget) {
  skip_without_callgrind();
  const char *folder = corpus_of_500_bytes();
  double first = per_token(folder, "null", "pipeline_verify");
  double again = per_token(folder, "null", "pipeline_verify");
  printf("null backend, 500-byte HS256 token: %.0f instructions\n", first);
  cr_assert_eq(first, again);
  cr_assert_gt(first, 500, "the tokens were not verified");
  cr_assert_lt(first, BUDGET_PER_TOKEN);
  shell("rm -rf %s", folder);
}

static double of_the_measured_loop(const char *folder, const char *subject) {
  const struct ran *ran =
      shell(BIN "/assay bench --count instructions --corpus %s/c --alg HS256 --subject %s "
                "--json 2>/dev/null",
            folder, subject);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  double count =
      json_number_value(json_object_get(json_array_get(json_object_get(result, "speed"), 0), "instructions"));
  json_decref(result);
  return count;
}

/* Both walk the same tokens; the order is another, and no token is exactly as dear as the next. */
Test(instructions, of_the_measured_loop_are_those_of_a_plain_one) {
  skip_without_callgrind();
  const char *folder = corpus_of_500_bytes(), *subjects[] = {"null", "openssl"};
  for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
    double plain = per_token(folder, subjects[i], "main");
    double measured = of_the_measured_loop(folder, subjects[i]);
    printf("%s, 500-byte HS256 token: %.0f instructions in a plain loop, %.0f in the measured one\n",
           subjects[i], plain, measured);
    cr_expect_gt(plain, 500, "the tokens were not verified");
    cr_expect_lt(measured / plain, 1 + LOOP_SHARE, "%s: %.1f against %.1f", subjects[i], measured, plain);
    cr_expect_gt(measured / plain, 1 - LOOP_SHARE, "%s: %.1f against %.1f", subjects[i], measured, plain);
  }
  shell("rm -rf %s", folder);
}
