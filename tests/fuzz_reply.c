/* Any octets in the memory that a worker shares with the host: what the host takes from there keeps to its
 * bounds, and reading it leads nowhere else.
 *
 *   input: what was asked (COMMAND_BYTES), then pieces: where (1), how far into it in steps of 4 octets (1),
 * length (1), octets. They are laid over a reply that holds. */
#include <math.h>
#include <stdlib.h>

#include "harness/subject/outcome.h"
#include "harness/subject/subject_flight.h"
#include "harness/subject/subject_memory.h"

#define TOKENS 200
#define LISTED 64
#define THREADS 3
#define COMMAND_BYTES 6
#define TOOK_NS 5000000u

static uint32_t list[LISTED];
static struct subject_host host = {
    .answer_count = TOKENS, .list = list, .list_len = LISTED, .timed_threads = THREADS, .keep_words = true};
static struct subject subject;

static void check(bool holds) {
  if (!holds)
    abort();
}

static void make_once(void) {
  struct assay_error error;
  if (subject.memory)
    return;
  for (uint32_t i = 0; i < LISTED; i++)
    list[i] = i * 3;
  subject.host = &host;
  check(subject_memory_make(&subject, &error));
}

/* What the host itself says is always within bounds. */
static struct control_command command_of(const uint8_t *data) {
  uint32_t at = data[2] % LISTED, len = data[3] % (LISTED - at) + 1;
  return (struct control_command){.kind = COMMAND_CHECK + data[0] % 5,
                                  .block = data[1] % (BLOCK_TIMES + 1),
                                  .threads = data[4] % THREADS + 1,
                                  .list_at = at,
                                  .list_len = len,
                                  .start = data[5] % len,
                                  .count = data[5],
                                  .lead = data[4] / 4,
                                  .batch = data[3] % 9,
                                  .latency = data[0] >> 7};
}

static void lay_good(const struct control_command *command) {
  struct control *control = subject.memory->control;
  memset(control, 0, subject.memory->layout.bytes); /* nothing of the input before */
  for (uint32_t token = 0; token < TOKENS; token++)
    subject_answer_set(&subject, token, ANSWER_NONE);
  subject_memory_renew(&subject);
  answers_clear(&subject, command);
  control->reply = (struct control_reply){.state = REPLY_OK,
                                          .first_wrong = list[command->list_at],
                                          .wrong_reason = REASON_EXPIRED,
                                          .elapsed_ns = 2000000,
                                          .tokens_per_s = 1e3,
                                          .involuntary_switches = 4,
                                          .put_aside = 1};
}

static void lay_pieces(const uint8_t *data, size_t size) {
  struct control *control = subject.memory->control;
  const struct control_layout *layout = &subject.memory->layout;
  char *const places[] = {(char *)&control->reply,
                          (char *)control->lanes,
                          (char *)&control->died_lane,
                          (char *)&control->words_used,
                          (char *)control->times,
                          (char *)control_answers(control, layout),
                          (char *)control_hists(control, layout),
                          (char *)control + layout->words_at,
                          (char *)control + layout->words_at + layout->token_count * sizeof(uint32_t)};
  while (size >= 3) {
    char *place = places[data[0] % (sizeof places / sizeof places[0])] + data[1] * 4;
    size_t len = data[2] < size - 3 ? data[2] : size - 3;
    memcpy(place, data + 3, len);
    data += 3 + len;
    size -= 3 + len;
  }
}

static bool is_listed(const struct control_command *command, uint32_t token) {
  for (uint32_t i = 0; i < command->list_len; i++)
    if (list[command->list_at + i] == token)
      return true;
  return false;
}

static void take_outcome(const struct control_command *command) {
  const struct outcome_bounds bounds = {command, subject.memory->list + command->list_at, TOOK_NS,
                                        2 * TOOK_NS};
  struct assay_error why = {0};
  struct outcome outcome;
  enum outcome_kind kind = outcome_take(&subject.memory->control->reply, &bounds, &outcome, &why);
  check((kind == OUTCOME_HOLDS) == (why.text[0] == '\0'));
  check(memchr(why.text, '\0', sizeof why.text) && !strchr(why.text, '\x1b'));
  check(outcome.elapsed_ns <= TOOK_NS && outcome.tokens_per_s >= 0 && isfinite(outcome.tokens_per_s));
  check(outcome.put_aside <= outcome.involuntary_switches && outcome.involuntary_switches <= 2 * TOOK_NS);
  check(outcome.first_wrong == CORPUS_NONE || is_listed(command, outcome.first_wrong));
  check(assay_reason_known(outcome.wrong_reason));
}

static void take_answers(const struct control_command *command) {
  uint32_t reached = answers_reached(&subject, command, command->start);
  char words[ASSAY_WORDS_BYTES];
  check(reached >= command->start && reached <= command->list_len);
  answers_take(&subject, command, command->list_len);
  for (uint32_t token = 0; token <= TOKENS; token++) {
    uint16_t answer = subject_answer(&subject, token);
    check(answer == ANSWER_NONE || command->kind == COMMAND_PRIMITIVE || assay_reason_known(answer));
    check(subject_words(&subject, token, words) == (words[0] != '\0'));
    check(memchr(words, '\0', sizeof words) != NULL);
  }
}

static void take_flight(const struct control_command *command) {
  for (int event = EVENT_CRASH; event <= EVENT_HANG; event++) {
    flight_note(&subject, (enum subject_event)event);
    check(subject.last_token == CORPUS_NONE || is_listed(command, subject.last_token));
  }
  double share = subject_share(&subject);
  check(share >= 0 && share <= 1);
  flight_progress(&subject);
}

/* Which is refused unless it has as many samples as were asked for. */
static void take_latency(const struct control_command *command) {
  static struct hist all;
  uint32_t times[CONTROL_TIMES_MAX];
  uint64_t samples = 0;
  hist_reset(&all);
  for (unsigned i = 0; i < THREADS; i++)
    samples += subject.memory->timed[i] = command->latency ? command->count : 0;
  subject.error.text[0] = '\0';
  bool holds = subject_latency_add(&subject, &all);
  check(holds == (subject.error.text[0] == '\0') && (!holds || all.total == samples));
  subject_times(&subject, times, CONTROL_TIMES_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < COMMAND_BYTES)
    return 0;
  make_once();
  const struct control_command command = subject.command = command_of(data);
  lay_good(&command);
  lay_pieces(data + COMMAND_BYTES, size - COMMAND_BYTES);
  take_outcome(&command);
  take_answers(&command);
  take_flight(&command);
  take_latency(&command);
  return 0;
}
