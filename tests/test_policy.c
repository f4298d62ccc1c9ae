/* Policies: what a full one says, what the absence of each field means, and the exact sentence for each
 * mistake. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/pipeline/policy/trust.h"

#define HEAD "schema: assay-policy/1\n"
#define ISSUER "issuers:\n- iss: a\n  algorithms: [RS256]\n" /* lines 2, 3, 4 after HEAD */
#define ED_X "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""
#define ED_KEY(kid) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" kid "\"," ED_X "}"

static const struct trust_keys no_keys_at_all[] = {{BYTES_LIT("a"), BYTES_LIT("{\"keys\":[]}")}};

static struct trust *read_with(const char *policy, const char *jwks, struct assay_error *error) {
  const struct trust_keys keys[] = {{bytes_str("a"), bytes_str(jwks)}};
  return trust_read(bytes_str(policy), "policy.yaml", NULL, keys, 1, error);
}

/* A policy that is right; issuer "a" has no keys. */
static struct trust *read_good(const char *policy) {
  struct assay_error error = {""};
  struct trust *trust = trust_read(bytes_str(policy), "policy.yaml", NULL, no_keys_at_all, 1, &error);
  cr_assert_not_null(trust, "%s", error.text);
  return trust;
}

static void expect_sentence(const char *policy, const char *sentence) {
  struct assay_error error = {""};
  struct trust *trust = trust_read(bytes_str(policy), "policy.yaml", NULL, no_keys_at_all, 1, &error);
  cr_expect_null(trust, "%s", policy);
  cr_expect_str_eq(error.text, sentence, "\n%s\ngives %s\nnot   %s", policy, error.text, sentence);
  trust_free(trust);
}

static void expect_list(struct string_list list, const char *joined) {
  char text[256] = "";
  for (size_t i = 0; i < list.count; i++)
    sprintf(text + strlen(text), "%s%.*s", i ? " " : "", (int)list.items[i].len,
            (const char *)list.items[i].ptr);
  cr_expect(eq(str, text, (char *)joined));
}

Test(policy, least) {
  struct trust *trust = read_good(HEAD ISSUER);
  cr_expect_eq(trust->now, TIME_UNSET);
  cr_expect_eq(trust->leeway_s, 0);
  cr_expect(eq(sz, trust->limits.token_bytes, 16384));
  cr_expect(eq(sz, trust->limits.json_depth, 32));
  cr_expect(eq(sz, trust->limits.json_members, 256));
  cr_expect(eq(sz, trust->limits.kid_bytes, 256));
  cr_expect(eq(sz, trust->typ_allow.count, 0));
  cr_expect(not(trust->typ_required));
  cr_expect_eq(trust->algorithms, JOSE_ALG_BIT(JOSE_RS256));
  cr_assert(eq(sz, trust->issuer_count, 1));
  const struct issuer *issuer = &trust->issuers[0];
  cr_expect(bytes_eq_str(issuer->iss, "a"));
  cr_expect_eq(issuer->keys.refused, REASON_OK);
  cr_expect_eq(issuer->algorithms, JOSE_ALG_BIT(JOSE_RS256));
  cr_expect_eq(issuer->required, 0);
  cr_expect_eq(issuer->max_lifetime_s, TIME_UNSET);
  cr_expect_eq(issuer->max_age_s, TIME_UNSET);
  cr_expect_eq(issuer->replay_window_s, TIME_UNSET);
  cr_expect_eq(issuer->max_auth_age_s, TIME_UNSET);
  cr_expect_eq(issuer->nonce, CLAIM_IGNORED);
  cr_expect(not(issuer->cnf_jkt.required));
  cr_expect(not(issuer->has_actors));
  cr_expect(eq(sz, issuer->tenant.len, 0));
  const struct string_list *lists[] = {&issuer->audience,     &issuer->required_other, &issuer->azp,
                                       &issuer->acr,          &issuer->scope,          &issuer->roles,
                                       &issuer->actors_allow, &issuer->revoked_jti,    &issuer->revoked_sid,
                                       &issuer->revoked_sub};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    cr_expect(eq(sz, lists[i]->count, 0));
  trust_free(trust);
}

static const char full_policy[] =
    HEAD "now: 1767225600   # a comment\n"
         "leeway_s: 30\n"
         "limits: {token_bytes: 1024, json_depth: 8, json_members: 16, kid_bytes: 32}\n"
         "typ: {allow: [at+jwt, JWT], required: true}\n"
         "issuers:\n"
         "  - iss: a\n"
         "    algorithms: [EdDSA, Ed25519, HS256]\n"
         "    audience: [https://api.example, other]\n"
         "    required: [exp, tenant_id, iat, sub, jti, nbf]\n"
         "    max_lifetime_s: 86400\n"
         "    max_age_s: 3600\n"
         "    replay_window_s: 600\n"
         "    azp: [client-1]\n"
         "    nonce: required\n"
         "    acr: ['urn:x']\n"
         "    max_auth_age_s: 0\n"
         "    cnf_jkt: true\n"
         "    scope: [read, write]\n"
         "    roles: [admin]\n"
         "    tenant: acme\n"
         "    actors: {allow: [svc-a], max_depth: 3}\n"
         "    revoked: {kid: [k3, k1], jti: [j], sid: [s, t], sub: [u]}\n"
         "    active_from: [{kid: k2, at: 1767230000}]\n"
         "  - iss: b\n"
         "    algorithms: [ES256K]\n"
         "    required: [aud]\n"
         "    nonce: optional\n"
         "    actors: {allow: []}\n";

static struct trust *read_full(void) {
  static const char jwks[] = "{\"keys\":[" ED_KEY("k1") "," ED_KEY("k2") "," ED_KEY("k4") "]}";
  const struct trust_keys keys[] = {{BYTES_LIT("b"), BYTES_LIT("{\"keys\":[]}")},
                                    {BYTES_LIT("a"), bytes_of(jwks, sizeof jwks - 1)}};
  struct assay_error error = {""};
  struct trust *trust = trust_read(bytes_str(full_policy), "policy.yaml", NULL, keys, 2, &error);
  cr_assert_not_null(trust, "%s", error.text);
  return trust;
}

