/* A pool for one loop: threads take the next index until there is none. */
#include "corpus/base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define THREADS_MAX 256

struct loop {
  void (*work)(void *arg, size_t index);
  void *arg;
  size_t count;
  atomic_size_t next;
};

static void *run_thread(void *arg) {
  struct loop *loop = arg;
  for (size_t i; (i = atomic_fetch_add(&loop->next, 1)) < loop->count;)
    loop->work(loop->arg, i);
  return NULL;
}

void parallel_for(unsigned threads, size_t count, void (*work)(void *arg, size_t index), void *arg) {
  struct loop loop = {.work = work, .arg = arg, .count = count};
  pthread_t others[THREADS_MAX];
  unsigned started = 0;
  while (started + 1 < threads && started < THREADS_MAX && started + 1 < count &&
         pthread_create(&others[started], NULL, run_thread, &loop) == 0)
    started++;
  run_thread(&loop);
  for (unsigned i = 0; i < started; i++)
    pthread_join(others[i], NULL);
}

unsigned parallel_cores(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0)
    return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? (unsigned)count : 1;
}
