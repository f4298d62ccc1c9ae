/* assay report: a result file in another format. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "reports/content.h"

struct request {
  const char *result, *format, *output;
  struct result_view view;
  bool line;
};

static const struct option table[] = {
    {"format", required_argument, NULL, 'f'}, {"output", required_argument, NULL, 'o'},
    {"only", required_argument, NULL, 'n'},   {"columns", required_argument, NULL, 'c'},
    {"sort", required_argument, NULL, 's'},   {"line", no_argument, NULL, 'l'},
    {"verbose", no_argument, NULL, 'v'},      {NULL, 0, NULL, 0}};

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

/* The terminal's tables alone are cut down: a file for a program holds everything. */
static bool check_selection(const struct request *request, const struct result *result,
                            const struct result_format *format) {
  const struct result_view *view = &request->view;
  const char *option = view->only ? "only" : view->shown_columns ? "columns" : view->sort ? "sort" : NULL;
  if (option && strcmp(format->name, "terminal") != 0) {
    complain("report", "--%s cuts down the tables of the terminal, and %s holds everything", option,
             format->name);
    return false;
  }
  return options_selection("report", result, view);
}

static int print_line(const struct result *result) {
  char *line = content_line(result);
  puts(line);
  free(line);
  return fflush(stdout) == 0 ? EXIT_HOLDS : complain("report", "cannot write to standard output");
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
  if (request.line)
    code = print_line(result);
  else
    code = check_selection(&request, result, format) ? write_out(&request, result, format) : EXIT_USAGE;
  result_free(result);
  return code;
}

const struct command command_report = {
    .name = "report",
    .summary = "a result file in another format",
    .usage =
        "usage: assay report RESULT [OPTION...]\n\n"
        "  --format NAME   terminal (the default), or another of `assay help formats`\n"
        "  --output FILE   write there, all or nothing, instead of to standard output\n"
        "  --only LIST     rows with these names: RS256,ES256 or openssl,RS*; words for the same column\n"
        "                  are alternatives\n"
        "  --columns LIST  columns by their heads: p99,tokens/s\n"
        "  --sort HEAD     order of the rows of each group; -HEAD puts the greatest first\n"
        "  --line          the result in one line, to paste\n"
        "  --verbose       every row and every warning\n\n"
        "Examples:\n"
        "  assay report assay-report/result.json\n"
        "  assay report assay-report/result.json --only RS256,ES256 --columns p99,tokens/s --sort p99\n"
        "  assay report assay-report/result.json --format markdown --output result.md\n",
    .run = run,
};
