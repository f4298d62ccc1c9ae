/* What a shell completes, from the table; see options.h. */
#include <string.h>

#include "harness/options/options.h"

static bool begins(const char *word, const char *with) {
  return strncmp(word, with, strlen(with)) == 0;
}

void options_tell_words(word_list *words, const char *begin, FILE *stream) {
  const char *word;
  for (unsigned i = 0; words && (word = words(i)); i++)
    if (begins(word, begin))
      fprintf(stream, "%s \n", word);
}

/* The last of a list, behind what stands there already; another may follow. */
static void tell_items(word_list *words, const char *current, FILE *stream) {
  const char *comma = strrchr(current, ','), *last = comma ? comma + 1 : current, *word;
  for (unsigned i = 0; words && (word = words(i)); i++)
    if (begins(word, last))
      fprintf(stream, "%.*s%s\n", (int)(last - current), current, word);
}

static void tell_options(const struct usage *usage, const char *begin, FILE *stream) {
  for (const struct option_row *row = usage->options; row->name; row++)
    if (option_belongs(usage, row) && begins(row->name, begin))
      fprintf(stream, "--%s \n", row->name);
}

/* The option that the word is; NULL: it is none that takes a value. */
static const struct option_row *row_of(const struct usage *usage, const char *word) {
  for (const struct option_row *row = usage->options; row->name; row++)
    if (option_belongs(usage, row) && row->metavar && begins(word, "--") && strcmp(row->name, word + 2) == 0)
      return row;
  return NULL;
}

void options_complete(const struct usage *usage, char *const *words, int count, FILE *stream) {
  const char *current = words[count - 1];
  bool is_equals = strcmp(current, "=") == 0; /* bash parts --name=value into three words */
  int before = count - 2 - (count > 2 && strcmp(words[count - 2], "=") == 0);
  const struct option_row *row = row_of(usage, words[before]);
  current = is_equals ? "" : current;
  if (row && row->kind == OPTION_LIST)
    tell_items(row->word, current, stream);
  else if (row)
    options_tell_words(row->word, current, stream);
  else if (current[0] == '-')
    tell_options(usage, current + strspn(current, "-"), stream);
  else if (count == 2)
    options_tell_words(usage->operand, current, stream);
}
