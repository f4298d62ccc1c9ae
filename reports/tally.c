/* A hash table with linear probing, at most half full. */
#include "reports/tally.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "reports/allocate.h"

static uint64_t hash_of(const char *key) { /* FNV-1a */
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (; *key; key++)
    hash = (hash ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
  return hash;
}

/* Where the key stands or would stand. */
static size_t *slot_of(const struct tally *tally, const char *key) {
  size_t at = hash_of(key) & (tally->table_size - 1);
  while (tally->table[at] && strcmp(tally->items[tally->table[at] - 1], key) != 0)
    at = (at + 1) & (tally->table_size - 1);
  return &tally->table[at];
}

static void grow(struct tally *tally) {
  free(tally->table);
  tally->table_size = tally->table_size ? tally->table_size * 2 : 64;
  tally->table = allocated(calloc(tally->table_size, sizeof *tally->table));
  for (size_t i = 0; i < tally->count; i++)
    *slot_of(tally, tally->items[i]) = i + 1;
}

size_t tally_index(struct tally *tally, const char *key, bool *added) {
  if (2 * (tally->count + 1) > tally->table_size)
    grow(tally);
  size_t *slot = slot_of(tally, key);
  if (added)
    *added = *slot == 0;
  if (*slot == 0) {
    tally->items = allocate_one_more(tally->items, tally->count, sizeof *tally->items);
    tally->items[tally->count++] = allocate_copy(key);
    *slot = tally->count;
  }
  return *slot - 1;
}

bool tally_find(const struct tally *tally, const char *key, size_t *index) {
  size_t slot = tally->table_size ? *slot_of(tally, key) : 0;
  *index = slot - 1;
  return slot > 0;
}

const char *tally_unique(struct tally *tally, const char *name) {
  bool added = false;
  size_t index = tally_index(tally, name, &added);
  for (unsigned number = 2; !added; number++) {
    char *numbered = allocate_format("%s (%u)", name, number);
    index = tally_index(tally, numbered, &added);
    free(numbered);
  }
  return tally->items[index];
}

void tally_fini(struct tally *tally) {
  for (size_t i = 0; i < tally->count; i++)
    free(tally->items[i]);
  free(tally->items);
  free(tally->table);
  *tally = (struct tally){0};
}
