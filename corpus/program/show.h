/* Explains one class of the taxonomy to a person, with an example. */
#ifndef ASSAY_CORPUS_PROGRAM_SHOW_H
#define ASSAY_CORPUS_PROGRAM_SHOW_H

#include "harness/base/text/names.h"

/* The classes that there are to show. */
word_list class_word;

/* Prints on stdout: group, mutation, reference, algorithms, whether it is pinned, every variant with its
 * verdict, and one token of the first variant, decoded. At most 100 columns; what a terminal could take for a
 * command comes out as \xNN. id:     "exp-past", or with its group as `classes` prints it,
 * "registered-claims/exp-past". folder: a corpus to take the token from; NULL: one is generated. json:   one
 * JSON object instead. False and a sentence where there is no such class, or no token of it in the corpus. */
bool class_show(const char *id, const char *folder, bool json, struct assay_error *error);

#endif
