/* Whether a module was compiled with the headers of the library that it loaded. Included by one file of a
 * module. */
#ifndef ASSAY_BACKENDS_VERSION_FITS_H
#define ASSAY_BACKENDS_VERSION_FITS_H

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "backends/backend.h"

/* A version that headers tell in numbers, as text: VERSION_TEXT(MAJOR) "." VERSION_TEXT(MINOR). */
#define VERSION_TEXT(number) VERSION_TEXT_OF(number)
#define VERSION_TEXT_OF(number) #number

/* A prefix has one build, or two that have got mixed, and structs of other headers are of other sizes. Under a
 * packaged module a later library of the same ABI may have come by an update.
 * headers: the version that they tell. told: with library, path and version. Returns a sentence that is the
 * problem of that build, or NULL. */
static inline const char *version_problem(const char *headers, const struct assay_build *told) {
#ifdef ASSAY_OF_PREFIX
  static char problem[PATH_MAX + 200];
  if (strcmp(headers, told->version) == 0)
    return NULL;
  snprintf(problem, sizeof problem,
           "the library that was loaded, %s, is %s %.40s, but its headers were of %.40s", told->path,
           told->library, told->version, headers);
  return problem;
#else
  (void)headers, (void)told;
  return NULL;
#endif
}

#endif
