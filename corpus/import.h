/* Brings cases that somebody wrote (case_line.h) into a casebook. */
#ifndef ASSAY_CORPUS_IMPORT_H
#define ASSAY_CORPUS_IMPORT_H

#include "corpus/casebook.h"

/* Reads a file of case lines into an empty book.
 * path:    one case a line; blank lines are passed over.
 * policy:  the default policy's file; NULL: policy.yaml beside `path`, if there is one. The key sets that it
 * names stand where its relative `keys` paths say, within its own folder. Returns: true, or false and a
 * sentence "<path>:<line>:<column>: what is wrong"; the book is empty again then. */
bool import_cases(const char *path, const char *policy, struct casebook *book, struct assay_error *error);

#endif
