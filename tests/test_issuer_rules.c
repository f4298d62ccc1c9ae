/* What a policy can say of an issuer's practice: each rule in both directions, with real signatures, and the
 * pipeline and the reference of one opinion. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/pipeline/pipeline.h"
#include "tests/reference/nettle_check.h"
#include "tests/reference/reference.h"
#include "tests/token_kit.h"

#define TIMES "\"exp\":1767229200,\"iat\":1767225600"
#define A "\"iss\":\"a\"," TIMES

/* Octets a, b and c, 32 of each, in base64url. */
#define K_A "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE"
#define K_B "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI"
#define OCT(k, more) "{\"kty\":\"oct\",\"k\":\"" k "\"" more "}"
#define ONE_KEY "{\"keys\":[" OCT(K_A, ",\"kid\":\"k\"") "]}"
#define HEADER "{\"alg\":\"HS256\",\"kid\":\"k\"}"

/* Reads a policy whose issuers all have this set. names: of its issuers, with a NULL behind them. */
static struct trust *trust_of(const char *issuers, const char *jwks, const char *const *names) {
  char policy[2048];
  struct trust_keys keys[4];
  struct assay_error error = {""};
  size_t count = 0;
  for (; names[count]; count++)
    keys[count] = (struct trust_keys){bytes_str(names[count]), bytes_str(jwks)};
  snprintf(policy, sizeof policy, "schema: assay-policy/1\nnow: 1767225600\nleeway_s: 30\nissuers:\n%s",
           issuers);
  struct trust *trust = trust_read(bytes_str(policy), "policy.yaml", NULL, keys, count, &error);
  cr_assert_not_null(trust, "%s", error.text);
  return trust;
}

static struct trust *trust;
static struct session *session;

static void end(void) {
  session_close(session);
  trust_free(trust);
  session = NULL;
  trust = NULL;
}

TestSuite(issuer_rules, .fini = end);

static void begin_with(const char *issuers, const char *jwks, const char *const *names) {
  struct assay_error error = {""};
  end();
  trust = trust_of(issuers, jwks, names);
  session = session_open(&nettle_backend, (const struct trust *const[]){trust}, 1, &error);
  cr_assert_not_null(session, "%s", error.text);
}

/* Issuer "a" with these rules. */
static void begin(const char *rules, const char *jwks) {
  char issuers[1024];
  static const char *const names[] = {"a", NULL};
  snprintf(issuers, sizeof issuers, "- iss: a\n  algorithms: [HS256]\n%s", rules);
  begin_with(issuers, jwks, names);
}

/* key: the octet that the HMAC key is made of. */
static struct assay_bytes token_of(const char *header, const char *claims, char key) {
  static char token[8192];
  uint8_t octets[32], tag[32];
  memset(octets, key, sizeof octets);
  size_t at = kit_encode(bytes_str(header), token);
  token[at++] = '.';
  at += kit_encode(bytes_str(claims), token + at);
  nettle_hmac(32, bytes_of(octets, 32), bytes_of(token, at), tag);
  token[at++] = '.';
  return bytes_of(token, at + kit_encode(bytes_of(tag, 32), token + at));
}

static void expect_signed(const char *header, const char *claims, char key, enum assay_reason expected) {
  struct assay_bytes token = token_of(header, claims, key);
  struct reference reference;
  reference_init(&reference, trust, 1767225600, false);
  enum assay_reason got = pipeline_verify(session, token), second = reference_verify(&reference, token);
  reference_fini(&reference);
  cr_expect_eq(got, expected, "%s %s: %s instead of %s", header, claims, assay_reason_dotted(got),
               assay_reason_dotted(expected));
  cr_expect_eq(second, expected, "the reference on %s %s: %s instead of %s", header, claims,
               assay_reason_dotted(second), assay_reason_dotted(expected));
}

static void expect_claims(const char *claims, enum assay_reason expected) {
  expect_signed(HEADER, claims, 'a', expected);
}

