/* PEM (RFC 7468): finds the blocks in a text and decodes them. Text around the blocks
 * is nobody's business. */
#ifndef ASSAY_CORPUS_READERS_KEY_PEM_H
#define ASSAY_CORPUS_READERS_KEY_PEM_H

#include <jansson.h>

#include "harness/base/bytes.h"
#include "harness/base/error.h"

/* Is there a BEGIN line in it? */
bool key_pem_begins(struct assay_bytes text);

/* Appends the JWKs of all public keys and certificates in the text to the array `keys`. kid: of the only key;
 * NULL for none. False, and a sentence that goes on after "FILE:LINE: " with *line: a block of another kind,
 * a private key above all, is refused by name, and never quoted. */
bool key_pem_add(struct assay_bytes text, const char *kid, json_t *keys, size_t *line,
                 struct assay_error *error);

#endif
