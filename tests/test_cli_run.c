/* The main job on a small corpus: what a result keeps, crash and hang survived, Ctrl-C,
 * isolation. Runs alone. */
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "build_facts.h"
#include "tests/cli.h"
#include "tests/verdict_rows.h"

static json_t *result_in(const char *folder) {
  char path[256];
  json_error_t problem;
  snprintf(path, sizeof path, "%s/result.json", folder);
  json_t *result = json_load_file(path, 0, &problem);
  cr_assert_not_null(result, "%s: %s", path, problem.text);
  return result;
}

static const char *string_in(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

static long long number_in(const json_t *object, const char *key) {
  return json_integer_value(json_object_get(object, key));
}

/* Sums one count over all verdict rows of a subject. */
static long long sum_of(const json_t *result, const char *subject, const char *key) {
  long long sum = 0;
  size_t i;
  json_t *row;
  json_array_foreach(verdict_rows(result), i, row) if (strcmp(string_in(row, "subject"), subject) == 0) sum +=
      number_in(row, key);
  return sum;
}

/* Of most classes, since the one token of some is too long or no text; bounded. */
Test(cli_run, the_result_keeps_the_texts_of_a_few_tokens) {
  const char *folder = fresh_folder();
  const struct ran *ran =
      shell(BIN "/assay check --corpus %s --subject openssl --output %s 2>&1", test_corpus(), folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  json_t *result = result_in(folder), *tokens = json_object_get(result, "tokens"), *token;
  size_t i, bytes = 0;
  cr_expect_geq(json_array_size(tokens), 100);
  cr_expect_leq(json_array_size(tokens), 200);
  json_array_foreach(tokens, i, token) {
    char class_part[128];
    snprintf(class_part, sizeof class_part, "/%s/", string_in(token, "class"));
    cr_expect_not_null(strstr(string_in(token, "id"), class_part), "%s", string_in(token, "id"));
    cr_expect_leq(strlen(string_in(token, "token")), 4096);
    bytes += strlen(string_in(token, "token"));
  }
  cr_expect_leq(bytes, 192 << 10);
  token = json_array_get(tokens, 0);
  ran = shell(BIN "/assay check --corpus %s --subject openssl --explain %s | tr -d ' \\n'", test_corpus(),
              string_in(token, "id"));
  cr_expect_not_null(strstr(ran->out, string_in(token, "token")), "%s", ran->out);
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(cli_run, variants_agree_with_their_backends) {
  const struct ran *ran =
      shell(BIN "/assay check --corpus %s --subject openssl:init-per-call,openssl:import-per-call,"
                "openssl:shared-keys,boringssl:shared-keys 2>&1",
            test_corpus());
  cr_assert_eq(ran->code, 0, "%s", ran->out);
}

static json_t *machine_named(const char *environment) {
  const struct ran *ran =
      shell("%s " BIN "/assay check --corpus %s --subject openssl --alg HS256 --json 2>/dev/null",
            environment, test_corpus());
  json_t *json = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(json, "%s", ran->out);
  json_t *machine = json_incref(json_object_get(json, "machine"));
  json_decref(json);
  return machine;
}

/* Results are passed on, and network names tell of their owners. */
Test(cli_run, the_machine_has_a_name_only_where_one_was_given) {
  json_t *machine = machine_named("unset ASSAY_HOST;");
  cr_assert_str_eq(string_in(machine, "host"), "");
  json_decref(machine);
  machine = machine_named("ASSAY_HOST=bench-1");
  cr_assert_str_eq(string_in(machine, "host"), "bench-1");
  json_decref(machine);
}

Test(cli_run, the_loaded_library_is_the_backends_own) {
  const struct ran *ran = shell(BIN "/assay list openssl boringssl wolfssl --json 2>/dev/null");
  cr_assert_eq(ran->code, 0);
  json_t *list = json_loads(ran->out, 0, NULL), *one;
  size_t i;
  static const char *const own[][2] = {
      {"openssl", "/libcrypto.so.3"}, {"boringssl", "/android/libcrypto.so"}, {"wolfssl", "/libwolfssl.so"}};
  unsigned found = 0;
  json_array_foreach(list, i, one) for (size_t k = 0; k < 3;
                                        k++) if (strcmp(string_in(one, "name"), own[k][0]) == 0) {
    cr_assert_not_null(strstr(string_in(one, "path"), own[k][1]), "%s loaded %s", own[k][0],
                       string_in(one, "path"));
    found++;
  }
  cr_assert_eq(found, 3);
  json_decref(list);
}

/* The signing input of one valid HS256 token of the corpus, in its id's place. */
static void pick_trigger(const char *alg, char *id, char *input, size_t size) {
  FILE *lines = fopen(TEST_CORPUS "/tokens.jsonl", "r");
  cr_assert_not_null(lines);
  char *line = NULL;
  size_t capacity = 0;
  id[0] = '\0';
  while (!id[0] && getline(&line, &capacity, lines) > 0) {
    json_t *token = json_loads(line, 0, NULL);
    if (strcmp(string_in(token, "class"), "valid") == 0 && strstr(string_in(token, "id"), alg)) {
      snprintf(id, 256, "%s", string_in(token, "id"));
      snprintf(input, size, "%s", string_in(token, "token"));
      *strrchr(input, '.') = '\0';
    }
    json_decref(token);
  }
  free(line);
  fclose(lines);
  cr_assert_neq(id[0], '\0');
}

/* Lines of the corpus filed under an algorithm. */
static long long count_lines(const char *alg) {
  FILE *lines = fopen(TEST_CORPUS "/tokens.jsonl", "r");
  cr_assert_not_null(lines);
  char *line = NULL;
  size_t capacity = 0;
  long long count = 0;
  while (getline(&line, &capacity, lines) > 0) {
    json_t *token = json_loads(line, 0, NULL);
    const char *target = string_in(token, "target"); /* where the header names another algorithm, or none */
    count += strcmp(target[0] ? target : string_in(token, "alg"), alg) == 0;
    json_decref(token);
  }
  free(line);
  fclose(lines);
  return count;
}

/* A module that does something bad on one token: the run names the token and every other one is answered. */
static void survives(const char *module, const char *what) {
  char id[256], *input = malloc(70000);
  test_corpus();
  pick_trigger("HS256", id, input, 70000);
  const char *folder = fresh_folder();
  const struct ran *ran =
      shell("ASSAY_TEST_TRIGGER='%s' " BIN "/assay check --corpus " TEST_CORPUS " --subject " TEST_MODULES
            "/%s.so --alg HS256 --hang-after 0.5 --output %s 2>&1",
            input, module, folder);
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  json_t *result = result_in(folder), *row;
  long long tokens = sum_of(result, module, "tokens"), lines = 0;
  size_t i;
  cr_assert_eq(sum_of(result, module, what), 1);
  json_array_foreach(verdict_rows(result), i, row) if (number_in(row, what) > 0)
      cr_assert_str_eq(json_string_value(json_array_get(json_object_get(row, "examples"), 0)), id);
  lines = count_lines("HS256");
  cr_assert_eq(tokens, lines, "%lld of %lld tokens were answered", tokens, lines);
  json_decref(result);
  shell("rm -rf %s", folder);
  free(input);
}

Test(cli_run, a_crash_names_its_token_and_the_rest_is_answered) {
  survives("crash", "crash");
}

Test(cli_run, a_hang_names_its_token_and_the_rest_is_answered) {
  survives("hang", "hang");
}

Test(cli_run, a_wrong_verdict_inside_a_measured_block_is_found) {
  char id[256], *input = malloc(70000);
  test_corpus();
  pick_trigger("HS256", id, input, 70000);
  const struct ran *ran =
      shell("ASSAY_TEST_TRIGGER='%s' " BIN "/assay bench --corpus " TEST_CORPUS " --subject " TEST_MODULES
            "/liar.so --alg HS256 --seconds 0.3 --launches 1 --threads 1 2>&1",
            input);
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, id), "%s", ran->out);
  free(input);
}

Test(cli_run, a_crash_inside_a_measured_block_is_survived) {
  char id[256], *input = malloc(70000);
  test_corpus();
  pick_trigger("HS256", id, input, 70000);
  const struct ran *ran =
      shell("ASSAY_TEST_TRIGGER='%s' " BIN "/assay bench --corpus " TEST_CORPUS " --subject " TEST_MODULES
            "/crash.so,openssl --alg HS256,ES256 --seconds 0.5 --launches 1 --threads 1 2>&1",
            input);
  cr_assert_eq(ran->code, 2, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, id), "%s", ran->out);
  free(input);
}

