/* Registered claims (RFC 7519 4.1): times at and beyond their edges, audiences, issuers, subjects,
 * identifiers. All of these tokens are rightly signed. The rows of `iss` are decided earlier, where an
 * issuer's keys are looked up. */
#include <ctype.h>
#include <stdio.h>

#include "corpus/base/fatal.h"
#include "corpus/make/claim_rows.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/mutation.h"

/* What keyring_policy says; the edges below stand on it. */
#define LEEWAY_S 30
#define MAX_AGE_S 600
#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)
#define YEAR_S (365 * DAY_S)

/* Stands for a number that JSON libraries would not write as the row spells it. */
#define RAW "@raw@"

static void claim_set(struct draft *draft, const char *name, json_int_t value) {
  json_object_set_new(draft->claims, name, json_integer(value));
}

/* Every time claim at once, so that only the one that a row speaks of is at odds with the others. */
static void times_set(struct draft *draft, int64_t iat, int64_t nbf, int64_t exp) {
  claim_set(draft, "iat", iat);
  claim_set(draft, "nbf", nbf);
  claim_set(draft, "exp", exp);
}

/* A token of at most twenty minutes that ends at exp. */
static void life_until(struct draft *draft, int64_t exp) {
  int64_t iat = exp - 600 - rng_below(&draft->rng, 600);
  times_set(draft, iat, iat, exp);
}

static void leeway_off(struct draft *draft) {
  json_object_set_new(draft_policy(draft), "leeway_s", json_integer(0));
}

static void lifetime_unlimited(struct draft *draft) {
  json_object_del(draft_policy_issuer(draft), "max_lifetime_s");
}

static void max_age_on(struct draft *draft) {
  json_object_set_new(draft_policy_issuer(draft), "max_age_s", json_integer(MAX_AGE_S));
}

static void requirement_drop(struct draft *draft, const char *name) {
  json_t *required = json_object_get(draft_policy_issuer(draft), "required");
  for (size_t i = json_array_size(required); i-- > 0;)
    if (strcmp(json_string_value(json_array_get(required, i)), name) == 0)
      json_array_remove(required, i);
}

/* row_text: a claim that the policy is made not to require, and that the token lacks. */
static void claim_not_required(struct draft *draft) {
  requirement_drop(draft, draft->row_text);
  lifetime_unlimited(draft);
  json_object_del(draft->claims, draft->row_text);
}

/* exp */

/* row_number: how many seconds, at most, beyond the leeway. */
static void exp_past(struct draft *draft) {
  life_until(draft, draft->now - LEEWAY_S - 1 - rng_below(&draft->rng, (uint32_t)draft->row_number));
}

/* row_number: exp less now. */
static void exp_offset(struct draft *draft) {
  life_until(draft, draft->now + draft->row_number);
}

static void exp_offset_strict(struct draft *draft) {
  leeway_off(draft);
  exp_offset(draft);
}

/* row_number: exp less now, without the half second on top. */
static void exp_half(struct draft *draft) {
  int64_t exp = draft->now + draft->row_number;
  if (exp < draft->now)
    life_until(draft, exp);
  json_object_set_new(draft->claims, "exp", json_real((double)exp + 0.5));
}

static void raw_claim(struct draft *draft, const char *name) {
  json_object_set_new(draft->claims, name, json_string(RAW));
}

/* The hook that follows raw_claim. row_text: the number as it shall be spelled. */
static void raw_encode(struct draft *draft) {
  text_replace(&draft->payload_text, "\"" RAW "\"", draft->row_text, strlen(draft->row_text));
  draft_reencode(draft);
}

static void exp_raw(struct draft *draft) {
  raw_claim(draft, "exp");
}

static void exp_raw_unlimited(struct draft *draft) {
  lifetime_unlimited(draft);
  exp_raw(draft);
}

/* row_number: exp itself, long ago; row_text: its spelling. The token was good for a minute then. */
static void exp_raw_ancient(struct draft *draft) {
  int64_t iat = draft->row_number - 1 - rng_below(&draft->rng, 60);
  times_set(draft, iat, iat, draft->row_number);
  exp_raw(draft);
}

/* exp at the least number that policies take: iat cannot lie before it. */
static void exp_least(struct draft *draft) {
  times_set(draft, draft->row_number, draft->row_number, draft->row_number);
}

static void exp_unlimited(struct draft *draft) {
  lifetime_unlimited(draft);
  claim_set(draft, "exp", draft->row_number);
}

/* row_number: units a second. */
static void exp_scaled(struct draft *draft) {
  claim_set(draft, "exp", (draft->now + HOUR_S + rng_below(&draft->rng, HOUR_S)) * draft->row_number);
}

/* nbf, iat */

/* row_number: how many seconds, at most, beyond the leeway. */
static void nbf_future(struct draft *draft) {
  int64_t nbf = draft->now + LEEWAY_S + 1 + rng_below(&draft->rng, (uint32_t)draft->row_number);
  times_set(draft, draft->now - 60, nbf, nbf + HOUR_S);
}

