/* Making the shared memory, and reading from it what cannot lead astray. */
#include "harness/subject/subject_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backends/backend.h"
#include "harness/wire/kept_words.h"
#include "harness/wire/shared_memory.h"

static size_t align64(size_t n) {
  return (n + 63) & ~(size_t)63;
}

static struct control_layout layout_of(const struct subject_host *host) {
  struct control_layout layout = {.token_count = host->corpus ? (uint32_t)host->corpus->header->token_count
                                                              : host->answer_count,
                                  .list_len = host->list_len,
                                  .hist_count = host->timed_threads ? host->timed_threads : 1,
                                  .answers_at = align64(sizeof(struct control))};
  layout.lists_at = layout.answers_at + align64(layout.token_count * sizeof(uint16_t));
  layout.hists_at = layout.lists_at + align64((layout.list_len + 1) * sizeof(uint32_t));
  layout.bytes = layout.hists_at + align64(layout.hist_count * sizeof(struct hist));
  if (host->keep_words) {
    kept_words_init(&layout, layout.bytes);
    layout.bytes += kept_words_size(layout.token_count);
  }
  return layout;
}

static bool map(struct subject_memory *memory, struct assay_error *error) {
  size_t size = memory->layout.bytes;
  memory->fd = shared_memory_open("assay-control");
  if (memory->fd < 0 || ftruncate(memory->fd, (off_t)size) != 0 ||
      fcntl(memory->fd, F_ADD_SEALS, SHARED_FIXED_SIZE) != 0)
    return error_set(error, "cannot make %zu bytes of shared memory: %s", size, strerror(errno));
  void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory->fd, 0);
  if (mapped == MAP_FAILED)
    return error_set(error, "cannot map %zu bytes of shared memory: %s", size, strerror(errno));
  memory->control = mapped;
  return true;
}

bool subject_memory_make(struct subject *subject, struct assay_error *error) {
  struct subject_memory *memory = subject->memory = calloc(1, sizeof *memory);
  if (!memory)
    return error_set(error, "no memory for a subject");
  memory->fd = -1;
  memory->layout = layout_of(subject->host);
  size_t bytes = memory->layout.token_count * sizeof *memory->answers;
  memory->answers = malloc(bytes + 1);
  memory->list = calloc(memory->layout.list_len + 1, sizeof *memory->list);
  memory->timed = calloc(memory->layout.hist_count, sizeof *memory->timed);
  if (!memory->answers || !memory->list || !memory->timed)
    return error_set(error, "no memory for %u answers", memory->layout.token_count);
  memset(memory->answers, 0xff, bytes); /* ANSWER_NONE */
  return map(memory, error);
}

void subject_memory_renew(struct subject *subject) {
  struct subject_memory *memory = subject->memory;
  struct control *control = memory->control;
  control->abi = CONTROL_ABI;
  control->layout = memory->layout;
  control->command = (struct control_command){0};
  control->reply = (struct control_reply){0};
  atomic_store(&control->done, 0);
  atomic_store(&control->turn, 1);
  atomic_store(&control->died_lane, 0);
  for (unsigned i = 0; i < CONTROL_THREADS_MAX; i++)
    atomic_store(&control->lanes[i].in_flight, 0);
  kept_words_renew(control, &memory->layout);
  if (memory->layout.list_len)
    subject_list_set(subject, 0, subject->host->list, memory->layout.list_len);
}

void subject_memory_free(struct subject *subject) {
  struct subject_memory *memory = subject->memory;
  subject->memory = NULL;
  if (!memory)
    return;
  if (memory->control)
    munmap(memory->control, memory->layout.bytes);
  if (memory->fd >= 0)
    close(memory->fd);
  free(memory->list);
  free(memory->answers);
  free(memory->timed);
  free(memory);
}

/* ---- lists ---- */

void subject_list_set(struct subject *subject, uint32_t at, const uint32_t *tokens, uint32_t len) {
  struct subject_memory *memory = subject->memory;
  const struct control_layout *layout = &memory->layout;
  if (at > layout->list_len || len > layout->list_len - at)
    abort();
  memcpy(memory->list + at, tokens, len * sizeof *tokens);
  memcpy(control_lists(memory->control, layout) + at, tokens, len * sizeof *tokens);
}

