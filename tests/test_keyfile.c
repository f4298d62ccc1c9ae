/* Public keys as people have them: every form of every kind of key comes out as the JWK that it is, and what
 * is no public key is named. The keys are made here, by the corpus' own generator; the foreign octets are RFC
 * 8410's. */
#include <criterion/criterion.h>
#include <nettle/base64.h>

#include "corpus/make/key_encoding.h"
#include "corpus/make/sign.h"
#include "corpus/readers/keyfile.h"
#include "harness/pipeline/policy/trust.h"
#include "tests/cli.h"

static const struct kind {
  enum key_kind kind;
  const char *kty, *crv, *alg;
} kinds[] = {{KEY_RSA, "RSA", NULL, "RS256"},
             {KEY_P256, "EC", "P-256", "ES256"},
             {KEY_P384, "EC", "P-384", "ES384"},
             {KEY_P521, "EC", "P-521", "ES512"},
             {KEY_SECP256K1, "EC", "secp256k1", "ES256K"},
             {KEY_ED25519, "OKP", "Ed25519", "EdDSA"},
             {KEY_ED448, "OKP", "Ed448", "EdDSA"}};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

static struct signing_key key_make(enum key_kind kind, uint64_t seed) {
  struct signing_key key = {.kid = strdup("unused")};
  struct rng random;
  rng_init(&random, seed, (const char *const[]){"keyfile", NULL});
  signing_key_make(&key, kind, kind == KEY_RSA ? 2048 : 0, &random);
  return key;
}

enum form { FORM_SPKI, FORM_PKCS1, FORM_CERTIFICATE };
static const char *const labels[] = {"PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE"};

static void add_der(const struct signing_key *key, enum form form, struct text *out) {
  struct rng random;
  rng_init(&random, 5, (const char *const[]){"keyfile", NULL});
  switch (form) {
  case FORM_SPKI: key_add_spki(key, out); break;
  case FORM_PKCS1: key_add_pkcs1(key, out); break;
  case FORM_CERTIFICATE: key_add_certificate(key, "somebody", key, "somebody", &random, out); break;
  }
}

static void add_pem(const struct signing_key *key, enum form form, struct text *out) {
  struct text der = {0};
  add_der(key, form, &der);
  text_add_pem(out, labels[form], "\n", &der);
  text_free(&der);
}

static struct assay_bytes bytes_in(const struct text *text) {
  return bytes_of(text->ptr, text->len);
}

/* The set, after the one way in; the test fails where there is none. Freed by the caller. */
static json_t *set_of(struct assay_bytes text) {
  struct keyfile keyfile;
  struct assay_error error = {0};
  cr_assert(keyfile_of_text(text, "k", &keyfile, &error), "%s", error.text);
  json_t *set = json_loads(keyfile.jwks, JSON_REJECT_DUPLICATES, NULL);
  keyfile_fini(&keyfile);
  cr_assert(json_is_array(json_object_get(set, "keys")));
  return set;
}

/* As the key's own JWK, but for the members that no file of that form has. */
static void expect_jwk(const json_t *jwk, const struct signing_key *key, const char *kid) {
  json_t *expected = signing_key_jwk(key);
  json_object_del(expected, "use");
  json_object_del(expected, "kid");
  if (kid)
    json_object_set_new(expected, "kid", json_string(kid));
  char *is = json_dumps(jwk, JSON_SORT_KEYS), *should = json_dumps(expected, JSON_SORT_KEYS);
  cr_expect_str_eq(is, should);
  free(is);
  free(should);
  json_decref(expected);
}

static void expect_one(struct assay_bytes text, const struct signing_key *key, const char *kid) {
  json_t *set = set_of(text), *keys = json_object_get(set, "keys");
  cr_assert_eq(json_array_size(keys), 1);
  expect_jwk(json_array_get(keys, 0), key, kid);
  json_decref(set);
}

