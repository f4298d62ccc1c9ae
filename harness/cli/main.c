/* assay: finds the command and runs it. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "harness/cli/command.h"
#include "harness/cli/help.h"

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
