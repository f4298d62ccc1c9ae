/* The sentences that reports open with, word for word, and what is sorted and never left out by severity. */
#include <criterion/criterion.h>

#include "reports/content/content.h"
#include "reports/content/verdicts/matrix.h"
#include "tests/sample_result.h"

static const struct result_view plain = {.columns = 100};

/* Three subjects in a run of verdicts alone: two backends and a verifier. */
static struct result *run_of(const char *const *subjects) {
  struct result *result = result_new();
  for (; *subjects; subjects++) {
    struct result_subject *subject = result_add_subject(result);
    result_set(&subject->name, *subjects);
    result_set(&subject->kind, "verifier");
    strings_add(&subject->algorithms, "RS256");
  }
  return result;
}

static struct result_verdict *ask(struct result *result, const char *subject, const char *class_id,
                                  const char *expected) {
  struct result_verdict *row = sample_verdict(result, subject, class_id, "signature", ASSAY_RS256, expected);
  row->level =
      strcmp(subject, "openssl") == 0 || strcmp(subject, "boringssl") == 0 ? LEVEL_PIPELINE : LEVEL_WHOLE;
  return row;
}

/* A bad token of each of the classes to each of the subjects, who refuses it. */
static struct result *refused_by(const char *const *subjects) {
  static const struct {
    const char *class_id;
    enum assay_severity severity;
    const char *brief;
  } classes[] = {{"b64-padding", SEVERITY_PARSING, "base64url with '='"},
                 {"kid-unknown", SEVERITY_FORM, "kids that no key has"},
                 {"exp-past", SEVERITY_CONTEXT, "expired tokens"},
                 {"alg-none", SEVERITY_FORGERY, "alg \"none\""},
                 {"hs-rs-confusion", SEVERITY_FORGERY, "HMAC under the RSA public key"}};
  struct result *result = run_of(subjects);
  for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
    for (const char *const *subject = subjects; *subject; subject++)
      ask(result, *subject, classes[i].class_id, "reject signature.invalid");
    sample_classify(result, classes[i].class_id, classes[i].severity, classes[i].brief);
  }
  return result;
}

static struct result_verdict *row_of(struct result *result, const char *subject, const char *class_id) {
  for (size_t i = 0; i < result->verdict_count; i++)
    if (strcmp(result->verdicts[i].subject, subject) == 0 &&
        strcmp(result->verdicts[i].class_id, class_id) == 0)
      return &result->verdicts[i];
  cr_assert(false, "%s was not asked about %s", subject, class_id);
  return NULL;
}

static void accepts(struct result *result, const char *subject, const char *class_id) {
  struct result_verdict *row = row_of(result, subject, class_id);
  sample_answer(row, &row->accepted, 8);
}

/* The headline, a sentence a line. */
static void expect_headline(const struct result *result, const char *expected) {
  OWNED_DOCUMENT struct document document = {0};
  char text[4096] = "";
  content_headline(&document, result);
  for (size_t i = 0; i < document.block_count; i++) {
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "%s%s", i ? "\n" : "", document.blocks[i].text.text);
  }
  cr_expect_str_eq(text, expected);
}