/* row_number: nbf less now. */
static void nbf_offset(struct draft *draft) {
  times_set(draft, draft->now - 60, draft->now + draft->row_number, draft->now + HOUR_S);
}

static void nbf_offset_strict(struct draft *draft) {
  leeway_off(draft);
  nbf_offset(draft);
}

static void nbf_raw(struct draft *draft) {
  raw_claim(draft, "nbf");
}

static void iat_future(struct draft *draft) {
  int64_t iat = draft->now + LEEWAY_S + 1 + rng_below(&draft->rng, (uint32_t)draft->row_number);
  times_set(draft, iat, draft->now - 60, iat + HOUR_S);
}

/* row_number: iat less now. */
static void iat_offset(struct draft *draft) {
  times_set(draft, draft->now + draft->row_number, draft->now - 60, draft->now + HOUR_S);
}

static void iat_raw(struct draft *draft) {
  raw_claim(draft, "iat");
}

/* row_number: how many seconds, at most, beyond the greatest age. */
static void iat_stale(struct draft *draft) {
  max_age_on(draft);
  int64_t iat = draft->now - MAX_AGE_S - LEEWAY_S - 1 - rng_below(&draft->rng, (uint32_t)draft->row_number);
  times_set(draft, iat, iat, draft->now + HOUR_S);
}

static void iat_aged(struct draft *draft) {
  max_age_on(draft);
  iat_offset(draft);
}

/* Contradictions that stay within the leeway of now, so that each claim alone passes. */
static void nbf_after_exp(struct draft *draft) {
  int64_t exp = draft->now + 1 + rng_below(&draft->rng, 10);
  times_set(draft, draft->now - 600, exp + 1 + rng_below(&draft->rng, 15), exp);
}

static void exp_before_iat(struct draft *draft) {
  int64_t exp = draft->now + 1 + rng_below(&draft->rng, 10);
  times_set(draft, exp + 1 + rng_below(&draft->rng, 15), draft->now - 600, exp);
}

static void times_equal(struct draft *draft) {
  int64_t exp = draft->now + 1 + rng_below(&draft->rng, 10);
  times_set(draft, exp, exp, exp);
}

/* Times that a machine integer wraps. row_number: what a narrower one drops again. */

/* exp goes along with nbf, so that nbf alone is at fault. */
static void nbf_wrap(struct draft *draft) {
  int64_t nbf = draft->now - 60 - rng_below(&draft->rng, 600) + draft->row_number;
  lifetime_unlimited(draft);
  times_set(draft, draft->now - 600, nbf, nbf + HOUR_S);
}

static void iat_wrap(struct draft *draft) {
  int64_t iat = draft->now - 60 - rng_below(&draft->rng, 600) + draft->row_number;
  times_set(draft, iat, draft->now - 60, iat + HOUR_S);
}

static void exp_wrap(struct draft *draft) {
  life_until(draft, draft->now + HOUR_S + rng_below(&draft->rng, HOUR_S) - draft->row_number);
}

/* The reverse: right as they stand, and wrong to whoever wraps them. */
static void exp_wrap_right(struct draft *draft) {
  lifetime_unlimited(draft);
  claim_set(draft, "exp", draft->now - HOUR_S + draft->row_number);
}

static void nbf_wrap_right(struct draft *draft) {
  claim_set(draft, "nbf", draft->now + HOUR_S - draft->row_number);
}

static void iat_wrap_right(struct draft *draft) {
  lifetime_unlimited(draft);
  claim_set(draft, "iat", draft->now + HOUR_S - draft->row_number);
}

/* Members that JavaScript finds in every object's ancestors. row_text: a member, a space, and the names of
 * objects, one within the other, with a dot between. */
static json_t *wrap(json_t *value, const char *path) {
  const char *dot = strchr(path, '.');
  json_t *outer = must(json_object());
  size_t len = dot ? (size_t)(dot - path) : strlen(path);
  json_object_setn_new(outer, path, len, dot ? wrap(value, dot + 1) : value);
  return outer;
}

static void inherit(const struct draft *draft, json_t *object) {
  const char *path = strchr(draft->row_text, ' ') + 1;
  json_t *inner = must(json_object());
  size_t name_len = (size_t)(path - draft->row_text) - 1;
  json_object_setn(inner, draft->row_text, name_len, json_object_getn(object, draft->row_text, name_len));
  json_object_deln(object, draft->row_text, name_len);
  json_object_update_new(object, wrap(inner, path));
}

static void claim_inherited(struct draft *draft) {
  inherit(draft, draft->claims);
}

static void parameter_inherited(struct draft *draft) {
  inherit(draft, draft->header);
}

/* aud, iss */

/* row_text: the claim as JSON, @ standing for the audience that the policy asks for. */
static void aud_value(struct draft *draft) {
  json_object_set_new(draft->claims, "aud", row_value(draft->row_text, draft->issuer->audience));
}

