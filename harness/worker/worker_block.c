/* Measured blocks: sets up what a block needs outside of its time, runs it on one thread or on several, and
 * sums up. Lanes are threads that live as long as the worker; each opens, uses and closes its own session. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/worker/worker.h"

static bool lane_session(struct lane *lane) {
  if (lane->session)
    return true;
  const struct trust *const trusts[] = {lane->worker->trust};
  lane->session = session_open(lane->worker->backend, trusts, 1, &lane->error);
  return lane->session != NULL;
}

static void *lane_main(void *arg) {
  struct lane *lane = arg;
  struct worker *worker = lane->worker;
  pthread_mutex_lock(&worker->lanes_gate);
  bool all_there = !worker->lanes_quit;
  pthread_mutex_unlock(&worker->lanes_gate);
  while (all_there) {
    pthread_barrier_wait(&worker->begin);
    if (worker->lanes_quit)
      break;
    if (lane_session(lane))
      lane_verify(lane, &worker->control->command);
    pthread_barrier_wait(&worker->end);
  }
  if (lane->session)
    session_close(lane->session);
  return NULL;
}

/* Of the lanes up to `count`, which have been told to quit. */
static void lanes_join(struct worker *worker, unsigned count) {
  for (unsigned i = 1; i < count; i++) {
    pthread_join(worker->lanes[i].thread, NULL);
    worker->lanes[i] = (struct lane){0};
  }
  pthread_barrier_destroy(&worker->begin);
  pthread_barrier_destroy(&worker->end);
  pthread_mutex_destroy(&worker->lanes_gate);
  worker->lane_count = 0;
}

static void lanes_stop(struct worker *worker) {
  if (worker->lane_count < 2)
    return;
  worker->lanes_quit = true;
  pthread_barrier_wait(&worker->begin);
  lanes_join(worker, worker->lane_count);
}

/* How many of the lanes there are then, lane 0 included; *problem is 0 or an error number. */
static unsigned lanes_create(struct worker *worker, unsigned count, int *problem) {
  for (unsigned i = 1; i < count; i++) {
    struct lane *lane = &worker->lanes[i];
    *lane = (struct lane){.worker = worker, .number = i, .first_wrong = CORPUS_NONE};
    *problem = pthread_create(&lane->thread, NULL, lane_main, lane);
    if (*problem != 0)
      return i;
  }
  return count;
}

/* No lane goes to the barrier, which waits for all, before all are there. */
static bool lanes_start(struct worker *worker, unsigned count, struct assay_error *error) {
  int problem = 0;
  if (worker->lane_count == count)
    return true;
  lanes_stop(worker);
  worker->lanes_quit = false;
  pthread_barrier_init(&worker->begin, NULL, count);
  pthread_barrier_init(&worker->end, NULL, count);
  pthread_mutex_init(&worker->lanes_gate, NULL);
  pthread_mutex_lock(&worker->lanes_gate);
  worker->lane_count = lanes_create(worker, count, &problem);
  worker->lanes_quit = problem != 0;
  pthread_mutex_unlock(&worker->lanes_gate);
  if (problem == 0)
    return true;
  unsigned started = worker->lane_count;
  lanes_join(worker, started);
  return error_set(error, "cannot start thread %u of %u: %s", started + 1, count, strerror(problem));
}

static void prepared_free(struct prepared *prepared) {
  free(prepared->checks);
  free(prepared->signatures);
  *prepared = (struct prepared){0};
}

static bool prepare_all(struct worker *worker, const struct control_command *command,
                        struct assay_error *error) {
  struct prepared *prepared = &worker->prepared;
  prepared->checks = calloc(command->list_len, sizeof *prepared->checks);
  prepared->signatures = malloc((size_t)command->list_len * ASSAY_SIGNATURE_BYTES_MAX);
  if (!prepared->checks || !prepared->signatures)
    return error_set(error, "no memory to prepare %u tokens", command->list_len);
  prepared->list_at = command->list_at;
  prepared->list_len = command->list_len;
  const uint32_t *list = worker_lists(worker) + command->list_at;
  for (uint32_t i = 0; i < command->list_len; i++) {
    const struct corpus_token *token = &worker->corpus.tokens[list[i]];
    enum assay_reason reason =
        pipeline_prepare(worker->lanes[0].session, corpus_bytes(&worker->corpus, token->token),
                         prepared->signatures + (size_t)i * ASSAY_SIGNATURE_BYTES_MAX, &prepared->checks[i]);
    if (reason != REASON_OK)
      return error_set(error, "token %u cannot be prepared: %s", list[i], assay_reason_dotted(reason));
  }
  return true;
}

