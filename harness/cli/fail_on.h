/* --fail-on: which answers of verifiers and services end in exit code 2. Backends need no option for it. */
#ifndef ASSAY_CLI_FAIL_ON_H
#define ASSAY_CLI_FAIL_ON_H

#include "harness/base/text/names.h"
#include "reports/model/result.h"

/* A bit for every enum answer_kind that a comma-separated list names; 0 and a sentence where a word is none
 * of those known. */
unsigned fail_on_parse(const char *list, struct assay_error *error);
/* The words that it may name. */
word_list fail_on_word;
/* Whether whole verifiers gave any such answer; text then says who did what, in one line, free() it. */
bool fail_on_found(const struct result *result, unsigned kinds, char **text);

#endif
