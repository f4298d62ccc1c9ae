/* The findings of a gate: kept, judged, and told in a few lines, as Markdown or as JSON. */
#include "harness/cli/gate.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FINDINGS_SHOWN 5

static void *grown(void *items, size_t count, size_t size) {
  if (count & (count - 1)) /* not a power of two: there is room */
    return items;
  items = realloc(items, (count ? count * 2 : 1) * size);
  if (!items)
    abort();
  return items;
}

struct gate_row *gate_add_row(struct gate *gate) {
  gate->rows = grown(gate->rows, gate->row_count, sizeof *gate->rows);
  gate->rows[gate->row_count] =
      (struct gate_row){.measure = "", .low = (double)NAN, .high = (double)NAN, .floor = (double)NAN};
  return &gate->rows[gate->row_count++];
}

struct gate_finding *gate_add_finding(struct gate *gate) {
  gate->findings = grown(gate->findings, gate->finding_count, sizeof *gate->findings);
  gate->findings[gate->finding_count] = (struct gate_finding){0};
  return &gate->findings[gate->finding_count++];
}

void gate_fini(struct gate *gate) {
  free(gate->rows);
  free(gate->findings);
}

static unsigned count_answer(const struct gate *gate, enum gate_answer answer) {
  unsigned count = 0;
  for (size_t i = 0; i < gate->row_count; i++)
    count += gate->rows[i].answer == answer;
  return count;
}

int gate_exit(const struct gate *gate) {
  if (gate->finding_count)
    return EXIT_WRONG;
  if (count_answer(gate, GATE_SLOWER))
    return EXIT_REGRESSION;
  /* Nothing compared is nothing proved. */
  return count_answer(gate, GATE_NOISY) || gate->row_count == 0 ? EXIT_NOISY : EXIT_HOLDS;
}

static const char *exit_word(int code) {
  switch (code) {
  case EXIT_HOLDS: return "holds";
  case EXIT_REGRESSION: return "slower";
  case EXIT_WRONG: return "wrong verdicts";
  default: return "too noisy to say";
  }
}

static const char *answer_word(enum gate_answer answer) {
  static const char *const words[] = {
      [GATE_HOLDS] = "holds", [GATE_SLOWER] = "slower", [GATE_NOISY] = "too noisy"};
  return words[answer];
}

/* ---- text ---- */

static const char *per_cent(char *text, size_t size, double share) {
  if (isfinite(share))
    snprintf(text, size, "%+.2f %%", share * 100);
  else
    snprintf(text, size, "not known");
  return text;
}

static void interval(char *text, size_t size, const struct gate_row *row) {
  if (isfinite(row->low) && isfinite(row->high))
    snprintf(text, size, "[%+.2f, %+.2f]", row->low * 100, row->high * 100);
  else
    snprintf(text, size, "no interval");
}

static void row_name(char *text, size_t size, const struct gate_row *row) {
  char bits[16] = "";
  if (row->key_bits)
    snprintf(bits, sizeof bits, " %u", row->key_bits);
  snprintf(text, size, "%s%s%s%s", row->subject, row->subject[0] ? " " : "", row->alg, bits);
}

static void print_row(const struct gate_row *row, bool markdown) {
  char name[128], change[32], range[64], noise[32];
  row_name(name, sizeof name, row);
  per_cent(change, sizeof change, row->change);
  interval(range, sizeof range, row);
  per_cent(noise, sizeof noise, row->floor);
  printf(markdown ? "| %s | %s | %s | %s | %s | %s |\n" : " %-24s %-7s %10s  %-18s %10s  %s\n", name,
         row->measure, change, range, isfinite(row->floor) ? noise + 1 : noise, answer_word(row->answer));
}

static void print_head(bool markdown) {
  if (markdown)
    puts("| | measure | time per token | interval | noise | |\n| --- | --- | --- | --- | --- | --- |");
  else
    printf(" %-24s %-7s %10s  %-18s %10s\n", "", "measure", "change", "interval (%)", "noise");
}

static void print_rows(const struct gate *gate, bool markdown, bool only_bad) {
  if (gate->row_count == 0)
    return;
  print_head(markdown);
  for (size_t i = 0; i < gate->row_count; i++)
    if (!only_bad || gate->rows[i].answer != GATE_HOLDS)
      print_row(&gate->rows[i], markdown);
}

