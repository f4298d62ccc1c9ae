/* What is measured of a backend beside whole verifications: its bare verify one by one and in batches, the
 * import of keys, contexts, and the pipeline cut off after a stage. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/worker/asker_backend.h"
#include "harness/worker/upper_halves.h"

/* ---- the bare primitive ---- */

void prepared_free(struct prepared *prepared) {
  free(prepared->checks);
  free(prepared->keys);
  free(prepared->signatures);
  *prepared = (struct prepared){0};
}

static bool prepare_all(struct prepared *prepared, const struct lane *lane,
                        const struct control_command *command, struct assay_error *error) {
  const struct corpus *corpus = &lane->worker->corpus;
  const uint32_t *list = lane->lists + command->list_at;
  size_t signature_bytes = (size_t)command->list_len * ASSAY_SIGNATURE_BYTES_MAX;
  prepared->checks = calloc(command->list_len, sizeof *prepared->checks);
  prepared->keys = calloc(command->list_len, sizeof *prepared->keys);
  prepared->signatures = malloc(signature_bytes);
  if (!prepared->checks || !prepared->keys || !prepared->signatures)
    return error_set(error, "no memory to prepare %u tokens", command->list_len);
  prepared->list_at = command->list_at;
  prepared->list_len = command->list_len;
  for (uint32_t i = 0; i < command->list_len; i++) {
    enum assay_reason reason =
        pipeline_prepare(lane->asking->session, corpus_bytes(corpus, corpus->tokens[list[i]].token),
                         prepared->signatures + (size_t)i * ASSAY_SIGNATURE_BYTES_MAX, &prepared->checks[i]);
    if (reason != REASON_OK)
      return error_set(error, "token %u cannot be prepared: %s", list[i], assay_reason_dotted(reason));
    prepared->keys[i] = session_last_key(lane->asking->session);
  }
  return true;
}

/* Splits and decodes every token of the list once, so that only the backend's verify is timed. After an error
 * nothing is kept: a list that is half prepared would pass for a whole one the next time. */
static bool prepare(struct prepared *prepared, const struct lane *lane, const struct control_command *command,
                    struct assay_error *error) {
  if (prepared->checks && prepared->list_at == command->list_at && prepared->list_len == command->list_len)
    return true;
  prepared_free(prepared);
  if (prepare_all(prepared, lane, command, error))
    return true;
  prepared_free(prepared);
  return false;
}

#define PROBE_CALLS 4 /* a key's first use, and others */

/* What the calls leave behind, found by some outside of every block, once for an algorithm. */
static uint32_t side_effects_of(struct asker_subject *subject, struct lane *lane, uint32_t alg) {
  const struct prepared *prepared = &subject->prepared;
  struct aftermath *aftermath = alg < ASSAY_ALG_COUNT ? &subject->aftermaths[alg] : NULL;
  if (!aftermath || aftermath->known)
    return aftermath ? aftermath->side_effects : 0;
  aftermath->known = true;
  bool visible = upper_halves_visible();
  for (uint32_t i = 0; i < PROBE_CALLS && i < prepared->list_len && visible; i++) {
    const struct assay_check *check = &prepared->checks[i];
    note_in_flight(lane->in_flight, i, lane->lists[prepared->list_at + i]);
    upper_halves_clear();
    subject->backend->verify(session_ctx(lane->asking->session), check->key, check->input, check->sig);
    aftermath->side_effects |= upper_halves_in_use() ? SIDE_UPPER_HALVES : 0;
  }
  return aftermath->side_effects;
}

/* Between two calls of a whole verification runs vector code of assay's, which clears what a call has left in
 * use; between two of these nothing does, and a call would pay for the one before it. */
static uint32_t primitive_run(const struct assay_backend *backend, const struct prepared *prepared,
                              struct lane *lane, uint32_t at, uint32_t count) {
  struct assay_ctx *ctx = session_ctx(lane->asking->session);
  const uint32_t *list = lane->lists + prepared->list_at;
  const bool clears = lane->side_effects & SIDE_UPPER_HALVES;
  for (uint32_t i = 0; i < count; i++) {
    const struct assay_check *check = &prepared->checks[at];
    note_in_flight(lane->in_flight, i, list[at]);
    if (__builtin_expect(clears, 0))
      upper_halves_clear();
    if (__builtin_expect(backend->verify(ctx, check->key, check->input, check->sig) != ASSAY_MATCH, 0))
      note_wrong(lane, list[at], REASON_SIGNATURE_INVALID);
    if (++at == prepared->list_len)
      at = 0;
  }
  return at;
}