#define expect(members, reason) expect_claims("{" A "," members "}", reason)

Test(issuer_rules, scope_of_another_name) {
  begin("  scope: {claim: scp, all: [read, write]}\n", ONE_KEY);
  expect("\"scp\":\"write read\"", REASON_OK);
  expect("\"scp\":[\"write\",\"x\",\"read\"]", REASON_OK);
  expect("\"scp\":[\"read write\"]", REASON_SCOPE);
  expect("\"scp\":[\"read\"]", REASON_SCOPE);
  expect("\"scp\":[\"read\",\"write\",1]", REASON_SCOPE);
  expect("\"scp\":\"reads write\"", REASON_SCOPE);
  expect("\"scp\":{\"read\":\"write\"}", REASON_SCOPE);
  expect("\"scope\":\"read write\"", REASON_SCOPE);
  begin("  scope: {claim: /res/0/scope, all: [read]}\n", ONE_KEY);
  expect("\"res\":[{\"scope\":\"read\"}]", REASON_OK);
  expect("\"res\":[{},{\"scope\":\"read\"}]", REASON_SCOPE);
  expect("\"res\":{\"0\":{\"scope\":\"read\"}}", REASON_OK);
  expect("\"res\":[]", REASON_SCOPE);
  expect("\"/res/0/scope\":\"read\"", REASON_SCOPE);
  begin("  scope: [read]\n", ONE_KEY);
  expect("\"scope\":\"read\"", REASON_OK);
  expect("\"scope\":[\"read\"]", REASON_SCOPE);
}

Test(issuer_rules, elements_are_found_by_plain_indices) {
  static const char *const none[] = {"/r/00", "/r/01", "/r/-", "/r/2", "/r/+0", "/r/99999999999999999999",
                                     "/r/",   "/r/0/0"};
  char rules[128];
  begin("  roles: {claim: /r/1, all: [admin]}\n", ONE_KEY);
  expect("\"r\":[1,[\"admin\"]]", REASON_OK);
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    snprintf(rules, sizeof rules, "  roles: {claim: %s, all: [admin]}\n", none[i]);
    begin(rules, ONE_KEY);
    expect("\"r\":[[\"admin\"],[\"admin\"]]", REASON_ROLES);
  }
}

Test(issuer_rules, roles_of_another_name) {
  begin("  roles: {claim: /realm_access/roles, all: [admin]}\n", ONE_KEY);
  expect("\"realm_access\":{\"roles\":[\"x\",\"admin\"]}", REASON_OK);
  expect("\"realm_access\":{\"roles\":[\"x\"]}", REASON_ROLES);
  expect("\"realm_access\":{\"roles\":\"admin\"}", REASON_ROLES);
  expect("\"realm_access\":[\"roles\",\"admin\"]", REASON_ROLES);
  expect("\"realm_access\":\"roles\"", REASON_ROLES);
  expect("\"roles\":[\"admin\"]", REASON_ROLES);
  begin("  roles: {claim: 'https://x.example/roles', all: [admin]}\n", ONE_KEY);
  expect("\"https://x.example/roles\":[\"admin\"]", REASON_OK);
  begin("  roles: {claim: /a~1b/m~0n, all: [admin]}\n", ONE_KEY);
  expect("\"a/b\":{\"m~n\":[\"admin\"]}", REASON_OK);
  expect("\"a\":{\"b\":{\"m~n\":[\"admin\"]}}", REASON_ROLES);
}

Test(issuer_rules, client_of_another_name) {
  begin("  azp: [app, web]\n  client: client_id\n", ONE_KEY);
  expect("\"client_id\":\"web\"", REASON_OK);
  expect("\"client_id\":\"other\"", REASON_AZP);
  expect("\"client_id\":[\"web\"]", REASON_AZP);
  expect("\"azp\":\"web\"", REASON_AZP);
  begin("  azp: [app]\n", ONE_KEY);
  expect("\"azp\":\"app\"", REASON_OK);
  expect("\"client_id\":\"app\"", REASON_AZP);
}

