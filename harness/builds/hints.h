/* What a backend's file says of the library that it is for, in comments at its top (backends/backend.h).
 * Private to this folder. */
#ifndef ASSAY_BUILDS_HINTS_H
#define ASSAY_BUILDS_HINTS_H

#include <stdbool.h>

#include "harness/base/error.h"

#define HINT_LIBRARIES_MAX 4
#define HINT_FOLDERS_MAX 2

struct hints {
  char source[4200];                      /* path of the file */
  char header[128];                       /* "openssl/crypto.h": lies under the include folder */
  char libraries[HINT_LIBRARIES_MAX][64]; /* "crypto": of libcrypto; the first is the backend's own */
  bool is_beside[HINT_LIBRARIES_MAX];     /* another project's: the system's where the prefix has none */
  unsigned library_count;
  char folders[HINT_FOLDERS_MAX]
              [64]; /* "nss": below the include folder, searched as well where they are there */
  unsigned folder_count;
};

/* name: of a backend. False and a sentence where there is no such file, or it says nothing of prefixes. */
bool hints_read(const char *name, struct hints *hints, struct assay_error *error);

#endif
