/* People's own keys: every form of a key file, by every way in which keys come to assay; and what is no key
 * file is told with exit code 4, file and place, never as a verdict of a library. */
#include "tests/own_keys.h"

#define CLAIMS "{\"iss\":\"" OWN_ISS "\",\"exp\":1767229200}"
#define NOW "1767225600"
#define ISSUERS                                                                                              \
  "schema: assay-policy/1\nnow: " NOW "\nissuers:\n  - iss: " OWN_ISS "\n    algorithms: [ES256]\n"

static struct own_key own, other;
static const char *folder;

/* Keys, files of all their forms, and a token; each test is a process of its own. */
static void set_up(void) {
  struct text text = {0};
  own = own_key_make(ASSAY_ES256, 1);
  other = own_key_make(ASSAY_ES384, 2);
  folder = fresh_folder();
  for (enum own_form form = 0; form < OWN_FORM_COUNT; form++) {
    own_add(&own, &other, form, &text);
    own_write(folder, own_form_names[form], text.ptr, text.len);
    text_clear(&text);
  }
  text_free(&text);
}

static void tear_down(void) {
  shell("rm -rf %s", folder);
  own_key_fini(&own);
  own_key_fini(&other);
}

TestSuite(cli_keys, .init = set_up, .fini = tear_down);

/* A line of a case. more: further members, each behind a comma. */
static void add_case(struct text *lines, const char *id, const char *kid, const char *reason,
                     const char *more) {
  char *token = own_token(&own, kid, CLAIMS);
  text_addf(lines, "{\"id\":\"%s\",\"token\":\"%s\",\"expect\":{\"verdict\":\"%s\"%s%s%s}%s}\n", id, token,
            reason ? "reject" : "accept", reason ? ",\"reason\":\"" : "", reason ? reason : "",
            reason ? "\"" : "", more);
  free(token);
}

static void write_lines(struct text *lines) {
  own_write(folder, "cases.jsonl", lines->ptr, lines->len);
  text_free(lines);
}

/* One case that must be accepted. */
static void write_case(const char *kid, const char *more) {
  struct text lines = {0};
  add_case(&lines, "a", kid, NULL, more);
  write_lines(&lines);
}

/* Tokens with the key's kid, another one, and none. A set or a map is taken by the word, a file of another
 * form serves any kid. */
static void write_kids(enum own_form form) {
  struct text lines = {0};
  bool names = form == OWN_JWKS || form == OWN_JWKS_WITH_MARK || form == OWN_JWK || form == OWN_MAP;
  add_case(&lines, "own", OWN_KID, NULL, "");
  add_case(&lines, "another", "another", names ? "key-selection.kid-unknown" : NULL, "");
  add_case(&lines, "none", NULL, NULL, "");
  write_lines(&lines);
}

static void write_policy(const char *name, const char *keys) {
  struct text policy = {0};
  text_addf(&policy, ISSUERS "    keys: %s   # theirs\n", keys);
  own_write(folder, name, policy.ptr, policy.len);
  text_free(&policy);
}

#define ASK "cd %s && TMPDIR=%s " BIN "/assay check"
#define CHECK ASK " --subject openssl"

static void expect_accepted(const struct ran *ran, const char *what) {
  cr_expect_eq(ran->code, 0, "%s: exit %d: %s", what, ran->code, ran->out);
}

Test(cli_keys, every_form_beside_the_cases_and_by_policy) {
  for (enum own_form form = 0; form < OWN_FORM_COUNT; form++) {
    write_kids(form);
    write_policy("policy.yaml", own_form_names[form]);
    expect_accepted(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder), own_form_names[form]);
    shell("mv %s/policy.yaml %s/other.yaml", folder, folder);
    expect_accepted(shell(CHECK " --cases cases.jsonl --policy other.yaml 2>&1", folder, folder),
                    own_form_names[form]);
  }
}

Test(cli_keys, a_whole_library_gets_the_same_keys) {
  write_case("another", "");
  write_policy("policy.yaml", "public.pem");
  expect_accepted(
      shell(CHECK ",libjwt --fail-on reject,unsupported --cases cases.jsonl 2>&1", folder, folder), "libjwt");
}

