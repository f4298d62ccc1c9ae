/* A command of `assay`: one file, cmd_<name>.c, with `const struct command command_<name>`. The list is made
 * from the folder. */
#ifndef ASSAY_CLI_COMMAND_H
#define ASSAY_CLI_COMMAND_H

#include <stdio.h>

#include "harness/terminal/complain.h"

struct command {
  const char *name;
  const char *summary;               /* one line */
  const char *usage;                 /* the whole help text, ending in a newline; NULL: run answers --help */
  void (*usage_more)(FILE *stream);  /* what only the program knows, printed behind it; NULL: nothing */
  int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an exit_code */
};

extern const struct command *const commands[]; /* NULL-terminated */

#endif
