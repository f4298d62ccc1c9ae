/* assay: finds the command and runs it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/cli/command.h"
#include "harness/cli/help.h"

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

int main(int argc, char **argv) {
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
