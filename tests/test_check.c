/* The verdict pass over workers that do not do what they are told: every token asked is answered or named. */
#include "tests/cli.h"
#include "tests/verdict_rows.h"

#include "harness/subject/check.h"

#define FORGER TEST_MODULES "/forger.so"

/* A check of HS256 in which the module behaves in the given way on the given call. */
static const struct ran *check_forger(const char *way, int time) {
  return shell("ASSAY_TEST_TRIGGER=. ASSAY_TEST_TIME=%d ASSAY_TEST_WAY=%s " BIN
               "/assay check --corpus " TEST_CORPUS " --alg HS256 --subject " FORGER " --json 2>/dev/null",
               time, way);
}

static long long sum_of(const json_t *result, const char *field) {
  size_t i;
  json_t *row;
  long long sum = 0;
  json_array_foreach(verdict_rows(result), i, row) sum +=
      json_integer_value(json_object_get(row, field));
  return sum;
}

static const char *first_warning(const json_t *result, const char *with) {
  size_t i;
  json_t *text;
  json_array_foreach(json_object_get(result, "warnings"), i, text) {
    if (strstr(json_string_value(text), with))
      return json_string_value(text);
  }
  return NULL;
}

/* As many as a subject is asked that keeps its word, after that many calls. */
static long long asked(void) {
  test_corpus();
  json_t *result = json_loads(check_forger("not-at-all", 1)->out, 0, NULL);
  cr_assert_not_null(result);
  long long tokens = sum_of(result, "tokens");
  json_decref(result);
  return tokens;
}

Test(check, a_worker_that_says_it_is_done_answers_for_every_token) {
  static const char *const ways[] = {"early", "early-ok", "error", "wipe"};
  long long due = asked();
  cr_assert_gt(due, 100);
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    const struct ran *ran = check_forger(ways[i], 44);
    cr_expect_eq(ran->code, 2, "%s: exit %d", ways[i], ran->code);
    json_t *result = json_loads(ran->out, 0, NULL);
    cr_assert_not_null(result, "%s: %.300s", ways[i], ran->out);
    cr_expect_eq(sum_of(result, "tokens"), due, "%s: %lld of %lld", ways[i], sum_of(result, "tokens"), due);
    cr_expect_gt(sum_of(result, "fault"), 10, "%s", ways[i]);
    cr_expect_not_null(first_warning(result, "tokens were not answered, the first "), "%s: %.2000s", ways[i],
                       ran->out);
    json_decref(result);
  }
}

Test(check, a_worker_that_says_it_is_done_has_measured_nothing) {
  test_corpus();
  const struct ran *ran =
      shell("ASSAY_TEST_TRIGGER=. ASSAY_TEST_WAY=early-ok " BIN "/assay bench --corpus " TEST_CORPUS
            " --alg HS256 --seconds 0.2 --launches 1 --threads 1 --subject " FORGER " 2>&1 >/dev/null");
  cr_expect_eq(ran->code, 2, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "had measured nothing"), "%s", ran->out);
}

Test(check, a_worker_that_dies_after_its_answers_is_told) {
  test_corpus();
  const struct ran *ran = check_forger("late-death", 1);
  cr_expect_eq(ran->code, 2, "exit %d", ran->code);
}

/* What a library prints reaches neither the result nor the terminal; of a crash it is quoted, and harmless.
 */
Test(check, what_a_library_prints_is_quoted_where_it_dies_and_else_lost) {
  test_corpus();
  const struct ran *ran = check_forger("print", 300);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_expect_not_null(result, "%.200s", ran->out);
  cr_expect_gt(sum_of(result, "crash"), 0);
  json_decref(result);
  ran = shell("ASSAY_TEST_TRIGGER=. ASSAY_TEST_WAY=print " BIN "/assay bench --corpus " TEST_CORPUS
              " --alg HS256 --seconds 0.2 --launches 1 --threads 1 --subject " FORGER " 2>&1 >/dev/null");
  cr_expect_eq(ran->code, 2);
  cr_expect_not_null(strstr(ran->out, "(Aborted), having printed: its heap is torn?[31m\n"), "%s", ran->out);
  cr_expect_null(strchr(ran->out, '\x1b'));
}

/* ---- deaths that nobody asked for ---- */

struct asked {
  struct corpus corpus;
  struct subject_spec spec;
  struct subject_host host;
  struct subject subject;
  struct check check;
  uint32_t list[64];
};

static void asked_open(struct asked *asked, const char *module) {
  struct assay_error error = {0};
  setenv("ASSAY_BIN", BIN, 1);
  cr_assert(corpus_open(&asked->corpus, test_corpus(), &error), "%s", error.text);
  cr_assert(subject_spec_parse(&asked->spec, module, &error), "%s", error.text);
  for (uint32_t i = 0; i < 64; i++)
    asked->list[i] = i;
  asked->host = (struct subject_host){
      .corpus = &asked->corpus, .hang_ns = UINT64_C(5000000000), .list = asked->list, .list_len = 64};
  cr_assert(subject_open(&asked->subject, &asked->spec, &asked->host, &error), "%s", error.text);
  asked->check = (struct check){.subjects = &asked->subject, .subject_count = 1, .list_len = 64};
}

static void asked_close(struct asked *asked) {
  subject_close(&asked->subject);
  corpus_close(&asked->corpus);
}

Test(check, a_worker_killed_before_its_first_token_is_asked_again) {
  static struct asked asked;
  asked_open(&asked, FORGER);
  kill(asked.subject.pid, SIGKILL);
  cr_expect(check_run(&asked.check), "%s", asked.subject.error.text);
  cr_expect_eq(asked.subject.restarts, 1);
  for (int i = 0; i < 64; i++)
    cr_expect_neq(subject_answer(&asked.subject, (uint32_t)i), ANSWER_NONE, "%d", i);
  asked_close(&asked);
}

Test(check, a_worker_that_dies_between_two_checks_is_told_and_replaced) {
  static struct asked asked;
  asked_open(&asked, FORGER);
  cr_expect(check_run(&asked.check), "%s", asked.subject.error.text);
  cr_expect(subject_check_alive(&asked.subject));
  kill(asked.subject.pid, SIGKILL);
  usleep(100000);
  cr_expect_not(subject_check_alive(&asked.subject));
  cr_expect_not_null(strstr(asked.subject.error.text, "died after it had answered: signal 9"), "%s",
                     asked.subject.error.text);
  cr_expect(subject_check_alive(&asked.subject), "it has been replaced");
  asked_close(&asked);
}

/* A worker that cannot be started any more: what it was not asked is counted. */
Test(check, what_a_lost_subject_was_not_asked_is_counted) {
  static struct asked asked;
  asked_open(&asked, FORGER);
  snprintf(asked.subject.spec.module, sizeof asked.subject.spec.module, "/nowhere.so");
  kill(asked.subject.pid, SIGKILL);
  cr_expect_not(check_run(&asked.check));
  cr_expect_not_null(strstr(asked.subject.error.text, "64 of 64 tokens were not asked"), "%s",
                     asked.subject.error.text);
  cr_expect_eq(asked.subject.state, SUBJECT_DEAD);
  cr_expect_eq(subject_poll(&asked.subject, 0), EVENT_ERROR);
  asked_close(&asked);
}
