/* A list of words with commas between, as somebody types what of a report to show. */
#ifndef ASSAY_REPORTS_TEXT_WORD_LIST_H
#define ASSAY_REPORTS_TEXT_WORD_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define WORD_LIST_MAX 64

/* In a word * and ? stand for any text and any character; case does not matter. */
struct word_list {
  char *copy;
  const char *items[WORD_LIST_MAX];
  bool used[WORD_LIST_MAX]; /* whether it has matched anything */
  size_t count;
};

/* NULL is a list of nothing. */
struct word_list word_list_of(const char *list);
void word_list_fini(struct word_list *words);
#define OWNED_WORDS __attribute__((cleanup(word_list_fini)))

/* Whether one of the words is the text, or the text up to its first blank or comma; all that are count as
 * used. */
bool word_list_has(struct word_list *words, const char *text);
/* Whether one of the words is the text, or begins with it and a blank: "RS256 2048" for "RS256". */
bool word_list_begins(struct word_list *words, const char *text);

#endif
