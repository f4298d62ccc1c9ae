/* Running the programs as a user would, and a small corpus to run them on. The corpus is made once a build
 * folder, by whichever test comes first. */
#ifndef ASSAY_TESTS_CLI_H
#define ASSAY_TESTS_CLI_H

#include <criterion/criterion.h>
#include <fcntl.h>
#include <jansson.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIN ASSAY_BINARY_DIR "/bin"
#define MODULES ASSAY_BINARY_DIR "/modules"
#define TEST_MODULES ASSAY_BINARY_DIR "/tests/modules"
#define TEST_CORPUS ASSAY_BINARY_DIR "/tests/corpus"

struct ran {
  int code;          /* exit code; 128 + signal */
  char out[4000000]; /* stdout and stderr as the command line sends them, cut off at the size */
};

/* Takes away the lines that say how far a long wait has come: on a machine with other things to do, any wait is
 * long, and how many there are is no matter of the programs. */
static inline void without_progress(char *text) {
  regex_t line;
  regmatch_t at;
  cr_assert_eq(regcomp(&line, "^assay[^:\n]*: [^\n]*, [0-9]+ (%|s)(, [0-9,]+ (s|min) left)?\n",
                       REG_EXTENDED | REG_NEWLINE),
               0);
  while (regexec(&line, text, 1, &at, 0) == 0)
    memmove(text + at.rm_so, text + at.rm_eo, strlen(text + at.rm_eo) + 1);
  regfree(&line);
}

/* Runs a shell command line; the answer, without lines of progress, is valid until the next call. */
static inline const struct ran *shell(const char *format, ...) {
  static struct ran ran;
  char line[8192];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  FILE *pipe = popen(line, "r");
  cr_assert_not_null(pipe);
  size_t n = fread(ran.out, 1, sizeof ran.out - 1, pipe);
  ran.out[n] = '\0';
  without_progress(ran.out);
  char waste[4096];
  while (fread(waste, 1, sizeof waste, pipe) > 0) {
  }
  int status = pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return &ran;
}

/* The small corpus; made under a lock, because tests run side by side. */
static inline const char *test_corpus(void) {
  int lock = open(ASSAY_BINARY_DIR "/tests/corpus.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  cr_assert_geq(lock, 0);
  cr_assert_eq(flock(lock, LOCK_EX), 0);
  /* A corpus of another generator is of no use: it is asked for by the build's own version. */
  const struct ran *made =
      shell("g=$(" BIN "/assay-corpus --version) && [ \"$(cat " TEST_CORPUS
            "/.generator 2>/dev/null)\" = \"$g\" ] || "
            "{ rm -rf " TEST_CORPUS " && " BIN "/assay-corpus generate --out " TEST_CORPUS
            " --seed 7 --profile small 2>&1 && echo \"$g\" > " TEST_CORPUS "/.generator; }");
  cr_assert_eq(made->code, 0, "%s", made->out);
  close(lock);
  return TEST_CORPUS;
}

/* A fresh folder under /tmp for one test. */
static inline const char *fresh_folder(void) {
  static char folder[64];
  snprintf(folder, sizeof folder, "/tmp/assay-test-XXXXXX");
  cr_assert_not_null(mkdtemp(folder));
  return folder;
}

/* One sentence on stderr, holding all the words, with the usage exit code. */
static inline void assert_complaint(const struct ran *ran, const char *const *words) {
  cr_assert_eq(ran->code, 4, "exit %d: %s", ran->code, ran->out);
  for (; *words; words++)
    cr_assert_not_null(strstr(ran->out, *words), "'%s' is not in: %s", *words, ran->out);
  const char *end = strchr(ran->out, '\n');
  cr_assert_not_null(end, "%s", ran->out);
  cr_assert_eq(end[1], '\0', "more than one line: %s", ran->out);
}
#define COMPLAINS(ran, ...) assert_complaint(ran, (const char *const[]){__VA_ARGS__, NULL})

#endif
