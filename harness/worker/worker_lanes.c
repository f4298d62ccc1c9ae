/* The threads of a worker. They live as long as it does, or until another number of them is asked for; each
 * opens, uses and closes an asking of its own. */
#include <signal.h>
#include <string.h>

#include "harness/worker/worker.h"

/* ---- which of them died ---- */

#define HANDLER_STACK_BYTES 32768

static _Thread_local unsigned own_number;
static struct control *shared;

/* Every thread ends with the process, and no wait status tells which of them was the cause. */
static void note_death(int signal_number) {
  atomic_store_explicit(&shared->died_lane, own_number + 1, memory_order_relaxed);
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

/* A stack of the thread's own that holds where the usual one has overflowed. One that a sanitizer has set already
 * stays: it takes back at the thread's end whatever it finds. */
static void watch_own(unsigned number) {
  static uint8_t stacks[CONTROL_THREADS_MAX][HANDLER_STACK_BYTES];
  const stack_t stack = {.ss_sp = stacks[number], .ss_size = HANDLER_STACK_BYTES};
  stack_t before;
  own_number = number;
  if (sigaltstack(NULL, &before) == 0 && before.ss_flags & SS_DISABLE)
    sigaltstack(&stack, NULL);
}

/* Where a library or a sanitizer listens to a signal itself, that is left to it. */
static void watch_all(struct control *control) {
  static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
  const struct sigaction note = {.sa_handler = note_death, .sa_flags = SA_ONSTACK};
  struct sigaction before;
  shared = control;
  watch_own(0);
  for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
    if (sigaction(deadly[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
      sigaction(deadly[i], &note, NULL);
}

/* ---- their life ---- */

static void *lane_main(void *arg) {
  struct lane *lane = arg;
  struct worker *worker = lane->worker;
  watch_own(lane->number);
  pthread_mutex_lock(&worker->lanes_gate);
  bool all_there = !worker->lanes_quit;
  pthread_mutex_unlock(&worker->lanes_gate);
  while (all_there) {
    pthread_barrier_wait(&worker->begin);
    if (worker->lanes_quit)
      break;
    if (!lane->asking)
      lane->asking = worker->asker->open(worker->settings[0].setting, &lane->error);
    if (lane->asking)
      lane_verify(lane, &worker->control->command);
    pthread_barrier_wait(&worker->end);
  }
  if (lane->asking)
    worker->asker->close(lane->asking);
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

void lanes_stop(struct worker *worker) {
  if (worker->lane_count < 2)
    return;
  worker->lanes_quit = true;
  pthread_barrier_wait(&worker->begin);
  lanes_join(worker, worker->lane_count);
}

void lanes_clear(struct worker *worker, unsigned count) {
  const struct control_layout *layout = &worker->control->layout;
  for (unsigned i = 0; i < count; i++) {
    struct lane *lane = &worker->lanes[i];
    lane->worker = worker;
    lane->number = i;
    lane->lists = worker_lists(worker);
    lane->in_flight = &worker->control->lanes[i].in_flight;
    lane->hist = i < layout->hist_count ? &control_hists(worker->control, layout)[i] : NULL;
    lane->wrong = lane->elapsed_ns = 0;
    lane->side_effects = 0;
    lane->first_wrong = CORPUS_NONE;
    lane->error.text[0] = '\0';
  }
}

/* How many of the lanes there are then, lane 0 included; *problem is 0 or an error number. */
static unsigned lanes_create(struct worker *worker, unsigned count, int *problem) {
  for (unsigned i = 1; i < count; i++) {
    *problem = pthread_create(&worker->lanes[i].thread, NULL, lane_main, &worker->lanes[i]);
    if (*problem != 0)
      return i;
  }
  return count;
}

/* No lane goes to the barrier, which waits for all, before all are there. */
static bool lanes_start(struct worker *worker, unsigned count, struct assay_error *error) {
  int problem = 0;
  watch_all(worker->control);
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

bool lanes_verify(struct worker *worker, unsigned count, struct assay_error *error) {
  if (worker->lane_count != count && !lanes_start(worker, count, error))
    return false;
  pthread_barrier_wait(&worker->begin);
  lane_verify(&worker->lanes[0], &worker->control->command);
  pthread_barrier_wait(&worker->end);
  return true;
}
