/* Stage 6: from iss to the trust domain, and within that issuer's own algorithms and keys to the one key that
 * may check this token (RFC 8725 3.1, 3.8). What can be known without a token was worked out by
 * trust_entry_open. */
#include "harness/pipeline/stage.h"

/* iss is the template with the claim's value in it: the issuer of one tenant among many. */
static bool fits_template(const struct issuer *issuer, const struct token *token, struct assay_bytes iss) {
  struct assay_bytes before = issuer->template.before, after = issuer->template.after;
  if (iss.len < before.len + after.len)
    return false;
  const struct json_node *claim = claim_at(token->claims_json.nodes, &issuer->template.claim);
  size_t len = iss.len - before.len - after.len;
  return claim && json_is(claim, JSON_STRING) && len > 0 && !memchr(iss.ptr + before.len, '/', len) &&
         bytes_eq(bytes_of(iss.ptr, before.len), before) &&
         bytes_eq(bytes_of(iss.ptr + before.len, len), json_bytes(claim)) &&
         bytes_eq(bytes_of(iss.ptr + before.len + len, after.len), after);
}

#define SPIFFE_ID_MAX 2048 /* octets (SPIFFE-ID 2.3) */

static bool is_spiffe_byte(uint8_t byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         (byte && memchr(".-_", byte, 3));
}

/* "/ns/orders": segments of letters, digits, '.', '-' and '_', none of them empty, "." or ".."
 * (SPIFFE-ID 2.2). Empty is the domain's own ID. */
static bool is_spiffe_path(struct assay_bytes path) {
  size_t segment = 0, dots = 0; /* bytes of the one that the walk is in */
  for (size_t i = path.len; i-- > 0;) {
    uint8_t byte = path.ptr[i];
    if (byte == '/' ? segment == 0 || (segment == dots && dots <= 2) : !is_spiffe_byte(byte))
      return false;
    segment = byte == '/' ? 0 : segment + 1;
    dots = byte == '/' ? 0 : dots + (byte == '.');
  }
  return segment == 0;
}

/* sub is the domain's own SPIFFE ID or one below it. */
static bool in_trust_domain(const struct issuer *issuer, struct assay_bytes sub) {
  const struct assay_bytes scheme = BYTES_LIT("spiffe://");
  size_t len = scheme.len + issuer->iss.len;
  return sub.len >= len && sub.len <= SPIFFE_ID_MAX && bytes_eq(bytes_of(sub.ptr, scheme.len), scheme) &&
         bytes_eq(bytes_of(sub.ptr + scheme.len, issuer->iss.len), issuer->iss) &&
         is_spiffe_path(bytes_of(sub.ptr + len, sub.len - len));
}

/* The issuers that no iss names as it stands, in the order of the policy. Their number is small.
 * name: iss, or without one sub. */
RARE static enum assay_reason find_pattern(const struct trust_entry *trust, struct token *token,
                                           enum issuer_kind kind, struct assay_bytes name) {
  bool looked = false;
  for (size_t i = 0; trust->has_patterns && i < trust->trust->issuer_count; i++) {
    const struct issuer *issuer = trust->issuers[i].issuer;
    if (issuer->kind != kind)
      continue;
    looked = true;
    if (kind == ISSUER_TEMPLATE ? !fits_template(issuer, token, name) : !in_trust_domain(issuer, name))
      continue;
    token->issuer = &trust->issuers[i];
    return REASON_OK;
  }
  if (kind == ISSUER_TEMPLATE)
    return REASON_ISS_UNKNOWN;
  return looked ? REASON_TRUST_DOMAIN : REASON_ISS_MISSING;
}

static enum assay_reason find_issuer(const struct trust_entry *trust, struct token *token) {
  const struct json_node *iss = MEMBER(&token->claims, ISS);
  if (!iss) {
    const struct json_node *sub = MEMBER(&token->claims, SUB);
    return find_pattern(trust, token, ISSUER_TRUST_DOMAIN,
                        sub && json_is(sub, JSON_STRING) ? json_bytes(sub) : (struct assay_bytes){0});
  }
  if (!json_is(iss, JSON_STRING))
    return REASON_ISS_TYPE;
  struct assay_bytes name = json_bytes(iss);
  for (struct index_walk walk = index_begin(&trust->by_iss, index_hash(name)); index_next(&walk);)
    if (bytes_eq(trust->issuers[walk.item].issuer->iss, name)) {
      token->issuer = &trust->issuers[walk.item];
      return REASON_OK;
    }
  return find_pattern(trust, token, ISSUER_TEMPLATE, name);
}

static enum assay_reason check_issuer(const struct trust *trust, const struct token *token) {
  const struct issuer *issuer = token->issuer->issuer;
  if (trust->tolerates) {
    enum assay_reason reason = header_members_check(token, issuer->tolerates);
    if (reason != REASON_OK)
      return reason;
  }
  if (!(issuer->algorithms & JOSE_ALG_BIT(token->alg)))
    return REASON_ISSUER_ALG;
  if (issuer->keys.refused != REASON_OK)
    return issuer->keys.refused;
  return issuer->keys.count == 0 ? REASON_NO_KEYS : REASON_OK;
}

static enum assay_reason check_kid(const struct json_node *kid, size_t bytes_max) {
  if (!json_is(kid, JSON_STRING))
    return REASON_KID_TYPE;
  return kid->len > bytes_max ? REASON_KID_OVERSIZE : REASON_OK;
}