Test(issuer_rules, values) {
  begin("  values: {token_use: access, email_verified: true, blocked: false, /o/v: 2, ver: '2.0'}\n",
        ONE_KEY);
#define GOOD "\"token_use\":\"access\",\"email_verified\":true,\"blocked\":false,\"ver\":\"2.0\""
  expect(GOOD ",\"o\":{\"v\":2}", REASON_OK);
  expect(GOOD ",\"o\":{\"v\":2.0}", REASON_OK);
  expect(GOOD ",\"o\":{\"v\":20e-1}", REASON_OK);
  expect(GOOD ",\"o\":{\"v\":1.5}", REASON_VALUE);
  expect(GOOD ",\"o\":{\"v\":2e400}", REASON_VALUE);
  expect(GOOD ",\"o\":{\"v\":\"2\"}", REASON_VALUE);
  expect(GOOD ",\"o\":{}", REASON_VALUE);
  expect(GOOD, REASON_VALUE);
#define REST "\"o\":{\"v\":2},\"blocked\":false"
  expect(REST ",\"ver\":\"2.0\",\"token_use\":\"id\",\"email_verified\":true", REASON_VALUE);
  expect(REST ",\"ver\":\"2.0\",\"token_use\":[\"access\"],\"email_verified\":true", REASON_VALUE);
  expect(REST ",\"ver\":\"2.0\",\"token_use\":\"access\",\"email_verified\":\"true\"", REASON_VALUE);
  expect(REST ",\"ver\":\"2.0\",\"token_use\":\"access\",\"email_verified\":1", REASON_VALUE);
  expect(REST ",\"ver\":\"2.0\",\"token_use\":\"access\",\"email_verified\":false", REASON_VALUE);
  expect(REST ",\"ver\":2.0,\"token_use\":\"access\",\"email_verified\":true", REASON_VALUE);
}

#define THUMBPRINT "LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE"

Test(issuer_rules, certificates_and_keys_that_tokens_are_bound_to) {
  begin("  cnf: {x5t_s256: any}\n", ONE_KEY);
  expect("\"cnf\":{\"x5t#S256\":\"" THUMBPRINT "\"}", REASON_OK);
  expect("\"cnf\":{\"x5t#S256\":\"\"}", REASON_CNF);
  expect("\"cnf\":{\"jkt\":\"" THUMBPRINT "\"}", REASON_CNF);
  expect("\"cnf\":[\"x5t#S256\"]", REASON_CNF);
  expect_claims("{" A "}", REASON_CNF);
  begin("  cnf: {x5t_s256: " THUMBPRINT "}\n", ONE_KEY);
  expect("\"cnf\":{\"x5t#S256\":\"" THUMBPRINT "\"}", REASON_OK);
  expect("\"cnf\":{\"x5t#S256\":\"MXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE\"}", REASON_CNF);
  expect("\"cnf\":{\"x5t#S256\":\"" THUMBPRINT "=\"}", REASON_CNF);
  begin("  cnf: {jkt: " THUMBPRINT ", x5t_s256: any}\n", ONE_KEY);
  expect("\"cnf\":{\"jkt\":\"" THUMBPRINT "\",\"x5t#S256\":\"" THUMBPRINT "\"}", REASON_OK);
  expect("\"cnf\":{\"jkt\":\"" THUMBPRINT "\"}", REASON_CNF);
  static const char *const none[] = {
      "", "abc", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J",
      "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I=", "0ZcOCORZNYy+DWpqq30jZyJGHTN0d2HglBV3uiguA4I"};
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    char claims[256];
    snprintf(claims, sizeof claims, "{" A ",\"cnf\":{\"jkt\":\"" THUMBPRINT "\",\"x5t#S256\":\"%s\"}}",
             none[i]);
    expect_claims(claims, REASON_CNF);
  }
  expect("\"cnf\":{\"jkt\":\"x\",\"x5t#S256\":\"x\"}", REASON_CNF);
}

