/* The JSON reader: the JSONTestSuite, what it makes of good text, which fault it names for bad text and
 * where, and that it reads nothing outside the text and its slack. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>

#include "harness/base/files/file.h"
#include "harness/pipeline/json/json.h"
#include "harness/pipeline/json/known_names.h"
#include "tests/guard.h"
#include "tests/json_twice.h"

/* Compiled in, so that names can be made to collide in it. */
#include "harness/pipeline/json/name_set.c"

#define TEXT_MAX (300 * 1024)
#define DEPTH 32
#define MEMBERS 256

static const struct json_limits strict = {.depth = DEPTH, .members = MEMBERS};
static const struct json_limits grammar = {.depth = SIZE_MAX, .members = SIZE_MAX, .duplicates = true};

static struct guard guard;
static struct name_set names;
static struct arena arena, other_arena;
static struct json_doc doc;

static void open_reader(void) {
  guard = guard_open(TEXT_MAX + JSON_SLACK);
  size_t bytes = json_space_bytes(TEXT_MAX, SIZE_MAX);
  arena_init(&arena, malloc(bytes), bytes);
  arena_init(&other_arena, malloc(bytes), bytes);
  cr_assert(arena.base && other_arena.base && name_set_init(&names, json_names_max(TEXT_MAX)));
}

static void close_reader(void) {
  free(arena.base);
  free(other_arena.base);
  name_set_fini(&names);
  guard_close(&guard);
}

TestSuite(json, .init = open_reader, .fini = close_reader);

/* Reads a text whose slack ends at the guard page; the slack behind its first byte is anything. Where names
 * must be distinct, the reader that looks out for known names has to say the same. */
static enum json_fault parse_as(struct assay_bytes text, const struct json_limits *limits) {
  uint8_t *at = guard_tail(&guard, text.len + JSON_SLACK);
  if (text.len)
    memcpy(at, text.ptr, text.len);
  memset(at + text.len, '"', JSON_SLACK);
  at[text.len] = 0;
  arena_reset(&arena);
  arena.size = json_space_bytes(text.len, limits->depth);
  enum json_fault fault = json_parse(bytes_of(at, text.len), limits, &arena, &names, &doc);
  if (!limits->duplicates)
    cr_assert(json_members_agree(bytes_of(at, text.len), limits, &other_arena, &names, fault, &doc));
  return fault;
}

static enum json_fault parse(const char *text) {
  return parse_as(bytes_str(text), &strict);
}

/* Good text. */

Test(json, members_of_every_kind_after_each_other) {
  static const char *const keys[] = {"\"exp\"",
                                     "\"auth_time\"",
                                     "\"auth_tim\"",
                                     "\"x5t#S256\"",
                                     "\"\"",
                                     "\"ex\\u0070\"",
                                     "\"n\xc3\xa4me\"",
                                     "\"a name of more than forty-eight bytes, which is a lot\"",
                                     "\"exp\" ",
                                     " \"iss\"",
                                     "x"};
  static const char *const values[] = {
      "1",
      "0",
      "01",
      "-1",
      "12345678901234567",
      "1234567890123456",
      "1.5",
      "1e3",
      "\"\"",
      "\"s\"",
      "\"\xc3\xa9\"",
      "\"\\n\"",
      "\"\x01\"",
      "\"\xff\"",
      "true",
      "null",
      "[\"a\",\"b\"]",
      "{\"exp\":1}",
      " 1",
      "1 ",
      "\"s",
      "",
      "\"a value that is longer than what is looked at in one go: 57 bytes\""};
  char text[512];
  for (size_t key = 0; key < sizeof keys / sizeof *keys; key++)
    for (size_t first = 0; first < sizeof values / sizeof *values; first++)
      for (size_t second = 0; second < sizeof values / sizeof *values; second++) {
        snprintf(text, sizeof text, "{%s:%s,\"k\":%s}", keys[key], values[first], values[second]);
        parse(text);
        snprintf(text, sizeof text, "{\"k\":%s,%s:%s, \"last\":1}", values[first], keys[key], values[second]);
        parse(text);
        snprintf(text, sizeof text, "{\"iss\":%s,\"k\":%s,%s:2", values[first], values[second], keys[key]);
        parse(text);
      }
}

static const struct json_node *member(const char *name) {
  return json_member(doc.nodes, bytes_str(name));
}

