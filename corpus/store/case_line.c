/* Writes and reads case lines. What is wrong in a line is told with its column: Jansson knows it for syntax;
 * for the rest a small scanner finds the member again. */
#include "corpus/store/case_line.h"

#include <inttypes.h>
#include <nettle/base64.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/store/token_alg.h"
#include "harness/base/text/time_text.h"

#define ID_BYTES_MAX 512
#define CLASS_UNNAMED "case"

/* ---- writing ---- */

static void add_quoted(struct text *out, const char *chars, size_t len) {
  json_t *string = must(json_stringn(chars, len));
  char *quoted = must(json_dumps(string, JSON_ENCODE_ANY));
  text_add_str(out, quoted);
  free(quoted);
  json_decref(string);
}

static void add_member(struct text *out, const char *name, const char *value) {
  text_addf(out, ",\"%s\":", name);
  add_quoted(out, value, strlen(value));
}

static bool is_printable(const uint8_t *bytes, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (bytes[i] < 0x20 || bytes[i] > 0x7e)
      return false;
  return true;
}

static void add_token(struct text *out, const struct corpus_case *one) {
  if (is_printable(one->token, one->token_len)) {
    text_add_str(out, ",\"token\":");
    add_quoted(out, (const char *)one->token, one->token_len);
    return;
  }
  size_t len = BASE64_ENCODE_RAW_LENGTH(one->token_len);
  char *encoded = must(malloc(len));
  base64_encode_raw(encoded, one->token_len, one->token);
  text_add_str(out, ",\"token_b64\":\"");
  text_add(out, encoded, len);
  text_add(out, "\"", 1);
  free(encoded);
}

static void add_reasons(struct text *out, const uint16_t *reasons, size_t count) {
  char name[REASON_PATTERN_BYTES];
  for (size_t i = 0; i < count; i++)
    text_addf(out, "%s\"%s\"", i ? "," : "", reason_pattern_text(reasons[i], name));
}

static void add_expectation(struct text *out, const struct corpus_case *one) {
  static const char *const verdicts[] = {
      [EXPECT_ACCEPT] = "accept", [EXPECT_REJECT] = "reject", [EXPECT_ANY] = "any"};
  text_addf(out, ",\"expect\":{\"verdict\":\"%s\"", verdicts[one->verdict]);
  if (one->reason_count) {
    text_add_str(out, ",\"reason\":");
    add_reasons(out, one->reasons, 1);
  }
  text_add_str(out, "}");
  if (one->reason_count > 1) {
    text_add_str(out, ",\"also\":[");
    add_reasons(out, one->reasons + 1, one->reason_count - 1);
    text_add_str(out, "]");
  }
}

/* By the header's own name; where it names another than the case is filed under, the case is an
 * attack on that. */
static void add_alg(struct text *out, const struct casebook *book, const struct corpus_case *one) {
  struct token_header header;
  if (one->alg == ASSAY_ALG_NONE)
    return;
  token_header_read(bytes_of(one->token, one->token_len), &header);
  add_member(out, token_alg(book, one->setting, &header) == one->alg ? "alg" : "target",
             assay_alg_name(one->alg));
  token_header_fini(&header);
}

void case_line_add(struct text *out, const struct casebook *book, size_t index) {
  const struct corpus_case *one = &book->cases[index];
  const struct book_variant *variant = &book->variants[one->variant];
  text_add_str(out, "{\"id\":");
  add_quoted(out, one->id, strlen(one->id));
  add_token(out, one);
  add_member(out, "class", variant->class_id);
  if (variant->name[0])
    add_member(out, "variant", variant->name);
  add_alg(out, book, one);
  if (one->key_bits)
    text_addf(out, ",\"key_bits\":%u", one->key_bits);
  if (variant->group[0])
    add_member(out, "group", variant->group);
  add_expectation(out, one);
  if (one->keys)
    text_addf(out, ",\"keys\":%s", one->keys);
  if (one->policy)
    text_addf(out, ",\"policy\":%s", one->policy);
  if (one->now != CORPUS_NOW_UNSET)
    text_addf(out, ",\"now\":%" PRId64, one->now);
  if (one->after != CORPUS_NONE)
    add_member(out, "after", book->cases[one->after].id);
  text_add_str(out, one->pinned ? ",\"pinned\":true}\n" : "}\n");
}

