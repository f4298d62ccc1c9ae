/* assay report: a result file in another format. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/files/file.h"
#include "harness/cli/command.h"
#include "harness/cli/common_options.h"
#include "harness/options/sheet.h"
#include "reports/content/content.h"
#include "reports/document/screen.h"
#include "reports/formats/shared/latency.h"

struct request {
  const char *result, *format, *output;
  struct result_view view;
  bool line;
};

static const struct option_row option_rows[] = {
    {"format", "NAME", "one of those below", WORD_IN(struct request, format, format_word),
     .fallback = "terminal"},
    {"output", "FILE", "write there, all or nothing, instead of to standard output",
     TEXT_IN(struct request, output)},
    {"only", "LIST",
     "rows with these names: RS256,ES256 or openssl,RS*; words for the same column are alternatives. hgrm "
     "and hlog: the histograms whose name holds LIST, where * and ? stand for any text and any character; "
     "HdrHistogram's plotter takes a whole file for one curve",
     LIST_IN(struct request, view.only)},
    {"columns", "LIST", "columns by their heads: p99,tokens/s", LIST_IN(struct request, view.shown_columns)},
    {"sort", "HEAD", "order of the rows of each group; -HEAD puts the greatest first",
     TEXT_IN(struct request, view.sort)},
    {"line", NULL, "the result in one line, to paste", FLAG_IN(struct request, line)},
    {"verbose", NULL, "every row and every warning", FLAG_IN(struct request, view.verbose)},
    {0}};

static void list_formats(struct sheet *sheet) {
  char text[400];
  sheet_head(sheet, "Formats, and what reads them:");
  for (const struct result_format *const *format = result_formats; *format; format++) {
    snprintf(text, sizeof text, "%s. For %s", (*format)->summary, (*format)->readers);
    sheet_item(sheet, 15, (*format)->name, text);
  }
}

static const struct usage usage = {
    .name = "assay report",
    .summary = "a result file in another format",
    .forms = "RESULT [OPTION...]",
    .about =
        "Prints a result file, or that of the folder of a run, as tables, or in a format that other programs "
        "read.",
    .options = option_rows,
    .operands = 1,
    .operands_wrong = "takes one result file; `assay report --help` shows how",
    .examples = "assay report assay-report\n"
                "assay report assay-report/result.json --only RS256,ES256 --columns p99,tokens/s --sort p99\n"
                "assay report assay-report/result.json --format markdown --output result.md\n"
                "assay report assay-report/result.json --format hgrm --only openssl/RS256/bits:2048",
    .lists = list_formats};

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
  const struct result_view every_row = {
      .verbose = true, .only = view->only, .shown_columns = view->shown_columns, .sort = view->sort};
  const char *other = view->shown_columns ? "columns" : view->sort ? "sort" : NULL;
  if (format->is_tables)
    return options_selection("report", result, &every_row);
  if (view->only && format->takes_only && !other)
    return check_histograms(request, result);
  if (view->only && !format->takes_only)
    complain(
        "report",
        "--only is for the tables of terminal and markdown and the histograms of hgrm and hlog; %s holds "
        "everything",
        format->name);
  else if (other)
    complain("report", "--%s is for the tables of terminal and markdown; %s holds everything", other,
             format->name);
  return !view->only && !other;
}

static int print_line(const struct result *result) {
  char *line = content_line(result);
  puts(line);
  free(line);
  return EXIT_HOLDS;
}

static int run_report(int argc, char **argv) {
  struct request request = {0};
  struct options_given given;
  struct assay_error error = {0};
  int code;
  if (!command_read(&usage, &request, argc, argv, &given))
    return EXIT_USAGE;
  request.result = given.operands[0];
  const struct result_format *format = result_format_by_name(request.format);
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

const struct command command_report = {.usage = &usage, .run = run_report};
