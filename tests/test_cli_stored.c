/* assay gate on stored results that are written here, so that every figure is known. */
#include "tests/stored_results.h"

TestSuite(cli_stored, .init = set_up, .fini = tear_down);

Test(cli_stored, against_a_stored_result_small_changes_hold_and_it_says_so) {
  put("base.json", quiet);
  put("same.json", (struct given){.ns = 1005, .low = 995, .high = 1015});
  const struct ran *ran = assay("gate same.json --against base.json");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "measured at different times"), "%s", ran->out);
}

Test(cli_stored, against_a_stored_result_a_clear_slowdown_fails) {
  put("base.json", quiet);
  put("slow.json", (struct given){.ns = 1100, .low = 1090, .high = 1110});
  put("below.json", (struct given){.ns = 1030, .low = 1025, .high = 1035});
  cr_assert_eq(assay("gate slow.json --against base.json")->code, 1);
  cr_assert_eq(assay("gate base.json --against slow.json")->code, 0, "faster holds");
  cr_assert_eq(assay("gate below.json --against base.json")->code, 0, "below the threshold");
  cr_assert_eq(assay("gate below.json --against base.json --threshold 1")->code, 1);
}

Test(cli_stored, a_result_without_an_interval_or_with_a_wide_one_is_no_pass) {
  put("base.json", quiet);
  put("wide.json", (struct given){.ns = 1000, .low = 800, .high = 1200});
  put("none.json", (struct given){.ns = 1000, .low = NAN, .high = NAN});
  cr_assert_eq(assay("gate wide.json --against base.json")->code, 3);
  cr_assert_eq(assay("gate none.json --against base.json")->code, 3);
}

static void say(struct result *result, const char *const *words) {
  for (; *words; words++)
    strings_add(&result->command, *words);
}

/* As its own run asked, or another corpus has no such token. */
Test(cli_stored, a_verdict_regression_is_reproduced_as_the_new_run_asked) {
  struct result *head = new_result((struct given){.wrong = 3});
  say(head, (const char *const[]){"assay", "run", "--corpus", "my corpus", "--subject=wolfssl,openssl=a.so",
                                  "--policy", "p.yaml", "--seconds", "3", NULL});
  strings_add(&head->verdicts[0].examples, "signature/bitflip/ES256/0001");
  keep("base.json", new_result(quiet));
  keep("head.json", head);
  static const char wanted[] = "reproduce: assay check --subject openssl=a.so --corpus 'my corpus' --policy "
                               "p.yaml --explain \\\n       signature/bitflip/ES256/0001\n";
  const struct ran *ran = assay("gate head.json --against base.json --output kept");
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, wanted), "%s", ran->out);
  ran = assay("report kept/result.json");
  cr_expect_not_null(strstr(ran->out, wanted), "%s", ran->out);
}

Test(cli_stored, a_vector_is_named_since_no_command_explains_it) {
  struct result *head = new_result((struct given){.wrong = 3}), *base = new_result(quiet);
  base->verdicts[0].level = LEVEL_GUARDED;
  head->verdicts[0].level = LEVEL_GUARDED;
  strings_add(&head->verdicts[0].examples, "suite.json/12");
  keep("base.json", base);
  keep("head.json", head);
  const struct ran *ran = assay("gate head.json --against base.json");
  cr_expect_not_null(strstr(ran->out, "     vector: suite.json/12\n"), "%s", ran->out);
  cr_expect_null(strstr(ran->out, "--explain"), "%s", ran->out);
}

Test(cli_stored, a_verdict_regression_comes_first) {
  put("base.json", quiet);
  put("bad.json", (struct given){.ns = 2000, .low = 1990, .high = 2010, .wrong = 3});
  const struct ran *ran = assay("gate bad.json --against base.json");
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "bitflip/signature"), "%s", ran->out);
  cr_assert_eq(assay("gate base.json --against bad.json")->code, 0, "wrong before, right now");
}

