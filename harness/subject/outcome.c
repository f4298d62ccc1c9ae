/* Bounds for every field of a reply. */
#include "harness/subject/outcome.h"

#include <string.h>

#include "corpus/store/store.h"
#include "harness/wire/control.h"

#define ADDRESSES (UINT64_C(1) << 47) /* of a process: no arena and no allocation has more bytes */

static uint64_t threads_of(const struct control_command *command) {
  return command->threads > 1 ? command->threads : 1;
}

/* Batches are not cut off, neither those of the lead nor the last one. */
static uint64_t operations_of(const struct control_command *command) {
  return ((uint64_t)command->lead + command->count + 2 * (uint64_t)command->batch) * threads_of(command);
}

/* Key import and contexts know no tokens. */
static bool asks_about_tokens(const struct control_command *command) {
  return command->block != BLOCK_KEY_IMPORT && command->block != BLOCK_CONTEXT;
}

static bool is_listed(const struct outcome_bounds *bounds, uint32_t token) {
  for (uint32_t i = 0; i < bounds->command->list_len; i++)
    if (bounds->list[i] == token)
      return true;
  return false;
}

static bool impossible(struct assay_error *why, const char *what) {
  return error_set(why, "its worker's reply has been written over: %s", what);
}

/* That the worker was put aside is told of every command. */
static bool switches_hold(const struct control_reply *reply, const struct outcome_bounds *bounds,
                          struct assay_error *why) {
  /* No core is given to another process ten million times a second. */
  if (reply->involuntary_switches > bounds->lived_ns / 100 || reply->put_aside > reply->involuntary_switches)
    return impossible(why, "it was put aside more often than it can have been");
  return true;
}

static bool block_holds(const struct control_reply *reply, const struct outcome_bounds *bounds,
                        struct assay_error *why) {
  const struct control_command *command = bounds->command;
  double fastest = 1e9 * command->count * (double)threads_of(command);
  if (reply->elapsed_ns > bounds->took_ns)
    return impossible(why, "it measured a time longer than the one that it took");
  if (!(reply->tokens_per_s >= 0 && reply->tokens_per_s <= fastest)) /* nor NaN */
    return impossible(why, "it did more tokens a second than one a nanosecond");
  if (reply->wrong > operations_of(command))
    return impossible(why, "it counted more wrong verdicts than verdicts");
  if (reply->arena_high_water_bytes > ADDRESSES)
    return impossible(why, "it used more memory than a process can have");
  if (reply->allocations > bounds->took_ns || reply->allocated_bytes / ADDRESSES > reply->allocations)
    return impossible(why, "it took more from the heap than can be taken");
  if (reply->side_effects & ~(uint32_t)SIDE_EFFECTS)
    return impossible(why, "it tells of a side effect that there is not");
  if (reply->wrong > 0 && asks_about_tokens(command) &&
      (!assay_reason_known(reply->wrong_reason) || !is_listed(bounds, reply->first_wrong)))
    return impossible(why, "it had a wrong verdict on a token that it was not asked about");
  return true;
}

static struct outcome outcome_of(const struct control_reply *reply, const struct control_command *command) {
  struct outcome outcome = {.first_wrong = CORPUS_NONE,
                            .involuntary_switches = reply->involuntary_switches,
                            .put_aside = reply->put_aside};
  if (command->kind != COMMAND_BLOCK)
    return outcome;
  outcome.elapsed_ns = reply->elapsed_ns;
  outcome.tokens_per_s = reply->tokens_per_s;
  outcome.wrong = reply->wrong;
  outcome.arena_high_water_bytes = reply->arena_high_water_bytes;
  outcome.allocations = reply->allocations;
  outcome.allocated_bytes = reply->allocated_bytes;
  outcome.side_effects = reply->side_effects;
  if (reply->wrong > 0 && asks_about_tokens(command)) {
    outcome.first_wrong = reply->first_wrong;
    outcome.wrong_reason = reply->wrong_reason;
  }
  return outcome;
}

enum outcome_kind outcome_take(const struct control_reply *shared, const struct outcome_bounds *bounds,
                               struct outcome *outcome, struct assay_error *why) {
  bool is_block = bounds->command->kind == COMMAND_BLOCK;
  struct control_reply reply;
  memcpy(&reply, shared, sizeof reply);
  atomic_signal_fence(memory_order_seq_cst); /* what is judged is what is used: never read again */
  reply.error[sizeof reply.error - 1] = '\0';
  *outcome = (struct outcome){.first_wrong = CORPUS_NONE};
  if (reply.state == REPLY_ERROR && reply.error[0]) {
    error_set(why, "%s", reply.error);
    return OUTCOME_REFUSED;
  }
  if (reply.state != REPLY_OK) {
    error_set(why, "its worker said that it was done and gave no answer");
    return OUTCOME_MISSING;
  }
  if (is_block && reply.elapsed_ns == 0) {
    error_set(why, "its worker said that it was done and had measured nothing");
    return OUTCOME_MISSING;
  }
  if (!switches_hold(&reply, bounds, why) || (is_block && !block_holds(&reply, bounds, why)))
    return OUTCOME_IMPOSSIBLE;
  *outcome = outcome_of(&reply, bounds->command);
  return OUTCOME_HOLDS;
}

bool outcome_hist_holds(const struct hist *hist, uint64_t samples) {
  uint64_t counted = 0;
  for (unsigned i = 0; i < HIST_SLOTS; i++) {
    if (hist->counts[i] > samples)
      return false; /* and the sum cannot wrap around */
    counted += hist->counts[i];
  }
  double total = (double)samples, sum = (double)hist->sum_ns, rounding = 1e-9 * sum + 1;
  return hist->total == samples && counted == samples && hist->min_ns <= hist->max_ns &&
         sum + rounding >= total * (double)hist->min_ns && sum <= total * (double)hist->max_ns + rounding;
}
