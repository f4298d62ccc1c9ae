/* From a suite's tests to cases; see suite.h. */
#include "corpus/import/shared/suite.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/readers/case_keys.h"
#include "corpus/readers/own_trust.h"
#include "corpus/readers/token_json.h"
#include "corpus/store/token_alg.h"
#include "harness/base/files/file.h"
#include "harness/base/text/time_text.h"

#define ISSUER_UNNAMED "https://suite.example" /* of tokens that name none */
#define PLACE_BYTES 128
#define KEYS_MAX (sizeof((struct suite_mapping *)0)->keys / sizeof(char *))

/* ---- JSON Pointer ---- */

/* One part of a pointer, its escapes undone (RFC 6901 4). Returns what follows it. */
static const char *part_read(const char *at, char *part, size_t size) {
  size_t len = 0;
  for (; *at && *at != '/'; at++) {
    char c = *at;
    if (c == '~' && (at[1] == '0' || at[1] == '1'))
      c = *++at == '0' ? '~' : '/';
    if (len + 1 < size)
      part[len++] = c;
  }
  part[len] = '\0';
  return at;
}

static json_t *member_at(const json_t *json, const char *part) {
  if (!json_is_array(json))
    return json_object_get(json, part);
  char *end;
  unsigned long index = strtoul(part, &end, 10);
  return part[0] >= '0' && part[0] <= '9' && !*end ? json_array_get(json, index) : NULL;
}

/* Borrowed; NULL where there is nothing. "" is the value itself. */
static const json_t *pointed(const json_t *json, const char *pointer) {
  char part[256];
  while (json && *pointer == '/') {
    pointer = part_read(pointer + 1, part, sizeof part);
    json = member_at(json, part);
  }
  return json;
}

/* ---- the mapping ---- */

static bool mapping_wrong(const char *path, const char *member, const char *what, struct assay_error *error) {
  return error_set(error, "%s: '%s' %s", path, member, what);
}

static bool is_pointer(const char *text) {
  return text && (text[0] == '/' || text[0] == '\0');
}

static bool read_keys(const json_t *value, struct suite_mapping *mapping) {
  size_t count = json_is_array(value) ? json_array_size(value) : 1;
  for (size_t i = 0; i < count && i < KEYS_MAX; i++) {
    mapping->keys[i] = json_string_value(json_is_array(value) ? json_array_get(value, i) : value);
    if (!is_pointer(mapping->keys[i]))
      return false;
  }
  return count > 0 && count <= KEYS_MAX;
}

