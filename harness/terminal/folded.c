/* Folds at blanks; see folded.h. */
#include "harness/terminal/folded.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "harness/terminal/screen.h"

void print_folded(int column, int indent, const char *text) {
  bool begins = true;
  for (const char *word = text, *end; *word; word = end + strspn(end, " ")) {
    end = word + strcspn(word, " ");
    if (!begins && column + 1 + (end - word) > stdout_columns()) {
      column = printf("\n%*s", indent, "") - 1;
      begins = true;
    }
    column += printf("%s%.*s", begins ? "" : " ", (int)(end - word), word);
    begins = false;
  }
  putchar('\n');
}
