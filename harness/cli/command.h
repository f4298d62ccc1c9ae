/* A command of `assay`: one file, cmd_<name>.c, with `const struct command command_<name>`. The list is made
 * from the folder. */
#ifndef ASSAY_CLI_COMMAND_H
#define ASSAY_CLI_COMMAND_H

#include <stdbool.h>

/* Exit codes of every command. */
enum exit_code {
  EXIT_HOLDS = 0,
  EXIT_REGRESSION = 1,
  EXIT_WRONG = 2, /* wrong verdict, crash, hang or fault of a backend */
  EXIT_NOISY = 3,
  EXIT_USAGE = 4, /* usage or set-up */
  EXIT_INTERRUPTED = 130
};

struct command {
  const char *name;
  const char *summary;               /* one line */
  const char *usage;                 /* the whole help text, ending in a newline */
  void (*usage_more)(void);          /* prints the part of the help that is made from a folder; or NULL */
  int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an exit_code */
};

extern const struct command *const commands[]; /* NULL-terminated */

/* Whether standard output is a terminal that takes colour and nobody said NO_COLOR. */
bool stdout_takes_colour(void);

/* "assay NAME: sentence" on stderr; returns EXIT_USAGE. */
int complain(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
