/* Folds at blanks; see fold.h. */
#include "harness/base/text/fold.h"

#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/utf8.h"

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

#define WIDE_FROM 0x1100 /* from there on a character may take two columns */

/* One character, or one byte of what is none or cannot be shown, and the columns that it takes. */
struct piece {
  size_t len;
  int columns;
  bool shown; /* as it is */
};

static struct piece piece_of(const uint8_t *ptr, size_t len) {
  char text[8] = "";
  memcpy(text, ptr, len < 4 ? len : 4);
  const char *end = text;
  int32_t c = utf8_next(&end);
  if (c <= 0 || !utf8_is_safe(c))
    return (struct piece){1, 4, false};
  return (struct piece){(size_t)(end - text), c < WIDE_FROM ? 1 : 2, true};
}

void fold_bytes(FILE *stream, int columns, int column, int indent, struct assay_bytes bytes) {
  for (size_t i = 0; i < bytes.len;) {
    struct piece piece = piece_of(bytes.ptr + i, bytes.len - i);
    if (column + piece.columns > columns)
      column = fprintf(stream, "\n%*s", indent, "") - 1;
    if (piece.shown)
      fwrite(bytes.ptr + i, 1, piece.len, stream);
    else
      fprintf(stream, "\\x%02x", bytes.ptr[i]);
    column += piece.columns;
    i += piece.len;
  }
}
