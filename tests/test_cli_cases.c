/* assay check --cases: somebody's own tokens, asked of every backend, and nothing left behind. */
#include <signal.h>

#include "tests/cli.h"
#include "tests/verdict_rows.h"

/* RFC 7515 A.1 */
#define TOKEN                                                                                                \
  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."                                                                \
  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."          \
  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define JWK                                                                                                  \
  "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-"                                   \
  "1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}"
#define TRUST                                                                                                \
  "\"keys\":{\"joe\":{\"keys\":[" JWK                                                                        \
  "]}},\"policy\":{\"schema\":\"assay-policy/1\",\"issuers\":[{\"iss\":\"joe\","                             \
  "\"algorithms\":[\"HS256\"]}]}"
#define CASE(id, now, more) "{\"id\":\"" id "\",\"token\":\"" TOKEN "\"," TRUST ",\"now\":" now more "}\n"

/* The folder holds the cases, and is TMPDIR for what assay makes of them. */
static const char *folder_with(const char *lines) {
  const char *folder = fresh_folder();
  char path[128];
  snprintf(path, sizeof path, "%s/cases.jsonl", folder);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  fputs(lines, file);
  cr_assert_eq(fclose(file), 0);
  return folder;
}

#define CHECK "cd %s && TMPDIR=%s " BIN "/assay check --cases cases.jsonl --subject openssl "

/* Nothing but the cases themselves is left; then the folder goes. */
static void clean(const char *folder) {
  cr_expect_str_eq(shell("ls -A %s", folder)->out, "cases.jsonl\n");
  shell("rm -rf %s", folder);
}

Test(cli_cases, right_answers_end_with_0_and_wrong_ones_with_2) {
  const char *folder = folder_with(CASE("good", "1300819379", ",\"expect\":{\"verdict\":\"accept\"}") CASE(
      "late", "1300819999",
      ",\"alg\":\"HS256\",\"class\":\"mine\",\"expect\":{"
      "\"verdict\":\"reject\",\"reason\":\"registered-claims.expired\"}") CASE("asked", "1300819999", ""));
  const struct ran *ran = shell(CHECK "--json 2>&1", folder, folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  json_t *result = json_loads(ran->out, 0, NULL), *row;
  size_t i, right = 0;
  json_array_foreach(verdict_rows(result), i, row) {
    right += (size_t)json_integer_value(json_object_get(row, "right"));
  }
  cr_expect_eq(right, 2, "the third one is not scored");
  cr_expect_eq(json_array_size(json_object_get(result, "tokens")), 0, "somebody's own tokens are not kept");
  json_decref(result);
  clean(folder);
  folder = folder_with(
      CASE("good", "1300819379", ",\"expect\":{\"verdict\":\"reject\",\"reason\":\"signature.invalid\"}"));
  ran = shell(CHECK "2>&1", folder, folder);
  cr_expect_eq(ran->code, 2, "%s", ran->out);
  clean(folder);
}

Test(cli_cases, what_is_said_of_a_token_without_expectation_is_shown) {
  const char *folder = folder_with(CASE("scored", "1300819379", ",\"expect\":{\"verdict\":\"accept\"}")
                                       CASE("asked", "1300819379", "") CASE("asked-late", "1300819999", ""));
  const struct ran *ran = shell(CHECK "2>&1", folder, folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_expect(strstr(ran->out, "Answers that are not scored:\n"
                             "   asked: openssl: accept\n"
                             "   asked-late: openssl: reject registered-claims.expired\n"),
            "%s", ran->out);
  cr_expect_null(strstr(ran->out, "   scored: "), "%s", ran->out);
  shell("rm -rf %s", folder);
}

Test(cli_cases, a_policy_can_be_named_for_cases_without_one) {
  const char *folder =
      folder_with("{\"id\":\"x\",\"token\":\"" TOKEN "\",\"expect\":{\"verdict\":\"accept\"}}\n");
  COMPLAINS(shell(CHECK "2>&1", folder, folder),
            "assay check: cases.jsonl:1:1: the case has no policy, and there is no default one");
  shell("mkdir %s/p && echo '{\"keys\":[" JWK
        "]}' > %s/p/k.jwks && printf 'schema: assay-policy/1\\nnow: 1300819379\\n"
        "issuers:\\n  - iss: joe\\n    keys: k.jwks\\n    algorithms: [HS256]\\n' > %s/p/p.yaml",
        folder, folder, folder);
  const struct ran *ran = shell(CHECK "--policy p/p.yaml 2>&1", folder, folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "1 / 1"), "%s", ran->out);
  shell("rm -r %s/p", folder);
  clean(folder);
}

Test(cli_cases, what_is_wrong_in_a_line_passes_through_with_its_place) {
  const char *folder = folder_with(CASE("a", "1", "") "{\"id\":\"x\",\"tokn\":\"a\"}\n");
  const struct ran *ran = shell(CHECK "2>&1", folder, folder);
  cr_expect_eq(ran->code, 4);
  cr_expect_str_eq(ran->out, "assay check: cases.jsonl:2:11: unknown field 'tokn', did you mean 'token'?\n");
  clean(folder);
}

Test(cli_cases, cases_exclude_a_corpus_and_a_measurement) {
  const char *folder = folder_with("");
  const struct ran *ran = shell(CHECK "--corpus c 2>&1", folder, folder);
  cr_expect_eq(ran->code, 4);
  cr_expect_str_eq(
      ran->out, "assay check: --cases and --corpus exclude each other: cases make a corpus of their own\n");
  ran = shell("cd %s && " BIN "/assay bench --cases cases.jsonl 2>&1", folder);
  cr_expect_eq(ran->code, 4);
  cr_expect_str_eq(ran->out,
                   "assay bench: --cases is an option of `assay check`: speed is measured on a corpus\n");
  clean(folder);
}

Test(cli_cases, explain_tells_how_to_see_it_again) {
  const char *folder = folder_with(CASE("good", "1300819379", ""));
  const struct ran *ran = shell(CHECK "--explain good 2>&1", folder, folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "class       case, HS256\n"), "%s", ran->out);
  cr_expect_not_null(
      strstr(ran->out, "reproduce   assay check --subject openssl --cases cases.jsonl --explain good\n"),
      "%s", ran->out);
  clean(folder);
}