/* row_text: likewise, @ standing for the true issuer. */
static void iss_value(struct draft *draft) {
  json_object_set_new(draft->claims, "iss", row_value(draft->row_text, draft->issuer->iss));
}

/* The claim's own text from `from` on, less `cut` bytes at its end. */
static void claim_cut(struct draft *draft, const char *name, size_t from, size_t cut) {
  const char *whole = json_string_value(json_object_get(draft->claims, name));
  json_object_set_new(draft->claims, name, json_stringn(whole + from, strlen(whole) - from - cut));
}

static void claim_upper(struct draft *draft, const char *name) {
  json_t *claim = json_object_get(draft->claims, name);
  char upper[256];
  snprintf(upper, sizeof upper, "%s", json_string_value(claim));
  for (char *c = upper; *c; c++)
    *c = (char)toupper((unsigned char)*c);
  json_string_set(claim, upper);
}

static void aud_set_own(struct draft *draft) {
  json_object_set_new(draft->claims, "aud", json_string(draft->issuer->audience));
}

static void aud_prefix(struct draft *draft) {
  aud_set_own(draft);
  claim_cut(draft, "aud", 0, 1);
}

static void aud_suffix(struct draft *draft) {
  aud_set_own(draft);
  claim_cut(draft, "aud", 1, 0);
}

static void aud_upper(struct draft *draft) {
  aud_set_own(draft);
  claim_upper(draft, "aud");
}

/* The audience of another issuer of this corpus. */
static void aud_neighbour(struct draft *draft) {
  size_t count = draft->ring->issuer_count, own = (size_t)(draft->issuer - draft->ring->issuers);
  const struct ring_issuer *other = &draft->ring->issuers[(own + 1 + draft->index % (count - 1)) % count];
  json_object_set_new(draft->claims, "aud", json_string(other->audience));
}

static void aud_many(struct draft *draft) {
  json_t *list = json_array();
  for (unsigned i = 0, own = rng_below(&draft->rng, 20); i < 20; i++)
    json_array_append_new(
        list, i == own ? json_string(draft->issuer->audience)
                       : json_sprintf("https://api-%08x.example", rng_below(&draft->rng, UINT32_MAX)));
  json_object_set_new(draft->claims, "aud", list);
}

static void iss_prefix(struct draft *draft) {
  claim_cut(draft, "iss", 0, 1);
}

static void iss_suffix(struct draft *draft) {
  claim_cut(draft, "iss", 1, 0);
}

/* The bare host: a part out of the middle of what the policy names. */
static void iss_middle(struct draft *draft) {
  claim_cut(draft, "iss", strlen("https://"), strlen(".example"));
}

static void iss_upper(struct draft *draft) {
  claim_upper(draft, "iss");
}

static void iss_http(struct draft *draft) {
  json_object_set_new(draft->claims, "iss", json_sprintf("http%s", draft->issuer->iss + strlen("https")));
}

/* A Cyrillic letter in place of the last Latin one that looks the same. */
static void iss_homograph(struct draft *draft) {
  static const char latin[] = "aeo", *const cyrillic[] = {"\xd0\xb0", "\xd0\xb5", "\xd0\xbe"};
  const char *iss = draft->issuer->iss;
  size_t at = strlen(iss);
  while (!strchr(latin, iss[--at]))
    ;
  json_object_set_new(
      draft->claims, "iss",
      json_sprintf("%.*s%s%s", (int)at, iss, cyrillic[strchr(latin, iss[at]) - latin], iss + at + 1));
}

/* sub, jti */

static void replay_on(struct draft *draft) {
  json_object_set_new(draft_policy_issuer(draft), "replay_window_s", json_integer(600));
}

static void replay_same_jti(struct draft *draft) {
  first_take(draft);
  claim_set(draft, "iat", json_integer_value(json_object_get(draft->claims, "iat")) - 1);
  draft_encode(draft);
  draft_sign(draft);
}

static void replay_other_jti(struct draft *draft) {
  first_take(draft);
  const char *jti = json_string_value(json_object_get(draft->claims, "jti"));
  json_object_set_new(draft->claims, "jti", json_sprintf("%s~", jti));
  draft_encode(draft);
  draft_sign(draft);
}

/* One JSON type that the claim must not have. */
#define TYPE_ROW(name, claim, code, value)                                                                   \
  { name, code, claims_change, .text = "'" claim "': " value }
#define TIME_TYPES(claim, code)                                                                              \
  TYPE_ROW("string", claim, code, "'1767229200'"), TYPE_ROW("boolean", claim, code, "true"),                 \
      TYPE_ROW("null", claim, code, "null"), TYPE_ROW("array", claim, code, "[1767229200]"),                 \
      TYPE_ROW("object", claim, code, "{'" claim "': 1767229200}")
#define STRING_TYPES(claim, code)                                                                            \
  TYPE_ROW("number", claim, code, "4711"), TYPE_ROW("boolean", claim, code, "true"),                         \
      TYPE_ROW("null", claim, code, "null"), TYPE_ROW("array", claim, code, "['a']"),                        \
      TYPE_ROW("object", claim, code, "{}")

