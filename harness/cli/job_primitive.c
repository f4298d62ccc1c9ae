/* The primitive level: what a library's bare verify says of raw vectors, without the guards that the pipeline
 * puts before it. A wrong answer here is a finding about the library and no failure of the run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/job.h"
#include "harness/cli/progress.h"

#define EXAMPLES_MAX 8

static const struct vector_case *case_at(const struct job *job, uint32_t position) {
  return &job->vectors.cases[job->list[position]];
}

static enum assay_alg alg_at(const struct job *job, uint32_t position) {
  return (enum assay_alg)job->vectors.raw.records[job->list[position]].alg;
}

static uint16_t answer_at(const struct job *job, unsigned subject, uint32_t position) {
  return control_answers(job->subjects[subject].control)[job->list[position]];
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

static void warn(struct job *job) {
  const struct vector_set *set = &job->vectors;
  char text[512];
  size_t all = set->left_out[LEFT_DER] + set->left_out[LEFT_HASH] + set->left_out[LEFT_KEY];
  if (all) {
    snprintf(
        text, sizeof text,
        "%zu vectors cannot be put as JOSE signatures and were left out: %zu ECDSA in DER, %zu with another "
        "hash, %zu with an HMAC key shorter than the hash",
        all, set->left_out[LEFT_DER], set->left_out[LEFT_HASH], set->left_out[LEFT_KEY]);
    strings_add(&job->result->warnings, text);
  }
  if (set->passed_over) {
    snprintf(text, sizeof text, "%zu JSON files are of no known form and were passed over, the first: %s",
             set->passed_over, set->first_passed_over);
    strings_add(&job->result->warnings, text);
  }
}

bool job_primitive_set_up(struct job *job, struct assay_error *error) {
  const struct job_options *options = job->options;
  job->explained = CORPUS_NONE;
  if (!vector_set_read(&job->vectors, options->vectors, error) || !make_list(job, error))
    return false;
  job->vectors_fd = vectors_seal(&job->vectors.raw, error);
  if (job->vectors_fd < 0)
    return false;
  describe(job);
  warn(job);
  job->host = (struct subject_host){.hang_ns = (uint64_t)(options->hang_s * 1e9),
                                    .list = job->list,
                                    .list_len = job->list_len,
                                    .answer_count = (uint32_t)job->vectors.raw.count};
  return job_subjects(job, error);
}

void job_primitive_close(struct job *job) {
  if (job->vectors_fd > 0)
    close(job->vectors_fd);
  vector_set_fini(&job->vectors);
}

/* ---- answers ---- */

static bool is_refusal(uint16_t answer) {
  enum assay_outcome outcome = (enum assay_outcome)(answer & ~ANSWER_OF_KEY);
  return outcome == ASSAY_MISMATCH || outcome == ASSAY_MALFORMED;
}

static const char *answer_text(uint16_t answer) {
  if (answer == ANSWER_CRASH || answer == ANSWER_HANG || answer == ANSWER_NONE)
    return answer == ANSWER_CRASH ? "crash" : answer == ANSWER_HANG ? "hang" : "not asked";
  if (answer == ASSAY_MATCH)
    return "accept";
  if (is_refusal(answer))
    return answer & ANSWER_OF_KEY ? "reject the key" : "reject";
  return (answer & ~ANSWER_OF_KEY) == ASSAY_UNSUPPORTED ? "unsupported" : "fault";
}

static void count_answer(struct result_verdict *row, enum corpus_expect expect, uint16_t answer) {
  row->tokens++;
  if (answer == ANSWER_CRASH)
    row->crash++;
  else if (answer == ANSWER_HANG)
    row->hang++;
  else if ((answer & ~ANSWER_OF_KEY) == ASSAY_UNSUPPORTED)
    row->unsupported++;
  else if (answer != ASSAY_MATCH && !is_refusal(answer))
    row->fault++;
  else if (expect == EXPECT_ANY)
    return;
  else if ((expect == EXPECT_ACCEPT) == (answer == ASSAY_MATCH))
    row->right++;
  else
    row->wrong_verdict++;
}

