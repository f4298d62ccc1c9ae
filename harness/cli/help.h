/* What `assay` says about itself: the list of commands, and topics that concern several of them. */
#ifndef ASSAY_CLI_HELP_H
#define ASSAY_CLI_HELP_H

#include <stdio.h>

void help_commands(FILE *stream);
void help_version(void);
/* assay help [TOPIC]: argv[0] is "help". Returns an exit code. */
int help_topic(int argc, char **argv);
/* The topic of policies, which is long. */
void help_policy(void);
void help_cases(void);
/* Runs the command, or tells its help where --help is among its arguments. name: what the user typed. */
int help_or_run(const char *name, int argc, char **argv);

#endif
