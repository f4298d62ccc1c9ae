/* The drift report: class by subject, worst first, at a terminal and as Markdown; every cell leads to a
 * token.
 */
#include <criterion/criterion.h>

#include "reports/content/verdicts/matrix.h"
#include "reports/text/display.h"
#include "tests/sample_result.h"

static struct result *sample_drift(void) {
  struct result *result = sample_rich();
  sample_fill_whole(result);
  return result;
}

static char *terminal(const struct result *result, int columns, bool verbose) {
  return sample_render("terminal", result, (struct result_view){.columns = columns, .verbose = verbose});
}

static void assert_holds(const struct result *result, int columns, bool verbose, const char *expected) {
  char *text = terminal(result, columns, verbose);
  cr_assert(strstr(text, expected), "%s\nis not in:\n%s", expected, text);
  free(text);
}

Test(report_matrix, writes_exactly_this) {
  struct result *result = sample_drift();
  assert_holds(
      result, 100, false,
      "Drift: 7 classes, 5 subjects, worst first\n"
      " class               openssl  boringssl       wolfssl        libjwt        cjose\n"
      " pkcs1-missing-null        .          .  accepted 2/8      unmapped  undecided 3\n"
      " exp-past/hour             .          .      reason 1  accepted 8/8       cannot\n"
      " exp-boundary              .          .             .             .  refused 1/8\n"
      " hdr-bom                   -          -             -     differs 4            .\n"
      " sig-high-s                .     cannot             .             -            -\n"
      "   accepted a bad token; refused a good one; undecided refused by accident, not by decision; reason\n"
      "   refused for another reason; unmapped refused without saying why; differs from what the policy\n"
      "   pins; cannot: lacks the algorithm, or has no setting for the rule; . right; - not asked, or not\n"
      "   scored\n"
      "   1 class in which every subject is right\n"
      "   pkcs1-missing-null: wolfssl accepted it\n");
  result_free(result);
}

Test(report_matrix, leads_from_a_cell_to_a_token) {
  struct result *result = sample_drift();
  assert_holds(
      result, 100, true,
      "   exp-past: libjwt accepted it; wolfssl gave another reason for it; cjose could not check it\n"
      "     assay check --subject openssl,boringssl,wolfssl,null --explain \\\n"
      "       registered-claims/exp-past/RS256/0001\n");
  assert_holds(result, 100, true,
               "   pkcs1-missing-null: wolfssl accepted it\n"
               "     assay check --subject openssl,boringssl,wolfssl,null --explain \\\n"
               "       signature/pkcs1-missing-null/RS256/0003\n");
  char *text = sample_render("markdown", result, (struct result_view){0});
  cr_assert(strstr(text, "- exp-boundary: cjose refused it\n"
                         "  -  `assay check --subject openssl,boringssl,wolfssl,null --explain "
                         "registered-claims/exp-boundary/RS256/0001`\n"),
            "%s", text);
  free(text);
  result_free(result);
}

/* A matrix of so many verifiers and classes, in which verifier 0 accepts bad tokens of every class. */
static struct result *sample_wide(unsigned verifiers, unsigned classes) {
  struct result *result = result_new();
  for (unsigned c = 0; c < classes; c++)
    for (unsigned v = 0; v < verifiers; v++) {
      char class_id[40], subject[40];
      snprintf(class_id, sizeof class_id, "a-class-with-a-long-na%03u", c);
      snprintf(subject, sizeof subject, "exec:adapters/verifier-%u", v);
      struct result_verdict *row = sample_whole(result, subject, class_id, "variant-of-it", "reject x");
      if (v == 0)
        sample_answer(row, &row->accepted, 8);
    }
  return result;
}

static void assert_fits(const char *text, size_t width) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    char *copy = strndup(line, length);
    cr_assert_leq(display_width(copy), width, "%s", copy);
    free(copy);
    line += length + (line[length] == '\n');
  }
}

Test(report_matrix, fits_80_and_100_columns_with_twelve_subjects) {
  struct result *result = sample_wide(12, 40);
  for (int columns = 80; columns <= 100; columns += 20) {
    char *text = terminal(result, columns, false);
    assert_fits(text, (size_t)columns);
    cr_assert(!strstr(text, "exec:adapters/verifier-0 accepted 8"));
    cr_assert(strstr(text, "A accepted a bad token; . right."), "%s", text);
    cr_assert(
        strstr(text, columns == 80 ? "ver: exec:adapters/verifier-0" : "verif: exec:adapters/verifier-0"),
        "the short heads are explained: %s", text);
    cr_assert(strstr(text, " ver ve2 ve3") || strstr(text, " verif veri2 veri3"), "%s", text);
    cr_assert(strstr(text, "   15 more classes: --verbose\n"), "%s", text);
    cr_assert(strstr(text, "   35 more to reproduce: --verbose\n"), "%s", text);
    free(text);
  }
  result_free(result);
}

