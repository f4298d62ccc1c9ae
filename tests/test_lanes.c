/* Workers with two threads, of which the second misbehaves: what it was at work on is what the host names.
 * Has threads. */
#include "tests/cli.h"

#include "harness/subject/subject.h"

#define LANES TEST_MODULES "/lanes.so"
#define TOKENS 16
#define STRUCK 11 /* a position in the second thread's half of the list */
#define COUNT 6

struct two {
  struct corpus corpus;
  struct subject_spec spec;
  struct subject_host host;
  struct subject subject;
  uint32_t list[TOKENS];
};

static bool serves(const struct corpus *corpus, const struct corpus_token *token) {
  struct assay_bytes class_id = corpus_bytes(corpus, corpus->variants[token->variant].class_id);
  return token->alg == ASSAY_HS256 && token->verdict == EXPECT_ACCEPT && token->setting == 0 &&
         token->after == CORPUS_NONE && bytes_eq(class_id, BYTES_LIT("valid"));
}

static void list_fill(struct two *two) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < two->corpus.header->token_count && count < TOKENS; i++)
    if (serves(&two->corpus, &two->corpus.tokens[i]))
      two->list[count++] = i;
  cr_assert_eq(count, TOKENS);
}

/* The payload of a token as it was sent, which no other token has. */
static void trigger_set(const struct corpus *corpus, uint32_t token) {
  char text[16384];
  struct assay_bytes bytes = corpus_bytes(corpus, corpus->tokens[token].token);
  snprintf(text, sizeof text, "%.*s", (int)bytes.len, (const char *)bytes.ptr);
  char *payload = strchr(text, '.') + 1;
  *strchr(payload, '.') = '\0';
  setenv("ASSAY_TEST_TRIGGER", payload, 1);
}

static void two_open(struct two *two, const char *way) {
  struct assay_error error = {0};
  setenv("ASSAY_BIN", BIN, 1);
  setenv("ASSAY_TEST_WAY", way, 1);
  setenv("ASSAY_TEST_SLOW", "1", 1);
  setenv("ASAN_OPTIONS", "handle_segv=0", 1); /* the worker is asked, not the sanitizer */
  cr_assert(corpus_open(&two->corpus, test_corpus(), &error), "%s", error.text);
  cr_assert(subject_spec_parse(&two->spec, LANES, NULL, &error), "%s", error.text);
  list_fill(two);
  trigger_set(&two->corpus, two->list[STRUCK]);
  two->host = (struct subject_host){.corpus = &two->corpus,
                                    .hang_ns = UINT64_C(1000000000),
                                    .list = two->list,
                                    .list_len = TOKENS,
                                    .timed_threads = 4};
  cr_assert(subject_open(&two->subject, &two->spec, &two->host, &error), "%s", error.text);
}

static void two_close(struct two *two) {
  subject_close(&two->subject);
  corpus_close(&two->corpus);
}

static enum subject_event ask(struct two *two, unsigned threads, bool latency) {
  const struct control_command command = {.kind = COMMAND_BLOCK,
                                          .block = BLOCK_VERIFY,
                                          .cpu = -1,
                                          .threads = threads,
                                          .list_len = TOKENS,
                                          .count = COUNT,
                                          .latency = latency};
  return subject_do(&two->subject, &command, NULL);
}

static void expect_token(const char *way, enum subject_event expected, uint32_t position) {
  static struct two two;
  two_open(&two, way);
  enum subject_event event = ask(&two, 2, false);
  cr_expect_eq(event, expected, "%s: %d", way, (int)event);
  cr_expect_eq(two.subject.last_token, position == CORPUS_NONE ? CORPUS_NONE : two.list[position], "%s: %u",
               way, two.subject.last_token);
  cr_expect_eq(ask(&two, 1, false), EVENT_DONE, "%s: %s", way, two.subject.error.text);
  two_close(&two);
}

Test(lanes, a_crash_in_the_second_thread_names_its_token) {
  expect_token("crash", EVENT_CRASH, STRUCK);
  expect_token("overflow", EVENT_CRASH, STRUCK);
}

Test(lanes, a_hang_in_the_second_thread_names_its_token) {
  expect_token("hang", EVENT_HANG, STRUCK);
}

/* Both were at work, and it is not known which of them was the cause: no token is blamed. */
Test(lanes, where_no_thread_is_known_no_token_is_named) {
  expect_token("kill", EVENT_CRASH, CORPUS_NONE);
}

Test(lanes, a_wrong_verdict_in_the_second_thread_names_its_token) {
  static struct two two;
  two_open(&two, "lie");
  cr_expect_eq(ask(&two, 2, false), EVENT_DONE, "%s", two.subject.error.text);
  cr_expect_eq(two.subject.outcome.wrong, 1);
  cr_expect_eq(two.subject.outcome.first_wrong, two.list[STRUCK]);
  cr_expect_eq(two.subject.outcome.wrong_reason, REASON_SIGNATURE_INVALID);
  two_close(&two);
}

/* Each thread fills a histogram of its own: none loses a sample to another. */
Test(lanes, every_thread_times_its_own_tokens) {
  static struct two two;
  static struct hist all;
  two_open(&two, "none");
  subject_latency_reset(&two.subject);
  for (unsigned threads = 1; threads <= 4; threads++)
    cr_assert_eq(ask(&two, threads, true), EVENT_DONE, "%u threads: %s %s", threads, two.subject.error.text,
                 two.subject.last_cause);
  cr_expect_eq(subject_latency_samples(&two.subject), 10 * COUNT);
  cr_expect(subject_latency_add(&two.subject, &all), "%s", two.subject.error.text);
  cr_expect_eq(all.total, 10 * COUNT);
  cr_expect_gt(all.max_ns, 50000000, "the main thread's are slow");
  subject_latency_reset(&two.subject);
  hist_reset(&all);
  cr_expect_eq(ask(&two, 2, true), EVENT_DONE);
  cr_expect(subject_latency_add(&two.subject, &all), "%s", two.subject.error.text);
  cr_expect_eq(all.total, 2 * COUNT);
  two_close(&two);
}

/* As a user sees it. */
Test(lanes, the_message_names_the_token_of_the_second_thread) {
  static struct two two;
  two_open(&two, "none");
  char id[256];
  struct assay_bytes bytes = corpus_bytes(&two.corpus, two.corpus.tokens[two.list[STRUCK]].id);
  snprintf(id, sizeof id, "lanes crashed on %.*s while it was measured: signal 11", (int)bytes.len,
           (const char *)bytes.ptr);
  const struct ran *ran = shell("unset ASSAY_TEST_SLOW; ASSAY_TEST_WAY=crash " BIN
                                "/assay bench --corpus " TEST_CORPUS " --alg HS256 --seconds 0.2"
                                " --launches 1 --threads 2 --subject " LANES " 2>&1 >/dev/null");
  cr_expect_eq(ran->code, 2, "exit %d", ran->code);
  cr_expect_not_null(strstr(ran->out, id), "'%s' is not in: %s", id, ran->out);
  two_close(&two);
}
