/* assay report: a result file in another format. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/terminal/screen.h"
#include "reports/content/content.h"
#include "reports/formats/shared/latency.h"

struct request {
  const char *result, *format, *output;
  struct result_view view;
  bool line;
};

static const struct option table[] = {{"format", required_argument, NULL, 'f'},
                                      {"output", required_argument, NULL, 'o'},
                                      {"only", required_argument, NULL, 'n' | OPTION_LIST},
                                      {"columns", required_argument, NULL, 'c' | OPTION_LIST},
                                      {"sort", required_argument, NULL, 's'},
                                      {"line", no_argument, NULL, 'l'},
                                      {"verbose", no_argument, NULL, 'v'},
                                      {NULL, 0, NULL, 0}};

static int parse(struct request *request, int argc, char **argv) {
  options_start();
  for (int opt; (opt = options_next("report", table, argc, argv, NULL)) != OPTIONS_END;)
    switch (opt) {
    case 'f': request->format = optarg; break;
    case 'o': request->output = optarg; break;
    case 'n': request->view.only = optarg; break;
    case 'c': request->view.shown_columns = optarg; break;
    case 's': request->view.sort = optarg; break;
    case 'l': request->line = true; break;
    case 'v': request->view.verbose = true; break;
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
  struct result_view view = request->view;
  if (!request->output) {
    stdout_view(&view);
    return format->write(result, &view, stdout) ? EXIT_HOLDS
                                                : complain("report", "cannot write to standard output");
  }
  if (!file_open(&writer, request->output, &error))
    return complain("report", "%s", error.text);
  if (!format->write(result, &view, writer.stream)) {
    file_abandon(&writer);
    return complain("report", "no memory");
  }
  return file_commit(&writer, &error) ? EXIT_HOLDS : complain("report", "%s", error.text);
}

/* Whether --only can be done: an empty file would look like a run without samples. */
static bool check_histograms(const struct request *request, const struct result *result) {
  if (latency_count(result, request->view.only) > 0)
    return true;
  complain("report", "%s has no histogram whose name holds '%s'; --format hgrm shows their names",
           request->result, request->view.only);
  return false;
}

/* Most files for a program hold everything. */
static bool check_selection(const struct request *request, const struct result *result,
                            const struct result_format *format) {
  const struct result_view *view = &request->view;
  bool terminal = strcmp(format->name, "terminal") == 0;
  const char *other = view->shown_columns ? "columns" : view->sort ? "sort" : NULL;
  if (terminal)
    return options_selection("report", result, view);
  if (view->only && format->takes_only && !other)
    return check_histograms(request, result);
  if (view->only && !format->takes_only)
    complain("report",
             "--only chooses among rows of the terminal and histograms of hgrm and hlog, and %s "
             "holds everything",
             format->name);
  else if (other)
    complain("report", "--%s cuts down the tables of the terminal, and %s holds everything", other,
             format->name);
  return !view->only && !other;
}

static int print_line(const struct result *result) {
  char *line = content_line(result);
  puts(line);
  free(line);
  return EXIT_HOLDS;
}

static int run(int argc, char **argv) {
  struct request request = {.format = "terminal"};
  struct assay_error error = {0};
  int code = parse(&request, argc, argv);
  if (code >= 0)
    return code;
  const struct result_format *format = options_format("report", request.format, NULL);
  if (!format)
    return EXIT_USAGE;
  struct result *result = result_read(request.result, &error);
  if (!result)
    return complain("report", "%s", error.text);
  if (request.line)
    code = print_line(result);
  else
    code = check_selection(&request, result, format) ? write_out(&request, result, format) : EXIT_USAGE;
  result_free(result);
  return code;
}

static void list_formats(FILE *stream) {
  fputs("\nFormats, and what reads them:\n", stream);
  for (const struct result_format *const *format = result_formats; *format; format++)
    fprintf(stream, "  %-12s %s\n%15s%s\n", (*format)->name, (*format)->summary, "", (*format)->readers);
}

const struct command command_report = {
    .name = "report",
    .summary = "a result file in another format",
    .usage =
        "usage: assay report RESULT [OPTION...]\n\n"
        "  --format NAME   terminal (the default), or one of those below\n"
        "  --output FILE   write there, all or nothing, instead of to standard output\n"
        "  --only LIST     rows with these names: RS256,ES256 or openssl,RS*; words for the same column\n"
        "                  are alternatives. hgrm and hlog: the histograms whose name holds LIST, where *\n"
        "                  and ? stand for any text and any character; HdrHistogram's plotter takes a\n"
        "                  whole file for one curve\n"
        "  --columns LIST  columns by their heads: p99,tokens/s\n"
        "  --sort HEAD     order of the rows of each group; -HEAD puts the greatest first\n"
        "  --line          the result in one line, to paste\n"
        "  --verbose       every row and every warning\n\n"
        "Examples:\n"
        "  assay report assay-report/result.json\n"
        "  assay report assay-report/result.json --only RS256,ES256 --columns p99,tokens/s --sort p99\n"
        "  assay report assay-report/result.json --format markdown --output result.md\n"
        "  assay report assay-report/result.json --format hgrm --only openssl/RS256/bits:2048\n",
    .usage_more = list_formats,
    .run = run,
};
