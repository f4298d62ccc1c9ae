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

/* With its number in the line; NULL: there is none of that name. */
static const struct usage *find_command(struct program_line *line, const char *name) {
  for (line->command = 0; program->command(line->command); line->command++)
    if (strcmp(command_word(line->command), name) == 0)
      return program->command(line->command);
  return NULL;
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
  const char *typed = program->typed ? program->typed : program->name;
  sheet_forms(sheet, typed, "COMMAND [OPTION...]");
  snprintf(text, sizeof text, "%s: %s", typed, program->does);
  sheet_text(sheet, text);
  sheet_gap(sheet);
  for (unsigned i = 0; program->command(i); i++)
    sheet_item(sheet, 13, command_word(i), program->command(i)->summary);
  snprintf(text, sizeof text, "`%s COMMAND --help` tells the options of a command%s", typed,
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

static enum program_step tell_command(struct program_line *line, const struct usage *usage) {
  struct sheet sheet = sheet_on(stdout);
  if (usage->options) {
    options_help(usage, &sheet);
    return PROGRAM_DONE;
  }
  line->argv[1] = "--help"; /* it is asked itself */
  line->argc = 2;
  return PROGRAM_RUN;
}

/* The line is "help --complete" and words that begin with a command. */
static enum program_step complete(struct program_line *line) {
  char **words = line->argv + 2;
  int count = line->argc - 2;
  const struct usage *usage = find_command(line, words[0]);
  if (count == 1)
    options_tell_words(words[0][0] == '-' ? option_of_all_word : command_or_help_word, words[0], stdout);
  else if (strcmp(words[0], "help") == 0)
    options_tell_words(topic_word, words[count - 1], stdout);
  else if (usage && usage->options)
    options_complete(usage, words, count, stdout);
  else if (usage) { /* it is asked itself */
    line->argv[2] = "--complete";
    line->argv[1] = "help";
    return PROGRAM_RUN;
  }
  return PROGRAM_DONE;
}

static enum program_step tell_word(const char *word, struct assay_error *error) {
  struct sheet sheet = sheet_on(stdout), manual = {.stream = stdout};
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

static enum program_step help(struct program_line *line, struct assay_error *error) {
  const char *word = line->argc > 1 ? line->argv[1] : "help";
  if (line->argc > 2 && strcmp(word, "--complete") == 0)
    return complete(line);
  if (line->argc > 2) {
    error_set(error, "takes one command or topic, not also '%s'", line->argv[2]);
    return PROGRAM_WRONG;
  }
  const struct usage *usage = find_command(line, word);
  return usage ? tell_command(line, usage) : tell_word(word, error);
}

static enum program_step tell_program(const char *word) {
  struct sheet sheet = sheet_on(word ? stdout : stderr);
  if (word && strcmp(word, "--version") == 0)
    program->print_version();
  else
    print_overview(&sheet);
  return word ? PROGRAM_DONE : PROGRAM_WRONG;
}

enum program_step program_answer(const struct program *of, struct program_line *line,
                                 struct assay_error *error) {
  const char *word = *++line->argv;
  line->argc--;
  program = of;
  if (!word || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "--version") == 0)
    return tell_program(word);
  if (strcmp(word, "help") == 0)
    return help(line, error);
  const struct usage *usage = find_command(line, word);
  if (!usage)
    return word[0] == '-' ? refuse("option", word, option_of_all_word, error)
                          : refuse("command", word, command_or_help_word, error);
  return usage->options && options_ask_help(line->argc, line->argv) ? tell_command(line, usage) : PROGRAM_RUN;
}
