/* Help, the manual page and what a shell completes: all from the tables of the commands and the topics. */
#include "harness/cli/help.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "build_facts.h"
#include "harness/cli/command.h"
#include "reports/model/result.h"

/* ---- names ---- */

static const char *command_word(unsigned number) {
  return commands[number] ? usage_word(commands[number]->usage) : NULL;
}

/* Commands, "help", and topics. */
static const char *topic_word(unsigned number) {
  for (unsigned i = 0; commands[i]; i++, number--)
    if (number == 0)
      return command_word(i);
  return number == 0 ? "help" : topics[number - 1].name;
}

static const char *command_or_help_word(unsigned number) {
  const char *word = topic_word(number);
  return number == 0 || strcmp(topic_word(number - 1), "help") != 0 ? word : NULL;
}

static const char *option_of_all_word(unsigned number) {
  static const char *const words[] = {"--help", "--version", NULL};
  return words[number];
}

static const struct command *command_named(const char *name) {
  for (const struct command *const *c = commands; *c; c++)
    if (strcmp(usage_word((*c)->usage), name) == 0)
      return *c;
  return NULL;
}

static const struct topic *topic_named(const char *name) {
  for (const struct topic *topic = topics; topic->name; topic++)
    if (strcmp(topic->name, name) == 0)
      return topic;
  return NULL;
}

/* ---- all ---- */

static void print_overview(struct sheet *sheet) {
  static const struct sheet_item examples[] = {
      {"assay run --quick", "a first answer in under 40 s"},
      {"assay check --subject openssl", "verdicts on every token of the default corpus"},
      {"assay report assay-report/result.json", "the tables again"},
      {0}};
  sheet_text(sheet,
             "assay: how fast does a crypto library verify signed tokens, and does it refuse every bad one?");
  sheet_gap(sheet);
  sheet->begun = false;
  sheet_forms(sheet, "assay", "COMMAND [OPTION...]");
  sheet_gap(sheet);
  for (const struct command *const *c = commands; *c; c++)
    sheet_item(sheet, 13, usage_word((*c)->usage), (*c)->usage->summary);
  sheet_text(sheet, "`assay COMMAND --help` tells the options of a command, `assay help TOPIC` more on:");
  sheet_gap(sheet);
  for (const struct topic *topic = topics; topic->name; topic++)
    sheet_item(sheet, 15, topic->name, topic->summary);
  sheet_head(sheet, "Examples:");
  sheet_items(sheet, examples, 40);
  sheet_text(sheet, "Exit codes: 0 holds, 1 regression, 2 wrong verdict, crash, hang or fault of a backend, "
                    "3 too noisy to say or incomplete, 4 usage or set-up, 130 interrupted.");
}

void help_commands(FILE *stream) {
  struct sheet sheet = sheet_on(stream);
  print_overview(&sheet);
}

void help_version(void) {
  printf("assay %s\n", ASSAY_VERSION);
  printf("  %-10s %s\n", "commit", ASSAY_COMMIT);
  printf("  %-10s %s\n", "compiler", ASSAY_COMPILER);
  printf("  %-10s %s\n", "flags", ASSAY_FLAGS);
  printf("  %-10s %s\n", "sanitizer", ASSAY_SANITIZER);
  printf("  %-10s Jansson %s, SQLite %s\n", "libraries", jansson_version_str(), sqlite3_libversion());
  printf("  %-10s " RESULT_SCHEMA "\n", "results");
}

/* `assay help --manual`: assay.1, for man. */
static int print_manual(void) {
  struct sheet sheet = {.stream = stdout};
  sheet_title(&sheet, "assay", ASSAY_VERSION,
              "measure how fast and how correctly signed tokens are verified");
  sheet_section(&sheet, "DESCRIPTION");
  print_overview(&sheet);
  sheet_section(&sheet, "COMMANDS");
  for (const struct command *const *c = commands; *c; c++) {
    sheet_part(&sheet, usage_word((*c)->usage));
    if ((*c)->usage->options)
      options_help((*c)->usage, &sheet);
    else
      sheet_text(&sheet, "See assay-corpus(1).");
  }
  sheet_section(&sheet, "TOPICS");
  for (const struct topic *topic = topics; topic->name; topic++) {
    sheet_part(&sheet, topic->name);
    topic->print(&sheet);
  }
  sheet_section(&sheet, "SEE ALSO");
  sheet_text(&sheet, "assay-corpus(1)");
  return EXIT_HOLDS;
}

/* ---- for completion ---- */

/* `assay help --complete WORD...`: what can stand in place of the last word, behind those before it, which
 * begin with the command; as options_complete tells it. */
static int complete(int argc, char **argv) {
  int count = argc - 2;
  char **words = argv + 2;
  const char *current = words[count - 1];
  const struct command *command = command_named(words[0]);
  if (count == 1)
    options_tell_words(current[0] == '-' ? option_of_all_word : command_or_help_word, current, stdout);
  else if (strcmp(words[0], "help") == 0)
    options_tell_words(topic_word, current, stdout);
  else if (command && command->usage->options)
    options_complete(command->usage, words, count, stdout);
  else if (command) { /* another program's: it takes "help --complete" behind its own name */
    argv[2] = argv[1];
    argv[1] = argv[0];
    return command->run(argc, argv);
  }
  return EXIT_HOLDS;
}

/* ---- one ---- */

static int tell_command(const struct command *command) {
  char *argv[] = {(char *)usage_word(command->usage), "--help", NULL};
  struct sheet sheet = sheet_on(stdout);
  if (!command->usage->options)
    return command->run(2, argv);
  options_help(command->usage, &sheet);
  return EXIT_HOLDS;
}

static int refuse_word(const char *command, const char *what, const char *word, option_words *words) {
  struct assay_error error = {0};
  option_word(what, word, words, &error);
  return complain(command, "%s", error.text);
}

static int tell_topic(const char *name) {
  const struct command *command = command_named(name);
  const struct topic *topic = topic_named(name);
  struct sheet sheet = sheet_on(stdout);
  if (command)
    return tell_command(command);
  if (topic)
    topic->print(&sheet);
  else if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0)
    print_overview(&sheet);
  else
    return refuse_word("help", "command or topic", name, topic_word);
  return EXIT_HOLDS;
}

int help_topic(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "help";
  if (argc > 2 && strcmp(name, "--complete") == 0)
    return complete(argc, argv);
  if (argc > 2)
    return complain("help", "takes one command or topic, not also '%s'", argv[2]);
  if (strcmp(name, "--manual") == 0)
    return print_manual();
  if (strcmp(name, "--names") != 0)
    return tell_topic(name);
  for (unsigned i = 0; topic_word(i); i++)
    puts(topic_word(i));
  return EXIT_HOLDS;
}

int help_or_run(const char *name, int argc, char **argv) {
  const struct command *command = command_named(name);
  if (!command && name[0] == '-')
    return refuse_word(NULL, "option", name, option_of_all_word);
  if (!command)
    return refuse_word(NULL, "command", name, command_or_help_word);
  return command->usage->options && options_ask_help(argc, argv) ? tell_command(command)
                                                                 : command->run(argc, argv);
}
