/* Words with commas between. */
#include "reports/text/word_list.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"

struct word_list word_list_of(const char *list) {
  struct word_list words = {.copy = allocate_copy(list ? list : "")};
  for (char *save, *item = strtok_r(words.copy, ",", &save); item && words.count < WORD_LIST_MAX;
       item = strtok_r(NULL, ",", &save))
    words.items[words.count++] = item + strspn(item, " ");
  return words;
}

void word_list_fini(struct word_list *words) {
  free(words->copy);
  *words = (struct word_list){0};
}

static bool is_word(const char *pattern, const char *text) {
  char first[256];
  if (fnmatch(pattern, text, FNM_CASEFOLD) == 0)
    return true;
  size_t len = strcspn(text, " ,");
  if (text[len] == '\0' || len >= sizeof first)
    return false;
  memcpy(first, text, len);
  first[len] = '\0';
  return fnmatch(pattern, first, FNM_CASEFOLD) == 0;
}

bool word_list_has(struct word_list *words, const char *text) {
  bool found = false;
  for (size_t i = 0; i < words->count; i++)
    if (is_word(words->items[i], text))
      words->used[i] = found = true;
  return found;
}

bool word_list_begins(struct word_list *words, const char *text) {
  bool found = word_list_has(words, text);
  for (size_t i = 0; i < words->count; i++) {
    size_t len = strcspn(words->items[i], " ");
    if (words->items[i][len] && len == strlen(text) && strncasecmp(words->items[i], text, len) == 0)
      words->used[i] = found = true;
  }
  return found;
}
