/* What `cmake --install` puts into a fresh prefix runs from there, and is what it should be. */
#include "tests/cli.h"

/* A prefix outside the build folder, so that nothing of the build can be found from it. */
static const char *installed(void) {
  static char prefix[96];
  snprintf(prefix, sizeof prefix, "%s", fresh_folder());
  const struct ran *ran = shell("cmake --install " ASSAY_BINARY_DIR " --prefix %s 2>&1", prefix);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  return prefix;
}

static void remove_again(const char *prefix) {
  shell("rm -rf %s", prefix);
}

Test(install, the_program_finds_its_modules_and_worker) {
  const char *prefix = installed(), *corpus = test_corpus();
  const struct ran *ran = shell("cd / && %s/bin/assay list 2>/dev/null", prefix);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "OpenSSL 3."), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "\n null "), "%s", ran->out);
  ran = shell("cd / && %s/bin/assay check --subject openssl --alg HS256 --corpus %s 2>&1", prefix, corpus);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "openssl gave no wrong verdict."), "%s", ran->out);
  remove_again(prefix);
}

/* Nothing that it says leads to a file of the sources, which are not there. */
Test(install, what_is_missing_is_named_without_the_sources) {
  const char *prefix = installed();
  const struct ran *ran = shell("cd / && %s/bin/assay list 2>&1", prefix);
  cr_expect_null(strstr(ran->out, "scripts/"), "%s", ran->out);
  if (strstr(ran->out, "jose is not installed")) {
    ran = shell("cd / && %s/bin/assay list node-jose 2>&1", prefix);
    cr_expect_not_null(strstr(ran->out, "npm ci --prefix"), "%s", ran->out);
  }
  ran = shell("cd / && for n in $(%s/bin/assay help --names); do %s/bin/assay help $n; done 2>&1 | "
              "grep -nE '(^|[^.])(scripts/|[a-z_]+[.][ch]( |$))'",
              prefix, prefix);
  cr_expect_str_empty(ran->out, "%s", ran->out);
  ran = shell("cd %s/share/doc/assay && for f in $(%s/bin/assay help subjects | grep -oE '[a-zA-Z/]+[.]md'); "
              "do test -f $f || echo $f; done",
              prefix, prefix);
  cr_expect_str_empty(ran->out, "%s", ran->out);
  remove_again(prefix);
}

/* U+009B begins a command of terminals, U+202E turns the direction of writing. */
Test(install, what_an_adapter_says_of_itself_cannot_drive_a_terminal) {
  const char *prefix = installed();
  char path[256];
  snprintf(path, sizeof path, "%s/lib/assay/modules/adapters/odd.sh", prefix);
  FILE *adapter = fopen(path, "w");
  cr_assert_not_null(adapter);
  fputs("#!/bin/sh\necho '{\"protocol\":\"assay-exec/1\",\"name\":\"odd\",\"library\":\"Odd\xc2\x9b"
        "31m\",\"version\":\""
        "1\xe2\x80\xae"
        "2\",\"algorithms\":[\"HS256\"],\"clock\":\"argument\"}'\ncat >/dev/null\n",
        adapter);
  fclose(adapter);
  chmod(path, 0755);
  const struct ran *ran = shell("%s/bin/assay list 2>/dev/null", prefix);
  cr_expect_not_null(strstr(ran->out, "Odd?31m 1?2"), "%s", ran->out);
  ran = shell("%s/bin/assay list odd --json 2>/dev/null", prefix);
  cr_expect_not_null(strstr(ran->out, "\"Odd\\u009B31m\""), "%s", ran->out);
  remove_again(prefix);
}

Test(install, a_link_to_the_program_works_too) {
  const char *prefix = installed();
  const struct ran *ran =
      shell("cd / && ln -s %s/bin/assay %s/a && %s/a corpus classes | head -3 && %s/a list --names", prefix,
            prefix, prefix, prefix);
  cr_expect_not_null(strstr(ran->out, "\nopenssl\n"), "%s", ran->out);
  remove_again(prefix);
}

