/* The default corpus is made once, also where two first runs begin at the same time. */
#include "tests/cli.h"

#define CHECK BIN "/assay check --subject openssl --alg HS256"

static bool appears(const char *file, const char *words) {
  for (unsigned i = 0; i < 600; i++) {
    if (shell("grep -q '%s' %s 2>/dev/null", words, file)->code == 0)
      return true;
    usleep(100000);
  }
  return false;
}

Test(cli_corpus, a_second_first_run_waits_for_the_corpus_of_the_other) {
  const char *folder = fresh_folder(), *corpus = test_corpus();
  char said[128];
  snprintf(said, sizeof said, "%s/said", folder);
  shell("mkdir %s/cache", folder);
  int cache = open(shell("printf %s/cache", folder)->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  cr_assert_eq(flock(cache, LOCK_EX), 0);
  shell("(ASSAY_CACHE=%s/cache " CHECK " >%s/out 2>%s; echo \"exit $?\" >>%s/out) >/dev/null 2>&1 &", folder,
        folder, said, folder);
  cr_expect(
      appears(said, "^Another assay is making the default corpus in .*/cache; this one waits for it.$"));
  shell("cp -r %s %s/cache/default-1-$(" BIN "/assay-corpus --version | cut -d ' ' -f 2)", corpus, folder);
  close(cache);
  char out[128];
  snprintf(out, sizeof out, "%s/out", folder);
  cr_expect(appears(out, "^exit 0$"), "%s", shell("cat %s %s", out, said)->out);
  cr_expect_neq(shell("grep -q Making %s", said)->code, 0, "it made another");
  shell("rm -rf %s", folder);
}

Test(cli_corpus, whoever_waits_can_be_interrupted) {
  const char *folder = fresh_folder();
  shell("mkdir %s/cache", folder);
  int cache = open(shell("printf %s/cache", folder)->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  cr_assert_eq(flock(cache, LOCK_EX), 0);
  const struct ran *ran = shell(
      "ASSAY_CACHE=%s/cache timeout -s INT -k 20 2 " CHECK " 2>&1; test $? = 124 && echo timed", folder);
  cr_expect_not_null(strstr(ran->out, "interrupted before it began; there is no result\ntimed\n"), "%s",
                     ran->out);
  close(cache);
  shell("rm -rf %s", folder);
}
