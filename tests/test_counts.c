/* True counts: what is said of many tokens holds for each of them, in every format and in either order of
 * lines; counters add up to the tokens that were asked. */
#include "build_facts.h"
#include "harness/base/answer.h"
#include "tests/cli.h"
#include "tests/sample_result.h"
#include "tests/verdict_rows.h"

#define PARROT TEST_MODULES "/parrot.so"
#define TRUST                                                                                                \
  "\"keys\":{\"joe\":{\"keys\":[{\"kty\":\"oct\",\"k\":"                                                     \
  "\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}]}},"          \
  "\"policy\":{\"schema\":\"assay-policy/1\",\"now\":77,\"issuers\":[{\"iss\":\"joe\","                      \
  "\"algorithms\":[\"HS256\"]}]}"

/* The parrot answers what a token says, "accept" or a reason; this is one case of it. */
static void add_case(FILE *file, const char *id, const char *token, const char *expect, const char *more) {
  fprintf(file, "{\"id\":\"%s\",\"token\":\"%s\",\"class\":\"mix\",\"expect\":%s,%s%s}\n", id, token, expect,
          TRUST, more);
}

#define ACCEPT "{\"verdict\":\"accept\"}"
#define EXPIRED "{\"verdict\":\"reject\",\"reason\":\"registered-claims.expired\"}"

/* A good token that is accepted and a bad one that is, in one class. */
static void write_mixed(const char *folder, bool bad_first) {
  char *path = NULL;
  result_setf(&path, "%s/cases.jsonl", folder);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  if (!bad_first)
    add_case(file, "good", "accept", ACCEPT, "");
  add_case(file, "bad", "accept", EXPIRED, "");
  if (bad_first)
    add_case(file, "good", "accept", ACCEPT, "");
  fclose(file);
  free(path);
}

static void assert_says(const char *folder, const char *format, const char *pattern) {
  const struct ran *ran = shell(BIN "/assay report %s/out/result.json --format %s 2>&1", folder, format);
  cr_expect_eq(ran->code, 0, "%s: %s", format, ran->out);
  ran = shell(BIN "/assay report %s/out/result.json --format %s | grep -cE -- '%s'", folder, format, pattern);
  cr_expect_neq(atoi(ran->out), 0, "%s does not say: %s", format, pattern);
  ran = shell(BIN "/assay report %s/out/result.json --format %s | grep -ciE 'refused 1|refused_good'", folder,
              format);
  cr_expect_eq(atoi(ran->out), 0, "%s says that a good token was refused", format);
}

static void assert_mixed(bool bad_first) {
  const char *folder = fresh_folder();
  write_mixed(folder, bad_first);
  const struct ran *ran = shell(BIN "/assay check --cases %s/cases.jsonl --subject " PARROT
                                    " --fail-on accept --output %s/out 2>&1 >/dev/null",
                                folder, folder);
  cr_expect_eq(ran->code, 2, "exit %d: %s", ran->code, ran->out);
  cr_expect_not_null(strstr(ran->out, "accepted 1 bad token\n"), "%s", ran->out);
  assert_says(folder, "terminal", "accepted bad tokens of 1 class");
  assert_says(folder, "markdown", "accepted bad tokens of 1 class");
  assert_says(folder, "html", "accepted a bad token");
  assert_says(folder, "json", "\"accepted\":1");
  assert_says(folder, "csv", "^finding.*reject registered-claims.expired");
  assert_says(folder, "junit", "accepted 1 bad token");
  assert_says(folder, "sarif", "accepted 1 bad token");
  assert_says(folder, "openmetrics", "assay_tokens_total.*verdict=\"accepted\",.*expired.* 1$");
  shell("rm -rf %s", folder);
}

/* The token of RFC 7515 A.1, which expired in 2011. */
#define JOE                                                                                                  \
  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGF" \
  "tcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

/* A bad token that is accepted and one of which nothing is expected, that is refused, of one class and
 * algorithm: what stands below a finding is of its own token. */
