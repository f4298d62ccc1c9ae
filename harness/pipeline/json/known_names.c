/* The table of known names. */
#include "harness/pipeline/json/known_names.h"

#define NAME_BYTES_MAX 16

static const struct known_text {
  char text[NAME_BYTES_MAX]; /* filled up with zeros, so that its first 8 bytes are the slot's word */
  uint8_t len;
  bool registered;
} texts[NAME_COUNT] = {
#define X(id, name, is_registered) [NAME_##id] = {name, sizeof(name) - 1, is_registered},
    KNOWN_NAMES(X)
#undef X
};

/* One that works for the names as they are; after a change of the list another is found in their sequence. */
#define MULTIPLIER_FIRST UINT64_C(0xc6e200aa87ca0e25)
#define MULTIPLIER_STEP UINT64_C(0x5851f42d4c957f2d)

static inline size_t slot_of(uint64_t multiplier, uint64_t word) {
  return (size_t)(word * multiplier >> (64 - KNOWN_SLOT_BITS));
}

static bool fill(struct known_names *known) {
  for (size_t i = 0; i < sizeof known->slots / sizeof *known->slots; i++)
    known->slots[i] = (struct known_slot){.id = NAME_COUNT};
  for (unsigned id = 0; id < NAME_COUNT; id++) {
    uint64_t word = load_8((const uint8_t *)texts[id].text);
    struct known_slot *slot = &known->slots[slot_of(known->multiplier, word)];
    if (slot->len)
      return false;
    *slot = (struct known_slot){.word = word, .len = texts[id].len, .id = id};
  }
  return true;
}

void known_names_init(struct known_names *known) {
  known->multiplier = MULTIPLIER_FIRST;
  while (!fill(known))
    known->multiplier *= MULTIPLIER_STEP;
}

bool known_name_goes_on(unsigned id, struct assay_bytes name) {
  return memcmp(name.ptr + 8, texts[id].text + 8, name.len - 8) == 0;
}

bool known_name_is_registered(struct assay_bytes name) {
  for (unsigned id = 0; id < NAME_COUNT; id++)
    if (texts[id].registered && bytes_eq(name, bytes_of(texts[id].text, texts[id].len)))
      return true;
  return false;
}
