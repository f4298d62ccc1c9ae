/* The head of every report, and its warnings. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/model/fields.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* "none", "no", "unavailable" and the like: what says that there is nothing. */
static bool is_nothing(const char *text) {
  static const char *const words[] = {"none", "no", "unavailable", "not available", NULL};
  for (const char *const *word = words; *word; word++)
    if (strcmp(text, *word) == 0)
      return true;
  return false;
}

/* Adds "clock 38 ns" to a list of facts where the figure is known. */
static void add_known(struct tally *facts, const char *what, double value, char *(*write)(char *, double)) {
  char figure[FIGURE_BYTES];
  if (!figure_known(value))
    return;
  names_addf(facts, "%s %s", what, write(figure, value));
}

static void add_either(struct tally *facts, const char *value, const char *nothing, const char *unknown,
                       const char *before) {
  names_addf(facts, "%s%s", is_nothing(value) || !value[0] ? "" : before,
             is_nothing(value) ? nothing
             : value[0]        ? value
                               : unknown);
}

static void head_machine(struct document *document, const struct result_machine *machine,
                         const struct result_run *run) {
  OWNED_TALLY struct tally facts = {0};
  if (machine->cpu[0])
    names_add(&facts, machine->cpu);
  OWNED_TEXT char *cores = content_cores(machine);
  names_add(&facts, cores);
  add_either(&facts, machine->hypervisor, "no hypervisor", "hypervisor not known", "");
  add_either(&facts, machine->counters, "no counters", "counters not known", "counters ");
  add_known(&facts, "clock", machine->timer_ns, figure_time);
  add_known(&facts, "blocks", run->block_ns, figure_time);
  OWNED_TEXT char *text = names_join(&facts, ", ");
  document_add_text(document, 0, "machine", "%s", text);
}

