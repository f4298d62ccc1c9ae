/* Key sets: every reason that a set or a key of it can be refused for, from both sides of each limit. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/pipeline/policy/jwks.h"

/* What a test makes lives until its end. */
static struct kept {
  struct kept *next;
  void *memory;
  struct key_set set;
} * kept;

static void *keep(void *memory, struct key_set set) {
  struct kept *entry = malloc(sizeof *entry);
  cr_assert_not_null(entry);
  *entry = (struct kept){kept, memory, set};
  kept = entry;
  return memory;
}

static void drop_kept(void) {
  while (kept) {
    struct kept *next = kept->next;
    free(kept->memory);
    key_set_fini(&kept->set);
    free(kept);
    kept = next;
  }
}

TestSuite(jwks, .fini = drop_kept);

static void *room(size_t bytes) {
  return keep(calloc(1, bytes), (struct key_set){0});
}

static char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));
static char *text(const char *format, ...) {
  va_list args;
  char *out = NULL;
  va_start(args, format);
  int length = vasprintf(&out, format, args);
  va_end(args);
  cr_assert(length >= 0);
  return keep(out, (struct key_set){0});
}

static char *base64url(const uint8_t *octets, size_t count) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  char *out = room(count * 2 + 4), *at = out;
  uint32_t bits = 0;
  unsigned held = 0;
  for (size_t i = 0; i < count; i++) {
    bits = bits << 8 | octets[i];
    for (held += 8; held >= 6; held -= 6)
      *at++ = digits[bits >> (held - 6) & 63];
  }
  if (held)
    *at = digits[bits << (6 - held) & 63];
  return out;
}

/* A number of exactly so many bits whose last octet is given. */
static char *number(size_t bits, uint8_t last) {
  size_t count = (bits + 7) / 8;
  uint8_t *octets = room(count);
  memset(octets, 0xa5, count);
  unsigned top = (unsigned)((bits - 1) % 8);
  octets[0] = (uint8_t)((1u << top) | (0xa5 & ((1u << top) - 1)));
  octets[count - 1] = last;
  return base64url(octets, count);
}

static char *filled(size_t count, uint8_t value) {
  uint8_t *octets = room(count + 1);
  memset(octets, value, count);
  return base64url(octets, count);
}

static char *hex(const char *digits) {
  uint8_t octets[64];
  size_t count = strlen(digits) / 2;
  for (size_t i = 0; i < count; i++) {
    unsigned value;
    cr_assert_eq(sscanf(digits + 2 * i, "%2x", &value), 1);
    octets[i] = (uint8_t)value;
  }
  return base64url(octets, count);
}

#define RSA_E "AQAB"
static char *rsa(const char *extra) {
  return text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"" RSA_E "\"%s}", number(2048, 0x01), extra);
}
static char *ec(const char *crv, size_t octets, const char *extra) {
  return text("{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"%s}", crv, filled(octets, 0x11),
              filled(octets, 0x22), extra);
}
static char *okp(const char *crv, const char *x, const char *extra) {
  return text("{\"kty\":\"OKP\",\"crv\":\"%s\",\"x\":\"%s\"%s}", crv, x, extra);
}
static char *oct(size_t octets, const char *extra) {
  return text("{\"kty\":\"oct\",\"k\":\"%s\"%s}", filled(octets, 0x33), extra);
}

static struct key_set set_of(const char *jwks) {
  struct key_set set;
  cr_assert(key_set_read(bytes_str(jwks), 0, &set));
  return set;
}

static struct key_set tolerated_set(uint32_t tolerates, const char *jwks) {
  struct key_set set;
  cr_assert(key_set_read(bytes_str(jwks), tolerates, &set));
  return set;
}

static enum assay_reason set_reason(const char *keys) {
  struct key_set set = set_of(text("{\"keys\":[%s]}", keys));
  enum assay_reason reason = set.refused;
  if (reason != REASON_OK)
    cr_assert(eq(sz, set.count, 0), "a refused set keeps no key");
  key_set_fini(&set);
  return reason;
}

/* The one key of a set. */
static struct jwk key_of(const char *jwk) {
  struct key_set set = set_of(text("{\"keys\":[%s]}", jwk));
  cr_assert_eq(set.refused, REASON_OK, "%s: the set is refused: %s", jwk, assay_reason_dotted(set.refused));
  keep(NULL, set);
  cr_assert(eq(sz, set.count, 1));
  return set.keys[0];
}

static void expect_set(const char *keys, enum assay_reason expected) {
  enum assay_reason reason = set_reason(keys);
  cr_expect_eq(reason, expected, "%s: %s, not %s", keys, assay_reason_dotted(reason),
               assay_reason_dotted(expected));
}

static void expect_key(const char *jwk, enum assay_reason expected) {
  struct key_set set = set_of(text("{\"keys\":[%s]}", jwk));
  cr_assert(eq(sz, set.count, 1));
  cr_expect_eq(set.keys[0].refused, expected, "%s: %s, not %s", jwk, assay_reason_dotted(set.keys[0].refused),
               assay_reason_dotted(expected));
  key_set_fini(&set);
}

