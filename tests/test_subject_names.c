/* What subjects may be called, where their libraries lie, and in what order they stand. */
#include "harness/subject/subject_spec.h"
#include "tests/cli.h"

#define MANY 66
#define CHECK BIN "/assay check --corpus %s --alg HS256 --subject "

Test(subject_names, the_floor_is_known_by_what_it_is) {
  COMPLAINS(shell(CHECK "floor=null,openssl 2>&1", test_corpus()), "'floor=null'", "always called null");
  COMPLAINS(shell(CHECK "null=" TEST_MODULES "/liar.so 2>&1", test_corpus()), "the name of the floor");
  const char *folder = fresh_folder();
  shell("cp " TEST_MODULES "/liar.so %s/null.so", folder);
  COMPLAINS(shell(CHECK "%s/null.so 2>&1", test_corpus(), folder), "the name of the floor");
  shell("rm -rf %s", folder);
}

Test(subject_names, the_floor_stands_last_wherever_it_was_named) {
  const struct ran *ran = shell(CHECK "null,openssl --json 2>/dev/null", test_corpus());
  cr_assert_eq(ran->code, 0);
  json_t *result = json_loads(ran->out, 0, NULL);
  const json_t *subjects = json_object_get(result, "subjects");
  cr_assert_eq(json_array_size(subjects), 2);
  cr_expect_str_eq(json_string_value(json_object_get(json_array_get(subjects, 1), "name")), "null");
  json_decref(result);
  ran = shell(BIN "/assay leak --corpus %s --samples 1000 --subject null,openssl 2>&1", test_corpus());
  cr_expect(ran->code == 0 || ran->code == 3, "%s", ran->out);
}

/* Over 4 KB, the floor among them, and behind the 64th a verifier that refuses all tokens of an algorithm. */
static const char *long_list(void) {
  static char list[7000];
  size_t used = 0;
  list[0] = '\0';
  for (int i = 0; i < MANY; i++)
    used += (size_t)sprintf(list + used, "a-label-as-long-as-they-may-be-at-the-very-most-%d-%s=openssl,%s",
                            i, i < 10 ? "xxxxxxxxxxxxx" : "xxxxxxxxxxxx", i == 3 ? "null," : "");
  sprintf(list + used, "odd=exec:" ASSAY_SOURCE_DIR "/tests/programs/odd_verifier.py choosy");
  cr_assert(used > 4096);
  return list;
}

/* The result of a command about all of them. */
static json_t *result_of(const char *command) {
  const char *folder = fresh_folder();
  char path[4200];
  const struct ran *ran = shell(BIN "/assay %s --corpus %s --json --subject '%s' >%s/result.json", command,
                                test_corpus(), long_list(), folder);
  cr_assert_eq(ran->code, 0);
  snprintf(path, sizeof path, "%s/result.json", folder);
  json_t *result = json_load_file(path, 0, NULL);
  cr_assert_not_null(result);
  shell("rm -rf %s", folder);
  return result;
}

Test(subject_names, all_of_a_list_of_many_are_asked) {
  json_t *result = result_of("check --alg HS256 --quick"), *row;
  const json_t *subjects = json_object_get(result, "subjects");
  cr_expect_eq(json_array_size(subjects), MANY + 2);
  size_t i;
  json_array_foreach(subjects, i, row) {
    char label[64];
    snprintf(label, sizeof label, "a-label-as-long-as-they-may-be-at-the-very-most-%zu-", i);
    const char *name = json_string_value(json_object_get(row, "name"));
    cr_expect(i < MANY ? strncmp(name, label, strlen(label)) == 0
                       : strcmp(name, i == MANY ? "odd" : "null") == 0,
              "%zu: %s", i, name);
  }
  json_decref(result);
}

static unsigned count_rows(const json_t *result, const char *metric, const char *subject, bool measured) {
  unsigned count = 0;
  size_t i;
  json_t *row;
  json_array_foreach(json_object_get(result, "speed"), i, row) {
    count += strcmp(json_string_value(json_object_get(row, "metric")), metric) == 0 &&
             json_is_number(json_object_get(row, "ns")) == measured &&
             (!subject || strcmp(json_string_value(json_object_get(row, "subject")), subject) == 0);
  }
  return count;
}

