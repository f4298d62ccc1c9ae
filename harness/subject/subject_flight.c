/* Reads the tokens in flight, of which nothing is taken for more than a number. */
#include "harness/subject/subject_flight.h"

#include "harness/subject/subject_memory.h"

static uint64_t flight_of(const struct subject *subject, unsigned lane) {
  return atomic_load(&subject->memory->control->lanes[lane].in_flight);
}

unsigned flight_lanes(const struct subject *subject) {
  uint32_t threads = subject->command.kind == COMMAND_BLOCK ? subject->command.threads : 1;
  return threads < 1 ? 1 : threads > CONTROL_THREADS_MAX ? CONTROL_THREADS_MAX : threads;
}

bool flight_is_any(const struct subject *subject) {
  bool any = false;
  for (unsigned i = 0; i < flight_lanes(subject); i++)
    any = any || flight_of(subject, i);
  return any;
}

/* What is in flight in the thread that died, as far as that can be told: the worker says which, unless it was
 * killed, or only one is at work. Of several that hang, each does. */
static uint64_t flight_at_end(const struct subject *subject, enum subject_event event) {
  uint32_t died = atomic_load(&subject->memory->control->died_lane);
  uint64_t found = 0;
  if (event == EVENT_CRASH && died >= 1 && died <= flight_lanes(subject))
    return flight_of(subject, died - 1);
  for (unsigned i = 0; i < flight_lanes(subject); i++) {
    uint64_t flight = flight_of(subject, i);
    if (found && flight)
      return event == EVENT_HANG ? found : 0;
    found = flight ? flight : found;
  }
  return found;
}

static bool is_asked(const struct subject *subject, uint32_t token) {
  const uint32_t *list = subject->memory->list + subject->command.list_at;
  for (uint32_t i = 0; i < subject->command.list_len; i++)
    if (list[i] == token)
      return true;
  return false;
}

/* A token that it was not asked about cannot be the one. */
void flight_note(struct subject *subject, enum subject_event event) {
  uint64_t flight = flight_at_end(subject, event);
  bool known = flight && is_asked(subject, (uint32_t)flight);
  subject->last_token = known ? (uint32_t)flight : CORPUS_NONE;
  subject->last_position = known ? (uint32_t)(flight >> 32) - 1 : 0;
}

double subject_share(const struct subject *subject) {
  uint64_t flight = flight_of(subject, 0);
  double len = subject->command.list_len ? subject->command.list_len : 1;
  return (double)(flight >> 32) < len ? (double)(flight >> 32) / len : 1;
}

/* In a verdict pass what moves are the answers: where it says that it is, a library can change for ever. */
uint64_t flight_progress(const struct subject *subject) {
  const struct control_command *command = &subject->command;
  uint64_t moves = 0;
  if (command->kind != COMMAND_BLOCK)
    return answers_reached(subject, command, subject->seen ? (uint32_t)subject->seen - 1 : command->start) +
           1;
  for (unsigned i = 0; i < flight_lanes(subject); i++)
    moves = moves * 31 + flight_of(subject, i);
  return moves;
}
