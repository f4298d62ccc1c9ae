/* scripts/programs: what scripts, tests and adapters call and no listed package brings is found where it is
 * called, whatever this machine happens to have; and what is brought is not. On Release alone. */
#include "tests/cli.h"

/* A project of one more file, as git and the script see it. */
static const char *project_with(const char *file, const char *text) {
  const char *folder = fresh_folder();
  char path[256];
  cr_assert_eq(shell("cd %s && mkdir scripts && cp " ASSAY_SOURCE_DIR "/scripts/programs " ASSAY_SOURCE_DIR
                     "/scripts/lib.sh " ASSAY_SOURCE_DIR "/scripts/packages.txt scripts",
                     folder)
                   ->code,
               0);
  snprintf(path, sizeof path, "%s/%s", folder, file);
  FILE *stream = fopen(path, "w");
  cr_assert_not_null(stream);
  fputs(text, stream);
  fclose(stream);
  cr_assert_eq(shell("cd %s && git init -q . && git add %s", folder, file)->code, 0);
  return folder;
}

static void expect_found(const char *file, const char *text, const char *found) {
  if (shell("command -v dpkg-query && command -v shfmt")->code != 0)
    cr_skip_test("there is no dpkg-query or shfmt");
  const char *folder = project_with(file, text);
  const struct ran *ran =
      shell("/usr/bin/python3 %s/scripts/programs check 2>&1 | sed 's/, which no package.*//'", folder);
  cr_expect_str_eq(ran->out, found, "%s: %s", text, ran->out);
  shell("rm -rf %s", folder);
}

Test(scripts, programs_that_no_package_brings_are_found_in_scripts) {
  expect_found("a.sh", "seq 3 | grep 2 | absent -x\n", "a.sh:1: calls absent\n");
  expect_found("a.sh", "x=$(nice -n 5 absent \"$1\")\n", "a.sh:1: calls absent\n");
  expect_found("a.sh", "find . -print0 | xargs -0 -n 4 absent\n", "a.sh:1: calls absent\n");
  expect_found("a.sh", "sh -c 'if absent; then sed p; fi'\n", "a.sh:1: calls absent\n");
  expect_found("a.sh", "own() { awk 1; }\nown absent # absent\necho 'absent | absent'\n", "");
}

Test(scripts, programs_that_no_package_brings_are_found_in_tests_and_builds) {
  expect_found("a.c", "x;\nshell(\"cd %s && printf '%%d' 1 | absent\"\n\" -x\", y);\n",
               "a.c:2: calls absent\n");
  expect_found("a.c", "shell(BIN \"/assay list | tail -n 1; \" WRAP \" x\");\n", "");
  expect_found("a.c", "shell(\"cd 'x\");\n", "a.c:1: this command line cannot be read\n");
  expect_found("a.c", "char *a[] = {\"absent\", NULL};\nprogram_run(a, 0);\n", "a.c:1: calls absent\n");
  expect_found("a.c",
               "execl(\"/usr/bin"
               "/absent\");\n",
               "a.c:1: calls absent\n");
  expect_found("a.cmake", "execute_process(COMMAND absent -x)\n", "a.cmake:1: calls absent\n");
}

Test(scripts, modules_that_no_package_brings_are_found) {
  expect_found("a.py", "import json\nfrom absent.part import x\n",
               "a.py:2: calls the Python module absent.part\n");
  expect_found("a.py", "subprocess.run([\"absent\", path])\n", "a.py:1: calls absent\n");
  expect_found("a.rb", "require \"jwt\"\nrequire \"absent\"\n", "a.rb:2: calls the Ruby module absent\n");
  expect_found("a.mjs", "import { x } from \"node:fs\";\nawait import(\"absent\");\n",
               "a.mjs:2: calls the Node.js module absent\n");
}

/* What the tests run with: a developer's machine has more programs than the list brings, and they are not
 * seen. */
Test(scripts, a_folder_holds_what_is_brought_and_nothing_else) {
  if (shell("command -v dpkg-query")->code != 0)
    cr_skip_test("there is no dpkg-query");
  const char *folder = fresh_folder();
  cr_assert_eq(shell(ASSAY_SOURCE_DIR "/scripts/programs folder %s/bin", folder)->code, 0);
  const struct ran *ran =
      shell("for p in sh awk cc cmake python3 absent; do test -x %s/bin/$p && echo $p; done", folder);
  cr_expect_str_eq(ran->out, "sh\nawk\ncc\ncmake\npython3\n");
  shell("rm -rf %s", folder);
}