static void expect_syntax(const char *jwks, bool is_json) {
  struct assay_error not_json;
  struct key_set set;
  cr_assert(jwks_read(bytes_str(jwks), 0, &set, &not_json));
  cr_expect_eq(set.refused, REASON_SET_SYNTAX, "%s", jwks);
  cr_expect_eq(*not_json.text == '\0', is_json, "%s: '%s'", jwks, not_json.text);
  key_set_fini(&set);
}

Test(jwks, json_that_is_no_set) {
  expect_syntax("{}", true);
  expect_syntax("[]", true);
  expect_syntax("5", true);
  expect_syntax("\"keys\"", true);
  expect_syntax("{\"keys\":{}}", true);
  expect_syntax("{\"keys\":null}", true);
  expect_syntax("{\"keys\":[5]}", true);
  expect_syntax("{\"keys\":[[]]}", true);
  expect_syntax("{\"keys\":[],\"keys\":[]}", true);
  expect_syntax("{\"keys\":[{\"kty\":\"RSA\",\"kty\":\"RSA\"}]}", true);
  expect_syntax("{\"keys\":[],\"x\":1e999}", true);
}

Test(jwks, text_that_is_no_json) {
  expect_syntax("", false);
  expect_syntax("keys", false);
  expect_syntax("{\"keys\":[]", false);
  expect_syntax("{\"keys\":[]} x", false);
  expect_syntax("{\"keys\":[],}", false);
  expect_syntax("{\"keys\":[\"\xff\"]}", false);
}

Test(jwks, place_of_the_fault_is_told_and_the_text_is_not) {
  struct assay_error not_json;
  struct key_set set;
  cr_assert(jwks_read(bytes_str("{\"keys\":\n [\"secret\" oops]}"), 0, &set, &not_json));
  cr_expect(eq(str, not_json.text, "2:15: not JSON"));
}

Test(jwks, empty_set_and_unknown_members_are_fine) {
  expect_set("", REASON_OK);
  struct key_set set = set_of("{\"more\":123456789012345678901234567890,\"keys\":[]}");
  cr_expect_eq(set.refused, REASON_OK);
  cr_expect(eq(sz, set.count, 0));
  cr_expect(set.kids_distinct);
  key_set_fini(&set);
}

Test(jwks, key_of_unknown_kty_is_skipped) {
  struct key_set set = set_of(
      text("{\"keys\":[{\"kty\":\"AKP\",\"d\":\"x\"},{\"kid\":\"a\"},{\"kty\":5},{\"kty\":\"rsa\"},%s]}",
           rsa(",\"kid\":\"r\"")));
  cr_expect_eq(set.refused, REASON_OK);
  cr_assert(eq(sz, set.count, 1));
  cr_expect(bytes_eq_str(set.keys[0].kid, "r"));
  key_set_fini(&set);
}

Test(jwks, too_many_keys) {
  size_t count = JWKS_MAX_KEYS;
  char *keys = room((count + 1) * 3 + 32), *at = keys + sprintf(keys, "{\"keys\":[{}");
  for (size_t i = 1; i < count; i++)
    at += sprintf(at, ",{}");
  strcpy(at, "]}");
  struct key_set set = set_of(keys);
  cr_expect_eq(set.refused, REASON_OK);
  key_set_fini(&set);
  strcpy(at, ",{}]}");
  expect_syntax(keys, true);
}

Test(jwks, too_long_a_text) {
  char *spaces = room(JWKS_MAX_BYTES + 2);
  struct assay_error not_json;
  struct key_set set;
  memset(spaces, ' ', JWKS_MAX_BYTES + 1);
  memcpy(spaces, "{\"keys\":[]}", strlen("{\"keys\":[]}"));
  cr_assert(jwks_read(bytes_of(spaces, JWKS_MAX_BYTES), 0, &set, &not_json));
  cr_expect_eq(set.refused, REASON_OK);
  key_set_fini(&set);
  cr_assert(jwks_read(bytes_of(spaces, JWKS_MAX_BYTES + 1), 0, &set, &not_json));
  cr_expect_eq(set.refused, REASON_SET_SYNTAX);
  cr_expect(eq(str, not_json.text, "longer than 64 MiB"));
}

Test(jwks, private_members) {
  static const char *const names[] = {"d", "p", "q", "dp", "dq", "qi", "oth"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *member = text(",\"%s\":\"AQAB\"", names[i]);
    expect_set(rsa(member), REASON_SET_PRIVATE);
    expect_set(ec("P-256", 32, member), REASON_SET_PRIVATE);
    expect_set(okp("Ed25519", filled(32, 0x09), member), REASON_SET_PRIVATE);
    expect_set(oct(32, member), REASON_OK);
  }
  expect_set(rsa(",\"d\":null"), REASON_SET_PRIVATE);
  expect_set("{\"kty\":\"RSA\",\"d\":\"AQAB\"}", REASON_SET_PRIVATE);
  expect_set(text("%s,%s", rsa(""), ec("P-256", 32, ",\"d\":\"AQAB\"")), REASON_SET_PRIVATE);
  expect_set(rsa(",\"x5c\":[\"AQAB\"],\"u\":1"), REASON_OK);
}

