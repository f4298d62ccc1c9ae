/* Raw vectors, at two levels. "primitive": what a library's bare verify says of them; a wrong answer there is
 * a finding about the library and no failure of the run. "guarded": what becomes of them behind the
 * pipeline's key import and form checks, where every library has to agree with the suite. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/text/counts.h"
#include "harness/job/job.h"
#include "harness/terminal/progress.h"

#define EXAMPLES_MAX 8

static const struct vector_case *case_at(const struct job *job, uint32_t position) {
  return &job->vectors.cases[job->list[position]];
}

static enum assay_alg alg_at(const struct job *job, uint32_t position) {
  return (enum assay_alg)job->vectors.raw.records[job->list[position]].alg;
}

static uint16_t answer_at(const struct job *job, unsigned subject, uint32_t position) {
  return subject_answer(&job->subjects[subject], job->list[position]);
}

static bool is_guarded(const struct job *job) {
  return strcmp(job->options->level, "guarded") == 0;
}

/* ---- set-up ---- */

static const struct job *sort_job;

static int by_row(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  const struct vector_case *cases = sort_job->vectors.cases;
  const struct vector_record *records = sort_job->vectors.raw.records;
  int order = strcmp(cases[x].class_id, cases[y].class_id);
  order = order ? order : strcmp(cases[x].variant, cases[y].variant);
  order = order ? order : (int)records[x].alg - (int)records[y].alg;
  order = order ? order : (int)cases[x].expect - (int)cases[y].expect;
  return order ? order : (x > y) - (x < y);
}

/* The vectors of the algorithms asked for, those of one row of the result together. */
static bool make_list(struct job *job, struct assay_error *error) {
  job->list = calloc(job->vectors.raw.count, sizeof *job->list);
  if (!job->list)
    return error_set(error, "no memory for the list of vectors");
  for (uint32_t i = 0; i < job->vectors.raw.count; i++)
    if (job->alg_mask & ASSAY_ALG_BIT(job->vectors.raw.records[i].alg))
      job->list[job->list_len++] = i;
  sort_job = job;
  qsort(job->list, job->list_len, sizeof *job->list, by_row);
  job->check_len = job->list_len;
  return job->list_len > 0 ||
         error_set(error, "%s: no vector is of an algorithm asked for", job->options->vectors);
}

static void describe(struct job *job) {
  struct result_corpus *about = &job->result->corpus;
  result_set(&about->profile, "vectors");
  result_set(&about->generator, "foreign");
  result_set(&about->sha256, "unknown");
  about->tokens = job->list_len;
  about->classes = job->vectors.file_count;
}

static void file_left_out(struct job *job) {
  for (size_t i = 0; i < job->vectors.file_count; i++)
    for (int why = 0; why < LEFT_KINDS; why++) {
      const struct vector_file *file = &job->vectors.files[i];
      if (file->left_out[why] == 0)
        continue;
      struct result_left_out *row = result_add_left_out(job->result);
      result_set(&row->class_id, file->class_id);
      result_set(&row->reason, left_out_text((enum left_out)why));
      row->tokens = file->left_out[why];
    }
}

static void warn_passed_over(struct job *job) {
  const struct vector_set *set = &job->vectors;
  char text[512], files[FIGURE_NOUN_BYTES];
  if (set->passed_over == 0)
    return;
  snprintf(text, sizeof text, "%s of no known form %s passed over, the first: %s",
           figure_noun(files, set->passed_over, "JSON file"), set->passed_over == 1 ? "was" : "were",
           set->first_passed_over);
  strings_add(&job->result->warnings, text);
}

bool job_vectors_set_up(struct job *job, struct assay_error *error) {
  const struct job_options *options = job->options;
  job->explained = CORPUS_NONE;
  if (!vector_set_read(&job->vectors, options->vectors, is_guarded(job), error) || !make_list(job, error))
    return false;
  job->vectors_fd = vectors_seal(&job->vectors.raw, error);
  if (job->vectors_fd < 0)
    return false;
  describe(job);
  file_left_out(job);
  warn_passed_over(job);
  job->host = (struct subject_host){.hang_ns = (uint64_t)(options->hang_s * 1e9),
                                    .list = job->list,
                                    .list_len = job->list_len,
                                    .vectors_fd = job->vectors_fd,
                                    .answer_count = (uint32_t)job->vectors.raw.count};
  return job_subjects(job, error);
}