static uint32_t required_with(const char *policy) {
  struct trust *trust = read_good(policy);
  uint32_t required = trust->issuers[0].required;
  trust_free(trust);
  return required;
}

Test(policy, limits_require_the_claims_that_they_limit) {
  cr_expect_eq(required_with(HEAD ISSUER "  max_lifetime_s: 60\n"), REQUIRE_EXP | REQUIRE_IAT);
  cr_expect_eq(required_with(HEAD ISSUER "  max_age_s: 60\n"), REQUIRE_IAT);
  cr_expect_eq(required_with(HEAD ISSUER "  replay_window_s: 60\n"), REQUIRE_JTI);
  cr_expect_eq(required_with(HEAD ISSUER "  max_auth_age_s: 60\n"), 0);
}

Test(policy, full) {
  struct trust *trust = read_full();
  cr_expect_eq(trust->now, 1767225600);
  cr_expect_eq(trust->leeway_s, 30);
  cr_expect(eq(sz, trust->limits.token_bytes, 1024));
  cr_expect(eq(sz, trust->limits.json_depth, 8));
  cr_expect(eq(sz, trust->limits.json_members, 16));
  cr_expect(eq(sz, trust->limits.kid_bytes, 32));
  expect_list(trust->typ_allow, "at+jwt JWT");
  cr_expect(trust->typ_required);
  const struct issuer *a = &trust->issuers[0];
  uint32_t algorithms = JOSE_ALG_BIT(JOSE_EDDSA) | JOSE_ALG_BIT(JOSE_ED25519) | JOSE_ALG_BIT(JOSE_HS256);
  cr_expect_eq(a->algorithms, algorithms);
  cr_expect_eq(trust->algorithms, algorithms | JOSE_ALG_BIT(JOSE_ES256K));
  expect_list(a->audience, "https://api.example other");
  cr_expect_eq(a->required,
               REQUIRE_EXP | REQUIRE_IAT | REQUIRE_SUB | REQUIRE_JTI | REQUIRE_NBF | REQUIRE_AUD);
  expect_list(a->required_other, "tenant_id");
  cr_expect_eq(a->max_lifetime_s, 86400);
  cr_expect_eq(a->max_age_s, 3600);
  cr_expect_eq(a->replay_window_s, 600);
  cr_expect_eq(a->max_auth_age_s, 0);
  expect_list(a->azp, "client-1");
  cr_expect_eq(a->nonce, CLAIM_REQUIRED);
  expect_list(a->acr, "urn:x");
  cr_expect(a->cnf_jkt.required);
  expect_list(a->scope, "read write");
  expect_list(a->roles, "admin");
  cr_expect(bytes_eq_str(a->tenant, "acme"));
  cr_expect(a->has_actors);
  expect_list(a->actors_allow, "svc-a");
  cr_expect_eq(a->actors_max_depth, 3);
  expect_list(a->revoked_jti, "j");
  expect_list(a->revoked_sid, "s t");
  expect_list(a->revoked_sub, "u");
  trust_free(trust);
}

Test(policy, second_issuer_has_its_own_rules) {
  struct trust *trust = read_full();
  cr_assert(eq(sz, trust->issuer_count, 2));
  const struct issuer *b = &trust->issuers[1];
  cr_expect(bytes_eq_str(b->iss, "b"));
  cr_expect_eq(b->algorithms, JOSE_ALG_BIT(JOSE_ES256K));
  cr_expect_eq(b->required, REQUIRE_AUD);
  cr_expect_eq(b->nonce, CLAIM_OPTIONAL);
  cr_expect(b->has_actors);
  cr_expect(eq(sz, b->actors_allow.count, 0));
  cr_expect_eq(b->actors_max_depth, 1);
  cr_expect(eq(sz, b->scope.count, 0));
  cr_expect(eq(sz, b->keys.count, 0));
  trust_free(trust);
}

Test(policy, revoked_and_later_keys) {
  struct trust *trust = read_full();
  const struct key_set *set = &trust->issuers[0].keys;
  cr_assert(eq(sz, set->count, 3));
  cr_expect(set->keys[0].revoked);
  cr_expect(not(set->keys[1].revoked));
  cr_expect(not(set->keys[2].revoked));
  cr_expect_eq(set->keys[0].active_from, TIME_UNSET);
  cr_expect_eq(set->keys[1].active_from, 1767230000);
  cr_expect_eq(set->keys[2].active_from, TIME_UNSET);
  trust_free(trust);
}

Test(policy, json_is_read_too) {
  struct trust *trust = read_good(
      "{\"schema\":\"assay-policy/1\",\"now\":-5,\"typ\":{\"allow\":[\"JWT\"],\"required\":false},\n"
      "\t\"issuers\" : [{\"iss\":\"a\",\"algorithms\":[\"RS256\",\"PS512\"],\"tenant\":\"caf\\u00e9 \\/ "
      "\\\"x\\\"\","
      "\"revoked\":{},\"active_from\":[],\"cnf_jkt\":false}]}");
  cr_expect_eq(trust->now, -5);
  expect_list(trust->typ_allow, "JWT");
  cr_expect_eq(trust->algorithms, JOSE_ALG_BIT(JOSE_RS256) | JOSE_ALG_BIT(JOSE_PS512));
  cr_expect(bytes_eq_str(trust->issuers[0].tenant, "caf\xc3\xa9 / \"x\""));
  trust_free(trust);
}

Test(policy, name_without_audience_rule) {
  struct trust *trust = read_good(HEAD ISSUER "  required: [iss, exp]\n");
  cr_expect_eq(trust->issuers[0].required, REQUIRE_EXP);
  expect_list(trust->issuers[0].required_other, "iss");
  trust_free(trust);
}

