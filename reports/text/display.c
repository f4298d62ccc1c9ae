/* Text made fit to be shown, display columns and shell words. */
#include "reports/text/display.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "reports/text/allocate.h"

/* Copies a text; what `replace` names for a code point stands in its place, NULL keeps it. */
static char *translate(const char *text, const char *(*replace)(int32_t)) {
  char *out = allocated(malloc(3 * strlen(text) + 1)), *end = out;
  for (const char *at = text, *start = text;; start = at) {
    int32_t c = utf8_next(&at);
    if (c == 0)
      break;
    const char *instead = replace(c);
    size_t length = instead ? strlen(instead) : (size_t)(at - start);
    memcpy(end, instead ? instead : start, length);
    end += length;
  }
  *end = '\0';
  return out;
}

static const char *replace_bad(int32_t c) {
  return c < 0 ? "\xef\xbf\xbd" : NULL;
}

char *utf8_repair(const char *text) {
  return translate(text, replace_bad);
}

static const char *replace_unsafe(int32_t c) {
  if (c == '\n' || c == '\r' || c == '\t')
    return " ";
  return utf8_is_safe(c) ? NULL : "?";
}

char *display_clean(const char *text) {
  return translate(text, replace_unsafe);
}

/* The C library knows how many columns a character takes (Unicode annex 11), in a locale that is part of
 * Debian's; without it each is taken for one. */
static size_t character_width(int32_t c) {
  static locale_t utf8;
  if (c < 0x300) /* and bad bytes */
    return 1;
  if (!utf8)
    utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
  int width = utf8 ? wcwidth((wchar_t)c) : 1;
  if (utf8)
    uselocale(before);
  return width < 0 ? 1 : (size_t)width;
}

size_t display_width(const char *text) {
  size_t width = 0;
  for (int32_t c; (c = utf8_next(&text)) != 0;)
    width += character_width(c);
  return width;
}

size_t display_prefix(const char *text, size_t width) {
  const char *at = text;
  for (size_t used = 0; *at;) {
    const char *next = at;
    used += character_width(utf8_next(&next));
    if (used > width && at != text)
      break;
    at = next;
    if (used > width)
      break;
  }
  return (size_t)(at - text);
}

char *display_cut(const char *text, size_t width) {
  if (display_width(text) <= width)
    return allocate_copy(text);
  if (width < 3)
    return allocate_format("%.*s", (int)width, "...");
  size_t kept = width > 3 ? display_prefix(text, width - 3) : 0;
  while (kept > 0 && text[kept - 1] == ' ')
    kept--;
  char *out = allocate_format("%.*s...", (int)kept, text);
  if (display_width(out) > width) /* its first character is wide and alone too much */
    strcpy(out, "...");
  return out;
}

static bool is_plain_word(const char *text) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@+,=-%";
  return text[0] && text[strspn(text, plain)] == '\0';
}

/* In $'...', which bash, zsh, ksh and POSIX 2024 read, every byte can be written in ASCII. */
static char *quote_bytes(const char *text) {
  static const char digits[] = "01234567";
  char *out = allocated(malloc(4 * strlen(text) + 4)), *end = out;
  *end++ = '$';
  *end++ = '\'';
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (c < 0x20 || c >= 0x7f) {
      *end++ = '\\';
      *end++ = digits[c >> 6];
      *end++ = digits[c >> 3 & 7];
      *end++ = digits[c & 7];
      continue;
    }
    if (c == '\'' || c == '\\')
      *end++ = '\\';
    *end++ = (char)c;
  }
  *end++ = '\'';
  *end = '\0';
  return out;
}

char *shell_quote(const char *argument) {
  if (is_plain_word(argument))
    return allocate_copy(argument);
  for (const char *at = argument; *at; at++)
    if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7f || *at == '\'')
      return quote_bytes(argument);
  return allocate_format("'%s'", argument);
}