static const struct mutation_variant exp_past_variants[] = {
    {"minute", REASON_EXPIRED, exp_past, .number = 60},
    {"day", REASON_EXPIRED, exp_past, .number = DAY_S},
    {"years", REASON_EXPIRED, exp_past, .number = 5 * YEAR_S},
};

static const struct mutation_variant exp_boundary[] = {
    {"now", REASON_OK, exp_offset, .number = 0},
    {"within-leeway", REASON_OK, exp_offset, .number = 1 - LEEWAY_S},
    {"at-leeway", REASON_EXPIRED, exp_offset, .number = -LEEWAY_S},
    {"past-leeway", REASON_EXPIRED, exp_offset, .number = -LEEWAY_S - 1},
    {"strict-before", REASON_OK, exp_offset_strict, .number = 1},
    {"strict-now", REASON_EXPIRED, exp_offset_strict, .number = 0},
    {"strict-past", REASON_EXPIRED, exp_offset_strict, .number = -1},
};

static const struct mutation_variant exp_missing[] = {
    {"required", REASON_EXP_MISSING, claims_change, .text = "-exp"},
    {"not-required", REASON_OK, claim_not_required, .text = "exp"},
};

static const struct mutation_variant exp_type[] = {TIME_TYPES("exp", REASON_EXP_TYPE)};

static const struct mutation_variant exp_float[] = {
    {"fraction", REASON_OK, exp_half, .number = HOUR_S},
    {"exponent", REASON_OK, exp_raw, raw_encode, .text = "1.7672292e9"},
    {"exponent-integer", REASON_OK, exp_raw, raw_encode, .text = "17672292E+02"},
    {"far-exponent", REASON_OK, exp_raw_unlimited, raw_encode, .text = "1e10"},
    {"fraction-past", REASON_EXPIRED, exp_half, .number = -HOUR_S},
    {"exponent-past", REASON_EXPIRED, exp_raw_ancient, raw_encode, .number = 1700000000, .text = "1.7e9"},
};

static const struct mutation_variant exp_zero_negative[] = {
    {"zero", REASON_EXPIRED, exp_raw_ancient, raw_encode, .number = 0, .text = "0"},
    {"minus-zero", REASON_EXPIRED, exp_raw_ancient, raw_encode, .number = 0, .text = "-0"},
    {"zero-fraction", REASON_EXPIRED, exp_raw_ancient, raw_encode, .number = 0, .text = "0.0"},
    {"zero-exponent", REASON_EXPIRED, exp_raw_ancient, raw_encode, .number = 0, .text = "0e9"},
    {"minus-one", REASON_EXPIRED, exp_raw_ancient, raw_encode, .number = -1, .text = "-1"},
    {"negative", REASON_EXPIRED, exp_raw_ancient, raw_encode, .number = -1767229200, .text = "-1767229200"},
};

static const struct mutation_variant exp_huge[] = {
    {"2-to-53", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "9007199254740992"},
    {"2-to-53-exponent", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "9.007199254740992e15"},
    {"2-to-63", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "9223372036854775808"},
    {"2-to-64-wrapped", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "18446744075476780816"},
    {"1e30", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "1e30"},
    {"1e400", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "1e400"},
    {"2-to-53-less-one", REASON_OK, exp_unlimited, .number = 9007199254740991},
};

static const struct mutation_variant exp_millis[] = {
    {"milliseconds", REASON_LIFETIME, exp_scaled, .number = 1000},
    {"microseconds", REASON_LIFETIME, exp_scaled, .number = 1000000},
    {"nanoseconds", REASON_EXP_RANGE, exp_scaled, .number = 1000000000, .also = {REASON_LIFETIME}},
};

static const struct mutation_variant nbf_future_variants[] = {
    {"minute", REASON_NOT_YET_VALID, nbf_future, .number = 60},
    {"day", REASON_NOT_YET_VALID, nbf_future, .number = DAY_S / 2},
    {"beyond-range", REASON_NBF_RANGE, nbf_raw, raw_encode, .text = "9007199254740992",
     .also = {REASON_NOT_YET_VALID}},
    {"1e400", REASON_NBF_RANGE, nbf_raw, raw_encode, .text = "1e400", .also = {REASON_NOT_YET_VALID}},
};

static const struct mutation_variant nbf_boundary[] = {
    {"now", REASON_OK, nbf_offset, .number = 0},
    {"at-leeway", REASON_OK, nbf_offset, .number = LEEWAY_S},
    {"past-leeway", REASON_NOT_YET_VALID, nbf_offset, .number = LEEWAY_S + 1},
    {"strict-now", REASON_OK, nbf_offset_strict, .number = 0},
    {"strict-next", REASON_NOT_YET_VALID, nbf_offset_strict, .number = 1},
};

static const struct mutation_variant nbf_type[] = {
    TIME_TYPES("nbf", REASON_NBF_TYPE),
    {"missing", REASON_NBF_MISSING, claims_demand, .text = "'required': ['exp', 'iat', 'nbf'] | -nbf"},
};

