/* --answers: what every subject said of every token, one by one, for programs. A run's result keeps counts
 * and the few tokens that explain them; this keeps all, as JSON Lines or, by the file's name, as CSV or
 * JUnit. It is written token by token, in the order of the corpus, so that their number costs no memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "harness/job/job.h"
#include "reports/model/json_value.h"
#include "reports/text/escape.h"

/* One answer: a verdict, a reason where it is one of ours, and what a whole verifier said in its own words.
 */
struct spoken {
  char text[128];
  const char *verdict, *reason; /* reason: "" where none was told, or none can be */
  char words[ASSAY_WORDS_BYTES];
};

static void speak(const struct job *job, unsigned subject, uint32_t token, struct spoken *spoken) {
  const struct subject *who = &job->subjects[subject];
  uint16_t answer = subject_answer(who, token);
  subject_words(who, token, spoken->words);
  static const char reject[] = "reject ";
  const char *text = answer_text(answer, spoken->text, sizeof spoken->text);
  bool rejects = strncmp(text, reject, sizeof reject - 1) == 0;
  spoken->verdict = rejects ? "reject" : text;
  spoken->reason = rejects && answer != REASON_UNMAPPED ? text + sizeof reject - 1 : "";
}

/* What is told of a token, before any answer. */
struct about {
  uint32_t index;
  const char *id, *class_id, *variant, *alg;
  char expected[2048];
  struct expectation expectation;
};

static void about_set(struct about *about, const struct job *job, uint32_t index) {
  const struct corpus *corpus = &job->corpus;
  const struct corpus_token *token = &corpus->tokens[index];
  about->index = index;
  about->id = span_text(corpus, token->id);
  about->class_id = span_text(corpus, corpus->variants[token->variant].class_id);
  about->variant = span_text(corpus, corpus->variants[token->variant].name);
  about->alg = assay_alg_name((enum assay_alg)token->alg);
  about->expectation = corpus_expectation(corpus, token);
  expectation_text(&about->expectation, about->expected, sizeof about->expected);
}

static uint16_t answer_of(const struct job *job, unsigned subject, uint32_t index) {
  return subject_answer(&job->subjects[subject], index);
}

/* The counter of a verdict row that the token is in; "" where it was not asked. */
static const char *counter_of(const struct job *job, unsigned subject, const struct about *about) {
  const struct answerer who = subject_answerer(&job->subjects[subject]);
  uint16_t answer = answer_of(job, subject, about->index);
  return answer == ANSWER_NONE ? ""
                               : answer_kind_words(answer_kind(answer, &about->expectation, &who))->counter;
}

static bool put_text(const char *before, const char *text, FILE *stream) {
  fputs(before, stream);
  return json_put(json_text(text), JSON_COMPACT | JSON_ENCODE_ANY, stream);
}

static bool put_line(const struct job *job, const struct about *about, FILE *stream) {
  bool ok = put_text("{\"id\":", about->id, stream) && put_text(",\"class\":", about->class_id, stream) &&
            put_text(",\"variant\":", about->variant, stream) && put_text(",\"alg\":", about->alg, stream) &&
            put_text(",\"expected\":", about->expected, stream);
  fprintf(stream, ",\"pinned\":%s,\"answers\":{", about->expectation.pinned ? "true" : "false");
  const char *between = "";
  for (unsigned s = 0; s < job->subject_count && ok; s++) {
    struct spoken spoken;
    if (subject_is_floor(&job->subjects[s]))
      continue;
    speak(job, s, about->index, &spoken);
    ok = put_text(between, job->subjects[s].spec.label, stream) &&
         put_text(":{\"verdict\":", spoken.verdict, stream) &&
         put_text(",\"reason\":", spoken.reason, stream) &&
         put_text(",\"counted\":", counter_of(job, s, about), stream) &&
         (!spoken.words[0] || put_text(",\"words\":", spoken.words, stream));
    fputc('}', stream);
    between = ",";
  }
  fputs("}}\n", stream);
  return ok;
}

static void put_rows(const struct job *job, const struct about *about, FILE *stream) {
  for (unsigned s = 0; s < job->subject_count; s++) {
    struct spoken spoken;
    if (subject_is_floor(&job->subjects[s]))
      continue;
    speak(job, s, about->index, &spoken);
    const char *const cells[] = {about->id,
                                 about->class_id,
                                 about->variant,
                                 about->alg,
                                 about->expected,
                                 about->expectation.pinned ? "true" : "false",
                                 job->subjects[s].spec.label,
                                 spoken.verdict,
                                 spoken.reason,
                                 counter_of(job, s, about),
                                 spoken.words};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
      fputs(i ? "," : "", stream);
      put_csv(stream, cells[i]);
    }
    fputs("\r\n", stream);
  }
}

/* ---- JUnit: a suite a subject, a case a token, each with what was answered; what is not scored is skipped,
 * since it neither passes nor fails ---- */

enum case_outcome { PASSED, FAILED, BROKEN, SKIPPED, OUTCOMES };

static enum case_outcome outcome_of(const struct job *job, unsigned subject, const struct about *about) {
  const struct answerer who = subject_answerer(&job->subjects[subject]);
  uint16_t answer = answer_of(job, subject, about->index);
  if (answer == ANSWER_NONE)
    return SKIPPED;
  switch (answer_kind(answer, &about->expectation, &who)) {
  case KIND_CRASH:
  case KIND_HANG:
  case KIND_FAULT: return BROKEN;
  case KIND_ACCEPTED:
  case KIND_REFUSED: return FAILED;
  case KIND_REASON:
    return subject_is_verifier(&job->subjects[subject]) ? PASSED : FAILED; /* as exit codes are */
  case KIND_UNSUPPORTED:
  case KIND_UNSCORED: return SKIPPED;
  default: return PASSED;
  }
}

