/* Nothing that a subject has started outlives it, nor the program that is killed while it measures. Every
 * process of a test inherits a mark in its environment, and is found by it. */
#include "tests/cli.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>

#include "harness/base/random.h"

#define FORKS TEST_MODULES "/forks.so"
#define MARK_BYTES 64
#define KILLS 50

static void mark_new(char *mark) {
  static int count;
  snprintf(mark, MARK_BYTES, "ASSAY_TEST_MARK=%d-%d", (int)getpid(), ++count);
  putenv(mark);
}

static bool is_marked(const char *pid, const char *mark) {
  char path[300], environment[65536];
  snprintf(path, sizeof path, "/proc/%s/environ", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t len = fd >= 0 ? read(fd, environment, sizeof environment) : 0;
  if (fd >= 0)
    close(fd);
  return len > 0 && memmem(environment, (size_t)len, mark, strlen(mark) + 1) != NULL;
}

/* Those alive with the mark whose program is called `name`, "" for all; *last is one of them. */
static int marked(const char *mark, const char *name, pid_t *last) {
  char path[300], program[32];
  int count = 0;
  DIR *all = opendir("/proc");
  cr_assert_not_null(all);
  for (struct dirent *entry; (entry = readdir(all));) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !is_marked(entry->d_name, mark) ||
        atoi(entry->d_name) == getpid())
      continue;
    snprintf(path, sizeof path, "/proc/%s/comm", entry->d_name);
    FILE *comm = fopen(path, "re");
    bool is_it = comm && fgets(program, sizeof program, comm) && strncmp(program, name, strlen(name)) == 0;
    if (comm)
      fclose(comm);
    count += is_it;
    *last = is_it ? (pid_t)atoi(entry->d_name) : *last;
  }
  closedir(all);
  return count;
}

/* A killed program cannot wait until all is gone; the time is for a loaded machine. A process that is being
 * exec'ed has no environment for a moment, so that none is seen three times before it is believed. */
static int left_after(const char *mark, int limit_ms) {
  pid_t last = 0;
  int left = marked(mark, "", &last), none = left == 0;
  for (int ms = 0; ms < limit_ms && none < 3; ms += 10) {
    usleep(10000);
    left = marked(mark, "", &last);
    none = left ? 0 : none + 1;
  }
  return left;
}

static pid_t start_check(const char *subject) {
  char *argv[] = {"assay",  "check",     "--corpus",      TEST_CORPUS,    "--alg", "HS256",
                  "--json", "--subject", (char *)subject, "--hang-after", "4",     NULL};
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execv(BIN "/assay", argv);
    _exit(127);
  }
  return pid;
}

static int code_of(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Test(processes, what_a_library_starts_ends_with_it) {
  static const char *const ways[] = {"child", "daemon", "tree", "group", "alone"};
  test_corpus();
  setenv("ASSAY_TEST_TRIGGER", ".", 1);
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    char mark[MARK_BYTES];
    mark_new(mark);
    setenv("ASSAY_TEST_WAY", ways[i], 1);
    int code = code_of(start_check(FORKS));
    cr_expect_eq(code, 2, "%s: exit %d", ways[i], code);
    cr_expect_eq(left_after(mark, 0), 0, "%s leaves processes", ways[i]);
    unsetenv("ASSAY_TEST_MARK");
  }
}

/* Two programs, of which the second speaks and then says nothing more: neither sees the end of the other. */
Test(processes, all_programs_of_an_adapter_end_with_it) {
  static const char subject[] =
      "two=exec:sleep 1000 | " ASSAY_SOURCE_DIR "/tests/programs/silent_verifier.sh";
  char mark[MARK_BYTES];
  pid_t last = 0;
  test_corpus();
  mark_new(mark);
  pid_t assay = start_check(subject);
  for (int ms = 0; ms < 20000 && marked(mark, "sleep", &last) < 2; ms += 10)
    usleep(10000);
  cr_expect_geq(marked(mark, "sleep", &last), 2);
  kill(assay, SIGTERM);
  cr_expect_eq(code_of(assay), 130);
  cr_expect_eq(left_after(mark, 0), 0);
  unsetenv("ASSAY_TEST_MARK");
  mark_new(mark);
  assay = start_check(subject);
  for (int ms = 0; ms < 20000 && marked(mark, "sleep", &last) < 2; ms += 10)
    usleep(10000);
  kill(assay, SIGKILL);
  code_of(assay);
  cr_expect_eq(left_after(mark, 10000), 0);
  unsetenv("ASSAY_TEST_MARK");
}

/* At moments between its start and its end, of which most of the first 60 ms are starting. */
Test(processes, a_killed_program_leaves_none) {
  uint64_t random = 5;
  test_corpus();
  setenv("ASSAY_TEST_TRIGGER", ".", 1);
  setenv("ASSAY_TEST_WAY", "daemon", 1);
  for (int i = 0; i < KILLS; i++) {
    char mark[MARK_BYTES];
    mark_new(mark);
    pid_t assay = start_check(i % 2 ? FORKS : "openssl,null");
    usleep((useconds_t)(random_next(&random) % (i % 4 ? 60000 : 300000)));
    kill(assay, SIGKILL);
    code_of(assay);
    cr_expect_eq(left_after(mark, 10000), 0, "kill %d", i);
    unsetenv("ASSAY_TEST_MARK");
  }
}

/* Its worker, or the keeper of that. The program goes on, and says what it knows. */
static void kill_one_of(const char *name, uint64_t *random) {
  char mark[MARK_BYTES];
  pid_t victim = 0;
  mark_new(mark);
  pid_t assay = start_check("openssl,null");
  usleep((useconds_t)(random_next(random) % 60000));
  if (marked(mark, name, &victim))
    kill(victim, SIGKILL);
  int code = code_of(assay);
  cr_expect(code == 0 || code == 2 || code == 4, "exit %d", code);
  cr_expect_eq(left_after(mark, 10000), 0);
  unsetenv("ASSAY_TEST_MARK");
}

Test(processes, a_killed_worker_leaves_none_and_ends_nothing_else) {
  uint64_t random = 6;
  test_corpus();
  for (int i = 0; i < KILLS / 2; i++)
    kill_one_of(i % 5 ? "assay-worker" : "assay-keeper", &random);
}
