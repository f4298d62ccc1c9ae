/* What the host knows of a worker by itself. */
#include "harness/subject/subject.h"

#include <criterion/criterion.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE ((size_t)64 << 20)

extern char **environ;

/* A worker is not charged with what the program that started it has held. */
Test(subject, the_peak_is_the_processs_own) {
  char *volatile large = malloc(LARGE); /* volatile, or nothing is ever taken */
  char *argv[] = {"sleep", "60", NULL};
  cr_assert_not_null(large);
  memset(large, 1, LARGE);
  struct subject self = {.pid = getpid()}, other = {0};
  cr_assert_eq(subject_peak_bytes(&other), 0, "there is no process");
  cr_assert_eq(posix_spawnp(&other.pid, argv[0], NULL, NULL, argv, environ), 0);
  uint64_t own = subject_peak_bytes(&self), its = subject_peak_bytes(&other);
  kill(other.pid, SIGKILL);
  waitpid(other.pid, NULL, 0);
  cr_expect_geq(own, LARGE);
  cr_expect(its > 0 && its < LARGE / 4, "%llu bytes", (unsigned long long)its);
  free(large);
}