/* The members that are strings. */
static const struct field {
  const char *name;
  size_t at; /* in struct suite_mapping */
  bool required;
} fields[] = {
#define FIELD(name, required)                                                                                \
  { #name, offsetof(struct suite_mapping, name), required }
    FIELD(groups, false), FIELD(tests, true), FIELD(token, true), FIELD(result, true), FIELD(id, false),
#undef FIELD
};
#define FIELD_COUNT (sizeof fields / sizeof *fields)

static bool check_members(const char *path, const json_t *root, struct assay_error *error) {
  const char *known[FIELD_COUNT + 6] = {"class", "keys", "now", "valid", "invalid"};
  const char *name;
  json_t *value;
  for (size_t i = 0; i < FIELD_COUNT; i++)
    known[5 + i] = fields[i].name;
  json_object_foreach((json_t *)root, name, value) {
    size_t i = 0;
    while (known[i] && strcmp(known[i], name) != 0)
      i++;
    const char *near = known[i] ? NULL : near_miss(name, known);
    if (!known[i])
      return error_set(error, "%s: unknown member '%.100s'%s%s%s", path, name, near ? ", did you mean '" : "",
                       near ? near : "", near ? "'?" : "");
  }
  return true;
}

static bool read_field(const char *path, const json_t *root, const struct field *field,
                       struct suite_mapping *mapping, struct assay_error *error) {
  const json_t *value = json_object_get(root, field->name);
  const char *text = json_string_value(value);
  if (!value)
    return !field->required || mapping_wrong(path, field->name, "is missing", error);
  if (!is_pointer(text))
    return mapping_wrong(path, field->name, "is no JSON Pointer, such as \"/tests\"", error);
  memcpy((char *)mapping + field->at, &text, sizeof text);
  return true;
}

/* ---- results ---- */

/* As a mapping may write it, too: true is "true". NULL: it is none. */
static const char *result_text(const json_t *result, char number[32]) {
  if (json_is_boolean(result))
    return json_is_true(result) ? "true" : "false";
  if (!json_is_integer(result))
    return json_string_value(result);
  snprintf(number, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(result));
  return number;
}

static bool is_word(const json_t *result, const json_t *word) {
  char number[32], other[32];
  const char *text = result_text(result, number), *wanted = result_text(word, other);
  return text && wanted && strcmp(text, wanted) == 0;
}

static const json_t *word_at(const json_t *words, size_t index) {
  if (json_is_array(words))
    return json_array_get(words, index);
  return index == 0 ? words : NULL;
}

/* usual: where the mapping says nothing. */
static bool is_result(const json_t *result, const json_t *words, const char *usual) {
  char number[32];
  const char *text = result_text(result, number);
  const json_t *word;
  if (!words)
    return text && strcmp(text, usual) == 0;
  for (size_t i = 0; (word = word_at(words, i)); i++)
    if (is_word(result, word))
      return true;
  return false;
}

static bool are_words(const json_t *words) {
  char number[32];
  const json_t *word;
  for (size_t i = 0; (word = word_at(words, i)); i++)
    if (!result_text(word, number))
      return false;
  return !json_is_array(words) || json_array_size(words) > 0;
}

/* A result cannot be both. */
static bool words_differ(const char *path, const struct suite_mapping *mapping, struct assay_error *error) {
  json_t *usual = must(json_string("valid"));
  const json_t *valid = mapping->valid ? mapping->valid : usual, *word;
  char number[32];
  bool ok = true;
  for (size_t i = 0; ok && (word = word_at(valid, i)); i++)
    if (is_result(word, mapping->invalid, "invalid"))
      ok = error_set(error, "%s: '%.100s' is both 'valid' and 'invalid'", path, result_text(word, number));
  json_decref(usual);
  return ok;
}

static bool read_words(const char *path, const json_t *root, struct suite_mapping *mapping,
                       struct assay_error *error) {
  static const char what[] = "is no text, truth value or whole number, nor an array of these";
  mapping->valid = json_object_get(root, "valid");
  mapping->invalid = json_object_get(root, "invalid");
  if (!are_words(mapping->valid))
    return mapping_wrong(path, "valid", what, error);
  if (!are_words(mapping->invalid))
    return mapping_wrong(path, "invalid", what, error);
  return words_differ(path, mapping, error);
}

static bool read_mapping(const char *path, const json_t *root, struct suite_mapping *mapping,
                         struct assay_error *error) {
  const json_t *keys = json_object_get(root, "keys"), *now = json_object_get(root, "now"),
               *class_id = json_object_get(root, "class");
  *mapping = (struct suite_mapping){.class_id = "suite", .now = CORPUS_NOW_UNSET};
  if (!json_is_object(root))
    return error_set(error, "%s: a mapping is a JSON object", path);
  if (!check_members(path, root, error))
    return false;
  for (size_t i = 0; i < FIELD_COUNT; i++)
    if (!read_field(path, root, &fields[i], mapping, error))
      return false;
  if (!read_keys(keys, mapping))
    return mapping_wrong(path, "keys", "is a JSON Pointer, or an array of at most four", error);
  if (class_id && (!json_string_value(class_id) || !json_string_length(class_id)))
    return mapping_wrong(path, "class", "is no name", error);
  if (now && (!json_is_integer(now) || llabs(json_integer_value(now)) > TIME_SECONDS_MAX))
    return mapping_wrong(path, "now", "is no number of seconds since 1970", error);
  if (!read_words(path, root, mapping, error))
    return false;
  mapping->class_id = class_id ? json_string_value(class_id) : mapping->class_id;
  mapping->now = now ? json_integer_value(now) : mapping->now;
  return true;
}

static json_t *load(const char *path, struct assay_error *error) {
  json_error_t problem;
  char *text;
  size_t len;
  if (!file_read_stream(path, &text, &len, error))
    return NULL;
  json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &problem);
  free(text);
  if (!root)
    error_set(error, "%s:%d:%d: %s", file_stream_name(path), problem.line > 0 ? problem.line : 1,
              problem.column > 0 ? problem.column : 1, problem.text);
  return root;
}

bool suite_mapping_read(const char *path, struct suite_mapping *mapping, json_t **root,
                        struct assay_error *error) {
  *root = load(path, error);
  if (*root && read_mapping(file_stream_name(path), *root, mapping, error))
    return true;
  json_decref(*root);
  *root = NULL;
  return false;
}

/* ---- tests ---- */

struct suite {
  struct casebook *book;
  const struct suite_mapping *mapping;
  const char *path; /* as messages call it */
  const json_t *root;
  struct case_keys keys;
  struct pool ids;
  struct import_faults faults;
  size_t unknown; /* results that are neither valid nor invalid */
  struct assay_error first_unknown;
};

