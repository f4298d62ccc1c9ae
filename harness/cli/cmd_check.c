/* assay check: verdicts and reasons alone. */
#include "harness/cli/command.h"
#include "harness/cli/job.h"

static int run(int argc, char **argv) {
  struct job_options options = {
      .command = "check", .check = true, .launches = 1, .seconds = 1, .threads = 1, .hang_s = 5, .cpu = -1};
  int code = job_parse(&options, argc, argv);
  return code >= 0 ? code : job_run(&options, argc, argv);
}

const struct command command_check = {
    .name = "check",
    .summary = "verdicts and reasons alone",
    .usage = "usage: assay check [OPTION...]\n\n"
             "Asks every backend about every token of a corpus and compares verdict and reason with what\n"
             "the corpus' construction expects. Takes the options of `assay run`; files are written only\n"
             "where --output names a folder. Exit code 2 where any answer of a backend is wrong.\n\n"
             "  --explain ID      lay one token open and show what each backend says of it\n\n"
             "Examples:\n"
             "  assay check\n"
             "  assay check --explain signature/pkcs1-missing-null/RS256/0000\n"
             "  assay check --subject wolfssl --alg PS256,ES384 --json\n",
    .run = run,
};