static void expect_order(const char *text, const char *first, const char *second) {
  const char *a = strstr(text, first), *b = strstr(text, second);
  cr_assert(a && b, "%s and %s are in:\n%s", first, second, text);
  cr_expect_lt(a, b, "%s stands before %s", second, first);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

Test(headline, names_the_forgeries_that_are_accepted_and_who_refused_all) {
  struct result *result = refused_by(NAMES("openssl", "libjwt"));
  accepts(result, "libjwt", "hs-rs-confusion");
  expect_headline(result, "libjwt accepts forged tokens: HMAC under the RSA public key.\n"
                          "openssl refused every bad token.");
  accepts(result, "libjwt", "alg-none");
  accepts(result, "libjwt", "exp-past");
  expect_headline(result, "libjwt accepts forged tokens: alg \"none\" and HMAC under the RSA public key.\n"
                          "openssl refused every bad token.");
  result_free(result);
}

Test(headline, joins_subjects_that_accept_the_same_forgeries_and_no_others) {
  struct result *result = refused_by(NAMES("openssl", "boringssl", "joe", "jim"));
  accepts(result, "joe", "alg-none");
  accepts(result, "jim", "alg-none");
  expect_headline(result, "joe and jim accept forged tokens: alg \"none\".\n"
                          "openssl and boringssl refused every bad token.");
  accepts(result, "jim", "hs-rs-confusion");
  expect_headline(result, "joe accepts forged tokens: alg \"none\".\n"
                          "jim accepts forged tokens: alg \"none\" and HMAC under the RSA public key.\n"
                          "openssl and boringssl refused every bad token.");
  result_free(result);
}

Test(headline, tells_the_gravest_of_each_subject_first) {
  struct result *result = refused_by(NAMES("form", "parsing", "context", "forged"));
  accepts(result, "form", "kid-unknown");
  accepts(result, "parsing", "b64-padding");
  accepts(result, "parsing", "kid-unknown");
  accepts(result, "context", "exp-past");
  accepts(result, "forged", "alg-none");
  expect_headline(result, "forged accepts forged tokens: alg \"none\".\n"
                          "context accepts real tokens where or when they do not count: expired tokens.\n"
                          "parsing accepts malformed tokens: base64url with '='.\n"
                          "form accepts bad tokens that do no harm: kids that no key has.");
  result_free(result);
}

/* Whoever imports a weak key lets others sign, which is no hole in how it checks tokens: another sentence. */
Test(headline, tells_weak_keys_from_forgeries) {
  struct result *result = refused_by(NAMES("openssl", "libjwt", "joe"));
  const char *const subjects[] = {"libjwt", "joe"};
  for (int i = 0; i < 2; i++) {
    struct result_verdict *row = ask(result, subjects[i], "hs-empty-secret", "reject key-import.hmac-short");
    result_set(&row->stage, "key-import");
    sample_answer(row, &row->accepted, 8);
  }
  sample_classify(result, "hs-empty-secret", SEVERITY_FORGERY, "HMAC under an empty secret");
  accepts(result, "libjwt", "hs-rs-confusion");
  expect_headline(result,
                  "libjwt accepts forged tokens: HMAC under the RSA public key.\n"
                  "libjwt and joe accept weak keys, with which others can sign: HMAC under an empty secret.\n"
                  "openssl refused every bad token.");
  char *text = sample_render("terminal", result, plain);
  char *page = sample_render("html", result, plain);
  expect_order(strstr(page, "class=board"), "accepted forged tokens of 1 class",
               "accepted weak keys of 1 class");
  free(page);
  cr_expect_lt(strstr(strstr(text, "Drift: "), "hs-rs-confusion"), strstr(text, "\n hs-empty-secret"), "%s",
               text);
  free(text);
  result_free(result);
}

Test(headline, tells_of_classes_of_which_nothing_is_known_by_their_names) {
  struct result *result = run_of(NAMES("joe"));
  struct result_verdict *row = ask(result, "joe", "my-attack", "reject signature.invalid");
  sample_answer(row, &row->accepted, 8);
  expect_headline(result, "joe accepts bad tokens: my-attack.");
  result_free(result);
}

Test(headline, counts_forgeries_that_are_too_many_to_name) {
  struct result *result = run_of(NAMES("joe"));
  for (int i = 0; i < 7; i++) {
    char class_id[16], brief[16];
    snprintf(class_id, sizeof class_id, "class-%d", i);
    snprintf(brief, sizeof brief, "forgery %d", i);
    struct result_verdict *row = ask(result, "joe", class_id, "reject signature.invalid");
    sample_answer(row, &row->accepted, 8);
    sample_classify(result, class_id, SEVERITY_FORGERY, brief);
  }
  expect_headline(result, "joe accepts forged tokens in 7 ways, such as forgery 0, forgery 1 and forgery 2.");
  result_free(result);
}

Test(headline, counts_other_kinds_that_are_too_many_to_name) {
  struct result *result = run_of(NAMES("joe", "jim"));
  for (int i = 0; i < 4; i++) {
    char class_id[16];
    snprintf(class_id, sizeof class_id, "class-%d", i);
    struct result_verdict *row = ask(result, "joe", class_id, "reject signature.invalid");
    sample_answer(row, &row->accepted, 8);
    ask(result, "jim", class_id, "reject signature.invalid");
    sample_classify(result, class_id, SEVERITY_PARSING, class_id);
  }
  expect_headline(result, "joe accepts malformed tokens in 4 ways.\n"
                          "jim refused every bad token.");
  accepts(result, "jim", "class-1");
  expect_headline(result, "joe and jim accept malformed tokens.");
  result_free(result);
}

Test(headline, tells_what_else_went_wrong) {
  struct result *result = refused_by(NAMES("joe", "openssl"));
  struct result_verdict *good = ask(result, "joe", "valid", "accept");
  sample_answer(good, &good->refused, 3);
  expect_headline(result, "joe refused every bad token, but good tokens of 1 class too.\n"
                          "openssl refused every bad token.");
  struct result_verdict *row = row_of(result, "openssl", "alg-none");
  sample_answer(row, &row->wrong_reason, 2);
  expect_headline(result, "joe refused every bad token, but good tokens of 1 class too.\n"
                          "openssl refused every bad token, 2 of them for another reason than expected.");
  row = row_of(result, "joe", "b64-padding");
  sample_answer(row, &row->crash, 8);
  expect_headline(result, "joe crashed on tokens of 1 class.\n"
                          "openssl refused every bad token, 2 of them for another reason than expected.");
  result_free(result);
}

Test(headline, claims_no_more_than_was_asked) {
  struct result *result = refused_by(NAMES("joe", "jim"));
  struct result_verdict *row = row_of(result, "jim", "exp-past");
  sample_answer(row, &row->unsupported, 8);
  expect_headline(result, "joe refused every bad token.\n"
                          "jim refused every bad token that it can check.");
  row = row_of(result, "joe", "exp-past");
  sample_answer(row, &row->unsupported, 8);
  expect_headline(result, "joe and jim refused every bad token that they can check.");
  result->partial = true;
  result->run.duration_s = 12.4;
  expect_headline(result, "joe and jim refused every bad token so far that they can check.\n"
                          "Interrupted after 12 s, this run has 64 verdicts.");
  result_free(result);
  result = run_of(NAMES("joe"));
  ask(result, "joe", "valid", "accept");
  expect_headline(result, "joe accepted every good token.");
  result_free(result);
}

Test(headline, says_so_where_nothing_could_be_answered) {
  struct result *result = refused_by(NAMES("joe"));
  for (size_t i = 0; i < result->verdict_count; i++)
    sample_answer(&result->verdicts[i], &result->verdicts[i].unsupported, 8);
  expect_headline(result, "joe was asked nothing that it can check.");
  result->partial = true; /* it may be that nothing came to it yet */
  expect_headline(result, "This run was interrupted and has no result.");
  result_free(result);
}

Test(headline, says_how_far_an_interrupted_run_got) {
  struct result *result = result_new();
  result->partial = true;
  expect_headline(result, "This run was interrupted and has no result.");
  result->run.duration_s = 1.2;
  expect_headline(result, "Interrupted after 1.2 s, this run has no result.");
  struct result_speed *row = result_add_speed(result);
  row->ns = 1000;
  expect_headline(result, "Interrupted after 1.2 s, this run has 1 measured row.");
  result_free(result);
}

Test(headline, says_which_verdicts_an_interrupted_run_has) {
  struct result *result = refused_by(NAMES("joe", "jim"));
  uint64_t asked = 0;
  for (size_t i = 0; i < result->verdict_count; i++)
    asked += strcmp(result->verdicts[i].subject, "joe") == 0 ? result->verdicts[i].tokens : 0;
  result->partial = true;
  result->run.duration_s = 1.2;
  result->run.tokens_to_ask = 5000;
  char text[400];
  snprintf(
      text, sizeof text,
      "joe and jim refused every bad token so far.\n"
      "Interrupted after 1.2 s, this run has %u verdicts: joe has answered %u of 5,000 tokens and jim %u.",
      (unsigned)(2 * asked), (unsigned)asked, (unsigned)asked);
  expect_headline(result, text);
  result->run.tokens_to_ask = asked; /* interrupted later, while it measured */
  snprintf(text, sizeof text,
           "joe and jim refused every bad token so far.\n"
           "Interrupted after 1.2 s, this run has %u verdicts.",
           (unsigned)(2 * asked));
  expect_headline(result, text);
  result_free(result);
}

/* A run that measured opens with its times, unless a verifier in it accepts forgeries; a gate has its own. */
Test(headline, leaves_the_first_word_to_times_and_gates) {
  struct result *result = sample_rich();
  result->partial = false;
  result_drop_gates(result);
  expect_headline(result, "");
  sample_classify(result, "exp-past", SEVERITY_FORGERY, "old tokens");
  struct result_verdict *row = &result->verdicts[0];
  cr_assert_str_eq(row->class_id, "exp-past");
  row->right = 0;
  row->accepted = row->tokens;
  OWNED_DOCUMENT struct document document = {0};
  content_headline(&document, result);
  cr_assert_gt(document.block_count, 0);
  cr_expect_not_null(strstr(document.blocks[0].text.text, " accepts forged tokens: old tokens."), "%s",
                     document.blocks[0].text.text);
  sample_fill_gates(result);
  expect_headline(result, "");
  result_free(result);
}

/* One sentence, in every format for people. */
Test(headline, stands_alike_in_terminal_markdown_and_html) {
  struct result *result = refused_by(NAMES("openssl", "libjwt"));
  accepts(result, "libjwt", "hs-rs-confusion");
  static const char sentence[] = "libjwt accepts forged tokens: HMAC under the RSA public key.";
  char *text = sample_render("terminal", result, plain);
  cr_expect_eq(strncmp(text, sentence, sizeof sentence - 1), 0, "%.200s", text);
  free(text);
  text = sample_render("markdown", result, plain);
  cr_expect_not_null(strstr(text,
                            "# Token verification\n\nlibjwt accepts forged tokens: HMAC under the RSA public "
                            "key.\n\nopenssl refused every bad token.\n"),
                     "%.300s", text);
  free(text);
  text = sample_render("html", result, plain);
  const char *heading = strstr(text, "<h1>");
  cr_assert_not_null(heading);
  cr_expect_eq(strncmp(heading,
                       "<h1><span>libjwt accepts forged tokens: HMAC under the RSA public key.</span> "
                       "<span>openssl refused every bad token.</span> </h1>",
                       120),
               0, "%.200s", heading);
  free(text);
  result_free(result);
}

/* ---- order ---- */

/* Who accepts a forgery comes first in every list, though more subjects accept less. */
Test(severity, orders_matrix_lists_and_subjects) {
  struct result *result = refused_by(NAMES("jim", "joe", "jack"));
  accepts(result, "jim", "b64-padding");
  accepts(result, "joe", "b64-padding");
  accepts(result, "jack", "hs-rs-confusion");
  accepts(result, "jim", "exp-past");
  char *text = sample_render("terminal", result, plain);
  const char *matrix = strstr(text, "Drift: ");
  cr_assert_not_null(matrix);
  expect_order(matrix, "\n hs-rs-confusion  forgery ", "\n exp-past         wrong audience or time ");
  expect_order(matrix, "\n exp-past ", "\n b64-padding      lenient parsing ");
  expect_order(strstr(text, "Rejection "), "\n jack", "\n jim");
  free(text);
  text = sample_render("html", result, plain);
  expect_order(strstr(text, "class=board"), ">jack ", ">jim ");
  cr_expect_not_null(strstr(text, "accepted forged tokens of 1 class"));
  cr_expect_not_null(strstr(text, "accepted tokens at the wrong audience or time of 1 class"));
  expect_order(strstr(text, "<table id=heat "), ">hs-rs-confusion", ">exp-past");
  expect_order(strstr(text, "What was answered wrongly"), ">hs-rs-confusion", ">exp-past");
  free(text);
  result_free(result);
}

/* Of 40 forgeries that somebody accepts no list leaves one out, whatever else is cut. */
Test(severity, no_list_cuts_a_forgery_off) {
  struct result *result = run_of(NAMES("joe"));
  char class_id[16];
  for (int i = 0; i < 80; i++) {
    snprintf(class_id, sizeof class_id, "class-%02d", i);
    struct result_verdict *row = ask(result, "joe", class_id, "reject signature.invalid");
    sample_answer(row, &row->accepted, 8);
    sample_classify(result, class_id, i % 2 ? SEVERITY_FORGERY : SEVERITY_PARSING, "bad tokens");
  }
  static const char *const formats[] = {"terminal", "markdown", "html"};
  for (size_t f = 0; f < 3; f++) {
    char *text = sample_render(formats[f], result, (struct result_view){.columns = 60});
    for (int i = 1; i < 80; i += 2) {
      snprintf(class_id, sizeof class_id, "class-%02d", i);
      cr_expect_not_null(strstr(text, class_id), "%s is in %s", class_id, formats[f]);
    }
    cr_expect(f > 0 || strstr(text, "40 more classes: --verbose"), "%s", text);
    free(text);
  }
  result_free(result);
}

/* A class that has a grave variant and others is told by the grave one. */
Test(severity, the_gravest_variant_stands_for_its_class) {
  struct result *result = run_of(NAMES("joe"));
  struct result_verdict *row = ask(result, "joe", "ecdsa-der", "reject signature.length");
  result_set(&row->variant, "der");
  row->severity = SEVERITY_PARSING;
  sample_answer(row, &row->accepted, 8);
  row = ask(result, "joe", "ecdsa-der", "reject signature.length");
  result_set(&row->variant, "zeros");
  row->severity = SEVERITY_FORGERY;
  sample_answer(row, &row->accepted, 2);
  char *text = sample_render("terminal", result, plain);
  cr_expect_not_null(strstr(text, "\n ecdsa-der/zeros  forgery   accepted 10/16\n"), "%s", text);
  free(text);
  result_free(result);
}