Test(policy, unknown_fields) {
  expect_sentence(HEAD "leeway: 5\n" ISSUER,
                  "policy.yaml:2: unknown field 'leeway', did you mean 'leeway_s'?");
  expect_sentence(HEAD ISSUER "\n  # comment\n  audiance: [x]\n",
                  "policy.yaml:7: unknown field 'audiance', did you mean 'audience'?");
  expect_sentence(HEAD "audence: [x]\n" ISSUER,
                  "policy.yaml:2: unknown field 'audence', did you mean 'audience', of an issuer?");
  expect_sentence(HEAD ISSUER "  quite_another_thing: 1\n",
                  "policy.yaml:5: unknown field 'quite_another_thing'");
  expect_sentence(HEAD "limits:\n  token_bytes: 100\n  jsondepth: 4\n" ISSUER,
                  "policy.yaml:4: unknown field 'jsondepth', did you mean 'json_depth'?");
  expect_sentence(HEAD ISSUER "  revoked:\n    kid: []\n    sib: []\n",
                  "policy.yaml:7: unknown field 'sib', did you mean 'sid'?");
  expect_sentence(HEAD ISSUER "  active_from:\n  - kid: a\n    at: 1\n  - kid: b\n    ad: 1\n",
                  "policy.yaml:9: unknown field 'ad', did you mean 'at'?");
  expect_sentence(HEAD ISSUER "  \"iss\\0\": b\n", "policy.yaml:5: a field's name contains a NUL character");
  expect_sentence(HEAD ISSUER "  [a]: b\n", "policy.yaml:5: a field's name cannot be a list");
}

Test(policy, fields_that_stand_twice) {
  expect_sentence(HEAD "leeway_s: 1\nleeway_s: 2\n" ISSUER,
                  "policy.yaml:3: the field 'leeway_s' stands twice");
  expect_sentence(HEAD ISSUER "  iss: b\n", "policy.yaml:5: the field 'iss' stands twice");
  expect_sentence(HEAD ISSUER "  revoked: {sub: [a], sub: [b]}\n",
                  "policy.yaml:5: the field 'sub' stands twice");
}

Test(policy, missing_fields) {
  expect_sentence(ISSUER, "policy.yaml:1: the policy lacks the field 'schema'");
  expect_sentence(HEAD, "policy.yaml:1: the policy lacks the field 'issuers'");
  expect_sentence(HEAD "issuers:\n- iss: a\n",
                  "policy.yaml:3: an entry of 'issuers' lacks the field 'algorithms'");
  expect_sentence(HEAD "issuers:\n- iss: a\n  algorithms: [RS256]\n- algorithms: [RS256]\n",
                  "policy.yaml:5: an entry of 'issuers' lacks the field 'iss'");
  expect_sentence(HEAD "issuers:\n- algorithms: [RS256]\n- algorithms: [RS256]\n",
                  "policy.yaml:3: an entry of 'issuers' lacks the field 'iss'");
  expect_sentence(HEAD ISSUER "  actors: {max_depth: 2}\n",
                  "policy.yaml:5: 'actors' lacks the field 'allow'");
  expect_sentence(HEAD ISSUER "  active_from:\n  - kid: a\n",
                  "policy.yaml:6: an entry of 'active_from' lacks the field 'at'");
}

Test(policy, wrong_kinds) {
  expect_sentence("assay-policy/1\n",
                  "policy.yaml:1: the policy must be a group of fields, not a single value");
  expect_sentence("[]\n", "policy.yaml:1: the policy must be a group of fields, not a list");
  expect_sentence(HEAD "issuers: a\n", "policy.yaml:2: 'issuers' must be a list, not a single value");
  expect_sentence(HEAD "issuers: {iss: a}\n",
                  "policy.yaml:2: 'issuers' must be a list, not a group of fields");
  expect_sentence(HEAD "issuers: [a]\n",
                  "policy.yaml:2: an entry of 'issuers' must be a group of fields, not a single value");
  expect_sentence(HEAD "limits: 5\n" ISSUER,
                  "policy.yaml:2: 'limits' must be a group of fields, not a single value");
  expect_sentence(HEAD ISSUER "  audience: x\n", "policy.yaml:5: 'audience' must be a list or any, not 'x'");
  expect_sentence(HEAD ISSUER "  audience: {any: x}\n",
                  "policy.yaml:5: 'audience' must be a list or any, not a group of fields");
  expect_sentence(HEAD ISSUER "  scope: read\n",
                  "policy.yaml:5: 'scope' must be a list or a group of fields, not a single value");
  expect_sentence(HEAD ISSUER "  values: [x]\n",
                  "policy.yaml:5: 'values' must be a group of fields, not a list");
  expect_sentence(HEAD ISSUER "  audience:\n  - x\n  - [y]\n",
                  "policy.yaml:7: an entry of 'audience' must be a single value, not a list");
  expect_sentence(HEAD ISSUER "  active_from: {kid-7: 1767230000}\n",
                  "policy.yaml:5: 'active_from' must be a list, not a group of fields");
  expect_sentence(HEAD ISSUER "  keys: {keys: []}\n",
                  "policy.yaml:5: 'keys' must be a single value, not a group of fields");
  expect_sentence("schema: [assay-policy/1]\n" ISSUER,
                  "policy.yaml:1: 'schema' must be a single value, not a list");
}

