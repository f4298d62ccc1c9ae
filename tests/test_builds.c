/* NAME@PREFIX: modules for other builds of a library, the record that they are held by, and what is said where
 * something under a prefix does not fit. The library is the packaged OpenSSL in folders of the test's own. */
#include "build_facts.h"
#include "harness/subject/subject_spec.h"
#include "tests/cli.h"

#define LIBRARIES "/usr/lib/$(gcc -print-multiarch)"

/* A cache, and prefixes with headers: `shared` and `other` have a library of their own each, of which the
 * second has a byte more; `archive` has a static one. */
static const char *home;

/* A prefix without a library. */
static void prefix_make(const char *name) {
  cr_assert_eq(
      shell(
          "mkdir -p '%s/%s/lib' '%s/%s/include/'$(gcc -print-multiarch) && "
          "ln -s /usr/include/openssl '%s/%s/include/' && "
          "ln -s /usr/include/$(gcc -print-multiarch)/openssl '%s/%s/include/'$(gcc -print-multiarch)/ 2>&1",
          home, name, home, name, home, name, home, name)
          ->code,
      0);
}

static void shared_put(const char *name, const char *tail) {
  prefix_make(name);
  cr_assert_eq(shell("cp -L " LIBRARIES
                     "/libcrypto.so.3 '%s/%s/lib/' && printf '%s' >> '%s/%s/lib/libcrypto.so.3' 2>&1",
                     home, name, tail, home, name)
                   ->code,
               0);
}

static void home_make(void) {
  static char folder[64];
  if (access(MODULES "/openssl.so", R_OK) != 0)
    cr_skip_test("openssl is not built");
  snprintf(folder, sizeof folder, "%s", fresh_folder());
  home = folder;
  shared_put("shared", "");
}

static void home_remove(void) {
  shell("rm -rf %s", home);
}

TestSuite(builds, .init = home_make, .fini = home_remove);

/* A file of the test's own, which can be run. */
static void file_put(const char *name, const char *text) {
  char path[200];
  snprintf(path, sizeof path, "%s/%s", home, name);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  fputs(text, file);
  cr_assert_eq(fclose(file), 0);
  cr_assert_eq(chmod(path, 0755), 0);
}

#define ASSAY "cd %s && ASSAY_CACHE=%s/cache " BIN "/assay "
#define CHECK ASSAY "check --corpus " TEST_CORPUS " --alg HS256 --quick "