/* ---- finding a member again, in text that is known to be JSON ---- */

struct scan {
  const uint8_t *at, *end;
};

static void skip_blanks(struct scan *scan) {
  while (scan->at < scan->end && memchr(" \t\r\n", *scan->at, 4))
    scan->at++;
}

static void skip_string(struct scan *scan) {
  for (scan->at++; scan->at < scan->end && *scan->at != '"'; scan->at++)
    if (*scan->at == '\\')
      scan->at++;
  scan->at++;
}

static void skip_value(struct scan *scan) {
  int depth = 0;
  while (scan->at < scan->end) {
    uint8_t c = *scan->at;
    if (depth == 0 && memchr(",]}", c, 3))
      return;
    if (c == '"') {
      skip_string(scan);
      continue;
    }
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    scan->at++;
  }
}

/* From an object's brace to a member: its name, or its value. False if it is not found as written. */
static bool seek_member(struct scan *scan, struct assay_bytes name, bool value) {
  for (scan->at++;; scan->at++) {
    skip_blanks(scan);
    struct scan start = *scan;
    if (scan->at >= scan->end || *scan->at != '"')
      return false;
    skip_string(scan);
    bool found =
        scan->at - start.at == (ptrdiff_t)name.len + 2 && memcmp(start.at + 1, name.ptr, name.len) == 0;
    skip_blanks(scan);
    scan->at++; /* the colon */
    skip_blanks(scan);
    if (found && !value)
      *scan = start;
    if (found)
      return true;
    skip_value(scan);
  }
}

/* path: "expect.reason". The column of its value, or of its name; of the last part that is there. */
static unsigned column_of(struct assay_bytes line, const char *path, bool value) {
  struct scan scan = {line.ptr, line.ptr + line.len}, best;
  skip_blanks(&scan);
  best = scan;
  while (path && scan.at < scan.end && *scan.at == '{') {
    const char *dot = strchr(path, '.');
    if (!seek_member(&scan, bytes_of(path, dot ? (size_t)(dot - path) : strlen(path)), value || dot))
      break;
    best = scan;
    path = dot ? dot + 1 : NULL;
  }
  unsigned column = 1;
  for (const uint8_t *p = line.ptr; p < best.at && p < best.end; p++)
    column += (*p & 0xc0) != 0x80;
  return column;
}

unsigned case_line_column(struct assay_bytes line, const char *member) {
  return column_of(line, member, true);
}

/* ---- reading ---- */

struct reader {
  struct assay_bytes line;
  json_t *root;
  unsigned *column;
  struct assay_error *error;
};

/* Says what is wrong with the value at path. Returns false. */
__attribute__((format(printf, 3, 4))) static bool wrong(struct reader *reader, const char *path,
                                                        const char *format, ...) {
  char sentence[512];
  va_list args;
  va_start(args, format);
  vsnprintf(sentence, sizeof sentence, format, args);
  va_end(args);
  *reader->column = column_of(reader->line, path, true);
  return error_set(reader->error, "%s", sentence);
}

static bool is_plain(const json_t *string) {
  const unsigned char *chars = (const unsigned char *)json_string_value(string);
  size_t len = json_string_length(string);
  for (size_t i = 0; i < len; i++)
    if (chars[i] < 0x20 || chars[i] == 0x7f)
      return false;
  return len <= ID_BYTES_MAX;
}

