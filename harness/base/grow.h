/* Arrays that grow by one item at a time and keep no capacity: the count alone says when there is
 * no more room. */
#ifndef ASSAY_BASE_GROW_H
#define ASSAY_BASE_GROW_H

#include <stdint.h>
#include <stdlib.h>

/* Room for one more item behind `count` items: the array, moved if need be; it doubles at every power of two.
 * The new item is not initialised. NULL: no memory, and the array is as before. Only for arrays that have
 * grown by this alone. */
static inline void *grown_by_one(void *items, size_t count, size_t item_bytes) {
  if (count & (count - 1))
    return items;
  size_t room = count ? 2 * count : 1;
  return count > SIZE_MAX / 2 / item_bytes ? NULL : realloc(items, room * item_bytes);
}

#endif