Test(jwks, mixed_symmetry) {
  expect_set(text("%s,%s", oct(32, ""), rsa("")), REASON_SET_MIXED);
  expect_set(text("%s,%s", ec("P-256", 32, ""), oct(32, "")), REASON_SET_MIXED);
  expect_set(text("%s,%s", oct(32, ""), okp("X25519", filled(32, 9), "")), REASON_SET_MIXED);
  expect_set(text("%s,%s", oct(32, ""), oct(64, "")), REASON_OK);
  expect_set(text("%s,%s", rsa(""), ec("P-256", 32, "")), REASON_OK);
  expect_set(text("%s,{\"kty\":\"AKP\"}", oct(32, "")), REASON_OK);
}

Test(jwks, duplicate_kid) {
  char *a = rsa(",\"kid\":\"a\""), *b = rsa(",\"kid\":\"b\""), *none = rsa("");
  expect_set(text("%s,%s,%s", a, b, a), REASON_SET_DUPLICATE_KID);
  expect_set(text("%s,%s", a, b), REASON_OK);
  expect_set(text("%s,%s", none, none), REASON_OK);
  expect_set(text("%s,%s", rsa(",\"kid\":\"\""), rsa(",\"kid\":\"\"")), REASON_SET_DUPLICATE_KID);
  expect_set(text("%s,%s", rsa(",\"kid\":\"\""), none), REASON_OK);
  expect_set(text("%s,%s", rsa(",\"kid\":\"a\\u0000b\""), rsa(",\"kid\":\"a\\u0000c\"")), REASON_OK);
  expect_set(text("%s,%s", a, "{\"kty\":\"RSA\",\"kid\":\"a\"}"), REASON_SET_DUPLICATE_KID);
}

Test(jwks, duplicate_kid_that_is_tolerated) {
  const char *twice = text("%s,%s", rsa(",\"kid\":\"a\""), rsa(",\"kid\":\"a\""));
  const char *jwks = text("{\"keys\":[%s]}", twice);
  struct key_set set = tolerated_set(TOLERATES(DUPLICATE_KID), jwks);
  cr_expect_eq(set.refused, REASON_OK);
  cr_expect(eq(sz, set.count, 2));
  cr_expect(not(set.kids_distinct));
  key_set_fini(&set);
  set = tolerated_set(~TOLERATES(DUPLICATE_KID), jwks);
  cr_expect_eq(set.refused, REASON_SET_DUPLICATE_KID);
  key_set_fini(&set);
  set = tolerated_set(UINT32_MAX, text("{\"keys\":[%s,%s]}", twice, oct(32, "")));
  cr_expect_eq(set.refused, REASON_SET_MIXED);
  key_set_fini(&set);
}

static void expect_rsa_tolerated(const char *n, const char *e, enum assay_reason expected) {
  const char *jwks = text("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}]}", n, e);
  struct key_set set = tolerated_set(TOLERATES(LEADING_ZERO), jwks);
  cr_assert(eq(sz, set.count, 1));
  cr_expect_eq(set.keys[0].refused, expected, "%s", assay_reason_dotted(set.keys[0].refused));
  if (expected == REASON_OK) {
    cr_expect(eq(sz, set.keys[0].n.len, 256));
    cr_expect_eq(set.keys[0].n.ptr[0] >> 7, 1);
    cr_expect(bytes_eq(set.keys[0].e, BYTES_LIT("\1\0\1")));
  }
  key_set_fini(&set);
}

Test(jwks, leading_zeros_that_are_tolerated) {
  uint8_t octets[300] = {0};
  memset(octets + 40, 0xc5, 256);
  const char *n = base64url(octets + 39, 257), *many = base64url(octets, 296);
  expect_key(text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}", n), REASON_KEY_LEADING_ZERO);
  expect_key(text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AAEAAQ\"}", base64url(octets + 40, 256)),
             REASON_KEY_LEADING_ZERO);
  expect_rsa_tolerated(n, "AQAB", REASON_OK);
  expect_rsa_tolerated(many, "AAAAAAEAAQ", REASON_OK);
  expect_rsa_tolerated(base64url(octets + 40, 256), "AAEAAQ", REASON_OK);
  expect_rsa_tolerated(base64url(octets, 256), "AQAB", REASON_KEY_RSA_SMALL);
  expect_rsa_tolerated(base64url(octets, 20), "AQAB", REASON_KEY_RSA_SMALL);
  expect_rsa_tolerated(n, "AAAA", REASON_KEY_RSA_EXPONENT);
  expect_rsa_tolerated(n, "", REASON_KEY_ENCODING);
}

