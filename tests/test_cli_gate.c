/* assay gate with two builds: verdicts before speed, the refusals, and the forms of its answer. What is slow
 * and what is not is never asserted here: that is for `assay selftest`. Runs alone. */
#include "build_facts.h"
#include "tests/cli.h"

#define SLOWER MODULES "/selftest/slower.so"

static json_t *json_of(const struct ran *ran) {
  json_error_t problem;
  json_t *json = json_loads(ran->out, 0, &problem);
  cr_assert_not_null(json, "%s: %s", problem.text, ran->out);
  return json;
}

static const char *string_in(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

/* The rows of one answer, those of verdicts or those of times; borrowed from json, to be released. */
static json_t *gates_of(const json_t *json, bool of_verdicts) {
  json_t *found = json_array(), *row;
  size_t i;
  json_array_foreach(json_object_get(json, "gates"), i, row) {
    if ((strcmp(string_in(row, "kind"), "verdicts") == 0) == of_verdicts)
      json_array_append(found, row);
  }
  return found;
}

static const struct ran *gate(const char *arguments) {
  test_corpus();
  return shell(BIN "/assay gate --corpus " TEST_CORPUS " %s 2>&1", arguments);
}

/* With that budget; where the machine starts workers slowly, with the one that the refusal asks for. */
static const struct ran *gate_within(double budget, const char *arguments) {
  for (int i = 0; i < 3; i++) {
    char text[1024];
    snprintf(text, sizeof text, "%s --budget %.0f", arguments, budget);
    const struct ran *ran = gate(text);
    const char *told = ran->code == 4 ? strstr(ran->out, "prove nothing, take ") : NULL;
    if (!told)
      return ran;
    budget = 2 * strtod(told + strlen("prove nothing, take "), NULL);
  }
  cr_assert_fail("no budget is long enough");
  return NULL;
}

/* As base and head may be commands with commas and names of their own. */
Test(cli_gate, sides_may_have_commas_and_labels) {
  if (shell("command -v python3 >/dev/null")->code != 0)
    cr_skip_test("there is no python3");
  COMPLAINS(gate("--base 'exec:no-such-program a,b' --head openssl"), "no-such-program a,b",
            "cannot be used");
  COMPLAINS(gate("--base openssl --head 'exec:no-such-program a,b'"), "no-such-program a,b",
            "cannot be used");
  const struct ran *ran = gate("--base old=openssl --head new=" TEST_MODULES "/liar.so --alg HS256");
  cr_expect_eq(ran->code, 2, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "new=" TEST_MODULES "/liar.so"), "the command to reproduce: %s",
                     ran->out);
}

Test(cli_gate, what_the_head_alone_has_is_named) {
  const struct ran *ran =
      gate("--base " TEST_MODULES "/told.so --head openssl"); /* told.so has HS256 alone */
  cr_expect_eq(ran->code, 3, "what the base refuses is not measured: %s", ran->out);
  cr_expect_not_null(strstr(ran->out, "only the head has HS384, HS512"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "base and head accept no token"), "%s", ran->out);
}

Test(cli_gate, a_verdict_that_became_wrong_fails_before_speed_is_looked_at) {
  const struct ran *ran = gate("--base openssl --head " TEST_MODULES "/liar.so --alg HS256 --json");
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  json_t *json = json_of(ran), *verdicts = gates_of(json, true), *speed = gates_of(json, false), *row;
  const json_t *gate = json_array_get(verdicts, 0);
  size_t i;
  cr_assert_str_eq(string_in(json, "schema"), "assay-result/2");
  cr_assert_eq(json_array_size(verdicts), 1);
  cr_assert_gt(json_array_size(json_object_get(gate, "findings")), 0);
  cr_assert_eq(json_array_size(speed), 0, "speed was looked at");
  cr_assert_str_eq(string_in(gate, "answer"), "wrong verdicts");
  bool accepted = false;
  json_int_t wrong = 0;
  json_array_foreach(json_object_get(gate, "findings"), i, row) {
    accepted |=
        strcmp(string_in(row, "head"), "accept") == 0 && strncmp(string_in(row, "base"), "reject ", 7) == 0;
    wrong += json_integer_value(json_object_get(row, "tokens"));
  }
  cr_assert(accepted, "%s", ran->out);
  cr_assert_eq(json_integer_value(json_object_get(gate, "wrong")), wrong);
  json_decref(speed);
  json_decref(verdicts);
  json_decref(json);
}

