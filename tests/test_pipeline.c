/* Stages 3 to 9 with exact reasons, in both directions: every check once failed and once passed, and which of
 * two faults is reported. The signatures are judged by the scripted backend of the token kit. */
#include "tests/token_kit.h"

static struct kit kit;

static void start(void) {
  kit_init(&kit);
  kit_verdict = ASSAY_MATCH;
}

TestSuite(pipeline, .init = start);

#define expect(header, claims, reason) kit_expect(&kit, header, claims, reason)
#define expect_header(members, reason)                                                                       \
  expect("{\"alg\":\"HS256\",\"kid\":\"hs\"," members "}", KIT_CLAIMS, reason)
#define expect_claims(members, reason) expect(KIT_HEADER, "{" KIT_ISS "," members "}", reason)
#define expect_more(members, reason) expect_claims(KIT_TIMES "," members, reason)

Test(pipeline, a_good_token_is_accepted) {
  expect(KIT_HEADER, KIT_CLAIMS, REASON_OK);
  expect(" { \"kid\" : \"hs\" , \"alg\" : \"HS256\" } \r\n", "\t" KIT_CLAIMS " ", REASON_OK);
}

/* Stages 3 and 5. */

Test(pipeline, header_json_and_claims_json) {
  static const struct {
    const char *text;
    enum assay_reason header, claims;
  } cases[] = {
      {"\xff", REASON_HEADER_UTF8, REASON_CLAIMS_UTF8},
      {"\xef\xbb\xbf{}", REASON_HEADER_BOM, REASON_CLAIMS_BOM},
      {"{", REASON_HEADER_SYNTAX, REASON_CLAIMS_SYNTAX},
      {" ", REASON_HEADER_SYNTAX, REASON_CLAIMS_SYNTAX},
      {"[]", REASON_HEADER_NOT_OBJECT, REASON_CLAIMS_NOT_OBJECT},
      {"\"alg\"", REASON_HEADER_NOT_OBJECT, REASON_CLAIMS_NOT_OBJECT},
      {"null", REASON_HEADER_NOT_OBJECT, REASON_CLAIMS_NOT_OBJECT},
      {"256", REASON_HEADER_NOT_OBJECT, REASON_CLAIMS_NOT_OBJECT},
      {"true", REASON_HEADER_NOT_OBJECT, REASON_CLAIMS_NOT_OBJECT},
      {"{}x", REASON_HEADER_TRAILING, REASON_CLAIMS_TRAILING},
      {"[]x", REASON_HEADER_TRAILING, REASON_CLAIMS_TRAILING},
      {"{\"a\":1,\"\\u0061\":1}", REASON_HEADER_DUPLICATE, REASON_CLAIMS_DUPLICATE},
      {"{\"a\":\"\\ud834\"}", REASON_HEADER_SURROGATE, REASON_CLAIMS_SURROGATE},
      {"{\"a\":[[[]]]}", REASON_HEADER_DEPTH, REASON_CLAIMS_DEPTH},
      {"{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1}", REASON_HEADER_MEMBERS, REASON_CLAIMS_MEMBERS},
  };
  kit.trust.limits.json_depth = 3;
  kit.trust.limits.json_members = 5;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    expect(cases[i].text, KIT_CLAIMS, cases[i].header);
    expect(KIT_HEADER, cases[i].text, cases[i].claims);
    expect(cases[i].text, "\xff", cases[i].header);
  }
  expect_header("\"note\":[[]],\"n\":1,\"m\":2", REASON_OK);
  expect_more("\"note\":[[]],\"n\":1", REASON_OK);
}

/* Stage 4. */

