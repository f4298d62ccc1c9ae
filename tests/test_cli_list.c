/* assay list: a line a subject, all of one, and what is missing in words that say how to get it. */
#include "tests/cli.h"

static const char *line_of(const char *text, const char *begin) {
  const char *line = text;
  while (line && strncmp(line, begin, strlen(begin)) != 0)
    line = (line = strchr(line, '\n')) ? line + 1 : NULL;
  return line;
}

static void fits(const char *what, int columns) {
  const struct ran *ran =
      shell("script -qec 'stty cols %d; " BIN
            "/assay list %s 2>/dev/null' /dev/null | tr -d '\\r' | sed 's/\\x1b\\[[0-9]*[mK]//g'",
            columns, what);
  for (const char *line = ran->out; *line; line += strcspn(line, "\n") + 1)
    cr_expect(strcspn(line, "\n") <= (size_t)columns, "%d: %.*s", columns, (int)strcspn(line, "\n"), line);
}

Test(cli_list, is_one_line_a_subject) {
  unsigned lines = 0, names = (unsigned)atoi(shell(BIN "/assay list --names | wc -l")->out);
  const struct ran *ran = shell(BIN "/assay list 2>/dev/null");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  const char *openssl = line_of(ran->out, " openssl "), *null = line_of(ran->out, " null ");
  cr_assert_not_null(openssl, "%s", ran->out);
  cr_assert_not_null(null, "%s", ran->out);
  cr_expect_not_null(strstr(openssl, "backend"), "%s", openssl);
  cr_expect_not_null(strstr(openssl, "OpenSSL "), "%s", openssl);
  cr_expect_eq(strncmp(strchr(openssl, '\n') - 4, "  15", 4), 0, "%s", openssl);
  cr_expect_not_null(strstr(ran->out, " openssl,boringssl,wolfssl,null"), "whom a run takes: %s", ran->out);
  for (const char *at = ran->out; (at = strchr(at, '\n')); at++)
    lines++;
  cr_expect_leq(lines, names + 6, "%u lines of %u subjects: %s", lines, names, ran->out);
}

Test(cli_list, of_a_subject_tells_all) {
  const struct ran *ran = shell(BIN "/assay list openssl 2>&1");
  static const char *const heads[] = {" kind ",       " uses ",  " loaded ",
                                      " algorithms ", " build ", " variants "};
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_expect_eq(strncmp(ran->out, "openssl OpenSSL ", 16), 0, "%s", ran->out);
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
    cr_expect_not_null(line_of(ran->out, heads[i]), "%s is not in: %s", heads[i], ran->out);
  cr_expect_not_null(strstr(ran->out, "init-per-call: "), "%s", ran->out);
  ran = shell(BIN "/assay list openssl:init-per-call --json 2>&1");
  json_t *list = json_loads(ran->out, 0, NULL);
  cr_expect_eq(json_array_size(list), 1, "%s", ran->out);
  json_decref(list);
}

Test(cli_list, of_builds_of_one_library_tells_what_differs) {
  const struct ran *ran = shell(BIN "/assay list openssl openssl:init-per-call boringssl 2>&1");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  const char *sides = line_of(ran->out, "OpenSSL: what differs");
  cr_assert_not_null(sides, "%s", ran->out);
  cr_expect_not_null(strstr(sides, "openssl                none\n"), "%s", sides);
  cr_expect_not_null(strstr(sides, "openssl:init-per-call  init-per-call\n"), "%s", sides);
  cr_expect_not_null(strstr(sides, "The same in both: version, loaded"), "%s", sides);
  cr_expect_null(line_of(ran->out, "BoringSSL: what differs"), "%s", ran->out);
}

Test(cli_list, fits_the_terminal) {
  static const int widths[] = {100, 80, 50};
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    fits("", widths[i]);
    fits("all", widths[i]);
    fits("openssl openssl:init-per-call", widths[i]);
  }
}

Test(cli_list, refuses_what_it_cannot_list) {
  COMPLAINS(shell(BIN "/assay list opnssl 2>&1"), "assay list: ", "did you mean 'openssl'");
  COMPLAINS(shell(BIN "/assay list openssl --names 2>&1"), "--names is for all subjects, not for 'openssl'");
}

/* Where the shell finds no interpreter, it says no more than 127. */
Test(cli_list, says_what_an_adapter_lacks_and_how_to_get_it) {
  static const char *const scripts[][2] = {
      {"#!/no/such/place/gem\\n# packages: gem gem-jwt\\n",
       "gem is not installed: apt install gem gem-jwt\n"},
      {"#!/usr/bin/env no-such-interpreter\\n", "no-such-interpreter is not installed\n"},
      {"#!/no/such/place/gem", "gem is not installed\n"}};
  const char *folder = fresh_folder();
  for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
    shell("printf '%s' > %s/odd && chmod +x %s/odd", scripts[i][0], folder, folder);
    const struct ran *ran = shell(BIN "/assay list odd=exec:%s/odd 2>&1", folder);
    COMPLAINS(ran, "assay list: odd: ", scripts[i][1]);
  }
  shell("rm -rf %s", folder);
}
