/* getopt_long with one voice. */
#include "harness/cli/options.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/error.h"
#include "harness/base/text/names.h"
#include "harness/cli/command.h"
#include "harness/job/machine.h"
#include "reports/document/terminal.h"

#define OPTIONS_MAX 64

/* What has been read of each option; the options of one table, for the whole of the program. */
static struct {
  bool seen;
  char *list; /* of OPTION_LIST */
} read_so_far[OPTIONS_MAX];

void options_start(void) {
  opterr = 0;
  optind = 1;
  for (size_t i = 0; i < OPTIONS_MAX; i++)
    read_so_far[i].seen = false;
}

static bool add_to_list(const char *command, int index) {
  char **list = &read_so_far[index].list, *before = read_so_far[index].seen ? *list : NULL, *whole;
  if (asprintf(&whole, "%s%s%s", before ? before : "", before ? "," : "", optarg) < 0) {
    complain(command, "no memory");
    return false;
  }
  free(*list);
  *list = optarg = whole;
  return true;
}

/* The value in optarg is the whole list then, where it is one. */
static bool note_value(const char *command, const struct option *option, int index) {
  if (option->val & OPTION_LIST && !add_to_list(command, index))
    return false;
  if (read_so_far[index].seen && !(option->val & (OPTION_AGAIN | OPTION_LIST))) {
    complain(command, "--%s is given twice", option->name);
    return false;
  }
  read_so_far[index].seen = true;
  return true;
}

static int refuse_unknown(const char *command, const struct option *table, const char *given) {
  const char *names[OPTIONS_MAX + 1], *near = NULL;
  size_t count = 0;
  char word[64];
  for (; count < OPTIONS_MAX && table[count].name; count++)
    names[count] = table[count].name;
  names[count] = NULL;
  snprintf(word, sizeof word, "%s", given + strspn(given, "-"));
  word[strcspn(word, "=")] = '\0';
  if (word[0])
    near = near_miss(word, names);
  if (near && strcmp(near, word) == 0)
    complain(command, "--%s takes no value", near);
  else if (near)
    complain(command, "there is no option '%s'; did you mean '--%s'?", given, near);
  else
    complain(command, "there is no option '%s'; `assay %s --help` lists them", given, command);
  return OPTIONS_BAD;
}

int options_next(const char *command, const struct option *table, int argc, char **argv, const char **name) {
  int index = 0, at = optind, opt = getopt_long(argc, argv, ":", table, &index);
  if (opt == -1)
    return OPTIONS_END;
  /* Operands before it were moved behind: the option is what getopt has just gone past, unless it is one of
   * several letters. */
  char letter[3] = {'-', (char)optopt, '\0'};
  const char *given = argv[optind > at ? optind - 1 : at];
  if (given[0] != '-')
    given = letter;
  if (opt == ':') {
    complain(command, "%s needs a value", given);
    return OPTIONS_BAD;
  }
  if (opt == '?')
    return refuse_unknown(command, table, given);
  if (name)
    *name = table[index].name;
  if (table[index].has_arg == required_argument && !note_value(command, &table[index], index))
    return OPTIONS_BAD;
  return OPTION_KEY(&table[index]);
}

bool options_number(const char *command, const char *option, const char *text, double low, double high,
                    double *value) {
  char *end;
  errno = 0;
  *value = strtod(text, &end);
  if (errno == 0 && end != text && *end == '\0' && *value >= low && *value <= high)
    return true;
  complain(command, "--%s takes a number from %g to %g, not '%s'", option, low, high, text);
  return false;
}

bool options_whole(const char *command, const char *option, const char *text, double low, double high,
                   unsigned *value) {
  double parsed;
  if (!options_number(command, option, text, low, high, &parsed))
    return false;
  *value = (unsigned)parsed;
  if ((double)*value == parsed)
    return true;
  complain(command, "--%s takes a whole number, not '%s'", option, text);
  return false;
}

const char *const options_counts[] = {"instructions", NULL};

bool options_count(const char *command, const char *text) {
  if (strcmp(text, options_counts[0]) == 0)
    return true;
  complain(command, "--count counts %s, not '%s'", options_counts[0], text);
  return false;
}

bool options_core(const char *command, const char *option, const char *text, int *core) {
  unsigned number;
  if (!options_whole(command, option, text, 0, CPU_SETSIZE - 1, &number))
    return false;
  *core = (int)number;
  if (machine_has_core(*core))
    return true;
  complain(command,
           "--%s %u: there is no such core, or it is offline or not for this process; the last is %d", option,
           number, machine_last_core());
  return false;
}

int options_word(const char *command, const char *what, const char *word, const char *const *words) {
  char all[800];
  int count = 0;
  for (; words[count]; count++)
    if (strcmp(words[count], word) == 0)
      return count;
  names_fit(all, sizeof all, words, (size_t)count);
  const char *near = near_miss(word, words);
  if (near)
    complain(command, "there is no %s '%s'; did you mean '%s'?", what, word, near);
  else
    complain(command, "there is no %s '%s'; there are: %s", what, word, all);
  return -1;
}

const struct result_format *options_format(const char *command, const char *name, const char *also) {
  const char *names[OPTIONS_MAX + 2];
  size_t count = 0;
  for (; count < OPTIONS_MAX && result_formats[count]; count++)
    names[count] = result_formats[count]->name;
  names[count] = also;
  names[count + 1] = NULL;
  int index = options_word(command, "format", name, names);
  return index < 0 ? NULL : result_formats[index];
}

bool options_selection(const char *command, const struct result *result, const struct result_view *view) {
  struct document document = {0};
  struct assay_error error = {0};
  if (!view->only && !view->shown_columns && !view->sort)
    return true;
  bool ok = terminal_document(&document, result, view, &error);
  if (!ok)
    complain(command, "%s", error.text);
  document_fini(&document);
  return ok;
}