void job_vectors_close(struct job *job) {
  if (job->vectors_fd > 0)
    close(job->vectors_fd);
  vector_set_fini(&job->vectors);
}

/* ---- answers ---- */

/* What the bare library said, among the answers to tokens: it refuses without a reason. */
static uint16_t plain_answer(const struct job *job, uint16_t answer) {
  bool is_ours = answer == ANSWER_NONE || (answer >= ANSWER_CRASH && answer <= ANSWER_MISSING);
  if (is_ours || is_guarded(job))
    return answer;
  switch ((enum assay_outcome)(answer & ~ANSWER_OF_KEY)) {
  case ASSAY_MATCH: return REASON_OK;
  case ASSAY_MISMATCH:
  case ASSAY_MALFORMED: return REASON_UNMAPPED;
  case ASSAY_UNSUPPORTED: return REASON_UNSUPPORTED;
  default: return REASON_FAULT;
  }
}

static void vector_answer_text(const struct job *job, uint16_t answer, char *text, size_t size) {
  uint16_t plain = plain_answer(job, answer);
  if (plain == REASON_UNMAPPED)
    snprintf(text, size, "%s", answer & ANSWER_OF_KEY ? "reject the key" : "reject");
  else
    answer_text(plain, text, size);
}

/* Suites say valid or invalid: any reason is right. */
static enum answer_kind kind_at(const struct job *job, unsigned subject, uint32_t position) {
  static const struct answerer who = {0};
  const struct expectation expected = {.verdict = case_at(job, position)->expect};
  return answer_kind(plain_answer(job, answer_at(job, subject, position)), &expected, &who);
}

/* ---- rows ---- */

static bool same_row(const struct job *job, uint32_t a, uint32_t b) {
  const struct vector_case *x = case_at(job, a), *y = case_at(job, b);
  return strcmp(x->class_id, y->class_id) == 0 && strcmp(x->variant, y->variant) == 0 &&
         alg_at(job, a) == alg_at(job, b) && x->expect == y->expect;
}

/* The vectors of a row, from `from` to before `to`: how many were answered in which way, and of those without
 * an expectation what was said. */
static void count_answers(const struct job *job, unsigned subject, uint32_t from, uint32_t to,
                          struct result_verdict *row) {
  char text[128];
  for (uint32_t i = from; i < to; i++) {
    uint16_t answer = answer_at(job, subject, i);
    if (answer == ANSWER_NONE)
      continue;
    enum answer_kind kind = kind_at(job, subject, i);
    verdict_count(row, kind, 1);
    row->forbidden += case_at(job, i)->forbidden;
    if (kind != KIND_UNSCORED)
      continue;
    vector_answer_text(job, answer, text, sizeof text);
    verdict_add_given(row, kind, text, case_at(job, i)->name);
  }
  verdict_sort_given(row);
}

/* The first few vectors that were answered wrongly, those with the worst answers first. */
static void file_examples(const struct job *job, unsigned subject, uint32_t from, uint32_t to,
                          struct result_verdict *row) {
  for (enum answer_kind kind = KIND_ACCEPTED; kind < KIND_UNDECIDED; kind++)
    for (uint32_t i = from; result_count(row, kind) && i < to && row->examples.count < EXAMPLES_MAX; i++)
      if (answer_at(job, subject, i) != ANSWER_NONE && kind_at(job, subject, i) == kind)
        strings_add(&row->examples, case_at(job, i)->name);
}

static void file_row(struct job *job, unsigned subject, uint32_t from, uint32_t to) {
  const struct vector_case *first = case_at(job, from);
  const struct expectation expected = {.verdict = first->expect};
  char text[16];
  struct result_verdict *row = result_add_verdict(job->result);
  row->level = is_guarded(job) ? LEVEL_GUARDED : LEVEL_PRIMITIVE;
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->class_id, first->class_id);
  result_set(&row->variant, first->variant);
  result_set(&row->stage, "-");
  result_set(&row->alg, assay_alg_name(alg_at(job, from)));
  result_set(&row->expected, expectation_text(&expected, text, sizeof text));
  count_answers(job, subject, from, to, row);
  file_examples(job, subject, from, to, row);
  job->wrong = job->wrong || result_fails(row);
}

