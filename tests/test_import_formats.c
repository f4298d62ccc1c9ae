/* Foreign formats: what becomes of the RFCs' examples, how little a case line needs, and what is said of a
 * format that is none. */
#include "corpus/import/shared/import.h"
#include "tests/corpus_fixture.h"

#define SECRET "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
#define KEYS "\"keys\":[{\"kty\":\"oct\",\"k\":\"" SECRET "\"}]"
#define HEADER "eyJhbGciOiJIUzI1NiJ9"            /* {"alg":"HS256"} */
#define UNSIGNED "eyJhbGciOiJub25lIn0"           /* {"alg":"none"} */
#define CLAIMS "eyJpc3MiOiJqb2UiLCJleHAiOjEwMH0" /* {"iss":"joe","exp":100} */

static const char *vectors(const char *name) {
  static char path[4096];
  const char *folder = getenv("ASSAY_VECTORS");
  snprintf(path, sizeof path, "%s/%s", folder ? folder : ASSAY_SOURCE_DIR "/../shared/vectors", name);
  if (access(path, R_OK) != 0)
    cr_skip_test("%s is not there", path);
  return path;
}

static bool import_at(const char *format, const char *path, struct casebook *book,
                      struct assay_error *error) {
  return import_file(&(struct import_request){.format = format, .path = path}, book, error);
}

static bool import(const char *format, const char *folder, const char *lines, struct casebook *book,
                   struct assay_error *error) {
  fixture_write_str(folder, "lines", lines);
  return import_at(format, fixture_path(folder, "lines"), book, error);
}

/* The one reason that is expected; REASON_OK: none. */
static unsigned reason_of(const struct corpus_case *one) {
  cr_assert_leq(one->reason_count, 1);
  return one->reason_count ? one->reasons[0] : REASON_OK;
}

Test(import_formats, every_example_of_the_rfcs_gets_the_reason_that_its_form_calls_for) {
  static const struct {
    const char *id, *variant;
    enum assay_alg alg;
    enum assay_reason reason;
  } rows[] = {{"rfc7515_A.1", "rfc7515", ASSAY_HS256, REASON_OK},
              {"rfc7515_A.2", "rfc7515", ASSAY_RS256, REASON_OK},
              {"rfc7515_A.3", "rfc7515", ASSAY_ES256, REASON_OK},
              {"rfc7515_A.4", "rfc7515", ASSAY_ES512, REASON_CLAIMS_SYNTAX},
              {"rfc7520_4.1", "rfc7520", ASSAY_RS256, REASON_CLAIMS_SYNTAX},
              {"rfc7520_4.2", "rfc7520", ASSAY_PS384, REASON_CLAIMS_SYNTAX},
              {"rfc7520_4.3", "rfc7520", ASSAY_ES512, REASON_CLAIMS_SYNTAX},
              {"rfc7520_4.4", "rfc7520", ASSAY_HS256, REASON_CLAIMS_SYNTAX},
              {"rfc7515_A.5(=rfc7519_6.1)", "rfc7515", ASSAY_ALG_NONE, REASON_ALG_NONE},
              {"rfc8037_A.4", "rfc8037", ASSAY_ED25519, REASON_CLAIMS_SYNTAX},
              {"rfc7797/hmac-sha2_b64_false.json", "rfc7797", ASSAY_HS256, REASON_B64_ALPHABET}};
  struct casebook book;
  struct assay_error error = {0};
  cr_assert(import_at("rfc", vectors("rfc/examples.jsonl"), &book, &error), "%s", error.text);
  cr_assert_eq(book.case_count, sizeof rows / sizeof rows[0]);
  for (size_t i = 0; i < book.case_count; i++) {
    const struct corpus_case *one = &book.cases[i];
    cr_expect_str_eq(one->id, rows[i].id);
    cr_expect_str_eq(book.variants[one->variant].name, rows[i].variant);
    cr_expect_eq(one->alg, rows[i].alg, "%s", one->id);
    cr_expect_eq(reason_of(one), rows[i].reason, "%s", one->id);
    cr_expect_eq(one->verdict, rows[i].reason == REASON_OK ? EXPECT_ACCEPT : EXPECT_REJECT, "%s", one->id);
  }
  cr_expect_str_eq(book.variants[book.cases[0].variant].class_id, "rfc-example");
  cr_expect_not_null(strstr(book.cases[0].policy, "\"now\":1300819379"), "a second before it expires");
  book_fini(&book);
}

