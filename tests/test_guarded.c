/* Raw vectors behind the pipeline's guards: every guard by its reason over a library that says yes to all,
 * then each real library, which has to agree with the suite wherever JOSE has such a signature. */
#include "harness/base/text/base64.h"
#include "harness/pipeline/guarded.h"
#include "tests/vector_kit.h"

#define GUARDED BIN "/assay check --level guarded "

/* ---- one signature, over a library that says yes ---- */

static unsigned keys_open, verifications;
static enum assay_outcome key_outcome = ASSAY_MATCH, verify_outcome = ASSAY_MATCH;
static char seen_input[64];
static size_t seen_input_len;

static enum assay_outcome yes_ctx_open(struct assay_ctx **ctx) {
  *ctx = NULL;
  return ASSAY_MATCH;
}
static void yes_ctx_close(struct assay_ctx *ctx) {
  (void)ctx;
}
static enum assay_outcome yes_key_open(struct assay_ctx *ctx, const struct assay_public_key *public_key,
                                       struct assay_key **key) {
  (void)ctx, (void)public_key;
  *key = NULL;
  keys_open += key_outcome == ASSAY_MATCH;
  return key_outcome;
}
static void yes_key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx, (void)key;
  keys_open--;
}
static enum assay_outcome yes_verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                     struct assay_bytes sig) {
  (void)ctx, (void)key, (void)sig;
  verifications++;
  seen_input_len = input.len;
  if (input.len)
    memcpy(seen_input, input.ptr, input.len < sizeof seen_input ? input.len : sizeof seen_input);
  return verify_outcome;
}
static const struct assay_backend yes = {.abi = ASSAY_BACKEND_ABI,
                                         .size = sizeof(struct assay_backend),
                                         .name = "yes",
                                         .algs =
                                             ASSAY_ALG_BIT(ASSAY_ALG_COUNT) - 1 - ASSAY_ALG_BIT(ASSAY_ES256K),
                                         .ctx_open = yes_ctx_open,
                                         .ctx_close = yes_ctx_close,
                                         .key_open = yes_key_open,
                                         .key_close = yes_key_close,
                                         .verify = yes_verify};

static enum assay_reason judge(enum assay_alg alg, const char *jwk, struct assay_bytes sig) {
  static char jwks[8192];
  struct assay_error error = {0};
  struct guarded *guarded = guarded_open(&yes, &error);
  cr_assert_not_null(guarded, "%s", error.text);
  snprintf(jwks, sizeof jwks, "{\"keys\":[%s]}", jwk);
  enum assay_reason reason = guarded_verify(guarded, alg, bytes_str(jwks), BYTES_LIT("a.b.c"), sig);
  guarded_close(guarded);
  cr_assert_eq(keys_open, 0, "every key is closed");
  return reason;
}

/* A JWK whose first member is so many octets of one value, and whose second is `other`, or like the first. */
static const char *jwk_of(const char *format, unsigned value, size_t len, const char *other) {
  static char jwk[8192];
  uint8_t bytes[2100];
  char text[2900];
  cr_assert_leq(len, sizeof bytes);
  memset(bytes, (int)value, len);
  base64url_encode(bytes_of(bytes, len), text);
  text[base64url_encoded_chars(len)] = '\0';
  snprintf(jwk, sizeof jwk, format, text, other ? other : text);
  return jwk;
}
#define OCT "{\"kty\":\"oct\",\"k\":\"%s\"}"
#define RSA "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}"
#define EC(curve) "{\"kty\":\"EC\",\"crv\":\"" curve "\",\"x\":\"%s\",\"y\":\"%s\"}"
#define OKP(curve) "{\"kty\":\"OKP\",\"crv\":\"" curve "\",\"x\":\"%s\"}"

static struct assay_bytes sig_of(unsigned value, size_t len) {
  static uint8_t bytes[2100];
  memset(bytes, (int)value, len);
  return bytes_of(bytes, len);
}

static const char *dotted(enum assay_alg alg, const char *jwk, struct assay_bytes sig) {
  return assay_reason_dotted(judge(alg, jwk, sig));
}