/* The first command that is shown to reproduce something, as a person would copy it. */
static const char *reproduction(const struct ran *ran) {
  static char command[4096];
  const char *at = strstr(ran->out, "reproduce: ");
  cr_assert_not_null(at, "%s", ran->out);
  at += strlen("reproduce: ");
  const char *end = strchr(at, '\n');
  while (end && end[-1] == '\\')
    end = strchr(end + 1, '\n');
  cr_assert(end && end - at < (long)sizeof command, "%s", ran->out);
  snprintf(command, sizeof command, "%.*s", (int)(end - at), at);
  return command;
}

Test(cli_gate, a_wrong_verdict_can_be_reproduced_by_the_command_shown) {
  const struct ran *ran = gate("--base openssl --head " TEST_MODULES "/liar.so --alg HS256");
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "The head accepts forged tokens that the base did not"), "%s",
                     ran->out);
  cr_expect_not_null(strstr(ran->out, "   wrong-key HS256, "), "a class without variants: %s", ran->out);
  const char *command = reproduction(ran), *token = strrchr(command, ' ') + 1;
  ran = shell("PATH=" BIN ":$PATH; %s 2>&1", command);
  cr_expect_eq(ran->code, 2, "exit %d: %s: %s", ran->code, command, ran->out);
  char line[512];
  snprintf(line, sizeof line, "token       %s\n", token);
  cr_expect_not_null(strstr(ran->out, line), "%s: %s", command, ran->out);
  cr_expect_not_null(strstr(ran->out, "\nliar  "), "%s: %s", command, ran->out);
  cr_expect_null(strstr(ran->out, "\nopenssl "), "the base was asked too: %s", ran->out);
}

Test(cli_gate, a_verdict_that_was_wrong_before_is_no_regression) {
  const struct ran *ran = gate_within(3, "--base " TEST_MODULES "/liar.so --head openssl --alg HS256 --json");
  cr_assert(ran->code != 2 && ran->code != 4, "exit %d: %s", ran->code, ran->out);
  json_t *json = json_of(ran), *verdicts = gates_of(json, true);
  cr_assert_str_eq(string_in(json_array_get(verdicts, 0), "answer"), "holds");
  json_decref(verdicts);
  json_decref(json);
}

Test(cli_gate, an_algorithm_that_went_away_is_a_verdict_regression) {
  const struct ran *ran = gate("--base openssl --head boringssl --alg Ed448");
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "unsupported"), "%s", ran->out);
}

Test(cli_gate, a_head_that_crashes_is_a_verdict_regression) {
  setenv("ASSAY_TEST_TRIGGER", "e", 1); /* nearly every token */
  const struct ran *ran = gate("--base openssl --head " TEST_MODULES "/crash.so --alg ES256");
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "crash"), "%s", ran->out);
}

Test(cli_gate, every_algorithm_gets_both_measures_and_an_interval) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("times are taken on the Release build");
  const struct ran *ran =
      gate_within(8, "--base " SLOWER ":0 --head " SLOWER ":50 --alg HS256,ES256 --threshold 1 --json");
  cr_assert(ran->code == 0 || ran->code == 1 || ran->code == 3, "exit %d: %s", ran->code, ran->out);
  json_t *json = json_of(ran), *speed = gates_of(json, false), *row;
  size_t i;
  unsigned slower = 0, noisy = 0;
  cr_assert_eq(json_array_size(speed), 4);
  json_array_foreach(speed, i, row) {
    cr_assert(json_is_number(json_object_get(row, "change_low")), "%s", ran->out);
    cr_assert(json_is_number(json_object_get(row, "change_high")), "%s", ran->out);
    cr_assert(json_is_number(json_object_get(row, "noise")), "%s", ran->out);
    cr_assert(string_in(row, "reason")[0], "%s", ran->out);
    slower += strcmp(string_in(row, "answer"), "slower") == 0;
    noisy += strcmp(string_in(row, "answer"), "too noisy") == 0;
  }
  cr_assert_eq(ran->code, slower ? 1 : noisy ? 3 : 0);
  cr_assert_gt(json_integer_value(json_object_get(json_object_get(json, "run"), "launches")), 0);
  json_decref(speed);
  json_decref(json);
}