Test(cli_stored, what_the_new_result_lacks_is_no_pass) {
  struct given unasked = quiet;
  unasked.no_ask = true;
  struct result *base = new_result(quiet);
  add_speed(base, quiet);
  result_set(&add_speed(base, quiet)->alg, "RS256");
  keep("base.json", base);
  put("less.json", quiet);
  put("unasked.json", unasked);
  const struct ran *ran = assay("gate less.json --against base.json");
  cr_expect_eq(ran->code, 3, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "the head lacks times of openssl: RS256"), "%s", ran->out);
  cr_expect_eq(assay("gate less.json --against base.json --anyway")->code, 0);
  ran = assay("gate base.json --against less.json");
  cr_expect_eq(ran->code, 0, "more is no loss: %s", ran->out);
  cr_expect_not_null(strstr(ran->out, "only the head has times of openssl: RS256"), "%s", ran->out);
  ran = assay("gate unasked.json --against less.json");
  cr_expect_eq(ran->code, 3, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "the head lacks all answers of openssl to 100 tokens"), "%s", ran->out);
  ran = assay("gate less.json --against unasked.json");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "verdicts were not compared"), "%s", ran->out);
}

Test(cli_stored, a_wrong_verdict_in_a_measured_loop_fails) {
  struct given wrong = quiet;
  wrong.wrong_loop = true;
  put("base.json", quiet);
  put("wrong.json", wrong);
  const struct ran *ran = assay("gate wrong.json --against base.json");
  cr_expect_eq(ran->code, 2, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "openssl ES256, in the measured loop"), "%s", ran->out);
}

Test(cli_stored, options_that_would_do_nothing_are_refused) {
  put("a.json", quiet);
  put("b.json", (struct given){.ns = 1005, .low = 995, .high = 1015});
  COMPLAINS(assay("gate a.json --against b.json --alg ES256"), "--alg is for --base and --head");
  COMPLAINS(assay("gate a.json --against b.json --budget 5"), "--budget is for --base and --head");
  COMPLAINS(assay("gate --base openssl --head boringssl --anyway"), "--anyway is for stored results");
  COMPLAINS(assay("gate a.json --against b.json --json --markdown"), "exclude each other");
}

Test(cli_stored, a_kept_gate_becomes_test_cases) {
  put("base.json", quiet);
  put("slow.json", (struct given){.ns = 1100, .low = 1090, .high = 1110});
  put("none.json", (struct given){.ns = 1000, .low = NAN, .high = NAN});
  put("bad.json", (struct given){.ns = 1000, .low = 990, .high = 1010, .wrong = 3});
  const char *suite = junit_of("base.json --against slow.json", 0);
  cr_assert_not_null(strstr(suite, "tests=\"2\" failures=\"0\" errors=\"0\""), "%s", suite);
  suite = junit_of("slow.json --against base.json", 1);
  cr_assert_not_null(strstr(suite, "tests=\"2\" failures=\"1\" errors=\"0\""), "%s", suite);
  suite = junit_of("none.json --against base.json", 3);
  cr_assert_not_null(strstr(suite, "tests=\"2\" failures=\"0\" errors=\"1\""), "too noisy is no pass: %s",
                     suite);
  suite = junit_of("bad.json --against base.json", 2);
  cr_assert_not_null(strstr(suite, "tests=\"1\" failures=\"1\" errors=\"0\""), "%s", suite);
  cr_assert_not_null(strstr(suite, "bitflip/signature"), "%s", suite);
}

Test(cli_stored, a_gate_takes_the_place_of_an_earlier_one) {
  put("base.json", quiet);
  put("slow.json", (struct given){.ns = 1100, .low = 1090, .high = 1110});
  junit_of("slow.json --against base.json", 1);
  const char *suite = junit_of("kept/result.json --against slow.json", 0);
  cr_assert_not_null(strstr(suite, "tests=\"2\" failures=\"0\""), "%s", suite);
}

