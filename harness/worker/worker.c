/* The worker program: a fresh process that holds one module and does what the host writes into shared memory.
 *   assay-worker MODULE ARGUMENT CORPUS [POLICY]
 * It is started by `assay` only, through a keeper, with CONTROL_FD open; ARGUMENT (a backend's variant, say)
 * and CORPUS may be empty. */
#include "harness/worker/worker.h"

#include <errno.h>
#include <jansson.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/files/file.h"
#include "harness/wire/futex.h"

#define LOOK_NS INT64_C(1000000000) /* so often an idle worker looks whether it is still wanted */

static struct control *control_map(int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0 || (size_t)st.st_size < sizeof(struct control))
    return NULL;
  struct control *control = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (control == MAP_FAILED)
    return NULL;
  return control->abi == CONTROL_ABI && control->layout.bytes == (uint64_t)st.st_size ? control : NULL;
}

static void answer(struct control *control, uint32_t turn) {
  static uint64_t switches_before;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  control->reply.involuntary_switches = (uint64_t)usage.ru_nivcsw;
  control->reply.put_aside = (uint64_t)usage.ru_nivcsw - switches_before;
  switches_before = (uint64_t)usage.ru_nivcsw;
  for (unsigned i = 0; i < CONTROL_THREADS_MAX; i++)
    atomic_store_explicit(&control->lanes[i].in_flight, 0, memory_order_relaxed);
  atomic_store(&control->done, turn);
  futex_wake(&control->done);
}

static void answer_error(struct control *control, uint32_t turn, const struct assay_error *error) {
  control->reply.state = REPLY_ERROR;
  snprintf(control->reply.error, sizeof control->reply.error, "%s", error->text);
  answer(control, turn);
}

/* To one core, or back to all that it began with. A block on another core than asked for is no measure. */
static bool pin(struct worker *worker, int cpu, struct assay_error *error) {
  static cpu_set_t all;
  static bool known;
  known = known || sched_getaffinity(0, sizeof all, &all) == 0;
  if (cpu == worker->cpu)
    return true;
  cpu_set_t one;
  CPU_ZERO(&one);
  if (cpu >= 0)
    CPU_SET((size_t)cpu, &one);
  if (!known || sched_setaffinity(0, sizeof one, cpu >= 0 ? &one : &all) != 0)
    return error_set(error, "cannot be pinned to core %d: %s", cpu, strerror(errno));
  worker->cpu = cpu;
  return true;
}

static bool policy_open(struct worker *worker, const char *path, struct assay_error *error) {
  worker->policy_name = path;
  snprintf(worker->policy_folder, sizeof worker->policy_folder, "%s", path);
  char *slash = strrchr(worker->policy_folder, '/');
  if (slash)
    *slash = '\0';
  else
    snprintf(worker->policy_folder, sizeof worker->policy_folder, ".");
  return file_read(path, &worker->policy_text, &worker->policy_len, error);
}

static bool start(struct worker *worker, char **argv, int argc, struct assay_error *error) {
  if (!module_load(worker, argv[1], argv[2], error))
    return false;
  identity_write(worker);
  if (argc > 4 && !policy_open(worker, argv[4], error))
    return false;
  if (argv[3][0] == '\0')
    return true;
  worker->has_corpus = corpus_open(&worker->corpus, argv[3], error);
  if (!worker->has_corpus)
    return false;
  return worker_setting_read(worker, error);
}

static bool obey(struct worker *worker, struct assay_error *error) {
  const struct control_command *command = &worker->control->command;
  if (!pin(worker, command->cpu, error))
    return false;
  switch (command->kind) {
  case COMMAND_CHECK: return worker_check(worker, error);
  case COMMAND_BLOCK: return worker_block(worker, error);
  case COMMAND_PRIMITIVE:
  case COMMAND_GUARDED: return worker_vectors(worker, error);
  default: return error_set(error, "unknown command %u", command->kind);
  }
}

static void carry_out(struct worker *worker, uint32_t turn) {
  struct control *control = worker->control;
  struct assay_error error = {0};
  memset(&control->reply, 0, sizeof control->reply);
  control->reply.first_wrong = CORPUS_NONE;
  if (!obey(worker, &error)) {
    answer_error(control, turn, &error);
    return;
  }
  control->reply.state = REPLY_OK;
  answer(control, turn);
}

/* The next command that the host gives; false where the keeper is gone, and nobody will give one. A library
 * may have undone that this process is killed with it, so it looks for itself. */
static bool next_turn(struct control *control, uint32_t *turn, pid_t keeper) {
  uint32_t now;
  while ((now = atomic_load(&control->turn)) == *turn) {
    if (getppid() != keeper)
      return false;
    futex_wait(&control->turn, *turn, LOOK_NS);
  }
  *turn = now;
  return true;
}

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "assay-worker is started by assay, not by hand\n");
    return 4;
  }
  pid_t keeper = getppid();
  signal(SIGINT, SIG_IGN);
  /* Jansson seeds its tables at random, and with them the order of allocations, and with that the alignment
   * of everything behind them. */
  if (getenv(WORKER_REPEATABLE))
    json_object_seed(1);
  static struct worker worker;
  worker.cpu = -1;
  worker.control = control_map(CONTROL_FD);
  if (!worker.control) {
    fprintf(stderr, "assay-worker: the shared memory of the host is not what this build expects\n");
    return 4;
  }
  struct assay_error error = {0};
  uint32_t turn = 1;
  if (!start(&worker, argv, argc, &error)) {
    answer_error(worker.control, turn, &error);
    return 4;
  }
  worker.control->reply.state = REPLY_OK;
  answer(worker.control, turn);
  while (next_turn(worker.control, &turn, keeper) && worker.control->command.kind != COMMAND_QUIT)
    carry_out(&worker, turn);
  lanes_stop(&worker);
  worker_settings_close(&worker);
  worker.asker->unload(worker.subject);
  if (worker.has_corpus)
    corpus_close(&worker.corpus);
  free(worker.policy_text);
  return 0;
}
