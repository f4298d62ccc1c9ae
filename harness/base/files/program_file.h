/* What belongs to the program that runs: its sibling programs, and the modules. */
#ifndef ASSAY_BASE_FILES_PROGRAM_FILE_H
#define ASSAY_BASE_FILES_PROGRAM_FILE_H

#include <stddef.h>

/* The path of a file or folder of assay's own: where a build puts it, beside the program or beside its
 * folder, or where it is installed, in lib/assay, since nobody starts it by hand. Where there is none such,
 * the last of these paths, for a message. name: "assay-worker", "modules/selftest/slower.so". */
void program_file(const char *name, char *path, size_t size);

#endif
