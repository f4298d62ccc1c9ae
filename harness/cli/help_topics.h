/* What `assay help` tells of matters that concern several commands. */
#ifndef ASSAY_CLI_HELP_TOPICS_H
#define ASSAY_CLI_HELP_TOPICS_H

#include "harness/options/program.h"

extern const struct topic topics[];    /* ended by a name of NULL */
void help_policy(struct sheet *sheet); /* the longest of them, in a file of its own */

#endif
