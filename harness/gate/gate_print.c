/* What a gate found, told in a few lines, as Markdown or as JSON. */
#include <math.h>
#include <stdio.h>

#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/job/result_files.h"
#include "reports/content/content.h"
#include "reports/document/screen.h"
#include "reports/document/terminal.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define FINDINGS_SHOWN 5

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
