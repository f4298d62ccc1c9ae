/* assay history: results over time. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "harness/base/files/file.h"
#include "harness/cli/command.h"
#include "harness/cli/common_options.h"
#include "harness/history/history_store.h"
#include "reports/content/content.h"
#include "reports/document/screen.h"
#include "reports/document/terminal.h"
#include "reports/model/json_value.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

struct request {
  const char *file, *subject, *alg, *metric, *format;
  unsigned key_bits;
  bool json;
  char **rest; /* what follows the verb */
  int rest_count;
};

#define NO_ALG "-" /* what a figure has in the place of an algorithm where it is of none */

static bool whole_number(const char *text, long long *number) {
  char *end;
  *number = strtoll(text, &end, 10);
  return end != text && *end == '\0' && *number > 0;
}

static bool take_bits(void *member, const char *text, struct assay_error *error) {
  long long bits;
  if (!whole_number(text, &bits) || bits > 65535)
    return error_set(error, "--key-bits must be a whole number of bits, not '%s'", text);
  *(unsigned *)member = (unsigned)bits;
  return true;
}

static const char *verb_word(unsigned number) {
  static const char *const verbs[] = {"add", "list", "show", "trend"};
  return number < 4 ? verbs[number] : NULL;
}

static const char *trend_metric_word(unsigned number) {
  return history_metrics[number];
}

static const struct option_row option_rows[] = {
    {"file", "FILE", "another history", TEXT_IN(struct request, file)},
    {"subject", "NAME", "of trend: whose figures, as results call it", TEXT_IN(struct request, subject),
     .word = subject_word},
    {"alg", "ALG", "of trend: the algorithm", TEXT_IN(struct request, alg), .word = alg_word},
    {"key-bits", "N", "of trend: the size of the key (default: all, one after the other)",
     TAKEN_AS(OPTION_TEXT, struct request, key_bits, take_bits)},
    {"metric", "NAME", "of trend: verify, primitive, key_import; context, which is of no algorithm",
     WORD_IN(struct request, metric, trend_metric_word), .fallback = "verify"},
    {"format", "NAME",
     "of show: any format of `assay report`; of trend: terminal, markdown, csv, or html, which "
     "draws a curve with a dot at every change",
     WORD_IN(struct request, format, format_word), .fallback = "terminal"},
    {"json", NULL, "of list, show and trend: everything, for programs", FLAG_IN(struct request, json)},
    {0}};

static const struct usage usage = {
    .name = "assay history",
    .summary = "results over time, kept in one file",
    .forms =
        "add RESULT... [--file FILE]\n"
        "list [--json] [--file FILE]\n"
        "show ID [--format NAME | --json] [--file FILE]\n"
        "trend --subject NAME --alg ALG [--key-bits N] [--metric NAME] [--format NAME | --json] [--file FILE]\n"
        "trend --subject NAME --metric context [--format NAME | --json] [--file FILE]",
    .about =
        "Keeps result files whole, in a SQLite file: $ASSAY_HISTORY, or history.sqlite in the user's data "
        "folder. Several programs may add at once.\n"
        "A trend is of one thread and good tokens one after the other. It tells how a time changed from the "
        "last one before that has an interval: where both were measured on the same machine and corpus, and "
        "their intervals lie apart. Partial results and sanitizer builds are marked, and no change is told "
        "from or to them. For programs (--json, --format csv) times are nanoseconds, version is that of the "
        "library, commit that of assay, change a share: 0.1 where a time grew by 10 %.",
    .options = option_rows,
    .examples = "assay history add assay-report/result.json\n"
                "assay history trend --subject openssl --alg RS256 --key-bits 2048\n"
                "assay history trend --subject openssl --alg ES256 --format html > trend.html\n"
                "assay history trend --subject openssl --alg ES256 --format csv > trend.csv",
    .operand = verb_word};