Test(install, a_build_by_prefix_needs_no_source_tree) {
  char folder[64];
  snprintf(folder, sizeof folder, "%s", fresh_folder());
  const char *prefix = installed();
  if (shell("test -e /usr/include/openssl/crypto.h")->code == 0) {
    const struct ran *ran =
        shell("cd / && ASSAY_CACHE=%s/cache %s/bin/assay list openssl@/usr 2>&1", folder, prefix);
    cr_expect_eq(ran->code, 0, "%s", ran->out);
    ran = shell("grep -c 'lib/assay/sources/backends' %s/cache/builds/*/record.json", folder);
    cr_expect_eq(ran->code, 0, "%s", ran->out);
  }
  shell("rm -rf %s", folder);
  remove_again(prefix);
}

Test(install, documents_stand_where_they_are_looked_for) {
  static const char *const files[] = {"share/man/man1/assay.1",
                                      "share/man/man1/assay-corpus.1",
                                      "share/bash-completion/completions/assay",
                                      "share/bash-completion/completions/assay-corpus",
                                      "share/doc/assay/README.md",
                                      "share/doc/assay/LICENSE",
                                      "share/doc/assay/reports/findings.md",
                                      "share/doc/assay/reports/page.png",
                                      "share/doc/assay/scripts/gate-workflow.yml.example",
                                      "share/doc/assay/backends/verifiers/adapters/README.md",
                                      "lib/assay/assay-worker",
                                      "lib/assay/assay-keeper",
                                      "lib/assay/modules/verifiers/exec.so",
                                      "lib/assay/modules/selftest/slower.so",
                                      "lib/assay/modules/adapters/pyjwt.py",
                                      "lib/assay/sources/backends/openssl.c",
                                      "lib/assay/sources/harness/base/alg.h",
                                      "lib/assay/libassay_base.a"};
  const char *prefix = installed();
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    cr_expect_eq(shell("test -s %s/%s", prefix, files[i])->code, 0, "there is no %s", files[i]);
  cr_expect_eq(shell("ls %s/lib/assay/modules | grep -cE 'crash|hang|liar|node_modules'", prefix)->code, 1,
               "modules of tests are installed");
  remove_again(prefix);
}

