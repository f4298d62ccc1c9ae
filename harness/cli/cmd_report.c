/* assay report: a result file in another format. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/cli/command.h"
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
  opterr = 0;
  optind = 1;
  for (;;) {
    int at = optind, opt = getopt_long(argc, argv, ":", table, NULL);
    if (opt == -1)
      break;
    switch (opt) {
    case 'f': request->format = optarg; break;
    case 'o': request->output = optarg; break;
    case 'v': request->verbose = true; break;
    case ':': return complain("report", "%s needs a value", argv[at]);
    default: return complain("report", "there is no option '%s'; `assay report --help` lists them", argv[at]);
    }
  }
  if (optind + 1 != argc)
    return complain("report", "takes one result file; `assay report --help` shows how");
  request->result = argv[optind];
  return -1;
}

static const struct result_format *format_of(const char *name) {
  char names[512] = "";
  const struct result_format *format = result_format_by_name(name);
  if (format)
    return format;
  for (const struct result_format *const *f = result_formats; *f; f++)
    snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", names[0] ? ", " : "", (*f)->name);
  complain("report", "there is no format '%s'; there are: %s", name, names);
  return NULL;
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
  const struct result_format *format = format_of(request.format);
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
             "Formats: terminal (the default), html, markdown, json.\n\n"
             "Example:\n"
             "  assay report assay-report/result.json --format html --output report.html\n",
    .run = run,
};
