/* The cost of the whole pipeline without cryptography, in instructions under Callgrind: the same number every
 * time, and within its budget. Instructions are exact where nanoseconds on a shared machine are not. */
#include "build_facts.h"
#include "tests/cli.h"

#define TOKENS 2000
#define BUDGET_PER_TOKEN 4800

static const char *corpus_of_500_bytes(void) {
  static char folder[256];
  snprintf(folder, sizeof folder, "%s", fresh_folder());
  const struct ran *made =
      shell(BIN "/assay-corpus generate --out %s/c --profile small --token-bytes 500 2>&1", folder);
  cr_assert_eq(made->code, 0, "%s", made->out);
  return folder;
}

/* Instructions that Callgrind counted for that many tokens: within pipeline_verify, as what goes before is
 * not the same every time (Jansson seeds its hash tables at random). */
static long long instructions(const char *folder, int tokens) {
  const struct ran *ran =
      shell("valgrind --tool=callgrind --toggle-collect=pipeline_verify "
            "--callgrind-out-file=/dev/null " ASSAY_BINARY_DIR "/tests/count_instructions %s/c %d 2>&1",
            folder, tokens);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  const char *at = strstr(ran->out, "Collected : ");
  cr_assert_not_null(at, "%s", ran->out);
  return atoll(at + strlen("Collected : "));
}

Test(instructions, of_the_pipeline_are_repeatable_and_within_budget) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("instructions are counted on the Release build");
  if (shell("command -v valgrind >/dev/null")->code != 0)
    cr_skip_test("valgrind is not installed");
  const char *folder = corpus_of_500_bytes();
  long long first = (instructions(folder, 2 * TOKENS) - instructions(folder, TOKENS)) / TOKENS;
  long long again = (instructions(folder, 2 * TOKENS) - instructions(folder, TOKENS)) / TOKENS;
  printf("null backend, 500-byte HS256 token: %lld instructions\n", first);
  cr_assert_eq(first, again);
  cr_assert_gt(first, 500, "the tokens were not verified");
  cr_assert_lt(first, BUDGET_PER_TOKEN);
  shell("rm -rf %s", folder);
}