/* PEM of an absolute path, or from above the policy's folder, has to do with neither folder of assay's. */
Test(cli_keys, files_elsewhere_are_read_too) {
  char keys[256];
  write_case(OWN_KID, "");
  snprintf(keys, sizeof keys, "%s/public.pem", folder);
  write_policy("policy.yaml", keys);
  expect_accepted(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder), keys);
  shell("mkdir %s/below && mv %s/cases.jsonl %s/below", folder, folder, folder);
  write_policy("below/policy.yaml", "'../public.pem'");
  expect_accepted(shell(CHECK " --cases below/cases.jsonl 2>&1", folder, folder), "../public.pem");
}

Test(cli_keys, every_form_that_json_can_hold_in_a_case_line) {
  for (enum own_form form = 0; form < OWN_FORM_COUNT; form++) {
    struct text text = {0}, more = {0};
    if (form == OWN_DER || form == OWN_JWKS_WITH_MARK)
      continue;
    own_add(&own, &other, form, &text);
    text_add(&text, "", 1);
    json_t *value = json_loads((char *)text.ptr, 0, NULL);
    if (!value)
      value = json_string((char *)text.ptr);
    char *json = json_dumps(value, JSON_ENCODE_ANY);
    text_addf(&more,
              ",\"keys\":{\"" OWN_ISS "\":%s},\"policy\":{\"schema\":\"assay-policy/1\",\"now\":" NOW
              ",\"issuers\":[{\"iss\":\"" OWN_ISS "\",\"algorithms\":[\"ES256\"]}]}",
              json);
    text_add(&more, "", 1);
    write_case(OWN_KID, (char *)more.ptr);
    expect_accepted(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder), own_form_names[form]);
    text_clear(&more);
    text_addf(&more,
              ",\"policy\":{\"schema\":\"assay-policy/1\",\"now\":" NOW ",\"issuers\":[{\"iss\":\"" OWN_ISS
              "\",\"algorithms\":[\"ES256\"],\"keys\":%s}]}",
              json);
    text_add(&more, "", 1);
    if (form != OWN_BASE64) { /* a string without lines around the key may be the name of a file */
      write_case(OWN_KID, (char *)more.ptr);
      expect_accepted(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder), own_form_names[form]);
    }
    free(json);
    json_decref(value);
    text_free(&text);
    text_free(&more);
  }
}

/* What a case line has become can be taken in again, and measured. */
Test(cli_keys, an_import_keeps_what_it_has_settled) {
  write_case(OWN_KID, "");
  write_policy("policy.yaml", "public.pem");
  const struct ran *ran = shell("cd %s && " BIN "/assay-corpus import cases.jsonl --out made 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  expect_accepted(shell(CHECK " --corpus made 2>&1", folder, folder), "the import");
  expect_accepted(shell(CHECK " --cases made/tokens.jsonl 2>&1", folder, folder), "its lines");
}

Test(cli_keys, a_policy_for_a_corpus_takes_every_form) {
  write_case(NULL, "");
  write_policy("policy.yaml", "keys.jwks");
  const struct ran *ran = shell("cd %s && " BIN "/assay-corpus import cases.jsonl --out made 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  for (enum own_form form = 0; form < OWN_FORM_COUNT; form++) {
    write_policy("other.yaml", own_form_names[form]);
    expect_accepted(shell(CHECK " --corpus made --policy other.yaml 2>&1", folder, folder),
                    own_form_names[form]);
  }
}

/* ---- what is none ---- */

static const struct {
  const char *text, *words;
} others[] = {{"<!doctype html><html>no such page</html>", "an HTML page"},
              {"-----BEGIN PRIVATE KEY-----\nMDEAAA\n-----END PRIVATE KEY-----\n", "a private key"},
              {"-----BEGIN OPENSSH PRIVATE KEY-----\nMDEAAA\n-----END OPENSSH PRIVATE KEY-----\n",
               "an OpenSSH private key"},
              {"ssh-ed25519 AAAAC3Nz joe\n", "an OpenSSH public key"},
              {"", "there is nothing in it"},
              {"{\"keys\":[{\"kty\":\"EC\",\"kid\":\"a\",\"kid\":\"a\"}]}", "'kid' stands twice"},
              {"{\"issuer\":\"https://login.example\",\"jwks_uri\":\"https://login.example/keys\"}",
               "curl -o keys.jwks 'https://login.example/keys'"}};

Test(cli_keys, what_is_no_key_file_is_named_on_every_way) {
  write_case(OWN_KID, "");
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    own_write_str(folder, "thing", others[i].text);
    write_policy("policy.yaml", "thing");
    COMPLAINS(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder),
              "policy.yaml:6: thing:", others[i].words);
    write_policy("other.yaml", "thing");
    COMPLAINS(shell(CHECK " --cases cases.jsonl --policy other.yaml 2>&1", folder, folder),
              "other.yaml:6: thing:", others[i].words);
    const struct ran *ran =
        shell(CHECK " --corpus %s --policy other.yaml 2>&1", folder, folder, test_corpus());
    COMPLAINS(ran, "other.yaml:6: thing:", others[i].words);
    cr_expect_not(strstr(ran->out, "MDEAAA"), "%s", ran->out);
  }
}

