/* Drives the verdict pass and goes on after a token that kills a worker. */
#include "harness/subject/check.h"

#include <string.h>

struct pass {
  bool running;
  unsigned deaths;
};

#define SUBJECTS_MAX 256

static void ask_from(const struct check *check, struct subject *subject, uint32_t position) {
  struct control_command command = {.kind = check->ask ? check->ask : COMMAND_CHECK,
                                    .vectors_fd = check->vectors_fd,
                                    .cpu = -1,
                                    .threads = 1,
                                    .list_at = check->list_at,
                                    .list_len = check->list_len,
                                    .start = position};
  subject_send(subject, &command);
}

/* The worker died: files the token and goes on after it. */
static void after_death(const struct check *check, struct subject *subject, struct pass *pass,
                        uint16_t answer) {
  if (subject->last_token == CORPUS_NONE || ++pass->deaths > CHECK_DEATHS_MAX) {
    error_set(&subject->error, "%s: given up after %u deaths of its worker, the last by %s",
              subject->spec.label, subject->restarts, subject->last_cause);
    pass->running = false;
    return;
  }
  control_answers(subject->control)[subject->last_token] = answer;
  ask_from(check, subject, subject->last_position + 1);
}

static void step(const struct check *check, struct subject *subject, struct pass *pass) {
  switch (subject_poll(subject, 5000000)) {
  case EVENT_NONE: break;
  case EVENT_DONE: pass->running = false; break;
  case EVENT_CRASH: after_death(check, subject, pass, ANSWER_CRASH); break;
  case EVENT_HANG: after_death(check, subject, pass, ANSWER_HANG); break;
  case EVENT_ERROR: pass->running = false; break;
  }
}

static double share_done(const struct check *check, const struct pass *passes) {
  double sum = 0;
  for (unsigned i = 0; i < check->subject_count; i++) {
    uint64_t flight = atomic_load(&check->subjects[i].control->in_flight);
    sum += passes[i].running ? (double)(flight >> 32) / (check->list_len ? check->list_len : 1) : 1.0;
  }
  return sum / check->subject_count;
}

bool check_run(struct check *check) {
  struct pass passes[SUBJECTS_MAX] = {0};
  bool any = true, ok = true;
  for (unsigned i = 0; i < check->subject_count; i++) {
    passes[i].running = true;
    ask_from(check, &check->subjects[i], 0);
  }
  while (any && !(check->stop && *check->stop)) {
    any = false;
    for (unsigned i = 0; i < check->subject_count; i++) {
      if (!passes[i].running)
        continue;
      step(check, &check->subjects[i], &passes[i]);
      any = any || passes[i].running;
    }
    if (check->progress)
      check->progress(check->arg, "verdicts", share_done(check, passes));
  }
  for (unsigned i = 0; i < check->subject_count; i++)
    ok = ok && check->subjects[i].error.text[0] == '\0';
  return ok && !any;
}