/* What a subject thinks of one vector: for the bare library a refusal is a refusal, behind the guards each
 * has its reason. -1: it has no opinion. */
static int opinion(const struct job *job, unsigned subject, uint32_t position) {
  uint16_t answer = plain_answer(job, answer_at(job, subject, position));
  return subject_is_floor(&job->subjects[subject]) || answer == ANSWER_NONE || answer == REASON_UNSUPPORTED
             ? -1
             : answer;
}

static bool differ(const struct job *job, uint32_t position) {
  int seen = -1;
  for (unsigned s = 0; s < job->subject_count; s++) {
    int own = opinion(job, s, position);
    if (own >= 0 && seen >= 0 && own != seen)
      return true;
    seen = own >= 0 ? own : seen;
  }
  return false;
}

/* Whether both vectors were answered alike by each subject, down to whether it was the key that it refused. */
static bool same_answers(const struct job *job, uint32_t a, uint32_t b) {
  for (unsigned s = 0; s < job->subject_count; s++) {
    int own = opinion(job, s, a), unlike = answer_at(job, s, a) ^ answer_at(job, s, b);
    if (own != opinion(job, s, b) || (own == REASON_UNMAPPED && unlike & ANSWER_OF_KEY))
      return false;
  }
  return true;
}

/* The drift row of an earlier vector of the row that begins at `from`, if the subjects divide over this one
 * in the same way; NULL: they do so for the first time. first_drift: of that row. */
static struct result_drift *drift_like(struct job *job, uint32_t from, uint32_t at, size_t first_drift) {
  for (uint32_t i = from; i < at; i++)
    if (same_answers(job, i, at))
      for (size_t d = first_drift; d < job->result->drift_count; d++)
        if (strcmp(job->result->drift[d].example, case_at(job, i)->name) == 0)
          return &job->result->drift[d];
  return NULL;
}

static struct result_drift *drift_begin(struct job *job, uint32_t at) {
  const struct vector_case *first = case_at(job, at);
  const struct expectation expected = {.verdict = first->expect};
  char text[16];
  struct result_drift *row = result_add_drift(job->result);
  result_set(&row->class_id, first->class_id);
  result_set(&row->variant, first->variant);
  result_set(&row->alg, assay_alg_name(alg_at(job, at)));
  result_set(&row->example, first->name);
  result_set(&row->expected, expectation_text(&expected, text, sizeof text));
  return row;
}

/* One row for each way in which the subjects divide, with its first vector. */
static void file_drift(struct job *job, uint32_t from, uint32_t at, size_t first_drift) {
  if (!differ(job, at))
    return;
  struct result_drift *row = drift_like(job, from, at, first_drift);
  if (row) {
    row->tokens++;
    return;
  }
  row = drift_begin(job, at);
  row->tokens = 1;
  for (unsigned s = 0; s < job->subject_count; s++) {
    char text[128];
    if (opinion(job, s, at) < 0)
      continue;
    vector_answer_text(job, answer_at(job, s, at), text, sizeof text);
    struct result_answer *answer = drift_add_answer(row);
    result_set(&answer->subject, job->subjects[s].spec.label);
    result_set(&answer->answer, text);
  }
}

static void file_all(struct job *job) {
  for (uint32_t from = 0, to; from < job->check_len; from = to) {
    for (to = from + 1; to < job->check_len && same_row(job, from, to);)
      to++;
    for (unsigned s = 0; s < job->subject_count; s++)
      if (!subject_is_floor(&job->subjects[s]))
        file_row(job, s, from, to);
    size_t first_drift = job->result->drift_count;
    for (uint32_t i = from; i < to; i++)
      file_drift(job, from, i, first_drift);
  }
}

bool job_vectors(struct job *job, struct assay_error *error) {
  struct check check = {.subjects = job->subjects,
                        .subject_count = job->subject_count,
                        .list_len = job->list_len,
                        .ask = is_guarded(job) ? COMMAND_GUARDED : COMMAND_PRIMITIVE,
                        .stop = &stop_asked,
                        .progress = progress_show};
  bool ok = job_ask(job, &check);
  file_all(job);
  job_file_errors(job);
  (void)error;
  return ok || !stop_asked;
}