Test(pipeline, alg) {
  expect("{\"kid\":\"hs\"}", KIT_CLAIMS, REASON_ALG_MISSING);
  expect("{\"ALG\":\"HS256\",\"kid\":\"hs\"}", KIT_CLAIMS, REASON_ALG_MISSING);
  expect("{\"alg\\u0000\":\"HS256\",\"kid\":\"hs\"}", KIT_CLAIMS, REASON_ALG_MISSING);
  expect("{\"\\u0061l\\u0067\":\"HS256\",\"kid\":\"hs\"}", KIT_CLAIMS, REASON_OK);
  static const char *const not_strings[] = {"256", "null", "true", "[\"HS256\"]", "{\"a\":\"HS256\"}"};
  static const char *const unknown[] = {
      "",    "None",    "nOnE",  "NONE",   "none ",  "none\\u0000",  "hs256",
      "HS1", "HS512x",  "ES521", "RSA",    "RSA1_5", "HS256\\u0000", "A128KW",
      "dir", "ED25519", "eddsa", "HS256 ", " HS256", "ES256KK"};
  char header[128];
  for (size_t i = 0; i < sizeof not_strings / sizeof *not_strings; i++) {
    snprintf(header, sizeof header, "{\"alg\":%s,\"kid\":\"hs\"}", not_strings[i]);
    expect(header, KIT_CLAIMS, REASON_ALG_TYPE);
  }
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"%s\",\"kid\":\"hs\"}", unknown[i]);
    expect(header, KIT_CLAIMS, REASON_ALG_UNKNOWN);
  }
  expect("{\"alg\":\"none\"}", KIT_CLAIMS, REASON_ALG_NONE);
  kit.trust.algorithms = JOSE_ALG_BIT(JOSE_ES256) | JOSE_ALG_BIT(JOSE_EDDSA);
  expect(KIT_HEADER, KIT_CLAIMS, REASON_ALG_NOT_ALLOWED);
  expect("{\"alg\":\"Ed25519\",\"kid\":\"ed25519\"}", KIT_CLAIMS, REASON_ALG_NOT_ALLOWED);
  expect("{\"alg\":\"EdDSA\",\"kid\":\"ed25519\"}", KIT_CLAIMS, REASON_SIGNATURE_LENGTH);
}

/* Every name is told from every other, and its key and signature length are the right ones. */
Test(pipeline, every_alg_with_its_key) {
  static const struct {
    enum jose_alg alg;
    const char *kid;
  } pairs[] = {
      {JOSE_HS256, "hs"},    {JOSE_HS384, "hs"},      {JOSE_HS512, "hs"},        {JOSE_RS256, "rsa"},
      {JOSE_RS384, "rsa"},   {JOSE_RS512, "rsa"},     {JOSE_PS256, "rsa"},       {JOSE_PS384, "rsa"},
      {JOSE_PS512, "rsa"},   {JOSE_ES256, "p256"},    {JOSE_ES384, "p384"},      {JOSE_ES512, "p521"},
      {JOSE_ES256K, "k256"}, {JOSE_EDDSA, "ed25519"}, {JOSE_ED25519, "ed25519"}, {JOSE_ED448, "ed448"}};
  struct session *session = kit_open(&kit);
  char header[128];
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"%s\",\"kid\":\"%s\"}", jose_alg_name(pairs[i].alg),
             pairs[i].kid);
    struct assay_bytes sig = kit_signature(pairs[i].alg);
    enum assay_reason reason =
        pipeline_verify(session, kit_token(bytes_str(header), BYTES_LIT(KIT_CLAIMS), sig));
    cr_expect_eq(reason, REASON_OK, "%s: %s", header, assay_reason_dotted(reason));
  }
  struct assay_bytes sig = kit_signature(JOSE_ED448);
  cr_expect_eq(pipeline_verify(session, kit_token(BYTES_LIT("{\"alg\":\"EdDSA\",\"kid\":\"ed448\"}"),
                                                  BYTES_LIT(KIT_CLAIMS), sig)),
               REASON_OK);
  session_close(session);
}

