/* From answers to rows: right or wrong against what the corpus' construction expects, and where subjects
 * differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/job/job.h"
#include "harness/terminal/progress.h"

#define EXAMPLES_MAX 3
#define QUESTIONS_MAX 1000
#define DIVISIONS_MAX 16 /* more than so many ways in one variant tell nothing more */

/* The tokens of one row of the verdict table: a variant under one algorithm, of which one thing is expected.
 */
struct group {
  uint32_t first, count; /* as positions in the order of the check list */
};

static const struct corpus_token *token_at(const struct job *job, uint32_t position) {
  return &job->corpus.tokens[job->list[job->check_at + position]];
}

static uint16_t answer_at(const struct job *job, unsigned subject, uint32_t position) {
  return subject_answer(&job->subjects[subject], job->list[job->check_at + position]);
}

/* Of an answer other than ANSWER_NONE. */
static enum answer_kind kind_at(const struct job *job, unsigned subject, uint32_t position) {
  const struct answerer who = subject_answerer(&job->subjects[subject]);
  struct expectation expected = corpus_expectation(&job->corpus, token_at(job, position));
  return answer_kind(answer_at(job, subject, position), &expected, &who);
}

static void set_expected(const struct job *job, const struct corpus_token *token, const char **field) {
  char text[2048];
  struct expectation expected = corpus_expectation(&job->corpus, token);
  result_set(field, expectation_text(&expected, text, sizeof text));
}

/* Of accepting a token that must be refused. */
static enum assay_severity severity_of(const struct job *job, const struct corpus_token *token) {
  return token->verdict == EXPECT_REJECT ? (enum assay_severity)job->corpus.variants[token->variant].severity
                                         : SEVERITY_NONE;
}

/* ---- rows ---- */

/* The first few tokens that were not answered rightly, those with the worst answers first. */
static void file_examples(struct job *job, unsigned subject, const struct group *group,
                          struct result_verdict *row) {
  for (enum answer_kind kind = KIND_ACCEPTED; kind < KIND_RIGHT; kind++)
    for (uint32_t i = group->first; result_count(row, kind) && i < group->first + group->count; i++) {
      uint16_t answer = answer_at(job, subject, i);
      if (row->examples.count == EXAMPLES_MAX)
        return;
      if (answer != ANSWER_NONE && answer != REASON_UNSUPPORTED && kind_at(job, subject, i) == kind)
        strings_add(&row->examples, span_text(&job->corpus, token_at(job, i)->id));
    }
}

/* Whether the counter alone does not say what was answered. */
static bool is_told_apart(enum answer_kind kind) {
  return kind == KIND_REFUSED || kind == KIND_REASON || kind == KIND_DIFFERS || kind == KIND_UNSCORED;
}

static void count_answers(struct job *job, unsigned subject, const struct group *group,
                          struct result_verdict *row) {
  char text[128];
  for (uint32_t i = group->first; i < group->first + group->count; i++) {
    uint16_t answer = answer_at(job, subject, i);
    if (answer == ANSWER_NONE)
      continue;
    enum answer_kind kind = kind_at(job, subject, i);
    verdict_count(row, kind, 1);
    if (is_told_apart(kind))
      verdict_add_given(row, kind, answer_text(answer, text, sizeof text),
                        span_text(&job->corpus, token_at(job, i)->id));
  }
  verdict_sort_given(row);
}

