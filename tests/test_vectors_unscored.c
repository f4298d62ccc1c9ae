/* The table of raw vectors on which no one answer is expected, from results that are written here: who accepts
 * and who refuses them, in one row for each way in which the subjects divide. */
#include "tests/stored_results.h"

TestSuite(vectors_unscored, .init = set_up, .fini = tear_down);

static struct result *vectors_result(void) {
  struct result *result = new_result((struct given){.no_ask = true});
  result_set(&result->corpus.profile, "vectors");
  return result;
}

/* A row of one file that a subject accepted some vectors of and refused the others. */
static void answered(struct result *result, const char *subject, const char *variant, unsigned accepted,
                     unsigned refused, const char *refusal) {
  struct result_verdict *row = result_add_verdict(result);
  row->level = LEVEL_PRIMITIVE;
  result_set(&row->subject, subject);
  result_set(&row->class_id, "cases");
  result_set(&row->variant, variant);
  result_set(&row->stage, "-");
  result_set(&row->alg, "Ed25519");
  result_set(&row->expected, "any");
  verdict_count(row, KIND_UNSCORED, accepted + refused);
  for (unsigned i = 0; i < accepted; i++)
    verdict_add_given(row, KIND_UNSCORED, "accept", "cases.json:1");
  for (unsigned i = 0; i < refused; i++)
    verdict_add_given(row, KIND_UNSCORED, refusal, "cases.json:2");
}

/* answers: of so many subjects, in order. */
static void divided(struct result *result, const char *variant, unsigned vectors, const char *const *subjects,
                    const char *const *answers) {
  struct result_drift *drift = result_add_drift(result);
  result_set(&drift->class_id, "cases");
  result_set(&drift->variant, variant);
  result_set(&drift->alg, "Ed25519");
  result_set(&drift->example, "cases.json:7");
  result_set(&drift->expected, "any");
  drift->tokens = vectors;
  for (size_t i = 0; subjects[i]; i++) {
    struct result_answer *answer = drift_add_answer(drift);
    result_set(&answer->subject, subjects[i]);
    result_set(&answer->answer, answers[i]);
  }
}

static void expect_lines(const char *arguments, const char *const *lines) {
  char command[256];
  snprintf(command, sizeof command, "report r.json%s", arguments);
  const struct ran *ran = assay(command);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  for (; *lines; lines++)
    cr_expect_not_null(strstr(ran->out, *lines), "%s\nis not in\n%s", *lines, ran->out);
}

static const char *const three[] = {"openssl", "boringssl", "wolfssl", NULL};

/* case-a: all accept. case-b: one refuses the key of one of two vectors. */
static struct result *result_of_three(void) {
  struct result *result = vectors_result();
  for (size_t i = 0; three[i]; i++)
    answered(result, three[i], "case-a", 1, 0, "");
  answered(result, "openssl", "case-b", 1, 1, "reject");
  answered(result, "boringssl", "case-b", 1, 1, "reject");
  answered(result, "wolfssl", "case-b", 0, 2, "reject the key");
  divided(result, "case-b", 1, three, (const char *const[]){"accept", "accept", "reject the key"});
  return result;
}

Test(vectors_unscored, a_row_for_each_way_in_which_subjects_divide_and_for_those_where_all_agree) {
  keep("r.json", result_of_three());
  expect_lines("", (const char *const[]){
                       "Vectors without one right answer\n",
                       " cases  case-b        1  key refused by wolfssl; accepted by openssl and boringssl\n",
                       "        case-a        1  accepted by all\n",
                       "        case-b        1  refused by all\n", NULL});
}

/* Cut down to subjects that agree, what they differed on from others is no difference. */
static void expect_none_of(const char *arguments, const char *words) {
  char command[256];
  snprintf(command, sizeof command, "report r.json%s", arguments);
  const struct ran *ran = assay(command);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_expect_null(strstr(ran->out, words), "%s", ran->out);
}

Test(vectors_unscored, are_of_the_subjects_that_are_asked_for) {
  keep("r.json", result_of_three());
  expect_lines(" --only openssl,boringssl",
               (const char *const[]){" cases  case-a, case-b        2  accepted by all\n",
                                     "        case-b                1  refused by all\n", NULL});
  expect_none_of(" --only openssl,boringssl", "wolfssl");
}

Test(vectors_unscored, of_one_subject_are_what_it_accepts_and_refuses) {
  struct result *result = vectors_result();
  answered(result, "wolfssl", "case-a", 1, 0, "");
  answered(result, "wolfssl", "case-b", 0, 1, "reject the key");
  answered(result, "wolfssl", "case-c", 1, 2, "reject");
  keep("r.json", result);
  expect_lines("", (const char *const[]){" cases  case-a, case-c        2  accepted by wolfssl\n",
                                         "        case-b                1  key refused by wolfssl\n",
                                         "        case-c                2  refused by wolfssl\n", NULL});
}

Test(vectors_unscored, of_a_subject_that_dies_on_some_are_the_others) {
  struct result *result = vectors_result();
  answered(result, "libgcrypt", "case-a", 2, 0, "");
  verdict_count(&result->verdicts[0], KIND_CRASH, 1);
  keep("r.json", result);
  expect_lines("", (const char *const[]){"Wrong: libgcrypt crashed on 1 token.\n",
                                         " cases  case-a        2  accepted by libgcrypt\n", NULL});
}

/* Of many subjects the few who differ are named; of many cases one vector is. */
Test(vectors_unscored, stay_short_with_many_subjects_and_cases) {
  static const char *const many[] = {"a", "b", "c", "d", "e", "f", NULL};
  static const char *const answers[] = {"accept", "reject", "accept", "accept", "reject the key", "accept"};
  struct result *result = vectors_result();
  for (unsigned v = 0; v < 9; v++) {
    char variant[16];
    snprintf(variant, sizeof variant, "case-%u", v);
    for (size_t i = 0; many[i]; i++)
      answered(result, many[i], variant, answers[i][0] == 'a', answers[i][0] == 'r', answers[i]);
    divided(result, variant, 1, many, answers);
  }
  keep("r.json", result);
  expect_lines("", (const char *const[]){" cases  9 cases, e.g. cases.json:7        9  refused by b; key "
                                         "refused by e; accepted by the other 4\n",
                                         NULL});
}

/* Results of before it was kept what was answered have no such table, and lose nothing else. */
Test(vectors_unscored, of_older_results_are_not_made_up) {
  struct result *result = vectors_result();
  answered(result, "wolfssl", "case-a", 0, 0, "");
  result->verdicts[0].tokens = result->verdicts[0].unscored = 1;
  keep("r.json", result);
  expect_none_of("", "Vectors without");
  expect_lines("", (const char *const[]){"not scored", NULL});
}

/* At any width nobody is cut out of a row. */
Test(vectors_unscored, fit_a_narrow_terminal) {
  static struct ran ran;
  struct result *result = result_of_three();
  for (unsigned columns = 30; columns <= 100; columns += 5) {
    char *text = sample_render("terminal", result, (struct result_view){.columns = columns});
    snprintf(ran.out, sizeof ran.out, "%s", text);
    cr_expect_not_null(strstr(unfolded(&ran), "key refused by wolfssl; accepted by openssl and boringssl"),
                       "%u columns: %s", columns, text);
    free(text);
  }
  result_free(result);
}