Test(report_matrix, continues_in_a_second_table_beyond_twelve_subjects) {
  struct result *result = sample_wide(14, 3);
  char *text = terminal(result, 80, false);
  assert_fits(text, 80);
  cr_assert(strstr(text, "Drift: 3 classes, 14 subjects, subjects 1 to 12, worst first\n"), "%s", text);
  cr_assert(strstr(text, "Drift: 3 classes, 14 subjects, subjects 13 to 14, worst first\n"), "%s", text);
  free(text);
  result_free(result);
}

Test(report_matrix, keeps_all_rows_for_verbose_and_markdown) {
  struct result *result = sample_wide(3, 40);
  char *brief = terminal(result, 100, false), *verbose = terminal(result, 100, true);
  char *markdown = sample_render("markdown", result, (struct result_view){0});
  cr_assert(!strstr(brief, "a-class-with-a-long-na030"));
  cr_assert(strstr(verbose, "a-class-with-a-long-na039") && !strstr(verbose, "more to reproduce"));
  cr_assert(strstr(markdown, "| a-class-with-a-long-na039/variant-of-it | **accepted 8/8** | . | . |\n"));
  free(markdown);
  free(verbose);
  free(brief);
  result_free(result);
}

Test(report_matrix, sums_up_the_classes_that_are_right) {
  struct result *result = sample_wide(2, 3);
  for (size_t i = 0; i < result->verdict_count; i++) {
    result->verdicts[i].accepted = 0;
    result->verdicts[i].right = 8;
  }
  char *text = terminal(result, 100, false);
  cr_assert(strstr(text, "   3 classes in which every subject is right\n"));
  cr_assert(!strstr(text, "Drift: ") && !strstr(text, "--explain"));
  free(text);
  result_free(result);
}

/* Good tokens have a row, and are no class: in the title, of what is left out, and of what is right. */
Test(report_matrix, counts_good_tokens_as_no_class) {
  struct result *result = sample_wide(2, 40);
  sample_whole(result, "exec:adapters/verifier-0", "valid", "", "accept");
  char *text = terminal(result, 100, false);
  cr_expect_not_null(strstr(text, "Drift: 40 classes, 2 subjects, worst first\n"), "%s", text);
  cr_expect_not_null(strstr(text, "   15 more classes: --verbose\n"), "%s", text);
  cr_expect_null(strstr(text, "every subject is right"), "%s", text);
  free(text);
  struct result_verdict *good = &result->verdicts[result->verdict_count - 1];
  sample_answer(good, &good->refused, 8);
  text = terminal(result, 100, false);
  cr_expect_not_null(strstr(text, "Drift: 40 classes, 2 subjects, worst first\n"), "%s", text);
  cr_expect_not_null(strstr(text, "   15 more classes: --verbose\n"), "%s", text);
  free(text);
  result_free(result);
}

/* Who accepted all tokens of a class accepted this one, too, whichever of them is kept to show it. */
Test(report_matrix, names_all_who_accepted_a_token) {
  struct result *result = result_new();
  static const char *const subjects[] = {"all", "some", "none"};
  static const unsigned accepted[] = {8, 1, 0};
  for (unsigned s = 0; s < 3; s++) {
    struct result_verdict *row = sample_whole(result, subjects[s], "crit-unknown", "name", "reject x");
    row->right = row->tokens - accepted[s];
    row->accepted = accepted[s];
    char example[] = "header-policy/crit-unknown/name/RS256/0000";
    example[sizeof example - 2] = (char)('0' + s);
    if (accepted[s])
      strings_add(&row->examples, example);
  }
  assert_holds(result, 100, true,
               "   crit-unknown: all accepted it\n"
               "     assay check --explain header-policy/crit-unknown/name/RS256/0000\n");
  assert_holds(result, 100, true,
               "   crit-unknown: all and some accepted it\n"
               "     assay check --explain header-policy/crit-unknown/name/RS256/0001\n");
  result_free(result);
}

Test(report_matrix, is_for_whole_verifiers_only) {
  struct result *result = sample_rich();
  char *text = terminal(result, 100, true);
  cr_assert(!strstr(text, "Drift: "));
  free(text);
  result_free(result);
}