Test(cli_gate, markdown_has_a_headline_and_the_whole_table_folded) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("times are taken on the Release build");
  const struct ran *ran =
      gate_within(3, "--base openssl --head openssl:init-per-call --alg HS256 --markdown");
  cr_assert(ran->code == 0 || ran->code == 1 || ran->code == 3, "exit %d: %s", ran->code, ran->out);
  cr_assert(strncmp(ran->out, "**assay gate: ", 14) == 0, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "<details>"), "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "| HS256 | head "), "%s", ran->out);
}

/* Builds are told by the labels that the sides were given. */
Test(cli_gate, builds_of_both_sides_are_shown_with_what_differs) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("times are taken on the Release build");
  const char *folder = fresh_folder();
  char arguments[256];
  snprintf(arguments, sizeof arguments,
           "--base old=openssl --head new=openssl:init-per-call --alg HS256 --output %s", folder);
  gate_within(3, arguments);
  static const char *const formats[] = {"terminal", "markdown", "html"};
  for (size_t i = 0; i < 3; i++) {
    const struct ran *ran = shell(BIN "/assay report %s/result.json --format %s 2>&1", folder, formats[i]);
    cr_expect_not_null(
        strstr(ran->out, "old and new differ in what the module is told (nothing against init-per-call)."),
        "%s: %s", formats[i], ran->out);
    cr_expect_not_null(strstr(ran->out, "modules/openssl.so"), "%s: %s", formats[i], ran->out);
  }
  const struct ran *ran = shell(BIN "/assay report %s/result.json --format html", folder);
  cr_expect_not_null(strstr(ran->out, "<b>new</b> the same library and module as old; told "
                                      "<code>init-per-call</code>"),
                     "%s", ran->out);
  shell("rm -rf %s", folder);
}

static void assert_same_build(const char *arguments) {
  const struct ran *ran = gate(arguments);
  cr_expect_eq(ran->code, 0, "%s: exit %d: %s", arguments, ran->code, ran->out);
  cr_expect_not_null(strstr(ran->out, "holds. Base and head are the same build"), "%s", ran->out);
}

/* Base and head are built in two folders. */
Test(cli_gate, a_module_does_not_say_where_it_was_built) {
  const struct ran *ran = shell("grep -caF \"$(realpath " BIN "/..)\" " MODULES "/openssl.so");
  cr_expect_str_eq(ran->out, "0\n");
}

/* As a change of documentation makes it, where builds can be repeated. */
Test(cli_gate, the_same_build_twice_holds) {
  const char *folder = fresh_folder();
  char arguments[512];
  snprintf(arguments, sizeof arguments, "--base openssl --head " MODULES "/openssl.so --output %s", folder);
  assert_same_build(arguments);
  static const char *const sentences[][2] = {
      {"terminal", "Base and head are the same build, byte for byte: there is nothing to compare."},
      {"markdown", "Base and head are the same build, byte for byte: there is nothing to compare."},
      {"html", "Base and head are the same build, byte for byte: there is nothing to compare."},
      {"junit", "<testcase classname=\"gate\" name=\"gate/verdicts/head\">\n   <system-out>base and head are "
                "the same build, byte for byte: there is nothing to compare</system-out>"},
      {"csv", "base and head are the same build, byte for byte: there is nothing to compare"},
  };
  for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
    const struct ran *ran =
        shell(BIN "/assay report %s/result.json --format %s 2>&1", folder, sentences[i][0]);
    cr_expect_not_null(strstr(ran->out, sentences[i][1]), "%s: %s", sentences[i][0], ran->out);
  }
  snprintf(arguments, sizeof arguments, "--base openssl --head %s/copy.so", folder);
  shell("cp " MODULES "/openssl.so %s/copy.so", folder);
  assert_same_build(arguments);
  shell("rm -rf %s", folder);
}

Test(cli_gate, what_cannot_be_measured_is_one_sentence) {
  COMPLAINS(gate("--base openssl --head boringssl --alg HS256 --budget 0.01"), "budget", "too short");
  COMPLAINS(gate("--base boringssl --head openssl --alg Ed448"), "the base has no Ed448");
  COMPLAINS(gate("--base openssl --head nowhere.so"), "nowhere.so");
  COMPLAINS(gate("--base openssl --head boringssl --alg HS255"), "HS256");
  COMPLAINS(gate("--base openssl"), "--head is missing");
  COMPLAINS(gate(""), "--base", "--against", "--history");
  COMPLAINS(gate("--base a --head b --against c"), "needs one of");
  COMPLAINS(gate("--base openssl --head boringssl --budget x"), "--budget", "'x'");
  COMPLAINS(gate("--base openssl --head boringssl --bugdet 1"), "--budget");
}

