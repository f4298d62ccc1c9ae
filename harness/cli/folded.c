/* Folds at blanks; see folded.h. */
#include "harness/cli/folded.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "harness/cli/command.h"
#include "reports/result.h"

#define PLAIN_COLUMNS 100

int stdout_columns(void) {
  static unsigned columns;
  struct result_view view = {0};
  if (columns)
    return (int)columns;
  stdout_view(&view);
  columns = view.columns ? view.columns : PLAIN_COLUMNS;
  return (int)columns;
}

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
