/* From answers to rows: right or wrong against what the corpus' construction expects, and where subjects
 * differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/job.h"
#include "harness/cli/progress.h"

#define EXAMPLES_MAX 3

/* One row of the verdict table while it is being counted: a variant under one algorithm. */
struct tally {
  uint32_t variant;
  uint16_t alg;
  uint32_t first, count; /* tokens, as positions in the order of the check list */
};

static bool is_right_reason(const struct corpus_token *token, uint16_t answer) {
  if (answer == token->reason)
    return true;
  for (int i = 0; i < CORPUS_ALSO_MAX; i++)
    if (token->also[i] && token->also[i] == answer)
      return true;
  return false;
}

static void count_answer(struct result_verdict *row, const struct corpus_token *token, uint16_t answer) {
  row->tokens++;
  if (answer == ANSWER_CRASH)
    row->crash++;
  else if (answer == ANSWER_HANG)
    row->hang++;
  else if (answer == REASON_FAULT)
    row->fault++;
  else if (answer == REASON_UNSUPPORTED)
    row->unsupported++;
  else if (token->verdict == EXPECT_ANY)
    return;
  else if ((token->verdict == EXPECT_ACCEPT) != (answer == REASON_OK))
    row->wrong_verdict++;
  else if (!is_right_reason(token, answer))
    row->wrong_reason++;
  else
    row->right++;
}

static bool is_wrong(const struct corpus_token *token, uint16_t answer) {
  struct result_verdict scratch = {0};
  count_answer(&scratch, token, answer);
  return scratch.wrong_verdict + scratch.wrong_reason + scratch.crash + scratch.hang + scratch.fault > 0;
}

static void answer_text(uint16_t answer, char *text, size_t size) {
  if (answer == ANSWER_CRASH)
    snprintf(text, size, "crash");
  else if (answer == ANSWER_HANG)
    snprintf(text, size, "hang");
  else if (answer == ANSWER_NONE)
    snprintf(text, size, "not asked");
  else if (answer == REASON_OK)
    snprintf(text, size, "accept");
  else if (assay_verdict_of((enum assay_reason)answer) == VERDICT_REJECT)
    snprintf(text, size, "reject %s", assay_reason_dotted((enum assay_reason)answer));
  else
    snprintf(text, size, "%s", assay_verdict_name(assay_verdict_of((enum assay_reason)answer)));
}

static void expected_text(const struct corpus_token *token, char *text, size_t size) {
  if (token->verdict == EXPECT_ANY)
    snprintf(text, size, "any");
  else
    answer_text(token->verdict == EXPECT_ACCEPT ? REASON_OK : token->reason, text, size);
}

static const struct corpus_token *token_at(const struct job *job, uint32_t position) {
  return &job->corpus.tokens[job->list[job->check_at + position]];
}

static uint16_t answer_at(const struct job *job, unsigned subject, uint32_t position) {
  return control_answers(job->subjects[subject].control)[job->list[job->check_at + position]];
}

static void file_row(struct job *job, unsigned subject, const struct tally *tally) {
  const struct corpus_variant *variant = &job->corpus.variants[tally->variant];
  const struct corpus_token *first = token_at(job, tally->first);
  struct result_verdict *row = result_add_verdict(job->result);
  char text[128];
  result_set(&row->level, "pipeline");
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->class_id, span_text(&job->corpus, variant->class_id));
  result_set(&row->variant, span_text(&job->corpus, variant->name));
  result_set(&row->stage, first->verdict == EXPECT_REJECT
                              ? assay_stage_name(assay_reason_stage((enum assay_reason)first->reason))
                              : "-");
  result_set(&row->alg, assay_alg_name((enum assay_alg)tally->alg));
  expected_text(first, text, sizeof text);
  result_set(&row->expected, text);
  for (uint32_t i = tally->first; i < tally->first + tally->count; i++) {
    uint16_t answer = answer_at(job, subject, i);
    if (answer == ANSWER_NONE)
      continue;
    count_answer(row, token_at(job, i), answer);
    if (is_wrong(token_at(job, i), answer) && row->examples.count < EXAMPLES_MAX)
      strings_add(&row->examples, span_text(&job->corpus, token_at(job, i)->id));
  }
  job->wrong = job->wrong || row->wrong_verdict || row->wrong_reason || row->crash || row->hang || row->fault;
}