Test(cli_gate, an_algorithm_without_tokens_is_one_sentence) {
  const char *folder = fresh_folder();
  const struct ran *ran =
      shell(BIN "/assay-corpus generate --out %s/c --seed 7 --profile small 2>&1 && "
                "grep '\"alg\":\"HS256\"' %s/c/tokens.jsonl > %s/hs.jsonl; wc -l < %s/hs.jsonl",
            folder, folder, folder, folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  ran = shell(BIN "/assay-corpus import --out %s/hs --policy %s/c/policy.yaml -- %s/hs.jsonl 2>&1", folder,
              folder, folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  COMPLAINS(shell(BIN "/assay gate --corpus %s/hs --base openssl --head boringssl --alg ES256 2>&1", folder),
            "no token of the algorithms asked for");
  COMPLAINS(
      shell(BIN "/assay gate --corpus %s/hs --base openssl --head boringssl --alg HS256,ES256 2>&1", folder),
      "no valid token of ES256");
  COMPLAINS(shell(BIN "/assay bench --corpus %s/hs --subject openssl --alg HS256,ES256 2>&1", folder),
            "no valid token of ES256");
  shell("rm -rf %s", folder);
}

Test(cli_gate, ctrl_c_claims_nothing) {
  test_corpus();
  const struct ran *ran = shell("timeout --preserve-status -s INT 4 " BIN "/assay gate --corpus " TEST_CORPUS
                                " --base openssl --head openssl:init-per-call --alg HS256 --budget 100 2>&1");
  cr_assert_eq(ran->code, 130, "exit %d: %s", ran->code, ran->out);
  cr_assert_not_null(strstr(ran->out, "nothing is claimed"), "%s", ran->out);
  cr_assert_null(strstr(ran->out, "holds"), "%s", ran->out);
}

/* How often the module behind `slower` was asked in one check of the same tokens. */
static long calls(const char *variant) {
  const char *folder = fresh_folder();
  const struct ran *ran = shell("ASSAY_SLOWER_OF=" TEST_MODULES "/counter.so ASSAY_TEST_COUNT=%s/n " BIN
                                "/assay check --corpus " TEST_CORPUS " --subject " SLOWER
                                ":%s --alg HS256 >/dev/null 2>&1; awk '{ n += $1 } END { print n }' %s/n",
                                folder, variant, folder);
  long count = strtol(ran->out, NULL, 10);
  shell("rm -rf %s", folder);
  return count;
}

Test(cli_gate, the_injected_slowdown_is_as_much_more_work_as_it_says) {
  test_corpus();
  long none = calls("0"), ten = calls("10"), half = calls("50");
  cr_assert_gt(none, 100);
  /* What has not gathered to a whole call by the end is never made. */
  cr_expect_leq(labs(ten - none - none / 10), 2, "%ld and %ld", none, ten);
  cr_expect_leq(labs(half - none - none / 2), 2, "%ld and %ld", none, half);
}

/* Counted twice, by Callgrind to the instruction: a slowdown of a few per cent cannot be missed. */
Test(cli_gate, instructions_tell_a_slower_build_and_pass_an_equal_one) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("instructions are counted on the Release build");
  if (shell("command -v valgrind >/dev/null")->code != 0)
    cr_skip_test("valgrind is not installed");
  test_corpus();
  const struct ran *ran = shell(BIN "/assay gate --corpus " TEST_CORPUS " --base " SLOWER ":0 --head " SLOWER
                                    ":10 --alg HS256 --count instructions 2>&1");
  cr_expect_eq(ran->code, 1, "exit %d: %s", ran->code, ran->out);
  cr_expect_not_null(strstr(ran->out, "instructions"), "%s", ran->out);
  ran = shell(BIN "/assay gate --corpus " TEST_CORPUS " --base openssl --head " SLOWER
                  ":0 --alg HS256 --count instructions --threshold 10 2>&1");
  cr_expect_eq(ran->code, 0, "exit %d: %s", ran->code, ran->out);
  COMPLAINS(shell(BIN "/assay gate --base openssl --head boringssl --count cycles 2>&1"), "cycles");
}