Test(cli_keys, a_string_in_a_case_line_must_hold_keys) {
  write_case(OWN_KID, ",\"keys\":{\"" OWN_ISS "\":\"public.pem\"}");
  write_policy("policy.yaml", "keys.jwks");
  COMPLAINS(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder),
            "cases.jsonl:1:", "the keys of " OWN_ISS, "text that is no key");
}

/* What stands in a line in place of a key set, where the token is to be accepted, or nothing is expected. */
static const struct {
  const char *keys, *words;
} no_sets[] = {{"{\"issuer\":\"https://i.example\",\"jwks_uri\":\"https://i.example/k\"}", "metadata"},
               {"{}", "it has no members"},
               {"null", "no key set"},
               {"5", "no key set"},
               {"[]", "no key set"},
               {"{\"keyz\":[]}", "it has 'keyz'"},
               {"{\"keys\":{}}", "its 'keys' is no array"},
               {"{\"keys\":[7]}", "is no JWK"}};

#define LINE_POLICY                                                                                          \
  "\"policy\":{\"schema\":\"assay-policy/1\",\"now\":" NOW ",\"issuers\":[{\"iss\":\"" OWN_ISS               \
  "\",\"algorithms\":[\"ES256\"]}]}"

Test(cli_keys, what_is_no_key_set_in_a_line_is_a_mistake_where_it_has_to_serve) {
  char more[600];
  shell("rm -f %s/policy.yaml", folder);
  for (size_t i = 0; i < sizeof no_sets / sizeof no_sets[0]; i++) {
    struct text lines = {0};
    snprintf(more, sizeof more, ",\"keys\":{\"" OWN_ISS "\":%s}," LINE_POLICY, no_sets[i].keys);
    add_case(&lines, "about-keys", OWN_KID, "key-import.set-syntax", more);
    add_case(&lines, "about-a-token", OWN_KID, NULL, more);
    write_lines(&lines);
    COMPLAINS(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder),
              "cases.jsonl:2:", "the keys of " OWN_ISS ": ", no_sets[i].words);
  }
}

/* A library has to refuse it, and is asked whether it does. */
Test(cli_keys, a_case_about_key_sets_keeps_what_is_none) {
  struct text lines = {0};
  shell("rm -f %s/policy.yaml", folder);
  add_case(&lines, "object", OWN_KID, "key-import.set-syntax",
           ",\"keys\":{\"" OWN_ISS "\":{\"keys\":{}}}," LINE_POLICY);
  add_case(&lines, "null", OWN_KID, "key-import.set-syntax",
           ",\"keys\":{\"" OWN_ISS "\":{\"keys\":null}}," LINE_POLICY);
  write_lines(&lines);
  expect_accepted(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder), "sets that are none");
}

#define NEW_CLAIMS "{\"iss\":\"" OWN_ISS "\",\"exp\":4102444800%s}"

/* A line of tokens.txt; more: further claims, each behind a comma. */
static void add_token(struct text *lines, const char *before, const char *kid, const char *more) {
  char claims[400];
  snprintf(claims, sizeof claims, NEW_CLAIMS, more);
  char *token = own_token(&own, kid, claims);
  text_addf(lines, "%s%s\n", before, token);
  free(token);
}

static void write_tokens(struct text *lines) {
  own_write(folder, "tokens.txt", lines->ptr, lines->len);
  text_free(lines);
}

#define TOKENS CHECK " --tokens tokens.txt "

static void expect_says(const struct ran *ran, const char *what, const char *words) {
  cr_expect(strstr(ran->out, words), "%s: '%s' is not in: %s", what, words, ran->out);
}

/* "/tmp/.../assay-cases-x/corpus/policy.yaml" is gone when its reader looks for it. */
static void expect_no_inner_name(const struct ran *ran) {
  cr_expect_not(strstr(ran->out, "assay-"), "%s", ran->out);
  cr_expect_not(strstr(ran->out, "corpus/"), "%s", ran->out);
}

