/* What a run says of a policy that asks for less, or for more, than a library can be told; and what is told
 * of policies. */
#include "harness/pipeline/policy/policy_schema.h"
#include "harness/pipeline/policy/trust.h"
#include "tests/cli.h"
#include "tests/verdict_rows.h"

/* RFC 7515 A.1, with its key and another one beside it. The token has no kid. */
#define TOKEN                                                                                                \
  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."                                                                \
  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."          \
  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define OTHER_KEY "{\"kty\":\"oct\",\"k\":\"YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE\"}"
#define ITS_KEY                                                                                              \
  "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-"                                   \
  "1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}"

/* A JWT-SVID of spiffe://example.org/w for "me", under the other key. */
#define SVID                                                                                                 \
  "eyJhbGciOiJIUzI1NiJ9."                                                                                    \
  "eyJzdWIiOiJzcGlmZmU6Ly9leGFtcGxlLm9yZy93IiwiYXVkIjoibWUiLCJleHAiOjEzMDA4MTkzODB9."                        \
  "v4y9FniUOVoC-LCl5iPG3jZocZHhCNa3D9RieTNCZzY"

static FILE *cases_open(const char *folder) {
  char path[128];
  snprintf(path, sizeof path, "%s/cases.jsonl", folder);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  return file;
}

/* One case of the issuer `name`, with these keys and rules. */
static const char *folder_with(const char *name, const char *keys, const char *rules, const char *expect) {
  const char *folder = fresh_folder();
  FILE *file = cases_open(folder);
  fprintf(file,
          "{\"id\":\"one\",\"token\":\"" TOKEN "\",\"now\":1300819379,\"expect\":%s,"
          "\"keys\":{\"%s\":{\"keys\":[%s]}},\"policy\":{\"schema\":\"assay-policy/1\",\"issuers\":"
          "[{\"iss\":\"%s\",\"algorithms\":[\"HS256\"]%s}]}}\n",
          expect, name, keys, name, rules);
  cr_assert_eq(fclose(file), 0);
  return folder;
}

#define ACCEPT "{\"verdict\":\"accept\"}"
#define REJECT(reason) "{\"verdict\":\"reject\",\"reason\":\"" reason "\"}"

/* The result of asking this subject, which the caller releases. */
static json_t *result_of(const char *folder, const char *subject) {
  const struct ran *ran = shell("cd %s && TMPDIR=%s " BIN "/assay check --cases cases.jsonl --subject %s "
                                "--json 2>/dev/null",
                                folder, folder, subject);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%s", ran->out);
  return result;
}

static bool warns_of(const json_t *result, const char *words) {
  size_t i;
  json_t *warning;
  json_array_foreach(json_object_get(result, "warnings"), i, warning) {
    if (strstr(json_string_value(warning), words))
      return true;
  }
  return false;
}

static json_int_t count_of(const json_t *result, const char *member) {
  return json_integer_value(json_object_get(json_array_get(verdict_rows(result), 0), member));
}

