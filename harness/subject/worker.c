/* The worker program: a fresh process that holds one module and does what the host writes into shared memory.
 *   assay-worker FD MODULE ARGUMENT CORPUS [POLICY]
 * It is started by `assay` only; ARGUMENT (a backend's variant, say) and CORPUS may be empty. */
#include "harness/subject/worker.h"

#include <fcntl.h>
#include <jansson.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/subject/futex.h"

static struct control *control_map(int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0 || (size_t)st.st_size < sizeof(struct control))
    return NULL;
  struct control *control = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (control == MAP_FAILED)
    return NULL;
  return control->abi == CONTROL_ABI && control->size == (uint32_t)st.st_size ? control : NULL;
}

static void answer(struct control *control, uint32_t turn) {
  static uint64_t switches_before;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  control->reply.involuntary_switches = (uint64_t)usage.ru_nivcsw;
  control->reply.put_aside = (uint64_t)usage.ru_nivcsw - switches_before;
  switches_before = (uint64_t)usage.ru_nivcsw;
  atomic_store(&control->in_flight, 0);
  atomic_store(&control->done, turn);
  futex_wake(&control->done);
}

static void answer_error(struct control *control, uint32_t turn, const struct assay_error *error) {
  control->reply.state = REPLY_ERROR;
  snprintf(control->reply.error, sizeof control->reply.error, "%s", error->text);
  answer(control, turn);
}

static void pin(struct worker *worker, int cpu) {
  if (cpu == worker->cpu)
    return;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (cpu >= 0)
    CPU_SET((size_t)cpu, &set);
  for (int i = 0; cpu < 0 && i < CPU_SETSIZE; i++)
    CPU_SET((size_t)i, &set);
  sched_setaffinity(0, sizeof set, &set);
  worker->cpu = cpu;
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

/* Libraries that talk to standard error do so about every bad token: what counts is their answer. */
static void hush(void) {
  int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nothing >= 0) {
    dup2(nothing, STDERR_FILENO);
    close(nothing);
  }
}

static bool start(struct worker *worker, char **argv, int argc, struct assay_error *error) {
  if (!module_load(worker, argv[2], argv[3], error))
    return false;
  if (worker->verifier)
    hush();
  identity_write(worker);
  if (argc > 5 && !policy_open(worker, argv[5], error))
    return false;
  if (argv[4][0] == '\0')
    return true;
  worker->has_corpus = corpus_open(&worker->corpus, argv[4], error);
  if (!worker->has_corpus)
    return false;
  return worker->verifier ? whole_open(worker, 0, error) != NULL : worker_trust(worker, error);
}

static void carry_out(struct worker *worker, uint32_t turn) {
  struct control *control = worker->control;
  struct assay_error error = {0};
  memset(&control->reply, 0, sizeof control->reply);
  control->reply.state = REPLY_OK;
  control->reply.first_wrong = CORPUS_NONE;
  pin(worker, control->command.cpu);
  bool ok;
  switch (control->command.kind) {
  case COMMAND_CHECK: ok = worker_check(worker, &error); break;
  case COMMAND_BLOCK: ok = worker_block(worker, &error); break;
  case COMMAND_PRIMITIVE: ok = worker_primitive(worker, &error); break;
  case COMMAND_GUARDED: ok = worker_guarded(worker, &error); break;
  default: ok = error_set(&error, "unknown command %u", control->command.kind);
  }
  if (ok)
    answer(control, turn);
  else
    answer_error(control, turn, &error);
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "assay-worker is started by assay, not by hand\n");
    return 4;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGINT, SIG_IGN);
  /* Jansson seeds its tables at random, and with them the order of allocations, and with that the alignment
   * of everything behind them. */
  if (getenv(WORKER_REPEATABLE))
    json_object_seed(1);
  static struct worker worker;
  worker.cpu = -1;
  worker.other_setting = CORPUS_NONE;
  worker.whole[0].setting = worker.whole[1].setting = CORPUS_NONE;
  worker.control = control_map(atoi(argv[1]));
  if (!worker.control) {
    fprintf(stderr, "assay-worker: the shared memory of the host is not what this build expects\n");
    return 4;
  }
  struct assay_error error = {0};
  uint32_t turn = 1;
  worker.control->reply.state = REPLY_OK;
  if (!start(&worker, argv, argc, &error)) {
    answer_error(worker.control, turn, &error);
    return 4;
  }
  answer(worker.control, turn);
  for (;;) {
    uint32_t now = atomic_load(&worker.control->turn);
    if (now == turn) {
      futex_wait(&worker.control->turn, turn, -1);
      continue;
    }
    turn = now;
    if (worker.control->command.kind == COMMAND_QUIT)
      break;
    carry_out(&worker, turn);
  }
  worker_block_close(&worker);
  worker_trust_close(&worker);
  whole_close(&worker);
  if (worker.has_corpus)
    corpus_close(&worker.corpus);
  free(worker.policy_text);
  return 0;
}
