/* A child with a pipe and a limit, that ends with us. */
#include "harness/programs/run_program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/files/program_file.h"
#include "harness/programs/stop.h"
#include "harness/terminal/progress.h"
#include "harness/wire/control.h"
#include "harness/wire/keeper.h"

#define CLEAN_UP_NS UINT64_C(2000000000)
#define WORDS_MAX 4096 /* of the command line of a program that is swept */
#define LOOK_MS 100    /* so often at least Ctrl-C and the limit are looked at */

/* One that runs. */
struct running {
  const struct program *program;
  pid_t pid;
  int from; /* the reading end of its output; -1: it has ended */
  int told; /* the reading end of its keeper's reports; -1: it has none */
  size_t used;
  uint64_t deadline_ns;
};

static void drain(struct running *running) {
  const struct program *program = running->program;
  char waste[4096];
  bool room = running->used + 1 < program->size;
  ssize_t n = read(running->from, room ? program->out + running->used : waste,
                   room ? program->size - 1 - running->used : sizeof waste);
  if (n > 0) {
    running->used += room ? (size_t)n : 0;
  } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
    close(running->from);
    running->from = -1;
  }
  program->out[running->used] = '\0';
}

/* Waits a little for output, or for the end where there is none to come. False: it has ended. */
static bool goes_on(struct running *running, int *status) {
  struct pollfd wait = {.fd = running->from, .events = POLLIN};
  if (poll(&wait, 1, LOOK_MS / (running->from < 0 ? 20 : 1)) > 0)
    drain(running);
  return running->from >= 0 || waitpid(running->pid, status, WNOHANG) != running->pid;
}

/* It may clean up after itself, also where it was stopped; but not for long. */
static void end(const struct running *running, int *status) {
  uint64_t until_ns = clock_ns() + CLEAN_UP_NS;
  kill(running->pid, SIGTERM);
  kill(running->pid, SIGCONT);
  while (waitpid(running->pid, status, WNOHANG) != running->pid) {
    if (clock_ns() > until_ns)
      kill(running->pid, SIGKILL);
    usleep(1000);
  }
}

/* False and a sentence where it was ended. */
static bool wait_for(struct running *running, int *status, struct assay_error *error) {
  const char *name = running->program->argv[0];
  while (goes_on(running, status)) {
    if (running->program->what)
      progress_show(NULL, running->program->what, -1);
    if (!stop_asked && clock_ns() < running->deadline_ns)
      continue;
    end(running, status);
    return stop_asked
               ? error_set(error, "%s: interrupted", name)
               : error_set(error, "%s gave no answer in %g s and was ended", name, running->program->limit_s);
  }
  return true;
}

/* ---- a keeper between ---- */

/* What became of the program itself: its status as waitpid has it. 0, or the error number of its exec. */
static int told_of(const struct running *running, int *status) {
  struct keeper_report report;
  while (read(running->told, &report, sizeof report) == (ssize_t)sizeof report) {
    if (report.event == KEEPER_FAILED)
      return report.value;
    if (report.event == KEEPER_ENDED)
      *status = report.value;
  }
  return 0;
}

/* In the child. A group of its own, since signals of the terminal are ours to answer. */
static void become_keeper(const struct program *program, int told, pid_t parent) {
  char keeper[4200], host[16], *argv[WORDS_MAX + 3] = {keeper, host};
  size_t count = 0;
  while (count < WORDS_MAX && program->argv[count])
    count++;
  memcpy(argv + 2, program->argv, count * sizeof *argv);
  program_file("assay-keeper", keeper, sizeof keeper);
  snprintf(host, sizeof host, "%d", (int)parent);
  if (told == KEEPER_FD)
    fcntl(told, F_SETFD, 0);
  else
    dup2(told, KEEPER_FD);
  setpgid(0, 0);
  execv(keeper, argv);
}

/* ---- starting ---- */

/* Whoever kills us finds nothing written behind us; one who did it before the first line of this, too. */
static void child(const struct program *program, int to, int told, pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
    _exit(126);
  for (const char *const *setting = program->settings; setting && *setting; setting++)
    putenv((char *)*setting);
  dup2(to, program->mixed ? STDERR_FILENO : STDOUT_FILENO);
  int nowhere = program->mixed || program->quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
  if (nowhere >= 0)
    dup2(nowhere, program->mixed ? STDOUT_FILENO : STDERR_FILENO);
  if (program->swept)
    become_keeper(program, told, parent);
  else
    execvp(program->argv[0], program->argv);
}

/* Returns 0, or why it could not be started: the child's errno through a pipe that exec closes. told: of the
 * keeper's reports, the writing end. */
static int spawn(struct running *running, int to, int told) {
  int report[2], problem = 0;
  if (pipe2(report, O_CLOEXEC) != 0)
    return errno;
  pid_t parent = getpid();
  running->pid = fork();
  if (running->pid == 0) {
    int above = fcntl(report[1], F_DUPFD_CLOEXEC, KEEPER_FD + 1); /* that number is the keeper's */
    child(running->program, to, told, parent);
    problem = errno;
    _exit(write(above, &problem, sizeof problem) == sizeof problem ? 127 : 126);
  }
  if (running->pid < 0)
    problem = errno;
  close(report[1]);
  while (running->pid > 0 && read(report[0], &problem, sizeof problem) < 0 && errno == EINTR) {
  }
  close(report[0]);
  if (running->pid > 0 && problem != 0)
    waitpid(running->pid, NULL, 0);
  return problem;
}

/* Starts it with pipes for what it prints and for what its keeper tells. 0 or an error number. */
static int start(struct running *running) {
  int out[2], told[2] = {-1, -1};
  if (pipe2(out, O_CLOEXEC) != 0)
    return errno;
  running->from = out[0];
  int problem = running->program->swept && pipe2(told, O_CLOEXEC) != 0 ? errno : 0;
  running->told = told[0];
  problem = problem ? problem : spawn(running, out[1], told[1]);
  close(out[1]);
  if (told[1] >= 0)
    close(told[1]);
  return problem;
}

static void running_fini(struct running *running) {
  if (running->from >= 0)
    close(running->from);
  if (running->told >= 0)
    close(running->told);
}

int program_run(const struct program *program, struct assay_error *error) {
  struct running running = {.program = program,
                            .from = -1,
                            .told = -1,
                            .deadline_ns = clock_ns() + (uint64_t)(program->limit_s * 1e9)};
  int status = 0;
  program->out[0] = '\0';
  int problem = start(&running);
  bool ended = problem == 0 && wait_for(&running, &status, error);
  if (ended && running.told >= 0)
    problem = told_of(&running, &status);
  running_fini(&running);
  if (problem != 0)
    error_set(error, "%s could not be run: %s", program->argv[0], strerror(problem));
  if (problem != 0 || !ended)
    return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
