/* Base64 written (RFC 4648). What a token has of it is read by pipeline/json/base64url.h. */
#ifndef ASSAY_BASE_TEXT_BASE64_H
#define ASSAY_BASE_TEXT_BASE64_H

#include "harness/base/bytes.h"

/* Every character by its value (RFC 4648 5). */
#define BASE64URL_ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* Characters that so many bytes encode to, without padding. */
static inline size_t base64url_encoded_chars(size_t bytes) {
  return bytes / 3 * 4 + (bytes % 3 ? bytes % 3 + 1 : 0);
}

/* Encodes bytes into base64url_encoded_chars(bytes.len) characters (RFC 7515 2); nothing is written behind
 * them. Off the hot path: plain. */
void base64url_encode(struct assay_bytes bytes, char *out);

/* The other alphabet, with padding (RFC 4648 4). free() it; NULL: no memory. */
char *base64_text(struct assay_bytes bytes);

#endif
