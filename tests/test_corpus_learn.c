/* assay corpus learn: nothing of a token comes out, and what is made from a profile has its shape. */
#include "corpus/make/draft.h"
#include "corpus/make/learned.h"
#include "corpus/store/store.h"
#include "tests/cli.h"

#define CORPUS BIN "/assay-corpus"
#define TOKENS 60

static char folder[64];

static void set_up(void) {
  snprintf(folder, sizeof folder, "%s", fresh_folder());
}

static void tear_down(void) {
  shell("rm -rf %s", folder);
}

TestSuite(learn, .init = set_up, .fini = tear_down);

/* What must not come out: every string of the input. */
static char *secrets[4096];
static size_t secret_count;

static const char *secret(const char *text) {
  cr_assert_lt(secret_count, sizeof secrets / sizeof secrets[0]);
  return secrets[secret_count++] = strdup(text);
}

static void add_part(struct text *token, json_t *json) {
  char *compact = json_dumps(json, JSON_COMPACT);
  text_add_b64url(token, compact, strlen(compact));
  free(compact);
  json_decref(json);
}

/* A token of its own words, with RSA-2048's length of signature; not signed, since nobody checks. */
static const char *make_token(unsigned nth) {
  char words[6][64], number[32];
  struct text token = {0};
  uint8_t signature[256];
  snprintf(words[0], 64, "https://issuer-%c.internal.corp/realm", 'A' + nth % 3);
  snprintf(words[1], 64, "employee-%08x-private", nth * 2654435761u);
  snprintf(words[2], 64, "mary.%u@customers.internal", nth);
  snprintf(words[3], 64, "x-department-of-%u", nth % 7);
  snprintf(words[4], 64, "signing-key-of-%u", nth % 5);
  snprintf(words[5], 64, "MIXED-typ-%u", nth);
  snprintf(number, sizeof number, "%u", 1700000000u + nth);
  for (int i = 0; i < 6; i++)
    secret(words[i]);
  secret(number);
  add_part(&token, json_pack("{s:s, s:s, s:s, s:s}", "alg", "RS256", "kid", words[4], "typ", words[5],
                             "x-private-header", "gateway-seven"));
  text_add(&token, ".", 1);
  add_part(&token, json_pack("{s:s, s:s, s:s, s:i, s:i, s:s, s:[s, s], s:{s:s}}", "iss", words[0], "sub",
                             words[1], "email", words[2], "iat", 1700000000 + (int)nth, "exp",
                             1700003600 + (int)nth, words[3], "confidential", "preferred_username",
                             "anna-lena", "benedict", "nested_claim_name", "inner_member", "inner-value"));
  text_add(&token, ".", 1);
  for (size_t i = 0; i < sizeof signature; i++)
    signature[i] = (uint8_t)(i * 37 + nth * 101);
  text_add_b64url(&token, signature, sizeof signature);
  text_add(&token, "", 1);
  const char *kept = secret((char *)token.ptr);
  text_free(&token);
  return kept;
}

static void write_tokens(const char *name, const char *before, const char *after) {
  static const char *const fixed[] = {"x-private-header", "gateway-seven",     "confidential", "anna-lena",
                                      "benedict",         "nested_claim_name", "inner_member", "inner-value"};
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  for (unsigned i = 0; i < TOKENS; i++)
    fprintf(file, "%s%s%s\n", before, make_token(i), after);
  fclose(file);
  for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
    secret(fixed[i]);
}

/* Blanks every registered name that the profile may tell, so that only they may be found in the input. */
static void blank_names(char *profile) {
  for (char *at = profile, *end; (at = strstr(at, "\"name\": \"")) != NULL; at = end) {
    char name[64];
    at += strlen("\"name\": \"");
    end = strchr(at, '"');
    cr_assert_not_null(end);
    snprintf(name, sizeof name, "%.*s", (int)(end - at), at);
    cr_assert(registered_claim(name) || registered_header(name), "'%s' is not registered", name);
    memset(at, ' ', (size_t)(end - at));
  }
}

