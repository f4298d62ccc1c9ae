/* By the first octets; see foreign_text.h. */
#include "corpus/foreign/foreign_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define HTML "an HTML page: perhaps the page of an error or of a sign-in"
#define UTF16 "text in UTF-16: save it as UTF-8"

static bool begins(struct assay_bytes text, const char *word) {
  size_t len = strlen(word);
  return text.len >= len && strncasecmp((const char *)text.ptr, word, len) == 0;
}

static bool holds(struct assay_bytes text, const char *word) {
  size_t len = strlen(word), first = text.len < 1024 ? text.len : 1024;
  for (size_t i = 0; i + len <= first; i++)
    if (strncasecmp((const char *)text.ptr + i, word, len) == 0)
      return true;
  return false;
}

static const char *markup(struct assay_bytes text) {
  bool tag = text.len > 1 && text.ptr[0] == '<' && (isalpha(text.ptr[1]) || memchr("!?", text.ptr[1], 2));
  if (!tag)
    return NULL;
  return begins(text, "<!doctype html") || holds(text, "<html") ? HTML : "an XML document";
}

/* Also without its mark: an ASCII character beside a NUL. */
static bool is_utf16(struct assay_bytes text) {
  return begins(text, "\xff\xfe") || begins(text, "\xfe\xff") ||
         (text.len > 3 && !text.ptr[0] != !text.ptr[1] && !text.ptr[2] == !text.ptr[0] &&
          !text.ptr[3] == !text.ptr[1]);
}

const char *foreign_text(struct assay_bytes text) {
  if (is_utf16(text))
    return UTF16;
  if (begins(text, "\x1f\x8b"))
    return "compressed data: `gunzip` opens it";
  if (begins(text, "PK\x03\x04"))
    return "a ZIP archive";
  return markup(text);
}
