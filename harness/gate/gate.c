/* The findings of a gate: kept, answered, and told in a few lines, as Markdown or as JSON. */
#include "harness/gate/gate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/job/result_files.h"
#include "harness/terminal/screen.h"
#include "reports/content/content.h"
#include "reports/document/terminal.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define FINDINGS_SHOWN 5

static struct result_gate *new_row(struct gate *gate, enum result_gate_kind kind) {
  struct result_gate *row = result_add_gate(gate->result);
  row->kind = kind;
  result_set(&row->subject, gate->head);
  result_set(&row->base, gate->base);
  return row;
}

struct result_gate *gate_verdict_row(struct gate *gate) {
  if (gate->result->gate_count == 0)
    new_row(gate, GATE_VERDICTS);
  return &gate->result->gates[0];
}

struct result_gate_finding *gate_file_finding(struct gate *gate) {
  return gate_add_finding(gate_verdict_row(gate));
}

bool gate_is_wrong(const struct gate *gate) {
  return gate->result->gate_count && gate->result->gates[0].finding_count;
}

double gate_threshold(const struct gate *gate, const char *alg, double general) {
  enum assay_alg known = assay_alg_by_name(alg);
  double own = known == ASSAY_ALG_NONE ? 0 : gate->options->threshold_of[known];
  return own > 0 ? own : general;
}

struct result_gate *gate_add_row(struct gate *gate, enum result_gate_measure measure) {
  struct result_gate *row = new_row(gate, gate->options->form);
  row->measure = measure;
  row->threshold = gate->options->threshold;
  return row;
}

struct result_gate *gate_add_row_of(struct gate *gate, const struct result_speed *speed,
                                    enum result_gate_measure measure) {
  struct result_gate *row = gate_add_row(gate, measure);
  OWNED_TEXT char *words = content_conditions(speed, false);
  if (gate->options->form != GATE_DUET)
    result_set(&row->subject, speed->subject);
  result_set(&row->alg, speed->alg);
  row->threshold = gate_threshold(gate, speed->alg, gate->options->threshold);
  row->key_bits = speed->key_bits;
  result_set(&row->conditions, words);
  return row;
}

bool gate_is_of_tokens(const struct result_speed *row) {
  return row->metric == METRIC_VERIFY && strcmp(row->subject, "null") != 0;
}

bool gate_may_judge(const struct result_speed *row, double figure) {
  return gate_is_of_tokens(row) && figure > 0 && row->verdicts_ok;
}

static char *joined(const struct result_strings *strings) {
  char *text = NULL;
  for (size_t i = 0; i < strings->count; i++)
    result_setf(&text, "%s%s%s", text ? text : "", i ? "; " : "", strings->items[i]);
  return text;
}

/* Why the verdicts are answered as they are. */
static void verdicts_reason(struct gate *gate, struct result_gate *row, uint64_t ignored) {
  char tokens[FIGURE_NOUN_BYTES], wrong[FIGURE_BYTES], *open = joined(&gate->open);
  figure_noun(tokens, row->tokens, "token");
  if (row->wrong)
    result_printf(&row->reason, "%s of %s asked %s answered worse than by the base",
                  figure_count(wrong, row->wrong), tokens, row->wrong == 1 ? "is" : "are");
  else if (row->finding_count)
    result_set(&row->reason, "the head fails where the base did not");
  else if (open && row->tokens)
    result_printf(&row->reason, "%s; of %s that both were asked, none is known to be answered worse", open,
                  tokens);
  else if (open)
    result_set(&row->reason, open);
  else
    result_printf(&row->reason, "%s asked, none is answered worse than by the base", tokens);
  if (ignored)
    result_printf(&row->reason, "%s, but for %s that --ignore lets through", row->reason,
                  figure_count(wrong, ignored));
  free(open);
}

void gate_answer_verdicts(struct gate *gate) {
  uint64_t ignored = gate_tell_ignored(gate);
  if (gate->result->gate_count == 0 || !gate_is_of_verdicts(&gate->result->gates[0]))
    return;
  struct result_gate *row = &gate->result->gates[0];
  if (row->answer != GATE_UNANSWERED)
    return;
  for (size_t i = 0; i < row->finding_count; i++)
    row->wrong += row->findings[i].tokens;
  row->answer = row->finding_count ? GATE_WRONG : gate->open.count ? GATE_INCOMPLETE : GATE_HOLDS;
  verdicts_reason(gate, row, ignored);
}

