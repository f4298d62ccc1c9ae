/* From words to values, by the table; see options.h. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "harness/options/options.h"

#define ROWS_MAX 64

bool option_number(const char *name, const char *text, double low, double high, double *value,
                   struct assay_error *error) {
  char *end;
  errno = 0;
  *value = strtod(text, &end);
  return (errno == 0 && end != text && *end == '\0' && *value >= low && *value <= high) ||
         error_set(error, "--%s takes a number from %.15g to %.15g, not '%s'", name, low, high, text);
}

/* By way of a long double, which has all of 64 bits. */
static bool store_whole(const struct option_row *row, void *member, const char *text,
                        struct assay_error *error) {
  char *end;
  long double number = strtold(text, &end);
  if (end == text || *end || !(number >= row->low && number <= row->high))
    return error_set(error, "--%s takes a number from %.20Lg to %.20Lg, not '%s'", row->name, row->low,
                     row->high, text);
  if (number != (long double)(uint64_t)number)
    return error_set(error, "--%s takes a whole number, not '%s'", row->name, text);
  if (row->wide)
    *(uint64_t *)member = (uint64_t)number;
  else
    *(unsigned *)member = (unsigned)number;
  return true;
}

static bool store(const struct option_row *row, void *values, const char *text, struct assay_error *error) {
  void *member = (char *)values + row->at;
  if (row->take)
    return row->take(member, text, error);
  switch (row->kind) {
  case OPTION_FLAG: return *(bool *)member = true;
  case OPTION_NUMBER:
    return option_number(row->name, text, (double)row->low, (double)row->high, member, error);
  case OPTION_WHOLE: return store_whole(row, member, text, error);
  case OPTION_WORD:
    if (word_find(row->name, text, row->word, error) < 0)
      return false;
    break;
  default: break;
  }
  *(const char **)member = text;
  return true;
}

/* ---- what is refused ---- */

static bool refuse_unknown(const struct usage *usage, const char *given, struct assay_error *error) {
  const char *names[ROWS_MAX + 1], *near = NULL;
  size_t count = 0;
  char word[64];
  snprintf(word, sizeof word, "%s", given + strspn(given, "-"));
  word[strcspn(word, "=")] = '\0';
  for (const struct option_row *row = usage->options; row->name; row++)
    if (option_belongs(usage, row))
      names[count++] = row->name;
  names[count] = NULL;
  if (word[0])
    near = near_miss(word, names);
  if (near && strcmp(near, word) == 0)
    return error_set(error, "--%s takes no value", near);
  for (const struct option_row *row = usage->options; row->name; row++)
    if (row->refusal && strcmp(row->name, word) == 0)
      return error_set(error, "--%s %s", row->name, row->refusal);
  if (near)
    return error_set(error, "there is no option '%s'; did you mean '--%s'?", given, near);
  return error_set(error, "there is no option '%s'; `%s --help` lists them", given, usage->name);
}

static bool is_given_by(const struct usage *usage, const struct options_given *given,
                        const struct option_row *row) {
  return given->rows >> (row - usage->options) & 1;
}

bool option_is_given(const struct usage *usage, const struct options_given *given, const char *name) {
  for (const struct option_row *row = usage->options; row->name; row++)
    if (is_given_by(usage, given, row) && strcmp(row->name, name) == 0)
      return true;
  return false;
}

bool options_belong(const struct usage *usage, const struct options_given *given, unsigned form,
                    struct assay_error *error) {
  for (const struct option_row *row = usage->options; row->name; row++)
    if (row->of && !(row->of & form) && is_given_by(usage, given, row))
      return error_set(error, "--%s %s", row->name, row->refusal);
  return true;
}

static bool agree(const struct usage *usage, const struct options_given *given, struct assay_error *error) {
  for (const struct option_conflict *conflict = usage->conflicts; conflict && conflict->one; conflict++)
    if (option_is_given(usage, given, conflict->one) && option_is_given(usage, given, conflict->other))
      return error_set(error, "--%s and --%s exclude each other%s%s", conflict->one, conflict->other,
                       conflict->because ? ": " : "", conflict->because ? conflict->because : "");
  return true;
}

static bool has_operands(const struct usage *usage, const struct options_given *given,
                         struct assay_error *error) {
  if (!usage->operands_wrong || (unsigned)given->operand_count == usage->operands)
    return true;
  if (usage->operands)
    return error_set(error, "%s", usage->operands_wrong);
  return error_set(error, "'%s' is no option; %s", given->operands[0], usage->operands_wrong);
}

/* ---- the line ---- */

/* The value as it is by now, of a list all that it has; NULL and a sentence where it cannot stand there. */
static const char *value_of(const struct option_row *row, size_t at, bool again, struct assay_error *error) {
  static char *lists[ROWS_MAX]; /* of the last command line, for the rest of the program */
  char *whole;
  if (again && row->kind != OPTION_LIST && row->kind != OPTION_EACH) {
    error_set(error, "--%s is given twice", row->name);
    return NULL;
  }
  if (row->kind != OPTION_LIST)
    return optarg;
  if (asprintf(&whole, "%s%s%s", again ? lists[at] : "", again ? "," : "", optarg) < 0) {
    error_set(error, "no memory");
    return NULL;
  }
  free(lists[at]);
  return lists[at] = whole;
}

static bool take_row(const struct usage *usage, size_t at, void *values, struct options_given *given,
                     struct assay_error *error) {
  const struct option_row *row = &usage->options[at];
  const char *value = row->metavar ? value_of(row, at, given->rows >> at & 1, error) : "";
  given->rows |= UINT64_C(1) << at;
  return value && store(row, values, value, error);
}

/* getopt's view of the rows that belong, with their places; what a struct is without them. */
static bool open_table(const struct usage *usage, struct option *table, void *values,
                       struct assay_error *error) {
  size_t count = 0;
  for (const struct option_row *row = usage->options; row->name; row++) {
    if (!option_belongs(usage, row))
      continue;
    table[count++] = (struct option){row->name, row->metavar ? required_argument : no_argument, NULL,
                                     (int)(row - usage->options)};
    if (row->fallback && !store(row, values, row->fallback, error))
      return false;
  }
  table[count] = (struct option){0};
  opterr = 0;
  optind = 0; /* from the beginning, whatever was read before */
  return true;
}

/* Operands before it were moved behind: the option is what getopt has just gone past, unless it is one of
 * several letters. */
static const char *given_word(char **argv, int from, char *letter) {
  const char *word = argv[optind > from ? optind - 1 : from];
  letter[1] = (char)optopt;
  return word[0] == '-' ? word : letter;
}

bool options_read(const struct usage *usage, void *values, int argc, char **argv, struct options_given *given,
                  struct assay_error *error) {
  struct option table[ROWS_MAX + 1];
  char letter[3] = "-";
  *given = (struct options_given){0};
  if (!open_table(usage, table, values, error))
    return false;
  for (int at, from = 1; (at = getopt_long(argc, argv, ":", table, NULL)) != -1; from = optind) {
    if (at == ':')
      return error_set(error, "%s needs a value", given_word(argv, from, letter));
    if (at == '?')
      return refuse_unknown(usage, given_word(argv, from, letter), error);
    if (!take_row(usage, (size_t)at, values, given, error))
      return false;
  }
  given->operands = argv + optind;
  given->operand_count = argc - optind;
  return has_operands(usage, given, error) && agree(usage, given, error);
}

bool options_ask_help(int argc, char **argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
      return true;
  return false;
}