static void print_findings(const struct gate *gate, bool markdown) {
  for (size_t i = 0; i < gate->finding_count && i < FINDINGS_SHOWN; i++) {
    const struct gate_finding *one = &gate->findings[i];
    printf("%s%s, %u token%s: base %s, head %s%s%s\n", markdown ? "- " : " ", one->where, one->tokens,
           one->tokens == 1 ? "" : "s", one->base, one->head, one->example[0] ? "; first " : "",
           one->example);
  }
  if (gate->finding_count > FINDINGS_SHOWN)
    printf("%sand %zu more\n", markdown ? "- " : " ", gate->finding_count - FINDINGS_SHOWN);
}

static void print_headline(const struct gate *gate, bool markdown) {
  int code = gate_exit(gate);
  double threshold = gate->row_count ? gate->rows[0].threshold : gate->options->threshold;
  const char *mark = markdown ? "**" : "";
  printf("%sassay gate: %s.%s ", mark, exit_word(code), mark);
  switch (code) {
  case EXIT_WRONG:
    puts("The head answers wrongly what the base answered rightly; speed was not judged.");
    break;
  case EXIT_REGRESSION:
    printf("%u of %zu comparisons are slower by more than %g %% and more than the noise.\n",
           count_answer(gate, GATE_SLOWER), gate->row_count, threshold * 100);
    break;
  case EXIT_NOISY:
    printf("%u of %zu comparisons cannot rule out a slowdown of %g %%; this is no pass.\n",
           count_answer(gate, GATE_NOISY), gate->row_count, threshold * 100);
    break;
  default: printf("No slowdown of %g %% or more in %zu comparisons.\n", threshold * 100, gate->row_count);
  }
}

static void print_text(const struct gate *gate, bool markdown) {
  int code = gate_exit(gate);
  print_headline(gate, markdown);
  if (markdown)
    putchar('\n');
  if (gate->warning[0])
    printf("%s%s\n", markdown ? "Note: " : "note   ", gate->warning);
  if (markdown && gate->warning[0])
    putchar('\n');
  print_findings(gate, markdown);
  if (code == EXIT_REGRESSION || code == EXIT_NOISY || !markdown)
    print_rows(gate, markdown, markdown);
  if (markdown && gate->row_count) {
    puts("\n<details><summary>All comparisons</summary>\n");
    print_rows(gate, markdown, false);
    puts("\n</details>\n");
  }
  if (gate->asked)
    printf("Verdicts: %llu tokens asked, %s.%s", gate->asked,
           gate->finding_count ? "regressions above" : "nothing right has become wrong",
           markdown ? " " : "\n");
  puts(gate->remark);
}

/* ---- JSON ---- */

static json_t *number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *row_json(const struct gate_row *row) {
  return json_pack("{s:s, s:s, s:i, s:s, s:o, s:o, s:o, s:o, s:f, s:s}", "subject", row->subject, "alg",
                   row->alg, "key_bits", (int)row->key_bits, "measure", row->measure, "change",
                   number(row->change), "low", number(row->low), "high", number(row->high), "noise",
                   number(row->floor), "threshold", row->threshold, "answer", answer_word(row->answer));
}

static json_t *finding_json(const struct gate_finding *one) {
  return json_pack("{s:s, s:s, s:s, s:s, s:i}", "where", one->where, "example", one->example, "base",
                   one->base, "head", one->head, "tokens", (int)one->tokens);
}

static bool print_json(const struct gate *gate) {
  static const char *const forms[] = {
      [GATE_DUET] = "duet", [GATE_STORED] = "stored", [GATE_HISTORY] = "history"};
  json_t *rows = json_array(), *findings = json_array();
  for (size_t i = 0; i < gate->row_count; i++)
    json_array_append_new(rows, row_json(&gate->rows[i]));
  for (size_t i = 0; i < gate->finding_count; i++)
    json_array_append_new(findings, finding_json(&gate->findings[i]));
  json_t *all = json_pack("{s:s, s:s, s:s, s:i, s:I, s:o, s:o, s:s, s:s}", "schema", "assay-gate/1", "form",
                          forms[gate->options->form], "answer", exit_word(gate_exit(gate)), "exit",
                          gate_exit(gate), "tokens_asked", (json_int_t)gate->asked, "verdict_regressions",
                          findings, "speed", rows, "remark", gate->remark, "warning", gate->warning);
  bool ok = all && json_dumpf(all, stdout, JSON_INDENT(1)) == 0;
  putchar('\n');
  json_decref(all);
  return ok;
}

bool gate_print(const struct gate *gate) {
  bool ok = true;
  if (gate->options->json)
    ok = print_json(gate);
  else
    print_text(gate, gate->options->markdown);
  return fflush(stdout) == 0 && ok;
}
