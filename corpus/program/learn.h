/* Learning a profile from real tokens: they come in one by one, and only sums are kept. */
#ifndef ASSAY_CORPUS_PROGRAM_LEARN_H
#define ASSAY_CORPUS_PROGRAM_LEARN_H

#include <stdio.h>

#include "corpus/make/learned.h"
#include "harness/base/bytes.h"

struct learning;

/* Draws the salt; NULL and a sentence where the system gives none. */
struct learning *learning_open(struct assay_error *error);
void learning_close(struct learning *learning);
/* Takes in one token in compact form; what is none is counted and forgotten. */
void learning_take(struct learning *learning, struct assay_bytes token);
/* Every line of a stream: the line is the token, "Bearer " before it is left out; or with a pattern (POSIX
 * extended) every match's first group. False and a sentence: a pattern that cannot be used, a stream that
 * cannot be read. name: what messages call the stream. */
bool learning_read(struct learning *learning, FILE *stream, const char *name, const char *pattern,
                   struct assay_error *error);
/* The profile, or NULL and a sentence where there was no token at all. New reference. */
json_t *learning_profile(const struct learning *learning, struct assay_error *error);

/* All of it: reads a file ("-": standard input), writes the profile to `out` (NULL: standard output). */
bool learn_file(const char *path, const char *pattern, const char *out, struct assay_error *error);

#endif
