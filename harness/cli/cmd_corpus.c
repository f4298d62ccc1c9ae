/* assay corpus: hands over to assay-corpus, the program that has the cryptography. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/files/program_file.h"
#include "harness/cli/command.h"

static int run_corpus(int argc, char **argv) {
  char program[4200];
  (void)argc;
  program_file("assay-corpus", program, sizeof program);
  argv[0] = program;
  execv(program, argv);
  return complain("corpus", "cannot start %s: %s", program, strerror(errno));
}

static const struct usage usage = {.name = "assay corpus",
                                   .summary = "generate, learn, import, verify, explain and export corpora",
                                   .about = "See assay-corpus(1), the program that does it."};

const struct command command_corpus = {.usage = &usage, .run = run_corpus};
