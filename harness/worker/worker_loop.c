/* The measured loops. Nothing stands in them but the work, one comparison of the verdict and one store that
 * names the token in flight. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/worker/worker.h"

struct cursor {
  const uint32_t *list;
  uint32_t len, at;
};

static inline uint32_t cursor_next(struct cursor *cursor) {
  uint32_t token = cursor->list[cursor->at];
  if (++cursor->at == cursor->len)
    cursor->at = 0;
  return token;
}

static void wrong(struct lane *lane, uint32_t token, enum assay_reason reason) {
  if (lane->wrong++ == 0) {
    lane->first_wrong = token;
    lane->wrong_reason = (uint16_t)reason;
  }
}

static inline void in_flight(struct lane *lane, uint32_t step, uint32_t token) {
  if (lane->number == 0)
    atomic_store_explicit(&lane->worker->control->in_flight, (uint64_t)(step + 1) << 32 | token,
                          memory_order_relaxed);
}

static enum assay_reason ask_whole(const struct lane *lane, const struct corpus_token *token) {
  struct assay_answer answer;
  whole_ask(lane->worker, &lane->worker->whole[0], token, &answer);
  return answer.reason;
}

/* whole: a constant in every caller, so that each kind of subject has a loop without a branch for the other.
 */
static inline __attribute__((always_inline)) void verify_one(struct lane *lane, struct cursor *cursor,
                                                             uint32_t step, bool whole) {
  const struct corpus *corpus = &lane->worker->corpus;
  uint32_t index = cursor_next(cursor);
  const struct corpus_token *token = &corpus->tokens[index];
  in_flight(lane, step, index);
  enum assay_reason reason =
      whole ? ask_whole(lane, token) : pipeline_verify(lane->session, corpus_bytes(corpus, token->token));
  if (__builtin_expect(reason != token->only_answer, 0))
    wrong(lane, index, reason);
}

static void verify_run(struct lane *lane, struct cursor *cursor, uint32_t count) {
  if (lane->worker->verifier)
    for (uint32_t i = 0; i < count; i++)
      verify_one(lane, cursor, i, true);
  else
    for (uint32_t i = 0; i < count; i++)
      verify_one(lane, cursor, i, false);
}

static void verify_timed(struct lane *lane, struct cursor *cursor, uint32_t count, struct hist *hist) {
  bool whole = lane->worker->verifier != NULL;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t from = clock_ns();
    if (whole)
      verify_one(lane, cursor, i, true);
    else
      verify_one(lane, cursor, i, false);
    hist_record(hist, clock_ns() - from);
  }
}

static struct cursor cursor_of(struct lane *lane, const struct control_command *command) {
  uint32_t offset = lane->number * (command->list_len / command->threads);
  return (struct cursor){worker_lists(lane->worker) + command->list_at, command->list_len,
                         (command->start + offset) % command->list_len};
}

/* Never in a timed block: the counters cost more than some tokens. */
static void verify_counted(struct lane *lane, struct cursor *cursor, uint32_t count) {
  struct control_reply *reply = &lane->worker->control->reply;
  allocations_begin();
  verify_run(lane, cursor, count);
  allocations_end(&reply->allocations, &reply->allocated_bytes);
}

void lane_verify(struct lane *lane, const struct control_command *command) {
  struct cursor cursor = cursor_of(lane, command);
  verify_run(lane, &cursor, command->lead);
  uint64_t from = clock_ns();
  if (command->count_allocations)
    verify_counted(lane, &cursor, command->count);
  else if (command->latency)
    verify_timed(lane, &cursor, command->count, &lane->worker->control->hist);
  else
    verify_run(lane, &cursor, command->count);
  lane->elapsed_ns = clock_ns() - from;
}

static inline void primitive_one(struct lane *lane, uint32_t at, uint32_t step) {
  struct worker *worker = lane->worker;
  const struct assay_check *check = &worker->prepared.checks[at];
  uint32_t index = worker_lists(worker)[worker->prepared.list_at + at];
  in_flight(lane, step, index);
  enum assay_outcome outcome =
      worker->backend->verify(session_ctx(lane->session), check->key, check->input, check->sig);
  if (__builtin_expect(outcome != ASSAY_MATCH, 0))
    wrong(lane, index, REASON_SIGNATURE_INVALID);
}

static uint32_t primitive_run(struct lane *lane, uint32_t at, uint32_t count) {
  uint32_t len = lane->worker->prepared.list_len;
  for (uint32_t i = 0; i < count; i++) {
    primitive_one(lane, at, i);
    if (++at == len)
      at = 0;
  }
  return at;
}

void lane_primitive(struct lane *lane, const struct control_command *command) {
  uint32_t at = primitive_run(lane, command->start % command->list_len, command->lead);
  uint64_t from = clock_ns();
  primitive_run(lane, at, command->count);
  lane->elapsed_ns = clock_ns() - from;
}

