/* Stages 1 and 2, compact-split and base64url: every reason in both directions, which of two wins, and that
 * no byte outside the token is read, whatever its length. */
#include "tests/guard.h"
#include "tests/token_kit.h"

static struct kit kit;
static struct session *session;
static struct guard guard;

static void open_session(void) {
  kit_init(&kit);
  session = kit_open(&kit);
  guard = guard_open(KIT_TOKEN_MAX);
}

static void close_session(void) {
  session_close(session);
  guard_close(&guard);
}

TestSuite(compact, .init = open_session, .fini = close_session);

/* The token once against the page behind it, once against the page before it. */
static enum assay_reason prefix(struct assay_bytes token, unsigned stages) {
  enum assay_reason reason = pipeline_prefix(session, guard_at_tail(&guard, token), stages);
  cr_assert_eq(pipeline_prefix(session, guard_at_head(&guard, token), stages), reason);
  return reason;
}

static void expect_prefix(struct assay_bytes token, unsigned stages, enum assay_reason expected) {
  enum assay_reason reason = prefix(token, stages);
  cr_expect_eq(reason, expected, "'%.*s': %s instead of %s", (int)token.len, (const char *)token.ptr,
               assay_reason_dotted(reason), assay_reason_dotted(expected));
}

/* LONG stands for 40 plain characters, so that every way of scanning gets its turn. */
#define LONG "0123456789abcdefghijABCDEFGHIJ0123456789"

