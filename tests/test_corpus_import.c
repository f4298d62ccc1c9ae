/* Case lines: what is written comes back the same, and what is wrong is told with its file, line and column.
 */
#include "corpus/case_line.h"
#include "corpus/import.h"
#include "corpus/keyfile/policy_outline.h"
#include "corpus/policy_yaml.h"
#include "tests/corpus_fixture.h"

#define EXPECT "\"expect\":{\"verdict\":\"accept\"}"
#define GOOD(id) "{\"id\":\"" id "\",\"token\":\"a.b.c\",\"class\":\"valid\"," EXPECT "}\n"
#define POLICY                                                                                               \
  "schema: assay-policy/1\nnow: 5\nissuers:\n  - iss: a\n    keys: keys/a.jwks\n    algorithms: [HS256]\n"
#define JWKS "{\"keys\": []}"

static const char *folder_with_policy(void) {
  const char *folder = fixture_folder();
  cr_assert(file_make_dirs(fixture_path(folder, "keys"), NULL));
  fixture_write_str(folder, "policy.yaml", POLICY);
  fixture_write_str(folder, "keys/a.jwks", JWKS);
  return folder;
}

static bool import(const char *folder, const char *lines, size_t len, struct casebook *book,
                   struct assay_error *error) {
  fixture_write(folder, "cases.jsonl", lines, len);
  return import_file(NULL, fixture_path(folder, "cases.jsonl"), NULL, book, error);
}

/* ---- what is right ---- */

Test(import, takes_every_field_of_a_line) {
  const char *folder = folder_with_policy();
  struct casebook book;
  struct assay_error error = {0};
  static const char lines[] = "\n" GOOD(
      "first") "{\"id\":\"second\",\"token_b64\":\"YQBi/"
               "w==\",\"class\":\"mine\",\"variant\":\"v\",\"alg\":\"Ed448\",\"key_bits\":0,"
               "\"group\":\"own\",\"expect\":{\"verdict\":\"reject\",\"reason\":\"signature.invalid\"},"
               "\"also\":[\"signature.length\",\"signature.zero\"],\"keys\":{\"b\":{\"keys\":[7]}},"
               "\"policy\":{\"issuers\":[{\"iss\":\"b\"}]},\"now\":-3,\"after\":\"first\",\"pinned\":true,"
               "\"comment\":\"x\"}\r\n"
               "{\"id\":\"third\",\"token\":\"\",\"class\":\"mine\",\"expect\":{\"verdict\":\"any\"}}";
  cr_assert(import(folder, lines, sizeof lines - 1, &book, &error), "%s", error.text);
  cr_assert_eq(book.case_count, 3);
  const struct corpus_case *second = &book.cases[1];
  cr_expect_str_eq(second->id, "second");
  cr_expect_eq(second->line, 3);
  cr_expect(bytes_eq(bytes_of(second->token, second->token_len), bytes_of("a\0b\xff", 4)));
  cr_expect_eq(second->alg, ASSAY_ED448);
  cr_expect_eq(second->verdict, EXPECT_REJECT);
  cr_expect_eq(second->reason, REASON_SIGNATURE_INVALID);
  cr_expect_eq(second->also[1], REASON_SIGNATURE_ZERO);
  cr_expect_eq(second->also[2], 0);
  cr_expect_eq(second->now, -3);
  cr_expect_eq(second->after, 0);
  cr_expect_str_eq(second->keys, "{\"b\":{\"keys\":[7]}}");
  cr_expect_str_eq(book.variants[second->variant].group, "own");
  cr_expect_str_eq(book.variants[second->variant].class_id, "mine");
  cr_expect_str_eq(book.variants[second->variant].name, "v");
  cr_expect(book.variants[second->variant].pinned);
  cr_expect_eq(book.cases[2].verdict, EXPECT_ANY);
  cr_expect_eq(book.cases[2].alg, ASSAY_ALG_NONE);
  cr_expect_eq(book.cases[2].token_len, 0);
  cr_expect_eq(book.clock, 5);
  cr_expect_eq(book.setting_count, 2);
  /* what the registry knows of a class comes along */
  cr_expect_str_eq(book.variants[book.cases[0].variant].group, "valid");
  cr_expect_neq(book.variants[book.cases[0].variant].sentence[0], '\0');
  book_fini(&book);
  fixture_remove(folder);
}

