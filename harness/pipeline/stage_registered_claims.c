/* Stage 8: the registered claims (RFC 7519 4.1), now that the signature vouches for them. Times are within
 * 2^53 and the policy's spans are too, so no sum here can wrap. */
#include "harness/pipeline/stage.h"

/* One time claim and the reasons that are its own. */
struct time_rule {
  uint32_t required; /* REQUIRE_* */
  enum assay_reason missing, type, range;
};

/* TIME_UNSET where the claim is not there and need not be. */
static enum assay_reason read_time(const struct issuer *issuer, const struct json_node *claim,
                                   const struct time_rule *rule, int64_t *seconds) {
  *seconds = TIME_UNSET;
  if (!claim)
    return issuer->required & rule->required ? rule->missing : REASON_OK;
  if (!json_is(claim, JSON_NUMBER))
    return rule->type;
  return json_seconds(json_bytes(claim), seconds) == JSON_IN_RANGE ? REASON_OK : rule->range;
}

struct times {
  int64_t exp, nbf, iat; /* TIME_UNSET: not there */
};

static enum assay_reason check_exp(const struct session *session, const struct token *token,
                                   struct times *times) {
  static const struct time_rule rule = {REQUIRE_EXP, REASON_EXP_MISSING, REASON_EXP_TYPE, REASON_EXP_RANGE};
  enum assay_reason reason =
      read_time(token->issuer->issuer, MEMBER(&token->claims, EXP), &rule, &times->exp);
  if (reason != REASON_OK || times->exp == TIME_UNSET)
    return reason;
  return session->now_s >= times->exp + session->current->trust->leeway_s ? REASON_EXPIRED : REASON_OK;
}

static enum assay_reason check_nbf(const struct session *session, const struct token *token,
                                   struct times *times) {
  static const struct time_rule rule = {REQUIRE_NBF, REASON_NBF_MISSING, REASON_NBF_TYPE, REASON_NBF_RANGE};
  enum assay_reason reason =
      read_time(token->issuer->issuer, MEMBER(&token->claims, NBF), &rule, &times->nbf);
  if (reason != REASON_OK || times->nbf == TIME_UNSET)
    return reason;
  return session->now_s + session->current->trust->leeway_s < times->nbf ? REASON_NOT_YET_VALID : REASON_OK;
}

static enum assay_reason check_iat(const struct session *session, const struct token *token,
                                   struct times *times) {
  static const struct time_rule rule = {REQUIRE_IAT, REASON_IAT_MISSING, REASON_IAT_TYPE, REASON_IAT_RANGE};
  enum assay_reason reason =
      read_time(token->issuer->issuer, MEMBER(&token->claims, IAT), &rule, &times->iat);
  if (reason != REASON_OK || times->iat == TIME_UNSET)
    return reason;
  if (times->iat <= session->now_s + session->current->trust->leeway_s)
    return REASON_OK;
  return token->issuer->issuer->tolerates & TOLERATES(IAT_FUTURE) ? REASON_OK : REASON_IAT_FUTURE;
}

/* The order of a and b + seconds, of which only the whole seconds have been read; times may have fractions.
 */
static inline int64_t order(const struct token *token, enum known_name a, int64_t a_s, enum known_name b,
                            int64_t b_s) {
  if (a_s != b_s)
    return a_s - b_s;
  return json_fraction_order(json_bytes(token->claims.at[a]), json_bytes(token->claims.at[b]));
}

/* What the three say together. */
static enum assay_reason check_spans(const struct session *session, const struct token *token,
                                     const struct times *times) {
  const struct issuer *issuer = token->issuer->issuer;
  bool exp = times->exp != TIME_UNSET, nbf = times->nbf != TIME_UNSET, iat = times->iat != TIME_UNSET;
  if (exp && iat && order(token, NAME_EXP, times->exp, NAME_IAT, times->iat) < 0)
    return REASON_TIME_ORDER;
  if (exp && nbf && order(token, NAME_EXP, times->exp, NAME_NBF, times->nbf) < 0)
    return REASON_TIME_ORDER;
  if (issuer->max_lifetime_s != TIME_UNSET && exp && iat &&
      order(token, NAME_EXP, times->exp, NAME_IAT, times->iat + issuer->max_lifetime_s) > 0)
    return REASON_LIFETIME;
  if (issuer->max_age_s == TIME_UNSET || !iat)
    return REASON_OK;
  int64_t oldest = session->now_s - issuer->max_age_s - session->current->trust->leeway_s;
  bool too_old = times->iat < oldest ||
                 (times->iat == oldest && json_has_fraction(json_bytes(MEMBER(&token->claims, IAT))));
  return too_old ? REASON_AGE : REASON_OK;
}

static enum assay_reason check_times(const struct session *session, const struct token *token) {
  struct times times;
  enum assay_reason reason = check_exp(session, token, &times);
  if (reason == REASON_OK)
    reason = check_nbf(session, token, &times);
  if (reason == REASON_OK)
    reason = check_iat(session, token, &times);
  if (reason == REASON_OK)
    reason = check_spans(session, token, &times);
  return reason;
}

