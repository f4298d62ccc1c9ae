/* Rows that say everything themselves: what they make of claims and policy. */
#include <criterion/criterion.h>
#include <signal.h>

#include "corpus/make/claim_rows.h"

static const struct ring_issuer issuer = {.iss = "https://login.example", .audience = "https://api.example"};

/* With a policy already there, draft_policy_issuer needs no keyring. */
static struct draft draft_with(const char *row) {
  return (struct draft){.issuer = &issuer,
                        .row_text = row,
                        .claims = json_pack("{s:s, s:i}", "sub", "person", "exp", 5),
                        .policy =
                            json_pack("{s:[{s:s, s:i}]}", "issuers", "iss", issuer.iss, "max_age_s", 1)};
}

static void assert_json(json_t *json, const char *expected) {
  char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
  cr_assert_str_eq(text, expected);
  free(text);
}

Test(claim_rows, a_value_has_quotes_and_itself) {
  json_t *value = row_value("['@', 7, null]", "https://api.example");
  assert_json(value, "[\"https://api.example\",7,null]");
  json_decref(value);
}

Test(claim_rows, members_replace_and_join_claims) {
  struct draft draft = draft_with("'exp': null, 'aud': '@'");
  claims_change(&draft);
  assert_json(draft.claims, "{\"sub\":\"person\",\"exp\":null,\"aud\":\"https://api.example\"}");
  draft_fini(&draft);
}

Test(claim_rows, a_claim_is_left_out_whether_it_is_there_or_not) {
  struct draft draft = draft_with("-exp");
  claims_change(&draft);
  claims_change(&draft);
  assert_json(draft.claims, "{\"sub\":\"person\"}");
  draft_fini(&draft);
}

Test(claim_rows, a_demand_changes_the_policy_and_the_claims) {
  struct draft draft = draft_with("'azp': ['client-1'] | 'azp': 'client-2'");
  claims_demand(&draft);
  assert_json(draft.claims, "{\"sub\":\"person\",\"exp\":5,\"azp\":\"client-2\"}");
  assert_json(draft_policy_issuer(&draft),
              "{\"iss\":\"https://login.example\",\"max_age_s\":1,\"azp\":[\"client-1\"]}");
  draft_fini(&draft);
}

Test(claim_rows, the_same_token_is_filed_to_be_sent_first) {
  struct draft draft = draft_with("");
  text_set_str(&draft.token, "a.b.c");
  first_same(&draft);
  text_set_str(&draft.token, "x");
  cr_assert(bytes_eq_str(bytes_of(draft.first.ptr, draft.first.len), "a.b.c"));
  draft_fini(&draft);
}

/* A row that is not JSON is a mistake in a table: it must not pass for a mutation. */
Test(claim_rows, a_row_that_is_no_json_ends_the_generator, .signal = SIGABRT) {
  struct draft draft = draft_with("'exp': nul");
  claims_change(&draft);
}

Test(claim_rows, a_demand_without_a_bar_ends_the_generator, .signal = SIGABRT) {
  struct draft draft = draft_with("'azp': ['client-1']");
  claims_demand(&draft);
}