Test(json, nodes_lie_in_document_order) {
  cr_assert_eq(parse(" { \"a\" : [ 1 , -2.5e3 ] , \"b\" : \"\" , \"c\" : { } , \"d\":[true,false,null] } "),
               JSON_OK);
  static const uint8_t types[] = {JSON_OBJECT, JSON_STRING, JSON_ARRAY,  JSON_NUMBER, JSON_NUMBER,
                                  JSON_STRING, JSON_STRING, JSON_STRING, JSON_OBJECT, JSON_STRING,
                                  JSON_ARRAY,  JSON_TRUE,   JSON_FALSE,  JSON_NULL};
  static const uint8_t spans[] = {14, 1, 3, 1, 1, 1, 1, 1, 1, 1, 4, 1, 1, 1};
  cr_assert_eq(doc.count, sizeof types);
  for (size_t i = 0; i < sizeof types; i++) {
    cr_expect_eq(doc.nodes[i].type, types[i], "node %zu", i);
    cr_expect_eq(doc.nodes[i].span, spans[i], "node %zu", i);
  }
  cr_expect_eq(doc.nodes[0].len, 4);
  cr_expect_eq(member("a")->len, 2);
  cr_expect(bytes_eq_str(json_bytes(json_after(json_first(member("a")))), "-2.5e3"));
  cr_expect_eq(member("b")->len, 0);
  cr_expect_eq(member("c")->len, 0);
  cr_expect_eq(member("d")->len, 3);
  cr_expect_null(member("e"));
}

Test(json, strings_are_unescaped) {
  cr_assert_eq(
      parse(
          "{\"\\u0061lg\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"k\":\"a\\u00e9\\u20ac\\ud83d\\uDD11z\\u0000.\"}"),
      JSON_OK);
  cr_expect(bytes_eq_str(json_bytes(member("alg")), "\"\\/\b\f\n\r\t"));
  cr_expect(bytes_eq(json_bytes(member("k")), BYTES_LIT("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91z\0.")));
}

Test(json, plain_and_foreign_strings_of_every_length) {
  for (size_t len = 0; len < 100; len++)
    for (size_t foreign = 0; foreign <= len; foreign++) {
      char text[128] = "[\"";
      memset(text + 2, 'x', len);
      if (foreign + 2 <= len)
        memcpy(text + 2 + foreign, "\xc3\xa9", 2);
      memcpy(text + 2 + len, "\"]", 3);
      cr_assert_eq(parse(text), JSON_OK);
      cr_assert(bytes_eq(json_bytes(doc.nodes + 1), bytes_of(text + 2, len)));
    }
}

Test(json, utf8_at_its_edges) {
  static const char *const good[] = {"\xc2\x80",         "\xdf\xbf",         "\xe0\xa0\x80",
                                     "\xed\x9f\xbf",     "\xee\x80\x80",     "\xef\xbf\xbf",
                                     "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\x7f"};
  static const char *const bad[] = {"\x80",
                                    "\xbf",
                                    "\xc0\x80",
                                    "\xc1\xbf",
                                    "\xc2",
                                    "\xc2\x7f",
                                    "\xc2\xc0",
                                    "\xe0\x9f\xbf",
                                    "\xe0\xa0",
                                    "\xe0\xa0\x7f",
                                    "\xed\xa0\x80",
                                    "\xed\xbf\xbf",
                                    "\xf0\x8f\xbf\xbf",
                                    "\xf0\x90\x80",
                                    "\xf0\x90\x80\x7f",
                                    "\xf0\x90\xc0\x80",
                                    "\xf4\x90\x80\x80",
                                    "\xf5\x80\x80\x80",
                                    "\xf8\x88\x80\x80\x80",
                                    "\xfe",
                                    "\xff"};
  char text[32];
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    snprintf(text, sizeof text, "\"%s\"", good[i]);
    cr_expect_eq(parse(text), JSON_OK, "good %zu", i);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    for (int escaped = 0; escaped < 2; escaped++) { /* both scanners of strings */
      snprintf(text, sizeof text, "\"%s%s\"", escaped ? "\\n" : "", bad[i]);
      cr_expect_eq(parse(text), JSON_UTF8, "bad %zu", i);
      cr_expect_eq(doc.fault_at, escaped ? 3 : 1, "bad %zu", i);
    }
}

