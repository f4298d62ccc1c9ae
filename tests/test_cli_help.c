/* Help, version and suggestions: the same of every command. */
#include "tests/cli.h"

/* Calls back with the name of each command of `assay help`, as far as the empty line behind them. */
static void each_command(void (*tell)(const char *name)) {
  char list[8192], *line, *save;
  snprintf(list, sizeof list, "%s",
           shell(BIN "/assay help | sed -n '/^usage/,/^`assay/s/^  \\([a-z]*\\) .*/\\1/p'")->out);
  unsigned count = 0;
  for (line = strtok_r(list, "\n", &save); line; line = strtok_r(NULL, "\n", &save), count++)
    tell(line);
  cr_assert_geq(count, 10, "too few commands: %u", count);
}

static void has_help(const char *name) {
  const struct ran *ran = shell(BIN "/assay %s --help 2>&1", name);
  cr_expect_eq(ran->code, 0, "%s: %s", name, ran->out);
  cr_expect_eq(strncmp(ran->out, "usage: assay", 12), 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "\nExamples:\n"), "%s has no examples", name);
  char first[400];
  snprintf(first, sizeof first, "%.*s", (int)sizeof first - 1, ran->out);
  ran = shell(BIN "/assay help %s 2>&1", name);
  cr_expect_eq(strncmp(ran->out, first, strlen(first)), 0, "help %s is another text", name);
  for (const char *at = ran->out, *end; *at; at = *end ? end + 1 : end) {
    end = at + strcspn(at, "\n");
    cr_expect_leq(end - at, 110, "%s: a line is too wide: %.*s", name, (int)(end - at), at);
  }
}

Test(cli_help, every_command_has_help_with_examples) {
  each_command(has_help);
}

static void suggests(const char *name) {
  if (strcmp(name, "corpus") == 0)
    return; /* options follow its own commands */
  const struct ran *ran = shell(BIN "/assay %s --jsno 2>&1", name);
  const char *wanted = strcmp(name, "report") == 0 ? "lists them" : "did you mean '--json'?";
  COMPLAINS(ran, name, "there is no option '--jsno'", wanted);
  COMPLAINS(shell(BIN "/assay %s -q 2>&1", name), "there is no option '-q'");
}

Test(cli_help, every_command_suggests_the_option_that_was_meant) {
  each_command(suggests);
  COMPLAINS(shell(BIN "/assay corpus generate --sed 2>&1"), "did you mean '--seed'?");
}

Test(cli_help, an_option_behind_operands_is_the_one_that_is_named) {
  COMPLAINS(shell(BIN "/assay report some.json --formt json 2>&1"), "'--formt'", "'--format'");
  COMPLAINS(shell(BIN "/assay report some.json --format 2>&1"), "--format needs a value");
  COMPLAINS(shell(BIN "/assay compare a b --json=yes 2>&1"), "--json takes no value");
}

Test(cli_help, help_stands_anywhere_but_behind_two_dashes) {
  cr_expect_eq(shell(BIN "/assay run --quick --help 2>&1")->code, 0);
  cr_expect_eq(shell(BIN "/assay report -- --help 2>&1")->code, 4);
}

Test(cli_help, topics) {
  static const char *const topics[][2] = {{"subjects", "exec:COMMAND"}, {"exit-codes", "130"},
                                          {"environment", "NO_COLOR"},  {"algorithms", "ES256K"},
                                          {"formats", "markdown"},      {"reasons", "signature.invalid"},
                                          {"policy", "assay-policy/1"}};
  for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
    const struct ran *ran = shell(BIN "/assay help %s 2>&1", topics[i][0]);
    cr_expect_eq(ran->code, 0);
    cr_expect_not_null(strstr(ran->out, topics[i][1]), "%s", ran->out);
  }
  COMPLAINS(shell(BIN "/assay help subjets 2>&1"), "did you mean 'subjects'");
  COMPLAINS(shell(BIN "/assay help run check 2>&1"), "'check'");
}

/* Every line of the list is a name and its sentence: numbers that name nothing are not in it. */
Test(cli_help, every_reason_has_a_name_and_a_sentence) {
  const struct ran *ran = shell(BIN "/assay help reasons");
  cr_expect_null(strchr(ran->out, '?'), "%.2000s", strchr(ran->out, '?'));
  cr_expect_not_null(strstr(ran->out, "\n  authorisation.revoked-sub "));
  cr_expect_not_null(strstr(ran->out, "\n  unmapped "));
  ran = shell(BIN "/assay help reasons | grep '^  ' | grep -vE '^  [a-z0-9.-]+ +[^ ]+ .*\\.$'");
  cr_expect_str_empty(ran->out, "without a sentence: %s", ran->out);
}

Test(cli_help, version_tells_the_build) {
  const struct ran *ran = shell(BIN "/assay --version");
  static const char *const facts[] = {"assay 0.", "commit", "compiler", "flags", "sanitizer", "Jansson"};
  for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
    cr_expect_not_null(strstr(ran->out, facts[i]), "%s is not in %s", facts[i], ran->out);
}

Test(cli_help, names_are_listed_without_starting_anything) {
  const struct ran *ran = shell(BIN "/assay list --names");
  cr_expect_eq(ran->code, 0);
  cr_expect_not_null(strstr(ran->out, "openssl\n"), "%s", ran->out);
  cr_expect_null(strchr(ran->out, ' '), "%s", ran->out);
}