/* ---- answers ---- */

uint16_t subject_answer(const struct subject *subject, uint32_t token) {
  const struct subject_memory *memory = subject->memory;
  return token < memory->layout.token_count ? memory->answers[token] : ANSWER_NONE;
}

void subject_answer_set(struct subject *subject, uint32_t token, uint16_t answer) {
  if (token < subject->memory->layout.token_count)
    subject->memory->answers[token] = answer;
}

static bool is_answer(enum command_kind asked, uint16_t answer) {
  unsigned outcome = answer & ~(unsigned)ANSWER_OF_KEY;
  if (asked == COMMAND_PRIMITIVE)
    return outcome >= ASSAY_MATCH && outcome <= ASSAY_FAULT;
  return assay_reason_known(answer);
}

void answers_clear(struct subject *subject, const struct control_command *command) {
  struct subject_memory *memory = subject->memory;
  uint16_t *shared = control_answers(memory->control, &memory->layout);
  const uint32_t *list = memory->list + command->list_at;
  for (uint32_t i = command->start; i < command->list_len; i++)
    shared[list[i]] = memory->answers[list[i]] = ANSWER_NONE;
}

uint32_t answers_reached(const struct subject *subject, const struct control_command *command,
                         uint32_t from) {
  const struct subject_memory *memory = subject->memory;
  const volatile uint16_t *shared = control_answers(memory->control, &memory->layout);
  const uint32_t *list = memory->list + command->list_at;
  while (from < command->list_len && shared[list[from]] != ANSWER_NONE)
    from++;
  return from;
}

void answers_take(struct subject *subject, const struct control_command *command, uint32_t end) {
  struct subject_memory *memory = subject->memory;
  const volatile uint16_t *shared = control_answers(memory->control, &memory->layout);
  const uint32_t *list = memory->list + command->list_at;
  for (uint32_t i = command->start; i < end; i++) {
    uint16_t answer = shared[list[i]];
    memory->answers[list[i]] =
        is_answer((enum command_kind)command->kind, answer) ? answer : (uint16_t)ANSWER_NONE;
  }
}

bool subject_words(const struct subject *subject, uint32_t token, char words[ASSAY_WORDS_BYTES]) {
  return kept_words(subject->memory->control, &subject->memory->layout, token, words);
}

/* ---- times ---- */

void subject_times(const struct subject *subject, uint32_t *times, uint32_t count) {
  if (count > CONTROL_TIMES_MAX)
    abort();
  memcpy(times, subject->memory->control->times, count * sizeof *times);
}

void subject_latency_reset(struct subject *subject) {
  struct subject_memory *memory = subject->memory;
  for (uint32_t i = 0; i < memory->layout.hist_count; i++) {
    hist_reset(&control_hists(memory->control, &memory->layout)[i]);
    memory->timed[i] = 0;
  }
}

uint64_t subject_latency_samples(const struct subject *subject) {
  uint64_t samples = 0;
  for (uint32_t i = 0; i < subject->memory->layout.hist_count; i++)
    samples += subject->memory->timed[i];
  return samples;
}

static bool hist_take(const struct subject_memory *memory, uint32_t lane, struct hist *taken) {
  memcpy(taken, &control_hists(memory->control, &memory->layout)[lane], sizeof *taken);
  atomic_signal_fence(memory_order_seq_cst);
  return outcome_hist_holds(taken, memory->timed[lane]);
}

bool subject_latency_add(struct subject *subject, struct hist *into) {
  static struct hist taken; /* large for a stack */
  for (uint32_t i = 0; i < subject->memory->layout.hist_count; i++) {
    if (!hist_take(subject->memory, i, &taken))
      return error_set(&subject->error, "%s: its worker's histogram has been written over",
                       subject->spec.label);
    hist_merge(into, &taken);
  }
  return true;
}
