/* JSON the slow way: from left to right, one byte at a time, stopping at the first fault. */
#include "tests/reference/json_tree.h"

#include <jansson.h>
#include <stdio.h>

struct reader {
  struct scrap *scrap;
  const uint8_t *at, *begin, *end;
  size_t max_depth, max_members;
  enum tree_fault fault;
  bool jansson_differs; /* a number that doubles cannot hold, a NUL in a name: RFC 8259 allows both */
};

static struct tree *read_value(struct reader *reader, size_t depth);

/* ---- UTF-8 (RFC 3629 4) ---- */

static bool is_tail(const uint8_t *at, const uint8_t *end, uint8_t low, uint8_t high) {
  return at < end && *at >= low && *at <= high;
}

/* The length of the character at `at`; 0 where it is ill-formed. */
static size_t utf8_length(const uint8_t *at, const uint8_t *end) {
  uint8_t lead = *at, low = 0x80, high = 0xbf;
  size_t length = lead < 0x80 ? 1 : lead >= 0xc2 && lead <= 0xdf ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef)
    length = 3;
  if (lead >= 0xf0 && lead <= 0xf4)
    length = 4;
  if (lead == 0xe0)
    low = 0xa0; /* or it were overlong */
  if (lead == 0xed)
    high = 0x9f; /* or it were a surrogate */
  if (lead == 0xf0)
    low = 0x90;
  if (lead == 0xf4)
    high = 0x8f; /* or it were above U+10FFFF */
  if (length > 1 && !is_tail(at + 1, end, low, high))
    return 0;
  for (size_t i = 2; i < length; i++)
    if (!is_tail(at + i, end, 0x80, 0xbf))
      return 0;
  return length;
}

static size_t utf8_write(uint32_t code, uint8_t *out) {
  if (code < 0x80) {
    out[0] = (uint8_t)code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = (uint8_t)(0xc0 | code >> 6);
    out[1] = (uint8_t)(0x80 | (code & 0x3f));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = (uint8_t)(0xe0 | code >> 12);
    out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
    out[2] = (uint8_t)(0x80 | (code & 0x3f));
    return 3;
  }
  out[0] = (uint8_t)(0xf0 | code >> 18);
  out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
  out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
  out[3] = (uint8_t)(0x80 | (code & 0x3f));
  return 4;
}

/* ---- faults ---- */

static void *fail(struct reader *reader, enum tree_fault fault) {
  reader->fault = fault;
  return NULL;
}

/* Something else should stand here. What is no character at all is a fault of UTF-8 and not of syntax. */
static void *fail_here(struct reader *reader, enum tree_fault fault) {
  bool ill_formed = reader->at < reader->end && utf8_length(reader->at, reader->end) == 0;
  return fail(reader, ill_formed ? TREE_UTF8 : fault);
}