Test(import, cases_with_policies_of_their_own_need_no_default) {
  const char *folder = fixture_folder();
  struct casebook book;
  struct assay_error error = {0};
  static const char line[] = "{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\"," EXPECT
                             ",\"policy\":{\"issuers\":[{\"iss\":\"b\",\"keys\":{\"keys\":[]}}]}}";
  cr_assert(import(folder, line, sizeof line - 1, &book, &error), "%s", error.text);
  cr_assert(corpus_write(&book, fixture_path(folder, "out"), 1, NULL, &error), "%s", error.text);
  struct corpus corpus;
  cr_assert(corpus_open(&corpus, fixture_path(folder, "out"), &error), "%s", error.text);
  cr_expect(
      bytes_eq_str(corpus_bytes(&corpus, corpus.settings[0].policy), "{\"issuers\":[{\"iss\":\"b\"}]}"));
  cr_expect(bytes_eq_str(corpus_bytes(&corpus, corpus.keys[0].jwks), "{\"keys\":[]}"));
  corpus_close(&corpus);
  book_fini(&book);
  fixture_remove(folder);
}

Test(import, another_policy_can_be_named) {
  const char *folder = folder_with_policy();
  struct casebook book;
  struct assay_error error = {0};
  rename(fixture_path(folder, "policy.yaml"), fixture_path(folder, "mine.yaml"));
  fixture_write_str(folder, "cases.jsonl", GOOD("x"));
  cr_assert(import_file(NULL, fixture_path(folder, "cases.jsonl"), fixture_path(folder, "mine.yaml"), &book,
                        &error),
            "%s", error.text);
  cr_expect_str_eq(book.policy, POLICY);
  cr_expect_str_eq(book.default_keys[0].jwks, JWKS);
  cr_expect_str_eq(book.default_keys[0].path, "keys/a.jwks");
  book_fini(&book);
  fixture_remove(folder);
}

/* A generated corpus, taken in from its lines, has the same bytes. */
Test(import, a_generated_corpus_comes_back_the_same) {
  static const char *const files[] = {"tokens.bin", "tokens.idx", "tokens.jsonl", "policy.yaml",
                                      "keys/id.south.example.jwks"};
  const char *folder = fixture_folder(), *made = fixture_generate(folder, "made", 3, 2, 2, 0);
  const char *taken = fixture_path(folder, "taken");
  struct casebook book;
  struct assay_error error = {0};
  cr_assert(import_file(NULL, fixture_path(made, "tokens.jsonl"), NULL, &book, &error), "%s", error.text);
  cr_assert(corpus_write(&book, taken, 2, NULL, &error), "%s", error.text);
  book_fini(&book);
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    struct assay_bytes a = fixture_read(made, files[i]), b = fixture_read(taken, files[i]);
    cr_expect(bytes_eq(a, b), "%s differs", files[i]);
    free((void *)a.ptr);
    free((void *)b.ptr);
  }
  fixture_remove(folder);
}

/* ---- what is wrong ---- */

struct refusal {
  const char *lines, *sentence; /* sentence: behind "<file>" */
};

