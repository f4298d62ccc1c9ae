/* One sentence for a person: what is wrong, where, and what to do. Set-up and input errors travel this way;
 * what is wrong with a token is an assay_reason. */
#ifndef ASSAY_BASE_ERROR_H
#define ASSAY_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

struct assay_error {
  char text[1024]; /* NUL-terminated; empty: no error */
};

/* Writes the sentence (cut off if too long) and is false, so that `return error_set(...)` reads well, to
 * people and to static analysis. error may be NULL. What is not safe to be shown (utf8.h) comes out as
 * '?', so that a hostile file name or token cannot drive a terminal. */
#define error_set(...)                                                                                       \
  __extension__({                                                                                            \
    error_write(__VA_ARGS__);                                                                                \
    (bool)false;                                                                                             \
  })
/* Puts words in front of a sentence that is there already: error_prefix(e, "%s: ", path). False too. */
#define error_prefix(...)                                                                                    \
  __extension__({                                                                                            \
    error_write_before(__VA_ARGS__);                                                                         \
    (bool)false;                                                                                             \
  })

void error_write(struct assay_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
void error_write_before(struct assay_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The candidate that is nearest to `word` by edit distance, without regard to case; where none is near, the
 * only one that `word` begins or shortens; NULL where none can be meant. candidates: NULL-terminated. */
const char *near_miss(const char *word, const char *const *candidates);

#endif
