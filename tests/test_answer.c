/* What an answer is worth: the one table that runs, gates and reports share. */
#include <criterion/criterion.h>

#include "harness/base/answer.h"

static const uint16_t expired[] = {REASON_EXPIRED}, policy[] = {300},
                      two[] = {REASON_EXPIRED, REASON_SIGNATURE_INVALID};
static const struct expectation accept = {.verdict = EXPECT_ACCEPT}, any = {.verdict = EXPECT_ANY},
                                reject = {.verdict = EXPECT_REJECT},
                                reject_expired = {EXPECT_REJECT, expired, 1, false},
                                reject_stage = {EXPECT_REJECT, policy, 1, false},
                                reject_two = {EXPECT_REJECT, two, 2, false},
                                pinned = {EXPECT_REJECT, expired, 1, true};
static const struct answerer ours = {.is_verifier = false}, verifier = {.is_verifier = true};

Test(answer, reads_what_it_writes) {
  static const unsigned answers[] = {REASON_OK,    REASON_EXPIRED,  REASON_UNMAPPED, REASON_UNSUPPORTED,
                                     REASON_FAULT, ANSWER_HANG,     ANSWER_CRASH,    ANSWER_MISSING,
                                     ANSWER_NONE,  REASON_UNDECIDED};
  char text[128];
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
    cr_expect_eq(answer_by_text(answer_text(answers[i], text, sizeof text)), (int)answers[i], "%s", text);
  cr_expect_eq(answer_by_text("reject"), -1);
  cr_expect_eq(answer_by_text("reject no.such"), -1);
}

Test(answer, contradicts_in_verdicts_and_in_reasons_that_are_told) {
  cr_expect(answers_contradict(REASON_OK, REASON_UNMAPPED));
  cr_expect(answers_contradict(REASON_EXPIRED, REASON_SIGNATURE_INVALID));
  cr_expect(!answers_contradict(REASON_EXPIRED, REASON_UNMAPPED));
  cr_expect(answers_contradict(ANSWER_CRASH, REASON_UNMAPPED));
  cr_expect(!answers_contradict(REASON_OK, REASON_OK));
}

Test(answer, calls_each_kind_by_a_name_of_its_own) {
  for (int kind = 0; kind <= KIND_COUNT; kind++)
    cr_expect_eq(answer_kind_by_counter(answer_kind_words((enum answer_kind)kind)->counter), kind);
  cr_expect_eq(answer_kind_by_counter("wrong_verdict"), -1);
}

Test(answer, kinds) {
  static const struct {
    const struct expectation *expected;
    unsigned answer;
    enum answer_kind ours, verifier;
  } rows[] = {
      {&accept, REASON_OK, KIND_RIGHT, KIND_RIGHT},
      {&accept, REASON_EXPIRED, KIND_REFUSED, KIND_REFUSED},
      {&accept, REASON_UNMAPPED, KIND_REFUSED, KIND_REFUSED},
      {&accept, REASON_UNDECIDED, KIND_UNDECIDED, KIND_UNDECIDED},
      {&reject_expired, REASON_OK, KIND_ACCEPTED, KIND_ACCEPTED},
      {&reject_expired, REASON_EXPIRED, KIND_RIGHT, KIND_RIGHT},
      {&reject_expired, REASON_SIGNATURE_INVALID, KIND_REASON, KIND_REASON},
      {&reject_expired, REASON_UNMAPPED, KIND_UNMAPPED, KIND_UNMAPPED},
      {&reject_two, REASON_SIGNATURE_INVALID, KIND_RIGHT, KIND_RIGHT},
      {&reject_stage, REASON_HEADER_DEPTH, KIND_RIGHT, KIND_RIGHT},
      {&reject_stage, REASON_EXPIRED, KIND_REASON, KIND_REASON},
      {&reject, REASON_EXPIRED, KIND_RIGHT, KIND_RIGHT},
      {&reject, REASON_UNMAPPED, KIND_RIGHT, KIND_RIGHT},
      {&reject, REASON_OK, KIND_ACCEPTED, KIND_ACCEPTED},
      {&pinned, REASON_OK, KIND_ACCEPTED, KIND_DIFFERS},
      {&pinned, REASON_SIGNATURE_INVALID, KIND_REASON, KIND_DIFFERS},
      {&pinned, REASON_EXPIRED, KIND_RIGHT, KIND_RIGHT},
      {&pinned, ANSWER_CRASH, KIND_CRASH, KIND_CRASH},
      {&any, REASON_OK, KIND_UNSCORED, KIND_UNSCORED},
      {&any, REASON_EXPIRED, KIND_UNSCORED, KIND_UNSCORED},
      {&any, ANSWER_HANG, KIND_HANG, KIND_HANG},
      {&accept, ANSWER_MISSING, KIND_FAULT, KIND_FAULT},
      {&accept, REASON_FAULT, KIND_FAULT, KIND_FAULT},
      {&reject, REASON_UNSUPPORTED, KIND_UNSUPPORTED, KIND_UNSUPPORTED},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_expect_eq(answer_kind(rows[i].answer, rows[i].expected, &ours), rows[i].ours, "row %zu", i);
    cr_expect_eq(answer_kind(rows[i].answer, rows[i].expected, &verifier), rows[i].verifier, "row %zu", i);
  }
}

