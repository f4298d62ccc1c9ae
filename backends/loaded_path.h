/* The file that a library's code was really loaded from. Included by one file of a module. */
#ifndef ASSAY_BACKENDS_LOADED_PATH_H
#define ASSAY_BACKENDS_LOADED_PATH_H

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>

/* function: one of the library's own. path: gets the file's, without links. Returns it, or "". */
static inline const char *loaded_path(const void *function, char path[PATH_MAX]) {
  Dl_info info;
  if (!dladdr(function, &info) || !info.dli_fname)
    return "";
  return realpath(info.dli_fname, path) ? path : "";
}

#endif
