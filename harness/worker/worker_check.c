/* The verdict pass: every token of a list slice once, its answer into shared memory. */
#include "harness/wire/kept_words.h"
#include "harness/worker/worker.h"

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

static bool answer_backend(struct worker *worker, const struct corpus_token *token, uint16_t *answer,
                           struct assay_error *error) {
  struct session *session = worker_session(worker, token->setting, error);
  if (!session)
    return false;
  bool follows = token->after != CORPUS_NONE;
  *answer =
      (uint16_t)(follows ? ask_after(session, &worker->corpus, token) : ask(session, &worker->corpus, token));
  return true;
}

/* A verifier that keeps no memory of tokens is asked about the earlier one all the same: it may keep one that
 * nobody told it to. */
static bool answer_whole(struct worker *worker, const struct corpus_token *token, uint16_t *answer,
                         struct assay_error *error) {
  const struct whole *whole = whole_open(worker, token->setting, error);
  if (!whole)
    return false;
  struct assay_answer told;
  if (token->after != CORPUS_NONE)
    whole_ask(worker, whole, &worker->corpus.tokens[token->after], &told);
  whole_ask(worker, whole, token, &told);
  words_keep(worker->control, (uint32_t)(token - worker->corpus.tokens), told.words);
  *answer = (uint16_t)told.reason;
  return true;
}

static bool answer_token(struct worker *worker, const struct corpus_token *token, uint16_t *answer,
                         struct assay_error *error) {
  uint64_t algs = worker->verifier ? worker->facts->algs : worker->backend->algs;
  if (token->alg < ASSAY_ALG_COUNT && !(algs & ASSAY_ALG_BIT(token->alg))) {
    *answer = REASON_UNSUPPORTED;
    return true;
  }
  return worker->verifier ? answer_whole(worker, token, answer, error)
                          : answer_backend(worker, token, answer, error);
}

bool worker_check(struct worker *worker, struct assay_error *error) {
  struct control *control = worker->control;
  const struct control_command *command = &control->command;
  const uint32_t *list = control_lists(control, &control->layout) + command->list_at;
  uint16_t *answers = control_answers(control, &control->layout);
  for (uint32_t i = command->start; i < command->list_len; i++) {
    const struct corpus_token *token = &worker->corpus.tokens[list[i]];
    atomic_store_explicit(&control->in_flight, (uint64_t)(i + 1) << 32 | list[i], memory_order_relaxed);
    if (!answer_token(worker, token, &answers[list[i]], error)) {
      struct assay_bytes id = corpus_bytes(&worker->corpus, token->id);
      return error_prefix(error, "token %.*s: ", (int)id.len, (const char *)id.ptr);
    }
  }
  return true;
}
