/* Whole verifiers as subjects: what each kind of answer counts as, and that nothing they say fails a run. */
#include "build_facts.h"
#include "tests/cli.h"
#include "tests/verdict_rows.h"

#define PARROT TEST_MODULES "/parrot.so"
#define TRUST                                                                                                \
  "\"keys\":{\"joe\":{\"keys\":[{\"kty\":\"oct\",\"k\":"                                                     \
  "\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}]}},"          \
  "\"policy\":{\"schema\":\"assay-policy/1\",\"now\":77,\"issuers\":[{\"iss\":\"joe\","                      \
  "\"algorithms\":[\"HS256\"]}]}"
#define REJECT(reason) "{\"verdict\":\"reject\",\"reason\":\"" reason "\"}"
#define ACCEPT "{\"verdict\":\"accept\"}"

/* One case, asked of the parrot alone; its one verdict row, which the caller releases. */
static json_t *row_of(const char *token, const char *expect, const char *more) {
  const char *folder = fresh_folder();
  shell(
      "printf '%%s' '{\"id\":\"one\",\"token\":\"%s\",\"class\":\"c\",\"alg\":\"HS256\",\"expect\":%s,%s%s}' "
      ">%s/cases.jsonl",
      token, expect, TRUST, more, folder);
  const struct ran *ran =
      shell(BIN "/assay check --cases %s/cases.jsonl --subject " PARROT " --hang-after 5 --json 2>/dev/null",
            folder);
  cr_assert_eq(ran->code, 0, "exit %d: what a verifier says is a finding, not a failure: %s", ran->code,
               ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  json_t *rows = verdict_rows(result);
  cr_assert_eq(json_array_size(rows), 1, "%s", ran->out);
  json_t *row = json_incref(json_array_get(rows, 0));
  json_decref(result);
  shell("rm -rf %s", folder);
  return row;
}

/* The row counts one token, under this name and no other. */
static void assert_counts(const char *token, const char *expect, const char *field) {
  static const char *const fields[] = {"right",    "wrong_verdict", "wrong_reason",
                                       "unmapped", "undecided",     "unsupported",
                                       "fault",    "crash",         "hang"};
  json_t *row = row_of(token, expect, "");
  cr_expect_str_eq(json_string_value(json_object_get(row, "level")), "whole");
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
    cr_expect_eq(json_integer_value(json_object_get(row, fields[i])), strcmp(fields[i], field) == 0,
                 "%s for '%s', expected %s: not %s alone", fields[i], token, expect, field);
  json_decref(row);
}

#define EXPIRED "registered-claims.expired"

Test(cli_whole, decisions_are_right_or_wrong_in_verdict_or_reason) {
  assert_counts("accept", ACCEPT, "right");
  assert_counts(EXPIRED, REJECT(EXPIRED), "right");
  assert_counts("accept", REJECT(EXPIRED), "wrong_verdict");
  assert_counts(EXPIRED, ACCEPT, "wrong_verdict");
  assert_counts("signature.invalid", REJECT(EXPIRED), "wrong_reason");
}

Test(cli_whole, a_refusal_without_a_reason_is_unmapped_and_of_a_good_token_wrong) {
  assert_counts("unmapped", REJECT(EXPIRED), "unmapped");
  assert_counts("unmapped", ACCEPT, "wrong_verdict");
}

Test(cli_whole, what_is_no_decision_is_counted_apart) {
  assert_counts("undecided", REJECT(EXPIRED), "undecided");
  assert_counts("unsupported", REJECT(EXPIRED), "unsupported");
  assert_counts("fault", REJECT(EXPIRED), "fault");
  assert_counts("crash", REJECT(EXPIRED), "crash");
}

Test(cli_whole, what_it_cannot_be_told_is_unsupported_and_never_a_pass) {
  assert_counts("accept", REJECT("registered-claims.replayed"), "unsupported");
  assert_counts("accept", REJECT("authorisation.scope"), "unsupported");
  assert_counts("authorisation.scope", REJECT("authorisation.scope"), "right");
  assert_counts("signature.invalid", REJECT("authorisation.scope"), "wrong_reason");
}

Test(cli_whole, an_example_leads_to_what_was_not_right) {
  json_t *row = row_of("accept", REJECT(EXPIRED), "");
  cr_expect_str_eq(json_string_value(json_array_get(json_object_get(row, "examples"), 0)), "one");
  json_decref(row);
  row = row_of("accept", ACCEPT, "");
  cr_expect_eq(json_array_size(json_object_get(row, "examples")), 0);
  json_decref(row);
}

Test(cli_whole, explain_prints_its_own_words_and_the_clock_is_the_policys_or_the_cases) {
  const char *folder = fresh_folder();
  shell("printf '%%s\\n%%s\\n' '{\"id\":\"a\",\"token\":\"unmapped\",%s}' "
        "'{\"id\":\"b\",\"token\":\"unmapped\",\"now\":99,%s}' >%s/cases.jsonl",
        TRUST, TRUST, folder);
#define EXPLAIN BIN "/assay check --cases %s/cases.jsonl --subject " PARROT " --explain %s 2>&1"
  const struct ran *ran = shell(EXPLAIN, folder, "a");
  cr_expect_not_null(strstr(ran->out, "reject, without saying why"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "at 77"), "%s", ran->out);
  ran = shell(EXPLAIN, folder, "b");
  cr_expect_not_null(strstr(ran->out, "at 99"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

Test(cli_whole, one_that_cannot_start_is_told_and_the_others_go_on) {
  const struct ran *ran =
      shell(BIN "/assay check --corpus %s --alg HS256 --subject openssl,gone=exec:/no/such/program 2>&1 "
                ">/dev/null",
            test_corpus());
  if (access(MODULES "/verifiers/exec.so", R_OK) != 0)
    cr_skip_test("the module exec is not built");
  cr_expect_eq(ran->code, 4, "%d", ran->code);
  cr_expect_not_null(strstr(ran->out, "gone is left out: "), "%s", ran->out);
}

Test(cli_whole, it_has_no_primitive) {
  const char *folder = fresh_folder();
  const struct ran *ran =
      shell(BIN "/assay check --level primitive --vectors %s --subject " PARROT " 2>&1", folder);
  cr_expect_eq(ran->code, 4, "%s", ran->out);
  shell("rm -rf %s", folder);
}

Test(cli_whole, a_group_that_is_none_is_an_unknown_subject) {
  COMPLAINS(shell(BIN "/assay check --subject backend 2>&1 --corpus %s", test_corpus()),
            "there is no subject 'backend'");
}
