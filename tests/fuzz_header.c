/* Fuzzes headers: the input is the decoded header of a token whose claims are good. The first byte chooses
 * the length of the signature. */
#include "tests/fuzz_trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint8_t lengths[] = {32, 48, 64, 96, 132, 114, 255, 0};
  size_t len;
  if (size < 2)
    return 0;
  const char *token =
      fuzz_token(bytes_of(data + 1, size - 1),
                 BYTES_LIT("{\"iss\":\"i\",\"aud\":\"a\",\"exp\":1767229200,\"iat\":1767225600,\"a\":1}"),
                 lengths[data[0] % sizeof lengths], &len);
  if (token)
    fuzz_verify(bytes_of(token, len));
  return 0;
}