/* Faults. */

struct fault_case {
  const char *text;
  enum json_fault fault;
  size_t at;
};

static void check_faults(const struct fault_case *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    enum json_fault fault = parse(cases[i].text);
    cr_expect_eq(fault, cases[i].fault, "%s: fault %d", cases[i].text, fault);
    cr_expect_eq(doc.fault_at, cases[i].at, "%s: at %zu", cases[i].text, doc.fault_at);
  }
}

Test(json, faults_by_kind_and_place) {
  static const struct fault_case cases[] = {
      {"", JSON_SYNTAX, 0},
      {" \n\t\r", JSON_SYNTAX, 4},
      {"\xef\xbb\xbf{}", JSON_BOM, 0},
      {"\xef\xbb", JSON_UTF8, 0},
      {"\xff\xfe{", JSON_UTF8, 0},
      {"{}\xef\xbb\xbf", JSON_TRAILING, 2},
      {"{}\xff", JSON_UTF8, 2},
      {"{\xc3\xa9:1}", JSON_SYNTAX, 1},
      {"{\xc3:1}", JSON_UTF8, 1},
      {"{}x", JSON_TRAILING, 2},
      {"{} {}", JSON_TRAILING, 3},
      {"1 2", JSON_TRAILING, 2},
      {"{\"a\":1,}", JSON_SYNTAX, 7},
      {"[1,]", JSON_SYNTAX, 3},
      {"[,1]", JSON_SYNTAX, 1},
      {"[1 2]", JSON_SYNTAX, 3},
      {"[1}", JSON_SYNTAX, 2},
      {"{\"a\":1]", JSON_SYNTAX, 6},
      {"{\"a\" 1}", JSON_SYNTAX, 5},
      {"{a:1}", JSON_SYNTAX, 1},
      {"{1:1}", JSON_SYNTAX, 1},
      {"{'a':1}", JSON_SYNTAX, 1},
      {"[01]", JSON_SYNTAX, 2},
      {"[+1]", JSON_SYNTAX, 1},
      {"[-]", JSON_SYNTAX, 2},
      {"[1.]", JSON_SYNTAX, 3},
      {"[.5]", JSON_SYNTAX, 1},
      {"[1e]", JSON_SYNTAX, 3},
      {"[1e+]", JSON_SYNTAX, 4},
      {"[0x1]", JSON_SYNTAX, 2},
      {"[NaN]", JSON_SYNTAX, 1},
      {"[-Infinity]", JSON_SYNTAX, 2},
      {"[nul]", JSON_SYNTAX, 4},
      {"[True]", JSON_SYNTAX, 1},
      {"[\"a\nb\"]", JSON_SYNTAX, 3},
      {"[\"\\n\x1f\"]", JSON_SYNTAX, 4},
      {"[\"\\x41\"]", JSON_SYNTAX, 3},
      {"[\"\\u12g4\"]", JSON_SYNTAX, 6},
      {"[\"\\u12\xff\"]", JSON_UTF8, 6},
      {"[\"\\", JSON_SYNTAX, 3},
      {"[\"abc", JSON_SYNTAX, 5},
      {"[\"\\ud800\"]", JSON_SURROGATE, 2},
      {"[\"\\ud800x\"]", JSON_SURROGATE, 2},
      {"[\"\\ud800\\n\"]", JSON_SURROGATE, 2},
      {"[\"\\ud800\\ud800\"]", JSON_SURROGATE, 2},
      {"[\"\\ud800\\u12g4\"]", JSON_SURROGATE, 2},
      {"[\"\\ud800", JSON_SURROGATE, 2},
      {"[\"x\\udc00\"]", JSON_SURROGATE, 3},
      {"{\"\\udd11\\ud83d\":1}", JSON_SURROGATE, 2},
      {"// c\n{}", JSON_SYNTAX, 0},
      {"{/**/}", JSON_SYNTAX, 1},
  };
  check_faults(cases, sizeof cases / sizeof *cases);
}