Test(cli_stored, results_that_cannot_be_compared_are_refused_unless_anyway) {
  struct given other = quiet;
  put("base.json", quiet);
  other.corpus = "c1";
  put("corpus.json", other);
  other = quiet;
  other.cpu = "another";
  put("machine.json", other);
  other = quiet;
  other.sanitizer = "address";
  put("asan.json", other);
  static const char *const bad[][2] = {
      {"corpus", "corpora"}, {"machine", "machines"}, {"asan", "sanitizers"}};
  for (size_t i = 0; i < 3; i++) {
    char line[128];
    snprintf(line, sizeof line, "compare base.json %s.json", bad[i][0]);
    COMPLAINS(assay(line), bad[i][1], "--anyway");
    snprintf(line, sizeof line, "compare base.json %s.json --anyway", bad[i][0]);
    cr_expect_eq(assay(line)->code, 0, "%s", line);
    snprintf(line, sizeof line, "gate %s.json --against base.json", bad[i][0]);
    COMPLAINS(assay(line), bad[i][1], "--anyway");
    snprintf(line, sizeof line, "gate %s.json --against base.json --anyway", bad[i][0]);
    cr_expect_eq(assay(line)->code, 0, "%s", line);
  }
}

/* Ten results or more, each so much above or below 1,000 ns. */
static void history(const double *ns, unsigned count) {
  char name[32];
  for (unsigned i = 0; i < count; i++) {
    snprintf(name, sizeof name, "h%02u.json", i);
    put(name, (struct given){.ns = ns[i], .low = ns[i] - 9, .high = ns[i] + 9, .day = i + 1});
  }
}

Test(cli_stored, against_history_what_is_usual_holds_and_what_is_not_fails) {
  const double ns[] = {1000, 1004, 998, 1003, 1001, 997, 1002, 1000, 1005, 1001};
  history(ns, 10);
  put("new.json", (struct given){.ns = 1009, .low = 1000, .high = 1018, .day = 20});
  put("slow.json", (struct given){.ns = 1050, .low = 1040, .high = 1060, .day = 20});
  cr_assert_eq(assay("gate new.json --history h*.json")->code, 0);
  const struct ran *ran = assay("gate slow.json --history h*.json");
  cr_assert_eq(ran->code, 1, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "3 IQR of past changes"), "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "the newest of 2026-01-10T00:00:00Z (h09.json)"), "%s", ran->out);
}

Test(cli_stored, a_named_threshold_lets_through_what_is_more_than_usual) {
  const double ns[] = {1000, 1004, 998, 1003, 1001, 997, 1002, 1000, 1005, 1001};
  history(ns, 10);
  put("slow.json", (struct given){.ns = 1050, .low = 1040, .high = 1060, .day = 20});
  cr_expect_eq(assay("gate slow.json --history h*.json --threshold 4")->code, 1);
  const struct ran *ran = assay("gate slow.json --history h*.json --threshold 8");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "8.00 %  holds"), "%s", ran->out);
  cr_expect_eq(assay("gate slow.json --history h*.json --threshold ES256=8")->code, 0);
  cr_expect_eq(assay("gate slow.json --history h*.json --threshold RS256=8")->code, 1);
}

/* One result is one, however often it is named. */
Test(cli_stored, a_history_counts_every_result_once) {
  const double ns[] = {1000, 1004, 998, 1003, 1001};
  history(ns, 5);
  put("new.json", (struct given){.ns = 1005, .low = 1000, .high = 1010, .day = 20});
  COMPLAINS(assay("gate new.json --history h*.json h*.json"), "at least 10", "not 5", "5 given before");
}

Test(cli_stored, a_history_that_jumps_is_too_noisy) {
  const double ns[] = {1000, 1300, 900, 1250, 1001, 1400, 1002, 1200, 905, 1001};
  history(ns, 10);
  put("new.json", (struct given){.ns = 1009, .low = 1000, .high = 1018, .day = 20});
  cr_assert_eq(assay("gate new.json --history h*.json")->code, 3);
}

Test(cli_stored, a_history_of_nine_is_refused) {
  const double ns[] = {1000, 1004, 998, 1003, 1001, 997, 1002, 1000, 1005};
  history(ns, 9);
  put("new.json", (struct given){.ns = 1000, .low = 990, .high = 1010, .day = 20});
  COMPLAINS(assay("gate new.json --history h*.json"), "at least 10", "not 9");
  const double more[] = {1000, 1004, 998, 1003, 1001, 997, 1002, 1000, 1005, 1001};
  history(more, 10);
  COMPLAINS(assay("gate h09.json --history h*.json"), "at least 10", "not 9"); /* not itself */
}

