/* What the host makes of a reply that a library has written over. */
#include "harness/subject/outcome.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/store/store.h"
#include "harness/base/random.h"
#include "harness/base/reason.h"
#include "harness/wire/control.h"

#define TOOK_NS 5000000u

static const uint32_t list[] = {7, 11, 13};

static struct control_command block_of(enum block_kind block) {
  return (struct control_command){
      .kind = COMMAND_BLOCK, .block = block, .list_len = 3, .count = 100, .lead = 10, .threads = 2};
}

/* One that a worker could give. */
static struct control_reply good(void) {
  return (struct control_reply){.state = REPLY_OK,
                                .first_wrong = 11,
                                .wrong_reason = REASON_EXPIRED,
                                .wrong = 3,
                                .elapsed_ns = 2000000,
                                .tokens_per_s = 100e3,
                                .involuntary_switches = 4,
                                .put_aside = 1,
                                .arena_high_water_bytes = 4096,
                                .allocations = 200,
                                .allocated_bytes = 8000,
                                .side_effects = SIDE_UPPER_HALVES};
}

static enum outcome_kind take_as(const struct control_reply *reply, struct control_command command,
                                 struct outcome *outcome, struct assay_error *why) {
  const struct outcome_bounds bounds = {&command, list, TOOK_NS, 2 * TOOK_NS};
  return outcome_take(reply, &bounds, outcome, why);
}

static enum outcome_kind take(const struct control_reply *reply, struct outcome *outcome) {
  struct assay_error why = {0};
  enum outcome_kind kind = take_as(reply, block_of(BLOCK_VERIFY), outcome, &why);
  cr_expect_eq(kind == OUTCOME_HOLDS, why.text[0] == '\0', "%s", why.text);
  return kind;
}

Test(outcome, what_a_worker_says_is_taken_over) {
  struct control_reply reply = good();
  struct outcome outcome;
  cr_assert_eq(take(&reply, &outcome), OUTCOME_HOLDS);
  cr_expect_eq(outcome.elapsed_ns, 2000000);
  cr_expect_eq(outcome.tokens_per_s, 100e3);
  cr_expect_eq(outcome.wrong, 3);
  cr_expect_eq(outcome.first_wrong, 11);
  cr_expect_eq(outcome.wrong_reason, REASON_EXPIRED);
  cr_expect_eq(outcome.involuntary_switches, 4);
  cr_expect_eq(outcome.put_aside, 1);
  cr_expect_eq(outcome.arena_high_water_bytes, 4096);
  cr_expect_eq(outcome.allocations, 200);
  cr_expect_eq(outcome.allocated_bytes, 8000);
  cr_expect_eq(outcome.side_effects, SIDE_UPPER_HALVES);
}

/* Each field alone, the others as they should be. */
static void refuses(size_t at, const void *value, size_t size, const char *field) {
  struct control_reply reply = good();
  struct outcome outcome;
  memcpy((char *)&reply + at, value, size);
  cr_expect_eq(take(&reply, &outcome), OUTCOME_IMPOSSIBLE, "%s", field);
  cr_expect_eq(outcome.wrong, 0, "%s", field);
  cr_expect_eq(outcome.first_wrong, CORPUS_NONE, "%s", field);
}
#define REFUSES(field, type, ...)                                                                            \
  do {                                                                                                       \
    const type values[] = {__VA_ARGS__};                                                                     \
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)                                              \
      refuses(offsetof(struct control_reply, field), &values[i], sizeof *values, #field);                    \
  } while (0)

Test(outcome, a_field_that_cannot_be_is_refused) {
  REFUSES(elapsed_ns, uint64_t, UINT64_MAX, TOOK_NS + 1, UINT64_C(1) << 63);
  REFUSES(tokens_per_s, double, NAN, -NAN, INFINITY, -INFINITY, -1, -0.001, 1e300, 201e9);
  REFUSES(wrong, uint64_t, UINT64_MAX, 221);
  REFUSES(first_wrong, uint32_t, UINT32_MAX, 12, 0);
  REFUSES(wrong_reason, uint32_t, UINT32_MAX, 1, REASON_LAST + 1, 2101, 0x10000);
  REFUSES(involuntary_switches, uint64_t, UINT64_MAX, UINT64_C(1) << 32, 0);
  REFUSES(put_aside, uint64_t, UINT64_MAX, 5);
  REFUSES(arena_high_water_bytes, uint64_t, UINT64_MAX, UINT64_C(1) << 48);
  REFUSES(allocations, uint64_t, UINT64_MAX, TOOK_NS + 1);
  REFUSES(allocated_bytes, uint64_t, UINT64_MAX);
  REFUSES(side_effects, uint32_t, UINT32_MAX, SIDE_EFFECTS + 1);
}

