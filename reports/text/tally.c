/* Texts in the order of their arrival, and an index over them. */
#include "reports/text/tally.h"

#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"

/* Whether the key is there, and its index. */
static bool find_key(const struct tally *tally, struct assay_bytes key, size_t *index) {
  if (tally->count == 0)
    return false;
  for (struct index_walk walk = index_begin(&tally->index, (uint32_t)bytes_hash(key)); index_next(&walk);)
    if (bytes_eq_str(key, tally->items[walk.item])) {
      *index = walk.item;
      return true;
    }
  return false;
}

size_t tally_part(struct tally *tally, const char *key, size_t length, bool *added) {
  struct assay_bytes bytes = bytes_of(key, length);
  size_t index = tally->count;
  bool known = find_key(tally, bytes, &index);
  if (added)
    *added = !known;
  if (known)
    return index;
  if (!index_reserve(&tally->index, tally->count + 1))
    allocated(NULL);
  index_add(&tally->index, (uint32_t)bytes_hash(bytes), (uint32_t)index);
  tally->items = allocate_one_more(tally->items, tally->count, sizeof *tally->items);
  tally->items[tally->count++] = allocated(strndup(key, length));
  return index;
}

size_t tally_index(struct tally *tally, const char *key, bool *added) {
  return tally_part(tally, key, strlen(key), added);
}

bool tally_find(const struct tally *tally, const char *key, size_t *index) {
  return find_key(tally, bytes_str(key), index);
}

const char *tally_unique(struct tally *tally, const char *name) {
  bool added = false;
  size_t index = tally_index(tally, name, &added);
  for (unsigned number = 2; !added; number++) {
    OWNED_TEXT char *numbered = allocate_format("%s (%u)", name, number);
    index = tally_index(tally, numbered, &added);
  }
  return tally->items[index];
}

void tally_fini(struct tally *tally) {
  for (size_t i = 0; i < tally->count; i++)
    free(tally->items[i]);
  free(tally->items);
  index_fini(&tally->index);
  *tally = (struct tally){0};
}

void names_add(struct tally *names, const char *name) {
  tally_index(names, name, NULL);
}

void names_addf(struct tally *names, const char *format, ...) {
  va_list args;
  va_start(args, format);
  OWNED_TEXT char *name = allocate_vformat(format, args);
  va_end(args);
  names_add(names, name);
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
