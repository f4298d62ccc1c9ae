/* assay history: results over time. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/history_store.h"
#include "harness/cli/options.h"
#include "reports/display.h"
#include "reports/figures.h"

struct request {
  const char *file, *subject, *alg, *metric, *format;
  unsigned key_bits;
  bool json;
  char **rest; /* what follows the verb */
  int rest_count;
};

enum { OPT_FILE = 1000, OPT_SUBJECT, OPT_ALG, OPT_BITS, OPT_METRIC, OPT_FORMAT, OPT_JSON };

static const struct option table[] = {
    {"file", required_argument, NULL, OPT_FILE},     {"subject", required_argument, NULL, OPT_SUBJECT},
    {"alg", required_argument, NULL, OPT_ALG},       {"key-bits", required_argument, NULL, OPT_BITS},
    {"metric", required_argument, NULL, OPT_METRIC}, {"format", required_argument, NULL, OPT_FORMAT},
    {"json", no_argument, NULL, OPT_JSON},           {NULL, 0, NULL, 0}};

static bool whole_number(const char *text, long long *number) {
  char *end;
  *number = strtoll(text, &end, 10);
  return end != text && *end == '\0' && *number > 0;
}

static int take(struct request *request, int opt) {
  long long bits;
  switch (opt) {
  case OPT_FILE: request->file = optarg; return -1;
  case OPT_SUBJECT: request->subject = optarg; return -1;
  case OPT_ALG: request->alg = optarg; return -1;
  case OPT_METRIC: request->metric = optarg; return -1;
  case OPT_FORMAT: request->format = optarg; return -1;
  case OPT_JSON: request->json = true; return -1;
  default:
    if (!whole_number(optarg, &bits) || bits > 65535)
      return complain("history", "--key-bits must be a whole number of bits, not '%s'", optarg);
    request->key_bits = (unsigned)bits;
    return -1;
  }
}

static int parse(struct request *request, int argc, char **argv) {
  options_start();
  for (int opt, code; (opt = options_next("history", table, argc, argv, NULL)) != OPTIONS_END;) {
    code = opt == OPTIONS_BAD ? EXIT_USAGE : take(request, opt);
    if (code >= 0)
      return code;
  }
  request->rest = argv + optind;
  request->rest_count = argc - optind;
  return -1;
}

static int add_one(struct history *history, const char *path) {
  struct assay_error error = {0};
  char *text = NULL;
  size_t len;
  int64_t id = 0;
  struct result *result = NULL;
  enum history_added added = HISTORY_FAILED;
  if (file_read(path, &text, &len, &error) && (result = result_parse(text, len, path, &error)) != NULL)
    added = history_add(history, result, text, &id, &error);
  if (added == HISTORY_FAILED)
    complain("history", "%s", error.text);
  else
    printf("%s: %s %lld\n", path, added == HISTORY_ADDED ? "added as" : "is there already, as",
           (long long)id);
  result_free(result);
  free(text);
  return added == HISTORY_FAILED ? EXIT_USAGE : EXIT_HOLDS;
}

static int add(struct history *history, const struct request *request) {
  int code = EXIT_HOLDS;
  if (request->rest_count < 2)
    return complain("history", "add takes result files; `assay history --help` shows how");
  for (int i = 1; i < request->rest_count; i++)
    if (add_one(history, request->rest[i]) != EXIT_HOLDS)
      code = EXIT_USAGE;
  return code;
}

static void list_row(void *arg, const struct history_row *row) {
  (void)arg;
  char *subjects = display_clean(row->subjects), *commit = display_clean(row->commit);
  char *started = display_clean(row->started), *shown = display_cut(subjects, 50);
  printf("%5lld  %-20s  %-18s  %s\n", (long long)row->id, started, commit, shown);
  free(subjects);
  free(commit);
  free(started);
  free(shown);
}

static void list_row_json(void *arg, const struct history_row *row) {
  json_array_append_new(arg, json_pack("{s:I, s:s, s:s, s:s, s:s, s:s}", "id", (json_int_t)row->id, "started",
                                       row->started, "commit", row->commit, "cpu", row->cpu, "corpus",
                                       row->corpus, "subjects", row->subjects));
}

static void print_json(json_t *list) {
  json_dumpf(list, stdout, JSON_INDENT(1));
  putchar('\n');
  json_decref(list);
}

static int list(struct history *history, const struct request *request) {
  struct assay_error error = {0};
  json_t *all = request->json ? json_array() : NULL;
  if (!request->json)
    printf("%5s  %-20s  %-18s  %s\n", "id", "started", "commit", "subjects");
  bool ok = history_list(history, request->json ? list_row_json : list_row, all, &error);
  if (request->json)
    print_json(all);
  return ok ? EXIT_HOLDS : complain("history", "%s", error.text);
}

static int show(struct history *history, const struct request *request) {
  struct assay_error error = {0};
  long long id;
  const struct result_format *format = options_format("history", request->json     ? "json"
                                                                 : request->format ? request->format
                                                                                   : "terminal");
  if (!format)
    return EXIT_USAGE;
  if (request->rest_count != 2 || !whole_number(request->rest[1], &id))
    return complain("history", "show takes the id of a result; `assay history list` shows them");
  char *json = history_json(history, id, &error);
  struct result *result = json ? result_parse(json, strlen(json), "history", &error) : NULL;
  free(json);
  if (!result)
    return complain("history", "%s", error.text);
  struct result_view view = {0};
  stdout_view(&view);
  bool ok = format->write(result, &view, stdout);
  result_free(result);
  return ok ? EXIT_HOLDS : complain("history", "cannot write to standard output");
}