Test(import_formats, an_example_that_cannot_be_judged_is_told_with_its_line) {
  static const struct {
    const char *line, *sentence;
  } rows[] = {
      {"\n{\"id\":\n", ":2:7: unexpected token near '\\n'"},
      {"{}\n", ":1:1: not an example with id, token, keys and expected (accept or reject)"},
      {"{\"id\":\"x\",\"token\":\"" HEADER "." CLAIMS ".x\"," KEYS ",\"expected\":\"maybe\"}\n",
       ":1:1: not an example with id, token, keys and expected (accept or reject)"},
      {"{\"id\":\"x\",\"token\":\"" HEADER ".x\"," KEYS ",\"expected\":\"accept\"}\n",
       ":1:1: not an example with id, token, keys and expected (accept or reject)"},
      {"{\"id\":\"x\",\"token\":\"" HEADER "." CLAIMS ".x\"," KEYS ",\"expected\":\"reject\"}\n",
       ":1:1: it is not known for which reason 'x' must be refused"},
  };
  const char *folder = fixture_folder();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct casebook book;
    struct assay_error error = {0};
    char expected[512];
    cr_assert_not(import("rfc", folder, rows[i].line, &book, &error), "%s", rows[i].line);
    snprintf(expected, sizeof expected, "%s/lines%s", folder, rows[i].sentence);
    if (i == 0) /* Jansson's own words */
      cr_expect_eq(strncmp(error.text, expected, strlen(folder) + strlen("/lines:2:")), 0, "%s", error.text);
    else
      cr_expect_str_eq(error.text, expected);
    cr_expect_eq(book.case_count, 0);
  }
  fixture_remove(folder);
}

Test(import_formats, an_unsigned_example_and_claims_without_issuer_have_their_own_reasons) {
  const char *folder = fixture_folder();
  struct casebook book;
  struct assay_error error = {0};
  static const char lines[] =
      "{\"id\":\"a\",\"token\":\"" UNSIGNED "." CLAIMS ".\"," KEYS ",\"expected\":\"reject\"}\n"
      "{\"id\":\"b\",\"token\":\"" HEADER ".e30.x\"," KEYS ",\"expected\":\"accept\"}\n" /* {} */
      "{\"id\":\"c\",\"token\":\"" HEADER ".W10.x\"," KEYS ",\"expected\":\"accept\"}";  /* [] */
  cr_assert(import("rfc", folder, lines, &book, &error), "%s", error.text);
  cr_expect_eq(reason_of(&book.cases[0]), REASON_ALG_NONE);
  cr_expect_eq(reason_of(&book.cases[1]), REASON_ISS_MISSING);
  cr_expect_eq(reason_of(&book.cases[2]), REASON_CLAIMS_NOT_OBJECT);
  book_fini(&book);
  fixture_remove(folder);
}

Test(import_formats, raw_signatures_are_sent_where_they_are_asked_about) {
  static const char *const texts[] = {
      "{\"testGroups\":[{\"type\":\"EddsaVerify\",\"tests\":[{\"tcId\":1,\"sig\":\"00\"}]}]}",
      "{\"testGroups\":[{\"type\":\"MacTest\",\"tests\":[{\"tcId\":1,\"tag\":\"00\"}]}]}",
      "[{\"number\":1,\"key\":\"00\",\"sig\":\"00\"}]",
      "[{\"pub_key\":\"00\",\"signature\":\"00\"}]",
  };
  static const char sentence[] = ": raw signatures are no tokens; `assay check --level primitive|guarded "
                                 "--vectors DIR` asks about them";
  const char *folder = fixture_folder();
  struct casebook book;
  struct assay_error error = {0};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    cr_assert_not(import(i % 2 ? "rfc" : NULL, folder, texts[i], &book, &error));
    cr_expect_str_eq(error.text + strlen(folder) + strlen("/lines"), sentence);
  }
  cr_assert_not(import_at("wycheproof", "x", &book, &error));
  cr_expect_str_eq(error.text + strlen("format 'wycheproof'"), sentence);
  /* What has tokens is not meant. */
  cr_assert_not(import(NULL, folder, "{\"testGroups\":[{\"tests\":[{\"jws\":\"a.b.c\"}]}]}", &book, &error));
  cr_expect_null(strstr(error.text, "raw"));
  fixture_remove(folder);
}

