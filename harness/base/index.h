/* A hash index over items that live elsewhere, in an array for instance, by their number: open addressing, at
 * most half full. Whoever builds it says what it goes by: any hash of 32 bits, always the same one.
 *
 *   for (struct index_walk w = index_begin(&index, hash); index_next(&w);)
 *     if (bytes_eq(names[w.item], name)) ...
 *
 * walks the items that were added under this hash, in the order in which they were added. */
#ifndef ASSAY_BASE_INDEX_H
#define ASSAY_BASE_INDEX_H

#include <stdlib.h>

#include "harness/base/bytes.h"

struct index_slot {
  uint32_t hash;
  uint32_t item; /* plus one; 0: empty */
};

struct index {
  struct index_slot *slots; /* at least one of them stays empty */
  uint32_t mask;
};

/* Room for so many items. False for want of memory. */
static inline bool index_init(struct index *index, size_t items) {
  uint32_t slots = 4;
  while (slots < items * 2)
    slots *= 2;
  index->mask = slots - 1;
  index->slots = (struct index_slot *)calloc(slots, sizeof *index->slots);
  return index->slots != NULL;
}

static inline void index_fini(struct index *index) {
  free(index->slots);
  *index = (struct index){0};
}

static inline void index_add(struct index *index, uint32_t hash, uint32_t item) {
  uint32_t at = hash & index->mask;
  while (index->slots[at].item)
    at = (at + 1) & index->mask;
  index->slots[at] = (struct index_slot){.hash = hash, .item = item + 1};
}

/* Room for so many items in all, those that are there included; it doubles, so that items can come one by
 * one. Start with zeroes. False for want of memory: then the index is as before. */
static inline bool index_reserve(struct index *index, size_t items) {
  struct index larger;
  uint32_t at = 0;
  if (index->slots && items * 2 <= (size_t)index->mask + 1)
    return true;
  if (!index_init(&larger, items))
    return false;
  while (index->slots && index->slots[at].item)
    at++; /* from behind an empty slot, items under the same hash come in their order */
  for (uint32_t i = 0; index->slots && i <= index->mask; i++) {
    struct index_slot slot = index->slots[(at + i) & index->mask];
    if (slot.item)
      index_add(&larger, slot.hash, slot.item - 1);
  }
  index_fini(index);
  *index = larger;
  return true;
}

struct index_walk {
  const struct index *index;
  uint32_t hash, at, item;
};

static inline struct index_walk index_begin(const struct index *index, uint32_t hash) {
  return (struct index_walk){.index = index, .hash = hash, .at = hash & index->mask};
}

/* Goes to the next item; false after the last. */
static inline bool index_next(struct index_walk *walk) {
  for (;;) {
    const struct index_slot *slot = &walk->index->slots[walk->at];
    if (!slot->item)
      return false;
    walk->at = (walk->at + 1) & walk->index->mask;
    if (slot->hash == walk->hash) {
      walk->item = slot->item - 1;
      return true;
    }
  }
}

#endif