/* Why a change is no pass. A run so noisy that it proves nothing has an interval all the same. */
static void noisy_reason(struct result_gate *row, bool is_history) {
  char change[FIGURE_BYTES], noise[FIGURE_BYTES];
  figure_change(change, row->high);
  figure_percent(noise, row->noise);
  if (isfinite(row->high) && row->high <= row->threshold)
    result_printf(
        &row->reason,
        "the noise is %s: a slowdown of %g %% cannot be told from it, though the interval ends at %s", noise,
        row->threshold * 100, change);
  else if (isfinite(row->high))
    result_printf(&row->reason,
                  "a slowdown of %g %% is not ruled out: the interval reaches %s, and the noise is %s",
                  row->threshold * 100, change, noise);
  else if (is_history && isfinite(row->noise))
    result_printf(&row->reason, "a slowdown of %g %% is not ruled out: changes of %s are usual",
                  row->threshold * 100, noise);
  else
    result_set(&row->reason,
               is_history ? "too few older results have it" : "too few launches for an interval");
}

static void add_text(struct result_strings *strings, const char *format, va_list args) {
  OWNED_TEXT char *text = allocate_vformat(format, args);
  strings_add(strings, text);
}

void gate_note(struct gate *gate, const char *format, ...) {
  va_list args;
  va_start(args, format);
  add_text(&gate->notes, format, args);
  va_end(args);
}

void gate_verdicts_open(struct gate *gate, const char *format, ...) {
  va_list args;
  gate_verdict_row(gate);
  va_start(args, format);
  add_text(&gate->open, format, args);
  va_end(args);
}

void gate_add_incomplete(struct gate *gate, const char *format, ...) {
  va_list args;
  va_start(args, format);
  OWNED_TEXT char *text = allocate_vformat(format, args);
  va_end(args);
  struct result_gate *row = new_row(gate, gate->options->form);
  row->answer = GATE_INCOMPLETE;
  result_set(&row->reason, text);
}

void gate_add_same(struct gate *gate, const char *reason) {
  struct result_gate *row = gate_verdict_row(gate);
  row->answer = GATE_HOLDS;
  result_set(&row->reason, reason);
}

void gate_answer_row(struct result_gate *row, enum result_gate_answer answer) {
  char change[FIGURE_BYTES], noise[FIGURE_BYTES];
  bool is_history = row->kind == GATE_HISTORY;
  figure_change(change, is_history || answer == GATE_SLOWER ? row->change : row->high);
  figure_percent(noise, row->noise);
  row->answer = answer;
  if (answer == GATE_NOISY)
    noisy_reason(row, is_history);
  else if (answer == GATE_SLOWER && is_history)
    result_printf(&row->reason, "slower by %s, where changes of up to %s are usual", change + 1, noise);
  else if (answer == GATE_SLOWER)
    result_printf(&row->reason, "slower by %s, more than the noise of %s and the threshold of %g %%",
                  change + 1, noise, row->threshold * 100);
  else if (is_history && row->change > row->noise)
    result_printf(&row->reason, "slower by %s, where changes of up to %s are usual; let through up to %g %%",
                  change + 1, noise, row->threshold * 100);
  else if (is_history)
    result_printf(&row->reason, "changed by %s; up to %s is usual", change, noise);
  else
    result_printf(&row->reason, "a slowdown of %g %% is ruled out: the interval ends at %s",
                  row->threshold * 100, change);
}

static void strings_free(struct result_strings *strings) {
  for (size_t i = 0; i < strings->count; i++)
    free(strings->items[i]);
  free(strings->items);
}

void gate_fini(struct gate *gate) {
  result_free(gate->result);
  strings_free(&gate->notes);
  strings_free(&gate->open);
  gate_free_ignored(gate);
}

int gate_answer_exit(enum result_gate_answer answer) {
  static const int codes[GATE_ANSWERS] = {[GATE_HOLDS] = EXIT_HOLDS,
                                          [GATE_NOISY] = EXIT_NOISY,
                                          [GATE_INCOMPLETE] = EXIT_NOISY,
                                          [GATE_SLOWER] = EXIT_REGRESSION,
                                          [GATE_WRONG] = EXIT_WRONG};
  return codes[answer];
}

int gate_exit(const struct gate *gate) {
  return gate_answer_exit(result_gates_answer(gate->result));
}

/* ---- Markdown, for a pull request ---- */

static void row_name(char *text, size_t size, const struct result_gate *row) {
  OWNED_TEXT char *alg = result_alg_text(row->alg, row->key_bits);
  bool named = row->kind != GATE_DUET;
  snprintf(text, size, "%s%s%s%s%s", named ? row->subject : "", named ? " " : "", alg,
           row->conditions[0] ? ", " : "", row->conditions);
}