/* Splits and decodes every token of the list once, so that only the backend's verify is timed. After an error
 * nothing is kept: a list that is half prepared would pass for a whole one the next time. */
static bool prepare(struct worker *worker, const struct control_command *command, struct assay_error *error) {
  struct prepared *prepared = &worker->prepared;
  if (prepared->checks && prepared->list_at == command->list_at && prepared->list_len == command->list_len)
    return true;
  prepared_free(prepared);
  if (prepare_all(worker, command, error))
    return true;
  prepared_free(prepared);
  return false;
}

static struct assay_public_key public_key_of(const struct jwk *jwk, enum assay_alg alg) {
  return (struct assay_public_key){
      .alg = alg, .k = jwk->k, .n = jwk->n, .e = jwk->e, .x = jwk->x, .y = jwk->y};
}

static bool key_serves(const struct jwk *jwk, enum assay_alg alg, unsigned key_bits) {
  const struct assay_alg_info *info = assay_alg_info(alg);
  if (jwk->refused != REASON_OK || !(jwk->algs & (JOSE_ALG_BIT(alg) | JOSE_ALG_BIT(jose_alg_of(alg)))))
    return false;
  return info->curve != CURVE_NONE ? jwk->curve == info->curve : key_bits == 0 || jwk->n.len == key_bits / 8;
}

#define IMPORT_KEYS_MAX 64

static unsigned keys_collect(const struct worker *worker, const struct control_command *command,
                             struct assay_public_key *keys) {
  unsigned count = 0;
  for (size_t i = 0; i < worker->trust->issuer_count; i++) {
    const struct key_set *set = &worker->trust->issuers[i].keys;
    for (size_t k = 0; k < set->count && count < IMPORT_KEYS_MAX; k++)
      if (key_serves(&set->keys[k], (enum assay_alg)command->alg, command->key_bits))
        keys[count++] = public_key_of(&set->keys[k], (enum assay_alg)command->alg);
  }
  return count;
}

static bool block_key_import(struct worker *worker, struct lane *lane, struct assay_error *error) {
  const struct control_command *command = &worker->control->command;
  struct assay_public_key keys[IMPORT_KEYS_MAX];
  unsigned count = keys_collect(worker, command, keys);
  struct assay_ctx *ctx;
  if (count == 0)
    return error_set(error, "the default policy has no key for %s",
                     assay_alg_name((enum assay_alg)command->alg));
  if (worker->backend->ctx_open(&ctx) != ASSAY_MATCH)
    return error_set(error, "ctx_open failed");
  uint64_t from = 0;
  for (uint32_t i = 0; i < command->lead + command->count; i++) {
    struct assay_key *key;
    if (i == command->lead)
      from = clock_ns();
    if (worker->backend->key_open(ctx, &keys[(command->start + i) % count], &key) == ASSAY_MATCH)
      worker->backend->key_close(ctx, key);
    else
      lane->wrong++;
  }
  lane->elapsed_ns = clock_ns() - from;
  worker->backend->ctx_close(ctx);
  return true;
}

static bool block_context(struct worker *worker, struct lane *lane) {
  const struct control_command *command = &worker->control->command;
  uint64_t from = 0;
  for (uint32_t i = 0; i < command->lead + command->count; i++) {
    struct assay_ctx *ctx;
    if (i == command->lead)
      from = clock_ns();
    if (worker->backend->ctx_open(&ctx) == ASSAY_MATCH)
      worker->backend->ctx_close(ctx);
    else
      lane->wrong++;
  }
  lane->elapsed_ns = clock_ns() - from;
  return true;
}

static bool block_verify(struct worker *worker, struct assay_error *error) {
  const struct control_command *command = &worker->control->command;
  if (command->threads < 2) {
    lane_verify(&worker->lanes[0], command);
    return true;
  }
  if (!lanes_start(worker, command->threads, error))
    return false;
  pthread_barrier_wait(&worker->begin);
  lane_verify(&worker->lanes[0], command);
  pthread_barrier_wait(&worker->end);
  return true;
}

