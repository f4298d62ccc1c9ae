/* Stages 8 and 9, registered claims and authorisation, with exact reasons in both directions and at the edges
 * of time. */
#include "tests/token_kit.h"

static struct kit kit;
static struct issuer *issuer;

static void start(void) {
  kit_init(&kit);
  issuer = &kit.issuers[0];
}

TestSuite(claims, .init = start);

#define expect(claims, reason) kit_expect(&kit, KIT_HEADER, claims, reason)
#define expect_claims(members, reason) expect("{" KIT_ISS "," members "}", reason)
#define expect_more(members, reason) expect_claims(KIT_TIMES "," members, reason)

/* A member with a number, by itself. */
static void expect_number(const char *name, int64_t value, enum assay_reason reason) {
  char claims[160];
  snprintf(claims, sizeof claims, "{" KIT_ISS ",\"%s\":%lld}", name, (long long)value);
  expect(claims, reason);
}

/* Times. */

Test(claims, types_and_ranges_of_times) {
  static const struct {
    const char *name;
    enum assay_reason missing, type, range;
    uint32_t required;
  } times[] = {{"exp", REASON_EXP_MISSING, REASON_EXP_TYPE, REASON_EXP_RANGE, REQUIRE_EXP},
               {"nbf", REASON_NBF_MISSING, REASON_NBF_TYPE, REASON_NBF_RANGE, REQUIRE_NBF},
               {"iat", REASON_IAT_MISSING, REASON_IAT_TYPE, REASON_IAT_RANGE, REQUIRE_IAT}};
  static const char *const not_numbers[] = {"\"1767229200\"", "true", "null", "[1767229200]", "{}"};
  static const char *const too_large[] = {"9007199254740992",
                                          "-9007199254740992",
                                          "9223372036854775807",
                                          "18446744073709551616",
                                          "1e30",
                                          "1e400",
                                          "-1e400"};
  char claims[160];
  for (size_t i = 0; i < 3; i++) {
    issuer->required = 0;
    expect("{" KIT_ISS "}", REASON_OK);
    issuer->required = times[i].required;
    expect("{" KIT_ISS "}", times[i].missing);
    for (size_t k = 0; k < sizeof not_numbers / sizeof *not_numbers; k++) {
      snprintf(claims, sizeof claims, "{" KIT_ISS ",\"%s\":%s}", times[i].name, not_numbers[k]);
      expect(claims, times[i].type);
    }
    for (size_t k = 0; k < sizeof too_large / sizeof *too_large; k++) {
      snprintf(claims, sizeof claims, "{" KIT_ISS ",\"%s\":%s}", times[i].name, too_large[k]);
      expect(claims, times[i].range);
    }
  }
}

Test(claims, exp_at_its_edges) {
  expect_number("exp", KIT_NOW - 29, REASON_OK);
  expect_number("exp", KIT_NOW - 30, REASON_EXPIRED);
  expect_number("exp", KIT_NOW - 31, REASON_EXPIRED);
  expect_number("exp", 0, REASON_EXPIRED);
  expect_number("exp", -1, REASON_EXPIRED);
  expect_number("exp", INT64_C(9007199254740991), REASON_OK);
  expect_number("exp", INT64_C(-9007199254740991), REASON_EXPIRED);
  expect_claims("\"exp\":1767225570.5", REASON_OK); /* rounded up */
  expect_claims("\"exp\":1767225570.0", REASON_EXPIRED);
  expect_claims("\"exp\":17672256e2", REASON_OK);
  expect_claims("\"exp\":1e10", REASON_OK);
  expect_claims("\"\\u0065xp\":1", REASON_EXPIRED);
  expect_claims("\"EXP\":1", REASON_OK);
  kit.trust.leeway_s = 0;
  expect_number("exp", KIT_NOW, REASON_EXPIRED);
  expect_number("exp", KIT_NOW + 1, REASON_OK);
}

Test(claims, nbf_at_its_edges) {
  expect_number("nbf", KIT_NOW, REASON_OK);
  expect_number("nbf", KIT_NOW + 30, REASON_OK);
  expect_number("nbf", KIT_NOW + 31, REASON_NOT_YET_VALID);
  expect_claims("\"nbf\":1767225630.1", REASON_NOT_YET_VALID);
  kit.trust.leeway_s = 0;
  expect_number("nbf", KIT_NOW, REASON_OK);
  expect_number("nbf", KIT_NOW + 1, REASON_NOT_YET_VALID);
}

