/* Learning from any line: no fault, and a profile that can be written or none. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "corpus/program/learn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct assay_error error;
  struct learning *learning = learning_open(&error);
  FILE *stream = size ? fmemopen((void *)data, size, "r") : NULL;
  if (!learning)
    abort();
  learning_take(learning, bytes_of(data, size));
  if (stream && !learning_read(learning, stream, "input", NULL, &error))
    abort();
  json_t *profile = learning_profile(learning, &error);
  json_decref(profile);
  if (stream)
    fclose(stream);
  learning_close(learning);
  return 0;
}