Test(issuer_rules, audience) {
  begin("", ONE_KEY);
  expect_claims("{" A "}", REASON_OK);
  expect("\"aud\":\"x\"", REASON_AUD_UNEXPECTED);
  expect("\"aud\":[]", REASON_AUD_UNEXPECTED);
  expect("\"aud\":1", REASON_AUD_TYPE);
  begin("  audience: any\n", ONE_KEY);
  expect_claims("{" A "}", REASON_OK);
  expect("\"aud\":[\"x\",\"y\"]", REASON_OK);
  expect("\"aud\":[1]", REASON_AUD_TYPE);
  begin("  audience: [me, also-me]\n  sole_audience: true\n", ONE_KEY);
  expect("\"aud\":\"me\"", REASON_OK);
  expect("\"aud\":[\"me\",\"also-me\"]", REASON_OK);
  expect("\"aud\":[\"me\",\"you\"]", REASON_AUD_OTHERS);
  expect("\"aud\":[\"you\",\"me\"]", REASON_AUD_OTHERS);
  expect("\"aud\":\"you\"", REASON_AUD_MISMATCH);
  expect("\"aud\":[]", REASON_AUD_MISMATCH);
  expect_claims("{" A "}", REASON_AUD_MISSING);
}

/* Issuers that are found in other ways. */

Test(issuer_rules, trust_domain) {
  static const char *const names[] = {"example.org", "a", NULL};
  static const char issuers[] = "- trust_domain: example.org\n  algorithms: [HS256]\n  audience: [me]\n"
                                "- iss: a\n  algorithms: [HS256]\n";
#define SVID(sub) "{" TIMES ",\"aud\":\"me\",\"sub\":" sub "}"
  begin_with(issuers, ONE_KEY, names);
  expect_claims(SVID("\"spiffe://example.org/ns/a\""), REASON_OK);
  expect_claims(SVID("\"spiffe://example.org\""), REASON_OK);
  expect_claims(SVID("\"spiffe:\\/\\/example.org\\/x\""), REASON_OK);
  expect_claims(SVID("\"spiffe://example.org/.../A-z_0.9\""), REASON_OK);
  static const char *const ill[] = {"/",    "/a/",     "//a",    "/a//b",   "/.",
                                    "/..",  "/a/../b", "/a/./b", "/a b",    "/a%20b",
                                    "/a?b", "/a#b",    "/a:b",   "/\u00e4", "/a\\u0000"};
  for (size_t i = 0; i < sizeof ill / sizeof ill[0]; i++) {
    char claims[256];
    snprintf(claims, sizeof claims, SVID("\"spiffe://example.org%s\""), ill[i]);
    expect_claims(claims, REASON_TRUST_DOMAIN);
  }
  expect_claims(SVID("\"spiffe://example.org.evil/ns/a\""), REASON_TRUST_DOMAIN);
  expect_claims(SVID("\"spiffe://sub.example.org/ns/a\""), REASON_TRUST_DOMAIN);
  expect_claims(SVID("\"spiffe://example.or\""), REASON_TRUST_DOMAIN);
  expect_claims(SVID("\"spiffe://Example.org/a\""), REASON_TRUST_DOMAIN);
  expect_claims(SVID("\"SPIFFE://example.org/a\""), REASON_TRUST_DOMAIN);
  expect_claims(SVID("\"spiffe://example.org:1/a\""), REASON_TRUST_DOMAIN);
  expect_claims(SVID("\"spiffe://example.org?a\""), REASON_TRUST_DOMAIN);
  expect_claims(SVID("\"https://example.org/a\""), REASON_TRUST_DOMAIN);
  expect_claims(SVID("[\"spiffe://example.org/a\"]"), REASON_TRUST_DOMAIN);
  expect_claims("{" TIMES ",\"aud\":\"me\"}", REASON_TRUST_DOMAIN);
  expect_claims("{\"aud\":\"me\",\"sub\":\"spiffe://example.org/a\"}", REASON_EXP_MISSING);
  expect_claims("{" TIMES ",\"sub\":\"spiffe://example.org/a\"}", REASON_AUD_MISSING);
  expect_claims("{" A ",\"sub\":\"spiffe://other.example/a\"}", REASON_OK);
  expect_claims("{\"iss\":\"example.org\"," TIMES ",\"sub\":\"spiffe://example.org/a\"}", REASON_ISS_UNKNOWN);
  begin("", ONE_KEY);
  expect_claims(SVID("\"spiffe://example.org/ns/a\""), REASON_ISS_MISSING);
}