Test(claims, iat_at_its_edges) {
  expect_number("iat", KIT_NOW + 30, REASON_OK);
  expect_number("iat", KIT_NOW + 31, REASON_IAT_FUTURE);
  expect_number("iat", 0, REASON_OK);
  issuer->max_age_s = 3600;
  expect_number("iat", KIT_NOW - 3630, REASON_OK);
  expect_number("iat", KIT_NOW - 3631, REASON_AGE);
  expect_number("iat", INT64_C(-9007199254740991), REASON_AGE);
  expect("{" KIT_ISS "}", REASON_OK);
}

Test(claims, times_must_agree) {
  expect_claims("\"exp\":1767225600,\"iat\":1767225600,\"nbf\":1767225600", REASON_OK);
  expect_claims("\"exp\":1767225599,\"iat\":1767225600", REASON_TIME_ORDER);
  expect_claims("\"exp\":1767225600,\"nbf\":1767225601", REASON_TIME_ORDER);
  issuer->max_lifetime_s = 3600;
  expect_claims("\"exp\":1767229200,\"iat\":1767225600", REASON_OK);
  expect_claims("\"exp\":1767229201,\"iat\":1767225600", REASON_LIFETIME);
  expect_claims("\"exp\":1767229200000,\"iat\":1767225600", REASON_LIFETIME);
  expect_claims("\"exp\":9007199254740991,\"iat\":-9007199254740991", REASON_LIFETIME);
  expect_claims("\"exp\":1767229201", REASON_OK);
}

Test(claims, the_largest_leeway_does_not_wrap) {
  kit.trust.leeway_s = INT64_C(9007199254740991);
  expect_number("exp", INT64_C(9007199254740991), REASON_OK);
  expect_number("exp", INT64_C(-9007199254740991), REASON_EXPIRED);
  expect_number("nbf", INT64_C(9007199254740991), REASON_OK);
  expect_number("iat", INT64_C(9007199254740991), REASON_OK);
  issuer->max_age_s = INT64_C(9007199254740991);
  expect_number("iat", INT64_C(-9007199254740991), REASON_OK);
}

Test(claims, the_first_of_several_faults_decides) {
  issuer->audience = kit_list("me", NULL, NULL, NULL);
  issuer->required = REQUIRE_JTI;
  expect_claims("\"iat\":\"x\",\"nbf\":9767225600,\"exp\":1", REASON_EXPIRED);
  expect_claims("\"iat\":\"x\",\"nbf\":9767225600,\"exp\":9767225600", REASON_NOT_YET_VALID);
  expect_claims("\"iat\":\"x\",\"nbf\":1,\"exp\":9767225600", REASON_IAT_TYPE);
  expect_claims("\"iat\":1767225600,\"exp\":1767225590,\"sub\":1", REASON_TIME_ORDER);
  expect_more("\"sub\":1", REASON_AUD_MISSING);
  expect_more("\"sub\":1,\"aud\":\"me\"", REASON_SUB_TYPE);
  expect_more("\"aud\":\"me\",\"scope\":1", REASON_JTI_MISSING);
}

/* Other registered claims. */