Test(guarded, keys_are_judged_before_the_library_is_asked) {
  static const struct {
    enum assay_alg alg;
    const char *format;
    unsigned value;
    size_t len;
    const char *other, *reason;
  } rows[] = {
      {ASSAY_HS256, OCT, 1, 31, NULL, "key-import.hmac-short"},
      {ASSAY_HS384, OCT, 1, 47, NULL, "key-import.hmac-short"},
      {ASSAY_HS512, OCT, 1, 63, NULL, "key-import.hmac-short"},
      {ASSAY_RS256, RSA, 255, 255, "AQAB", "key-import.rsa-small"},
      {ASSAY_RS256, RSA, 255, 2049, "AQAB", "key-import.rsa-huge"},
      {ASSAY_PS256, RSA, 254, 256, "AQAB", "key-import.rsa-even"},
      {ASSAY_PS256, RSA, 255, 256, "AQ", "key-import.rsa-exponent"},
      {ASSAY_ES256, EC("P-256"), 1, 31, NULL, "key-import.coord-length"},
      {ASSAY_ES256, EC("P-384"), 1, 48, NULL, "key-selection.curve-mismatch"},
      {ASSAY_ES256, EC("P-224"), 1, 28, NULL, "key-import.curve"},
      {ASSAY_ED25519, OKP("Ed25519"), 0, 32, NULL, "key-import.low-order"},
      {ASSAY_ED25519, OKP("Ed448"), 3, 57, NULL, "key-selection.curve-mismatch"},
      {ASSAY_ED448, OKP("Ed448"), 3, 56, NULL, "key-import.okp-length"},
      {ASSAY_RS256, OCT, 1, 64, NULL, "key-selection.kty-mismatch"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    cr_expect_str_eq(
        dotted(rows[i].alg, jwk_of(rows[i].format, rows[i].value, rows[i].len, rows[i].other), sig_of(1, 64)),
        rows[i].reason, "row %zu", i);
  cr_expect_str_eq(dotted(ASSAY_HS256, "{\"kty\":\"oct\"},{\"kty\":\"oct\"}", sig_of(1, 32)),
                   "key-selection.no-keys");
  cr_expect_eq(verifications, 0);
}

Test(guarded, signatures_are_judged_before_the_library_is_asked) {
  static const struct {
    enum assay_alg alg;
    const char *format;
    unsigned key;
    size_t key_len;
    unsigned sig;
    size_t sig_len;
    const char *reason;
  } rows[] = {
      {ASSAY_HS256, OCT, 1, 32, 1, 16, "signature.length"},
      {ASSAY_HS512, OCT, 1, 64, 1, 32, "signature.length"},
      {ASSAY_RS256, RSA, 251, 256, 1, 255, "signature.length"},
      {ASSAY_PS256, RSA, 251, 256, 251, 256, "signature.range"},
      {ASSAY_ES256, EC("P-256"), 1, 32, 1, 96, "signature.length"},
      {ASSAY_ES256, EC("P-256"), 1, 32, 0, 64, "signature.zero"},
      {ASSAY_ES384, EC("P-384"), 1, 48, 255, 96, "signature.range"},
      {ASSAY_ED25519, OKP("Ed25519"), 3, 32, 0x20, 64, "signature.range"}, /* S >= L */
      {ASSAY_ED448, OKP("Ed448"), 0x80, 57, 1, 113, "signature.length"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    cr_expect_str_eq(
        dotted(rows[i].alg,
               jwk_of(rows[i].format, rows[i].key, rows[i].key_len, rows[i].format[8] == 'R' ? "AQAB" : NULL),
               sig_of(rows[i].sig, rows[i].sig_len)),
        rows[i].reason, "row %zu", i);
  cr_expect_eq(verifications, 0);
}

Test(guarded, the_library_decides_what_has_the_right_form) {
  static const struct {
    enum assay_outcome key, verify;
    const char *reason;
  } rows[] = {
      {ASSAY_MATCH, ASSAY_MATCH, "ok"},
      {ASSAY_MATCH, ASSAY_MISMATCH, "signature.invalid"},
      {ASSAY_MATCH, ASSAY_MALFORMED, "signature.invalid"},
      {ASSAY_MALFORMED, ASSAY_MATCH, "key-import.invalid-key"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    key_outcome = rows[i].key;
    verify_outcome = rows[i].verify;
    cr_expect_str_eq(dotted(ASSAY_ES256, jwk_of(EC("P-256"), 1, 32, NULL), sig_of(1, 64)), rows[i].reason);
  }
  cr_expect_eq(verifications, 3);
  cr_expect(bytes_eq_str(bytes_of(seen_input, seen_input_len), "a.b.c"),
            "the message as it is, dots and all");
  key_outcome = ASSAY_FAULT;
  cr_expect_eq(judge(ASSAY_ES256, jwk_of(EC("P-256"), 1, 32, NULL), sig_of(1, 64)), REASON_FAULT);
  key_outcome = ASSAY_MATCH;
  verify_outcome = ASSAY_FAULT;
  cr_expect_eq(judge(ASSAY_ES256, jwk_of(EC("P-256"), 1, 32, NULL), sig_of(1, 64)), REASON_FAULT);
  cr_expect_eq(judge(ASSAY_ES256K, jwk_of(EC("secp256k1"), 1, 32, NULL), sig_of(1, 64)), REASON_UNSUPPORTED);
}

/* ---- the level ---- */

Test(guarded, a_disagreement_is_an_error_and_named) {
  const char *folder = folder_with(
      "mine.json", FILE_OF(ED_GROUP(TEST("1", "", "", ED_SIG, "valid") "," TEST(
                       "2", "", "00", ED_SIG, "invalid") "," TEST("3", "\"Odd\"", "00", ED_SIG, "valid"))));
  json_t *result = result_of(shell(GUARDED "--vectors %s --subject openssl --json 2>/dev/null", folder), 2);
  cr_expect_str_eq(json_string_value(json_object_get(json_array_get(verdict_rows(result), 0), "level")),
                   "guarded");
  cr_expect_eq(sum(result, "openssl", "right"), 2);
  cr_expect_eq(sum(result, "openssl", "wrong_verdict"), 1);
  cr_expect_str_eq(wrong_examples(result, "openssl"), "mine.json:3");
  json_decref(result);
  const struct ran *ran = shell(GUARDED "--vectors %s --subject openssl", folder);
  cr_expect_eq(ran->code, 2);
  cr_expect_not_null(strstr(ran->out, "mine/Odd EdDSA: openssl refused 1 good token; expected: accept"), "%s",
                     ran->out);
  cr_expect_not_null(strstr(ran->out, "vector: mine.json:3"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "2 / 3"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

/* RFC 7518 3.2: a tag of the hash's length, a key at least that long. The library says yes to all of them. */
Test(guarded, what_jose_forbids_is_refused_by_the_guards_alone) {
  const char *folder = folder_with(
      "hmac_sha256_test.json",
      FILE_OF(MAC_GROUP("256", "256", MAC_TAG) "," MAC_GROUP(
          "256", "128", MAC_TAG_HALF) ",{\"type\":\"MacTest\","
                                      "\"keySize\":128,\"tagSize\":256,\"tests\":[{\"tcId\":9,\"key\":"
                                      "\"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b\","
                                      "\"msg\":\"\",\"tag\":\"" MAC_TAG "\",\"result\":\"valid\"}]}"));
  json_t *result = result_of(
      shell(GUARDED "--vectors %s --subject " TEST_MODULES "/liar.so --json 2>/dev/null", folder), 0);
  cr_expect_eq(sum(result, "liar", "tokens"), 3);
  cr_expect_eq(sum(result, "liar", "right"), 3);
  cr_expect_eq(sum(result, "liar", "forbidden"), 2);
  cr_expect_eq(json_array_size(json_object_get(result, "left_out")), 0);
  json_decref(result);
  const struct ran *ran = shell(GUARDED "--vectors %s --subject " TEST_MODULES "/liar.so", folder);
  const char *row = strstr(ran->out, "\n hmac_sha256_test ");
  unsigned count, left_out_count, forbidden, agree, decided;
  cr_assert_not_null(row, "%s", ran->out);
  cr_assert_eq(sscanf(row, " hmac_sha256_test %u %u %u %u / %u", &count, &left_out_count, &forbidden, &agree,
                      &decided),
               5, "%.200s", row);
  cr_expect_eq(count, 3);
  cr_expect_eq(left_out_count, 0);
  cr_expect_eq(forbidden, 2);
  cr_expect(agree == 3 && decided == 3);
  cr_expect_not_null(strstr(ran->out, "forbidden: valid for the suite, but not allowed by JOSE"));
  shell("rm -rf %s", folder);
}

Test(guarded, what_cannot_be_expressed_is_told_by_file) {
  const char *folder = folder_with(
      "der.json",
      FILE_OF("{\"type\":\"EcdsaVerify\",\"tests\":[{},{}]}," ED_GROUP(TEST("1", "", "", ED_SIG, "valid"))));
  shell("echo '"
        "{\"testGroups\":[{\"type\":\"AeadTest\",\"tests\":[{}]}]}"
        "' > %s/other.json",
        folder);
  const struct ran *ran =
      shell(GUARDED "--vectors %s --subject openssl,liar=" TEST_MODULES "/liar.so", folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  const char *row = strstr(ran->out, "\n der ");
  unsigned numbers[7];
  cr_assert_not_null(row, "%s", ran->out);
  cr_assert_eq(sscanf(row, " der %u %u %u %u / %u %u / %u", &numbers[0], &numbers[1], &numbers[2],
                      &numbers[3], &numbers[4], &numbers[5], &numbers[6]),
               7, "%.200s", row);
  cr_expect(numbers[0] == 3 && numbers[1] == 2 && numbers[2] == 0 && numbers[3] == 1 && numbers[6] == 1);
  cr_expect_not_null(strstr(ran->out, "not asked: 2 ECDSA in DER, 1 of a scheme"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "1 more file with nothing but those: other\n"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

Test(guarded, a_crash_fails_the_run) {
  const char *folder =
      folder_with("mine.json", FILE_OF(ED_GROUP(TEST("2", "", "626f6f6d", ED_SIG, "valid"))));
  json_t *result = result_of(shell("ASSAY_TEST_TRIGGER=boom " GUARDED "--vectors %s --subject " TEST_MODULES
                                   "/crash.so --json 2>/dev/null",
                                   folder),
                             2);
  cr_expect_eq(sum(result, "crash", "crash"), 1);
  cr_expect_str_eq(wrong_examples(result, "crash"), "mine.json:2");
  json_decref(result);
  shell("rm -rf %s", folder);
}

/* Every library agrees with every vector, wolfSSL 5.5.4 too, which by itself accepts five that it must not
 * (tests/test_primitive.c). What a library has not got in this build is the only difference. */
static void agrees_with_wycheproof(const char *subject, json_int_t lacking) {
  const char *folder = vectors("wycheproof");
  char module[4096];
  snprintf(module, sizeof module, MODULES "/%s.so", subject);
  if (access(module, R_OK) != 0)
    cr_skip_test("%s is not built", subject);
  json_t *result =
      result_of(shell(GUARDED "--vectors %s --subject %s --json 2>/dev/null", folder, subject), 0);
  cr_expect_eq(sum(result, subject, "tokens"), 5723);
  cr_expect_eq(sum(result, subject, "unsupported"), lacking);
  cr_expect_eq(sum(result, subject, "right"), 5723 - lacking, "%s", wrong_examples(result, subject));
  cr_expect_eq(sum(result, subject, "forbidden"), 451);
  cr_expect_eq(left_out(result, "ECDSA in DER"), 2006);
  cr_expect_eq(left_out(result, "with a hash that no alg has with that key"), 60);
  cr_expect_eq(json_array_size(json_object_get(result, "left_out")), 5);
  json_decref(result);
}

Test(guarded, openssl_agrees_with_wycheproof) {
  agrees_with_wycheproof("openssl", 0);
}

/* ES256K and Ed448 */
Test(guarded, boringssl_agrees_with_wycheproof) {
  agrees_with_wycheproof("boringssl", 339);
}

/* RSA 8192 */
Test(guarded, wolfssl_agrees_with_wycheproof) {
  agrees_with_wycheproof("wolfssl", 258);
}

/* A library that says yes to all: so many bad signatures are told by form alone, and the others by
 * cryptography. */
Test(guarded, the_guards_alone_refuse_what_form_tells) {
  json_t *result =
      result_of(shell(GUARDED "--vectors %s --subject " TEST_MODULES "/liar.so --json 2>/dev/null",
                      vectors("wycheproof")),
                2);
  json_int_t bad = 0, refused = 0, wrong = 0;
  size_t i;
  json_t *row;
  json_array_foreach(verdict_rows(result), i, row) {
    bool is_bad = strcmp(json_string_value(json_object_get(row, "expected")), "reject") == 0;
    bad += is_bad ? json_integer_value(json_object_get(row, "tokens")) : 0;
    refused += is_bad ? json_integer_value(json_object_get(row, "right")) : 0;
    wrong += is_bad ? 0 : json_integer_value(json_object_get(row, "wrong_verdict"));
  }
  cr_expect_eq(bad, 4174, "%lld", (long long)bad);
  cr_expect_eq(refused, 729, "%lld", (long long)refused);
  cr_expect_eq(wrong, 0, "no good signature is refused by its form");
  json_decref(result);
}

/* What the three libraries are divided on by design, the guards decide alike for them, by reason too. Others
 * multiply by the cofactor, as RFC 8032 5.1.7 lets them, or refuse an R of small order. */
Test(guarded, no_default_library_differs_on_the_ed25519_suites) {
  static const char *const suites[] = {"cctv", "ed25519-speccheck"};
  for (size_t i = 0; i < 2; i++) {
    json_t *result =
        result_of(shell(GUARDED "--vectors %s --subject default --json 2>/dev/null", vectors(suites[i])), 0);
    cr_expect_eq(sum(result, "openssl", "tokens"), i ? 12 : 914);
    cr_expect_eq(sum(result, "openssl", "right") + sum(result, "openssl", "wrong_verdict"), 0);
    cr_expect_eq(json_array_size(json_object_get(result, "drift")), 0);
    json_decref(result);
  }
}
