/* Any octets as a file of keys: keys, or one sentence. */
#include <stdint.h>
#include <stdlib.h>

#include "corpus/keyfile/keyfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct keyfile keyfile;
  struct assay_error error = {0};
  if (!keyfile_of_text(bytes_of(data, size), "input", &keyfile, &error)) {
    if (!error.text[0] || keyfile.jwks)
      abort();
    return 0;
  }
  json_t *header = json_pack("{s:s, s:s}", "alg", "ES256", "kid", "any");
  char *jwks = keyfile_for(&keyfile, header);
  json_decref(header);
  free(jwks);
  keyfile_fini(&keyfile);
  return 0;
}
