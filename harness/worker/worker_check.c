/* The passes in which everything is asked about once, its answer into shared memory: tokens for their
 * verdicts, and raw vectors. */
#include "harness/wire/kept_words.h"
#include "harness/worker/worker.h"

static enum assay_reason ask_one(const struct worker *worker, struct asking *asking,
                                 const struct corpus_token *token) {
  worker->asker->clock_set(asking, token->now);
  return worker->asker->ask(asking, corpus_bytes(&worker->corpus, token->token));
}

/* A token that comes after another is asked with a memory: the other one first. */
static enum assay_reason ask_after(const struct worker *worker, struct asking *asking,
                                   const struct corpus_token *token) {
  const struct asker *asker = worker->asker;
  if (asker->remember)
    asker->remember(asking, true);
  ask_one(worker, asking, &worker->corpus.tokens[token->after]);
  enum assay_reason reason = ask_one(worker, asking, token);
  if (asker->remember)
    asker->remember(asking, false);
  return reason;
}

static bool answer_token(struct worker *worker, const struct corpus_token *token, uint16_t *answer,
                         struct assay_error *error) {
  const struct asker *asker = worker->asker;
  if (token->alg < ASSAY_ALG_COUNT && !(worker->facts.algs & ASSAY_ALG_BIT(token->alg))) {
    *answer = REASON_UNSUPPORTED;
    return true;
  }
  struct asking *asking = worker_asking(worker, token->setting, error);
  if (!asking)
    return false;
  *answer = (uint16_t)(token->after != CORPUS_NONE ? ask_after(worker, asking, token)
                                                   : ask_one(worker, asking, token));
  if (asker->words)
    words_keep(worker->control, (uint32_t)(token - worker->corpus.tokens), asker->words(asking));
  return true;
}

bool worker_check(struct worker *worker, struct assay_error *error) {
  struct control *control = worker->control;
  const struct control_command command = control->command; /* the library can write to the memory's own */
  const uint32_t *list = control_lists(control, &control->layout) + command.list_at;
  uint16_t *answers = control_answers(control, &control->layout);
  for (uint32_t i = command.start; i < command.list_len; i++) {
    uint32_t index = list[i];
    if (index >= worker->corpus.header->token_count)
      return error_set(error, "the list of tokens has been written over");
    const struct corpus_token *token = &worker->corpus.tokens[index];
    note_in_flight(&control->lanes[0].in_flight, i, index);
    if (!answer_token(worker, token, &answers[index], error)) {
      struct assay_bytes id = corpus_bytes(&worker->corpus, token->id);
      return error_prefix(error, "token %.*s: ", (int)id.len, (const char *)id.ptr);
    }
  }
  return true;
}

/* ---- raw vectors ---- */

const struct vector_record *vector_pass_next(struct vector_pass *pass) {
  if (pass->at == pass->end)
    return NULL;
  note_in_flight(pass->in_flight, pass->at, pass->list[pass->at]);
  return &pass->view.records[pass->list[pass->at]];
}

void vector_pass_answer(struct vector_pass *pass, uint16_t answer) {
  pass->answers[pass->list[pass->at++]] = answer;
}

bool worker_vectors(struct worker *worker, struct assay_error *error) {
  struct control *control = worker->control;
  const struct control_command *command = &control->command;
  struct vector_pass pass = {.is_guarded = command->kind == COMMAND_GUARDED,
                             .list = worker_lists(worker) + command->list_at,
                             .answers = control_answers(control, &control->layout),
                             .in_flight = &control->lanes[0].in_flight,
                             .at = command->start,
                             .end = command->list_len};
  if (!worker->asker->vectors)
    return error_set(error, "a %s has no %s to be asked", worker->asker->kind,
                     pass.is_guarded ? "signature stage of ours" : "primitive");
  return vectors_map(CONTROL_VECTORS_FD, &pass.view, error) &&
         worker->asker->vectors(worker->subject, &pass, error);
}
