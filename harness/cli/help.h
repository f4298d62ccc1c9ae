/* What `assay` says about itself: the list of commands, and topics that concern several of them. */
#ifndef ASSAY_CLI_HELP_H
#define ASSAY_CLI_HELP_H

#include <stdio.h>

#include "harness/options/sheet.h"

void help_commands(FILE *stream);
void help_version(void);
/* assay help [TOPIC]: argv[0] is "help". Returns an exit code. */
int help_topic(int argc, char **argv);
/* Runs the command, or tells its help where --help is among its arguments. name: what the user typed. */
int help_or_run(const char *name, int argc, char **argv);

/* A topic that concerns several commands; an answer of `assay help` and a part of the manual sheet. */
struct topic {
  const char *name, *summary;
  void (*print)(struct sheet *sheet);
};
extern const struct topic topics[];    /* help_topics.c; ended by a name of NULL */
void help_policy(struct sheet *sheet); /* the longest of them */

#endif
