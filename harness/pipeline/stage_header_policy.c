/* Stage 4: what the header asks for and whether the policy grants it: alg, crit, b64, typ, and the parameters
 * that have no business in a JWT's header. Keys that a token brings along are never used (RFC 8725 3.10). */
#include "harness/pipeline/stage.h"

static enum jose_alg find_alg(const struct session *session, struct assay_bytes name) {
  if (name.len > 7)
    return JOSE_ALG_COUNT;
  uint64_t word = alg_word(name.ptr, name.len);
  for (int i = 0; i < JOSE_ALG_COUNT; i++)
    if (session->alg_words[i] == word)
      return (enum jose_alg)i;
  return JOSE_ALG_COUNT;
}

static enum assay_reason check_alg(const struct session *session, struct token *token) {
  const struct json_node *alg = MEMBER(&token->header_members, ALG);
  if (!alg)
    return REASON_ALG_MISSING;
  if (!json_is(alg, JSON_STRING))
    return REASON_ALG_TYPE;
  token->alg = find_alg(session, json_bytes(alg));
  if (token->alg == JOSE_ALG_COUNT)
    return bytes_eq(json_bytes(alg), BYTES_LIT("none")) ? REASON_ALG_NONE : REASON_ALG_UNKNOWN;
  bool allowed = session->current->trust->algorithms & JOSE_ALG_BIT(token->alg);
  return allowed ? REASON_OK : REASON_ALG_NOT_ALLOWED;
}

/* An array, not empty, of distinct strings (RFC 7515 4.1.11). */
static bool crit_is_well_formed(struct session *session, const struct json_node *crit) {
  if (!json_is(crit, JSON_ARRAY) || crit->len == 0)
    return false;
  name_set_begin(&session->names, crit->len, true);
  const struct json_node *name = json_first(crit);
  for (uint32_t i = 0; i < crit->len; i++, name = json_after(name))
    if (!json_is(name, JSON_STRING) || name_set_add(&session->names, json_bytes(name), 0) != NAME_NEW)
      return false;
  return true;
}

static bool crit_lists_registered(const struct json_node *crit) {
  const struct json_node *name = json_first(crit);
  for (uint32_t i = 0; i < crit->len; i++, name = json_after(name))
    if (known_name_is_registered(json_bytes(name)))
      return true;
  return false;
}

/* Linear too: a header may bring thousands of names. */
static bool crit_lists_absent(struct session *session, const struct json_node *header,
                              const struct json_node *crit) {
  const struct json_node *name = json_first(header);
  name_set_begin(&session->names, crit->len + header->len, true);
  for (uint32_t i = 0; i < header->len; i++, name = json_after(name + 1))
    name_set_add(&session->names, json_bytes(name), 0);
  name = json_first(crit);
  for (uint32_t i = 0; i < crit->len; i++, name = json_after(name))
    if (name_set_add(&session->names, json_bytes(name), 0) == NAME_NEW)
      return true;
  return false;
}

/* No extension is supported, so a header with crit never passes; which reason it gets is settled here. b64 is
 * refused with crit or without: an unencoded payload is no JWT (RFC 7797 7). */
static enum assay_reason check_crit(struct session *session, const struct token *token) {
  const struct json_node *crit = MEMBER(&token->header_members, CRIT);
  if (crit && !crit_is_well_formed(session, crit))
    return REASON_CRIT_MALFORMED;
  if (crit && crit_lists_registered(crit))
    return REASON_CRIT_REGISTERED;
  if (crit && crit_lists_absent(session, token->header_json.nodes, crit))
    return REASON_CRIT_ABSENT;
  if (MEMBER(&token->header_members, B64))
    return REASON_B64_FALSE;
  return crit ? REASON_CRIT_UNKNOWN : REASON_OK;
}

static uint8_t lower(uint8_t c) {
  return (uint8_t)(c - 'A') < 26 ? c | 0x20 : c;
}

static bool equal_without_case(struct assay_bytes a, struct assay_bytes b) {
  if (a.len != b.len)
    return false;
  for (size_t i = 0; i < a.len; i++)
    if (lower(a.ptr[i]) != lower(b.ptr[i]))
      return false;
  return true;
}