/* Several keys may have the kid, if each is of another kty: the one whose kty suits alg is meant. */
static enum assay_reason key_by_kid(struct token *token, struct assay_bytes kid) {
  const struct issuer_entry *issuer = token->issuer;
  const struct key_entry *found = NULL;
  for (struct index_walk walk = index_begin(&issuer->by_kid, index_hash(kid)); index_next(&walk);) {
    const struct key_entry *key = &issuer->keys[walk.item];
    if (!bytes_eq(key->jwk->kid, kid))
      continue;
    if (!found || jwk_type_fits(key->jwk->type, token->alg))
      found = key;
    if (jwk_type_fits(key->jwk->type, token->alg))
      break;
  }
  token->key = found;
  return found ? REASON_OK : REASON_KID_UNKNOWN;
}

/* Whether the issuer that a key names is this one. A name in braces stands for any one part of its path:
 * providers write https://login.example/{tenantid}/v2.0 into the keys that all their tenants share. */
static bool issuer_is_named(struct assay_bytes named, struct assay_bytes iss) {
  const uint8_t *open = named.len ? memchr(named.ptr, '{', named.len) : NULL;
  const uint8_t *close = open ? memchr(open, '}', named.len - (size_t)(open - named.ptr)) : NULL;
  if (!close)
    return bytes_eq(named, iss);
  size_t before = (size_t)(open - named.ptr), after = named.len - (size_t)(close + 1 - named.ptr);
  if (iss.len <= before + after)
    return false;
  struct assay_bytes part = bytes_of(iss.ptr + before, iss.len - before - after);
  return memcmp(iss.ptr, named.ptr, before) == 0 && memcmp(part.ptr + part.len, close + 1, after) == 0 &&
         !memchr(part.ptr, '/', part.len);
}

/* A set may be shared by several issuers, each with keys of its own: then a key says whose it is. */
static bool key_is_of_issuer(const struct token *token, const struct jwk *jwk) {
  const struct json_node *iss = MEMBER(&token->claims, ISS);
  return !iss || issuer_is_named(jwk->issuer, json_bytes(iss));
}

static USUAL enum assay_reason judge_key(const struct session *session, const struct token *token,
                                         const struct key_entry *key) {
  if (key->unfit[token->alg] != REASON_OK)
    return (enum assay_reason)key->unfit[token->alg];
  if (key->jwk->has_issuer && !key_is_of_issuer(token, key->jwk))
    return REASON_KEY_ISSUER;
  return session->now_s < key->jwk->active_from ? REASON_KEY_NOT_ACTIVE : REASON_OK;
}

/* Without a kid, a key is taken only where no other could be meant. */
static enum assay_reason only_key(const struct session *session, struct token *token) {
  const struct issuer_entry *issuer = token->issuer;
  token->key = NULL;
  for (size_t i = 0; i < issuer->issuer->keys.count; i++) {
    if (judge_key(session, token, &issuer->keys[i]) != REASON_OK)
      continue;
    if (token->key)
      return REASON_KID_MISSING;
    token->key = &issuer->keys[i];
  }
  return token->key ? REASON_OK : REASON_NO_ELIGIBLE_KEY;
}

static USUAL enum assay_reason take_imported(struct session *session, struct token *token) {
  token->primitive = jose_alg_primitive(token->alg, token->key->jwk->curve);
  struct key_handle *handle = &token->key->handles[handle_slot(token->primitive)];
  if (handle->reason == REASON_FAULT) /* only where keys are imported on their first use */
    key_handle_import(session, token->key->jwk, token->primitive, handle);
  token->imported = handle->key;
  return handle->reason;
}

/* ---- where several keys may be meant ---- */

bool key_is_one_of_several(const struct token *token) {
  uint32_t asked = MEMBER(&token->header_members, KID) ? TOLERATES(DUPLICATE_KID) : TOLERATES(KID_MISSING);
  return token->issuer->issuer->tolerates & asked;
}

/* The token's kid, or any where it has none. */
static bool may_be_meant(const struct token *token, const struct jwk *jwk) {
  const struct json_node *kid = MEMBER(&token->header_members, KID);
  return !kid || (jwk->has_kid && bytes_eq(jwk->kid, json_bytes(kid)));
}

bool key_candidate_take(struct session *session, struct token *token, size_t from) {
  const struct issuer_entry *issuer = token->issuer;
  for (size_t i = from; i < issuer->issuer->keys.count; i++) {
    if (!may_be_meant(token, issuer->keys[i].jwk) || judge_key(session, token, &issuer->keys[i]) != REASON_OK)
      continue;
    token->key = &issuer->keys[i];
    if (take_imported(session, token) == REASON_OK)
      return true;
  }
  return false;
}

/* ---- the stage ---- */

static enum assay_reason find_key(const struct session *session, struct token *token) {
  const struct json_node *kid = MEMBER(&token->header_members, KID);
  if (!kid)
    return only_key(session, token);
  enum assay_reason reason = check_kid(kid, session->current->trust->limits.kid_bytes);
  if (reason == REASON_OK)
    reason = key_by_kid(token, json_bytes(kid));
  if (reason == REASON_OK)
    reason = judge_key(session, token, token->key);
  return reason;
}

/* Unless kid itself is wrong, another one of the keys that may be meant may serve. */
RARE static enum assay_reason choose_again(struct session *session, struct token *token,
                                           enum assay_reason reason) {
  if (reason == REASON_KID_TYPE || reason == REASON_KID_OVERSIZE || reason == REASON_FAULT)
    return reason;
  return key_is_one_of_several(token) && key_candidate_take(session, token, 0) ? REASON_OK : reason;
}

enum assay_reason stage_key_selection(struct session *session, struct token *token) {
  enum assay_reason reason = find_issuer(session->current, token);
  if (reason == REASON_OK)
    reason = check_issuer(session->current->trust, token);
  if (reason != REASON_OK)
    return reason;
  reason = find_key(session, token);
  if (reason == REASON_OK)
    reason = take_imported(session, token);
  return reason == REASON_OK ? REASON_OK : choose_again(session, token, reason);
}
