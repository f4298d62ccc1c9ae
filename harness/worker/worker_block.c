/* Measured blocks: chooses what a block runs, on one thread or on several, and sums up. */
#include "harness/worker/worker.h"

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
    reply->side_effects |= lane->side_effects;
    if (lane->elapsed_ns > reply->elapsed_ns)
      reply->elapsed_ns = lane->elapsed_ns;
    if (lane->elapsed_ns > 0)
      reply->tokens_per_s += 1e9 * worker->control->command.count / (double)lane->elapsed_ns;
  }
  if (worker->asker->scratch_bytes)
    reply->arena_high_water_bytes = worker->asker->scratch_bytes(worker->lanes[0].asking);
  return true;
}

static bool is_verification(enum block_kind block) {
  return block == BLOCK_VERIFY || block == BLOCK_COLD || block == BLOCK_TIMES;
}

/* What this kind of subject, or this build, cannot do. */
static bool is_possible(const struct worker *worker, const struct control_command *command,
                        struct assay_error *error) {
  bool several = command->threads > 1, whole = is_verification((enum block_kind)command->block);
  if (command->count_allocations && (allocations_missing() || command->block != BLOCK_VERIFY || several))
    return error_set(error, "allocations are counted on one thread, and %s",
                     allocations_missing() ? allocations_missing() : "in whole verifications");
  if ((several && !(worker->facts.flags & ASKER_THREADS)) || (!whole && !worker->asker->part))
    return error_set(error, "a %s is measured as a whole, on one thread", worker->asker->kind);
  if (several && command->block != BLOCK_VERIFY)
    return error_set(error, "only whole verifications are measured on several threads");
  if (command->latency && command->threads > worker->control->layout.hist_count)
    return error_set(error, "more threads are to time their tokens than there is room for");
  return command->threads <= CONTROL_THREADS_MAX ||
         error_set(error, "%u threads are more than the %d that a worker has", command->threads,
                   CONTROL_THREADS_MAX);
}

static bool run_block(struct worker *worker, struct lane *lane, unsigned threads, struct assay_error *error) {
  const struct control_command *command = &worker->control->command;
  switch (command->block) {
  case BLOCK_VERIFY:
    if (threads > 1)
      return lanes_verify(worker, threads, error);
    lane_verify(lane, command);
    return true;
  case BLOCK_COLD: return lane_cold(lane, command, error);
  case BLOCK_TIMES: return lane_times(lane, command, error);
  default: return worker->asker->part(worker->subject, lane, command, error);
  }
}

bool worker_block(struct worker *worker, struct assay_error *error) {
  const struct control_command *command = &worker->control->command;
  struct lane *lane = &worker->lanes[0];
  unsigned threads = command->threads > 1 ? command->threads : 1;
  if (!is_possible(worker, command, error))
    return false;
  if (threads > 1 && threads != worker->lane_count)
    lanes_stop(worker);
  lanes_clear(worker, threads);
  lane->asking = worker_asking(worker, 0, error);
  if (!lane->asking)
    return false;
  worker->asker->clock_set(lane->asking, CORPUS_NOW_UNSET);
  return run_block(worker, lane, threads, error) && lanes_sum(worker, threads, error);
}
