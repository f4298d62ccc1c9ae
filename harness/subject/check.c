/* Drives the verdict pass and goes on after a token that kills a worker. */
#include "harness/subject/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/backend.h"
#include "harness/base/text/counts.h"
#include "harness/subject/subject_memory.h"

struct pass {
  bool running;
  uint32_t from;           /* the position asked from last: answers before it have been taken over */
  unsigned deaths, stalls; /* stalls: deaths in a row with no token at work */
};

static uint32_t token_at(const struct check *check, const struct subject *subject, uint32_t position) {
  return subject->host->list[check->list_at + position];
}

static uint16_t answer_at(const struct check *check, const struct subject *subject, uint32_t position) {
  return subject_answer(subject, token_at(check, subject, position));
}

static void answer_set(const struct check *check, struct subject *subject, uint32_t position,
                       uint16_t answer) {
  subject_answer_set(subject, token_at(check, subject, position), answer);
}

static struct control_command command_from(const struct check *check, uint32_t position) {
  return (struct control_command){.kind = check->ask ? check->ask : COMMAND_CHECK,
                                  .cpu = -1,
                                  .threads = 1,
                                  .list_at = check->list_at,
                                  .list_len = check->list_len,
                                  .start = position};
}

/* About all tokens from a position on, none of which has an answer then. */
static void ask_from(const struct check *check, struct subject *subject, struct pass *pass,
                     uint32_t position) {
  const struct control_command command = command_from(check, position);
  pass->from = position;
  answers_clear(subject, &command);
  subject_send(subject, &command);
}

/* Those before `end` of what was asked last. */
static void take_answers(const struct check *check, struct subject *subject, const struct pass *pass,
                         uint32_t end) {
  const struct control_command command = command_from(check, pass->from);
  answers_take(subject, &command, end);
}

/* ---- what comes to pass ---- */

/* The first position from `from` on that has no answer; list_len: there is none. */
static uint32_t first_open(const struct check *check, const struct subject *subject, uint32_t from) {
  while (from < check->list_len && answer_at(check, subject, from) != ANSWER_NONE)
    from++;
  return from;
}

static bool may_go_on(struct subject *subject, struct pass *pass, bool at_token) {
  if (subject->state == SUBJECT_DEAD)
    return false;
  pass->stalls = at_token ? 0 : pass->stalls + 1;
  if (++pass->deaths <= CHECK_DEATHS_MAX && pass->stalls < CHECK_STALLS_MAX)
    return true;
  char deaths[FIGURE_NOUN_BYTES];
  return error_set(&subject->error, "%s: given up after %s of its worker%s, the last by %s",
                   subject->spec.label, figure_noun(deaths, pass->deaths, "death"),
                   at_token ? "" : " before it was at any token", subject->last_cause);
}

/* Whether it was at that token, as it says, of those that it was asked about. */
static bool was_at(const struct check *check, const struct subject *subject, const struct pass *pass) {
  uint32_t position = subject->last_position;
  return subject->last_token != CORPUS_NONE && position >= pass->from && position < check->list_len &&
         token_at(check, subject, position) == subject->last_token;
}

/* The worker died: files the token, if it was at one, and goes on with the next. */
static void after_death(const struct check *check, struct subject *subject, struct pass *pass,
                        uint16_t answer) {
  bool at_token = was_at(check, subject, pass);
  uint32_t next = at_token ? subject->last_position + 1 : 0;
  take_answers(check, subject, pass, at_token ? subject->last_position : check->list_len);
  if (at_token)
    answer_set(check, subject, subject->last_position, answer);
  else
    next = first_open(check, subject, pass->from);
  pass->running = may_go_on(subject, pass, at_token);
  if (pass->running)
    ask_from(check, subject, pass, next);
}