Test(json, the_earlier_of_two_faults_is_named) {
  static const struct fault_case cases[] = {
      {"{\"a\":1,\"a\":\xff}", JSON_DUPLICATE, 7},
      {"{\"a\":\xff,\"a\":1}", JSON_UTF8, 5},
      {"{\"a\":1,\"a", JSON_SYNTAX, 9},
      {"{\"a\":1,\"a\"", JSON_DUPLICATE, 7},
      {"[\"\\ud800\",01]", JSON_SURROGATE, 2},
      {"[01,\"\\ud800\"]", JSON_SYNTAX, 2},
      {"{\"a\":1,\"a\":1}x", JSON_DUPLICATE, 7},
      {"{\"a\":1,\"b\":{\"c\":1,\"c\":1},\"a\":1}", JSON_DUPLICATE, 18},
  };
  check_faults(cases, sizeof cases / sizeof *cases);
}

Test(json, a_nul_ends_no_text) {
  cr_expect_eq(parse_as(BYTES_LIT("{}\0"), &strict), JSON_TRAILING);
  cr_expect_eq(parse_as(BYTES_LIT("{\"a\":\"x\0y\"}"), &strict), JSON_SYNTAX);
  cr_expect_eq(doc.fault_at, 7);
  cr_expect_eq(parse_as(BYTES_LIT("{\0}"), &strict), JSON_SYNTAX);
  cr_expect_eq(parse_as(BYTES_LIT("{\"\\n\0\":1}"), &strict), JSON_SYNTAX);
}

/* Limits. */

static enum json_fault parse_nested(size_t levels, const char *open, const char *close) {
  static char text[TEXT_MAX];
  size_t at = 0;
  for (size_t i = 0; i < levels; i++)
    at += (size_t)sprintf(text + at, "%s", open);
  at += (size_t)sprintf(text + at, "1");
  for (size_t i = 0; i < levels; i++)
    at += (size_t)sprintf(text + at, "%s", close);
  return parse(text);
}

Test(json, depth_is_limited_without_recursion) {
  cr_expect_eq(parse_nested(DEPTH, "[", "]"), JSON_OK);
  cr_expect_eq(parse_nested(DEPTH + 1, "[", "]"), JSON_DEPTH);
  cr_expect_eq(doc.fault_at, DEPTH);
  cr_expect_eq(parse_nested(DEPTH, "{\"a\":", "}"), JSON_OK);
  cr_expect_eq(parse_nested(DEPTH + 1, "{\"a\":", "}"), JSON_DEPTH);
  cr_expect_eq(parse_nested(10000, "[", "]"), JSON_DEPTH);
  cr_expect_eq(parse_nested(10000, "[", ""), JSON_DEPTH);
  cr_expect_eq(parse("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"), JSON_OK);
  static char open[100000];
  memset(open, '[', sizeof open);
  cr_expect_eq(parse_as(bytes_of(open, sizeof open), &grammar), JSON_SYNTAX, "unclosed, but no crash");
}

static size_t write_members(char *text, size_t count, const char *format) {
  size_t at = (size_t)sprintf(text, "{");
  for (size_t i = 0; i < count; i++) {
    at += (size_t)sprintf(text + at, i ? "," : "");
    at += (size_t)sprintf(text + at, format, i);
  }
  at += (size_t)sprintf(text + at, "}");
  return at;
}

Test(json, members_are_limited_per_object) {
  static char text[TEXT_MAX];
  write_members(text, MEMBERS, "\"n%zu\":0");
  cr_expect_eq(parse(text), JSON_OK);
  cr_expect_eq(doc.nodes[0].len, MEMBERS);
  size_t len = write_members(text, MEMBERS + 1, "\"n%zu\":0");
  cr_expect_eq(parse(text), JSON_MEMBERS);
  cr_expect_eq(doc.fault_at, len - strlen("\"n256\":0}"));
  write_members(text, 100, "\"n%zu\":{\"a\":1,\"b\":2,\"c\":3,\"d\":4}");
  cr_expect_eq(parse(text), JSON_OK, "500 members, but not in one object");
}

/* Duplicates. */

Test(json, duplicates_are_found_in_objects_of_every_size) {
  static char text[TEXT_MAX];
  for (size_t count = 1; count < 120; count++)
    for (size_t twin = 0; twin < count; twin++) {
      size_t len = write_members(text, count, "\"n%zu\":{\"n1\":[]}");
      cr_assert_eq(parse(text), JSON_OK);
      size_t at = len - 1;
      sprintf(text + at, ",\"\\u006e%zu\":0}", twin);
      cr_assert_eq(parse(text), JSON_DUPLICATE, "%zu members, the twin of %zu", count, twin);
      cr_assert_eq(doc.fault_at, at + 1);
    }
}

