/* The help of assay-corpus. */
#ifndef ASSAY_CORPUS_PROGRAM_USAGE_H
#define ASSAY_CORPUS_PROGRAM_USAGE_H

#include <stdbool.h>
#include <stdio.h>

void usage_print(FILE *stream);
/* Of one command; false where there is none of that name. */
bool usage_print_command(FILE *stream, const char *name);

#endif
