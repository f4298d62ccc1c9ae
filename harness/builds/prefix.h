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
                [4400]; /* files, absolute and without links; "": that one is the system's */
  struct library_file files[HINT_LIBRARIES_MAX]; /* what these files tell, once prefix_check has read them */
};

/* An installed library (include, lib, lib64, lib/<multiarch>) or a build where it was made. Of a library that
 * is there both shared and static, the shared one. False and a sentence that says what is missing, where it
 * was looked for, and what is there instead. */
bool prefix_look(struct prefix *prefix, const struct hints *hints, struct assay_error *error);

/* Whether a header lies in one of the include folders. */
bool prefix_has_header(const struct prefix *prefix, const char *header);

/* Reads the libraries that were found. False and a sentence where a module cannot be linked with one, or its
 * times would say nothing. */
bool prefix_check(struct prefix *prefix, struct assay_error *error);

#endif
