/* A child with a pipe and a limit, that ends with us. */
#include "harness/programs/run_program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/programs/stop.h"
#include "harness/terminal/progress.h"

#define CLEAN_UP_NS UINT64_C(2000000000)
#define LOOK_MS 100 /* so often at least Ctrl-C and the limit are looked at */

/* One that runs. */
struct running {
  const struct program *program;
  pid_t pid;
  int from; /* the reading end of its output; -1: it has ended */
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

static int wait_for(struct running *running, struct assay_error *error) {
  const char *name = running->program->argv[0];
  int status;
  while (goes_on(running, &status)) {
    if (running->program->what)
      progress_show(NULL, running->program->what, -1);
    if (!stop_asked && clock_ns() < running->deadline_ns)
      continue;
    end(running, &status);
    if (stop_asked)
      error_set(error, "%s: interrupted", name);
    else
      error_set(error, "%s gave no answer in %g s and was ended", name, running->program->limit_s);
    return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Whoever kills us finds nothing written behind us; one who did it before the first line of this, too. */
static void child(const struct program *program, int to, pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
    _exit(126);
  dup2(to, program->mixed ? STDERR_FILENO : STDOUT_FILENO);
  int nowhere = program->mixed || program->quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
  if (nowhere >= 0)
    dup2(nowhere, program->mixed ? STDOUT_FILENO : STDERR_FILENO);
  execvp(program->argv[0], program->argv);
}

/* Returns 0, or why it could not be started: the child's errno through a pipe that exec closes. */
static int spawn(struct running *running, int to) {
  int report[2], problem = 0;
  if (pipe2(report, O_CLOEXEC) != 0)
    return errno;
  pid_t parent = getpid();
  running->pid = fork();
  if (running->pid == 0) {
    child(running->program, to, parent);
    problem = errno;
    _exit(write(report[1], &problem, sizeof problem) == sizeof problem ? 127 : 126);
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

int program_run(const struct program *program, struct assay_error *error) {
  struct running running = {.program = program,
                            .deadline_ns = clock_ns() + (uint64_t)(program->limit_s * 1e9)};
  int ends[2];
  program->out[0] = '\0';
  if (pipe2(ends, O_CLOEXEC) != 0) {
    error_set(error, "%s could not be run: %s", program->argv[0], strerror(errno));
    return -1;
  }
  running.from = ends[0];
  int problem = spawn(&running, ends[1]);
  close(ends[1]);
  int code = problem == 0 ? wait_for(&running, error) : -1;
  if (problem != 0)
    error_set(error, "%s could not be run: %s", program->argv[0], strerror(problem));
  if (running.from >= 0)
    close(running.from);
  return code;
}
