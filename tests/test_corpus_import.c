/* Case lines: what is written comes back the same, and what is wrong is told with its file, line and column.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "corpus/import/shared/import.h"
#include "corpus/make/policy_yaml.h"
#include "corpus/readers/policy_outline.h"
#include "corpus/store/case_line.h"
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
  const struct import_request request = {.path = fixture_path(folder, "cases.jsonl")};
  return import_file(&request, book, error);
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
  cr_assert_eq(second->reason_count, 3);
  cr_expect_eq(second->reasons[0], REASON_SIGNATURE_INVALID);
  cr_expect_eq(second->reasons[2], REASON_SIGNATURE_ZERO);
  cr_expect_eq(second->now, -3);
  cr_expect_eq(second->after, 0);
  cr_expect_str_eq(second->keys, "{\"b\":{\"keys\":[7]}}");
  cr_expect_str_eq(book.variants[second->variant].group, "own");
  cr_expect_str_eq(book.variants[second->variant].class_id, "mine");
  cr_expect_str_eq(book.variants[second->variant].name, "v");
  cr_expect(second->pinned);
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
  const struct import_request request = {.path = fixture_path(folder, "cases.jsonl"),
                                         .policy = fixture_path(folder, "mine.yaml")};
  cr_assert(import_file(&request, &book, &error), "%s", error.text);
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
  const struct import_request request = {.path = fixture_path(made, "tokens.jsonl")};
  cr_assert(import_file(&request, &book, &error), "%s", error.text);
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
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"reject\",\"reason\":[]}}\n",
     ":1:73: no reason is in 'reason': leave it out where any is right"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"reject\",\"reason\":"
     "\"header-polcy.*\"}}\n",
     ":1:73: unknown reason 'header-polcy.*', did you mean 'header-policy.*'?"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"reject\",\"reason\":"
     "[\"signature.*\",\"*\"]}}\n",
     ":1:73: unknown reason '*'"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"reject\"},\"also\":"
     "[\"signature.*\"]}\n",
     ":1:72: 'also' adds to the 'reason' of verdict reject, and there is none"},
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
     ":1:42: 'also' adds to the 'reason' of verdict reject, and there is none"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"also\":\"x\"," EXPECT "}\n",
     ":1:42: 'also' is an array of reasons"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"alg\":\"none\"," EXPECT "}\n",
     ":1:41: 'alg' is none of HS256 .. ES256K, EdDSA, Ed25519 and Ed448"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"key_bits\":70000," EXPECT "}\n",
     ":1:46: 'key_bits' is the length of an RSA modulus"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"now\":1.5," EXPECT "}\n",
     ":1:41: 'now' is a number of seconds since 1970, or a time such as 2026-01-01T12:00:00Z"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"now\":\"2026-02-30\"," EXPECT "}\n",
     ":1:41: 'now' is not a time such as 2026-01-01T12:00:00Z (RFC 3339)"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"now\":9007199254740992," EXPECT "}\n",
     ":1:41: 'now' is further from 1970 than 2^53 - 1 seconds"},
    {"{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"now\":-9223372036854775808," EXPECT "}\n",
     ":1:41: 'now' is further from 1970 than 2^53 - 1 seconds"},
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
  assert_policy("issuers:\n  - iss: a\n    keys: /dev/null\n",
                "%1$s/policy.yaml:3: /dev/null: there is nothing in it");
  assert_policy(
      "issuers:\n  - iss: a\n    keys: https://a.example/keys\n",
      "%1$s/policy.yaml:3: https://a.example/keys: a URL, and nothing is fetched here: save it with "
      "`curl -o keys.jwks 'https://a.example/keys'`, and name keys.jwks");
}

Test(import, a_file_that_is_not_there_is_named) {
  struct casebook book;
  struct assay_error error = {0};
  cr_assert_not(import_file(&(struct import_request){.path = "/nowhere/cases.jsonl"}, &book, &error));
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

/* ---- expectations ---- */

static const struct corpus_case *only_case(const char *folder, const char *line, struct casebook *book) {
  struct assay_error error = {0};
  cr_assert(import(folder, line, strlen(line), book, &error), "%s", error.text);
  cr_assert_eq(book->case_count, 1);
  return &book->cases[0];
}

#define REJECT(more) "{\"id\":\"x\",\"token\":\"a.b.c\",\"expect\":{\"verdict\":\"reject\"" more "}\n"

