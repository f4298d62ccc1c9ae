/* Reading result files: what is refused, and the sentence that says why. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <unistd.h>

#include "tests/sample_result.h"
#include "tests/verdict_rows.h"

static const struct result_view plain = {.columns = 100};

static json_t *sample_json(void) {
  struct result *result = sample_rich();
  char *text = sample_render("json", result, plain);
  json_t *json = json_loads(text, 0, NULL);
  cr_assert(json != NULL);
  free(text);
  result_free(result);
  return json;
}

static char *render_1(const struct result *result) {
  char *text = sample_render("json", result, plain), *old = as_version_1(text);
  free(text);
  return old;
}

static json_t *sample_json_1(void) {
  struct result *result = sample_rich();
  char *text = render_1(result);
  json_t *json = json_loads(text, 0, NULL);
  cr_assert(json != NULL);
  free(text);
  result_free(result);
  return json;
}

/* Parses from memory of exactly the text's size, so that reading past its end is seen. */
static struct result *parse(const char *text, size_t len, struct assay_error *error) {
  char *exact = malloc(len ? len : 1);
  memcpy(exact, text, len);
  struct result *result = result_parse(exact, len, "r.json", error);
  free(exact);
  return result;
}

static void assert_refused(const char *text, const char *sentence) {
  struct assay_error error = {0};
  struct result *result = parse(text, strlen(text), &error);
  cr_assert_eq(result, NULL);
  cr_assert_str_eq(error.text, sentence);
}

static void assert_json_refused(json_t *json, const char *sentence) {
  char *text = json_dumps(json, 0);
  assert_refused(text, sentence);
  free(text);
  json_decref(json);
}

Test(result_read, names_line_and_column_of_bad_syntax) {
  assert_refused("{\n \"schema\": \"assay-result/2\",\n \"tool\": tru\n}",
                 "r.json:3:12: not valid JSON: invalid token near 'tru'");
  assert_refused("{\"schema\":NaN}", "r.json:1:13: not valid JSON: invalid token near 'NaN'");
  assert_refused("{\"schema\":1,\"schema\":1}",
                 "r.json:1:20: not valid JSON: duplicate object key near '\"schema\"'");
}

Test(result_read, says_where_a_file_was_cut_off) {
  assert_refused("", "r.json: the file is empty");
  assert_refused("{\"schema\":\"assay-result/2\",\n\"tool\":{",
                 "r.json:2:8: the file ends in the middle: it was cut off");
}

Test(result_read, refuses_every_prefix_of_a_result) {
  struct result *result = sample_rich();
  char *text = sample_render("json", result, plain);
  size_t length = strlen(text);
  for (size_t cut = 0; cut + 2 < length; cut += 1 + length / 300) {
    struct assay_error error = {0};
    cr_assert_eq(parse(text, cut, &error), NULL);
    cr_assert(strncmp(error.text, "r.json", 6) == 0 && strlen(error.text) > 20, "%zu: %s", cut, error.text);
  }
  free(text);
  result_free(result);
}

Test(result_read, names_another_schema) {
  assert_refused("{\"schema\":\"assay-result/3\"}",
                 "r.json: schema is \"assay-result/3\", and this program reads "
                 "\"assay-result/2\" and \"assay-result/1\"");
  assert_refused("{\"schema\":1}", "r.json: schema is a whole number, not \"assay-result/2\"");
  assert_refused("{\"context\":{}}", "r.json: the file has no schema: it is not a result (assay-result/2)");
  assert_refused("[1]", "r.json: the file holds an array, not a result (assay-result/2)");
}

