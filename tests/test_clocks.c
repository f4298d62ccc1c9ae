/* Tokens with a clock of their own, in a verdict pass and in measured blocks. */
#include "tests/cli.h"

#include "harness/subject/check.h"

#define TOKENS_MAX 256

struct timed {
  struct corpus corpus;
  struct subject_spec spec;
  struct subject_host host;
  struct subject subject;
  uint32_t list[TOKENS_MAX];
  uint32_t own,
      usual; /* tokens at the front that have a clock of their own, and those behind them that have none */
};

/* That one comes after another has no bearing on it: what its own clock says of it is its answer alone. */
static bool is_fit(const struct corpus_token *token, bool own) {
  bool has_own = token->now != CORPUS_NOW_UNSET;
  return has_own == own && token->setting == 0 && token->alg < ASSAY_ALG_COUNT &&
         token->only_answer != ANSWER_NONE &&
         (own || (token->after == CORPUS_NONE && token->alg == ASSAY_HS256));
}

static uint32_t list_add(struct timed *timed, uint32_t at, bool own) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < timed->corpus.header->token_count && count < TOKENS_MAX / 2; i++) {
    const struct corpus_token *token = &timed->corpus.tokens[i];
    if (is_fit(token, own))
      timed->list[at + count++] = i;
  }
  return count;
}

static void timed_open(struct timed *timed) {
  struct assay_error error = {0};
  setenv("ASSAY_BIN", BIN, 1);
  cr_assert(corpus_open(&timed->corpus, test_corpus(), &error), "%s", error.text);
  cr_assert(subject_spec_parse(&timed->spec, "openssl", NULL, &error), "%s", error.text);
  timed->own = list_add(timed, 0, true);
  timed->usual = list_add(timed, timed->own, false);
  cr_assert_gt(timed->own, 2);
  cr_assert_gt(timed->usual, 2);
  timed->host = (struct subject_host){.corpus = &timed->corpus,
                                      .hang_ns = UINT64_C(5000000000),
                                      .list = timed->list,
                                      .list_len = timed->own + timed->usual};
  cr_assert(subject_open(&timed->subject, &timed->spec, &timed->host, &error), "%s", error.text);
}

static uint64_t wrong_of(struct timed *timed, enum block_kind block, uint32_t at, uint32_t len) {
  const struct control_command command = {.kind = COMMAND_BLOCK,
                                          .block = block,
                                          .cpu = -1,
                                          .threads = 1,
                                          .list_at = at,
                                          .list_len = len,
                                          .count = len};
  cr_assert_eq(subject_do(&timed->subject, &command, NULL), EVENT_DONE, "%s", timed->subject.error.text);
  return timed->subject.outcome.wrong;
}

/* Which of its tokens the worker was asked about before has no say in it. */
Test(clocks, every_token_of_a_block_has_its_own_clock_or_the_policys) {
  static const enum block_kind blocks[] = {BLOCK_VERIFY, BLOCK_TIMES, BLOCK_COLD};
  static struct timed timed;
  timed_open(&timed);
  for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
    uint32_t few = blocks[i] == BLOCK_COLD ? 3 : timed.usual;
    struct check check = {.subjects = &timed.subject, .subject_count = 1, .list_len = timed.own};
    cr_assert(check_run(&check), "%s", timed.subject.error.text);
    cr_expect_eq(wrong_of(&timed, blocks[i], timed.own, few), 0, "usual, %zu", i);
    few = blocks[i] == BLOCK_COLD ? 3 : timed.own;
    cr_expect_eq(wrong_of(&timed, blocks[i], 0, few), 0, "own, %zu", i);
    cr_expect_eq(wrong_of(&timed, blocks[i], timed.own, 2), 0, "usual again, %zu", i);
  }
  subject_close(&timed.subject);
  corpus_close(&timed.corpus);
}
