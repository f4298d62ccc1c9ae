/* Starting, asking and replacing worker processes. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/subject/subject_memory.h"
#include "harness/wire/futex.h"

#define PADDING_MAX 4096
#define MEASURED_LOOP "lane_verify" /* worker_loop.c */
#define START_LIMIT_NS (60 * INT64_C(1000000000))
#define QUIT_LIMIT_NS (10 * INT64_C(1000000000)) /* of closing 10,000 keys, and of LeakSanitizer after it */
#define QUIT_POLL_US 1000
#define LAUNCHES_MAX 3 /* of a worker that dies while it starts, in place of one that was lost */

extern char **environ;

/* What a worker's environment has beside ours. */
struct extra {
  char libraries[16384];
  char padding[PADDING_MAX + 32];
};

/* Where the stack begins depends on the size of the environment, and with it what shares a cache line: every
 * launch gets another one, so that no launch's luck becomes a subject's (METHOD 4). */
static char *padding_fill(char *padding) {
  uint64_t random = clock_ns();
  int length = sprintf(padding, "ASSAY_PADDING=");
  size_t bytes = random_next(&random) % PADDING_MAX;
  memset(padding + length, 'x', bytes);
  padding[length + (int)bytes] = '\0';
  return padding;
}

/* Ours, the padding, and for another build of its library the folders to look in first. free() the list. */
static char **environment_of(const struct subject *subject, struct extra *extra) {
  const char *prefix = subject->spec.prefix;
  size_t count = 0, kept = 0;
  while (environ[count])
    count++;
  char **list = calloc(count + 3, sizeof *list);
  if (!list)
    return NULL;
  for (size_t i = 0; i < count; i++)
    if (!prefix[0] || strncmp(environ[i], "LD_LIBRARY_PATH=", 16) != 0)
      list[kept++] = environ[i];
  if (prefix[0]) {
    snprintf(extra->libraries, sizeof extra->libraries, "LD_LIBRARY_PATH=%s/lib:%s/lib64:%s", prefix, prefix,
             prefix);
    list[kept++] = extra->libraries;
  }
  list[kept++] = subject->host->repeatable ? WORKER_REPEATABLE "=1" : padding_fill(extra->padding);
  list[kept] = NULL;
  return list;
}

/* Counts inside the measured loop alone, and dumps the counts each time it ends. */
static size_t callgrind_arguments(const struct subject_host *host, char *out, size_t size, char **argv) {
  if (!host->callgrind)
    return 0;
  snprintf(out, size, "--callgrind-out-file=%s", host->callgrind);
  char *arguments[] = {/* No door for a debugger: its pipes would outlive a worker that is killed. */
                       "valgrind",
                       "-q",
                       "--vgdb=no",
                       "--tool=callgrind",
                       "--toggle-collect=" MEASURED_LOOP,
                       "--dump-after=" MEASURED_LOOP,
                       out};
  memcpy(argv, arguments, sizeof arguments);
  return sizeof arguments / sizeof arguments[0];
}

/* Beside the program in a build folder; in lib/assay where it is installed, since nobody starts it by hand.
 */
static void worker_path(char *path, size_t size) {
  snprintf(path, size, "%s/assay-worker", program_folder());
  if (access(path, X_OK) != 0)
    snprintf(path, size, "%s/../lib/assay/assay-worker", program_folder());
}

/* Its own three descriptors and what it shares with us; nothing else that we have open is its business. */
static int spawn_with(struct subject *subject, char **argv, char **environment, int said) {
  int vectors = subject->host->vectors_fd;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, said, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, said, STDERR_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, subject->memory->fd, CONTROL_FD);
  if (vectors > 0)
    posix_spawn_file_actions_adddup2(&actions, vectors, CONTROL_VECTORS_FD);
  posix_spawn_file_actions_addclosefrom_np(&actions, vectors > 0 ? CONTROL_VECTORS_FD + 1 : CONTROL_FD + 1);
  int problem = posix_spawnp(&subject->pid, argv[0], &actions, NULL, argv, environment);
  posix_spawn_file_actions_destroy(&actions);
  return problem;
}

