/* The primitive level: raw vectors through each library's bare verify. What JOSE does not allow is to be
 * refused, what a library answers wrongly is a finding, and files that cannot be read are told. */
#include "harness/subject/vectors.h"
#include "tests/cli.h"

#define PRIMITIVE BIN "/assay check --level primitive "
/* RFC 8032 7.1, test 1 */
#define ED_KEY "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define ED_SIG                                                                                               \
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0" \
  "595bbe24655141438e7a100b"
#define ED_GROUP(tests)                                                                                      \
  "{\"type\":\"EddsaVerify\",\"publicKey\":{\"curve\":\"edwards25519\",\"pk\":\"" ED_KEY                     \
  "\"},\"tests\":[" tests "]}"
#define TEST(id, flags, msg, sig, result)                                                                    \
  "{\"tcId\":" id ",\"flags\":[" flags "],\"msg\":\"" msg "\",\"sig\":\"" sig "\",\"result\":\"" result "\"" \
  "}"
#define MAC_KEY "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define MAC_TAG_HALF "198a607eb44bfbc69903a0f1cf2bbdc5"
#define MAC_TAG MAC_TAG_HALF "ba0aa3f3d9ae3c1c7a3b1696a0b68cf7"
#define MAC_GROUP(key_bits, tag_bits, tag)                                                                   \
  "{\"type\":\"MacTest\",\"keySize\":" key_bits ",\"tagSize\":" tag_bits ",\"tests\":[{\"tcId\":" tag_bits   \
  ",\"flags\":[],\"key\":\"" MAC_KEY "\",\"msg\":\"4869205468657265\",\"tag\":\"" tag                        \
  "\",\"result\":\"valid\"}]}"
#define FILE_OF(groups) "{\"testGroups\":[" groups "]}"

static const char *folder_with(const char *name, const char *text) {
  const char *folder = fresh_folder();
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  fputs(text, file);
  cr_assert_eq(fclose(file), 0);
  return folder;
}

static const char *vectors(const char *name) {
  static char path[4096];
  const char *folder = getenv("ASSAY_VECTORS");
  snprintf(path, sizeof path, "%s/%s", folder ? folder : ASSAY_SOURCE_DIR "/../shared/vectors", name);
  if (access(path, R_OK) != 0)
    cr_skip_test("%s is not there", path);
  return path;
}

