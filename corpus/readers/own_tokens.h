/* Compact tokens as they are, one a line: alone, behind "Bearer", or as the header that carries them (RFC
 * 6750 2.1). What is trusted is said by options instead of a policy, and nothing is expected of a token. */
#ifndef ASSAY_CORPUS_READERS_OWN_TOKENS_H
#define ASSAY_CORPUS_READERS_OWN_TOKENS_H

#include "corpus/readers/own_trust.h"
#include "corpus/store/casebook.h"

/* Reads a file, a pipe, or with "-" standard input into an empty book. Lines that are blank or begin with '#'
 * are left out; a case is called by its line: "line-3". False and a sentence; what the book holds by then is
 * the caller's to free. */
bool own_tokens_read(const char *path, const struct own_trust *trust, struct casebook *book,
                     struct assay_error *error);

#endif
