/* Stages 8 and 9 of the reference: what the payload says, now that it may be believed. Times are exact
 * fractions, so that no rounding and no overflow can decide. */
#include "tests/reference/reference.h"

/* ---- 8 registered-claims: times ---- */

struct time_rule {
  const char *name;
  uint32_t required;
  enum assay_reason missing, type, range;
};

/* A claim as a number; unset where it is absent. */
struct moment {
  bool set;
  mpq_t at;
};

struct times {
  struct moment exp, nbf, iat;
  mpq_t now, leeway;
};

static void fraction_set(mpq_t out, int64_t number) {
  mpz_set_si(mpq_numref(out), number); /* long has 64 bits here */
  mpz_set_ui(mpq_denref(out), 1);
}

/* a - b > limit? */
static bool differ_by_more(const mpq_t a, const mpq_t b, const mpq_t limit) {
  mpq_t difference;
  mpq_init(difference);
  mpq_sub(difference, a, b);
  bool more = mpq_cmp(difference, limit) > 0;
  mpq_clear(difference);
  return more;
}

static bool differ_by_more_than(const mpq_t a, const mpq_t b, int64_t limit) {
  mpq_t fraction;
  mpq_init(fraction);
  fraction_set(fraction, limit);
  bool more = differ_by_more(a, b, fraction);
  mpq_clear(fraction);
  return more;
}

/* NumericDate (RFC 7519 2), no further from 0 than 2^53 - 1. */
static enum assay_reason take_time(const struct case_file *file, const struct time_rule *rule,
                                   struct moment *moment) {
  const struct tree *claim = tree_member(file->claims, rule->name);
  mpq_t size, most;
  if (!claim)
    return file->issuer->required & rule->required ? rule->missing : REASON_OK;
  if (claim->kind != TREE_NUMBER)
    return rule->type;
  mpq_inits(size, most, NULL);
  tree_number(claim, moment->at);
  mpq_abs(size, moment->at);
  fraction_set(most, (INT64_C(1) << 53) - 1);
  moment->set = mpq_cmp(size, most) <= 0;
  mpq_clears(size, most, NULL);
  return moment->set ? REASON_OK : rule->range;
}

static enum assay_reason judge_exp(const struct case_file *file, struct times *times) {
  static const struct time_rule rule = {"exp", REQUIRE_EXP, REASON_EXP_MISSING, REASON_EXP_TYPE,
                                        REASON_EXP_RANGE};
  enum assay_reason reason = take_time(file, &rule, &times->exp);
  if (reason != REASON_OK || !times->exp.set)
    return reason;
  /* Before exp, leeway granted: now - exp < leeway (RFC 7519 4.1.4). */
  mpq_t late;
  mpq_init(late);
  mpq_sub(late, times->now, times->exp.at);
  bool expired = mpq_cmp(late, times->leeway) >= 0;
  mpq_clear(late);
  return expired ? REASON_EXPIRED : REASON_OK;
}

static enum assay_reason judge_nbf(const struct case_file *file, struct times *times) {
  static const struct time_rule rule = {"nbf", REQUIRE_NBF, REASON_NBF_MISSING, REASON_NBF_TYPE,
                                        REASON_NBF_RANGE};
  enum assay_reason reason = take_time(file, &rule, &times->nbf);
  if (reason != REASON_OK || !times->nbf.set)
    return reason;
  return differ_by_more(times->nbf.at, times->now, times->leeway) ? REASON_NOT_YET_VALID : REASON_OK;
}

static enum assay_reason judge_iat(const struct case_file *file, struct times *times) {
  static const struct time_rule rule = {"iat", REQUIRE_IAT, REASON_IAT_MISSING, REASON_IAT_TYPE,
                                        REASON_IAT_RANGE};
  enum assay_reason reason = take_time(file, &rule, &times->iat);
  if (reason != REASON_OK || !times->iat.set)
    return reason;
  if (file->issuer->tolerates & TOLERATES(IAT_FUTURE))
    return REASON_OK;
  return differ_by_more(times->iat.at, times->now, times->leeway) ? REASON_IAT_FUTURE : REASON_OK;
}

/* Open: whether leeway is granted here too. It is, since two clocks are compared. */
static bool is_too_old(const struct issuer *issuer, const struct times *times) {
  mpq_t limit;
  if (issuer->max_age_s == TIME_UNSET || !times->iat.set)
    return false;
  mpq_init(limit);
  fraction_set(limit, issuer->max_age_s);
  mpq_add(limit, limit, times->leeway);
  bool old = differ_by_more(times->now, times->iat.at, limit);
  mpq_clear(limit);
  return old;
}