static void print_row(const struct result_gate *row) {
  char name[256], change[FIGURE_BYTES], noise[FIGURE_BYTES], threshold[FIGURE_BYTES];
  OWNED_TEXT char *range = content_gate_interval(row);
  row_name(name, sizeof name, row);
  if (isfinite(row->change))
    printf("| %s | %s | %s | %s | %s | %s | %s |\n", name, gate_measure_word(row->measure),
           figure_change(change, row->change), range, figure_percent(noise, row->noise),
           figure_percent(threshold, row->threshold), gate_answer_word(row->answer));
  else
    printf("| %s | %s | | | | | %s: %s |\n", name, gate_measure_word(row->measure),
           gate_answer_word(row->answer), row->reason);
}

static void print_rows(const struct result *result, bool only_bad) {
  puts("| | measure | time per token | interval (%) | noise | let through | |\n"
       "| --- | --- | --- | --- | --- | --- | --- |");
  for (size_t i = 0; i < result->gate_count; i++) {
    const struct result_gate *row = &result->gates[i];
    if (gate_is_comparison(row) && (!only_bad || gate_answer(row) != GATE_HOLDS))
      print_row(row);
  }
}

static void print_findings(const struct result_gate *row) {
  for (size_t i = 0; i < row->finding_count && i < FINDINGS_SHOWN; i++) {
    const struct result_gate_finding *one = &row->findings[i];
    OWNED_TEXT char *words = gate_finding_words(one);
    printf("- %s%s%s\n", words, one->example[0] ? "; first " : "", one->example);
  }
  if (row->finding_count > FINDINGS_SHOWN)
    printf("- and %zu more\n", row->finding_count - FINDINGS_SHOWN);
}

static const struct result_gate *verdicts_of(const struct result *result) {
  return result->gate_count && gate_is_of_verdicts(&result->gates[0]) ? &result->gates[0] : NULL;
}

static bool has_comparisons(const struct result *result, bool only_bad) {
  bool any = false;
  for (size_t i = 0; i < result->gate_count; i++)
    any |=
        gate_is_comparison(&result->gates[i]) && (!only_bad || gate_answer(&result->gates[i]) != GATE_HOLDS);
  return any;
}

static void print_notes(const struct gate *gate) {
  if (gate->warning[0])
    printf("Note: %s\n\n", gate->warning);
  for (size_t i = 0; i < gate->notes.count; i++)
    printf("Note: %s\n\n", gate->notes.items[i]);
}

/* Where the headline does not say it. */
static void print_not_compared(const struct result *result) {
  for (size_t i = 0; i < result->gate_count && result_gates_answer(result) != GATE_INCOMPLETE; i++)
    if (!gate_is_comparison(&result->gates[i]) && !gate_is_of_verdicts(&result->gates[i]))
      printf("Not compared: %s.\n\n", result->gates[i].reason);
}

static void print_markdown(const struct gate *gate) {
  const struct result_gate *verdicts = verdicts_of(gate->result);
  enum result_gate_answer answer = result_gates_answer(gate->result);
  OWNED_TEXT char *sentence = content_gate_sentence(gate->result);
  printf("**assay gate: %s.** %s\n\n", content_gate_word(answer), sentence);
  print_notes(gate);
  print_not_compared(gate->result);
  if (verdicts)
    print_findings(verdicts);
  if (has_comparisons(gate->result, true)) {
    print_rows(gate->result, true);
    putchar('\n');
  }
  if (has_comparisons(gate->result, false)) {
    puts("<details><summary>All comparisons</summary>\n");
    print_rows(gate->result, false);
    puts("\n</details>\n");
  }
  if (verdicts)
    printf("Verdicts: %s. ", verdicts->reason);
  puts(gate->remark);
}

/* ---- the other ways ---- */

static void print_text(const struct gate *gate) {
  OWNED_DOCUMENT struct document document = {0};
  struct result_view view = {0};
  stdout_view(&view);
  content_gate_headline(&document, gate->result);
  if (gate->warning[0])
    document_add_text(&document, 0, "note", "%s", gate->warning);
  for (size_t i = 0; i < gate->notes.count; i++)
    document_add_text(&document, 0, "note", "%s", gate->notes.items[i]);
  content_gates(&document, gate->result, false);
  if (gate->remark[0])
    document_add_text(&document, 0, "", "%s", gate->remark);
  terminal_put(&document, &view, stdout);
  if (gate->options->output) {
    result_files_show(gate->options->output);
    putchar('\n');
  }
}

static bool print_json(const struct gate *gate) {
  const struct result_view view = {0};
  return result_format_by_name("json")->write(gate->result, &view, stdout);
}

bool gate_print(const struct gate *gate) {
  bool ok = true;
  if (gate->options->json)
    ok = print_json(gate);
  else if (gate->options->markdown)
    print_markdown(gate);
  else
    print_text(gate);
  return fflush(stdout) == 0 && ok;
}
