/* Asks a backend about raw vectors: through the bare library's key_open and verify, without any of the
 * pipeline's own guards, or through the pipeline's key import and signature stage. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/text/base64.h"
#include "harness/pipeline/guarded.h"
#include "harness/wire/sealed_vectors.h"
#include "harness/worker/asker_backend.h"

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

static bool bare(const struct assay_backend *backend, struct vector_pass *pass, struct assay_error *error) {
  struct assay_ctx *ctx;
  if (backend->ctx_open(&ctx) != ASSAY_MATCH)
    return error_set(error, "the library cannot open a context");
  for (const struct vector_record *record; (record = vector_pass_next(pass));)
    vector_pass_answer(pass, ask_bare(backend, ctx, &pass->view, record));
  backend->ctx_close(ctx);
  return true;
}

static bool guarded(const struct assay_backend *backend, struct vector_pass *pass,
                    struct assay_error *error) {
  struct guarded *guards = guarded_open(backend, error);
  if (!guards)
    return false;
  for (const struct vector_record *record; (record = vector_pass_next(pass));)
    vector_pass_answer(pass, ask_guarded(backend, guards, &pass->view, record));
  guarded_close(guards);
  return true;
}

bool backend_vectors(struct asker_subject *subject, struct vector_pass *pass, struct assay_error *error) {
  return (pass->is_guarded ? guarded : bare)(subject->backend, pass, error);
}