/* A bundle's keys of certificates are for no token of the domain, and are keys as any other elsewhere. */
Test(issuer_rules, keys_of_certificates_in_a_trust_domain) {
  static const char *const names[] = {"example.org", "a", NULL};
  static const char issuers[] = "- trust_domain: example.org\n  algorithms: [HS256]\n  audience: [me]\n"
                                "- iss: a\n  algorithms: [HS256]\n";
#define WORKLOAD SVID("\"spiffe://example.org/ns/a\"")
#define USE(use) OCT(K_A, ",\"kid\":\"k\",\"use\":\"" use "\"")
  begin_with(issuers, "{\"keys\":[" USE("x509-svid") "]}", names);
  expect_claims(WORKLOAD, REASON_KEY_USE);
  expect_claims("{" A "}", REASON_OK);
  begin_with(issuers, "{\"keys\":[" USE("x509-svid2") "]}", names);
  expect_claims(WORKLOAD, REASON_OK);
  begin_with(issuers, "{\"keys\":[" USE("jwt-svid") "," OCT(K_B, ",\"use\":\"x509-svid\"") "]}", names);
  expect_claims(WORKLOAD, REASON_OK);
  expect_signed("{\"alg\":\"HS256\"}", WORKLOAD, 'a', REASON_OK);
}

/* The tenants of a template share a set, and some of its keys are of one of them. */
Test(issuer_rules, keys_of_one_tenant) {
  static const char issuers[] = "- iss: https://a.example/{tid}/v2\n  algorithms: [HS256]\n";
  static const char *const names[] = {"https://a.example/{tid}/v2", NULL};
#define OF(iss) "{\"keys\":[" OCT(K_A, ",\"kid\":\"k\",\"issuer\":\"" iss "\"") "]}"
#define OF_TENANT(tid) "{\"iss\":\"https://a.example/" tid "/v2\",\"tid\":\"" tid "\"," TIMES "}"
  begin_with(issuers, OF("https://a.example/{tenantid}/v2"), names);
  expect_claims(OF_TENANT("one"), REASON_OK);
  expect_claims(OF_TENANT("two"), REASON_OK);
  begin_with(issuers, OF("https://a.example/one/v2"), names);
  expect_claims(OF_TENANT("one"), REASON_OK);
  expect_claims(OF_TENANT("two"), REASON_KEY_ISSUER);
  begin_with(issuers, OF("https://b.example/{tenantid}/v2"), names);
  expect_claims(OF_TENANT("one"), REASON_KEY_ISSUER);
}

