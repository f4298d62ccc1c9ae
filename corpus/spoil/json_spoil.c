/* Surgery on JSON texts; see json_spoil.h. */
#include "corpus/spoil/json_spoil.h"

#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"

void json_text_add(struct text *json, bool first, const char *member) {
  OWNED_BYTES struct text piece = {0};
  text_addf(&piece, first ? "%s," : ",%s", member);
  text_insert(json, first ? 1 : json->len - 1, piece.ptr, piece.len);
}

void spoil_member(struct draft *draft, struct text *json) {
  json_text_add(json, draft->index % 2 == 0, draft->row_text);
}

void spoil_member_first(struct draft *draft, struct text *json) {
  json_text_add(json, true, draft->row_text);
}

void spoil_member_last(struct draft *draft, struct text *json) {
  json_text_add(json, false, draft->row_text);
}

static void text_take(struct text *to, struct text *from) {
  text_free(to);
  *to = *from;
}

void spoil_around(struct draft *draft, struct text *json) {
  struct text out = {0};
  for (const char *c = draft->row_text; *c; c++) {
    if (*c == '@')
      text_add(&out, json->ptr, json->len);
    else
      text_add(&out, c, 1);
  }
  text_take(json, &out);
}

void spoil_quoted(struct draft *draft, struct text *json) {
  (void)draft;
  json_t *string = must(json_stringn((const char *)json->ptr, json->len));
  char *quoted = must(json_dumps(string, JSON_COMPACT | JSON_ENCODE_ANY));
  text_set_str(json, quoted);
  free(quoted);
  json_decref(string);
}

static bool is_continuation(uint8_t byte) {
  return (byte & 0xc0) == 0x80;
}

void spoil_truncated(struct draft *draft, struct text *json) {
  size_t at = 1 + rng_below(&draft->rng, (uint32_t)json->len - 1);
  while (is_continuation(json->ptr[at]))
    at--;
  json->len = at;
}

void spoil_garbage(struct draft *draft, struct text *json) {
  static const char first[] = "abcdeghijklmopqrsuvwxyz<>=;&#%*()";
  static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789=;&<>(){}[]\":, ";
  char line[64];
  size_t len = 16 + rng_below(&draft->rng, sizeof line - 16);
  line[0] = first[rng_below(&draft->rng, sizeof first - 1)];
  for (size_t i = 1; i < len; i++)
    line[i] = rest[rng_below(&draft->rng, sizeof rest - 1)];
  text_set(json, line, len);
}

void spoil_raw_nul(struct draft *draft, struct text *json) {
  json_text_add(json, draft->index % 2 == 0, "\"note\":\"before@after\"");
  text_replace(json, "before@after", "before\0after", strlen("before@after"));
}

void spoil_nul_behind(struct draft *draft, struct text *json) {
  (void)draft;
  text_add(json, "", 1);
}

/* ---- UTF-16 and UTF-32 ---- */

static uint32_t utf8_next(const struct text *text, size_t *at) {
  uint8_t lead = text->ptr[(*at)++];
  int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  uint32_t point = more == 0 ? lead : lead & (0x3fu >> more);
  while (more-- > 0 && *at < text->len)
    point = point << 6 | (text->ptr[(*at)++] & 0x3f);
  return point;
}

static void unit_add(struct text *out, uint32_t unit, size_t octets, bool little) {
  for (size_t i = 0; i < octets; i++) {
    size_t shift = 8 * (little ? i : octets - 1 - i);
    uint8_t octet = (uint8_t)(unit >> shift);
    text_add(out, &octet, 1);
  }
}

void spoil_utf(struct draft *draft, struct text *json) {
  size_t octets = (size_t)draft->row_number / 8;
  bool little = draft->row_text[0] == 'l';
  struct text out = {0};
  if (strstr(draft->row_text, "bom"))
    unit_add(&out, 0xfeff, octets, little);
  for (size_t at = 0; at < json->len;) {
    uint32_t point = utf8_next(json, &at);
    bool pair = octets == 2 && point > 0xffff;
    if (pair)
      unit_add(&out, 0xd800 + ((point - 0x10000) >> 10), octets, little);
    unit_add(&out, pair ? 0xdc00 + (point & 0x3ff) : point, octets, little);
  }
  text_take(json, &out);
}

/* ---- depth and names ---- */

void spoil_deep(struct draft *draft, struct text *json) {
  bool objects = draft->row_text[0] == '{', open = draft->row_text[1] == '.';
  OWNED_BYTES struct text member = {0};
  text_add_str(&member, "\"nest\":");
  int64_t levels = draft->row_number - 1; /* the outer object is the first */
  for (int64_t i = 0; i < levels; i++)
    text_add_str(&member, objects ? "{\"a\":" : "[");
  text_add_str(&member, objects ? "0" : "");
  for (int64_t i = 0; i < levels && !open; i++)
    text_add_str(&member, objects ? "}" : "]");
  text_add(&member, "", 1);
  json_text_add(json, !open && draft->index % 2 == 0, (const char *)member.ptr);
  if (open)
    json->len--; /* the outer object's brace would close an array */
}

void spoil_escaped_name(struct draft *draft, struct text *json) {
  char plain[64], escaped[64];
  snprintf(plain, sizeof plain, "\"%s\":", draft->row_text);
  int len = snprintf(escaped, sizeof escaped, "\"\\u%04x%s\":", (unsigned char)draft->row_text[0],
                     draft->row_text + 1);
  text_replace(json, plain, escaped, (size_t)len);
}
