/* Reads leniently: what cannot be read is the pipeline's to refuse. */
#include "corpus/readers/token_json.h"

#include <nettle/base64.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"

#define CHARS_MAX ((size_t)1 << 20)

/* The characters of a part; len 0 where there is none. */
static struct assay_bytes part_of(struct assay_bytes token, unsigned part) {
  const uint8_t *at = token.ptr, *end = token.ptr + token.len;
  for (;; part--) {
    const uint8_t *dot = at < end ? memchr(at, '.', (size_t)(end - at)) : NULL;
    if (!dot || part == 0)
      return dot ? bytes_of(at, (size_t)(dot - at)) : bytes_of("", 0);
    at = dot + 1;
  }
}

json_t *token_json(struct assay_bytes token, unsigned part) {
  struct assay_bytes coded = part_of(token, part);
  struct base64_decode_ctx decoder;
  size_t len = BASE64_DECODE_LENGTH(coded.len);
  if (coded.len == 0 || coded.len > CHARS_MAX)
    return NULL;
  uint8_t *octets = must(malloc(len + 1));
  base64url_decode_init(&decoder);
  bool ok = base64_decode_update(&decoder, &len, octets, coded.len, (const char *)coded.ptr) == 1;
  json_t *json = ok ? json_loadb((const char *)octets, len, 0, NULL) : NULL;
  free(octets);
  return json;
}

const char *token_json_text(const json_t *object, const char *name) {
  return json_string_value(json_object_get(object, name));
}