Test(issuer_rules, template) {
  static const char *const names[] = {"https://l.example/{tid}/v2.0", "https://l.example/own/v2.0", NULL};
  static const char issuers[] = "- iss: https://l.example/{tid}/v2.0\n  algorithms: [HS256]\n"
                                "- iss: https://l.example/own/v2.0\n  algorithms: [HS256]\n  tenant: own\n";
#define TENANT(iss, tid) "{\"iss\":\"" iss "\"," TIMES ",\"tid\":" tid "}"
  begin_with(issuers, ONE_KEY, names);
  expect_claims(TENANT("https://l.example/5c0d/v2.0", "\"5c0d\""), REASON_OK);
  expect_claims(TENANT("https://l.example/5c0d/v2.0", "\"5c0e\""), REASON_ISS_UNKNOWN);
  expect_claims(TENANT("https://l.example/5c0d/v2.0", "\"5C0D\""), REASON_ISS_UNKNOWN);
  expect_claims(TENANT("https://l.example/5c0d/v2.0", "[\"5c0d\"]"), REASON_ISS_UNKNOWN);
  expect_claims(TENANT("https://l.example/5c0d/v2.0x", "\"5c0d\""), REASON_ISS_UNKNOWN);
  expect_claims(TENANT("https://l.example/5c0d/v2", "\"5c0d\""), REASON_ISS_UNKNOWN);
  expect_claims(TENANT("http://l.example/5c0d/v2.0", "\"5c0d\""), REASON_ISS_UNKNOWN);
  expect_claims(TENANT("https://l.example//v2.0", "\"\""), REASON_ISS_UNKNOWN);
  expect_claims(TENANT("https://l.example/a/b/v2.0", "\"a/b\""), REASON_ISS_UNKNOWN);
  expect_claims(TENANT("https://l.example/{tid}/v2.0", "\"x\""), REASON_ISS_UNKNOWN);
  expect_claims(TENANT("https://l.example/{tid}/v2.0", "\"{tid}\""), REASON_OK);
  expect_claims("{\"iss\":\"https://l.example/5c0d/v2.0\"," TIMES "}", REASON_ISS_UNKNOWN);
  expect_claims(TENANT("https://l.example/own/v2.0", "\"own\""), REASON_TENANT); /* exact names come first */
}

/* One jti may be used once by each tenant of a template. */
Test(issuer_rules, jti_of_two_tenants) {
  static const char *const names[] = {"https://l.example/{tid}", NULL};
  begin_with("- iss: https://l.example/{tid}\n  algorithms: [HS256]\n  replay_window_s: 600\n", ONE_KEY,
             names);
  static const char *const tokens[] = {
      "{\"iss\":\"https://l.example/a\"," TIMES ",\"tid\":\"a\",\"jti\":\"j\"}",
      "{\"iss\":\"https://l.example/b\"," TIMES ",\"tid\":\"b\",\"jti\":\"j\"}",
      "{\"jti\":\"j\",\"tid\":\"a\"," TIMES ",\"iss\":\"https://l.example/a\"}"}; /* whatever its form */
  static const enum assay_reason expected[] = {REASON_OK,       REASON_OK,       REASON_REPLAYED,
                                               REASON_REPLAYED, REASON_REPLAYED, REASON_REPLAYED};
  struct reference reference;
  session_replay(session, true);
  reference_init(&reference, trust, 1767225600, true);
  for (size_t i = 0; i < 6; i++) {
    struct assay_bytes token = token_of(HEADER, tokens[i % 3], 'a');
    cr_expect_eq(pipeline_verify(session, token), expected[i], "%zu", i);
    cr_expect_eq(reference_verify(&reference, token), expected[i], "%zu", i);
  }
  reference_fini(&reference);
}

Test(issuer_rules, thousands_of_issuers) {
  enum { COUNT = 3000 };
  char *policy = malloc(COUNT * 80 + 64), claims[128];
  struct trust_keys *keys = calloc(COUNT, sizeof *keys);
  static char texts[COUNT][32];
  struct assay_error error = {""};
  int len = sprintf(policy, "schema: assay-policy/1\nnow: 1767225600\nissuers:\n");
  for (size_t i = 0; i < COUNT; i++) {
    sprintf(texts[i], "https://i%zu.example", i);
    len += sprintf(policy + len, "- iss: %s\n  algorithms: [HS256]\n", texts[i]);
    keys[i] = (struct trust_keys){bytes_str(texts[i]), bytes_str(ONE_KEY)};
  }
  end();
  trust = trust_read(bytes_str(policy), "policy.yaml", NULL, keys, COUNT, &error);
  cr_assert_not_null(trust, "%s", error.text);
  session = session_open(&nettle_backend, (const struct trust *const[]){trust}, 1, &error);
  for (size_t i = 0; i < COUNT; i += 271) {
    snprintf(claims, sizeof claims, "{\"iss\":\"%s\"," TIMES "}", texts[i]);
    expect_claims(claims, REASON_OK);
  }
  free(keys);
  free(policy);
}

