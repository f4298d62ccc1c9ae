/* What a module of a build was made from, beside it in the cache: record.json, schema assay-build/1. Private
 * to this folder. */
#ifndef ASSAY_BUILDS_RECORD_H
#define ASSAY_BUILDS_RECORD_H

#include "harness/builds/prefix.h"

/* A module that was made, or is to be. */
struct build {
  const char *name; /* of the backend */
  const struct hints *hints;
  const struct prefix *prefix;
  char folder[4300];                             /* its own, in the cache */
  char module[4400], inputs[4400], record[4400]; /* files there */
  char compiler[256];
};

/* Whether the module is there and everything is as it was when it was made: the compiler, the flags, and by
 * their SHA-256 the module, the library, and every file that was read. *was_exchanged: there is one, of
 * another library file. */
bool record_holds(const struct build *build, bool *was_exchanged);

/* Writes the record of a module that was just made. False and a sentence where that fails; without a record
 * the module is none. */
bool record_write(const struct build *build, struct assay_error *error);

#endif
