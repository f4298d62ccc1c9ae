/* A verifier that answers what the token tells it to: "registered-claims.expired", "crash", ... Of two words
 * with a "~" between them it says the first, and as `parrot:head` the second. Of the policy it only looks
 * whether it came as JSON, and its words are the clock that it was given. */
#include "backends/verifiers/verifier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool second;

static const struct assay_verifier_facts *facts(const char *argument, char *problem, size_t problem_bytes) {
  static const struct assay_gap gaps[] = {{"registered-claims.replayed", "it forgets at once"},
                                          {"authorisation.*", "it knows no rights"}};
  static const struct assay_verifier_facts told = {
      .build = {.library = "parrot", .version = "1", .path = "", .note = ""},
      .algs = ASSAY_ALG_BIT(ASSAY_HS256),
      .gaps = gaps,
      .gap_count = sizeof gaps / sizeof gaps[0],
  };
  second = strcmp(argument, "head") == 0;
  if (strcmp(argument, "mute") != 0)
    return &told;
  snprintf(problem, problem_bytes, "parrot: it will not speak");
  return NULL;
}

static enum assay_outcome open_setting(const struct assay_setting *setting,
                                       struct assay_verifier_state **state) {
  *state = NULL;
  bool whole = setting->policy[0] == '{' && setting->key_count == 1 && setting->keys[0].jwks[0] == '{';
  return whole ? ASSAY_MATCH : ASSAY_FAULT;
}

static void close_setting(struct assay_verifier_state *state) {
  (void)state;
}

static enum assay_reason reason_of(struct assay_bytes token) {
  static const struct {
    const char *word;
    enum assay_reason reason;
  } words[] = {{"accept", REASON_OK},
               {"unmapped", REASON_UNMAPPED},
               {"undecided", REASON_UNDECIDED},
               {"unsupported", REASON_UNSUPPORTED},
               {"fault", REASON_FAULT}};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (bytes_eq_str(token, words[i].word))
      return words[i].reason;
  int reason = assay_reason_by_dotted(token);
  return reason < 0 ? REASON_FAULT : (enum assay_reason)reason;
}

static struct assay_bytes word_of(struct assay_bytes token) {
  const uint8_t *mark = memchr(token.ptr, '~', token.len);
  if (!mark)
    return token;
  size_t before = (size_t)(mark - token.ptr);
  return second ? bytes_of(mark + 1, token.len - before - 1) : bytes_of(token.ptr, before);
}

static void verify(struct assay_verifier_state *state, struct assay_bytes token, int64_t now_s,
                   struct assay_answer *answer) {
  struct assay_bytes word = word_of(token);
  (void)state;
  if (bytes_eq_str(word, "crash"))
    abort();
  while (bytes_eq_str(word, "hang"))
    pause();
  answer->reason = reason_of(word);
  snprintf(answer->words, sizeof answer->words, "at %lld", (long long)now_s);
}

ASSAY_EXPORT const struct assay_verifier assay_verifier = {
    .abi = ASSAY_VERIFIER_ABI,
    .size = sizeof(struct assay_verifier),
    .name = "parrot",
    .summary = "says what it hears",
    .facts = facts,
    .open = open_setting,
    .close = close_setting,
    .verify = verify,
};
