/* Strings stored once: the same bytes get the same place. Also a map, for each string can carry a number. */
#ifndef ASSAY_CORPUS_STORE_POOL_H
#define ASSAY_CORPUS_STORE_POOL_H

#include "corpus/base/text.h"
#include "corpus/store/store.h"
#include "harness/base/index.h"

struct pool_item {
  struct corpus_span span;
  uint32_t value;
};

struct pool {
  struct text bytes; /* everything, one after the other */
  struct pool_item *items;
  size_t count;
  struct index index;
};

/* Where these bytes stand in pool->bytes. */
struct corpus_span pool_add(struct pool *pool, struct assay_bytes bytes);
/* The number that these bytes carry; CORPUS_NONE where nobody has set it. Valid until the next call. */
uint32_t *pool_value(struct pool *pool, struct assay_bytes bytes);
void pool_fini(struct pool *pool);

#endif
