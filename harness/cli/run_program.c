/* posix_spawn with a pipe. */
#include "harness/cli/run_program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/subject/subject.h"

extern char **environ;

static void drain(int fd, char *out, size_t size) {
  size_t used = 0;
  char waste[512];
  for (;;) {
    bool room = used + 1 < size;
    ssize_t n = read(fd, room ? out + used : waste, room ? size - 1 - used : sizeof waste);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    used += room ? (size_t)n : 0;
  }
  out[used] = '\0';
}

int program_run(char *const *argv, char *out, size_t size, bool quiet) {
  int ends[2] = {-1, -1}, status;
  pid_t pid;
  if (out && (size == 0 || pipe2(ends, O_CLOEXEC) != 0))
    return -1;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (out)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  if (quiet)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  int problem = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (out)
    close(ends[1]);
  if (out && problem == 0)
    drain(ends[0], out, size);
  if (out)
    close(ends[0]);
  if (problem != 0)
    return -1;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void program_sibling(const char *name, char *path, size_t size) {
  snprintf(path, size, "%s/%s", program_folder(), name);
}
