/* The texts of tokens that the result keeps, so that its report can show what was asked: what was answered
 * wrongly or is not scored, then one token of each class, then what was answered in other ways than right.
 * Bounded, since result files are made to be sent around; for the same reason only assay's own corpora are
 * kept of: what was imported or learned may be somebody's secret. */
#include <string.h>

#include "harness/job/job.h"
#include "reports/content/verdicts/matrix.h"

#define TOKENS_MAX 200
#define TOKEN_BYTES_MAX 4096
#define ALL_BYTES_MAX (192 << 10)

struct keeping {
  struct job *job;
  struct matrix matrix;
  size_t bytes; /* kept so far */
};

static bool is_kept(const struct result *result, const char *id) {
  for (size_t i = 0; i < result->token_count; i++)
    if (strcmp(result->tokens[i].id, id) == 0)
      return true;
  return false;
}

static bool has_class(const struct result *result, const char *class_id) {
  for (size_t i = 0; i < result->token_count; i++)
    if (strcmp(result->tokens[i].class_id, class_id) == 0)
      return true;
  return false;
}

/* Other bytes could not be kept as they are: JSON holds text. */
static bool is_printable(struct assay_bytes text) {
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e)
      return false;
  return true;
}

static void keep_token(struct keeping *keeping, const struct corpus_token *token) {
  const struct corpus *corpus = &keeping->job->corpus;
  struct result *result = keeping->job->result;
  struct assay_bytes text = corpus_bytes(corpus, token->token);
  if (result->token_count == TOKENS_MAX || text.len > TOKEN_BYTES_MAX ||
      text.len > ALL_BYTES_MAX - keeping->bytes || !is_printable(text) ||
      is_kept(result, span_text(corpus, token->id)))
    return;
  struct result_token *row = result_add_token(result);
  result_set(&row->id, span_text(corpus, token->id));
  result_set(&row->class_id, span_text(corpus, corpus->variants[token->variant].class_id));
  result_set_part(&row->token, (const char *)text.ptr, text.len);
  keeping->bytes += text.len;
}

static void keep_id(struct keeping *keeping, const char *id) {
  uint32_t token = corpus_find(&keeping->job->corpus, bytes_str(id));
  if (token != CORPUS_NONE)
    keep_token(keeping, &keeping->job->corpus.tokens[token]);
}

/* The tokens that stand for the matrix' cells, by what was answered: from `worst` to before `end`. */
static void keep_examples(struct keeping *keeping, enum answer_kind worst, enum answer_kind end) {
  const struct matrix *matrix = &keeping->matrix;
  for (int kind = worst; kind < (int)end; kind++)
    for (size_t r = 0; r < matrix->row_count; r++)
      for (size_t s = 0; s < matrix->subject_count; s++) {
        const char *id =
            matrix_example(keeping->job->result, &matrix->rows[r].cells[s], (enum answer_kind)kind);
        if (id)
          keep_id(keeping, id);
      }
}

/* The tokens that stand for answers which are not scored. */
static void keep_unscored(struct keeping *keeping) {
  const struct result *result = keeping->job->result;
  for (size_t i = 0; i < result->drift_count; i++)
    if (strcmp(result->drift[i].expected, "any") == 0)
      keep_id(keeping, result->drift[i].example);
}

/* The first of each class that was asked, where none of it is kept yet. */
static void keep_classes(struct keeping *keeping) {
  const struct job *job = keeping->job;
  uint32_t last = CORPUS_NONE;
  for (uint32_t i = 0; i < job->check_len; i++) {
    const struct corpus_token *token = &job->corpus.tokens[job->list[job->check_at + i]];
    if (token->variant == last)
      continue;
    last = token->variant;
    if (!has_class(job->result, span_text(&job->corpus, job->corpus.variants[last].class_id)))
      keep_token(keeping, token);
  }
}

static bool is_own(const char *profile) {
  return strcmp(profile, "default") == 0 || strcmp(profile, "small") == 0;
}

void job_tokens(struct job *job) {
  if (!is_own(job->result->corpus.profile))
    return;
  struct keeping keeping = {.job = job};
  matrix_init(&keeping.matrix, job->result);
  keep_examples(&keeping, KIND_ACCEPTED, KIND_UNDECIDED);
  keep_unscored(&keeping);
  keep_classes(&keeping);
  keep_examples(&keeping, KIND_UNDECIDED, KIND_RIGHT);
  matrix_fini(&keeping.matrix);
}
