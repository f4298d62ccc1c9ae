/* The claims as text: strict UTF-8, strict JSON (RFC 8259), one object, no name twice, not too deep and not
 * too many members (RFC 7519 4, 7.2). All of these tokens are rightly signed; read past the fault, each says
 * what a good one says. */
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/json_spoil.h"
#include "corpus/spoil/mutation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MEMBERS_LIMIT 256 /* the policy's default for json_members */

#define ON_CLAIMS(fault)                                                                                     \
  static void fault(struct draft *draft) {                                                                   \
    spoil_##fault(draft, &draft->payload_text);                                                              \
    draft_reencode(draft);                                                                                   \
  }

ON_CLAIMS(member)
ON_CLAIMS(member_first)
ON_CLAIMS(member_last)
ON_CLAIMS(around)
ON_CLAIMS(quoted)
ON_CLAIMS(truncated)
ON_CLAIMS(garbage)
ON_CLAIMS(raw_nul)
ON_CLAIMS(nul_behind)
ON_CLAIMS(utf)
ON_CLAIMS(deep)
ON_CLAIMS(escaped_name)

/* row_text: the whole text, and as many spaces behind it as make it the token's own. */
static void scalar(struct draft *draft) {
  text_set_str(&draft->payload_text, draft->row_text);
  for (unsigned i = 0; i < draft->index; i++)
    text_add_str(&draft->payload_text, " ");
  draft_reencode(draft);
}

/* ---- names ---- */

static void raw_nul_between(struct draft *draft) {
  text_insert(&draft->payload_text, 1, "", 1);
  draft_reencode(draft);
}

/* row_text: a claim; it comes again with the same value. */
static void repeated(struct draft *draft) {
  char *value = must(json_dumps(json_object_get(draft->claims, draft->row_text), JSON_ENCODE_ANY));
  OWNED_BYTES struct text again = {0};
  text_addf(&again, "\"%s\":%s", draft->row_text, value);
  text_add(&again, "", 1);
  json_text_add(&draft->payload_text, draft->index % 2 == 0, (const char *)again.ptr);
  free(value);
  draft_reencode(draft);
}

/* row_text: what stands between the quotes in place of exp. */
static void exp_renamed(struct draft *draft) {
  OWNED_BYTES struct text name = {0};
  text_addf(&name, "\"%s\":", draft->row_text);
  text_replace(&draft->payload_text, "\"exp\":", name.ptr, name.len);
  draft_reencode(draft);
}

/* ---- values, before encoding ---- */

static void expire(struct draft *draft) {
  int64_t exp = draft->now - 3600 - rng_below(&draft->rng, 3600),
          iat = exp - 600 - rng_below(&draft->rng, 600);
  json_object_set_new(draft->claims, "exp", json_integer(exp));
  json_object_set_new(draft->claims, "iat", json_integer(iat));
  if (json_object_get(draft->claims, "nbf"))
    json_object_set_new(draft->claims, "nbf", json_integer(iat));
}

static void leave_issuer(struct draft *draft) {
  json_object_set_new(draft->claims, "iss", json_sprintf("https://stranger-%u.example", draft->index));
}

/* The right value, a NUL and more: right for whoever compares C strings. */
static void behind_nul(struct draft *draft, const char *name, const char *value) {
  OWNED_BYTES struct text longer = {0};
  text_add_str(&longer, value);
  text_add(&longer, "", 1);
  text_addf(&longer, ".evil-%u.example", draft->index);
  json_object_set_new(draft->claims, name, json_stringn((const char *)longer.ptr, longer.len));
}

static void aud_behind_nul(struct draft *draft) {
  behind_nul(draft, "aud", draft->issuer->audience);
}

static void iss_behind_nul(struct draft *draft) {
  behind_nul(draft, "iss", draft->issuer->iss);
}

/* ---- many members ---- */

#define COLLIDING_PAIRS 9 /* names of 2^9 kinds */