static bool spawn(struct subject *subject, struct assay_error *error) {
  char worker[4200], out[4200], *argv[16];
  struct extra extra;
  const struct subject_host *host = subject->host;
  int said;
  worker_path(worker, sizeof worker);
  char *own[] = {worker,
                 subject->spec.module,
                 subject->spec.argument,
                 (char *)(host->corpus ? host->corpus->folder : ""),
                 (char *)host->policy_path,
                 NULL};
  memcpy(argv + callgrind_arguments(host, out, sizeof out, argv), own, sizeof own);
  if (!said_open(&subject->said, &said))
    return error_set(error, "%s: cannot make a pipe: %s", subject->spec.label, strerror(errno));
  char **environment = environment_of(subject, &extra);
  int problem = environment ? spawn_with(subject, argv, environment, said) : ENOMEM;
  free(environment);
  close(said);
  if (problem == 0)
    return true;
  subject->pid = 0;
  return error_set(error, "%s: cannot start %s: %s", subject->spec.label, argv[0], strerror(problem));
}

static void reap(struct subject *subject) {
  if (subject->pid > 0) {
    kill(subject->pid, SIGKILL);
    while (waitpid(subject->pid, NULL, 0) < 0 && errno == EINTR) {
    }
  }
  subject->pid = 0;
}

/* Lets a worker that is about to end do so by itself: one that is killed while LeakSanitizer looks through it
 * leaves a report about that. */
static void leave(struct subject *subject) {
  uint64_t deadline = clock_ns() + QUIT_LIMIT_NS;
  while (subject->pid > 0 && clock_ns() < deadline) {
    if (waitpid(subject->pid, NULL, WNOHANG) == subject->pid)
      subject->pid = 0;
    else
      usleep(QUIT_POLL_US);
  }
  reap(subject);
}

