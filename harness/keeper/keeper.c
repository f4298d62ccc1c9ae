/* The keeper of one worker: a small process between host and worker that leaves nothing behind.
 *   assay-keeper HOST PROGRAM ARGUMENT...
 *
 * A library or an adapter may start processes, and they outlive the worker that it crashed in or was killed
 * with, and the host that was killed. The keeper is the one that they are handed to when their parents are
 * gone (PR_SET_CHILD_SUBREAPER, prctl(2)), whatever group or session they have put themselves into. When the
 * worker ends, when the host tells it to (SIGTERM) and when the host is gone it kills them all, and ends.
 * No code of a library runs here. It is started by `assay` only, with KEEPER_FD open. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/wire/control.h"
#include "harness/wire/keeper.h"

#define LOOK_S 1 /* so often it looks after the host by itself */
#define SWEEP_LIMIT_NS (10 * UINT64_C(1000000000))
#define SWEEP_POLL_NS 500000

struct kept {
  pid_t host, worker;
  sigset_t watched;
  bool has_ended; /* the worker: */
  int status;
};

static void report(enum keeper_event event, int value) {
  const struct keeper_report record = {event, value};
  while (write(KEEPER_FD, &record, sizeof record) < 0 && errno == EINTR)
    continue;
}

/* ---- starting ---- */

/* In the child. What the keeper blocks is its own affair. Between the fork and here the keeper may have been
 * killed: nobody would tell. */
static void become(char **argv, pid_t keeper, int problem) {
  sigset_t none;
  sigemptyset(&none);
  const struct rlimit no_core = {0};
  setpgid(0, 0);                    /* a library that signals its group (kill(2), 0) meets its own alone */
  setrlimit(RLIMIT_CORE, &no_core); /* one that crashes on every other token would fill a disk */
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != keeper)
    _exit(127);
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execvp(argv[0], argv);
  int why = errno;
  while (write(problem, &why, sizeof why) < 0 && errno == EINTR)
    continue;
  _exit(127);
}

/* What a pipe brings that is closed on exec: the error number, or nothing. */
static int exec_problem(int fd) {
  int why = 0;
  while (read(fd, &why, sizeof why) < 0 && errno == EINTR)
    continue;
  return why;
}

/* 0, or an error number. */
static int start_worker(struct kept *kept, char **argv) {
  int ends[2];
  pid_t keeper = getpid();
  if (pipe2(ends, O_CLOEXEC) != 0)
    return errno;
  kept->worker = fork();
  int problem = errno;
  if (kept->worker == 0)
    become(argv, keeper, ends[1]);
  close(ends[1]);
  if (kept->worker > 0)
    problem = exec_problem(ends[0]);
  close(ends[0]);
  return problem;
}

/* ---- watching ---- */

/* Takes leave of all children that have ended; with the worker goes its group, as long as its number can be
 * no other's. False: there are no children left. */
static bool reap(struct kept *kept) {
  siginfo_t ended = {0};
  int status;
  while (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0) {
    if (ended.si_pid == 0)
      return true;
    if (ended.si_pid == kept->worker)
      kill(-kept->worker, SIGKILL);
    if (waitpid(ended.si_pid, &status, 0) == kept->worker) {
      kept->has_ended = true;
      kept->status = status;
    }
    ended.si_pid = 0;
  }
  return errno != ECHILD;
}

/* Until the worker ends or is not wanted any more. */
static void watch(struct kept *kept) {
  const struct timespec look = {.tv_sec = LOOK_S};
  while (reap(kept) && !kept->has_ended)
    if (sigtimedwait(&kept->watched, NULL, &look) == SIGTERM || getppid() != kept->host)
      return;
}

/* ---- sweeping ---- */

static void kill_children(void) {
  char path[64];
  int pid;
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  FILE *children = fopen(path, "re");
  while (children && fscanf(children, "%d", &pid) == 1)
    kill(pid, SIGKILL);
  if (children)
    fclose(children);
}

/* Those whose parent is killed here are children the next time round. */
static void sweep(struct kept *kept) {
  const struct timespec pause = {.tv_nsec = SWEEP_POLL_NS};
  uint64_t deadline = clock_ns() + SWEEP_LIMIT_NS;
  while (reap(kept) && clock_ns() < deadline) {
    kill_children();
    sigtimedwait(&kept->watched, NULL, &pause);
  }
}

int main(int argc, char **argv) {
  struct kept kept = {.host = argc > 2 ? (pid_t)atoi(argv[1]) : 0};
  if (kept.host <= 0 || fcntl(KEEPER_FD, F_SETFD, FD_CLOEXEC) != 0) {
    fprintf(stderr, "assay-keeper is started by assay, not by hand\n");
    return 4;
  }
  sigemptyset(&kept.watched);
  sigaddset(&kept.watched, SIGCHLD);
  sigaddset(&kept.watched, SIGTERM);
  sigprocmask(SIG_BLOCK, &kept.watched, NULL);
  signal(SIGPIPE, SIG_IGN); /* of the host's death it is told otherwise */
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 ||
      getppid() != kept.host)
    return 4;
  int problem = start_worker(&kept, argv + 2);
  report(problem ? KEEPER_FAILED : KEEPER_STARTED, problem ? problem : (int)kept.worker);
  if (!problem)
    watch(&kept);
  sweep(&kept);
  report(KEEPER_ENDED, kept.has_ended ? kept.status : SIGKILL);
  return 0;
}
