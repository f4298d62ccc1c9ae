/* In libuv's manner (src/unix/process.c): everything is closed on exec but what the child shall have, signals
 * are as they are by default there, an exec that fails is told in words, and EINTR ends nothing. */
#include "harness/subject/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "build_facts.h"
#include "harness/base/clock.h"
#include "harness/base/files/program_file.h"
#include "harness/base/random.h"
#include "harness/subject/subject_memory.h"
#include "harness/wire/keeper.h"

#define PADDING_MAX 4096
#define MEASURED_LOOP "lane_verify" /* worker_loop.c */
#define ARGUMENTS_MAX 20
#define START_LIMIT_NS (60 * UINT64_C(1000000000))
#define KEEPER_LIMIT_NS (15 * UINT64_C(1000000000)) /* of killing what a worker has started, and more */
#define POLL_MS 1

extern char **environ;

/* ---- what a worker is started with ---- */

/* What a worker's environment has beside ours. */
struct extra {
  char libraries[32768];
  char padding[PADDING_MAX + 32];
};

/* Where the stack begins depends on the size of the environment, and with it what shares a cache line: every
 * launch gets another one, so that no launch's luck becomes a subject's. */
static char *padding_fill(char *padding) {
  uint64_t random = clock_ns();
  int length = sprintf(padding, "ASSAY_PADDING=");
  size_t bytes = random_next(&random) % PADDING_MAX;
  memset(padding + length, 'x', bytes);
  padding[length + (int)bytes] = '\0';
  return padding;
}

/* Where its libraries are looked for first. A module of assay's own knows its library by where it was linked:
 * a path that is meant for other programs must not give it another one. */
static bool libraries_fill(const struct subject_spec *spec, char *libraries, size_t size) {
  const char *own = getenv("LD_LIBRARY_PATH"), *prefix = spec->prefix;
  if (prefix[0] && !subject_spec_is_build(spec))
    snprintf(libraries, size, "LD_LIBRARY_PATH=%s/lib:%s/lib64:%s/lib/" ASSAY_MULTIARCH ":%s", prefix, prefix,
             prefix, prefix);
  else if (spec->is_file && own)
    snprintf(libraries, size, "LD_LIBRARY_PATH=%s", own);
  else
    return false;
  return true;
}

