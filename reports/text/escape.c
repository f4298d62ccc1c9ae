/* XML, CSV, label, percent and base64 escapes. */
#include "reports/text/escape.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"
#include "reports/text/display.h"

static const char *xml_entity(char c) {
  switch (c) {
  case '&': return "&amp;";
  case '<': return "&lt;";
  case '>': return "&gt;";
  case '"': return "&quot;";
  case '\'': return "&apos;";
  default: return NULL;
  }
}

/* U+FFFE and U+FFFF are no characters of XML (XML 1.0 2.2). */
static bool is_xml_gap(const char *at) {
  return strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0;
}

void put_xml(FILE *stream, const char *text) {
  OWNED_TEXT char *clean = display_clean(text);
  for (const char *at = clean; *at; at++) {
    const char *entity = xml_entity(*at);
    if (entity) {
      fputs(entity, stream);
    } else if (is_xml_gap(at)) {
      fputc('?', stream);
      at += 2;
    } else {
      fputc(*at, stream);
    }
  }
}

/* A spreadsheet takes a text for a formula by its first character; a negative number is none. */
static bool is_formula(const char *text) {
  char *end;
  strtod(text, &end);
  return text[0] && strchr("=+-@", text[0]) && text[1] && *end;
}

void put_csv(FILE *stream, const char *text) {
  OWNED_TEXT char *clean = display_clean(text);
  const char *guard = is_formula(clean) ? "'" : "";
  if (!strpbrk(clean, ",\";") && clean[0] != ' ') {
    fprintf(stream, "%s%s", guard, clean);
  } else {
    fprintf(stream, "\"%s", guard);
    for (const char *at = clean; *at; at++)
      fprintf(stream, *at == '"' ? "%c\"" : "%c", *at);
    fputc('"', stream);
  }
}

void put_label(FILE *stream, const char *text) {
  OWNED_TEXT char *clean = display_clean(text);
  for (const char *at = clean; *at; at++) {
    if (*at == '"' || *at == '\\')
      fputc('\\', stream);
    fputc(*at, stream);
  }
}

char *percent_encode(const char *text, const char *kept) {
  static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  static const char digits[] = "0123456789ABCDEF";
  OWNED_TEXT char *valid = utf8_repair(text);
  char *out = allocated(malloc(3 * strlen(valid) + 1)), *end = out;
  for (const char *at = valid; *at; at++) {
    unsigned char c = (unsigned char)*at;
    if (strchr(unreserved, c) || strchr(kept, c)) {
      *end++ = (char)c;
      continue;
    }
    *end++ = '%';
    *end++ = digits[c >> 4];
    *end++ = digits[c & 15];
  }
  *end = '\0';
  return out;
}
