/* Any octets as a shared object: names that end within the file, or none. */
#include <stdlib.h>
#include <string.h>

#include "harness/worker/elf_exports.h"

static struct assay_bytes file;

static void name_check(void *arg, const char *name) {
  const uint8_t *at = (const uint8_t *)name;
  (void)arg;
  if (at < file.ptr || at >= file.ptr + file.len || !memchr(at, 0, (size_t)(file.ptr + file.len - at)))
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint8_t *copy = malloc(size ? size : 1); /* aligned, and nothing readable behind it */
  if (!copy)
    abort();
  memcpy(copy, data, size);
  file = bytes_of(copy, size);
  elf_exports(file, name_check, NULL);
  free(copy);
  return 0;
}
