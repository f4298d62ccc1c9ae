/* Any bytes in lines that fit: UTF-8 as it is, and nothing that drives a terminal. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text/fold.h"

static char *folded(const char *bytes, size_t len, int columns) {
  char *text;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  fold_bytes(stream, columns, 0, 2, (struct assay_bytes){(const uint8_t *)bytes, len});
  fclose(stream);
  return text;
}

Test(fold, shows_utf8_and_escapes_the_rest) {
  static const struct {
    const char *bytes;
    size_t len;
    const char *shown;
  } rows[] = {{"{\"name\":\"\xd0\x97\"}", 13, "{\"name\":\"\xd0\x97\"}"},
              {"a\0b", 3, "a\\x00b"},
              {"\x1b[31m", 5, "\\x1b[31m"},
              {"\xff\xfe", 2, "\\xff\\xfe"},
              {"\xd0", 1, "\\xd0"},
              {"\xe2\x80\xae", 3, "\\xe2\\x80\\xae"}, /* turns the direction of writing */
              {"\xc2\x9b", 2, "\\xc2\\x9b"},          /* begins a command */
              {"", 0, ""}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char *shown = folded(rows[i].bytes, rows[i].len, 100);
    cr_expect_str_eq(shown, rows[i].shown, "%s is not %s", shown, rows[i].shown);
    free(shown);
  }
}

Test(fold, breaks_between_characters) {
  char *shown = folded("\xd0\x97\xd0\x97\xd0\x97\xd0\x97\xd0\x97", 10, 4);
  cr_expect_str_eq(shown, "\xd0\x97\xd0\x97\xd0\x97\xd0\x97\n  \xd0\x97");
  free(shown);
  shown = folded("\xe7\xbe\x8e\xe5\x92\xb2", 6, 3); /* two columns each */
  cr_expect_str_eq(shown, "\xe7\xbe\x8e\n  \xe5\x92\xb2");
  free(shown);
}