static enum assay_reason judge_spans(const struct issuer *issuer, const struct times *times) {
  const struct moment *exp = &times->exp, *nbf = &times->nbf, *iat = &times->iat;
  if (exp->set && nbf->set && mpq_cmp(nbf->at, exp->at) > 0)
    return REASON_TIME_ORDER;
  if (exp->set && iat->set && mpq_cmp(iat->at, exp->at) > 0)
    return REASON_TIME_ORDER;
  if (issuer->max_lifetime_s != TIME_UNSET && exp->set && iat->set &&
      differ_by_more_than(exp->at, iat->at, issuer->max_lifetime_s))
    return REASON_LIFETIME;
  return is_too_old(issuer, times) ? REASON_AGE : REASON_OK;
}

static enum assay_reason judge_times(const struct case_file *file) {
  struct times times = {0};
  mpq_inits(times.exp.at, times.nbf.at, times.iat.at, times.now, times.leeway, NULL);
  fraction_set(times.now, file->reference->now);
  fraction_set(times.leeway, file->trust->leeway_s);
  enum assay_reason reason = judge_exp(file, &times);
  if (reason == REASON_OK)
    reason = judge_nbf(file, &times);
  if (reason == REASON_OK)
    reason = judge_iat(file, &times);
  if (reason == REASON_OK)
    reason = judge_spans(file->issuer, &times);
  mpq_clears(times.exp.at, times.nbf.at, times.iat.at, times.now, times.leeway, NULL);
  return reason;
}

/* ---- 8 registered-claims: names ---- */

static bool all_strings(const struct tree *array) {
  for (size_t i = 0; i < array->count; i++)
    if (array->items[i]->kind != TREE_STRING)
      return false;
  return true;
}

/* RFC 7519 4.1.3 */
static enum assay_reason judge_aud(const struct case_file *file) {
  const struct tree *aud = tree_member(file->claims, "aud");
  const struct string_list *ours = &file->issuer->audience;
  if (!aud)
    return file->issuer->required & REQUIRE_AUD ? REASON_AUD_MISSING : REASON_OK;
  if (aud->kind != TREE_STRING && !(aud->kind == TREE_ARRAY && all_strings(aud)))
    return REASON_AUD_TYPE;
  if (file->issuer->audience_rule == AUDIENCE_ANY)
    return REASON_OK;
  if (ours->count == 0)
    return REASON_AUD_UNEXPECTED;
  size_t count = aud->kind == TREE_STRING ? 1 : aud->count, listed = 0;
  for (size_t i = 0; i < count; i++)
    listed += list_has_value(ours, aud->kind == TREE_STRING ? aud : aud->items[i]);
  if (listed == 0)
    return REASON_AUD_MISMATCH;
  return file->issuer->audience_rule == AUDIENCE_SOLE && listed < count ? REASON_AUD_OTHERS : REASON_OK;
}

static enum assay_reason judge_sub(const struct case_file *file) {
  const struct tree *sub = tree_member(file->claims, "sub");
  if (!sub)
    return file->issuer->required & REQUIRE_SUB ? REASON_SUB_MISSING : REASON_OK;
  if (sub->kind != TREE_STRING)
    return REASON_SUB_TYPE;
  return sub->text.len == 0 ? REASON_SUB_EMPTY : REASON_OK;
}

static enum assay_reason judge_jti(const struct case_file *file) {
  const struct tree *jti = tree_member(file->claims, "jti");
  if (!jti)
    return file->issuer->required & REQUIRE_JTI ? REASON_JTI_MISSING : REASON_OK;
  return jti->kind == TREE_STRING ? REASON_OK : REASON_JTI_TYPE;
}

/* Claims that the header repeats must be the same there (RFC 7519 5.3; iss, sub and aud are registered for it
 * in 10.4.1). */
static enum assay_reason judge_replicated(const struct case_file *file) {
  static const char *const names[] = {"iss", "sub", "aud"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const struct tree *above = tree_member(file->header, names[i]);
    const struct tree *below = tree_member(file->claims, names[i]);
    if (above && !(below && tree_equal(above, below)))
      return REASON_REPLICATED_MISMATCH;
  }
  return REASON_OK;
}