Test(keyfile, every_kind_of_key_in_every_form) {
  for (size_t i = 0; i < KIND_COUNT; i++) {
    struct signing_key key = key_make(kinds[i].kind, i);
    for (enum form form = FORM_SPKI; form <= FORM_CERTIFICATE; form++) {
      struct text der = {0}, pem = {0}, bare = {0};
      if (form == FORM_PKCS1 && kinds[i].kind != KEY_RSA)
        continue;
      add_der(&key, form, &der);
      expect_one(bytes_in(&der), &key, NULL);
      add_pem(&key, form, &pem);
      expect_one(bytes_in(&pem), &key, NULL);
      text_add_base64(&bare, der.ptr, der.len);
      expect_one(bytes_in(&bare), &key, NULL);
      text_insert(&pem, 0, "\xef\xbb\xbfsubject: somebody\n", 21);
      expect_one(bytes_in(&pem), &key, NULL);
      text_free(&der);
      text_free(&pem);
      text_free(&bare);
    }
    signing_key_fini(&key);
  }
}

Test(keyfile, several_keys_stand_in_one_file) {
  struct signing_key rsa = key_make(KEY_RSA, 1), p256 = key_make(KEY_P256, 2);
  struct text pem = {0};
  add_pem(&rsa, FORM_CERTIFICATE, &pem);
  add_pem(&p256, FORM_SPKI, &pem);
  json_t *set = set_of(bytes_in(&pem)), *keys = json_object_get(set, "keys");
  cr_assert_eq(json_array_size(keys), 2);
  expect_jwk(json_array_get(keys, 0), &rsa, NULL);
  expect_jwk(json_array_get(keys, 1), &p256, NULL);
  json_decref(set);
  text_free(&pem);
  signing_key_fini(&rsa);
  signing_key_fini(&p256);
}

/* RFC 8410 10.1 and 10.2 (whose certificate is for X25519). */
#define RFC8410_PUBLIC "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
#define RFC8410_PRIVATE "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"

Test(keyfile, octets_of_rfc_8410) {
  json_t *set =
      set_of(BYTES_LIT("-----BEGIN PUBLIC KEY-----\n" RFC8410_PUBLIC "\n-----END PUBLIC KEY-----\n"));
  const json_t *jwk = json_array_get(json_object_get(set, "keys"), 0);
  cr_expect_str_eq(json_string_value(json_object_get(jwk, "crv")), "Ed25519");
  cr_expect_str_eq(json_string_value(json_object_get(jwk, "x")),
                   "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE");
  json_decref(set);
}

/* The SubjectPublicKeyInfo of an RSA key under the OID of RSASSA-PSS; parameters: DER, or "" for none. */
static void add_pss(const struct signing_key *key, struct assay_bytes parameters, struct text *pem) {
  struct text inner = {0}, der = {0};
  const uint8_t algorithm[] = {
      0x30, (uint8_t)(11 + parameters.len), 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a};
  key_add_pkcs1(key, &inner);
  size_t bits = inner.len + 1, all = sizeof algorithm + parameters.len + 4 + bits;
  const uint8_t outer[] = {0x30, 0x82, (uint8_t)(all >> 8), (uint8_t)all};
  const uint8_t string[] = {0x03, 0x82, (uint8_t)(bits >> 8), (uint8_t)bits, 0};
  text_add(&der, outer, sizeof outer);
  text_add(&der, algorithm, sizeof algorithm);
  text_add(&der, parameters.ptr, parameters.len);
  text_add(&der, string, sizeof string);
  text_add(&der, inner.ptr, inner.len);
  text_add_pem(pem, "PUBLIC KEY", "\n", &der);
  text_free(&inner);
  text_free(&der);
}

Test(keyfile, a_pss_key_serves_pss_alone) {
  static const char sha384[] = "\x30\x11\xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00";
  struct signing_key rsa = key_make(KEY_RSA, 1);
  struct text open = {0}, fixed = {0};
  add_pss(&rsa, bytes_of("", 0), &open);
  add_pss(&rsa, bytes_of(sha384, sizeof sha384 - 1), &fixed);
  json_t *set = set_of(bytes_in(&open)), *keys = json_object_get(set, "keys");
  cr_assert_eq(json_array_size(keys), 3);
  cr_expect_str_eq(json_string_value(json_object_get(json_array_get(keys, 2), "alg")), "PS512");
  json_decref(set);
  set = set_of(bytes_in(&fixed));
  keys = json_object_get(set, "keys");
  cr_assert_eq(json_array_size(keys), 1);
  cr_expect_str_eq(json_string_value(json_object_get(json_array_get(keys, 0), "alg")), "PS384");
  json_decref(set);
  text_free(&open);
  text_free(&fixed);
  signing_key_fini(&rsa);
}