Test(learn, no_eight_characters_of_the_input_come_out) {
  write_tokens("tokens", "", "");
  const struct ran *ran = shell(CORPUS " learn %s/tokens 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  char *profile = strdup(ran->out);
  cr_assert_not_null(strstr(profile, "preferred_username"), "the test looks at nothing: %s", profile);
  blank_names(profile);
  size_t windows = 0;
  for (size_t i = 0; i < secret_count; i++)
    for (const char *at = secrets[i]; strlen(at) >= 8; at++, windows++) {
      char window[9];
      snprintf(window, sizeof window, "%s", at);
      cr_assert_null(strstr(profile, window), "'%s' of '%s' came out", window, secrets[i]);
    }
  cr_assert_gt(windows, 20000);
  free(profile);
}

static json_t *learn(const char *arguments) {
  const struct ran *ran = shell("cd %s && " CORPUS " learn %s 2>&1", folder, arguments);
  json_t *json = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(json, "%s", ran->out);
  return json;
}

static json_t *first(json_t *json, const char *list) {
  return json_array_get(json_object_get(json, list), 0);
}

Test(learn, it_counts_what_there_is) {
  write_tokens("tokens", "", "");
  shell("cd %s && printf 'not a token\\n\\na.b.c.d.e\\n' >> tokens", folder);
  json_t *profile = learn("tokens"), *shape = first(profile, "shapes");
  json_t *skipped = json_object_get(profile, "skipped"), *others = json_object_get(profile, "private_claims");
  cr_expect_eq(json_integer_value(json_object_get(profile, "tokens")), TOKENS);
  cr_expect_eq(json_integer_value(json_object_get(skipped, "no_token")), 1);
  cr_expect_eq(json_integer_value(json_object_get(skipped, "encrypted")), 1);
  cr_expect_str_eq(json_string_value(json_object_get(shape, "alg")), "RS256");
  cr_expect_eq(json_integer_value(json_object_get(shape, "key_bits")), 2048);
  cr_expect_eq(json_integer_value(json_object_get(shape, "claims")), 8);
  cr_expect_eq(json_integer_value(json_object_get(others, "per_token")), 2);
  cr_expect_eq(json_array_size(json_object_get(profile, "issuers")), 3);
  json_decref(profile);
}

Test(learn, issuers_hash_differently_every_time) {
  write_tokens("tokens", "", "");
  json_t *one = learn("tokens"), *other = learn("- < tokens");
  cr_expect_str_neq(json_string_value(json_object_get(first(one, "issuers"), "hash")),
                    json_string_value(json_object_get(first(other, "issuers"), "hash")));
  cr_expect(json_equal(json_object_get(one, "shapes"), json_object_get(other, "shapes")));
  json_decref(one);
  json_decref(other);
}

Test(learn, logs_by_pattern_and_bearer_lines) {
  write_tokens("log", "203.0.113.7 GET /orders \"Authorization: Bearer ", "\" 200");
  write_tokens("bearer", "Bearer ", "");
  json_t *log = learn("log --pattern 'Bearer ([A-Za-z0-9_.-]+)\"'"), *bearer = learn("bearer");
  cr_expect_eq(json_integer_value(json_object_get(log, "tokens")), TOKENS);
  cr_expect(json_equal(json_object_get(log, "shapes"), json_object_get(bearer, "shapes")));
  json_decref(log);
  json_decref(bearer);
}

/* ---- generating ---- */

static const char profile_text[] =
    "{\"schema\": \"assay-profile/1\", \"tokens\": 1000, \"shapes\": ["
    "{\"alg\": \"ES256\", \"key_bits\": 0, \"claims\": 14, \"token_bytes\": 1216, \"share\": 0.6},"
    "{\"alg\": \"ES256\", \"key_bits\": 0, \"claims\": 30, \"token_bytes\": 3008, \"share\": 0.1},"
    "{\"alg\": \"HS256\", \"key_bits\": 0, \"claims\": 8, \"token_bytes\": 608, \"share\": 0.3}],"
    "\"claims\": [{\"name\": \"email\", \"share\": 1, \"kinds\": {\"string\": 1}, \"bytes\": 24},"
    "{\"name\": \"act\", \"share\": 1, \"kinds\": {\"object\": 1}, \"bytes\": 24}],"
    "\"private_claims\": {\"per_token\": 5, \"kinds\": {\"string\": 0.7, \"object\": 0.3}, \"bytes\": 40},"
    "\"issuers\": [{\"hash\": \"00\", \"share\": 1}]}";

static void write_profile(const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s/p.json", folder);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  fputs(text, file);
  fclose(file);
}

static const struct ran *generate(const char *arguments) {
  return shell("cd %s && " CORPUS " generate --profile p.json --per-variant 1 --tokens 100 --out %s 2>&1",
               folder, arguments);
}

static unsigned count_claims(struct assay_bytes token) {
  const struct ran *ran = shell("python3 -c 'import base64, json, sys; part = sys.argv[1].split(\".\")[1]; "
                                "print(len(json.loads(base64.urlsafe_b64decode(part + \"==\"))))' '%.*s'",
                                (int)token.len, (const char *)token.ptr);
  return (unsigned)atoi(ran->out);
}

Test(learn, a_corpus_has_the_shape_of_its_profile, .timeout = 300) {
  write_profile(profile_text);
  cr_assert_eq(generate("c")->code, 0);
  char path[128];
  struct assay_error error = {0};
  struct corpus corpus;
  snprintf(path, sizeof path, "%s/c", folder);
  cr_assert(corpus_open(&corpus, path, &error), "%s", error.text);
  unsigned counts[3] = {0};
  for (uint64_t i = 0; i < corpus.header->token_count; i++) {
    const struct corpus_token *token = &corpus.tokens[i];
    struct assay_bytes class_id = corpus_bytes(&corpus, corpus.variants[token->variant].class_id);
    cr_assert(token->alg == ASSAY_ES256 || token->alg == ASSAY_HS256, "another algorithm");
    if (!bytes_eq(class_id, bytes_str("valid")))
      continue;
    int shape = token->alg == ASSAY_HS256 ? 2 : token->token.len > 2000;
    static const int bytes[] = {1216, 3008, 608};
    cr_expect_leq(abs((int)token->token.len - bytes[shape]), 8, "%u is not about %d", token->token.len,
                  bytes[shape]);
    counts[shape]++;
  }
  cr_expect_eq(counts[0], 60);
  cr_expect_eq(counts[1], 10);
  cr_expect_eq(counts[2], 30);
  cr_expect_eq(count_claims(corpus_bytes(&corpus, corpus.tokens[0].token)), 14);
  cr_expect_eq(count_claims(corpus_bytes(&corpus, corpus.tokens[60].token)), 30);
  corpus_close(&corpus);
  /* What it expects is what a backend says of it. */
  const struct ran *ran = shell(BIN "/assay check --subject openssl --corpus %s/c 2>&1", folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
}

Test(learn, the_same_profile_and_seed_give_the_same_bytes, .timeout = 300) {
  write_profile(profile_text);
  cr_assert_eq(generate("one --threads 1")->code, 0);
  cr_assert_eq(generate("two --threads 3")->code, 0);
  cr_expect_eq(shell("cd %s && diff -r one two", folder)->code, 0);
}

Test(learn, bad_input_is_one_sentence) {
  COMPLAINS(shell(CORPUS " learn %s/none 2>&1", folder), "none", "No such file");
  COMPLAINS(shell(CORPUS " learn 2>&1"), "learn: FILE");
  COMPLAINS(shell("echo x | " CORPUS " learn - 2>&1"), "standard input", "no signed token", "1 without one",
            "--pattern REGEX");
  cr_expect_null(strstr(shell("echo x | " CORPUS " learn - --pattern '(x)' 2>&1")->out, "--pattern"));
  COMPLAINS(shell("echo x | " CORPUS " learn - --pattern 'x' 2>&1"), "no group");
  COMPLAINS(shell("echo x | " CORPUS " learn - --pattern '(x' 2>&1"), "--pattern '(x'");
  COMPLAINS(shell(CORPUS " generate --out %s/c --profile smal 2>&1", folder), "did you mean 'small'");
  COMPLAINS(shell(CORPUS " generate --out %s/c --profile %s/none.json 2>&1", folder, folder), "none.json");
  COMPLAINS(shell(CORPUS " generate --out %s/c --tokens 5 2>&1", folder), "--tokens needs --profile FILE");
  static const char *const broken[][2] = {
      {"{", "p.json:1:"},
      {"{}", "assay-profile/1"},
      {"{\"schema\": \"assay-profile/1\"}", "shapes"},
      {"{\"schema\": \"assay-profile/1\", \"shapes\": [{\"alg\": \"XX\"}]}", "'XX'"},
      {"{\"schema\": \"assay-profile/1\", \"shapes\": [{\"alg\": \"ES256\", \"key_bits\": -1}]}", "key_bits"},
      {"{\"schema\": \"assay-profile/1\", \"shapes\": [{\"alg\": \"ES256\", \"key_bits\": 0, \"claims\": "
       "1.5}]}",
       "claims must be a whole number"},
      {"{\"schema\": \"assay-profile/1\", \"shapes\": [{\"alg\": \"ES256\", \"key_bits\": 0, \"claims\": 1, "
       "\"token_bytes\": 9, \"share\": 0}]}",
       "all 0"}};
  for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
    write_profile(broken[i][0]);
    COMPLAINS(generate("c"), "p.json", broken[i][1]);
  }
}
