/* assay: finds the command and runs it. */
#include <jansson.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "build_facts.h"
#include "harness/cli/command.h"
#include "harness/cli/help_topics.h"
#include "harness/options/program.h"
#include "reports/model/result.h"

static void print_version(void) {
  printf("assay %s\n", ASSAY_VERSION);
  printf("  %-10s %s\n", "commit", ASSAY_COMMIT);
  printf("  %-10s %s\n", "compiler", ASSAY_COMPILER);
  printf("  %-10s %s\n", "flags", ASSAY_FLAGS);
  printf("  %-10s %s\n", "sanitizer", ASSAY_SANITIZER);
  printf("  %-10s Jansson %s, SQLite %s\n", "libraries", jansson_version_str(), sqlite3_libversion());
  printf("  %-10s " RESULT_SCHEMA "\n", "results");
}

static const struct usage *command_at(unsigned number) {
  return commands[number] ? commands[number]->usage : NULL;
}

static const struct sheet_item examples[] = {
    {"assay run --quick", "a first answer in some 40 s"},
    {"assay check --subject openssl", "verdicts on every token of the default corpus"},
    {"assay report assay-report/result.json", "the tables again"},
    {0}};

static const struct program program = {.name = "assay",
                                       .version = ASSAY_VERSION,
                                       .does =
                                           "measure how fast and how correctly signed tokens are verified",
                                       .command = command_at,
                                       .topics = topics,
                                       .examples = examples,
                                       .notes = "Exit codes: 0 holds, 1 regression, 2 wrong verdict, crash, "
                                                "hang or fault of a backend, 3 too noisy to say or "
                                                "incomplete, 4 usage or set-up, 130 interrupted.",
                                       .see_also = "assay-corpus(1)",
                                       .print_version = print_version};

static int answer(int argc, char **argv) {
  struct program_line line = {argc, argv};
  struct assay_error error = {0};
  switch (program_answer(&program, &line, &error)) {
  case PROGRAM_DONE: return EXIT_HOLDS;
  case PROGRAM_RUN: return commands[line.command]->run(line.argc, line.argv);
  default: break;
  }
  bool helps = argc > 1 && strcmp(argv[1], "help") == 0;
  return error.text[0] ? complain(helps ? "help" : NULL, "%s", error.text) : EXIT_USAGE;
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