Test(keyfile, an_x509_map_names_its_keys) {
  struct signing_key rsa = key_make(KEY_RSA, 1), p256 = key_make(KEY_P256, 2);
  struct text one = {0}, two = {0};
  add_pem(&rsa, FORM_CERTIFICATE, &one);
  add_pem(&p256, FORM_SPKI, &two);
  json_t *map = json_pack("{s:s%, s:s%}", "aa", (char *)one.ptr, one.len, "bb", (char *)two.ptr, two.len);
  char *text = json_dumps(map, 0);
  json_t *set = set_of(bytes_str(text)), *keys = json_object_get(set, "keys");
  cr_assert_eq(json_array_size(keys), 2);
  expect_jwk(json_array_get(keys, 0), &rsa, "aa");
  expect_jwk(json_array_get(keys, 1), &p256, "bb");
  json_decref(set);
  json_decref(map);
  free(text);
  text_free(&one);
  text_free(&two);
  signing_key_fini(&rsa);
  signing_key_fini(&p256);
}

#define JWK "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

/* A set's own text stays: what is wrong in it is told by the pipeline, whose strictness must not be mended
 * away. */
Test(keyfile, a_jwk_set_keeps_its_text) {
  static const char text[] = "\xef\xbb\xbf{ \"keys\": [" JWK "], \"also\": 1 }";
  struct keyfile keyfile;
  cr_assert(keyfile_of_text(BYTES_LIT(text), "k", &keyfile, NULL));
  cr_expect_str_eq(keyfile.jwks, text + 3);
  cr_expect_eq(json_array_size(keyfile.unnamed), 0);
  keyfile_fini(&keyfile);
}

Test(keyfile, one_jwk_and_an_array_of_them) {
  static const char *const texts[] = {JWK, "[" JWK "]"};
  for (size_t i = 0; i < 2; i++) {
    json_t *set = set_of(bytes_str(texts[i]));
    cr_expect_eq(json_array_size(json_object_get(set, "keys")), 1);
    json_decref(set);
  }
}

Test(keyfile, what_is_something_else_is_named) {
  static const struct {
    const char *text, *word;
  } others[] = {
      {"", "there is nothing in it"},
      {" \n", "nothing in it but blanks"},
      {"<!DOCTYPE html><html>", "an HTML page"},
      {"\n<!-- x --><HTML>", "an HTML page"},
      {"<?xml version='1.0'?><a/>", "an XML document"},
      {"ssh-ed25519 AAAA joe", "an OpenSSH public key"},
      {"ecdsa-sha2-nistp256 AAAA", "an OpenSSH public key"},
      {"---- BEGIN SSH2 PUBLIC KEY ----", "an SSH2 public key"},
      {"-----BEGIN OPENSSH PRIVATE KEY-----\nMDEAAA", "an OpenSSH private key"},
      {"-----BEGIN RSA PRIVATE KEY-----\nMDEAAA", "a private key ('RSA PRIVATE KEY')"},
      {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMDEAAA", "a private key ('ENCRYPTED PRIVATE KEY')"},
      {"-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n-----BEGIN EC PRIVATE "
       "KEY-----\nMDEAAA",
       "k:4: a private key ('EC PRIVATE KEY')"},
      {"-----BEGIN CERTIFICATE REQUEST-----\nMDEAAA", "a certificate request"},
      {"-----BEGIN X509 CRL-----\nMDEAAA", "'X509 CRL'"},
      {"-----BEGIN PUBLIC KEY-----\nMDEAAA", "has no END line"},
      {"-----BEGIN PUBLIC KEY-----\nMDEA!\n-----END PUBLIC KEY-----\n", "is not base64"},
      {"-----BEGIN PUBLIC KEY-----\nMDEA\n-----END PUBLIC KEY-----\n", "whose DER cannot be read"},
      {"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
       "-----END PUBLIC KEY-----\n",
       "an X25519 key"},
      {RFC8410_PRIVATE, "a private key in DER"},
      {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\",\"d\":\"MDEAAA\"}", "a private key as a JWK"},
      {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AA\",\"e\":\"AQAB\",\"d\":\"MDEAAA\"}]}",
       "a private key as a JWK"},
      {"{\"type\":\"service\",\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nMDEAAA\"}",
       "under 'private_key': a private key"},
      {"{\"issuer\":\"https://i.example\",\"jwks_uri\":\"https://i.example/keys\"}",
       "`curl -o keys.jwks 'https://i.example/keys'`"},
      {"{\"issuer\":\"https://i.example\",\"jwks_uri\":\"https://i.example/`id`\"}",
       "`curl -o keys.jwks JWKS_URI`"},
      {"{\"error\":\"not_found\"}", "a JSON object without keys: it has 'error'"},
      {"{}", "it has no members"},
      {"[]", "JSON, but no key set"},
      {"{\"keys\":[", "k:1:9: not JSON"},
      {"{\"keys\":[],\n\"keys\":[" JWK "]}", "k:2:6: 'keys' stands twice"},
      {"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"MDEAAA\",\"kid\":\"MDEAAA\"}]}", ": 'kid' stands twice"},
      {"schema: assay-policy/1\n", "a policy"},
      {"https://i.example/keys\n", "a URL in a file"},
      {"eyJhbGciOiJFUzI1NiJ9.e30.", "a token, not a key"},
      {"swordfish\n", "text that is no key"},
      {"\xff\xfe{", "UTF-16"},
      {"\xfe\xed\xfe\xed\x01", "a Java key store"},
      {"\x01\x02", "binary data"},
  };
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    struct keyfile keyfile;
    struct assay_error error = {0};
    cr_expect_not(keyfile_of_text(bytes_str(others[i].text), "k", &keyfile, &error), "%s", others[i].text);
    cr_expect(strstr(error.text, others[i].word), "%s\nhas not\n%s", error.text, others[i].word);
    cr_expect_not(strstr(error.text, "MDEAAA"), "%s", error.text);
    cr_expect_eq(error.text[0], 'k');
  }
}