static const struct refusal refusals[] = {
    {"", ": there is no case in it"},
    {"\n \n", ": there is no case in it"},
    {GOOD("a") "{\"id\":", ":2:6: unexpected token near end of file (the file ends within this line)"},
    {GOOD("a") "{\"id\":\"x\",\"tok",
     ":2:14: premature end of input near '\"tok' (the file ends within this line)"},
    {"{\"id\":\"x\",}\n", ":1:11: string or '}' expected near '}'"},
    {"{\"id\":\"x\",\"id\":\"y\"}\n", ":1:14: duplicate object key near '\"id\"'"},
    {GOOD("a") "\n[1]\n", ":3:1: a line is one JSON object"},
    {"{\"id\":\"x\"}\n", ":1:1: a line has either 'token' or 'token_b64'"},
    {"{\"token\":\"x\"}\n", ":1:1: 'id' is missing"},
    {"{\"id\":\"\"}\n", ":1:7: 'id' is empty"},
    {"{ \"id\" : 7}\n", ":1:10: 'id' is not a string of at most 512 printable characters"},
    {"{\"id\":\"a\\u0000\"}\n", ":1:7: 'id' is not a string of at most 512 printable characters"},
    {"{\"id\":\"x\",\"tokn\":\"a\"}\n", ":1:11: unknown field 'tokn', did you mean 'token'?"},
    {"{\"id\":\"x\",\"zzzzzzzz\":\"a\"}\n", ":1:11: unknown field 'zzzzzzzz'"},
    {"{\"id\":\"x\",\"token\":\"a\",\"token_b64\":\"YQ==\"}\n",
     ":1:35: a line has either 'token' or 'token_b64'"},
    {"{\"id\":\"x\",\"token\":1}\n", ":1:19: 'token' is not a string"},
    {"{\"id\":\"x\",\"token_b64\":\"a\"}\n", ":1:23: 'token_b64' is not base64 (RFC 4648 4)"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":[1]}\n",
     ":1:31: 'class' is not a string of at most 512 printable characters"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":\"reject\"}\n",
     ":1:44: 'expect' is an object with 'verdict' and 'reason'"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"no\"}}\n",
     ":1:55: 'verdict' is accept, reject or any"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"reject\"}}\n",
     ":1:44: verdict reject needs a 'reason'"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"accept\",\"reason\":"
     "\"signature.zero\"}}\n",
     ":1:73: only verdict reject has a 'reason'"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"reject\",\"reason\":"
     "\"signature.invlid\"}}\n",
     ":1:73: unknown reason 'signature.invlid', did you mean 'signature.invalid'?"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"reject\",\"reason\":\"ok\"}}\n",
     ":1:73: unknown reason 'ok'"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"accept\",\"because\":1}}\n",
     ":1:64: unknown field 'because'"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"also\":[\"x\"]," EXPECT "}\n",
     ":1:42: unknown reason 'x'"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"also\":\"x\"," EXPECT "}\n",
     ":1:42: 'also' is an array of at most 3 reasons"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"alg\":\"none\"," EXPECT "}\n",
     ":1:41: 'alg' is none of HS256 .. ES256K, EdDSA (Ed25519) and Ed448"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"key_bits\":70000," EXPECT "}\n",
     ":1:46: 'key_bits' is the length of an RSA modulus"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"now\":1.5," EXPECT "}\n",
     ":1:41: 'now' is a number of seconds since 1970"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"pinned\":1," EXPECT "}\n",
     ":1:44: 'pinned' is true or false"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"keys\":[]," EXPECT "}\n",
     ":1:42: 'keys' is not an object"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"policy\":\"p\"," EXPECT "}\n",
     ":1:44: 'policy' is not an object"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"policy\":{}," EXPECT "}\n",
     ":1:44: policy: no issuers"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"policy\":{\"issuers\":[{\"iss\":\"q\"}]}," EXPECT "}\n",
     ":1:44: policy: there are no keys for q"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"policy\":{\"issuers\":[{\"iss\":\"q\",\"keys\":\"keys/"
     "q\"}]}," EXPECT "}\n",
     ":1:44: policy: the keys of q are a path; a case line holds the key set itself"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"policy\":{\"issuers\":[{}]}," EXPECT "}\n",
     ":1:44: policy: an issuer without iss and trust_domain"},
    {GOOD("a") GOOD("b") GOOD("a"), ":3:7: the id 'a' stands in line 1 already"},
    {GOOD("a") "{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"after\":\"nobody\"," EXPECT "}\n",
     ":2:43: 'after' names 'nobody', which is no other case"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"after\":\"x\"," EXPECT "}\n",
     ":1:43: 'after' names 'x', which is no other case"},
    /* columns count characters, not bytes */
    {"{\"comment\":\"Zoë, 伟\",\"id\":7}\n",
     ":1:26: 'id' is not a string of at most 512 printable characters"},
    /* a member inside another object is not taken for the one at the top */
    {"{\"keys\":{\"id\":{}},\"id\":7}\n", ":1:24: 'id' is not a string of at most 512 printable characters"},
};

Test(import, tells_what_is_wrong_and_where) {
  const char *folder = folder_with_policy();
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    struct casebook book;
    struct assay_error error = {0};
    char expected[1024];
    cr_assert_not(import(folder, refusals[i].lines, strlen(refusals[i].lines), &book, &error), "%s was taken",
                  refusals[i].lines);
    snprintf(expected, sizeof expected, "%s/cases.jsonl%s", folder, refusals[i].sentence);
    cr_expect_str_eq(error.text, expected);
  }
  fixture_remove(folder);
}

Test(import, a_case_without_any_policy_is_refused) {
  const char *folder = fixture_folder();
  struct casebook book;
  struct assay_error error = {0};
  char expected[1024];
  cr_assert_not(import(folder, GOOD("a"), strlen(GOOD("a")), &book, &error));
  snprintf(expected, sizeof expected,
           "%s/cases.jsonl:1:1: the case has no policy, and there is no default one", folder);
  cr_expect_str_eq(error.text, expected);
  fixture_remove(folder);
}

static void assert_policy(const char *policy, const char *sentence) {
  const char *folder = folder_with_policy();
  struct casebook book;
  struct assay_error error = {0};
  char expected[1024];
  fixture_write_str(folder, "policy.yaml", policy);
  cr_assert_not(import(folder, GOOD("a"), strlen(GOOD("a")), &book, &error));
  snprintf(expected, sizeof expected, sentence, folder);
  cr_expect_str_eq(error.text, expected);
  fixture_remove(folder);
}

