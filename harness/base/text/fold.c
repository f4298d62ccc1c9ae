/* Folds at blanks; see fold.h. */
#include "harness/base/text/fold.h"

#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PLAIN_COLUMNS 100
#define COLUMNS_MOST 140

int fold_columns(FILE *stream) {
  struct winsize size;
  if (!isatty(fileno(stream)) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return PLAIN_COLUMNS;
  return size.ws_col < COLUMNS_MOST ? size.ws_col : COLUMNS_MOST;
}

#define SPAN_MOST 40 /* what is longer is broken, too */

/* What stands in `backticks` or [brackets] is one thing, and stays together. */
static const char *end_of_word(const char *word) {
  const char *end = word + strcspn(word, " `["),
             *close = *end ? strchr(end + 1, *end == '`' ? '`' : ']') : NULL;
  if (*end == ' ' || *end == '\0')
    return end;
  return close && close - end < SPAN_MOST ? end_of_word(close + 1) : end + strcspn(end, " ");
}

void fold(FILE *stream, int columns, int column, int indent, const char *text) {
  bool begins = true;
  for (const char *word = text, *end; *word; word = end + strspn(end, " ")) {
    end = end_of_word(word);
    if (!begins && column + 1 + (end - word) > columns) {
      column = fprintf(stream, "\n%*s", indent, "") - 1;
      begins = true;
    }
    column += fprintf(stream, "%s%.*s", begins ? "" : " ", (int)(end - word), word);
    begins = false;
  }
  putc('\n', stream);
}

void fold_bytes(FILE *stream, int columns, int column, int indent, struct assay_bytes bytes) {
  for (size_t i = 0; i < bytes.len; i++) {
    bool plain = bytes.ptr[i] >= 0x20 && bytes.ptr[i] < 0x7f;
    if (column + (plain ? 1 : 4) > columns)
      column = fprintf(stream, "\n%*s", indent, "") - 1;
    column += fprintf(stream, plain ? "%c" : "\\x%02x", bytes.ptr[i]);
  }
}
