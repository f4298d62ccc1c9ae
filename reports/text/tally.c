/* A hash table with linear probing, at most half full. */
#include "reports/text/tally.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"

static uint64_t hash_of(const char *key, size_t length) { /* FNV-1a */
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ (unsigned char)key[i]) * UINT64_C(0x100000001b3);
  return hash;
}

static bool is_key(const char *item, const char *key, size_t length) {
  return strncmp(item, key, length) == 0 && item[length] == '\0';
}

/* Where the key stands or would stand. */
static size_t *slot_of(const struct tally *tally, const char *key, size_t length) {
  size_t at = hash_of(key, length) & (tally->table_size - 1);
  while (tally->table[at] && !is_key(tally->items[tally->table[at] - 1], key, length))
    at = (at + 1) & (tally->table_size - 1);
  return &tally->table[at];
}

static void grow(struct tally *tally) {
  free(tally->table);
  tally->table_size = tally->table_size ? tally->table_size * 2 : 64;
  tally->table = allocated(calloc(tally->table_size, sizeof *tally->table));
  for (size_t i = 0; i < tally->count; i++)
    *slot_of(tally, tally->items[i], strlen(tally->items[i])) = i + 1;
}

size_t tally_part(struct tally *tally, const char *key, size_t length, bool *added) {
  if (2 * (tally->count + 1) > tally->table_size)
    grow(tally);
  size_t *slot = slot_of(tally, key, length);
  if (added)
    *added = *slot == 0;
  if (*slot == 0) {
    tally->items = allocate_one_more(tally->items, tally->count, sizeof *tally->items);
    tally->items[tally->count++] = allocated(strndup(key, length));
    *slot = tally->count;
  }
  return *slot - 1;
}

size_t tally_index(struct tally *tally, const char *key, bool *added) {
  return tally_part(tally, key, strlen(key), added);
}

bool tally_find(const struct tally *tally, const char *key, size_t *index) {
  size_t slot = tally->table_size ? *slot_of(tally, key, strlen(key)) : 0;
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

void names_add(struct tally *names, const char *name) {
  tally_index(names, name, NULL);
}

char *names_list(const struct tally *names, const char *other, const char *last) {
  char *text = allocate_copy("");
  for (size_t i = 0; i < names->count; i++) {
    const char *between = i == 0 ? "" : i + 1 == names->count ? last : other;
    char *longer = allocate_format("%s%s%s", text, between, names->items[i]);
    free(text);
    text = longer;
  }
  return text;
}

char *names_join(const struct tally *names, const char *last) {
  return names_list(names, ", ", last);
}
