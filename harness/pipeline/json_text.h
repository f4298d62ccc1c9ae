/* The byte level of JSON text: plain runs of a string, UTF-8 sequences and escapes. All of it relies on the 0
 * that stands behind every text (JSON_SLACK). */
#ifndef ASSAY_PIPELINE_JSON_TEXT_H
#define ASSAY_PIPELINE_JSON_TEXT_H

#include "harness/base/bytes.h"

#if defined(__SSE2__) && !defined(ASSAY_PORTABLE)
#include <emmintrin.h>
#define HAVE_SSE2_PATH 1
#endif

/* The first byte from p on that is a quote, a backslash, a control character or not ASCII. */
static inline const uint8_t *skip_plain(const uint8_t *p) {
#ifdef HAVE_SSE2_PATH
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
  for (;; p += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)p);
    /* As signed numbers, control characters and all bytes from 0x80 on are below the space. */
    __m128i stop = _mm_cmplt_epi8(bytes, space);
    stop = _mm_or_si128(stop, _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
    unsigned mask = (unsigned)_mm_movemask_epi8(stop);
    if (mask)
      return p + __builtin_ctz(mask);
  }
#else
  while (*p >= ' ' && *p < 0x80 && *p != '"' && *p != '\\')
    p++;
  return p;
#endif
}

static inline bool utf8_continues(uint8_t c) {
  return (c & 0xc0) == 0x80;
}

/* Bytes of the sequence at p, whose first byte is 0x80 or above; 0: it is not UTF-8 (RFC 3629 4). */
static inline size_t utf8_sequence(const uint8_t *p) {
  uint8_t lead = p[0], second = p[1];
  if (lead < 0xc2 || lead > 0xf4 || !utf8_continues(second))
    return 0;
  if (lead < 0xe0)
    return 2;
  if (!utf8_continues(p[2]))
    return 0;
  if (lead < 0xf0) /* e0: overlong below a0; ed: surrogates from a0 on */
    return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ? 0 : 3;
  if (!utf8_continues(p[3])) /* f0: overlong below 90; f4: above U+10FFFF from 90 on */
    return 0;
  return (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f) ? 0 : 4;
}

/* Writes a code point that is no surrogate; returns its bytes. */
static inline size_t utf8_write(uint8_t *out, uint32_t c) {
  if (c < 0x80) {
    out[0] = (uint8_t)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (uint8_t)(0xc0 | c >> 6);
    out[1] = (uint8_t)(0x80 | (c & 0x3f));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = (uint8_t)(0xe0 | c >> 12);
    out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c & 0x3f));
    return 3;
  }
  out[0] = (uint8_t)(0xf0 | c >> 18);
  out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
  out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
  out[3] = (uint8_t)(0x80 | (c & 0x3f));
  return 4;
}

static inline int hex_value(uint8_t c) {
  if ((uint8_t)(c - '0') < 10)
    return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The first of four bytes that is no hex digit, or p + 4. */
static inline const uint8_t *hex_end(const uint8_t *p) {
  const uint8_t *end = p + 4;
  while (p < end && hex_value(*p) >= 0)
    p++;
  return p;
}

/* The number that four hex digits make; -1 where they are not four. */
static inline int32_t hex_4(const uint8_t *p) {
  if (hex_end(p) != p + 4)
    return -1;
  return hex_value(p[0]) << 12 | hex_value(p[1]) << 8 | hex_value(p[2]) << 4 | hex_value(p[3]);
}

#endif