Test(json, only_equal_names_of_one_object_are_duplicates) {
  cr_expect_eq(parse("[{\"a\":1},{\"a\":2}]"), JSON_OK);
  cr_expect_eq(parse("{\"a\":{\"a\":{\"a\":1}},\"b\":\"a\"}"), JSON_OK);
  cr_expect_eq(parse("{\"a\":1,\"A\":1,\"\":1,\"a\\u0000\":1,\"aa\":1}"), JSON_OK);
  cr_expect_eq(parse("{\"\":1,\"\":1}"), JSON_DUPLICATE);
  cr_expect_eq(parse("{\"a\\u0000\":1,\"\\u0061\\u0000\":1}"), JSON_DUPLICATE);
  cr_expect_eq(parse("{\"abcdefgh1\":1,\"abcdefgh2\":1}"), JSON_OK);
  cr_expect_eq(parse("{\"abcdefgh1\":1,\"abcdefgh1\":1}"), JSON_DUPLICATE);
  cr_expect_eq(parse("{\"\\u00e9\":1,\"\xc3\xa9\":1}"), JSON_DUPLICATE);
  cr_expect_eq(parse_as(BYTES_LIT("{\"a\":1,\"a\":2}"), &grammar), JSON_OK);
}

/* Names of an object at the top that all fall into one slot of the set's first hash. */
static size_t write_colliding(char *text, size_t count, size_t names_max) {
  name_set_begin(&names, names_max, false);
  size_t at = (size_t)sprintf(text, "{"), found = 0;
  for (uint32_t i = 0; found < count; i++) {
    char name[24];
    size_t len = (size_t)snprintf(name, 9, "%08x", i);
    if ((hash_name(&names, bytes_of(name, len), 0) & names.mask) != 7)
      continue;
    at += (size_t)sprintf(text + at, "%s\"%s\":0", found++ ? "," : "", name);
  }
  at += (size_t)sprintf(text + at, "}");
  return at;
}

Test(json, colliding_names_are_no_duplicates_and_do_not_pile_up) {
  static char text[TEXT_MAX];
  size_t len = 200 * strlen("\"12345678\":0,") + 1;
  cr_assert_eq(write_colliding(text, 200, json_names_max(len)), len);
  cr_assert_eq(parse(text), JSON_OK);
  cr_expect_eq(names.seed, names.secret, "the reader should have started over with the secret hash");
  char first[16];
  memcpy(first, text + 1, 10);
  sprintf(text + len - 1, ",%.10s:0}", first);
  cr_expect_eq(parse(text), JSON_DUPLICATE);
  cr_expect_eq(doc.fault_at, len);
}

Test(json, the_name_set_forgets_and_outlives_its_generations) {
  struct name_set set;
  static const uint8_t text[16] = "name";
  cr_assert(name_set_init(&set, 4));
  set.generation = UINT32_MAX - 1;
  for (int i = 0; i < 4; i++) {
    name_set_begin(&set, 4, false);
    cr_expect_eq(name_set_add(&set, bytes_of(text, 4), 0), NAME_NEW);
    cr_expect_eq(name_set_add(&set, bytes_of(text, 4), 0), NAME_SEEN);
    cr_expect_eq(name_set_add(&set, bytes_of(text, 4), 1), NAME_NEW);
    cr_expect_eq(name_set_add(&set, bytes_of(text, 3), 0), NAME_NEW);
  }
  name_set_fini(&set);
}

/* Cut short, and spoilt. */

static const char sample[] =
    "{\"iss\":\"https://issuer.example\",\"aud\":[\"a\",\"\xc3\xa9\xe2\x82\xac\"],\"exp\":17672256e2,"
    "\"n\":-0.5E-3,\"t\":[true,false,null,{}],\"\\u0073\\ud83d\\udd11\":\"\\/\\n\"}";

Test(json, every_text_cut_short_is_refused) {
  cr_assert_eq(parse(sample), JSON_OK);
  for (size_t len = 0; len < sizeof sample - 1; len++) {
    enum json_fault fault = parse_as(bytes_of(sample, len), &strict);
    cr_expect(fault == JSON_SYNTAX || fault == JSON_UTF8 || fault == JSON_SURROGATE, "cut at %zu: %d", len,
              fault);
    cr_expect_leq(doc.fault_at, len);
  }
}

