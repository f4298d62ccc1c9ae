/* assay compare: result files side by side. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/cli/stored.h"
#include "reports/allocate.h"
#include "reports/compared.h"
#include "reports/content.h"
#include "reports/terminal.h"

#define FILES_MAX 32

struct request {
  bool anyway, json;
  double threshold; /* as a share; NAN: nothing fails */
  char *const *paths;
  unsigned count;
};

static const struct option table[] = {{"anyway", no_argument, NULL, 'a'},
                                      {"json", no_argument, NULL, 'j'},
                                      {"threshold", required_argument, NULL, 't'},
                                      {NULL, 0, NULL, 0}};

static bool take(struct request *request, int opt, const char *name) {
  switch (opt) {
  case 'a': request->anyway = true; return true;
  case 'j': request->json = true; return true;
  default:
    if (!options_number("compare", name, optarg, 0, 1000, &request->threshold))
      return false;
    request->threshold /= 100;
    return true;
  }
}

static int parse(struct request *request, int argc, char **argv) {
  const char *name;
  options_start();
  for (int opt; (opt = options_next("compare", table, argc, argv, &name)) != OPTIONS_END;)
    if (opt == OPTIONS_BAD || !take(request, opt, name))
      return EXIT_USAGE;
  request->paths = argv + optind;
  request->count = (unsigned)(argc - optind);
  if (request->count < 2 || request->count > FILES_MAX)
    return complain("compare", "takes 2 to %d result files, not %u", FILES_MAX, request->count);
  return -1;
}

/* ---- one pair of rows ---- */

static struct compared compared_of(const struct request *request, const struct result_speed *first,
                                   const struct result_speed *other) {
  struct stored_ratio speed = stored_compare(first, other);
  bool fails = !isnan(request->threshold) && speed.high < 1 && 1 / speed.ratio - 1 > request->threshold;
  return (struct compared){first, other, speed.ratio, speed.low, speed.high, fails};
}

static json_t *number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *conditions_json(const struct result_speed *row) {
  char *words = content_conditions(row, false);
  json_t *json = json_pack("{s:i, s:i, s:b, s:s, s:o, s:s}", "batch", (int)row->batch, "keys", (int)row->keys,
                           "kid", row->kid, "key_place", row->key_place, "bad_share", number(row->bad_share),
                           "conditions", words);
  free(words);
  return json;
}

static json_t *row_json(const struct compared *compared) {
  const struct result_speed *row = compared->first;
  json_t *json =
      json_pack("{s:s, s:s, s:i, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:s}", "subject", row->subject,
                "alg", row->alg, "key_bits", (int)row->key_bits, "metric", row->metric, "mode", row->mode,
                "threads", (int)row->threads, "first_ns", number(row->ns), "ns", number(compared->other->ns),
                "ratio", number(compared->ratio), "ratio_low", number(compared->low), "ratio_high",
                number(compared->high), "answer", compared_answer(compared));
  json_t *conditions = conditions_json(row);
  json_object_update(json, conditions);
  json_decref(conditions);
  return json;
}

/* ---- files ---- */

/* The rows that two results share; free() them. */
struct shared {
  struct compared *rows;
  size_t count;
  bool failed;
};

static struct shared shared_of(const struct request *request, const struct result *first,
                               const struct result *other) {
  struct shared shared = {.rows = allocate_items(first->speed_count, sizeof *shared.rows)};
  for (size_t i = 0; i < first->speed_count; i++) {
    const struct result_speed *row = stored_speed(first, &first->speed[i]);
    const struct result_speed *match = row == &first->speed[i] ? stored_speed(other, row) : NULL;
    if (!match)
      continue;
    shared.rows[shared.count] = compared_of(request, row, match);
    shared.failed |= shared.rows[shared.count++].fails;
  }
  return shared;
}

static void add_file(struct document *document, const struct request *request, unsigned other,
                     const struct shared *shared) {
  document_add_text(document, 0, "",
                    "%s against %s: above 1 is faster; measured at different times, so differences are hints",
                    request->paths[other], request->paths[0])
      ->gap = true;
  document_add_text(document, 0, "", "%s",
                    shared->count ? "speed is how many times as fast the other is, with the widest interval "
                                    "that both intervals allow"
                                  : "no measured subject and algorithm in common");
  content_compared(document, shared->rows, shared->count);
}

