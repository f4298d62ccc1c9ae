/* What a gate found, told in a few lines, as Markdown or as JSON. */
#include <stdio.h>

#include "harness/gate/gate.h"
#include "harness/job/result_files.h"
#include "reports/content/content.h"
#include "reports/document/screen.h"
#include "reports/document/terminal.h"
#include "reports/text/allocate.h"

/* ---- Markdown, for a pull request ---- */

static void add_notes(struct document *document, const struct gate *gate) {
  if (gate->warning[0])
    document_add_text(document, 0, "note", "%s", gate->warning);
  for (size_t i = 0; i < gate->notes.count; i++)
    document_add_text(document, 0, "note", "%s", gate->notes.items[i]);
}

static void put_markdown(const struct document *document) {
  const struct result_view view = {0};
  result_format_by_name("markdown")->put_document(document, NULL, &view, stdout);
}

static bool any_holds(const struct result *result) {
  bool any = false;
  for (size_t i = 0; i < result->gate_count; i++)
    any |= gate_is_comparison(&result->gates[i]) && gate_answer(&result->gates[i]) == GATE_HOLDS;
  return any;
}

/* What failed is read at once; the rest folds away. */
static void print_markdown(const struct gate *gate) {
  OWNED_DOCUMENT struct document failed = {0}, all = {0}, last = {0};
  const struct result *result = gate->result;
  OWNED_TEXT char *sentence = content_gate_sentence(result);
  printf("**assay gate: %s.** %s\n", content_gate_word(result_gates_answer(result)), sentence);
  add_notes(&failed, gate);
  content_gate_findings(&failed, result, false);
  content_gate_rows(&failed, result, true);
  put_markdown(&failed);
  if (any_holds(result))
    content_gate_rows(&all, result, false);
  size_t rows = all.block_count;
  content_gate_builds(&all, result);
  if (all.block_count) {
    printf("\n<details><summary>%s</summary>\n", rows ? "All comparisons, and the builds" : "The builds");
    put_markdown(&all);
    puts("\n</details>");
  }
  if (gate->remark[0])
    document_add_text(&last, 0, "", "%s", gate->remark);
  put_markdown(&last);
}

/* ---- the other ways ---- */

static void print_text(const struct gate *gate) {
  OWNED_DOCUMENT struct document document = {0};
  struct result_view view = {0};
  stdout_view(&view);
  content_gate_headline(&document, gate->result);
  add_notes(&document, gate);
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
