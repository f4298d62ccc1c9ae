/* A command of `assay`: one file, cmd_<name>.c, with `const struct command command_<name>`. The list is made
 * from the folder. */
#ifndef ASSAY_CLI_COMMAND_H
#define ASSAY_CLI_COMMAND_H

#include "harness/options/options.h"
#include "harness/terminal/complain.h"

struct command {
  const struct usage *usage;         /* without options: `run` answers --help as well */
  int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an exit_code */
};

extern const struct command *const commands[]; /* NULL-terminated */

/* options_read of a command; false after its complaint. */
bool command_read(const struct usage *usage, void *values, int argc, char **argv,
                  struct options_given *given);

#endif