#define COOKBOOK(members)                                                                                    \
  "{\"input\":{\"key\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\",\"d\":\"SECRET\"}}," members "}"

Test(import_formats, the_cookbook_gives_tokens_without_private_keys) {
  const char *folder = fixture_folder();
  struct casebook book;
  struct assay_error error = {0};
  fixture_write_str(folder, "a.json",
                    COOKBOOK("\"signing\":{},\"output\":{\"compact\":\"" HEADER "." CLAIMS ".x\"}"));
  fixture_write_str(folder, "b.json", COOKBOOK("\"signing\":{},\"output\":{\"json\":{}}"));
  fixture_write_str(folder, "c.json", COOKBOOK("\"output\":{\"compact\":\"a.b.c.d.e\"}"));
  fixture_write_str(folder, "d.json", COOKBOOK("\"signing\":{},\"output\":{\"compact\":\"" HEADER "..x\"}"));
  fixture_write_str(folder, "e.json", "{");
  cr_assert(import_at("cookbook", folder, &book, &error), "%s", error.text);
  cr_assert_eq(book.case_count, 2);
  cr_expect_str_eq(book.cases[0].id, "a");
  cr_expect_eq(book.cases[0].verdict, EXPECT_ACCEPT);
  cr_expect_not_null(strstr(book.cases[0].policy, "\"x\":\"AA\""));
  cr_expect_null(strstr(book.cases[0].policy, "SECRET"));
  cr_expect_str_eq(book.cases[1].id, "d");
  cr_expect_eq(reason_of(&book.cases[1]), REASON_EMPTY_PAYLOAD);
  book_fini(&book);
  cr_assert(import_at("cookbook", fixture_path(folder, "d.json"), &book, &error), "%s", error.text);
  cr_expect_eq(book.case_count, 1);
  book_fini(&book);
  cr_assert_not(import_at("cookbook", fixture_path(folder, "b.json"), &book, &error));
  cr_expect_str_eq(error.text + strlen(folder),
                   "/b.json: no example of a JWS with one key and a compact form is there");
  cr_assert_not(import_at("cookbook", "/nowhere", &book, &error));
  cr_expect_str_eq(error.text, "/nowhere: there is no such file or folder");
  fixture_remove(folder);
}

Test(import_formats, every_compact_jws_of_the_cookbook_gets_its_reason) {
  static const struct {
    const char *id, *variant;
    enum assay_reason reason;
  } rows[] = {{"curve25519/jws", "curve25519", REASON_CLAIMS_SYNTAX},
              {"jws/4_1.rsa_v15_signature", "jws", REASON_CLAIMS_SYNTAX},
              {"jws/4_2.rsa-pss_signature", "jws", REASON_CLAIMS_SYNTAX},
              {"jws/4_3.ecdsa_signature", "jws", REASON_CLAIMS_SYNTAX},
              {"jws/4_4.hmac-sha2_integrity_protection", "jws", REASON_CLAIMS_SYNTAX},
              {"jws/4_5.signature_with_detached_content", "jws", REASON_EMPTY_PAYLOAD},
              {"rfc7797/hmac-sha2_b64_false", "rfc7797", REASON_B64_ALPHABET}};
  struct casebook book;
  struct assay_error error = {0};
  cr_assert(import_at("cookbook", vectors("ietf-jose-cookbook"), &book, &error), "%s", error.text);
  cr_assert_eq(book.case_count, sizeof rows / sizeof rows[0]);
  for (size_t i = 0; i < book.case_count; i++) {
    cr_expect_str_eq(book.cases[i].id, rows[i].id);
    cr_expect_str_eq(book.variants[book.cases[i].variant].name, rows[i].variant);
    cr_expect_eq(reason_of(&book.cases[i]), rows[i].reason, "%s", rows[i].id);
  }
  book_fini(&book);
}