Test(cli_stored, the_order_of_history_is_its_time) {
  const double ns[] = {1000, 1004, 998, 1003, 1001, 997, 1002, 1000, 1005, 1001};
  history(ns, 10);
  put("h99.json", (struct given){.ns = 500, .low = 490, .high = 510, .day = 1});
  put("new.json", (struct given){.ns = 1005, .low = 1000, .high = 1010, .day = 20});
  cr_assert_eq(assay("gate new.json --history h*.json")->code, 0, "the newest is not the last named");
}

Test(cli_stored, broken_files_are_one_sentence_with_the_place) {
  put("base.json", quiet);
  shell("cd %s && head -c 200 base.json > cut.json && sed 's/assay-result.2/assay-result\\/9/' base.json > "
        "schema.json && sed 's/1000.0/NaN/' base.json > nan.json",
        folder);
  static const char *const names[] = {"cut.json", "schema.json", "nan.json", "missing.json"};
  for (size_t i = 0; i < 4; i++) {
    char line[128];
    snprintf(line, sizeof line, "gate %s --against base.json", names[i]);
    COMPLAINS(assay(line), names[i]);
    snprintf(line, sizeof line, "compare base.json %s", names[i]);
    COMPLAINS(assay(line), names[i]);
  }
}

/* Or a key that is looked for longest would be compared with one that is found at once. */
Test(cli_stored, key_sets_are_compared_by_where_the_right_key_stands) {
  static const struct given slow = {.ns = 4000, .low = 3990, .high = 4010};
  struct result *base = new_result(quiet), *head = new_result(quiet);
  add_keyset(base, quiet, 1000, false, "first");
  add_keyset(base, slow, 1000, false, "last");
  add_keyset(head, slow, 1000, false, "last");
  add_keyset(head, quiet, 1000, false, "first");
  keep("base.json", base);
  keep("head.json", head);
  const struct ran *ran = assay("compare base.json head.json --threshold 5");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  ran = assay("compare head.json base.json --threshold 5");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  ran = assay("gate head.json --against base.json");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
}

/* Formats number rows that they cannot tell apart. */
Test(cli_stored, rows_of_a_gate_are_told_apart_in_every_format) {
  static const char *const formats[] = {"terminal", "markdown",    "csv",  "junit",
                                        "bmf",      "openmetrics", "html", "json"};
  keep("a.json", with_every_kind(1));
  keep("b.json", with_every_kind(1.001));
  const struct ran *ran = assay("gate b.json --against a.json --output kept");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "conditions"), "%s", ran->out);
  for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++) {
    char line[96];
    snprintf(line, sizeof line, "report kept/result.json --format %s", formats[f]);
    ran = assay(line);
    cr_assert_eq(ran->code, 0, "%s: %s", line, ran->out);
    for (size_t i = 0; i < KINDS; i++)
      cr_expect_not_null(strstr(ran->out, kinds[i]), "%s: no '%s'", formats[f], kinds[i]);
    cr_expect_null(strstr(ran->out, " (2)\""), "%s: two rows of one name", formats[f]);
    cr_expect_null(strstr(ran->out, "row=\"2\""), "%s: two rows of the same labels", formats[f]);
  }
  ran = assay("gate b.json --against a.json --markdown");
  cr_expect_not_null(strstr(ran->out, "| ES256 | openssl | 2 threads | time |"), "%s", ran->out);
}

Test(cli_stored, a_gate_of_plain_rows_has_no_column_for_conditions) {
  put("base.json", quiet);
  put("other.json", (struct given){.ns = 1001, .low = 991, .high = 1011});
  const struct ran *ran = assay("gate other.json --against base.json");
  cr_expect_null(strstr(ran->out, "conditions"), "%s", ran->out);
  ran = assay("compare base.json other.json");
  cr_expect_null(strstr(ran->out, "conditions"), "%s", ran->out);
}

