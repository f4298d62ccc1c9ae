/* assay compare: result files side by side. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/cli/stored.h"
#include "reports/figures.h"

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

struct pair {
  const struct result_speed *first, *other;
  struct stored_ratio speed; /* throughput of the other over the first's */
};

static struct pair pair_of(const struct result_speed *first, const struct result_speed *other) {
  return (struct pair){first, other, stored_compare(first, other)};
}

static const char *word_of(const struct pair *pair) {
  if (isnan(pair->speed.low) || (pair->speed.low <= 1 && pair->speed.high >= 1))
    return "not resolved";
  return pair->speed.low > 1 ? "faster" : "slower";
}

static bool fails(const struct request *request, const struct pair *pair) {
  return !isnan(request->threshold) && pair->speed.high < 1 && 1 / pair->speed.ratio - 1 > request->threshold;
}

static void print_pair(const struct pair *pair) {
  const struct result_speed *row = pair->first;
  char name[40], a[FIGURE_BYTES], b[FIGURE_BYTES], bits[16] = "", range[40] = "";
  if (row->key_bits)
    snprintf(bits, sizeof bits, " %u", row->key_bits);
  snprintf(name, sizeof name, "%s%s", row->alg, bits);
  if (!isnan(pair->speed.low))
    snprintf(range, sizeof range, "[%.3f, %.3f]", pair->speed.low, pair->speed.high);
  printf(" %-14.14s %-11.11s %-16.16s %10s %10s %7.3f %-15s %s\n", name, row->metric, row->subject,
         figure_time(a, row->ns), figure_time(b, pair->other->ns), pair->speed.ratio, range, word_of(pair));
}

static json_t *number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *pair_json(const struct pair *pair) {
  const struct result_speed *row = pair->first;
  return json_pack("{s:s, s:s, s:i, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:s}", "subject", row->subject,
                   "alg", row->alg, "key_bits", (int)row->key_bits, "metric", row->metric, "mode", row->mode,
                   "threads", (int)row->threads, "first_ns", number(row->ns), "ns", number(pair->other->ns),
                   "ratio", number(pair->speed.ratio), "ratio_low", number(pair->speed.low), "ratio_high",
                   number(pair->speed.high), "answer", word_of(pair));
}

/* ---- files ---- */

struct compared {
  unsigned rows;
  bool failed;
};

static void compare_file(const struct request *request, const struct result *first,
                         const struct result *other, json_t *list, struct compared *compared) {
  for (size_t i = 0; i < first->speed_count; i++) {
    const struct result_speed *row = stored_speed(first, &first->speed[i]);
    const struct result_speed *match = row == &first->speed[i] ? stored_speed(other, row) : NULL;
    if (!match)
      continue;
    struct pair pair = pair_of(row, match);
    compared->rows++;
    compared->failed = compared->failed || fails(request, &pair);
    if (list)
      json_array_append_new(list, pair_json(&pair));
    else
      print_pair(&pair);
  }
}

static void print_head(const struct request *request, unsigned other) {
  printf("%s%s against %s: above 1 is faster; measured at different times, so differences are hints\n\n",
         other > 1 ? "\n" : "", request->paths[other], request->paths[0]);
  printf(" %-14s %-11s %-16s %10s %10s %7s\n", "", "", "", "first", "other", "speed");
}

static void compare_all(const struct request *request, struct result *const *results, json_t *files,
                        struct compared *compared) {
  for (unsigned i = 1; i < request->count; i++) {
    json_t *list = files ? json_array() : NULL;
    if (!files)
      print_head(request, i);
    compare_file(request, results[0], results[i], list, compared);
    if (files)
      json_array_append_new(files, json_pack("{s:s, s:o}", "file", request->paths[i], "rows", list));
  }
}

static bool print_json(const struct request *request, json_t *files) {
  json_t *all =
      json_pack("{s:s, s:s, s:o}", "schema", "assay-compare/1", "first", request->paths[0], "others", files);
  bool ok = all && json_dumpf(all, stdout, JSON_INDENT(1)) == 0;
  putchar('\n');
  json_decref(all);
  return ok;
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
  struct compared compared = {0};
  if (!read_all(request, results, &error))
    return complain("compare", "%s", error.text);
  json_t *files = request->json ? json_array() : NULL;
  compare_all(request, results, files, &compared);
  bool ok = !request->json || print_json(request, files);
  if (!ok || fflush(stdout) != 0)
    return complain("compare", "cannot write to standard output");
  if (compared.rows == 0)
    return complain("compare", "the results have no measured subject and algorithm in common");
  return compared.failed ? EXIT_REGRESSION : EXIT_HOLDS;
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
    .usage = "usage: assay compare FIRST OTHER... [--threshold PCT] [--anyway] [--json]\n\n"
             "Prints, for every subject, algorithm and metric that the files share, the times and how many\n"
             "times as fast the other is, with the widest interval that both files' intervals allow.\n"
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
