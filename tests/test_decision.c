/* The decision point behind stage 8: when it is asked, what it is told, and what its answers do. */
#include "tests/token_kit.h"

static struct kit kit;

static struct {
  unsigned calls;
  enum assay_reason says;
  struct verified_claims told;
} point;

static enum assay_reason decide(void *arg, const struct verified_claims *claims) {
  cr_assert_eq(arg, (void *)&point);
  point.calls++;
  point.told = *claims;
  return point.says;
}

static const struct decision_point asked = {decide, &point};

static void start(void) {
  kit_init(&kit);
  point.calls = 0;
  point.says = REASON_OK;
}

TestSuite(decision, .init = start);

static struct assay_bytes token_of(const char *header, const char *claims) {
  return kit_token(bytes_str(header), bytes_str(claims), kit_signature(JOSE_HS256));
}

static enum assay_reason judge(const char *header, const char *claims) {
  struct session *session = kit_open(&kit);
  session_ask_decisions(session, &asked);
  enum assay_reason reason = pipeline_verify(session, token_of(header, claims));
  session_close(session);
  return reason;
}

Test(decision, it_is_told_the_claims_of_a_verified_token) {
  struct session *session = kit_open(&kit);
  session_ask_decisions(session, &asked);
  cr_expect_eq(pipeline_verify(session, token_of(KIT_HEADER, KIT_CLAIMS)), REASON_OK);
  cr_expect_eq(point.calls, 1);
  cr_expect(bytes_eq(point.told.json, BYTES_LIT(KIT_CLAIMS)));
  cr_expect_eq(point.told.issuer, &kit.issuers[0]);
  cr_expect_eq(point.told.key, &kit.a_keys[KIT_HS]);
  cr_expect_eq(session_accepted(session).issuer, &kit.issuers[0]);
  session_close(session);
}

Test(decision, what_it_denies_is_refused_for_its_reason) {
  static const enum assay_reason reasons[] = {REASON_DENIED, REASON_SCOPE, REASON_REVOKED_SUB};
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
    point.says = reasons[i];
    cr_expect_eq(judge(KIT_HEADER, KIT_CLAIMS), reasons[i]);
  }
  cr_expect_str_eq(assay_reason_dotted(REASON_DENIED), "authorisation.denied");
}

/* Neither an acceptance nor the reason of a stage that let the token pass. */
Test(decision, what_is_no_answer_accepts_nothing) {
  static const int answers[] = {REASON_FAULT, REASON_UNSUPPORTED, REASON_UNMAPPED, REASON_EXPIRED, -1, 1,
                                9999};
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
    point.says = (enum assay_reason)answers[i];
    cr_expect_eq(judge(KIT_HEADER, KIT_CLAIMS), REASON_FAULT, "%d", answers[i]);
  }
}

Test(decision, what_it_allows_the_policy_can_still_refuse) {
  kit.issuers[0].scope = kit_list("write", NULL, NULL, NULL);
  cr_expect_eq(judge(KIT_HEADER, KIT_CLAIMS), REASON_SCOPE);
  cr_expect_eq(point.calls, 1);
  point.says = REASON_DENIED;
  cr_expect_eq(judge(KIT_HEADER, KIT_CLAIMS), REASON_DENIED, "it comes before the policy's own");
}

/* One for each stage before, and each of the checks of stage 8. */
Test(decision, it_is_never_asked_of_a_token_that_an_earlier_stage_refuses) {
  static const struct {
    const char *header, *claims;
    enum assay_reason reason;
  } refused[] = {
      {"", KIT_CLAIMS, REASON_EMPTY_HEADER},
      {"{", KIT_CLAIMS, REASON_HEADER_SYNTAX},
      {"{\"alg\":\"none\"}", KIT_CLAIMS, REASON_ALG_NONE},
      {KIT_HEADER, "[]", REASON_CLAIMS_NOT_OBJECT},
      {KIT_HEADER, "{" KIT_TIMES "}", REASON_ISS_MISSING},
      {"{\"alg\":\"HS256\",\"kid\":\"other\"}", KIT_CLAIMS, REASON_KID_UNKNOWN},
      {"{\"alg\":\"HS384\",\"kid\":\"hs\"}", KIT_CLAIMS, REASON_SIGNATURE_LENGTH},
      {KIT_HEADER, "{" KIT_ISS ",\"exp\":1767225500}", REASON_EXPIRED},
      {KIT_HEADER, "{" KIT_ISS ",\"exp\":1767229200,\"nbf\":1767229000}", REASON_NOT_YET_VALID},
      {KIT_HEADER, "{" KIT_ISS "," KIT_TIMES ",\"aud\":\"x\"}", REASON_AUD_UNEXPECTED},
      {KIT_HEADER, "{" KIT_ISS "," KIT_TIMES ",\"jti\":1}", REASON_JTI_TYPE},
  };
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
    cr_expect_eq(judge(refused[i].header, refused[i].claims), refused[i].reason, "%zu", i);
  kit_verdict = ASSAY_MISMATCH;
  cr_expect_eq(judge(KIT_HEADER, KIT_CLAIMS), REASON_SIGNATURE_INVALID);
  kit_verdict = ASSAY_MATCH;
  kit.issuers[0].required = REQUIRE_SUB;
  cr_expect_eq(judge(KIT_HEADER, KIT_CLAIMS), REASON_SUB_MISSING);
  kit.issuers[0].required = 0;
  kit.issuers[0].required_other = kit_list("dept", NULL, NULL, NULL);
  cr_expect_eq(judge(KIT_HEADER, KIT_CLAIMS), REASON_CLAIM_MISSING);
  cr_expect_eq(point.calls, 0);
}

Test(decision, a_prefix_of_fewer_stages_does_not_ask) {
  struct session *session = kit_open(&kit);
  session_ask_decisions(session, &asked);
  struct assay_bytes token = token_of(KIT_HEADER, KIT_CLAIMS);
  for (unsigned stages = 0; stages < PIPELINE_STAGES; stages++)
    cr_expect_eq(pipeline_prefix(session, token, stages), REASON_OK);
  cr_expect_eq(point.calls, 0);
  cr_expect_eq(pipeline_prefix(session, token, PIPELINE_STAGES), REASON_OK);
  cr_expect_eq(point.calls, 1);
  session_ask_decisions(session, NULL);
  cr_expect_eq(pipeline_verify(session, token), REASON_OK);
  cr_expect_eq(point.calls, 1);
  session_close(session);
}

/* A token that was denied was not accepted: later it may come again, once; and of a replay nobody is asked.
 */
Test(decision, what_was_denied_is_not_remembered) {
  kit.issuers[0].replay_window_s = 60;
  struct session *session = kit_open(&kit);
  struct assay_bytes token = token_of(KIT_HEADER, "{" KIT_ISS "," KIT_TIMES ",\"jti\":\"1\"}");
  session_ask_decisions(session, &asked);
  session_replay(session, true);
  point.says = REASON_DENIED;
  cr_expect_eq(pipeline_verify(session, token), REASON_DENIED);
  cr_expect_null(session_accepted(session).issuer);
  point.says = REASON_OK;
  cr_expect_eq(pipeline_verify(session, token), REASON_OK);
  cr_expect_eq(pipeline_verify(session, token), REASON_REPLAYED);
  cr_expect_eq(point.calls, 2);
  session_close(session);
}