static void put_attribute(FILE *stream, const char *name, const char *value) {
  fprintf(stream, " %s=\"", name);
  put_xml(stream, value);
  fputc('"', stream);
}

static void put_case(const struct job *job, unsigned subject, const struct about *about, FILE *stream) {
  static const char *const elements[OUTCOMES] = {
      [PASSED] = "system-out", [FAILED] = "failure", [BROKEN] = "error", [SKIPPED] = "skipped"};
  const struct subject *who = &job->subjects[subject];
  enum case_outcome outcome = outcome_of(job, subject, about);
  char text[128], said[ASSAY_WORDS_BYTES];
  subject_words(who, about->index, said);
  fputs("  <testcase", stream);
  put_attribute(stream, "classname", about->class_id);
  put_attribute(stream, "name", about->id);
  fprintf(stream, "><%s", elements[outcome]);
  answer_text(answer_of(job, subject, about->index), text, sizeof text);
  if (outcome == PASSED)
    fprintf(stream, ">answered: %s; ", text); /* words of ours alone */
  else
    put_attribute(stream, "message", text);
  fputs(outcome == SKIPPED ? "/>" : outcome == PASSED ? "" : ">", stream);
  if (outcome != SKIPPED) {
    fputs("expected: ", stream);
    put_xml(stream, about->expected);
    fputs(about->expectation.pinned ? " (pinned)" : "", stream);
    fputs(said[0] ? "; it said: " : "", stream);
    put_xml(stream, said);
    fprintf(stream, "</%s>", elements[outcome]);
  }
  fputs("</testcase>\n", stream);
}

static void put_suite(const struct job *job, unsigned subject, const uint32_t *order, FILE *stream) {
  size_t counts[OUTCOMES] = {0};
  struct about about;
  for (uint32_t i = 0; i < job->check_len; i++) {
    about_set(&about, job, order[i]);
    counts[outcome_of(job, subject, &about)]++;
  }
  fputs(" <testsuite", stream);
  put_attribute(stream, "name", job->subjects[subject].spec.label);
  fprintf(stream, " tests=\"%u\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n", job->check_len,
          counts[FAILED], counts[BROKEN], counts[SKIPPED]);
  for (uint32_t i = 0; i < job->check_len; i++) {
    about_set(&about, job, order[i]);
    put_case(job, subject, &about, stream);
  }
  fputs(" </testsuite>\n", stream);
}

static void put_suites(const struct job *job, const uint32_t *order, FILE *stream) {
  fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\">\n", stream);
  for (unsigned s = 0; s < job->subject_count; s++)
    if (!subject_is_floor(&job->subjects[s]))
      put_suite(job, s, order, stream);
  fputs("</testsuites>\n", stream);
}

/* ---- all of them ---- */

enum form { FORM_JSON_LINES, FORM_CSV, FORM_JUNIT };

static bool put_tokens(const struct job *job, const uint32_t *order, enum form form, FILE *stream) {
  bool ok = true;
  if (form == FORM_CSV)
    fputs("id,class,variant,alg,expected,pinned,subject,verdict,reason,counted,words\r\n", stream);
  for (uint32_t i = 0; ok && i < job->check_len; i++) {
    struct about about;
    about_set(&about, job, order[i]);
    if (form == FORM_CSV)
      put_rows(job, &about, stream);
    else
      ok = put_line(job, &about, stream);
  }
  return ok;
}

static int by_index(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* In the order of the corpus, which is that of a file of cases. */
static bool put_all(const struct job *job, enum form form, FILE *stream) {
  uint32_t *order = malloc((job->check_len + 1) * sizeof *order);
  bool ok = order != NULL;
  if (ok && job->check_len) {
    memcpy(order, job->list + job->check_at, job->check_len * sizeof *order);
    qsort(order, job->check_len, sizeof *order, by_index);
  }
  if (ok && form == FORM_JUNIT)
    put_suites(job, order, stream);
  else if (ok)
    ok = put_tokens(job, order, form, stream);
  free(order);
  return ok;
}

static enum form form_of(const char *path) {
  const char *dot = strrchr(path, '.');
  if (dot && strcasecmp(dot, ".csv") == 0)
    return FORM_CSV;
  return dot && strcasecmp(dot, ".xml") == 0 ? FORM_JUNIT : FORM_JSON_LINES;
}

/* What is no file, such as a pipe, cannot be put in the place of another. */
static bool is_special(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

bool job_answers_open(struct job *job, struct assay_error *error) {
  const char *path = job->options->answers;
  if (!path || strcmp(path, "-") == 0)
    return true;
  if (!is_special(path))
    return file_open(&job->answers, path, error) || error_prefix(error, "--answers: ");
  job->answers_stream = fopen(path, "we");
  return job->answers_stream || error_set(error, "--answers: cannot write %s: %s", path, strerror(errno));
}

void job_answers_close(struct job *job) {
  file_abandon(&job->answers);
  if (job->answers_stream)
    fclose(job->answers_stream);
  job->answers_stream = NULL;
}

bool job_answers(struct job *job, struct assay_error *error) {
  const char *path = job->options->answers;
  if (!path)
    return true;
  bool is_file = job->answers.stream != NULL;
  FILE *stream = is_file ? job->answers.stream : job->answers_stream ? job->answers_stream : stdout;
  bool ok = put_all(job, form_of(path), stream);
  if (ok && is_file)
    return file_commit(&job->answers, error) || error_prefix(error, "--answers: ");
  ok = fflush(stream) == 0 && !ferror(stream) && ok;
  return ok || error_set(error, "--answers: cannot write %s: %s",
                         stream == stdout ? "to standard output" : path, strerror(errno));
}
