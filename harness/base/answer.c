/* The one place that says what an answer is worth. */
#include "harness/base/answer.h"

#include <stdio.h>
#include <string.h>

static bool is_any_of_stage(unsigned reason) {
  return reason > 0 && reason % 100 == 0 && reason / 100 < STAGE_COUNT;
}

bool reason_pattern_known(unsigned reason) {
  return is_any_of_stage(reason) || assay_reason_stage((enum assay_reason)reason) != STAGE_NONE;
}

unsigned reason_pattern_read(struct assay_bytes text) {
  char pattern[REASON_PATTERN_BYTES];
  int reason = assay_reason_by_dotted(text);
  if (reason > 0)
    return (unsigned)reason;
  for (int stage = STAGE_NONE + 1; stage < STAGE_COUNT; stage++) {
    unsigned any = reason_any_of((enum assay_stage)stage);
    if (bytes_eq_str(text, reason_pattern_text(any, pattern)))
      return any;
  }
  return 0;
}

const char *reason_pattern_text(unsigned reason, char *text) {
  if (is_any_of_stage(reason))
    snprintf(text, REASON_PATTERN_BYTES, "%s.*", assay_stage_name((enum assay_stage)(reason / 100)));
  else
    snprintf(text, REASON_PATTERN_BYTES, "%s", assay_reason_dotted((enum assay_reason)reason));
  return text;
}

uint16_t expectation_only_answer(const struct expectation *expected) {
  if (expected->verdict != EXPECT_REJECT)
    return REASON_OK;
  bool one = expected->reason_count == 1;
  return one && !is_any_of_stage(expected->reasons[0]) ? expected->reasons[0] : ANSWER_NONE;
}

static bool covers(unsigned expected, unsigned reason) {
  return expected == reason ||
         (expected % 100 == 0 && expected / 100 == (unsigned)assay_reason_stage((enum assay_reason)reason));
}

bool expectation_has(const struct expectation *expected, unsigned reason) {
  for (size_t i = 0; i < expected->reason_count; i++)
    if (covers(expected->reasons[i], reason))
      return true;
  return expected->reason_count == 0;
}

/* Whether what makes the token bad is something that the subject cannot be told. */
static bool is_gap(const struct expectation *expected, const struct reason_set *gaps) {
  for (size_t i = 0; gaps && i < expected->reason_count; i++)
    if (reason_set_has(gaps, expected->reasons[i]))
      return true;
  return false;
}

/* Of an answer that is an acceptance or a refusal by decision, to a token of which one of the
 * two is expected. */
static enum answer_kind decision_kind(unsigned answer, const struct expectation *expected) {
  bool good = expected->verdict == EXPECT_ACCEPT, accepted = answer == REASON_OK;
  if (good || accepted)
    return good == accepted ? KIND_RIGHT : good ? KIND_REFUSED : KIND_ACCEPTED;
  if (expected->reason_count > 0 && answer == REASON_UNMAPPED)
    return KIND_UNMAPPED;
  return expectation_has(expected, answer) ? KIND_RIGHT : KIND_REASON;
}

/* Before pins and gaps are thought of. */
static enum answer_kind plain_kind(unsigned answer, const struct expectation *expected) {
  switch (answer) {
  case ANSWER_CRASH: return KIND_CRASH;
  case ANSWER_HANG: return KIND_HANG;
  case ANSWER_MISSING:
  case ANSWER_NONE:
  case REASON_FAULT: return KIND_FAULT;
  case REASON_UNDECIDED: return KIND_UNDECIDED;
  case REASON_UNSUPPORTED: return KIND_UNSUPPORTED;
  default: return expected->verdict == EXPECT_ANY ? KIND_UNSCORED : decision_kind(answer, expected);
  }
}

enum answer_kind answer_kind(unsigned answer, const struct expectation *expected,
                             const struct answerer *who) {
  enum answer_kind kind = plain_kind(answer, expected);
  if (kind == KIND_ACCEPTED && is_gap(expected, who->gaps))
    return KIND_UNSUPPORTED;
  bool bends = kind == KIND_ACCEPTED || kind == KIND_REFUSED || kind == KIND_REASON;
  return bends && who->is_verifier && expected->pinned ? KIND_DIFFERS : kind;
}

bool answer_kind_has_right_verdict(enum answer_kind kind) {
  return kind == KIND_RIGHT || kind == KIND_REASON || kind == KIND_UNMAPPED;
}

static const struct answer_kind_words words_of_kinds[KIND_COUNT + 1] = {
    [KIND_ACCEPTED] = {"accepted", "accept", "accepted", "bad token"},
    [KIND_CRASH] = {"crash", "crash", "crashed on", "token"},
    [KIND_HANG] = {"hang", "hang", "hung on", "token"},
    [KIND_FAULT] = {"fault", "fault", "gave a fault on", "token"},
    [KIND_REFUSED] = {"refused", "reject", "refused", "good token"},
    [KIND_UNDECIDED] = {"undecided", "undecided", "refused without deciding", "token"},
    [KIND_REASON] = {"wrong_reason", "reason", "gave another reason for", "token"},
    [KIND_UNMAPPED] = {"unmapped", "unmapped", "told no reason for", "token"},
    [KIND_DIFFERS] = {"pinned_differs", "differs", "differs from what is pinned on", "token"},
    [KIND_UNSUPPORTED] = {"unsupported", "unsupported", "could not check", "token"},
    [KIND_RIGHT] = {"right", NULL, "was right on", "token"},
    [KIND_UNSCORED] = {"unscored", NULL, "answered, without a score,", "token"},
};

