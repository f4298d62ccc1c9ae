/* Stage 1: a compact JWS is three parts between two dots (RFC 7515 7.1), in ASCII, with nothing around it.
 * One scan settles the common case; what is wrong with the others is found out afterwards. */
#include "harness/pipeline/stage.h"

#if defined(__x86_64__) && !defined(ASSAY_PORTABLE)
#include <immintrin.h>
#define HAVE_VECTOR_PATHS 1
#endif

struct survey {
  size_t dots;
  size_t dot_at[2];  /* of the first two */
  bool ascii_no_nul; /* every byte is 0x01..0x7f */
};

static void note_dot(struct survey *survey, size_t at) {
  if (survey->dots < 2)
    survey->dot_at[survey->dots] = at;
  survey->dots++;
}

static void survey_bytes(struct assay_bytes text, struct survey *survey) {
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] == '.')
      note_dot(survey, i);
    survey->ascii_no_nul &= (int8_t)text.ptr[i] > 0;
  }
}

#ifdef HAVE_VECTOR_PATHS

/* mask: one bit for each byte from `at` on. */
static inline void note_dots(struct survey *survey, uint64_t mask, size_t at) {
  for (; mask; mask &= mask - 1)
    note_dot(survey, at + (size_t)__builtin_ctzll(mask));
}

/* 32 bytes from `at` on, of which the first `known` have been looked at before. */
__attribute__((target("avx2"))) static inline __m256i survey_vector(struct assay_bytes text, size_t at,
                                                                    size_t known, struct survey *survey) {
  __m256i bytes = _mm256_loadu_si256((const __m256i *)(text.ptr + at));
  uint32_t dots = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('.')));
  note_dots(survey, dots >> known, at + known);
  return bytes;
}

/* text: at least 32 bytes. The last vector ends where the text does and so may begin in the one before. */
__attribute__((target("avx2"))) static void survey_avx2(struct assay_bytes text, struct survey *survey) {
  __m256i lowest = _mm256_set1_epi8(1); /* signed: NUL is 0, what is not ASCII is below it */
  size_t at = 0, last = text.len - 32;
  for (; at < last; at += 32)
    lowest = _mm256_min_epi8(lowest, survey_vector(text, at, 0, survey));
  lowest = _mm256_min_epi8(lowest, survey_vector(text, last, at - last, survey));
  survey->ascii_no_nul = _mm256_movemask_epi8(_mm256_cmpgt_epi8(lowest, _mm256_setzero_si256())) == -1;
}

/* The same for text of any length; the last vector is filled up with what is neither a dot nor refused. */
__attribute__((target("avx512f,avx512bw"))) static void survey_avx512(struct assay_bytes text,
                                                                      struct survey *survey) {
  const __m512i dot = _mm512_set1_epi8('.'), filler = _mm512_set1_epi8(1);
  __m512i lowest = filler;
  for (size_t at = 0; at < text.len; at += 64) {
    size_t left = text.len - at;
    __mmask64 there = left < 64 ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
    __m512i bytes = _mm512_mask_loadu_epi8(filler, there, text.ptr + at);
    lowest = _mm512_min_epi8(lowest, bytes);
    note_dots(survey, _mm512_cmpeq_epi8_mask(bytes, dot), at);
  }
  survey->ascii_no_nul = _mm512_cmplt_epi8_mask(lowest, filler) == 0;
}

/* The same for text of at least 16 bytes, on any x86-64. */
static void survey_sse2(struct assay_bytes text, struct survey *survey) {
  const __m128i dot = _mm_set1_epi8('.'), zero = _mm_setzero_si128();
  __m128i good = _mm_set1_epi8(-1);
  size_t done = 0;
  while (done < text.len) {
    size_t at = done + 16 <= text.len ? done : text.len - 16;
    __m128i bytes = _mm_loadu_si128((const __m128i *)(text.ptr + at));
    good = _mm_and_si128(good, _mm_cmpgt_epi8(bytes, zero));
    uint32_t dots = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, dot));
    note_dots(survey, dots >> (done - at), done);
    done = at + 16;
  }
  survey->ascii_no_nul = _mm_movemask_epi8(good) == 0xffff;
}

static void survey_text(struct assay_bytes text, struct survey *survey) {
  if (__builtin_cpu_supports("avx512bw"))
    survey_avx512(text, survey);
  else if (text.len >= 32 && __builtin_cpu_supports("avx2"))
    survey_avx2(text, survey);
  else if (text.len >= 16)
    survey_sse2(text, survey);
  else
    survey_bytes(text, survey);
}

#else

static void survey_text(struct assay_bytes text, struct survey *survey) {
  survey_bytes(text, survey);
}

#endif

static bool is_space(uint8_t c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_blank(struct assay_bytes text) {
  for (size_t i = 0; i < text.len; i++)
    if (!is_space(text.ptr[i]))
      return false;
  return true;
}

/* "Bearer ", as copied from an Authorization header (RFC 6750 2.1); schemes have no case (RFC 9110 11.1). */
static bool has_scheme(struct assay_bytes text) {
  static const char scheme[] = "bearer ";
  for (size_t i = 0; i < sizeof scheme - 1; i++)
    if (i >= text.len || (text.ptr[i] | 0x20) != scheme[i])
      return false;
  return text.ptr[sizeof scheme - 2] == ' ';
}

/* What stands at the ends, for tokens that do not begin and end as most do. */
static enum assay_reason judge_ends(struct assay_bytes text) {
  if (is_blank(text))
    return REASON_EMPTY;
  if (text.ptr[0] == '{')
    return REASON_JSON_SERIALISATION;
  if (is_space(text.ptr[0]) || is_space(text.ptr[text.len - 1]) || has_scheme(text))
    return REASON_SURROUNDED;
  return REASON_OK;
}

/* Letters, digits, '-', '_', '.' and more, but neither space, '{' nor the B of "Bearer". */
static bool ends_are_plain(struct assay_bytes text) {
  uint8_t first = text.ptr[0], last = text.ptr[text.len - 1];
  return first > ' ' && first != '{' && (first | 0x20) != 'b' && last > ' ';
}

enum assay_reason stage_compact_split(struct session *session, struct token *token) {
  struct assay_bytes text = token->text;
  if (text.len > session->current->trust->limits.token_bytes)
    return REASON_OVERSIZE;
  if (text.len == 0)
    return REASON_EMPTY;
  enum assay_reason ends = ends_are_plain(text) ? REASON_OK : judge_ends(text);
  if (ends != REASON_OK)
    return ends;

  struct survey survey = {.ascii_no_nul = true};
  survey_text(text, &survey);
  if (!survey.ascii_no_nul)
    return memchr(text.ptr, 0, text.len) ? REASON_NUL_BYTE : REASON_NOT_ASCII;
  if (survey.dots != 2)
    return REASON_PART_COUNT;

  size_t first = survey.dot_at[0], second = survey.dot_at[1];
  token->header_part = bytes_of(text.ptr, first);
  token->payload_part = bytes_of(text.ptr + first + 1, second - first - 1);
  token->signature_part = bytes_of(text.ptr + second + 1, text.len - second - 1);
  if (first == 0)
    return REASON_EMPTY_HEADER;
  return token->payload_part.len == 0 ? REASON_EMPTY_PAYLOAD : REASON_OK;
}
