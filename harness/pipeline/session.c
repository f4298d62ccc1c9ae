/* A thread's verifier: everything that tokens need is taken here, once, so that verifying takes nothing. */
#include "harness/pipeline/json/base64url.h"
#include "harness/pipeline/stage.h"

#include <stdlib.h>

#define X(arg, id, name, ...) _Static_assert(sizeof name <= 8, name " does not fit into an alg word");
ASSAY_ALGS(X, )
#undef X

static void set_alg_words(struct session *session) {
  for (int i = 0; i < JOSE_ALG_COUNT; i++) {
    char name[8] = {0};
    size_t len = strlen(jose_alg_name((enum jose_alg)i));
    memcpy(name, jose_alg_name((enum jose_alg)i), len);
    session->alg_words[i] = alg_word((const uint8_t *)name, len);
  }
}

/* The arena bytes that a token within the limits can need: its parts decoded, and both documents read, each
 * as if it were all of the token. Pages that no token needs are never touched. */
static size_t arena_bytes_for(const struct trust_limits *limits) {
  size_t decoded = base64url_decoded_bytes(limits->token_bytes) + 1;
  size_t part_overhead = BASE64URL_SLACK + JSON_SLACK + 16;
  return decoded + 3 * part_overhead + 2 * json_space_bytes(decoded, limits->json_depth);
}

/* Arena and name table, for the largest of the trusts' limits. */
static bool take_memory(struct session *session, struct assay_error *error) {
  size_t arena_bytes = 0, token_bytes = 0;
  for (size_t i = 0; i < session->trust_count; i++) {
    const struct trust_limits *limits = &session->trusts[i].trust->limits;
    if (limits->token_bytes > JSON_TEXT_MAX)
      return error_set(error, "limits.token_bytes is %zu: at most %zu can be read", limits->token_bytes,
                       JSON_TEXT_MAX);
    size_t bytes = arena_bytes_for(limits);
    arena_bytes = bytes > arena_bytes ? bytes : arena_bytes;
    token_bytes = limits->token_bytes > token_bytes ? limits->token_bytes : token_bytes;
  }
  arena_init(&session->arena, aligned_alloc(64, (arena_bytes + 63) & ~(size_t)63), arena_bytes);
  if (!session->arena.base ||
      !name_set_init(&session->names, json_names_max(base64url_decoded_bytes(token_bytes))))
    return error_set(error, "no memory for a session's %zu bytes of scratch", arena_bytes);
  return true;
}

static bool open_all(struct session *session, const struct trust *const *trusts, size_t trust_count,
                     struct assay_error *error) {
  if (trust_count == 0)
    return error_set(error, "a session needs a policy to check tokens against");
  session->trusts = calloc(trust_count, sizeof *session->trusts);
  if (!session->trusts)
    return error_set(error, "no memory for a session");
  if (session->backend->ctx_open(&session->ctx) != ASSAY_MATCH) {
    session->ctx = NULL;
    return error_set(error, "backend %s failed to open a context", session->backend->name);
  }
  for (size_t i = 0; i < trust_count; i++) {
    session->trust_count = i + 1;
    if (!trust_entry_open(session, &session->trusts[i], trusts[i], error))
      return false;
  }
  return take_memory(session, error);
}

static struct session *open_session(const struct assay_backend *backend, const struct trust *const *trusts,
                                    size_t trust_count, bool import_on_use, struct assay_error *error) {
  struct session *session = calloc(1, sizeof *session);
  if (!session) {
    error_set(error, "no memory for a session");
    return NULL;
  }
  session->backend = backend;
  session->import_on_use = import_on_use;
  known_names_init(&session->known);
  set_alg_words(session);
  if (!open_all(session, trusts, trust_count, error)) {
    session_close(session);
    return NULL;
  }
  session_use(session, 0);
  return session;
}

struct session *session_open(const struct assay_backend *backend, const struct trust *const *trusts,
                             size_t trust_count, struct assay_error *error) {
  return open_session(backend, trusts, trust_count, false, error);
}

struct session *session_open_lazy(const struct assay_backend *backend, const struct trust *trust,
                                  struct assay_error *error) {
  return open_session(backend, &trust, 1, true, error);
}

void session_close(struct session *session) {
  if (!session)
    return;
  for (size_t i = 0; i < session->trust_count; i++)
    trust_entry_close(session, &session->trusts[i]);
  if (session->ctx)
    session->backend->ctx_close(session->ctx);
  free(session->trusts);
  free(session->arena.base);
  name_set_fini(&session->names);
  replay_close(&session->replay);
  free(session);
}

void session_use(struct session *session, size_t trust) {
  session->current = &session->trusts[trust];
  const struct trust_limits *limits = &session->current->trust->limits;
  session->json_limits = (struct json_limits){.depth = limits->json_depth, .members = limits->json_members};
  session->fixed_now_s = session->current->trust->now;
}

void session_set_now(struct session *session, int64_t now_s) {
  session->fixed_now_s = now_s == TIME_UNSET ? session->current->trust->now : now_s;
}

void session_replay(struct session *session, bool on) {
  session->replay_on = on;
  size_t entries = 0;
  for (size_t i = 0; on && i < session->trust_count; i++) {
    size_t wanted = session->trusts[i].trust->limits.replay_entries;
    entries = wanted > entries ? wanted : entries;
  }
  if (on) /* without memory, replay_remember refuses every token: see pipeline.c */
    replay_open(&session->replay, entries);
}

void session_replay_reset(struct session *session) {
  replay_reset(&session->replay);
}

struct accepted_claims session_accepted(const struct session *session) {
  if (!session->accepted)
    return (struct accepted_claims){0};
  return (struct accepted_claims){.json = session->token.payload,
                                  .issuer = session->token.issuer->issuer,
                                  .key = session->token.key->jwk};
}

struct assay_ctx *session_ctx(struct session *session) {
  return session->ctx;
}

size_t session_arena_high_water(const struct session *session) {
  const struct arena *arena = &session->arena;
  return arena->used > arena->high_water ? arena->used : arena->high_water;
}

enum assay_outcome session_last_outcome(const struct session *session) {
  return session->last_outcome;
}