static bool parse(struct request *request, int argc, char **argv) {
  struct options_given given;
  if (!command_read(&usage, request, argc, argv, &given))
    return false;
  request->rest = given.operands;
  request->rest_count = given.operand_count;
  if (!request->json || strcmp(request->format, "terminal") == 0)
    return true;
  complain("history", "--json and --format %s exclude each other", request->format);
  return false;
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

/* What is shown to a person; the table is where rows go. */
struct listing {
  struct document document;
  struct document_table *table;
};

static void add_clean(struct document_row *row, const char *text) {
  char *clean = display_clean(text);
  row_add_cell(row, clean);
  free(clean);
}

static const char *note_of(bool partial, bool sanitized) {
  return sanitized ? "sanitizer build" : partial ? "partial" : "";
}

static struct document_table *list_table(struct document *document) {
  struct document_table *rows = document_add_table(document, "Results, oldest first");
  table_add_column(rows, "id", 0, 0);
  table_add_column(rows, "started", COLUMN_LEFT, 0);
  table_add_column(rows, "commit", COLUMN_LEFT | COLUMN_FLEXIBLE, 1);
  table_add_column(rows, "subjects", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(rows, "", COLUMN_LEFT, 0); /* notes, of few */
  return rows;
}

static void list_row(void *arg, const struct history_row *row) {
  struct listing *listing = arg;
  char id[24];
  struct document_row *out = table_add_row(listing->table);
  snprintf(id, sizeof id, "%lld", (long long)row->id);
  row_add_cell(out, id);
  add_clean(out, row->started);
  add_clean(out, row->commit);
  add_clean(out, row->subjects);
  row_add_cell(out, note_of(row->partial, row->sanitized))->style = STYLE_UNSURE;
}

static void list_row_json(void *arg, const struct history_row *row) {
  json_array_append_new(arg, json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "id", (json_int_t)row->id,
                                       "started", row->started, "commit", row->commit, "cpu", row->cpu,
                                       "corpus", row->corpus, "subjects", row->subjects, "partial",
                                       row->partial, "sanitized", row->sanitized));
}

static void print_json(json_t *list) {
  json_put(json_incref(list), JSON_INDENT(1), stdout);
  putchar('\n');
}

static void print_document(struct document *document) {
  struct result_view view = {0};
  stdout_view(&view);
  terminal_put(document, &view, stdout);
}

static int no_operands(const struct request *request) {
  return request->rest_count == 1
             ? EXIT_HOLDS
             : complain("history", "%s takes no operands, not '%s'", request->rest[0], request->rest[1]);
}

static int list_json(struct history *history) {
  struct assay_error error = {0};
  json_t *all = json_array();
  bool ok = history_list(history, list_row_json, all, &error);
  if (ok)
    print_json(all);
  json_decref(all);
  return ok ? EXIT_HOLDS : complain("history", "%s", error.text);
}

static int list(struct history *history, const struct request *request) {
  struct assay_error error = {0};
  struct listing listing = {0};
  if (no_operands(request) != EXIT_HOLDS)
    return EXIT_USAGE;
  if (request->json)
    return list_json(history);
  listing.table = list_table(&listing.document);
  bool ok = history_list(history, list_row, &listing, &error);
  if (ok)
    print_document(&listing.document);
  document_fini(&listing.document);
  return ok ? EXIT_HOLDS : complain("history", "%s", error.text);
}

static int show(struct history *history, const struct request *request) {
  struct assay_error error = {0};
  long long id;
  const struct result_format *format = result_format_by_name(request->json ? "json" : request->format);
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

/* What a change is told against: the last point that another can be resolved from. */
struct base {
  bool known;
  unsigned cores;
  double ns, ns_low, ns_high;
  char cpu[256], corpus[80];
};

struct trend {
  const struct history_key *key;
  json_t *all; /* rows for programs */
  struct listing listing;
  struct base base;
  unsigned key_bits; /* of the table's rows */
};

/* Resolved as `assay compare` has it: the intervals, where there are any, lie apart. */
static bool is_resolved(const struct base *base, const struct history_point *point) {
  return point->ns_low > base->ns_high || point->ns_high < base->ns_low;
}

/* Numbers of two machines or of two corpora are no trend. */
static const char *no_change(const struct base *base, const struct history_point *point) {
  const char *note = note_of(point->partial, point->sanitized);
  if (note[0])
    return note;
  if (!base->known)
    return "first";
  if (strcmp(base->cpu, point->cpu) != 0 || base->cores != point->cores)
    return "other machine";
  if (strcmp(base->corpus, point->corpus) != 0)
    return "other corpus";
  return is_resolved(base, point) ? NULL : "not resolved";
}

/* change: a share; why: why there is none, or NULL. */
static void add_change(struct document_row *row, double change, const char *why) {
  char text[FIGURE_BYTES];
  struct document_cell *cell = row_add_cell(row, why ? why : figure_change(text, change));
  cell->style = why ? STYLE_UNSURE : STYLE_PLAIN;
}

static void add_interval(struct document_row *row, const struct history_point *point) {
  char low[FIGURE_BYTES], high[FIGURE_BYTES], text[2 * FIGURE_BYTES + 8];
  if (isnan(point->ns_low) || isnan(point->ns_high)) {
    cell_set_brief(row_add_cell(row, "too few launches"), "too few");
    return;
  }
  figure_time(low, point->ns_low);
  figure_time(high, point->ns_high);
  snprintf(text, sizeof text, "%s to %s", low, high);
  struct document_cell *cell = row_add_cell(row, text);
  snprintf(text, sizeof text, "%s-%s", low, high);
  cell_set_brief(cell, text);
}

/* "openssl RS256 2048, verify" */
static struct document_table *trend_table(struct document *document, const struct history_key *key,
                                          unsigned key_bits) {
  bool has_alg = strcmp(key->alg, NO_ALG) != 0;
  char *alg = result_alg_text(key->alg, key_bits);
  char *title =
      allocate_format("%s%s%s, %s", key->subject, has_alg ? " " : "", has_alg ? alg : "", key->metric);
  char *clean = display_clean(title);
  struct document_table *rows = document_add_table(document, clean);
  free(clean);
  free(title);
  free(alg);
  rows->tight = true;
  table_add_column(rows, "id", 0, 0);
  table_add_column(rows, "started", COLUMN_LEFT, 0);
  table_add_column(rows, "library", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(rows, "time", 0, 0);
  table_add_column(rows, "95 % interval", 0, 0);
  table_add_column(rows, "change", COLUMN_LEFT, 0);
  return rows;
}

static void add_row(struct trend *trend, const struct history_point *point, double change, const char *why) {
  char id[24], ns[FIGURE_BYTES];
  struct document_table *table = trend->listing.table;
  struct document_row *row = table_add_row(table);
  snprintf(id, sizeof id, "%lld", (long long)point->id);
  row_add_cell(row, id);
  add_clean(row, point->started);
  add_clean(row, point->version);
  row_add_cell(row, figure_time(ns, point->ns));
  add_interval(row, point);
  add_change(row, change, why);
  table_add_point(table, point->ns, !why);
}

/* The same for programs. */
static json_t *row_json(const struct history_key *key, const struct history_point *point, double change,
                        const char *why) {
  json_t *row =
      json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:i, s:s}", "id", (json_int_t)point->id, "started",
                point->started, "commit", point->commit, "subject", key->subject, "version", point->version,
                "alg", key->alg, "key_bits", (int)point->key_bits, "metric", key->metric);
  json_t *figures = json_pack("{s:o, s:o, s:o, s:o, s:s}", "ns", json_figure(point->ns), "ns_low",
                              json_figure(point->ns_low), "ns_high", json_figure(point->ns_high), "change",
                              why ? json_null() : json_difference(change), "no_change", why ? why : "");
  json_t *where =
      json_pack("{s:s, s:i, s:s, s:b, s:b}", "cpu", point->cpu, "cores", (int)point->cores, "corpus",
                point->corpus, "partial", point->partial, "sanitized", point->sanitized);
  json_object_update(row, figures);
  json_object_update(row, where);
  json_decref(figures);
  json_decref(where);
  return allocated(row);
}

/* What later points are told against. */
static void remember(struct base *base, const struct history_point *point) {
  if (point->partial || point->sanitized || (base->known && isnan(point->ns_low)))
    return;
  *base = (struct base){true, point->cores, point->ns, point->ns_low, point->ns_high, "", ""};
  snprintf(base->cpu, sizeof base->cpu, "%s", point->cpu);
  snprintf(base->corpus, sizeof base->corpus, "%s", point->corpus);
}

static void trend_row(void *arg, const struct history_point *point) {
  struct trend *trend = arg;
  struct listing *listing = &trend->listing;
  if (!listing->table || trend->key_bits != point->key_bits) {
    listing->table = trend_table(&listing->document, trend->key, point->key_bits);
    trend->key_bits = point->key_bits;
    trend->base.known = false;
  }
  const char *why = no_change(&trend->base, point);
  double change = point->ns / trend->base.ns - 1;
  add_row(trend, point, change, why);
  json_array_append_new(trend->all, row_json(trend->key, point, change, why));
  remember(&trend->base, point);
}

/* The algorithm of the key, which a context has not. */
static int trend_key(struct history_key *key, const struct request *request) {
  if (no_operands(request) != EXIT_HOLDS)
    return EXIT_USAGE;
  bool of_alg = strcmp(request->metric, metric_word(METRIC_CONTEXT)) != 0;
  if (!of_alg && (request->alg || request->key_bits))
    return complain("history", "a context is of no algorithm: leave out --alg and --key-bits");
  if (!request->subject || (of_alg && !request->alg))
    return complain("history", "trend needs --subject%s",
                    of_alg ? " and --alg, such as --subject openssl --alg RS256" : ", such as openssl");
  *key = (struct history_key){request->subject, of_alg ? request->alg : NO_ALG, request->metric,
                              request->key_bits};
  return EXIT_HOLDS;
}

static int no_figure(const struct history_key *key) {
  bool has_alg = strcmp(key->alg, NO_ALG) != 0;
  char bits[24] = "";
  if (key->key_bits)
    snprintf(bits, sizeof bits, " %u", key->key_bits);
  return complain("history", "no result has a figure of %s %s%s%s%s", key->subject, has_alg ? key->alg : "",
                  bits, has_alg ? " " : "", key->metric);
}

static void print_trend(const struct trend *trend, const struct result_format *format, bool json) {
  struct result_view view = {0};
  stdout_view(&view);
  if (json)
    print_json(trend->all);
  else if (format->put_rows)
    format->put_rows(trend->all, stdout);
  else
    format->put_document(&trend->listing.document, "How times changed", &view, stdout);
}

static int trend(struct history *history, const struct request *request) {
  struct assay_error error = {0};
  struct history_key key;
  const struct result_format *format = result_format_by_name(request->format);
  if (trend_key(&key, request) != EXIT_HOLDS)
    return EXIT_USAGE;
  if (!format->put_document && !format->put_rows)
    return complain("history", "a trend is written as terminal, markdown, html or csv, not as %s",
                    format->name);
  struct trend trend = {.key = &key, .all = allocated(json_array())};
  bool ok = history_trend(history, &key, trend_row, &trend, &error), any = json_array_size(trend.all) > 0;
  if (ok && any)
    print_trend(&trend, format, request->json);
  json_decref(trend.all);
  document_fini(&trend.listing.document);
  if (!ok)
    return complain("history", "%s", error.text);
  return any ? EXIT_HOLDS : no_figure(&key);
}

static int run_history(int argc, char **argv) {
  static const struct verb {
    bool writing;
    int (*run)(struct history *history, const struct request *request);
  } verbs[] = {{true, add}, {false, list}, {false, show}, {false, trend}};
  struct request request = {.file = history_default_path()};
  struct assay_error error = {0};
  int code;
  if (!parse(&request, argc, argv))
    return EXIT_USAGE;
  if (!request.rest_count)
    return complain("history", "takes add, list, show or trend; `assay history --help` shows how");
  int which = word_find("verb", request.rest[0], verb_word, &error);
  if (which < 0)
    return complain("history", "%s", error.text);
  const struct verb *verb = &verbs[which];
  struct history *history = history_open(request.file, verb->writing, &error);
  if (!history)
    return complain("history", "%s", error.text);
  code = verb->run(history, &request);
  history_close(history);
  return code;
}

const struct command command_history = {.usage = &usage, .run = run_history};