Test(pipeline, crit_and_b64) {
  expect_header("\"crit\":{}", REASON_CRIT_MALFORMED);
  expect_header("\"crit\":\"exp\"", REASON_CRIT_MALFORMED);
  expect_header("\"crit\":null", REASON_CRIT_MALFORMED);
  expect_header("\"crit\":[]", REASON_CRIT_MALFORMED);
  expect_header("\"crit\":[1]", REASON_CRIT_MALFORMED);
  expect_header("\"crit\":[\"x\",[\"x\"]],\"x\":1", REASON_CRIT_MALFORMED);
  expect_header("\"crit\":[\"x\",\"y\",\"x\"],\"x\":1,\"y\":1", REASON_CRIT_MALFORMED);
  expect_header("\"crit\":[\"x\",\"\\u0078\"],\"x\":1", REASON_CRIT_MALFORMED);
  static const char *const registered[] = {"alg",      "jku", "jwk", "kid",  "x5u", "x5c", "x5t",
                                           "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk",
                                           "apu",      "apv", "iv",  "tag",  "p2s", "p2c"};
  char header[160];
  for (size_t i = 0; i < sizeof registered / sizeof *registered; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"hs\",\"crit\":[\"other\",\"%s\"]}",
             registered[i]);
    expect(header, KIT_CLAIMS, REASON_CRIT_REGISTERED);
  }
  expect_header("\"crit\":[\"x\"]", REASON_CRIT_ABSENT);
  expect_header("\"crit\":[\"x\",\"y\"],\"x\":1", REASON_CRIT_ABSENT);
  expect_header("\"crit\":[\"b64\"]", REASON_CRIT_ABSENT);
  expect_header("\"crit\":[\"b64\"],\"b64\":false", REASON_B64_FALSE);
  expect_header("\"crit\":[\"b64\",\"x\"],\"b64\":true,\"x\":1", REASON_B64_FALSE);
  expect_header("\"b64\":false", REASON_B64_FALSE);
  expect_header("\"b64\":true", REASON_B64_FALSE);
  expect_header("\"b64\":null", REASON_B64_FALSE);
  expect_header("\"crit\":[\"x\"],\"x\":1", REASON_CRIT_UNKNOWN);
  expect_header("\"crit\":[\"iss\"],\"iss\":\"https://a.example\"", REASON_CRIT_UNKNOWN);
  expect_header("\"x\":1", REASON_OK);
}

Test(pipeline, thousands_of_crit_names) {
  static char header[15000];
  size_t at = (size_t)sprintf(header, "{\"alg\":\"HS256\",\"kid\":\"hs\",\"crit\":[\"\"");
  while (at < 11000)
    at += (size_t)sprintf(header + at, ",\"%zx\"", at);
  strcpy(header + at, "]}");
  expect(header, KIT_CLAIMS, REASON_CRIT_ABSENT);
  strcpy(header + at, ",\"\"]}");
  expect(header, KIT_CLAIMS, REASON_CRIT_MALFORMED);
}

Test(pipeline, typ) {
  expect_header("\"typ\":\"anything\"", REASON_OK);
  expect_header("\"typ\":123", REASON_TYP_TYPE);
  expect_header("\"typ\":null", REASON_TYP_TYPE);
  kit.trust.typ_allow = kit_list("at+jwt", "application/sec/event", "application/JOSE", NULL);
  expect(KIT_HEADER, KIT_CLAIMS, REASON_OK);
  static const char *const allowed[] = {
      "at+jwt", "AT+JWT",           "application/at+jwt",   "Application/AT+jwt",
      "jose",   "application/jose", "application/sec/event"};
  static const char *const wrong[] = {"JWT",
                                      "at+jw",
                                      "at+jwtx",
                                      "",
                                      "application/",
                                      "text/at+jwt",
                                      "sec/event",
                                      "event",
                                      "application/application/at+jwt",
                                      "at+jwt\\u0000",
                                      "application/x/at+jwt"};
  char header[128];
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"hs\",\"typ\":\"%s\"}", allowed[i]);
    expect(header, KIT_CLAIMS, REASON_OK);
  }
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"hs\",\"typ\":\"%s\"}", wrong[i]);
    expect(header, KIT_CLAIMS, REASON_TYP_WRONG);
  }
  kit.trust.typ_required = true;
  expect(KIT_HEADER, KIT_CLAIMS, REASON_TYP_MISSING);
  expect_header("\"TYP\":\"at+jwt\"", REASON_TYP_MISSING);
}

