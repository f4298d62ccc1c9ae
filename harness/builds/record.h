/* What a module of a build was made from, beside it in the cache: record.json, schema assay-build/1. Private
 * to this folder. */
#ifndef ASSAY_BUILDS_RECORD_H
#define ASSAY_BUILDS_RECORD_H

#include "harness/base/files/file_stamp.h"
#include "harness/builds/prefix.h"

/* A module that was made, or is to be. */
struct build {
  const char *name; /* of the backend */
  const struct hints *hints;
  struct prefix *prefix;
  char folder[4300];                             /* its own, in the cache */
  char making[4400];                             /* a folder in it, while the module is made */
  char module[4400], inputs[4500], record[4400]; /* files there; the inputs are among what is in the making */
  char compiler[1024];
  struct file_stamp module_stamp, library_stamp; /* of a module that is ready, and of its library */
};

/* Whether the module is there and everything is as it was when it was made: the compiler, the flags, the
 * module, the library, and every file that was read. Files are compared by their SHA-256, where the kernel
 * does not say that they are untouched. Then the stamps are set, and prefix->files[0].is_static.
 * *was_exchanged: there is one, of another library file. */
bool record_holds(struct build *build, bool *was_exchanged);

/* Writes the record of a module that was just made, and sets the stamps. False and a sentence where that
 * fails, and where it was made of headers of two builds; without a record the module is none. */
bool record_write(struct build *build, struct assay_error *error);

#endif