Test(cli_stored, a_result_against_itself_holds) {
  put("base.json", (struct given){.ns = 1000, .low = NAN, .high = NAN, .wrong = 3});
  shell("cd %s && cp base.json copy.json", folder);
  static const char *const lines[] = {"gate copy.json --against base.json",
                                      "compare base.json copy.json --threshold 5",
                                      "compare base.json copy.json"};
  for (size_t i = 0; i < 3; i++) {
    const struct ran *ran = assay(lines[i]);
    cr_expect_eq(ran->code, 0, "%s: %s", lines[i], ran->out);
    cr_expect_not_null(strstr(ran->out, "the same result"), "%s: %s", lines[i], ran->out);
  }
}

/* A base of two subjects and nine algorithms each. */
static struct result *with_many(unsigned algs) {
  struct result *result = new_result(quiet);
  struct result_subject *second = result_add_subject(result);
  result_set(&second->name, "wolfssl");
  result_set(&second->kind, "backend");
  for (unsigned s = 0; s < 2; s++)
    for (unsigned i = 0; i < algs; i++) {
      struct result_speed *row = add_speed(result, quiet);
      result_printf(&row->alg, "X%u", i);
      result_set(&row->subject, s ? "wolfssl" : "openssl");
    }
  return result;
}

Test(cli_stored, what_a_subject_lacks_is_one_sentence_and_one_test_case) {
  keep("base.json", with_many(9));
  keep("head.json", with_many(1));
  const char *suite = junit_of("head.json --against base.json", 3);
  cr_expect_not_null(strstr(suite, "tests=\"5\" failures=\"0\" errors=\"2\""), "%s", suite);
  static const char *const subjects[] = {"openssl", "wolfssl"};
  const struct ran *ran = assay("report kept/result.json");
  for (int i = 0; i < 2; i++) {
    char line[256];
    snprintf(line, sizeof line, "the head lacks times of %s: X1, X2, X3, X4, X5, X6 and 2 more", subjects[i]);
    cr_expect_not_null(strstr(unfolded(ran), line), "%s", ran->out);
  }
  cr_expect_not_null(strstr(ran->out, "This is no pass: 2 things of the base could not be compared."), "%s",
                     ran->out);
  suite = junit_of("head.json --against base.json", 3);
  cr_expect_not_null(strstr(suite,
                            "name=\"gate/stored/wolfssl\">\n   <error message=\"the head lacks times of "
                            "wolfssl: X1, X2, X3, X4, X5, X6 and 2 more\" type=\"incomplete\">"),
                     "%s", suite);
}

/* Beside the tokens that both were asked. */
Test(cli_stored, answers_that_a_subject_lacks_are_one_sentence_each) {
  struct result *base = with_many(1), *head = with_many(1);
  for (unsigned i = 0; i < 12; i++) {
    add_verdict(base, 0);
    result_printf(&base->verdicts[i + 1].alg, "X%u", i);
    result_set(&base->verdicts[i + 1].subject, i % 2 ? "openssl" : "wolfssl");
  }
  keep("base.json", base);
  keep("head.json", head);
  const char *suite = junit_of("head.json --against base.json", 3);
  cr_expect_not_null(strstr(suite, "tests=\"5\" failures=\"0\" errors=\"2\""), "%s", suite);
  static const char *const parts[] = {
      "name=\"gate/verdicts\">\n   <system-out>100 tokens asked, none is answered worse than by the "
      "base</system-out>",
      "name=\"gate/stored/openssl\">\n   <error message=\"the head lacks answers of openssl to 600 tokens: X1, X3, "
      "X5, X7, X9 and X11\" type=\"incomplete\">",
      "name=\"gate/stored/wolfssl\">\n   <error message=\"the head lacks all answers of wolfssl to 600 tokens\" "
      "type=\"incomplete\">"};
  for (size_t i = 0; i < 3; i++)
    cr_expect_not_null(strstr(suite, parts[i]), "no %s in %s", parts[i], suite);
}

static struct result_verdict *add_graver(struct result *result, const char *class,
                                         enum assay_severity severity) {
  add_verdict(result, 1);
  struct result_verdict *row = &result->verdicts[result->verdict_count - 1];
  result_set(&row->class_id, class);
  row->severity = severity;
  return row;
}

