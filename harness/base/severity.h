/* How grave it is to accept a bad token.
 *
 * Every class of the corpus has one level (corpus/spoil/mutation.h), and everything that lists answers is
 * sorted by it, so that the hole through which anybody can walk is not the thirtieth line of a list. */
#ifndef ASSAY_BASE_SEVERITY_H
#define ASSAY_BASE_SEVERITY_H

#include <stdbool.h>

/* The gravest first; SEVERITY_NONE: not told, as of tokens that somebody brought. Each with its word, in
 * tables and in JSON; assay_severity_meaning says what each stands for. */
#define SEVERITY_WORDS(WORD)                                                                                 \
  WORD(SEVERITY_NONE, "")                                                                                    \
  WORD(SEVERITY_FORGERY, "forgery")                                                                          \
  WORD(SEVERITY_CONTEXT, "wrong audience or time")                                                           \
  WORD(SEVERITY_PARSING, "lenient parsing")                                                                  \
  WORD(SEVERITY_FORM, "form")

#define SEVERITY_VALUE(value, word) value,
enum assay_severity { SEVERITY_WORDS(SEVERITY_VALUE) SEVERITY_COUNT };
#undef SEVERITY_VALUE

/* The word of a level; "" for SEVERITY_NONE. */
const char *assay_severity_word(enum assay_severity severity);

/* What it comes to that such a token is accepted, a sentence (RFC 8725 2); "" for SEVERITY_NONE. */
const char *assay_severity_meaning(enum assay_severity severity);

/* Whether the first is graver; what is not told is the least grave. */
static inline bool severity_is_graver(enum assay_severity first, enum assay_severity second) {
  return first != SEVERITY_NONE && (second == SEVERITY_NONE || first < second);
}

/* For qsort: less than 0 where the first is graver, more where the second is. */
static inline int severity_order(enum assay_severity first, enum assay_severity second) {
  return (int)severity_is_graver(second, first) - (int)severity_is_graver(first, second);
}

#endif
