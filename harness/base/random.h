/* A small generator for orders and shuffles (SplitMix64). Its seed is recorded with every run. */
#ifndef ASSAY_BASE_RANDOM_H
#define ASSAY_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t random_next(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Puts 0..count-1 into order, shuffled. */
static inline void random_order(uint64_t *state, unsigned *order, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    unsigned j = (unsigned)(random_next(state) % (i + 1));
    if (j < i)
      order[i] = order[j];
    order[j] = i;
  }
}

#endif