Test(import_formats, an_id_and_a_token_are_enough) {
  const char *folder = fixture_folder();
  struct casebook book;
  struct assay_error error = {0};
  static const char line[] = "{\"id\":\"x\",\"token\":\"a\",\"keys\":{\"i\":{\"keys\":[]}},"
                             "\"policy\":{\"issuers\":[{\"iss\":\"i\"}]}}";
  cr_assert(import(NULL, folder, line, &book, &error), "%s", error.text);
  const struct corpus_case *one = &book.cases[0];
  cr_expect_str_eq(book.variants[one->variant].class_id, "case");
  cr_expect_str_eq(book.variants[one->variant].name, "");
  cr_expect_eq(one->verdict, EXPECT_ANY);
  cr_expect_eq(one->alg, ASSAY_ALG_NONE);
  cr_expect_eq(one->now, CORPUS_NOW_UNSET);
  book_fini(&book);
  cr_assert_not(import("cases", folder, "{\"id\":\"x\",\"token\":\"a\",\"class\":\"\"}\n", &book, &error));
  cr_expect_str_eq(error.text + strlen(folder), "/lines:1:31: 'class' is empty");
  fixture_remove(folder);
}

Test(import_formats, an_unknown_format_lists_what_there_is) {
  struct casebook book;
  struct assay_error error = {0};
  cr_assert_not(import_at("case", "x", &book, &error));
  cr_expect_str_eq(error.text, "there is no format 'case'; did you mean 'cases'?");
  cr_assert_not(import_at("nimbus", "x", &book, &error));
  cr_expect_str_eq(error.text,
                   "there is no format 'nimbus'; there are: cases, cookbook, rfc, suite, wycheproof-jws");
  cr_assert_not(
      import_file(&(struct import_request){.format = "rfc", .path = "x", .policy = "p.yaml"}, &book, &error));
  cr_expect_str_eq(error.text, "--policy p.yaml: the cases of format rfc bring their own");
}

#define SUITE(tests)                                                                                         \
  "{\"testGroups\":[{\"private\":{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" SECRET "\"},\"tests\":[" tests \
  "]}]}"
#define SUITE_TEST(id, jws, result) "{\"tcId\":" id ",\"jws\":\"" jws "\",\"result\":\"" result "\"}"

/* What a suite says is a verdict without a reason, and of a JWS that is no JWT it says nothing to us if it is
 * valid. */
Test(import_formats, a_wycheproof_suite_says_accept_only_of_a_valid_jws_that_names_an_issuer) {
  static const enum expect_verdict verdicts[] = {EXPECT_ACCEPT, EXPECT_ANY, EXPECT_REJECT, EXPECT_ANY};
  static const char *const tests = SUITE(SUITE_TEST("1", HEADER "." CLAIMS ".AAAA", "valid") "," SUITE_TEST(
      "2", HEADER ".Zm9v.AAAA",
      "valid") "," SUITE_TEST("3", HEADER ".Zm9v.AAAB",
                              "invalid") "," SUITE_TEST("4", HEADER "." CLAIMS ".AAAC", "acceptable"));
  const char *folder = fixture_folder();
  struct casebook book;
  struct assay_error error = {0};
  cr_assert(import("wycheproof-jws", folder, tests, &book, &error), "%s", error.text);
  cr_assert_eq(book.case_count, 4);
  for (size_t i = 0; i < 4; i++) {
    cr_expect_eq(book.cases[i].verdict, verdicts[i], "%zu", i);
    cr_expect_eq(book.cases[i].reason_count, 0);
    cr_expect_eq(book.cases[i].alg, ASSAY_HS256);
  }
  cr_expect_str_eq(book.variants[book.cases[0].variant].name, "");
  cr_expect_str_eq(book.variants[book.cases[1].variant].name, "no-jwt");
  book_fini(&book);
  fixture_remove(folder);
}

