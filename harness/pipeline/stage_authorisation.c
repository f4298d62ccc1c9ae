/* Stage 9: what the bearer may do, asked only of a token that is otherwise good: revocation, scope, roles,
 * tenant, client, authentication, key binding, actors, values. A condition that the policy does not name
 * costs nothing. */
#include "harness/base/text/base64.h"
#include "harness/pipeline/json/base64url.h"
#include "harness/pipeline/stage.h"

#if defined(__x86_64__) && !defined(ASSAY_PORTABLE)
#include <emmintrin.h>
#define HAVE_VECTOR_PATHS 1
#endif

#define SHA256_BYTES 32

/* A claim's value where it is a string; otherwise an empty one. */
static struct assay_bytes string_or_empty(const struct json_node *claim) {
  return claim && json_is(claim, JSON_STRING) ? json_bytes(claim) : (struct assay_bytes){0};
}

static bool is_revoked(const struct string_set *revoked, const struct json_node *claim) {
  return revoked->list->count && claim && json_is(claim, JSON_STRING) &&
         string_set_has(revoked, json_bytes(claim));
}

static enum assay_reason check_revoked(const struct issuer_entry *issuer, const struct members *claims) {
  if (is_revoked(&issuer->revoked_jti, MEMBER(claims, JTI)))
    return REASON_REVOKED_JTI;
  if (is_revoked(&issuer->revoked_sid, MEMBER(claims, SID)))
    return REASON_REVOKED_SID;
  return is_revoked(&issuer->revoked_sub, MEMBER(claims, SUB)) ? REASON_REVOKED_SUB : REASON_OK;
}

/* A bit for each of the 64 bytes from p on that is c. */
static inline uint64_t find_byte(const uint8_t *p, char c) {
  uint64_t found = 0;
#ifdef HAVE_VECTOR_PATHS
  for (unsigned i = 0; i < 64; i += 16) {
    __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(p + i)), _mm_set1_epi8(c));
    found |= (uint64_t)(unsigned)_mm_movemask_epi8(same) << i;
  }
#else
  for (unsigned i = 0; i < 64; i++)
    found |= (uint64_t)(p[i] == (uint8_t)c) << i;
#endif
  return found;
}

/* The word that begins here. */
static struct assay_bytes word_at(struct assay_bytes text, size_t begin) {
  size_t end = begin;
  while (end < text.len && text.ptr[end] != ' ')
    end++;
  return bytes_of(text.ptr + begin, end - begin);
}

/* Is word one of the words between the spaces (RFC 6749 3.3)? No word is empty. Only those are compared that
 * begin as it does. text: with JSON_SLACK behind it. */
static bool has_word(struct assay_bytes text, struct assay_bytes word) {
  uint64_t begins = 1; /* what follows a space; in the next round, too */
  for (size_t at = 0; word.len && at < text.len; at += 64) {
    uint64_t spaces = find_byte(text.ptr + at, ' ');
    uint64_t found = (begins | spaces << 1) & find_byte(text.ptr + at, (char)word.ptr[0]);
    begins = spaces >> 63;
    for (; found; found &= found - 1)
      if (bytes_eq(word_at(text, at + (size_t)__builtin_ctzll(found)), word))
        return true;
  }
  return false;
}

static bool array_has(const struct json_node *array, struct assay_bytes text) {
  const struct json_node *at = json_first(array);
  for (uint32_t left = array->len; left; left--, at = json_after(at))
    if (bytes_eq(json_bytes(at), text))
      return true;
  return false;
}

static bool is_array_of_strings(const struct json_node *node) {
  if (!json_is(node, JSON_ARRAY))
    return false;
  const struct json_node *at = json_first(node);
  for (uint32_t left = node->len; left; left--, at = json_after(at))
    if (!json_is(at, JSON_STRING))
      return false;
  return true;
}

static bool words_cover(struct assay_bytes words, const struct string_list *needed) {
  for (size_t i = 0; i < needed->count; i++)
    if (!has_word(words, needed->items[i]))
      return false;
  return true;
}