/* Batches do not reach around the end of the list. */
static uint32_t batch_run(struct lane *lane, uint32_t at, uint32_t count, uint32_t batch) {
  struct worker *worker = lane->worker;
  const uint32_t *list = worker_lists(worker) + worker->prepared.list_at;
  for (uint32_t done = 0; done < count; done += batch) {
    if (at + batch > worker->prepared.list_len)
      at = 0;
    struct assay_check *items = &worker->prepared.checks[at];
    in_flight(lane, done, list[at]);
    worker->backend->verify_batch(session_ctx(lane->session), items, batch);
    for (uint32_t i = 0; i < batch; i++)
      if (__builtin_expect(items[i].outcome != ASSAY_MATCH, 0))
        wrong(lane, list[at + i], REASON_SIGNATURE_INVALID);
    at += batch;
  }
  return at;
}

void lane_batch(struct lane *lane, const struct control_command *command) {
  uint32_t at = batch_run(lane, command->start % command->list_len, command->lead, command->batch);
  uint64_t from = clock_ns();
  batch_run(lane, at, command->count, command->batch);
  lane->elapsed_ns = clock_ns() - from;
}

static void prefix_run(struct lane *lane, struct cursor *cursor, uint32_t count, unsigned stages) {
  const struct corpus *corpus = &lane->worker->corpus;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t index = cursor_next(cursor);
    in_flight(lane, i, index);
    enum assay_reason reason =
        pipeline_prefix(lane->session, corpus_bytes(corpus, corpus->tokens[index].token), stages);
    if (__builtin_expect(reason != REASON_OK, 0))
      wrong(lane, index, reason);
  }
}

void lane_prefix(struct lane *lane, const struct control_command *command) {
  struct cursor cursor = cursor_of(lane, command);
  prefix_run(lane, &cursor, command->lead, command->stages);
  uint64_t from = clock_ns();
  prefix_run(lane, &cursor, command->count, command->stages);
  lane->elapsed_ns = clock_ns() - from;
}

#define PLACE_BYTES 8192 /* of the longest token that BLOCK_TIMES takes */

static enum assay_reason ask_in_place(struct lane *lane, const struct corpus_token *token, uint8_t *place,
                                      uint64_t *took_ns) {
  const struct corpus *corpus = &lane->worker->corpus;
  struct assay_bytes bytes = corpus_bytes(corpus, token->token);
  bool whole = lane->worker->verifier != NULL; /* what its library copies lies where that likes */
  memcpy(place, bytes.ptr, bytes.len);
  bytes.ptr = place;
  atomic_thread_fence(memory_order_seq_cst); /* the copy has ended before the clock is read */
  uint64_t from = clock_ns();
  enum assay_reason reason = whole ? ask_whole(lane, token) : pipeline_verify(lane->session, bytes);
  *took_ns = clock_ns() - from;
  return reason;
}

static bool times_possible(const struct lane *lane, const struct control_command *command,
                           struct assay_error *error) {
  const struct corpus *corpus = &lane->worker->corpus;
  const uint32_t *list = worker_lists(lane->worker) + command->list_at;
  if (command->threads > 1 || command->count > CONTROL_TIMES_MAX)
    return error_set(error, "at most %d operations are timed one by one, on one thread", CONTROL_TIMES_MAX);
  for (uint32_t i = 0; i < command->list_len; i++)
    if (corpus_bytes(corpus, corpus->tokens[list[i]].token).len > PLACE_BYTES)
      return error_set(error, "token %u is longer than %d bytes", list[i], PLACE_BYTES);
  return true;
}

bool lane_times(struct lane *lane, const struct control_command *command, struct assay_error *error) {
  static _Alignas(64) uint8_t place[PLACE_BYTES];
  struct cursor cursor = cursor_of(lane, command);
  uint32_t *times = lane->worker->control->times;
  if (!times_possible(lane, command, error))
    return false;
  for (uint32_t i = 0; i < command->lead + command->count; i++) {
    uint32_t index = cursor_next(&cursor);
    uint64_t took_ns;
    in_flight(lane, i, index);
    enum assay_reason reason = ask_in_place(lane, &lane->worker->corpus.tokens[index], place, &took_ns);
    if (reason != lane->worker->corpus.tokens[index].only_answer)
      wrong(lane, index, reason);
    lane->elapsed_ns += took_ns;
    if (i >= command->lead)
      times[i - command->lead] = took_ns < UINT32_MAX ? (uint32_t)took_ns : UINT32_MAX;
  }
  return true;
}

/* Line by line over more memory than the core's caches hold, so that token, keys, tables and code are gone
 * from them, and page translations too. */
static bool evict(void) {
  enum { LINE = 64 };
  static volatile uint8_t *bytes;
  if (!bytes)
    bytes = calloc(1, CONTROL_EVICT_BYTES);
  for (uint64_t at = 0; bytes && at < CONTROL_EVICT_BYTES; at += LINE)
    bytes[at]++;
  return bytes != NULL;
}

bool lane_cold(struct lane *lane, const struct control_command *command) {
  struct cursor cursor = cursor_of(lane, command);
  bool whole = lane->worker->verifier != NULL;
  for (uint32_t i = 0; i < command->count; i++) {
    if (!evict())
      return false;
    uint64_t from = clock_ns();
    verify_one(lane, &cursor, i, whole);
    lane->elapsed_ns += clock_ns() - from;
  }
  return true;
}
