/* Any octets as the file of a library: read within its bounds, and texts that end. */
#include <stdlib.h>
#include <string.h>

#include "harness/builds/library_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct library_file told;
  struct assay_error error;
  uint8_t *copy = malloc(size ? size : 1); /* nothing readable behind it */
  if (!copy)
    abort();
  memcpy(copy, data, size);
  if (library_bytes_read(bytes_of(copy, size), "file", &told, &error) &&
      (strlen(told.build_id) > 64 || strlen(told.soname) >= sizeof told.soname))
    abort();
  free(copy);
  return 0;
}
