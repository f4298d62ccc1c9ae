/* Fuzzes whole tokens, byte for byte: splitting and decoding above all. Both decoders must agree on every
 * part. */
#include "harness/pipeline/json/base64url.h"
#include "tests/fuzz_trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare_decoders(struct assay_bytes text) {
  size_t len = base64url_decoded_bytes(text.len);
  uint8_t *copy = malloc(text.len + 1), *fast = malloc(len + BASE64URL_SLACK),
          *slow = malloc(len + BASE64URL_SLACK);
  if (!copy || !fast || !slow)
    abort();
  memcpy(copy, text.ptr, text.len);
  text = bytes_of(copy, text.len);
  enum assay_reason reason = base64url_decode(text, fast);
  if (reason != base64url_decode_portable(text, slow) ||
      (reason == REASON_OK && memcmp(fast, slow, len) != 0))
    abort();
  free(copy);
  free(fast);
  free(slow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct assay_bytes token = bytes_of(data, size);
  if (size == 0)
    return 0;
  fuzz_verify(token);
  const uint8_t *dot = memchr(data, '.', size);
  compare_decoders(token);
  compare_decoders(bytes_of(data, dot ? (size_t)(dot - data) : size));
  return 0;
}
