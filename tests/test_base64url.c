/* The base64url decoder against a naive one, at every length, position and byte, between two guard pages. */
#include <criterion/criterion.h>

#include "harness/base/text/base64.h"
#include "harness/pipeline/json/base64url.h"
#include "tests/guard.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Bit by bit, as RFC 4648 describes it. */
static enum assay_reason decode_naively(struct assay_bytes text, uint8_t *out) {
  uint32_t bits = 0, held = 0;
  for (size_t i = 0; i < text.len; i++)
    if (!text.ptr[i] || !strchr(alphabet, text.ptr[i]))
      return text.ptr[i] == '=' ? REASON_B64_PADDING : REASON_B64_ALPHABET;
  if (text.len % 4 == 1)
    return REASON_B64_LENGTH;
  for (size_t i = 0; i < text.len; i++) {
    bits = bits << 6 | (uint32_t)(strchr(alphabet, text.ptr[i]) - alphabet);
    if ((held += 6) >= 8) {
      *out++ = (uint8_t)(bits >> (held -= 8));
      bits &= (1u << held) - 1;
    }
  }
  return bits ? REASON_B64_TRAILING_BITS : REASON_OK;
}

typedef enum assay_reason decoder(struct assay_bytes, uint8_t *);

static const struct {
  const char *name;
  decoder *decode;
} decoders[] = {
    {"fast", base64url_decode}, {"AVX2", base64url_decode_avx2}, {"portable", base64url_decode_portable}};

static struct guard in_guard, out_guard;

static void open_guards(void) {
  in_guard = guard_open(4096);
  out_guard = guard_open(4096);
}

static void close_guards(void) {
  guard_close(&in_guard);
  guard_close(&out_guard);
}

TestSuite(base64url, .init = open_guards, .fini = close_guards);

/* Decodes with text and output each ending where reading or writing on would crash. */
static void check_against_naive(struct assay_bytes text) {
  uint8_t expected[1024];
  enum assay_reason reason = decode_naively(text, expected);
  size_t len = base64url_decoded_bytes(text.len);
  for (size_t d = 0; d < sizeof decoders / sizeof *decoders; d++)
    for (int head = 0; head < 2; head++) {
      struct assay_bytes placed = head ? guard_at_head(&in_guard, text) : guard_at_tail(&in_guard, text);
      uint8_t *out = head ? guard_head(&out_guard) : guard_tail(&out_guard, len + BASE64URL_SLACK);
      enum assay_reason got = decoders[d].decode(placed, out);
      cr_assert_eq(got, reason, "%s, %zu characters: %s instead of %s", decoders[d].name, text.len,
                   assay_reason_dotted(got), assay_reason_dotted(reason));
      cr_assert(reason != REASON_OK || memcmp(out, expected, len) == 0, "%s, %zu characters: wrong bytes",
                decoders[d].name, text.len);
    }
}

static uint32_t next_random(void) {
  static uint64_t state = 0x9e3779b97f4a7c15;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 32);
}

static struct assay_bytes random_text(uint8_t *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    text[i] = (uint8_t)alphabet[next_random() % 64];
  return bytes_of(text, len);
}

Test(base64url, rfc_4648_examples) {
  static const char *const pairs[][2] = {
      {"", ""},           {"Zg", "f"},          {"Zm8", "fo"},         {"Zm9v", "foo"},
      {"Zm9vYg", "foob"}, {"Zm9vYmE", "fooba"}, {"Zm9vYmFy", "foobar"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    for (size_t d = 0; d < sizeof decoders / sizeof *decoders; d++) {
      uint8_t out[8 + BASE64URL_SLACK];
      cr_assert_eq(decoders[d].decode(bytes_str(pairs[i][0]), out), REASON_OK);
      cr_assert_eq(base64url_decoded_bytes(strlen(pairs[i][0])), strlen(pairs[i][1]));
      cr_assert(memcmp(out, pairs[i][1], strlen(pairs[i][1])) == 0);
    }
}

Test(base64url, every_length_as_it_comes) {
  uint8_t text[400];
  for (size_t len = 0; len <= sizeof text; len++)
    for (int round = 0; round < 8; round++)
      check_against_naive(random_text(text, len));
}

Test(base64url, every_byte_at_every_place) {
  uint8_t text[75];
  for (size_t len = 70; len <= sizeof text; len++)
    for (size_t at = 0; at < len; at++)
      for (unsigned byte = 0; byte < 256; byte++) {
        random_text(text, len);
        text[at] = (uint8_t)byte;
        check_against_naive(bytes_of(text, len));
      }
}

static enum assay_reason decode(const char *text) {
  uint8_t out[256];
  enum assay_reason fast = base64url_decode(bytes_str(text), out);
  cr_assert_eq(fast, base64url_decode_portable(bytes_str(text), out), "%s", text);
  return fast;
}

Test(base64url, the_alphabet_is_judged_before_length_and_trailing_bits) {
  cr_expect_eq(decode("Zg=="), REASON_B64_PADDING);
  cr_expect_eq(decode("Z="), REASON_B64_PADDING);
  cr_expect_eq(decode("Z+=="), REASON_B64_ALPHABET, "the first bad byte decides");
  cr_expect_eq(decode("Z=+="), REASON_B64_PADDING, "the first bad byte decides");
  cr_expect_eq(decode("Zm9vY"), REASON_B64_LENGTH);
  cr_expect_eq(decode("Zm9v/"), REASON_B64_ALPHABET);
  cr_expect_eq(decode("Zh"), REASON_B64_TRAILING_BITS);
  cr_expect_eq(decode("Zm9"), REASON_B64_TRAILING_BITS);
  cr_expect_eq(decode(" Zh"), REASON_B64_ALPHABET);
  cr_expect_eq(decode("A"), REASON_B64_LENGTH);
}

Test(base64url, what_was_encoded_decodes_to_the_same) {
  uint8_t bytes[64], again[64 + BASE64URL_SLACK];
  char text[100];
  for (size_t len = 0; len <= sizeof bytes; len++)
    for (int round = 0; round < 8; round++) {
      for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)next_random();
      size_t chars = base64url_encoded_chars(len);
      text[chars] = '!';
      base64url_encode(bytes_of(bytes, len), text);
      cr_assert_eq(text[chars], '!', "nothing is written behind it");
      cr_assert_eq(base64url_decoded_bytes(chars), len);
      cr_assert_eq(base64url_decode(bytes_of(text, chars), again), REASON_OK);
      cr_assert(bytes_eq(bytes_of(bytes, len), bytes_of(again, len)));
    }
}

/* RFC 4648 10, and the two characters in which the alphabets differ. */
Test(base64url, texts_are_those_of_the_rfc) {
  static const struct {
    const char *bytes, *url, *padded;
  } rows[] = {{"", "", ""},
              {"f", "Zg", "Zg=="},
              {"fo", "Zm8", "Zm8="},
              {"foo", "Zm9v", "Zm9v"},
              {"foob", "Zm9vYg", "Zm9vYg=="},
              {"\xff\xfe\xfd", "__79", "//79"}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char text[16] = {0}, *padded = base64_text(bytes_str(rows[i].bytes));
    base64url_encode(bytes_str(rows[i].bytes), text);
    cr_expect_str_eq(text, rows[i].url);
    cr_expect_str_eq(padded, rows[i].padded);
    free(padded);
  }
}