Test(pipeline, refused_header_members) {
  expect_header("\"cty\":\"JWT\"", REASON_CTY_NESTED);
  expect_header("\"zip\":\"DEF\"", REASON_ZIP);
  expect_header("\"enc\":\"A128GCM\"", REASON_JWE_MEMBER);
  expect_header("\"epk\":{}", REASON_JWE_MEMBER);
  expect_header("\"apu\":\"\"", REASON_JWE_MEMBER);
  expect_header("\"apv\":\"\"", REASON_JWE_MEMBER);
  expect_header("\"iv\":\"\"", REASON_JWE_MEMBER);
  expect_header("\"tag\":\"\"", REASON_JWE_MEMBER);
  expect_header("\"p2s\":\"\"", REASON_JWE_MEMBER);
  expect_header("\"p2c\":1", REASON_JWE_MEMBER);
  expect_header("\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}", REASON_EMBEDDED_KEY);
  expect_header("\"jku\":\"https://a.example/\"", REASON_KEY_URL);
  expect_header("\"x5u\":\"https://a.example/\"", REASON_KEY_URL);
  expect_header("\"x5c\":[]", REASON_EMBEDDED_CERT);
  expect_header("\"x5t\":\"AA\",\"x5t#S256\":\"AA\"", REASON_OK);
  expect_header("\"x5c\":[],\"jku\":\"\",\"jwk\":{},\"enc\":\"\",\"zip\":\"\",\"cty\":\"jwt\"",
                REASON_CTY_NESTED);
  expect_header("\"x5c\":[],\"jku\":\"\",\"jwk\":{},\"enc\":\"\"", REASON_JWE_MEMBER);
  expect_header("\"x5c\":[],\"jku\":\"\",\"jwk\":{}", REASON_EMBEDDED_KEY);
  expect_header("\"x5c\":[],\"jku\":\"\"", REASON_KEY_URL);
}

/* RFC 7519 5.2. */
Test(pipeline, only_JWT_in_cty_means_nested) {
  static const char *const nested[] = {"JWT",      "jwt", "jWt", "application/JWT", "Application/jwt",
                                       "\\u004aWT"};
  static const char *const other[] = {
      "",         "application/json",  "json",   "JWS",          "JWT ",       "JWTs",
      "text/jwt", "application/x/jwt", "at+jwt", "application/", "JWT\\u0000", "application/at+jwt"};
  char header[96];
  for (size_t i = 0; i < sizeof nested / sizeof *nested; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"hs\",\"cty\":\"%s\"}", nested[i]);
    expect(header, KIT_CLAIMS, REASON_CTY_NESTED);
  }
  for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"hs\",\"cty\":\"%s\"}", other[i]);
    expect(header, KIT_CLAIMS, REASON_OK);
  }
  expect_header("\"cty\":null", REASON_OK);
  expect_header("\"cty\":[\"JWT\"]", REASON_OK);
  expect_header("\"cty\":\"json\",\"zip\":\"DEF\"", REASON_ZIP);
}

/* Stage 6. */

Test(pipeline, issuer) {
  expect(KIT_HEADER, "{" KIT_TIMES "}", REASON_ISS_MISSING);
  static const char *const not_strings[] = {"1", "null", "[\"https://a.example\"]",
                                            "[\"evil\",\"https://a.example\"]", "{}"};
  static const char *const unknown[] = {"",
                                        "https://a.example/",
                                        "https://A.example",
                                        "http://a.example",
                                        "https://a.exampl",
                                        "https://a.example\\u0000",
                                        "https://c.example",
                                        "a.example"};
  char claims[128];
  for (size_t i = 0; i < sizeof not_strings / sizeof *not_strings; i++) {
    snprintf(claims, sizeof claims, "{\"iss\":%s," KIT_TIMES "}", not_strings[i]);
    expect(KIT_HEADER, claims, REASON_ISS_TYPE);
  }
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
    snprintf(claims, sizeof claims, "{\"iss\":\"%s\"," KIT_TIMES "}", unknown[i]);
    expect(KIT_HEADER, claims, REASON_ISS_UNKNOWN);
  }
  expect("{\"alg\":\"HS256\"}", "{\"iss\":\"https:\\/\\/b.example\"," KIT_TIMES "}", REASON_OK);
  kit.issuers[0].algorithms = JOSE_ALG_BIT(JOSE_ES256);
  expect(KIT_HEADER, KIT_CLAIMS, REASON_ISSUER_ALG);
  kit.issuers[0].keys.refused = REASON_SET_PRIVATE;
  expect(KIT_HEADER, KIT_CLAIMS, REASON_ISSUER_ALG);
  expect("{\"alg\":\"ES256\",\"kid\":\"p256\"}", KIT_CLAIMS, REASON_SET_PRIVATE);
  kit.issuers[0].keys = (struct key_set){0};
  expect("{\"alg\":\"ES256\",\"kid\":\"p256\"}", KIT_CLAIMS, REASON_NO_KEYS);
  expect("{\"alg\":\"ES256\"}", KIT_CLAIMS, REASON_NO_KEYS);
}