static const struct mutation_variant iat_future_variants[] = {
    {"minute", REASON_IAT_FUTURE, iat_future, .number = 60},
    {"day", REASON_IAT_FUTURE, iat_future, .number = DAY_S},
    {"at-leeway", REASON_OK, iat_offset, .number = LEEWAY_S},
    {"past-leeway", REASON_IAT_FUTURE, iat_offset, .number = LEEWAY_S + 1},
    {"beyond-range", REASON_IAT_RANGE, iat_raw, raw_encode, .text = "9007199254740992",
     .also = {REASON_IAT_FUTURE}},
};

static const struct mutation_variant iat_stale_variants[] = {
    {"minute", REASON_AGE, iat_stale, .number = 60},
    {"hours", REASON_AGE, iat_stale, .number = 20 * HOUR_S},
    {"at-limit", REASON_OK, iat_aged, .number = -MAX_AGE_S - LEEWAY_S},
    {"past-limit", REASON_AGE, iat_aged, .number = -MAX_AGE_S - LEEWAY_S - 1},
    {"missing", REASON_IAT_MISSING, claims_demand, .text = "'max_age_s': 600 | -iat"},
    {"string", REASON_IAT_TYPE, claims_demand, .text = "'max_age_s': 600 | 'iat': '1767225590'"},
    {"null", REASON_IAT_TYPE, claims_demand, .text = "'max_age_s': 600 | 'iat': null"},
};

static const struct mutation_variant time_inconsistent[] = {
    {"nbf-after-exp", REASON_TIME_ORDER, nbf_after_exp},
    {"exp-before-iat", REASON_TIME_ORDER, exp_before_iat},
    {"all-equal", REASON_OK, times_equal},
};

static const struct mutation_variant leeway_overflow[] = {
    {"int64", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "9223372036854775807"},
    {"int64-less-leeway", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "9223372036854775778"},
    {"uint64", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "18446744073709551615"},
    {"int32", REASON_OK, exp_unlimited, .number = INT32_MAX},
    {"uint32", REASON_OK, exp_unlimited, .number = UINT32_MAX},
    {"int32-min", REASON_EXPIRED, exp_least, .number = INT32_MIN},
    {"least", REASON_EXPIRED, exp_least, .number = -9007199254740991},
};

#define TWO_TO(n) (INT64_C(1) << (n))
static const struct mutation_variant time_wrap[] = {
    {"nbf-2-to-31", REASON_NOT_YET_VALID, nbf_wrap, .number = TWO_TO(31)},
    {"nbf-2-to-32", REASON_NOT_YET_VALID, nbf_wrap, .number = TWO_TO(32)},
    {"nbf-2-to-33", REASON_NOT_YET_VALID, nbf_wrap, .number = TWO_TO(33)},
    {"nbf-2-to-63", REASON_NBF_RANGE, nbf_raw, raw_encode, .text = "9223372038622001348",
     .also = {REASON_NOT_YET_VALID}},
    {"nbf-2-to-64", REASON_NBF_RANGE, nbf_raw, raw_encode, .text = "18446744075476777156",
     .also = {REASON_NOT_YET_VALID}},
    {"iat-2-to-31", REASON_IAT_FUTURE, iat_wrap, .number = TWO_TO(31), .pinned = true}, /* as iat-future */
    {"iat-2-to-32", REASON_IAT_FUTURE, iat_wrap, .number = TWO_TO(32), .pinned = true},
    {"iat-2-to-33", REASON_IAT_FUTURE, iat_wrap, .number = TWO_TO(33), .pinned = true},
    {"iat-2-to-63", REASON_IAT_RANGE, iat_raw, raw_encode, .text = "9223372038622001348",
     .also = {REASON_IAT_FUTURE}, .pinned = true},
    {"iat-2-to-64", REASON_IAT_RANGE, iat_raw, raw_encode, .text = "18446744075476777156",
     .also = {REASON_IAT_FUTURE}, .pinned = true},
    {"exp-less-2-to-31", REASON_EXPIRED, exp_wrap, .number = TWO_TO(31)},
    {"exp-less-2-to-32", REASON_EXPIRED, exp_wrap, .number = TWO_TO(32)},
    {"exp-less-2-to-33", REASON_EXPIRED, exp_wrap, .number = TWO_TO(33)},
    {"exp-less-2-to-63", REASON_EXP_RANGE, exp_raw, raw_encode, .text = "-9223372035087546608",
     .also = {REASON_EXPIRED}},
    {"exp-less-2-to-64", REASON_EXP_RANGE, exp_raw, raw_encode, .text = "-18446744071942322416",
     .also = {REASON_EXPIRED}},
    {"exp-2-to-63", REASON_EXP_RANGE, exp_raw_unlimited, raw_encode, .text = "9223372038622005008",
     .pinned = true}, /* as exp-huge */
    {"exp-2-to-31-right", REASON_OK, exp_wrap_right, .number = TWO_TO(31)},
    {"exp-2-to-32-right", REASON_OK, exp_wrap_right, .number = TWO_TO(32)},
    {"nbf-less-2-to-32-right", REASON_OK, nbf_wrap_right, .number = TWO_TO(32)},
    {"iat-less-2-to-32-right", REASON_OK, iat_wrap_right, .number = TWO_TO(32)},
};