/* An algorithm that a library lacks says nothing of the class, as long as it has others. */
Test(report_matrix, takes_no_lack_of_an_algorithm_for_an_answer) {
  struct result *result = sample_drift();
  struct result_verdict *row = sample_whole(result, "libjwt", "iat-type", "", "reject x");
  result_set(&row->alg, "ES256");
  row->right = 0;
  row->unsupported = 8;
  struct matrix matrix;
  matrix_init(&matrix, result);
  cr_assert_eq(matrix.subject_count, 5);
  const struct matrix_row *last = NULL;
  for (size_t i = 0; i < matrix.row_count; i++)
    if (strcmp(matrix.rows[i].class_id, "iat-type") == 0)
      last = &matrix.rows[i];
  cr_assert_eq(matrix_worst(&last->cells[3]), KIND_RIGHT);
  matrix_fini(&matrix);
  assert_holds(result, 100, false, "   libjwt: 8 tokens not in this library (ES256)\n");
  result_free(result);
}

Test(report_matrix, says_what_verifiers_cannot_be_told) {
  struct result *result = sample_drift();
  assert_holds(result, 100, false,
               "   libjwt 1.10.2 has no setting for: authorisation (it checks no claims)\n");
  assert_holds(
      result, 120, false,
      "   cjose 0.6.2 has no setting for: authorisation, registered-claims (it checks signatures only)\n");
  result_free(result);
}

Test(report_matrix, keeps_long_lists_of_gaps_for_verbose) {
  static const char why[] =
      "a call that takes nothing but a key and a token, and there is no other in all of "
      "this library that would take more";
  struct result *result = sample_drift();
  for (size_t i = 0; i < result->subject_count; i++)
    if (result->subjects[i].gap_count)
      subject_add_gap(&result->subjects[i], "header-policy.typ-wrong", why);
  assert_holds(result, 100, false,
               "   libjwt and cjose have no setting for parts of a policy; which, and why: --verbose\n");
  assert_holds(result, 1000, true, why);
  result_free(result);
}

Test(report_matrix, counts_every_kind_in_the_totals) {
  struct result *result = sample_drift();
  assert_holds(
      result, 140, false,
      "                right verdict  right reason  unmapped  undecided  differs  unsupported  accepted");
  assert_holds(result, 80, false, " verdict reason unmap. undec. differs unsup. accepted refused");
  result_free(result);
}

Test(report_matrix, sums_verifiers_up_in_classes) {
  struct result *result = sample_drift();
  assert_holds(result, 200, false,
               "Wrong: wolfssl accepted 2 bad tokens.\nopenssl and boringssl gave no wrong verdict.\n"
               "libjwt accepted bad tokens of 1 class; cjose refused good tokens of 1 class.\n");
  struct result_verdict *more = sample_whole(result, "libjwt", "aud-type", "", "reject x");
  sample_answer(more, &more->accepted, 1);
  assert_holds(result, 200, false, "libjwt accepted bad tokens of 2 classes; cjose ");
  result_free(result);
}

Test(report_matrix, praises_nobody_for_what_he_cannot_check) {
  struct result *result = result_new();
  sample_whole(result, "cjose", "exp-past", "", "reject x")->unsupported = 4;
  assert_holds(result, 100, false, "cjose gave no wrong verdict on what it can check.\n");
  result_free(result);
}

Test(report_matrix, has_colours_of_its_own) {
  struct result *result = sample_drift();
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100, .colour = true});
  cr_assert(strstr(text, "\x1b[31maccepted 8/8") && strstr(text, "\x1b[36mcannot"));
  cr_assert(strstr(text, "\x1b[2munmapped  undecided 3"));
  free(text);
  result_free(result);
}

Test(report_matrix, survives_hostile_names) {
  struct result *result = sample_hostile();
  for (size_t i = 0; i < SAMPLE_HOSTILE; i++) {
    const char *name = sample_hostile_names[i];
    struct result_verdict *row = sample_whole(result, name, name, name, "reject x");
    sample_answer(row, &row->accepted, 1);
    subject_add_gap(&result->subjects[0], name, name);
  }
  for (int columns = 60; columns <= 160; columns += 20) {
    char *text = terminal(result, columns, true);
    assert_fits(text, (size_t)columns);
    cr_assert(!strchr(text, 0x1b) && !strchr(text, 0x07));
    free(text);
  }
  char *text = sample_render("markdown", result, (struct result_view){0});
  cr_assert(!strstr(text, "<script>alert(1)</script>/") && strstr(text, "tab pipe\\|backtick\\`star"));
  free(text);
  result_free(result);
}
