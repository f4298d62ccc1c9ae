/* Sentences for people, and "did you mean". */
#include "harness/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void defuse(char *text) {
  for (; *text; text++)
    if ((unsigned char)*text < 0x20 || *text == 0x7f)
      *text = '?';
}

void error_write(struct assay_error *error, const char *format, ...) {
  if (!error)
    return;
  va_list args;
  va_start(args, format);
  vsnprintf(error->text, sizeof error->text, format, args);
  va_end(args);
  defuse(error->text);
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
  defuse(error->text);
}

#define WORD_MAX 64

static size_t min3(size_t a, size_t b, size_t c) {
  size_t ab = a < b ? a : b;
  return ab < c ? ab : c;
}

/* Edit distance where two letters that changed places are one mistake, by three rows; both words are at most
 * WORD_MAX long. */
static size_t distance(const char *a, const char *b) {
  size_t rows[3][WORD_MAX + 1], len = strlen(b), *before = rows[0], *last = rows[1], *row = rows[2];
  for (size_t j = 0; j <= len; j++)
    last[j] = before[j] = j;
  for (size_t i = 1; a[i - 1]; i++) {
    row[0] = i;
    for (size_t j = 1; j <= len; j++) {
      row[j] = min3(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j])
        row[j] = before[j - 2] + 1;
    }
    size_t *oldest = before;
    before = last;
    last = row;
    row = oldest;
  }
  return last[len];
}

const char *near_miss(const char *word, const char *const *candidates) {
  size_t len = strlen(word), best = len < 4 ? 2 : len / 3 + 2;
  const char *found = NULL;
  if (len > WORD_MAX)
    return NULL;
  for (; *candidates; candidates++) {
    size_t d = strlen(*candidates) > WORD_MAX ? best : distance(word, *candidates);
    if (d < best) {
      best = d;
      found = *candidates;
    }
  }
  return found;
}