Test(policy, wrong_values) {
  static const struct {
    const char *field, *words;
  } cases[] = {
      {"leeway_s: 30s", "'leeway_s' must be a whole number, not '30s'"},
      {"leeway_s: 1.5", "'leeway_s' must be a whole number, not '1.5'"},
      {"leeway_s: 030", "'leeway_s' must be a whole number, not '030'"},
      {"leeway_s: 0x10", "'leeway_s' must be a whole number, not '0x10'"},
      {"leeway_s: +5", "'leeway_s' must be a whole number, not '+5'"},
      {"leeway_s: '30'", "'leeway_s' must be a whole number, not the text '30'"},
      {"leeway_s:", "'leeway_s' must be a whole number, not ''"},
      {"leeway_s: 9223372036854775808", "'leeway_s' must be a whole number, not '9223372036854775808'"},
      {"now: null", "'now' must be a whole number, not 'null'"},
      {"typ: {required: yes}", "'required' must be true or false, not 'yes'"},
      {"typ: {required: flase}", "'required' must be true or false, not 'flase'"},
      {"typ: {required: 'true'}", "'required' must be true or false, not the text 'true'"},
      {"typ: {allow: ['']}", "an entry of 'allow' is empty"},
      {"typ: {allow: [~]}", "an entry of 'allow' is empty"},
      {"typ: {allow: [null]}", "an entry of 'allow' is empty"},
      {"typ: {allow: [\"a\\0b\"]}", "an entry of 'allow' contains a NUL character"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char policy[512], sentence[512];
    snprintf(policy, sizeof policy, HEAD "%s\n" ISSUER, cases[i].field);
    snprintf(sentence, sizeof sentence, "policy.yaml:2: %s", cases[i].words);
    expect_sentence(policy, sentence);
  }
  expect_sentence(HEAD ISSUER "  nonce: needed\n",
                  "policy.yaml:5: 'nonce' must be optional or required, not 'needed'");
  expect_sentence(HEAD ISSUER "  tenant:\n",
                  "policy.yaml:5: 'tenant' is empty: give it a value or leave it out");
  expect_sentence(HEAD ISSUER "  tenant: \"\"\n",
                  "policy.yaml:5: 'tenant' is empty: give it a value or leave it out");
}

Test(policy, words_that_only_look_like_null) {
  struct trust *trust = read_good(HEAD ISSUER "  tenant: 'null'\n  scope: [nullable, '42']\n");
  cr_expect(bytes_eq_str(trust->issuers[0].tenant, "null"));
  expect_list(trust->issuers[0].scope, "nullable 42");
  trust_free(trust);
}

/* What an issuer's claims are held against. */

static void expect_path(struct claim_path path, const char *joined) {
  expect_list((struct string_list){path.steps, path.count}, joined);
}

Test(policy, claims_by_name_or_pointer) {
  struct trust *trust = read_good(HEAD ISSUER "  scope: {claim: scp, all: [read, write]}\n"
                                              "  roles: {claim: /realm_access/roles, all: [admin]}\n"
                                              "  azp: [app]\n"
                                              "  client: client_id\n");
  const struct issuer *issuer = &trust->issuers[0];
  expect_path(issuer->scope_claim, "scp");
  expect_list(issuer->scope, "read write");
  expect_path(issuer->roles_claim, "realm_access roles");
  expect_list(issuer->roles, "admin");
  expect_path(issuer->client_claim, "client_id");
  trust_free(trust);
  trust = read_good(HEAD ISSUER "  roles: {claim: 'https://x.example/roles', all: [x]}\n"
                                "  scope: {claim: /a~1b/~0/0//, all: [x]}\n");
  expect_path(trust->issuers[0].roles_claim, "https://x.example/roles");
  expect_path(trust->issuers[0].scope_claim, "a/b ~ 0  ");
  cr_expect(eq(sz, trust->issuers[0].scope_claim.count, 5));
  trust_free(trust);
  trust = read_good(HEAD ISSUER "  scope: [read]\n");
  cr_expect(eq(sz, trust->issuers[0].scope_claim.count, 0));
  trust_free(trust);
}

Test(policy, values_keep_their_types) {
  struct trust *trust =
      read_good(HEAD ISSUER "  values: {token_use: access, email_verified: true, a: false,\n"
                            "    n: -7, 'ver': '2.0', /deep/er: 'true', y: 5c0d1e}\n");
  static const struct {
    const char *claim, *text;
    enum claim_value_type type;
  } expected[] = {{"token_use", "access", VALUE_TEXT}, {"email_verified", "true", VALUE_TRUE},
                  {"a", "false", VALUE_FALSE},         {"n", "-7", VALUE_NUMBER},
                  {"ver", "2.0", VALUE_TEXT},          {"deep er", "true", VALUE_TEXT},
                  {"y", "5c0d1e", VALUE_TEXT}};
  const struct issuer *issuer = &trust->issuers[0];
  cr_assert(eq(sz, issuer->value_count, 7));
  for (size_t i = 0; i < 7; i++) {
    expect_path(issuer->values[i].claim, expected[i].claim);
    cr_expect(bytes_eq_str(issuer->values[i].text, expected[i].text));
    cr_expect_eq(issuer->values[i].type, expected[i].type, "%s", expected[i].claim);
  }
  cr_expect_eq(issuer->values[3].number, -7);
  trust_free(trust);
}

Test(policy, audience_rules) {
  struct trust *trust = read_good(HEAD ISSUER);
  cr_expect_eq(trust->issuers[0].audience_rule, AUDIENCE_LISTED);
  trust_free(trust);
  trust = read_good(HEAD ISSUER "  audience: any\n");
  cr_expect_eq(trust->issuers[0].audience_rule, AUDIENCE_ANY);
  cr_expect_eq(trust->issuers[0].required, 0);
  trust_free(trust);
  trust = read_good(HEAD ISSUER "  audience: [any]\n  sole_audience: true\n");
  cr_expect_eq(trust->issuers[0].audience_rule, AUDIENCE_SOLE);
  expect_list(trust->issuers[0].audience, "any");
  cr_expect_eq(trust->issuers[0].required, REQUIRE_AUD);
  trust_free(trust);
}

#define THUMBPRINT "LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE"

Test(policy, binding) {
  struct trust *trust = read_good(HEAD ISSUER "  cnf: {jkt: any, x5t_s256: " THUMBPRINT "}\n");
  cr_expect(trust->issuers[0].cnf_jkt.required);
  cr_expect(eq(sz, trust->issuers[0].cnf_jkt.thumbprint.len, 0));
  cr_expect(trust->issuers[0].cnf_x5t_s256.required);
  cr_expect(bytes_eq_str(trust->issuers[0].cnf_x5t_s256.thumbprint, THUMBPRINT));
  trust_free(trust);
  trust = read_good(HEAD ISSUER "  cnf: {x5t_s256: any}\n");
  cr_expect(not(trust->issuers[0].cnf_jkt.required));
  trust_free(trust);
}

Test(policy, issuers_without_an_iss_of_their_own) {
  const struct trust_keys keys[] = {{BYTES_LIT("example.org"), BYTES_LIT("{\"keys\":[]}")},
                                    {BYTES_LIT("https://l.example/{tid}/v2.0"), BYTES_LIT("{\"keys\":[]}")}};
  const char *text = HEAD "issuers:\n- trust_domain: example.org\n  algorithms: [ES256]\n"
                          "- iss: https://l.example/{tid}/v2.0\n  algorithms: [RS256]\n";
  struct assay_error error = {""};
  struct trust *trust = trust_read(bytes_str(text), "policy.yaml", NULL, keys, 2, &error);
  cr_assert_not_null(trust, "%s", error.text);
  const struct issuer *domain = &trust->issuers[0], *tenants = &trust->issuers[1];
  cr_expect_eq(domain->kind, ISSUER_TRUST_DOMAIN);
  cr_expect(bytes_eq_str(domain->iss, "example.org"));
  cr_expect_eq(domain->required, REQUIRE_SUB | REQUIRE_AUD | REQUIRE_EXP);
  cr_expect_eq(tenants->kind, ISSUER_TEMPLATE);
  cr_expect(bytes_eq_str(tenants->template.before, "https://l.example/"));
  cr_expect(bytes_eq_str(tenants->template.after, "/v2.0"));
  expect_path(tenants->template.claim, "tid");
  trust_free(trust);
}

Test(policy, what_is_tolerated) {
  struct trust *trust = read_good(HEAD ISSUER);
  cr_expect_eq(trust->issuers[0].tolerates, 0);
  trust_free(trust);
  char list[512] = "";
  for (int i = 0; i < TOLERANCE_COUNT; i++)
    sprintf(list + strlen(list), "%s%s", i ? ", " : "",
            assay_reason_dotted(tolerance_reason((enum tolerance)i)));
  cr_expect_str_eq(list, "key-import.duplicate-kid, key-import.leading-zero, header-policy.embedded-key, "
                         "header-policy.key-url, header-policy.embedded-cert, key-selection.kid-missing, "
                         "registered-claims.iat-future");
  char policy[1024];
  snprintf(policy, sizeof policy, HEAD ISSUER "  tolerate: [%s]\n", list);
  trust = read_good(policy);
  cr_expect_eq(trust->issuers[0].tolerates, (1u << TOLERANCE_COUNT) - 1);
  cr_expect_eq(trust->tolerates, (1u << TOLERANCE_COUNT) - 1);
  trust_free(trust);
}

Test(policy, mistakes_about_claims_and_issuers) {
  static const struct {
    const char *fields, *words; /* of the issuer, from line 5 on */
  } cases[] = {
      {"scope: [a,\n    'b c']", "6: 'b c' is no scope: it has a character that separates scopes or that "
                                 "none has (RFC 6749 3.3); each is an entry of its own"},
      {"scope: [5]", "5: an entry of 'scope' must be a text, so in quotes, not '5'"},
      {"roles: [true]", "5: an entry of 'roles' must be a text, so in quotes, not 'true'"},
      {"tenant: 1.5", "5: 'tenant' must be a text, so in quotes, not '1.5'"},
      {"audience: []", "5: 'audience' is an empty list, which checks nothing: fill it or leave it out"},
      {"scope: []", "5: 'scope' is an empty list, which checks nothing: fill it or leave it out"},
      {"roles:\n    claim: r\n    all: []",
       "7: 'all' is an empty list, which checks nothing: fill it or leave it out"},
      {"required: []", "5: 'required' is an empty list, which checks nothing: fill it or leave it out"},
      {"azp: []", "5: 'azp' is an empty list, which checks nothing: fill it or leave it out"},
      {"acr: []", "5: 'acr' is an empty list, which checks nothing: fill it or leave it out"},
      {"cnf: {}", "5: 'cnf' names nothing to check: fill it or leave it out"},
      {"values: {}", "5: 'values' names nothing to check: fill it or leave it out"},
      {"scope: {claim: scp}", "5: 'scope' lacks the field 'all'"},
      {"roles: {all: [x]}", "5: 'roles' lacks the field 'claim'"},
      {"scope: {claims: scp, all: [x]}", "5: unknown field 'claims', did you mean 'claim'?"},
      {"scope:\n    claim: scp\n    all: x", "7: 'all' must be a list, not a single value"},
      {"scope:\n    all: [x]\n    claim: /a/~2",
       "7: '/a/~2' is no JSON Pointer: '~' stands before 0 or 1 only (RFC 6901 3)"},
      {"scope: {claim: /a~, all: [x]}",
       "5: '/a~' is no JSON Pointer: '~' stands before 0 or 1 only (RFC 6901 3)"},
      {"client: client_id", "5: 'client' names the claim of the client, and 'azp' lists no client"},
      {"sole_audience: true", "5: 'sole_audience' needs a list of 'audience' to be held against"},
      {"audience: any\n  sole_audience: true",
       "6: 'sole_audience' needs a list of 'audience' to be held against"},
      {"values:\n    a: x\n    b: 2.0",
       "7: 'b' must be a whole number, true, false or a text, this one in quotes, not '2.0'"},
      {"values: {a: 0x10}",
       "5: 'a' must be a whole number, true, false or a text, this one in quotes, not '0x10'"},
      {"values: {a: 1e3}",
       "5: 'a' must be a whole number, true, false or a text, this one in quotes, not '1e3'"},
      {"values: {a: 010}",
       "5: 'a' must be a whole number, true, false or a text, this one in quotes, not '010'"},
      {"values: {a: [x]}", "5: 'a' must be a single value, not a list"},
      {"values: {a: ~}", "5: 'a' is empty: give it a value or leave it out"},
      {"values:\n    a: x\n    a: y", "7: the claim 'a' stands twice in 'values'"},
      {"values: {/~: x}", "5: '/~' is no JSON Pointer: '~' stands before 0 or 1 only (RFC 6901 3)"},
      {"values: {a: 9007199254740992}",
       "5: 'a' is 9007199254740992, and must be from -9007199254740991 to 9007199254740991"},
      {"cnf: {x5t_s256: x}", "5: the thumbprint 'x' must be 43 characters of base64url, or any"},
      {"cnf: {x5t_s265: any}", "5: unknown field 'x5t_s265', did you mean 'x5t_s256'?"},
      {"trust_domain: example.org", "5: the issuer 'a' has a 'trust_domain' too, which is for tokens "
                                    "without iss: make it an entry of its own"},
      {"tolerate: [key-import.duplicate_kid]", "5: 'key-import.duplicate_kid' is no reason that can be "
                                               "tolerated, did you mean 'key-import.duplicate-kid'?"},
      {"tolerate: [signature.invalid]", "5: 'signature.invalid' cannot be tolerated"},
      {"tolerate:\n    - registered-claims.iat-future\n    - everything",
       "7: 'everything' is no reason that can be tolerated"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char policy[512], sentence[512];
    snprintf(policy, sizeof policy, HEAD ISSUER "  %s\n", cases[i].fields);
    snprintf(sentence, sizeof sentence, "policy.yaml:%s", cases[i].words);
    expect_sentence(policy, sentence);
  }
}

/* Of itself a token can say what it likes. */
static void expect_templates_that_check_nothing(void) {
  static const char *const loose[] = {"{t}",          "{iss}",          "a{t}",
                                      "://a/{t}",     "https://{t}/a",  "https:///{t}",
                                      "https://a{t}", "https://a.{t}/", "a/{t}://b/"};
  static const char *const of_iss[] = {"https://a.example/{iss}", "https://a.example/{/iss}/b"};
  char policy[256], sentence[256];
  for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
    snprintf(policy, sizeof policy, HEAD "issuers:\n- iss: '%s'\n  algorithms: [RS256]\n", loose[i]);
    snprintf(sentence, sizeof sentence,
             "policy.yaml:3: the issuer '%s' is a template without fixed text: scheme and host must stand "
             "before the claim, as in https://login.example/{tenantid}",
             loose[i]);
    expect_sentence(policy, sentence);
  }
  for (size_t i = 0; i < sizeof of_iss / sizeof *of_iss; i++) {
    snprintf(policy, sizeof policy, HEAD "issuers:\n- iss: '%s'\n  algorithms: [RS256]\n", of_iss[i]);
    snprintf(
        sentence, sizeof sentence,
        "policy.yaml:3: the issuer '%s' takes its part from iss itself, which any part fits: name another "
        "claim, as in https://login.example/{tenantid}",
        of_iss[i]);
    expect_sentence(policy, sentence);
  }
}

Test(policy, mistakes_in_names_of_issuers) {
  static const char *const templates[] = {"{}", "{a", "a}", "{a}{b}", "x}y{", "{a}}", "{{a}"};
  char policy[256], sentence[256];
  for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
    snprintf(policy, sizeof policy, HEAD "issuers:\n- iss: '%s'\n  algorithms: [RS256]\n", templates[i]);
    snprintf(sentence, sizeof sentence,
             "policy.yaml:3: the issuer '%s' is no template: one claim may stand in it, as {tenantid}",
             templates[i]);
    expect_sentence(policy, sentence);
  }
  expect_templates_that_check_nothing();
  expect_sentence(HEAD "issuers:\n- trust_domain: spiffe://example.org\n  algorithms: [RS256]\n",
                  "policy.yaml:3: 'trust_domain' is 'spiffe://example.org', and must be a name such as "
                  "example.org: small letters, digits, '.', '-' and '_'");
  expect_sentence(HEAD "issuers:\n- trust_domain: b.example\n  algorithms: [RS256]\n",
                  "policy.yaml:3: the issuer 'b.example' has no keys");
  expect_sentence(HEAD ISSUER "- trust_domain: a\n  algorithms: [RS256]\n",
                  "policy.yaml:5: the issuer 'a' stands twice");
}