/* A token that hangs its worker leaves time for Ctrl-C. */
Test(cli_cases, an_interrupt_removes_the_temporary_corpus) {
  const char *folder = folder_with(CASE("good", "1300819379", ""));
  const struct ran *ran =
      shell("cd %s && (TMPDIR=%s ASSAY_TEST_TRIGGER=eyJpc3Mi " BIN
            "/assay check --cases cases.jsonl --hang-after 60 --subject " TEST_MODULES
            "/hang.so >out 2>&1 & echo $! > pid; wait $!; echo $? > code) & "
            "sleep 2; ls -d %s/assay-cases-*; kill -TERM $(cat %s/pid); wait; cat %s/code",
            folder, folder, folder, folder, folder);
  cr_expect_not_null(strstr(ran->out, "/assay-cases-"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "\n130\n"), "%s", ran->out);
  shell("rm -f %s/out %s/pid %s/code", folder, folder, folder);
  clean(folder);
}

/* The lines of the topic's example, as they stand. */
static const char *example_lines(void) {
  const char *help = shell(BIN "/assay help cases")->out, *at = strstr(help, "\n  {\"id\"");
  cr_assert_not_null(at, "%s", help);
  return folder_with(at);
}

Test(cli_cases, the_example_of_the_help_holds_also_through_a_pipe) {
  const char *folder = example_lines();
  const struct ran *ran = shell(CHECK "2>&1", folder, folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "3 / 3"), "%s", ran->out);
  ran = shell("cd %s && TMPDIR=%s " BIN "/assay check --cases - --subject openssl < cases.jsonl 2>&1", folder,
              folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "3 / 3"), "%s", ran->out);
  ran = shell("cd %s && sed s/issuers/isuers/ cases.jsonl | TMPDIR=%s " BIN
              "/assay check --cases - --subject openssl 2>&1",
              folder, folder);
  cr_expect_eq(ran->code, 4, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "standard input:"), "%s", ran->out);
  clean(folder);
}

#define TYPO_TRUST                                                                                           \
  "\"keys\":{\"joe\":{\"keys\":[" JWK                                                                        \
  "]}},\"policy\":{\"schema\":\"assay-policy/1\",\"leeway\":3,\"issuers\":[{"                                \
  "\"iss\":\"joe\",\"algorithms\":[\"HS256\"]}]}"
