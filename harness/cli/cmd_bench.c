/* assay bench: the measurement alone. Verdicts are still checked inside every measured block. */
#include <stdio.h>

#include "harness/cli/command.h"
#include "harness/cli/main_job.h"
#include "harness/measurements/measurement.h"

static int run(int argc, char **argv) {
  struct job_options options = {.command = "bench",
                                .subjects = "backends",
                                .bench = true,
                                .seconds = 60,
                                .latency_s = 15,
                                .threads = 2,
                                .hang_s = 5,
                                .cpu = -1};
  int code = job_parse(&options, argc, argv);
  if (code >= 0)
    return code;
  return main_job(&options, argc, argv);
}

static void usage_measurements(FILE *stream) {
  fprintf(
      stream,
      "\nMeasurements, and how long each takes with the packaged backends (--seconds 6: a tenth of it):\n");
  for (const struct measurement *const *m = measurements; *m; m++)
    fprintf(stream, "  %-12s %-78s %6s\n", (*m)->name, (*m)->summary, (*m)->takes);
}

const struct command command_bench = {
    .name = "bench",
    .summary = "throughput and latency alone",
    .usage =
        "usage: assay bench [OPTION...]\n\n"
        "Measures every backend on the valid tokens of a corpus. Takes the options of `assay run`;\n"
        "files are written only where --output names a folder.\n\n"
        "  --count instructions\n"
        "                    instructions a token instead of times, by the processor's counter; by "
        "Callgrind\n"
        "                    where it has none: then the same number every time for the same build, corpus\n"
        "                    and subject, whatever else the machine does\n\n"
        "  --measure LIST    measurements of their own instead of the tables of speed, comma-separated; "
        "they\n"
        "                    are listed below\n\n"
        "  --tokens FILE|-   your own tokens instead of a corpus, those of them that every subject accepts; "
        "the\n"
        "                    clock stands still while they are measured\n"
        "  --keys FILE, --secret-file FILE, --issuer ISS, --audience AUD\n"
        "                    with --tokens: what they are checked with, as of `assay check`\n\n"
        "Examples:\n"
        "  assay bench --alg HS256 --seconds 10\n"
        "  assay bench --count instructions --alg HS256,ES256\n"
        "  assay bench --subject openssl,openssl:init-per-call --alg RS256\n"
        "  assay bench --tokens tokens.txt --keys keys.jwks --issuer https://login.example --audience api\n"
        "  assay bench --measure allocations,ledger --alg HS256,ES256\n",
    .usage_more = usage_measurements,
    .run = run,
};
