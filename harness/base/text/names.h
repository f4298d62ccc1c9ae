/* Lists of names as a user writes them, a,b,c, and as messages tell them. */
#ifndef ASSAY_BASE_TEXT_NAMES_H
#define ASSAY_BASE_TEXT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"

/* Calls back for each name between commas, in order, without blanks around it; empty ones are passed over. Stops, and is false, where
 * `take` is false. A list may be of any length; a name is valid during its call. */
bool names_each(const char *list, bool (*take)(void *arg, const char *name, struct assay_error *error),
                void *arg, struct assay_error *error);

/* "a, b, c"; where that is more than `size` bytes, as many as fit and how many more there are. names: `count`
 * of them. */
void names_fit(char *out, size_t size, const char *const *names, size_t count);

/* The words that something can be, by number from 0; NULL behind the last. */
typedef const char *word_list(unsigned number);
word_list alg_word, jose_alg_word; /* of algorithms, by enum assay_alg and enum jose_alg */

/* The number of a word; -1 and a sentence that calls it `what`: "there is no verb 'ad'; did you mean 'add'?",
 * or which there are instead. */
int word_find(const char *what, const char *word, word_list *words, struct assay_error *error);
/* All of them, as names_fit has it. */
void words_fit(char *out, size_t size, word_list *words);
/* As near_miss has it. */
const char *word_near(const char *word, word_list *words);

#endif
