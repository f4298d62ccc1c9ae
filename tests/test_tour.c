/* What the pages show is what the programs do: options are those of the command, and the answers of the README's
 * tour are given. On Release alone: it is about words. */
#include <ctype.h>

#include "tests/cli.h"

#define PAGES                                                                                                \
  "README.md CONTRIBUTING.md reports/*.md scripts/*.md backends/*.md backends/verifiers/*.md "               \
  "backends/verifiers/adapters/README.md corpus/*.md harness/*.md"
#define TEXT 400000

/* ---- options ---- */

/* The help of "assay bench", of "assay corpus generate"; "" where there is no such command. */
static const char *help_of(const char *command) {
  static char text[TEXT], of[64];
  if (strcmp(of, command) == 0)
    return text;
  const struct ran *ran = shell(BIN "/%s --help 2>/dev/null", command);
  snprintf(of, sizeof of, "%s", command);
  snprintf(text, sizeof text, "%s", ran->code == 0 ? ran->out : "");
  return text;
}

static bool has_option(const char *help, const char *option) {
  size_t length = strlen(option);
  for (const char *at = help; (at = strstr(at, option)) != NULL; at += length)
    if (!isalnum((unsigned char)at[length]) && at[length] != '-')
      return true;
  return false;
}

/* Returns how many options the example has. */
static unsigned expect_options_known(char *example) {
  char command[64] = "", *save;
  unsigned words = 0, options = 0;
  for (char *word = strtok_r(example, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
    if (strncmp(word, "--", 2) == 0 && strlen(word) > 2) {
      word[2 + strcspn(word + 2, "=,.;:)]")] = '\0';
      cr_expect(has_option(help_of(command), word), "%s has no %s", command, word);
      options++;
    }
    bool is_part =
        words == 0 || (words == 1 && islower((unsigned char)word[0])) ||
        (words == 2 && (strcmp(command, "assay corpus") == 0 || strcmp(command, "assay history") == 0));
    if (is_part)
      snprintf(command + strlen(command), sizeof command - strlen(command), "%s%s", words ? " " : "", word);
    words++;
  }
  return options;
}

Test(tour, every_option_that_a_page_names_is_one_of_its_command) {
  static char lines[TEXT];
  const struct ran *ran =
      shell("cd " ASSAY_SOURCE_DIR " && grep -ohE '(^|[` ])assay [a-z]+ [^`|#&]*--[^`|#&]*' " PAGES
            " | sed 's/^[` ]*//; s/  .*//' | sort -u");
  snprintf(lines, sizeof lines, "%s", ran->out);
  unsigned options = 0;
  char *save;
  for (char *line = strtok_r(lines, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
    options += expect_options_known(line);
  cr_expect_geq(options, 40, "only %u options in all pages", options);
}

/* ---- answers ---- */

/* Without what another day, another update of Debian or another width changes: versions, days, runs of spaces.
 * Lines begin with a newline. */
static void plain(char *out, size_t size, const char *text) {
  size_t n = 0;
  for (const char *at = text; *at && n + 2 < size; at++) {
    size_t digits = strspn(at, "0123456789."), spaces = strspn(at, " ");
    bool is_version = digits && memchr(at, '.', digits);
    bool is_days = digits && strncmp(at + digits, " d ago", 6) == 0;
    if (is_version || is_days)
      out[n++] = '#';
    else if (spaces)
      out[n++] = ' ';
    else
      out[n++] = *at;
    at += (is_version || is_days ? digits : spaces ? spaces : 1) - 1;
  }
  out[n] = '\0';
}

/* Every line of the block but "..." stands in the answer. Returns how many there are. */
static unsigned expect_lines(const char *command, char *block, const char *answer) {
  static char wanted[4096], given[TEXT];
  unsigned count = 0;
  char *save;
  plain(given, sizeof given, answer);
  for (char *line = strtok_r(block, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
    if (strcmp(line, "...") == 0)
      continue;
    plain(wanted, sizeof wanted, line);
    cr_expect(strstr(given, wanted), "`%s` does not answer '%s' but: %s", command, line, answer);
    count++;
  }
  return count;
}

/* The block of the README behind the line that holds the command. */
static void block_behind(const char *command, char *block, size_t size) {
  char line[1024];
  FILE *page = fopen(ASSAY_SOURCE_DIR "/README.md", "r");
  bool found = false, inside = false;
  size_t n = 0;
  cr_assert_not_null(page);
  block[0] = '\0';
  while (fgets(line, sizeof line, page)) {
    found |= strstr(line, command) != NULL;
    bool is_fence = strncmp(line, "```", 3) == 0;
    if (found && inside && is_fence)
      break;
    if (found && inside)
      n += (size_t)snprintf(block + n, n < size ? size - n : 0, "%s", line);
    inside |= found && is_fence;
  }
  fclose(page);
  cr_assert(n > 0 && n < size, "no block behind `%s`", command);
}

/* Of those that need nothing but Debian and no clock. */
Test(tour, the_answers_of_the_readme_are_those_of_the_program) {
  static const char *const commands[] = {
      "assay check --subject openssl --alg ES256", "assay check --subject openssl,libjwt --alg RS256",
      "assay check --subject openssl,libjwt --explain key-selection/hs-rs-confusion/spki-pem/RS256/0000"};
  static char block[8192];
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    char quoted[200];
    snprintf(quoted, sizeof quoted, "`%s`", commands[i]);
    block_behind(quoted, block, sizeof block);
    const struct ran *ran = shell("PATH=" BIN ":$PATH NO_COLOR=1 %s 2>/dev/null", commands[i]);
    cr_assert_eq(ran->code, 0, "%s: exit %d: %s", commands[i], ran->code, ran->out);
    cr_expect_geq(expect_lines(commands[i], block, ran->out), 4, "%s", commands[i]);
  }
}
