/* assay compare: result files side by side. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/cli/command.h"
#include "harness/gate/compare_pair.h"
#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/gate/stored.h"
#include "reports/content/compared.h"
#include "reports/content/content.h"
#include "reports/document/screen.h"
#include "reports/document/terminal.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define FILES_MAX 32
#define WORSE_SHOWN 5

struct request {
  bool anyway, json;
  double threshold; /* as a share, once it is read; NAN: nothing fails */
  char *const *paths;
  unsigned count;
};

static const struct option_row option_rows[] = {
    {"threshold", "PCT",
     "makes it a gate, which fails where the other answers any token worse, where anything is slower by more "
     "than this and resolved, and where such a slowdown is not ruled out or one file lacks what the other "
     "has; without it, differences are only shown",
     NUMBER_IN(struct request, threshold, 0, 1000)},
    {"anyway", NULL, "compare what would be refused, and pass over what one file lacks",
     FLAG_IN(struct request, anyway)},
    {"json", NULL, "everything, for programs", FLAG_IN(struct request, json)},
    {0}};

static const struct usage usage = {
    .name = "assay compare",
    .summary = "result files side by side",
    .forms = "FIRST OTHER... [--threshold PCT] [--anyway] [--json]",
    .about =
        "Prints, for every subject, algorithm and metric that the files share, the times and how many times "
        "as fast the other is, with the widest interval that both files' intervals allow; which tokens the "
        "other answers worse; which versions differ; and what only one of them has. The column conditions "
        "says which rows are of hot or cold caches, threads, batches, key sets or bad tokens.\n"
        "Refuses files of different corpora or machines, of sanitizer builds, and partial ones.",
    .options = option_rows,
    .notes = "Exit codes with --threshold: 0 holds, 1 slower, 2 worse verdicts, 3 too noisy or incomplete.",
    .examples = "assay compare before/result.json after/result.json\n"
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
  return -1;
}

/* ---- JSON ---- */

static json_t *number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *conditions_json(const struct result_speed *row) {
  char *words = content_conditions(row, false);
  json_t *json = json_pack("{s:i, s:i, s:b, s:s, s:o, s:s}", "batch", (int)row->batch, "keys", (int)row->keys,
                           "kid", row->kid, "key_place", key_place_word(row->key_place), "bad_share",
                           number(row->bad_share), "conditions", words);
  free(words);
  return json;
}

static json_t *row_json(const struct compared *compared) {
  const struct result_speed *row = compared->first;
  json_t *json = json_pack("{s:s, s:s, s:i, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:s}", "subject",
                           row->subject, "alg", row->alg, "key_bits", (int)row->key_bits, "metric",
                           metric_word(row->metric), "mode", mode_word(row->mode), "threads",
                           (int)row->threads, "first_ns", number(row->ns), "ns", number(compared->other->ns),
                           "ratio", number(compared->ratio), "ratio_low", number(compared->low), "ratio_high",
                           number(compared->high), "answer", compared_answer(compared));
  json_t *conditions = conditions_json(row);
  json_object_update(json, conditions);
  json_decref(conditions);
  return json;
}

static json_t *lines_json(const struct result_strings *lines) {
  json_t *list = json_array();
  for (size_t i = 0; i < lines->count; i++)
    json_array_append_new(list, json_string(lines->items[i]));
  return list;
}

static json_t *pair_json(const struct pair *pair, bool judged) {
  json_t *rows = json_array();
  for (size_t i = 0; i < pair->count; i++)
    json_array_append_new(rows, row_json(&pair->rows[i]));
  json_t *json = json_pack("{s:s, s:b, s:o, s:o, s:o, s:o}", "file", pair->other, "same", pair->same, "rows",
                           rows, "worse_verdicts", lines_json(&pair->graver), "not_compared",
                           lines_json(&pair->open), "notes", lines_json(&pair->notes));
  if (judged)
    json_object_set_new(json, "answer", json_string(gate_answer_word(pair->answer)));
  return json;
}

/* ---- to a person ---- */

static bool is_judged(const struct request *request) {
  return !isnan(request->threshold);
}

static char *incomplete_sentence(const struct pair *pair) {
  char *text = NULL;
  for (size_t i = 0; i < pair->open.count; i++)
    result_setf(&text, "%s%s%s", text ? text : "this is no pass: ", text ? "; " : "", pair->open.items[i]);
  return text;
}

