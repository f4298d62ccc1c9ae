/* A program of commands: what it answers by itself, from their tables. */
#ifndef ASSAY_OPTIONS_PROGRAM_H
#define ASSAY_OPTIONS_PROGRAM_H

#include "harness/options/options.h"
#include "harness/options/sheet.h"

/* What concerns several commands: an answer of `help`, and a part of the manual page. */
struct topic {
  const char *name, *summary;
  void (*print)(struct sheet *sheet);
};

struct program {
  const char *name, *version;
  const char *typed;                               /* how people call it; NULL: by its name */
  const char *does;                                /* in a line: "measure how fast ..." */
  const struct usage *(*command)(unsigned number); /* NULL behind the last */
  const struct topic *topics;                      /* ended by a name of NULL; NULL: there are none */
  const struct sheet_item *examples;               /* the first that one may want to type */
  const char *notes;                               /* paragraphs behind them */
  const char *see_also;                            /* "assay(1)" */
  void (*print_version)(void);
};

enum program_step {
  PROGRAM_DONE,  /* all was said */
  PROGRAM_WRONG, /* a sentence, or, without one, help on standard error, says what is */
  PROGRAM_RUN    /* a command is to be run */
};

/* What was typed, and, of PROGRAM_RUN, which command by number, with the line from its own name on. */
struct program_line {
  int argc;
  char **argv;
  unsigned command;
};

/* Answers --help, --version, help [COMMAND | TOPIC] and COMMAND --help; and for other programs, `help
 * --names`, `help
 * --manual`, a page of man(7), and `help --complete WORD...` (options_complete). Else finds the command. One
 * without options is another program's, which is asked itself for all that it says. */
enum program_step program_answer(const struct program *program, struct program_line *line,
                                 struct assay_error *error);

#endif