Test(outcome, a_state_that_says_nothing_is_no_answer) {
  const uint32_t states[] = {REPLY_NONE, REPLY_ERROR, 3, UINT32_MAX};
  struct outcome outcome;
  for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
    struct control_reply reply = good();
    reply.state = states[i];
    cr_expect_eq(take(&reply, &outcome), OUTCOME_MISSING, "%u", states[i]);
  }
  struct control_reply reply = good();
  reply.elapsed_ns = 0;
  cr_expect_eq(take(&reply, &outcome), OUTCOME_MISSING);
}

/* A sentence without an end, that would drive a terminal. */
Test(outcome, a_text_ends_and_is_harmless) {
  struct control_reply reply = {.state = REPLY_ERROR};
  struct outcome outcome;
  struct assay_error why;
  memset(reply.error, '\x1b', sizeof reply.error);
  cr_expect_eq(take_as(&reply, block_of(BLOCK_VERIFY), &outcome, &why), OUTCOME_REFUSED);
  cr_expect_eq(strlen(why.text), sizeof why.text - 1);
  cr_expect_null(strchr(why.text, '\x1b'));
}

/* Where no token is asked about, none is wrong; a verdict pass has no figures. */
Test(outcome, fields_that_a_command_does_not_fill_are_not_taken) {
  struct control_reply reply = good();
  struct outcome outcome;
  struct assay_error why;
  reply.first_wrong = reply.wrong_reason = UINT32_MAX;
  cr_expect_eq(take_as(&reply, block_of(BLOCK_KEY_IMPORT), &outcome, &why), OUTCOME_HOLDS);
  cr_expect_eq(outcome.wrong, 3);
  cr_expect_eq(outcome.first_wrong, CORPUS_NONE);
  reply.tokens_per_s = NAN;
  reply.wrong = UINT64_MAX;
  cr_expect_eq(
      take_as(&reply, (struct control_command){.kind = COMMAND_CHECK, .list_len = 3}, &outcome, &why),
      OUTCOME_HOLDS);
  cr_expect_eq(outcome.wrong, 0);
  cr_expect_eq(outcome.tokens_per_s, 0);
}

/* Any bytes: what is taken keeps to the bounds. */
Test(outcome, of_any_bytes_nothing_is_taken_that_cannot_be) {
  uint64_t random = 11;
  for (int round = 0; round < 200000; round++) {
    struct control_reply reply = good();
    struct outcome outcome;
    for (int bytes = (int)(random_next(&random) % 4); bytes >= 0; bytes--)
      ((uint8_t *)&reply)[random_next(&random) % offsetof(struct control_reply, error)] =
          (uint8_t)random_next(&random);
    if (take(&reply, &outcome) != OUTCOME_HOLDS)
      continue;
    cr_assert(outcome.elapsed_ns > 0 && outcome.elapsed_ns <= TOOK_NS);
    cr_assert(outcome.tokens_per_s >= 0 && outcome.tokens_per_s <= 200e9);
    cr_assert(outcome.wrong <= 220 && outcome.put_aside <= outcome.involuntary_switches);
    cr_assert(outcome.first_wrong == CORPUS_NONE || outcome.first_wrong == 7 || outcome.first_wrong == 11 ||
              outcome.first_wrong == 13);
    cr_assert(assay_reason_known(outcome.wrong_reason));
    cr_assert_eq(outcome.side_effects & ~(uint32_t)SIDE_EFFECTS, 0);
  }
}

Test(outcome, a_histogram_holds_as_many_samples_as_were_asked_for) {
  struct hist *hist = calloc(1, sizeof *hist);
  cr_assert_not_null(hist);
  cr_expect(outcome_hist_holds(hist, 0));
  for (uint64_t ns = 1; ns <= 1000; ns++)
    hist_record(hist, ns * 997);
  cr_expect(outcome_hist_holds(hist, 1000));
  cr_expect_not(outcome_hist_holds(hist, 999));
  cr_expect_not(outcome_hist_holds(hist, 1001));
  struct hist right = *hist;
  uint64_t *const fields[] = {&hist->total, &hist->min_ns, &hist->sum_ns, &hist->counts[0],
                              &hist->counts[HIST_SLOTS - 1]};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    *fields[i] = UINT64_MAX;
    cr_expect_not(outcome_hist_holds(hist, 1000), "field %zu", i);
    *hist = right;
  }
  hist->max_ns = 0;
  cr_expect_not(outcome_hist_holds(hist, 1000));
  memset(hist, 0xff, sizeof *hist);
  cr_expect_not(outcome_hist_holds(hist, 1000));
  cr_expect_not(outcome_hist_holds(hist, UINT64_MAX));
  free(hist);
}