static const struct mutation_variant proto_member[] = {
    {"exp", REASON_EXP_MISSING, claim_inherited, .text = "exp __proto__"},
    {"exp-constructor", REASON_EXP_MISSING, claim_inherited, .text = "exp constructor.prototype"},
    {"aud", REASON_AUD_MISSING, claim_inherited, .text = "aud __proto__"},
    {"aud-constructor", REASON_AUD_MISSING, claim_inherited, .text = "aud constructor.prototype"},
    {"iss", REASON_ISS_MISSING, claim_inherited, .text = "iss __proto__"},
    {"iss-constructor", REASON_ISS_MISSING, claim_inherited, .text = "iss constructor.prototype"},
    {"alg", REASON_ALG_MISSING, parameter_inherited, .text = "alg __proto__", .severity = SEVERITY_PARSING},
    {"alg-constructor", REASON_ALG_MISSING, parameter_inherited, .text = "alg constructor.prototype",
     .severity = SEVERITY_PARSING},
    {"exp-beside", REASON_OK, claims_change, .text = "'__proto__': {'exp': 1, 'aud': 'nobody'}"},
    {"exp-beside-constructor", REASON_OK, claims_change, .text = "'constructor': {'prototype': {'exp': 1}}"},
    {"alg-beside", REASON_OK, header_change, .text = "{'__proto__': {'alg': 'none'}}"},
};

static const struct mutation_variant aud_missing[] = {
    {"", REASON_AUD_MISSING, claims_change, .text = "-aud"},
};

static const struct mutation_variant aud_wrong[] = {
    {"other", REASON_AUD_MISMATCH, aud_value, .text = "'https://api.elsewhere.example'"},
    {"neighbour", REASON_AUD_MISMATCH, aud_neighbour},
    {"others", REASON_AUD_MISMATCH, aud_value, .text = "['https://api.elsewhere.example', 'urn:other']"},
    {"case", REASON_AUD_MISMATCH, aud_upper},
    {"prefix", REASON_AUD_MISMATCH, aud_prefix},
    {"suffix", REASON_AUD_MISMATCH, aud_suffix},
    {"slash", REASON_AUD_MISMATCH, aud_value, .text = "'@/'"},
    {"extended", REASON_AUD_MISMATCH, aud_value, .text = "'@.evil.example'"},
    {"embedded", REASON_AUD_MISMATCH, aud_value, .text = "'https://evil.example/?@'"},
    {"list-in-string", REASON_AUD_MISMATCH, aud_value, .text = "'https://api.elsewhere.example @'"},
    {"space", REASON_AUD_MISMATCH, aud_value, .text = "' @'"},
};

static const struct mutation_variant aud_array[] = {
    {"alone", REASON_OK, aud_value, .text = "['@']"},
    {"first", REASON_OK, aud_value, .text = "['@', 'https://api.elsewhere.example']"},
    {"last", REASON_OK, aud_value, .text = "['https://api.elsewhere.example', 'urn:other', '@']"},
    {"twice", REASON_OK, aud_value, .text = "['@', '@']"},
    {"many", REASON_OK, aud_many},
    {"near-misses", REASON_AUD_MISMATCH, aud_value, .text = "['@/', '@ ', '@x']"},
};

static const struct mutation_variant aud_empty[] = {
    {"array", REASON_AUD_MISMATCH, aud_value, .text = "[]"},
    {"string", REASON_AUD_MISMATCH, aud_value, .text = "''"},
    {"array-of-empty", REASON_AUD_MISMATCH, aud_value, .text = "['']"},
};

static const struct mutation_variant aud_type[] = {
    {"number", REASON_AUD_TYPE, aud_value, .text = "4711"},
    {"boolean", REASON_AUD_TYPE, aud_value, .text = "true"},
    {"null", REASON_AUD_TYPE, aud_value, .text = "null"},
    {"object", REASON_AUD_TYPE, aud_value, .text = "{'aud': '@'}"},
    {"object-key", REASON_AUD_TYPE, aud_value, .text = "{'@': true}"},
    {"nested", REASON_AUD_TYPE, aud_value, .text = "[['@']]"},
    {"mixed", REASON_AUD_TYPE, aud_value, .text = "['@', 4711]"},
    {"mixed-first", REASON_AUD_TYPE, aud_value, .text = "[null, '@']"},
};

static const struct mutation_variant iss_missing[] = {
    {"", REASON_ISS_MISSING, claims_change, .text = "-iss"},
};