Test(claims, aud) {
  expect(KIT_CLAIMS, REASON_OK);
  expect_more("\"aud\":\"anyone\"", REASON_AUD_UNEXPECTED);
  expect_more("\"aud\":[]", REASON_AUD_UNEXPECTED);
  expect_more("\"aud\":1", REASON_AUD_TYPE);
  expect_more("\"aud\":[1]", REASON_AUD_TYPE);
  issuer->audience_rule = AUDIENCE_ANY;
  expect_more("\"aud\":\"anyone\"", REASON_OK);
  expect_more("\"aud\":[]", REASON_OK);
  expect_more("\"aud\":1", REASON_AUD_TYPE);
  expect_more("\"aud\":[1]", REASON_AUD_TYPE);
  issuer->required = REQUIRE_AUD;
  expect(KIT_CLAIMS, REASON_AUD_MISSING);
  expect_more("\"aud\":\"anyone\"", REASON_OK);
  issuer->required = 0;
  issuer->audience_rule = AUDIENCE_LISTED;
  issuer->audience = kit_list("https://api.example", "other", NULL, NULL);
  expect(KIT_CLAIMS, REASON_AUD_MISSING);
  expect_more("\"aud\":\"https://api.example\"", REASON_OK);
  expect_more("\"aud\":\"other\"", REASON_OK);
  expect_more("\"aud\":[\"x\",\"https://api.example\",\"y\"]", REASON_OK);
  expect_more("\"aud\":null", REASON_AUD_TYPE);
  expect_more("\"aud\":{\"https://api.example\":1}", REASON_AUD_TYPE);
  expect_more("\"aud\":[\"https://api.example\",1]", REASON_AUD_TYPE);
  expect_more("\"aud\":[[\"https://api.example\"]]", REASON_AUD_TYPE);
  expect_more("\"aud\":[]", REASON_AUD_MISMATCH);
  expect_more("\"aud\":\"\"", REASON_AUD_MISMATCH);
  expect_more("\"aud\":\"https://api.example/\"", REASON_AUD_MISMATCH);
  expect_more("\"aud\":\"https://API.example\"", REASON_AUD_MISMATCH);
  expect_more("\"aud\":\"https://api.example\\u0000\"", REASON_AUD_MISMATCH);
  expect_more("\"aud\":\"https://api.exampl\"", REASON_AUD_MISMATCH);
}

Test(claims, sole_audience) {
  issuer->audience = kit_list("https://api.example", "other", NULL, NULL);
  issuer->audience_rule = AUDIENCE_SOLE;
  expect(KIT_CLAIMS, REASON_AUD_MISSING);
  expect_more("\"aud\":\"other\"", REASON_OK);
  expect_more("\"aud\":[\"other\"]", REASON_OK);
  expect_more("\"aud\":[\"other\",\"https://api.example\"]", REASON_OK);
  expect_more("\"aud\":[\"other\",\"x\"]", REASON_AUD_OTHERS);
  expect_more("\"aud\":[\"x\",\"other\"]", REASON_AUD_OTHERS);
  expect_more("\"aud\":\"x\"", REASON_AUD_MISMATCH);
  expect_more("\"aud\":[]", REASON_AUD_MISMATCH);
  expect_more("\"aud\":[\"other\",\"x\",1]", REASON_AUD_TYPE);
}

Test(claims, sub_and_jti) {
  expect_more("\"sub\":\"s\",\"jti\":\"j\"", REASON_OK);
  expect_more("\"sub\":\"\"", REASON_SUB_EMPTY);
  expect_more("\"sub\":1", REASON_SUB_TYPE);
  expect_more("\"sub\":null", REASON_SUB_TYPE);
  expect_more("\"jti\":1", REASON_JTI_TYPE);
  expect_more("\"jti\":\"\"", REASON_OK);
  issuer->required = REQUIRE_SUB | REQUIRE_JTI;
  expect(KIT_CLAIMS, REASON_SUB_MISSING);
  expect_more("\"sub\":\"s\"", REASON_JTI_MISSING);
  expect_more("\"sub\":\"s\",\"jti\":\"j\"", REASON_OK);
}