/* Where a test stands. */
struct place {
  const json_t *group, *test;
  char text[PLACE_BYTES]; /* "/testGroups/3/tests/0" */
};

static void wrong(struct suite *suite, const struct place *place, const char *what) {
  struct assay_error fault;
  error_set(&fault, "%s: %s: %s", suite->path, place->text, what);
  import_fault(&suite->faults, &fault);
}

/* A copy without what only a private key has; of a secret, its `k` is all there is. */
static void make_public(json_t *jwk) {
  static const char *const private_members[] = {"d", "p", "q", "dp", "dq", "qi", "oth"};
  for (size_t i = 0; i < sizeof private_members / sizeof *private_members; i++)
    json_object_del(jwk, private_members[i]);
}

/* New reference; NULL where there are none. */
static json_t *keys_of(const struct suite *suite, const struct place *place) {
  const json_t *const scopes[] = {place->test, place->group, suite->root}, *found = NULL;
  for (size_t scope = 0; scope < 3 && !found; scope++)
    for (size_t i = 0; i < KEYS_MAX && suite->mapping->keys[i] && !found; i++)
      found = pointed(scopes[scope], suite->mapping->keys[i]);
  json_t *keys = json_deep_copy(found), *jwk;
  size_t i;
  make_public(keys);
  json_array_foreach(json_is_array(keys) ? keys : json_object_get(keys, "keys"), i, jwk) make_public(jwk);
  return keys;
}

/* Counts what the mapping has no word for. */
static void note_unknown(struct suite *suite, const struct place *place, const char *result) {
  if (suite->unknown++ == 0)
    error_set(&suite->first_unknown, "'%.100s' at %s", result, place->text);
}

static enum expect_verdict verdict_of(struct suite *suite, const struct place *place, const json_t *result,
                                      bool is_jwt) {
  bool valid = is_result(result, suite->mapping->valid, "valid");
  bool invalid = is_result(result, suite->mapping->invalid, "invalid");
  char number[32];
  if (!valid && !invalid)
    note_unknown(suite, place, result_text(result, number));
  if (invalid)
    return EXPECT_REJECT;
  return valid && is_jwt ? EXPECT_ACCEPT : EXPECT_ANY;
}

/* The key set of a case line and the one policy that it is for. */
static bool set_trust(const struct suite *suite, struct corpus_case *one, const char *iss, json_t *keys,
                      struct assay_error *error) {
  struct keyfile keyfile;
  if (!keyfile_of_json(keys, &keyfile, error))
    return false;
  json_t *algs = own_trust_algorithms(&keyfile);
  keyfile_fini(&keyfile);
  json_t *policy = must(json_pack("{s:s, s:[{s:s, s:s, s:o}]}", "schema", "assay-policy/1", "issuers", "iss",
                                  iss, "audience", "any", "algorithms", algs));
  json_t *all = must(json_pack("{s:O}", iss, keys));
  if (suite->mapping->now != CORPUS_NOW_UNSET)
    json_object_set_new(policy, "now", json_integer(suite->mapping->now));
  one->policy = must(json_dumps(policy, JSON_COMPACT));
  one->keys = must(json_dumps(all, JSON_COMPACT));
  json_decref(policy);
  json_decref(all);
  return true;
}

static void set_alg(struct casebook *book) {
  struct corpus_case *one = &book->cases[book->case_count - 1];
  struct token_header header;
  token_header_read(bytes_of(one->token, one->token_len), &header);
  one->alg = token_alg(book, one->setting, &header);
  token_header_fini(&header);
}