Test(pipeline, kid) {
  expect("{\"alg\":\"HS256\",\"kid\":1}", KIT_CLAIMS, REASON_KID_TYPE);
  expect("{\"alg\":\"HS256\",\"kid\":null}", KIT_CLAIMS, REASON_KID_TYPE);
  expect("{\"alg\":\"HS256\",\"kid\":{\"kid\":\"hs\"}}", KIT_CLAIMS, REASON_KID_TYPE);
  static const char *const unknown[] = {"", "h", "hs2", "HS", "hs\\u0000", "../hs", "' or 1=1", "hs "};
  char header[400] = "";
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", unknown[i]);
    expect(header, KIT_CLAIMS, REASON_KID_UNKNOWN);
  }
  snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"%0256d\"}", 0);
  expect(header, KIT_CLAIMS, REASON_KID_UNKNOWN);
  snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"%0257d\"}", 0);
  expect(header, KIT_CLAIMS, REASON_KID_OVERSIZE);
  expect("{\"alg\":\"HS256\",\"kid\":\"\\u0068s\"}", KIT_CLAIMS, REASON_OK);
}

Test(pipeline, the_key_must_fit) {
  expect("{\"alg\":\"HS256\",\"kid\":\"rsa\"}", KIT_CLAIMS, REASON_KTY_MISMATCH);
  expect("{\"alg\":\"HS256\",\"kid\":\"p256\"}", KIT_CLAIMS, REASON_KTY_MISMATCH);
  expect("{\"alg\":\"RS256\",\"kid\":\"hs\"}", KIT_CLAIMS, REASON_KTY_MISMATCH);
  expect("{\"alg\":\"ES256\",\"kid\":\"ed25519\"}", KIT_CLAIMS, REASON_KTY_MISMATCH);
  expect("{\"alg\":\"EdDSA\",\"kid\":\"p256\"}", KIT_CLAIMS, REASON_KTY_MISMATCH);
  expect("{\"alg\":\"ES256\",\"kid\":\"p384\"}", KIT_CLAIMS, REASON_CURVE_MISMATCH);
  expect("{\"alg\":\"ES256\",\"kid\":\"k256\"}", KIT_CLAIMS, REASON_CURVE_MISMATCH);
  expect("{\"alg\":\"ES256K\",\"kid\":\"p256\"}", KIT_CLAIMS, REASON_CURVE_MISMATCH);
  expect("{\"alg\":\"ES512\",\"kid\":\"p384\"}", KIT_CLAIMS, REASON_CURVE_MISMATCH);
  expect("{\"alg\":\"Ed25519\",\"kid\":\"ed448\"}", KIT_CLAIMS, REASON_CURVE_MISMATCH);
  expect("{\"alg\":\"Ed448\",\"kid\":\"ed25519\"}", KIT_CLAIMS, REASON_CURVE_MISMATCH);
}

/* One fault after the other is taken away, in the order in which they decide. */
Test(pipeline, faults_of_a_key_in_their_order) {
  struct jwk *key = &kit.a_keys[KIT_P384];
  const char *header = "{\"alg\":\"ES256\",\"kid\":\"p384\"}";
  key->refused = REASON_KEY_COORD_LENGTH;
  key->type = JWK_OKP;
  key->use_allows = key->ops_allow = false;
  key->has_alg = key->revoked = key->has_issuer = true;
  key->algs = JOSE_ALG_BIT(JOSE_ES384);
  key->active_from = KIT_NOW + 1;
  expect(header, KIT_CLAIMS, REASON_KEY_COORD_LENGTH);
  key->refused = REASON_OK;
  expect(header, KIT_CLAIMS, REASON_KTY_MISMATCH);
  key->type = JWK_EC;
  expect(header, KIT_CLAIMS, REASON_CURVE_MISMATCH);
  key->curve = CURVE_P256;
  expect(header, KIT_CLAIMS, REASON_KEY_USE);
  key->use_allows = true;
  expect(header, KIT_CLAIMS, REASON_KEY_OPS);
  key->ops_allow = true;
  expect(header, KIT_CLAIMS, REASON_KEY_ALG);
  key->algs = JOSE_ALG_BIT(JOSE_ES256);
  expect(header, KIT_CLAIMS, REASON_KEY_REVOKED);
  key->revoked = false;
  expect(header, KIT_CLAIMS, REASON_KEY_ISSUER);
  key->issuer = BYTES_LIT("https://a.example");
  expect(header, KIT_CLAIMS, REASON_KEY_NOT_ACTIVE);
  key->active_from = KIT_NOW;
  kit_import = ASSAY_MALFORMED;
  expect(header, KIT_CLAIMS, REASON_KEY_INVALID);
  kit_import = ASSAY_MATCH;
  expect(header, KIT_CLAIMS, REASON_SIGNATURE_LENGTH);
}