Test(claims, claims_replicated_in_the_header) {
  issuer->audience_rule = AUDIENCE_ANY;
#define replicated(members, more, reason)                                                                    \
  kit_expect(&kit, "{\"alg\":\"HS256\",\"kid\":\"hs\"," members "}", "{" KIT_ISS "," KIT_TIMES more "}",     \
             reason)
  replicated("\"iss\":\"https://a.example\"", "", REASON_OK);
  replicated("\"iss\":\"https:\\/\\/a.example\"", "", REASON_OK);
  replicated("\"iss\":\"https://b.example\"", "", REASON_REPLICATED_MISMATCH);
  replicated("\"iss\":[\"https://a.example\"]", "", REASON_REPLICATED_MISMATCH);
  replicated("\"iss\":null", "", REASON_REPLICATED_MISMATCH);
  replicated("\"sub\":\"s\"", ",\"sub\":\"s\"", REASON_OK);
  replicated("\"sub\":\"t\"", ",\"sub\":\"s\"", REASON_REPLICATED_MISMATCH);
  replicated("\"sub\":\"s\"", "", REASON_REPLICATED_MISMATCH);
  replicated("\"aud\":\"x\"", ",\"aud\":\"x\"", REASON_OK);
  replicated("\"aud\":[\"x\",\"y\"]", ",\"aud\":[\"x\",\"y\"]", REASON_OK);
  replicated("\"aud\":[]", ",\"aud\":[]", REASON_OK);
  replicated("\"aud\":[\"x\",\"y\"]", ",\"aud\":[\"y\",\"x\"]", REASON_REPLICATED_MISMATCH);
  replicated("\"aud\":[\"x\"]", ",\"aud\":[\"x\",\"y\"]", REASON_REPLICATED_MISMATCH);
  replicated("\"aud\":\"x\"", ",\"aud\":[\"x\"]", REASON_REPLICATED_MISMATCH);
  replicated("\"aud\":[[\"x\"]]", ",\"aud\":[\"x\"]", REASON_REPLICATED_MISMATCH);
  replicated("\"exp\":1", "", REASON_OK);
}

Test(claims, other_required_claims) {
  issuer->required_other = kit_list("client_id", "x", NULL, NULL);
  expect_more("\"client_id\":1,\"x\":null", REASON_OK);
  expect_more("\"client_id\":1", REASON_CLAIM_MISSING);
  expect_more("\"x\":{\"client_id\":1}", REASON_CLAIM_MISSING);
}

/* Authorisation. */

Test(claims, revocation) {
  expect_more("\"jti\":\"j\",\"sid\":\"s\",\"sub\":\"u\"", REASON_OK);
  issuer->revoked_jti = kit_list("j", NULL, NULL, NULL);
  issuer->revoked_sid = kit_list("q", "s", NULL, NULL);
  issuer->revoked_sub = kit_list("u", NULL, NULL, NULL);
  expect_more("\"jti\":\"j\",\"sid\":\"s\",\"sub\":\"u\"", REASON_REVOKED_JTI);
  expect_more("\"jti\":\"jj\",\"sid\":\"s\",\"sub\":\"u\"", REASON_REVOKED_SID);
  expect_more("\"jti\":\"J\",\"sid\":\"\",\"sub\":\"u\"", REASON_REVOKED_SUB);
  expect_more("\"jti\":\"\",\"sid\":1,\"sub\":\"j\"", REASON_OK);
}

Test(claims, long_revocation_lists) {
  static char texts[1000][8];
  static struct assay_bytes items[1000];
  char claims[160];
  for (size_t i = 0; i < 1000; i++) {
    snprintf(texts[i], sizeof texts[i], "j%zu", i);
    items[i] = bytes_str(texts[i]);
  }
  issuer->revoked_jti = (struct string_list){.items = items, .count = 1000};
  for (size_t i = 0; i < 1000; i += 37) {
    snprintf(claims, sizeof claims, "{" KIT_ISS ",\"jti\":\"j%zu\"}", i);
    expect(claims, REASON_REVOKED_JTI);
    snprintf(claims, sizeof claims, "{" KIT_ISS ",\"jti\":\"j%zu\"}", i + 1000);
    expect(claims, REASON_OK);
  }
}

Test(claims, scope) {
  expect_more("\"scope\":1", REASON_OK);
  issuer->scope = kit_list("read", "write", NULL, NULL);
  expect_more("\"scope\":\"read write\"", REASON_OK);
  expect_more("\"scope\":\"admin write read\"", REASON_OK);
  expect_more("\"scope\":\" read  write \"", REASON_OK);
  expect(KIT_CLAIMS, REASON_SCOPE);
  expect_more("\"scope\":\"read\"", REASON_SCOPE);
  expect_more("\"scope\":\"\"", REASON_SCOPE);
  expect_more("\"scope\":\"readwrite\"", REASON_SCOPE);
  expect_more("\"scope\":\"reads write\"", REASON_SCOPE);
  expect_more("\"scope\":\"rea write\"", REASON_SCOPE);
  expect_more("\"scope\":\"READ write\"", REASON_SCOPE);
  expect_more("\"scope\":\"read\\twrite\"", REASON_SCOPE);
  expect_more("\"scope\":[\"read\",\"write\"]", REASON_SCOPE);
  expect_more("\"scp\":[\"read\",\"write\"]", REASON_SCOPE);
}