/* The test's own id, or its place; one that stands twice gets its place as well. */
static char *id_of(struct suite *suite, const struct place *place) {
  const json_t *value = suite->mapping->id ? pointed(place->test, suite->mapping->id) : NULL;
  char id[512];
  if (json_is_integer(value))
    snprintf(id, sizeof id, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
  else
    snprintf(id, sizeof id, "%.300s", json_string_value(value) ? json_string_value(value) : place->text);
  uint32_t *index = pool_value(&suite->ids, bytes_str(id));
  if (*index != CORPUS_NONE)
    snprintf(id + strlen(id), sizeof id - strlen(id), "%s", place->text);
  *pool_value(&suite->ids, bytes_str(id)) = (uint32_t)suite->book->case_count;
  return must(strdup(id));
}

static void add_case(struct suite *suite, const struct place *place, struct corpus_case *one, json_t *keys) {
  struct assay_error why;
  json_t *claims = token_json(bytes_of(one->token, one->token_len), 1);
  const char *iss = token_json_text(claims, "iss");
  const json_t *result = pointed(place->test, suite->mapping->result);
  one->verdict = verdict_of(suite, place, result, iss != NULL);
  one->variant = import_variant(suite->book, "", suite->mapping->class_id, iss ? "" : "no-jwt");
  bool ok = set_trust(suite, one, iss ? iss : ISSUER_UNNAMED, keys, &why) &&
            case_keys_settle(&suite->keys, one, &why) && book_add(suite->book, one, &why);
  json_decref(claims);
  if (!ok) {
    wrong(suite, place, why.text);
    corpus_case_fini(one);
    return;
  }
  set_alg(suite->book);
}

static void take_test(struct suite *suite, const struct place *place) {
  const json_t *token = pointed(place->test, suite->mapping->token);
  const json_t *result = pointed(place->test, suite->mapping->result);
  char number[32];
  json_t *keys = keys_of(suite, place);
  if (!json_is_string(token))
    wrong(suite, place, "there is no string where the mapping has 'token'");
  else if (!result)
    wrong(suite, place, "there is nothing where the mapping has 'result'");
  else if (!result_text(result, number))
    wrong(suite, place, "where the mapping has 'result' is no text, truth value or whole number");
  else if (!keys)
    wrong(suite, place, "there is nothing where the mapping has 'keys', nor in its group, nor at the root");
  else {
    struct corpus_case one = {.id = id_of(suite, place),
                              .token_len = json_string_length(token),
                              .after = CORPUS_NONE,
                              .now = CORPUS_NOW_UNSET};
    one.token = (uint8_t *)must_copy(json_string_value(token), one.token_len);
    add_case(suite, place, &one, keys);
  }
  json_decref(keys);
}

static void take_group(struct suite *suite, const json_t *group, const char *at) {
  const json_t *tests = pointed(group, suite->mapping->tests);
  struct place place = {.group = group};
  snprintf(place.text, sizeof place.text, "%s%s", at, suite->mapping->tests);
  if (!json_is_array(tests))
    wrong(suite, &place, "there is no array where the mapping has 'tests'");
  for (size_t i = 0; i < json_array_size(tests); i++) {
    place.test = json_array_get(tests, i);
    snprintf(place.text, sizeof place.text, "%.48s%.48s/%zu", at, suite->mapping->tests, i);
    take_test(suite, &place);
  }
}

static bool take_groups(struct suite *suite, struct assay_error *error) {
  const char *pointer = suite->mapping->groups;
  const json_t *groups = pointer ? pointed(suite->root, pointer) : NULL;
  char at[PLACE_BYTES];
  if (!pointer)
    take_group(suite, suite->root, "");
  else if (!json_is_array(groups))
    return error_set(error, "%s: there is no array at '%s', where the mapping has 'groups'", suite->path,
                     pointer);
  for (size_t i = 0; i < json_array_size(groups); i++) {
    snprintf(at, sizeof at, "%.48s/%zu", pointer, i);
    take_group(suite, json_array_get(groups, i), at);
  }
  return true;
}

/* Words that were mistaken would leave everything unscored, without a sign of it. */
static bool results_known(const struct suite *suite, const struct import_request *request,
                          struct assay_error *error) {
  struct assay_error note;
  if (suite->unknown && suite->unknown == suite->book->case_count)
    return error_set(error, "%s: no result is valid or invalid by the mapping: the first is %s", suite->path,
                     suite->first_unknown.text);
  if (!suite->unknown || !request->tell)
    return true;
  error_set(
      &note,
      "%s: %zu of %zu results are neither valid nor invalid by the mapping, so that nothing is expected: "
      "the first is %s",
      suite->path, suite->unknown, suite->book->case_count, suite->first_unknown.text);
  request->tell(request->arg, note.text);
  return true;
}

bool suite_read(struct casebook *book, const struct import_request *request,
                const struct suite_mapping *mapping, struct assay_error *error) {
  json_t *root = load(request->path, error);
  if (!root)
    return false;
  struct suite suite = {
      .book = book, .mapping = mapping, .path = file_stream_name(request->path), .root = root};
  case_keys_init(&suite.keys, NULL);
  bool ok = take_groups(&suite, error);
  ok = import_faults_end(&suite.faults, request, error) && ok;
  if (ok && book->case_count == 0)
    ok = error_set(error, "%s: there is no test in it", suite.path);
  ok = ok && results_known(&suite, request, error);
  case_keys_fini(&suite.keys);
  pool_fini(&suite.ids);
  json_decref(root);
  return ok;
}