/* The default corpus takes seconds to make. */
Test(cli_run, interrupted_before_it_began_says_so) {
  const char *folder = fresh_folder();
  const struct ran *ran = shell("ASSAY_CACHE=%s timeout --preserve-status -s INT 0.5 " BIN
                                "/assay check --subject openssl 2>&1 >/dev/null | tail -n 1",
                                folder);
  cr_expect_str_eq(ran->out, "assay check: interrupted before it began; there is no result\n");
  shell("rm -rf %s", folder);
}

Test(cli_run, ctrl_c_leaves_a_valid_partial_result) {
  const char *folder = fresh_folder();
  test_corpus();
  /* timeout sends the signal that Ctrl-C sends, and --preserve-status passes the exit code on. */
  const struct ran *ran = shell("timeout --preserve-status -s INT 3 " BIN "/assay run --corpus " TEST_CORPUS
                                " --subject openssl --seconds 100 --output %s 2>&1",
                                folder);
  cr_assert_eq(ran->code, 130, "exit %d: %s", ran->code, ran->out);
  json_t *result = result_in(folder);
  cr_assert(json_is_true(json_object_get(result, "partial")));
  cr_assert_not_null(strstr(ran->out, "artial"), "%s", ran->out);
  json_decref(result);
  ran = shell("ls -A %s | grep -v '^result\\.\\(json\\|md\\|html\\)$'", folder);
  cr_assert_str_eq(ran->out, "", "left behind: %s", ran->out);
  shell("rm -rf %s", folder);
}

