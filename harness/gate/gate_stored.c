/* assay gate RESULT: against one stored result. Weaker than a duet: what changed between the runs besides the
 * build shows as a change of the build. */
#include <stdio.h>

#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/gate/stored.h"
#include "harness/gate/stored_changes.h"
#include "harness/gate/stored_missing.h"

/* ---- verdicts ---- */

static bool is_ignored(void *arg, const struct result_verdict *row, uint64_t tokens) {
  return gate_ignores(arg, row->class_id, row->variant, row->alg, row->subject, tokens);
}

/* The findings are the row's then. */
static void file_changes(struct gate *gate, struct stored_changes *changes) {
  for (size_t i = 0; i < changes->open.count; i++)
    gate_verdicts_open(gate, "%s", changes->open.items[i]);
  if (changes->tokens == 0 && changes->graver_count == 0)
    return;
  struct result_gate *row = gate_verdict_row(gate);
  row->tokens = changes->tokens;
  row->findings = changes->graver;
  row->finding_count = changes->graver_count;
  changes->graver = NULL;
  changes->graver_count = 0;
}

static void file_missing(void *arg, const char *subject, const char *sentence) {
  gate_add_incomplete(arg, subject, "%s", sentence);
}

static void note_missing(void *arg, const char *subject, const char *sentence) {
  (void)subject;
  gate_note(arg, "%s", sentence);
}

bool gate_stored_verdicts(struct gate *gate, const struct result *base, const struct result *head) {
  struct verdict_rows was = verdict_rows_of(base), is = verdict_rows_of(head);
  struct stored_changes changes = stored_changes_of(&was, head, is_ignored, gate);
  file_changes(gate, &changes);
  /* What the base was asked and the head was not has not held; the other way round it is news. */
  if (!gate->options->anyway)
    missing_tell(missing_verdicts(base, &is), MISSING_VERDICTS, "the head lacks", file_missing, gate);
  if (base->verdict_count)
    missing_tell(missing_verdicts(head, &was), MISSING_VERDICTS, "only the head has", note_missing, gate);
  stored_changes_fini(&changes);
  verdict_rows_fini(&is);
  verdict_rows_fini(&was);
  if (head->verdict_count && !base->verdict_count)
    gate_note(gate, "verdicts were not compared: the base holds none");
  return !gate_is_wrong(gate);
}

/* ---- times ---- */

/* Times and counts are rows of different runs, mostly. */
static void judge_row(struct gate *gate, const struct result *base, const struct result_speed *row) {
  const struct result_speed *was = gate_may_judge(row, row->ns) ? stored_speed(base, row) : NULL;
  if (was)
    gate_judge_stored(gate_add_row_of(gate, row, GATE_TIME), row, was);
  was = gate_may_judge(row, row->instructions) ? stored_count(base, row) : NULL;
  if (was)
    gate_judge_count(gate_add_row_of(gate, row, GATE_INSTRUCTIONS), row, was, NULL);
}

static bool has_time(const struct result_speed *row) {
  return gate_may_judge(row, row->ns);
}

static bool has_count(const struct result_speed *row) {
  return gate_may_judge(row, row->instructions);
}

static void tell_missing(struct gate *gate, const struct result *base, const struct result *head,
                         enum missing_what what, bool (*counts)(const struct result_speed *row)) {
  if (!gate->options->anyway)
    missing_tell(missing_figures(base, head, what, counts), what, "the head lacks", file_missing, gate);
  missing_tell(missing_figures(head, base, what, counts), what, "only the head has", note_missing, gate);
}

void gate_stored_missing(struct gate *gate, const struct result *base, const struct result *head) {
  tell_missing(gate, base, head, MISSING_TIMES, has_time);
  if (gate->options->form == GATE_STORED)
    tell_missing(gate, base, head, MISSING_COUNTS, has_count);
}

/* ---- the whole ---- */

struct result *gate_read_head(struct gate *gate, struct assay_error *error) {
  gate->result = result_read(gate->options->result, error);
  if (gate->result)
    result_drop_gates(gate->result);
  return gate->result;
}

int gate_stored_end(const struct gate *gate, const char *base) {
  return gate->result->gate_count
             ? -1
             : complain("gate", "%s and %s have no verdict and no measured algorithm in common", base,
                        gate->options->result);
}

static void judge_results(struct gate *gate, const struct result *base, const struct result *head) {
  if (gate_stored_verdicts(gate, base, head)) {
    for (size_t i = 0; i < head->speed_count; i++)
      judge_row(gate, base, &head->speed[i]);
    gate_stored_missing(gate, base, head);
  }
  snprintf(gate->remark, sizeof gate->remark,
           "Against a stored result: measured at different times, so this is a hint; a duet (--base, --head) "
           "decides.");
}

int gate_stored(struct gate *gate) {
  const struct gate_options *options = gate->options;
  struct assay_error error = {0};
  struct result *base = result_read(options->against, &error);
  struct result *head = base ? gate_read_head(gate, &error) : NULL;
  bool ok = head != NULL;
  gate->base = options->against;
  if (ok && gate_same_files(options->against, options->result))
    gate_add_same(gate, "base and head are the same result");
  else if (ok &&
           (options->anyway || stored_comparable(base, options->against, head, options->result, &error)))
    judge_results(gate, base, head);
  else
    ok = false;
  if (ok)
    result_take_base(gate->result, base);
  result_free(base);
  return ok ? gate_stored_end(gate, options->against) : complain("gate", "%s", error.text);
}
