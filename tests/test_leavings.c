/* What is left behind, and for whom: helper programs that do not end, temporary files of processes that were
 * killed, and the rights of what is written. */
#include "tests/cli.h"

#include <sys/wait.h>

#include "harness/base/error.h"
#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"

#define CASE                                                                                                 \
  "{\"id\":\"a\",\"token\":\"bad\",\"alg\":\"HS256\",\"keys\":{\"joe\":{\"keys\":[]}},"                      \
  "\"policy\":{\"schema\":\"assay-policy/1\",\"now\":1000000000,"                                            \
  "\"issuers\":[{\"iss\":\"joe\",\"algorithms\":[\"HS256\"]}]}}\n"

static void write_text(const char *folder, const char *name, const char *text) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  fputs(text, file);
  cr_assert_eq(fclose(file), 0);
}

static unsigned mode_of(const char *format, const char *folder) {
  char path[256];
  struct stat st;
  snprintf(path, sizeof path, format, folder);
  cr_assert_eq(lstat(path, &st), 0, "%s", path);
  return st.st_mode & 0777;
}

/* ---- helpers ---- */

Test(helpers, one_that_does_not_answer_is_ended_and_told) {
  const char *folder = fresh_folder();
  write_text(folder, "dpkg-query", "#!/bin/sh\nexec sleep 1000\n");
  const struct ran *ran = shell("chmod +x %s/dpkg-query; PATH=%s:$PATH timeout 60 " BIN
                                "/assay check --corpus %s --alg HS256 --subject openssl 2>&1",
                                folder, folder, test_corpus());
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "dpkg-query gave no answer in 5 s and was ended"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

/* The folder of programs is another one, in which assay-corpus is stopped. */
Test(helpers, an_interrupt_ends_one_that_is_stopped) {
  const char *folder = fresh_folder();
  test_corpus();
  shell("mkdir %s/bin && ln -s " BIN "/assay-worker " BIN "/assay-keeper %s/bin/ && ln -s " MODULES
        " %s/modules",
        folder, folder, folder);
  write_text(folder, "bin/assay-corpus", "#!/bin/sh\nkill -STOP $$\n");
  const struct ran *ran =
      shell("chmod +x %s/bin/assay-corpus; ASSAY_BIN=%s/bin timeout --preserve-status -s TERM 1 " BIN
            "/assay check --corpus " TEST_CORPUS " --subject openssl 2>&1",
            folder, folder);
  cr_expect_eq(ran->code, 130, "exit %d: %s", ran->code, ran->out);
  shell("rm -rf %s", folder);
}

Test(helpers, one_that_cannot_be_run_is_told_with_the_reason) {
  const char *folder = fresh_folder();
  test_corpus();
  shell("mkdir %s/bin && ln -s " MODULES " %s/modules", folder, folder);
  COMPLAINS(
      shell("ASSAY_BIN=%s/bin " BIN "/assay check --corpus " TEST_CORPUS " --subject openssl 2>&1", folder),
      "assay-corpus could not be run: No such file or directory");
  shell("rm -rf %s", folder);
}

/* ---- leftovers ---- */

Test(leftovers, of_the_dead_go_and_of_the_living_stay) {
  const char *folder = fresh_folder();
  char living[128], stem[128];
  write_text(folder, "cases.jsonl", CASE);
  shell("mkdir %s/assay-cases-abc123 && echo token > %s/assay-cases-abc123/tokens && mkdir "
        "%s/assay-cases-other",
        folder, folder, folder);
  snprintf(living, sizeof living, "%s/assay-cases-XXXXXX", folder);
  int lock = leftover_make_folder(living, 0700);
  cr_assert_geq(lock, 0);
  const struct ran *ran = shell("TMPDIR=%s " BIN "/assay check --cases %s/cases.jsonl --subject openssl "
                                "2>&1 >/dev/null; ls %s",
                                folder, folder, folder);
  cr_expect_null(strstr(ran->out, "abc123"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "assay-cases-other"), "of another form: %s", ran->out);
  cr_expect_not_null(strstr(ran->out, strrchr(living, '/') + 1), "%s", ran->out);
  close(lock);
  snprintf(stem, sizeof stem, "%s/assay-cases-", folder);
  leftover_sweep(stem);
  cr_expect_neq(access(living, F_OK), 0, "its maker has let go of it");
  shell("rm -rf %s", folder);
}

/* Each sweeps what it takes for the leftovers of others, at the moment when they make it. */
static int make_and_remove(const char *folder) {
  struct assay_error error;
  setenv("TMPDIR", folder, 1);
  for (int i = 0; i < 500; i++) {
    char made[4096];
    if (!file_make_temporary(made, sizeof made, "race", &error) || access(made, F_OK) != 0)
      return 1;
    file_remove_temporary(made);
  }
  return 0;
}

Test(leftovers, processes_that_begin_together_leave_each_other_alone) {
  enum { PROCESSES = 6 };
  const char *folder = fresh_folder();
  pid_t pids[PROCESSES];
  for (int i = 0; i < PROCESSES; i++) {
    pids[i] = fork();
    cr_assert_geq(pids[i], 0);
    if (pids[i] == 0)
      _exit(make_and_remove(folder));
  }
  for (int i = 0; i < PROCESSES; i++) {
    int status;
    waitpid(pids[i], &status, 0);
    cr_expect_eq(status, 0);
  }
  shell("rm -rf %s", folder);
}

/* Else it would write again what the next run has removed. */
Test(leftovers, the_reader_of_cases_ends_with_whoever_is_killed) {
  const char *folder = fresh_folder();
  const struct ran *ran = shell("cd %s && mkfifo cases && { TMPDIR=%s " BIN
                                "/assay check --cases cases --subject openssl >out 2>&1 & p=$!; "
                                "sleep 9 >cases & w=$!; for i in $(seq 50); do sleep 0.1; "
                                "c=$(cat /proc/$p/task/$p/children) && [ \"$c\" ] && break; done; kill -9 "
                                "$p; sleep 0.3; echo \"child $c\"; tr -d '\\0' 2>&1 "
                                "</proc/$c/cmdline; kill $w; } 2>/dev/null",
                                folder, folder);
  cr_expect_not_null(strstr(ran->out, "child "), "%s", ran->out);
  cr_expect_null(strstr(ran->out, "child \n"), "it was not met: %s", ran->out);
  cr_expect_null(strstr(ran->out, "import"), "it lives: %s", ran->out);
  shell("rm -rf %s", folder);
}

Test(leftovers, of_a_file_go_when_it_is_written_again) {
  const char *folder = fresh_folder();
  write_text(folder, "cases.jsonl", CASE);
  shell("mkdir %s/out && echo half > %s/out/result.json.part-abc123 && mkdir -p %s/corpus.part-abc123/keys",
        folder, folder, folder);
  shell(BIN "/assay check --cases %s/cases.jsonl --subject openssl --output %s/out 2>&1", folder, folder);
  const struct ran *ran = shell("ls %s/out", folder);
  cr_expect_str_eq(ran->out, "result.html\nresult.json\nresult.md\n");
  shell(BIN "/assay-corpus import --out %s/corpus %s/cases.jsonl", folder, folder);
  ran = shell("ls -d %s/corpus*", folder);
  cr_expect_null(strstr(ran->out, "part"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

Test(leftovers, a_generator_that_is_hung_up_on_leaves_nothing) {
  const char *folder = fresh_folder();
  for (int i = 1; i <= 3; i++) {
    const struct ran *ran =
        shell("timeout --preserve-status -s HUP 0.%d " BIN "/assay-corpus generate --out %s/c "
              "--profile small 2>&1; ls -A %s",
              i, folder, folder);
    cr_expect_null(strstr(ran->out, "c.part"), "%s", ran->out);
  }
  shell("rm -rf %s", folder);
}

/* ---- rights ---- */

Test(rights, the_umask_holds) {
  const char *folder = fresh_folder();
  write_text(folder, "cases.jsonl", CASE);
  shell("umask 077; " BIN
        "/assay check --cases %s/cases.jsonl --subject openssl --output %s/mine 2>&1; umask 022; " BIN
        "/assay check --cases %s/cases.jsonl --subject openssl --output %s/all 2>&1",
        folder, folder, folder, folder);
  cr_expect_eq(mode_of("%s/mine/result.json", folder), 0600, "%o", mode_of("%s/mine/result.json", folder));
  cr_expect_eq(mode_of("%s/mine", folder), 0700);
  cr_expect_eq(mode_of("%s/all/result.json", folder), 0644);
  cr_expect_eq(mode_of("%s/all", folder), 0755);
  shell("rm -rf %s", folder);
}

Test(rights, imported_tokens_and_keys_are_their_owners_alone) {
  const char *folder = fresh_folder();
  write_text(folder, "k.jwks", "{\"keys\":[]}");
  write_text(folder, "p.yaml",
             "schema: assay-policy/1\nissuers:\n  - iss: joe\n    keys: k.jwks\n    algorithms: [HS256]\n");
  write_text(folder, "cases.jsonl", "{\"id\":\"a\",\"token\":\"bad\",\"alg\":\"HS256\"}\n");
  const struct ran *ran =
      shell("umask 000; " BIN "/assay-corpus import --policy %s/p.yaml --out %s/c %s/cases.jsonl 2>&1",
            folder, folder, folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_expect_eq(mode_of("%s/c", folder), 0700);
  ran = shell("find %s/c -type f -not -perm 600 -o -type d -not -perm 700", folder);
  cr_expect_str_eq(ran->out, "");
  shell("rm -rf %s", folder);
}

/* ---- the cache and the history ---- */

Test(cache, one_that_others_can_write_is_not_used) {
  const char *folder = fresh_folder();
  shell("mkdir -m 0777 %s/open", folder);
  COMPLAINS(shell("ASSAY_CACHE=%s/open " BIN "/assay check --subject openssl 2>&1", folder),
            "can be written by others");
  COMPLAINS(shell("mkdir -m 0755 %s/open/assay; XDG_CACHE_HOME=%s/open " BIN
                  "/assay check --subject openssl 2>&1",
                  folder, folder),
            "/open can be written by others");
  if (geteuid() == 0) {
    shell("mkdir -m 0755 %s/another && chown 12345 %s/another", folder, folder);
    COMPLAINS(shell("ASSAY_CACHE=%s/another " BIN "/assay check --subject openssl 2>&1", folder),
              "belongs to another user");
  }
  shell("rm -rf %s", folder);
}

Test(cache, without_a_home_nothing_is_kept_where_others_look) {
  const char *folder = fresh_folder();
  const struct ran *ran =
      shell("env -u HOME -u XDG_CACHE_HOME -u ASSAY_CACHE TMPDIR=%s timeout --preserve-status -s INT 2 " BIN
            "/assay check --subject openssl 2>&1; ls -A %s",
            folder, folder);
  cr_expect_not_null(strstr(ran->out, "There is no HOME"), "%s", ran->out);
  cr_expect_null(
      strstr(strstr(ran->out, "interrupted") ? strstr(ran->out, "interrupted") : ran->out, "assay-cache"),
      "%s", ran->out);
  COMPLAINS(shell("env -u HOME -u XDG_DATA_HOME -u ASSAY_HISTORY " BIN "/assay history list 2>&1"),
            "there is no HOME");
  shell("rm -rf %s", folder);
}