Test(jwks, one_kid_with_two_ktys) {
  struct key_set set =
      set_of(text("{\"keys\":[%s,%s]}", rsa(",\"kid\":\"a\""), ec("P-256", 32, ",\"kid\":\"a\"")));
  cr_expect_eq(set.refused, REASON_OK);
  cr_expect(eq(sz, set.count, 2));
  cr_expect(not(set.kids_distinct));
  key_set_fini(&set);
  set = set_of(text("{\"keys\":[%s,%s]}", rsa(",\"kid\":\"a\""), ec("P-256", 32, ",\"kid\":\"b\"")));
  cr_expect(set.kids_distinct);
  key_set_fini(&set);
}

Test(jwks, set_faults_in_order) {
  const char *keys =
      text("%s,%s,%s", oct(32, ",\"kid\":\"a\""), rsa(",\"kid\":\"a\""), rsa(",\"kid\":\"a\""));
  expect_set(keys, REASON_SET_MIXED);
  expect_set(text("%s,%s", keys, rsa(",\"d\":\"AQAB\"")), REASON_SET_PRIVATE);
  expect_set(text("%s,%s,5", keys, rsa(",\"d\":\"AQAB\"")), REASON_SET_SYNTAX);
}

Test(jwks, missing_members) {
  const char *n = number(2048, 1), *c = filled(32, 1);
  expect_key(text("{\"kty\":\"RSA\",\"n\":\"%s\"}", n), REASON_KEY_MEMBERS);
  expect_key("{\"kty\":\"RSA\",\"e\":\"AQAB\"}", REASON_KEY_MEMBERS);
  expect_key(text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":65537}", n), REASON_KEY_MEMBERS);
  expect_key(text("{\"kty\":\"RSA\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}", c, c), REASON_KEY_MEMBERS);
  expect_key(text("{\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", c, c), REASON_KEY_MEMBERS);
  expect_key(text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\"}", c), REASON_KEY_MEMBERS);
  expect_key(text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"y\":\"%s\"}", c), REASON_KEY_MEMBERS);
  expect_key(text("{\"kty\":\"EC\",\"n\":\"%s\",\"e\":\"AQAB\"}", n), REASON_KEY_MEMBERS);
  expect_key("{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}", REASON_KEY_MEMBERS);
  expect_key(text("{\"kty\":\"OKP\",\"x\":\"%s\"}", c), REASON_KEY_MEMBERS);
  expect_key("{\"kty\":\"oct\"}", REASON_KEY_MEMBERS);
  expect_key("{\"kty\":\"oct\",\"k\":null}", REASON_KEY_MEMBERS);
  expect_key(rsa(",\"kid\":5"), REASON_KEY_MEMBERS);
}

Test(jwks, members_that_are_not_strict_base64url) {
  const char *c = filled(32, 0x11); /* 43 characters, the last with two unused bits */
  char *trailing = text("%s", c);
  trailing[42]++;
  const char *bad[] = {text("%s=", c),       text("%s ", c),    text(" %s", c),
                       text("%.42s+", c),    text("%.42s/", c), text("%.41s\\n%s", c, c + 41),
                       text("%s\\u0000", c), text("%sAA", c),   trailing};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    expect_key(text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}", bad[i], c),
               REASON_KEY_ENCODING);
    expect_key(text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}", c, bad[i]),
               REASON_KEY_ENCODING);
    expect_key(text("{\"kty\":\"oct\",\"k\":\"%s\"}", bad[i]), REASON_KEY_ENCODING);
    expect_key(okp("Ed25519", bad[i], ""), REASON_KEY_ENCODING);
  }
  expect_key(ec("P-256", 32, ""), REASON_OK);
  expect_key(text("{\"kty\":\"RSA\",\"n\":\"%s=\",\"e\":\"AQAB\"}", number(2048, 1)), REASON_KEY_ENCODING);
  expect_key(text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB=\"}", number(2048, 1)), REASON_KEY_ENCODING);
  expect_key("{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}", REASON_KEY_ENCODING);
  expect_key(text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"\"}", number(2048, 1)), REASON_KEY_ENCODING);
}

static void expect_rsa(const char *n, const char *e, enum assay_reason expected) {
  expect_key(text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}", n, e), expected);
}

