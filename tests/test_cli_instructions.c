/* Counted instructions: the same number every time, and more for more work. */
#include "build_facts.h"
#include "tests/cli.h"

static double instructions_of(const json_t *result, const char *subject) {
  size_t i;
  json_t *row;
  json_array_foreach(json_object_get(result, "speed"), i, row) {
    if (strcmp(json_string_value(json_object_get(row, "subject")), subject) == 0)
      return json_number_value(json_object_get(row, "instructions"));
  }
  return -1;
}

static json_t *count(void) {
  const struct ran *ran = shell(BIN "/assay bench --count instructions --corpus %s --alg HS256 "
                                    "--subject openssl,openssl:init-per-call,null --json 2>/dev/null",
                                test_corpus());
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%s", ran->out);
  return result;
}

Test(cli_instructions, are_the_same_every_time_and_tell_variants_apart) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("instructions are counted on the Release build");
  if (shell("command -v valgrind >/dev/null")->code != 0)
    cr_skip_test("valgrind is not installed");
  json_t *first = count(), *again = count();
  double openssl = instructions_of(first, "openssl"), floor = instructions_of(first, "null");
  cr_expect_eq(openssl, instructions_of(again, "openssl"));
  cr_expect_eq(floor, instructions_of(again, "null"));
  cr_expect_gt(floor, 500);
  cr_expect_gt(openssl, floor + 1000);
  cr_expect_gt(instructions_of(first, "openssl:init-per-call"), openssl + 500);
  json_decref(first);
  json_decref(again);
}

/* Whatever stands in TMPDIR while workers run stays there if they are killed; but for the locked folder of
 * the counts, which the next start sweeps. */
Test(cli_instructions, counting_makes_no_files_that_a_kill_would_leave) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("instructions are counted on the Release build");
  if (shell("command -v valgrind >/dev/null")->code != 0)
    cr_skip_test("valgrind is not installed");
  const char *folder = fresh_folder(), *corpus = test_corpus();
  const struct ran *ran =
      shell("TMPDIR=%s " BIN "/assay bench --count instructions --corpus %s --alg HS256 --subject openssl "
            ">/dev/null 2>&1 & while kill -0 $! 2>/dev/null; do ls --ignore='assay-count-*' %s; sleep 0.05; "
            "done; wait $! && ls %s",
            folder, corpus, folder, folder);
  cr_expect_eq(ran->code, 0);
  cr_expect_str_eq(ran->out, "", "%.400s", ran->out);
  shell("rm -rf %s", folder);
}

Test(cli_instructions, nothing_else_can_be_counted) {
  COMPLAINS(shell(BIN "/assay bench --count cycles 2>&1"),
            "there is no count 'cycles'; there are: instructions");
  COMPLAINS(shell(BIN "/assay bench --count instructions --seconds 5 2>&1"), "--seconds is about times");
  COMPLAINS(shell(BIN "/assay run --count instructions 2>&1"), "--count is an option of `assay bench`");
}

Test(cli_instructions, kept_counts_are_gated) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("instructions are counted on the Release build");
  if (shell("command -v valgrind >/dev/null")->code != 0)
    cr_skip_test("valgrind is not installed");
  const char *folder = fresh_folder();
  const struct ran *ran =
      shell(BIN "/assay bench --count instructions --corpus %s --alg HS256 --subject openssl "
                "--output %s/a >/dev/null 2>&1 && " BIN
                "/assay bench --count instructions --corpus %s --alg HS256 --subject openssl --output %s/b "
                ">/dev/null 2>&1 && " BIN "/assay gate %s/a/result.json --against %s/b/result.json 2>&1",
            test_corpus(), folder, test_corpus(), folder, folder, folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "Instructions per token against"), "%s", ran->out);
  shell("rm -rf %s", folder);
}
