/* What drafts are made of: random streams that are the same everywhere, and texts that mutations edit. */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <signal.h>
#include <stdio.h>

#include "corpus/make/draft.h"
#include "corpus/store/pool.h"

/* ---- random streams ---- */

static void start(struct rng *rng, uint64_t seed, const char *first, const char *second) {
  rng_init(rng, seed, (const char *const[]){first, second, NULL});
}

/* From an implementation of its own (Python, hashlib and RFC 8439's rounds with a 64-bit counter). */
Test(rng, is_chacha20_keyed_by_seed_and_labels) {
  static const char expected[] =
      "aca306bd9ac2fa2154b7c3458449617d4370a199f9b62fafb461eb194207ba5f94fa78dc2b6c455bdbbad8bd"
      "eb848236014a8f4594bfe8014fe69e7604fc99eaecb0c02da6a07ccf846d492bb1034abe";
  struct rng rng;
  uint8_t bytes[80];
  char hex[161];
  start(&rng, 1, "key", "login.north.example");
  rng_bytes(&rng, bytes, sizeof bytes);
  for (size_t i = 0; i < sizeof bytes; i++)
    snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
  cr_expect_str_eq(hex, expected);
}

static uint64_t first_draw(uint64_t seed, const char *first, const char *second) {
  struct rng rng;
  uint64_t draw;
  start(&rng, seed, first, second);
  rng_bytes(&rng, &draw, sizeof draw);
  return draw;
}

Test(rng, depends_on_the_seed_and_where_labels_end) {
  uint64_t draw = first_draw(1, "ab", "c");
  cr_expect_eq(draw, first_draw(1, "ab", "c"));
  cr_expect_neq(draw, first_draw(2, "ab", "c"));
  cr_expect_neq(draw, first_draw(1, "a", "bc"));
  cr_expect_neq(draw, first_draw(1, "abc", NULL));
  cr_expect_neq(first_draw(1, "abc", NULL), first_draw(1, "abc", ""));
}

Test(rng, below_is_within_its_bound_and_even) {
  struct rng rng;
  unsigned seen[7] = {0};
  start(&rng, 1, "below", NULL);
  for (int i = 0; i < 7000; i++) {
    uint32_t draw = rng_below(&rng, 7);
    cr_assert_lt(draw, 7);
    seen[draw]++;
  }
  for (int i = 0; i < 7; i++) /* 1,000 each; six standard deviations are 176 */
    cr_expect(seen[i] > 824 && seen[i] < 1176, "%d came %u times", i, seen[i]);
  cr_expect_eq(rng_below(&rng, 1), 0);
}

/* ---- texts ---- */

static void assert_is(const struct text *text, const char *expected) {
  cr_expect(bytes_eq_str(bytes_of(text->ptr, text->len), expected), "'%.*s' is not '%s'", (int)text->len,
            (const char *)text->ptr, expected);
}

Test(text, base64url_has_the_vectors_of_rfc4648_10_without_padding) {
  static const char *const rows[][2] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct text text = {0};
    text_add_b64url(&text, rows[i][0], strlen(rows[i][0]));
    assert_is(&text, rows[i][1]);
    text_free(&text);
  }
}

Test(text, edits_in_place) {
  struct text text = {0};
  text_set_str(&text, "one two three two");
  text_replace(&text, "two", "2", 1);
  assert_is(&text, "one 2 three two");
  text_replace(&text, "2", "a longer word", 13);
  assert_is(&text, "one a longer word three two");
  text_insert(&text, 0, "<", 1);
  text_insert(&text, text.len, ">", 1);
  assert_is(&text, "<one a longer word three two>");
  text_erase(&text, 1, 4);
  text_erase(&text, text.len - 1, 1);
  text_addf(&text, "%d", 7);
  assert_is(&text, "<a longer word three two7");
  text_clear(&text);
  cr_expect_eq(text.len, 0);
  text_free(&text);
}

Test(text, holds_any_byte_and_grows) {
  struct text text = {0};
  for (int i = 0; i < 100000; i++)
    text_add(&text, "\0\xff", 2);
  cr_assert_eq(text.len, 200000);
  for (size_t i = 0; i < text.len; i++)
    cr_assert_eq(text.ptr[i], i % 2 ? 0xff : 0);
  text_free(&text);
}

Test(text, replacing_what_is_not_there_ends_the_generator, .signal = SIGABRT, .init = cr_redirect_stderr) {
  struct text text = {0};
  text_set_str(&text, "abc");
  text_replace(&text, "d", "", 0);
}

Test(text, erasing_past_the_end_ends_the_generator, .signal = SIGABRT, .init = cr_redirect_stderr) {
  struct text text = {0};
  text_set_str(&text, "abc");
  text_erase(&text, 2, 2);
}

/* ---- pools ---- */

Test(pool, stores_the_same_bytes_once_and_keeps_their_number) {
  struct pool pool = {0};
  struct corpus_span first = pool_add(&pool, BYTES_LIT("one"));
  for (int i = 0; i < 5000; i++) {
    char word[16];
    snprintf(word, sizeof word, "%d", i);
    *pool_value(&pool, bytes_str(word)) = (uint32_t)i;
  }
  struct corpus_span again = pool_add(&pool, BYTES_LIT("one"));
  cr_expect_eq(first.at, again.at);
  cr_expect_eq(first.len, 3);
  cr_expect_eq(*pool_value(&pool, BYTES_LIT("one")), CORPUS_NONE);
  for (int i = 0; i < 5000; i++) {
    char word[16];
    snprintf(word, sizeof word, "%d", i);
    cr_assert_eq(*pool_value(&pool, bytes_str(word)), (uint32_t)i);
  }
  cr_expect_eq(pool.count, 5001);
  cr_expect_eq(pool_add(&pool, BYTES_LIT("")).len, 0);
  pool_fini(&pool);
}
