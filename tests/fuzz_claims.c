/* Fuzzes claims: the input is the decoded payload of a token whose header is good and whose signature
 * matches. */
#include "tests/fuzz_trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char header[] = "{\"alg\":\"HS256\",\"kid\":\"hs\",\"sub\":\"a\"}";
  size_t len;
  if (size == 0)
    return 0;
  size_t header_len = size % 2 ? sizeof header - 1 : 0;
  struct assay_bytes replicated = bytes_of(header, header_len),
                     plain = BYTES_LIT("{\"alg\":\"HS256\",\"kid\":\"hs\"}");
  const char *token = fuzz_token(header_len ? replicated : plain, bytes_of(data, size), 32, &len);
  if (token)
    fuzz_verify(bytes_of(token, len));
  return 0;
}
