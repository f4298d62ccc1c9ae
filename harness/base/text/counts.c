/* Thousands separators and plurals. */
#include "harness/base/text/counts.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

char *figure_count(char *out, uint64_t count) {
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
  char *end = out;
  for (int i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0)
      *end++ = ',';
    *end++ = digits[i];
  }
  *end = '\0';
  return out;
}

/* class, launch, crash, box: what a plain s cannot be said after. */
static const char *plural_ending(const char *noun) {
  size_t length = strlen(noun);
  char last = length ? noun[length - 1] : '\0', before = length > 1 ? noun[length - 2] : '\0';
  bool hisses = last == 's' || last == 'x' || (last == 'h' && (before == 'c' || before == 's'));
  return hisses ? "es" : "s";
}

char *figure_noun(char *out, uint64_t count, const char *noun) {
  char figure[FIGURE_BYTES];
  snprintf(out, FIGURE_NOUN_BYTES, "%s %s%s", figure_count(figure, count), noun,
           count == 1 ? "" : plural_ending(noun));
  return out;
}
