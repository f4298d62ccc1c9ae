/* Verdicts before speed: which tokens the head answers worse than the base did. */
#include <stdio.h>
#include <string.h>

#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/job/job.h"
#include "harness/terminal/progress.h"
#include "reports/text/figures.h"

static struct result_gate_finding *known_finding(struct gate *gate, const char *where, const char *base,
                                                 const char *head) {
  struct result_gate *row = gate_verdict_row(gate);
  for (size_t i = row->finding_count; i-- > 0;)
    if (strcmp(row->findings[i].where, where) == 0 && strcmp(row->findings[i].base, base) == 0 &&
        strcmp(row->findings[i].head, head) == 0)
      return &row->findings[i];
  return NULL;
}

static void file_token(struct gate *gate, const struct job *job, uint32_t index, uint16_t base, uint16_t head,
                       const struct expectation *expected) {
  const struct corpus_token *token = &job->corpus.tokens[index];
  const struct corpus_variant *variant = &job->corpus.variants[token->variant];
  const char *label = job->subjects[SIDE_HEAD].spec.label;
  char where[256], base_said[96], head_said[96];
  const char *alg = token->alg < ASSAY_ALG_COUNT ? assay_alg_name((enum assay_alg)token->alg) : "";
  if (gate_ignores(gate, span_text(&job->corpus, variant->class_id), span_text(&job->corpus, variant->name),
                   alg, label, 1))
    return;
  const char *name = span_text(&job->corpus, variant->name);
  snprintf(where, sizeof where, "%.100s%s%.100s%s%s", span_text(&job->corpus, variant->class_id),
           name[0] ? "/" : "", name, alg[0] ? " " : "", alg);
  answer_text(base, base_said, sizeof base_said);
  answer_text(head, head_said, sizeof head_said);
  struct result_gate_finding *found = known_finding(gate, where, base_said, head_said);
  if (!found) {
    found = gate_file_finding(gate);
    result_set(&found->where, where);
    result_set(&found->subject, label);
    result_set(&found->base, base_said);
    result_set(&found->head, head_said);
    result_set(&found->example, span_text(&job->corpus, token->id));
    found->gravity = answer_gravity(head, expected);
    if (token->verdict == EXPECT_REJECT)
      found->severity = (enum assay_severity)variant->severity;
  }
  found->tokens++;
}

static bool ask_sides(struct job *job, struct assay_error *error) {
  struct check check = {.subjects = job->subjects,
                        .subject_count = 2,
                        .list_at = job->check_at,
                        .list_len = job->check_len,
                        .stop = &stop_asked,
                        .progress = progress_show};
  progress_begin();
  bool ok = check_run(&check);
  progress_end();
  if (stop_asked)
    return false;
  /* A head that dies over and over is a regression, not a fault of the set-up. */
  const char *base = job->subjects[SIDE_BASE].error.text;
  return ok || !base[0] || error_set(error, "%s", base);
}

static uint16_t answer_of(const struct job *job, enum gate_side side, uint32_t index) {
  return subject_answer(&job->subjects[side], index);
}

/* A head that cannot go on, with nothing else to show for it: it answered, and died. */
static void file_end(struct gate *gate, const struct job *job) {
  const struct subject *head = &job->subjects[SIDE_HEAD];
  if (!head->error.text[0] || gate_is_wrong(gate))
    return;
  struct result_gate_finding *found = gate_file_finding(gate);
  result_set(&found->where, "the head could not go on");
  result_set(&found->subject, head->spec.label);
  result_set(&found->base, "all asked");
  result_set(&found->head, head->error.text);
  found->gravity = answer_kind_gravity(KIND_CRASH);
}

bool gate_verdicts(struct gate *gate, struct job *job, struct assay_error *error) {
  char text[FIGURE_BYTES];
  uint64_t unanswered = 0;
  if (!ask_sides(job, error))
    return false;
  for (uint32_t i = 0; i < job->check_len; i++) {
    uint32_t index = job->list[job->check_at + i];
    uint16_t base = answer_of(job, SIDE_BASE, index), head = answer_of(job, SIDE_HEAD, index);
    struct expectation expected = corpus_expectation(&job->corpus, &job->corpus.tokens[index]);
    gate_verdict_row(gate)->tokens++;
    unanswered += base == ANSWER_NONE;
    if (gate_is_graver(base, head, &expected))
      file_token(gate, job, index, base, head, &expected);
  }
  if (unanswered)
    gate_verdicts_open(gate, "the base left %s of its tokens without an answer",
                       figure_count(text, unanswered));
  file_end(gate, job);
  return true;
}

/* ---- what may be measured ---- */

static uint32_t keep_common(struct job *job, struct cell *cell) {
  uint32_t kept = 0, *list = job->list + cell->list_at;
  for (uint32_t i = 0; i < cell->list_len; i++)
    if (answer_of(job, SIDE_BASE, list[i]) == REASON_OK && answer_of(job, SIDE_HEAD, list[i]) == REASON_OK)
      list[kept++] = list[i];
  return kept;
}

bool gate_narrow(struct gate *gate, struct job *job) {
  char text[FIGURE_NOUN_BYTES];
  unsigned kept = 0;
  uint64_t refused = 0;
  for (unsigned i = 0; i < job->cell_count; i++) {
    struct cell *cell = &job->cells[i];
    uint32_t common = keep_common(job, cell);
    refused += common ? cell->list_len - common : 0;
    cell->list_len = common;
    if (common)
      job->cells[kept++] = *cell;
    else
      gate_note(gate, "%s is not measured: base and head accept no token of it in common",
                assay_alg_name(cell->alg));
  }
  job->cell_count = kept;
  if (refused)
    gate_note(gate, "measured on tokens that both accept: %s %s left out",
              figure_noun(text, refused, "good one"), refused == 1 ? "is" : "are");
  for (unsigned s = 0; s < job->subject_count; s++)
    subject_list_set(&job->subjects[s], 0, job->list, job->check_at);
  return kept > 0;
}
