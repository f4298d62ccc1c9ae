/* Reading UTF-8, what of Unicode may be shown, and what is no text of ours at all. */
#include "harness/base/utf8.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Length of the sequence that a first byte announces and the smallest code point that needs so many bytes. */
static int sequence_length(unsigned char first, int32_t *smallest) {
  *smallest = first < 0xe0 ? 0x80 : first < 0xf0 ? 0x800 : 0x10000;
  return first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

int32_t utf8_next(const char **at) {
  const unsigned char *bytes = (const unsigned char *)*at;
  int32_t smallest;
  int length = sequence_length(bytes[0], &smallest);
  if (length == 1) {
    *at += bytes[0] != 0;
    return bytes[0];
  }
  int32_t c = bytes[0] & (0x7f >> length);
  for (int i = 1; i < length; i++) {
    if ((bytes[i] & 0xc0) != 0x80) {
      length = 0; /* also the end of the text, whose NUL continues nothing */
      break;
    }
    c = c << 6 | (bytes[i] & 0x3f);
  }
  bool valid = length > 0 && c >= smallest && c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);
  *at += valid ? length : 1;
  return valid ? c : -1;
}

bool utf8_is_safe(int32_t c) {
  /* Controls (C0, DEL, C1), soft hyphen, and the format characters of Unicode (category Cf, line separators):
   * zero-width, bidirectional, interlinear, tags. */
  static const struct {
    int32_t first, last;
  } unsafe[] = {
      {-1, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x600, 0x605},     {0x61c, 0x61c},
      {0x180e, 0x180e}, {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0xfeff, 0xfeff},
      {0xfff9, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
  };
  for (size_t i = 0; i < sizeof unsafe / sizeof unsafe[0]; i++)
    if (c >= unsafe[i].first && c <= unsafe[i].last)
      return false;
  return true;
}

void utf8_defuse(char *text) {
  const char *at = text;
  char *out = text;
  for (const char *start = at;; start = at) {
    int32_t c = utf8_next(&at);
    if (c == 0)
      break;
    if (!utf8_is_safe(c)) {
      *out++ = '?';
      continue;
    }
    memmove(out, start, (size_t)(at - start));
    out += at - start;
  }
  *out = '\0';
}

struct assay_bytes utf8_without_mark(struct assay_bytes text) {
  bool has = text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0;
  return has ? bytes_of(text.ptr + 3, text.len - 3) : text;
}

bool utf8_is_valid(const char *text) {
  int32_t c;
  while ((c = utf8_next(&text)) > 0)
    ;
  return c == 0;
}

/* ---- something else ---- */

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
