/* assay report: a result file in another format. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "reports/result.h"

struct request {
  const char *result, *format, *output;
  bool verbose;
};

static const struct option table[] = {{"format", required_argument, NULL, 'f'},
                                      {"output", required_argument, NULL, 'o'},
                                      {"verbose", no_argument, NULL, 'v'},
                                      {NULL, 0, NULL, 0}};

static int parse(struct request *request, int argc, char **argv) {
  options_start();
  for (int opt; (opt = options_next("report", table, argc, argv, NULL)) != OPTIONS_END;)
    switch (opt) {
    case 'f': request->format = optarg; break;
    case 'o': request->output = optarg; break;
    case 'v': request->verbose = true; break;
    default: return EXIT_USAGE;
    }
  if (optind + 1 != argc)
    return complain("report", "takes one result file; `assay report --help` shows how");
  request->result = argv[optind];
  return -1;
}

static int write_out(const struct request *request, const struct result *result,
                     const struct result_format *format) {
  struct assay_error error = {0};
  struct file_writer writer;
  struct result_view view = {.verbose = request->verbose};
  if (!request->output) {
    view.colour = stdout_takes_colour();
    if (format->write(result, &view, stdout) && fflush(stdout) == 0)
      return EXIT_HOLDS;
    return complain("report", "cannot write to standard output");
  }
  if (!file_open(&writer, request->output, &error))
    return complain("report", "%s", error.text);
  if (!format->write(result, &view, writer.stream)) {
    file_abandon(&writer);
    return complain("report", "no memory");
  }
  return file_commit(&writer, &error) ? EXIT_HOLDS : complain("report", "%s", error.text);
}

static int run(int argc, char **argv) {
  struct request request = {.format = "terminal"};
  struct assay_error error = {0};
  int code = parse(&request, argc, argv);
  if (code >= 0)
    return code;
  const struct result_format *format = options_format("report", request.format);
  if (!format)
    return EXIT_USAGE;
  struct result *result = result_read(request.result, &error);
  if (!result)
    return complain("report", "%s", error.text);
  code = write_out(&request, result, format);
  result_free(result);
  return code;
}

const struct command command_report = {
    .name = "report",
    .summary = "a result file in another format",
    .usage = "usage: assay report RESULT [--format NAME] [--output FILE] [--verbose]\n\n"
             "  --format NAME   terminal (the default), or another of `assay help formats`\n"
             "  --output FILE   write there, all or nothing, instead of to standard output\n"
             "  --verbose       every row and every warning\n\n"
             "Examples:\n"
             "  assay report assay-report/result.json\n"
             "  assay report assay-report/result.json --format markdown --output result.md\n",
    .run = run,
};
