/* Verdicts before speed: which tokens the head answers worse than the base did. */
#include <stdio.h>
#include <string.h>

#include "harness/cli/gate.h"
#include "harness/cli/job.h"
#include "harness/cli/progress.h"

static struct result_gate_finding *known_finding(struct gate *gate, const char *where, const char *base,
                                                 const char *head) {
  struct result_gate *row = gate_verdict_row(gate);
  for (size_t i = row->finding_count; i-- > 0;)
    if (strcmp(row->findings[i].where, where) == 0 && strcmp(row->findings[i].base, base) == 0 &&
        strcmp(row->findings[i].head, head) == 0)
      return &row->findings[i];
  return NULL;
}

static void file(struct gate *gate, const struct job *job, uint32_t index, uint16_t base, uint16_t head) {
  const struct corpus_token *token = &job->corpus.tokens[index];
  const struct corpus_variant *variant = &job->corpus.variants[token->variant];
  char where[256], base_said[96], head_said[96];
  const char *alg = token->alg < ASSAY_ALG_COUNT ? assay_alg_name((enum assay_alg)token->alg) : "";
  snprintf(where, sizeof where, "%.100s/%.100s%s%s", span_text(&job->corpus, variant->class_id),
           span_text(&job->corpus, variant->name), alg[0] ? " " : "", alg);
  answer_text(base, base_said, sizeof base_said);
  answer_text(head, head_said, sizeof head_said);
  struct result_gate_finding *found = known_finding(gate, where, base_said, head_said);
  if (!found) {
    found = gate_file_finding(gate);
    result_set(&found->where, where);
    result_set(&found->subject, job->subjects[SIDE_HEAD].spec.label);
    result_set(&found->base, base_said);
    result_set(&found->head, head_said);
    result_set(&found->example, span_text(&job->corpus, token->id));
  }
  found->tokens++;
}

bool gate_verdicts(struct gate *gate, struct job *job, struct assay_error *error) {
  struct check check = {.subjects = job->subjects,
                        .subject_count = 2,
                        .list_at = job->check_at,
                        .list_len = job->check_len,
                        .stop = &job_stop,
                        .progress = progress_show};
  progress_begin();
  bool ok = check_run(&check);
  progress_end();
  if (job_stop)
    return false;
  /* A head that dies over and over is a regression, not a fault of the set-up. */
  if (!ok && job->subjects[SIDE_BASE].error.text[0])
    return error_set(error, "%s", job->subjects[SIDE_BASE].error.text);
  for (uint32_t i = 0; i < job->check_len; i++) {
    uint32_t index = job->list[job->check_at + i];
    uint16_t base = control_answers(job->subjects[SIDE_BASE].control)[index];
    uint16_t head = control_answers(job->subjects[SIDE_HEAD].control)[index];
    gate_verdict_row(gate)->tokens++;
    struct expectation expected = corpus_expectation(&job->corpus, &job->corpus.tokens[index]);
    if (answer_gravity(head, &expected) > answer_gravity(base, &expected))
      file(gate, job, index, base, head);
  }
  return true;
}