Test(compact, split_reasons) {
  static const struct {
    struct assay_bytes token;
    enum assay_reason reason;
  } cases[] = {
      {BYTES_LIT("h.p.s"), REASON_OK},
      {BYTES_LIT("h.p."), REASON_OK},
      {BYTES_LIT(LONG "." LONG "." LONG), REASON_OK},
      {BYTES_LIT(LONG "." LONG "."), REASON_OK},
      {BYTES_LIT("h.p=.s+?#"), REASON_OK}, /* the alphabet is stage 2's */
      {BYTES_LIT("bearer.p.s"), REASON_OK},
      {BYTES_LIT("Bh.p.s"), REASON_OK},
      {BYTES_LIT(""), REASON_EMPTY},
      {BYTES_LIT(" "), REASON_EMPTY},
      {BYTES_LIT(" \t\r\n"), REASON_EMPTY},
      {BYTES_LIT("{"), REASON_JSON_SERIALISATION},
      {BYTES_LIT("{\"payload\":\"e30\",\"signature\":\"\"}"), REASON_JSON_SERIALISATION},
      {BYTES_LIT("{h.p.s "), REASON_JSON_SERIALISATION},
      {BYTES_LIT(" {}"), REASON_SURROUNDED},
      {BYTES_LIT(" h.p.s"), REASON_SURROUNDED},
      {BYTES_LIT("\th.p.s"), REASON_SURROUNDED},
      {BYTES_LIT("h.p.s\n"), REASON_SURROUNDED},
      {BYTES_LIT("h.p.s\r"), REASON_SURROUNDED},
      {BYTES_LIT("Bearer h.p.s"), REASON_SURROUNDED},
      {BYTES_LIT("bEaReR h.p.s"), REASON_SURROUNDED},
      {BYTES_LIT("Bearer\0h.p.s"), REASON_NUL_BYTE},
      {BYTES_LIT(" h.p\0"), REASON_SURROUNDED},
      {BYTES_LIT("h.p.s\0"), REASON_NUL_BYTE},
      {BYTES_LIT("\0h.p.s"), REASON_NUL_BYTE},
      {BYTES_LIT("\xc3h\0"), REASON_NUL_BYTE},
      {BYTES_LIT(LONG "." LONG "." LONG "\0"), REASON_NUL_BYTE},
      {BYTES_LIT("h.p.\x80"), REASON_NOT_ASCII},
      {BYTES_LIT("\xef\xbb\xbfh.p.s"), REASON_NOT_ASCII},
      {BYTES_LIT("h.\xff"), REASON_NOT_ASCII},
      {BYTES_LIT(LONG "." LONG "." LONG "\xc3\xa9"), REASON_NOT_ASCII},
      {BYTES_LIT("h"), REASON_PART_COUNT},
      {BYTES_LIT("h.p"), REASON_PART_COUNT},
      {BYTES_LIT("h.p.s."), REASON_PART_COUNT},
      {BYTES_LIT("h.p.s.t"), REASON_PART_COUNT},
      {BYTES_LIT("..."), REASON_PART_COUNT},
      {BYTES_LIT(LONG "." LONG "." LONG "." LONG "." LONG), REASON_PART_COUNT},
      {BYTES_LIT(".."), REASON_EMPTY_HEADER},
      {BYTES_LIT(".p.s"), REASON_EMPTY_HEADER},
      {BYTES_LIT("." LONG "." LONG), REASON_EMPTY_HEADER},
      {BYTES_LIT("h..s"), REASON_EMPTY_PAYLOAD},
      {BYTES_LIT("h.."), REASON_EMPTY_PAYLOAD},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    expect_prefix(cases[i].token, 1, cases[i].reason);
}

Test(compact, a_token_is_as_long_as_the_policy_allows) {
  static char text[16385];
  memset(text, 'a', sizeof text);
  text[1] = text[3] = '.';
  expect_prefix(bytes_of(text, 16384), 1, REASON_OK);
  cr_expect_eq(prefix(bytes_of(text, 16385), 1), REASON_OVERSIZE);
  memset(text, '.', sizeof text);
  cr_expect_eq(prefix(bytes_of(text, 16384), 1), REASON_PART_COUNT, "a flood of dots");
  memset(text, ' ', sizeof text);
  cr_expect_eq(prefix(bytes_of(text, 16385), 1), REASON_OVERSIZE, "size comes first");
}

/* A special byte in every place of tokens of every length around the widths of vectors. */
Test(compact, every_place_is_looked_at) {
  char text[140];
  for (size_t len = 5; len <= sizeof text; len++)
    for (size_t at = 4; at < len; at++) {
      memset(text, 'a', len);
      text[1] = text[3] = '.';
      cr_assert_eq(prefix(bytes_of(text, len), 1), REASON_OK);
      text[at] = '.';
      cr_assert_eq(prefix(bytes_of(text, len), 1), REASON_PART_COUNT, "a dot at %zu of %zu", at, len);
      text[at] = '\0';
      cr_assert_eq(prefix(bytes_of(text, len), 1), REASON_NUL_BYTE, "NUL at %zu of %zu", at, len);
      text[at] = '\x80';
      cr_assert_eq(prefix(bytes_of(text, len), 1), REASON_NOT_ASCII, "0x80 at %zu of %zu", at, len);
    }
}

/* Both dots everywhere: the parts are judged by their own bytes only if they were cut in the right places. */
Test(compact, dots_are_found_everywhere) {
  char text[100];
  for (size_t len = 5; len <= sizeof text; len += 5)
    for (size_t first = 1; first + 2 < len; first++)
      for (size_t second = first + 2; second < len; second++) {
        memset(text, 'A', len);
        text[first] = text[second] = '.';
        text[first - 1] = '+';
        cr_assert_eq(prefix(bytes_of(text, len), 2), REASON_B64_ALPHABET);
        text[first - 1] = 'A';
        enum assay_reason reason = prefix(bytes_of(text, len), 2);
        bool bad = first % 4 == 1 || (second - first - 1) % 4 == 1 || (len - second - 1) % 4 == 1;
        cr_assert_eq(reason, bad ? REASON_B64_LENGTH : REASON_OK, "%zu %zu %zu", len, first, second);
      }
}

Test(compact, base64url_reasons_part_by_part) {
  static const struct {
    const char *token;
    enum assay_reason reason;
  } cases[] = {
      {"e30.e30.AA", REASON_OK},
      {"e30.e30.", REASON_OK},
      {"e30=.e30.AA", REASON_B64_PADDING},
      {"e30.e30=.AA", REASON_B64_PADDING},
      {"e30.e30.AA==", REASON_B64_PADDING},
      {"e3+.e30.AA", REASON_B64_ALPHABET},
      {"e30.e/0.AA", REASON_B64_ALPHABET},
      {"e30.e30.A A", REASON_B64_ALPHABET},
      {"e30.e3\n0.AA", REASON_B64_ALPHABET},
      {"e.e30.AA", REASON_B64_LENGTH},
      {"e30.e30e3.AA", REASON_B64_LENGTH},
      {"e30.e30.A", REASON_B64_LENGTH},
      {"e31.e30.AA", REASON_B64_TRAILING_BITS},
      {"e30.e31.AA", REASON_B64_TRAILING_BITS},
      {"e30.e30.AB", REASON_B64_TRAILING_BITS},
      {"e.e3=.A+", REASON_B64_LENGTH}, /* the parts in their order */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    expect_prefix(bytes_str(cases[i].token), 2, cases[i].reason);
}

/* The whole pipeline on good tokens that end early or are spoilt. */

Test(compact, a_good_token_cut_at_any_length_is_refused) {
  static char good[KIT_TOKEN_MAX];
  struct assay_bytes token =
      kit_token(BYTES_LIT(KIT_HEADER), BYTES_LIT(KIT_CLAIMS), kit_signature(JOSE_HS256));
  memcpy(good, token.ptr, token.len);
  cr_assert_eq(prefix(bytes_of(good, token.len), PIPELINE_STAGES), REASON_OK);
  for (size_t len = 0; len < token.len; len++) {
    enum assay_reason reason = prefix(bytes_of(good, len), PIPELINE_STAGES);
    bool in_signature =
        len > 0 && memchr(good, '.', len) && memrchr(good, '.', len) != memchr(good, '.', len);
    cr_expect_eq(assay_verdict_of(reason), VERDICT_REJECT, "cut at %zu: %s", len,
                 assay_reason_dotted(reason));
    if (in_signature)
      cr_expect(reason == REASON_SIGNATURE_LENGTH || reason == REASON_B64_LENGTH ||
                reason == REASON_B64_TRAILING_BITS);
    else
      cr_expect(reason == REASON_PART_COUNT || reason == REASON_EMPTY || reason == REASON_EMPTY_PAYLOAD);
  }
}

Test(compact, no_spoilt_token_is_read_beyond) {
  struct assay_bytes token =
      kit_token(BYTES_LIT(KIT_HEADER), BYTES_LIT(KIT_CLAIMS), kit_signature(JOSE_HS256));
  for (size_t at = 0; at < token.len; at++)
    for (unsigned bit = 0; bit < 8; bit++) {
      uint8_t *spoilt = (uint8_t *)guard_at_tail(&guard, token).ptr;
      spoilt[at] ^= (uint8_t)(1u << bit);
      enum assay_reason reason = pipeline_verify(session, bytes_of(spoilt, token.len));
      cr_assert(reason != REASON_FAULT && reason != REASON_UNSUPPORTED);
    }
}