static enum assay_reason judge_required(const struct case_file *file) {
  const struct string_list *others = &file->issuer->required_other;
  for (size_t i = 0; i < others->count; i++)
    if (!tree_member_bytes(file->claims, others->items[i]))
      return REASON_CLAIM_MISSING;
  return REASON_OK;
}

static enum assay_reason judge_replay(const struct case_file *file) {
  const struct tree *jti = tree_member(file->claims, "jti");
  if (!file->reference->replay || file->issuer->replay_window_s == TIME_UNSET || !jti)
    return REASON_OK;
  for (size_t i = 0; i < file->reference->seen_count; i++)
    if (bytes_eq(file->reference->seen[i].issuer, issuer_name_of(file)) &&
        bytes_eq(file->reference->seen[i].jti, jti->text))
      return REASON_REPLAYED;
  return REASON_OK;
}

enum assay_reason reference_registered_claims(struct case_file *file) {
  static enum assay_reason (*const judges[])(const struct case_file *) = {
      judge_times, judge_aud, judge_sub, judge_jti, judge_replicated, judge_required, judge_replay};
  for (size_t i = 0; i < sizeof judges / sizeof judges[0]; i++) {
    enum assay_reason reason = judges[i](file);
    if (reason != REASON_OK)
      return reason;
  }
  return REASON_OK;
}

/* ---- 9 authorisation ---- */

static bool is_revoked(const struct case_file *file, const char *name, const struct string_list *revoked) {
  return list_has_value(revoked, tree_member(file->claims, name));
}

/* Is the word one of those between the spaces of `text`? */
static bool words_have(struct assay_bytes text, struct assay_bytes word) {
  for (size_t begin = 0; begin <= text.len;) {
    size_t end = begin;
    while (end < text.len && text.ptr[end] != ' ')
      end++;
    if (bytes_eq(bytes_of(text.ptr + begin, end - begin), word))
      return true;
    begin = end + 1;
  }
  return false;
}

static bool array_has(const struct tree *array, struct assay_bytes text) {
  if (!tree_is(array, TREE_ARRAY) || !all_strings(array))
    return false;
  for (size_t i = 0; i < array->count; i++)
    if (bytes_eq(array->items[i]->text, text))
      return true;
  return false;
}

/* The claim that the policy names, or the usual one. */
static const struct tree *claim_or(const struct case_file *file, const struct claim_path *path,
                                   const char *usual) {
  return path->count ? claim_of(file, path) : tree_member(file->claims, usual);
}

/* RFC 8693 4.2: a string of words. Of another claim, an array will do. */
static bool scope_covers(const struct case_file *file) {
  const struct tree *scope = claim_or(file, &file->issuer->scope_claim, "scope");
  for (size_t i = 0; i < file->issuer->scope.count; i++) {
    struct assay_bytes word = file->issuer->scope.items[i];
    bool has = tree_is(scope, TREE_STRING) ? words_have(scope->text, word)
                                           : file->issuer->scope_claim.count && array_has(scope, word);
    if (!has)
      return false;
  }
  return true;
}

static bool roles_cover(const struct case_file *file) {
  for (size_t i = 0; i < file->issuer->roles.count; i++)
    if (!array_has(claim_or(file, &file->issuer->roles_claim, "roles"), file->issuer->roles.items[i]))
      return false;
  return true;
}

static bool tenant_fits(const struct case_file *file) {
  const struct tree *tenant = tree_member(file->claims, "tenant");
  return file->issuer->tenant.len == 0 ||
         (tree_is(tenant, TREE_STRING) && bytes_eq(tenant->text, file->issuer->tenant));
}

static bool nonce_fits(const struct case_file *file) {
  const struct tree *nonce = tree_member(file->claims, "nonce");
  if (file->issuer->nonce == CLAIM_IGNORED)
    return true;
  return nonce ? nonce->kind == TREE_STRING : file->issuer->nonce == CLAIM_OPTIONAL;
}

/* OpenID Connect Core 2 and 3.1.3.7. Open: leeway is granted, as for the age of a token; a time beyond
 * 2^53 - 1 is none; and one in the future counts as recent. */
