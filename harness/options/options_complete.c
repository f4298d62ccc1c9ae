/* What a shell completes, from the table; see options.h. */
#include <string.h>

#include "harness/options/options.h"

static bool begins(const char *word, const char *with) {
  return strncmp(word, with, strlen(with)) == 0;
}

static void tell_words(option_words *words, const char *current, FILE *stream) {
  const char *word;
  for (unsigned i = 0; words && (word = words(i)); i++)
    if (begins(word, current))
      fprintf(stream, "%s \n", word);
}

/* The last of a list, behind what stands there already; another may follow. */
static void tell_items(option_words *words, const char *current, FILE *stream) {
  const char *comma = strrchr(current, ','), *last = comma ? comma + 1 : current, *word;
  for (unsigned i = 0; words && (word = words(i)); i++)
    if (begins(word, last))
      fprintf(stream, "%.*s%s\n", (int)(last - current), current, word);
}

static const struct option_row *row_named(const struct usage *usage, const char *name) {
  for (const struct option_row *row = usage->options; row->name; row++)
    if (option_belongs(usage, row) && strcmp(row->name, name) == 0)
      return row;
  return NULL;
}

void options_complete(const struct usage *usage, const char *previous, const char *current, int at,
                      FILE *stream) {
  const struct option_row *before = begins(previous, "--") ? row_named(usage, previous + 2) : NULL;
  if (before && before->metavar && before->kind == OPTION_LIST)
    tell_items(before->word, current, stream);
  else if (before && before->metavar)
    tell_words(before->word, current, stream);
  else if (current[0] != '-' && at == 1)
    tell_words(usage->operand, current, stream);
  for (const struct option_row *row = usage->options;
       row->name && current[0] == '-' && !(before && before->metavar); row++)
    if (option_belongs(usage, row) &&
        (begins("--", current) || (begins(current, "--") && begins(row->name, current + 2))))
      fprintf(stream, "--%s \n", row->name);
}
