/* The measured loops over whole verifications. Nothing stands in them but the work, the choice of the clock,
 * one comparison of the verdict and one store that names the token in flight. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/worker/worker.h"

/* A token with a clock of its own. */
static __attribute__((noinline, cold)) enum assay_reason ask_at(const struct lane *lane,
                                                                const struct corpus_token *token) {
  const struct asker *asker = lane->worker->asker;
  asker->clock_set(lane->asking, token->now);
  enum assay_reason reason = asker->ask(lane->asking, corpus_bytes(&lane->worker->corpus, token->token));
  asker->clock_set(lane->asking, CORPUS_NOW_UNSET);
  return reason;
}

/* What a loop needs of its lane for each token, in locals that a compiler can keep in registers. */
struct verifying {
  struct lane *lane;
  const struct corpus_token *tokens;
  const uint8_t *bin;
  _Atomic uint64_t *in_flight;
  enum assay_reason (*ask)(struct asking *asking, struct assay_bytes token);
  struct asking *asking;
};

static inline struct verifying verifying_of(struct lane *lane) {
  const struct corpus *corpus = &lane->worker->corpus;
  return (struct verifying){
      lane, corpus->tokens, corpus->bin, lane->in_flight, lane->worker->asker->ask, lane->asking};
}

static inline __attribute__((always_inline)) void verify_one(const struct verifying *verifying,
                                                             struct cursor *cursor, uint32_t step) {
  uint32_t index = cursor_next(cursor);
  const struct corpus_token *token = &verifying->tokens[index];
  note_in_flight(verifying->in_flight, step, index);
  enum assay_reason reason =
      __builtin_expect(token->now != CORPUS_NOW_UNSET, 0)
          ? ask_at(verifying->lane, token)
          : verifying->ask(verifying->asking, bytes_of(verifying->bin + token->token.at, token->token.len));
  if (__builtin_expect(reason != token->only_answer, 0))
    note_wrong(verifying->lane, index, reason);
}

/* The cursor is the caller's again behind the loop. */
static void verify_run(struct lane *lane, struct cursor *around, uint32_t count) {
  const struct verifying verifying = verifying_of(lane);
  struct cursor cursor = *around;
  for (uint32_t i = 0; i < count; i++)
    verify_one(&verifying, &cursor, i);
  *around = cursor;
}

static void verify_timed(struct lane *lane, struct cursor *around, uint32_t count) {
  const struct verifying verifying = verifying_of(lane);
  struct cursor cursor = *around;
  struct hist *hist = lane->hist;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t from = clock_ns();
    verify_one(&verifying, &cursor, i);
    hist_record(hist, clock_ns() - from);
  }
  *around = cursor;
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
    verify_timed(lane, &cursor, command->count);
  else
    verify_run(lane, &cursor, command->count);
  lane->elapsed_ns = clock_ns() - from;
  atomic_store_explicit(lane->in_flight, 0, memory_order_relaxed); /* other threads may be at work still */
}

#define PLACE_BYTES 8192 /* of the longest token that BLOCK_TIMES takes */

static enum assay_reason ask_in_place(struct lane *lane, const struct corpus_token *token, uint8_t *place,
                                      uint64_t *took_ns) {
  const struct asker *asker = lane->worker->asker;
  struct assay_bytes bytes = corpus_bytes(&lane->worker->corpus, token->token);
  memcpy(place, bytes.ptr, bytes.len);
  bytes.ptr = place;
  asker->clock_set(lane->asking, token->now);
  atomic_thread_fence(memory_order_seq_cst); /* the copy has ended before the clock is read */
  uint64_t from = clock_ns();
  enum assay_reason reason = asker->ask(lane->asking, bytes);
  *took_ns = clock_ns() - from;
  return reason;
}

static bool times_possible(const struct lane *lane, const struct control_command *command,
                           struct assay_error *error) {
  const struct corpus *corpus = &lane->worker->corpus;
  const uint32_t *list = lane->lists + command->list_at;
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
    note_in_flight(lane->in_flight, i, index);
    enum assay_reason reason = ask_in_place(lane, &lane->worker->corpus.tokens[index], place, &took_ns);
    if (reason != lane->worker->corpus.tokens[index].only_answer)
      note_wrong(lane, index, reason);
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

bool lane_cold(struct lane *lane, const struct control_command *command, struct assay_error *error) {
  struct cursor cursor = cursor_of(lane, command);
  const struct verifying verifying = verifying_of(lane);
  for (uint32_t i = 0; i < command->count; i++) {
    if (!evict())
      return error_set(error, "no memory to clear the caches with");
    uint64_t from = clock_ns();
    verify_one(&verifying, &cursor, i);
    lane->elapsed_ns += clock_ns() - from;
  }
  return true;
}