Test(counts, particulars_are_of_the_token_that_they_stand_with) {
  const char *folder = fresh_folder();
  char *path = NULL;
  result_setf(&path, "%s/cases.jsonl", folder);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  add_case(file, "asked", JOE, "{\"verdict\":\"any\"}", ",\"now\":1500000000");
  add_case(file, "bad", JOE, EXPIRED, "");
  fclose(file);
  free(path);
  const struct ran *ran =
      shell(BIN "/assay check --cases %s/cases.jsonl --subject openssl,parrot=" PARROT
                " --output %s/out 2>/dev/null >/dev/null; for f in terminal markdown junit sarif; do " BIN
                "/assay report %s/out/result.json --format $f; done",
            folder, folder, folder);
  cr_expect_null(strstr(ran->out, "1 tokens"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "mix HS256: openssl accepted 1 bad token; expected: reject "
                                      "registered-claims.expired\n     openssl: accept"),
                     "%s", ran->out);
  shell("rm -rf %s", folder);
}

/* The example of a kind is a token of that kind, and so are the answers to it. */
Test(counts, an_example_is_of_its_kind) {
  struct result *result = result_new();
  struct result_verdict *row = result_add_verdict(result);
  result_set(&row->expected, "reject");
  result_set(&row->subject, "s");
  verdict_count(row, KIND_ACCEPTED, 1);
  verdict_count(row, KIND_CRASH, 2);
  strings_add(&row->examples, "accepted");
  strings_add(&row->examples, "crashed");
  cr_expect_str_eq(verdict_example(row, 1u << KIND_CRASH), "crashed");
  cr_expect_str_eq(verdict_example(row, 1u << KIND_CRASH | 1u << KIND_ACCEPTED), "accepted");
  cr_expect_str_eq(verdict_example(row, 1u << KIND_HANG), "");
  static const char *const of[][2] = {{"any", "crash"}, {"reject", "accept"}, {"reject", "crash"}};
  for (size_t i = 0; i < 3; i++) {
    struct result_drift *drift = result_add_drift(result);
    struct result_answer *answer = drift_add_answer(drift);
    result_set(&drift->expected, of[i][0]);
    result_set(&answer->subject, "s");
    result_set(&answer->answer, of[i][1]);
  }
  cr_expect_eq(verdict_drift(result, row, KIND_CRASH), &result->drift[2]);
  cr_expect_eq(verdict_drift(result, row, KIND_ACCEPTED), &result->drift[1]);
  cr_expect_null(verdict_drift(result, row, KIND_HANG));
  result_free(result);
}

Test(counts, an_accepted_bad_token_is_that_behind_a_good_one) {
  assert_mixed(false);
}

Test(counts, an_accepted_bad_token_is_that_before_a_good_one) {
  assert_mixed(true);
}

static void assert_adds_up(const struct result *result) {
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    uint64_t sum = 0;
    for (int kind = 0; kind <= KIND_COUNT; kind++)
      sum += result_count(row, (enum answer_kind)kind);
    cr_expect_eq(sum, row->tokens, "%s %s/%s %s", row->subject, row->class_id, row->variant, row->alg);
  }
}

Test(counts, rows_are_of_one_expectation_each) {
  const char *folder = fresh_folder();
  char *path = NULL;
  result_setf(&path, "%s/cases.jsonl", folder);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  add_case(file, "a", "accept", ACCEPT, "");
  add_case(file, "b", "signature.invalid", ACCEPT, "");
  add_case(file, "c", "signature.invalid", EXPIRED, "");
  add_case(file, "d", "unmapped", EXPIRED, "");
  add_case(file, "e", "accept", "{\"verdict\":\"any\"}", "");
  fclose(file);
  free(path);
  const struct ran *ran =
      shell(BIN "/assay check --cases %s/cases.jsonl --subject " PARROT " --json 2>/dev/null", folder);
  struct assay_error error = {0};
  struct result *result = result_parse(ran->out, strlen(ran->out), "it", &error);
  cr_assert_not_null(result, "%s", error.text);
  cr_assert_eq(result->verdict_count, 3);
  unsigned refused = 0, accepted = 0;
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    refused += row->refused;
    accepted += row->accepted;
    if (result_expects(row) == EXPECT_REJECT) {
      cr_expect_eq(row->tokens, 2);
      cr_expect_eq(result_verdict_right(row), 2, "a reason that is not told is no wrong verdict");
      cr_expect_eq(row->wrong_reason, 1);
      cr_assert_eq(row->given_count, 1);
      cr_expect_str_eq(row->given[0].answer, "reject signature.invalid");
      cr_expect_str_eq(row->given[0].example, "c");
    }
  }
  cr_expect_eq(refused, 1);
  cr_expect_eq(accepted, 0);
  assert_adds_up(result);
  result_free(result);
  shell("rm -rf %s", folder);
}