static const struct mutation_variant iss_wrong[] = {
    {"unknown", REASON_ISS_UNKNOWN, iss_value, .text = "'https://login.elsewhere.example'"},
    {"slash", REASON_ISS_UNKNOWN, iss_value, .text = "'@/'"},
    {"case", REASON_ISS_UNKNOWN, iss_upper},
    {"scheme", REASON_ISS_UNKNOWN, iss_http},
    {"homograph", REASON_ISS_UNKNOWN, iss_homograph},
    {"port", REASON_ISS_UNKNOWN, iss_value, .text = "'@:443'"},
    {"root-dot", REASON_ISS_UNKNOWN, iss_value, .text = "'@.'"},
    {"space", REASON_ISS_UNKNOWN, iss_value, .text = "'@ '"},
    {"fragment", REASON_ISS_UNKNOWN, iss_value, .text = "'@#'"},
};

static const struct mutation_variant iss_array[] = {
    {"evil-good", REASON_ISS_TYPE, iss_value, .text = "['https://evil.example', '@']"},
    {"good-evil", REASON_ISS_TYPE, iss_value, .text = "['@', 'https://evil.example']"},
    {"alone", REASON_ISS_TYPE, iss_value, .text = "['@']"},
    {"empty", REASON_ISS_TYPE, iss_value, .text = "[]"},
    {"object", REASON_ISS_TYPE, iss_value, .text = "{'@': '@'}"},
    {"number", REASON_ISS_TYPE, iss_value, .text = "4711"},
    {"null", REASON_ISS_TYPE, iss_value, .text = "null"},
};

static const struct mutation_variant iss_substring[] = {
    {"prefix", REASON_ISS_UNKNOWN, iss_prefix},
    {"suffix", REASON_ISS_UNKNOWN, iss_suffix},
    {"middle", REASON_ISS_UNKNOWN, iss_middle},
    {"character", REASON_ISS_UNKNOWN, iss_value, .text = "'h'"},
    {"empty", REASON_ISS_UNKNOWN, iss_value, .text = "''"},
    {"extended", REASON_ISS_UNKNOWN, iss_value, .text = "'@.evil.example'"},
    {"embedded", REASON_ISS_UNKNOWN, iss_value, .text = "'https://evil.example/?@'"},
};

static const struct mutation_variant sub_invalid[] = {
    {"missing", REASON_SUB_MISSING, claims_change, .text = "-sub"},
    {"not-required", REASON_OK, claim_not_required, .text = "sub"},
    {"empty", REASON_SUB_EMPTY, claims_change, .text = "'sub': ''"},
    STRING_TYPES("sub", REASON_SUB_TYPE),
};

static const struct mutation_variant jti_type[] = {
    STRING_TYPES("jti", REASON_JTI_TYPE),
    {"missing", REASON_JTI_MISSING, claims_change, .text = "-jti"},
};

static const struct mutation_variant jti_replay[] = {
    {"same-token", REASON_REPLAYED, replay_on, .tamper = first_same},
    {"same-jti", REASON_REPLAYED, replay_on, .forge = replay_same_jti},
    {"other-jti", REASON_OK, replay_on, .forge = replay_other_jti},
};