static bool block_primitive(struct asker_subject *subject, struct lane *lane,
                            const struct control_command *command, struct assay_error *error) {
  const struct prepared *prepared = &subject->prepared;
  if (!prepare(&subject->prepared, lane, command, error))
    return false;
  lane->side_effects = side_effects_of(subject, lane, command->alg);
  uint32_t at =
      primitive_run(subject->backend, prepared, lane, command->start % command->list_len, command->lead);
  uint64_t from = clock_ns();
  primitive_run(subject->backend, prepared, lane, at, command->count);
  lane->elapsed_ns = clock_ns() - from;
  return true;
}

/* Batches do not reach around the end of the list. */
static uint32_t batch_run(const struct assay_backend *backend, const struct prepared *prepared,
                          struct lane *lane, uint32_t at, uint32_t count, uint32_t batch) {
  struct assay_ctx *ctx = session_ctx(lane->asking->session);
  const uint32_t *list = lane->lists + prepared->list_at;
  for (uint32_t done = 0; done < count; done += batch) {
    if (at + batch > prepared->list_len)
      at = 0;
    struct assay_check *items = &prepared->checks[at];
    note_in_flight(lane->in_flight, done, list[at]);
    backend->verify_batch(ctx, items, batch);
    for (uint32_t i = 0; i < batch; i++)
      if (__builtin_expect(items[i].outcome != ASSAY_MATCH, 0))
        note_wrong(lane, list[at + i], REASON_SIGNATURE_INVALID);
    at += batch;
  }
  return at;
}

static bool block_batch(struct asker_subject *subject, struct lane *lane,
                        const struct control_command *command, struct assay_error *error) {
  const struct assay_backend *backend = subject->backend;
  uint32_t batch = command->batch;
  if (!backend->verify_batch)
    return error_set(error, "%s has no verify_batch", backend->name);
  if (batch == 0 || batch > command->list_len)
    return error_set(error, "a batch of %u from %u tokens", batch, command->list_len);
  if (!prepare(&subject->prepared, lane, command, error))
    return false;
  uint32_t at =
      batch_run(backend, &subject->prepared, lane, command->start % command->list_len, command->lead, batch);
  uint64_t from = clock_ns();
  batch_run(backend, &subject->prepared, lane, at, command->count, batch);
  lane->elapsed_ns = clock_ns() - from;
  return true;
}

/* ---- the uses of a key ---- */

/* The time of the use that is asked for, after those before it; all in a context of its own, since libraries
 * keep what they have learned of a key in the thread as well. False: a verdict was wrong. */
static bool use_once(const struct assay_backend *backend, const struct prepared *prepared, uint32_t at,
                     uint32_t use, uint64_t *elapsed_ns) {
  const struct assay_check *check = &prepared->checks[at];
  struct assay_ctx *ctx;
  struct assay_key *key;
  bool right = true;
  if (backend->ctx_open(&ctx) != ASSAY_MATCH)
    return false;
  if (backend->key_open(ctx, &prepared->keys[at], &key) == ASSAY_MATCH) {
    for (uint32_t i = 1; i < use; i++)
      right = backend->verify(ctx, key, check->input, check->sig) == ASSAY_MATCH && right;
    uint64_t from = clock_ns();
    right = backend->verify(ctx, key, check->input, check->sig) == ASSAY_MATCH && right;
    *elapsed_ns += clock_ns() - from;
    backend->key_close(ctx, key);
  } else {
    right = false;
  }
  backend->ctx_close(ctx);
  return right;
}

static bool block_use(struct asker_subject *subject, struct lane *lane, const struct control_command *command,
                      struct assay_error *error) {
  const uint32_t *list = lane->lists + command->list_at;
  uint64_t elapsed = 0;
  if (command->use == 0)
    return error_set(error, "uses of a key are counted from 1");
  if (!prepare(&subject->prepared, lane, command, error))
    return false;
  for (uint32_t i = 0; i < command->lead + command->count; i++) {
    uint32_t at = (command->start + i) % command->list_len;
    if (i == command->lead)
      elapsed = 0;
    note_in_flight(lane->in_flight, i, list[at]);
    if (!use_once(subject->backend, &subject->prepared, at, command->use, &elapsed))
      note_wrong(lane, list[at], REASON_SIGNATURE_INVALID);
  }
  lane->elapsed_ns = elapsed;
  return true;
}

