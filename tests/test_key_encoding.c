/* Public keys in the forms that files have them in. The keys are those of RFC 7515 A.2 and A.3 and of RFC
 * 8037 A.1; the expected texts were written by OpenSSL, the octets are the same to every tool. */
#include <criterion/criterion.h>
#include <nettle/base64.h>
#include <nettle/eddsa.h>

#include "corpus/make/key_encoding.h"
#include "corpus/make/sign.h"

#define RSA_N                                                                                                \
  "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-"   \
  "SFd"                                                                                                      \
  "2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-"     \
  "UTo7W"                                                                                                    \
  "TBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"                   \
  "h9iaGNj8q2ethFkMLs9"                                                                                      \
  "1kzk2PAcDTW9gb54h4FRWyuXpoQ"

static struct assay_bytes decoded(const char *base64url) {
  static uint8_t pool[4096];
  static size_t used;
  struct base64_decode_ctx state;
  size_t len = 0;
  uint8_t *out = pool + used;
  base64url_decode_init(&state);
  cr_assert(base64_decode_update(&state, &len, out, strlen(base64url), base64url));
  used += len;
  return bytes_of(out, len);
}

static struct signing_key rsa_key(void) {
  return (struct signing_key){.kind = KEY_RSA, .bits = 2048, .n = decoded(RSA_N), .e = decoded("AQAB")};
}

