/* The JSON that whole verifiers get of a policy: every kind of value, nothing that is not there, no paths. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "harness/pipeline/policy/policy_json.h"

#define HEAD "schema: assay-policy/1\n"
#define ISSUER "issuers:\n  - iss: https://a.example\n    algorithms: [RS256, ES256]\n"

static json_t *json_of(const char *policy) {
  struct assay_error error = {0};
  char *text = policy_json(bytes_str(policy), "policy.yaml", &error);
  cr_assert_not_null(text, "%s", error.text);
  json_t *object = json_loads(text, 0, NULL);
  cr_assert_not_null(object, "%s", text);
  free(text);
  return object;
}

/* Compares with the JSON that is meant, order of members aside. */
static void assert_json(const char *policy, const char *meant) {
  json_t *object = json_of(policy), *expected = json_loads(meant, 0, NULL);
  cr_assert_not_null(expected, "the test itself: %s", meant);
  char *text = json_dumps(object, JSON_COMPACT);
  cr_expect(json_equal(object, expected), "%s is not %s", text, meant);
  free(text);
  json_decref(object);
  json_decref(expected);
}

Test(policy_json, has_what_the_policy_has_and_nothing_more) {
  assert_json(HEAD ISSUER, "{\"schema\":\"assay-policy/1\",\"issuers\":[{\"iss\":\"https://a.example\","
                           "\"algorithms\":[\"RS256\",\"ES256\"]}]}");
}

Test(policy_json, keeps_numbers_flags_and_words_apart) {
  assert_json(HEAD "now: -5\nleeway_s: 30\ntyp: {allow: [\"1\", 'true', JWT], required: true}\n" ISSUER
                   "    nonce: optional\n    tenant: \"17\"\n    cnf_jkt: false\n",
              "{\"schema\":\"assay-policy/1\",\"now\":-5,\"leeway_s\":30,"
              "\"typ\":{\"allow\":[\"1\",\"true\",\"JWT\"],\"required\":true},"
              "\"issuers\":[{\"iss\":\"https://a.example\",\"algorithms\":[\"RS256\",\"ES256\"],"
              "\"nonce\":\"optional\",\"tenant\":\"17\",\"cnf_jkt\":false}]}");
}

Test(policy_json, goes_down_into_groups_and_lists_of_groups) {
  assert_json(HEAD ISSUER "    actors: {allow: [svc-a], max_depth: 1}\n    revoked: {kid: [k1], sub: [s]}\n"
                          "    active_from: [{kid: k2, at: 1767230000}]\n",
              "{\"schema\":\"assay-policy/1\",\"issuers\":[{\"iss\":\"https://a.example\","
              "\"algorithms\":[\"RS256\",\"ES256\"],\"actors\":{\"allow\":[\"svc-a\"],\"max_depth\":1},"
              "\"revoked\":{\"kid\":[\"k1\"],\"sub\":[\"s\"]},"
              "\"active_from\":[{\"kid\":\"k2\",\"at\":1767230000}]}]}");
}

Test(policy_json, is_the_same_for_a_policy_that_is_json_already) {
  const char *policy = "{\"schema\":\"assay-policy/1\",\"issuers\":[{\"iss\":\"\\u00e9\","
                       "\"algorithms\":[\"EdDSA\"]}]}";
  assert_json(policy, policy);
}

Test(policy_json, keeps_each_way_of_writing_a_field) {
  assert_json(HEAD ISSUER "    audience: any\n    scope: {claim: scp, all: [read]}\n    roles: [admin]\n"
                          "    values: {token_use: access, email_verified: true, n: 7, 'ver': '2'}\n"
                          "    cnf: {x5t_s256: any}\n  - trust_domain: example.org\n    algorithms: [ES256]\n"
                          "    audience: [me]\n    sole_audience: true\n",
              "{\"schema\":\"assay-policy/1\",\"issuers\":[{\"iss\":\"https://a.example\","
              "\"algorithms\":[\"RS256\",\"ES256\"],\"audience\":\"any\","
              "\"scope\":{\"claim\":\"scp\",\"all\":[\"read\"]},\"roles\":[\"admin\"],"
              "\"values\":{\"token_use\":\"access\",\"email_verified\":true,\"n\":7,\"ver\":\"2\"},"
              "\"cnf\":{\"x5t_s256\":\"any\"}},{\"trust_domain\":\"example.org\","
              "\"algorithms\":[\"ES256\"],\"audience\":[\"me\"],\"sole_audience\":true}]}");
}

Test(policy_json, leaves_key_paths_out) {
  json_t *object = json_of(HEAD ISSUER "    keys: keys/a.jwks\n");
  cr_expect_null(json_object_get(json_array_get(json_object_get(object, "issuers"), 0), "keys"));
  json_decref(object);
}

static void collect_reason(void *arg, const char *iss, const char *reason) {
  char *all = arg;
  snprintf(all + strlen(all), 200 - strlen(all), "%s=%s;", iss, reason);
}

static void collect(void *arg, const char *iss, const char *path, size_t line) {
  char *all = arg;
  snprintf(all + strlen(all), 200 - strlen(all), "%zu: %s=%s;", line, iss, path);
}

Test(policy_json, tells_key_paths_of_those_issuers_that_have_one) {
  char all[200] = "";
  struct assay_error error = {0};
  const char *policy = HEAD ISSUER "    keys: a.jwks\n  - iss: b\n    algorithms: [HS256]\n"
                                   "  - iss: c\n    algorithms: [HS256]\n    keys: /c.jwks\n";
  cr_assert(policy_key_paths(bytes_str(policy), "policy.yaml", collect, all, &error), "%s", error.text);
  cr_expect_str_eq(all, "5: https://a.example=a.jwks;10: c=/c.jwks;");
}

Test(policy_json, tells_what_each_issuer_tolerates) {
  char all[200] = "";
  struct assay_error error = {0};
  const char *policy = HEAD ISSUER "  - trust_domain: b\n    algorithms: [HS256]\n"
                                   "    tolerate: [key-selection.kid-missing, header-policy.key-url]\n";
  cr_assert(policy_tolerances(bytes_str(policy), "policy.yaml", collect_reason, all, &error), "%s",
            error.text);
  cr_expect_str_eq(all, "b=key-selection.kid-missing;b=header-policy.key-url;");
}

Test(policy_json, refuses_what_trust_read_refuses) {
  struct assay_error error = {0};
  cr_expect_null(policy_json(bytes_str(HEAD ISSUER "    audiense: [x]\n"), "policy.yaml", &error));
  cr_expect_not_null(strstr(error.text, "policy.yaml:5: unknown field 'audiense', did you mean 'audience'?"),
                     "%s", error.text);
  char all[200] = "";
  cr_expect_not(policy_key_paths(bytes_str("issuers: 7\n"), "policy.yaml", collect, all, &error));
}
