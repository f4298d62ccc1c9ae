/* Tokens for timing tests, made from the good HS256 tokens of a corpus: no secret is needed to spoil a MAC.
 */
#ifndef ASSAY_MEASUREMENTS_LEAK_TOKENS_H
#define ASSAY_MEASUREMENTS_LEAK_TOKENS_H

#include <stdio.h>

#include "corpus/store/store.h"
#include "harness/base/error.h"
#include "harness/measurements/leak.h"

/* Writes LEAK_CASES cases (assay check --cases), class by class, LEAK_TOKENS for each wrong MAC. False and a
 * sentence where the corpus has too few tokens to make them from. */
bool leak_tokens_write(const struct corpus *corpus, FILE *stream, struct assay_error *error);

#endif
