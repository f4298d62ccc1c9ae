/* reports/result.schema.json, the writer and the reader say the same. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sample_result.h"

#define SCHEMA ASSAY_SOURCE_DIR "/reports/result.schema.json"

static const struct result_view plain = {.columns = 100};

/* Exit status: 0 valid, 1 not valid, 77 there is no validator. */
static const char validator[] = "import json, sys\n"
                                "try:\n"
                                "    import jsonschema\n"
                                "except ImportError:\n"
                                "    sys.exit(77)\n"
                                "schema = json.load(open(sys.argv[1]))\n"
                                "kind = jsonschema.validators.validator_for(schema)\n"
                                "kind.check_schema(schema)\n"
                                "errors = list(kind(schema).iter_errors(json.load(open(sys.argv[2]))))\n"
                                "for error in errors[:3]:\n"
                                "    print(list(error.path), error.message[:200], file=sys.stderr)\n"
                                "sys.exit(1 if errors else 0)\n";

static int validate(const char *text) {
  char path[] = "/tmp/assay-schema-XXXXXX";
  int fd = mkstemp(path);
  cr_assert(fd >= 0);
  cr_assert_eq((size_t)write(fd, text, strlen(text)), strlen(text));
  close(fd);
  pid_t pid = fork();
  if (pid == 0) {
    execl("/usr/bin/python3", "python3", "-c", validator, SCHEMA, path, (char *)NULL);
    _exit(77);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  unlink(path);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
    cr_skip_test("python3-jsonschema is not installed");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void assert_valid(struct result *result) {
  char *text = sample_render("json", result, plain);
  cr_assert_eq(validate(text), 0);
  free(text);
  result_free(result);
}

Test(report_schema, accepts_every_sample) {
  assert_valid(result_new());
  assert_valid(sample_rich());
  assert_valid(sample_hostile());
}

Test(report_schema, refuses_what_the_reader_refuses) {
  struct result *result = sample_rich();
  char *text = sample_render("json", result, plain);
  json_t *json = json_loads(text, 0, NULL);
  json_object_set_new(json_array_get(json_object_get(json, "speed"), 3), "ns", json_string("26912"));
  char *edited = json_dumps(json, 0);
  cr_assert_eq(validate(edited), 1);
  free(edited);
  json_decref(json);
  free(text);
  result_free(result);
}

static bool parses(const json_t *json, struct assay_error *error) {
  char *text = json_dumps(json, 0);
  struct result *result = result_parse(text, strlen(text), "r.json", error);
  free(text);
  result_free(result);
  return result != NULL;
}

/* Takes each member that the schema knows away from an object of the sample: the reader must miss exactly
 * those that the schema requires. */
static size_t assert_same_members(json_t *root, json_t *object, const json_t *definition, const char *name) {
  const json_t *required = json_object_get(definition, "required");
  const char *key;
  json_t *value;
  size_t checked = 0;
  cr_assert(object && definition, "%s", name);
  json_object_foreach(json_object_get(definition, "properties"), key, value) {
    json_t *kept = json_incref(json_object_get(object, key));
    cr_assert(kept != NULL, "the writer leaves out %s of %s", key, name);
    bool must = false;
    for (size_t i = 0; i < json_array_size(required); i++)
      must |= strcmp(json_string_value(json_array_get(required, i)), key) == 0;
    json_object_del(object, key);
    struct assay_error error = {0};
    cr_assert_eq(parses(root, &error), !must, "%s of %s: %s", key, name, error.text);
    cr_assert(!must || strstr(error.text, key), "%s of %s: %s", key, name, error.text);
    json_object_set_new(object, key, kept);
    checked++;
  }
  cr_assert_eq(json_object_size(object), checked, "the writer writes more of %s than the schema knows", name);
  return checked;
}

/* A class row at the end that has all that one can have, with an exception in these of its rows. */
static void fill_class(struct result *result, const char *class_id, unsigned exceptions) {
  for (unsigned i = 0; i < 4; i++) {
    struct result_verdict *row =
        sample_verdict(result, "openssl", class_id, "-", i & 1 ? ASSAY_RS256 : ASSAY_ES256, "accept");
    row->level = LEVEL_WHOLE; /* unlike those of the result */
    result_set(&row->variant, i & 2 ? "missing" : "empty");
    row->pinned = true;
    row->severity = SEVERITY_FORM;
    row->tokens = row->right = 18;
    if (exceptions >> i & 1)
      sample_fill_counters(row);
    row->tokens = 18; /* which the counters do not tell */
  }
}

Test(report_schema, requires_what_the_reader_requires) {
  static const char *const lists[][2] = {{"subjects", "subject"}, {"asked", "asked"},     {"drift", "drift"},
                                         {"taxonomy", "taxon"},   {"tokens", "token"},    {"speed", "speed"},
                                         {"memory", "memory"},    {"scaling", "scaling"}, {"gates", "gate"}};
  static const char *const objects[] = {"tool", "run", "machine", "corpus"};
  json_t *schema = json_load_file(SCHEMA, 0, NULL);
  cr_assert(schema != NULL);
  json_t *definitions = json_object_get(schema, "$defs");
  struct result *result = sample_rich();
  sample_classify(result, "pkcs1-missing-null", SEVERITY_PARSING, "RSA signatures without the hash's NULL");
  result_set(&result->taxonomy[0].sentence, "The DigestInfo has no NULL.");
  result_set(&result->taxonomy[0].reference, "RFC 8017 9.2");
  fill_class(result, "kid", 0xa); /* what is zero is left out */
  fill_class(result, "typ", 0x8);
  subject_add_gap(&result->subjects[0], "authorisation", "it checks no claims");
  sample_fill_gates(result);
  result->drift[0].severity = SEVERITY_PARSING;
  result->drift[0].tokens = 8;
  strings_add(&result->speed[0].flags, "launches");
  char *text = sample_render("json", result, plain);
  json_t *json = json_loads(text, 0, NULL);
  assert_same_members(json, json, schema, "the result");
  for (size_t i = 0; i < 4; i++)
    assert_same_members(json, json_object_get(json, objects[i]), json_object_get(definitions, objects[i]),
                        objects[i]);
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
    assert_same_members(json, json_array_get(json_object_get(json, lists[i][0]), 0),
                        json_object_get(definitions, lists[i][1]), lists[i][1]);
  const json_t *classes = json_object_get(json, "classes");
  const json_t *last = json_array_get(classes, json_array_size(classes) - 1);
  json_t *exception = json_array_get(json_object_get(last, "exceptions"), 0);
  assert_same_members(json, json_array_get(classes, json_array_size(classes) - 2),
                      json_object_get(definitions, "class"), "class");
  assert_same_members(json, exception, json_object_get(definitions, "exception"), "exception");
  assert_same_members(json, json_array_get(json_object_get(exception, "answers"), 0),
                      json_object_get(definitions, "given"), "given");
  json_t *subject = json_array_get(json_object_get(json, "subjects"), 0);
  assert_same_members(json, json_object_get(subject, "module"), json_object_get(definitions, "module"),
                      "module");
  assert_same_members(json, json_array_get(json_object_get(subject, "build"), 0),
                      json_object_get(definitions, "fact"), "fact");
  assert_same_members(json, json_array_get(json_object_get(subject, "gaps"), 0),
                      json_object_get(definitions, "gap"), "gap");
  json_t *gate = json_array_get(json_object_get(json, "gates"), 0);
  assert_same_members(json, json_array_get(json_object_get(gate, "findings"), 0),
                      json_object_get(definitions, "gate_finding"), "gate_finding");
  json_decref(json);
  json_decref(schema);
  free(text);
  result_free(result);
}