static void keep(void *arg, const char *sentence) {
  error_set((struct assay_error *)arg, "%s", sentence);
}

/* Keys by group lose what only a private key has; a key of a test itself comes first. */
Test(import_formats, a_suite_is_read_by_its_mapping) {
  static const char *const suite =
      "{\"key\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"g\",\"x\":\"11qYAYKxCrfVS_"
      "7TyWQHOg7hcvPapiMlrwIuaPcHURo\","
      "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"},\"a/b\":[{\"name\":\"one\",\"jwt\":\"" HEADER
      "." CLAIMS ".AAAA\",\"ok\":true},{\"name\":\"one\",\"jwt\":\"" HEADER "." CLAIMS
      ".AAAB\",\"ok\":false,\"key\":{\"kty\":\"oct\","
      "\"kid\":\"t\",\"k\":\"" SECRET "\"}}]}";
  static const char *const mapping =
      "{\"tests\":\"/a~1b\",\"token\":\"/jwt\",\"result\":\"/ok\",\"id\":\"/name\",\"keys\":[\"/key\"],"
      "\"valid\":\"true\",\"invalid\":\"false\",\"class\":\"mine\",\"now\":99}";
  const char *folder = fixture_folder();
  struct casebook book;
  struct assay_error error = {0};
  fixture_write_str(folder, "mapping", mapping);
  fixture_write_str(folder, "suite", suite);
  char at[4096];
  snprintf(at, sizeof at, "%s", fixture_path(folder, "mapping"));
  const struct import_request request = {
      .format = "suite", .path = fixture_path(folder, "suite"), .mapping = at};
  cr_assert(import_file(&request, &book, &error), "%s", error.text);
  cr_assert_eq(book.case_count, 2);
  cr_expect_str_eq(book.cases[0].id, "one");
  cr_expect_str_eq(book.cases[1].id, "one/a~1b/1");
  cr_expect_eq(book.cases[0].verdict, EXPECT_ACCEPT);
  cr_expect_eq(book.cases[1].verdict, EXPECT_REJECT);
  cr_expect_null(strstr(book.cases[0].keys, "\"d\""), "%s", book.cases[0].keys);
  cr_expect_not_null(strstr(book.cases[0].keys, "Ed25519"));
  cr_expect_not_null(strstr(book.cases[1].keys, "\"kid\":\"t\""), "%s", book.cases[1].keys);
  cr_expect_not_null(strstr(book.cases[0].policy, "\"now\":99"), "%s", book.cases[0].policy);
  cr_expect_str_eq(book.variants[book.cases[0].variant].class_id, "mine");
  book_fini(&book);
  fixture_remove(folder);
}

/* Four tests of one token: what its results are by this mapping's words, and what is told. */
static void expect_results(const char *words, const char *verdicts, const char *told) {
  static const enum expect_verdict meant[] = {
      ['a'] = EXPECT_ACCEPT, ['r'] = EXPECT_REJECT, ['-'] = EXPECT_ANY};
#define RESULT(value) "{\"jwt\":\"" HEADER "." CLAIMS ".AAAA\",\"r\":" value "}"
  static const char suite[] =
      "{\"key\":{\"kty\":\"oct\",\"kid\":\"t\",\"k\":\"" SECRET
      "\"},\"tests\":[" RESULT("true") "," RESULT("false") "," RESULT("\"odd\"") "," RESULT("2") "]}";
  const char *folder = fixture_folder();
  struct casebook book;
  struct assay_error error = {0}, said = {0};
  char at[4096], mapping[512];
  snprintf(mapping, sizeof mapping,
           "{\"tests\":\"/tests\",\"token\":\"/jwt\",\"result\":\"/r\",\"keys\":\"/key\"%s}", words);
  fixture_write_str(folder, "mapping", mapping);
  fixture_write_str(folder, "suite", suite);
  snprintf(at, sizeof at, "%s", fixture_path(folder, "mapping"));
  const struct import_request request = {
      .format = "suite", .path = fixture_path(folder, "suite"), .mapping = at, .tell = keep, .arg = &said};
  bool ok = import_file(&request, &book, &error);
  cr_expect_eq(ok, verdicts[0] != '\0', "%s: %s", words, error.text);
  cr_expect_not_null(strstr(ok ? said.text : error.text, told), "%s: %s%s", words, said.text, error.text);
  for (size_t i = 0; ok && verdicts[i]; i++)
    cr_expect_eq(book.cases[i].verdict, meant[(unsigned char)verdicts[i]], "%s: %zu", words, i);
  if (ok)
    book_fini(&book);
  fixture_remove(folder);
}