/* The point before, to say how the next one differs. */
struct trend {
  json_t *all; /* NULL: to a person */
  bool any;
  unsigned key_bits;
  double ns;
  char cpu[256], corpus[80];
};

/* Numbers of two machines or of two corpora are no trend (METHOD 7). */
static void change_text(const struct trend *trend, const struct history_point *point, char *text,
                        size_t size) {
  double change = point->ns / trend->ns - 1;
  if (!trend->any || trend->key_bits != point->key_bits)
    snprintf(text, size, "-");
  else if (strcmp(trend->cpu, point->cpu) != 0)
    snprintf(text, size, "other machine");
  else if (strcmp(trend->corpus, point->corpus) != 0)
    snprintf(text, size, "other corpus");
  else
    snprintf(text, size, "%+.1f %%", 100 * change);
}

static void interval_text(const struct history_point *point, char *text, size_t size) {
  char low[FIGURE_BYTES], high[FIGURE_BYTES];
  if (isnan(point->ns_low) || isnan(point->ns_high))
    snprintf(text, size, "too few launches");
  else
    snprintf(text, size, "%s to %s", figure_time(low, point->ns_low), figure_time(high, point->ns_high));
}

static void trend_row(void *arg, const struct history_point *point) {
  struct trend *trend = arg;
  char ns[FIGURE_BYTES], interval[2 * FIGURE_BYTES + 8], change[64], bits[24] = "";
  change_text(trend, point, change, sizeof change);
  interval_text(point, interval, sizeof interval);
  if (point->key_bits)
    snprintf(bits, sizeof bits, "%u", point->key_bits);
  char *version = display_clean(point->version), *shown = display_cut(version, 14);
  printf("%5lld  %-20.20s  %-14s  %5s  %10s  %-20s  %s\n", (long long)point->id, point->started, shown, bits,
         figure_time(ns, point->ns), interval, change);
  free(version);
  free(shown);
  trend->any = true;
  trend->ns = point->ns;
  trend->key_bits = point->key_bits;
  snprintf(trend->cpu, sizeof trend->cpu, "%s", point->cpu);
  snprintf(trend->corpus, sizeof trend->corpus, "%s", point->corpus);
}

static json_t *figure_json(double value) {
  return isnan(value) ? json_null() : json_real(value);
}

static void trend_row_json(void *arg, const struct history_point *point) {
  struct trend *trend = arg;
  trend->any = true;
  json_array_append_new(trend->all,
                        json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:o, s:o}", "id",
                                  (json_int_t)point->id, "started", point->started, "commit", point->commit,
                                  "version", point->version, "cpu", point->cpu, "corpus", point->corpus,
                                  "key_bits", (int)point->key_bits, "ns", figure_json(point->ns), "ns_low",
                                  figure_json(point->ns_low), "ns_high", figure_json(point->ns_high)));
}

static int trend(struct history *history, const struct request *request) {
  struct assay_error error = {0};
  struct trend trend = {.all = request->json ? json_array() : NULL};
  const struct history_key key = {request->subject, request->alg, request->metric, request->key_bits};
  if (!key.subject || !key.alg)
    return complain("history", "trend needs --subject and --alg, such as --subject openssl --alg RS256");
  if (!request->json)
    printf("%5s  %-20s  %-14s  %5s  %10s  %-20s  %s\n", "id", "started", "library", "bits", "per token",
           "95 % interval", "change");
  bool ok = history_trend(history, &key, request->json ? trend_row_json : trend_row, &trend, &error);
  if (request->json)
    print_json(trend.all);
  if (!ok)
    return complain("history", "%s", error.text);
  return trend.any
             ? EXIT_HOLDS
             : complain("history", "no result has a figure of %s %s %s", key.subject, key.alg, key.metric);
}

static int run(int argc, char **argv) {
  static const struct verb {
    bool writing;
    int (*run)(struct history *history, const struct request *request);
  } verbs[] = {{true, add}, {false, list}, {false, show}, {false, trend}};
  struct request request = {.file = history_default_path(), .metric = "verify"};
  struct assay_error error = {0};
  int code = parse(&request, argc, argv);
  if (code >= 0)
    return code;
  if (!request.rest_count)
    return complain("history", "takes add, list, show or trend; `assay history --help` shows how");
  int which = options_word("history", "verb", request.rest[0],
                           (const char *const[]){"add", "list", "show", "trend", NULL});
  if (which < 0)
    return EXIT_USAGE;
  const struct verb *verb = &verbs[which];
  struct history *history = history_open(request.file, verb->writing, &error);
  if (!history)
    return complain("history", "%s", error.text);
  code = verb->run(history, &request);
  history_close(history);
  return code;
}

const struct command command_history = {
    .name = "history",
    .summary = "results over time, kept in one file",
    .usage = "usage: assay history add RESULT...\n"
             "       assay history list [--json]\n"
             "       assay history show ID [--format NAME]\n"
             "       assay history trend --subject NAME --alg ALG [--key-bits N] [--metric NAME] [--json]\n\n"
             "Keeps result files whole, in a SQLite file: $ASSAY_HISTORY, or history.sqlite in the user's\n"
             "data folder. Several programs may add at once.\n\n"
             "  --file FILE       another history\n"
             "  --metric NAME     verify (the default), primitive, key_import, context\n"
             "  --format NAME     of show: terminal (the default), or any format of `assay report`\n\n"
             "Examples:\n"
             "  assay history add assay-report/result.json\n"
             "  assay history trend --subject openssl --alg RS256 --key-bits 2048\n",
    .run = run,
};
