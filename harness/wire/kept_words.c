/* A position for each token, 0 for none, and then the texts. */
#include "harness/wire/kept_words.h"

#include <string.h>

#include "harness/wire/control.h"

/* What verifiers say has 40 octets as a rule; some print the token or the claim. */
#define BYTES_PER_TOKEN 128
#define ROOM_MAX (UINT32_C(512) << 20)

static uint32_t room_for(size_t tokens) {
  size_t room = tokens * BYTES_PER_TOKEN + ASSAY_WORDS_BYTES;
  return room < ROOM_MAX ? (uint32_t)room : ROOM_MAX;
}

size_t kept_words_size(size_t tokens) {
  return tokens * sizeof(uint32_t) + room_for(tokens);
}

void kept_words_init(struct control *control, uint64_t at) {
  control->words_at = at;
  control->words_bytes = room_for(control->token_count);
  control->words_used = 1; /* position 0 is none */
}

void words_keep(struct control *control, uint32_t token, const char *words) {
  size_t len = strnlen(words, ASSAY_WORDS_BYTES - 1);
  if (!control->words_at || len == 0 || control->words_bytes - control->words_used < len + 1)
    return;
  uint32_t *positions = (uint32_t *)((char *)control + control->words_at);
  char *text = (char *)(positions + control->token_count) + control->words_used;
  memcpy(text, words, len);
  text[len] = '\0';
  positions[token] = control->words_used;
  control->words_used += (uint32_t)len + 1;
}

/* Of what the worker may have written, nothing is taken for more than a number. */
bool kept_words(const struct control *control, size_t bytes, uint32_t token, char words[ASSAY_WORDS_BYTES]) {
  uint64_t at = control->words_at;
  uint64_t texts = at + (uint64_t)control->token_count * sizeof(uint32_t);
  words[0] = '\0';
  if (at == 0 || at % sizeof(uint32_t) || at >= bytes || texts >= bytes || token >= control->token_count)
    return false;
  uint32_t position = ((const uint32_t *)((const char *)control + at))[token];
  uint64_t from = texts + position;
  if (position == 0 || from >= bytes)
    return false;
  size_t room = bytes - from < ASSAY_WORDS_BYTES ? bytes - from : ASSAY_WORDS_BYTES;
  size_t len = strnlen((const char *)control + from, room - 1);
  memcpy(words, (const char *)control + from, len);
  words[len] = '\0';
  return len > 0;
}