/* Nobody may be meant beside those that the policy lists (OpenID Connect Core 3.1.3.7). */
RARE static enum assay_reason check_sole_aud(const struct issuer *issuer, const struct token *token) {
  const struct json_node *aud = MEMBER(&token->claims, AUD);
  if (json_is(aud, JSON_STRING))
    return REASON_OK; /* it is listed */
  const struct json_node *name = json_first(aud);
  for (uint32_t left = aud->len; left; left--, name = json_after(name))
    if (!string_list_has(&issuer->audience, json_bytes(name)))
      return REASON_AUD_OTHERS;
  return REASON_OK;
}

/* One string, or an array of nothing but strings (RFC 7519 4.1.3). */
static enum assay_reason check_aud(const struct issuer *issuer, const struct token *token) {
  const struct json_node *aud = MEMBER(&token->claims, AUD);
  const struct string_list *audience = &issuer->audience;
  if (!aud)
    return audience->count || issuer->required & REQUIRE_AUD ? REASON_AUD_MISSING : REASON_OK;
  if (!json_is(aud, JSON_STRING) && !json_is(aud, JSON_ARRAY))
    return REASON_AUD_TYPE;
  bool single = json_is(aud, JSON_STRING), meant = issuer->audience_rule == AUDIENCE_ANY;
  const struct json_node *name = single ? aud : json_first(aud);
  for (uint32_t left = single ? 1 : aud->len; left; left--, name = json_after(name)) {
    if (!json_is(name, JSON_STRING))
      return REASON_AUD_TYPE;
    meant = meant || string_list_has(audience, json_bytes(name));
  }
  return meant ? REASON_OK : audience->count ? REASON_AUD_MISMATCH : REASON_AUD_UNEXPECTED;
}

static enum assay_reason check_sub(const struct issuer *issuer, const struct token *token) {
  const struct json_node *sub = MEMBER(&token->claims, SUB);
  if (!sub)
    return issuer->required & REQUIRE_SUB ? REASON_SUB_MISSING : REASON_OK;
  if (!json_is(sub, JSON_STRING))
    return REASON_SUB_TYPE;
  return sub->len == 0 ? REASON_SUB_EMPTY : REASON_OK;
}

static enum assay_reason check_jti(const struct issuer *issuer, const struct token *token) {
  const struct json_node *jti = MEMBER(&token->claims, JTI);
  if (!jti)
    return issuer->required & REQUIRE_JTI ? REASON_JTI_MISSING : REASON_OK;
  return json_is(jti, JSON_STRING) ? REASON_OK : REASON_JTI_TYPE;
}

/* Both are strings with the same bytes, or arrays of such strings in the same order: all that aud, iss and
 * sub may be. */
static bool same_claim(const struct json_node *a, const struct json_node *b) {
  if (a->type != b->type || a->len != b->len)
    return false;
  if (json_is(a, JSON_STRING))
    return bytes_eq(json_bytes(a), json_bytes(b));
  if (!json_is(a, JSON_ARRAY))
    return false;
  const struct json_node *x = json_first(a), *y = json_first(b);
  for (uint32_t left = a->len; left; left--, x = json_after(x), y = json_after(y))
    if (!json_is(x, JSON_STRING) || !json_is(y, JSON_STRING) || !bytes_eq(json_bytes(x), json_bytes(y)))
      return false;
  return true;
}

/* A claim that the header repeats must say the same as the payload's (RFC 7519 5.3). */
static enum assay_reason check_replicated(const struct token *token) {
  static const uint8_t names[] = {NAME_ISS, NAME_SUB, NAME_AUD};
  uint64_t in_header = token->header_members.present;
  if (!(in_header & (NAME_BIT(ISS) | NAME_BIT(SUB) | NAME_BIT(AUD))))
    return REASON_OK;
  for (size_t i = 0; i < sizeof names; i++) {
    uint64_t bit = UINT64_C(1) << names[i];
    if (!(in_header & bit))
      continue;
    if (!(token->claims.present & bit) ||
        !same_claim(token->header_members.at[names[i]], token->claims.at[names[i]]))
      return REASON_REPLICATED_MISMATCH;
  }
  return REASON_OK;
}

static enum assay_reason check_required_other(const struct issuer *issuer, const struct token *token) {
  for (size_t i = 0; i < issuer->required_other.count; i++)
    if (!json_member(token->claims_json.nodes, issuer->required_other.items[i]))
      return REASON_CLAIM_MISSING;
  return REASON_OK;
}

enum assay_reason check_replay(const struct session *session, const struct token *token) {
  const struct issuer *issuer = token->issuer->issuer;
  const struct json_node *jti = MEMBER(&token->claims, JTI);
  if (issuer->replay_window_s == TIME_UNSET || !jti)
    return REASON_OK;
  return replay_seen(&session->replay, token_issuer_name(token), json_bytes(jti), session->now_s)
             ? REASON_REPLAYED
             : REASON_OK;
}

enum assay_reason stage_registered_claims(struct session *session, struct token *token) {
  const struct issuer *issuer = token->issuer->issuer;
  enum assay_reason reason = check_times(session, token);
  if (reason == REASON_OK)
    reason = check_aud(issuer, token);
  if (reason == REASON_OK && issuer->audience_rule == AUDIENCE_SOLE)
    reason = check_sole_aud(issuer, token);
  if (reason == REASON_OK)
    reason = check_sub(issuer, token);
  if (reason == REASON_OK)
    reason = check_jti(issuer, token);
  if (reason == REASON_OK)
    reason = check_replicated(token);
  if (reason == REASON_OK)
    reason = check_required_other(issuer, token);
  return reason;
}