/* A media type without "application/", which may be left out where no other '/' follows (RFC 7515 4.1.9). */
static struct assay_bytes short_type(struct assay_bytes type) {
  const struct assay_bytes prefix = BYTES_LIT("application/");
  if (type.len <= prefix.len || !equal_without_case(bytes_of(type.ptr, prefix.len), prefix))
    return type;
  struct assay_bytes rest = bytes_of(type.ptr + prefix.len, type.len - prefix.len);
  return memchr(rest.ptr, '/', rest.len) ? type : rest;
}

static bool typ_is_allowed(const struct string_list *allowed, struct assay_bytes typ) {
  if (string_list_has(allowed, typ))
    return true;
  typ = short_type(typ);
  for (size_t i = 0; i < allowed->count; i++)
    if (equal_without_case(short_type(allowed->items[i]), typ))
      return true;
  return false;
}

static enum assay_reason check_typ(const struct trust *trust, const struct token *token) {
  const struct json_node *typ = MEMBER(&token->header_members, TYP);
  if (!typ)
    return trust->typ_required ? REASON_TYP_MISSING : REASON_OK;
  if (!json_is(typ, JSON_STRING))
    return REASON_TYP_TYPE;
  if (trust->typ_allow.count && !typ_is_allowed(&trust->typ_allow, json_bytes(typ)))
    return REASON_TYP_WRONG;
  return REASON_OK;
}

/* The parameters that are there in most tokens, and looked at elsewhere. */
#define USUAL_MEMBERS (NAME_BIT(ALG) | NAME_BIT(KID) | NAME_BIT(TYP))

/* Only JWT says that the payload is a token in its turn, and in any case (RFC 7519 5.2); whatever else cty
 * says is for the application (RFC 7515 4.1.10). */
static enum assay_reason check_cty(const struct token *token) {
  const struct json_node *cty = MEMBER(&token->header_members, CTY);
  if (!cty || !json_is(cty, JSON_STRING))
    return REASON_OK;
  bool nested = equal_without_case(short_type(json_bytes(cty)), BYTES_LIT("JWT"));
  return nested ? REASON_CTY_NESTED : REASON_OK;
}

/* Parameters that are refused whatever their value is. tolerates: TOLERATES bits; those are not looked at. */
static enum assay_reason check_refused_members(uint64_t present, uint32_t tolerates) {
  static const struct {
    uint64_t names;
    enum assay_reason reason;
    uint32_t tolerance;
  } rules[] = {
      {NAME_BIT(ZIP), REASON_ZIP, 0},
      {NAME_BIT(ENC) | NAME_BIT(EPK) | NAME_BIT(APU) | NAME_BIT(APV) | NAME_BIT(IV) | NAME_BIT(TAG) |
           NAME_BIT(P2S) | NAME_BIT(P2C),
       REASON_JWE_MEMBER, 0},
      {NAME_BIT(JWK), REASON_EMBEDDED_KEY, TOLERATES(EMBEDDED_KEY)},
      {NAME_BIT(JKU) | NAME_BIT(X5U), REASON_KEY_URL, TOLERATES(KEY_URL)},
      {NAME_BIT(X5C), REASON_EMBEDDED_CERT, TOLERATES(EMBEDDED_CERT)},
  };
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (present & rules[i].names && !(tolerates & rules[i].tolerance))
      return rules[i].reason;
  return REASON_OK;
}

enum assay_reason header_members_check(const struct token *token, uint32_t tolerates) {
  return check_refused_members(token->header_members.present, tolerates);
}

enum assay_reason stage_header_policy(struct session *session, struct token *token) {
  enum assay_reason reason = check_alg(session, token);
  if (reason == REASON_OK)
    reason = check_crit(session, token);
  if (reason == REASON_OK)
    reason = check_typ(session->current->trust, token);
  uint64_t present = token->header_members.present;
  if (reason != REASON_OK || !(present & ~USUAL_MEMBERS))
    return reason;
  reason = check_cty(token);
  return reason == REASON_OK ? header_members_check(token, session->current->trust->tolerates) : reason;
}
