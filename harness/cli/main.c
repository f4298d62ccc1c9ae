/* assay: finds the command and runs it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_facts.h"
#include "harness/base/error.h"
#include "harness/cli/command.h"

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

static void help(FILE *stream) {
  fprintf(stream,
          "assay: how fast does a crypto library verify signed tokens, and does it refuse every bad one?\n\n"
          "usage: assay COMMAND [OPTION...]\n\n");
  for (const struct command *const *c = commands; *c; c++)
    fprintf(stream, "  %-8s %s\n", (*c)->name, (*c)->summary);
  fprintf(stream, "\n`assay COMMAND --help` tells the options of a command.\n"
                  "Exit codes: 0 holds, 1 regression, 2 wrong verdict, crash, hang or fault of a backend,\n"
                  "3 too noisy to say, 4 usage or set-up, 130 interrupted.\n");
}

static void version(void) {
  printf("assay %s (%s), %s, %s, sanitizer: %s\n", ASSAY_VERSION, ASSAY_COMMIT, ASSAY_COMPILER, ASSAY_FLAGS,
         ASSAY_SANITIZER);
}

static int unknown(const char *name) {
  const char *names[64];
  size_t count = 0;
  for (const struct command *const *c = commands; *c && count < 63; c++)
    names[count++] = (*c)->name;
  names[count] = NULL;
  const char *near = near_miss(name, names);
  if (near)
    return complain(NULL, "there is no command '%s'; did you mean '%s'?", name, near);
  return complain(NULL, "there is no command '%s'; `assay --help` lists them", name);
}

int main(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "--help";
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
    help(argc > 1 ? stdout : stderr);
    return argc > 1 ? EXIT_HOLDS : EXIT_USAGE;
  }
  if (strcmp(name, "--version") == 0) {
    version();
    return EXIT_HOLDS;
  }
  for (const struct command *const *c = commands; *c; c++) {
    if (strcmp((*c)->name, name) != 0)
      continue;
    if (argc > 2 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0)) {
      fputs((*c)->usage, stdout);
      if ((*c)->usage_more)
        (*c)->usage_more();
      return EXIT_HOLDS;
    }
    return (*c)->run(argc - 1, argv + 1);
  }
  return unknown(name);
}
