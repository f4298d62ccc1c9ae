/* The core that measured blocks run on: the one that was named, or else the quietest that this process may use
 * and on which no other assay measures. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness/job/job.h"
#include "harness/job/machine.h"

#define CORES_MOST 1024

/* A name that one process at a time can have, and that goes with it, however it ends. -1: another has it. */
static int claim(int core) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "assay-core-%d", core);
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
  if (fd < 0 || bind(fd, (const struct sockaddr *)&address, bytes) == 0 || errno != EADDRINUSE)
    return fd;
  close(fd);
  return -1;
}

static void warn_of_another(struct job *job) {
  char text[160];
  snprintf(text, sizeof text, "another assay measures on CPU %d at the same time: each disturbs the other",
           job->core);
  strings_add(&job->result->machine.warnings, text);
}

void job_core_choose(struct job *job) {
  int cores[CORES_MOST];
  size_t count = job->options->cpu < 0 ? machine_quiet_cores(cores, CORES_MOST) : 1;
  if (job->options->cpu >= 0)
    cores[0] = job->options->cpu;
  job->core = count ? cores[0] : -1;
  for (size_t i = 0; i < count && job->core_claim < 0; i++) {
    job->core_claim = claim(cores[i]);
    job->core = job->core_claim < 0 ? job->core : cores[i];
  }
  if (count && job->core_claim < 0)
    warn_of_another(job);
}

void job_core_release(struct job *job) {
  if (job->core_claim >= 0)
    close(job->core_claim);
}