static void file_row(struct job *job, unsigned subject, const struct group *group) {
  const struct corpus_token *any = token_at(job, group->first); /* they are alike in all that is asked here */
  const struct corpus_variant *variant = &job->corpus.variants[any->variant];
  const struct expectation expected = corpus_expectation(&job->corpus, any);
  struct result_verdict *row = result_add_verdict(job->result);
  row->level = subject_is_verifier(&job->subjects[subject]) ? LEVEL_WHOLE : LEVEL_PIPELINE;
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->class_id, span_text(&job->corpus, variant->class_id));
  result_set(&row->variant, span_text(&job->corpus, variant->name));
  result_set(&row->stage, expected.verdict == EXPECT_REJECT && expected.reason_count
                              ? assay_stage_name((enum assay_stage)(expected.reasons[0] / 100))
                              : "-");
  result_set(&row->alg, assay_alg_name((enum assay_alg)any->alg));
  set_expected(job, any, &row->expected);
  row->pinned = expected.pinned;
  row->severity = severity_of(job, any);
  count_answers(job, subject, group, row);
  file_examples(job, subject, group, row);
  job->wrong = job->wrong || result_fails(row);
}

/* ---- drift ---- */

/* Answers that count as different opinions of one token; a library without the algorithm has none, nor has a
 * verifier that cannot be told what is wrong with it. */
static bool has_opinion(const struct job *job, unsigned subject, uint32_t position) {
  uint16_t answer = answer_at(job, subject, position);
  return !subject_is_floor(&job->subjects[subject]) && answer != ANSWER_NONE &&
         kind_at(job, subject, position) != KIND_UNSUPPORTED;
}

static bool differ(const struct job *job, uint32_t position) {
  for (unsigned s = 0; s < job->subject_count; s++)
    for (unsigned other = 0; other < s; other++)
      if (has_opinion(job, s, position) && has_opinion(job, other, position) &&
          answers_contradict(answer_at(job, s, position), answer_at(job, other, position)))
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
  size_t row[DIVISIONS_MAX];
  unsigned count;
};

