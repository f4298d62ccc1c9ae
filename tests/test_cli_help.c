/* Help, version and suggestions: the same of every command. */
#include "tests/cli.h"

/* Calls back with the name of each command, as completion has them. */
static void each_command(void (*tell)(const char *name)) {
  char list[8192], *line, *save;
  snprintf(list, sizeof list, "%s", shell(BIN "/assay help --complete '' | tr -d ' '")->out);
  unsigned count = 0;
  for (line = strtok_r(list, "\n", &save); line; line = strtok_r(NULL, "\n", &save), count++)
    if (strcmp(line, "help") != 0)
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

/* What the commands share is one table, and none takes what says nothing to it. */
Test(cli_help, an_option_of_another_command_is_called_that) {
  static const char *const lines[][2] = {
      {"run --count instructions", "--count is an option of `assay bench`"},
      {"run --measure modes", "--measure is an option of `assay bench`"},
      {"run --tokens x", "--tokens is an option of `assay check` and `assay bench`"},
      {"bench --cases x", "--cases is an option of `assay check`: speed is measured on a corpus"},
      {"bench --answers -", "--answers is an option of `assay check`, and of its tokens alone"},
      {"bench --fail-on accept", "--fail-on is an option of `assay run` and `assay check`"},
      {"check --seconds 3", "--seconds is an option of `assay run` and `assay bench`"},
      {"bench --count instructions --seconds 3", "--seconds is about times, and --count takes none"},
      {"gate r --history --budget 3", "--budget is for --base and --head, which are measured"},
      {"gate --base a --head b --anyway", "--anyway is for stored results"}};
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    COMPLAINS(shell(BIN "/assay %s 2>&1", lines[i][0]), lines[i][1]);
}

/* As a terminal of that width gets it, if it is one at all. */
static void fits(const char *name, int columns) {
  const struct ran *ran =
      shell("script -qec 'stty cols %d; " BIN "/assay help %s' /dev/null | tr -d '\\r'", columns, name);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  for (const char *line = ran->out; *line; line += strcspn(line, "\n") + 1)
    cr_expect(strcspn(line, "\n") <= (size_t)columns, "%s: %.*s", name, (int)strcspn(line, "\n"), line);
}

static void fits_80(const char *name) {
  fits(name, 80);
}

Test(cli_help, help_is_as_wide_as_the_terminal) {
  each_command(fits_80);
  fits("", 50);
  fits("policy", 100);
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
  ran = shell(BIN "/assay help reasons | sed ':a; N; $!ba; s/\\n \\{40,\\}/ /g' | grep '^  ' | "
                  "grep -vE '^  [a-z0-9.-]+ +[^ ]+ .*\\.$'");
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
