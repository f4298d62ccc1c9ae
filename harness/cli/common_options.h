/* What several commands' options have in common: the words that they take, and how values are looked at. */
#ifndef ASSAY_CLI_COMMON_OPTIONS_H
#define ASSAY_CLI_COMMON_OPTIONS_H

#include "harness/options/options.h"
#include "harness/subject/subject_spec.h"
#include "reports/model/result.h"

/* For `word` of a row. */
word_list subject_or_group_word; /* every module's name, and the groups */
word_list format_word;           /* of reports */
word_list count_word;            /* of --count */

/* For `take` of --subject, into a struct subject_specs: all that the list has by now. */
bool take_subjects(void *member, const char *text, struct assay_error *error);
/* For `take` of --cpu, into an int: a core that a process may be pinned to now. */
bool take_core(void *member, const char *text, struct assay_error *error);

/* Rows that are the same of every command. */
#define CORPUS_ROW(in, member)                                                                               \
  "corpus", "DIR", "a corpus (default: generated once and kept)", TEXT_IN(in, member)
#define POLICY_ROW(in, member)                                                                               \
  "policy", "FILE",                                                                                          \
      "check against this policy instead of the corpus' own; `assay help policy` tells what it can say",     \
      TEXT_IN(in, member)
#define CPU_ROW(in, member)                                                                                  \
  "cpu", "N", "the core for measured blocks; auto: the quietest (default: auto)",                            \
      TAKEN_AS(OPTION_TEXT, in, member, take_core)
#define HANG_ROW(in, member)                                                                                 \
  "hang-after", "S", "a token that takes longer is a hang", NUMBER_IN(in, member, 0.01, 3600), .fallback = "5"

/* Where only, shown_columns or sort of the view name what the result's tables have not: false after a
 * complaint. */
bool options_selection(const char *command, const struct result *result, const struct result_view *view);

#endif