Test(result_read, names_a_field_of_the_wrong_type) {
  json_t *json = sample_json();
  json_object_set_new(json_array_get(json_object_get(json, "speed"), 3), "ns", json_string("26912"));
  assert_json_refused(json, "r.json: speed[3].ns is a string, not a number");

  json = sample_json();
  json_object_set_new(json_object_get(json, "run"), "launches", json_real(1.5));
  assert_json_refused(json, "r.json: run.launches is a fraction, not a whole number");

  json = sample_json();
  json_object_set_new(json, "partial", json_integer(1));
  assert_json_refused(json, "r.json: partial is a whole number, not true or false");

  json = sample_json();
  json_object_set_new(json, "speed", json_object());
  assert_json_refused(json, "r.json: speed is an object, not an array");

  json = sample_json();
  json_object_set_new(json, "tool", json_null());
  assert_json_refused(json, "r.json: tool is null, not an object");

  json = sample_json();
  json_array_set_new(json_object_get(json, "command"), 1, json_true());
  assert_json_refused(json, "r.json: command[1] is a boolean, not a string");

  json = sample_json();
  json_t *drift = json_array_get(json_object_get(json, "drift"), 0);
  json_object_set_new(json_object_get(drift, "answers"), "openssl", json_array());
  assert_json_refused(json, "r.json: drift[0].answers.openssl is an array, not a string");

  json = sample_json();
  json_t *samples = json_object_get(json_array_get(json_object_get(json, "speed"), 0), "samples");
  json_array_set_new(samples, 2, json_string("1"));
  assert_json_refused(json, "r.json: speed[0].samples[2] is a string, not a number");

  json = sample_json();
  json_object_set_new(json_object_get(json_array_get(json_object_get(json, "subjects"), 1), "module"),
                      "flags", json_integer(2));
  assert_json_refused(json, "r.json: subjects[1].module.flags is a whole number, not a string");
}

Test(result_read, names_a_value_out_of_range) {
  json_t *json = sample_json_1();
  json_object_set_new(json_array_get(json_object_get(json, "verdicts"), 2), "crash", json_integer(-1));
  assert_json_refused(json, "r.json: verdicts[2].crash is -1, and must lie between 0 and 4294967295");

  json = sample_json();
  json_t *tokens = json_object_get(json_array_get(json_object_get(json, "classes"), 2), "tokens");
  json_object_set_new(tokens, "RS256", json_integer(-1));
  assert_json_refused(json, "r.json: classes[2].tokens.RS256 is -1, and must lie between 0 and "
                            "9223372036854775807");

  json = sample_json();
  json_object_set_new(json_object_get(json, "machine"), "cores", json_integer(5000000000));
  assert_json_refused(json, "r.json: machine.cores is 5000000000, and must lie between 0 and 4294967295");

  json = sample_json();
  json_object_set_new(json_array_get(json_object_get(json, "speed"), 0), "p99_ns", json_real(-0.5));
  assert_json_refused(json, "r.json: speed[0].p99_ns is negative; a figure that is missing is null");

  json = sample_json();
  json_object_set_new(json_object_get(json, "corpus"), "seed", json_string("18446744073709551616"));
  assert_json_refused(json, "r.json: corpus.seed is a string, but not the digits of a 64-bit number");

  json = sample_json();
  json_object_set_new(json_object_get(json, "corpus"), "tokens", json_string("19200"));
  assert_json_refused(json, "r.json: corpus.tokens is a string, not a whole number");
}

Test(result_read, names_a_field_that_is_missing) {
  json_t *json = sample_json_1();
  json_object_del(json_array_get(json_object_get(json, "verdicts"), 7), "tokens");
  assert_json_refused(json, "r.json: verdicts[7] has no tokens");

  json = sample_json_1();
  json_object_del(json, "verdicts");
  assert_json_refused(json, "r.json: the result has no verdicts");

  json = sample_json();
  json_object_del(json_array_get(json_object_get(json, "classes"), 7), "tokens");
  assert_json_refused(json, "r.json: classes[7] has no tokens");

  json = sample_json();
  json_object_del(json, "classes");
  assert_json_refused(json, "r.json: the result has no classes");

  json = sample_json();
  json_object_del(json, "machine");
  assert_json_refused(json, "r.json: the result has no machine");
}

Test(result_read, ignores_fields_that_it_does_not_know) {
  json_t *json = sample_json();
  json_object_set_new(json, "weather", json_string("of a later version"));
  json_object_set_new(json_array_get(json_object_get(json, "speed"), 0), "joules", json_real(0.5));
  char *text = json_dumps(json, 0);
  struct assay_error error = {0};
  struct result *result = parse(text, strlen(text), &error);
  cr_assert(result != NULL, "%s", error.text);
  cr_assert_str_eq(result->speed[0].subject, "openssl");
  result_free(result);
  free(text);
  json_decref(json);
}