static bool authentication_is_recent(const struct case_file *file) {
  static const struct time_rule rule = {"auth_time", 0, REASON_AUTH_AGE, REASON_AUTH_AGE, REASON_AUTH_AGE};
  struct moment then = {0};
  mpq_t now, limit;
  if (file->issuer->max_auth_age_s == TIME_UNSET)
    return true;
  mpq_inits(now, limit, then.at, NULL);
  fraction_set(now, file->reference->now);
  fraction_set(limit, file->issuer->max_auth_age_s);
  bool recent = take_time(file, &rule, &then) == REASON_OK && then.set;
  if (recent) {
    mpq_t leeway;
    mpq_init(leeway);
    fraction_set(leeway, file->trust->leeway_s);
    mpq_add(limit, limit, leeway);
    mpq_clear(leeway);
    recent = !differ_by_more(now, then.at, limit);
  }
  mpq_clears(now, limit, then.at, NULL);
  return recent;
}

/* 256 bits in base64url are 43 characters, of whose last the two low bits are 0 (RFC 4648 3.5). */
static bool is_thumbprint(struct assay_bytes text) {
  static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (size_t i = 0; i < text.len; i++)
    if (!memchr(all, text.ptr[i], sizeof all - 1))
      return false;
  return text.len == 43 && memchr("AEIMQUYcgkosw048", text.ptr[42], 16) != NULL;
}

/* RFC 7800 3.1, RFC 9449 6.1, RFC 8705 3.1. */
static bool is_bound(const struct case_file *file, const char *name, const struct cnf_rule *rule) {
  const struct tree *member = tree_member(tree_member(file->claims, "cnf"), name);
  if (!rule->required)
    return true;
  if (!tree_is(member, TREE_STRING))
    return false;
  return rule->thumbprint.len ? bytes_eq(member->text, rule->thumbprint) : is_thumbprint(member->text);
}

static bool value_holds(const struct claim_value *value, const struct tree *claim) {
  if (value->type == VALUE_TRUE || value->type == VALUE_FALSE)
    return tree_is(claim, value->type == VALUE_TRUE ? TREE_TRUE : TREE_FALSE);
  if (value->type == VALUE_TEXT)
    return tree_is(claim, TREE_STRING) && bytes_eq(claim->text, value->text);
  if (!tree_is(claim, TREE_NUMBER))
    return false;
  mpq_t number, wanted;
  mpq_inits(number, wanted, NULL);
  tree_number(claim, number);
  fraction_set(wanted, value->number);
  bool equal = mpq_equal(number, wanted);
  mpq_clears(number, wanted, NULL);
  return equal;
}

static enum assay_reason judge_values(const struct case_file *file) {
  for (size_t i = 0; i < file->issuer->value_count; i++)
    if (!value_holds(&file->issuer->values[i], claim_of(file, &file->issuer->values[i].claim)))
      return REASON_VALUE;
  return REASON_OK;
}

/* RFC 8693 4.1: the outermost is who acts now; those inside acted before him. */
static enum assay_reason judge_actors(const struct case_file *file) {
  const struct tree *act = tree_member(file->claims, "act");
  if (!act)
    return REASON_OK;
  if (!file->issuer->has_actors || !list_has_value(&file->issuer->actors_allow, tree_member(act, "sub")))
    return REASON_ACTOR;
  int64_t depth = 0;
  for (; act; act = tree_member(act, "act"))
    depth++;
  return depth > file->issuer->actors_max_depth ? REASON_ACTOR_DEPTH : REASON_OK;
}

enum assay_reason reference_authorisation(struct case_file *file) {
  const struct issuer *issuer = file->issuer;
  if (is_revoked(file, "jti", &issuer->revoked_jti))
    return REASON_REVOKED_JTI;
  if (is_revoked(file, "sid", &issuer->revoked_sid))
    return REASON_REVOKED_SID;
  if (is_revoked(file, "sub", &issuer->revoked_sub))
    return REASON_REVOKED_SUB;
  if (!scope_covers(file))
    return REASON_SCOPE;
  if (!roles_cover(file))
    return REASON_ROLES;
  if (!tenant_fits(file))
    return REASON_TENANT;
  if (issuer->azp.count && !list_has_value(&issuer->azp, claim_or(file, &issuer->client_claim, "azp")))
    return REASON_AZP;
  if (!nonce_fits(file))
    return REASON_NONCE;
  if (issuer->acr.count && !list_has_value(&issuer->acr, tree_member(file->claims, "acr")))
    return REASON_ACR;
  if (!authentication_is_recent(file))
    return REASON_AUTH_AGE;
  if (!is_bound(file, "jkt", &issuer->cnf_jkt) || !is_bound(file, "x5t#S256", &issuer->cnf_x5t_s256))
    return REASON_CNF;
  enum assay_reason reason = judge_actors(file);
  return reason == REASON_OK ? judge_values(file) : reason;
}
