/* Which rows of one result are worse than in another, and which cannot be told. */
#include "harness/gate/stored_changes.h"

#include <stdlib.h>
#include <string.h>

#include "harness/gate/stored.h"
#include "harness/gate/stored_missing.h"
#include "reports/content/rows.h"
#include "reports/model/fields.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

static struct result_gate_finding *add_graver(struct stored_changes *changes, const char *subject) {
  struct result_gate_finding *found =
      record_append(&gate_finding_shape, &changes->graver, &changes->graver_count);
  result_set(&found->subject, subject);
  return found;
}

static void file_graver(struct stored_changes *changes, const struct result_verdict *was,
                        const struct result_verdict *row, const struct verdict_change *change) {
  struct result_gate_finding *found = add_graver(changes, row->subject);
  OWNED_TEXT char *class = verdict_class(row->class_id, row->variant);
  OWNED_TEXT char *before = verdict_counts_text(was), *after = verdict_counts_text(row);
  result_printf(&found->where, "%s %s %s", row->subject, class, row->alg);
  result_set(&found->example, change->example);
  result_set(&found->base, before);
  result_printf(&found->head, "%s%s", after, strcmp(before, after) == 0 ? ", but other tokens" : "");
  found->tokens = change->tokens;
  found->gravity = change->gravity;
  found->severity = row->severity;
}

/* Rows of which it cannot be told whether their tokens are answered worse. */
struct untold {
  struct tally names;
  uint64_t tokens;
};

static void note_untold(struct untold *untold, const struct result_verdict *row, uint64_t tokens) {
  OWNED_TEXT char *class = verdict_class(row->class_id, row->variant);
  names_addf(&untold->names, "%s %s %s", row->subject, class, row->alg);
  untold->tokens += tokens;
}

static void file_untold(struct stored_changes *changes, struct untold *untold) {
  char tokens[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *names = names_short(&untold->names);
  OWNED_TEXT char *text = allocate_format("whether %s %s answered worse cannot be told from counts: %s",
                                          figure_noun(tokens, untold->tokens, "token"),
                                          untold->tokens == 1 ? "is" : "are", names ? names : "");
  if (names)
    strings_add(&changes->open, text);
  tally_fini(&untold->names);
}

static void compare_rows(struct stored_changes *changes, const struct verdict_rows *was,
                         const struct result *head, changes_known *known, void *arg) {
  struct untold untold = {0};
  for (size_t i = 0; i < head->verdict_count; i++) {
    const struct result_verdict *row = &head->verdicts[i], *before = verdict_rows_find(was, row);
    if (!before)
      continue;
    changes->tokens += row->tokens < before->tokens ? row->tokens : before->tokens;
    struct verdict_change change = verdict_change_of(was->result, before, head, row);
    if (change.kind == VERDICTS_KEPT || (known && known(arg, row, change.tokens)))
      continue;
    if (change.kind == VERDICTS_GRAVER)
      file_graver(changes, before, row, &change);
    else
      note_untold(&untold, row, change.tokens);
  }
  file_untold(changes, &untold);
}

/* A measured loop tells that a verdict was wrong, and not of which token; its time is in no table. */
static void file_void(struct stored_changes *changes, const struct result *base, const struct result *head) {
  for (size_t i = 0; i < head->speed_count; i++) {
    const struct result_speed *row = &head->speed[i];
    if (row->verdicts_ok || result_is_floor(row->subject) ||
        !(stored_speed(base, row) || stored_count(base, row)))
      continue;
    struct result_gate_finding *found = add_graver(changes, row->subject);
    OWNED_TEXT char *alg = result_alg_text(row->alg, row->key_bits);
    result_printf(&found->where, "%s %s, in the measured loop", row->subject, alg);
    result_set(&found->base, "all right");
    result_set(&found->head, "a wrong verdict");
    found->gravity = answer_kind_gravity(KIND_REFUSED); /* good tokens are measured, mostly */
  }
}

struct stored_changes stored_changes_of(const struct verdict_rows *was, const struct result *head,
                                        changes_known *known, void *arg) {
  struct stored_changes changes = {0};
  compare_rows(&changes, was, head, known, arg);
  file_void(&changes, was->result, head);
  gate_sort_findings(changes.graver, changes.graver_count);
  return changes;
}

void stored_changes_fini(struct stored_changes *changes) {
  records_drop(&gate_finding_shape, &changes->graver, &changes->graver_count);
  strings_drop(&changes->open);
}
