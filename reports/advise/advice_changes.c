/* Which answers change from one subject to the other, and how grave that is. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/answer.h"
#include "reports/advise/advice_parts.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"

#define REASONS_READ 16

const char *change_word(enum change_kind kind) {
  static const char *const words[] = {
      [CHANGE_ACCEPTS] = "bad token accepted",
      [CHANGE_BREAKS] = "no answer",
      [CHANGE_REFUSES] = "good token refused",
      [CHANGE_WORSE] = "worse reason",
      [CHANGE_LAXER] = "laxer",
      [CHANGE_STRICTER] = "stricter",
      [CHANGE_REASON] = "another reason",
      [CHANGE_MENDED] = "mended",
  };
  return words[kind];
}

/* ---- one answer ---- */

static enum change_kind graver_kind(unsigned is, const struct expectation *expected) {
  switch (is) {
  case REASON_OK: return CHANGE_ACCEPTS;
  case REASON_FAULT:
  case ANSWER_CRASH:
  case ANSWER_HANG:
  case ANSWER_MISSING: return CHANGE_BREAKS;
  default: return expected->verdict == EXPECT_ACCEPT ? CHANGE_REFUSES : CHANGE_WORSE;
  }
}

static enum change_kind kind_of(unsigned was, unsigned is, const struct expectation *expected) {
  unsigned before = answer_gravity(was, expected), after = answer_gravity(is, expected);
  if (after != before)
    return after > before ? graver_kind(is, expected) : CHANGE_MENDED;
  return is == REASON_OK ? CHANGE_LAXER : was == REASON_OK ? CHANGE_STRICTER : CHANGE_REASON;
}

/* ---- all of them ---- */

static const char *answer_by(const struct result_drift *drift, const char *subject) {
  for (size_t i = 0; i < drift->answer_count; i++)
    if (strcmp(drift->answers[i].subject, subject) == 0)
      return drift->answers[i].answer;
  return NULL;
}

/* The change of the same class from the same to the same; NULL: there is none as yet. */
static struct advice_change *like(const struct advice *advice, const struct advice_change *change) {
  for (size_t i = 0; i < advice->change_count; i++) {
    struct advice_change *other = &advice->changes[i];
    if (other->kind == change->kind && strcmp(other->class_id, change->class_id) == 0 &&
        strcmp(other->was, change->was) == 0 && strcmp(other->is, change->is) == 0)
      return other;
  }
  return NULL;
}

static void add_change(struct advice *advice, const struct advice_change *change) {
  struct advice_change *other = like(advice, change);
  if (other) {
    other->tokens += change->tokens;
    other->severity =
        severity_is_graver(change->severity, other->severity) ? change->severity : other->severity;
    return;
  }
  advice->changes = allocate_one_more(advice->changes, advice->change_count, sizeof *change);
  advice->changes[advice->change_count++] = *change;
}

static void add_drift(struct advice *advice, const struct result_drift *drift) {
  const char *was = answer_by(drift, advice->from), *is = answer_by(drift, advice->to);
  int before = was ? answer_by_text(was) : -1, after = is ? answer_by_text(is) : -1;
  uint16_t reasons[REASONS_READ];
  struct expectation expected;
  if (before < 0 || after < 0 || !answers_contradict((unsigned)before, (unsigned)after))
    return;
  (void)expectation_by_text(drift->expected, reasons, REASONS_READ, &expected);
  const struct advice_change change = {.kind = kind_of((unsigned)before, (unsigned)after, &expected),
                                       .class_id = drift->class_id,
                                       .was = was,
                                       .is = is,
                                       .example = drift->example,
                                       .severity = drift->severity,
                                       .tokens = drift->tokens};
  add_change(advice, &change);
}

static int worst_first(const void *a, const void *b) {
  const struct advice_change *x = a, *y = b;
  if (x->kind != y->kind)
    return (int)x->kind - (int)y->kind;
  int order = severity_order(x->severity, y->severity);
  if (order || x->tokens == y->tokens)
    return order ? order : strcmp(x->example, y->example);
  return x->tokens > y->tokens ? -1 : 1;
}

struct asked {
  uint64_t from, to;
};

static struct asked count_asked(struct advice *advice) {
  struct asked asked = {0};
  for (size_t i = 0; i < advice->result->verdict_count; i++) {
    const struct result_verdict *row = &advice->result->verdicts[i];
    bool is_to = strcmp(row->subject, advice->to) == 0;
    if (result_is_raw(row->level))
      continue;
    asked.from += strcmp(row->subject, advice->from) == 0 ? row->tokens : 0;
    asked.to += is_to ? row->tokens : 0;
    for (int kind = 0; kind < KIND_RIGHT && is_to && result_fails(row); kind++)
      if (kind < KIND_UNDECIDED || kind == KIND_REASON)
        advice->wrong += result_count(row, (enum answer_kind)kind);
  }
  return asked;
}

void advice_add_changes(struct advice *advice) {
  struct asked asked = count_asked(advice);
  advice->is_judged = asked.from > 0 && asked.to > 0;
  advice->tokens = asked.from;
  advice->unasked = asked.from > asked.to ? asked.from - asked.to : 0;
  for (size_t i = 0; i < advice->result->drift_count; i++)
    add_drift(advice, &advice->result->drift[i]);
  if (advice->change_count)
    qsort(advice->changes, advice->change_count, sizeof *advice->changes, worst_first);
}

struct change_sum advice_sum(const struct advice *advice, enum change_kind first, enum change_kind last) {
  struct change_sum sum = {0};
  for (size_t i = 0; i < advice->change_count; i++) {
    const struct advice_change *change = &advice->changes[i];
    if (change->kind < first || change->kind > last)
      continue;
    sum.first = sum.first ? sum.first : change;
    sum.count++;
    sum.tokens += change->tokens;
  }
  return sum;
}
