/* The base64url decoder: all at once by AVX-512, or whole groups of four characters by AVX2 or by table
 * and the rest by table. A bad byte is only noted on the way; what it was is looked up afterwards, off
 * the hot path. */
#include "harness/pipeline/json/base64url.h"

#if defined(__x86_64__) && !defined(ASSAY_PORTABLE)
#include <immintrin.h>
#define HAVE_VECTOR_PATHS 1
#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi")))
#endif

/* A character's value plus one; 0: not in the alphabet. */
static const uint8_t value_plus_one[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63, ['_'] = 64,
};

/* 0..63, or a number with bits above them for a byte outside the alphabet. */
static inline uint32_t sextet(uint8_t c) {
  return (uint32_t)value_plus_one[c] - 1;
}

/* Why a text that did not decode is refused: the alphabet is judged over all of it before its length is. */
static enum assay_reason refusal(struct assay_bytes text) {
  for (size_t i = 0; i < text.len; i++)
    if (!value_plus_one[text.ptr[i]])
      return text.ptr[i] == '=' ? REASON_B64_PADDING : REASON_B64_ALPHABET;
  return text.len % 4 == 1 ? REASON_B64_LENGTH : REASON_B64_TRAILING_BITS;
}

/* Decodes groups of four characters to three bytes each; false where a byte is not in the alphabet. */
static bool decode_groups(const uint8_t *in, size_t groups, uint8_t *out) {
  uint32_t seen = 0;
  for (; groups; groups--, in += 4, out += 3) {
    uint32_t a = sextet(in[0]), b = sextet(in[1]), c = sextet(in[2]), d = sextet(in[3]);
    uint32_t all = a << 18 | b << 12 | c << 6 | d;
    seen |= a | b | c | d;
    out[0] = (uint8_t)(all >> 16);
    out[1] = (uint8_t)(all >> 8);
    out[2] = (uint8_t)all;
  }
  return seen < 64;
}

/* The last two or three characters, one or two bytes; their unused bits must be zero (RFC 4648 3.5). */
static bool decode_rest(const uint8_t *in, size_t chars, uint8_t *out) {
  if (chars == 0)
    return true;
  if (chars == 1)
    return false;
  uint32_t a = sextet(in[0]), b = sextet(in[1]), c = chars == 3 ? sextet(in[2]) : 0;
  uint32_t all = a << 12 | b << 6 | c, unused = chars == 3 ? 0x3 : 0x3ff;
  out[0] = (uint8_t)(all >> 10);
  if (chars == 3)
    out[1] = (uint8_t)(all >> 2);
  return (a | b | c) < 64 && (all & unused) == 0;
}

enum assay_reason base64url_decode_portable(struct assay_bytes text, uint8_t *out) {
  if (text.len == 0)
    return REASON_OK;
  size_t groups = text.len / 4;
  bool good = decode_groups(text.ptr, groups, out) &&
              decode_rest(text.ptr + groups * 4, text.len % 4, out + groups * 3);
  return good ? REASON_OK : refusal(text);
}

#ifdef HAVE_VECTOR_PATHS

#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

/* 32 characters to 24 bytes, stored as 32. The high half of a byte names its row of the ASCII table, and one
 * bit per kind of row says which low halves that row may have; rows 4 and 6 (A-O, a-o) are of one kind. Adds
 * to *bad, byte by byte, what is not in the alphabet. */