Test(jwks, rsa_modulus) {
  uint8_t padded[257] = {0};
  memset(padded + 1, 0xff, 256);
  expect_rsa(base64url(padded, 257), RSA_E, REASON_KEY_LEADING_ZERO);
  expect_rsa(base64url(padded + 1, 256), RSA_E, REASON_OK);
  expect_rsa(number(1024, 1), RSA_E, REASON_KEY_RSA_SMALL);
  expect_rsa(number(2047, 1), RSA_E, REASON_KEY_RSA_SMALL);
  expect_rsa("AA", RSA_E, REASON_KEY_RSA_SMALL);
  expect_rsa("AQ", RSA_E, REASON_KEY_RSA_SMALL);
  expect_rsa(number(2048, 1), RSA_E, REASON_OK);
  expect_rsa(number(2049, 1), RSA_E, REASON_OK);
  expect_rsa(number(16384, 1), RSA_E, REASON_OK);
  expect_rsa(number(16385, 1), RSA_E, REASON_KEY_RSA_HUGE);
  expect_rsa(number(2048, 2), RSA_E, REASON_KEY_RSA_EVEN);
}

Test(jwks, rsa_exponent) {
  static const struct {
    const char *octets;
    enum assay_reason reason;
  } cases[] = {{"01", REASON_KEY_RSA_EXPONENT},
               {"02", REASON_KEY_RSA_EXPONENT},
               {"03", REASON_OK},
               {"11", REASON_OK},
               {"010001", REASON_OK},
               {"010000", REASON_KEY_RSA_EXPONENT},
               {"ffffffff", REASON_OK},
               {"0100000001", REASON_KEY_RSA_EXPONENT},
               {"00", REASON_KEY_RSA_EXPONENT},
               {"0003", REASON_KEY_LEADING_ZERO},
               {"00010001", REASON_KEY_LEADING_ZERO},
               {"0101", REASON_OK}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    expect_rsa(number(2048, 1), hex(cases[i].octets), cases[i].reason);
}

Test(jwks, hmac_length) {
  expect_key(oct(0, ""), REASON_KEY_HMAC_SHORT);
  expect_key(oct(31, ""), REASON_KEY_HMAC_SHORT);
  expect_key(oct(32, ""), REASON_OK);
  expect_key(oct(31, ",\"alg\":\"HS256\""), REASON_KEY_HMAC_SHORT);
  expect_key(oct(32, ",\"alg\":\"HS256\""), REASON_OK);
  expect_key(oct(47, ",\"alg\":\"HS384\""), REASON_KEY_HMAC_SHORT);
  expect_key(oct(48, ",\"alg\":\"HS384\""), REASON_OK);
  expect_key(oct(63, ",\"alg\":\"HS512\""), REASON_KEY_HMAC_SHORT);
  expect_key(oct(64, ",\"alg\":\"HS512\""), REASON_OK);
  expect_key(oct(31, ",\"alg\":\"A256GCM\""), REASON_KEY_HMAC_SHORT);
  expect_key(oct(32, ",\"alg\":\"A256GCM\""), REASON_OK);
  expect_key(oct(32, ",\"alg\":512"), REASON_OK);
}

Test(jwks, curves) {
  expect_key(okp("X25519", filled(32, 9), ""), REASON_KEY_CURVE);
  expect_key(okp("X448", filled(56, 9), ""), REASON_KEY_CURVE);
  expect_key(okp("ed25519", filled(32, 9), ""), REASON_KEY_CURVE);
  expect_key(okp("P-256", filled(32, 9), ""), REASON_KEY_CURVE);
  expect_key(ec("Ed25519", 32, ""), REASON_KEY_CURVE);
  expect_key(ec("P-224", 28, ""), REASON_KEY_CURVE);
  expect_key(ec("P-256\\u0000", 32, ""), REASON_KEY_CURVE);
  expect_key(ec("", 32, ""), REASON_KEY_CURVE);
  expect_key("{\"kty\":\"OKP\",\"crv\":\"X25519\"}", REASON_KEY_CURVE);
}

Test(jwks, coordinate_length) {
  static const struct {
    const char *crv;
    size_t octets;
    enum jwk_curve curve;
  } cases[] = {{"P-256", 32, CURVE_P256},
               {"P-384", 48, CURVE_P384},
               {"P-521", 66, CURVE_P521},
               {"secp256k1", 32, CURVE_SECP256K1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *crv = cases[i].crv;
    size_t full = cases[i].octets;
    expect_key(ec(crv, full, ""), REASON_OK);
    expect_key(ec(crv, full - 1, ""), REASON_KEY_COORD_LENGTH);
    expect_key(ec(crv, full + 1, ""), REASON_KEY_COORD_LENGTH);
    expect_key(ec(crv, 0, ""), REASON_KEY_COORD_LENGTH);
    for (int short_x = 0; short_x < 2; short_x++)
      expect_key(text("{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}", crv,
                      filled(full - (short_x == 1), 5), filled(full - (short_x == 0), 5)),
                 REASON_KEY_COORD_LENGTH);
    struct jwk key = key_of(ec(crv, full, ""));
    cr_expect_eq(key.curve, cases[i].curve);
    cr_expect(eq(sz, key.x.len, full));
    cr_expect(eq(sz, key.y.len, full));
    cr_expect_eq(key.x.ptr[full - 1], 0x11);
    cr_expect_eq(key.y.ptr[full - 1], 0x22);
  }
}

Test(jwks, okp_length) {
  expect_key(okp("Ed25519", filled(31, 9), ""), REASON_KEY_OKP_LENGTH);
  expect_key(okp("Ed25519", filled(32, 9), ""), REASON_OK);
  expect_key(okp("Ed25519", filled(33, 9), ""), REASON_KEY_OKP_LENGTH);
  expect_key(okp("Ed25519", "", ""), REASON_KEY_OKP_LENGTH);
  expect_key(okp("Ed448", filled(56, 9), ""), REASON_KEY_OKP_LENGTH);
  expect_key(okp("Ed448",
                 text("%s", hex("0909090909090909090909090909090909090909090909090909090909090909090909090909"
                                "09090909090909090909090909090909090900")),
                 ""),
             REASON_OK);
  expect_key(okp("Ed448", filled(58, 9), ""), REASON_KEY_OKP_LENGTH);
}

struct point {
  const char *hex;
  enum assay_reason reason;
};

static void expect_points(const char *crv, const struct point *points, size_t count) {
  for (size_t i = 0; i < count; i++)
    expect_key(okp(crv, hex(points[i].hex), ""), points[i].reason);
}

/* y = 1, -1, 0, both of order 8, then what is not below p, then neighbours that are fine. */
Test(jwks, ed25519_points) {
  static const struct point points[] = {
      {"0100000000000000000000000000000000000000000000000000000000000000", REASON_KEY_LOW_ORDER},
      {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", REASON_KEY_LOW_ORDER},
      {"0000000000000000000000000000000000000000000000000000000000000000", REASON_KEY_LOW_ORDER},
      {"0000000000000000000000000000000000000000000000000000000000000080", REASON_KEY_LOW_ORDER},
      {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", REASON_KEY_LOW_ORDER},
      {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", REASON_KEY_LOW_ORDER},
      {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", REASON_KEY_LOW_ORDER},
      {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", REASON_KEY_LOW_ORDER},
      {"0100000000000000000000000000000000000000000000000000000000000080", REASON_KEY_NONCANONICAL},
      {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", REASON_KEY_NONCANONICAL},
      {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", REASON_KEY_NONCANONICAL},
      {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", REASON_KEY_NONCANONICAL},
      {"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", REASON_KEY_NONCANONICAL},
      {"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", REASON_KEY_NONCANONICAL},
      {"efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", REASON_KEY_NONCANONICAL},
      {"efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", REASON_KEY_NONCANONICAL},
      {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", REASON_KEY_NONCANONICAL},
      {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", REASON_KEY_NONCANONICAL},
      {"ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", REASON_OK},
      {"ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", REASON_OK},
      {"0200000000000000000000000000000000000000000000000000000000000000", REASON_OK},
      {"0200000000000000000000000000000000000000000000000000000000000080", REASON_OK},
      {"c8176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", REASON_OK},
      {"c6176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", REASON_OK},
  };
  expect_points("Ed25519", points, sizeof points / sizeof *points);
}

Test(jwks, ed448_points) {
  static const struct point points[] = {
      {"010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "000000000000000000",
       REASON_KEY_LOW_ORDER},
      {"fefffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffff"
       "ffffffffffffffff00",
       REASON_KEY_LOW_ORDER},
      {"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "000000000000000000",
       REASON_KEY_LOW_ORDER},
      {"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "000000000000000080",
       REASON_KEY_LOW_ORDER},
      {"010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "000000000000000080",
       REASON_KEY_NONCANONICAL},
      {"fefffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffff"
       "ffffffffffffffff80",
       REASON_KEY_NONCANONICAL},
      {"fffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffff"
       "ffffffffffffffff00",
       REASON_KEY_NONCANONICAL},
      {"fffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffff"
       "ffffffffffffffff80",
       REASON_KEY_NONCANONICAL},
      {"00000000000000000000000000000000000000000000000000000000ffffffffffffffffffffffffffffffffffffffff"
       "ffffffffffffffff00",
       REASON_KEY_NONCANONICAL},
      {"00000000000000000000000000000000000000000000000000000000ffffffffffffffffffffffffffffffffffffffff"
       "ffffffffffffffff80",
       REASON_KEY_NONCANONICAL},
      {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
       "ffffffffffffffff00",
       REASON_KEY_NONCANONICAL},
      {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
       "ffffffffffffffff80",
       REASON_KEY_NONCANONICAL},
      {"050000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "000000000000000001",
       REASON_KEY_NONCANONICAL},
      {"050000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "0000000000000000c0",
       REASON_KEY_NONCANONICAL},
      {"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "00000000000000007f",
       REASON_KEY_NONCANONICAL},
      {"050000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "000000000000000000",
       REASON_OK},
      {"050000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "000000000000000080",
       REASON_OK},
      {"fdfffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffff"
       "ffffffffffffffff80",
       REASON_OK},
      {"020000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
       "000000000000000000",
       REASON_OK},
  };
  expect_points("Ed448", points, sizeof points / sizeof *points);
}

/* RFC 8037 A.2, RFC 8032 7.4: keys of real people must not be caught by the tables above. */
Test(jwks, real_edwards_keys) {
  expect_key("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
             REASON_OK);
  expect_key(okp("Ed448",
                 hex("5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783"
                     "df1e50f6c"
                     "d1fa1abeafe8256180"),
                 ""),
             REASON_OK);
}

Test(jwks, use) {
  cr_expect(key_of(rsa("")).use_allows);
  cr_expect(key_of(rsa(",\"use\":\"sig\"")).use_allows);
  cr_expect(not(key_of(rsa(",\"use\":\"enc\"")).use_allows));
  cr_expect(key_of(rsa(",\"use\":\"Sig\"")).use_allows, "unknown, as every other text is");
  cr_expect(key_of(rsa(",\"use\":\"jwt-svid\"")).use_allows);
  cr_expect(key_of(rsa(",\"use\":\"\"")).use_allows);
  cr_expect(key_of(rsa(",\"use\":\"enc\\u0000\"")).use_allows);
  cr_expect(not(key_of(rsa(",\"use\":null")).use_allows));
  cr_expect(not(key_of(rsa(",\"use\":[\"sig\"]")).use_allows));
  cr_expect(key_of(rsa(",\"use\":\"enc\"")).ops_allow);
}

Test(jwks, key_ops) {
  static const struct {
    const char *members;
    bool allow;
  } cases[] = {{"", true},
               {",\"key_ops\":[\"verify\"]", true},
               {",\"key_ops\":[\"sign\",\"verify\"]", true},
               {",\"key_ops\":[\"verify\",\"encrypt\"]", true},
               {",\"key_ops\":[\"verify\",\"of my own\"]", true},
               {",\"key_ops\":[]", false},
               {",\"key_ops\":[\"sign\"]", false},
               {",\"key_ops\":[\"Verify\"]", false},
               {",\"key_ops\":\"verify\"", false},
               {",\"key_ops\":null", false},
               {",\"key_ops\":[\"verify\",5]", false},
               {",\"key_ops\":[\"verify\",\"verify\"]", false},
               {",\"key_ops\":[\"verify\",\"sign\",\"sign\"]", false},
               {",\"use\":\"sig\",\"key_ops\":[\"verify\"]", true},
               {",\"use\":\"sig\",\"key_ops\":[\"verify\",\"of my own\"]", true},
               {",\"use\":\"sig\",\"key_ops\":[\"verify\",\"encrypt\"]", false},
               {",\"use\":\"sig\",\"key_ops\":[\"wrapKey\",\"verify\"]", false},
               {",\"use\":\"sig\",\"key_ops\":[\"encrypt\"]", false},
               {",\"use\":\"jwt-svid\",\"key_ops\":[\"verify\"]", true},
               {",\"use\":\"jwt-svid\",\"key_ops\":[\"verify\",\"encrypt\"]", true},
               {",\"use\":\"jwt-svid\",\"key_ops\":[\"sign\"]", false},
               {",\"use\":\"enc\",\"key_ops\":[\"verify\"]", false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct jwk key = key_of(rsa(cases[i].members));
    cr_expect_eq(key.ops_allow, cases[i].allow, "%s", cases[i].members);
    cr_expect_eq(key.refused, REASON_OK);
  }
}

Test(jwks, issuer_of_a_key) {
  struct jwk key = key_of(rsa(",\"issuer\":\"https://login.example/{tenantid}\""));
  cr_expect(key.has_issuer);
  cr_expect(bytes_eq_str(key.issuer, "https://login.example/{tenantid}"));
  key = key_of(rsa(",\"issuer\":\"\""));
  cr_expect(key.has_issuer && key.issuer.len == 0);
  cr_expect(not(key_of(rsa("")).has_issuer));
  cr_expect(not(key_of(rsa(",\"issuer\":null")).has_issuer));
  cr_expect(not(key_of(rsa(",\"issuer\":[\"https://a.example\"]")).has_issuer));
}

static void expect_algs(const char *jwk, uint32_t algs, bool has_alg) {
  struct jwk key = key_of(jwk);
  cr_expect_eq(key.algs, algs, "%s: %#x, not %#x", jwk, key.algs, algs);
  cr_expect_eq(key.has_alg, has_alg, "%s", jwk);
}

#define BIT(name) JOSE_ALG_BIT(JOSE_##name)

Test(jwks, algorithms_of_a_key) {
  const char *ed = filled(32, 9);
  expect_algs(rsa(""), BIT(RS256) | BIT(RS384) | BIT(RS512) | BIT(PS256) | BIT(PS384) | BIT(PS512), false);
  expect_algs(rsa(",\"alg\":\"PS256\""), BIT(PS256), true);
  expect_algs(rsa(",\"alg\":\"ES256\""), 0, true);
  expect_algs(rsa(",\"alg\":\"RSA-OAEP\""), 0, true);
  expect_algs(rsa(",\"alg\":\"rs256\""), 0, true);
  expect_algs(rsa(",\"alg\":\"none\""), 0, true);
  expect_algs(rsa(",\"alg\":null"), 0, true);
  expect_algs(oct(64, ""), BIT(HS256) | BIT(HS384) | BIT(HS512), false);
  expect_algs(oct(64, ",\"alg\":\"HS384\""), BIT(HS384), true);
  expect_algs(ec("P-256", 32, ""), BIT(ES256), false);
  expect_algs(ec("P-384", 48, ""), BIT(ES384), false);
  expect_algs(ec("P-521", 66, ""), BIT(ES512), false);
  expect_algs(ec("secp256k1", 32, ""), BIT(ES256K), false);
  expect_algs(ec("P-256", 32, ",\"alg\":\"ES256\""), BIT(ES256), true);
  expect_algs(ec("P-256", 32, ",\"alg\":\"ES256K\""), 0, true);
  expect_algs(okp("Ed25519", ed, ""), BIT(EDDSA) | BIT(ED25519), false);
  expect_algs(okp("Ed25519", ed, ",\"alg\":\"EdDSA\""), BIT(EDDSA), true);
  expect_algs(okp("Ed25519", ed, ",\"alg\":\"Ed25519\""), BIT(ED25519), true);
  expect_algs(okp("Ed25519", ed, ",\"alg\":\"Ed448\""), 0, true);
  expect_algs(okp("X25519", ed, ""), BIT(EDDSA) | BIT(ED25519) | BIT(ED448), false);
}

Test(jwks, octets_of_a_key) {
  struct jwk key = key_of(
      "{\"kty\":\"oct\",\"kid\":\"a\\u0000\\u00e9\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}");
  cr_assert(key.has_kid);
  cr_expect(bytes_eq(key.kid, BYTES_LIT("a\0\xc3\xa9")));
  cr_expect_eq(key.type, JWK_OCT);
  cr_expect_eq(key.active_from, TIME_UNSET);
  cr_expect(not(key.revoked));
  cr_assert(eq(sz, key.k.len, 32));
  for (size_t i = 0; i < 32; i++)
    cr_expect_eq(key.k.ptr[i], i);
  struct jwk other = key_of(rsa(""));
  cr_expect(not(other.has_kid));
  cr_expect(bytes_eq(other.e, BYTES_LIT("\x01\x00\x01")));
  cr_expect(eq(sz, other.n.len, 256));
}

/* Other people's keys. */

static json_t *vectors_load(const char *file) {
  const char *folder = getenv("ASSAY_VECTORS");
  const char *path = text("%s/%s", folder ? folder : ASSAY_SOURCE_DIR "/../shared/vectors", file);
  json_t *root = json_load_file(path, 0, NULL);
  if (!root)
    cr_skip_test("no vectors at %s", path);
  return root;
}

static bool has_flag(const json_t *vector, const char *flag) {
  const json_t *flags = json_object_get(vector, "flags");
  for (size_t i = 0; i < json_array_size(flags); i++)
    if (strcmp(json_string_value(json_array_get(flags, i)), flag) == 0)
      return true;
  return false;
}

Test(jwks, cctv_edge_cases_of_ed25519_keys) {
  json_t *vectors = vectors_load("cctv/ed25519/ed25519vectors.json");
  size_t refused = 0;
  for (size_t i = 0; i < json_array_size(vectors); i++) {
    const json_t *vector = json_array_get(vectors, i);
    enum assay_reason expected = has_flag(vector, "non_canonical_A") ? REASON_KEY_NONCANONICAL
                                 : has_flag(vector, "low_order_A")   ? REASON_KEY_LOW_ORDER
                                                                     : REASON_OK;
    expect_key(okp("Ed25519", hex(json_string_value(json_object_get(vector, "key"))), ""), expected);
    refused += expected != REASON_OK;
  }
  cr_expect(refused > 100 && refused < json_array_size(vectors));
  json_decref(vectors);
}

Test(jwks, keys_of_the_jose_cookbook) {
  static const struct {
    const char *file;
    enum assay_reason set;
  } cases[] = {{"3_1.ec_public_key", REASON_OK},
               {"3_2.ec_private_key", REASON_SET_PRIVATE},
               {"3_3.rsa_public_key", REASON_OK},
               {"3_4.rsa_private_key", REASON_SET_PRIVATE},
               {"3_5.symmetric_key_mac_computation", REASON_OK}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    json_t *jwk = vectors_load(text("ietf-jose-cookbook/jwk/%s.json", cases[i].file));
    char *dump = keep(json_dumps(jwk, 0), (struct key_set){0});
    json_decref(jwk);
    expect_set(dump, cases[i].set);
    if (cases[i].set == REASON_OK)
      expect_key(dump, REASON_OK);
  }
}