/* Behind another word of any length; as the whole of a word, its beginning and its end. */
Test(claims, scope_at_any_place) {
  static const char form[] = "{" KIT_ISS "," KIT_TIMES ",\"scope\":\"%.*s%sread%s\"}";
  char others[140], claims[512];
  memset(others, 'r', sizeof others);
  issuer->scope = kit_list("read", NULL, NULL, NULL);
  for (int len = 0; len < (int)sizeof others; len++) {
    snprintf(claims, sizeof claims, form, len, others, " ", "");
    expect(claims, REASON_OK);
    snprintf(claims, sizeof claims, form, len, others, " ", " reader");
    expect(claims, REASON_OK);
    snprintf(claims, sizeof claims, form, len, others, " ", "s");
    expect(claims, REASON_SCOPE);
    snprintf(claims, sizeof claims, form, len, others, "r", " ");
    expect(claims, REASON_SCOPE);
  }
}

Test(claims, roles_and_tenant) {
  expect_more("\"roles\":1,\"tenant\":1", REASON_OK);
  issuer->roles = kit_list("admin", "auditor", NULL, NULL);
  expect_more("\"roles\":[\"auditor\",\"x\",\"admin\"]", REASON_OK);
  expect(KIT_CLAIMS, REASON_ROLES);
  expect_more("\"roles\":[\"admin\"]", REASON_ROLES);
  expect_more("\"roles\":[]", REASON_ROLES);
  expect_more("\"roles\":\"admin\"", REASON_ROLES);
  expect_more("\"roles\":[\"admin\",\"auditor\",1]", REASON_ROLES);
  expect_more("\"roles\":{\"admin\":1,\"auditor\":1}", REASON_ROLES);
  expect_more("\"roles\":{\"admin\":\"auditor\",\"x\":1}", REASON_ROLES);
  issuer->roles.count = 0;
  issuer->tenant = BYTES_LIT("acme");
  expect_more("\"tenant\":\"acme\"", REASON_OK);
  expect(KIT_CLAIMS, REASON_TENANT);
  expect_more("\"tenant\":\"acme2\"", REASON_TENANT);
  expect_more("\"tenant\":[\"acme\"]", REASON_TENANT);
}

Test(claims, authentication) {
  expect_more("\"azp\":1,\"nonce\":1,\"acr\":1,\"auth_time\":\"x\"", REASON_OK);
  issuer->azp = kit_list("client-1", "client-2", NULL, NULL);
  expect(KIT_CLAIMS, REASON_AZP);
  expect_more("\"azp\":\"client-3\"", REASON_AZP);
  expect_more("\"azp\":[\"client-1\"]", REASON_AZP);
  expect_more("\"azp\":\"client-2\"", REASON_OK);
  issuer->azp.count = 0;
  issuer->nonce = CLAIM_OPTIONAL;
  expect(KIT_CLAIMS, REASON_OK);
  expect_more("\"nonce\":\"n\"", REASON_OK);
  expect_more("\"nonce\":1", REASON_NONCE);
  issuer->nonce = CLAIM_REQUIRED;
  expect_more("\"nonce\":\"n\"", REASON_OK);
  expect(KIT_CLAIMS, REASON_NONCE);
  issuer->nonce = CLAIM_IGNORED;
  issuer->acr = kit_list("urn:x", NULL, NULL, NULL);
  expect_more("\"acr\":\"urn:x\"", REASON_OK);
  expect_more("\"acr\":\"urn:y\"", REASON_ACR);
  expect(KIT_CLAIMS, REASON_ACR);
  issuer->acr.count = 0;
  issuer->max_auth_age_s = 900;
  expect_more("\"auth_time\":1767224670", REASON_OK); /* 930 s ago */
  expect_more("\"auth_time\":1767224669", REASON_AUTH_AGE);
  expect_more("\"auth_time\":\"1767225600\"", REASON_AUTH_AGE);
  expect_more("\"auth_time\":1e400", REASON_AUTH_AGE);
  expect(KIT_CLAIMS, REASON_AUTH_AGE);
}

