/* assay check: verdicts and reasons alone, on a corpus or on somebody's own cases. */
#include "harness/cli/main_job.h"

static const struct usage usage = {
    .name = "assay check",
    .summary = "verdicts and reasons alone",
    .forms = "[OPTION...]",
    .about = "Asks every subject about every token of a corpus and compares verdict and reason with what the "
             "corpus' construction expects. Files are written only where --output names a folder. Exit code "
             "2 where any answer of a backend is wrong; what verifiers answer wrongly is a finding.",
    .options = job_rows,
    .of = JOB_CHECK,
    .conflicts = job_conflicts,
    .operands_wrong = "subjects are named with --subject",
    .examples =
        "assay check\n"
        "assay check --cases mine.jsonl\n"
        "assay check --tokens tokens.txt --keys keys.jwks --issuer https://login.example --audience api\n"
        "assay check --explain signature/pkcs1-missing-null/RS256/0000\n"
        "assay check --fail-on accept,reject,crash\n"
        "assay check --level guarded --vectors wycheproof/testvectors_v1\n"
        "assay check --subject wolfssl --alg PS256,ES384 --json"};

static int run_check(int argc, char **argv) {
  struct job_options options = {.check = true, .launches = 1, .seconds = 1, .threads = 1};
  return job_command(&usage, &options, argc, argv);
}

const struct command command_check = {.usage = &usage, .run = run_check};
