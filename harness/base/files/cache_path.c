/* By the environment alone. */
#include "harness/base/files/cache_path.h"

#include <stdio.h>
#include <stdlib.h>

bool cache_path(char *folder, size_t size) {
  const char *own = getenv("ASSAY_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (own && own[0])
    snprintf(folder, size, "%s", own);
  else if (xdg && xdg[0])
    snprintf(folder, size, "%s/assay", xdg);
  else if (home && home[0])
    snprintf(folder, size, "%s/.cache/assay", home);
  else
    return false;
  return true;
}
