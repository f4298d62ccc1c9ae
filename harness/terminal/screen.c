/* Asks the terminal behind standard output, if there is one. */
#include "harness/terminal/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "reports/model/result.h"

#define PLAIN_COLUMNS 100
#define WIDTH_MOST 140 /* lines that are longer are hard to follow */

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
  struct winsize size;
  const char *term = getenv("TERM");
  view->colour = stdout_takes_colour();
  if (!isatty(STDOUT_FILENO))
    return;
  view->bars = term && strcmp(term, "dumb") != 0 && speaks_utf8();
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    view->columns = size.ws_col < WIDTH_MOST ? size.ws_col : WIDTH_MOST;
}

int stdout_columns(void) {
  static unsigned columns;
  struct result_view view = {0};
  if (columns)
    return (int)columns;
  stdout_view(&view);
  columns = view.columns ? view.columns : PLAIN_COLUMNS;
  return (int)columns;
}