static const struct mutation_class classes[] = {
    {"exp-past", SEVERITY_CONTEXT, "expired tokens", "The token has expired, leeway included.",
     "RFC 7519 4.1.4", ALGS_ALL, false, VARIANTS(exp_past_variants)},
    {"exp-boundary", SEVERITY_CONTEXT, "tokens at the second of their expiry",
     "exp lies one second to either side of the instant at which the token expires.", "RFC 7519 4.1.4",
     ALGS_ALL, false, VARIANTS(exp_boundary)},
    {"exp-missing", SEVERITY_CONTEXT, "tokens without exp", "There is no exp.", "RFC 7519 4.1.4", ALGS_ALL,
     true, VARIANTS(exp_missing)},
    {"exp-type", SEVERITY_PARSING, "exp that is no number", "exp is no number.", "RFC 7519 2", ALGS_ALL,
     false, VARIANTS(exp_type)},
    {"exp-float", SEVERITY_CONTEXT, "expired tokens whose exp has a fraction",
     "exp is a number with a fraction or an exponent.", "RFC 7519 2", ALGS_ALL, false, VARIANTS(exp_float)},
    {"exp-zero-negative", SEVERITY_CONTEXT, "expired tokens whose exp is 0 or less",
     "exp is zero or negative, which must not read as absent.", "RFC 7519 4.1.4", ALGS_ALL, false,
     VARIANTS(exp_zero_negative)},
    {"exp-huge", SEVERITY_CONTEXT, "tokens that never expire",
     "exp is beyond 2^53 - 1 and must not be clamped to for ever.", "RFC 7519 2", ALGS_ALL, true,
     VARIANTS(exp_huge)},
    {"exp-millis", SEVERITY_CONTEXT, "tokens whose exp counts milliseconds",
     "exp counts a smaller unit than seconds.", "RFC 7519 2", ALGS_ALL, true, VARIANTS(exp_millis)},
    {"nbf-future", SEVERITY_CONTEXT, "tokens before their time",
     "The token is not valid yet, leeway included.", "RFC 7519 4.1.5", ALGS_ALL, false,
     VARIANTS(nbf_future_variants)},
    {"nbf-boundary", SEVERITY_CONTEXT, "tokens a second before their time",
     "nbf lies at, or one second after, the latest instant that is still valid.", "RFC 7519 4.1.5", ALGS_ALL,
     false, VARIANTS(nbf_boundary)},
    {"nbf-type", SEVERITY_PARSING, "nbf that is no number",
     "nbf is no number, or is missing where it is required.", "RFC 7519 2", ALGS_ALL, false,
     VARIANTS(nbf_type)},
    {"iat-future", SEVERITY_CONTEXT, "tokens issued in the future",
     "The token was issued in the future, leeway included.", "RFC 7519 4.1.6", ALGS_ALL, true,
     VARIANTS(iat_future_variants)},
    {"iat-stale", SEVERITY_CONTEXT, "tokens older than the policy allows",
     "The token is older than the policy allows, or its age cannot be told.", "RFC 7519 4.1.6", ALGS_ALL,
     true, VARIANTS(iat_stale_variants)},
    {"time-inconsistent", SEVERITY_CONTEXT, "times that contradict each other",
     "iat, nbf and exp contradict each other.", "RFC 7519 4.1", ALGS_ALL, true, VARIANTS(time_inconsistent)},
    {"leeway-overflow", SEVERITY_CONTEXT, "times at the edge of machine integers",
     "exp is such that adding or subtracting the leeway wraps a machine integer.", "RFC 7519 4.1.4", ALGS_ALL,
     false, VARIANTS(leeway_overflow)},
    {"time-wrap", SEVERITY_CONTEXT, "times that pass only by integer overflow",
     "exp, nbf or iat passes only where a machine integer wraps it, or is refused only there.",
     "RFC 7519 4.1", ALGS_ALL, false, VARIANTS(time_wrap)},
    {"proto-member", SEVERITY_CONTEXT, "claims that only __proto__ has",
     "A member stands only where JavaScript's objects inherit from, which is no member.",
     "RFC 7519 4, CVE-2024-34273", ALGS_ALL, false, VARIANTS(proto_member)},
    {"aud-missing", SEVERITY_CONTEXT, "tokens without aud",
     "The policy names an audience and there is no aud.", "RFC 8725 3.9", ALGS_ALL, false,
     VARIANTS(aud_missing)},
    {"aud-wrong", SEVERITY_CONTEXT, "tokens for another audience",
     "aud is another audience, or merely looks like the right one.", "RFC 7519 4.1.3", ALGS_ALL, false,
     VARIANTS(aud_wrong)},
    {"aud-array", SEVERITY_CONTEXT, "tokens for other audiences",
     "aud is an array that holds the right audience.", "RFC 7519 4.1.3", ALGS_ALL, false,
     VARIANTS(aud_array)},
    {"aud-empty", SEVERITY_CONTEXT, "tokens for nobody", "aud is an empty array or an empty string.",
     "RFC 7519 4.1.3", ALGS_ALL, false, VARIANTS(aud_empty)},
    {"aud-type", SEVERITY_PARSING, "aud that is no string or array of strings",
     "aud is neither a string nor an array of strings only.", "RFC 7519 4.1.3", ALGS_ALL, false,
     VARIANTS(aud_type)},
    {"iss-missing", SEVERITY_CONTEXT, "tokens without iss", "There is no iss.", "RFC 8725 3.8", ALGS_ALL,
     false, VARIANTS(iss_missing)},
    {"iss-wrong", SEVERITY_CONTEXT, "tokens of another issuer",
     "iss is another issuer, or one that a person or a URL library takes for the right one.",
     "RFC 7519 4.1.1", ALGS_ALL, false, VARIANTS(iss_wrong)},
    {"iss-array", SEVERITY_CONTEXT, "tokens with several issuers",
     "iss is an array or another thing that is no string.", "RFC 7519 4.1.1", ALGS_ALL, false,
     VARIANTS(iss_array)},
    {"iss-substring", SEVERITY_CONTEXT, "tokens of an issuer with a similar name",
     "iss is a part of the right issuer, or has it as a part.", "RFC 7519 4.1.1", ALGS_ALL, false,
     VARIANTS(iss_substring)},
    {"sub-invalid", SEVERITY_PARSING, "sub that is missing or no string",
     "sub is missing, empty or no string.", "RFC 8725 3.8", ALGS_ALL, true, VARIANTS(sub_invalid)},
    {"jti-type", SEVERITY_PARSING, "jti that is no string",
     "jti is no string, or is missing where it is required.", "RFC 7519 4.1.7", ALGS_ALL, false,
     VARIANTS(jti_type)},
    {"jti-replay", SEVERITY_CONTEXT, "tokens used twice", "A token with the same jti was accepted before.",
     "RFC 7519 4.1.7", ALGS_ALL, true, VARIANTS(jti_replay)},
};

const struct mutation_group mutations_registered_claims = {"registered-claims", classes,
                                                           sizeof classes / sizeof classes[0]};