Test(claims, key_binding) {
  expect_more("\"cnf\":1", REASON_OK);
  issuer->cnf_jkt.required = true;
  expect_more("\"cnf\":{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}", REASON_OK);
  expect(KIT_CLAIMS, REASON_CNF);
  expect_more("\"cnf\":\"jkt\"", REASON_CNF);
  expect_more("\"cnf\":[\"jkt\",\"x\"]", REASON_CNF);
  expect_more("\"cnf\":{}", REASON_CNF);
  expect_more("\"cnf\":{\"jkt\":\"\"}", REASON_CNF);
  expect_more("\"cnf\":{\"jkt\":1}", REASON_CNF);
  expect_more("\"cnf\":{\"x5t#S256\":\"x\"}", REASON_CNF);
}

Test(claims, actors) {
  expect_more("\"act\":{\"sub\":\"svc-a\"}", REASON_ACTOR);
  issuer->has_actors = true;
  issuer->actors_allow = kit_list("svc-a", NULL, NULL, NULL);
  issuer->actors_max_depth = 2;
  expect(KIT_CLAIMS, REASON_OK);
  expect_more("\"may_act\":{\"sub\":\"svc-z\"}", REASON_OK);
  expect_more("\"act\":{\"sub\":\"svc-a\"}", REASON_OK);
  expect_more("\"act\":{\"act\":{\"sub\":\"svc-z\"},\"sub\":\"svc-a\"}", REASON_OK);
  expect_more("\"act\":{\"sub\":\"svc-z\",\"act\":{\"sub\":\"svc-a\"}}", REASON_ACTOR);
  expect_more("\"act\":{\"sub\":1}", REASON_ACTOR);
  expect_more("\"act\":{}", REASON_ACTOR);
  expect_more("\"act\":\"svc-a\"", REASON_ACTOR);
  expect_more("\"act\":[\"sub\",\"svc-a\"]", REASON_ACTOR);
  expect_more("\"act\":{\"sub\":\"svc-a\",\"act\":1}", REASON_ACTOR);
  expect_more("\"act\":{\"sub\":\"svc-a\",\"act\":{\"act\":{}}}", REASON_ACTOR_DEPTH);
  issuer->actors_max_depth = 0;
  expect_more("\"act\":{\"sub\":\"svc-a\"}", REASON_ACTOR_DEPTH);
}

Test(claims, conditions_in_their_order) {
  issuer->revoked_sub = kit_list("u", NULL, NULL, NULL);
  issuer->scope = kit_list("read", NULL, NULL, NULL);
  issuer->roles = kit_list("admin", NULL, NULL, NULL);
  issuer->tenant = BYTES_LIT("acme");
  issuer->azp = kit_list("c", NULL, NULL, NULL);
  issuer->nonce = CLAIM_REQUIRED;
  issuer->acr = kit_list("a", NULL, NULL, NULL);
  issuer->max_auth_age_s = 900;
  issuer->cnf_jkt.required = true;
  expect_more("\"sub\":\"u\",\"act\":1", REASON_REVOKED_SUB);
  expect_more("\"act\":1", REASON_SCOPE);
  expect_more("\"act\":1,\"scope\":\"read\"", REASON_ROLES);
  expect_more("\"act\":1,\"scope\":\"read\",\"roles\":[\"admin\"]", REASON_TENANT);
#define SO_FAR "\"act\":1,\"scope\":\"read\",\"roles\":[\"admin\"],\"tenant\":\"acme\""
  expect_more(SO_FAR, REASON_AZP);
  expect_more(SO_FAR ",\"azp\":\"c\"", REASON_NONCE);
  expect_more(SO_FAR ",\"azp\":\"c\",\"nonce\":\"n\"", REASON_ACR);
  expect_more(SO_FAR ",\"azp\":\"c\",\"nonce\":\"n\",\"acr\":\"a\"", REASON_AUTH_AGE);
  expect_more(SO_FAR ",\"azp\":\"c\",\"nonce\":\"n\",\"acr\":\"a\",\"auth_time\":1767225600", REASON_CNF);
  expect_more(SO_FAR ",\"azp\":\"c\",\"nonce\":\"n\",\"acr\":\"a\",\"auth_time\":1767225600,\"cnf\":{\"jkt\":"
                     "\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}",
              REASON_ACTOR);
}
