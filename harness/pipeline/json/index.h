/* A read-only hash index over items that live elsewhere: built once, then asked for every token.
 *
 *   for (struct index_walk w = index_begin(&index, hash); index_next(&w);)
 *     if (bytes_eq(names[w.item], name)) ...
 *
 * walks the items that were added under this hash, in the order in which they were added. */
#ifndef ASSAY_PIPELINE_JSON_INDEX_H
#define ASSAY_PIPELINE_JSON_INDEX_H

#include <stdlib.h>

#include "harness/pipeline/json/hash.h"

struct index_slot {
  uint32_t hash;
  uint32_t item; /* plus one; 0: empty */
};

struct index {
  struct index_slot *slots; /* at least one of them stays empty */
  uint32_t mask;
};

/* Room for so many items, at most half full. False for want of memory. */
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

static inline uint32_t index_hash(struct assay_bytes name) {
  return (uint32_t)hash_bytes(name, HASH_A);
}

static inline void index_add(struct index *index, uint32_t hash, uint32_t item) {
  uint32_t at = hash & index->mask;
  while (index->slots[at].item)
    at = (at + 1) & index->mask;
  index->slots[at] = (struct index_slot){.hash = hash, .item = item + 1};
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