/* The token's iss is https://a.example. */
Test(pipeline, a_key_may_name_the_issuer_it_is_of) {
  static const char *const own[] = {"https://a.example", "https://{tenant}.example", "https://a.{domain}",
                                    "https://{}example"};
  static const char *const others[] = {"",
                                       "https://b.example",
                                       "https://a.example/",
                                       "https://A.example",
                                       "a.example",
                                       "https://a.exampl",
                                       "https://a.example{tenant}",
                                       "{whole}",
                                       "https://{tenant}.a.example",
                                       "https://{tenant}.example/v2.0",
                                       "https://a.{example",
                                       "https://a}.example"};
  struct jwk *key = &kit.a_keys[KIT_HS];
  key->has_issuer = true;
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
    key->issuer = bytes_str(own[i]);
    expect(KIT_HEADER, KIT_CLAIMS, REASON_OK);
  }
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    key->issuer = bytes_str(others[i]);
    expect(KIT_HEADER, KIT_CLAIMS, REASON_KEY_ISSUER);
  }
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_NO_ELIGIBLE_KEY);
  kit.a_keys[KIT_RSA] = kit_jwk("hs-2", JWK_OCT, CURVE_NONE);
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_OK);
}

Test(pipeline, one_kid_on_keys_of_several_types) {
  for (size_t i = 0; i < KIT_KEYS; i++)
    kit.a_keys[i].kid = BYTES_LIT("shared");
  kit.issuers[0].keys.count = KIT_P384;
  kit.a_keys[KIT_RSA].refused = REASON_KEY_RSA_EVEN;
  expect("{\"alg\":\"HS256\",\"kid\":\"shared\"}", KIT_CLAIMS, REASON_OK);
  expect("{\"alg\":\"RS256\",\"kid\":\"shared\"}", KIT_CLAIMS, REASON_KEY_RSA_EVEN);
  expect("{\"alg\":\"ES256\",\"kid\":\"shared\"}", KIT_CLAIMS, REASON_SIGNATURE_LENGTH);
  expect("{\"alg\":\"ES384\",\"kid\":\"shared\"}", KIT_CLAIMS, REASON_CURVE_MISMATCH);
  expect("{\"alg\":\"EdDSA\",\"kid\":\"shared\"}", KIT_CLAIMS, REASON_KTY_MISMATCH);
}

Test(pipeline, without_a_kid_only_one_key_may_be_eligible) {
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_OK);
  kit.a_keys[KIT_RSA] = kit_jwk("hs-2", JWK_OCT, CURVE_NONE);
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_KID_MISSING);
  expect("{\"alg\":\"RS256\"}", KIT_CLAIMS, REASON_NO_ELIGIBLE_KEY);
  struct jwk *other = &kit.a_keys[KIT_RSA], good = *other;
  other->refused = REASON_KEY_ENCODING;
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_OK);
  *other = good;
  other->use_allows = false;
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_OK);
  *other = good;
  other->revoked = true;
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_OK);
  *other = good;
  other->has_alg = true;
  other->algs = JOSE_ALG_BIT(JOSE_HS512);
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_OK);
  *other = good;
  other->active_from = KIT_NOW + 1;
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_OK);
  kit.a_keys[KIT_HS].revoked = true;
  expect("{\"alg\":\"HS256\"}", KIT_CLAIMS, REASON_NO_ELIGIBLE_KEY);
}

