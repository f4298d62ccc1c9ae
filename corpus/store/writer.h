/* Puts a corpus on disk (the files are described in store.h): in a folder beside the final one, which then
 * gets its name in one step. Nobody ever sees half a corpus. */
#ifndef ASSAY_CORPUS_STORE_WRITER_H
#define ASSAY_CORPUS_STORE_WRITER_H

#include <signal.h>

#include "corpus/store/casebook.h"

/* folder: is made; an empty one, or one that holds an older corpus and nothing else, is replaced; anything
 * else is refused.
 * stop: looked at between files; when it is not 0, writing is given up. NULL: never.
 * False and a sentence; nothing is left behind then. */
bool corpus_write(struct casebook *book, const char *folder, unsigned threads,
                  const volatile sig_atomic_t *stop, struct assay_error *error);

#endif