/* "Ez" and "FY" have the same hash under h * 33 + c, and so has every chain of them. */
static void colliding_name(unsigned nth, char name[2 * COLLIDING_PAIRS + 1]) {
  for (unsigned i = 0; i < COLLIDING_PAIRS; i++)
    memcpy(name + 2 * i, nth >> i & 1 ? "Ez" : "FY", 2);
  name[2 * COLLIDING_PAIRS] = '\0';
}

static void member_add(struct draft *draft, struct text *out, unsigned nth, bool colliding) {
  char name[2 * COLLIDING_PAIRS + 1];
  colliding_name(nth, name);
  if (colliding)
    text_addf(out, ",\"%s\":%u", name, rng_below(&draft->rng, 10));
  else
    text_addf(out, ",\"m%x\":%u", nth, rng_below(&draft->rng, 10));
}

/* Brings the claims to row_number members in all. row_text: "colliding", or "". */
static void members(struct draft *draft) {
  OWNED_BYTES struct text more = {0};
  unsigned there = (unsigned)json_object_size(draft->claims);
  for (unsigned nth = there; nth < draft->row_number; nth++)
    member_add(draft, &more, nth, draft->row_text[0] == 'c');
  text_insert(&draft->payload_text, draft->payload_text.len - 1, more.ptr, more.len);
  draft_reencode(draft);
}

/* A claim with an object of row_number members. */
static void members_nested(struct draft *draft) {
  OWNED_BYTES struct text claim = {0};
  text_add_str(&claim, "\"many\":{\"first\":0");
  for (unsigned nth = 1; nth < draft->row_number; nth++)
    member_add(draft, &claim, nth, false);
  text_add(&claim, "}", 2); /* with its NUL */
  json_text_add(&draft->payload_text, draft->index % 2 == 0, (const char *)claim.ptr);
  draft_reencode(draft);
}

/* ---- rows ---- */

static const struct mutation_variant claims_not_object[] = {
    {"garbage", REASON_CLAIMS_SYNTAX, .encode = garbage},
    {"truncated", REASON_CLAIMS_SYNTAX, .encode = truncated},
    {"white-space", REASON_CLAIMS_SYNTAX, .encode = scalar, .text = " \n"},
    {"array", REASON_CLAIMS_NOT_OBJECT, .encode = around, .text = "[@]"},
    {"string", REASON_CLAIMS_NOT_OBJECT, .encode = quoted},
    {"null", REASON_CLAIMS_NOT_OBJECT, .encode = scalar, .text = "null"},
    {"number", REASON_CLAIMS_NOT_OBJECT, .encode = scalar, .text = "1767225600"},
    {"true", REASON_CLAIMS_NOT_OBJECT, .encode = scalar, .text = "true"},
};

static const struct mutation_variant claims_dup[] = {
    {"exp-expired-first", REASON_CLAIMS_DUPLICATE, .encode = member_first, .text = "\"exp\":1"},
    {"exp-expired-last", REASON_CLAIMS_DUPLICATE, .encode = member_last, .text = "\"exp\":1"},
    {"exp-same", REASON_CLAIMS_DUPLICATE, .encode = repeated, .text = "exp"},
    {"sub-other-first", REASON_CLAIMS_DUPLICATE, .encode = member_first, .text = "\"sub\":\"admin\""},
    {"sub-other-last", REASON_CLAIMS_DUPLICATE, .encode = member_last, .text = "\"sub\":\"admin\""},
    {"iss-other-first", REASON_CLAIMS_DUPLICATE, .encode = member_first,
     .text = "\"iss\":\"https://stranger.example\""},
    {"escaped", REASON_CLAIMS_DUPLICATE, .encode = member, .text = "\"\\u0073ub\":\"admin\""},
    {"nested", REASON_CLAIMS_DUPLICATE, .encode = member, .text = "\"note\":[{\"a\":1,\"b\":2,\"a\":3}]"},
    {"nested-apart", REASON_OK, .encode = member, .text = "\"note\":[{\"a\":1,\"exp\":2},{\"a\":3}]"},
};