Test(result_read, defuses_what_it_quotes) {
  struct assay_error error = {0};
  const char *text = "{\"schema\":\"\\u001b[31m\"}";
  cr_assert_eq(parse(text, strlen(text), &error), NULL);
  cr_assert(!strchr(error.text, 0x1b));
}

Test(result_read, reads_files) {
  char path[] = "/tmp/assay-result-XXXXXX";
  int fd = mkstemp(path);
  cr_assert(fd >= 0);
  struct result *result = sample_rich();
  char *text = sample_render("json", result, plain);
  cr_assert_eq((size_t)write(fd, text, strlen(text)), strlen(text));
  close(fd);
  struct assay_error error = {0};
  struct result *again = result_read(path, &error);
  cr_assert(again != NULL, "%s", error.text);
  cr_assert_eq(again->verdict_count, result->verdict_count);
  unlink(path);
  cr_assert_eq(result_read(path, &error), NULL);
  cr_assert(strstr(error.text, path) && strstr(error.text, "No such file"));
  result_free(again);
  free(text);
  result_free(result);
}

/* The same object, its members in the opposite order. */
static json_t *reversed(json_t *json) {
  const char *key, *keys[64];
  size_t count = 0;
  json_t *out = json_object(), *value;
  json_object_foreach(json, key, value) {
    cr_assert_lt(count, 64);
    keys[count++] = key;
  }
  while (count-- > 0)
    json_object_set(out, keys[count], json_object_get(json, keys[count]));
  return out;
}

/* The lists are read row by row, wherever they stand and however the file is laid out. */
Test(result_read, takes_any_layout) {
  struct result *result = sample_hostile();
  result_set(&result->subjects[0].note, "brackets ]}\" and \\\" in a text, [{");
  char *text = sample_render("json", result, plain);
  json_t *json = json_loads(text, 0, NULL);
  json_t *orders[] = {json, reversed(json)};
  for (size_t i = 0; i < 4; i++) {
    struct assay_error error = {0};
    char *other =
        json_dumps(orders[i % 2], (i < 2 ? JSON_COMPACT : JSON_INDENT(3)) | JSON_REAL_PRECISION(15));
    struct result *again = parse(other, strlen(other), &error);
    cr_assert(again != NULL, "%s", error.text);
    char *rendered = sample_render("json", again, plain);
    cr_assert_str_eq(rendered, text);
    free(rendered);
    result_free(again);
    free(other);
  }
  json_decref(orders[1]);
  json_decref(json);
  free(text);
  result_free(result);
}

/* The reader of rows finds their ends by itself: what it passes over must still be JSON. */
Test(result_read, refuses_what_stands_between_rows) {
  struct result *result = sample_rich();
  char *text = sample_render("json", result, plain);
  static const char *const spoils[][2] = {{"\"speed\":[\n  {", "\"speed\":[\n ,{"},
                                          {"},\n  {\"subject\"", "} \n  {\"subject\""},
                                          {"},\n  {\"subject\"", "}:\n  {\"subject\""},
                                          {"\n ],\n \"memory\"", "\n },\n \"memory\""},
                                          {"\n ],\n \"memory\"", ",\n],\n \"memory\""},
                                          {"\n}\n", "\n}]"},
                                          {"\n}\n", "\n  "}};
  for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
    struct assay_error error = {0};
    char *spoiled = strdup(text), *at = strstr(spoiled, spoils[i][0]);
    cr_assert(at != NULL, "%zu", i);
    cr_assert_eq(strlen(spoils[i][0]), strlen(spoils[i][1]), "%zu", i);
    memcpy(at, spoils[i][1], strlen(spoils[i][1]));
    cr_assert_null(parse(spoiled, strlen(spoiled), &error), "%zu", i);
    cr_assert(strncmp(error.text, "r.json:", 7) == 0, "%s", error.text);
    free(spoiled);
  }
  free(text);
  result_free(result);
}

