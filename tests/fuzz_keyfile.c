/* Any octets as a file of keys: keys, or one sentence. */
#include <stdint.h>
#include <stdlib.h>

#include "corpus/readers/keyfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct keyfile keyfile;
  struct assay_error error = {0};
  if (!keyfile_of_text(bytes_of(data, size), "input", &keyfile, &error)) {
    if (!error.text[0] || keyfile.jwks)
      abort();
    return 0;
  }
  free(keyfile_for(&keyfile, "any", "ES256"));
  keyfile_fini(&keyfile);
  return 0;
}