static bool array_covers(const struct json_node *array, const struct string_list *needed) {
  if (!is_array_of_strings(array))
    return false;
  for (size_t i = 0; i < needed->count; i++)
    if (!array_has(array, needed->items[i]))
      return false;
  return true;
}

/* scope is one string of words (RFC 9068 2.2.3, RFC 8693 4.2); a claim that stands for it may be an array. */
static enum assay_reason check_scope(const struct issuer *issuer, const struct token *token) {
  if (issuer->scope.count == 0)
    return REASON_OK;
  bool other = issuer->scope_claim.count > 0;
  const struct json_node *scope =
      other ? claim_at(token->claims_json.nodes, &issuer->scope_claim) : MEMBER(&token->claims, SCOPE);
  if (scope && json_is(scope, JSON_STRING))
    return words_cover(json_bytes(scope), &issuer->scope) ? REASON_OK : REASON_SCOPE;
  return scope && other && array_covers(scope, &issuer->scope) ? REASON_OK : REASON_SCOPE;
}

static enum assay_reason check_roles(const struct issuer *issuer, const struct token *token) {
  if (issuer->roles.count == 0)
    return REASON_OK;
  const struct json_node *roles = issuer->roles_claim.count
                                      ? claim_at(token->claims_json.nodes, &issuer->roles_claim)
                                      : MEMBER(&token->claims, ROLES);
  return roles && array_covers(roles, &issuer->roles) ? REASON_OK : REASON_ROLES;
}

/* Tenant and client. */
static enum assay_reason check_parties(const struct issuer *issuer, const struct token *token) {
  if (issuer->tenant.len && !bytes_eq(string_or_empty(MEMBER(&token->claims, TENANT)), issuer->tenant))
    return REASON_TENANT;
  if (issuer->azp.count == 0)
    return REASON_OK;
  const struct json_node *client = issuer->client_claim.count
                                       ? claim_at(token->claims_json.nodes, &issuer->client_claim)
                                       : MEMBER(&token->claims, AZP);
  return client && json_is(client, JSON_STRING) && string_list_has(&issuer->azp, json_bytes(client))
             ? REASON_OK
             : REASON_AZP;
}

/* auth_time may lie in the past by no more than the policy says (OpenID Connect Core 3.1.2.1), give or take
 * the leeway of every clock. */
static bool authenticated_lately(const struct session *session, int64_t max_age_s,
                                 const struct json_node *claim) {
  int64_t auth_time;
  if (!claim || !json_is(claim, JSON_NUMBER) || json_seconds(json_bytes(claim), &auth_time) != JSON_IN_RANGE)
    return false;
  int64_t oldest = session->now_s - max_age_s - session->current->trust->leeway_s;
  return auth_time > oldest || (auth_time == oldest && !json_has_fraction(json_bytes(claim)));
}

/* How the user was authenticated (OpenID Connect Core 2, 3.1.3.7). */
static enum assay_reason check_authentication(const struct session *session, const struct issuer *issuer,
                                              const struct members *claims) {
  const struct json_node *nonce = MEMBER(claims, NONCE), *acr = MEMBER(claims, ACR);
  if (issuer->nonce == CLAIM_REQUIRED && !nonce)
    return REASON_NONCE;
  if (issuer->nonce != CLAIM_IGNORED && nonce && !json_is(nonce, JSON_STRING))
    return REASON_NONCE;
  if (issuer->acr.count &&
      !(acr && json_is(acr, JSON_STRING) && string_list_has(&issuer->acr, json_bytes(acr))))
    return REASON_ACR;
  if (issuer->max_auth_age_s != TIME_UNSET &&
      !authenticated_lately(session, issuer->max_auth_age_s, MEMBER(claims, AUTH_TIME)))
    return REASON_AUTH_AGE;
  return REASON_OK;
}

/* What is none binds to no key, whatever holds it. */
static bool is_thumbprint(struct assay_bytes text) {
  uint8_t digest[SHA256_BYTES + BASE64URL_SLACK];
  return text.len == base64url_encoded_chars(SHA256_BYTES) && base64url_decode(text, digest) == REASON_OK;
}