Test(answer, what_cannot_be_told_excuses_an_acceptance_alone) {
  struct reason_set gaps = {{0}};
  gaps.bits[REASON_EXPIRED / 64] |= UINT64_C(1) << REASON_EXPIRED % 64;
  const struct answerer who = {.is_verifier = true, .gaps = &gaps};
  cr_expect_eq(answer_kind(REASON_OK, &reject_expired, &who), KIND_UNSUPPORTED);
  cr_expect_eq(answer_kind(ANSWER_CRASH, &reject_expired, &who), KIND_CRASH);
  cr_expect_eq(answer_kind(REASON_SIGNATURE_INVALID, &reject_expired, &who), KIND_REASON);
  cr_expect_eq(answer_kind(REASON_EXPIRED, &accept, &who), KIND_REFUSED);
  cr_expect_eq(answer_kind(REASON_OK, &reject, &who), KIND_ACCEPTED);
}

Test(answer, gravity_ascends) {
  static const unsigned of_bad[] = {
      REASON_EXPIRED,   REASON_UNSUPPORTED, REASON_UNMAPPED, REASON_SIGNATURE_INVALID,
      REASON_UNDECIDED, REASON_FAULT,       ANSWER_HANG,     REASON_OK};
  for (size_t i = 1; i < sizeof of_bad / sizeof *of_bad; i++)
    cr_expect_gt(answer_gravity(of_bad[i], &reject_expired), answer_gravity(of_bad[i - 1], &reject_expired),
                 "at %zu", i);
  cr_expect_eq(answer_gravity(ANSWER_HANG, &accept), answer_gravity(ANSWER_CRASH, &accept));
  cr_expect_gt(answer_gravity(ANSWER_CRASH, &accept), answer_gravity(REASON_EXPIRED, &accept));
  cr_expect_gt(answer_gravity(REASON_OK, &pinned), answer_gravity(REASON_SIGNATURE_INVALID, &pinned),
               "a pin excuses no acceptance where a subject is compared with itself");
  cr_expect_eq(answer_gravity(REASON_EXPIRED, &any), answer_gravity(REASON_OK, &any));
}

Test(answer, words) {
  char text[128], small[24];
  cr_expect_str_eq(answer_text(REASON_OK, text, sizeof text), "accept");
  cr_expect_str_eq(answer_text(REASON_EXPIRED, text, sizeof text), "reject registered-claims.expired");
  cr_expect_str_eq(answer_text(REASON_UNMAPPED, text, sizeof text), "reject unmapped");
  cr_expect_str_eq(answer_text(ANSWER_MISSING, text, sizeof text), "no answer");
  cr_expect_str_eq(expectation_text(&accept, text, sizeof text), "accept");
  cr_expect_str_eq(expectation_text(&reject, text, sizeof text), "reject");
  cr_expect_str_eq(expectation_text(&reject_stage, text, sizeof text), "reject header-json.*");
  cr_expect_str_eq(expectation_text(&reject_two, text, sizeof text),
                   "reject registered-claims.expired or signature.invalid");
  cr_expect_str_eq(expectation_text(&reject_two, small, sizeof small), "reject registered-cl...");
}

Test(answer, expectations_are_read_as_they_are_written) {
  static const struct expectation *const all[] = {&accept,         &any,          &reject,
                                                  &reject_expired, &reject_stage, &reject_two};
  char text[128];
  uint16_t reasons[4];
  struct expectation expected;
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    expectation_text(all[i], text, sizeof text);
    cr_assert(expectation_by_text(text, reasons, 4, &expected), "%s", text);
    cr_expect_eq(expected.verdict, all[i]->verdict, "%s", text);
    cr_assert_eq(expected.reason_count, all[i]->reason_count, "%s", text);
    for (size_t r = 0; r < expected.reason_count; r++)
      cr_expect_eq(reasons[r], all[i]->reasons[r], "%s", text);
  }
  cr_expect(
      expectation_by_text("reject registered-claims.expired or signature.invalid", reasons, 1, &expected));
  cr_expect_eq(expected.reason_count, 1, "no more than there is room for");
  cr_expect_not(expectation_by_text("reject registered-claims.expired or sig...", reasons, 4, &expected));
  cr_expect_eq(expected.reason_count, 1, "what stands before the cut is known");
  cr_expect_not(expectation_by_text("", reasons, 4, &expected));
  cr_expect_eq(expected.verdict, EXPECT_ANY);
}