Test(import, a_refusal_may_be_right_for_any_reason_for_several_and_for_a_stage) {
  static const struct {
    const char *line;
    size_t count;
    uint16_t reasons[4];
  } rows[] = {
      {REJECT("}"), 0, {0}},
      {REJECT(",\"reason\":\"signature.zero\"}"), 1, {REASON_SIGNATURE_ZERO}},
      {REJECT(",\"reason\":\"header-policy.*\"}"), 1, {400}},
      {REJECT(",\"reason\":[\"signature.zero\",\"key-import.*\"]}"), 2, {REASON_SIGNATURE_ZERO, 1000}},
      {REJECT(",\"reason\":[\"signature.zero\"]},\"also\":[\"signature.range\",\"base64url.*\",\"signature."
              "length\"]"),
       4,
       {REASON_SIGNATURE_ZERO, REASON_SIGNATURE_RANGE, 200, REASON_SIGNATURE_LENGTH}},
  };
  const char *folder = folder_with_policy();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct casebook book;
    const struct corpus_case *one = only_case(folder, rows[i].line, &book);
    cr_expect_eq(one->verdict, EXPECT_REJECT);
    cr_assert_eq(one->reason_count, rows[i].count, "%s", rows[i].line);
    cr_expect(one->reason_count == 0 ||
              memcmp(one->reasons, rows[i].reasons, rows[i].count * sizeof one->reasons[0]) == 0);
    book_fini(&book);
  }
  fixture_remove(folder);
}

/* A class that is called like one of ours and is pinned there. */
Test(import, what_a_class_is_called_pins_nothing) {
  const char *folder = folder_with_policy();
  struct casebook book;
  const struct corpus_case *one = only_case(
      folder, "{\"id\":\"x\",\"token\":\"a\",\"class\":\"aud-array\",\"expect\":{\"verdict\":\"reject\"}}\n",
      &book);
  cr_expect_not(one->pinned);
  book_fini(&book);
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      char line[512];
      snprintf(line, sizeof line, "{\"id\":\"x\",\"token\":\"a\",\"class\":\"%s\"}\n",
               mutation_groups[i]->classes[j].id);
      one = only_case(folder, line, &book);
      cr_expect_not(one->pinned, "%s", line);
      cr_expect_neq(book.variants[one->variant].sentence[0], '\0', "%s", line);
      book_fini(&book);
    }
  fixture_remove(folder);
}

Test(import, a_clock_may_be_written_as_a_time) {
  const char *folder = folder_with_policy();
  struct casebook book;
  const struct corpus_case *one =
      only_case(folder, "{\"id\":\"x\",\"token\":\"a\",\"now\":\"2026-01-01T01:00:00+01:00\"}\n", &book);
  cr_expect_eq(one->now, 1767225600);
  book_fini(&book);
  fixture_remove(folder);
}

/* ---- algorithms ---- */

#define HS256 "eyJhbGciOiJIUzI1NiJ9.e30.x"               /* {"alg":"HS256"} */
#define ES256K "eyJhbGciOiJFUzI1NksifQ.e30.x"            /* {"alg":"ES256K"} */
#define EDDSA "eyJhbGciOiJFZERTQSIsImtpZCI6ImIifQ.e30.x" /* {"alg":"EdDSA","kid":"b"} */
#define NONE "eyJhbGciOiJub25lIn0.e30."                  /* {"alg":"none"} */
#define NO_ALG "e30.e30.x"
#define ODD "not base64url.e30.x"
#define CASE(token, more) "{\"id\":\"x\",\"token\":\"" token "\"" more "}\n"
#define CURVES(b, other)                                                                                     \
  ",\"keys\":{\"a\":{\"keys\":[{\"kty\":\"OKP\",\"kid\":\"b\",\"crv\":\"" b                                  \
  "\"},{\"kty\":\"OKP\",\"kid\":\"c\",\"crv\":\"" other "\"}]}}"

Test(import, the_algorithm_is_the_headers) {
  static const struct {
    const char *line;
    enum assay_alg alg;
  } rows[] = {
      {CASE(HS256, ""), ASSAY_HS256},
      {CASE(HS256, ",\"alg\":\"HS256\""), ASSAY_HS256},
      {CASE(ES256K, ""), ASSAY_ES256K},
      {CASE(NONE, ""), ASSAY_ALG_NONE},
      {CASE(NO_ALG, ""), ASSAY_ALG_NONE},
      {CASE(ODD, ""), ASSAY_ALG_NONE},
      {CASE(ODD, ",\"alg\":\"RS256\""), ASSAY_RS256},
      {CASE(HS256, ",\"target\":\"RS256\""), ASSAY_RS256},
      {CASE(NONE, ",\"target\":\"Ed25519\""), ASSAY_ED25519},
      /* the curve is the key's */
      {CASE(EDDSA, ""), ASSAY_ED25519},
      {CASE(EDDSA, CURVES("Ed25519", "Ed448")), ASSAY_ED25519},
      {CASE(EDDSA, CURVES("Ed448", "Ed25519")), ASSAY_ED448},
      {CASE(EDDSA, ",\"alg\":\"EdDSA\"" CURVES("Ed448", "Ed25519")), ASSAY_ED448},
      {CASE(EDDSA, ",\"alg\":\"Ed448\"" CURVES("Ed448", "Ed25519")), ASSAY_ED448},
  };
  const char *folder = folder_with_policy();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct casebook book;
    cr_expect_eq(only_case(folder, rows[i].line, &book)->alg, rows[i].alg, "%s", rows[i].line);
    book_fini(&book);
  }
  fixture_remove(folder);
}

#define INSTEAD "; leave 'alg' out, or name what the token attacks as 'target'"

