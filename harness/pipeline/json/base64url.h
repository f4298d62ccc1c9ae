/* Strict base64url (RFC 4648 section 5, RFC 7515 2): no padding, no white space, no byte outside
 * the alphabet, and the unused bits of the last character zero, so that every byte string has
 * exactly one text. */
#ifndef ASSAY_PIPELINE_JSON_BASE64URL_H
#define ASSAY_PIPELINE_JSON_BASE64URL_H

#include "harness/base/bytes.h"
#include "harness/base/reason.h"

/* Room that `out` must have beyond the decoded length: vectors are stored whole. What lands
 * there means nothing. */
#define BASE64URL_SLACK 32

/* Bytes that text of this length decodes to. */
static inline size_t base64url_decoded_bytes(size_t text_bytes) {
  return text_bytes / 4 * 3 + text_bytes % 4 * 3 / 4;
}

/* Decodes text into out. It never reads beyond text.
 * out:     base64url_decoded_bytes(text.len) + BASE64URL_SLACK bytes; its content means nothing after a
 * refusal. Returns: REASON_OK; B64_PADDING or B64_ALPHABET for the first byte outside the alphabet, wherever
 * it stands; then B64_LENGTH (4n + 1 characters), then B64_TRAILING_BITS. Speed:   AVX-512 (VBMI) or AVX2
 * where the processor has it. */
enum assay_reason base64url_decode(struct assay_bytes text, uint8_t *out);

/* The same with no more than AVX2, and without vector instructions: what other processors run, and what tests
 * compare with. */
enum assay_reason base64url_decode_avx2(struct assay_bytes text, uint8_t *out);
enum assay_reason base64url_decode_portable(struct assay_bytes text, uint8_t *out);

#endif