Test(pipeline, a_key_serves_only_its_issuer) {
  kit.b_keys[0] = kit_jwk("only-b", JWK_OCT, CURVE_NONE);
  expect("{\"alg\":\"HS256\",\"kid\":\"only-b\"}", KIT_CLAIMS, REASON_KID_UNKNOWN);
  expect("{\"alg\":\"HS256\",\"kid\":\"only-b\"}", "{\"iss\":\"https://b.example\"," KIT_TIMES "}",
         REASON_OK);
}

/* Stage 7. */

static enum assay_reason judge_signature(enum jose_alg alg, const char *kid, struct assay_bytes sig) {
  char header[128];
  struct session *session = kit_open(&kit);
  snprintf(header, sizeof header, "{\"alg\":\"%s\",\"kid\":\"%s\"}", jose_alg_name(alg), kid);
  enum assay_reason reason =
      pipeline_verify(session, kit_token(bytes_str(header), BYTES_LIT(KIT_CLAIMS), sig));
  session_close(session);
  return reason;
}

Test(pipeline, signature_lengths) {
  static const struct {
    enum jose_alg alg;
    const char *kid;
  } pairs[] = {{JOSE_HS256, "hs"},        {JOSE_HS384, "hs"},   {JOSE_HS512, "hs"},   {JOSE_RS256, "rsa"},
               {JOSE_PS512, "rsa"},       {JOSE_ES256, "p256"}, {JOSE_ES384, "p384"}, {JOSE_ES512, "p521"},
               {JOSE_ED25519, "ed25519"}, {JOSE_ED448, "ed448"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    struct assay_bytes sig = kit_signature(pairs[i].alg);
    for (size_t len = 0; len < sig.len + 3; len++)
      cr_expect_eq(judge_signature(pairs[i].alg, pairs[i].kid, bytes_of(sig.ptr, len)),
                   len == sig.len ? REASON_OK : REASON_SIGNATURE_LENGTH, "%s, %zu bytes", pairs[i].kid, len);
  }
}

static uint8_t hex_pair(const char *hex) {
  unsigned value;
  cr_assert_eq(sscanf(hex, "%2x", &value), 1);
  return (uint8_t)value;
}

static void put_hex(uint8_t *out, const char *hex, bool reversed) {
  size_t len = strlen(hex) / 2;
  for (size_t i = 0; i < len; i++)
    out[reversed ? len - 1 - i : i] = hex_pair(hex + 2 * i);
}

/* The numbers just below a bound and the bound itself; the last hex digit of every bound here is odd. */
static void put_below(uint8_t *out, const char *bound, bool reversed) {
  put_hex(out, bound, reversed);
  out[reversed ? 0 : strlen(bound) / 2 - 1]--;
}

#define P256_ORDER "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define P384_ORDER                                                                                           \
  "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
#define P521_ORDER                                                                                           \
  "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5" \
  "c9b8899c47"                                                                                               \
  "aebb6fb71e91386409"
#define K256_ORDER "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
#define ED25519_ORDER "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"
#define ED25519_PRIME "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"
#define ED448_ORDER                                                                                          \
  "003fffffffffffffffffffffffffffffffffffffffffffffffffffffff7cca23e9c44edb49aed63690216cc2728dc58f552378c2" \
  "92ab5844f3"
#define ED448_PRIME                                                                                          \
  "00fffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffffffffffff" \
  "ffffffffff"

Test(pipeline, ecdsa_numbers_are_from_one_to_the_order) {
  static const struct {
    enum jose_alg alg;
    const char *kid, *order;
  } curves[] = {{JOSE_ES256, "p256", P256_ORDER},
                {JOSE_ES384, "p384", P384_ORDER},
                {JOSE_ES512, "p521", P521_ORDER},
                {JOSE_ES256K, "k256", K256_ORDER}};
  for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
    for (size_t half = 0; half < 2; half++) {
      enum jose_alg alg = curves[i].alg;
      struct assay_bytes sig = kit_signature(alg);
      size_t len = strlen(curves[i].order) / 2;
      uint8_t *number = (uint8_t *)sig.ptr + half * len;
      cr_assert_eq(sig.len, 2 * len);
      put_below(number, curves[i].order, false);
      cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_OK, "%s", curves[i].kid);
      put_hex(number, curves[i].order, false);
      cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_SIGNATURE_RANGE, "%s", curves[i].kid);
      memset(number, 0xff, len);
      cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_SIGNATURE_RANGE, "%s", curves[i].kid);
      memset(number, 0, len);
      cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_SIGNATURE_ZERO, "%s", curves[i].kid);
      number[len - 1] = 1;
      cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_OK, "%s", curves[i].kid);
    }
  struct assay_bytes sig = kit_signature(JOSE_ES256);
  memset((uint8_t *)sig.ptr, 0xff, 32);
  memset((uint8_t *)sig.ptr + 32, 0, 32);
  cr_expect_eq(judge_signature(JOSE_ES256, "p256", sig), REASON_SIGNATURE_ZERO, "zero is looked for first");
}