/* PFX { version 3, authSafe { data, [0] OCTET STRING {} } }, and a ContentInfo of signed data alone. */
Test(keyfile, key_stores_in_der_are_named) {
  static const char pfx[] =
      "\x30\x14\x02\x01\x03\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x02\x04";
  static const char cms[] = "\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x02\x30";
  struct keyfile keyfile;
  struct assay_error error = {0};
  cr_expect_not(keyfile_of_text(bytes_of(pfx, sizeof pfx), "k", &keyfile, &error)); /* the NUL is its last */
  cr_expect(strstr(error.text, "PKCS#12"), "%s", error.text);
  cr_expect_not(keyfile_of_text(bytes_of(cms, sizeof cms), "k", &keyfile, &error));
  cr_expect(strstr(error.text, "PKCS#7"), "%s", error.text);
}

/* ---- which key a token means ---- */

static void expect_kid(struct keyfile *keyfile, const char *alg, const char *kid, size_t at) {
  char *jwks = keyfile_for(keyfile, kid, alg);
  cr_assert_not_null(jwks, "%s", kid);
  json_t *set = json_loads(jwks, 0, NULL);
  const json_t *jwk = json_array_get(json_object_get(set, "keys"), at);
  cr_expect_str_eq(json_string_value(json_object_get(jwk, "kid")), kid);
  json_decref(set);
  free(jwks);
}

Test(keyfile, a_key_without_a_kid_serves_the_kid_of_the_token) {
  struct signing_key rsa = key_make(KEY_RSA, 1), p256 = key_make(KEY_P256, 2);
  struct keyfile keyfile;
  struct text pem = {0};
  add_pem(&rsa, FORM_SPKI, &pem);
  add_pem(&p256, FORM_SPKI, &pem);
  cr_assert(keyfile_of_text(bytes_in(&pem), "k", &keyfile, NULL));
  expect_kid(&keyfile, "PS384", "a", 0);
  expect_kid(&keyfile, "ES256", "b", 1);
  cr_expect_null(keyfile_for(&keyfile, NULL, "ES256"), "a token without a kid needs nothing");
  cr_expect_null(keyfile_for(&keyfile, "b", "ES384"), "no key fits");
  cr_expect_null(keyfile_for(&keyfile, "b", NULL));
  keyfile_fini(&keyfile);
  text_free(&pem);
  signing_key_fini(&rsa);
  signing_key_fini(&p256);
}

