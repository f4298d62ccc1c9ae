/* The JSON of a compact token that nobody has verified. */
#ifndef ASSAY_CORPUS_READERS_TOKEN_JSON_H
#define ASSAY_CORPUS_READERS_TOKEN_JSON_H

#include <jansson.h>

#include "harness/base/bytes.h"

/* The object in a part of a compact token, 0 the header and 1 the claims; NULL where none can be
 * read. New reference. */
json_t *token_json(struct assay_bytes token, unsigned part);
/* A member that is a string, or NULL. */
const char *token_json_text(const json_t *object, const char *name);

#endif
