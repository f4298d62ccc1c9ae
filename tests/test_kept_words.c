/* What whole verifiers say of tokens: whatever a worker writes there, the host reads no octet beyond the
 * memory that it made. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/wire/control.h"
#include "harness/wire/kept_words.h"

enum { TOKENS = 3 };

struct memory {
  struct control *control;
  struct control_layout layout; /* the host's own */
};

static struct memory memory_of(uint32_t tokens) {
  struct memory memory = {.layout.token_count = tokens};
  size_t bytes = sizeof(struct control) + kept_words_size(tokens);
  memory.control = aligned_alloc(_Alignof(struct control), (bytes + 63) & ~(size_t)63);
  cr_assert_not_null(memory.control);
  memset(memory.control, 0, bytes);
  kept_words_init(&memory.layout, sizeof(struct control));
  memory.control->layout = memory.layout;
  kept_words_renew(memory.control, &memory.layout);
  return memory;
}

Test(kept_words, each_token_has_its_own) {
  struct memory memory = memory_of(TOKENS);
  char words[ASSAY_WORDS_BYTES];
  words_keep(memory.control, 2, "bad signature");
  words_keep(memory.control, 0, "");
  words_keep(memory.control, 1, "expired\nat 77");
  cr_expect_not(kept_words(memory.control, &memory.layout, 0, words));
  cr_expect_str_empty(words);
  cr_expect(kept_words(memory.control, &memory.layout, 1, words));
  cr_expect_str_eq(words, "expired\nat 77");
  cr_expect(kept_words(memory.control, &memory.layout, 2, words));
  cr_expect_str_eq(words, "bad signature");
  cr_expect_not(kept_words(memory.control, &memory.layout, 3, words));
  free(memory.control);
}

Test(kept_words, nothing_is_kept_where_nobody_asked) {
  struct memory memory = memory_of(TOKENS);
  char words[ASSAY_WORDS_BYTES];
  memory.layout.words_at = memory.control->layout.words_at = 0;
  words_keep(memory.control, 1, "bad signature");
  cr_expect_not(kept_words(memory.control, &memory.layout, 1, words));
  free(memory.control);
}

Test(kept_words, longer_ones_than_there_is_room_for_are_left_out) {
  struct memory memory = memory_of(TOKENS);
  char words[ASSAY_WORDS_BYTES], long_words[2 * ASSAY_WORDS_BYTES];
  memset(long_words, 'x', sizeof long_words - 1);
  long_words[sizeof long_words - 1] = '\0';
  words_keep(memory.control, 0, long_words);
  cr_expect(kept_words(memory.control, &memory.layout, 0, words));
  cr_expect_eq(strlen(words), ASSAY_WORDS_BYTES - 1);
  words_keep(memory.control, 1, long_words);
  cr_expect_not(kept_words(memory.control, &memory.layout, 1, words));
  words_keep(memory.control, 2, "short");
  cr_expect(kept_words(memory.control, &memory.layout, 2, words));
  cr_expect_str_eq(words, "short");
  free(memory.control);
}

/* A library may write anywhere in its worker's memory. The block ends where the heap's red zone begins. */
Test(kept_words, a_position_out_of_bounds_is_none) {
  struct memory memory = memory_of(TOKENS);
  char words[ASSAY_WORDS_BYTES];
  uint32_t *positions = (uint32_t *)(memory.control + 1);
  const uint32_t bad[] = {UINT32_MAX, (uint32_t)(kept_words_size(TOKENS) - TOKENS * sizeof(uint32_t)),
                          1u << 31};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    positions[1] = bad[i];
    cr_expect_not(kept_words(memory.control, &memory.layout, 1, words), "%u", bad[i]);
  }
  memset((char *)(positions + TOKENS), 'x', kept_words_size(TOKENS) - TOKENS * sizeof(uint32_t));
  positions[1] = bad[1] - 5;
  cr_expect(kept_words(memory.control, &memory.layout, 1, words));
  cr_expect_str_eq(words, "xxxx");
  free(memory.control);
}

/* Where the worker's layout and the end of its words have been written over, the host goes by its own. */
Test(kept_words, a_library_that_writes_over_the_layout_loses_its_own_words) {
  struct memory memory = memory_of(TOKENS);
  char words[ASSAY_WORDS_BYTES];
  words_keep(memory.control, 1, "expired");
  memset(&memory.control->layout, 0xff, sizeof memory.control->layout);
  cr_expect(kept_words(memory.control, &memory.layout, 1, words));
  cr_expect_str_eq(words, "expired");
  kept_words_renew(memory.control, &memory.layout);
  cr_expect(kept_words(memory.control, &memory.layout, 1, words), "what was kept stays");
  memory.control->layout = memory.layout;
  memory.control->words_used = UINT32_MAX;
  words_keep(memory.control, 2, "no room");
  cr_expect_not(kept_words(memory.control, &memory.layout, 2, words));
  kept_words_renew(memory.control, &memory.layout);
  words_keep(memory.control, 2, "room again");
  cr_expect(kept_words(memory.control, &memory.layout, 2, words));
  cr_expect_str_eq(words, "room again");
  cr_expect_not(kept_words(memory.control, &memory.layout, 1, words));
  free(memory.control);
}