static bool is_bound(const struct json_node *cnf, struct assay_bytes member, const struct cnf_rule *rule) {
  if (!rule->required)
    return true;
  struct assay_bytes thumbprint = string_or_empty(json_member(cnf, member));
  return rule->thumbprint.len ? bytes_eq(thumbprint, rule->thumbprint) : is_thumbprint(thumbprint);
}

/* A thumbprint of the key (RFC 9449 6.1) or certificate (RFC 8705 3.1) that the token is bound to. */
static enum assay_reason check_binding(const struct issuer *issuer, const struct token *token) {
  const struct json_node *cnf = MEMBER(&token->claims, CNF);
  if (!issuer->cnf_jkt.required && !issuer->cnf_x5t_s256.required)
    return REASON_OK;
  if (!cnf || !json_is(cnf, JSON_OBJECT))
    return REASON_CNF;
  return is_bound(cnf, BYTES_LIT("jkt"), &issuer->cnf_jkt) &&
                 is_bound(cnf, BYTES_LIT("x5t#S256"), &issuer->cnf_x5t_s256)
             ? REASON_OK
             : REASON_CNF;
}

/* Only the outermost actor counts for access; those inside are history (RFC 8693 4.1), but not without end.
 */
static enum assay_reason check_actors(const struct issuer *issuer, const struct token *token) {
  const struct json_node *act = MEMBER(&token->claims, ACT);
  if (!act)
    return REASON_OK;
  if (!issuer->has_actors || !json_is(act, JSON_OBJECT))
    return REASON_ACTOR;
  const struct json_node *sub = json_member(act, BYTES_LIT("sub"));
  if (!sub || !json_is(sub, JSON_STRING) || !string_list_has(&issuer->actors_allow, json_bytes(sub)))
    return REASON_ACTOR;
  for (int64_t depth = 1; act; depth++) {
    if (!json_is(act, JSON_OBJECT))
      return REASON_ACTOR;
    if (depth > issuer->actors_max_depth)
      return REASON_ACTOR_DEPTH;
    act = json_member(act, BYTES_LIT("act"));
  }
  return REASON_OK;
}

static bool number_is(const struct json_node *claim, int64_t number) {
  int64_t seconds;
  return json_seconds(json_bytes(claim), &seconds) == JSON_IN_RANGE && seconds == number &&
         !json_has_fraction(json_bytes(claim));
}

static bool value_holds(const struct claim_value *value, const struct json_node *claim) {
  switch (value->type) {
  case VALUE_TEXT: return json_is(claim, JSON_STRING) && bytes_eq(json_bytes(claim), value->text);
  case VALUE_NUMBER: return json_is(claim, JSON_NUMBER) && number_is(claim, value->number);
  case VALUE_TRUE: return json_is(claim, JSON_TRUE);
  default: return json_is(claim, JSON_FALSE);
  }
}

static enum assay_reason check_values(const struct issuer *issuer, const struct token *token) {
  for (size_t i = 0; i < issuer->value_count; i++) {
    const struct json_node *claim = claim_at(token->claims_json.nodes, &issuer->values[i].claim);
    if (!claim || !value_holds(&issuer->values[i], claim))
      return REASON_VALUE;
  }
  return REASON_OK;
}

enum assay_reason stage_authorisation(struct session *session, struct token *token) {
  const struct issuer *issuer = token->issuer->issuer;
  enum assay_reason reason = check_revoked(token->issuer, &token->claims);
  if (reason == REASON_OK)
    reason = check_scope(issuer, token);
  if (reason == REASON_OK)
    reason = check_roles(issuer, token);
  if (reason == REASON_OK)
    reason = check_parties(issuer, token);
  if (reason == REASON_OK)
    reason = check_authentication(session, issuer, &token->claims);
  if (reason == REASON_OK)
    reason = check_binding(issuer, token);
  if (reason == REASON_OK)
    reason = check_actors(issuer, token);
  if (reason == REASON_OK)
    reason = check_values(issuer, token);
  return reason;
}