Test(import, a_label_that_contradicts_the_header_is_an_error) {
  static const struct refusal rows[] = {
      {CASE(HS256, ",\"alg\":\"RS256\""),
       ":1:54: 'alg' is RS256, but the token's header says 'HS256'" INSTEAD},
      {CASE(NONE, ",\"alg\":\"RS256\""), ":1:52: 'alg' is RS256, but the token's header says 'none'" INSTEAD},
      {CASE(NO_ALG, ",\"alg\":\"RS256\""), ":1:37: 'alg' is RS256, but the token's header has none" INSTEAD},
      {CASE(EDDSA, ",\"alg\":\"Ed448\""),
       ":1:68: 'alg' is Ed448, but the token's header says 'EdDSA'" INSTEAD},
  };
  const char *folder = folder_with_policy();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct casebook book;
    struct assay_error error = {0};
    char expected[1024];
    cr_assert_not(import(folder, rows[i].lines, strlen(rows[i].lines), &book, &error), "%s", rows[i].lines);
    snprintf(expected, sizeof expected, "%s/cases.jsonl%s", folder, rows[i].sentence);
    cr_expect_str_eq(error.text, expected);
  }
  fixture_remove(folder);
}

/* ---- files as they come ---- */

Test(import, a_byte_order_mark_and_line_ends_of_windows_are_no_part_of_a_line) {
  static const char lines[] = "\xef\xbb\xbf" GOOD("a") "\r\n" GOOD("b");
  const char *folder = folder_with_policy();
  struct casebook book;
  struct assay_error error = {0};
  cr_assert(import(folder, lines, sizeof lines - 1, &book, &error), "%s", error.text);
  cr_expect_eq(book.case_count, 2);
  book_fini(&book);
  cr_assert_not(import(folder, "\xef\xbb\xbf{\"id\":7}", 11, &book, &error));
  cr_expect(strstr(error.text, "cases.jsonl:1:7: 'id' is not"), "%s", error.text);
  fixture_remove(folder);
}

Test(import, a_pipe_is_read_to_its_end) {
  const char *folder = folder_with_policy(), *path = fixture_path(folder, "pipe");
  struct casebook book;
  struct assay_error error = {0};
  cr_assert_eq(mkfifo(path, 0600), 0);
  if (fork() == 0) {
    FILE *pipe = fopen(path, "w");
    for (int i = 0; pipe && i < 5000; i++)
      fprintf(pipe, "{\"id\":\"%d\",\"token\":\"a\"}\n", i);
    _exit(pipe && fclose(pipe) == 0 ? 0 : 1);
  }
  const struct import_request request = {.path = path, .policy = fixture_path(folder, "policy.yaml")};
  cr_assert(import_file(&request, &book, &error), "%s", error.text);
  cr_expect_eq(book.case_count, 5000);
  book_fini(&book);
  wait(NULL);
  fixture_remove(folder);
}

static void count_told(void *arg, const char *sentence) {
  unsigned *told = arg;
  char end[64];
  snprintf(end, sizeof end, ":%u:1: 'id' is missing", ++*told * 2);
  cr_expect(strstr(sentence, end), "%s", sentence);
}

Test(import, many_wrong_lines_are_told_in_one_run) {
  const char *folder = folder_with_policy();
  for (unsigned wrong = 1; wrong < 25; wrong++) {
    char lines[8192] = "", expected[256];
    struct casebook book;
    struct assay_error error = {0};
    unsigned told = 0;
    for (unsigned i = 0; i < wrong; i++) {
      size_t used = strlen(lines);
      snprintf(lines + used, sizeof lines - used, "{\"id\":\"%u\",\"token\":\"a\"}\n{}\n", i);
    }
    fixture_write_str(folder, "cases.jsonl", lines);
    const struct import_request request = {
        .path = fixture_path(folder, "cases.jsonl"), .tell = count_told, .arg = &told};
    cr_assert_not(import_file(&request, &book, &error));
    cr_expect_eq(book.case_count, 0);
    cr_expect_eq(told, wrong <= 20 ? wrong - 1 : 20);
    if (wrong <= 20)
      snprintf(expected, sizeof expected, "%s:%u:1: 'id' is missing", request.path, wrong * 2);
    else
      snprintf(expected, sizeof expected, "%s: %u more %s wrong", request.path, wrong - 20,
               wrong == 21 ? "line is" : "lines are");
    cr_expect_str_eq(error.text, expected);
  }
  fixture_remove(folder);
}

/* An HTML page, say: twenty complaints of its lines would tell less than one. */
Test(import, a_file_without_any_object_gets_one_sentence) {
  const char *folder = folder_with_policy();
  struct casebook book;
  struct assay_error error = {0};
  unsigned told = 0;
  fixture_write_str(folder, "cases.jsonl", "<html>\n<body>\n</body>\n</html>\n");
  const struct import_request request = {
      .path = fixture_path(folder, "cases.jsonl"), .tell = count_told, .arg = &told};
  cr_assert_not(import_file(&request, &book, &error));
  cr_expect_eq(told, 0);
  cr_expect(strstr(error.text, "cases.jsonl:1:1: an HTML page: perhaps "), "%s", error.text);
  fixture_remove(folder);
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
