/* Sentences for people, and "did you mean". */
#include "harness/base/error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "harness/base/utf8.h"

void error_write(struct assay_error *error, const char *format, ...) {
  if (!error)
    return;
  va_list args;
  va_start(args, format);
  vsnprintf(error->text, sizeof error->text, format, args);
  va_end(args);
  utf8_defuse(error->text);
}

void error_write_before(struct assay_error *error, const char *format, ...) {
  if (!error)
    return;
  char old[sizeof error->text];
  memcpy(old, error->text, sizeof old);
  va_list args;
  va_start(args, format);
  int n = vsnprintf(error->text, sizeof error->text, format, args);
  va_end(args);
  if (n >= 0 && (size_t)n < sizeof error->text)
    snprintf(error->text + n, sizeof error->text - (size_t)n, "%s", old);
  utf8_defuse(error->text);
}

#define WORD_MAX 64

static size_t min3(size_t a, size_t b, size_t c) {
  size_t ab = a < b ? a : b;
  return ab < c ? ab : c;
}

/* What a mistake counts: a letter, or a mark such as a dot or dash left out or put in, which is
 * half as bad. */
enum { LETTER = 2, MARK = 1 };

static size_t price(char c) {
  return isalnum((unsigned char)c) ? LETTER : MARK;
}

static bool same_letter(char a, char b) {
  return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Edit distance without regard to case, where two letters that changed places are one mistake, by three rows;
 * both words are at most WORD_MAX long. */
static size_t distance(const char *a, const char *b) {
  size_t rows[3][WORD_MAX + 1], len = strlen(b), *before = rows[0], *last = rows[1], *row = rows[2];
  last[0] = before[0] = 0;
  for (size_t j = 1; j <= len; j++)
    last[j] = before[j] = last[j - 1] + price(b[j - 1]);
  for (size_t i = 1; a[i - 1]; i++) {
    row[0] = last[0] + price(a[i - 1]);
    for (size_t j = 1; j <= len; j++) {
      row[j] = min3(last[j] + price(a[i - 1]), row[j - 1] + price(b[j - 1]),
                    last[j - 1] + (same_letter(a[i - 1], b[j - 1]) ? 0 : LETTER));
      if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]) &&
          before[j - 2] + LETTER < row[j])
        row[j] = before[j - 2] + LETTER;
    }
    size_t *oldest = before;
    before = last;
    last = row;
    row = oldest;
  }
  return last[len];
}

static const char *nearest(const char *word, const char *const *candidates) {
  size_t len = strlen(word), best = LETTER * (len < 4 ? 2 : len / 3 + 2);
  const char *found = NULL;
  for (; *candidates; candidates++) {
    size_t d = strlen(*candidates) > WORD_MAX ? best : distance(word, *candidates);
    if (d < best) {
      best = d;
      found = *candidates;
    }
  }
  return found;
}

static bool begins(const char *word, const char *candidate) {
  return strncasecmp(word, candidate, strlen(word)) == 0;
}

/* "md" of "markdown": the same first letter, and the others in their order. */
static bool shortens(const char *word, const char *candidate) {
  if (!same_letter(word[0], candidate[0]))
    return false;
  for (; *word && *candidate; candidate++)
    word += same_letter(*word, *candidate);
  return *word == '\0';
}

/* The only candidate of which that is so. */
static const char *only(const char *word, const char *const *candidates,
                        bool (*is)(const char *word, const char *candidate)) {
  const char *found = NULL;
  for (; *candidates; candidates++) {
    if (is(word, *candidates) && found)
      return NULL;
    if (is(word, *candidates))
      found = *candidates;
  }
  return found;
}

const char *near_miss(const char *word, const char *const *candidates) {
  size_t len = strlen(word);
  if (len > WORD_MAX)
    return NULL;
  const char *found = nearest(word, candidates);
  if (!found && len > 1)
    found = only(word, candidates, begins);
  if (!found && len > 1)
    found = only(word, candidates, shortens);
  return found;
}
