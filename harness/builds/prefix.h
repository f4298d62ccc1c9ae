/* What lies under a prefix of what a backend needs. Private to this folder. */
#ifndef ASSAY_BUILDS_PREFIX_H
#define ASSAY_BUILDS_PREFIX_H

#include "harness/builds/hints.h"
#include "harness/builds/library_file.h"

/* The include folder, that of this machine in it, and those that hints name. */
#define INCLUDES_MAX (2 + HINT_FOLDERS_MAX)

struct prefix {
  char root[4096];                   /* absolute, without links */
  char includes[INCLUDES_MAX][4300]; /* folders of headers, the first with all others in it */
  unsigned include_count;
  char libraries[HINT_LIBRARIES_MAX]
                [4400];        /* files, absolute and without links; "": that one is the system's */
  struct library_file library; /* the first of them */
};

/* An installed library (include, lib, lib64, lib/<multiarch>) or a build where it was made. Of a library that
 * is there both shared and static, the shared one. False and a sentence that says what is missing, where it
 * was looked for, and what is there instead. */
bool prefix_look(struct prefix *prefix, const struct hints *hints, struct assay_error *error);

#endif
