/* scripts/build-*: what they share, with a CMake that makes an empty library. On Release alone. */
#include "tests/cli.h"

#define SCRIPTS ASSAY_SOURCE_DIR "/scripts"

/* A folder with sources in name only, and programs in bin/ that stand before those of the machine. */
static const char *workplace(void) {
  const char *folder = fresh_folder();
  cr_assert_eq(
      shell(
          "cd %s && mkdir -p bin src/include/openssl && touch src/include/openssl/is_boringssl.h && "
          "printf '%%s\\n' '#!/bin/sh' 'while [ $# -gt 0 ]; do' "
          "'case $1 in -B) mkdir -p \"$2\" ;; --build) echo one >> \"$2/../../made\"; : > \"$2/libcrypto.so\" ;; esac' "
          "shift done > bin/cmake && chmod +x bin/cmake",
          folder)
          ->code,
      0);
  return folder;
}

static const struct ran *build(const char *folder, const char *arguments) {
  return shell("cd %s && XDG_CACHE_HOME=%s/cache PATH=%s/bin:$PATH " SCRIPTS "/build-boringssl %s 2>&1",
               folder, folder, folder, arguments);
}

static void expect_refused(const struct ran *ran, const char *words) {
  cr_expect_eq(ran->code, 4, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, words), "'%s' is not in: %s", words, ran->out);
}

Test(build_scripts, build_into_a_prefix_once) {
  const char *folder = workplace();
  const struct ran *ran = build(folder, "--source src --prefix p");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "use it:  assay list boringssl@"), "%s", ran->out);
  ran = shell(
      "cd %s/p && ls . lib && sed 's/^source: .*src, files .*/source: src/; t; s/:.*//' assay-build.txt",
      folder);
  cr_expect_str_eq(ran->out,
                   ".:\nassay-build.txt\ninclude\nlib\n\nlib:\nlibcrypto.so\n"
                   "library\nversion\nsource: src\noptions\ncompiler\nflags\nbuilt\n",
                   "%s", ran->out);
  ran = build(folder, "--source src --prefix p");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "boringssl: it is there already"), "%s", ran->out);
  cr_expect_str_eq(shell("find %s/cache -name build", folder)->out, "", "nothing is left of a build");
  shell("rm -rf %s", folder);
}

/* "ccache gcc": assembly needs both words, too. */
Test(build_scripts, hand_on_a_compiler_of_two_words) {
  const char *folder = workplace();
  shell("printf '#!/bin/sh\\necho \"assembler: $ASM\"; exit 1\\n' > %s/bin/cmake", folder);
  expect_refused(shell("cd %s && XDG_CACHE_HOME=%s/cache PATH=%s/bin:$PATH CC='env cc' " SCRIPTS
                       "/build-boringssl --source src 2>&1",
                       folder, folder, folder),
                 "assembler: env cc");
  shell("rm -rf %s", folder);
}

Test(build_scripts, do_not_touch_what_is_not_theirs) {
  const char *folder = workplace();
  cr_assert_eq(build(folder, "--source src --prefix p")->code, 0);
  expect_refused(build(folder, "--source src --prefix p -- -DOPENSSL_SMALL=1"), "another build");
  shell("touch %s/src/new", folder);
  expect_refused(build(folder, "--source src --prefix p"), "another build");
  expect_refused(build(folder, "--source src --prefix src"), "no script of this kind made it");
  shell("rm -rf %s", folder);
}

Test(build_scripts, say_what_is_wrong) {
  const char *folder = workplace();
  expect_refused(build(folder, ""), "--source DIR|TARBALL, or --ref REF");
  expect_refused(build(folder, "--source src --ref main"), "say one");
  expect_refused(build(folder, "--source"), "--source needs a value");
  expect_refused(build(folder, "--nistp"), "unknown option '--nistp'");
  expect_refused(build(folder, "--source none"), "there is no none");
  expect_refused(build(folder, "--source bin"), "does not hold the sources of BoringSSL");
  expect_refused(shell("cd %s && XDG_CACHE_HOME=%s/cache CC=no-cc " SCRIPTS
                       "/build-openssl --source src 2>&1",
                       folder, folder),
                 "needs no-cc, which is not there");
  expect_refused(
      shell("cd %s && XDG_CACHE_HOME=%s/cache " SCRIPTS "/build-openssl --source src 2>&1", folder, folder),
      "these are not the sources of OpenSSL 3");
  shell("printf '#!/bin/sh\\necho broken; exit 1\\n' > %s/bin/cmake", folder);
  expect_refused(build(folder, "--source src --prefix p"),
                 "broken\nbuild-boringssl: boringssl: that failed; all words are in ");
  shell("rm -rf %s", folder);
}

/* A package that was unpacked in a folder has its headers below usr. */
Test(build_scripts, a_comparison_says_what_the_prefix_is) {
  const char *folder = fresh_folder();
  shell("mkdir -p %s/deb/usr/include/openssl %s/empty && touch %s/deb/usr/include/openssl/crypto.h", folder,
        folder, folder);
  expect_refused(shell("cd %s && " SCRIPTS "/bench --no-install --builds deb 2>&1", folder),
                 "the headers are in deb/usr/include: the prefix is deb/usr");
  expect_refused(shell("cd %s && " SCRIPTS "/bench --no-install --builds empty 2>&1", folder),
                 "has the headers of none of");
  shell(
      "mkdir -p %s/both@1/include/wolfssl %s/both@1/include/openssl && touch %s/both@1/include/wolfssl/options.h "
      "%s/both@1/include/openssl/crypto.h",
      folder, folder, folder, folder);
  expect_refused(shell("cd %s && " SCRIPTS "/bench --no-install --builds both@1 2>&1", folder),
                 "has the headers of wolfssl and openssl: say which, such as openssl@both@1");
  shell("rm -rf %s", folder);
}