static const struct mutation_variant claims_escaped_name[] = {
    {"exp", REASON_OK, .encode = escaped_name, .text = "exp"},
    {"exp-expired", REASON_EXPIRED, .edit = expire, .encode = escaped_name, .text = "exp"},
    {"iss", REASON_OK, .encode = escaped_name, .text = "iss"},
    {"iss-unknown", REASON_ISS_UNKNOWN, .edit = leave_issuer, .encode = escaped_name, .text = "iss"},
};

static const struct mutation_variant claims_case[] = {
    {"exp-beside", REASON_OK, .encode = member, .text = "\"EXP\":1"},
    {"nbf-beside", REASON_OK, .encode = member, .text = "\"Nbf\":4102444800"},
    {"iss-beside", REASON_OK, .encode = member, .text = "\"Iss\":\"https://stranger.example\""},
    {"exp-instead", REASON_EXP_MISSING, .encode = exp_renamed, .text = "EXP"},
};

static const struct mutation_variant claims_invalid_utf8[] = {
    {"lone-continuation", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"a\x80z\""},
    {"truncated-sequence", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"a\xe2\x82\""},
    {"latin-1", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"caf\xe9 z\""},
    {"overlong-2", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"a\xc0\xafz\""},
    {"overlong-3", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"a\xe0\x80\xafz\""},
    {"overlong-4", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"a\xf0\x80\x80\xafz\""},
    {"overlong-nul", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"a\xc0\x80z\""},
    {"surrogate", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"a\xed\xa0\x80z\""},
    {"beyond-unicode", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"a\xf4\x90\x80\x80z\""},
    {"octet-ff", REASON_CLAIMS_UTF8, .encode = member, .text = "\"note\":\"a\xffz\""},
    {"in-name", REASON_CLAIMS_UTF8, .encode = member, .text = "\"no\xffte\":1"},
    {"utf16-le", REASON_CLAIMS_SYNTAX, .encode = utf, .text = "le", .number = 16},
    {"utf16-be", REASON_CLAIMS_SYNTAX, .encode = utf, .text = "be", .number = 16},
    {"utf16-le-bom", REASON_CLAIMS_UTF8, .encode = utf, .text = "le-bom", .number = 16},
    {"utf16-be-bom", REASON_CLAIMS_UTF8, .encode = utf, .text = "be-bom", .number = 16},
    {"utf32-le", REASON_CLAIMS_SYNTAX, .encode = utf, .text = "le", .number = 32},
    {"utf32-be", REASON_CLAIMS_SYNTAX, .encode = utf, .text = "be", .number = 32},
    {"valid", REASON_OK, .encode = member, .text = "\"note\":\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x94\x91\""},
};

static const struct mutation_variant claims_lone_surrogate[] = {
    {"high", REASON_CLAIMS_SURROGATE, .encode = member, .text = "\"note\":\"\\ud834\""},
    {"high-then-text", REASON_CLAIMS_SURROGATE, .encode = member, .text = "\"note\":\"\\uD834z\""},
    {"low", REASON_CLAIMS_SURROGATE, .encode = member, .text = "\"note\":\"\\udd1e\""},
    {"reversed", REASON_CLAIMS_SURROGATE, .encode = member, .text = "\"note\":\"\\udd1e\\ud834\""},
    {"in-name", REASON_CLAIMS_SURROGATE, .encode = member, .text = "\"\\ud834\":1"},
    {"pair", REASON_OK, .encode = member, .text = "\"note\":\"\\ud834\\udd1e\""},
};

static const struct mutation_variant claims_nul[] = {
    {"raw-in-string", REASON_CLAIMS_SYNTAX, .encode = raw_nul},
    {"raw-between", REASON_CLAIMS_SYNTAX, .encode = raw_nul_between},
    {"escaped-in-aud", REASON_AUD_MISMATCH, .edit = aud_behind_nul, .severity = SEVERITY_CONTEXT},
    {"escaped-in-iss", REASON_ISS_UNKNOWN, .edit = iss_behind_nul, .severity = SEVERITY_CONTEXT},
    {"escaped-in-name", REASON_EXP_MISSING, .encode = exp_renamed, .text = "exp\\u0000",
     .severity = SEVERITY_CONTEXT},
};

