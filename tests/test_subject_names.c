/* What subjects may be called, where their libraries lie, and in what order they stand. */
#include "tests/cli.h"

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

Test(subject_names, a_prefix_is_a_folder_that_holds_the_library) {
  const char *folder = fresh_folder();
  COMPLAINS(shell(CHECK "openssl@ 2>&1", test_corpus()), "names no folder");
  COMPLAINS(shell(CHECK "openssl@/nowhere 2>&1", test_corpus()), "openssl@/nowhere: there is no such folder");
  COMPLAINS(shell(CHECK "openssl@%s 2>&1", test_corpus(), folder), "not one under");
  /* A link leads there as well as the folder itself, and so does a way that is relative. */
  shell("ln -s /usr %s/usr", folder);
  cr_expect_eq(shell(CHECK "openssl@%s/usr 2>&1", test_corpus(), folder)->code, 0);
  cr_expect_eq(shell("cd %s && " CHECK "openssl@usr 2>&1", folder, test_corpus())->code, 0);
  shell("rm -rf %s", folder);
}

Test(subject_names, more_than_a_line_of_them_is_read_to_its_end) {
  char list[6000] = "";
  for (int i = 0; i < 40; i++)
    sprintf(list + strlen(list), "%*s%d=openssl,", 100, "long-label-", i);
  for (char *at = list; *at; at++)
    *at = *at == ' ' ? 'x' : *at;
  COMPLAINS(shell(CHECK "%s 2>&1", test_corpus(), list), "more than 32 subjects");
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