Test(policy, ranges) {
  static const struct {
    const char *format;
    long long low, high;
    int line;
    const char *name;
  } cases[] = {{HEAD "leeway_s: %lld\n" ISSUER, 0, 86400, 2, "leeway_s"},
               {HEAD "now: %lld\n" ISSUER, -9007199254740991, 9007199254740991, 2, "now"},
               {HEAD "limits:\n  token_bytes: %lld\n" ISSUER, 64, 1048576, 3, "token_bytes"},
               {HEAD "limits:\n\n  json_depth: %lld\n" ISSUER, 1, 1024, 4, "json_depth"},
               {HEAD "limits: {json_members: %lld}\n" ISSUER, 1, 65536, 2, "json_members"},
               {HEAD "limits: {kid_bytes: %lld}\n" ISSUER, 1, 65536, 2, "kid_bytes"},
               {HEAD "limits: {replay_entries: %lld}\n" ISSUER, 1, 16777216, 2, "replay_entries"},
               {HEAD ISSUER "  max_lifetime_s: %lld\n", 0, 9007199254740991, 5, "max_lifetime_s"},
               {HEAD ISSUER "  max_age_s: %lld\n", 0, 9007199254740991, 5, "max_age_s"},
               {HEAD ISSUER "  replay_window_s: %lld\n", 0, 9007199254740991, 5, "replay_window_s"},
               {HEAD ISSUER "  max_auth_age_s: %lld\n", 0, 9007199254740991, 5, "max_auth_age_s"},
               {HEAD ISSUER "  actors:\n    allow: []\n    max_depth: %lld\n", 1, 1024, 7, "max_depth"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const long long tried[] = {cases[i].low - 1, cases[i].low, cases[i].high, cases[i].high + 1};
    for (size_t k = 0; k < 4; k++) {
      char policy[512], sentence[512];
      snprintf(policy, sizeof policy, cases[i].format, tried[k]);
      snprintf(sentence, sizeof sentence, "policy.yaml:%d: '%s' is %lld, and must be from %lld to %lld",
               cases[i].line, cases[i].name, tried[k], cases[i].low, cases[i].high);
      if (k == 1 || k == 2)
        trust_free(read_good(policy));
      else
        expect_sentence(policy, sentence);
    }
  }
}

Test(policy, algorithms) {
  expect_sentence(HEAD "issuers:\n- iss: a\n  algorithms:\n  - RS256\n  - RS265\n",
                  "policy.yaml:6: unknown algorithm 'RS265', did you mean 'RS256'?");
  expect_sentence(HEAD "issuers:\n- iss: a\n  algorithms: [es256]\n",
                  "policy.yaml:4: unknown algorithm 'es256', did you mean 'ES256'?");
  expect_sentence(HEAD "issuers:\n- iss: a\n  algorithms: [SomethingElse]\n",
                  "policy.yaml:4: unknown algorithm 'SomethingElse'");
  expect_sentence(HEAD "issuers:\n- iss: a\n  algorithms: [none]\n",
                  "policy.yaml:4: the algorithm 'none' cannot be allowed: such a token is unsecured");
  expect_sentence(HEAD "issuers:\n- iss: a\n  algorithms: []\n",
                  "policy.yaml:4: the issuer 'a' allows no algorithm");
  for (int i = 0; i < JOSE_ALG_COUNT; i++) {
    char policy[256];
    snprintf(policy, sizeof policy, HEAD "issuers:\n- iss: a\n  algorithms: [%s]\n",
             jose_alg_name((enum jose_alg)i));
    struct trust *trust = read_good(policy);
    cr_expect_eq(trust->issuers[0].algorithms, JOSE_ALG_BIT(i));
    trust_free(trust);
  }
}

Test(policy, issuers) {
  expect_sentence(HEAD "\nissuers: []\n", "policy.yaml:3: the list of issuers is empty");
  expect_sentence(HEAD ISSUER "- iss: b\n  algorithms: [RS256]\n- iss: a\n  algorithms: [RS256]\n",
                  "policy.yaml:7: the issuer 'a' stands twice");
  expect_sentence(HEAD ISSUER "- iss: b\n  algorithms: [RS256]\n",
                  "policy.yaml:5: the issuer 'b' has no keys");
  expect_sentence(HEAD ISSUER "- iss: b\n  algorithms: [RS256]\n  keys: b.jwks\n",
                  "policy.yaml:7: 'keys' names the file 'b.jwks', and there is no folder to look in");
}

Test(policy, active_from) {
  expect_sentence(HEAD ISSUER
                  "  active_from:\n  - {kid: a, at: 1}\n  - {kid: b, at: 1}\n  - {kid: a, at: 1}\n",
                  "policy.yaml:8: 'active_from' names the kid 'a' twice");
  expect_sentence(
      HEAD ISSUER "  active_from: [{kid: a, at: 9007199254740992}]\n",
      "policy.yaml:5: 'at' is 9007199254740992, and must be from -9007199254740991 to 9007199254740991");
}

Test(policy, schema_version_comes_first) {
  expect_sentence("new_field: 1\nschema: assay-policy/2\n",
                  "policy.yaml:2: the schema is 'assay-policy/2', and this version reads 'assay-policy/1'");
  expect_sentence("schema: assay-policy/10\n" ISSUER,
                  "policy.yaml:1: the schema is 'assay-policy/10', and this version reads 'assay-policy/1'");
}

Test(policy, yaml_syntax) {
  expect_sentence("", "policy.yaml: the policy is empty");
  expect_sentence("# nothing\n", "policy.yaml: the policy is empty");
  expect_sentence(
      HEAD "issuers: [a, b\n",
      "policy.yaml:3:1: not YAML: while parsing a flow sequence did not find expected ',' or ']'");
  expect_sentence(HEAD "leeway_s 5\n" ISSUER,
                  "policy.yaml:3:1: not YAML: while scanning a simple key could not find expected ':'");
  expect_sentence(HEAD "now: a: b\n",
                  "policy.yaml:2:7: not YAML: mapping values are not allowed in this context");
  expect_sentence(HEAD "now: \"abc\n",
                  "policy.yaml:3:1: not YAML: while scanning a quoted scalar found unexpected end of stream");
  expect_sentence(HEAD "\nnow: \xff\n", "policy.yaml:3: not YAML: invalid leading UTF-8 octet");
  expect_sentence("\xff\xfes\0", "policy.yaml:1: not YAML: invalid leading UTF-8 octet");
  expect_sentence(HEAD ISSUER "---\n" HEAD,
                  "policy.yaml:5: a second YAML document begins here, and a policy is one");
  expect_sentence(HEAD "limits: &l {}\ntyp: *l\n" ISSUER,
                  "policy.yaml:3: the alias '*l' cannot stand in a policy: write its value out");
}

Test(policy, nesting_is_bounded) {
  size_t depth = 100000;
  char *policy = malloc(depth + 1);
  memset(policy, '[', depth);
  policy[depth] = '\0';
  struct assay_error error = {""};
  cr_expect_null(read_with(policy, "{}", &error));
  cr_expect(ne(str, error.text, ""));
  free(policy);
}

Test(policy, size_is_bounded) {
  size_t size = (4u << 20) + 1;
  char *policy = malloc(size + 1);
  memset(policy, '#', size);
  policy[size] = '\0';
  expect_sentence(policy, "policy.yaml: longer than 4 MiB");
  free(policy);
}

/* YAML and JSON alike, in text that is small against the limit of bytes; libraries take minutes for it. */
Test(policy, values_in_values_have_a_limit_before_anything_else_is_done, .timeout = 20) {
  static const struct {
    const char *piece, *sentence;
    unsigned times;
  } rows[] = {{"[", "policy.yaml:1: values in values more than 32 deep", 200000},
              {"{a: ", "policy.yaml:1: values in values more than 32 deep", 50000},
              {"{\"a\":", "policy.yaml:1: values in values more than 32 deep", 50000},
              {"- ", "policy.yaml:1: values in values more than 32 deep", 100000},
              {"? ", "policy.yaml:1: values in values more than 32 deep", 100000},
              {"a: 1\n", "policy.yaml:250000: more than 500000 names and values", 300000}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    size_t len = strlen(rows[i].piece);
    char *policy = malloc(len * rows[i].times + 1);
    for (unsigned n = 0; n < rows[i].times; n++)
      memcpy(policy + n * len, rows[i].piece, len + 1);
    struct assay_error error = {""};
    cr_expect_null(trust_read(bytes_str(policy), "policy.yaml", NULL, no_keys_at_all, 1, &error));
    cr_expect_str_eq(error.text, rows[i].sentence);
    free(policy);
  }
}

Test(policy, control_characters_do_not_reach_the_sentence) {
  expect_sentence(HEAD "\"\\e[31mred\": 1\n" ISSUER, "policy.yaml:2: unknown field '?[31mred'");
}

/* Key sets: given as text, and by path. */

struct faults {
  char text[256];
};

static void fault_tell(void *arg, struct assay_bytes iss, const struct assay_bytes *kid,
                       enum assay_reason reason) {
  struct faults *faults = arg;
  size_t used = strlen(faults->text);
  snprintf(faults->text + used, sizeof faults->text - used, "%.*s/%.*s:%s ", (int)iss.len,
           (const char *)iss.ptr, kid ? (int)kid->len : 3, kid ? (const char *)kid->ptr : "SET",
           assay_reason_name(reason));
}

static void expect_faults(const char *jwks, const char *expected) {
  struct assay_error error = {""};
  struct faults faults = {""};
  struct trust *trust = read_with(HEAD ISSUER, jwks, &error);
  cr_assert_not_null(trust, "%s", error.text);
  trust_key_faults(trust, fault_tell, &faults);
  cr_expect_str_eq(faults.text, expected);
  trust_free(trust);
}

Test(policy, faults_of_given_keys_are_refusals) {
  expect_faults("{\"keys\":[]}", "");
  expect_faults("{\"keys\":[" ED_KEY("k") "]}", "");
  expect_faults("not json", "a/SET:set-syntax ");
  expect_faults("", "a/SET:set-syntax ");
  expect_faults("{}", "a/SET:set-syntax ");
  expect_faults("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"d\":\"x\"}]}", "a/SET:private-key ");
  expect_faults("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\"}," ED_KEY(
                    "l") ",{\"kty\":\"OKP\",\"crv\":\"X25519\",\"kid\":\"m\"},{\"kty\":\"EC\"}]}",
                "a/k:members a/m:curve a/:members ");
}

static char folder[] = "/tmp/test-policy-XXXXXX";

static void folder_make(void) {
  cr_assert_not_null(mkdtemp(folder));
}

static void folder_remove(void) {
  static const char *const names[] = {"good.jwks", "bad.jwks", "faulty.jwks"};
  char path[64];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    unlink(path);
  }
  rmdir(folder);
}

