/* The primitive level: raw vectors through each library's bare verify. What JOSE does not allow is to be
 * refused, what a library answers wrongly is a finding, and files that cannot be read are told. */
#include "harness/wire/sealed_vectors.h"

#include <sys/mman.h>

#include "tests/vector_kit.h"

#define PRIMITIVE BIN "/assay check --level primitive "
Test(primitive, a_suite_of_ones_own_is_read_and_judged) {
  const char *folder = folder_with("mine.json", FILE_OF(ED_GROUP(TEST("1", "", "", ED_SIG, "valid") "," TEST(
                                                    "2", "\"A\",\"B\"", "00", ED_SIG,
                                                    "invalid") "," TEST("3", "", "00", ED_SIG, "valid"))));
  json_t *result = result_of(shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", folder), 0);
  cr_expect_eq(sum(result, "openssl", "tokens"), 3);
  cr_expect_eq(sum(result, "openssl", "right"), 2);
  cr_expect_eq(sum(result, "openssl", "wrong_verdict"), 1, "a finding, and still exit code 0");
  cr_expect_str_eq(wrong_examples(result, "openssl"), "mine.json:3");
  const json_t *row = json_array_get(verdict_rows(result), 1);
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
  json_t *result = result_of(shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", folder), 0);
  cr_expect_eq(sum(result, "openssl", "tokens"), 2);
  cr_expect_eq(sum(result, "openssl", "right"), 2);
  cr_expect_eq(left_out(result, "ECDSA in DER"), 2);
  cr_expect_eq(left_out(result, "with an HMAC key shorter than the hash"), 1);
  cr_expect_eq(json_array_size(json_object_get(result, "left_out")), 2);
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(primitive, what_no_alg_is_for_is_left_out_with_its_reason) {
  const char *folder = folder_with(
      "odd.json",
      FILE_OF(
          "{\"type\":\"EcdsaP1363Verify\",\"sha\":\"SHA-512\",\"publicKey\":{\"curve\":\"secp256r1\"},"
          "\"tests\":[{}]},{\"type\":\"EcdsaP1363Verify\",\"sha\":\"SHA-256\",\"publicKey\":{\"curve\":"
          "\"brainpoolP256r1\"},\"tests\":[{},{}]},{\"type\":\"AeadTest\",\"tests\":[{},{},{}]}," ED_GROUP(
              TEST("1", "", "", ED_SIG, "valid"))));
  json_t *result = result_of(shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", folder), 0);
  cr_expect_eq(sum(result, "openssl", "right"), 1);
  cr_expect_eq(left_out(result, "with a hash that no alg has with that key"), 1);
  cr_expect_eq(left_out(result, "on a curve that JOSE has not"), 2);
  cr_expect_eq(left_out(result, "of a scheme that JOSE has not"), 3);
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
      {FILE_OF("{\"type\":\"EddsaVerify\",\"publicKey\":{\"curve\":\"edwards25519\"},\"tests\":[]}"),
       "%s/v.json: a group of type 'EddsaVerify' has a key that cannot be read"},
      {FILE_OF("{\"type\":\"AeadTest\",\"tests\":[]}"),
       "%s: no vectors of Wycheproof, CCTV ed25519 or ed25519-speccheck stand there"},
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
      {"check --level primitiv --vectors x",
       "check: there is no level 'primitiv'; did you mean 'primitive'?"},
      {"check --level guarded", "check: --level guarded needs --vectors DIR, a folder of raw vectors"},
      {"check --level primitive", "check: --level primitive needs --vectors DIR, a folder of raw vectors"},
      {"check --vectors x", "check: --vectors needs --level primitive or guarded: raw vectors are no tokens"},
      {"bench --level primitive --vectors x", "bench: --level is an option of `assay check`"},
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
                                   folder),
                             0);
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
  json_t *result = result_of(shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", folder), 0);
  cr_expect_eq(sum(result, "openssl", "tokens"), 5705);
  cr_expect_eq(sum(result, "openssl", "right"), 5705, "%s", wrong_examples(result, "openssl"));
  json_decref(result);
  if (access(MODULES "/wolfssl.so", R_OK) != 0)
    cr_skip_test("wolfssl is not built");
  result = result_of(shell(PRIMITIVE "--vectors %s --subject wolfssl --json 2>/dev/null", folder), 0);
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
  json_t *result = result_of(shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", cctv), 0);
  cr_expect_eq(sum(result, "openssl", "tokens"), 914);
  cr_expect_eq(sum(result, "openssl", "right") + sum(result, "openssl", "wrong_verdict"), 0);
  json_decref(result);
  result = result_of(
      shell(PRIMITIVE "--vectors %s --subject openssl --json 2>/dev/null", vectors("ed25519-speccheck")), 0);
  cr_expect_eq(sum(result, "openssl", "tokens"), 12);
  cr_expect_eq(json_array_size(verdict_rows(result)), 12, "each case is a row");
  json_decref(result);
}

/* What their authors saw of OpenSSL 3.0 (the table of results of ed25519-speccheck). */
Test(primitive, what_is_not_scored_is_told_case_by_case) {
  const struct ran *ran =
      shell(PRIMITIVE "--vectors %s --subject openssl 2>/dev/null", vectors("ed25519-speccheck"));
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out,
                            " cases  case-0, case-1, case-11, case-2, case-3        5  accepted by openssl\n"
                            "        7 cases, e.g. cases.json:10                    7  refused by openssl\n"),
                     "%s", ran->out);
}

/* Where subjects differ the row counts its vectors, and none is counted twice. */
Test(primitive, what_subjects_divide_over_is_counted) {
  const char *folder = folder_with("mine.json", "[{\"number\":0,\"key\":\"" ED_KEY "\",\"sig\":\"" ED_SIG
                                                "\",\"msg\":\"\"},{\"number\":1,\"key\":\"" ED_KEY
                                                "\",\"sig\":\"" ED_SIG "\",\"msg\":\"boom\"}]");
  json_t *result =
      result_of(shell("ASSAY_TEST_TRIGGER=boom " PRIMITIVE "--vectors %s --subject openssl," TEST_MODULES
                      "/crash.so --json 2>/dev/null",
                      folder),
                0);
  json_t *drift = json_object_get(result, "drift");
  cr_assert_eq(json_array_size(drift), 1);
  cr_expect_eq(json_integer_value(json_object_get(json_array_get(drift, 0), "tokens")), 1);
  cr_expect_str_eq(json_string_value(json_object_get(json_array_get(drift, 0), "expected")), "any");
  json_decref(result);
  shell("rm -rf %s", folder);
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

/* Of what is sealed: nobody can make that shorter. */
static int cut_off(int sealed, size_t len) {
  char bytes[256];
  int fd = memfd_create("cut-off", MFD_CLOEXEC);
  cr_assert_lt(len, sizeof bytes);
  cr_assert_neq(ftruncate(sealed, (off_t)len), 0);
  cr_assert_eq(pread(sealed, bytes, len, 0), (ssize_t)len);
  cr_assert_eq(write(fd, bytes, len), (ssize_t)len);
  close(sealed);
  return fd;
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
      fd = cut_off(fd, 100);
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
