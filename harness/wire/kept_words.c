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

void kept_words_init(struct control_layout *layout, uint64_t at) {
  layout->words_at = at;
  layout->words_bytes = room_for(layout->token_count);
}

void kept_words_renew(struct control *control, const struct control_layout *layout) {
  if (!layout->words_at || (control->words_used > 0 && control->words_used <= layout->words_bytes))
    return;
  memset((char *)control + layout->words_at, 0, layout->token_count * sizeof(uint32_t));
  control->words_used = 1; /* position 0 is none */
}

void words_keep(struct control *control, uint32_t token, const char *words) {
  const struct control_layout *layout = &control->layout;
  size_t len = strnlen(words, ASSAY_WORDS_BYTES - 1);
  if (!layout->words_at || len == 0 || layout->words_bytes < (uint64_t)control->words_used + len + 1)
    return;
  uint32_t *positions = (uint32_t *)((char *)control + layout->words_at);
  char *text = (char *)(positions + layout->token_count) + control->words_used;
  memcpy(text, words, len);
  text[len] = '\0';
  positions[token] = control->words_used;
  control->words_used += (uint32_t)len + 1;
}

/* Of what the worker may have written, nothing is taken for more than a number. */
bool kept_words(const struct control *control, const struct control_layout *layout, uint32_t token,
                char words[ASSAY_WORDS_BYTES]) {
  words[0] = '\0';
  if (layout->words_at == 0 || token >= layout->token_count)
    return false;
  const uint32_t *positions = (const uint32_t *)((const char *)control + layout->words_at);
  const char *texts = (const char *)(positions + layout->token_count);
  uint32_t position = *(const volatile uint32_t *)&positions[token];
  if (position == 0 || position >= layout->words_bytes)
    return false;
  size_t room = layout->words_bytes - position;
  size_t len = strnlen(texts + position, (room < ASSAY_WORDS_BYTES ? room : ASSAY_WORDS_BYTES) - 1);
  memcpy(words, texts + position, len);
  words[len] = '\0';
  return len > 0;
}
