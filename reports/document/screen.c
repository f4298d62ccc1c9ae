/* Asks the terminal behind standard output, if there is one. */
#include "reports/document/screen.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/text/fold.h"
#include "reports/model/result.h"

bool stdout_takes_colour(void) {
  const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
  return isatty(STDOUT_FILENO) && !(no_colour && no_colour[0]) && term && strcmp(term, "dumb") != 0;
}

static bool speaks_utf8(void) {
  static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const char *value = getenv(names[i]);
    if (value && value[0])
      return strcasestr(value, "UTF-8") || strcasestr(value, "UTF8");
  }
  return false;
}

void stdout_view(struct result_view *view) {
  const char *term = getenv("TERM");
  view->colour = stdout_takes_colour();
  if (!isatty(STDOUT_FILENO))
    return;
  view->bars = term && strcmp(term, "dumb") != 0 && speaks_utf8();
  view->columns = fold_columns(stdout);
}