const struct answer_kind_words *answer_kind_words(enum answer_kind kind) {
  return &words_of_kinds[kind];
}

int answer_kind_by_counter(const char *counter) {
  for (int kind = 0; kind <= KIND_COUNT; kind++)
    if (strcmp(words_of_kinds[kind].counter, counter) == 0)
      return kind;
  return -1;
}

static bool is_refusal(unsigned answer) {
  return answer != ANSWER_NONE && answer < ANSWER_CRASH &&
         assay_verdict_of((enum assay_reason)answer) == VERDICT_REJECT;
}

bool answers_contradict(unsigned a, unsigned b) {
  if (is_refusal(a) && is_refusal(b) && (a == REASON_UNMAPPED || b == REASON_UNMAPPED))
    return false;
  return a != b;
}

unsigned answer_kind_gravity(enum answer_kind kind) {
  static const unsigned char gravities[KIND_COUNT + 1] = {
      [KIND_UNSCORED] = 0, [KIND_RIGHT] = 0,  [KIND_UNSUPPORTED] = 1, [KIND_DIFFERS] = 2,
      [KIND_UNMAPPED] = 3, [KIND_REASON] = 4, [KIND_UNDECIDED] = 5,   [KIND_REFUSED] = 6,
      [KIND_FAULT] = 7,    [KIND_HANG] = 8,   [KIND_CRASH] = 8,       [KIND_ACCEPTED] = 9};
  return gravities[kind];
}

unsigned answer_gravity(unsigned answer, const struct expectation *expected) {
  return answer_kind_gravity(plain_kind(answer, expected));
}

/* The answers that are no reasons, and no refusals. */
static const char *word_of(unsigned answer) {
  switch (answer) {
  case ANSWER_NONE: return "not asked";
  case ANSWER_CRASH: return "crash";
  case ANSWER_HANG: return "hang";
  case ANSWER_MISSING: return "no answer";
  case REASON_UNMAPPED: return "reject unmapped";
  default: return NULL;
  }
}

const char *answer_text(unsigned answer, char *text, size_t size) {
  enum assay_reason reason = (enum assay_reason)answer;
  const char *word = word_of(answer);
  if (word)
    snprintf(text, size, "%s", word);
  else if (assay_verdict_of(reason) == VERDICT_REJECT)
    snprintf(text, size, "reject %s", assay_reason_dotted(reason));
  else
    snprintf(text, size, "%s", assay_verdict_name(assay_verdict_of(reason)));
  return text;
}

int answer_by_text(const char *text) {
  static const unsigned plain[] = {ANSWER_NONE,      ANSWER_CRASH,    ANSWER_HANG,
                                   ANSWER_MISSING,   REASON_UNMAPPED, REASON_UNSUPPORTED,
                                   REASON_UNDECIDED, REASON_FAULT,    REASON_OK};
  static const char reject[] = "reject ";
  char word[32];
  for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
    if (strcmp(answer_text(plain[i], word, sizeof word), text) == 0)
      return (int)plain[i];
  if (strncmp(text, reject, sizeof reject - 1) != 0)
    return -1;
  return assay_reason_by_dotted(bytes_str(text + sizeof reject - 1));
}

static void add_reason(char *text, size_t size, unsigned reason, bool first) {
  char pattern[REASON_PATTERN_BYTES];
  size_t used = strlen(text);
  int wanted =
      snprintf(text + used, size - used, "%s%s", first ? " " : " or ", reason_pattern_text(reason, pattern));
  if (wanted >= 0 && (size_t)wanted >= size - used && size > 3)
    memcpy(text + size - 4, "...", 4);
}

const char *expectation_text(const struct expectation *expected, char *text, size_t size) {
  if (expected->verdict != EXPECT_REJECT) {
    snprintf(text, size, "%s", expected->verdict == EXPECT_ANY ? "any" : "accept");
    return text;
  }
  snprintf(text, size, "reject");
  for (size_t i = 0; i < expected->reason_count; i++)
    add_reason(text, size, expected->reasons[i], i == 0);
  return text;
}

/* Appends what stands before the end, or before " or "; returns what stands behind that, NULL: it is no
 * reason. */
static const char *read_reason(const char *text, uint16_t *reasons, size_t *count) {
  static const char between[] = " or ";
  const char *end = strstr(text, between);
  size_t len = end ? (size_t)(end - text) : strlen(text);
  unsigned reason = reason_pattern_read(bytes_of(text, len));
  if (reason == 0)
    return NULL;
  reasons[(*count)++] = (uint16_t)reason;
  return text + len + (end ? sizeof between - 1 : 0);
}

bool expectation_by_text(const char *text, uint16_t *reasons, size_t most, struct expectation *expected) {
  static const char reject[] = "reject ";
  const char *rest = strncmp(text, reject, sizeof reject - 1) == 0 ? text + sizeof reject - 1 : "";
  bool rejects = rest[0] || strcmp(text, "reject") == 0, accepts = strcmp(text, "accept") == 0;
  *expected = (struct expectation){.verdict = rejects   ? EXPECT_REJECT
                                              : accepts ? EXPECT_ACCEPT
                                                        : EXPECT_ANY,
                                   .reasons = reasons};
  while (rest && rest[0] && expected->reason_count < most)
    rest = read_reason(rest, reasons, &expected->reason_count);
  return rest ? rejects || accepts || strcmp(text, "any") == 0 : false;
}