Test(keyfile, of_two_that_fit_the_thumbprint_decides) {
  static const char two[] =
      "[" JWK ",{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE\"}]";
  struct keyfile keyfile, other;
  cr_assert(keyfile_of_text(BYTES_LIT(JWK), "k", &keyfile, NULL));
  cr_assert(
      keyfile_of_text(BYTES_LIT("-----BEGIN PUBLIC KEY-----\n" RFC8410_PUBLIC "\n-----END PUBLIC KEY-----\n"),
                      "k", &other, NULL));
  cr_assert(keyfile_merge(&keyfile, &other, NULL));
  cr_expect_null(keyfile_for(&keyfile, "a", "EdDSA"), "either could be meant");
  /* RFC 8037 A.3 */
  expect_kid(&keyfile, "EdDSA", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", 0);
  keyfile_fini(&keyfile);
  cr_assert(keyfile_of_text(BYTES_LIT(two), "k", &keyfile, NULL));
  cr_expect_null(keyfile_for(&keyfile, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "EdDSA"),
                 "a set is taken by the word");
  keyfile_fini(&keyfile);
  keyfile_fini(&other);
}

Test(keyfile, a_set_that_knows_the_kid_is_not_touched) {
  struct keyfile keyfile, other;
  cr_assert(keyfile_of_text(BYTES_LIT("{\"keys\":[{\"kty\":\"EC\",\"kid\":\"a\"}]}"), "k", &keyfile, NULL));
  cr_assert(keyfile_of_text(BYTES_LIT(JWK), "k", &other, NULL));
  cr_assert(keyfile_merge(&keyfile, &other, NULL));
  cr_expect_null(keyfile_for(&keyfile, "a", "EdDSA"));
  expect_kid(&keyfile, "EdDSA", "b", 1);
  keyfile_fini(&keyfile);
  keyfile_fini(&other);
}

/* ---- the command ---- */

static void write_file(const char *path, const void *bytes, size_t len) {
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  cr_assert_eq(fwrite(bytes, 1, len, file), len);
  cr_assert_eq(fclose(file), 0);
}

Test(keyfile, command_prints_one_set) {
  const char *folder = fresh_folder();
  char path[128];
  snprintf(path, sizeof path, "%s/k.jwk", folder);
  write_file(path, JWK, strlen(JWK));
  snprintf(path, sizeof path, "%s/secret", folder);
  write_file(path, "0123456789abcdef0123456789abcdef\r\n", 34);
  const struct ran *ran = shell(BIN "/assay-corpus keys %s/k.jwk %s/k.jwk 2>&1", folder, folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  struct key_set set;
  cr_assert(key_set_read(bytes_str(ran->out), 0, &set));
  cr_expect_eq(set.count, 2);
  key_set_fini(&set);
  ran = shell(BIN "/assay-corpus keys --secret-file %s/secret 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_assert(key_set_read(bytes_str(ran->out), 0, &set));
  cr_assert_eq(set.count, 1);
  cr_expect(bytes_eq_str(set.keys[0].k, "0123456789abcdef0123456789abcdef"));
  key_set_fini(&set);
  ran = shell("cat %s/k.jwk | " BIN "/assay-corpus keys /dev/stdin 2>&1", folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  shell("rm -r %s", folder);
}

Test(keyfile, command_complains_in_one_sentence) {
  COMPLAINS(shell(BIN "/assay-corpus keys 2>&1"), "FILE is missing");
  COMPLAINS(shell(BIN "/assay-corpus keys https://i.example/keys 2>&1"), "https://i.example/keys: a URL",
            "curl -o keys.jwks 'https://i.example/keys'");
  COMPLAINS(shell(BIN "/assay-corpus keys /nowhere 2>&1"), "/nowhere", "No such file");
  COMPLAINS(shell(BIN "/assay-corpus keys / 2>&1"), "/: cannot be read", "directory");
  COMPLAINS(shell(BIN "/assay-corpus keys --secret-file /dev/null 2>&1"),
            "/dev/null: there is nothing in it");
}
