/* What the pages tell a reader to save and to build does what they say. */
#include "tests/cli.h"

/* Saves the first block of a language in a page. */
static void save_block(const char *page, const char *language, const char *path) {
  const struct ran *ran = shell("sed -n '/^```%s$/,/^```$/p' " ASSAY_SOURCE_DIR "/%s | sed '/^```$/q' | "
                                "sed '/^```/d' > %s && test -s %s",
                                language, page, path, path);
  cr_assert_eq(ran->code, 0, "%s has no block of %s", page, language);
}

/* A path in a fresh folder; remove_again takes the folder with it. */
static const char *place(const char *name) {
  static char path[128];
  snprintf(path, sizeof path, "%s/%s", fresh_folder(), name);
  return path;
}

static void remove_again(const char *path) {
  shell("rm -rf \"$(dirname %s)\"", path);
}

Test(pages, the_backend_to_copy_builds_alone_and_is_right) {
  if (shell("pkg-config --exists gnutls")->code != 0)
    cr_skip_test("there is no GnuTLS to build it with");
  const char *path = place("gnutls-hmac.c");
  save_block("backends/ADD-A-BACKEND.md", "c", path);
  const struct ran *ran =
      shell("cc -O2 -shared -fPIC -fvisibility=hidden -Wall -Wextra -Werror -D_GNU_SOURCE "
            "-I" ASSAY_SOURCE_DIR " %s -o %s.so $(pkg-config --cflags --libs gnutls) 2>&1",
            path, path);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  ran = shell(BIN "/assay check --subject mine=%s.so --alg HS256,HS384,HS512 --corpus %s 2>&1", path,
              test_corpus());
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "mine gave no wrong verdict."), "%s", ran->out);
  remove_again(path);
}

Test(pages, the_class_to_copy_is_a_group_of_its_own) {
  const char *path = place("house-rules.c");
  save_block("corpus/ADD-A-CLASS.md", "c", path);
  const struct ran *ran =
      shell("cc -c -Wall -Wextra -Werror -D_GNU_SOURCE -I" ASSAY_SOURCE_DIR " %s -o %s.o 2>&1 && "
            "nm --defined-only -g %s.o",
            path, path, path);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, " mutations_house_rules\n"), "%s", ran->out);
  remove_again(path);
}

/* Its verifier looks at signature and exp alone, and that is what the page says is found. */
Test(pages, the_adapter_to_copy_speaks_the_protocol) {
  if (shell("test -x /usr/bin/python3")->code != 0)
    cr_skip_test("there is no Python to run it with");
  const char *path = place("mine.py");
  save_block("backends/verifiers/CHECK-MY-SERVICE.md", "python", path);
  const struct ran *ran =
      shell("chmod +x %s && " BIN "/assay check --subject mine=exec:%s --alg HS256 --corpus %s "
            "--fail-on fault,crash,hang 2>&1",
            path, path, test_corpus());
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "cross-service: mine accepted"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "mine accepted bad tokens of "), "%s", ran->out);
  remove_again(path);
}

/* Every line of the page's answer that is not cut short stands in the answer. */
static void holds_lines(const char *answer, const char *page, unsigned block) {
  const struct ran *ran = shell("awk '/^```$/ && !inside && ++n == %u {on = 1} /^```/ {inside = !inside; "
                                "next} on && inside; on && !inside "
                                "{exit}' " ASSAY_SOURCE_DIR "/%s",
                                block, page);
  char lines[4096], *save;
  snprintf(lines, sizeof lines, "%s", ran->out);
  unsigned count = 0;
  for (char *line = strtok_r(lines, "\n", &save); line; line = strtok_r(NULL, "\n", &save), count++)
    cr_expect(strcmp(line, "...") == 0 || strstr(answer, line), "'%s' is not in: %s", line, answer);
  cr_expect_geq(count, 5, "%s has no such block", page);
}

Test(pages, own_tokens_are_answered_as_the_page_says) {
  static char answer[8192];
  const char *path = place("tokens.txt");
  char keys[128], command[128];
  snprintf(keys, sizeof keys, "%.*s/issuer.pem", (int)(strrchr(path, '/') - path), path);
  snprintf(command, sizeof command, "%.*s/command", (int)(strrchr(path, '/') - path), path);
  save_block("corpus/CHECK-MY-TOKENS.md", "tokens", path);
  save_block("corpus/CHECK-MY-TOKENS.md", "pem", keys);
  save_block("corpus/CHECK-MY-TOKENS.md", "sh", command);
  const struct ran *ran = shell("cd $(dirname %s) && PATH=" BIN ":$PATH sh ./command 2>&1", path);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  snprintf(answer, sizeof answer, "%s", ran->out);
  holds_lines(answer, "corpus/CHECK-MY-TOKENS.md", 1);
  remove_again(path);
}