/* The same check on each way: a set that no token can be checked with is no finding about a library. */
Test(cli_keys, a_refused_set_is_told_on_every_way) {
  struct text twice = {0};
  json_t *jwk = signing_key_jwk(&own.key);
  own_add_json(json_pack("{s:[O,o]}", "keys", jwk, jwk), &twice);
  own_write(folder, "twice.jwks", twice.ptr, twice.len);
  text_free(&twice);
  write_case(OWN_KID, "");
  write_policy("policy.yaml", "twice.jwks");
  write_policy("other.yaml", "twice.jwks");
  COMPLAINS(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder),
            "policy.yaml:6: twice.jwks: the key set of " OWN_ISS " is refused: ", "key-import.duplicate-kid");
  COMPLAINS(shell(CHECK " --cases cases.jsonl --policy other.yaml 2>&1", folder, folder),
            "other.yaml:6: twice.jwks: ", "key-import.duplicate-kid");
  COMPLAINS(shell(CHECK " --corpus %s --policy other.yaml 2>&1", folder, folder, test_corpus()),
            "other.yaml:6: twice.jwks: ", "key-import.duplicate-kid");
  shell("cd %s && " BIN "/assay-corpus import cases.jsonl --out made 2>&1", folder);
  COMPLAINS(shell(CHECK " --corpus made 2>&1", folder, folder),
            "made/policy.yaml:6: twice.jwks: ", "key-import.duplicate-kid");
}

/* A file from elsewhere has another name in the copy that assay works with. */
Test(cli_keys, a_refused_key_is_named_by_the_user_s_own_line_and_file) {
  struct text weak = {0};
  own_add_json(json_pack("{s:[{s:s,s:s,s:s}]}", "keys", "kty", "oct", "kid", "short-one", "k", "AAAA"),
               &weak);
  shell("mkdir %s/below", folder);
  own_write(folder, "weak.jwks", weak.ptr, weak.len);
  text_free(&weak);
  write_case(OWN_KID, "");
  write_policy("below/policy.yaml", "./../weak.jwks");
  shell("mv %s/cases.jsonl %s/below", folder, folder);
  const struct ran *ran = shell(CHECK " --cases below/cases.jsonl 2>&1", folder, folder);
  expect_says(ran, "weak",
              "below/policy.yaml:6: ./../weak.jwks: the key 'short-one' of " OWN_ISS " is refused: ");
  ran = shell(CHECK " --corpus %s --policy below/policy.yaml 2>&1", folder, folder, test_corpus());
  expect_says(ran, "weak", "below/policy.yaml:6: ./../weak.jwks: the key 'short-one'");
}

Test(cli_keys, keys_of_the_command_line_are_named_by_their_files) {
  struct text lines = {0}, twice = {0};
  json_t *jwk = signing_key_jwk(&own.key);
  own_add_json(json_pack("{s:[O,o]}", "keys", jwk, jwk), &twice);
  own_write(folder, "twice.jwks", twice.ptr, twice.len);
  text_free(&twice);
  own_write_str(folder, "short", "abc\n");
  add_token(&lines, "", OWN_KID, "");
  write_tokens(&lines);
  const struct ran *ran = shell(TOKENS "--keys twice.jwks --issuer x 2>&1", folder, folder);
  COMPLAINS(ran, "twice.jwks: the key set of x is refused: key-import.duplicate-kid: ");
  expect_no_inner_name(ran);
  COMPLAINS(shell(TOKENS "--keys keys.jwks,keys.jwks --issuer x 2>&1", folder, folder),
            "keys.jwks, keys.jwks: the key set of x is refused");
  ran = shell(TOKENS "--secret-file short --issuer x 2>&1", folder, folder);
  expect_says(ran, "short", "assay check: short: a key of x without a kid is refused: key-import.hmac-short");
  expect_no_inner_name(ran);
  COMPLAINS(shell(TOKENS "--keys public.pem --secret-file short --issuer x 2>&1", folder, folder),
            "--secret-file and public keys in --keys exclude each other");
  COMPLAINS(shell(TOKENS "--keys keys.jwks --issuer \"$(printf 'a\\377')\" 2>&1", folder, folder),
            "--issuer is not in UTF-8");
}

Test(cli_keys, nothing_is_left_behind) {
  write_case(OWN_KID, "");
  write_policy("other.yaml", "public.pem");
  shell("mkdir %s/tmp", folder);
  shell("cd %s && TMPDIR=%s/tmp " BIN "/assay check --corpus %s --policy other.yaml --subject openssl 2>&1",
        folder, folder, test_corpus());
  shell("cd %s && TMPDIR=%s/tmp " BIN "/assay check --corpus %s --policy nowhere.yaml --subject openssl 2>&1",
        folder, folder, test_corpus());
  cr_expect_str_eq(shell("ls -A %s/tmp", folder)->out, "");
}

