/* Every raw vector once: through the bare library's key_open and verify, without any of the pipeline's own
 * guards, or through the pipeline's key import and signature stage. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/text/base64.h"
#include "harness/pipeline/guarded.h"
#include "harness/wire/vectors.h"
#include "harness/worker/worker.h"

/* ---- the bare library ---- */

static struct assay_public_key key_of(const struct vectors_view *view, const struct vector_record *record) {
  return (struct assay_public_key){.alg = (enum assay_alg)record->alg,
                                   .k = vector_bytes(view, record->k),
                                   .n = vector_bytes(view, record->n),
                                   .e = vector_bytes(view, record->e),
                                   .x = vector_bytes(view, record->x),
                                   .y = vector_bytes(view, record->y)};
}

/* enum assay_outcome of verify, or that of key_open, marked. */
static uint16_t ask_bare(const struct assay_backend *backend, struct assay_ctx *ctx,
                         const struct vectors_view *view, const struct vector_record *record) {
  const struct assay_public_key public_key = key_of(view, record);
  struct assay_key *key;
  if (!(backend->algs & ASSAY_ALG_BIT(record->alg)))
    return ASSAY_UNSUPPORTED;
  enum assay_outcome outcome = backend->key_open(ctx, &public_key, &key);
  if (outcome != ASSAY_MATCH)
    return (uint16_t)(ANSWER_OF_KEY | outcome);
  outcome = backend->verify(ctx, key, vector_bytes(view, record->input), vector_bytes(view, record->sig));
  backend->key_close(ctx, key);
  return (uint16_t)outcome;
}

/* ---- the guards ---- */

static bool add_member(FILE *jwks, const char *name, struct assay_bytes octets) {
  char *text = malloc(base64url_encoded_chars(octets.len) + 1);
  if (!text)
    return false;
  base64url_encode(octets, text);
  fprintf(jwks, ",\"%s\":\"%.*s\"", name, (int)base64url_encoded_chars(octets.len), text);
  free(text);
  return true;
}

/* As an issuer would publish the key (RFC 7518 6, RFC 8037 2). */
static bool add_jwk(FILE *jwks, const struct assay_public_key *key) {
  const struct assay_alg_info *info = assay_alg_info(key->alg);
  fprintf(jwks, "\"kty\":\"%s\"", jwk_type_name(info->key_type));
  if (info->curve != CURVE_NONE)
    fprintf(jwks, ",\"crv\":\"%s\"", jwk_curve_name(info->curve));
  switch (info->key_type) {
  case JWK_OCT: return add_member(jwks, "k", key->k);
  case JWK_RSA: return add_member(jwks, "n", key->n) && add_member(jwks, "e", key->e);
  case JWK_EC: return add_member(jwks, "x", key->x) && add_member(jwks, "y", key->y);
  case JWK_OKP: return add_member(jwks, "x", key->x);
  case JWK_TYPE_COUNT: break;
  }
  return false;
}

/* NULL: no memory. */
static char *jwks_text(const struct assay_public_key *key, size_t *len) {
  char *text = NULL;
  FILE *jwks = open_memstream(&text, len);
  if (!jwks)
    return NULL;
  fputs("{\"keys\":[{", jwks);
  bool ok = add_jwk(jwks, key);
  fputs("}]}", jwks);
  if (fclose(jwks) == 0 && ok)
    return text;
  free(text);
  return NULL;
}

/* enum assay_reason. */
static uint16_t ask_guarded(const struct assay_backend *backend, struct guarded *guarded,
                            const struct vectors_view *view, const struct vector_record *record) {
  const struct assay_public_key key = key_of(view, record);
  size_t len;
  if (!(backend->algs & ASSAY_ALG_BIT(record->alg)))
    return REASON_UNSUPPORTED;
  char *jwks = jwks_text(&key, &len);
  if (!jwks)
    return REASON_FAULT;
  enum assay_reason reason =
      guarded_verify(guarded, key.alg, bytes_of(jwks, len), vector_bytes(view, record->input),
                     vector_bytes(view, record->sig));
  free(jwks);
  return (uint16_t)reason;
}

/* ---- both ---- */

static void ask_all(const struct worker *worker, const struct vectors_view *view, struct assay_ctx *ctx,
                    struct guarded *guarded) {
  struct control *control = worker->control;
  const struct control_command *command = &control->command;
  const uint32_t *list = control_lists(control, &control->layout) + command->list_at;
  uint16_t *answers = control_answers(control, &control->layout);
  for (uint32_t i = command->start; i < command->list_len; i++) {
    const struct vector_record *record = &view->records[list[i]];
    atomic_store_explicit(&control->in_flight, (uint64_t)(i + 1) << 32 | list[i], memory_order_relaxed);
    answers[list[i]] = guarded ? ask_guarded(worker->backend, guarded, view, record)
                               : ask_bare(worker->backend, ctx, view, record);
  }
}

static bool is_backend(const struct worker *worker, const char *lacks, struct assay_error *error) {
  return worker->backend || error_set(error, "a whole verifier has no %s to be asked", lacks);
}

bool worker_primitive(struct worker *worker, struct assay_error *error) {
  struct vectors_view view;
  struct assay_ctx *ctx;
  if (!is_backend(worker, "primitive", error) || !vectors_map(CONTROL_VECTORS_FD, &view, error))
    return false;
  if (worker->backend->ctx_open(&ctx) != ASSAY_MATCH)
    return error_set(error, "the library cannot open a context");
  ask_all(worker, &view, ctx, NULL);
  worker->backend->ctx_close(ctx);
  return true;
}

bool worker_guarded(struct worker *worker, struct assay_error *error) {
  struct vectors_view view;
  if (!is_backend(worker, "signature stage of ours", error) || !vectors_map(CONTROL_VECTORS_FD, &view, error))
    return false;
  struct guarded *guarded = guarded_open(worker->backend, error);
  if (!guarded)
    return false;
  ask_all(worker, &view, NULL, guarded);
  guarded_close(guarded);
  return true;
}