/* What became of it, in words, with the last of its own. */
static void note_death(struct subject *subject, int status) {
  const char *said = said_last(&subject->said);
  char how[100];
  if (WIFSIGNALED(status))
    snprintf(how, sizeof how, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
  else
    snprintf(how, sizeof how, "exit %d", WEXITSTATUS(status));
  snprintf(subject->last_cause, sizeof subject->last_cause, "%s%s%s", how,
           said[0] ? ", having printed: " : "", said);
}

/* Whether the worker is gone; notes how the first time. */
static bool has_died(struct subject *subject) {
  int status;
  if (subject->pid > 0 && waitpid(subject->pid, &status, WNOHANG) == subject->pid) {
    subject->pid = 0;
    note_death(subject, status);
  }
  return subject->pid <= 0;
}

static bool is_done(const struct subject *subject) {
  return atomic_load(&subject->memory->control->done) == subject->turn;
}

static enum outcome_kind take_outcome(struct subject *subject, struct assay_error *error) {
  uint64_t now = clock_ns();
  const struct outcome_bounds bounds = {.command = &subject->command,
                                        .list = subject->memory->list + subject->command.list_at,
                                        .took_ns = now - subject->sent_ns,
                                        .lived_ns = now - subject->launched_ns};
  return outcome_take(&subject->memory->control->reply, &bounds, &subject->outcome, error);
}

/* Until the worker has loaded everything. False and a sentence where it died first, or takes too long. */
static bool wait_ready(struct subject *subject, struct assay_error *error) {
  uint64_t deadline = clock_ns() + START_LIMIT_NS;
  while (!is_done(subject)) {
    futex_wait(&subject->memory->control->done, 0, 20000000);
    said_read(&subject->said);
    if (has_died(subject) && !is_done(subject))
      return error_set(error, "%s: its worker died while it loaded %s (%s)", subject->spec.label,
                       subject->spec.module, subject->last_cause);
    if (clock_ns() > deadline)
      return error_set(error, "%s: its worker was not ready after 60 s", subject->spec.label);
  }
  return true;
}

/* The text that the worker wrote of itself, ended where its room ends. */
static bool take_identity(struct subject *subject, struct assay_error *error) {
  if (!subject->identity)
    subject->identity = strndup(subject->memory->control->identity, CONTROL_IDENTITY_BYTES - 1);
  return subject->identity || error_set(error, "%s: no memory for its identity", subject->spec.label);
}

/* Starts a worker and waits for its first word. */
static bool launch(struct subject *subject, struct assay_error *error) {
  subject_memory_renew(subject);
  subject->turn = 1;
  subject->command = (struct control_command){.kind = COMMAND_CHECK};
  subject->launched_ns = subject->sent_ns = clock_ns();
  if (!spawn(subject, error) || !wait_ready(subject, error))
    return false;
  enum outcome_kind kind = take_outcome(subject, error);
  if (kind == OUTCOME_HOLDS)
    return take_identity(subject, error);
  return kind == OUTCOME_REFUSED ? false : error_prefix(error, "%s: ", subject->spec.label);
}

bool subject_open(struct subject *subject, const struct subject_spec *spec, const struct subject_host *host,
                  struct assay_error *error) {
  memset(subject, 0, sizeof *subject);
  subject->spec = *spec;
  subject->host = host;
  subject->said.fd = -1;
  subject->last_token = CORPUS_NONE;
  if (subject_memory_make(subject, error) && launch(subject, error))
    return true;
  subject_close(subject);
  return false;
}

static void count_switches(struct subject *subject) {
  subject->involuntary_switches += subject->outcome.involuntary_switches;
}

/* A death that cost no answer is a fault all the same. */
static bool note_late_death(struct subject *subject) {
  if (!has_died(subject))
    return false;
  error_set(&subject->error, "%s: its worker died after it had answered: %s", subject->spec.label,
            subject->last_cause);
  return true;
}

bool subject_relaunch(struct subject *subject, struct assay_error *error) {
  if (subject->state == SUBJECT_BUSY || subject->state == SUBJECT_DEAD)
    return error_set(error, "%s: cannot be started anew", subject->spec.label);
  note_late_death(subject);
  count_switches(subject);
  reap(subject);
  if (launch(subject, error))
    return true;
  leave(subject);
  subject->state = SUBJECT_DEAD;
  return false;
}

/* Adds one to the turn and wakes the worker. */
static void give(struct subject *subject, const struct control_command *command) {
  struct control *control = subject->memory->control;
  subject->command = control->command = *command;
  subject->sent_ns = clock_ns();
  atomic_store(&control->turn, ++subject->turn);
  futex_wake(&control->turn);
}

void subject_close(struct subject *subject) {
  if (subject->pid > 0 && subject->state == SUBJECT_IDLE) {
    give(subject, &(struct control_command){.kind = COMMAND_QUIT});
    leave(subject);
  } else
    reap(subject);
  subject_memory_free(subject);
  said_close(&subject->said);
  free(subject->identity);
  subject->identity = NULL;
  subject->state = SUBJECT_DEAD;
}

/* The kernel's own account of the address space, which begins anew when the worker's program is loaded. The
 * ru_maxrss of getrusage does not: it starts from the peak of the process that forked, which is ours. */
uint64_t subject_peak_bytes(const struct subject *subject) {
  char path[64], line[256];
  unsigned long long kib = 0;
  snprintf(path, sizeof path, "/proc/%d/status", (int)subject->pid);
  FILE *status = subject->pid > 0 ? fopen(path, "re") : NULL;
  while (status && fgets(line, sizeof line, status))
    if (sscanf(line, "VmHWM: %llu kB", &kib) == 1)
      break;
  if (status)
    fclose(status);
  return (uint64_t)kib * 1024;
}

void subject_send(struct subject *subject, const struct control_command *command) {
  if (subject->state == SUBJECT_DEAD)
    return;
  said_clear(&subject->said);
  subject->said_done = false;
  subject->memory->control->reply.state = REPLY_NONE;
  subject->seen = 0;
  subject->seen_ns = 0;
  subject->state = SUBJECT_BUSY;
  give(subject, command);
}

/* A token that cannot be the one at work is none: the library can write there, too. */
static void note_flight(struct subject *subject) {
  uint64_t flight = atomic_load(&subject->memory->control->in_flight);
  uint32_t token = (uint32_t)flight;
  bool known = flight && token < subject->memory->layout.token_count;
  subject->last_token = known ? token : CORPUS_NONE;
  subject->last_position = known ? (uint32_t)(flight >> 32) - 1 : 0;
}

double subject_share(const struct subject *subject) {
  uint64_t flight = atomic_load(&subject->memory->control->in_flight);
  double len = subject->command.list_len ? subject->command.list_len : 1;
  return (double)(flight >> 32) < len ? (double)(flight >> 32) / len : 1;
}

/* Once more where it dies on the way: that may have had nothing to do with it. */
static bool launch_again(struct subject *subject) {
  struct assay_error why;
  for (int i = 0; i < LAUNCHES_MAX; i++) {
    if (launch(subject, &why))
      return true;
    if (subject->pid > 0)
      break;
  }
  subject->error = why;
  leave(subject);
  subject->state = SUBJECT_DEAD;
  return false;
}

static enum subject_event restart(struct subject *subject, enum subject_event event) {
  char cause[sizeof subject->last_cause];
  snprintf(cause, sizeof cause, "%s", subject->last_cause);
  note_flight(subject);
  reap(subject);
  subject->restarts++;
  subject->state = SUBJECT_IDLE;
  launch_again(subject);
  snprintf(subject->last_cause, sizeof subject->last_cause, "%s", cause);
  return event;
}

/* A refusal is a worker's own word; one that lies about its work may be at it still. */
static enum subject_event take_reply(struct subject *subject) {
  struct assay_error why;
  subject->state = SUBJECT_IDLE;
  enum outcome_kind kind = take_outcome(subject, &why);
  if (kind == OUTCOME_HOLDS) {
    subject->memory->timed += subject->command.latency ? subject->command.count : 0;
    return EVENT_DONE;
  }
  subject->said_done = kind != OUTCOME_REFUSED;
  if (subject->said_done)
    restart(subject, EVENT_ERROR);
  subject->error = why;
  error_prefix(&subject->error, "%s: ", subject->spec.label);
  return EVENT_ERROR;
}

bool subject_check_alive(struct subject *subject) {
  if (subject->state != SUBJECT_IDLE || !note_late_death(subject))
    return true;
  struct assay_error why = subject->error;
  restart(subject, EVENT_CRASH);
  subject->error = why;
  return false;
}

static bool hangs(struct subject *subject) {
  uint64_t now = clock_ns(), flight = atomic_load(&subject->memory->control->in_flight);
  if (flight != subject->seen || subject->seen_ns == 0) {
    subject->seen = flight;
    subject->seen_ns = now;
    return false;
  }
  /* flight 0: between tokens or in set-up (key import, say), which may take longer than a token. */
  return now - subject->seen_ns > (flight ? subject->host->hang_ns : (uint64_t)START_LIMIT_NS);
}

enum subject_event subject_poll(struct subject *subject, int64_t wait_ns) {
  struct control *control = subject->memory->control;
  if (subject->state == SUBJECT_DEAD)
    return EVENT_ERROR;
  uint32_t done = atomic_load(&control->done);
  if (done != subject->turn)
    futex_wait(&control->done, done, wait_ns);
  /* Looked at again after a death: it may have answered between the two. */
  if (is_done(subject) || (has_died(subject) && is_done(subject)))
    return take_reply(subject);
  said_read(&subject->said);
  if (subject->pid <= 0)
    return restart(subject, EVENT_CRASH);
  if (!hangs(subject))
    return EVENT_NONE;
  const char *said = said_last(&subject->said);
  snprintf(subject->last_cause, sizeof subject->last_cause, "no answer in %.1f s%s%s",
           (double)subject->host->hang_ns / 1e9, said[0] ? ", having printed: " : "", said);
  return restart(subject, EVENT_HANG);
}

enum subject_event subject_do(struct subject *subject, const struct control_command *command,
                              const volatile sig_atomic_t *stop) {
  subject_send(subject, command);
  for (;;) {
    enum subject_event event = subject_poll(subject, 20000000);
    if (event != EVENT_NONE || (stop && *stop))
      return event;
  }
}
