/* assay: finds the command and runs it. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/cli/command.h"
#include "harness/cli/help.h"
#include "reports/result.h"

#define WIDTH_MOST 140 /* lines that are longer are hard to follow */

int complain(const char *command, const char *format, ...) {
  struct assay_error sentence;
  char text[sizeof sentence.text];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  error_set(&sentence, "%s", text);
  fprintf(stderr, "assay%s%s: %s\n", command ? " " : "", command ? command : "", sentence.text);
  return EXIT_USAGE;
}

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

static int answer(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "";
  if (argc < 2) {
    help_commands(stderr);
    return EXIT_USAGE;
  }
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
    help_commands(stdout);
    return EXIT_HOLDS;
  }
  if (strcmp(name, "--version") == 0) {
    help_version();
    return EXIT_HOLDS;
  }
  if (strcmp(name, "help") == 0)
    return help_topic(argc - 1, argv + 1);
  return help_or_run(name, argc - 1, argv + 1);
}

/* An answer that did not arrive is none, whatever it was. A command that failed has had its say. */
static int delivered(int code, const char *name) {
  bool lost = fflush(stdout) != 0 || ferror(stdout);
  return lost && code != EXIT_USAGE && code != EXIT_INTERRUPTED
             ? complain(name[0] == '-' ? NULL : name, "cannot write to standard output")
             : code;
}

int main(int argc, char **argv) {
  signal(SIGXFSZ, SIG_IGN); /* a file that grows too large is a write that fails, and is told as one */
  return delivered(answer(argc, argv), argc > 1 ? argv[1] : "-");
}