/* Of a real run, with an algorithm that some backend lacks. */
Test(counts, counters_add_up_to_the_tokens) {
  const char *folder = fresh_folder();
  char *path = NULL;
  shell(BIN "/assay check --corpus %s --alg HS256,ES256K --subject default --output %s >/dev/null 2>&1",
        test_corpus(), folder);
  result_setf(&path, "%s/result.json", folder);
  struct assay_error error = {0};
  struct result *result = result_read(path, &error);
  cr_assert_not_null(result, "%s", error.text);
  free(path);
  shell("rm -rf %s", folder);
  cr_assert_gt(result->verdict_count, 100);
  assert_adds_up(result);
  result_free(result);
}

/* 1,200 tokens of which nothing is expected: the result keeps the first and says how many it does not; a file
 * of answers has each of them. */
Test(counts, no_answer_goes_without_a_word) {
  const char *folder = fresh_folder();
  char *path = NULL;
  result_setf(&path, "%s/cases.jsonl", folder);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  for (unsigned i = 0; i < 1200; i++) {
    char id[16];
    snprintf(id, sizeof id, "t%04u", i);
    add_case(file, id, i % 2 ? "accept" : "signature.invalid", "{\"verdict\":\"any\"}", "");
  }
  fclose(file);
  free(path);
#define CHECK BIN "/assay check --cases %s/cases.jsonl --subject parrot=" PARROT
  cr_expect_not_null(strstr(shell(CHECK " 2>/dev/null", folder)->out,
                            "   200 more, which the result does not keep: assay check --answers FILE\n"));
  cr_expect_eq(atoi(shell(CHECK " --json 2>/dev/null | grep -c '\"answers_left_out\":200,'", folder)->out),
               1);
  const struct ran *ran =
      shell(CHECK " --answers - 2>/dev/null | grep -c '\"parrot\":{\"verdict\":\"accept\",\"reason\":\"\"'",
            folder);
  cr_expect_eq(atoi(ran->out), 600, "%s", ran->out);
  cr_expect_eq(atoi(shell(CHECK " --answers - 2>/dev/null | grep -c '\"words\":\"at 77\"}'", folder)->out),
               1200);
  ran = shell(CHECK " --answers %s/all.csv >/dev/null 2>&1; sed -n '2p;1201p' %s/all.csv; wc -l <%s/all.csv",
              folder, folder, folder, folder);
  cr_expect_str_eq(ran->out, "t0000,mix,,-,any,false,parrot,reject,signature.invalid,unscored,at 77\r\n"
                             "t1199,mix,,-,any,false,parrot,accept,,unscored,at 77\r\n1201\n");
  ran = shell(
      CHECK
      " --answers %s/all.xml >/dev/null 2>&1; xmllint --xpath 'concat(//@tests, \" \", count(//testcase))' "
      "%s/all.xml; grep -c '<testcase' %s/all.xml",
      folder, folder, folder, folder);
  cr_expect_str_eq(ran->out, "1200 1200\n1200\n");
  ran = shell("grep -c '<skipped message=\"reject signature.invalid\"/>' %s/all.xml; grep -o 'skipped=.*' "
              "%s/all.xml",
              folder, folder);
  cr_expect_str_eq(ran->out, "600\nskipped=\"1200\">\n", "%s", ran->out);
  cr_expect_str_eq(shell(CHECK " --format answers 2>/dev/null | wc -l", folder)->out, "1200\n");
  cr_expect_eq(atoi(shell(CHECK " --format junit 2>/dev/null | grep -c '<testsuites'", folder)->out), 1);
  COMPLAINS(shell(BIN "/assay check --format junti 2>&1"), "junit");
  ran = shell(CHECK " --answers %s/no/all.csv 2>&1 >/dev/null", folder, folder);
  cr_expect_eq(ran->code, 4);
  cr_expect_not_null(strstr(ran->out, "all.csv: No such file or directory"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

Test(counts, standard_output_is_for_one) {
  COMPLAINS(shell(BIN "/assay check --answers - --json 2>&1"), "--answers - and --json exclude each other");
  COMPLAINS(shell(BIN "/assay check --answers - --format csv 2>&1"),
            "--answers - and --format csv exclude each other");
  COMPLAINS(shell(BIN "/assay check --format foo 2>&1"), "terminal", ", answers");
  COMPLAINS(
      shell(BIN "/assay check --corpus %s --subject null --answers /nosuch/all.csv 2>&1", test_corpus()),
      "--answers: cannot write /nosuch/all.csv: No such file or directory");
  COMPLAINS(shell(BIN "/assay bench --answers x 2>&1"), "--answers is an option of `assay check`");
}

static struct result *parsed(const char *verdict, struct assay_error *error) {
  struct result *result = result_new();
  char *newer = sample_render("json", result, (struct result_view){0}), *text = as_version_1(newer);
  char *at = strstr(text, "\"verdicts\":[]"), *whole = NULL;
  free(newer);
  cr_assert_not_null(at);
  at[strlen("\"verdicts\":[")] = '\0';
  result_setf(&whole,
              "%s{\"level\":\"whole\",\"subject\":\"s\",\"class\":\"c\",\"variant\":\"\",\"stage\":\"-\","
              "\"alg\":\"-\",%s}]%s",
              text, verdict, at + strlen("\"verdicts\":[]"));
  result_free(result);
  result = result_parse(whole, strlen(whole), "old.json", error);
  free(whole);
  free(text);
  return result;
}

Test(counts, older_results_are_read_by_what_they_expect) {
  struct assay_error error = {0};
  struct result *result =
      parsed("\"expected\":\"accept\",\"tokens\":3,\"right\":1,\"wrong_verdict\":2", &error);
  cr_assert_not_null(result, "%s", error.text);
  cr_expect_eq(result->verdicts[0].refused, 2);
  cr_expect_eq(result->verdicts[0].accepted, 0);
  result_free(result);
  result = parsed("\"expected\":\"reject a.b\",\"tokens\":3,\"right\":1,\"wrong_verdict\":2", &error);
  cr_assert_not_null(result, "%s", error.text);
  cr_expect_eq(result->verdicts[0].accepted, 2);
  result_free(result);
  result = parsed("\"expected\":\"any\",\"tokens\":3,\"unsupported\":1", &error);
  cr_assert_not_null(result, "%s", error.text);
  cr_expect_eq(result->verdicts[0].unscored, 2);
  result_free(result);
}

Test(counts, counters_of_more_than_the_tokens_are_no_result) {
  struct assay_error error = {0};
  cr_assert_null(parsed("\"expected\":\"accept\",\"tokens\":3,\"right\":2,\"refused\":2", &error));
  cr_expect_str_eq(error.text, "old.json: verdicts[0]: its counters come to more than its tokens");
}

/* One answer, or answers that agree, make no difference. */
Test(counts, no_finding_is_made_of_no_difference) {
  static const char *const answers[][3] = {{"accept", NULL, NULL},
                                           {"reject signature.invalid", "reject unmapped", NULL},
                                           {"accept", "reject unmapped", "differ"}};
  for (size_t i = 0; i < 3; i++) {
    struct result *result = result_new();
    struct result_drift *drift = result_add_drift(result);
    result_set(&drift->expected, "any");
    result_set(&drift->example, "one");
    for (size_t s = 0; s < 2 && answers[i][s]; s++) {
      struct result_answer *answer = drift_add_answer(drift);
      result_printf(&answer->subject, "subject-%zu", s);
      result_set(&answer->answer, answers[i][s]);
    }
    char *text = sample_render("sarif", result, (struct result_view){0});
    cr_expect_eq(strstr(text, "Subjects differ") != NULL, answers[i][2] != NULL, "%zu", i);
    free(text);
    result_free(result);
  }
}
