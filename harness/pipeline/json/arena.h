/* A fixed block of memory handed out from the front, all given back at once: the per-thread scratch of the
 * pipeline. It never grows, so a token cannot make the verifier allocate. One thread at a time. */
#ifndef ASSAY_PIPELINE_JSON_ARENA_H
#define ASSAY_PIPELINE_JSON_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena {
  uint8_t *base;
  size_t size, used, high_water; /* bytes; high_water is updated by reset */
};

static inline void arena_init(struct arena *arena, void *memory, size_t size_bytes) {
  *arena = (struct arena){.base = (uint8_t *)memory, .size = size_bytes};
}

/* Drops the contents, keeps the memory. */
static inline void arena_reset(struct arena *arena) {
  if (arena->used > arena->high_water)
    arena->high_water = arena->used;
  arena->used = 0;
}

/* 16-byte aligned; NULL where it is full. */
static inline void *arena_take(struct arena *arena, size_t bytes) {
  size_t at = (arena->used + 15) & ~(size_t)15;
  if (at > arena->size || bytes > arena->size - at)
    return NULL;
  arena->used = at + bytes;
  return arena->base + at;
}

#endif
