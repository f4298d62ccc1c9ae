/* assay report: a result file in another format. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "reports/latency.h"
#include "reports/result.h"

struct request {
  const char *result, *format, *output, *only;
  bool verbose;
};

static const struct option table[] = {{"format", required_argument, NULL, 'f'},
                                      {"output", required_argument, NULL, 'o'},
                                      {"only", required_argument, NULL, 'n'},
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
    case 'n': request->only = optarg; break;
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

/* Whether --only can be done: an empty file would look like a run without samples. */
static bool check_only(const struct request *request, const struct result *result,
                       const struct result_format *format) {
  if (!request->only)
    return true;
  if (!format->takes_only)
    complain("report", "--only chooses among histograms, which %s has not; hgrm and hlog have", format->name);
  else if (latency_count(result, request->only) == 0)
    complain("report", "%s has no histogram whose name holds '%s'; --format hgrm shows their names",
             request->result, request->only);
  else
    return true;
  return false;
}

static int write_out(const struct request *request, const struct result *result,
                     const struct result_format *format) {
  struct assay_error error = {0};
  struct file_writer writer;
  struct result_view view = {.verbose = request->verbose, .only = request->only};
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
  code = check_only(&request, result, format) ? write_out(&request, result, format) : EXIT_USAGE;
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
        "usage: assay report RESULT [--format NAME] [--output FILE] [--only NAME] [--verbose]\n\n"
        "  --format NAME   terminal, or one of those below\n"
        "  --output FILE   write there; the file appears when it is complete\n"
        "  --only NAME     hgrm and hlog: the histograms whose name holds NAME, where * and ? stand for\n"
        "                  any text and any character. HdrHistogram's plotter takes a whole file for one\n"
        "                  curve, so give it a file of one histogram; other tools tell several apart by\n"
        "                  their tags (hlog), or as gnuplot's index (hgrm)\n"
        "  --verbose       terminal: every row, every warning\n\n"
        "Examples:\n"
        "  assay report assay-report/result.json --format markdown\n"
        "  assay report assay-report/result.json --format hgrm --only openssl/RS256/bits:2048\n",
    .usage_more = list_formats,
    .run = run,
};
