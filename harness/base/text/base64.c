/* One encoder for both alphabets. */
#include "harness/base/text/base64.h"

#include <stdlib.h>

/* Returns the end of what it wrote. */
static char *encode(struct assay_bytes bytes, const char *alphabet, char *out) {
  uint32_t held = 0;
  unsigned bits = 0;
  for (size_t i = 0; i < bytes.len; i++) {
    held = held << 8 | bytes.ptr[i];
    for (bits += 8; bits >= 6; bits -= 6)
      *out++ = alphabet[held >> (bits - 6) & 63];
  }
  if (bits)
    *out++ = alphabet[held << (6 - bits) & 63];
  return out;
}

void base64url_encode(struct assay_bytes bytes, char *out) {
  encode(bytes, BASE64URL_ALPHABET, out);
}

char *base64_text(struct assay_bytes bytes) {
  char *text = malloc((bytes.len + 2) / 3 * 4 + 1);
  if (!text)
    return NULL;
  char *end = encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", text);
  while ((end - text) % 4)
    *end++ = '=';
  *end = '\0';
  return text;
}
