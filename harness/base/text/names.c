/* Splits and joins lists of names. */
#include "harness/base/text/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"

/* People write a blank behind a comma. */
static char *trimmed(char *name) {
  name += strspn(name, " ");
  for (size_t len = strlen(name); len && name[len - 1] == ' '; len--)
    name[len - 1] = '\0';
  return name;
}

bool names_each(const char *list, bool (*take)(void *arg, const char *name, struct assay_error *error),
                void *arg, struct assay_error *error) {
  char *copy = strdup(list), *save;
  bool ok = copy || error_set(error, "no memory");
  for (char *name = ok ? strtok_r(copy, ",", &save) : NULL; ok && name; name = strtok_r(NULL, ",", &save))
    if (*(name = trimmed(name)))
      ok = take(arg, name, error);
  free(copy);
  return ok;
}

#define MORE_MAX sizeof " and 18446744073709551615 more"

void names_fit(char *out, size_t size, const char *const *names, size_t count) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    size_t len = strlen(names[i]) + (i ? 2 : 0), kept = i + 1 < count ? MORE_MAX : 1;
    if (used + len + kept > size) {
      snprintf(out + used, size - used, "%s%zu more", i ? " and " : "", count - i);
      return;
    }
    used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", names[i]);
  }
}

const char *alg_word(unsigned number) {
  return number < ASSAY_ALG_COUNT ? assay_alg_name((enum assay_alg)number) : NULL;
}

const char *jose_alg_word(unsigned number) {
  return number < JOSE_ALG_COUNT ? jose_alg_name((enum jose_alg)number) : NULL;
}

/* All of them, with NULL behind; free() it. *count: without that. */
static const char **collect(word_list *words, unsigned *count) {
  for (*count = 0; words(*count); ++*count) {
  }
  const char **names = calloc(*count + 1, sizeof *names);
  for (unsigned i = 0; names && i < *count; i++)
    names[i] = words(i);
  return names;
}

const char *word_near(const char *word, word_list *words) {
  unsigned count;
  const char **names = collect(words, &count), *near = names ? near_miss(word, names) : NULL;
  free(names);
  return near;
}

void words_fit(char *out, size_t size, word_list *words) {
  unsigned count;
  const char **names = collect(words, &count);
  names_fit(out, size, names, names ? count : 0);
  free(names);
}

int word_find(const char *what, const char *word, word_list *words, struct assay_error *error) {
  char all[800];
  for (unsigned i = 0; words(i); i++)
    if (strcmp(words(i), word) == 0)
      return (int)i;
  const char *near = word_near(word, words);
  words_fit(all, sizeof all, words);
  if (near)
    error_set(error, "there is no %s '%s'; did you mean '%s'?", what, word, near);
  else
    error_set(error, "there is no %s '%s'; there are: %s", what, word, all);
  return -1;
}
