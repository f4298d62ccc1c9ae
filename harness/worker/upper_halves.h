/* The upper halves of the vector registers, which 256-bit instructions use and older ones, SSE, do not. Code that
 * leaves them in use, without a vzeroupper behind its last 256-bit instruction, slows SSE code that runs next,
 * whoever wrote that: the processor then has to carry the upper halves along (Intel SDM volume 1, 14.3). XINUSE
 * tells whether they are in use: XGETBV with ECX = 1, volume 1, 13.2 and 13.6. */
#ifndef ASSAY_WORKER_UPPER_HALVES_H
#define ASSAY_WORKER_UPPER_HALVES_H

#include <stdbool.h>

#if defined(__x86_64__)
#include <cpuid.h>

/* To their initial state. Only where they are visible. */
static inline void upper_halves_clear(void) {
  __asm__ volatile("vzeroupper");
}

static inline unsigned upper_halves_xgetbv(unsigned which) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(which));
  return low;
}

#define UPPER_HALVES_AVX (1u << 2) /* in XCR0 and XINUSE */

/* Only where they are visible. */
static inline bool upper_halves_in_use(void) {
  return upper_halves_xgetbv(1) & UPPER_HALVES_AVX;
}

/* Whether this processor has them and tells: one that calls them in use all the time does not. */
static inline bool upper_halves_visible(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & (bit_OSXSAVE | bit_AVX)) != (bit_OSXSAVE | bit_AVX) ||
      !(upper_halves_xgetbv(0) & UPPER_HALVES_AVX))
    return false;
  if (!__get_cpuid_count(0xd, 1, &a, &b, &c, &d) || !(a & 1u << 2)) /* XGETBV with ECX = 1 */
    return false;
  upper_halves_clear();
  return !upper_halves_in_use();
}
#else
static inline void upper_halves_clear(void) {
}

static inline bool upper_halves_in_use(void) {
  return false;
}

static inline bool upper_halves_visible(void) {
  return false;
}
#endif

#endif