static json_t *result_of(const struct ran *ran) {
  cr_assert_eq(ran->code, 0, "exit %d: %.2000s", ran->code, ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%.2000s", ran->out);
  return result;
}

static json_int_t sum(const json_t *result, const char *subject, const char *field) {
  json_int_t total = 0;
  size_t i;
  json_t *row;
  json_array_foreach(json_object_get(result, "verdicts"), i, row) {
    cr_assert_str_eq(json_string_value(json_object_get(row, "level")), "primitive");
    if (strcmp(json_string_value(json_object_get(row, "subject")), subject) == 0)
      total += json_integer_value(json_object_get(row, field));
  }
  return total;
}

static bool warns(const json_t *result, const char *sentence) {
  size_t i;
  json_t *warning;
  json_array_foreach(json_object_get(result, "warnings"), i, warning) {
    if (strcmp(json_string_value(warning), sentence) == 0)
      return true;
  }
  return false;
}

/* The examples of all rows of a subject, "a b c", in the order of the result. */
static const char *wrong_examples(const json_t *result, const char *subject) {
  static char text[4096];
  size_t i, k;
  json_t *row, *example;
  text[0] = '\0';
  json_array_foreach(json_object_get(result, "verdicts"), i, row) {
    if (strcmp(json_string_value(json_object_get(row, "subject")), subject) != 0)
      continue;
    json_array_foreach(json_object_get(row, "examples"), k, example) {
      size_t used = strlen(text);
      snprintf(text + used, sizeof text - used, "%s%s", used ? " " : "", json_string_value(example));
    }
  }
  return text;
}

Test(primitive, a_suite_of_ones_own_is_read_and_judged) {
  const char *folder = folder_with("mine.json", FILE_OF(ED_GROUP(TEST("1", "", "", ED_SIG, "valid") "," TEST(
                                                    "2", "\"A\",\"B\"", "00", ED_SIG,
                                                    "invalid") "," TEST("3", "", "00", ED_SIG, "valid"))));
  json_t *result = result_of(shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", folder));
  cr_expect_eq(sum(result, "openssl", "tokens"), 3);
  cr_expect_eq(sum(result, "openssl", "right"), 2);
  cr_expect_eq(sum(result, "openssl", "wrong_verdict"), 1, "a finding, and still exit code 0");
  cr_expect_str_eq(wrong_examples(result, "openssl"), "mine.json:3");
  const json_t *row = json_array_get(json_object_get(result, "verdicts"), 1);
  cr_expect_str_eq(json_string_value(json_object_get(row, "class")), "mine");
  cr_expect_str_eq(json_string_value(json_object_get(row, "variant")), "A+B");
  cr_expect_str_eq(json_string_value(json_object_get(row, "expected")), "reject");
  json_decref(result);
  shell("rm -rf %s", folder);
}

/* RFC 7518 3.2: no truncated tags, no key shorter than the hash. */
Test(primitive, what_jose_does_not_allow_is_to_be_refused_or_left_out) {
  const char *folder = folder_with(
      "hmac_sha256_test.json",
      FILE_OF(MAC_GROUP("256", "256", MAC_TAG) "," MAC_GROUP("256", "128", MAC_TAG_HALF) "," MAC_GROUP(
          "128", "64", MAC_TAG) ",{\"type\":\"EcdsaVerify\",\"tests\":[{},{}]}"));
  json_t *result = result_of(shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", folder));
  cr_expect_eq(sum(result, "openssl", "tokens"), 2);
  cr_expect_eq(sum(result, "openssl", "right"), 2);
  cr_expect(warns(result,
                  "3 vectors cannot be put as JOSE signatures and were left out: 2 ECDSA in DER, 0 with "
                  "another hash, 1 with an HMAC key shorter than the hash"));
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(primitive, files_that_cannot_be_read_are_told) {
  static const struct {
    const char *text, *sentence;
  } rows[] = {
      {FILE_OF(ED_GROUP(TEST("7", "", "0", ED_SIG, "valid"))),
       "%s/v.json: vector 7: msg, sig, key or result cannot be read"},
      {FILE_OF(ED_GROUP(TEST("8", "", "", "xx", "valid"))),
       "%s/v.json: vector 8: msg, sig, key or result cannot be read"},
      {FILE_OF("{\"type\":\"EddsaVerify\",\"publicKey\":{\"curve\":\"curve25519\"},\"tests\":[]}"),
       "%s/v.json: a group of type 'EddsaVerify' has a key that cannot be read"},
      {FILE_OF("{\"type\":\"AeadTest\",\"tests\":[]}"),
       "%s/v.json: a group of type 'AeadTest' has a key that cannot be read"},
      {"[{\"number\":3,\"key\":\"z\",\"sig\":\"00\",\"msg\":\"\"}]",
       "%s/v.json: vector 3: key, message or signature cannot be read"},
      {"{}", "%s: no vectors of Wycheproof, CCTV ed25519 or ed25519-speccheck stand there"},
      {"{", "%s: no vectors of Wycheproof, CCTV ed25519 or ed25519-speccheck stand there"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const char *folder = folder_with("v.json", rows[i].text);
    char sentence[512], expected[600];
    snprintf(sentence, sizeof sentence, rows[i].sentence, folder);
    snprintf(expected, sizeof expected, "assay check: %s\n", sentence);
    const struct ran *ran = shell(PRIMITIVE "--vectors %s 2>&1", folder);
    cr_expect_eq(ran->code, 4);
    cr_expect_str_eq(ran->out, expected);
    shell("rm -rf %s", folder);
  }
}

Test(primitive, options_that_do_not_go_together_are_refused) {
  static const char *const rows[][2] = {
      {"check --level primitiv --vectors x", "check: --level is pipeline or primitive, not 'primitiv'"},
      {"check --level primitive", "check: --level primitive needs --vectors DIR, a folder of raw vectors"},
      {"check --vectors x", "check: --vectors needs --level primitive: raw vectors are no tokens"},
      {"bench --level primitive --vectors x", "bench: --level primitive is an option of `assay check`"},
      {"check --level primitive --vectors x --corpus c",
       "check: --level primitive asks about raw vectors: --corpus, --cases, --policy and --explain are for "
       "tokens"},
      {"check --level primitive --vectors /nowhere", "check: /nowhere: not a folder that can be read"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char expected[512];
    snprintf(expected, sizeof expected, "assay %s\n", rows[i][1]);
    const struct ran *ran = shell(BIN "/assay %s 2>&1", rows[i][0]);
    cr_expect_eq(ran->code, 4);
    cr_expect_str_eq(ran->out, expected);
  }
}

/* A library that dies on a vector is asked about the next one. */
Test(primitive, a_crash_is_an_answer_too) {
  const char *folder = folder_with(
      "mine.json", FILE_OF(ED_GROUP(TEST("1", "", "", ED_SIG, "valid") "," TEST(
                       "2", "", "626f6f6d", ED_SIG, "valid") "," TEST("3", "", "", ED_SIG, "valid"))));
  json_t *result = result_of(shell("ASSAY_TEST_TRIGGER=boom " PRIMITIVE "--vectors %s --subject " TEST_MODULES
                                   "/crash.so --json 2>/dev/null",
                                   folder));
  cr_expect_eq(sum(result, "crash", "crash"), 1);
  cr_expect_eq(sum(result, "crash", "right"), 2);
  cr_expect_str_eq(wrong_examples(result, "crash"), "mine.json:2");
  json_decref(result);
  shell("rm -rf %s", folder);
}

/* Every library agrees with every vector, but for what is known of wolfSSL 5.5.4: it takes RSA signatures
 * that are not below the modulus, and an Ed25519 S that is not below the group order. */
Test(primitive, wycheproof_shows_what_is_known) {
  const char *folder = vectors("wycheproof");
  json_t *result = result_of(shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", folder));
  cr_expect_eq(sum(result, "openssl", "tokens"), 5705);
  cr_expect_eq(sum(result, "openssl", "right"), 5705, "%s", wrong_examples(result, "openssl"));
  json_decref(result);
  if (access(MODULES "/wolfssl.so", R_OK) != 0)
    cr_skip_test("wolfssl is not built");
  result = result_of(shell(PRIMITIVE "--vectors %s --subject wolfssl --json 2>/dev/null", folder));
  const json_t *subject = json_array_get(json_object_get(result, "subjects"), 0);
  if (strcmp(json_string_value(json_object_get(subject, "version")), "5.5.4") == 0) {
    cr_expect_eq(sum(result, "wolfssl", "wrong_verdict"), 5);
    cr_expect_str_eq(wrong_examples(result, "wolfssl"),
                     "ed25519_test.json:85 rsa_signature_2048_sha256_test.json:244 "
                     "rsa_signature_3072_sha384_test.json:245 "
                     "rsa_signature_4096_sha256_test.json:245 rsa_signature_4096_sha512_test.json:245");
  }
  json_decref(result);
}

Test(primitive, the_ed25519_suites_are_asked_and_not_scored) {
  char cctv[4096];
  snprintf(cctv, sizeof cctv, "%s", vectors("cctv"));
  json_t *result = result_of(shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", cctv));
  cr_expect_eq(sum(result, "openssl", "tokens"), 914);
  cr_expect_eq(sum(result, "openssl", "right") + sum(result, "openssl", "wrong_verdict"), 0);
  json_decref(result);
  result = result_of(
      shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", vectors("ed25519-speccheck")));
  cr_expect_eq(sum(result, "openssl", "tokens"), 12);
  cr_expect_eq(json_array_size(json_object_get(result, "verdicts")), 12, "each case is a row");
  json_decref(result);
}

/* ---- the memory that workers map ---- */

Test(vectors, come_back_as_they_were_added) {
  struct vectors gathered = {0};
  struct vectors_view view;
  struct assay_error error = {0};
  const struct assay_public_key key = {.alg = ASSAY_ES256, .x = BYTES_LIT("x"), .y = BYTES_LIT("yy")};
  for (int i = 0; i < 200; i++)
    cr_assert(vectors_add(&gathered, &key, BYTES_LIT("input"), bytes_of(NULL, 0)));
  int fd = vectors_seal(&gathered, &error);
  cr_assert_geq(fd, 0, "%s", error.text);
  cr_assert(vectors_map(fd, &view, &error), "%s", error.text);
  cr_assert_eq(view.count, 200);
  const struct vector_record *last = &view.records[199];
  cr_expect_eq(last->alg, ASSAY_ES256);
  cr_expect(bytes_eq_str(vector_bytes(&view, last->x), "x"));
  cr_expect(bytes_eq_str(vector_bytes(&view, last->y), "yy"));
  cr_expect(bytes_eq_str(vector_bytes(&view, last->input), "input"));
  cr_expect_eq(last->sig.len + last->k.len + last->n.len + last->e.len, 0);
  close(fd);
  vectors_fini(&gathered);
}

Test(vectors, a_span_that_leaves_them_is_refused) {
  for (int kind = 0; kind < 4; kind++) {
    struct vectors gathered = {0};
    struct vectors_view view;
    struct assay_error error = {0};
    const struct assay_public_key key = {.alg = ASSAY_HS256, .k = BYTES_LIT("k")};
    cr_assert(vectors_add(&gathered, &key, BYTES_LIT("input"), BYTES_LIT("sig")));
    struct vector_record *record = gathered.records;
    if (kind == 0)
      record->sig.len++;
    else if (kind == 1)
      record->k.at = UINT64_MAX;
    else if (kind == 2)
      record->alg = ASSAY_ALG_COUNT;
    int fd = vectors_seal(&gathered, &error);
    if (kind == 3)
      cr_assert_eq(ftruncate(fd, 100), 0);
    cr_expect_not(vectors_map(fd, &view, &error));
    cr_expect_str_eq(error.text, "the host's vectors are not what this build expects");
    close(fd);
    vectors_fini(&gathered);
  }
  struct vectors_view view;
  struct assay_error error = {0};
  cr_expect_not(vectors_map(-1, &view, &error));
  cr_expect_str_eq(error.text, "the host's vectors are not there");
}
