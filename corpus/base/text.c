/* Growing runs of bytes, with the few edits that mutations need. */
#include "corpus/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/base/fatal.h"
#include "harness/base/text/base64.h"

static void reserve(struct text *text, size_t more) {
  if (more <= text->capacity - text->len)
    return;
  size_t capacity = text->capacity ? text->capacity : 256;
  while (capacity - text->len < more)
    capacity *= 2;
  text->ptr = must(realloc(text->ptr, capacity));
  text->capacity = capacity;
}

void text_clear(struct text *text) {
  text->len = 0;
}

void text_free(struct text *text) {
  free(text->ptr);
  *text = (struct text){0};
}

void text_add(struct text *text, const void *bytes, size_t len) {
  if (len == 0)
    return;
  reserve(text, len);
  memcpy(text->ptr + text->len, bytes, len);
  text->len += len;
}

void text_add_str(struct text *text, const char *s) {
  text_add(text, s, strlen(s));
}

void text_addf(struct text *text, const char *format, ...) {
  va_list args;
  va_start(args, format);
  char *line = NULL;
  int len = vasprintf(&line, format, args);
  va_end(args);
  if (len < 0)
    fatal("no memory");
  text_add(text, line, (size_t)len);
  free(line);
}

void text_set(struct text *text, const void *bytes, size_t len) {
  text_clear(text);
  text_add(text, bytes, len);
}

void text_set_str(struct text *text, const char *s) {
  text_set(text, s, strlen(s));
}

void text_add_b64url(struct text *text, const void *bytes, size_t len) {
  size_t chars = base64url_encoded_chars(len);
  reserve(text, chars);
  base64url_encode(bytes_of(bytes, len), (char *)text->ptr + text->len);
  text->len += chars;
}

void text_replace(struct text *text, const char *old, const void *bytes, size_t len) {
  const uint8_t *found = text->len ? memmem(text->ptr, text->len, old, strlen(old)) : NULL;
  if (!found)
    fatal("a mutation wants to replace '%s' and there is none in its text", old);
  size_t at = (size_t)(found - text->ptr);
  text_erase(text, at, strlen(old));
  text_insert(text, at, bytes, len);
}

void text_insert(struct text *text, size_t at, const void *bytes, size_t len) {
  if (at > text->len)
    fatal("a mutation inserts at %zu of a text of %zu bytes", at, text->len);
  if (len == 0)
    return;
  reserve(text, len);
  memmove(text->ptr + at + len, text->ptr + at, text->len - at);
  memcpy(text->ptr + at, bytes, len);
  text->len += len;
}

void text_erase(struct text *text, size_t at, size_t len) {
  if (at > text->len || len > text->len - at)
    fatal("a mutation erases %zu bytes at %zu of a text of %zu bytes", len, at, text->len);
  if (len == 0)
    return;
  memmove(text->ptr + at, text->ptr + at + len, text->len - at - len);
  text->len -= len;
}