/* What can be tolerated. */

#define TOLERATE(reason) "  tolerate: [" reason "]\n"

Test(issuer_rules, embedded_keys_and_urls) {
  static const struct {
    const char *member, *tolerate;
    enum assay_reason strict;
  } cases[] = {
      {"\"jku\":\"https://a.example/keys\"", TOLERATE("header-policy.key-url"), REASON_KEY_URL},
      {"\"x5u\":1", TOLERATE("header-policy.key-url"), REASON_KEY_URL},
      {"\"jwk\":{\"kty\":\"oct\",\"k\":\"" K_B "\"}", TOLERATE("header-policy.embedded-key"),
       REASON_EMBEDDED_KEY},
      {"\"x5c\":[\"x\"]", TOLERATE("header-policy.embedded-cert"), REASON_EMBEDDED_CERT},
  };
  char header[256];
  for (size_t i = 0; i < 4; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"k\",%s}", cases[i].member);
    begin("", ONE_KEY);
    expect_signed(header, "{" A "}", 'a', cases[i].strict);
    for (size_t k = 0; k < 4; k++) {
      begin(cases[k].tolerate, ONE_KEY);
      expect_signed(header, "{" A "}", 'a', cases[k].strict == cases[i].strict ? REASON_OK : cases[i].strict);
    }
    begin(cases[i].tolerate, ONE_KEY);
    expect_signed(header, "{" A "}", 'b', REASON_SIGNATURE_INVALID); /* what is brought along is not used */
  }
  begin(TOLERATE("header-policy.key-url"), ONE_KEY);
  expect_signed("{\"alg\":\"HS256\",\"kid\":\"k\",\"jku\":\"x\",\"x5c\":[]}", "{" A "}", 'a',
                REASON_EMBEDDED_CERT);
}

/* The header is judged by the token's own issuer, once it is known. */
Test(issuer_rules, one_issuer_tolerates_and_another_does_not) {
  static const char *const names[] = {"a", "b", NULL};
  static const char header[] = "{\"alg\":\"HS256\",\"kid\":\"k\",\"jku\":\"x\"}";
  begin_with("- iss: a\n  algorithms: [HS256]\n  tolerate: [header-policy.key-url]\n"
             "- iss: b\n  algorithms: [HS256]\n",
             ONE_KEY, names);
  expect_signed(header, "{\"iss\":\"a\"," TIMES "}", 'a', REASON_OK);
  expect_signed(header, "{\"iss\":\"b\"," TIMES "}", 'a', REASON_KEY_URL);
  expect_signed(header, "{\"iss\":\"c\"," TIMES "}", 'a', REASON_ISS_UNKNOWN);
  expect_signed(header, "[]", 'a', REASON_CLAIMS_NOT_OBJECT);
  expect_signed(HEADER, "{\"iss\":\"b\"," TIMES "}", 'a', REASON_OK);
}

Test(issuer_rules, iat_in_the_future) {
#define LATER "{\"iss\":\"a\",\"exp\":1767229200,\"iat\":1767225631}"
  begin("", ONE_KEY);
  expect_claims(LATER, REASON_IAT_FUTURE);
  begin(TOLERATE("registered-claims.iat-future"), ONE_KEY);
  expect_claims(LATER, REASON_OK);
  expect_claims("{\"iss\":\"a\",\"exp\":1767229200,\"iat\":1767229201}", REASON_TIME_ORDER);
  expect_claims("{\"iss\":\"a\",\"iat\":\"1767229201\"}", REASON_IAT_TYPE);
  expect_claims("{\"iss\":\"a\",\"nbf\":1767225631}", REASON_NOT_YET_VALID);
}

#define TWO(a, b) "{\"keys\":[" a "," b "]}"
#define KID(more) ",\"kid\":\"k\"" more