static const struct {
  const char *class;
  enum assay_severity severity;
} worse[] = {{"a", SEVERITY_FORM},    {"b", SEVERITY_CONTEXT}, {"c", SEVERITY_FORGERY},
             {"d", SEVERITY_FORGERY}, {"e", SEVERITY_FORGERY}, {"f", SEVERITY_PARSING},
             {"g", SEVERITY_FORGERY}, {"h", SEVERITY_FORGERY}, {"i", SEVERITY_FORGERY}};

/* The gravest first, and no forgery is cut off; another reason is the least of it. */
Test(cli_stored, findings_stand_in_the_order_of_their_gravity) {
  struct result *base = new_result(quiet), *head = new_result(quiet);
  struct result_verdict *reason = add_graver(head, "reason", SEVERITY_FORGERY);
  reason->accepted = 0;
  reason->wrong_reason = 1;
  add_graver(base, "reason", SEVERITY_FORGERY)->accepted = 0;
  base->verdicts[1].right = 100;
  for (size_t i = 0; i < sizeof worse / sizeof worse[0]; i++) {
    add_graver(head, worse[i].class, worse[i].severity);
    struct result_verdict *row = add_graver(base, worse[i].class, worse[i].severity);
    row->accepted = 0;
    row->right = 100;
  }
  keep("base.json", base);
  keep("head.json", head);
  const struct ran *ran = assay("gate head.json --against base.json --output kept");
  cr_expect_eq(ran->code, 2, "%s", ran->out);
  static const char *const order[] = {
      "The head accepts forged tokens that the base did not; speed was not judged.",
      "openssl c/signature",
      "openssl d/signature",
      "openssl e/signature",
      "openssl g/signature",
      "openssl h/signature",
      "openssl i/signature",
      "and 4 more",
      "Verdicts: 10 of 1,100 tokens"};
  const char *text = unfolded(ran);
  for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
    const char *at = strstr(text, order[i]);
    cr_expect_not_null(at, "no '%s' behind the one before: %s", order[i], ran->out);
    text = at ? at : text;
  }
  text = unfolded(assay("report kept/result.json --format markdown"));
  static const char *const rest[] = {"i/signature", "b/signature", "f/signature", "a/signature",
                                     "reason/signature"};
  for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++) {
    const char *at = strstr(text, rest[i]);
    cr_expect_not_null(at, "no '%s' behind the one before: %s", rest[i], text);
    text = at ? at : text;
  }
}

/* Words and figures are of one mind, also where rounding would put them on another side of the threshold. */
Test(cli_stored, reasons_agree_with_their_figures) {
  static const struct {
    double ns, low, high;
    int code;
    const char *reason;
  } cases[] = {
      {1000, 995, 1005, 0, "a slowdown of more than 5 % is ruled out: the interval ends at +1.52 %"},
      {1030, 1000, 1039.49, 0, "a slowdown of more than 5 % is ruled out: the interval ends at +4.999 %"},
      {1030, 1000, 1039.54, 3,
       "a slowdown of more than 5 % is not ruled out: the interval reaches +5.004 %, and the noise is 1.01 %"},
      {1100, 1090, 1110, 1, "slower by 10.00 %, more than the noise of 1.01 % and the threshold of 5 %"},
      {1000, 800, 1200, 3,
       "a slowdown of more than 5 % is not ruled out: the interval reaches +21.21 %, and the noise is 1.01 %"},
      {1000, NAN, NAN, 3, "too few launches for an interval"},
  };
  put("base.json", quiet);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    put("head.json", (struct given){.ns = cases[i].ns, .low = cases[i].low, .high = cases[i].high, .day = 2});
    const char *suite = junit_of("head.json --against base.json", cases[i].code);
    cr_expect_not_null(strstr(suite, cases[i].reason), "not '%s': %s", cases[i].reason, suite);
  }
}

/* ---- gates with rules ---- */