/* Ours but for where libraries lie, and the padding. free() the list. */
static char **environment_of(const struct subject *subject, struct extra *extra) {
  size_t count = 0, kept = 0;
  while (environ[count])
    count++;
  char **list = calloc(count + 3, sizeof *list);
  if (!list)
    return NULL;
  for (size_t i = 0; i < count; i++)
    if (strncmp(environ[i], "LD_LIBRARY_PATH=", 16) != 0)
      list[kept++] = environ[i];
  if (libraries_fill(&subject->spec, extra->libraries, sizeof extra->libraries))
    list[kept++] = extra->libraries;
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

/* ---- starting ---- */

/* A program that begins with nothing of ours but these: what it prints into, the pipe to us, and the memory
 * that is shared. The pipes' own numbers may be those that others are duplicated to, hence the order; those
 * of shared memory never are (shared_memory.h). */
static int actions_make(posix_spawn_file_actions_t *actions, const struct subject *subject, int said,
                        int report) {
  int vectors = subject->host->vectors_fd;
  int problem = posix_spawn_file_actions_init(actions);
  if (problem)
    return problem;
  posix_spawn_file_actions_adddup2(actions, said, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(actions, said, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(actions, report, KEEPER_FD);
  posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(actions, subject->memory->fd, CONTROL_FD);
  if (vectors > 0)
    posix_spawn_file_actions_adddup2(actions, vectors, CONTROL_VECTORS_FD);
  else
    posix_spawn_file_actions_addclose(actions, CONTROL_VECTORS_FD);
  posix_spawn_file_actions_addclosefrom_np(actions, KEEPER_FD + 1);
  return 0;
}

/* Signals of the terminal are ours to answer: the keeper has a group of its own. */
static int attributes_make(posix_spawnattr_t *attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int problem = posix_spawnattr_init(attributes);
  if (problem)
    return problem;
  posix_spawnattr_setsigmask(attributes, &none);
  posix_spawnattr_setsigdefault(attributes, &all);
  posix_spawnattr_setpgroup(attributes, 0);
  posix_spawnattr_setflags(attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  return 0;
}

/* 0 or an error number. */
static int spawn_keeper(struct subject *subject, char **argv, char **environment, int said, int report) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int problem = actions_make(&actions, subject, said, report);
  if (problem)
    return problem;
  problem = attributes_make(&attributes);
  if (!problem) {
    problem = posix_spawn(&subject->keeper, argv[0], &actions, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  if (problem)
    subject->keeper = 0;
  return problem;
}

/* The next record; false where there is none within that time, or none any more. */
static bool report_read(const struct subject *subject, int limit_ms, struct keeper_report *report) {
  struct pollfd ready = {.fd = subject->report_fd, .events = POLLIN};
  int got;
  while ((got = poll(&ready, 1, limit_ms)) < 0 && errno == EINTR)
    continue;
  if (got <= 0)
    return false;
  ssize_t len;
  while ((len = read(subject->report_fd, report, sizeof *report)) < 0 && errno == EINTR)
    continue;
  return len == (ssize_t)sizeof *report;
}

static bool await_start(struct subject *subject, const char *program, struct assay_error *error) {
  struct keeper_report report;
  if (!report_read(subject, (int)(START_LIMIT_NS / 1000000), &report)) {
    launcher_end(subject, 0);
    return error_set(error, "%s: its keeper did not start %s", subject->spec.label, program);
  }
  if (report.event == KEEPER_STARTED) {
    subject->pid = (pid_t)report.value;
    return true;
  }
  launcher_end(subject, KEEPER_LIMIT_NS);
  return error_set(error, "%s: cannot start %s: %s", subject->spec.label, program, strerror(report.value));
}

/* Both pipes, of which the child gets the writing ends. */
static bool pipes_open(struct subject *subject, int *said, int *report) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return false;
  if (!said_open(&subject->said, said)) {
    int problem = errno;
    close(ends[0]);
    close(ends[1]);
    errno = problem;
    return false;
  }
  subject->report_fd = ends[0];
  *report = ends[1];
  return true;
}

static bool spawn(struct subject *subject, char **argv, struct assay_error *error) {
  struct extra extra;
  int said, report;
  if (!pipes_open(subject, &said, &report))
    return error_set(error, "%s: cannot make a pipe: %s", subject->spec.label, strerror(errno));
  char **environment = environment_of(subject, &extra);
  int problem = environment ? spawn_keeper(subject, argv, environment, said, report) : ENOMEM;
  free(environment);
  close(said);
  close(report);
  if (problem == 0)
    return true;
  close(subject->report_fd);
  return error_set(error, "%s: cannot start %s: %s", subject->spec.label, argv[0], strerror(problem));
}

bool launcher_start(struct subject *subject, struct assay_error *error) {
  char keeper[4200], host[16], worker[4200], out[4200], *argv[ARGUMENTS_MAX] = {keeper, host};
  const struct corpus *corpus = subject->host->corpus;
  program_file("assay-keeper", keeper, sizeof keeper);
  program_file("assay-worker", worker, sizeof worker);
  snprintf(host, sizeof host, "%d", (int)getpid());
  char *own[] = {worker,
                 subject->spec.module,
                 subject->spec.argument,
                 (char *)(corpus ? corpus->folder : ""),
                 (char *)subject->host->policy_path,
                 NULL};
  memcpy(argv + 2 + callgrind_arguments(subject->host, out, sizeof out, argv + 2), own, sizeof own);
  return spawn(subject, argv, error) && await_start(subject, argv[2], error);
}

/* ---- ending ---- */

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

/* A keeper that was killed tells nothing of its worker, which is killed with it. */
bool launcher_has_ended(struct subject *subject) {
  struct keeper_report report;
  int status;
  if (subject->keeper <= 0)
    return true;
  if (waitpid(subject->keeper, &status, WNOHANG) != subject->keeper)
    return false;
  note_death(subject,
             report_read(subject, 0, &report) && report.event == KEEPER_ENDED ? report.value : status);
  close(subject->report_fd);
  subject->keeper = subject->pid = 0;
  return true;
}

static bool await_end(struct subject *subject, uint64_t limit_ns) {
  uint64_t deadline = clock_ns() + limit_ns;
  const struct timespec pause = {.tv_nsec = POLL_MS * 1000000};
  while (!launcher_has_ended(subject)) {
    if (clock_ns() >= deadline)
      return false;
    nanosleep(&pause, NULL);
  }
  return true;
}

void launcher_end(struct subject *subject, uint64_t patience_ns) {
  if (subject->keeper <= 0 || (patience_ns && await_end(subject, patience_ns)))
    return;
  kill(subject->keeper, SIGCONT); /* a library can have stopped it */
  kill(subject->keeper, SIGTERM);
  if (await_end(subject, KEEPER_LIMIT_NS))
    return;
  kill(subject->keeper, SIGKILL);
  while (!await_end(subject, KEEPER_LIMIT_NS))
    continue;
}