static void skip_space(struct reader *reader) {
  while (reader->at < reader->end &&
         (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' || *reader->at == '\r'))
    reader->at++;
}

static bool next_is(const struct reader *reader, char c) {
  return reader->at < reader->end && *reader->at == (uint8_t)c;
}

static bool take(struct reader *reader, char c) {
  if (!next_is(reader, c))
    return false;
  reader->at++;
  return true;
}

/* ---- strings (RFC 8259 7) ---- */

static int hex_digit(uint8_t c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/* Four hexadecimal digits; -1 where there are fewer, and then the reader stands at what is none. */
static int32_t take_hex4(struct reader *reader) {
  int32_t code = 0;
  for (int i = 0; i < 4; i++) {
    int digit = reader->at < reader->end ? hex_digit(*reader->at) : -1;
    if (digit < 0)
      return -1;
    code = code * 16 + digit;
    reader->at++;
  }
  return code;
}

/* After a high surrogate a low one must follow at once; -1 where it does not. */
static int32_t take_low_surrogate(struct reader *reader) {
  if (!take(reader, '\\') || !take(reader, 'u'))
    return -1;
  int32_t code = take_hex4(reader);
  return code >= 0xdc00 && code <= 0xdfff ? code : -1;
}

/* What follows \u, as a character; false and a fault. A lone surrogate's fault is at its own backslash, so
 * nothing after it can come first. */
static bool take_unicode(struct reader *reader, uint32_t *code) {
  int32_t high = take_hex4(reader);
  if (high < 0)
    return fail_here(reader, TREE_SYNTAX);
  *code = (uint32_t)high;
  if (high < 0xd800 || high > 0xdfff)
    return true;
  int32_t low = high <= 0xdbff ? take_low_surrogate(reader) : -1;
  if (low < 0)
    return fail(reader, TREE_SURROGATE);
  *code = 0x10000 + (((uint32_t)high - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
  return true;
}

/* What follows a backslash. */
static bool take_escape(struct reader *reader, uint32_t *code) {
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  if (take(reader, 'u'))
    return take_unicode(reader, code);
  const char *letter = reader->at < reader->end && *reader->at ? strchr(letters, (char)*reader->at) : NULL;
  if (!letter)
    return fail_here(reader, TREE_SYNTAX);
  *code = (uint8_t)meanings[letter - letters];
  reader->at++;
  return true;
}

/* The reader stands after the opening quote. */
static bool take_string(struct reader *reader, struct assay_bytes *string) {
  uint8_t *out = scrap_take(reader->scrap, (size_t)(reader->end - reader->at) + 4);
  size_t used = 0;
  while (!take(reader, '"')) {
    if (reader->at == reader->end || *reader->at < 0x20)
      return fail(reader, TREE_SYNTAX);
    if (take(reader, '\\')) {
      uint32_t code = 0;
      if (!take_escape(reader, &code))
        return false;
      used += utf8_write(code, out + used);
      continue;
    }
    size_t length = utf8_length(reader->at, reader->end);
    if (length == 0)
      return fail(reader, TREE_UTF8);
    memcpy(out + used, reader->at, length);
    used += length;
    reader->at += length;
  }
  *string = bytes_of(out, used);
  return true;
}

/* ---- values ---- */

static struct tree *new_tree(struct reader *reader, enum tree_kind kind) {
  struct tree *tree = scrap_take(reader->scrap, sizeof *tree);
  tree->kind = kind;
  return tree;
}

static struct tree *read_word(struct reader *reader, const char *word, enum tree_kind kind) {
  for (; *word; word++)
    if (!take(reader, *word))
      return fail_here(reader, TREE_SYNTAX);
  return new_tree(reader, kind);
}

static bool take_digits(struct reader *reader) {
  const uint8_t *begin = reader->at;
  while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
    reader->at++;
  return reader->at > begin;
}

/* RFC 8259 6 */
static struct tree *read_number(struct reader *reader) {
  const uint8_t *begin = reader->at;
  take(reader, '-');
  if (!take(reader, '0') && !take_digits(reader))
    return fail_here(reader, TREE_SYNTAX);
  if (take(reader, '.') && !take_digits(reader))
    return fail_here(reader, TREE_SYNTAX);
  if (take(reader, 'e') || take(reader, 'E')) {
    if (!take(reader, '+'))
      take(reader, '-');
    if (!take_digits(reader))
      return fail_here(reader, TREE_SYNTAX);
  }
  struct tree *tree = new_tree(reader, TREE_NUMBER);
  size_t length = (size_t)(reader->at - begin);
  char *copy = scrap_take(reader->scrap, length);
  tree->text = bytes_of(memcpy(copy, begin, length), length);
  double value = strtod(copy, NULL);
  reader->jansson_differs |= value > 1e308 || value < -1e308;
  return tree;
}

/* Room for twice as many whenever the count is a power of two. */
static void append(struct reader *reader, struct tree *tree, struct assay_bytes name, struct tree *item) {
  if ((tree->count & (tree->count - 1)) == 0) {
    struct assay_bytes *names = scrap_take(reader->scrap, (2 * tree->count + 1) * sizeof *names);
    struct tree **items = scrap_take(reader->scrap, (2 * tree->count + 1) * sizeof(struct tree *));
    if (tree->count) {
      memcpy(names, tree->names, tree->count * sizeof *names);
      memcpy(items, tree->items, tree->count * sizeof(struct tree *));
    }
    tree->names = names;
    tree->items = items;
  }
  tree->names[tree->count] = name;
  tree->items[tree->count++] = item;
}

static struct tree *read_array(struct reader *reader, size_t depth) {
  struct tree *tree = new_tree(reader, TREE_ARRAY);
  reader->at++;
  skip_space(reader);
  if (take(reader, ']'))
    return tree;
  do {
    struct tree *item = read_value(reader, depth);
    if (!item)
      return NULL;
    append(reader, tree, bytes_of(NULL, 0), item);
    skip_space(reader);
  } while (take(reader, ','));
  return take(reader, ']') ? tree : fail_here(reader, TREE_SYNTAX);
}

/* A name and its colon. The reader stands at the name's opening quote: where there is one member too many, or
 * a name for the second time, the fault is there. */
static bool take_name(struct reader *reader, const struct tree *object, struct assay_bytes *name) {
  if (!next_is(reader, '"'))
    return fail_here(reader, TREE_SYNTAX);
  if (object->count == reader->max_members)
    return fail(reader, TREE_MEMBERS);
  reader->at++;
  if (!take_string(reader, name))
    return false;
  if (tree_member_bytes(object, *name))
    return fail(reader, TREE_DUPLICATE);
  reader->jansson_differs |= memchr(name->ptr, 0, name->len + 1) != name->ptr + name->len;
  skip_space(reader);
  return take(reader, ':') || fail_here(reader, TREE_SYNTAX);
}

static struct tree *read_object(struct reader *reader, size_t depth) {
  struct tree *tree = new_tree(reader, TREE_OBJECT);
  reader->at++;
  skip_space(reader);
  if (take(reader, '}'))
    return tree;
  do {
    struct assay_bytes name;
    skip_space(reader);
    if (!take_name(reader, tree, &name))
      return NULL;
    struct tree *item = read_value(reader, depth);
    if (!item)
      return NULL;
    append(reader, tree, name, item);
    skip_space(reader);
  } while (take(reader, ','));
  return take(reader, '}') ? tree : fail_here(reader, TREE_SYNTAX);
}

/* depth: of what stands around the value. */
static struct tree *read_value(struct reader *reader, size_t depth) {
  skip_space(reader);
  if (reader->at == reader->end)
    return fail(reader, TREE_SYNTAX);
  switch (*reader->at) {
  case '{':
  case '[':
    if (depth == reader->max_depth)
      return fail(reader, TREE_DEPTH);
    return next_is(reader, '{') ? read_object(reader, depth + 1) : read_array(reader, depth + 1);
  case '"': {
    struct tree *tree = new_tree(reader, TREE_STRING);
    reader->at++;
    return take_string(reader, &tree->text) ? tree : NULL;
  }
  case 'n': return read_word(reader, "null", TREE_NULL);
  case 't': return read_word(reader, "true", TREE_TRUE);
  case 'f': return read_word(reader, "false", TREE_FALSE);
  default: return read_number(reader);
  }
}

/* ---- the second opinion ---- */

static void check_against_jansson(const struct reader *reader, struct assay_bytes text) {
  if (reader->jansson_differs || reader->fault == TREE_DEPTH || reader->fault == TREE_MEMBERS)
    return;
  if (memchr(text.ptr, 0, text.len))
    return; /* Jansson 2.14 overlooks a NUL that stands after a number */
  json_t *value =
      json_loadb((const char *)text.ptr, text.len,
                 JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
  if ((value != NULL) != (reader->fault == TREE_OK)) {
    fprintf(stderr, "the reference's reader and Jansson differ (fault %d): %.*s\n", (int)reader->fault,
            (int)text.len, (const char *)text.ptr);
    abort();
  }
  json_decref(value);
}

enum tree_fault tree_read(struct scrap *scrap, struct assay_bytes text, size_t max_depth, size_t max_members,
                          struct tree **tree) {
  struct reader reader = {.scrap = scrap,
                          .at = text.ptr,
                          .begin = text.ptr,
                          .end = text.ptr + text.len,
                          .max_depth = max_depth,
                          .max_members = max_members};
  if (text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0)
    return TREE_BOM; /* RFC 8259 8.1 */
  *tree = read_value(&reader, 0);
  skip_space(&reader);
  if (*tree && reader.at < reader.end)
    fail_here(&reader, TREE_TRAILING);
  check_against_jansson(&reader, text);
  return reader.fault;
}

/* ---- the tree ---- */

const struct tree *tree_member_bytes(const struct tree *object, struct assay_bytes name) {
  if (!tree_is(object, TREE_OBJECT))
    return NULL;
  for (size_t i = 0; i < object->count; i++)
    if (bytes_eq(object->names[i], name))
      return object->items[i];
  return NULL;
}

const struct tree *tree_member(const struct tree *object, const char *name) {
  return tree_member_bytes(object, bytes_str(name));
}

bool tree_is(const struct tree *value, enum tree_kind kind) {
  return value && value->kind == kind;
}

static bool number_equal(const struct tree *a, const struct tree *b) {
  mpq_t x, y;
  mpq_inits(x, y, NULL);
  tree_number(a, x);
  tree_number(b, y);
  bool equal = mpq_equal(x, y);
  mpq_clears(x, y, NULL);
  return equal;
}

static bool array_equal(const struct tree *a, const struct tree *b) {
  for (size_t i = 0; i < a->count; i++)
    if (!tree_equal(a->items[i], b->items[i]))
      return false;
  return true;
}

static bool object_equal(const struct tree *a, const struct tree *b) {
  for (size_t i = 0; i < a->count; i++) {
    const struct tree *other = tree_member_bytes(b, a->names[i]);
    if (!other || !tree_equal(a->items[i], other))
      return false;
  }
  return true;
}

bool tree_equal(const struct tree *a, const struct tree *b) {
  if (a->kind != b->kind || a->count != b->count)
    return false;
  switch (a->kind) {
  case TREE_STRING: return bytes_eq(a->text, b->text);
  case TREE_NUMBER: return number_equal(a, b);
  case TREE_ARRAY: return array_equal(a, b);
  case TREE_OBJECT: return object_equal(a, b);
  default: return true;
  }
}

/* ---- numbers ---- */

/* 10^400 or 10^-400 in place of what is beyond them. */
static void scale(mpq_t out, const mpz_t digits, long exponent) {
  mpz_t power;
  mpz_init(power);
  mpz_ui_pow_ui(power, 10, (unsigned long)labs(exponent));
  if (exponent >= 0)
    mpz_mul(mpq_numref(out), digits, power);
  else {
    mpz_set(mpq_numref(out), digits);
    mpz_set(mpq_denref(out), power);
  }
  mpq_canonicalize(out);
  mpz_clear(power);
}

void tree_number(const struct tree *value, mpq_t out) {
  char *digits = calloc(1, value->text.len + 2);
  size_t used = 0, i = 0;
  long fraction = 0, exponent = 0;
  bool after_dot = false;
  if (!digits)
    abort();
  for (; i < value->text.len && value->text.ptr[i] != 'e' && value->text.ptr[i] != 'E'; i++) {
    if (value->text.ptr[i] == '.') {
      after_dot = true;
      continue;
    }
    digits[used++] = (char)value->text.ptr[i];
    fraction += after_dot;
  }
  if (i < value->text.len) { /* the text is followed by a NUL: see read_number */
    exponent = strtol((const char *)value->text.ptr + i + 1, NULL, 10);
  }
  mpz_t mantissa;
  mpz_init(mantissa);
  mpz_set_str(mantissa, digits, 10);
  long most = (long)value->text.len + 400; /* beyond it every number is huge, or next to nothing */
  exponent = exponent > most ? most : exponent < -most ? -most : exponent;
  mpq_set_ui(out, 0, 1);
  if (mpz_sgn(mantissa) != 0)
    scale(out, mantissa, exponent - fraction);
  mpz_clear(mantissa);
  free(digits);
}