static void file_make(const char *name, const char *content) {
  char path[64];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  cr_assert_neq(fputs(content, file), EOF);
  cr_assert_eq(fclose(file), 0);
}

static struct trust *read_folder(const char *keys, const struct trust_keys *given,
                                 struct assay_error *error) {
  char policy[256];
  snprintf(policy, sizeof policy, HEAD ISSUER "  keys: %s\n", keys);
  return trust_read(bytes_str(policy), "corpus/policy.yaml", folder, given, given ? 1 : 0, error);
}

Test(policy, keys_by_path, .init = folder_make, .fini = folder_remove) {
  struct assay_error error = {""};
  char absolute[64];
  file_make("good.jwks", "{\"keys\":[" ED_KEY("k") "]}");
  struct trust *trust = read_folder("good.jwks", NULL, &error);
  cr_assert_not_null(trust, "%s", error.text);
  cr_assert(eq(sz, trust->issuers[0].keys.count, 1));
  cr_expect(bytes_eq_str(trust->issuers[0].keys.keys[0].kid, "k"));
  trust_free(trust);
  snprintf(absolute, sizeof absolute, "%s/good.jwks", folder);
  trust = read_folder(absolute, NULL, &error);
  cr_assert_not_null(trust, "%s", error.text);
  cr_expect(eq(sz, trust->issuers[0].keys.count, 1));
  trust_free(trust);
}