/* What was answered by then stands, and what nobody was asked is in no row. */
Test(cli_run, an_interrupted_check_keeps_its_verdicts) {
  const char *folder = fresh_folder();
  char id[256], *input = malloc(70000);
  test_corpus();
  pick_trigger("ES256", id, input, 70000);
  /* By then it waits for the one that hangs: sooner, where nothing slows it down. */
  int until_s = strcmp(ASSAY_SANITIZER, "none") == 0 ? 4 : 15;
  const struct ran *ran = shell(
      "ASSAY_TEST_TRIGGER='%s' timeout --preserve-status -s INT %d " BIN "/assay check --corpus " TEST_CORPUS
      " --hang-after 100 --subject openssl," TEST_MODULES "/hang.so --output %s 2>&1",
      input, until_s, folder);
  free(input);
  cr_assert_eq(ran->code, 130, "exit %d: %s", ran->code, ran->out);
  cr_expect_not_null(strstr(ran->out, "verdicts: openssl has answered "), "%s", ran->out);
  json_t *result = result_in(folder);
  cr_expect(json_is_true(json_object_get(result, "partial")));
  long long all = json_integer_value(json_object_get(json_object_get(result, "run"), "tokens_to_ask"));
  long long whole = sum_of(result, "openssl", "tokens"), cut = sum_of(result, "hang", "tokens");
  cr_expect(whole > 0 && whole <= all, "%lld of %lld", whole, all);
  cr_expect(cut > 0 && cut < all, "%lld of %lld", cut, all);
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(cli_run, a_measured_run_has_every_figure_it_promises) {
  const char *folder = fresh_folder();
  test_corpus();
  const struct ran *ran =
      shell(BIN "/assay run --corpus " TEST_CORPUS
                " --subject openssl,null --alg HS256,ES256 --seconds 0.5 --launches 2 --output %s 2>&1",
            folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  json_t *result = result_in(folder), *row;
  size_t i;
  unsigned verify = 0, primitive = 0, import = 0, context = 0, floor = 0;
  json_array_foreach(json_object_get(result, "speed"), i, row) {
    const char *metric = string_in(row, "metric");
    cr_assert(json_is_number(json_object_get(row, "ns")), "%s has no figure", metric);
    cr_assert(json_is_true(json_object_get(row, "verdicts_ok")));
    if (strcmp(string_in(row, "subject"), "null") == 0)
      floor++;
    else if (strcmp(metric, "verify") == 0) {
      verify++;
      cr_assert(json_is_number(json_object_get(row, "of_primitive")));
      cr_assert(json_is_number(json_object_get(row, "p99_ns")));
      cr_assert_eq(json_array_size(json_object_get(row, "samples")), 2, "one sample a launch");
    }
    primitive += strcmp(metric, "primitive") == 0;
    import += strcmp(metric, "key_import") == 0;
    context += strcmp(metric, "context") == 0;
  }
  cr_assert_eq(verify, 2);
  cr_assert_eq(primitive, 2);
  cr_assert_eq(import, 2);
  cr_assert_eq(context, 1);
  cr_assert_eq(floor, 1);
  cr_assert_eq(json_array_size(json_object_get(result, "scaling")), 2);
  ran = shell("/usr/bin/python3 -c 'import json,jsonschema,sys\n"
              "jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' "
              "%s/result.json " ASSAY_SOURCE_DIR "/reports/result.schema.json 2>&1",
              folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(cli_run, what_a_library_lacks_is_a_row_that_says_so) {
  const char *folder = fresh_folder();
  test_corpus();
  const struct ran *ran = shell(
      BIN "/assay run --corpus " TEST_CORPUS
          " --subject boringssl --alg Ed448,ES256 --seconds 0.3 --launches 1 --threads 1 --output %s 2>&1",
      folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "not in this library"), "%s", ran->out);
  json_t *result = result_in(folder);
  cr_assert_gt(sum_of(result, "boringssl", "unsupported"), 0);
  json_decref(result);
  shell("rm -rf %s", folder);
}