/* A result of version 1 with one verdict row whose members are these. */
static char *with_verdict(const char *members) {
  struct result *result = result_new();
  char *text = render_1(result), *out = NULL,
       *row = strstr(text, "\"verdicts\":[") + strlen("\"verdicts\":[");
  *row = '\0';
  result_setf(&out, "%s{%s}]%s", text, members, row + 1);
  free(text);
  result_free(result);
  return out;
}

#define TEXTS                                                                                                \
  "\"level\":\"pipeline\",\"subject\":\"openssl\",\"class\":\"exp-boundary\",\"variant\":\"\",\"stage\":\"-" \
  "\","                                                                                                      \
  "\"alg\":\"RS256\""
#define NAMES TEXTS ",\"expected\":\"any\""

/* Most rows are read without Jansson, which must not be told by what they come to. */
Test(result_read, reads_a_row_in_any_spelling) {
  static const char *const spellings[] = {
      NAMES ",\"tokens\":12,\"right\":7",       NAMES " , \"tokens\" : 12 ,\n\t\"right\" : 7 ",
      "\"right\":7,\"tokens\":12," NAMES,       NAMES ",\"tokens\":12,\"later\":{\"right\":1},\"right\":7",
      NAMES ",\"tokens\":12,\"r\\u0069ght\":7", NAMES ",\"tokens\":12,\"right\":7,\"examples\":[],\"hang\":0",
  };
  for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
    struct assay_error error = {0};
    char *text = with_verdict(spellings[i]);
    struct result *result = parse(text, strlen(text), &error);
    cr_assert(result != NULL, "%zu: %s", i, error.text);
    cr_assert_eq(result->verdict_count, 1);
    cr_assert_str_eq(result->verdicts[0].class_id, "exp-boundary");
    cr_assert_str_eq(result->verdicts[0].variant, "");
    cr_assert_eq(result->verdicts[0].tokens, 12);
    cr_assert_eq(result->verdicts[0].right, 7);
    cr_assert_eq(result->verdicts[0].hang, 0);
    result_free(result);
    free(text);
  }
}

Test(result_read, refuses_what_is_wrong_in_a_row) {
  static const char *const rows[] = {
      NAMES ",\"tokens\":012",
      NAMES ",\"tokens\":-1",
      NAMES ",\"tokens\":1.5",
      NAMES ",\"tokens\":9223372036854775808",
      NAMES ",\"tokens\":12,\"tokens\":12",
      NAMES ",\"tokens\":12,",
      NAMES ",\"tokens\":12 7",
      NAMES ",\"tokens\":\"12\"",
      NAMES ",\"tokens\":12,\"examples\":[\"a\tb\"]",
      NAMES ",\"tokens\":12,\"examples\":[7]",
      NAMES,
      "\"tokens\":12,\"examples\":[],\"right\":7,\"right\t\":7," NAMES,
      "\"tokens\":12," TEXTS ",\"expected\":\"any\t\"",
      "\"tokens\":12," NAMES ",\"alg\":\"RS256\"",
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct assay_error error = {0};
    char *text = with_verdict(rows[i]);
    cr_assert_null(parse(text, strlen(text), &error), "%s", rows[i]);
    cr_assert(strncmp(error.text, "r.json", 6) == 0, "%s: %s", rows[i], error.text);
    free(text);
  }
}

/* What fits into no more than JSON's own integers, and texts beyond ASCII. */
Test(result_read, reads_large_counts_and_any_text) {
  struct assay_error error = {0};
  char *text = with_verdict(NAMES ",\"tokens\":4294967295,\"right\":4294967294,"
                                  "\"examples\":[\"\\u00e9\",\"\xc3\xa9\"]");
  struct result *result = parse(text, strlen(text), &error);
  cr_assert(result != NULL, "%s", error.text);
  cr_assert_eq(result->verdicts[0].tokens, UINT32_MAX);
  cr_assert_eq(result->verdicts[0].right, UINT32_MAX - 1);
  cr_assert_eq(result->verdicts[0].examples.count, 2);
  cr_assert_str_eq(result->verdicts[0].examples.items[0], result->verdicts[0].examples.items[1]);
  result_free(result);
  free(text);
}