/* Counts the token in the row that it belongs to, if there is one. */
static bool is_new_division(const struct job *job, struct divisions *divisions, uint32_t at) {
  if (divisions->variant != token_at(job, at)->variant)
    *divisions = (struct divisions){.variant = token_at(job, at)->variant};
  if (!differ(job, at))
    return false;
  for (unsigned i = 0; i < divisions->count; i++)
    if (same_answers(job, divisions->at[i], at)) {
      job->result->drift[divisions->row[i]].tokens++;
      return false;
    }
  if (divisions->count == DIVISIONS_MAX)
    return false;
  divisions->at[divisions->count] = at;
  divisions->row[divisions->count++] = job->result->drift_count; /* which is filed next */
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
  row->tokens = 1;
  set_expected(job, token, &row->expected);
  row->severity = severity_of(job, token);
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

/* ---- all of it ---- */

static int compare(uint64_t a, uint64_t b) {
  return (a > b) - (a < b);
}

/* What is expected of two tokens, in an order of no meaning but that equals stand together. */
static int compare_expected(const struct job *job, const struct corpus_token *a,
                            const struct corpus_token *b) {
  struct expectation x = corpus_expectation(&job->corpus, a), y = corpus_expectation(&job->corpus, b);
  int order = compare(x.verdict, y.verdict);
  order = order ? order : compare(x.pinned, y.pinned);
  order = order ? order : compare(x.reason_count, y.reason_count);
  for (size_t i = 0; i < x.reason_count && !order; i++)
    order = compare(x.reasons[i], y.reasons[i]);
  return order;
}

static int compare_rows(const struct job *job, const struct corpus_token *a, const struct corpus_token *b) {
  int order = compare(a->variant, b->variant);
  order = order ? order : compare(a->alg, b->alg);
  return order ? order : compare_expected(job, a, b);
}

static int by_row(const void *a, const void *b, void *arg) {
  const struct job *job = arg;
  const struct corpus_token *x = &job->corpus.tokens[*(const uint32_t *)a];
  const struct corpus_token *y = &job->corpus.tokens[*(const uint32_t *)b];
  int order = compare_rows(job, x, y);
  return order ? order : (x > y) - (x < y);
}

/* The tokens of a row stand together in the sorted list. */
static struct group next_group(const struct job *job, uint32_t at) {
  struct group group = {at, 1};
  while (at + group.count < job->check_len &&
         compare_rows(job, token_at(job, at), token_at(job, at + group.count)) == 0)
    group.count++;
  return group;
}

/* Somebody's own tokens of which nothing is expected: what each subject says of them is the answer. The
 * result keeps the first, and how many it does not. */
static bool is_question(struct job *job, bool is_import, uint32_t at) {
  if (!is_import || token_at(job, at)->verdict != EXPECT_ANY)
    return false;
  bool kept = job->result->drift_count < QUESTIONS_MAX;
  job->result->answers_left_out += !kept;
  return kept;
}

/* What the corpus tells of the class of a token; most follow one of the same class. */
static struct result_taxon *taxon_of(struct job *job, const struct corpus_variant *variant) {
  struct result *result = job->result;
  const char *class_id = span_text(&job->corpus, variant->class_id);
  for (size_t i = result->taxon_count; i-- > 0;)
    if (strcmp(result->taxonomy[i].class_id, class_id) == 0)
      return &result->taxonomy[i];
  struct result_taxon *taxon = result_add_taxon(result);
  result_set(&taxon->class_id, class_id);
  result_set(&taxon->brief, span_text(&job->corpus, variant->brief));
  result_set(&taxon->sentence, span_text(&job->corpus, variant->sentence));
  result_set(&taxon->reference, span_text(&job->corpus, variant->reference));
  return taxon;
}

static void file_taxon(struct job *job, const struct corpus_token *token) {
  struct result_taxon *taxon = taxon_of(job, &job->corpus.variants[token->variant]);
  if (severity_is_graver(severity_of(job, token), taxon->severity))
    taxon->severity = severity_of(job, token);
}

static void file_all(struct job *job) {
  qsort_r(job->list + job->check_at, job->check_len, sizeof *job->list, by_row, job);
  struct divisions divisions = {.variant = CORPUS_NONE};
  bool is_import = strcmp(job->result->corpus.profile, "import") == 0;
  for (uint32_t at = 0; at < job->check_len;) {
    struct group group = next_group(job, at);
    file_taxon(job, token_at(job, at));
    for (unsigned s = 0; s < job->subject_count; s++)
      if (!subject_is_floor(&job->subjects[s]))
        file_row(job, s, &group);
    for (; at < group.first + group.count; at++)
      if (is_question(job, is_import, at) || is_new_division(job, &divisions, at))
        file_drift(job, at);
  }
}

static bool is_answered(const struct job *job, uint32_t token) {
  for (unsigned s = 0; s < job->subject_count; s++)
    if (!subject_is_floor(&job->subjects[s]) && subject_answer(&job->subjects[s], token) != ANSWER_NONE)
      return true;
  return false;
}

/* Of a run that is cut off: what follows is about the tokens that anybody has answered. */
static void leave_out_unasked(struct job *job) {
  uint32_t *list = job->list + job->check_at, kept = 0;
  for (uint32_t i = 0; i < job->check_len; i++)
    if (is_answered(job, list[i]))
      list[kept++] = list[i];
  job->check_len = kept;
}

bool job_ask(struct job *job, struct check *check) {
  /* The floor, last in the order, says match to everything: there is nothing to ask. */
  while (check->subject_count > 0 && subject_is_floor(&job->subjects[check->subject_count - 1]))
    check->subject_count--;
  job->result->run.tokens_to_ask = check->list_len;
  progress_begin();
  bool ok = check->subject_count == 0 || check_run(check);
  progress_end();
  if (stop_asked)
    leave_out_unasked(job);
  return ok;
}

bool job_verdicts(struct job *job, struct assay_error *error) {
  struct check check = {.subjects = job->subjects,
                        .subject_count = job->subject_count,
                        .list_at = job->check_at,
                        .list_len = job->check_len,
                        .stop = &stop_asked,
                        .progress = progress_show};
  bool ok = job_ask(job, &check);
  file_all(job);
  job_tokens(job);
  job_file_errors(job);
  (void)error;
  return ok || !stop_asked;
}