Test(cli_stored, what_is_named_as_known_is_let_through_and_told) {
  put("base.json", quiet);
  put("bad.json", (struct given){.ns = 1001, .low = 991, .high = 1011, .wrong = 3});
  static const char *const patterns[] = {"bitflip", "bitflip/signature", "*/*/ES256", "*/*/*/openssl",
                                         "b?tflip"};
  char line[200];
  for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
    snprintf(line, sizeof line, "gate bad.json --against base.json --ignore '%s' --ignore typ", patterns[i]);
    const struct ran *ran = assay(line);
    cr_expect_eq(ran->code, 0, "%s: %s", line, ran->out);
    cr_expect_not_null(strstr(ran->out, "ignored as told: 3 tokens answered worse, bitflip/signature ES256"),
                       "%s", ran->out);
    cr_expect_not_null(strstr(ran->out, "but for 3 that --ignore lets"), "%s", ran->out);
    cr_expect_not_null(strstr(ran->out, "--ignore typ met nothing"), "%s", ran->out);
  }
  static const char *const others[] = {"bitfli", "signature", "*/*/RS256", "*/*/*/boringssl"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    snprintf(line, sizeof line, "gate bad.json --against base.json --ignore '%s'", others[i]);
    cr_expect_eq(assay(line)->code, 2, "%s", line);
  }
  COMPLAINS(assay("gate bad.json --against base.json --ignore ''"), "--ignore", "pattern");
  COMPLAINS(assay("gate bad.json --against base.json --ignore 't[y'"),
            "--ignore t[y: the bracket is not closed");
}

Test(cli_stored, an_algorithm_can_have_a_threshold_of_its_own) {
  put("base.json", quiet);
  put("slow.json", (struct given){.ns = 1100, .low = 1090, .high = 1110});
  cr_expect_eq(assay("gate slow.json --against base.json --threshold 5")->code, 1);
  cr_expect_eq(assay("gate slow.json --against base.json --threshold 5 --threshold ES256=20")->code, 0);
  cr_expect_eq(assay("gate slow.json --against base.json --threshold 20 --threshold ES256=5")->code, 1);
  const struct ran *ran = assay("gate slow.json --against base.json --threshold 20 --threshold RS256=5");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "--threshold RS256=5 met no comparison"), "%s", ran->out);
  COMPLAINS(assay("gate slow.json --against base.json --threshold ES257=5"), "no algorithm 'ES257'");
  COMPLAINS(assay("gate slow.json --against base.json --threshold ES256=x"), "--threshold", "'x'");
}

/* ---- histories ---- */

Test(cli_stored, a_gate_reads_what_history_keeps) {
  const double ns[] = {1000, 1004, 998, 1003, 1001, 997, 1002, 1000, 1005, 1001};
  history(ns, 10);
  put("odd.json", (struct given){.ns = 9000, .low = 8990, .high = 9010, .day = 12, .cpu = "another"});
  put("late.json", (struct given){.ns = 9000, .low = 8990, .high = 9010, .day = 28});
  put("new.json", (struct given){.ns = 1005, .low = 1000, .high = 1010, .day = 20});
  put("slow.json", (struct given){.ns = 1050, .low = 1040, .high = 1060, .day = 20});
  shell("cd %s && " BIN
        "/assay history add --file h.sqlite h09.json h0[0-8].json odd.json late.json new.json",
        folder);
  const struct ran *ran = assay("gate new.json --history h.sqlite");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out,
                            "Against 10 older results, the newest of 2026-01-10T00:00:00Z (h.sqlite, "
                            "result 1)"),
                     "neither itself, nor a newer one, nor another machine's: %s", ran->out);
  cr_expect_not_null(strstr(ran->out, "left out of the history: 1 of other machines"), "%s", ran->out);
  cr_expect_eq(assay("gate slow.json --history h.sqlite")->code, 1);
  setenv("ASSAY_HISTORY", "h.sqlite", 1);
  cr_expect_eq(assay("gate slow.json --history")->code, 1, "the user's own history");
  setenv("ASSAY_HISTORY", "none.sqlite", 1);
  COMPLAINS(assay("gate slow.json --history"), "there is no history", "none.sqlite");
  unsetenv("ASSAY_HISTORY");
}

Test(cli_stored, an_unpinned_run_is_refused) {
  put("base.json", quiet);
  struct result *free_run = new_result(quiet);
  add_speed(free_run, quiet);
  free_run->run.pinned_cpu = -1;
  keep("free.json", free_run);
  COMPLAINS(assay("gate free.json --against base.json"), "free.json", "without being pinned", "--anyway");
  COMPLAINS(assay("compare base.json free.json --threshold 5"), "free.json", "without being pinned");
}