static const struct mutation_variant claims_trailing[] = {
    {"letter", REASON_CLAIMS_TRAILING, .encode = around, .text = "@x"},
    {"brace", REASON_CLAIMS_TRAILING, .encode = around, .text = "@}"},
    {"comma", REASON_CLAIMS_TRAILING, .encode = around, .text = "@,"},
    {"second-object", REASON_CLAIMS_TRAILING, .encode = around, .text = "@{\"sub\":\"admin\"}"},
    {"nul", REASON_CLAIMS_TRAILING, .encode = nul_behind},
    {"white-space", REASON_OK, .encode = around, .text = "@ \r\n\t"},
};

static const struct mutation_variant claims_deep[] = {
    {"32-arrays", REASON_OK, .encode = deep, .text = "[", .number = 32},
    {"33-arrays", REASON_CLAIMS_DEPTH, .encode = deep, .text = "[", .number = 33},
    {"32-objects", REASON_OK, .encode = deep, .text = "{", .number = 32},
    {"33-objects", REASON_CLAIMS_DEPTH, .encode = deep, .text = "{", .number = 33},
    {"4000-arrays", REASON_CLAIMS_DEPTH, .encode = deep, .text = "[", .number = 4000},
    {"10000-open", REASON_CLAIMS_DEPTH, .encode = deep, .text = "[...", .number = 10000},
};

static const struct mutation_variant claims_number_syntax[] = {
    {"leading-zero", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":01"},
    {"minus-leading-zero", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":-01"},
    {"plus", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":+1"},
    {"hex", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":0x1"},
    {"nan", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":NaN"},
    {"infinity", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":Infinity"},
    {"minus-infinity", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":-Infinity"},
    {"minus-alone", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":-"},
    {"no-integer", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":.5"},
    {"no-fraction", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":1."},
    {"no-exponent", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":1e"},
    {"separators", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":1_000"},
    {"valid", REASON_OK, .encode = member, .text = "\"n\":[-0,0.50,1E+2,1e-2,-1.5e3,9007199254740993]"},
};

#define DIGITS_50 "31415926535897932384626433832795028841971693993751"
#define DIGITS_400 DIGITS_50 DIGITS_50 DIGITS_50 DIGITS_50 DIGITS_50 DIGITS_50 DIGITS_50 DIGITS_50
/* RFC 8259 6 lets a parser limit range and precision, and says that binary64 is what can be relied on: what
 * is beyond that is pinned. */
static const struct mutation_variant claims_big_number[] = {
    {"2-to-53-and-one", REASON_OK, .encode = member, .text = "\"n\":9007199254740993"},
    {"2-to-63-less-one", REASON_OK, .encode = member, .text = "\"n\":9223372036854775807"},
    {"2-to-63", REASON_OK, .encode = member, .text = "\"n\":9223372036854775808"},
    {"minus-2-to-63-and-more", REASON_OK, .encode = member, .text = "\"n\":-9223372036854775809"},
    {"2-to-64-less-one", REASON_OK, .encode = member, .text = "\"n\":18446744073709551615"},
    {"2-to-64", REASON_OK, .encode = member, .text = "\"n\":18446744073709551616"},
    {"minus-zero", REASON_OK, .encode = member, .text = "\"n\":-0"},
    {"nested", REASON_OK, .encode = member, .text = "\"note\":[{\"n\":18446744073709551616}]"},
    {"1e400", REASON_OK, .encode = member, .text = "\"n\":1e400", .pinned = true},
    {"400-digits", REASON_OK, .encode = member, .text = "\"n\":" DIGITS_400, .pinned = true},
    {"2-to-64-expired", REASON_EXPIRED, .edit = expire, .encode = member,
     .text = "\"n\":18446744073709551616", .severity = SEVERITY_CONTEXT},
    {"400-digits-and-letter", REASON_CLAIMS_SYNTAX, .encode = member, .text = "\"n\":" DIGITS_400 "x"},
};