Test(policy, given_keys_win_over_the_path, .init = folder_make, .fini = folder_remove) {
  struct assay_error error = {""};
  struct trust *trust = read_folder("missing.jwks", no_keys_at_all, &error);
  cr_assert_not_null(trust, "%s", error.text);
  cr_expect(eq(sz, trust->issuers[0].keys.count, 0));
  cr_expect_eq(trust->issuers[0].keys.refused, REASON_OK);
  trust_free(trust);
}

Test(policy, keys_file_that_cannot_be_read, .init = folder_make, .fini = folder_remove) {
  struct assay_error error = {""};
  char sentence[256];
  cr_expect_null(read_folder("missing.jwks", NULL, &error));
  snprintf(sentence, sizeof sentence, "corpus/policy.yaml:5: %s/missing.jwks: No such file or directory",
           folder);
  cr_expect(eq(str, error.text, sentence));
  file_make("bad.jwks", "{\"keys\":\n[secret]}");
  cr_expect_null(read_folder("bad.jwks", NULL, &error));
  snprintf(sentence, sizeof sentence, "corpus/policy.yaml:5: %s/bad.jwks:2:7: not JSON", folder);
  cr_expect(eq(str, error.text, sentence));
}

Test(policy, faults_in_a_keys_file_are_refusals, .init = folder_make, .fini = folder_remove) {
  struct assay_error error = {""};
  struct faults faults = {""};
  file_make("faulty.jwks", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"short\"}]}");
  struct trust *trust = read_folder("faulty.jwks", NULL, &error);
  cr_assert_not_null(trust, "%s", error.text);
  trust_key_faults(trust, fault_tell, &faults);
  cr_expect_str_eq(faults.text, "a/short:hmac-short ");
  trust_free(trust);
  file_make("faulty.jwks", "{\"kty\":\"oct\"}");
  trust = read_folder("faulty.jwks", NULL, &error);
  cr_assert_not_null(trust, "%s", error.text);
  cr_expect_eq(trust->issuers[0].keys.refused, REASON_SET_SYNTAX);
  trust_free(trust);
}

/* The text must not be needed any more once it is read. */
Test(policy, keeps_nothing_borrowed) {
  struct assay_error error = {""};
  char *policy = strdup(HEAD ISSUER "  tenant: acme\n"), *jwks = strdup("{\"keys\":[" ED_KEY("k") "]}");
  struct trust *trust = read_with(policy, jwks, &error);
  cr_assert_not_null(trust, "%s", error.text);
  free(policy);
  free(jwks);
  cr_expect(bytes_eq_str(trust->issuers[0].iss, "a"));
  cr_expect(bytes_eq_str(trust->issuers[0].tenant, "acme"));
  cr_expect(bytes_eq_str(trust->issuers[0].keys.keys[0].kid, "k"));
  trust_free(trust);
}