/* A short string without control characters. Absent: *out stays. */
static bool read_string(struct reader *reader, const char *name, bool required, char **out) {
  const json_t *value = json_object_get(reader->root, name);
  if (!value)
    return !required || wrong(reader, NULL, "'%s' is missing", name);
  if (!json_is_string(value) || !is_plain(value))
    return wrong(reader, name, "'%s' is not a string of at most %d printable characters", name, ID_BYTES_MAX);
  if (required && json_string_length(value) == 0)
    return wrong(reader, name, "'%s' is empty", name);
  free(*out);
  *out = must(strdup(json_string_value(value)));
  return true;
}

static bool check_names(struct reader *reader, const json_t *object, const char *inside,
                        const char *const *known) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)object, name, value) {
    size_t i = 0;
    while (known[i] && strcmp(known[i], name) != 0)
      i++;
    if (known[i])
      continue;
    const char *near = near_miss(name, known);
    char path[128];
    snprintf(path, sizeof path, "%s%s%s", inside, inside[0] ? "." : "", strchr(name, '.') ? "" : name);
    wrong(reader, path, "unknown field '%s'%s%s%s", name, near ? ", did you mean '" : "", near ? near : "",
          near ? "'?" : "");
    *reader->column = column_of(reader->line, path, false);
    return false;
  }
  return true;
}

static bool decode_base64(const json_t *string, struct corpus_case *one) {
  struct base64_decode_ctx decoder;
  size_t len = json_string_length(string);
  one->token = must(malloc(BASE64_DECODE_LENGTH(len) + 1));
  base64_decode_init(&decoder);
  return base64_decode_update(&decoder, &one->token_len, one->token, len, json_string_value(string)) &&
         base64_decode_final(&decoder);
}

static bool read_token(struct reader *reader, struct corpus_case *one) {
  const json_t *plain = json_object_get(reader->root, "token"),
               *coded = json_object_get(reader->root, "token_b64");
  if (!plain == !coded)
    return wrong(reader, coded ? "token_b64" : NULL, "a line has either 'token' or 'token_b64'");
  if (plain && !json_is_string(plain))
    return wrong(reader, "token", "'token' is not a string");
  if (plain) {
    one->token_len = json_string_length(plain);
    one->token = (uint8_t *)must_copy(json_string_value(plain), one->token_len);
    return true;
  }
  if (!json_is_string(coded) || !decode_base64(coded, one))
    return wrong(reader, "token_b64", "'token_b64' is not base64 (RFC 4648 4)");
  return true;
}

/* What a reason is written as: every reason, and every stage with ".*". */
static const char *nearest_reason(const char *word) {
  static char patterns[STAGE_COUNT][REASON_PATTERN_BYTES];
  const char *names[REASON_LAST + STAGE_COUNT + 1] = {0};
  size_t count = 0;
  for (int stage = STAGE_NONE + 1; stage < STAGE_COUNT; stage++)
    names[count++] = reason_pattern_text(reason_any_of((enum assay_stage)stage), patterns[stage]);
  for (int number = 1; number <= REASON_LAST; number++)
    if (assay_reason_stage((enum assay_reason)number) != STAGE_NONE)
      names[count++] = assay_reason_dotted((enum assay_reason)number);
  return near_miss(word, names);
}

static bool read_reason(struct reader *reader, const char *path, const json_t *value,
                        struct corpus_case *one) {
  if (!json_is_string(value))
    return wrong(reader, path, "a reason is a string such as registered-claims.expired");
  const char *word = json_string_value(value);
  unsigned reason = reason_pattern_read(bytes_of(word, json_string_length(value)));
  if (reason) {
    case_add_reason(one, (uint16_t)reason);
    return true;
  }
  const char *near = nearest_reason(word);
  return wrong(reader, path, "unknown reason '%.100s'%s%s%s", word, near ? ", did you mean '" : "",
               near ? near : "", near ? "'?" : "");
}