/* The answer of a pair, where it is asked for, and what it comes from. */
static char *sentence_of(const struct request *request, const struct pair *pair) {
  double threshold = request->threshold * 100;
  char some[FIGURE_BYTES], rows[FIGURE_NOUN_BYTES], tokens[FIGURE_NOUN_BYTES];
  size_t slower = 0, open = 0;
  for (size_t i = 0; i < pair->count; i++) {
    slower += pair->rows[i].fails;
    open += pair->rows[i].open;
  }
  figure_noun(rows, pair->count, "row");
  switch (pair->answer) {
  case GATE_WRONG: return allocate_format("%s answers tokens worse than %s", pair->other, pair->first);
  case GATE_SLOWER:
    return allocate_format("%s of %s %s slower in %s by more than %g %%", figure_count(some, slower), rows,
                           slower == 1 ? "is" : "are", pair->other, threshold);
  case GATE_INCOMPLETE: return incomplete_sentence(pair);
  case GATE_NOISY:
    return allocate_format("%s of %s cannot rule out a slowdown of %g %%; this is no pass",
                           figure_count(some, open), rows, threshold);
  default:
    return pair->same
               ? allocate_format("%s and %s are the same result", pair->first, pair->other)
               : allocate_format("no slowdown of %g %% or more in %s, and of %s asked none is answered worse",
                                 threshold, rows, figure_noun(tokens, pair->verdicts, "token"));
  }
}

static void add_answer(struct document *document, const struct request *request, const struct pair *pair) {
  char *sentence = sentence_of(request, pair);
  struct document_text *text =
      document_add_text(document, 0, "", "assay compare: %s. %s.", content_gate_word(pair->answer), sentence);
  text->style = pair->answer == GATE_HOLDS       ? STYLE_PLAIN
                : pair->answer > GATE_INCOMPLETE ? STYLE_WRONG
                                                 : STYLE_UNSURE;
  text->gap = true;
  free(sentence);
}

static void add_lines(struct document *document, const char *label, const struct result_strings *lines,
                      size_t most, enum document_style style) {
  size_t shown = lines->count < most ? lines->count : most;
  for (size_t i = 0; i < shown; i++)
    document_add_text(document, 0, label, "%s", lines->items[i])->style = style;
  if (shown < lines->count)
    document_add_text(document, 0, label, "and %zu more; --json has them all", lines->count - shown);
}

static void add_pair(struct document *document, const struct request *request, const struct pair *pair) {
  if (is_judged(request))
    add_answer(document, request, pair);
  document_add_text(
      document, 0, "",
      pair->same ? "%s and %s are the same result"
                 : "%s against %s: above 1 is faster; measured at different times, so differences are hints",
      pair->other, pair->first)
      ->gap = !is_judged(request);
  add_lines(document, "worse", &pair->graver, WORSE_SHOWN, STYLE_WRONG);
  if (!is_judged(request) || pair->answer != GATE_INCOMPLETE) /* or the answer has said it */
    add_lines(document, "not compared", &pair->open, SIZE_MAX, STYLE_UNSURE);
  add_lines(document, "note", &pair->notes, SIZE_MAX, STYLE_PLAIN);
  if (pair->same)
    return;
  document_add_text(
      document, 0, "", "%s",
      pair->count
          ? "speed is how many times as fast the other is, with the widest interval that both intervals allow"
          : "no measured subject and algorithm in common");
  content_compared(document, pair->rows, pair->count);
}

/* ---- all ---- */

/* All that is printed; one of the two is filled in. */
struct output {
  struct document document;
  json_t *files;
  bool any; /* something was compared */
  enum result_gate_answer worst;
};

static void compare_all(const struct request *request, struct result *const *results, struct output *output) {
  for (unsigned i = 1; i < request->count; i++) {
    struct pair pair = pair_of(results[0], request->paths[0], results[i], request->paths[i],
                               is_judged(request) ? request->threshold : 0, request->anyway);
    output->any |= pair.same || pair.count || pair.verdicts;
    output->worst = pair.answer > output->worst ? pair.answer : output->worst;
    if (request->json)
      json_array_append_new(output->files, pair_json(&pair, is_judged(request)));
    else
      add_pair(&output->document, request, &pair);
    pair_fini(&pair);
  }
}

static bool print_json(const struct request *request, json_t *files) {
  json_t *all =
      json_pack("{s:s, s:s, s:O}", "schema", "assay-compare/1", "first", request->paths[0], "others", files);
  bool ok = all && json_dumpf(all, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII) == 0;
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
  if (!output.any && !is_judged(request))
    return complain("compare", "the results have no verdict and no measured subject and algorithm in common");
  return is_judged(request) ? gate_answer_exit(output.worst) : EXIT_HOLDS;
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
