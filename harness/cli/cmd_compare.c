/* assay compare: result files side by side. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/cli/command.h"
#include "harness/gate/compare_pair.h"
#include "harness/gate/gate_rules.h"
#include "harness/gate/stored.h"
#include "reports/document/screen.h"
#include "reports/model/json_value.h"
#include "reports/model/result_cut.h"

#define FILES_MAX 32

struct request {
  bool anyway, json;
  double threshold; /* as a share, once it is read; NAN: nothing fails */
  const char *format, *only;
  char *const *paths;
  unsigned count;
};

/* Those that hold whole documents, and the rows alone for spreadsheets. */
static const char *compare_format_word(unsigned number) {
  static const char *const words[] = {"terminal", "markdown", "html", "csv", NULL};
  return words[number];
}

static const struct option_row option_rows[] = {
    {"threshold", "PCT",
     "makes it a gate, which fails where the other answers any token worse, where anything is slower by more "
     "than this and resolved, and where such a slowdown is not ruled out or one file lacks what the other "
     "has; without it, differences are only shown",
     NUMBER_IN(struct request, threshold, 0, 1000)},
    {"only", "LIST", "compares rows of these algorithms and subjects alone: RS256,ES256 or openssl,RS*",
     LIST_IN(struct request, only)},
    {"anyway", NULL, "compare what would be refused, and pass over what one file lacks",
     FLAG_IN(struct request, anyway)},
    {"format", "NAME", "terminal, markdown, html, or csv: the rows alone",
     WORD_IN(struct request, format, compare_format_word), .fallback = "terminal"},
    {"json", NULL, "everything, for programs (assay-compare/1)", FLAG_IN(struct request, json)},
    {0}};

static const struct usage usage = {
    .name = "assay compare",
    .summary = "result files side by side",
    .forms = "FIRST OTHER... [OPTION...]",
    .about =
        "Answers first what is faster, slower or answered worse in the other. Then it prints version, path and "
        "hash of what both loaded and what differs in it; for every subject, algorithm and metric that the "
        "files share, the times and how many times as fast the other is, with the widest interval that both "
        "files' intervals allow; which tokens the other answers worse; and what only one of them has. The "
        "column conditions says which rows are of hot or cold caches, threads, batches, key sets or bad "
        "tokens.\n"
        "Refuses files of different corpora or machines, of sanitizer builds, and partial ones.",
    .options = option_rows,
    .notes = "Exit codes with --threshold: 0 holds, 1 slower, 2 worse verdicts, 3 too noisy or incomplete.",
    .examples = "assay compare before/result.json after/result.json\n"
                "assay compare before/result.json after/result.json --only RS256 --format markdown\n"
                "assay compare main.json a.json b.json --threshold 5"};

static int parse(struct request *request, int argc, char **argv) {
  struct options_given given;
  if (!command_read(&usage, request, argc, argv, &given))
    return EXIT_USAGE;
  request->threshold /= 100;
  request->paths = given.operands;
  request->count = (unsigned)given.operand_count;
  if (request->count < 2 || request->count > FILES_MAX)
    return complain("compare", "takes 2 to %d result files, not %u", FILES_MAX, request->count);
  if (request->json && strcmp(request->format, "terminal") != 0)
    return complain("compare", "--json and --format %s exclude each other", request->format);
  return -1;
}

/* All that is printed. */
struct output {
  struct document document;
  json_t *files;
  bool any; /* something was compared */
  enum result_gate_answer worst;
};

static void compare_all(const struct request *request, const struct result *results, struct output *output) {
  for (unsigned i = 1; i < request->count; i++) {
    struct pair pair = pair_of(&results[0], request->paths[0], &results[i], request->paths[i],
                               request->threshold, request->anyway);
    output->any |= pair.same || pair.count || pair.changes.tokens;
    output->worst = pair.answer > output->worst ? pair.answer : output->worst;
    json_array_append_new(output->files, pair_json(&pair));
    pair_tell(&output->document, &pair);
    pair_fini(&pair);
  }
}

static bool print_json(const struct request *request, json_t *files) {
  bool ok = json_put(
      json_pack("{s:s, s:s, s:O}", "schema", "assay-compare/1", "first", request->paths[0], "others", files),
      JSON_INDENT(1), stdout);
  putchar('\n');
  return ok;
}

static void print_rows(const struct request *request, json_t *files, const struct result_format *format) {
  json_t *rows = pairs_rows(request->paths[0], files);
  format->put_rows(rows, stdout);
  json_decref(rows);
}

static bool print(const struct request *request, const struct output *output) {
  const struct result_format *format = result_format_by_name(request->format);
  struct result_view view = {0};
  bool ok = true;
  stdout_view(&view);
  if (request->json)
    ok = print_json(request, output->files);
  else if (format->put_rows)
    print_rows(request, output->files, format);
  else
    format->put_document(&output->document, "Results compared", &view, stdout);
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

static int tell(const struct request *request, const struct output *output) {
  bool judged = !isnan(request->threshold);
  if (!print(request, output))
    return complain("compare", "cannot write to standard output");
  if (!output->any && !judged)
    return complain("compare", "the results have no verdict and no measured subject and algorithm in common");
  return judged ? gate_answer_exit(output->worst) : EXIT_HOLDS;
}

static int compare_cut(const struct request *request, const struct result *results) {
  struct output output = {.files = json_array()};
  compare_all(request, results, &output);
  int code = tell(request, &output);
  document_fini(&output.document);
  json_decref(output.files);
  return code;
}

static int compare(const struct request *request, struct result **results) {
  struct assay_error error = {0};
  struct result cuts[FILES_MAX];
  OWNED_WORDS struct word_list words = word_list_of(request->only);
  if (!read_all(request, results, &error))
    return complain("compare", "%s", error.text);
  results_cut((const struct result *const *)results, request->count, &words, cuts);
  int code = -1;
  for (size_t i = 0; i < words.count && code < 0; i++)
    if (!words.used[i])
      code = complain("compare", "--only: no row of these files is of '%s'", words.items[i]);
  code = code < 0 ? compare_cut(request, cuts) : code;
  for (unsigned i = 0; i < request->count; i++)
    result_cut_fini(&cuts[i]);
  return code;
}

static int run_compare(int argc, char **argv) {
  struct request request = {.threshold = (double)NAN};
  struct result *results[FILES_MAX] = {0};
  int code = parse(&request, argc, argv);
  if (code < 0)
    code = compare(&request, results);
  for (unsigned i = 0; i < FILES_MAX; i++)
    result_free(results[i]);
  return code;
}

const struct command command_compare = {.usage = &usage, .run = run_compare};