Test(pipeline, eddsa_numbers_are_canonical) {
  static const struct {
    enum jose_alg alg;
    const char *kid, *prime, *order;
    size_t len;
  } curves[] = {{JOSE_ED25519, "ed25519", ED25519_PRIME, ED25519_ORDER, 32},
                {JOSE_EDDSA, "ed25519", ED25519_PRIME, ED25519_ORDER, 32},
                {JOSE_ED448, "ed448", ED448_PRIME, ED448_ORDER, 57}};
  for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
    enum jose_alg alg = curves[i].alg;
    size_t len = curves[i].len;
    struct assay_bytes sig = kit_signature(alg);
    uint8_t *r = (uint8_t *)sig.ptr, *s = r + len;
    put_below(s, curves[i].order, true);
    cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_OK, "S = L - 1");
    put_hex(s, curves[i].order, true);
    cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_SIGNATURE_RANGE, "S = L");
    sig = kit_signature(alg);
    s[len - 1] = 0x80;
    cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_SIGNATURE_RANGE, "S has its top bit");
    for (int sign = 0; sign < 2; sign++) {
      sig = kit_signature(alg);
      put_below(r, curves[i].prime, true);
      r[len - 1] |= sign ? 0x80 : 0;
      cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_OK, "y = p - 1");
      put_hex(r, curves[i].prime, true);
      r[len - 1] |= sign ? 0x80 : 0;
      cr_expect_eq(judge_signature(alg, curves[i].kid, sig), REASON_SIGNATURE_RANGE, "y = p");
    }
  }
  struct assay_bytes sig = kit_signature(JOSE_ED448);
  ((uint8_t *)sig.ptr)[56] = 0x01;
  cr_expect_eq(judge_signature(JOSE_ED448, "ed448", sig), REASON_SIGNATURE_RANGE,
               "R's last octet holds the sign alone");
}

Test(pipeline, rsa_numbers_are_below_the_modulus) {
  struct assay_bytes sig = kit_signature(JOSE_RS256);
  uint8_t *number = (uint8_t *)sig.ptr;
  memcpy(number, kit_octets, 256);
  cr_expect_eq(judge_signature(JOSE_RS256, "rsa", sig), REASON_SIGNATURE_RANGE);
  cr_expect_eq(judge_signature(JOSE_PS384, "rsa", sig), REASON_SIGNATURE_RANGE);
  number[255]--;
  cr_expect_eq(judge_signature(JOSE_RS256, "rsa", sig), REASON_OK);
  memset(number, 0, 256);
  cr_expect_eq(judge_signature(JOSE_RS256, "rsa", sig), REASON_OK, "left to the library");
}

Test(pipeline, what_the_backend_says) {
  static const struct {
    enum assay_outcome outcome;
    enum assay_reason reason;
  } cases[] = {{ASSAY_MATCH, REASON_OK},
               {ASSAY_MISMATCH, REASON_SIGNATURE_INVALID},
               {ASSAY_MALFORMED, REASON_SIGNATURE_INVALID},
               {ASSAY_UNSUPPORTED, REASON_UNSUPPORTED},
               {ASSAY_FAULT, REASON_FAULT},
               {(enum assay_outcome)0, REASON_FAULT},
               {(enum assay_outcome) - 1, REASON_FAULT},
               {(enum assay_outcome)99, REASON_FAULT}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    kit_verdict = cases[i].outcome;
    expect(KIT_HEADER, KIT_CLAIMS, cases[i].reason);
  }
  kit_verdict = ASSAY_MISMATCH;
  expect_claims("\"exp\":1", REASON_SIGNATURE_INVALID); /* expired too, but unverified claims have no say */
}
