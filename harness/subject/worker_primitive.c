/* The bare library: every raw vector once through key_open and verify, without any of the pipeline's own
 * guards. */
#include "harness/subject/vectors.h"
#include "harness/subject/worker.h"

static struct assay_public_key key_of(const struct vectors_view *view, const struct vector_record *record) {
  return (struct assay_public_key){.alg = (enum assay_alg)record->alg,
                                   .k = vector_bytes(view, record->k),
                                   .n = vector_bytes(view, record->n),
                                   .e = vector_bytes(view, record->e),
                                   .x = vector_bytes(view, record->x),
                                   .y = vector_bytes(view, record->y)};
}

/* enum assay_outcome of verify, or that of key_open, marked. */
static uint16_t ask(const struct assay_backend *backend, struct assay_ctx *ctx,
                    const struct vectors_view *view, const struct vector_record *record) {
  const struct assay_public_key public_key = key_of(view, record);
  struct assay_key *key;
  enum assay_outcome outcome = backend->key_open(ctx, &public_key, &key);
  if (outcome != ASSAY_MATCH)
    return (uint16_t)(ANSWER_OF_KEY | outcome);
  outcome = backend->verify(ctx, key, vector_bytes(view, record->input), vector_bytes(view, record->sig));
  backend->key_close(ctx, key);
  return (uint16_t)outcome;
}

bool worker_primitive(struct worker *worker, struct assay_error *error) {
  struct control *control = worker->control;
  const struct control_command *command = &control->command;
  const uint32_t *list = control_lists(control) + command->list_at;
  const struct assay_backend *backend = worker->backend;
  uint16_t *answers = control_answers(control);
  struct vectors_view view;
  struct assay_ctx *ctx;
  if (!backend)
    return error_set(error, "a whole verifier has no primitive to be asked");
  if (!vectors_map(command->vectors_fd, &view, error))
    return false;
  if (backend->ctx_open(&ctx) != ASSAY_MATCH)
    return error_set(error, "the library cannot open a context");
  for (uint32_t i = command->start; i < command->list_len; i++) {
    const struct vector_record *record = &view.records[list[i]];
    atomic_store_explicit(&control->in_flight, (uint64_t)(i + 1) << 32 | list[i], memory_order_relaxed);
    bool has = backend->algs & ASSAY_ALG_BIT(record->alg);
    answers[list[i]] = has ? ask(backend, ctx, &view, record) : ASSAY_UNSUPPORTED;
  }
  backend->ctx_close(ctx);
  return true;
}
