/* The tables, and the words that are in none of them. */
#include "reports/model/words.h"

#include <string.h>

#include "reports/text/tally.h"

static struct tally unknown; /* of all tables; index + count of the table: the value */

#define WORD_ITEM(value, word) [value] = (word),
#define WORD_TABLE(name, type, list)                                                                         \
  static const char *const name##_list[] = {list(WORD_ITEM)};                                                \
  const struct word_table name##_words = {name##_list, sizeof name##_list / sizeof name##_list[0]};          \
  _Static_assert(sizeof(enum type) == sizeof(unsigned), "fields.h reads values as unsigned");
RESULT_WORDS(WORD_TABLE)
BASE_WORDS(WORD_TABLE)

unsigned word_value(const struct word_table *table, const char *word, size_t length) {
  for (unsigned value = 0; value < table->count; value++)
    if (strncmp(table->words[value], word, length) == 0 && table->words[value][length] == '\0')
      return value;
  return table->count + (unsigned)tally_part(&unknown, word, length, NULL);
}

const char *word_text(const struct word_table *table, unsigned value) {
  return word_is_known(table, value) ? table->words[value] : unknown.items[value - table->count];
}

bool words_are_unknown(void) {
  return unknown.count > 0;
}

void words_forget(void) {
  tally_fini(&unknown);
}
