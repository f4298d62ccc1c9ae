/* A backend's file and a library, made into a module. Private to this folder. */
#ifndef ASSAY_BUILDS_COMPILE_H
#define ASSAY_BUILDS_COMPILE_H

#include "harness/builds/prefix.h"

/* The first line of `cc --version`, of the compiler that $CC names, or else that assay itself was built with,
 * or else cc. False and a sentence where there is none. */
bool compiler_version(char *line, size_t size, struct assay_error *error);

/* Compiles and links `module`, and writes to `inputs` (a make rule) which files it was made from. name: of the backend, for the progress line.
 * False and a sentence: what of the library does not fit, or else the compiler's first error. */
bool compile_module(const char *name, const struct hints *hints, const struct prefix *prefix,
                    const char *module, const char *inputs, struct assay_error *error);

/* Everything that decides what compile_module makes beside the files and the compiler's version. */
const char *compile_flags(void);

#endif