static bool lanes_sum(struct worker *worker, unsigned threads, struct assay_error *error) {
  struct control_reply *reply = &worker->control->reply;
  for (unsigned i = 0; i < threads; i++) {
    const struct lane *lane = &worker->lanes[i];
    if (lane->error.text[0])
      return error_set(error, "%s", lane->error.text);
    if (lane->wrong > 0 && reply->first_wrong == CORPUS_NONE) {
      reply->first_wrong = lane->first_wrong;
      reply->wrong_reason = lane->wrong_reason;
    }
    reply->wrong += lane->wrong;
    if (lane->elapsed_ns > reply->elapsed_ns)
      reply->elapsed_ns = lane->elapsed_ns;
    if (lane->elapsed_ns > 0)
      reply->tokens_per_s += 1e9 * worker->control->command.count / (double)lane->elapsed_ns;
  }
  if (worker->backend)
    reply->arena_high_water_bytes = session_arena_high_water(worker->lanes[0].session);
  return true;
}

static void lanes_clear(struct worker *worker, unsigned threads) {
  for (unsigned i = 0; i < threads; i++) {
    struct lane *lane = &worker->lanes[i];
    lane->worker = worker;
    lane->number = i;
    lane->wrong = lane->elapsed_ns = 0;
    lane->first_wrong = CORPUS_NONE;
    lane->error.text[0] = '\0';
  }
}

/* A verifier has no primitive, keys or contexts that could be called alone, and answers on one thread. */
static bool block_whole(struct worker *worker, struct assay_error *error) {
  const struct control_command *command = &worker->control->command;
  bool is_whole =
      command->block == BLOCK_VERIFY || command->block == BLOCK_COLD || command->block == BLOCK_TIMES;
  if (!is_whole || command->threads > 1)
    return error_set(error, "a verifier is measured as a whole, on one thread");
  lanes_clear(worker, 1);
  if (!whole_open(worker, 0, error))
    return false;
  if (command->block == BLOCK_VERIFY)
    lane_verify(&worker->lanes[0], command);
  else if (command->block == BLOCK_TIMES && !lane_times(&worker->lanes[0], command, error))
    return false;
  else if (command->block == BLOCK_COLD && !lane_cold(&worker->lanes[0], command))
    return error_set(error, "no memory to clear the caches with");
  return lanes_sum(worker, 1, error);
}

static bool batch_ready(const struct worker *worker, const struct control_command *command,
                        struct assay_error *error) {
  if (!worker->backend->verify_batch)
    return error_set(error, "%s has no verify_batch", worker->backend->name);
  return (command->batch > 0 && command->batch <= command->list_len) ||
         error_set(error, "a batch of %u from %u tokens", command->batch, command->list_len);
}

bool worker_block(struct worker *worker, struct assay_error *error) {
  const struct control_command *command = &worker->control->command;
  struct lane *lane = &worker->lanes[0];
  unsigned threads = command->threads > 1 ? command->threads : 1;
  bool ok = false;
  if (command->count_allocations && (allocations_missing() || command->block != BLOCK_VERIFY || threads > 1))
    return error_set(error, "allocations are counted on one thread, and %s",
                     allocations_missing() ? allocations_missing() : "in whole verifications");
  if (worker->verifier)
    return block_whole(worker, error);
  if (threads > CONTROL_THREADS_MAX)
    return error_set(error, "%u threads are more than the %d that a worker has", threads,
                     CONTROL_THREADS_MAX);
  /* Lanes that do not run yet are cleared by lanes_start. */
  lanes_clear(worker, worker->lane_count >= threads ? threads : 1);
  if (!worker_session(worker, 0, error))
    return false;
  switch (command->block) {
  case BLOCK_VERIFY: ok = block_verify(worker, error); break;
  case BLOCK_PRIMITIVE:
    ok = prepare(worker, command, error);
    if (ok)
      lane_primitive(lane, command);
    break;
  case BLOCK_KEY_IMPORT: ok = block_key_import(worker, lane, error); break;
  case BLOCK_CONTEXT: ok = block_context(worker, lane); break;
  case BLOCK_BATCH:
    ok = batch_ready(worker, command, error) && prepare(worker, command, error);
    if (ok)
      lane_batch(lane, command);
    break;
  case BLOCK_COLD:
    ok = lane_cold(lane, command) || error_set(error, "no memory to clear the caches with");
    break;
  case BLOCK_TIMES: ok = lane_times(lane, command, error); break;
  case BLOCK_PREFIX:
    lane_prefix(lane, command);
    ok = true;
    break;
  default: error_set(error, "unknown kind of block %u", command->block);
  }
  return ok && lanes_sum(worker, threads, error);
}

void worker_block_close(struct worker *worker) {
  lanes_stop(worker);
  prepared_free(&worker->prepared);
}