#define TYPO(id) "{\"id\":\"" id "\",\"token\":\"" TOKEN "\"," TYPO_TRUST "}\n"

Test(cli_cases, a_mistake_in_the_policy_of_a_line_ends_the_run_with_its_line) {
  static const char sentence[] = "policy: unknown field 'leeway', did you mean 'leeway_s'?\n";
  const char *folder = folder_with(CASE("a", "1300819379", "") TYPO("b") TYPO("c"));
  const struct ran *ran = shell(CHECK "2>&1", folder, folder);
  char expected[256];
  snprintf(expected, sizeof expected, "assay check: cases.jsonl:2: %s", sentence);
  cr_expect_eq(ran->code, 4, "%s", ran->out);
  cr_expect_str_eq(ran->out, expected);
  clean(folder);
  folder = folder_with(TYPO("first"));
  ran = shell(CHECK "2>&1", folder, folder);
  snprintf(expected, sizeof expected, "assay check: cases.jsonl:1: %s", sentence);
  cr_expect_str_eq(ran->out, expected);
  clean(folder);
}

Test(cli_cases, all_wrong_lines_are_told_in_one_run) {
  const char *folder = folder_with(CASE("a", "1", "") "{\"id\":\"x\",\"tokn\":\"a\"}\n{\"id\":7}\n");
  const struct ran *ran = shell(CHECK "2>&1", folder, folder);
  cr_expect_eq(ran->code, 4);
  cr_expect_str_eq(
      ran->out, "assay check: cases.jsonl:2:11: unknown field 'tokn', did you mean 'token'?\n"
                "assay check: cases.jsonl:3:7: 'id' is not a string of at most 512 printable characters\n");
  clean(folder);
}

Test(cli_cases, the_tokens_own_algorithm_decides_what_is_asked) {
  const char *folder = folder_with(CASE("hs", "1300819379", ""));
  COMPLAINS(shell(CHECK "--alg RS256 2>&1", folder, folder),
            "assay check: cases.jsonl has no token of the algorithms asked for");
  cr_expect_eq(shell(CHECK "--alg HS256 2>&1", folder, folder)->code, 0);
  clean(folder);
  folder = folder_with(CASE("hs", "1300819379", ",\"alg\":\"RS256\""));
  COMPLAINS(shell(CHECK "2>&1", folder, folder), "'alg' is RS256, but the token's header says 'HS256'");
  clean(folder);
}

/* An accepted bad token stays one whatever else is in its class, in either order. */
Test(cli_cases, each_token_is_held_against_its_own_expectation) {
  static const char *const orders[] = {CASE("good", "1300819379", ",\"expect\":{\"verdict\":\"accept\"}")
                                           CASE("bad", "1300819379", ",\"expect\":{\"verdict\":\"reject\"}"),
                                       CASE("bad", "1300819379", ",\"expect\":{\"verdict\":\"reject\"}") CASE(
                                           "good", "1300819379", ",\"expect\":{\"verdict\":\"accept\"}")};
  for (size_t i = 0; i < 2; i++) {
    const char *folder = folder_with(orders[i]);
    const struct ran *ran = shell(CHECK "2>&1", folder, folder);
    cr_expect_eq(ran->code, 2, "%s", ran->out);
    cr_expect_not_null(strstr(ran->out, "openssl accepted 1 bad token"), "%s", ran->out);
    clean(folder);
  }
}

/* From a suite that says valid or invalid to verdicts: the mapping's clock stands within the token's life. */
Test(cli_cases, a_suite_is_scored_by_what_it_says_of_its_tokens) {
  const char *folder = folder_with("{\"key\":" JWK ",\"tests\":[{\"jws\":\"" TOKEN "\",\"result\":\"valid\"},"
                                   "{\"jws\":\"" TOKEN "x\",\"result\":\"invalid\"}]}\n");
  const struct ran *ran = shell(
      "cd %s && echo "
      "'{\"tests\":\"/tests\",\"token\":\"/jws\",\"result\":\"/result\",\"keys\":\"/key\",\"now\":"
      "1300819000}' | " BIN "/assay corpus import cases.jsonl --format suite --mapping - --out suite && " BIN
      "/assay check --corpus suite --subject openssl",
      folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "2 / 2"), "%s", ran->out);
  shell("rm -rf %s", folder);
}