static const struct mutation_variant claims_hash_flood[] = {
    {"at-limit", REASON_OK, .encode = members, .text = "", .number = MEMBERS_LIMIT},
    {"one-above", REASON_CLAIMS_MEMBERS, .encode = members, .text = "", .number = MEMBERS_LIMIT + 1},
    {"far-above", REASON_CLAIMS_MEMBERS, .encode = members, .text = "", .number = 900},
    {"colliding-at-limit", REASON_OK, .encode = members, .text = "colliding", .number = MEMBERS_LIMIT},
    {"colliding-above", REASON_CLAIMS_MEMBERS, .encode = members, .text = "colliding", .number = 320},
    {"nested-at-limit", REASON_OK, .encode = members_nested, .number = MEMBERS_LIMIT},
    {"nested-above", REASON_CLAIMS_MEMBERS, .encode = members_nested, .number = MEMBERS_LIMIT + 1},
};

static const struct mutation_class classes[] = {
    {"claims-not-object", SEVERITY_PARSING, "claims that are no JSON object",
     "The payload is no JSON, or JSON but no object.", "RFC 7519 7.2", ALGS_ALL, VARIANTS(claims_not_object)},
    {"claims-dup", SEVERITY_PARSING, "claims with a name twice",
     "A name occurs twice in one object of the claims.", "RFC 7519 4", ALGS_ALL, .pinned = true,
     VARIANTS(claims_dup)},
    {"claims-escaped-name", SEVERITY_CONTEXT, "expired tokens whose exp is escaped",
     "A claim's name is written with an escape and counts all the same.", "RFC 7515 5.3", ALGS_ALL,
     VARIANTS(claims_escaped_name)},
    {"claims-case", SEVERITY_CONTEXT, "tokens with EXP in place of exp",
     "A name in other letters is another claim: EXP is not exp.", "RFC 7519 10.1.1", ALGS_ALL,
     VARIANTS(claims_case)},
    {"claims-invalid-utf8", SEVERITY_PARSING, "claims that are no UTF-8",
     "The claims have octets that are no UTF-8, or are UTF-16 or UTF-32.", "RFC 8725 3.7", ALGS_ALL,
     VARIANTS(claims_invalid_utf8)},
    {"claims-lone-surrogate", SEVERITY_PARSING, "claims with half a surrogate pair",
     "A string escape of the claims is half of a surrogate pair.", "RFC 8259 8.2", ALGS_ALL, .pinned = true,
     VARIANTS(claims_lone_surrogate)},
    {"claims-nul", SEVERITY_PARSING, "claims with a NUL",
     "A NUL in the claims: raw it is no JSON, escaped it must cut nothing off.", "RFC 8259 7", ALGS_ALL,
     VARIANTS(claims_nul)},
    {"claims-trailing", SEVERITY_PARSING, "text behind the claims",
     "Something follows the claims' object; white space may.", "RFC 8259 2", ALGS_ALL,
     VARIANTS(claims_trailing)},
    {"claims-deep", SEVERITY_FORM, "claims nested too deep", "A claim is nested deeper than 32 levels.",
     "RFC 8259 9", ALGS_ALL, VARIANTS(claims_deep)},
    {"claims-number-syntax", SEVERITY_PARSING, "claims with numbers that are no JSON",
     "A claim is a number as other languages write it.", "RFC 8259 6", ALGS_ALL,
     VARIANTS(claims_number_syntax)},
    {"claims-big-number", SEVERITY_PARSING, "claims with numbers that are no JSON",
     "A claim that nobody asks for is a number beyond what many a parser can hold.", "RFC 8259 6", ALGS_ALL,
     VARIANTS(claims_big_number)},
    {"claims-hash-flood", SEVERITY_FORM, "claims with too many members",
     "One object has more than 256 members, with colliding names in some.", "", ALGS_ALL, .pinned = true,
     VARIANTS(claims_hash_flood)},
};

const struct mutation_group mutations_claims_json = {"claims-json", classes, COUNT(classes)};
