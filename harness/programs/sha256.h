/* SHA-256 of files. assay has no cryptography of its own: assay-corpus is asked. */
#ifndef ASSAY_PROGRAMS_SHA256_H
#define ASSAY_PROGRAMS_SHA256_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"

#define SHA256_HEX_BYTES 65

/* Of every file, in hex. paths, hex: `count` of them. False and a sentence where one cannot be read, or
 * nothing can be asked. */
bool sha256_files(const char *const *paths, size_t count, char (*hex)[SHA256_HEX_BYTES],
                  struct assay_error *error);

#endif
