/* What tokens somebody has, and how many of them: options of commands that ask what it takes to verify
 * them. */
#ifndef ASSAY_CLI_MIX_OPTIONS_H
#define ASSAY_CLI_MIX_OPTIONS_H

#include "harness/options/options.h"
#include "reports/choose/choice.h"

/* For `take` of --mix, into a struct choice_wish: RS256=70,RS256:4096=5,ES256=25. Then of --rate, into a
 * double: tokens a second. */
bool take_mix(void *member, const char *text, struct assay_error *error);
bool take_rate(void *member, const char *text, struct assay_error *error);

#define MIX_ROW(in, wish)                                                                                    \
  "mix", "LIST",                                                                                             \
      "algorithms with their shares, in any unit: RS256=70,ES256=30; RS256:4096=5 names a key size "         \
      "(default: the smallest measured)",                                                                    \
      TAKEN_AS(OPTION_LIST, in, wish, take_mix), .word = alg_word
#define RATE_ROW(in, wish)                                                                                   \
  "rate", "R", "tokens a second: 20000, 20k, 1.5M", TAKEN_AS(OPTION_TEXT, in, wish.rate_per_s, take_rate)

struct unit {
  const char *name; /* "" for none; NULL ends the list */
  double factor;
};

/* A positive number with one of the units, up to `most`; false: it is none. */
bool number_with_unit(const char *text, const struct unit *units, double most, double *value);

#endif