/* What one verifier refuses costs it its own figure alone. */
Test(subject_names, all_of_a_list_of_many_are_measured) {
  json_t *result = result_of("bench --alg HS384 --launches 1 --seconds 0.2 --threads 1");
  cr_expect_eq(count_rows(result, "verify", NULL, true), MANY + 1);
  cr_expect_eq(count_rows(result, "verify", "null", true), 1);
  cr_expect_eq(count_rows(result, "verify", "odd", false), 1);
  cr_expect_eq(count_rows(result, "primitive", NULL, true), MANY);
  cr_expect_eq(count_rows(result, "key_import", NULL, true), MANY);
  json_decref(result);
}

Test(subject_names, an_option_again_goes_on_with_the_list) {
  const struct ran *ran = shell(CHECK "null --subject b=openssl,a=openssl --json 2>/dev/null", test_corpus());
  json_t *result = json_loads(ran->out, 0, NULL);
  const json_t *subjects = json_object_get(result, "subjects");
  static const char *const names[] = {"b", "a", "null"};
  cr_assert_eq(json_array_size(subjects), 3, "exit %d: %.2000s", ran->code, ran->out);
  for (size_t i = 0; i < 3; i++)
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(subjects, i), "name")), names[i]);
  json_decref(result);
}

/* Nothing is cut off without a word, and nothing is made or opened before a slip is told. */
Test(subject_names, what_cannot_be_is_told_before_anything_else) {
  char label[80], module[5000];
  memset(label, 'x', sizeof label);
  memset(module, 'y', sizeof module);
  label[64] = module[sizeof module - 1] = '\0';
  COMPLAINS(shell(CHECK "%s=openssl 2>&1", "nowhere", label), "the label 'xxx", "longer than 63 bytes");
  COMPLAINS(shell(CHECK "%s.so 2>&1", "nowhere", module), "the subject 'yyy", "longer than 4095 bytes");
  COMPLAINS(shell(CHECK "openssl,x=openssl,openssl 2>&1", "nowhere"), "two subjects are called 'openssl'");
  COMPLAINS(shell(CHECK "backends,openssl 2>&1", "nowhere"), "two subjects are called 'openssl'");
  COMPLAINS(shell(CHECK "opensll 2>&1", "nowhere"), "did you mean 'openssl'?");
  COMPLAINS(shell(CHECK "'' 2>&1", test_corpus()), "--subject names no subject");
  COMPLAINS(shell(CHECK "x= 2>&1", "nowhere"), "'x=' names no subject");
  COMPLAINS(shell(BIN "/assay leak --corpus nowhere --subject opensll 2>&1"), "did you mean 'openssl'?");
  COMPLAINS(shell(BIN "/assay gate --base openssl --head opensll --corpus nowhere 2>&1"),
            "did you mean 'openssl'?");
  COMPLAINS(shell(BIN "/assay gate --base x=openssl --head x=openssl 2>&1"), "two subjects are called 'x'");
}

Test(subject_names, what_runs_elsewhere_is_not_counted) {
  if (shell("which valgrind >/dev/null")->code != 0)
    cr_skip_test("valgrind is not installed");
  const struct ran *ran = shell(
      BIN "/assay bench --count instructions --alg HS256 --corpus %s --subject 'odd=exec:" ASSAY_SOURCE_DIR
          "/tests/programs/odd_verifier.py choosy' 2>&1",
      test_corpus());
  cr_expect_eq(ran->code, 4, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "odd: instructions are not counted: it runs in another process"), "%s",
                     ran->out);
}

Test(subject_names, a_program_without_a_stem_has_a_label_all_the_same) {
  struct subject_spec spec;
  struct assay_error error = {0};
  subject_spec_parse(&spec, "exec:/opt/.hidden --fast", NULL, &error);
  cr_expect_str_eq(spec.label, ".hidden");
  subject_spec_parse(&spec, "exec:/opt/", NULL, &error);
  cr_expect_str_eq(spec.label, "exec");
  subject_spec_parse(&spec, "exec:/opt/check.py", NULL, &error);
  cr_expect_str_eq(spec.label, "check");
}