static bool read_reasons(struct reader *reader, const char *path, const json_t *list,
                         struct corpus_case *one) {
  size_t i;
  json_t *reason;
  json_array_foreach(list, i, reason) {
    if (!read_reason(reader, path, reason, one))
      return false;
  }
  return true;
}

static bool read_verdict(struct reader *reader, const json_t *expect, struct corpus_case *one) {
  const char *word = json_string_value(json_object_get(expect, "verdict"));
  if (word && strcmp(word, "accept") == 0)
    one->verdict = EXPECT_ACCEPT;
  else if (word && strcmp(word, "reject") == 0)
    one->verdict = EXPECT_REJECT;
  else if (word && strcmp(word, "any") == 0)
    one->verdict = EXPECT_ANY;
  else
    return wrong(reader, "expect.verdict", "'verdict' is accept, reject or any");
  return true;
}

static bool read_expectation(struct reader *reader, struct corpus_case *one) {
  static const char *const known[] = {"verdict", "reason", NULL};
  const json_t *expect = json_object_get(reader->root, "expect");
  one->verdict = EXPECT_ANY;
  if (!expect) /* somebody wants to know what libraries say, and nothing more */
    return true;
  if (!json_is_object(expect))
    return wrong(reader, "expect", "'expect' is an object with 'verdict' and 'reason'");
  if (!check_names(reader, expect, "expect", known) || !read_verdict(reader, expect, one))
    return false;
  const json_t *reason = json_object_get(expect, "reason");
  if (!reason) /* with verdict reject any is right */
    return true;
  if (one->verdict != EXPECT_REJECT)
    return wrong(reader, "expect.reason", "only verdict reject has a 'reason'");
  if (json_is_array(reason) && json_array_size(reason) == 0)
    return wrong(reader, "expect.reason", "no reason is in 'reason': leave it out where any is right");
  return json_is_array(reason) ? read_reasons(reader, "expect.reason", reason, one)
                               : read_reason(reader, "expect.reason", reason, one);
}

static bool read_also(struct reader *reader, struct corpus_case *one) {
  const json_t *also = json_object_get(reader->root, "also");
  if (!also)
    return true;
  if (!json_is_array(also))
    return wrong(reader, "also", "'also' is an array of reasons");
  if (json_array_size(also) > 0 && one->reason_count == 0)
    return wrong(reader, "also", "'also' adds to the 'reason' of verdict reject, and there is none");
  return read_reasons(reader, "also", also, one);
}

/* The name of an algorithm as in a header. "EdDSA" leaves the curve to the key, as it does there. */
static bool read_alg_name(struct reader *reader, const char *member, enum jose_alg *out) {
  const json_t *name = json_object_get(reader->root, member);
  *out = JOSE_ALG_COUNT;
  if (json_is_string(name))
    *out = jose_alg_by_name(bytes_of(json_string_value(name), json_string_length(name)));
  return !name || *out != JOSE_ALG_COUNT ||
         wrong(reader, member, "'%s' is none of HS256 .. ES256K, EdDSA, Ed25519 and Ed448", member);
}

static bool read_alg(struct reader *reader, struct case_line *out) {
  const json_t *bits = json_object_get(reader->root, "key_bits");
  if (!read_alg_name(reader, "alg", &out->alg) || !read_alg_name(reader, "target", &out->target))
    return false;
  if (!bits)
    return true;
  if (!json_is_integer(bits) || json_integer_value(bits) < 0 || json_integer_value(bits) > UINT16_MAX)
    return wrong(reader, "key_bits", "'key_bits' is the length of an RSA modulus");
  out->one.key_bits = (unsigned)json_integer_value(bits);
  return true;
}

static bool read_class(struct reader *reader, char **out) {
  return read_string(reader, "class", false, out) &&
         ((*out)[0] || wrong(reader, "class", "'class' is empty"));
}

