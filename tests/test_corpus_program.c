/* The program assay-corpus from outside: what it prints, and how it ends. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/corpus_fixture.h"

static const char program[] = ASSAY_BINARY_DIR "/bin/assay-corpus";

/* Runs it with its output in folder/out and folder/err; returns how it ended. */
static int run(const char *folder, const char *arguments) {
  char command[4096];
  if (access(program, X_OK) != 0)
    cr_skip_test("assay-corpus is not built");
  snprintf(command, sizeof command, "cd %s && %s %s >out 2>err", folder, program, arguments);
  int status = system(command);
  cr_assert(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static void assert_output(const char *folder, const char *name, const char *expected) {
  struct assay_bytes text = fixture_read(folder, name);
  cr_expect_str_eq((const char *)text.ptr, expected);
  free((void *)text.ptr);
}

static bool output_has(const char *folder, const char *name, const char *words) {
  struct assay_bytes text = fixture_read(folder, name);
  bool found = strstr((const char *)text.ptr, words) != NULL;
  free((void *)text.ptr);
  return found;
}

Test(program, wrong_use_ends_with_4_and_a_sentence) {
  static const char *const rows[][2] = {
      {"generat", "assay corpus: there is no command 'generat'; did you mean 'generate'?\n"},
      {"xyz", "assay corpus: there is no command 'xyz'; there are: generate, learn, import, keys, policy, "
              "verify, sha256, classes, show, export, help\n"},
      {"generate", "assay corpus: generate: --out DIR is missing\n"},
      {"generate --out x --seed 1 --seed 2", "assay corpus: --seed is given twice\n"},
      {"import a --policy b --out x --policy=c", "assay corpus: --policy is given twice\n"},
      {"generate --out x --sed 1", "assay corpus: there is no option '--sed'; did you mean '--seed'?\n"},
      {"generate --out x --seed", "assay corpus: --seed needs a value\n"},
      {"generate --out x --seed -1",
       "assay corpus: --seed takes a number from 0 to 9223372036854775807, not '-1'\n"},
      {"generate --out x --threads 0", "assay corpus: --threads takes a number from 1 to 256, not '0'\n"},
      {"generate --out x --profile smal",
       "assay corpus: there is no profile 'smal'; did you mean 'small'?\n"},
      {"generate --out x y", "assay corpus: 'y' is one argument too many\n"},
      {"import --out x", "assay corpus: import: FILE is missing\n"},
      {"verify", "assay corpus: verify: DIR is missing\n"},
      {"verify x --seed 1",
       "assay corpus: there is no option '--seed'; `assay corpus verify --help` lists them\n"},
      {"verify nowhere", "assay corpus: nowhere/manifest.json: not there: this is no corpus\n"},
      {"sha256 nowhere", "assay corpus: nowhere: No such file or directory\n"},
  };
  const char *folder = fixture_folder();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    cr_expect_eq(run(folder, rows[i][0]), 4, "%s", rows[i][0]);
    assert_output(folder, "err", rows[i][1]);
    assert_output(folder, "out", "");
  }
  fixture_remove(folder);
}

Test(program, help_is_an_answer) {
  const char *folder = fixture_folder();
  cr_expect_eq(run(folder, "--help"), 0);
  cr_expect(output_has(folder, "out", "usage: assay corpus COMMAND"));
  static const char *const commands[] = {"generate", "learn",   "import", "verify",
                                         "sha256",   "classes", "show",   "export"};
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    char arguments[32], usage[64];
    snprintf(arguments, sizeof arguments, "%s --help", commands[i]);
    snprintf(usage, sizeof usage, "usage: assay corpus %s ", commands[i]);
    cr_expect_eq(run(folder, arguments), 0);
    cr_expect(output_has(folder, "out", usage), "%s", commands[i]);
    cr_expect(output_has(folder, "out", "\nExamples:\n"), "%s", commands[i]);
    cr_expect_eq(output_has(folder, "out", "--pattern REGEX"), strcmp(commands[i], "learn") == 0);
    cr_expect_eq(output_has(folder, "out", "--tokens N"), strcmp(commands[i], "generate") == 0);
    cr_expect_eq(output_has(folder, "out", "\nFormats of import:\n"), strcmp(commands[i], "import") == 0);
  }
  cr_expect_eq(run(folder, ""), 4);
  fixture_remove(folder);
}