static json_t *file_json(const char *path, const struct shared *shared) {
  json_t *rows = json_array();
  for (size_t i = 0; i < shared->count; i++)
    json_array_append_new(rows, row_json(&shared->rows[i]));
  return json_pack("{s:s, s:o}", "file", path, "rows", rows);
}

/* All that is printed; one of the two is filled in. */
struct output {
  struct document document;
  json_t *files;
  size_t rows;
  bool failed;
};

static void compare_all(const struct request *request, struct result *const *results, struct output *output) {
  for (unsigned i = 1; i < request->count; i++) {
    struct shared shared = shared_of(request, results[0], results[i]);
    output->rows += shared.count;
    output->failed |= shared.failed;
    if (request->json)
      json_array_append_new(output->files, file_json(request->paths[i], &shared));
    else
      add_file(&output->document, request, i, &shared);
    free(shared.rows);
  }
}

static bool print_json(const struct request *request, json_t *files) {
  json_t *all =
      json_pack("{s:s, s:s, s:O}", "schema", "assay-compare/1", "first", request->paths[0], "others", files);
  bool ok = all && json_dumpf(all, stdout, JSON_INDENT(1)) == 0;
  putchar('\n');
  json_decref(all);
  return ok;
}

static bool print(const struct request *request, const struct output *output) {
  struct result_view view = {0};
  stdout_view(&view);
  if (!request->json)
    terminal_put(&output->document, &view, stdout);
  bool ok = !request->json || print_json(request, output->files);
  return fflush(stdout) == 0 && ok;
}

static bool read_all(const struct request *request, struct result **results, struct assay_error *error) {
  for (unsigned i = 0; i < request->count && request->paths; i++) {
    results[i] = result_read(request->paths[i], error);
    if (!results[i])
      return false;
    if (i > 0 && !request->anyway &&
        !stored_comparable(results[0], request->paths[0], results[i], request->paths[i], error))
      return false;
  }
  return true;
}

static int compare(const struct request *request, struct result **results) {
  struct assay_error error = {0};
  struct output output = {0};
  if (!read_all(request, results, &error))
    return complain("compare", "%s", error.text);
  output.files = json_array();
  compare_all(request, results, &output);
  bool ok = print(request, &output);
  document_fini(&output.document);
  json_decref(output.files);
  if (!ok)
    return complain("compare", "cannot write to standard output");
  if (output.rows == 0)
    return complain("compare", "the results have no measured subject and algorithm in common");
  return output.failed ? EXIT_REGRESSION : EXIT_HOLDS;
}

static int run(int argc, char **argv) {
  struct request request = {.threshold = (double)NAN};
  struct result *results[FILES_MAX] = {0};
  int code = parse(&request, argc, argv);
  if (code < 0)
    code = compare(&request, results);
  for (unsigned i = 0; i < FILES_MAX; i++)
    result_free(results[i]);
  return code;
}

const struct command command_compare = {
    .name = "compare",
    .summary = "result files side by side",
    .usage =
        "usage: assay compare FIRST OTHER... [--threshold PCT] [--anyway] [--json]\n\n"
        "Prints, for every subject, algorithm and metric that the files share, the times and how many\n"
        "times as fast the other is, with the widest interval that both files' intervals allow. The\n"
        "column conditions says which rows are of hot or cold caches, threads, batches, key sets or bad\n"
        "tokens.\n"
        "Refuses files of different corpora or machines, of sanitizer builds, and partial ones.\n\n"
        "  --threshold PCT   exit code 1 where anything is slower by more than this and resolved;\n"
        "                    without it, differences are only shown\n"
        "  --anyway          compare what would be refused\n"
        "  --json            everything, for programs\n\n"
        "Examples:\n"
        "  assay compare before/result.json after/result.json\n"
        "  assay compare main.json a.json b.json --threshold 5\n",
    .run = run,
};