static struct signing_key p256_key(void) {
  return (struct signing_key){.kind = KEY_P256,
                              .x = decoded("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                              .y = decoded("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")};
}

static struct signing_key ed25519_key(void) {
  return (struct signing_key){.kind = KEY_ED25519,
                              .x = decoded("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")};
}

static void expect_text(struct text *text, const char *expected) {
  cr_expect_eq(text->len, strlen(expected));
  cr_expect(bytes_eq_str(bytes_of(text->ptr, text->len), expected), "%.*s\nis not\n%s", (int)text->len,
            (const char *)text->ptr, expected);
  text_clear(text);
}

static void add_spki_pem(const struct signing_key *key, const char *newline, struct text *out) {
  struct text der = {0};
  key_add_spki(key, &der);
  text_add_pem(out, "PUBLIC KEY", newline, &der);
  text_free(&der);
}

Test(key_encoding, spki) {
  struct signing_key rsa = rsa_key(), p256 = p256_key(), ed25519 = ed25519_key();
  struct text text = {0};
  add_spki_pem(&rsa, "\n", &text);
  expect_text(&text, "-----BEGIN PUBLIC KEY-----\n"
                     "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj\n"
                     "NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz\n"
                     "P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo\n"
                     "9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB\n"
                     "EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX\n"
                     "FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp\n"
                     "oQIDAQAB\n"
                     "-----END PUBLIC KEY-----\n");
  add_spki_pem(&p256, "\r\n", &text);
  expect_text(&text, "-----BEGIN PUBLIC KEY-----\r\n"
                     "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\r\n"
                     "6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\r\n"
                     "-----END PUBLIC KEY-----\r\n");
  add_spki_pem(&ed25519, "\n", &text);
  expect_text(&text, "-----BEGIN PUBLIC KEY-----\n"
                     "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                     "-----END PUBLIC KEY-----\n");
  text_free(&text);
}

Test(key_encoding, pkcs1) {
  struct signing_key rsa = rsa_key();
  struct text der = {0}, text = {0};
  key_add_pkcs1(&rsa, &der);
  text_add_pem(&text, "RSA PUBLIC KEY", "\n", &der);
  expect_text(&text, "-----BEGIN RSA PUBLIC KEY-----\n"
                     "MIIBCgKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0l8W2\n"
                     "6mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMs\n"
                     "D1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5\n"
                     "z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxv\n"
                     "b3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8q2et\n"
                     "hFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQIDAQAB\n"
                     "-----END RSA PUBLIC KEY-----\n");
  text_free(&der);
  text_free(&text);
}

Test(key_encoding, ssh) {
  struct signing_key rsa = rsa_key(), p256 = p256_key(), ed25519 = ed25519_key();
  struct text text = {0};
  key_add_ssh(&rsa, &text);
  expect_text(
      &text,
      "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCh+BYK4uPJtGXOjS1lYmM2K5J9vinh8CR3/"
      "BYlzJChNuOL2TSXxbbqY913EeZ8dCn5VrD7io8ImtxLaYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpv"
      "fbr3SvaNnjuygxmj3AbONv/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sFhSwsD174pcF1A5L5ROjtZMEQxrZHYJqkeDrrnGya"
      "11UxMFBji4NmXG9veoKjlnAqH2QbgtPr8jkiGUkftoaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62EWQwuz3WTOTY8BwNNb2"
      "BvniHgVFbK5emh");
  key_add_ssh(&p256, &text);
  expect_text(&text, "ecdsa-sha2-nistp256 "
                     "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBH/Nzidw9sRdQYPL7m/"
                     "bS3tYBzM1e+nvE7rPbjx70VRFx/FEzRu9m36HLN/tue659LNpXW6pCyStikYjKIWI5a0=");
  key_add_ssh(&ed25519, &text);
  expect_text(&text, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea");
  text_free(&text);
}

Test(key_encoding, points) {
  struct signing_key p256 = p256_key(), ed25519 = ed25519_key();
  struct text text = {0}, base64 = {0};
  key_add_point(&p256, true, &text);
  text_add_base64(&base64, text.ptr, text.len);
  expect_text(&base64, "A3/Nzidw9sRdQYPL7m/bS3tYBzM1e+nvE7rPbjx70VRF");
  text_clear(&text);
  key_add_point(&p256, false, &text);
  cr_expect_eq(text.len, 65);
  cr_expect_eq(text.ptr[0], 4);
  cr_expect_arr_eq(text.ptr + 33, p256.y.ptr, 32);
  text_clear(&text);
  key_add_point(&ed25519, true, &text);
  cr_expect(bytes_eq(bytes_of(text.ptr, text.len), ed25519.x));
  text_free(&text);
  text_free(&base64);
}

/* One element at the front of `der`: its octets in all, and its content. */
static struct assay_bytes element(struct assay_bytes der, struct assay_bytes *whole) {
  size_t head = 2, len = der.ptr[1];
  if (len & 0x80) {
    head += len & 0x7f;
    len = 0;
    for (size_t i = 2; i < head; i++)
      len = len << 8 | der.ptr[i];
  }
  cr_assert_leq(head + len, der.len);
  *whole = bytes_of(der.ptr, head + len);
  return bytes_of(der.ptr + head, len);
}

/* RFC 5280 4.1: to be signed, algorithm, signature; an Edwards signature stands in it as it is (RFC 8410 6).
 */
Test(key_encoding, a_certificate_is_signed_by_its_issuer) {
  struct rng rng;
  struct signing_key issuer = {0};
  struct signing_key subject = rsa_key();
  struct text der = {0};
  struct assay_bytes whole, tbs, algorithm, signature;
  rng_init(&rng, 7, (const char *const[]){"test_key_encoding", NULL});
  signing_key_make(&issuer, KEY_ED25519, 0, &rng);
  key_add_certificate(&subject, "leaf", &issuer, "root", &rng, &der);
  struct assay_bytes content = element(bytes_of(der.ptr, der.len), &whole);
  cr_expect_eq(whole.len, der.len);
  element(content, &tbs);
  content = bytes_of(content.ptr + tbs.len, content.len - tbs.len);
  element(content, &algorithm);
  content = bytes_of(content.ptr + algorithm.len, content.len - algorithm.len);
  signature = element(content, &whole);
  cr_expect_eq(whole.len, content.len, "something follows the signature");
  cr_assert_eq(signature.len, 1 + ED25519_SIGNATURE_SIZE);
  cr_expect(ed25519_sha512_verify(issuer.x.ptr, tbs.len, tbs.ptr, signature.ptr + 1));
  cr_expect_not_null(memmem(tbs.ptr, tbs.len, subject.n.ptr, subject.n.len), "the subject's key is missing");
  text_free(&der);
  signing_key_fini(&issuer);
}
