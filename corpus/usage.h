/* The help of assay-corpus. */
#ifndef ASSAY_CORPUS_USAGE_H
#define ASSAY_CORPUS_USAGE_H

#include <stdio.h>

void usage_print(FILE *stream);

#endif