/* Answers that count as different opinions of one token; a library without the algorithm has none. */
static bool has_opinion(const struct job *job, unsigned subject, uint32_t position) {
  uint16_t answer = answer_at(job, subject, position);
  return !job->is_floor[subject] && answer != ANSWER_NONE && answer != REASON_UNSUPPORTED;
}

static bool differ(const struct job *job, uint32_t position) {
  int seen = -1;
  for (unsigned s = 0; s < job->subject_count; s++) {
    if (!has_opinion(job, s, position))
      continue;
    int answer = answer_at(job, s, position);
    if (seen >= 0 && answer != seen)
      return true;
    seen = answer;
  }
  return false;
}

static void file_drift(struct job *job, const struct tally *tally) {
  uint32_t at = tally->first;
  while (at < tally->first + tally->count && !differ(job, at))
    at++;
  if (at == tally->first + tally->count)
    return;
  const struct corpus_variant *variant = &job->corpus.variants[tally->variant];
  struct result_drift *row = result_add_drift(job->result);
  result_set(&row->class_id, span_text(&job->corpus, variant->class_id));
  result_set(&row->variant, span_text(&job->corpus, variant->name));
  result_set(&row->alg, assay_alg_name((enum assay_alg)tally->alg));
  result_set(&row->example, span_text(&job->corpus, token_at(job, at)->id));
  for (unsigned s = 0; s < job->subject_count; s++) {
    char text[128];
    if (!has_opinion(job, s, at))
      continue;
    struct result_answer *answer = drift_add_answer(row);
    answer_text(answer_at(job, s, at), text, sizeof text);
    result_set(&answer->subject, job->subjects[s].spec.label);
    result_set(&answer->answer, text);
  }
}

static const struct job *sort_job;

static int by_variant(const void *a, const void *b) {
  const struct corpus_token *x = &sort_job->corpus.tokens[*(const uint32_t *)a];
  const struct corpus_token *y = &sort_job->corpus.tokens[*(const uint32_t *)b];
  if (x->variant != y->variant)
    return x->variant < y->variant ? -1 : 1;
  if (x->alg != y->alg)
    return x->alg < y->alg ? -1 : 1;
  return (x > y) - (x < y);
}

/* Tokens of one variant and algorithm stand together in the list that the workers got. */
static struct tally next_tally(const struct job *job, uint32_t at) {
  const struct corpus_token *first = token_at(job, at);
  struct tally tally = {first->variant, first->alg, at, 0};
  while (at + tally.count < job->check_len && token_at(job, at + tally.count)->variant == tally.variant &&
         token_at(job, at + tally.count)->alg == tally.alg)
    tally.count++;
  return tally;
}

static void file_all(struct job *job) {
  sort_job = job;
  qsort(job->list + job->check_at, job->check_len, sizeof *job->list, by_variant);
  for (uint32_t at = 0; at < job->check_len;) {
    struct tally tally = next_tally(job, at);
    for (unsigned s = 0; s < job->subject_count; s++)
      if (!job->is_floor[s])
        file_row(job, s, &tally);
    file_drift(job, &tally);
    at += tally.count;
  }
}

bool job_ask(const struct job *job, struct check *check) {
  /* The floor, last in the order, says match to everything: there is nothing to ask. */
  while (check->subject_count > 0 && job->is_floor[check->subject_count - 1])
    check->subject_count--;
  progress_begin();
  bool ok = check->subject_count == 0 || check_run(check);
  progress_end();
  return ok;
}

bool job_verdicts(struct job *job, struct assay_error *error) {
  struct check check = {.subjects = job->subjects,
                        .subject_count = job->subject_count,
                        .list_at = job->check_at,
                        .list_len = job->check_len,
                        .stop = &job_stop,
                        .progress = progress_show};
  bool ok = job_ask(job, &check);
  file_all(job);
  for (unsigned s = 0; s < job->subject_count; s++) {
    struct subject *subject = &job->subjects[s];
    if (!subject->error.text[0])
      continue;
    strings_add(&job->result->warnings, subject->error.text);
    job->wrong = true;
  }
  (void)error;
  return ok || !job_stop;
}