Test(issuer_rules, one_kid_on_several_keys) {
  static const char two[] = TWO(OCT(K_A, KID("")), OCT(K_B, KID("")));
  begin("", two);
  expect_claims("{" A "}", REASON_SET_DUPLICATE_KID);
  begin(TOLERATE("key-import.duplicate-kid"), two);
  expect_signed(HEADER, "{" A "}", 'a', REASON_OK);
  expect_signed(HEADER, "{" A "}", 'b', REASON_OK);
  expect_signed(HEADER, "{" A "}", 'c', REASON_SIGNATURE_INVALID);
  expect_signed("{\"alg\":\"HS256\",\"kid\":\"K\"}", "{" A "}", 'a', REASON_KID_UNKNOWN);
  expect_signed("{\"alg\":\"HS256\",\"kid\":1}", "{" A "}", 'a', REASON_KID_TYPE);
  expect_signed("{\"alg\":\"HS256\"}", "{" A "}", 'a', REASON_KID_MISSING);
}

/* Of the keys with that kid, only those are tried that may serve. */
Test(issuer_rules, the_fitting_one_of_several_keys) {
  static const char *const unfit[] = {",\"use\":\"enc\"", ",\"alg\":\"HS384\"", ",\"key_ops\":[\"sign\"]"};
  char jwks[512];
  for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++)
    for (int order = 0; order < 2; order++) {
      snprintf(jwks, sizeof jwks, TWO(OCT("%s", KID("%s")), OCT("%s", KID("%s"))), order ? K_A : K_B,
               order ? "" : unfit[i], order ? K_B : K_A, order ? unfit[i] : "");
      begin(TOLERATE("key-import.duplicate-kid"), jwks);
      expect_signed(HEADER, "{" A "}", 'a', REASON_OK);
      expect_signed(HEADER, "{" A "}", 'b', REASON_SIGNATURE_INVALID);
    }
  begin(TOLERATE("key-import.duplicate-kid"),
        TWO(OCT(K_A, KID(",\"use\":\"enc\"")), OCT(K_B, KID(",\"alg\":\"HS512\""))));
  expect_signed(HEADER, "{" A "}", 'a', REASON_KEY_USE);
  begin(TOLERATE("key-import.duplicate-kid"), TWO(OCT("YWFhYQ", KID("")), OCT(K_A, KID(""))));
  expect_signed(HEADER, "{" A "}", 'a', REASON_OK); /* the first is too short */
  begin("  revoked: {kid: [k]}\n" TOLERATE("key-import.duplicate-kid"),
        TWO(OCT(K_A, KID("")), OCT(K_B, KID(""))));
  expect_signed(HEADER, "{" A "}", 'a', REASON_KEY_REVOKED);
}

Test(issuer_rules, no_kid_and_several_keys) {
  static const char two[] = TWO(OCT(K_A, ",\"kid\":\"x\""), OCT(K_B, ""));
  static const char header[] = "{\"alg\":\"HS256\"}";
  begin("", two);
  expect_signed(header, "{" A "}", 'a', REASON_KID_MISSING);
  begin(TOLERATE("key-selection.kid-missing"), two);
  expect_signed(header, "{" A "}", 'a', REASON_OK);
  expect_signed(header, "{" A "}", 'b', REASON_OK);
  expect_signed(header, "{" A "}", 'c', REASON_SIGNATURE_INVALID);
  expect_signed(HEADER, "{" A "}", 'a', REASON_KID_UNKNOWN);
  expect_signed("{\"alg\":\"HS256\",\"kid\":\"x\"}", "{" A "}", 'b', REASON_SIGNATURE_INVALID);
  begin(TOLERATE("key-selection.kid-missing"),
        TWO(OCT(K_A, ",\"use\":\"enc\""), OCT(K_B, ",\"alg\":\"HS384\"")));
  expect_signed(header, "{" A "}", 'a', REASON_NO_ELIGIBLE_KEY);
}
