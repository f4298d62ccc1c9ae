/* assay run: verdicts and measurement of every subject on a corpus, with a report. */
#include "harness/cli/main_job.h"

static const struct usage usage = {
    .name = "assay run",
    .summary = "the main job: verdicts, throughput, latency and a report",
    .forms = "[OPTION...]",
    .about = "Asks every subject about every token of a corpus, measures it on the valid ones, prints the "
             "tables and writes assay-report/result.html, result.md and result.json. Without --subject it "
             "compares OpenSSL, BoringSSL and wolfSSL; `assay list` shows what else is here.",
    .options = job_rows,
    .of = JOB_RUN,
    .conflicts = job_conflicts,
    .operands_wrong = "subjects are named with --subject",
    .examples = "assay run --quick\n"
                "assay run --subject openssl,boringssl --alg RS256,ES256\n"
                "assay run --subject backends --alg ES256\n"
                "assay run --subject packaged=openssl,mine=openssl@/opt/openssl"};

static int run_run(int argc, char **argv) {
  struct job_options options = {.check = true, .bench = true};
  return job_command(&usage, &options, argc, argv);
}

const struct command command_run = {.usage = &usage, .run = run_run};