Test(import_formats, results_are_texts_truth_values_and_numbers) {
  expect_results(
      ",\"valid\":true,\"invalid\":false", "ar--",
      "suite: 2 of 4 results are neither valid nor invalid by the mapping, so that nothing is expected: "
      "the first is 'odd' at /tests/2");
  expect_results(",\"valid\":[true,2],\"invalid\":[false,\"odd\"]", "arra", "");
  expect_results("", "",
                 "suite: no result is valid or invalid by the mapping: the first is 'true' at /tests/0");
}

Test(import_formats, a_mapping_that_does_not_fit_is_told_by_member_and_place) {
  static const char *const suite =
      "{\"tests\":[{\"t\":3},{\"t\":\"a.b.c\"},{\"t\":\"a.b.c\",\"r\":\"valid\"}]}";
  static const struct {
    const char *mapping, *sentence;
  } rows[] = {
      {"[]", "mapping: a mapping is a JSON object"},
      {"{\"tests\":\"/tests\",\"tokn\":\"/t\"}", "mapping: unknown member 'tokn', did you mean 'token'?"},
      {"{\"tests\":\"/tests\",\"token\":\"t\",\"result\":\"/r\"}", "mapping: 'token' is no JSON Pointer"},
      {"{\"tests\":\"/tests\",\"token\":\"/t\"}", "mapping: 'result' is missing"},
      {"{\"tests\":\"/tests\",\"token\":\"/t\",\"result\":\"/r\"}", "mapping: 'keys' is a JSON Pointer"},
#define WORDS(valid, invalid)                                                                                \
  "{\"tests\":\"/tests\",\"token\":\"/t\",\"result\":\"/r\",\"keys\":\"/k\",\"valid\":" valid                \
  ",\"invalid\":" invalid "}"
      {WORDS("[\"a\",\"b\"]", "[\"c\",\"b\"]"), "mapping: 'b' is both 'valid' and 'invalid'"},
      {WORDS("\"invalid\"", "[\"invalid\"]"), "mapping: 'invalid' is both 'valid' and 'invalid'"},
      {WORDS("true", "\"true\""), "mapping: 'true' is both 'valid' and 'invalid'"},
      {WORDS("null", "false"), "mapping: 'valid' is no text, truth value or whole number"},
      {WORDS("true", "[]"), "mapping: 'invalid' is no text, truth value or whole number"},
      {"{\"tests\":\"/none\",\"token\":\"/t\",\"result\":\"/r\",\"keys\":\"/k\"}",
       "suite: /none: there is no array where the mapping has 'tests'"},
      {"{\"tests\":\"/tests\",\"token\":\"/t\",\"result\":\"/r\",\"keys\":\"/k\"}",
       "suite: /tests/2: there is nothing where the mapping has 'keys'"},
      {"{\"tests\":\"/tests\",\"token\":\"/t\",\"result\":\"/r\",\"keys\":\"/k\",\"now\":9007199254740992}",
       "mapping: 'now' is no number of seconds"},
  };
  const char *folder = fixture_folder();
  char at[4096];
  fixture_write_str(folder, "suite", suite);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct casebook book;
    struct assay_error error = {0};
    fixture_write_str(folder, "mapping", rows[i].mapping);
    snprintf(at, sizeof at, "%s", fixture_path(folder, "mapping"));
    const struct import_request request = {
        .format = "suite", .path = fixture_path(folder, "suite"), .mapping = at};
    cr_assert_not(import_file(&request, &book, &error), "%s", rows[i].sentence);
    cr_expect_not_null(strstr(error.text, rows[i].sentence), "%s is not in: %s", rows[i].sentence,
                       error.text);
  }
  fixture_remove(folder);
}
