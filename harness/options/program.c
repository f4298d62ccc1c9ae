/* Finds commands, and answers for all of them; see program.h. */
#include "harness/options/program.h"

#include <string.h>

static const struct program *program; /* whose words these are: there is one */

static const char *command_word(unsigned number) {
  return program->command(number) ? usage_word(program->command(number)) : NULL;
}

/* Commands, "help", and topics. */
static const char *topic_word(unsigned number) {
  for (unsigned i = 0; program->command(i); i++, number--)
    if (number == 0)
      return command_word(i);
  return number == 0 ? "help" : program->topics ? program->topics[number - 1].name : NULL;
}

static const char *command_or_help_word(unsigned number) {
  const char *before = number ? topic_word(number - 1) : "";
  return before && strcmp(before, "help") != 0 ? topic_word(number) : NULL;
}

static const char *option_of_all_word(unsigned number) {
  return (const char *const[]){"--help", "--version", NULL}[number];
}

static int command_named(const char *name) {
  for (unsigned i = 0; program->command(i); i++)
    if (strcmp(command_word(i), name) == 0)
      return (int)i;
  return -1;
}

static const struct topic *topic_named(const char *name) {
  for (const struct topic *topic = program->topics; topic && topic->name; topic++)
    if (strcmp(topic->name, name) == 0)
      return topic;
  return NULL;
}

/* ---- what is printed ---- */

static void print_overview(struct sheet *sheet) {
  char text[200];
  sheet_forms(sheet, program->name, "COMMAND [OPTION...]");
  snprintf(text, sizeof text, "%s: %s", program->name, program->does);
  sheet_text(sheet, text);
  sheet_gap(sheet);
  for (unsigned i = 0; program->command(i); i++)
    sheet_item(sheet, 13, command_word(i), program->command(i)->summary);
  snprintf(text, sizeof text, "`%s COMMAND --help` tells the options of a command%s", program->name,
           program->topics ? ", `help TOPIC` more on:" : ".");
  sheet_text(sheet, text);
  if (program->topics)
    sheet_gap(sheet);
  for (const struct topic *topic = program->topics; topic && topic->name; topic++)
    sheet_item(sheet, 15, topic->name, topic->summary);
  sheet_head(sheet, "Examples:");
  sheet_items(sheet, program->examples, 50);
  sheet_text(sheet, program->notes);
}

static void print_manual(struct sheet *sheet) {
  sheet_title(sheet, program->name, program->version, program->does);
  sheet_section(sheet, "DESCRIPTION");
  print_overview(sheet);
  sheet_section(sheet, "COMMANDS");
  for (unsigned i = 0; program->command(i); i++) {
    sheet_part(sheet, command_word(i));
    if (program->command(i)->options)
      options_help(program->command(i), sheet);
    else
      sheet_text(sheet, program->command(i)->about);
  }
  if (program->topics)
    sheet_section(sheet, "TOPICS");
  for (const struct topic *topic = program->topics; topic && topic->name; topic++) {
    sheet_part(sheet, topic->name);
    topic->print(sheet);
  }
  sheet_section(sheet, "SEE ALSO");
  sheet_text(sheet, program->see_also);
}

/* ---- help ---- */

static void tell_words(word_list *words) {
  for (unsigned i = 0; words(i); i++)
    puts(words(i));
}

static enum program_step refuse(const char *what, const char *word, word_list *words,
                                struct assay_error *error) {
  word_find(what, word, words, error);
  return PROGRAM_WRONG;
}

/* Of a command, to whom the line belongs from `argv` on. */
static enum program_step tell_command(int command, int *argc, char ***argv) {
  struct sheet sheet = sheet_on(stdout);
  if (!program->command((unsigned)command)->options) {
    (*argv)[1] = "--help";
    *argc = 2;
    return PROGRAM_RUN;
  }
  options_help(program->command((unsigned)command), &sheet);
  return PROGRAM_DONE;
}

/* Words behind "help --complete", which begin with the command. */
static enum program_step complete(int command, int *argc, char ***argv) {
  char **words = *argv + 2, *current = words[*argc - 3];
  int count = *argc - 2;
  if (count == 1)
    options_tell_words(current[0] == '-' ? option_of_all_word : command_or_help_word, current, stdout);
  else if (strcmp(words[0], "help") == 0)
    options_tell_words(topic_word, current, stdout);
  else if (command >= 0 && program->command((unsigned)command)->options)
    options_complete(program->command((unsigned)command), words, count, stdout);
  else if (command >= 0) { /* "help --complete" goes behind its name */
    (*argv)[2] = "--complete";
    (*argv)[1] = "help";
    (*argv)[0] = (char *)command_word((unsigned)command);
    return PROGRAM_RUN;
  }
  return PROGRAM_DONE;
}

/* argv[0] is "help". */
static enum program_step help(int *argc, char ***argv, unsigned *command, struct assay_error *error) {
  const char *word = *argc > 1 ? (*argv)[1] : "help";
  struct sheet sheet = sheet_on(stdout), manual = {.stream = stdout};
  bool completes = *argc > 2 && strcmp(word, "--complete") == 0;
  int found = command_named(completes ? (*argv)[2] : word);
  *command = (unsigned)found;
  if (completes)
    return complete(found, argc, argv);
  if (*argc > 2)
    return error_set(error, "takes one command or topic, not also '%s'", (*argv)[2]) ? PROGRAM_DONE
                                                                                     : PROGRAM_WRONG;
  if (found >= 0)
    return tell_command(found, argc, argv);
  if (strcmp(word, "--manual") == 0)
    print_manual(&manual);
  else if (strcmp(word, "--names") == 0)
    tell_words(topic_word);
  else if (topic_named(word))
    topic_named(word)->print(&sheet);
  else if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0)
    print_overview(&sheet);
  else
    return refuse("command or topic", word, topic_word, error);
  return PROGRAM_DONE;
}

enum program_step program_answer(const struct program *of, int *argc, char ***argv, unsigned *command,
                                 struct assay_error *error) {
  const char *word = *argc > 1 ? (*argv)[1] : "";
  struct sheet sheet = sheet_on(*argc > 1 ? stdout : stderr);
  program = of;
  bool asks = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
  if (asks || *argc < 2) {
    print_overview(&sheet);
    return asks ? PROGRAM_DONE : PROGRAM_WRONG;
  }
  if (strcmp(word, "--version") == 0) {
    program->print_version();
    return PROGRAM_DONE;
  }
  --*argc;
  ++*argv;
  if (strcmp(word, "help") == 0)
    return help(argc, argv, command, error);
  int found = command_named(word);
  *command = (unsigned)found;
  if (found < 0)
    return word[0] == '-' ? refuse("option", word, option_of_all_word, error)
                          : refuse("command", word, command_or_help_word, error);
  return program->command(*command)->options && options_ask_help(*argc, *argv)
             ? tell_command(found, argc, argv)
             : PROGRAM_RUN;
}
