/* Builds as data: NAME@PREFIX is a backend compiled against the headers of a library that is installed under
 * PREFIX, and linked with that library and no other. The module is kept in the cache with a record of what it
 * was made from, and made again as soon as any of that has changed. */
#ifndef ASSAY_BUILDS_BUILD_H
#define ASSAY_BUILDS_BUILD_H

#include "harness/base/error.h"
#include "harness/subject/subject_identity.h"
#include "harness/subject/subject_spec.h"

/* Finds or makes the module of a backend that was named with a prefix, and completes its spec: `module`,
 * `library` and what has to hold of them when a worker loads it. Others are left as they are. A module is
 * made in a second or two, with a word on the progress line. False and a sentence, without the subject's
 * label, that names what is missing or does not fit under the prefix. Host's main thread. */
bool build_prepare(struct subject_spec *spec, struct assay_error *error);

/* Adds to what an opened build says of itself what PREFIX/assay-build.txt says of it, if that is no older than
 * the library: facts whose source is `record`. */
void build_tell_origin(const struct subject_spec *spec, struct subject_identity *identity);

/* Of a module that comes with assay and an opened subject: where LD_LIBRARY_PATH leads to another file of its
 * library, a sentence that this one is measured all the same; else "". */
void build_tell_passed_over(const struct subject_spec *spec, const struct subject_identity *identity,
                            char *text, size_t size);

/* Whether the build of a spec may get that name: not one of a module, or of another build that has it. */
bool build_label_is_fit(const struct subject_spec *spec, const char *label, struct assay_error *error);
/* Gives it such a name, which every command takes for a subject from then on. */
bool build_label(const struct subject_spec *spec, const char *label, struct assay_error *error);
/* Takes such a name away again. */
bool build_forget(const char *label, struct assay_error *error);

#endif