static void head_run(struct document *document, const struct result *result) {
  const struct result_run *run = &result->run;
  OWNED_TALLY struct tally facts = {0};
  char launches[FIGURE_NOUN_BYTES], rounds[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *pinned = allocate_format("pinned to CPU %d", run->pinned_cpu);
  names_add(&facts, result->started[0] ? result->started : "start not known");
  if (run->launches)
    names_add(&facts, figure_noun(launches, run->launches, "launch"));
  if (run->rounds)
    names_add(&facts, figure_noun(rounds, run->rounds, "round"));
  names_add(&facts, run->pinned_cpu < 0 ? "not pinned" : pinned);
  if (run->repeated_blocks) {
    char blocks[FIGURE_NOUN_BYTES], repeated[FIGURE_BYTES];
    names_addf(&facts, "%s of %s disturbed and repeated", figure_count(repeated, run->repeated_blocks),
               figure_noun(blocks, run->blocks, "block"));
  }
  if (run->steal > 0)
    add_known(&facts, "stolen CPU time", run->steal, figure_percent);
  add_known(&facts, "took", run->duration_s, figure_duration);
  OWNED_TEXT char *text = names_join(&facts, ", ");
  document_add_text(document, 0, "run", "%s", text);
}

static bool has_times(const struct result *result) {
  bool any = result->ledger_count > 0 || result->rejection_cost_count > 0;
  for (size_t i = 0; i < result->speed_count && !any; i++)
    any = figure_known(result->speed[i].ns);
  for (size_t i = 0; i < result->scaling_count && !any; i++)
    any = figure_known(result->scaling[i].tokens_per_s);
  return any;
}

/* What the machine can tell apart, wherever times are shown. */
static void head_noise(struct document *document, const struct result *result) {
  const struct result_noise *noise = &result->noise;
  char trials[FIGURE_BYTES], different[FIGURE_BYTES];
  if (!has_times(result))
    return;
  if (noise->trials == 0) {
    document_add_text(document, 0, "noise", "not known: `assay selftest` measures it")->style = STYLE_UNSURE;
    return;
  }
  OWNED_TEXT char *found =
      figure_known(noise->min_detectable)
          ? allocate_format("a slowdown of %.3g %% was found 9 times in 10", noise->min_detectable * 100)
          : allocate_copy("no slowdown of 5 % or less was found 9 times in 10");
  OWNED_TEXT char *each = noise->comparison_s > 0
                              ? allocate_format(" of %.3g s a comparison", noise->comparison_s)
                              : allocate_copy("");
  double called = noise->false_positive_rate * (double)noise->trials;
  document_add_text(document, 0, "noise",
                    "by the self-test%s, %s of %s comparisons of identical builds called different; %s", each,
                    figure_count(different, called > 0 ? (uint64_t)(called + 0.5) : 0),
                    figure_count(trials, noise->trials), found);
}

static void note_alg(struct tally *algs, const char *alg, unsigned key_bits, double figure) {
  OWNED_TEXT char *text = result_alg_text(alg, key_bits);
  if (figure_known(figure))
    names_add(algs, text);
}

/* Whether there are times of more than one algorithm. */
static bool times_are_of_several(const struct result *result) {
  OWNED_TALLY struct tally algs = {0};
  for (size_t i = 0; i < result->speed_count; i++)
    if (strcmp(result->speed[i].alg, "-") != 0)
      note_alg(&algs, result->speed[i].alg, result->speed[i].key_bits, result->speed[i].ns);
  for (size_t i = 0; i < result->scaling_count; i++)
    note_alg(&algs, result->scaling[i].alg, result->scaling[i].key_bits, result->scaling[i].tokens_per_s);
  for (size_t i = 0; i < result->ledger_count; i++)
    note_alg(&algs, result->ledger[i].alg, result->ledger[i].key_bits, result->ledger[i].ns);
  return algs.count > 1;
}

#define SPEED_UNKNOWN                                                                                        \
  "not watched; rows of different algorithms were measured at different moments, between which it may have " \
  "moved"

#define SPEED_LOST                                                                                           \
  "not known, for there were too few readings or a wrong verdict in one; rows of different algorithms were " \
  "measured at different moments"

/* Rows of one algorithm are measured in the same moments; those of different ones are not. */
static void head_speed(struct document *document, const struct result *result) {
  const struct result_run *run = &result->run;
  char moved[FIGURE_BYTES], apart[FIGURE_BYTES];
  if (!figure_known(run->speed_moved)) {
    if (times_are_of_several(result))
      document_add_text(document, 0, "speed", "%s",
                        run->anchor && run->anchor[0] ? SPEED_LOST : SPEED_UNKNOWN)
          ->style = STYLE_UNSURE;
    return;
  }
  OWNED_TEXT char *rows = figure_known(run->rows_apart)
                              ? allocate_format("; different algorithms can be compared to within %s",
                                                figure_share(apart, run->rows_apart))
                              : allocate_copy("");
  document_add_text(document, 0, "speed", "moved by %s during the run, as %s showed%s",
                    figure_share(moved, run->speed_moved), run->anchor, rows);
}

#define ROWS_APART 0.05 /* more is warned of */

static void warn_of_rows(struct tally *warnings, const struct result_run *run) {
  char apart[FIGURE_BYTES], moved[FIGURE_BYTES];
  if (figure_known(run->rows_apart) && run->rows_apart > ROWS_APART)
    names_addf(warnings,
               "rows of different algorithms differ by up to %s only because of when they were measured: the "
               "machine's speed moved by %s",
               figure_share(apart, run->rows_apart), figure_share(moved, run->speed_moved));
}

void content_head(struct document *document, const struct result *result) {
  const struct result_corpus *corpus = &result->corpus;
  char tokens[FIGURE_NOUN_BYTES], classes[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *tool = allocate_format("assay %s", result->tool.version);
  document_add_text(document, 0, tool, "corpus %s, seed %" PRIu64 ": %s, %s",
                    corpus->profile[0] ? corpus->profile : "without a name", corpus->seed,
                    figure_noun(tokens, corpus->tokens, "token"),
                    figure_noun(classes, corpus->classes, "class"));
  head_machine(document, &result->machine, &result->run);
  head_run(document, result);
  head_speed(document, result);
  head_noise(document, result);
}

void content_only(struct document *document, const char *only) {
  document_add_text(document, 0, "only", "%s: whatever else was asked and measured is left out", only);
}

/* Words of one field of a list's rows that no table knows, each with the number of rows that have it. */
static void add_unknown_of(struct tally *warnings, const struct field *list, const struct field *field,
                           const struct result *result) {
  const char *rows = *(char *const *)field_at(list, result);
  OWNED_TALLY struct tally words = {0};
  size_t *counts = allocate_items(*field_count(list, result), sizeof *counts);
  for (size_t i = 0; i < *field_count(list, result); i++) {
    unsigned value = *(const unsigned *)field_at(field, rows + i * list->shape->size);
    if (!word_is_known(field->words, value))
      counts[tally_index(&words, word_text(field->words, value), NULL)]++;
  }
  for (size_t i = 0; i < words.count; i++) {
    char count[FIGURE_NOUN_BYTES];
    names_addf(warnings,
               "`%s` is `%s` in %s of `%s`, which only a later version of assay knows: tables may lack them",
               field->name, words.items[i], figure_noun(count, counts[i], "row"), list->name);
  }
  free(counts);
}

static void add_unknown_words(struct tally *warnings, const struct result *result) {
  for (size_t i = 0; i < result_shape.field_count && words_are_unknown(); i++) {
    const struct field *list = &result_shape.fields[i];
    for (size_t j = 0; list->kind == FIELD_LIST && j < list->shape->field_count; j++)
      if (list->shape->fields[j].kind == FIELD_WORD)
        add_unknown_of(warnings, list, &list->shape->fields[j], result);
  }
}

void content_warnings(struct document *document, const struct result *result, size_t most) {
  char duration[FIGURE_BYTES], more[FIGURE_NOUN_BYTES];
  if (result->partial && figure_known(result->run.duration_s))
    document_add_text(document, 0, "partial",
                      "partial result: interrupted after %s; what is missing was not measured",
                      figure_duration(duration, result->run.duration_s));
  else if (result->partial)
    document_add_text(document, 0, "partial",
                      "partial result: interrupted; what is missing was not measured");
  OWNED_TALLY struct tally warnings = {0};
  if (result_is_sanitized(result))
    names_add(&warnings, "sanitizer build: its times are no measure of any library and are not compared");
  for (size_t i = 0; i < result->machine.warnings.count; i++) /* first: they are about every figure */
    names_add(&warnings, result->machine.warnings.items[i]);
  warn_of_rows(&warnings, &result->run);
  add_unknown_words(&warnings, result);
  size_t of_machine = warnings.count;
  for (size_t i = 0; i < result->warnings.count; i++)
    names_add(&warnings, result->warnings.items[i]);
  for (size_t i = 0; i < warnings.count && (i < of_machine || i - of_machine < most); i++)
    document_add_text(document, 0, "warning", "%s", warnings.items[i]);
  if (warnings.count - of_machine > most)
    document_add_text(document, 0, "", "%s: --verbose",
                      figure_noun(more, warnings.count - of_machine - most, "more warning"));
}
