/* --fail-on: its words, and what they find in a result, both ways. */
#include <criterion/criterion.h>

#include "tests/cli.h"
#include "tests/sample_result.h"

/* The command line is no library: its decision comes along as source. */
#include "harness/cli/fail_on.c"

static void assert_finds(const char *list, const char *expected) {
  struct result *result = sample_rich();
  sample_fill_whole(result);
  struct assay_error error = {0};
  unsigned kinds = fail_on_parse(list, &error);
  cr_assert(kinds != 0, "%s", error.text);
  char *text;
  cr_assert_eq(fail_on_found(result, kinds, &text), expected[0] != '\0', "%s", text);
  cr_assert_str_eq(text, expected);
  free(text);
  result_free(result);
}

Test(fail_on, finds_what_verifiers_answered) {
  assert_finds("accept", "accept: libjwt accepted 8 bad tokens");
  assert_finds("reject,undecided", "reject: cjose refused 1 good token; undecided: cjose refused without "
                                   "deciding 3 tokens");
  assert_finds("reason,unmapped", "unmapped: libjwt told no reason for 8 tokens");
  assert_finds("unsupported", "unsupported: cjose could not check 8 tokens");
  assert_finds("differs", "differs: libjwt differs from what is pinned on 4 tokens");
}

/* wolfssl accepts two bad tokens in the sample: a backend's answers have their own exit code. */
Test(fail_on, leaves_backends_and_other_kinds_alone) {
  assert_finds("crash", "");
  assert_finds("hang,fault,reason", "");
  struct result *result = sample_rich();
  struct assay_error error = {0};
  char *text;
  cr_assert(!fail_on_found(result, fail_on_parse("accept,reject,reason", &error), &text));
  free(text);
  cr_assert(!fail_on_found(result, 0, &text));
  free(text);
  result_free(result);
}

Test(fail_on, refuses_words_that_it_does_not_know) {
  COMPLAINS(shell(BIN "/assay check --fail-on acept 2>&1"),
            "assay check: --fail-on: there is no answer 'acept'; did you mean 'accept'?");
  COMPLAINS(shell(BIN "/assay run --fail-on accept,zebra 2>&1"),
            "no answer 'zebra'; there are: accept, crash, hang, fault, reject, undecided, reason");
  COMPLAINS(shell(BIN "/assay check --fail-on '' 2>&1"), "--fail-on names nothing");
  COMPLAINS(shell(BIN "/assay check --fail-on , 2>&1"), "--fail-on names nothing");
  COMPLAINS(shell(BIN "/assay check --fail-on $(printf 'accept,%%.0s' $(seq 300))zebra 2>&1"),
            "no answer 'zebra'");
}

Test(fail_on, changes_nothing_where_there_are_backends_alone) {
  const struct ran *ran = shell(
      BIN
      "/assay check --corpus %s --subject openssl --alg HS256 --fail-on accept,reject,reason,unmapped 2>&1",
      test_corpus());
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_assert(!strstr(ran->out, "--fail-on"));
}
