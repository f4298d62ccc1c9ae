/* Where assay keeps things between runs, and what they are called there. */
#ifndef ASSAY_BASE_FILES_CACHE_PATH_H
#define ASSAY_BASE_FILES_CACHE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define CACHE_BUILDS "builds" /* modules made for builds of libraries, a folder each */
#define CACHE_LABELS "labels" /* links, NAME -> BACKEND@PREFIX: what such builds are called */

/* $ASSAY_CACHE, else $XDG_CACHE_HOME/assay, else ~/.cache/assay. It need not exist. False: none of them is
 * set. */
bool cache_path(char *folder, size_t size);

#endif
