/* assay bench: the measurement alone. Verdicts are still checked inside every measured block. */
#include <stdio.h>

#include "harness/cli/main_job.h"
#include "harness/measurements/measurement.h"
#include "harness/options/sheet.h"

static void list_measurements(struct sheet *sheet) {
  char text[200];
  sheet_head(sheet,
             "Measurements, and how long each takes with the default subjects (--seconds 6: a tenth of it):");
  for (const struct measurement *const *m = measurements; *m; m++) {
    snprintf(text, sizeof text, "%s (%s)", (*m)->summary, (*m)->takes);
    sheet_item(sheet, 15, (*m)->name, text);
  }
}

static const struct usage usage = {
    .name = "assay bench",
    .summary = "throughput and latency alone",
    .forms = "[OPTION...]",
    .about = "Measures every subject on the valid tokens of a corpus. Files are written only where --output "
             "names a folder.",
    .options = job_rows,
    .of = JOB_BENCH,
    .conflicts = job_conflicts,
    .operands_wrong = "subjects are named with --subject",
    .examples = "assay bench --alg HS256 --seconds 10\n"
                "assay bench --count instructions --alg HS256,ES256\n"
                "assay bench --subject openssl,openssl:init-per-call --alg RS256\n"
                "assay bench --tokens tokens.txt --keys keys.jwks --issuer https://login.example --audience "
                "api\n"
                "assay bench --measure allocations,ledger --alg HS256,ES256",
    .lists = list_measurements};

static int run_bench(int argc, char **argv) {
  struct job_options options = {.bench = true};
  return job_command(&usage, &options, argc, argv);
}

const struct command command_bench = {.usage = &usage, .run = run_bench};