static json_t *result_of(const struct ran *ran) {
  cr_assert_eq(ran->code, 0, "exit %d: %.2000s", ran->code, ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%.2000s", ran->out);
  return result;
}

static void expect_path(const json_t *result, size_t subject, const char *name) {
  char path[200];
  const char *loaded = json_string_value(
      json_object_get(json_array_get(json_object_get(result, "subjects"), subject), "path"));
  snprintf(path, sizeof path, "%s/%s", home, name);
  cr_expect_str_eq(loaded, path);
}

/* ---- what works ---- */

Test(builds, two_builds_of_one_library_are_measured_side_by_side) {
  shared_put("other", "x");
  test_corpus();
  json_t *result = result_of(shell("export LD_LIBRARY_PATH=%s/other/lib; " CHECK
                                   "--subject a=openssl@shared,b=openssl@%s/other,openssl --json 2>/dev/null",
                                   home, home, home, home));
  expect_path(result, 0, "shared/lib/libcrypto.so.3");
  expect_path(result, 1, "other/lib/libcrypto.so.3");
  cr_expect_not_null(strstr(
      json_string_value(json_object_get(json_array_get(json_object_get(result, "subjects"), 2), "path")),
      "/usr/lib/"));
  json_decref(result);
}

Test(builds, a_build_is_made_once_and_again_when_its_library_was_exchanged) {
  const struct ran *ran =
      shell(ASSAY "list openssl@shared && stat -c %%Y.%%i cache/builds/*/openssl.so 2>&1", home, home);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  char stamp[64];
  size_t end = strlen(ran->out) - 1, from = end; /* its last line */
  while (from > 0 && ran->out[from - 1] != '\n')
    from--;
  snprintf(stamp, sizeof stamp, "%.*s", (int)(end - from), ran->out + from);
  ran = shell(ASSAY "list openssl@shared && stat -c %%Y.%%i cache/builds/*/openssl.so 2>&1", home, home);
  cr_expect_not_null(strstr(ran->out, stamp), "made again without need: %s", ran->out);
  cr_expect_null(strstr(ran->out, "another than before"), "%s", ran->out);
  shell("printf x >> %s/shared/lib/libcrypto.so.3", home);
  ran = shell(ASSAY "list openssl@shared 2>&1", home, home);
  cr_expect_eq(ran->code, 0);
  cr_expect_not_null(strstr(ran->out, "the library there is another than before; its module is made again"),
                     "%s", ran->out);
}

Test(builds, the_record_tells_what_a_module_was_made_from) {
  cr_assert_eq(shell(ASSAY "list openssl@shared 2>&1", home, home)->code, 0);
  const struct ran *ran = shell("cat %s/cache/builds/*/record.json", home);
  json_t *record = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(record, "%s", ran->out);
  cr_expect_str_eq(json_string_value(json_object_get(record, "schema")), "assay-build/1");
  cr_expect_str_eq(json_string_value(json_object_get(record, "soname")), "libcrypto.so.3");
  cr_expect_eq(json_string_length(json_object_get(record, "build_id")), 40);
  cr_expect_gt(json_array_size(json_object_get(record, "files")), 20, "the headers are there");
  cr_expect_not_null(strstr(ran->out, "/openssl/evp.h"));
  json_decref(record);
}

/* Of a file that was there before, its stamp is enough: a hash that is none of its own is never compared with
 * it. The library, which was just put there, is read. */
Test(builds, what_is_untouched_is_not_read_again) {
  cr_assert_eq(shell(ASSAY "list openssl@shared 2>&1", home, home)->code, 0);
  shell("cd %s/cache/builds/*/ && sed -i -E '/openssl.evp.h\",/{n; s/\"[0-9a-f]{64}/\"none/}' record.json",
        home);
  const struct ran *ran =
      shell(ASSAY "list openssl@shared 2>&1; grep -c none cache/builds/*/record.json", home, home);
  cr_expect_not_null(strstr(ran->out, "\n1\n"), "made again: %s", ran->out);
  shell(
      "cd %s/shared/lib && cp libcrypto.so.3 new && printf x | dd of=new bs=1 seek=$(( $(stat -c %%s new) - 1 )) "
      "conv=notrunc 2> /dev/null && touch -r libcrypto.so.3 new && mv new libcrypto.so.3",
      home);
  ran = shell(ASSAY "list openssl@shared 2>&1", home, home);
  cr_expect_not_null(strstr(ran->out, "another than before"), "of the same size and age: %s", ran->out);
}

/* Of what nobody uses: not for a month, or made for a library that is gone. */
static void unused_put(void) {
  shell("cd %s && mkdir -p cache/builds/unused cache/builds/gone cache/builds/kept && touch "
        "cache/builds/gone/record.json cache/builds/kept/record.json && touch -d 2001-01-01 "
        "cache/builds/unused/record.json && ln -s %s/nowhere cache/builds/gone/library0 && ln -s %s/shared "
        "cache/builds/kept/library0 && ln -s %s/shared cache/builds/unused/library0",
        home, home, home, home);
}

/* Whatever the umask, which is 002 where every user has a group, and 000 in some containers: what others can write
 * would not be believed the next time. */
Test(builds, only_its_owner_may_write_what_is_kept) {
  const struct ran *ran =
      shell("umask 000; " ASSAY "backend build openssl@shared --label one 2>&1 && ASSAY_CACHE=%s/cache " BIN
            "/assay backend build openssl@shared --label two 2>&1 && find cache -perm /022 -not -type l",
            home, home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_null(strstr(ran->out, "\ncache"), "%s", ran->out);
}

/* One that is ended leaves no compiler, nor what that had started, and the next begins anew. */
Test(builds, a_build_that_was_killed_leaves_nothing_and_what_nobody_uses_goes) {
  file_put("cc", "#!/bin/sh\ncase $* in *--version*) exec cc --version;; esac\necho $$ > began\nsleep 600 &\n"
                 "echo $! > began.too\nsleep 600\n");
  shell("export CC=%s/cc; " ASSAY
        "list openssl@shared > /dev/null 2>&1 & until [ -s %s/began.too ]; do sleep 0.02; "
        "done; kill -KILL $!",
        home, home, home, home);
  const struct ran *ran =
      shell("cd %s; for i in $(seq 200); do ps -o stat= -p $(cat began),$(cat began.too) | grep "
            "-q '^[^Z]' || exit 0; sleep 0.05; done; exit 1",
            home);
  cr_expect_eq(ran->code, 0, "what the compiler had started runs on");
  unused_put();
  ran = shell(ASSAY "list openssl@shared > out 2>&1 || cat out; ls cache/builds cache/builds/*", home, home);
  cr_expect_null(strstr(ran->out, "making"), "%s", ran->out);
  cr_expect_null(strstr(ran->out, "unused"), "%s", ran->out);
  cr_expect_null(strstr(ran->out, "gone"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "kept"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "record.json"), "%s", ran->out);
}

Test(builds, what_its_builder_wrote_is_told_while_the_library_is_the_same) {
  shell(
      "printf 'library: openssl\nversion: 3.0\nsource: a folder, commit 1234\noptions: no-dso\nflags: \n' > "
      "%s/shared/assay-build.txt",
      home);
  const struct ran *ran = shell(ASSAY "list openssl@shared 2>&1", home, home);
  cr_expect_not_null(strstr(ran->out, "source: a folder, commit 1234 (record)"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "options: no-dso (record)"), "%s", ran->out);
  cr_expect_null(strstr(ran->out, "flags"), "%s", ran->out);
  shell("touch -d 2001-01-01 %s/shared/assay-build.txt", home);
  cr_expect_null(strstr(shell(ASSAY "list openssl@shared 2>&1", home, home)->out, "commit 1234"));
}

Test(builds, a_static_library_is_in_the_module_and_says_so) {
  if (shell("test -r " LIBRARIES "/libcrypto.a")->code != 0)
    cr_skip_test("there is no static libcrypto");
  prefix_make("archive");
  shell("cp " LIBRARIES "/libcrypto.a %s/archive/lib/", home);
  test_corpus();
  json_t *result = result_of(shell(CHECK "--subject openssl@archive --json 2>/dev/null", home, home));
  expect_path(result, 0, "archive/lib/libcrypto.a");
  json_decref(result);
  const struct ran *ran = shell(ASSAY "list openssl@archive 2>&1", home, home);
  cr_expect_not_null(strstr(ran->out, "linked into the module, its symbols hidden (library)"), "%s",
                     ran->out);
}

/* The first time as where no runtime for developing is installed. */
Test(builds, a_static_library_in_cxx_is_linked_with_its_runtime) {
  if (access(MODULES "/botan.so", R_OK) != 0 || shell("test -r " LIBRARIES "/libbotan-2.a")->code != 0)
    cr_skip_test("there is no static libbotan-2");
  if (shell("test -e $(gcc -print-file-name=libstdc++.so)")->code != 0)
    cr_skip_test("there is no libstdc++ to link with");
  shell("mkdir -p %s/cxx/lib %s/cxx/include && ln -s /usr/include/botan-2 %s/cxx/include/ && "
        "cp " LIBRARIES "/libbotan-2.a %s/cxx/lib/",
        home, home, home, home);
  file_put("cc", "#!/bin/sh\nfor word; do shift; [ \"$word\" != -lstdc++ ] || word=-lstdc++-none; "
                 "set -- \"$@\" \"$word\"; done\nexec gcc \"$@\"\n");
  COMPLAINS(shell("export CC=%s/cc; " ASSAY "list botan@cxx 2>&1", home, home, home),
            "libbotan-2.a has parts in C++", "install g++");
  test_corpus();
  json_t *result = result_of(shell(CHECK "--subject botan@cxx --json 2>/dev/null", home, home));
  expect_path(result, 0, "cxx/lib/libbotan-2.a");
  json_decref(result);
}

/* Names that mean something to a linker, to make and on command lines; and a file that no loader would find by
 * its SONAME. */
Test(builds, a_prefix_and_a_library_may_be_called_whatever_they_are) {
  shell(
      "cd %s && cp -a shared 'at@x:$ORIGIN#' && cp -a shared 'com,ma' && ln -s 'com,ma' link && cd 'com,ma/lib' && "
      "mv libcrypto.so.3 libcrypto.so",
      home);
  shell("cd %s && cp -a shared openssl && cp -a shared x=y", home);
  const struct ran *ran =
      shell(ASSAY "list 'odd=openssl@at@x:$ORIGIN#' openssl@link own=openssl@openssl is=openssl@./x=y 2>&1",
            home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/openssl/lib/libcrypto.so.3"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/at@x:$ORIGIN#/lib/libcrypto.so.3"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/com,ma/lib/libcrypto.so\n"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/x=y/lib/libcrypto.so.3"), "%s", ran->out);
  COMPLAINS(
      shell("cd %s && mkdir -p 'a\nb' && ASSAY_CACHE=cache " BIN "/assay list 'openssl@a\nb' 2>&1", home),
      "with a line break in its name");
}

/* As whole prefixes are made of links (GNU Stow, Homebrew, Nix), and as a cache lies in a checkout of OpenSSL's. */
Test(builds, what_a_prefix_links_to_and_the_cache_may_lie_in_a_folder_called_as_the_headers_are) {
  shell(
      "cd %s && mkdir -p openssl farm && mv shared openssl/1 && ln -s ../openssl/1/include ../openssl/1/lib farm/",
      home);
  const struct ran *ran =
      shell("cd %s && ASSAY_CACHE=%s/openssl/cache " BIN "/assay list openssl@farm 2>&1", home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/openssl/1/lib/libcrypto.so.3"), "%s", ran->out);
}

/* Headers of a later version than the library, whose structs may be longer. */
Test(builds, headers_of_another_version_are_noticed) {
  if (access(MODULES "/nettle.so", R_OK) != 0)
    cr_skip_test("nettle is not built");
  shell(
      "mkdir -p %s/mixed/lib %s/mixed/include && cd %s/mixed && cp -r /usr/include/nettle include && cp -P " LIBRARIES
      "/libnettle.so* lib && sed -i 's/\\(VERSION_MINOR\\) .*/\\1 99/' include/nettle/version.h",
      home, home, home);
  COMPLAINS(shell(ASSAY "list nettle@mixed 2>&1", home, home), "no libhogweed.so");
  shell("cp -P " LIBRARIES "/libhogweed.so* %s/mixed/lib", home);
  COMPLAINS(shell(ASSAY "backend build nettle@mixed --label mixed 2>&1", home, home), "is Nettle 3.",
            "its headers were of 3.99");
  cr_expect_null(strstr(shell(ASSAY "list --names 2>&1", home, home)->out, "mixed"),
                 "one that does not load has a name");
}

/* Which a packaged module does not load, and which many will have meant. */
Test(builds, a_library_that_only_LD_LIBRARY_PATH_leads_to_is_told) {
  const struct ran *ran =
      shell("export LD_LIBRARY_PATH=/nowhere:%s/shared/lib/; " ASSAY "list openssl 2>&1 >/dev/null", home,
            home, home);
  cr_expect_not_null(strstr(ran->out, "openssl loads /usr/"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/shared measures the library in "), "%s", ran->out);
  ran = shell("export LD_LIBRARY_PATH=" LIBRARIES "; " ASSAY "list openssl 2>&1 >/dev/null", home, home);
  cr_expect_str_eq(ran->out, "");
}

Test(builds, without_a_home_a_build_is_for_one_run) {
  const struct ran *ran = shell("cd %s && env -u HOME -u XDG_CACHE_HOME -u ASSAY_CACHE timeout 60 " BIN
                                "/assay list openssl@shared 2>&1",
                                home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "There is no HOME"), "%s", ran->out);
}

Test(builds, a_prefix_may_be_relative_a_link_or_have_a_blank_in_it) {
  shell("ln -s shared %s/link && cp -a %s/shared '%s/with blank'", home, home, home);
  cr_expect_eq(shell(ASSAY "list openssl@link 2>&1", home, home)->code, 0);
  cr_expect_eq(shell(ASSAY "list openssl@./shared/../shared 2>&1", home, home)->code, 0);
  const struct ran *ran = shell(ASSAY "list 'openssl@with blank' 2>&1", home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/with blank/lib/libcrypto.so.3"), "%s", ran->out);
}

Test(builds, a_module_of_ones_own_finds_its_library_under_a_prefix) {
  shell("cp " MODULES "/openssl.so %s/mine.so && mkdir %s/sharedx", home, home);
  const struct ran *ran = shell(ASSAY "list ./mine.so@shared 2>&1", home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/shared/lib/libcrypto.so.3"), "%s", ran->out);
  shell("cd %s && cp -a shared openssl@3 && mkdir a=b@1 && mv mine.so a=b@1/", home);
  ran = shell(ASSAY "list ./a=b@1/mine.so:evp-mac@openssl@3 b=./a=b@1/mine.so@./openssl@3 2>&1", home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/openssl@3/lib/libcrypto.so.3"), "%s", ran->out);
  ran = shell(ASSAY "list ./a=b@1/mine.so 2>&1", home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  shell("mv %s/a=b@1/mine.so %s/", home, home);
  COMPLAINS(shell(ASSAY "list ./mine.so@sharedx 2>&1", home, home), "mine wants libcrypto.so.3",
            "not one under", "NAME@PREFIX builds a module");
}

/* A verifier's module is none that a prefix is built for. */
Test(builds, a_verifier_finds_its_library_under_a_prefix_by_its_name) {
  if (shell("test -r " LIBRARIES "/libjwt.so.0")->code != 0 ||
      access(MODULES "/verifiers/libjwt.so", R_OK) != 0)
    cr_skip_test("libjwt is not built");
  const struct ran *ran = shell(ASSAY "list libjwt@shared 2>&1", home, home);
  COMPLAINS(ran, "not one under", "libjwt wants libjwt.so.0", "of that name in lib");
  cr_expect_null(strstr(ran->out, "NAME@PREFIX"), "%s", ran->out);
  shell("cp " LIBRARIES "/libjwt.so.0 %s/shared/lib/", home);
  ran = shell(ASSAY "list libjwt@shared 2>&1", home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/shared/lib/libjwt.so.0"), "%s", ran->out);
}

Test(builds, a_label_names_a_build_from_then_on) {
  test_corpus();
  const struct ran *ran = shell(ASSAY "backend build openssl@shared --label mine-3.0 2>&1", home, home);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/shared/lib/libcrypto.so.3"), "%s", ran->out);
  json_t *result = result_of(shell(CHECK "--subject mine-3.0,openssl --json 2>/dev/null", home, home));
  expect_path(result, 0, "shared/lib/libcrypto.so.3");
  json_decref(result);
  cr_expect_not_null(strstr(shell(ASSAY "list 2>&1", home, home)->out, "mine-3.0"));
  cr_expect_null(strstr(shell(CHECK "--subject backends --json 2>/dev/null", home, home)->out, "mine-3.0"));
  COMPLAINS(shell(ASSAY "backend build openssl@%s --label openssl 2>&1", home, home, "shared"),
            "'openssl' is a subject");
  COMPLAINS(shell(ASSAY "backend build openssl@shared --label a,b 2>&1", home, home), "'a,b' is no label");
  COMPLAINS(shell(ASSAY "backend build openssl@shared --label all 2>&1", home, home), "the name of a group");
  COMPLAINS(shell(ASSAY "backend build openssl:low-level@shared --label low 2>&1", home, home),
            "say low:low-level");
  cr_expect_eq(shell(ASSAY "backend forget mine-3.0 2>&1", home, home)->code, 0);
  COMPLAINS(shell(ASSAY "backend forget mine-3.0 2>&1", home, home), "no build is called 'mine-3.0'");
}

/* On a busy machine the budget may be too short to decide; the names are read before that. */
Test(builds, a_gate_takes_labels_and_builds) {
  test_corpus();
  shared_put("other", "x");
  const struct ran *ran =
      shell(ASSAY "gate --base old=openssl@shared --head new=openssl@other --corpus " TEST_CORPUS
                  " --alg HS256 --budget 3 2>&1",
            home, home);
  bool too_short = ran->code == 4 && strstr(ran->out, "is too short");
  cr_expect(ran->code == 0 || ran->code == 1 || ran->code == 3 || too_short, "exit %d: %s", ran->code,
            ran->out);
  cr_expect(strstr(ran->out, "new") || too_short, "%s", ran->out);
}

/* By the packaged libraries, as if /usr were somebody's own prefix; where one of them lies elsewhere, or is not there, that is
 * said. */
Test(builds, every_backend_can_be_built_for_a_prefix) {
  const struct subject_found *found;
  unsigned built = 0;
  setenv("ASSAY_BIN", BIN, 1);
  for (unsigned i = 0; (found = subject_found(i)); i++) {
    if (found->kind != SUBJECT_BACKEND || strcmp(found->name, FLOOR_NAME) == 0 || found->build[0])
      continue;
    const struct ran *ran = shell(ASSAY "list %s@/usr 2>&1", home, home, found->name);
    cr_expect(ran->code == 0 || strstr(ran->out, "under /usr") || strstr(ran->out, "not the headers of"),
              "%s: %s", found->name, ran->out);
    built += ran->code == 0;
  }
  cr_expect_gt(built, 0);
}

/* ---- what does not fit ---- */

Test(builds, what_is_missing_under_a_prefix_is_named_with_what_is_there) {
  COMPLAINS(shell(ASSAY "list openssl@ 2>&1", home, home), "'openssl@' names no folder behind the @");
  COMPLAINS(shell(ASSAY "list openssl@/nowhere 2>&1", home, home),
            "openssl@/nowhere: there is no such folder");
  shell("mkdir %s/empty", home);
  COMPLAINS(shell(ASSAY "list openssl@empty 2>&1", home, home), "there is no include/openssl/crypto.h under",
            "-dev package");
  shell("mkdir -p %s/package/usr/include/openssl && touch %s/package/usr/include/openssl/crypto.h", home,
        home);
  COMPLAINS(shell(ASSAY "list openssl@package 2>&1", home, home), "/package/usr: that is the prefix",
            "/package/usr");
  COMPLAINS(shell(ASSAY "list openssl@shared/lib 2>&1", home, home), "/shared: that is the prefix");
  COMPLAINS(shell(ASSAY "list openssl@shared/include 2>&1", home, home), "no libcrypto.so",
            "/shared: that is the prefix");
  shell("mkdir -p %s/apart/include && ln -s ../../shared/include %s/apart/include/openssl-3", home, home);
  COMPLAINS(shell(ASSAY "list openssl@apart 2>&1", home, home), "one in ",
            "/apart/include/openssl-3: make a folder of two links");
  prefix_make("headers");
  COMPLAINS(shell(ASSAY "list openssl@headers 2>&1", home, home),
            "there is no libcrypto.so and no libcrypto.a", "no other library is there");
  shell("touch %s/headers/lib/libssl.so.3", home);
  COMPLAINS(shell(ASSAY "list openssl@headers 2>&1", home, home), "what is there: libssl.so.3; ",
            "a folder of two links");
  COMPLAINS(shell(ASSAY "list null@shared 2>&1", home, home), "it loads no library");
  COMPLAINS(shell(ASSAY "list openssl@shared/lib/libcrypto.so.3 2>&1", home, home), "it is no folder");
  COMPLAINS(shell(ASSAY "list openssl@shared:evp-mac 2>&1", home, home),
            "a variant stands before the prefix: openssl:evp-mac@shared");
  COMPLAINS(shell(ASSAY "list ./shared 2>&1", home, home),
            "'./shared' is a folder, no subject: NAME@./shared names");
  COMPLAINS(shell(ASSAY "list aws-lc@shared 2>&1", home, home), "did you mean 'awslc'");
  COMPLAINS(shell(ASSAY "list openssl@~/shared 2>&1", home, home), "say $HOME");
}

Test(builds, what_stands_in_the_way_of_a_file_is_told) {
  prefix_make("lost");
  shell("ln -s nothing %s/lost/lib/libcrypto.so", home);
  COMPLAINS(shell(ASSAY "list openssl@lost 2>&1", home, home),
            "/lost/lib/libcrypto.so is a link that leads nowhere");
  prefix_make("loop");
  shell("ln -s libcrypto.so %s/loop/lib/libcrypto.so; touch %s/loop/lib/libcrypto.a", home, home);
  COMPLAINS(shell(ASSAY "list openssl@loop 2>&1", home, home), "/loop/lib/libcrypto.so cannot be read");
  shared_put("two", "");
  shell("touch %s/two/lib/libcrypto.so.1.1 %s/two/lib/libcrypto.so.3.old", home, home);
  COMPLAINS(shell(ASSAY "list openssl@two 2>&1", home, home), "/two/lib/libcrypto.so.1.1 and libcrypto.so.3,",
            "which is meant");
  shared_put("twice", "");
  shell("mkdir %s/twice/lib64 && cp %s/two/lib/libcrypto.so.3 %s/twice/lib64/", home, home, home);
  COMPLAINS(shell(ASSAY "list openssl@twice 2>&1", home, home), "/twice/lib/libcrypto.so.3 and ",
            "/twice/lib64/libcrypto.so.3: remove the one");
  shell("rm -r %s/twice/lib64 && ln -s %s/two/lib/libcrypto.so.3 %s/twice/lib/libcrypto.so", home, home,
        home);
  COMPLAINS(shell(ASSAY "list openssl@twice 2>&1", home, home), "/twice/lib/libcrypto.so leads out of ",
            "where libcrypto.so.3 is");
  shell("mkdir -p %s/dead/include/openssl && ln -s nothing %s/dead/include/openssl/crypto.h", home, home);
  COMPLAINS(shell(ASSAY "list openssl@dead 2>&1", home, home), "crypto.h is a link that leads nowhere");
}

/* All others would be taken from the system's folder. */
Test(builds, a_header_of_another_build_is_noticed) {
  shared_put("part", "");
  shell("cd %s/part/include && rm openssl && cp -a /usr/include/openssl . && rm openssl/sha.h", home);
  COMPLAINS(shell(ASSAY "list openssl@part 2>&1", home, home), "/part/include has no openssl/sha.h",
            "all headers of its library");
}

Test(builds, a_library_that_cannot_be_used_is_named_with_the_reason) {
  shared_put("arm", "");
  shell("printf '\\267' | dd of=%s/arm/lib/libcrypto.so.3 bs=1 seek=18 conv=notrunc 2>&1", home);
  COMPLAINS(shell(ASSAY "list openssl@arm 2>&1", home, home), "is for another architecture: arm64");
  shared_put("asan", "__asan_init");
  COMPLAINS(shell(ASSAY "list openssl@asan 2>&1", home, home), "was built with AddressSanitizer");
  shared_put("torn", "");
  shell("echo hello > %s/torn/lib/libcrypto.so.3", home);
  COMPLAINS(shell(ASSAY "list openssl@torn 2>&1", home, home), "is no library");
  shell("cd %s/torn/lib && mv libcrypto.so.3 text && echo 'INPUT ( libcrypto.so.3 )' > libcrypto.so", home);
  COMPLAINS(shell(ASSAY "list openssl@torn 2>&1", home, home),
            "/torn/lib/libcrypto.so is a script for a linker");
  shell("cd %s/torn/lib && rm libcrypto.so && mv text libcrypto.so.3", home);
  shell(": > %s/torn/lib/libcrypto.so.3", home);
  COMPLAINS(shell(ASSAY "list openssl@torn 2>&1", home, home), "it is empty");
  shell("head -c 100000 " LIBRARIES "/libcrypto.so.3 > %s/torn/lib/libcrypto.so.3", home);
  COMPLAINS(shell(ASSAY "list openssl@torn 2>&1", home, home), "was cut off", "100000 bytes");
  shell("cp " BIN "/assay %s/torn/lib/libcrypto.so.3", home);
  if (!ASSAY_INSTRUMENT[0])
    COMPLAINS(shell(ASSAY "list openssl@torn 2>&1", home, home), "is a program, not a library");
}

/* A constructor of its own stands for a self-test that fails. */
Test(builds, a_library_that_ends_its_worker_is_named) {
  if (shell("test -r " LIBRARIES "/libcrypto.a")->code != 0)
    cr_skip_test("there is no static libcrypto");
  prefix_make("broken");
  file_put("broken/c.c",
           "#include <stdio.h>\n#include <stdlib.h>\n__attribute__((constructor)) static void c(void) "
           "{ fputs(\"self-test failed\\n\", stderr); abort(); }\n");
  const struct ran *ran =
      shell("cd %s/broken && gcc -shared -fPIC -o lib/libcrypto.so c.c -Wl,--whole-archive " LIBRARIES
            "/libcrypto.a -Wl,--no-whole-archive 2>&1",
            home);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  COMPLAINS(shell("ulimit -c unlimited; " ASSAY "list openssl@broken 2>&1", home, home),
            "its worker died while it loaded ", "/broken/lib/libcrypto.so (signal 6", "self-test failed");
  cr_expect_neq(shell("ls %s/*core* 2>/dev/null", home)->code, 0);
}

/* A compiler finds the others where the system, or CPATH, has them. */
Test(builds, headers_that_are_taken_from_elsewhere_are_told) {
  shared_put("few", "");
  shell("cd %s/few/include && rm openssl && mkdir openssl && cp /usr/include/openssl/crypto.h openssl/",
        home);
  COMPLAINS(shell(ASSAY "list openssl@few 2>&1", home, home), "/few/include has no openssl/",
            "of another build, was taken for it");
  prefix_make("shadow");
  COMPLAINS(shell("export CC='gcc -I%s/shadow/include'; " ASSAY "list openssl@shared 2>&1", home, home, home),
            "/shadow/include/openssl/crypto.h, of another build, was taken before that of ",
            "CC names its folder");
  if (access(MODULES "/libsodium.so", R_OK) != 0)
    return;
  shell("mkdir -p %s/one/include %s/one/lib && cp /usr/include/sodium.h %s/one/include/ && cp -L " LIBRARIES
        "/libsodium.so %s/one/lib/",
        home, home, home, home);
  COMPLAINS(shell(ASSAY "list libsodium@one 2>&1", home, home), "/one/include has no sodium/");
}

/* Both are archives with one function of what openssl.c calls. */
static void archive_put(const char *name, const char *flags) {
  prefix_make(name);
  const struct ran *ran =
      shell("cd %s/%s/lib && echo 'extern int n; int n; int *ERR_clear_error(void) { return &n; }' > a.c && "
            "gcc -c %s a.c 2>&1 && ar rc libcrypto.a a.o 2>&1",
            home, name, flags);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
}

Test(builds, an_archive_that_fits_no_module_is_named_with_the_reason) {
  archive_put("fixed", "-fno-pic");
  COMPLAINS(shell(ASSAY "list openssl@fixed 2>&1", home, home),
            "libcrypto.a was built without position independence");
  if (ASSAY_INSTRUMENT[0]) /* the linker lets what a sanitizer's runtime brings be undefined, and all else */
    return;
  archive_put("lean", "-fPIC");
  COMPLAINS(shell(ASSAY "list openssl@lean 2>&1", home, home), "libcrypto.a lacks ",
            "which its header promises");
  archive_put("cut", "-fPIC");
  shell("truncate -s -10 %s/cut/lib/libcrypto.a", home);
  COMPLAINS(shell(ASSAY "list openssl@cut 2>&1", home, home), "libcrypto.a was cut off");
  archive_put("arm", "-fPIC");
  shell(
      "cd %s/arm/lib && printf '\\267' | dd of=a.o bs=1 seek=18 conv=notrunc 2> /dev/null && rm libcrypto.a && ar rc "
      "libcrypto.a a.o",
      home);
  COMPLAINS(shell(ASSAY "list openssl@arm 2>&1", home, home),
            "libcrypto.a is for another architecture: arm64");
  shell("cd %s/arm/lib && printf 'BC\\300\\336and more' > a.o && rm libcrypto.a && ar rc libcrypto.a a.o",
        home);
  COMPLAINS(shell(ASSAY "list openssl@arm 2>&1", home, home), "libcrypto.a holds bitcode of LLVM");
}

/* As an OpenSSL that was built with zlib, in one of its objects. */
Test(builds, an_archive_that_needs_another_library_is_told) {
  if (ASSAY_INSTRUMENT[0] || shell("test -r " LIBRARIES "/libcrypto.a")->code != 0)
    cr_skip_test("there is no static libcrypto, or the linker lets what it lacks be undefined");
  prefix_make("more");
  const struct ran *ran = shell(
      "cd %s/more/lib && cp " LIBRARIES
      "/libcrypto.a . && nm -A libcrypto.a 2> /dev/null | sed -n 's/^[^:]*:\\([^:]*\\):.* T OpenSSL_version$/\\1/p' > object && "
      "ar x libcrypto.a $(cat object) && echo 'int inflate(void); int used(void) { return inflate(); }' > a.c && "
      "gcc -fPIC -c a.c && mv $(cat object) b.o && ld -r -o $(cat object) a.o b.o && ar r libcrypto.a $(cat object) 2>&1",
      home);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  COMPLAINS(shell(ASSAY "list openssl@more 2>&1", home, home),
            "/more/lib/libcrypto.a calls inflate of yet another library");
}

/* Nettle's two call each other, and what is hidden in a module tells how it was built all the same. */
Test(builds, static_libraries_may_need_each_other) {
  if (access(MODULES "/nettle.so", R_OK) != 0 || shell("test -r " LIBRARIES "/libhogweed.a")->code != 0)
    cr_skip_test("there is no static libhogweed");
  shell(
      "mkdir -p %s/static/lib %s/static/include && ln -s /usr/include/nettle %s/static/include/ && cp " LIBRARIES
      "/libnettle.a " LIBRARIES "/libhogweed.a %s/static/lib/",
      home, home, home, home);
  const struct ran *ran = shell(ASSAY "list static=nettle@static nettle 2>&1", home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_null(strstr(ran->out, "no --enable-fat"), "%s", ran->out);
}

Test(builds, a_compiler_or_a_cache_that_is_not_there_is_told) {
  COMPLAINS(shell("export CC=/nowhere/cc; " ASSAY "list openssl@shared 2>&1", home, home),
            "needs a C compiler", "/nowhere/cc could not be run");
  COMPLAINS(shell("export CC='\tfalse\t-O2'; " ASSAY "list openssl@shared 2>&1", home, home),
            "needs a C compiler", "'false --version' ended with 1");
  COMPLAINS(shell("export CC=true; " ASSAY "list openssl@shared 2>&1", home, home),
            "'true' is no C compiler");
  file_put("cc", "#!/bin/sh\ncase $* in *--version*) exit 0;; esac\nexit 7\n");
  COMPLAINS(shell("export CC=%s/cc; " ASSAY "list openssl@shared 2>&1", home, home, home),
            "the compiler ended with 7 and said nothing (CC is '");
  shell("echo > %s/file", home);
  COMPLAINS(shell("cd %s && ASSAY_CACHE=%s/file/cache " BIN "/assay list openssl@shared 2>&1", home, home),
            "/file/cache: Not a directory", "ASSAY_CACHE names another place");
  COMPLAINS(shell("cd %s && env -u XDG_CACHE_HOME ASSAY_CACHE= HOME=/dev/null " BIN
                  "/assay list openssl@shared 2>&1",
                  home),
            "/dev/null/.cache: Not a directory");
}

Test(builds, marks_that_a_linker_exports_are_none_of_a_modules_own) {
  if (ASSAY_INSTRUMENT[0] || shell("command -v ld.gold")->code != 0)
    cr_skip_test("there is no other linker");
  const struct ran *ran =
      shell("export CC='gcc -fuse-ld=gold'; " ASSAY "list openssl@shared 2>&1", home, home);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
}

/* Where such a folder can be made. */
Test(builds, a_cache_that_is_full_or_holds_no_code_or_cannot_be_written_is_told) {
  shell("mkdir %s/full", home);
  if (shell("mount -t tmpfs -o size=64k,mode=700 none %s/full 2>&1", home)->code != 0)
    cr_skip_test("no file system can be mounted here");
  const struct ran *ran = shell("cd %s && ASSAY_CACHE=%s/full/cache " BIN
                                "/assay list openssl@shared 2>&1; code=$?; umount %s/full; exit $code",
                                home, home, home);
  COMPLAINS(ran, "there is no room for a module in ", "ASSAY_CACHE");
  ran = shell("cd %s && mount -t tmpfs -o mode=700,noexec none full && ASSAY_CACHE=%s/full " BIN
              "/assay list openssl@shared 2>&1; code=$?; umount full; exit $code",
              home, home);
  COMPLAINS(ran, "does not load: ", "mounted noexec");
  ran = shell("cd %s && mount -t tmpfs -o mode=700,ro none full && ASSAY_CACHE=%s/full " BIN
              "/assay check --quick --subject openssl 2>&1; code=$?; umount full; exit $code",
              home, home);
  COMPLAINS(ran, "the default corpus has to be made, and nothing can be written in ",
            "Read-only file system");
}

/* A prefix with a header that says no more than a version. */
static void version_put(const char *name, const char *version) {
  shared_put(name, "");
  shell("cd %s/%s/include && rm openssl && mkdir openssl && echo '%s' > openssl/crypto.h", home, name,
        version);
}

Test(builds, headers_of_a_version_that_a_backend_does_not_know_are_told) {
  version_put("old", "#define OPENSSL_VERSION_NUMBER 0x1010117fL");
  COMPLAINS(shell(ASSAY "list openssl@old 2>&1", home, home),
            "/old/include: these are the headers of OpenSSL before 3.0");
  version_put("libre", "#define LIBRESSL_VERSION_NUMBER 0x4010000fL");
  COMPLAINS(shell(ASSAY "list openssl@libre 2>&1", home, home),
            "/libre/include: these are the headers of LibreSSL");
}

/* A file that does not compile: headers of another library. */
Test(builds, headers_that_do_not_fit_are_told_by_the_compilers_first_error) {
  shared_put("odd", "");
  shell("rm %s/odd/include/openssl && mkdir %s/odd/include/openssl && "
        "echo '#error of another library' > %s/odd/include/openssl/crypto.h",
        home, home, home);
  COMPLAINS(shell(ASSAY "list openssl@odd 2>&1", home, home), "openssl.c does not compile against",
            "of another library");
}