static void step(const struct check *check, struct subject *subject, struct pass *pass) {
  enum subject_event event = subject_poll(subject, 5000000);
  switch (event) {
  case EVENT_NONE: break;
  case EVENT_DONE:
  case EVENT_ERROR:
    take_answers(check, subject, pass, check->list_len);
    pass->running = false;
    break;
  case EVENT_CRASH: after_death(check, subject, pass, ANSWER_CRASH); break;
  case EVENT_HANG: after_death(check, subject, pass, ANSWER_HANG); break;
  }
}

/* ---- the account: every token asked is answered or named ---- */

static void describe(const struct check *check, const struct subject *subject, uint32_t position, char *text,
                     size_t size) {
  const struct corpus *corpus = subject->host->corpus;
  uint32_t token = token_at(check, subject, position);
  struct assay_bytes id = corpus ? corpus_bytes(corpus, corpus->tokens[token].id) : bytes_str("");
  if (corpus)
    snprintf(text, size, "%.*s", (int)(id.len < 200 ? id.len : 200), (const char *)id.ptr);
  else
    snprintf(text, size, "vector %u", token);
}

/* A subject that says it is done answers for every token. */
static void file_open(const struct check *check, struct subject *subject, uint32_t first) {
  uint16_t fault = check->ask == COMMAND_PRIMITIVE ? (uint16_t)ASSAY_FAULT : (uint16_t)REASON_FAULT;
  for (uint32_t i = first; i < check->list_len; i = first_open(check, subject, i))
    answer_set(check, subject, i, fault);
}

static void settle(const struct check *check, struct subject *subject) {
  uint32_t first = first_open(check, subject, 0), count = 0;
  for (uint32_t i = first; i < check->list_len; i = first_open(check, subject, i + 1))
    count++;
  if (count == 0)
    return;
  struct assay_error why = subject->error;
  bool said_done = subject->said_done || !why.text[0];
  char id[256];
  describe(check, subject, first, id, sizeof id);
  if (said_done)
    file_open(check, subject, first);
  error_set(&subject->error, "%s%s%u of %u tokens were not %s, the first %s",
            why.text[0] ? why.text : subject->spec.label,
            why.text[0] ? "; " : ": its worker said that it was done; ", count, check->list_len,
            said_done ? "answered" : "asked", id);
}

static double share_done(const struct check *check, const struct pass *passes) {
  double sum = 0;
  for (unsigned i = 0; i < check->subject_count; i++)
    sum += passes[i].running ? subject_share(&check->subjects[i]) : 1.0;
  return sum / check->subject_count;
}

static void begin(const struct check *check, struct pass *passes) {
  for (unsigned s = 0; s < check->subject_count; s++) {
    passes[s].running = check->subjects[s].state == SUBJECT_IDLE;
    for (uint32_t i = 0; i < check->list_len; i++)
      answer_set(check, &check->subjects[s], i, ANSWER_NONE);
    if (passes[s].running)
      ask_from(check, &check->subjects[s], &passes[s], 0);
  }
}

static bool end(const struct check *check) {
  bool ok = true;
  for (unsigned i = 0; i < check->subject_count; i++) {
    settle(check, &check->subjects[i]);
    subject_check_alive(&check->subjects[i]);
    ok = ok && check->subjects[i].error.text[0] == '\0';
  }
  return ok;
}

/* What subjects have answered by the moment at which they are stopped. */
static void take_all(const struct check *check, const struct pass *passes) {
  for (unsigned i = 0; i < check->subject_count; i++)
    if (passes[i].running)
      take_answers(check, &check->subjects[i], &passes[i], check->list_len);
}

bool check_run(struct check *check) {
  struct pass *passes = calloc(check->subject_count + 1, sizeof *passes);
  bool any = true;
  if (!passes)
    abort();
  begin(check, passes);
  while (any && !(check->stop && *check->stop)) {
    any = false;
    for (unsigned i = 0; i < check->subject_count; i++) {
      if (!passes[i].running)
        continue;
      step(check, &check->subjects[i], &passes[i]);
      any = any || passes[i].running;
    }
    if (check->progress)
      check->progress(check->arg, "asking for verdicts", share_done(check, passes));
  }
  take_all(check, passes);
  free(passes);
  return !any && end(check);
}