Test(import, a_policy_without_readable_keys_is_refused) {
  assert_policy("issuers:\n  - iss: a\n", "%1$s/policy.yaml:2: the issuer 'a' has no keys");
  assert_policy("issuers:\n  - iss: a\n    keys: ../nowhere/a\n",
                "%1$s/policy.yaml:3: %1$s/../nowhere/a: cannot be opened: No such file or directory");
  assert_policy("issuers:\n  - iss: a\n    keys: /dev/null\n", "%1$s/policy.yaml:3: /dev/null: an empty file");
  assert_policy("issuers:\n  - iss: a\n    keys: https://a.example/keys\n",
                "%1$s/policy.yaml:3: https://a.example/keys: a URL, and nothing is fetched here: save it with "
                "`curl -o keys.jwks 'https://a.example/keys'`, and name keys.jwks");
}

Test(import, a_file_that_is_not_there_is_named) {
  struct casebook book;
  struct assay_error error = {0};
  cr_assert_not(import_file(NULL, "/nowhere/cases.jsonl", NULL, &book, &error));
  cr_expect_str_eq(error.text, "/nowhere/cases.jsonl: No such file or directory");
}

/* Against a page that nobody may read: one byte too far would crash. Every cut of a line, and every changed
 * byte. */
Test(import, a_cut_or_changed_line_never_reads_too_far) {
  static const char line[] = "{\"id\":\"s\",\"token_b64\":\"YQBi\",\"class\":\"m\",\"alg\":\"Ed448\","
                             "\"expect\":{\"verdict\":\"reject\",\"reason\":"
                             "\"signature.invalid\"},\"also\":[\"signature.length\"],\"policy\":{\"issuers\":"
                             "[{\"iss\":\"b\"}]},\"after\":\"f\"}";
  for (size_t len = 0; len <= sizeof line - 1; len++)
    for (int change = 0; change < 3; change++) {
      struct case_line out;
      struct assay_error error = {0};
      unsigned column = 0;
      char *exact = malloc(len + !len);
      memcpy(exact, line, len);
      if (len > 0 && change)
        exact[len - 1] ^= change == 1 ? 0x01 : 0x80;
      if (case_line_read(bytes_of(exact, len), &out, &column, &error)) {
        case_line_fini(&out);
      } else {
        cr_assert_neq(error.text[0], '\0');
        cr_assert_geq(column, 1);
      }
      free(exact);
    }
}

/* ---- YAML ---- */

Test(policy_yaml, is_block_style_and_quotes_what_needs_it) {
  static const char expected[] = "schema: assay-policy/1\n"
                                 "now: 5\n"
                                 "typ: {allow: [at+jwt, \"\"], required: true}\n"
                                 "issuers:\n"
                                 "  - iss: https://a.example\n"
                                 "    audience: [\"https://b.example\", \"1\", \"yes\", \"a: b\"]\n"
                                 "    empty: []\n"
                                 "    none: null\n"
                                 "  - iss: \"#\"\n"
                                 "    revoked: {kid: [x], jti: []}\n";
  json_t *policy = json_loads(
      "{\"schema\":\"assay-policy/1\",\"now\":5,\"typ\":{\"allow\":[\"at+jwt\",\"\"],\"required\":true},"
      "\"issuers\":[{\"iss\":\"https://a.example\",\"audience\":[\"https://b.example\",\"1\",\"yes\",\"a: "
      "b\"],"
      "\"empty\":[],\"none\":null},{\"iss\":\"#\",\"revoked\":{\"kid\":[\"x\"],\"jti\":[]}}]}",
      0, NULL);
  struct text text = {0};
  policy_yaml_add(&text, policy);
  text_add(&text, "", 1);
  cr_expect_str_eq((char *)text.ptr, expected);
  text_free(&text);
  json_decref(policy);
}

Test(policy_yaml, outline_finds_clock_and_key_sets_among_other_fields) {
  struct policy_outline outline;
  struct assay_error error = {0};
  static const char yaml[] =
      "schema: x\nleeway_s: 3\nlimits: {token_bytes: 3}\nissuers:\n- {iss: a, keys: k/a, "
      "algorithms: [x], revoked: {kid: [1]}}\n- iss: b\nnow: 1767225600\n";
  cr_assert(policy_outline_read(BYTES_LIT(yaml), "p", &outline, &error), "%s", error.text);
  cr_expect_eq(outline.now, 1767225600);
  cr_assert_eq(outline.issuer_count, 2);
  cr_expect_str_eq(outline.issuers[0].keys, "k/a");
  cr_expect_str_eq(outline.issuers[1].iss, "b");
  cr_expect_null(outline.issuers[1].keys);
  policy_outline_fini(&outline);
  cr_expect_not(policy_outline_read(BYTES_LIT("now: 3\n"), "p", &outline, &error));
  cr_expect_eq(strncmp(error.text, "p:1: not a policy with issuers: ", 32), 0, "%s", error.text);
  cr_expect_not(policy_outline_read(BYTES_LIT("{"), "p", &outline, &error));
  cr_expect_not(policy_outline_read(BYTES_LIT(""), "p", &outline, &error));
}
