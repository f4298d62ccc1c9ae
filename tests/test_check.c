/* The verdict pass over workers that do not do what they are told: every token asked is answered or named.
 * Takes long. */
#include "tests/cli.h"

#include "tests/verdict_rows.h"
#include <errno.h>
#include <time.h>

#include "harness/subject/check.h"
#include "harness/subject/subject_memory.h"
#include "harness/wire/shared_memory.h"

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
  json_array_foreach(verdict_rows(result), i, row) sum += json_integer_value(json_object_get(row, field));
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
  cr_assert(subject_spec_parse(&asked->spec, module, NULL, &error), "%s", error.text);
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

/* ---- subjects that never come back ---- */

#define STALLS TEST_MODULES "/stalls.so"
#define HANG_NS UINT64_C(200000000)
#define PATIENCE_NS UINT64_C(1000000000)

static double seconds_since(const struct timespec *from) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - from->tv_sec) + (double)(now.tv_nsec - from->tv_nsec) / 1e9;
}

static void stalled_open(struct asked *asked, const char *way, struct timespec *from) {
  setenv("ASSAY_TEST_WAY", way, 1);
  asked_open(asked, STALLS);
  asked->host.hang_ns = HANG_NS;
  asked->host.patience_ns = PATIENCE_NS;
  clock_gettime(CLOCK_MONOTONIC, from);
}

/* Whatever the hook, and whatever token it says that it is at: after a second of hangs that is enough. */
Test(check, a_subject_that_hangs_on_every_token_is_given_up) {
  static const char *const ways[] = {"verify", "busy", "key_open", "ctx_open"};
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    static struct asked asked;
    struct timespec from;
    stalled_open(&asked, ways[i], &from);
    cr_expect_not(check_run(&asked.check), "%s", ways[i]);
    cr_expect_lt(seconds_since(&from), 20, "%s: %f s", ways[i], seconds_since(&from));
    cr_expect_not_null(strstr(asked.subject.error.text, "stalls: given up after "), "%s: %s", ways[i],
                       asked.subject.error.text);
    cr_expect_not_null(strstr(asked.subject.error.text, "tokens were not asked"), "%s: %s", ways[i],
                       asked.subject.error.text);
    asked_close(&asked);
  }
}

/* A block that moves and does not end, and one that does not begin. */
Test(check, a_block_that_does_not_end_is_a_hang) {
  static const char *const ways[] = {"busy", "verify", "key_open"};
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    static struct asked asked;
    struct timespec from;
    const struct control_command command = {
        .kind = COMMAND_BLOCK, .block = BLOCK_VERIFY, .cpu = -1, .threads = 1, .list_len = 64, .count = 100};
    stalled_open(&asked, ways[i], &from);
    cr_expect_eq(subject_do(&asked.subject, &command, NULL), EVENT_HANG, "%s", ways[i]);
    cr_expect_lt(seconds_since(&from), 15, "%s: %f s", ways[i], seconds_since(&from));
    asked_close(&asked);
  }
}

Test(check, a_library_that_hangs_as_it_closes_is_ended) {
  static struct asked asked;
  struct timespec from;
  stalled_open(&asked, "ctx_close", &from);
  cr_expect(check_run(&asked.check), "%s", asked.subject.error.text);
  asked_close(&asked);
  cr_expect_lt(seconds_since(&from), 25, "%f s", seconds_since(&from));
}

/* ---- libraries that write over what they share ---- */

#define SCRIBBLER TEST_MODULES "/scribbler.so"

/* Of the memory, and what they are filled with. */
static const struct {
  const char *name, *fill;
} parts[] = {{"all", "ff"},         {"all", "0"},        {"behind", "ff"},     {"behind", "0"},
             {"layout", "ff"},      {"layout", "0"},     {"turn", "ff"},       {"done", "ff"},
             {"command", "ff"},     {"command", "0"},    {"reply", "ff"},      {"lanes", "ff"},
             {"identity", "ff"},    {"hists", "ff"},     {"times", "ff"},      {"abi", "ff"},
             {"reply.state", "ff"}, {"truncate", "ff"},  {"words_used", "ff"}, {"reply.error", "ff"},
             {"reply.state", "1"},  {"died_lane", "ff"}, {"lanes", "0"}};

/* Every row of a subject is as it should be. */
static bool all_right(const json_t *result, const char *subject) {
  size_t i;
  json_t *row;
  long long tokens = 0, right = 0;
  json_array_foreach(verdict_rows(result), i, row) {
    if (strcmp(json_string_value(json_object_get(row, "subject")), subject) != 0)
      continue;
    tokens += json_integer_value(json_object_get(row, "tokens"));
    right += json_integer_value(json_object_get(row, "right"));
  }
  return tokens > 100 && tokens == right;
}

/* Nor can it take the memory from under the host, which would die of that. */
Test(check, what_is_shared_keeps_its_size) {
  static struct asked asked;
  asked_open(&asked, SCRIBBLER);
  int fd = asked.subject.memory->fd;
  cr_expect_eq(fcntl(fd, F_GET_SEALS), SHARED_FIXED_SIZE);
  cr_expect(ftruncate(fd, 0) != 0 && errno == EPERM);
  cr_expect(ftruncate(fd, 1 << 30) != 0 && errno == EPERM);
  cr_expect(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) != 0 && errno == EPERM);
  cr_expect(check_run(&asked.check), "%s", asked.subject.error.text);
  asked_close(&asked);
}

static const struct ran *scribble(size_t part, int time, const char *command, const char *errors) {
  return shell("ASSAY_TEST_TRIGGER=. ASSAY_TEST_TIME=%d ASSAY_TEST_WAY=%s ASSAY_TEST_FILL=%s " BIN
               "/assay %s --corpus " TEST_CORPUS " --alg HS256 --subject " SCRIBBLER ",openssl 2>%s",
               time, parts[part].name, parts[part].fill, command, errors);
}

/* It costs the library its own answers, and nobody else's; the program does not die of it. */
Test(check, a_library_that_scribbles_costs_its_own_answers_alone) {
  test_corpus();
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    const struct ran *ran = scribble(i, 100, "check --json --hang-after 4", "/dev/null");
    cr_expect_eq(ran->code, 2, "%s %s: exit %d", parts[i].name, parts[i].fill, ran->code);
    json_t *result = json_loads(ran->out, 0, NULL);
    cr_assert_not_null(result, "%s %s: %.300s", parts[i].name, parts[i].fill, ran->out);
    cr_expect(all_right(result, "openssl"), "%s %s", parts[i].name, parts[i].fill);
    json_decref(result);
  }
}

/* Measured, the subject is named where it has to be left out. */
Test(check, a_library_that_scribbles_is_named_where_it_cannot_be_measured) {
  test_corpus();
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i += 3) {
    const struct ran *ran =
        scribble(i, 900, "bench --hang-after 0.5 --seconds 0.1 --launches 1 --threads 1", "&1");
    cr_expect(ran->code == 0 || (ran->code == 2 && strstr(ran->out, "scribbler")), "%s %s: exit %d: %s",
              parts[i].name, parts[i].fill, ran->code, ran->out);
    cr_expect_not_null(strstr(ran->out, "openssl"), "%s %s: %s", parts[i].name, parts[i].fill, ran->out);
  }
}
