/* The nine stages in their order, and nothing else: the first that refuses decides. */
#include <time.h>

#include "harness/pipeline/stage.h"

static int64_t clock_now_s(const struct session *session) {
  return session->fixed_now_s != TIME_UNSET ? session->fixed_now_s : (int64_t)time(NULL);
}

static void begin(struct session *session, struct assay_bytes text) {
  session->accepted = false;
  session->last_outcome = (enum assay_outcome)0;
  session->now_s = clock_now_s(session);
  arena_reset(&session->arena);
  session->token.text = text;
}

static struct verified_claims claims_of(const struct token *token) {
  return (struct verified_claims){
      .json = token->payload, .issuer = token->issuer->issuer, .key = token->key->jwk};
}

/* What is no answer lets nothing pass. */
static enum assay_reason decide(const struct session *session) {
  const struct decision_point *point = session->decision_point;
  const struct verified_claims claims = claims_of(&session->token);
  enum assay_reason reason = point->decide(point->arg, &claims);
  bool answers = reason == REASON_OK ||
                 (assay_reason_known(reason) && assay_reason_stage(reason) == STAGE_AUTHORISATION);
  return answers ? reason : REASON_FAULT;
}

/* Behind stage 8, where a policy or a caller asks for more than claims. */
RARE static enum assay_reason watch(const struct session *session, unsigned first_stages) {
  enum assay_reason reason = session->replay_on ? check_replay(session, &session->token) : REASON_OK;
  bool is_asked = session->decision_point && first_stages >= STAGE_AUTHORISATION;
  return reason == REASON_OK && is_asked ? decide(session) : reason;
}

/* Written out, so that where all stages are wanted there is neither a loop nor an indirect call. */
static inline enum assay_reason run_stages(struct session *session, struct assay_bytes text,
                                           unsigned first_stages) {
  struct token *token = &session->token;
  enum assay_reason reason = REASON_OK;
  begin(session, text);
#define STAGE(number, name)                                                                                  \
  if (first_stages < (number) || (reason = stage_##name(session, token)) != REASON_OK)                       \
    return reason;
  STAGE(1, compact_split)
  STAGE(2, base64url)
  STAGE(3, header_json)
  STAGE(4, header_policy)
  STAGE(5, claims_json)
  STAGE(6, key_selection)
  STAGE(7, signature)
  STAGE(8, registered_claims)
  if (session->is_watchful && (reason = watch(session, first_stages)) != REASON_OK)
    return reason;
  STAGE(9, authorisation)
#undef STAGE
  return REASON_OK;
}

/* A token that can be replayed is accepted only if it can be remembered. */
static enum assay_reason remember(struct session *session) {
  const struct issuer *issuer = session->token.issuer->issuer;
  const struct json_node *jti = MEMBER(&session->token.claims, JTI);
  if (!session->replay_on || issuer->replay_window_s == TIME_UNSET || !jti)
    return REASON_OK;
  bool kept = replay_remember(&session->replay, token_issuer_name(&session->token), json_bytes(jti),
                              session->now_s, issuer->replay_window_s);
  return kept ? REASON_OK : session->replay.capacity ? REASON_REPLAY_FULL : REASON_FAULT;
}

struct verified_claims session_accepted(const struct session *session) {
  return session->accepted ? claims_of(&session->token) : (struct verified_claims){0};
}

enum assay_reason pipeline_verify(struct session *session, struct assay_bytes token) {
  enum assay_reason reason = run_stages(session, token, PIPELINE_STAGES);
  if (reason == REASON_OK)
    reason = remember(session);
  session->accepted = reason == REASON_OK;
  return reason;
}

enum assay_reason pipeline_prefix(struct session *session, struct assay_bytes token, unsigned first_stages) {
  return first_stages < PIPELINE_STAGES ? run_stages(session, token, first_stages)
                                        : pipeline_verify(session, token);
}

enum assay_reason pipeline_prepare(struct session *session, struct assay_bytes token, uint8_t *sig_buffer,
                                   struct assay_check *check) {
  enum assay_reason reason = run_stages(session, token, STAGE_SIGNATURE - 1);
  if (reason == REASON_OK && key_is_one_of_several(&session->token))
    stage_signature(session, &session->token); /* settles which key is meant */
  if (reason == REASON_OK)
    reason = signature_check_form(&session->token);
  if (reason != REASON_OK)
    return reason;
  const struct token *ready = &session->token;
  memcpy(sig_buffer, ready->signature.ptr, ready->signature.len);
  *check = (struct assay_check){.key = ready->imported,
                                .input = token_signing_input(ready),
                                .sig = bytes_of(sig_buffer, ready->signature.len)};
  return REASON_OK;
}
