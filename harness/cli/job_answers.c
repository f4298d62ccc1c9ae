/* --answers: what every subject said of every token, one by one, for programs. A run's result keeps counts
 * and the few tokens that explain them; this keeps all, as JSON Lines or, by the file's name, as CSV. It is
 * written token by token, in the order of the corpus, so that their number costs no memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/job.h"
#include "reports/escape.h"
#include "reports/json_value.h"

/* One answer in words of its own: a verdict, and a reason where it is one of ours. */
struct spoken {
  char text[128];
  const char *verdict, *reason; /* reason: "" where none was told, or none can be */
};

static void speak(unsigned answer, struct spoken *spoken) {
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
  return control_answers(job->subjects[subject].control)[index];
}

/* The counter of a verdict row that the token is in; "" where it was not asked. */
static const char *counter_of(const struct job *job, unsigned subject, const struct about *about) {
  const struct answerer who = {job->is_whole[subject], &job->gaps[subject]};
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
    if (job->is_floor[s])
      continue;
    speak(answer_of(job, s, about->index), &spoken);
    ok = put_text(between, job->subjects[s].spec.label, stream) &&
         put_text(":{\"verdict\":", spoken.verdict, stream) &&
         put_text(",\"reason\":", spoken.reason, stream) &&
         put_text(",\"counted\":", counter_of(job, s, about), stream);
    fputc('}', stream);
    between = ",";
  }
  fputs("}}\n", stream);
  return ok;
}

static void put_rows(const struct job *job, const struct about *about, FILE *stream) {
  for (unsigned s = 0; s < job->subject_count; s++) {
    struct spoken spoken;
    if (job->is_floor[s])
      continue;
    speak(answer_of(job, s, about->index), &spoken);
    const char *const cells[] = {about->id,
                                 about->class_id,
                                 about->variant,
                                 about->alg,
                                 about->expected,
                                 about->expectation.pinned ? "true" : "false",
                                 job->subjects[s].spec.label,
                                 spoken.verdict,
                                 spoken.reason,
                                 counter_of(job, s, about)};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
      fputs(i ? "," : "", stream);
      put_csv(stream, cells[i]);
    }
    fputs("\r\n", stream);
  }
}

static int by_index(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* In the order of the corpus, which is that of a file of cases. */
static bool put_all(const struct job *job, bool csv, FILE *stream) {
  uint32_t *order = malloc((job->check_len + 1) * sizeof *order);
  bool ok = order != NULL;
  if (ok && job->check_len) {
    memcpy(order, job->list + job->check_at, job->check_len * sizeof *order);
    qsort(order, job->check_len, sizeof *order, by_index);
  }
  if (csv)
    fputs("id,class,variant,alg,expected,pinned,subject,verdict,reason,counted\r\n", stream);
  for (uint32_t i = 0; ok && i < job->check_len; i++) {
    struct about about;
    about_set(&about, job, order[i]);
    if (csv)
      put_rows(job, &about, stream);
    else
      ok = put_line(job, &about, stream);
  }
  free(order);
  return ok;
}

static bool ends_in_csv(const char *path) {
  size_t length = strlen(path);
  return length > 4 && strcmp(path + length - 4, ".csv") == 0;
}

bool job_answers(const struct job *job, struct assay_error *error) {
  const char *path = job->options->answers;
  bool is_stdout = strcmp(path, "-") == 0;
  FILE *stream = is_stdout ? stdout : fopen(path, "we");
  if (!stream)
    return error_set(error, "--answers: cannot write %s: %s", path, strerror(errno));
  bool ok = put_all(job, ends_in_csv(path), stream);
  ok = fflush(stream) == 0 && !ferror(stream) && ok;
  int reason = errno;
  if (!is_stdout && fclose(stream) != 0)
    ok = false;
  return ok || error_set(error, "--answers: cannot write %s: %s", is_stdout ? "to standard output" : path,
                         strerror(reason));
}
