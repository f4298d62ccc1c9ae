/* What lies under a prefix of what a backend needs. Private to this folder. */
#ifndef ASSAY_BUILDS_PREFIX_H
#define ASSAY_BUILDS_PREFIX_H

#include "harness/builds/hints.h"
#include "harness/builds/library_file.h"

struct prefix {
  char root[4096];                        /* absolute, without links */
  char include[4200], include_more[4300]; /* folders of headers; the second, of this machine's, may be "" */
  char libraries[HINT_LIBRARIES_MAX]
                [4400];        /* files, absolute and without links; "": that one is the system's */
  struct library_file library; /* the first of them */
};

/* An installed library (include, lib, lib64, lib/<multiarch>) or a build where it was made. Of a library that
 * is there both shared and static, the shared one. False and a sentence that says what is missing, where it
 * was looked for, and what is there instead. */
bool prefix_look(struct prefix *prefix, const struct hints *hints, struct assay_error *error);

#endif
