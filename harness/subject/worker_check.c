/* The verdict pass: every token of a list slice once, its answer into shared memory. */
#include "harness/subject/worker.h"

static enum assay_reason ask(struct session *session, const struct corpus *corpus,
                             const struct corpus_token *token) {
  session_set_now(session, token->now == CORPUS_NOW_UNSET ? TIME_UNSET : token->now);
  return pipeline_verify(session, corpus_bytes(corpus, token->token));
}

/* A token that comes after another is asked with a memory: the other one first, in a fresh replay window. */
static enum assay_reason ask_after(struct session *session, const struct corpus *corpus,
                                   const struct corpus_token *token) {
  session_replay(session, true);
  session_replay_reset(session);
  ask(session, corpus, &corpus->tokens[token->after]);
  enum assay_reason reason = ask(session, corpus, token);
  session_replay(session, false);
  return reason;
}

bool worker_check(struct worker *worker, struct assay_error *error) {
  struct control *control = worker->control;
  const struct control_command *command = &control->command;
  const uint32_t *list = control_lists(control) + command->list_at;
  uint16_t *answers = control_answers(control);
  for (uint32_t i = command->start; i < command->list_len; i++) {
    const struct corpus_token *token = &worker->corpus.tokens[list[i]];
    if (token->alg < ASSAY_ALG_COUNT && !(worker->backend->algs & ASSAY_ALG_BIT(token->alg))) {
      answers[list[i]] = REASON_UNSUPPORTED;
      continue;
    }
    atomic_store_explicit(&control->in_flight, (uint64_t)(i + 1) << 32 | list[i], memory_order_relaxed);
    struct session *session = worker_session(worker, token->setting, error);
    if (!session) {
      struct assay_bytes id = corpus_bytes(&worker->corpus, token->id);
      return error_prefix(error, "token %.*s: ", (int)id.len, (const char *)id.ptr);
    }
    bool follows = token->after != CORPUS_NONE;
    answers[list[i]] = (uint16_t)(follows ? ask_after(session, &worker->corpus, token)
                                          : ask(session, &worker->corpus, token));
  }
  return true;
}
