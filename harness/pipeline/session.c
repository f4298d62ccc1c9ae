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

static bool arena_reserve(struct arena *arena, size_t bytes) {
  if (bytes <= arena->size)
    return true;
  size_t high_water = arena->high_water, size = (bytes + 63) & ~(size_t)63;
  void *memory = aligned_alloc(64, size);
  if (!memory)
    return false;
  free(arena->base);
  arena_init(arena, memory, size);
  arena->high_water = high_water;
  return true;
}

static bool names_reserve(struct session *session, size_t names_max) {
  struct name_set names;
  if (names_max <= session->names_max)
    return true;
  if (!name_set_init(&names, names_max))
    return false;
  name_set_fini(&session->names);
  session->names = names;
  session->names_max = names_max;
  return true;
}

/* Arena and name table, at least for tokens within the limits. Nothing of a token is kept. */
static bool scratch_reserve(struct session *session, const struct trust_limits *limits,
                            struct assay_error *error) {
  if (limits->token_bytes > JSON_TEXT_MAX)
    return error_set(error, "limits.token_bytes is %zu: at most %zu can be read", limits->token_bytes,
                     JSON_TEXT_MAX);
  size_t bytes = arena_bytes_for(limits);
  if (!arena_reserve(&session->arena, bytes) ||
      !names_reserve(session, json_names_max(base64url_decoded_bytes(limits->token_bytes))))
    return error_set(error, "no memory for a session's %zu bytes of scratch", bytes);
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
    if (!trust_entry_open(session, &session->trusts[i], trusts[i], error) ||
        !scratch_reserve(session, &trusts[i]->limits, error))
      return false;
  }
  return true;
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

struct session *session_open_current(const struct assay_backend *backend, struct trust_current *current,
                                     bool import_on_use, struct assay_error *error) {
  const struct trust *held = trust_current_acquire(current);
  struct session *session = open_session(backend, &held, 1, import_on_use, error);
  if (session)
    session->source = current;
  else
    trust_current_release(current, held);
  return session;
}

void session_close(struct session *session) {
  if (!session)
    return;
  for (size_t i = 0; i < session->trust_count; i++)
    trust_entry_close(session, &session->trusts[i]);
  if (session->source)
    trust_current_release(session->source, session->trusts[0].trust);
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

/* The old one goes only once the new one is there. */
RARE static bool go_over(struct session *session, struct assay_error *error) {
  const struct trust *next = trust_current_acquire(session->source);
  struct trust_entry entry = {0};
  session->accepted = false; /* what it said lies in the scratch */
  if (!scratch_reserve(session, &next->limits, error) || !trust_entry_open(session, &entry, next, error)) {
    trust_entry_close(session, &entry);
    trust_current_release(session->source, next);
    return false;
  }
  const struct trust *before = session->trusts[0].trust;
  trust_entry_close(session, &session->trusts[0]);
  trust_current_release(session->source, before);
  session->trusts[0] = entry;
  session_use(session, 0);
  return true;
}

bool session_follow(struct session *session, struct assay_error *error) {
  return !session->source || trust_current_is(session->source, session->trusts[0].trust) ||
         go_over(session, error);
}

const struct trust *session_trust(const struct session *session) {
  return session->current->trust;
}

void session_ask_decisions(struct session *session, const struct decision_point *point) {
  session->decision_point = point;
  session->is_watchful = session->replay_on || point;
}

void session_set_now(struct session *session, int64_t now_s) {
  session->fixed_now_s = now_s == TIME_UNSET ? session->current->trust->now : now_s;
}

void session_replay(struct session *session, bool on) {
  session->replay_on = on;
  session->is_watchful = on || session->decision_point;
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

struct assay_ctx *session_ctx(struct session *session) {
  return session->ctx;
}

size_t session_arena_high_water(const struct session *session) {
  const struct arena *arena = &session->arena;
  return arena->used > arena->high_water ? arena->used : arena->high_water;
}

struct assay_public_key session_last_key(const struct session *session) {
  return jwk_public_key(session->token.key->jwk, session->token.primitive);
}

enum assay_outcome session_last_outcome(const struct session *session) {
  return session->last_outcome;
}
