/* A backend's file and a library, made into a module. Private to this folder. */
#ifndef ASSAY_BUILDS_COMPILE_H
#define ASSAY_BUILDS_COMPILE_H

#include "harness/builds/record.h"

/* A module finds its libraries in the folder that it lies in ($ORIGIN, ld.so(8)): under their SONAME, or else
 * in the folders that links of this name and a number lead to. No path of theirs is in it, which might have a
 * colon or a dollar sign, and nothing that anybody sets is looked at first. */
#define LIBRARY_FOLDER "library"

/* The first line of `cc --version`, of the compiler that $CC names, with its options behind it, or else that assay
 * itself was built with, or else cc. False and a sentence where there is none. */
bool compiler_version(char *line, size_t size, struct assay_error *error);

/* Compiles and links `module`, and writes to build->inputs (a make rule) which files it was made from; whatever
 * else a compiler leaves lies in build->making, and nothing that it started is left.
 * False and a sentence: what of the library does not fit, or else the compiler's first error. */
bool compile_module(const struct build *build, const char *module, struct assay_error *error);

/* Everything that decides what compile_module makes beside the files and the compiler's version. */
const char *compile_flags(void);

#endif