Test(json, no_spoilt_text_is_read_beyond) {
  for (size_t at = 0; at < sizeof sample - 1; at++)
    for (unsigned byte = 0; byte < 256; byte++) {
      char text[sizeof sample];
      memcpy(text, sample, sizeof sample);
      text[at] = (char)byte;
      enum json_fault fault = parse_as(bytes_of(text, sizeof sample - 1), &strict);
      cr_assert_neq(fault, JSON_SPACE);
      cr_assert(fault == JSON_OK || doc.fault_at < sizeof sample);
    }
}

Test(json, the_promised_space_is_enough) {
  static const char *const texts[] = {
      "1",       "[]", "[1,1,1,1,1,1,1,1]", "[[[[[[[[", "{\"\":[{\"\":[{\"\":[", "[\"\\n\",\"\\n\",\"\\n\"]",
      "{\"\":1}"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    cr_expect_neq(parse(texts[i]), JSON_SPACE, "%s", texts[i]);
  arena_reset(&arena);
  arena.size = 8;
  cr_expect_eq(json_parse(bytes_of(guard_tail(&guard, JSON_SLACK), 0), &strict, &arena, &names, &doc),
               JSON_SPACE);
}

/* Times. */

Test(json, numbers_as_seconds) {
  static const struct {
    const char *number;
    enum json_range range;
    int64_t seconds;
  } cases[] = {
      {"0", JSON_IN_RANGE, 0},
      {"-0", JSON_IN_RANGE, 0},
      {"0.0e99999999999999999999", JSON_IN_RANGE, 0},
      {"1", JSON_IN_RANGE, 1},
      {"-1", JSON_IN_RANGE, -1},
      {"1234567", JSON_IN_RANGE, 1234567},
      {"12345678", JSON_IN_RANGE, 12345678},
      {"123456789", JSON_IN_RANGE, 123456789},
      {"1767225600", JSON_IN_RANGE, 1767225600},
      {"123456789012345", JSON_IN_RANGE, 123456789012345},
      {"1234567890123456", JSON_IN_RANGE, 1234567890123456},
      {"-1767225600", JSON_IN_RANGE, -1767225600},
      {"1767225600.5", JSON_IN_RANGE, 1767225601},
      {"1767225600.0", JSON_IN_RANGE, 1767225600},
      {"1767225600.000000000000000000000000000000000000001", JSON_IN_RANGE, 1767225601},
      {"-1767225600.5", JSON_IN_RANGE, -1767225600},
      {"1e10", JSON_IN_RANGE, 10000000000},
      {"1E+10", JSON_IN_RANGE, 10000000000},
      {"17672256e2", JSON_IN_RANGE, 1767225600},
      {"1.7672256e9", JSON_IN_RANGE, 1767225600},
      {"17672256005e-1", JSON_IN_RANGE, 1767225601},
      {"17672256000e-1", JSON_IN_RANGE, 1767225600},
      {"0.00000000000000000001767225600e29", JSON_IN_RANGE, 1767225600},
      {"176722560000000000000000000000e-20", JSON_IN_RANGE, 1767225600},
      {"0.1", JSON_IN_RANGE, 1},
      {"-0.9", JSON_IN_RANGE, 0},
      {"1e-400", JSON_IN_RANGE, 1},
      {"-1e-400", JSON_IN_RANGE, 0},
      {"1e-99999999999999999999999", JSON_IN_RANGE, 1},
      {"9007199254740991", JSON_IN_RANGE, 9007199254740991},
      {"-9007199254740991", JSON_IN_RANGE, -9007199254740991},
      {"9007199254740991.0", JSON_IN_RANGE, 9007199254740991},
      {"9007199254740990.1", JSON_IN_RANGE, 9007199254740991},
      {"9007199254740991.1", JSON_OUT_OF_RANGE, 0},
      {"-9007199254740991.1", JSON_OUT_OF_RANGE, 0},
      {"9007199254740992", JSON_OUT_OF_RANGE, 0},
      {"-9007199254740992", JSON_OUT_OF_RANGE, 0},
      {"9223372036854775807", JSON_OUT_OF_RANGE, 0},
      {"9223372036854775808", JSON_OUT_OF_RANGE, 0},
      {"18446744073709551617", JSON_OUT_OF_RANGE, 0},
      {"1e16", JSON_OUT_OF_RANGE, 0},
      {"1e30", JSON_OUT_OF_RANGE, 0},
      {"1e400", JSON_OUT_OF_RANGE, 0},
      {"-1e400", JSON_OUT_OF_RANGE, 0},
      {"1e99999999999999999999999", JSON_OUT_OF_RANGE, 0},
      {"0.000001e18446744073709551616", JSON_OUT_OF_RANGE, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cr_assert_eq(parse(cases[i].number), JSON_OK, "%s", cases[i].number);
    int64_t seconds = 0;
    enum json_range range = json_seconds(json_bytes(doc.nodes), &seconds);
    cr_expect_eq(range, cases[i].range, "%s", cases[i].number);
    cr_expect_eq(seconds, cases[i].seconds, "%s: %lld", cases[i].number, (long long)seconds);
  }
}

Test(json, numbers_of_400_digits) {
  char number[420];
  int64_t seconds = 5;
  memset(number, '9', 400);
  cr_expect_eq(json_seconds(bytes_of(number, 400), &seconds), JSON_OUT_OF_RANGE);
  cr_expect_eq(seconds, 5);
  sprintf(number + 400, "e-391");
  cr_expect_eq(json_seconds(bytes_str(number), &seconds), JSON_IN_RANGE);
  cr_expect_eq(seconds, 1000000000);
  memset(number, '0', 400);
  memcpy(number, "0.", 2);
  sprintf(number + 400, "7e400");
  cr_expect_eq(json_seconds(bytes_str(number), &seconds), JSON_IN_RANGE);
  cr_expect_eq(seconds, 70);
}

/* The JSONTestSuite: y_ must be accepted, n_ refused, i_ is left to the reader and pinned here. */

static const struct {
  const char *file;
  enum json_fault fault;
} left_open[] = {
    {"i_number_double_huge_neg_exp.json", JSON_OK},
    {"i_number_huge_exp.json", JSON_OK},
    {"i_number_neg_int_huge_exp.json", JSON_OK},
    {"i_number_pos_double_huge_exp.json", JSON_OK},
    {"i_number_real_neg_overflow.json", JSON_OK},
    {"i_number_real_pos_overflow.json", JSON_OK},
    {"i_number_real_underflow.json", JSON_OK},
    {"i_number_too_big_neg_int.json", JSON_OK},
    {"i_number_too_big_pos_int.json", JSON_OK},
    {"i_number_very_big_negative_int.json", JSON_OK},
    {"i_object_key_lone_2nd_surrogate.json", JSON_SURROGATE},
    {"i_string_1st_surrogate_but_2nd_missing.json", JSON_SURROGATE},
    {"i_string_1st_valid_surrogate_2nd_invalid.json", JSON_SURROGATE},
    {"i_string_UTF-16LE_with_BOM.json", JSON_UTF8},
    {"i_string_UTF-8_invalid_sequence.json", JSON_UTF8},
    {"i_string_UTF8_surrogate_U+D800.json", JSON_UTF8},
    {"i_string_incomplete_surrogate_and_escape_valid.json", JSON_SURROGATE},
    {"i_string_incomplete_surrogate_pair.json", JSON_SURROGATE},
    {"i_string_incomplete_surrogates_escape_valid.json", JSON_SURROGATE},
    {"i_string_invalid_lonely_surrogate.json", JSON_SURROGATE},
    {"i_string_invalid_surrogate.json", JSON_SURROGATE},
    {"i_string_invalid_utf-8.json", JSON_UTF8},
    {"i_string_inverted_surrogates_U+1D11E.json", JSON_SURROGATE},
    {"i_string_iso_latin_1.json", JSON_UTF8},
    {"i_string_lone_second_surrogate.json", JSON_SURROGATE},
    {"i_string_lone_utf8_continuation_byte.json", JSON_UTF8},
    {"i_string_not_in_unicode_range.json", JSON_UTF8},
    {"i_string_overlong_sequence_2_bytes.json", JSON_UTF8},
    {"i_string_overlong_sequence_6_bytes.json", JSON_UTF8},
    {"i_string_overlong_sequence_6_bytes_null.json", JSON_UTF8},
    {"i_string_truncated-utf-8.json", JSON_UTF8},
    {"i_string_utf16BE_no_BOM.json", JSON_SYNTAX},
    {"i_string_utf16LE_no_BOM.json", JSON_SYNTAX},
    {"i_structure_500_nested_arrays.json", JSON_OK},
    {"i_structure_UTF-8_BOM_empty_object.json", JSON_BOM},
};

static void check_left_open(const char *file, enum json_fault fault, size_t *count) {
  for (size_t i = 0; i < sizeof left_open / sizeof *left_open; i++)
    if (strcmp(left_open[i].file, file) == 0) {
      cr_expect_eq(fault, left_open[i].fault, "%s: fault %d", file, fault);
      ++*count;
      return;
    }
  cr_expect_fail("%s is not in the table", file);
}

static enum json_fault parse_file(const char *folder, const char *name) {
  char path[4096];
  char *data;
  size_t len;
  struct assay_error error;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  cr_assert(file_read(path, &data, &len, &error), "%s", error.text);
  cr_assert_leq(len, TEXT_MAX);
  enum json_fault fault = parse_as(bytes_of(data, len), &grammar);
  free(data);
  return fault;
}

Test(json, json_test_suite) {
  char folder[4000];
  const char *vectors = getenv("ASSAY_VECTORS");
  if (vectors)
    snprintf(folder, sizeof folder, "%s/JSONTestSuite/test_parsing", vectors);
  else
    snprintf(folder, sizeof folder, "%s/../shared/vectors/JSONTestSuite/test_parsing", ASSAY_SOURCE_DIR);
  DIR *dir = opendir(folder);
  if (!dir)
    cr_skip_test("no vectors at %s", folder);
  size_t accepted = 0, refused = 0, open = 0;
  for (struct dirent *entry; (entry = readdir(dir));) {
    if (entry->d_name[0] == '.')
      continue;
    enum json_fault fault = parse_file(folder, entry->d_name);
    accepted += entry->d_name[0] == 'y';
    refused += entry->d_name[0] == 'n';
    if (entry->d_name[0] == 'y')
      cr_expect_eq(fault, JSON_OK, "%s: fault %d", entry->d_name, fault);
    else if (entry->d_name[0] == 'n')
      cr_expect_neq(fault, JSON_OK, "%s", entry->d_name);
    else
      check_left_open(entry->d_name, fault, &open);
  }
  closedir(dir);
  cr_expect_eq(accepted, 95);
  cr_expect_eq(refused, 188);
  cr_expect_eq(open, 35);
}

/* The order of numbers whose seconds, rounded up, are the same. */
Test(json, fractions_decide_between_times_of_the_same_second) {
  static const struct {
    const char *a, *b;
    int order;
  } rows[] = {{"5", "5", 0},
              {"4.9", "5", -1},
              {"5", "4.9", 1},
              {"4.9", "4.90", 0},
              {"4.25", "4.3", -1},
              {"4.3", "4.25", 1},
              {"4.999999999999999999999999999999998", "4.999999999999999999999999999999999", -1},
              {"5.0", "5", 0},
              {"50e-1", "5.000", 0},
              {"49e-1", "4.9", 0},
              {"0.49e1", "4.91", -1},
              {"1e-999999999999", "1e-999999999998", -1},
              {"0.001", "1e-3", 0},
              {"0.001", "0.0010000000000000001", -1},
              {"-1.7", "-1.2", -1},
              {"-1.2", "-1", -1},
              {"-0.5", "0", -1},
              {"-0.5", "-5e-1", 0}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct assay_bytes a = bytes_str(rows[i].a), b = bytes_str(rows[i].b);
    int order = json_fraction_order(a, b), other = json_fraction_order(b, a);
    cr_expect_eq((order > 0) - (order < 0), rows[i].order, "%s and %s: %d", rows[i].a, rows[i].b, order);
    cr_expect_eq((other > 0) - (other < 0), -rows[i].order, "%s and %s: %d", rows[i].b, rows[i].a, other);
  }
  cr_expect(json_has_fraction(bytes_str("1767225600.001")));
  cr_expect_not(json_has_fraction(bytes_str("1767225600.000")));
  cr_expect_not(json_has_fraction(bytes_str("17672256e2")));
}