static uint64_t bad_in(const struct result_verdict *row) {
  return row->wrong_verdict + row->fault + row->crash + row->hang;
}

/* ---- rows ---- */

static bool same_row(const struct job *job, uint32_t a, uint32_t b) {
  const struct vector_case *x = case_at(job, a), *y = case_at(job, b);
  return strcmp(x->class_id, y->class_id) == 0 && strcmp(x->variant, y->variant) == 0 &&
         alg_at(job, a) == alg_at(job, b) && x->expect == y->expect;
}

static void file_row(struct job *job, unsigned subject, uint32_t from, uint32_t to) {
  const struct vector_case *first = case_at(job, from);
  struct result_verdict *row = result_add_verdict(job->result);
  result_set(&row->level, "primitive");
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->class_id, first->class_id);
  result_set(&row->variant, first->variant);
  result_set(&row->stage, "-");
  result_set(&row->alg, assay_alg_name(alg_at(job, from)));
  result_set(&row->expected, first->expect == EXPECT_ANY      ? "any"
                             : first->expect == EXPECT_ACCEPT ? "accept"
                                                              : "reject");
  for (uint32_t i = from; i < to; i++) {
    uint16_t answer = answer_at(job, subject, i);
    uint64_t before = bad_in(row);
    if (answer == ANSWER_NONE)
      continue;
    count_answer(row, first->expect, answer);
    if (bad_in(row) > before && row->examples.count < EXAMPLES_MAX)
      strings_add(&row->examples, case_at(job, i)->name);
  }
}

/* What a subject thinks of one vector: at this level a refusal is a refusal. -1: it has no opinion. */
static int opinion(const struct job *job, unsigned subject, uint32_t position) {
  uint16_t answer = answer_at(job, subject, position);
  if (job->is_floor[subject] || answer == ANSWER_NONE || (answer & ~ANSWER_OF_KEY) == ASSAY_UNSUPPORTED)
    return -1;
  return is_refusal(answer) ? ASSAY_MISMATCH : answer;
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

static bool same_opinions(const struct job *job, uint32_t a, uint32_t b) {
  for (unsigned s = 0; s < job->subject_count; s++)
    if (opinion(job, s, a) != opinion(job, s, b))
      return false;
  return true;
}

/* One row for each way in which the subjects divide, with its first vector. */
static void file_drift(struct job *job, uint32_t from, uint32_t at) {
  if (!differ(job, at))
    return;
  for (uint32_t i = from; i < at; i++)
    if (same_opinions(job, i, at))
      return;
  struct result_drift *row = result_add_drift(job->result);
  result_set(&row->class_id, case_at(job, at)->class_id);
  result_set(&row->variant, case_at(job, at)->variant);
  result_set(&row->alg, assay_alg_name(alg_at(job, at)));
  result_set(&row->example, case_at(job, at)->name);
  for (unsigned s = 0; s < job->subject_count; s++) {
    if (opinion(job, s, at) < 0)
      continue;
    struct result_answer *answer = drift_add_answer(row);
    result_set(&answer->subject, job->subjects[s].spec.label);
    result_set(&answer->answer, answer_text(answer_at(job, s, at)));
  }
}

static void file_all(struct job *job) {
  for (uint32_t from = 0, to; from < job->list_len; from = to) {
    for (to = from + 1; to < job->list_len && same_row(job, from, to);)
      to++;
    for (unsigned s = 0; s < job->subject_count; s++)
      if (!job->is_floor[s])
        file_row(job, s, from, to);
    for (uint32_t i = from; i < to; i++)
      file_drift(job, from, i);
  }
}

bool job_primitive(struct job *job, struct assay_error *error) {
  struct check check = {.subjects = job->subjects,
                        .subject_count = job->subject_count,
                        .list_len = job->list_len,
                        .primitive = true,
                        .vectors_fd = job->vectors_fd,
                        .stop = &job_stop,
                        .progress = progress_show};
  bool ok = job_ask(job, &check);
  file_all(job);
  for (unsigned s = 0; s < job->subject_count; s++)
    if (job->subjects[s].error.text[0])
      strings_add(&job->result->warnings, job->subjects[s].error.text);
  (void)error;
  return ok || !job_stop;
}
