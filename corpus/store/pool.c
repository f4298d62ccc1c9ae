/* Open addressing by FNV-1a, at most half full. */
#include "corpus/store/pool.h"

#include <stdlib.h>

#include "corpus/base/fatal.h"

uint64_t pool_hash(struct assay_bytes bytes) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < bytes.len; i++)
    hash = (hash ^ bytes.ptr[i]) * UINT64_C(0x100000001b3);
  return hash;
}

static struct assay_bytes slot_bytes(const struct pool *pool, const struct pool_slot *slot) {
  if (slot->span.len == 0) /* of an empty pool nothing can be pointed at */
    return bytes_of(NULL, 0);
  return bytes_of(pool->bytes.ptr + slot->span.at, slot->span.len);
}

/* The slot that holds these bytes, or the free one where they belong. */
static struct pool_slot *find_slot(const struct pool *pool, struct assay_bytes bytes) {
  for (size_t i = pool_hash(bytes);; i++) {
    struct pool_slot *slot = &pool->slots[i & (pool->capacity - 1)];
    if (!slot->taken || bytes_eq(slot_bytes(pool, slot), bytes))
      return slot;
  }
}

static void grow(struct pool *pool) {
  struct pool_slot *old = pool->slots;
  size_t old_capacity = pool->capacity;
  pool->capacity = old_capacity ? old_capacity * 2 : 1024;
  pool->slots = must(calloc(pool->capacity, sizeof *pool->slots));
  for (size_t i = 0; i < old_capacity; i++)
    if (old[i].taken)
      *find_slot(pool, slot_bytes(pool, &old[i])) = old[i];
  free(old);
}

static struct pool_slot *add_slot(struct pool *pool, struct assay_bytes bytes) {
  if (pool->used * 2 >= pool->capacity)
    grow(pool);
  struct pool_slot *slot = find_slot(pool, bytes);
  if (slot->taken)
    return slot;
  if (bytes.len > UINT32_MAX)
    fatal("a string of %zu bytes is too long for a corpus", bytes.len);
  *slot = (struct pool_slot){
      .span = {.at = pool->bytes.len, .len = (uint32_t)bytes.len}, .value = CORPUS_NONE, .taken = true};
  text_add(&pool->bytes, bytes.ptr, bytes.len);
  pool->used++;
  return slot;
}

struct corpus_span pool_add(struct pool *pool, struct assay_bytes bytes) {
  return add_slot(pool, bytes)->span;
}

uint32_t *pool_value(struct pool *pool, struct assay_bytes bytes) {
  return &add_slot(pool, bytes)->value;
}

void pool_fini(struct pool *pool) {
  text_free(&pool->bytes);
  free(pool->slots);
  *pool = (struct pool){0};
}