__attribute__((target("avx2"))) static inline void decode_vector(__m256i in, uint8_t *out, __m256i *bad) {
  const __m256i kinds_of_low = TWICE(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 4, 4, 5, 4, 12);
  const __m256i kind_of_row = TWICE(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i shift_of_row = TWICE(0, 0, 17, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i pick = TWICE(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);

  __m256i row = _mm256_and_si256(_mm256_srli_epi32(in, 4), _mm256_set1_epi8(15));
  __m256i kinds = _mm256_shuffle_epi8(kinds_of_low, in); /* 0 for bytes from 0x80 on */
  __m256i fits = _mm256_and_si256(kinds, _mm256_shuffle_epi8(kind_of_row, row));
  *bad = _mm256_or_si256(*bad, _mm256_cmpeq_epi8(fits, _mm256_setzero_si256()));

  __m256i shift = _mm256_shuffle_epi8(shift_of_row, row);
  __m256i underscore = _mm256_cmpeq_epi8(in, _mm256_set1_epi8('_')); /* shares its row with P-Z */
  shift = _mm256_add_epi8(shift, _mm256_and_si256(underscore, _mm256_set1_epi8(33)));
  __m256i sextets = _mm256_add_epi8(in, shift);

  __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x01400140));
  __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
  groups = _mm256_shuffle_epi8(groups, pick);
  groups = _mm256_permutevar8x32_epi32(groups, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
  _mm256_storeu_si256((__m256i *)out, groups);
}

/* As decode_groups. The last, incomplete vector is read through a mask, which touches no byte
 * beyond the text. */
__attribute__((target("avx2"))) static bool decode_groups_avx2(const uint8_t *in, size_t groups,
                                                               uint8_t *out) {
  static const int32_t window[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  __m256i bad = _mm256_setzero_si256();
  for (; groups >= 8; groups -= 8, in += 32, out += 24)
    decode_vector(_mm256_loadu_si256((const __m256i *)in), out, &bad);
  if (groups) {
    __m256i mask = _mm256_loadu_si256((const __m256i *)(window + 8 - groups));
    __m256i last = _mm256_maskload_epi32((const int *)in, mask);
    decode_vector(_mm256_blendv_epi8(_mm256_set1_epi8('A'), last, mask), out, &bad);
  }
  return _mm256_testz_si256(bad, bad);
}

enum assay_reason base64url_decode_avx2(struct assay_bytes text, uint8_t *out) {
  if (text.len == 0 || !__builtin_cpu_supports("avx2"))
    return base64url_decode_portable(text, out);
  size_t groups = text.len / 4;
  bool good = decode_groups_avx2(text.ptr, groups, out) &&
              decode_rest(text.ptr + groups * 4, text.len % 4, out + groups * 3);
  return good ? REASON_OK : refusal(text);
}

/* 64 characters to 48 bytes and 16 zeros. The alphabet is one table of 128 bytes; the top bit of *bad is set
 * where a character is beyond it or not in it. */
TARGET_AVX512 static inline __m512i decode_vector_avx512(__m512i in, __m512i *bad) {
  static const uint8_t pick[64] = {2,  1,  0,  6,  5,  4,  10, 9,  8,  14, 13, 12, 18, 17, 16, 22,
                                   21, 20, 26, 25, 24, 30, 29, 28, 34, 33, 32, 38, 37, 36, 42, 41,
                                   40, 46, 45, 44, 50, 49, 48, 54, 53, 52, 58, 57, 56, 62, 61, 60};
  const __m512i one = _mm512_set1_epi8(1);
  __m512i low = _mm512_sub_epi8(_mm512_loadu_si512(value_plus_one), one);
  __m512i high = _mm512_sub_epi8(_mm512_loadu_si512(value_plus_one + 64), one);
  __m512i sextets = _mm512_permutex2var_epi8(low, in, high);
  *bad = _mm512_ternarylogic_epi32(*bad, in, sextets, 0xfe); /* all three or'ed */

  __m512i pairs = _mm512_maddubs_epi16(sextets, _mm512_set1_epi32(0x01400140));
  __m512i groups = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00011000));
  return _mm512_maskz_permutexvar_epi8((UINT64_C(1) << 48) - 1, _mm512_loadu_si512(pick), groups);
}

/* Decodes all of the text but a last character that stands alone; false where that is needed, a byte is not
 * in the alphabet, or a bit is set that no byte uses. */
TARGET_AVX512 static bool decode_avx512(struct assay_bytes text, uint8_t *out) {
  __m512i bad = _mm512_setzero_si512();
  const uint8_t *in = text.ptr;
  size_t left = text.len;
  for (; left >= 64; left -= 64, in += 64, out += 48)
    _mm512_storeu_si512(out, decode_vector_avx512(_mm512_loadu_si512(in), &bad));
  __mmask64 there = (UINT64_C(1) << left) - 1, whole = (UINT64_C(1) << base64url_decoded_bytes(left)) - 1;
  __m512i last = _mm512_mask_loadu_epi8(_mm512_set1_epi8('A'), there, in);
  last = decode_vector_avx512(last, &bad);
  _mm512_mask_storeu_epi8(out, whole, last);
  bool unused_are_zero = (_mm512_test_epi8_mask(last, last) & ~whole) == 0;
  return _mm512_movepi8_mask(bad) == 0 && unused_are_zero && left % 4 != 1;
}

enum assay_reason base64url_decode(struct assay_bytes text, uint8_t *out) {
  if (!__builtin_cpu_supports("avx512vbmi") || !__builtin_cpu_supports("avx512bw"))
    return base64url_decode_avx2(text, out);
  return decode_avx512(text, out) ? REASON_OK : refusal(text);
}

#else

enum assay_reason base64url_decode_avx2(struct assay_bytes text, uint8_t *out) {
  return base64url_decode_portable(text, out);
}

enum assay_reason base64url_decode(struct assay_bytes text, uint8_t *out) {
  return base64url_decode_portable(text, out);
}

#endif
