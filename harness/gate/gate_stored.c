/* assay gate RESULT: against one stored result. Weaker than a duet: what changed between the runs besides the
 * build shows as a change of the build. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/gate/stored.h"
#include "harness/gate/stored_missing.h"
#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* ---- verdicts ---- */

/* Rows of which it cannot be told whether their tokens are answered worse. */
struct untold {
  struct tally names;
  uint64_t tokens;
};

static void file_graver(struct gate *gate, const struct result_verdict *was, const struct result_verdict *row,
                        const struct verdict_change *change) {
  struct result_gate_finding *found = gate_file_finding(gate);
  OWNED_TEXT char *class = verdict_class(row->class_id, row->variant);
  OWNED_TEXT char *before = verdict_counts_text(was), *after = verdict_counts_text(row);
  result_printf(&found->where, "%s %s %s", row->subject, class, row->alg);
  result_set(&found->subject, row->subject);
  result_set(&found->example, change->example);
  result_set(&found->base, before);
  result_printf(&found->head, "%s%s", after, strcmp(before, after) == 0 ? ", but other tokens" : "");
  found->tokens = change->tokens;
}

static void note_untold(struct untold *untold, const struct result_verdict *row, uint64_t tokens) {
  OWNED_TEXT char *class = verdict_class(row->class_id, row->variant), *name = NULL;
  result_setf(&name, "%s %s %s", row->subject, class, row->alg);
  names_add(&untold->names, name);
  untold->tokens += tokens;
}

static void file_untold(struct gate *gate, struct untold *untold) {
  char tokens[FIGURE_BYTES], *names = names_short(&untold->names);
  if (names)
    gate_verdicts_open(gate, "whether %s token%s answered worse cannot be told from counts: %s",
                       figure_count(tokens, untold->tokens), untold->tokens == 1 ? " is" : "s are", names);
  free(names);
  tally_fini(&untold->names);
}

static void compare_verdicts(struct gate *gate, const struct result *base, const struct verdict_rows *was,
                             const struct result *head) {
  struct untold untold = {0};
  for (size_t i = 0; i < head->verdict_count; i++) {
    const struct result_verdict *row = &head->verdicts[i], *before = verdict_rows_find(was, row);
    if (!before)
      continue;
    gate_verdict_row(gate)->tokens += row->tokens < before->tokens ? row->tokens : before->tokens;
    struct verdict_change change = verdict_change_of(base, before, head, row);
    if (change.kind == VERDICTS_KEPT ||
        gate_ignores(gate, row->class_id, row->variant, row->alg, row->subject, change.tokens))
      continue;
    if (change.kind == VERDICTS_GRAVER)
      file_graver(gate, before, row, &change);
    else
      note_untold(&untold, row, change.tokens);
  }
  file_untold(gate, &untold);
}

/* A measured loop tells that a verdict was wrong, and not of which token. */
static void file_void(struct gate *gate, const struct result *base, const struct result *head) {
  for (size_t i = 0; i < head->speed_count; i++) {
    const struct result_speed *row = &head->speed[i];
    if (row->verdicts_ok || !gate_is_of_tokens(row) || !(stored_speed(base, row) || stored_count(base, row)))
      continue;
    struct result_gate_finding *found = gate_file_finding(gate);
    OWNED_TEXT char *alg = result_alg_text(row->alg, row->key_bits);
    result_printf(&found->where, "%s %s, in the measured loop", row->subject, alg);
    result_set(&found->subject, row->subject);
    result_set(&found->base, "all right");
    result_set(&found->head, "a wrong verdict");
  }
}

/* What the base was asked and the head was not has not held; the other way round it is news. */
static void missing_verdicts_told(struct gate *gate, const struct result *base,
                                  const struct verdict_rows *was, const struct result *head,
                                  const struct verdict_rows *is) {
  char text[FIGURE_BYTES];
  uint64_t tokens;
  OWNED_TEXT char *lacking = gate->options->anyway ? NULL : missing_verdicts(base, is, &tokens);
  if (lacking)
    gate_verdicts_open(gate, "%s token%s that the base was asked the head was not: %s",
                       figure_count(text, tokens), tokens == 1 ? "" : "s", lacking);
  OWNED_TEXT char *more = base->verdict_count ? missing_verdicts(head, was, &tokens) : NULL;
  if (more)
    gate_note(gate, "only the head was asked %s token%s: %s", figure_count(text, tokens),
              tokens == 1 ? "" : "s", more);
}

bool gate_stored_verdicts(struct gate *gate, const struct result *base, const struct result *head) {
  struct verdict_rows was = verdict_rows_of(base), is = verdict_rows_of(head);
  compare_verdicts(gate, base, &was, head);
  file_void(gate, base, head);
  missing_verdicts_told(gate, base, &was, head, &is);
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

/* Takes the text over. */
static void tell_missing(struct gate *gate, char *lacking, const char *what) {
  if (lacking)
    gate_add_incomplete(gate, "the base has %s of %s, the head has not", what, lacking);
  free(lacking);
}

static void tell_new(struct gate *gate, char *more, const char *what) {
  if (more)
    gate_note(gate, "only the head has %s of %s", what, more);
  free(more);
}

void gate_stored_missing(struct gate *gate, const struct result *base, const struct result *head) {
  bool counts = gate->options->form == GATE_STORED;
  if (!gate->options->anyway) {
    tell_missing(gate, missing_times(base, head, has_time), "times");
    tell_missing(gate, counts ? missing_counts(base, head, has_count) : NULL, "instructions");
  }
  tell_new(gate, missing_times(head, base, has_time), "times");
  tell_new(gate, counts ? missing_counts(head, base, has_count) : NULL, "instructions");
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
  const struct gate_options *options = gate->options;
  stored_builds(base, options->against, head, options->result, &gate->notes);
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
  result_free(base);
  return ok ? gate_stored_end(gate, options->against) : complain("gate", "%s", error.text);
}
