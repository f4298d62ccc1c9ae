/* Splits and joins lists of names. */
#include "harness/base/text/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool names_each(const char *list, bool (*take)(void *arg, const char *name, struct assay_error *error),
                void *arg, struct assay_error *error) {
  char *copy = strdup(list), *save;
  bool ok = copy || error_set(error, "no memory");
  for (char *name = ok ? strtok_r(copy, ",", &save) : NULL; ok && name; name = strtok_r(NULL, ",", &save))
    ok = take(arg, name, error);
  free(copy);
  return ok;
}

#define MORE_MAX sizeof " and 18446744073709551615 more"

void names_fit(char *out, size_t size, const char *const *names, size_t count) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    size_t len = strlen(names[i]) + (i ? 2 : 0), kept = i + 1 < count ? MORE_MAX : 1;
    if (used + len + kept > size) {
      snprintf(out + used, size - used, "%s%zu more", i ? " and " : "", count - i);
      return;
    }
    used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", names[i]);
  }
}
