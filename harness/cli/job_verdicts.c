/* From answers to rows: right or wrong against what the corpus' construction expects, and where subjects
 * differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/job.h"
#include "harness/cli/progress.h"

#define EXAMPLES_MAX 3
#define QUESTIONS_MAX 1000
#define DIVISIONS_MAX 16 /* more than so many ways in one variant tell nothing more */

/* One row of the verdict table while it is being counted: a variant under one algorithm. */
struct tally {
  uint32_t variant;
  uint16_t alg;
  uint32_t first, count; /* tokens, as positions in the order of the check list */
};

static enum answer_kind kind_of(const struct job *job, unsigned subject, const struct corpus_token *token,
                                uint16_t answer) {
  const struct answerer who = {job->is_whole[subject], &job->gaps[subject]};
  struct expectation expected = corpus_expectation(&job->corpus, token);
  return answer_kind(answer, &expected, &who);
}

static unsigned *counter_of(struct result_verdict *row, enum answer_kind kind) {
  switch (kind) {
  case KIND_ACCEPTED:
  case KIND_REFUSED: return &row->wrong_verdict;
  case KIND_CRASH: return &row->crash;
  case KIND_HANG: return &row->hang;
  case KIND_FAULT: return &row->fault;
  case KIND_UNDECIDED: return &row->undecided;
  case KIND_REASON: return &row->wrong_reason;
  case KIND_UNMAPPED: return &row->unmapped;
  case KIND_DIFFERS: return &row->pinned_differs;
  case KIND_UNSUPPORTED: return &row->unsupported;
  case KIND_RIGHT: return &row->right;
  default: return NULL;
  }
}

static void expected_text(const struct job *job, const struct corpus_token *token, char *text, size_t size) {
  struct expectation expected = corpus_expectation(&job->corpus, token);
  expectation_text(&expected, text, size);
}

static const struct corpus_token *token_at(const struct job *job, uint32_t position) {
  return &job->corpus.tokens[job->list[job->check_at + position]];
}

static uint16_t answer_at(const struct job *job, unsigned subject, uint32_t position) {
  return control_answers(job->subjects[subject].control)[job->list[job->check_at + position]];
}

/* The first few tokens that were not answered rightly, those with the worst answers first. */
static void file_examples(struct job *job, unsigned subject, const struct tally *tally,
                          struct result_verdict *row) {
  for (enum answer_kind kind = KIND_ACCEPTED; kind < KIND_RIGHT; kind++)
    for (uint32_t i = tally->first; i < tally->first + tally->count; i++) {
      uint16_t answer = answer_at(job, subject, i);
      if (row->examples.count == EXAMPLES_MAX)
        return;
      if (answer != ANSWER_NONE && answer != REASON_UNSUPPORTED &&
          kind_of(job, subject, token_at(job, i), answer) == kind)
        strings_add(&row->examples, span_text(&job->corpus, token_at(job, i)->id));
    }
}

static void count_answers(struct job *job, unsigned subject, const struct tally *tally,
                          struct result_verdict *row) {
  for (uint32_t i = tally->first; i < tally->first + tally->count; i++) {
    uint16_t answer = answer_at(job, subject, i);
    if (answer == ANSWER_NONE)
      continue;
    row->tokens++;
    unsigned *counter = counter_of(row, kind_of(job, subject, token_at(job, i), answer));
    if (counter)
      ++*counter;
  }
}

static void file_row(struct job *job, unsigned subject, const struct tally *tally) {
  const struct corpus_variant *variant = &job->corpus.variants[tally->variant];
  const struct corpus_token *first = token_at(job, tally->first);
  struct result_verdict *row = result_add_verdict(job->result);
  char text[128];
  result_set(&row->level, job->is_whole[subject] ? "whole" : "pipeline");
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->class_id, span_text(&job->corpus, variant->class_id));
  result_set(&row->variant, span_text(&job->corpus, variant->name));
  result_set(&row->stage, first->verdict == EXPECT_REJECT
                              ? assay_stage_name(assay_reason_stage((enum assay_reason)first->reason))
                              : "-");
  result_set(&row->alg, assay_alg_name((enum assay_alg)tally->alg));
  expected_text(job, first, text, sizeof text);
  result_set(&row->expected, text);
  count_answers(job, subject, tally, row);
  file_examples(job, subject, tally, row);
  /* What a verifier answers wrongly is the finding, not a failure. */
  if (row->wrong_verdict || row->wrong_reason || row->crash || row->hang || row->fault)
    job->wrong = job->wrong || !job->is_whole[subject];
}