/* The package as apt would see it, unpacked into a folder. */
Test(install, the_debian_package_runs_and_names_what_it_needs, .timeout = 300) {
  if (shell("command -v cpack && command -v dpkg-shlibdeps && command -v file")->code != 0)
    cr_skip_test("there is no cpack, dpkg-shlibdeps or file");
  char folder[64];
  snprintf(folder, sizeof folder, "%s", fresh_folder());
  const struct ran *ran = shell("cd " ASSAY_BINARY_DIR " && cpack -B %s/out 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  ran = shell("cd %s && dpkg-deb -f out/*.deb Depends Description && dpkg-deb -x out/*.deb there && cd / && "
              "%s/there/usr/bin/assay list --names && test -s %s/there/usr/share/man/man1/assay.1",
              folder, folder, folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  static const char *const needs[] = {"libc6 ", "libssl3 ", "libjansson4 ", "\nopenssl\n",
                                      "Measures how fast and how correctly signed tokens are verified"};
  for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
    cr_expect_not_null(strstr(ran->out, needs[i]), "'%s' is not in %s", needs[i], ran->out);
  remove_again(folder);
}

/* Every command and topic has its section, and no line is taken for a roff request. */
Test(install, the_man_page_says_all_that_help_says) {
  char names[4096], *save;
  snprintf(names, sizeof names, "%s", shell(BIN "/assay help --names")->out);
  const struct ran *page = shell("cat " ASSAY_BINARY_DIR "/man/assay.1");
  for (char *name = strtok_r(names, "\n", &save); name; name = strtok_r(NULL, "\n", &save)) {
    char head[80];
    snprintf(head, sizeof head, ".SS \"%s\"\n", name);
    cr_expect(strcmp(name, "help") == 0 || strstr(page->out, head), "there is no section on %s", name);
  }
  cr_expect_not_null(strstr(page->out, "\\-\\-quick"));
  if (shell("command -v man")->code != 0)
    return;
  page = shell("for p in assay assay-corpus; do man --warnings -E UTF-8 -l -Tutf8 -Z " ASSAY_BINARY_DIR
               "/man/$p.1 2>&1 >/dev/null; done");
  cr_expect_str_empty(page->out, "%s", page->out);
}

/* What bash would offer behind a command line, one a line. */
static const struct ran *offered(const char *words, unsigned count) {
  return shell(
      "PATH=" BIN ":$PATH bash -c '. " ASSAY_SOURCE_DIR
      "/scripts/completion.bash; COMP_WORDS=(%s); COMP_CWORD=%u; _assay 2>/dev/null; printf \"%%s\\n\" "
      "\"${COMPREPLY[@]}\"' 2>&1 | sed 's/ $//'",
      words, count);
}

Test(install, completion_offers_what_the_programs_know) {
  static const struct {
    const char *words;
    unsigned at;
    const char *offers;
  } lines[] = {{"assay cho", 1, "choose\n"},
               {"assay help sub", 2, "subjects\n"},
               {"assay run --qui", 2, "--quick\n"},
               {"assay check --iss", 2, "--issuer\n"},
               {"assay run --alg RS256,ES3", 3, "RS256,ES384\n"},
               {"assay check --subject opens", 3, "openssl\n"},
               {"assay run --subject openssl,defa", 3, "openssl,default\n"},
               {"assay report x --format mark", 4, "markdown\n"},
               {"assay report x --format gha", 4, "gha-bigger\ngha-smaller\n"},
               {"assay gate --format", 2, "\n"},
               {"assay gate --sub", 2, "\n"},
               {"assay gate --ba", 2, "--base\n"},
               {"assay history ''", 2, "add\nlist\nshow\ntrend\n"},
               {"assay history trend --f", 3, "--file\n--format\n"},
               {"assay history trend --metric p", 4, "primitive\n"},
               {"assay bench --measure ledger,sca", 3, "ledger,scaling\n"},
               {"assay bench --count ''", 3, "instructions\n"},
               {"assay check --level ''", 3, "pipeline\nprimitive\nguarded\n"},
               {"assay check --fail-on accept,re", 3, "accept,reject\naccept,reason\n"},
               {"assay corpus gen", 2, "generate\n"},
               {"assay corpus generate --see", 3, "--seed\n"},
               {"assay corpus generate --pat", 3, "\n"},
               {"assay corpus show exp-pa", 3, "exp-past\n"},
               {"assay corpus import x --format rf", 5, "rfc\n"},
               {"assay run --alg = RS256,ES3", 4, "RS256,ES384\n"},
               {"assay-corpus gen", 1, "generate\n"},
               {"assay-corpus generate --profile sm", 3, "small\n"}};
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    cr_expect_str_eq(offered(lines[i].words, lines[i].at)->out, lines[i].offers, "%s: %s", lines[i].words,
                     offered(lines[i].words, lines[i].at)->out);
}

/* The options offered are those that the command takes, each once. */
Test(install, completion_offers_no_option_that_is_refused) {
  static const char *const commands[] = {"run",  "check",   "bench", "gate",   "compare", "choose",
                                         "leak", "history", "list",  "report", "selftest"};
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    char words[64], options[4096], *save, *last = "";
    snprintf(words, sizeof words, "assay %s --", commands[i]);
    snprintf(options, sizeof options, "%s", offered(words, 2)->out);
    cr_expect_gt(strlen(options), 10, "%s: %s", commands[i], options);
    for (char *option = strtok_r(options, "\n", &save); option; option = strtok_r(NULL, "\n", &save)) {
      cr_expect_str_neq(option, last, "%s is offered twice by %s", option, commands[i]);
      char refused[128];
      snprintf(refused, sizeof refused, "there is no option '%s", option);
      const struct ran *ran = shell(BIN "/assay %s %s= --nothing 2>&1", commands[i], option);
      cr_expect_eq(ran->code, 4, "%s %s: %s", commands[i], option, ran->out);
      cr_expect_null(strstr(ran->out, refused), "%s: %s", commands[i], ran->out);
      last = option;
    }
  }
}