Test(program, sha256_prints_as_sha256sum_does) {
  const char *folder = fixture_folder();
  fixture_write_str(folder, "a b", "abc");
  cr_expect_eq(run(folder, "sha256 'a b' err"), 0);
  assert_output(folder, "out",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a b\n"
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  err\n");
  fixture_remove(folder);
}

Test(program, classes_lists_the_registry) {
  const char *folder = fixture_folder();
  cr_expect_eq(run(folder, "classes --json"), 0);
  json_t *list = json_load_file(fixture_path(folder, "out"), 0, NULL);
  size_t count = 0;
  for (size_t i = 0; mutation_groups[i]; i++)
    count += mutation_groups[i]->class_count;
  cr_expect_eq(json_array_size(list), count);
  json_decref(list);
  fixture_remove(folder);
}

/* Only a few cases, by import: generating is tested from within. */
Test(program, imports_and_verifies) {
  const char *folder = fixture_folder();
  fixture_write_str(folder, "cases.jsonl",
                    "{\"id\":\"x\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"accept\"},"
                    "\"policy\":{\"issuers\":[{\"iss\":\"b\",\"keys\":{\"keys\":[]}}]}}\n");
  cr_expect_eq(run(folder, "import cases.jsonl --out sub/corpus/ --json"), 0);
  cr_expect(output_has(folder, "out", "\"tokens\": 1"));
  cr_expect_eq(run(folder, "verify sub/corpus"), 0);
  assert_output(folder, "err", "");
  fixture_write_str(folder, "sub/corpus/tokens.jsonl", "");
  cr_expect_eq(run(folder, "verify sub/corpus"), 4);
  cr_expect(output_has(folder, "err", "sub/corpus/tokens.jsonl has 0 bytes, but manifest.json says"));
  fixture_write_str(folder, "cases.jsonl", "{\n");
  cr_expect_eq(run(folder, "import cases.jsonl --out other"), 4);
  cr_expect(output_has(folder, "err", "assay corpus: cases.jsonl:1:"));
  cr_expect_neq(access(fixture_path(folder, "other"), F_OK), 0);
  fixture_remove(folder);
}

/* The same corpus again is nothing to tell; another one ends what stood there. */
Test(program, a_corpus_that_is_replaced_is_named) {
  const char *folder = fixture_folder();
  const char *const cases =
      "{\"id\":\"%s\",\"token\":\"a\",\"class\":\"c\",\"expect\":{\"verdict\":\"accept\"},"
      "\"policy\":{\"issuers\":[{\"iss\":\"b\",\"keys\":{\"keys\":[]}}]}}\n";
  char line[256];
  snprintf(line, sizeof line, cases, "x");
  fixture_write_str(folder, "cases.jsonl", line);
  for (int i = 0; i < 2; i++) {
    cr_expect_eq(run(folder, "import cases.jsonl --out c"), 0);
    assert_output(folder, "err", "");
  }
  snprintf(line, sizeof line, cases, "y");
  fixture_write_str(folder, "cases.jsonl", line);
  cr_expect_eq(run(folder, "import cases.jsonl --out c"), 0);
  assert_output(folder, "err",
                "assay corpus: c: the corpus that stood there is replaced: profile import, 1 token\n");
  fixture_remove(folder);
}

/* Stopped in the middle of signing: ends with 130, and leaves nothing under the name nor beside it. */
Test(program, an_interrupt_leaves_nothing) {
  const char *folder = fixture_folder();
  int status;
  if (access(program, X_OK) != 0)
    cr_skip_test("assay-corpus is not built");
  pid_t child = fork();
  if (child == 0) {
    if (chdir(folder) == 0)
      execl(program, program, "generate", "--out", "corpus", (char *)NULL);
    _exit(127);
  }
  usleep(300000);
  cr_assert_eq(kill(child, SIGINT), 0);
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 130, "status %d", status);
  cr_expect_eq(rmdir(folder), 0, "something was left behind");
}