/* ---- tokens without a policy ---- */

Test(cli_keys, every_form_on_the_command_line) {
  for (enum own_form form = 0; form < OWN_FORM_COUNT; form++) {
    struct text lines = {0};
    add_token(&lines, "", OWN_KID, "");
    add_token(&lines, "Bearer ", NULL, "");
    add_token(&lines, "# theirs\n\n  Authorization: bearer ", OWN_KID, "");
    write_tokens(&lines);
    const struct ran *ran =
        shell(TOKENS "--keys %s --issuer " OWN_ISS " 2>&1", folder, folder, own_form_names[form]);
    expect_accepted(ran, own_form_names[form]);
    expect_says(ran, own_form_names[form], "3 tokens, 1 subject\n  3 are accepted by all\n");
    expect_says(ran, own_form_names[form], "\nline-5  expires in ");
  }
}

Test(cli_keys, several_key_files_and_a_pipe) {
  struct text lines = {0};
  add_token(&lines, "", "any", "");
  write_tokens(&lines);
  struct text key = {0};
  own_add(&other, &own, OWN_SPKI, &key);
  own_write(folder, "other.pem", key.ptr, key.len);
  text_free(&key);
  static const char *const keys[] = {"--keys other.pem,public.pem", "--keys other.pem --keys public.pem"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    expect_says(shell("cd %s && cat tokens.txt | " BIN
                      "/assay check --subject openssl --tokens - %s --issuer " OWN_ISS " 2>&1",
                      folder, keys[i]),
                keys[i], "1 is accepted by all");
}

Test(cli_keys, a_secret_file_is_for_hmac) {
  static const char secret[] = "an example of a secret, 32 octets";
  struct own_key hmac = {.alg = ASSAY_HS256,
                         .key = {.kind = KEY_OCT, .kid = "s", .k = bytes_of(secret, sizeof secret - 1)}};
  char *token = own_token(&hmac, NULL, "{\"iss\":\"" OWN_ISS "\",\"exp\":4102444800}");
  own_write_str(folder, "tokens.txt", token);
  own_write(folder, "secret", "an example of a secret, 32 octets\n", sizeof secret);
  const struct ran *ran = shell(TOKENS "--secret-file secret --issuer " OWN_ISS " 2>&1", folder, folder);
  expect_says(ran, "secret", "1 is accepted by all");
  cr_expect_not(strstr(ran->out, "example of a secret"), "%s", ran->out);
  ran = shell(TOKENS "--secret-file secret --issuer " OWN_ISS " --alg HS512 2>&1", folder, folder);
  expect_says(ran, "HS512", "Its alg is HS256, which neither the keys nor --alg allow.");
  free(token);
}

Test(cli_keys, an_answer_says_why_and_what_helps) {
  struct text lines = {0};
  char *old = own_token(&own, OWN_KID, CLAIMS);
  add_token(&lines, "", OWN_KID, ",\"aud\":\"api\"");
  text_addf(&lines, "%s\n", old);
  write_tokens(&lines);
  const struct ran *ran = shell(
      TOKENS "--keys keys.jwks --issuer " OWN_ISS " --audience shop --audience till 2>&1", folder, folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  expect_says(ran, "audience", "registered-claims.aud-mismatch: ");
  expect_says(ran, "audience", "It is meant for 'api', and --audience says 'shop', 'till'.");
  expect_says(ran, "expired", "1 has expired\n");
  expect_says(ran, "expired", "(exp 2026-01-01T01:00:00Z); ES256");
  cr_expect_not(strstr(ran->out, "eyJ"), "a token is shown: %s", ran->out);
  ran = shell(TOKENS "--keys keys.jwks --issuer " OWN_ISS " 2>&1", folder, folder);
  expect_says(ran, "no audience", "registered-claims.aud-unexpected: ");
  expect_says(ran, "no audience", "It is meant for 'api': if that is you, add --audience with that name");
  ran = shell(TOKENS "--keys keys.jwks --audience any --issuer " OWN_ISS " 2>&1", folder, folder);
  expect_says(ran, "any audience", "\n  1 is accepted by all\n");
  ran = shell(TOKENS "--keys keys.jwks --audience any --issuer " OWN_ISS "/ 2>&1", folder, folder);
  expect_says(ran, "issuer", "It says that it is from '" OWN_ISS "', and --issuer says '" OWN_ISS "/'.");
  free(old);
}

static void expect_said_of(const char *claims, const char *reason, const char *words) {
  char *token = own_token(&own, OWN_KID, claims);
  own_write_str(folder, "tokens.txt", token);
  const struct ran *ran =
      shell(ASK " --subject openssl,rhonabwy --tokens tokens.txt --keys keys.jwks --issuer " OWN_ISS
                " --audience shop 2>&1",
            folder, folder);
  expect_says(ran, claims, reason);
  expect_says(ran, claims, words);
  free(token);
}

Test(cli_keys, claims_of_other_types_are_shown_as_what_they_are) {
  expect_said_of("{\"iss\":5,\"exp\":4102444800}", "key-selection.iss-type", ", from 5 (no text)\n");
  expect_said_of("{\"iss\":[\"a\"],\"exp\":4102444800}", "key-selection.iss-type",
                 ", from [\"a\"] (no text)\n");
  expect_said_of("{\"iss\":\"" OWN_ISS "\",\"exp\":4102444800,\"aud\":5}", "registered-claims.aud-type",
                 "Its aud is 5 (no text), and names nobody.");
}

/* There is no kid for `assay corpus keys` to show. */
Test(cli_keys, a_kid_that_several_keys_without_one_could_have) {
  struct text lines = {0};
  struct own_key third = own_key_make(ASSAY_ES256, 3);
  struct text key = {0};
  own_add(&third, &other, OWN_SPKI, &key);
  own_write(folder, "third.pem", key.ptr, key.len);
  text_free(&key);
  own_key_fini(&third);
  add_token(&lines, "", "any", "");
  write_tokens(&lines);
  expect_says(shell(TOKENS "--keys public.pem,third.pem --issuer " OWN_ISS " 2>&1", folder, folder),
              "two keys", "Its kid is 'any', and which of 2 keys without a kid is meant cannot be known");
}

Test(cli_keys, explain_says_that_nothing_is_expected_of_own_tokens) {
  struct text lines = {0};
  add_token(&lines, "", OWN_KID, "");
  write_tokens(&lines);
  const struct ran *ran =
      shell(TOKENS "--keys keys.jwks --issuer " OWN_ISS " --explain line-1 2>&1", folder, folder);
  expect_says(ran, "explain", "\nexpected    nothing: nobody said what is right");
  expect_says(ran, "explain", "\npolicy      --keys and --issuer\n");
  write_case(OWN_KID, "");
  write_policy("policy.yaml", "keys.jwks");
  ran = shell(CHECK " --cases cases.jsonl --explain a 2>&1", folder, folder);
  expect_says(ran, "explain", "\npolicy      policy.yaml\n");
}

/* libjwt knows no clock: that it accepts is no answer to the question, and stands beside that one. */
Test(cli_keys, what_is_left_to_the_caller_is_not_called_refused_by_all) {
  char *old = own_token(&own, OWN_KID, CLAIMS);
  own_write_str(folder, "tokens.txt", old);
  const struct ran *ran =
      shell(ASK " --subject openssl,libjwt --tokens tokens.txt --keys keys.jwks --issuer " OWN_ISS " 2>&1",
            folder, folder);
  expect_says(ran, "left", "\n  1 is refused by some and left to the caller by others\n");
  expect_says(ran, "left", "The token has expired.\n  let through by libjwt: this is left to the caller");
  cr_expect_not(strstr(ran->out, "by all"), "%s", ran->out);
  free(old);
}

Test(cli_keys, answers_are_as_wide_as_the_terminal) {
  char *old = own_token(&own, OWN_KID, CLAIMS);
  own_write_str(folder, "tokens.txt", old);
  const struct ran *ran =
      shell("cd %s && script -qc 'stty cols 60; TMPDIR=%s " BIN
            "/assay check --subject openssl,wolfssl,cjose,libjwt,rhonabwy --tokens tokens.txt --keys "
            "keys.jwks --issuer " OWN_ISS "' /dev/null |"
            " grep -v '\\[K' | awk '{ sub(/\\r$/, \"\") } length($0) > 60; END { print (NR > 6 ? \"fits\" : "
            "\"no answers\") }'",
            folder, folder);
  cr_expect_str_eq(ran->out, "fits\n");
  free(old);
}

Test(cli_keys, many_tokens_are_told_by_their_answers) {
  struct text lines = {0};
  for (int i = 0; i < 40; i++)
    add_token(&lines, "", i % 4 ? OWN_KID : "unknown", "");
  write_tokens(&lines);
  const struct ran *ran = shell(TOKENS "--keys keys.jwks --issuer " OWN_ISS " 2>&1", folder, folder);
  expect_says(ran, "many", "\n30 tokens: line-2, line-3, line-4 ...\n  accepted by openssl\n");
  expect_says(ran, "many",
              "\n10 tokens: line-1, line-5, line-9 ...\n  refused by openssl\n    key-selection.kid-unknown");
}

Test(cli_keys, results_hold_answers_and_no_token) {
  struct text lines = {0};
  add_token(&lines, "", OWN_KID, "");
  write_tokens(&lines);
  const struct ran *ran =
      shell(TOKENS "--keys keys.jwks --issuer " OWN_ISS " --json --output out 2>&1", folder, folder);
  cr_expect_eq(ran->code, 0);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%s", ran->out);
  json_decref(result);
  cr_expect_not_null(strstr(ran->out, "line-1"));
  cr_expect_eq(shell("grep -l eyJ %s/out/*", folder)->code, 1, "a token is in a result");
}

Test(cli_keys, what_is_missing_is_asked_for) {
  struct text lines = {0};
  add_token(&lines, "", OWN_KID, "");
  write_tokens(&lines);
  own_write_str(folder, "blanks.txt", "eyJ0 eyJ9\n");
  own_write_str(folder, "lines.txt", "\n{\"id\":\"a\"}\n");
  COMPLAINS(shell(TOKENS "--keys keys.jwks 2>&1", folder, folder), "--issuer is missing", "Unverified",
            "'" OWN_ISS "' (1 of 1)");
  COMPLAINS(shell(TOKENS "--issuer " OWN_ISS " 2>&1", folder, folder), "--tokens needs --keys FILE");
  COMPLAINS(shell(CHECK " --keys keys.jwks 2>&1", folder, folder), "--keys", "--tokens");
  COMPLAINS(shell(TOKENS "--cases cases.jsonl --keys keys.jwks 2>&1", folder, folder), "--cases", "exclude");
  COMPLAINS(shell(TOKENS "--keys keys.jwks --issuer " OWN_ISS " --alg ES265 2>&1", folder, folder),
            "no algorithm 'ES265'", "ES256");
  COMPLAINS(shell(TOKENS "--keys https://login.example/keys --issuer x 2>&1", folder, folder),
            "https://login.example/keys: a URL", "curl -o keys.jwks");
  COMPLAINS(shell(CHECK " --tokens blanks.txt --keys keys.jwks --issuer x 2>&1", folder, folder),
            "blanks.txt:1: blanks");
  COMPLAINS(shell(CHECK " --tokens lines.txt --keys keys.jwks --issuer x 2>&1", folder, folder),
            "lines.txt:2: a JSON object", "--cases");
  COMPLAINS(shell(CHECK " --tokens nowhere --keys keys.jwks --issuer x 2>&1", folder, folder), "nowhere",
            "No such file");
  COMPLAINS(shell(CHECK " --tokens /dev/null --keys keys.jwks --issuer x 2>&1", folder, folder),
            "no token in it");
}

/* "\xef\xbb\xbf" is what some editors put before a text. */
Test(cli_keys, a_file_of_tokens_may_have_a_mark_and_be_nothing_else) {
  static const struct {
    const char *made, *words;
  } made[] = {{"printf '\\357\\273\\277# one\\n' | cat - one", NULL},
              {"printf '\\357\\273\\277' | cat - one", NULL},
              {"iconv -f UTF-8 -t UTF-16 one", "tokens.txt:1: text in UTF-16: save it as UTF-8"},
              {"iconv -f UTF-8 -t UTF-16BE one", "tokens.txt:1: text in UTF-16"},
              {"iconv -f UTF-8 -t UTF-16LE one", "tokens.txt:1: text in UTF-16"},
              {"gzip -c one", "tokens.txt:1: compressed data"},
              {"printf '\\n<!DOCTYPE html><p>no'", "tokens.txt:2: an HTML page"},
              {"printf 'a\\001b c'", "tokens.txt:1: binary data"},
              {"echo '{\"payload\":\"\",\"signatures\":[]}'", "tokens.txt:1: a JWS in JSON"},
              {"cat public.pem", "tokens.txt:1: PEM, not a token: public keys are named with --keys"}};
  struct text lines = {0};
  add_token(&lines, "", OWN_KID, "");
  write_tokens(&lines);
  shell("mv %s/tokens.txt %s/one", folder, folder);
  for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
    shell("cd %s && { %s; } > tokens.txt", folder, made[i].made);
    const struct ran *ran = shell(TOKENS "--keys keys.jwks --issuer " OWN_ISS " 2>&1", folder, folder);
    if (made[i].words)
      COMPLAINS(ran, made[i].words);
    else
      expect_says(ran, made[i].made, "\n  1 is accepted by all\n");
  }
}

Test(cli_keys, cases_and_policies_that_are_something_else_are_named) {
  write_case(OWN_KID, "");
  write_policy("policy.yaml", "keys.jwks");
  shell("cd %s && iconv -t UTF-16 cases.jsonl > c16 && iconv -t UTF-16 policy.yaml > p16", folder);
  own_write_str(folder, "page", "<html><body>sign in</body></html>\n");
  COMPLAINS(shell(CHECK " --cases c16 2>&1", folder, folder), "c16:1:1: text in UTF-16");
  COMPLAINS(shell(CHECK " --cases page 2>&1", folder, folder), "page:1:1: an HTML page");
  COMPLAINS(shell(CHECK " --cases cases.jsonl --policy p16 2>&1", folder, folder), "p16: text in UTF-16");
  COMPLAINS(shell(CHECK " --cases cases.jsonl --policy page 2>&1", folder, folder), "page: an HTML page");
}

/* An issuer is taken to the letter: as a template it would let any tenant in. */
Test(cli_keys, what_cannot_be_meant_names_the_option) {
  static const struct {
    const char *options, *words;
  } wrong[] = {
      {"--keys keys.jwks --issuer 'https://login.example/{x}/a'", "`assay help policy`"},
      {"--keys keys.jwks --issuer 'a}'", "templates for many tenants belong in a policy"},
      {"--keys keys.jwks --issuer ''", "--issuer is empty"},
      {"--keys keys.jwks --issuer x --audience ''", "--audience has an empty name"},
      {"--keys keys.jwks, --issuer x", "--keys has an empty name"},
      {"--keys '' --issuer x", "--keys has an empty name"},
      {"--keys - --secret-file - --issuer x", "'-' stands for standard input"},
      {"--keys - --issuer x </dev/null", "standard input: there is nothing in it"},
  };
  struct text lines = {0};
  add_token(&lines, "", OWN_KID, "");
  write_tokens(&lines);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    COMPLAINS(shell(TOKENS "%s 2>&1", folder, folder, wrong[i].options), wrong[i].words);
}

/* In a policy a set may be empty for now, and every token is refused; named alone it is a mistake. */
Test(cli_keys, a_set_without_keys_is_refused_by_name_where_it_is_named_alone) {
  struct text lines = {0}, cases = {0};
  own_write_str(folder, "empty.jwks", "{\"keys\":[]}");
  add_token(&lines, "", OWN_KID, "");
  write_tokens(&lines);
  COMPLAINS(shell(TOKENS "--keys empty.jwks --issuer x --alg ES256 2>&1", folder, folder),
            "empty.jwks: there is no key in it");
  add_case(&cases, "a", OWN_KID, "key-selection.no-keys", "");
  write_lines(&cases);
  write_policy("policy.yaml", "empty.jwks");
  expect_accepted(shell(CHECK " --cases cases.jsonl 2>&1", folder, folder), "an empty set in a policy");
}

Test(cli_keys, own_tokens_are_measured) {
  struct text lines = {0};
  for (int i = 0; i < 4; i++)
    add_token(&lines, "", i == 3 ? "unknown" : OWN_KID, "");
  write_tokens(&lines);
#define BENCH                                                                                                \
  "cd %s && TMPDIR=%s " BIN "/assay bench --subject openssl --seconds 0.2 --launches 1 --threads 1 "
  const struct ran *ran =
      shell(BENCH "--tokens tokens.txt --keys keys.jwks --issuer " OWN_ISS " 2>&1", folder, folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  expect_says(ran, "bench", "openssl refuses 1 of 4 tokens");
  expect_says(ran, "bench", "ES256 is measured on 3 tokens alone");
  expect_says(ran, "bench", "Verify, one thread");
  COMPLAINS(shell(BENCH "--tokens tokens.txt --keys keys.jwks --issuer another 2>&1", folder, folder),
            "nothing to measure", "of line-1, openssl says reject key-selection.iss-unknown");
}
