/* Every backend that stands beside the program, whatever its library: each answers a small corpus rightly, by
 * verdict and reason, in all algorithms that it claims, and says what it is truly. A new one is in here by
 * being built. Takes long. */
#include "harness/subject/subject_spec.h"
#include "tests/cli.h"
#include "tests/verdict_rows.h"

static void set_up(void) {
  setenv("ASSAY_BIN", BIN, 1);
}

TestSuite(backends, .init = set_up, .timeout = 300);

/* By number from 0, without the floor, whose verdicts mean nothing; NULL behind the last. */
static const struct subject_found *backend(unsigned number) {
  const struct subject_found *found;
  for (unsigned i = 0; (found = subject_found(i)); i++)
    if (found->kind == SUBJECT_BACKEND && strcmp(found->name, FLOOR_NAME) != 0 && number-- == 0)
      return found;
  return NULL;
}

/* "a,b,c" */
static const char *backend_names(void) {
  static char list[2000];
  const struct subject_found *found;
  list[0] = '\0';
  for (unsigned i = 0; (found = backend(i)); i++)
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? "," : "", found->name);
  cr_assert(list[0] && strlen(list) + 1 < sizeof list);
  return list;
}

static const char *text_in(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

static const json_t *named(const json_t *list, const char *name) {
  size_t i;
  json_t *one;
  json_array_foreach(list, i, one) {
    if (strcmp(text_in(one, "name"), name) == 0)
      return one;
  }
  return NULL;
}

/* ---- verdicts ---- */

/* Checks what one backend was asked under one algorithm that it claims. Right is right by reason, too. */
static void expect_right(const json_t *result, const char *name, const char *alg) {
  static const char *const also[] = {"unscored", NULL};
  json_int_t good = 0, bad = 0;
  size_t i;
  json_t *row;
  json_array_foreach(verdict_rows(result), i, row) {
    if (!text_is(json_object_get(row, "subject"), name) || !text_is(json_object_get(row, "alg"), alg))
      continue;
    json_int_t right = json_integer_value(json_object_get(row, "right"));
    bool accepts = text_is(json_object_get(row, "expected"), "accept");
    good += accepts ? right : 0;
    bad += accepts ? 0 : right;
    char *dump = json_dumps(row, JSON_COMPACT);
    cr_expect_eq(right + verdict_sum(row, also), json_integer_value(json_object_get(row, "tokens")),
                 "%s %s: %s", name, alg, dump);
    free(dump);
  }
  cr_expect_gt(good, 0, "%s was asked about no good token of %s", name, alg);
  cr_expect_gt(bad, 50, "%s was asked about %lld bad tokens of %s", name, (long long)bad, alg);
}

/* Of what it does not claim, too: nothing is wrong, and nothing went wrong. */
static void expect_nothing_wrong(const json_t *result, const char *name) {
  static const char *const wrong[] = {"accepted", "refused",      "fault",    "crash",
                                      "hang",     "wrong_reason", "unmapped", NULL};
  size_t i;
  json_t *row;
  json_array_foreach(verdict_rows(result), i, row) {
    if (!text_is(json_object_get(row, "subject"), name) || verdict_sum(row, wrong) == 0)
      continue;
    char *dump = json_dumps(row, JSON_COMPACT);
    cr_expect_fail("%s: %s", name, dump);
    free(dump);
  }
}

Test(backends, each_answers_all_that_it_claims_for_the_right_reason) {
  const char *folder = fresh_folder();
  char path[256];
  const struct ran *ran = shell(BIN "/assay check --corpus %s --subject %s --output %s 2>&1", test_corpus(),
                                backend_names(), folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  snprintf(path, sizeof path, "%s/result.json", folder);
  json_t *result = json_load_file(path, 0, NULL), *alg;
  cr_assert_not_null(result, "%s", ran->out);
  const struct subject_found *found;
  for (unsigned number = 0; (found = backend(number)); number++) {
    const json_t *subject = named(json_object_get(result, "subjects"), found->name);
    const json_t *algs = json_object_get(subject, "algorithms");
    cr_expect_gt(json_array_size(algs), 0, "%s claims no algorithm", found->name);
    size_t i;
    json_array_foreach(algs, i, alg) expect_right(result, found->name, json_string_value(alg));
    expect_nothing_wrong(result, found->name);
  }
  json_decref(result);
  shell("rm -rf %s", folder);
}

/* ---- what they say of themselves ---- */

/* A library that is part of the module has no file of its own. */
static bool is_static(const struct subject_found *found, const char *path) {
  char module[4096];
  return realpath(found->module, module) && strcmp(module, path) == 0;
}

static void expect_identity(const struct subject_found *found, const json_t *one) {
  char build[4096], file[4096];
  const char *path = text_in(one, "path");
  cr_expect_str_not_empty(text_in(one, "library"), "%s names no library", found->name);
  cr_expect_str_not_empty(text_in(one, "version"), "%s names no version", found->name);
  cr_expect_str_not_empty(text_in(one, "summary"), "%s says nothing of what it calls", found->name);
  cr_expect(realpath(path, file) && strcmp(file, path) == 0, "%s: '%s' is no file, or a link to it",
            found->name, path);
  cr_assert(realpath(ASSAY_BINARY_DIR, build));
  cr_expect(is_static(found, path) || strncmp(path, build, strlen(build)) != 0,
            "%s takes a file of assay's for its library: %s", found->name, path);
}

Test(backends, each_says_which_library_it_is_and_no_two_are_one) {
  const struct ran *ran =
      shell(BIN "/assay list $(echo '%s' | tr , ' ') --json 2>/dev/null", backend_names());
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  json_t *list = json_loads(ran->out, 0, NULL);
  const struct subject_found *found, *other;
  for (unsigned i = 0; (found = backend(i)); i++) {
    const json_t *one = named(list, found->name);
    cr_assert_not_null(one, "%s calls itself otherwise: %s", found->name, ran->out);
    expect_identity(found, one);
    const char *path = text_in(one, "path");
    for (unsigned j = 0; j < i && (other = backend(j)); j++)
      cr_expect(is_static(found, path) || strcmp(path, text_in(named(list, other->name), "path")) != 0,
                "%s and %s are both %s", found->name, other->name, path);
  }
  json_decref(list);
}

/* ---- whom a run takes where nobody is named ---- */

static void expect_subjects(const json_t *result, const char *const *names) {
  const json_t *subjects = json_object_get(result, "subjects");
  size_t i = 0;
  for (; names[i]; i++)
    cr_expect_str_eq(text_in(json_array_get(subjects, i), "name"), names[i]);
  cr_expect_eq(json_array_size(subjects), i);
}

#define BRIEF "bench --alg HS256 --seconds 0.1 --launches 1 --threads 1 --json"

Test(backends, a_run_takes_a_few_where_nobody_is_named) {
  const struct ran *ran = shell(BIN "/assay " BRIEF " --corpus %s 2>/dev/null", test_corpus());
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%s", ran->out);
  expect_subjects(result, (const char *const[]){"openssl", "boringssl", "wolfssl", "null", NULL});
  json_decref(result);
}

/* Beside a program of its own, with two of the modules. */
Test(backends, what_is_not_built_is_left_out_with_a_sentence) {
  const char *folder = fresh_folder();
  test_corpus();
  shell("mkdir %s/bin %s/modules && cp " BIN "/assay " BIN "/assay-worker " BIN "/assay-keeper " BIN
        "/assay-corpus %s/bin/ && cp " MODULES "/openssl.so " MODULES "/null.so %s/modules/",
        folder, folder, folder, folder);
  const struct ran *ran = shell(
      "unset ASSAY_BIN; %s/bin/assay " BRIEF " --corpus " TEST_CORPUS " 2>%s/complaint", folder, folder);
  cr_expect_eq(ran->code, 0);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%s", ran->out);
  expect_subjects(result, (const char *const[]){"openssl", "null", NULL});
  static const char sentence[] =
      "of the subjects that are asked by default this build is without boringssl, wolfssl";
  cr_expect(is_among(json_object_get(result, "warnings"), sentence));
  ran = shell("cat %s/complaint", folder);
  cr_expect_not_null(strstr(ran->out, sentence), "%s", ran->out);
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(backends, groups_go_together_with_names) {
  struct subject_specs specs = {0};
  struct assay_error error = {0};
  cr_assert(subject_specs_add_list(&specs, "default,mine=openssl:init-per-call", &error), "%s", error.text);
  static const char *const labels[] = {"openssl", "boringssl", "wolfssl", "mine", "null"};
  cr_assert_eq(specs.count, 5);
  for (size_t i = 0; i < 5; i++) {
    cr_expect_str_eq(specs.items[i].label, labels[i]);
    cr_expect_eq(specs.items[i].by_name, i == 3);
  }
  cr_expect_str_empty(specs.absent);
  subject_specs_fini(&specs);
}
