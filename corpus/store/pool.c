/* Strings, one behind the other, and an index over them. */
#include "corpus/store/pool.h"

#include <stdlib.h>

#include "corpus/base/fatal.h"

static struct assay_bytes item_bytes(const struct pool *pool, const struct pool_item *item) {
  if (item->span.len == 0) /* of an empty pool nothing can be pointed at */
    return bytes_of(NULL, 0);
  return bytes_of(pool->bytes.ptr + item->span.at, item->span.len);
}

static struct pool_item *add_item(struct pool *pool, struct assay_bytes bytes) {
  uint32_t hash = (uint32_t)bytes_hash(bytes);
  if (!index_reserve(&pool->index, pool->count + 1))
    fatal("no memory");
  for (struct index_walk walk = index_begin(&pool->index, hash); index_next(&walk);)
    if (bytes_eq(item_bytes(pool, &pool->items[walk.item]), bytes))
      return &pool->items[walk.item];
  if (bytes.len > UINT32_MAX)
    fatal("a string of %zu bytes is too long for a corpus", bytes.len);
  index_add(&pool->index, hash, (uint32_t)pool->count);
  pool->items = must_have_one_more(pool->items, pool->count, sizeof *pool->items);
  pool->items[pool->count] =
      (struct pool_item){.span = {.at = pool->bytes.len, .len = (uint32_t)bytes.len}, .value = CORPUS_NONE};
  text_add(&pool->bytes, bytes.ptr, bytes.len);
  return &pool->items[pool->count++];
}

struct corpus_span pool_add(struct pool *pool, struct assay_bytes bytes) {
  return add_item(pool, bytes)->span;
}

uint32_t *pool_value(struct pool *pool, struct assay_bytes bytes) {
  return &add_item(pool, bytes)->value;
}

void pool_fini(struct pool *pool) {
  text_free(&pool->bytes);
  free(pool->items);
  index_fini(&pool->index);
  *pool = (struct pool){0};
}
