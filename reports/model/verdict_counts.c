/* What the counters of a verdict row come to, and which token shows it. */
#include <string.h>

#include "harness/base/alg.h"
#include "reports/model/measured.h"
#include "reports/model/result.h"

#define AT(counter) offsetof(struct result_verdict, counter)
static const size_t counters[KIND_COUNT + 1] = {[KIND_ACCEPTED] = AT(accepted),
                                                [KIND_CRASH] = AT(crash),
                                                [KIND_HANG] = AT(hang),
                                                [KIND_FAULT] = AT(fault),
                                                [KIND_REFUSED] = AT(refused),
                                                [KIND_UNDECIDED] = AT(undecided),
                                                [KIND_REASON] = AT(wrong_reason),
                                                [KIND_UNMAPPED] = AT(unmapped),
                                                [KIND_DIFFERS] = AT(pinned_differs),
                                                [KIND_UNSUPPORTED] = AT(unsupported),
                                                [KIND_RIGHT] = AT(right),
                                                [KIND_UNSCORED] = AT(unscored)};
#undef AT

uint64_t result_count(const struct result_verdict *row, enum answer_kind kind) {
  return *(const unsigned *)((const char *)row + counters[kind]);
}

void verdict_count(struct result_verdict *verdict, enum answer_kind kind, unsigned tokens) {
  *(unsigned *)((char *)verdict + counters[kind]) += tokens;
  verdict->tokens += tokens;
}

uint64_t result_verdict_right(const struct result_verdict *row) {
  uint64_t right = 0;
  for (int kind = 0; kind < KIND_COUNT; kind++)
    if (answer_kind_has_right_verdict((enum answer_kind)kind))
      right += result_count(row, (enum answer_kind)kind);
  return right;
}

enum expect_verdict result_expects(const struct result_verdict *row) {
  if (strcmp(row->expected, "accept") == 0)
    return EXPECT_ACCEPT;
  return strcmp(row->expected, "any") == 0 ? EXPECT_ANY : EXPECT_REJECT;
}

bool verdict_settle(struct result_verdict *row) {
  if (row->accepted + row->refused == 0)
    *(result_expects(row) == EXPECT_ACCEPT ? &row->refused : &row->accepted) = row->in_file.wrong_verdict;
  uint64_t counted = 0;
  for (int kind = 0; kind <= KIND_COUNT; kind++)
    counted += result_count(row, (enum answer_kind)kind);
  if (counted < row->tokens && result_expects(row) == EXPECT_ANY)
    row->unscored += row->tokens - (unsigned)counted;
  return counted <= row->tokens;
}

/* Answers in words that are not ours contradict where they read differently. */
static bool texts_contradict(const char *a, const char *b) {
  int x = answer_by_text(a), y = answer_by_text(b);
  return x < 0 || y < 0 ? strcmp(a, b) != 0 : answers_contradict((unsigned)x, (unsigned)y);
}

bool drift_differs(const struct result_drift *drift) {
  for (size_t i = 0; i < drift->answer_count; i++)
    for (size_t j = 0; j < i; j++)
      if (!result_is_floor(drift->answers[i].subject) && !result_is_floor(drift->answers[j].subject) &&
          texts_contradict(drift->answers[i].answer, drift->answers[j].answer))
        return true;
  return false;
}

/* before: how many tokens were answered in graver ways. Examples stand in the order of their kinds. */
static const char *example_of_kind(const struct result_verdict *row, int kind, uint64_t before) {
  for (size_t i = 0; i < row->given_count; i++)
    if (answer_kind_by_counter(row->given[i].kind) == kind && row->given[i].example[0])
      return row->given[i].example;
  return before < row->examples.count ? row->examples.items[before] : "";
}

const char *verdict_example(const struct result_verdict *row, unsigned kinds) {
  uint64_t before = 0;
  for (int kind = 0; kind < KIND_RIGHT; kind++) {
    uint64_t count = result_count(row, (enum answer_kind)kind);
    const char *example = count && kinds >> kind & 1 ? example_of_kind(row, kind, before) : "";
    if (example[0])
      return example;
    before += count;
  }
  return "";
}

/* Which of two opposite verdicts, or which failure, a kind of answer is. */
static bool is_answer_of_kind(const char *text, enum answer_kind kind) {
  int answer = answer_by_text(text);
  switch (kind) {
  case KIND_ACCEPTED: return answer == REASON_OK;
  case KIND_CRASH: return answer == ANSWER_CRASH;
  case KIND_HANG: return answer == ANSWER_HANG;
  case KIND_FAULT: return answer == REASON_FAULT || answer == ANSWER_MISSING;
  case KIND_UNDECIDED: return answer == REASON_UNDECIDED;
  case KIND_UNMAPPED: return answer == REASON_UNMAPPED;
  case KIND_UNSUPPORTED: return answer == REASON_UNSUPPORTED;
  default: return strncmp(text, "reject", 6) == 0;
  }
}

/* In results of before a drift kept what is expected of its token, that is no hindrance. */
static bool is_drift_of(const struct result_drift *drift, const struct result_verdict *row) {
  return strcmp(drift->class_id, row->class_id) == 0 && strcmp(drift->variant, row->variant) == 0 &&
         strcmp(drift->alg, row->alg) == 0 &&
         (!drift->expected[0] || strcmp(drift->expected, row->expected) == 0);
}

const struct result_drift *verdict_drift(const struct result *result, const struct result_verdict *row,
                                         enum answer_kind kind) {
  for (size_t i = 0; i < result->drift_count; i++) {
    const struct result_drift *drift = &result->drift[i];
    for (size_t j = 0; is_drift_of(drift, row) && j < drift->answer_count; j++)
      if (strcmp(drift->answers[j].subject, row->subject) == 0 &&
          is_answer_of_kind(drift->answers[j].answer, kind))
        return drift;
  }
  return NULL;
}

bool result_fails(const struct result_verdict *row) {
  uint64_t failed = result_count(row, KIND_REASON);
  for (int kind = 0; kind < KIND_UNDECIDED; kind++)
    failed += result_count(row, (enum answer_kind)kind);
  return failed && (row->level == LEVEL_PIPELINE || row->level == LEVEL_GUARDED);
}

bool result_is_of_key(const struct result_verdict *row) {
  return strcmp(row->stage, assay_stage_name(STAGE_KEY_IMPORT)) == 0;
}

bool result_lacks_alg(const struct result *result, const struct result_verdict *row) {
  if (row->unsupported == 0 || assay_alg_by_name(row->alg) == ASSAY_ALG_NONE)
    return false;
  const struct result_subject *subject = result_find_subject(result, row->subject);
  for (size_t i = 0; subject && i < subject->algorithms.count; i++)
    if (strcmp(subject->algorithms.items[i], row->alg) == 0)
      return false;
  return true;
}