/* ---- keys and contexts ---- */

static bool key_serves(const struct jwk *jwk, enum assay_alg alg, unsigned key_bits) {
  const struct assay_alg_info *info = assay_alg_info(alg);
  if (jwk->refused != REASON_OK || !(jwk->algs & (JOSE_ALG_BIT(alg) | JOSE_ALG_BIT(jose_alg_of(alg)))))
    return false;
  return info->curve != CURVE_NONE ? jwk->curve == info->curve : key_bits == 0 || jwk->n.len == key_bits / 8;
}

#define IMPORT_KEYS_MAX 64

static unsigned keys_collect(const struct trust *trust, const struct control_command *command,
                             struct assay_public_key *keys) {
  unsigned count = 0;
  for (size_t i = 0; i < trust->issuer_count; i++) {
    const struct key_set *set = &trust->issuers[i].keys;
    for (size_t k = 0; k < set->count && count < IMPORT_KEYS_MAX; k++)
      if (key_serves(&set->keys[k], (enum assay_alg)command->alg, command->key_bits))
        keys[count++] = jwk_public_key(&set->keys[k], (enum assay_alg)command->alg);
  }
  return count;
}

static bool block_key_import(const struct assay_backend *backend, struct lane *lane,
                             const struct control_command *command, struct assay_error *error) {
  struct assay_public_key keys[IMPORT_KEYS_MAX];
  unsigned count = keys_collect(session_trust(lane->asking->session), command, keys);
  struct assay_ctx *ctx;
  if (count == 0)
    return error_set(error, "the default policy has no key for %s",
                     assay_alg_name((enum assay_alg)command->alg));
  if (backend->ctx_open(&ctx) != ASSAY_MATCH)
    return error_set(error, "ctx_open failed");
  uint64_t from = 0;
  for (uint32_t i = 0; i < command->lead + command->count; i++) {
    struct assay_key *key;
    if (i == command->lead)
      from = clock_ns();
    if (backend->key_open(ctx, &keys[(command->start + i) % count], &key) == ASSAY_MATCH)
      backend->key_close(ctx, key);
    else
      lane->wrong++;
  }
  lane->elapsed_ns = clock_ns() - from;
  backend->ctx_close(ctx);
  return true;
}

static bool block_context(const struct assay_backend *backend, struct lane *lane,
                          const struct control_command *command) {
  uint64_t from = 0;
  for (uint32_t i = 0; i < command->lead + command->count; i++) {
    struct assay_ctx *ctx;
    if (i == command->lead)
      from = clock_ns();
    if (backend->ctx_open(&ctx) == ASSAY_MATCH)
      backend->ctx_close(ctx);
    else
      lane->wrong++;
  }
  lane->elapsed_ns = clock_ns() - from;
  return true;
}

/* ---- the first stages of the pipeline ---- */

static void prefix_run(struct lane *lane, struct cursor *cursor, uint32_t count, unsigned stages) {
  const struct corpus *corpus = &lane->worker->corpus;
  struct session *session = lane->asking->session;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t index = cursor_next(cursor);
    note_in_flight(lane->in_flight, i, index);
    enum assay_reason reason =
        pipeline_prefix(session, corpus_bytes(corpus, corpus->tokens[index].token), stages);
    if (__builtin_expect(reason != REASON_OK, 0))
      note_wrong(lane, index, reason);
  }
}

/* Only tokens that every stage accepts have a right verdict here. */
static bool block_prefix(struct lane *lane, const struct control_command *command) {
  struct cursor cursor = cursor_of(lane, command);
  prefix_run(lane, &cursor, command->lead, command->stages);
  uint64_t from = clock_ns();
  prefix_run(lane, &cursor, command->count, command->stages);
  lane->elapsed_ns = clock_ns() - from;
  return true;
}

bool backend_part(struct asker_subject *subject, struct lane *lane, const struct control_command *command,
                  struct assay_error *error) {
  switch (command->block) {
  case BLOCK_PRIMITIVE: return block_primitive(subject, lane, command, error);
  case BLOCK_BATCH: return block_batch(subject, lane, command, error);
  case BLOCK_USE: return block_use(subject, lane, command, error);
  case BLOCK_KEY_IMPORT: return block_key_import(subject->backend, lane, command, error);
  case BLOCK_CONTEXT: return block_context(subject->backend, lane, command);
  case BLOCK_PREFIX: return block_prefix(lane, command);
  default: return error_set(error, "unknown kind of block %u", command->block);
  }
}