Test(cli_policy, what_is_tolerated_is_named) {
  const char *keys = OTHER_KEY "," ITS_KEY;
  const char *folder = folder_with("joe", keys, "", REJECT("key-selection.kid-missing"));
  json_t *result = result_of(folder, "openssl");
  cr_expect_eq(count_of(result, "right"), 1);
  cr_expect_not(warns_of(result, "tolerated"));
  json_decref(result);
  shell("rm -rf %s", folder);
  folder = folder_with(
      "joe", keys, ",\"tolerate\":[\"key-selection.kid-missing\",\"registered-claims.iat-future\"]", ACCEPT);
  result = result_of(folder, "openssl");
  cr_expect_eq(count_of(result, "right"), 1);
  cr_expect(warns_of(result, "tolerated for joe: key-selection.kid-missing, registered-claims.iat-future"));
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(cli_policy, claims_are_held_against_values) {
  const char *good = ",\"values\":{\"http://example.com/is_root\":true}";
  const char *bad = ",\"values\":{\"http://example.com/is_root\":\"true\"}";
  const char *folder = folder_with("joe", ITS_KEY, good, ACCEPT);
  json_t *result = result_of(folder, "openssl");
  cr_expect_eq(count_of(result, "right"), 1);
  json_decref(result);
  shell("rm -rf %s", folder);
  folder = folder_with("joe", ITS_KEY, bad, REJECT("authorisation.value"));
  result = result_of(folder, "openssl");
  cr_expect_eq(count_of(result, "right"), 1);
  json_decref(result);
  shell("rm -rf %s", folder);
}

/* In a line of its own policy, and by the policy beside the cases. */
Test(cli_policy, keys_of_a_trust_domain_are_given_under_its_name) {
  const char *folder = fresh_folder();
  FILE *file = cases_open(folder);
  fputs("{\"id\":\"one\",\"token\":\"" SVID "\",\"now\":1300819379,\"expect\":" ACCEPT ",\"keys\":"
        "{\"example.org\":{\"keys\":[" OTHER_KEY "]}},\"policy\":{\"schema\":\"assay-policy/1\",\"issuers\":"
        "[{\"trust_domain\":\"example.org\",\"algorithms\":[\"HS256\"],\"audience\":[\"me\"]}]}}\n"
        "{\"id\":\"two\",\"token\":\"" SVID "\",\"now\":1300819379,\"expect\":" ACCEPT "}\n"
        "{\"id\":\"three\",\"token\":\"" TOKEN
        "\",\"now\":1300819379,\"expect\":" REJECT("key-selection.iss-unknown") "}\n",
        file);
  cr_assert_eq(fclose(file), 0);
  shell("cd %s && echo '{\"keys\":[" OTHER_KEY "]}' >k.jwks && printf 'schema: assay-policy/1\\nissuers:\\n"
        "  - trust_domain: example.org\\n    keys: k.jwks\\n    algorithms: [HS256]\\n"
        "    audience: [me]\\n' >policy.yaml",
        folder);
  json_t *result = result_of(folder, "openssl"), *row;
  size_t i;
  json_int_t right = 0;
  json_array_foreach(verdict_rows(result), i, row) {
    right += json_integer_value(json_object_get(row, "right"));
  }
  cr_expect_eq(right, 3);
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(cli_policy, hundreds_of_issuers) {
  const char *folder = fresh_folder();
  FILE *file = cases_open(folder);
  fputs("{\"id\":\"one\",\"token\":\"" TOKEN "\",\"now\":1300819379,\"expect\":" ACCEPT "}\n", file);
  cr_assert_eq(fclose(file), 0);
  shell("cd %s && echo '{\"keys\":[" ITS_KEY
        "]}' >k.jwks && { printf 'schema: assay-policy/1\\nissuers:\\n'; "
        "for i in $(seq 300) joe; do printf '  - {iss: \"%%s\", keys: k.jwks, algorithms: [HS256]}\\n' $i; "
        "done; } "
        ">policy.yaml",
        folder);
  json_t *result = result_of(folder, "openssl");
  cr_expect_eq(count_of(result, "right"), 1);
  json_decref(result);
  shell("rm -rf %s", folder);
}

/* Libraries that take an iss as it stands are not blamed for a template. */
Test(cli_policy, a_template_is_unsupported_by_libraries_that_take_an_iss) {
  static const char *const subjects[] = {"rhonabwy", "pyjwt", "ruby-jwt"};
  const char *folder = folder_with("https://j.example/{http://example.com/is_root}", ITS_KEY, "",
                                   REJECT("key-selection.iss-unknown"));
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
    json_t *result = result_of(folder, subjects[i]);
    cr_expect_eq(count_of(result, "unsupported"), 1, "%s", subjects[i]);
    json_decref(result);
  }
  shell("rm -rf %s", folder);
}

/* The topic's example, without the blanks before its lines. */
static char *example_of(const char *help) {
  const char *line = strstr(help, "\nExample:\n");
  cr_assert_not_null(line);
  char *policy = calloc(1, strlen(line));
  for (line += strlen("\nExample:\n"); *line == ' '; line = strchr(line, '\n') + 1)
    strncat(policy, line + 2, (size_t)(strchr(line, '\n') + 1 - line) - 2);
  return policy;
}

Test(cli_policy, the_example_of_the_help_can_be_read) {
  const struct ran *ran = shell(BIN "/assay help policy");
  char *policy = example_of(ran->out);
  static const char *const names[] = {"https://login.example/{tenantid}/v2.0",
                                      "https://sso.example/realms/main", "example.org"};
  struct trust_keys keys[3];
  struct assay_error error = {""};
  for (size_t i = 0; i < 3; i++)
    keys[i] = (struct trust_keys){bytes_str(names[i]), BYTES_LIT("{\"keys\":[]}")};
  struct trust *trust = trust_read(bytes_str(policy), "policy.yaml", NULL, keys, 3, &error);
  cr_assert_not_null(trust, "%s", error.text);
  cr_expect_eq(trust->issuer_count, 3);
  trust_free(trust);
  free(policy);
}

static void expect_fields(const char *help, const cyaml_schema_value_t *schema) {
  const cyaml_schema_field_t *field =
      schema->type == CYAML_MAPPING ? schema->mapping.fields : schema->sequence.entry->mapping.fields;
  for (; field->key; field++) {
    cr_expect_not_null(strstr(help, field->key), "%s", field->key);
    bool of_groups =
        field->value.type == CYAML_SEQUENCE && field->value.sequence.entry->type == CYAML_MAPPING;
    if (field->value.type == CYAML_MAPPING || of_groups)
      expect_fields(help, &field->value);
  }
}

Test(cli_policy, every_field_stands_in_the_help) {
  expect_fields(shell(BIN "/assay help policy")->out, &policy_schema);
}