/* Answers that count as different opinions of one token; a library without the algorithm has none, nor has a
 * verifier that cannot be told what is wrong with it. */
static bool has_opinion(const struct job *job, unsigned subject, uint32_t position) {
  uint16_t answer = answer_at(job, subject, position);
  return !job->is_floor[subject] && answer != ANSWER_NONE &&
         kind_of(job, subject, token_at(job, position), answer) != KIND_UNSUPPORTED;
}

static bool is_refusal(uint16_t answer) {
  return answer != REASON_OK && assay_verdict_of((enum assay_reason)answer) == VERDICT_REJECT &&
         answer != ANSWER_CRASH && answer != ANSWER_HANG;
}

/* A refusal in words that tell no reason contradicts no other refusal. */
static bool contradict(uint16_t a, uint16_t b) {
  if (is_refusal(a) && is_refusal(b) && (a == REASON_UNMAPPED || b == REASON_UNMAPPED))
    return false;
  return a != b;
}

static bool differ(const struct job *job, uint32_t position) {
  for (unsigned s = 0; s < job->subject_count; s++)
    for (unsigned other = 0; other < s; other++)
      if (has_opinion(job, s, position) && has_opinion(job, other, position) &&
          contradict(answer_at(job, s, position), answer_at(job, other, position)))
        return true;
  return false;
}

static bool same_answers(const struct job *job, uint32_t a, uint32_t b) {
  for (unsigned s = 0; s < job->subject_count; s++)
    if (answer_at(job, s, a) != answer_at(job, s, b))
      return false;
  return true;
}

/* The tokens of a variant that have a drift row, one for each way in which the subjects divide over it. */
struct divisions {
  uint32_t variant;
  uint32_t at[DIVISIONS_MAX];
  unsigned count;
};

static bool is_new_division(const struct job *job, struct divisions *divisions, uint32_t at) {
  if (divisions->variant != token_at(job, at)->variant)
    *divisions = (struct divisions){.variant = token_at(job, at)->variant};
  if (divisions->count == DIVISIONS_MAX || !differ(job, at))
    return false;
  for (unsigned i = 0; i < divisions->count; i++)
    if (same_answers(job, divisions->at[i], at))
      return false;
  divisions->at[divisions->count++] = at;
  return true;
}

static void file_drift(struct job *job, uint32_t at) {
  const struct corpus_token *token = token_at(job, at);
  const struct corpus_variant *variant = &job->corpus.variants[token->variant];
  struct result_drift *row = result_add_drift(job->result);
  result_set(&row->class_id, span_text(&job->corpus, variant->class_id));
  result_set(&row->variant, span_text(&job->corpus, variant->name));
  result_set(&row->alg, assay_alg_name((enum assay_alg)token->alg));
  result_set(&row->example, span_text(&job->corpus, token->id));
  char expected[128];
  expected_text(job, token, expected, sizeof expected);
  result_set(&row->expected, expected);
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

/* Somebody's own tokens of which nothing is expected: what each subject says of them is the answer. */
static bool is_question(const struct job *job, uint32_t at) {
  return token_at(job, at)->verdict == EXPECT_ANY && strcmp(job->result->corpus.profile, "import") == 0 &&
         job->result->drift_count < QUESTIONS_MAX;
}

static void file_all(struct job *job) {
  sort_job = job;
  qsort(job->list + job->check_at, job->check_len, sizeof *job->list, by_variant);
  struct divisions divisions = {.variant = CORPUS_NONE};
  for (uint32_t at = 0; at < job->check_len;) {
    struct tally tally = next_tally(job, at);
    for (unsigned s = 0; s < job->subject_count; s++)
      if (!job->is_floor[s])
        file_row(job, s, &tally);
    for (; at < tally.first + tally.count; at++)
      if (is_question(job, at) || is_new_division(job, &divisions, at))
        file_drift(job, at);
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
  job_tokens(job);
  for (unsigned s = 0; s < job->subject_count; s++) {
    struct subject *subject = &job->subjects[s];
    if (!subject->error.text[0])
      continue;
    strings_add(&job->result->warnings, subject->error.text);
    if (job->is_whole[s])
      job->incomplete = true;
    else
      job->wrong = true;
  }
  (void)error;
  return ok || !job_stop;
}
