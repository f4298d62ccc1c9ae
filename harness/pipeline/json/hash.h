/* Hashing and comparing of short byte strings: claim names, key ids, issuers. */
#ifndef ASSAY_PIPELINE_JSON_HASH_H
#define ASSAY_PIPELINE_JSON_HASH_H

#include "harness/base/bytes.h"

/* Constants without structure: the fractions of the square roots of 2 and 3. */
#define HASH_A UINT64_C(0x6a09e667f3bcc909)
#define HASH_B UINT64_C(0xbb67ae8584caa73b)

/* Keeps the compiler from deciding by a branch what this number selects: where nobody can foresee it, a
 * branch costs more than both ways. */
#define KEEP_BRANCH_FREE(number) __asm__("" : "+r"(number))

static inline uint64_t hash_mix(uint64_t a, uint64_t b) {
  __extension__ typedef unsigned __int128 uint128;
  uint128 product = (uint128)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t load_8(const uint8_t *p) {
  uint64_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

/* The first byte is the lowest. */
static inline uint64_t load_8_little(const uint8_t *p) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return load_8(p);
#else
  return __builtin_bswap64(load_8(p));
#endif
}

static inline void store_8_little(uint8_t *p, uint64_t word) {
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  memcpy(p, &word, sizeof word);
}

static inline uint32_t load_4(const uint8_t *p) {
  uint32_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

/* At most the first 8 bytes as one number, zeros after them. Reads 8 bytes whatever len is: for text with
 * JSON_SLACK behind it. */
static inline uint64_t word_of(const uint8_t *p, size_t len) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  static const uint64_t masks[9] = {
      0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, UINT64_MAX};
  return load_8(p) & masks[len < 8 ? len : 8]; /* nobody can foresee a name's length */
#else
  uint64_t word = 0;
  memcpy(&word, p, len < 8 ? len : 8);
  return word;
#endif
}

/* Reads nothing beyond the bytes. */
static inline uint64_t hash_bytes(struct assay_bytes bytes, uint64_t seed) {
  const uint8_t *p = bytes.ptr;
  size_t n = bytes.len;
  uint64_t h = (seed ^ HASH_A) + n, k = seed ^ HASH_B;
  if (n >= 8) {
    const uint8_t *end = p + n;
    for (; end - p > 16; p += 16)
      h = hash_mix(h ^ load_8(p), k ^ load_8(p + 8));
    return hash_mix(h ^ load_8(n < 16 ? bytes.ptr : end - 16), k ^ load_8(end - 8));
  }
  uint64_t word = 0;
  if (n >= 4)
    word = (uint64_t)load_4(p) << 32 | load_4(p + n - 4);
  else if (n > 0)
    word = (uint64_t)p[0] << 16 | (uint64_t)p[n / 2] << 8 | p[n - 1];
  return hash_mix(h ^ word, k);
}

#endif