/* An object, kept as compact text. */
static bool read_object(struct reader *reader, const char *name, char **out) {
  const json_t *value = json_object_get(reader->root, name);
  if (!value)
    return true;
  if (!json_is_object(value))
    return wrong(reader, name, "'%s' is not an object", name);
  *out = json_dumps(value, JSON_COMPACT);
  return *out || wrong(reader, name, "'%s' is nested too deeply", name);
}

static bool read_now(struct reader *reader, int64_t *out) {
  const json_t *now = json_object_get(reader->root, "now");
  *out = CORPUS_NOW_UNSET;
  if (!now)
    return true;
  if (json_is_string(now) && !time_read(bytes_of(json_string_value(now), json_string_length(now)), out))
    return wrong(reader, "now", "'now' is not a time such as 2026-01-01T12:00:00Z (RFC 3339)");
  if (json_is_string(now))
    return true;
  if (!json_is_integer(now))
    return wrong(reader, "now",
                 "'now' is a number of seconds since 1970, or a time such as 2026-01-01T12:00:00Z");
  *out = json_integer_value(now);
  return (*out >= -TIME_SECONDS_MAX && *out <= TIME_SECONDS_MAX) ||
         wrong(reader, "now", "'now' is further from 1970 than 2^53 - 1 seconds");
}

static bool read_rest(struct reader *reader, struct case_line *out) {
  const json_t *pinned = json_object_get(reader->root, "pinned");
  if (pinned && !json_is_boolean(pinned))
    return wrong(reader, "pinned", "'pinned' is true or false");
  out->one.pinned = json_is_true(pinned);
  return read_now(reader, &out->one.now) && read_object(reader, "keys", &out->one.keys) &&
         read_object(reader, "policy", &out->one.policy);
}

static bool read_root(struct reader *reader, struct case_line *out) {
  static const char *const known[] = {"id",       "token", "token_b64", "class",   "variant", "alg",
                                      "key_bits", "group", "expect",    "also",    "keys",    "policy",
                                      "now",      "after", "pinned",    "comment", "target",  NULL};
  if (!json_is_object(reader->root))
    return wrong(reader, NULL, "a line is one JSON object");
  return check_names(reader, reader->root, "", known) && read_string(reader, "id", true, &out->one.id) &&
         read_token(reader, &out->one) && read_class(reader, &out->class_id) &&
         read_string(reader, "variant", false, &out->variant) && read_alg(reader, out) &&
         read_string(reader, "group", false, &out->group) && read_expectation(reader, &out->one) &&
         read_also(reader, &out->one) && read_string(reader, "after", false, &out->after) &&
         read_rest(reader, out);
}

bool case_line_read(struct assay_bytes line, struct case_line *out, unsigned *column,
                    struct assay_error *error) {
  json_error_t problem;
  *out = (struct case_line){.alg = JOSE_ALG_COUNT,
                            .target = JOSE_ALG_COUNT,
                            .group = must(strdup("")),
                            .class_id = must(strdup(CLASS_UNNAMED)),
                            .variant = must(strdup(""))};
  out->one.after = CORPUS_NONE;
  struct reader reader = {.line = line, .column = column, .error = error};
  reader.root = json_loadb((const char *)line.ptr, line.len,
                           JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &problem);
  bool ok;
  if (reader.root) {
    ok = read_root(&reader, out);
  } else {
    *column = problem.column > 0 ? (unsigned)problem.column : 1;
    ok = error_set(error, "%s", problem.text);
  }
  json_decref(reader.root);
  if (!ok)
    case_line_fini(out);
  return ok;
}

bool case_line_is_object(struct assay_bytes line) {
  json_t *root = json_loadb((const char *)line.ptr, line.len, JSON_ALLOW_NUL, NULL);
  bool is_object = json_is_object(root);
  json_decref(root);
  return is_object;
}

void case_line_fini(struct case_line *line) {
  corpus_case_fini(&line->one);
  free(line->group);
  free(line->class_id);
  free(line->variant);
  free(line->after);
  *line = (struct case_line){0};
}
