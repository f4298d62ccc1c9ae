/* assay run: verdicts and measurement of every subject on a corpus, with a report. */
#include "harness/cli/command.h"
#include "harness/cli/main_job.h"

static int run(int argc, char **argv) {
  struct job_options options = {.command = "run",
                                .subjects = "backends",
                                .check = true,
                                .bench = true,
                                .output = "assay-report",
                                .seconds = 60,
                                .latency_s = 15,
                                .threads = 2,
                                .hang_s = 5,
                                .cpu = -1};
  int code = job_parse(&options, argc, argv);
  return code >= 0 ? code : main_job(&options, argc, argv);
}

const struct command command_run = {
    .name = "run",
    .summary = "the main job: verdicts, throughput, latency and a report",
    .usage = "usage: assay run [OPTION...]\n\n"
             "Asks every backend about every token of a corpus, measures it on the valid ones,\n"
             "prints the tables and writes assay-report/result.html, result.md and result.json.\n\n"
             "  --subject LIST    comma-separated: name, name:variant, name@prefix, label=..., a module's\n"
             "                    path, exec:COMMAND, or a group: backends, verifiers, all (default:\n"
             "                    backends)\n"
             "  --alg LIST        algorithms, such as HS256,ES256 (default: all)\n"
             "  --corpus DIR      a corpus (default: generated once and kept)\n"
             "  --policy FILE     check against this policy instead of the corpus' own\n"
             "  --output DIR      where the report goes (default: assay-report)\n"
             "  --fail-on LIST    exit code 2 also for what verifiers answer, as in `assay check --help`\n"
             "  --quick           one launch, fewer samples, two tokens of each variant: under 40 s\n"
             "  --launches N      fresh processes of each subject (default: as many as the comparisons\n"
             "                    need to be claimed together, 11 for three backends)\n"
             "  --seconds S       time for throughput blocks, in all (default: 60)\n"
             "  --threads N       threads of the scaling table; 1: no such table (default: 2)\n"
             "  --hang-after S    a token that takes longer is a hang (default: 5)\n"
             "  --cpu N           the core for measured blocks (default: the last)\n"
             "  --order-seed N    seed of the block orders (default: from the clock)\n"
             "  --json            the result on stdout as JSON, no tables\n"
             "  --format NAME     the result on stdout in a format of `assay report`; of `assay check`,\n"
             "                    answers too: those of --answers\n"
             "  --only, --columns, --sort LIST\n"
             "                    what of the tables is shown, as in `assay report --help`\n"
             "  --verbose         every warning\n\n"
             "Examples:\n"
             "  assay run --quick\n"
             "  assay run --subject openssl,boringssl --alg RS256,ES256\n"
             "  assay run --subject packaged=openssl,mine=openssl@/opt/openssl\n",
    .run = run,
};
