/* The byte level of JSON text: plain runs of a string, UTF-8 sequences and escapes. All of it relies on the 0
 * that stands behind every text (JSON_SLACK). */
#ifndef ASSAY_PIPELINE_JSON_JSON_TEXT_H
#define ASSAY_PIPELINE_JSON_JSON_TEXT_H

#include "harness/pipeline/json/hash.h"

#if defined(__x86_64__) && !defined(ASSAY_PORTABLE)
#include <immintrin.h>
#define HAVE_AVX2_PATH 1
#endif

/* A stop ends a run of plain bytes: a quote, a backslash, a control character, or a byte that
 * is not ASCII. */
static inline bool is_stop(uint8_t c) {
  return c < ' ' || c >= 0x80 || c == '"' || c == '\\';
}

/* Where a text's stops are: a bit for each byte, the lowest of the first byte for the first. Once
 * known, a run is skipped by a shift and a count, however long it is (up to 57 bytes): no loop whose
 * end has to be guessed. */
#define BLOCK_BYTES 64

static inline size_t stop_map_bytes(size_t text_bytes) {
  size_t blocks = text_bytes / BLOCK_BYTES + 1; /* the 0 behind the text is a stop, too */
  return (blocks + 1) * sizeof(uint64_t);       /* skip_plain reads 8 bytes from wherever it is */
}

static inline void find_stops_portable(struct assay_bytes text, uint8_t *stops) {
  for (size_t at = 0; at <= text.len; at += 8) {
    unsigned byte = 0;
    for (unsigned bit = 0; bit < 8; bit++)
      byte |= (unsigned)is_stop(text.ptr[at + bit]) << bit;
    stops[at / 8] = (uint8_t)byte;
  }
}

#ifdef HAVE_AVX2_PATH

__attribute__((target("avx2"))) static inline uint32_t find_stops_32(const uint8_t *p) {
  __m256i bytes = _mm256_loadu_si256((const __m256i *)p);
  /* As signed numbers, control characters and all bytes from 0x80 on are below the space. */
  __m256i stop = _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), bytes);
  stop = _mm256_or_si256(stop, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')));
  stop = _mm256_or_si256(stop, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\')));
  return (uint32_t)_mm256_movemask_epi8(stop);
}

__attribute__((target("avx2"))) static inline void find_stops_avx2(struct assay_bytes text, uint8_t *stops) {
  for (size_t at = 0; at <= text.len; at += BLOCK_BYTES) {
    uint64_t block = find_stops_32(text.ptr + at) | (uint64_t)find_stops_32(text.ptr + at + 32) << 32;
    memcpy(stops + at / 8, &block, sizeof block);
  }
}

__attribute__((target("avx512f,avx512bw"))) static inline void find_stops_avx512(struct assay_bytes text,
                                                                                 uint8_t *stops) {
  const __m512i quote = _mm512_set1_epi8('"'), backslash = _mm512_set1_epi8('\\'),
                space = _mm512_set1_epi8(' ');
  for (size_t at = 0; at <= text.len; at += BLOCK_BYTES) {
    __m512i bytes = _mm512_loadu_si512(text.ptr + at);
    uint64_t block = _mm512_cmplt_epi8_mask(bytes, space) | _mm512_cmpeq_epi8_mask(bytes, quote) |
                     _mm512_cmpeq_epi8_mask(bytes, backslash);
    memcpy(stops + at / 8, &block, sizeof block);
  }
}

static inline void find_stops(struct assay_bytes text, uint8_t *stops) {
  if (__builtin_cpu_supports("avx512bw"))
    find_stops_avx512(text, stops);
  else if (__builtin_cpu_supports("avx2"))
    find_stops_avx2(text, stops);
  else
    find_stops_portable(text, stops);
}

#else

static inline void find_stops(struct assay_bytes text, uint8_t *stops) {
  find_stops_portable(text, stops);
}

#endif

/* The stops of at least 57 bytes from text + at on. */
static inline uint64_t stops_from(const uint8_t *stops, size_t at) {
  return load_8_little(stops + at / 8) >> at % 8;
}

/* The first stop from text + at on; at: no further than the 0 behind the text. */
static inline const uint8_t *skip_plain(const uint8_t *text, size_t at, const uint8_t *stops) {
  for (;; at += 64 - at % 8) {
    uint64_t window = stops_from(stops, at);
    if (window)
      return text + at + __builtin_ctzll(window);
  }
}

/* Whether 8 bytes are digits: each has the high half 3, and keeps it when 6 is added. */
static inline bool are_8_digits(uint64_t bytes) {
  const uint64_t high_halves = UINT64_C(0xf0f0f0f0f0f0f0f0), digits = bytes ^ UINT64_C(0x3030303030303030);
  return ((digits | (digits + UINT64_C(0x0606060606060606))) & high_halves) == 0;
}

#define DIGITS_COUNTED 16

/* How many digits there are from p on, up to DIGITS_COUNTED. Reads so many bytes. */
static inline unsigned count_digits(const uint8_t *p) {
#ifdef HAVE_AVX2_PATH
  __m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8('0'));
  __m128i fit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
  return (unsigned)__builtin_ctz(~(unsigned)_mm_movemask_epi8(fit));
#else
  unsigned count = 0;
  while (count < DIGITS_COUNTED && (uint8_t)(p[count] - '0') < 10)
    count++;
  return count;
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
