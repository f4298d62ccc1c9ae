/* The key's way into a session and the signature stage, with nothing of a token around them. */
#include "harness/pipeline/guarded.h"

#include <stdlib.h>

#include "harness/pipeline/stage.h"

struct guarded {
  struct session session; /* backend and ctx only: the stages before and after the signature's are not run */
};

struct guarded *guarded_open(const struct assay_backend *backend, struct assay_error *error) {
  struct guarded *guarded = calloc(1, sizeof *guarded);
  if (!guarded) {
    error_set(error, "no memory for a session");
    return NULL;
  }
  guarded->session.backend = backend;
  if (backend->ctx_open(&guarded->session.ctx) == ASSAY_MATCH)
    return guarded;
  free(guarded);
  error_set(error, "backend %s failed to open a context", backend->name);
  return NULL;
}

void guarded_close(struct guarded *guarded) {
  if (guarded)
    guarded->session.backend->ctx_close(guarded->session.ctx);
  free(guarded);
}

/* Nobody's rules: nothing is tolerated. */
static const struct issuer no_rules;
static const struct issuer_entry nobody = {.issuer = &no_rules};

/* The signature stage reads the signing input from the text before the last dot. */
static enum assay_reason judge_form(struct session *session, struct token *token, struct assay_bytes input) {
  uint8_t *text = malloc(input.len + 1);
  if (!text)
    return REASON_FAULT;
  if (input.len)
    memcpy(text, input.ptr, input.len);
  text[input.len] = '.';
  token->text = bytes_of(text, input.len + 1);
  token->signature_part = bytes_of(text + input.len + 1, 0);
  enum assay_reason reason = stage_signature(session, token);
  free(text);
  return reason;
}

static enum assay_reason verify_with(struct session *session, const struct jwk *jwk, enum assay_alg alg,
                                     struct assay_bytes input, struct assay_bytes sig) {
  struct key_handle handle = {.reason = REASON_FAULT};
  const struct key_entry entry = {.jwk = jwk, .handles = &handle};
  struct token *token = &session->token;
  enum assay_reason reason = key_unfit(jwk, jose_alg_of(alg));
  if (reason != REASON_OK)
    return reason;
  key_handle_import(session, jwk, alg, &handle);
  if (handle.reason != REASON_OK)
    return handle.reason;
  token->issuer = &nobody;
  token->key = &entry;
  token->primitive = alg;
  token->imported = handle.key;
  token->signature = sig;
  reason = judge_form(session, token, input);
  session->backend->key_close(session->ctx, handle.key);
  return reason;
}

enum assay_reason guarded_verify(struct guarded *guarded, enum assay_alg alg, struct assay_bytes jwks,
                                 struct assay_bytes input, struct assay_bytes sig) {
  struct key_set set;
  enum assay_reason reason;
  if (!key_set_read(jwks, 0, &set))
    return REASON_FAULT;
  if (set.refused != REASON_OK)
    reason = set.refused;
  else if (set.count != 1)
    reason = REASON_NO_KEYS;
  else if (jose_alg_primitive(jose_alg_of(alg), set.keys[0].curve) != alg)
    reason = REASON_CURVE_MISMATCH;
  else
    reason = verify_with(&guarded->session, &set.keys[0], alg, input, sig);
  key_set_fini(&set);
  return reason;
}
