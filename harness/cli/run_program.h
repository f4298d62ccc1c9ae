/* Running a sibling or system program and reading what it prints. */
#ifndef ASSAY_CLI_RUN_PROGRAM_H
#define ASSAY_CLI_RUN_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* argv[0] is looked up in PATH unless it has a slash; stderr goes where ours goes unless `quiet`. Returns the
 * exit status, 128 + signal, or -1 where it could not be started. out: NUL-terminated, cut off at size; NULL:
 * stdout goes where ours goes. */
int program_run(char *const *argv, char *out, size_t size, bool quiet);

/* The full path of a program beside this one. */
void program_sibling(const char *name, char *path, size_t size);

#endif
