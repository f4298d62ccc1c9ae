/* In Criterion's place under ThreadSanitizer, which has its shadow where Criterion needs an arena: as much of
 * it as tests of threads use. A program's tests run one after the other, each in a process of its own. */
#ifndef ASSAY_TESTS_TSAN_CRITERION_H
#define ASSAY_TESTS_TSAN_CRITERION_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TESTS_MAX 64

struct plain_test {
  const char *suite, *name;
  void (*run)(void);
};

struct plain_suite {
  const char *name;
  void (*init)(void);
};

static struct plain_suite plain_suite;
static struct plain_test plain_tests[TESTS_MAX];
static unsigned plain_count;
static bool plain_failed;

/* One a program, with its `.init` alone. */
#define TestSuite(suite, ...)                                                                                \
  __attribute__((constructor)) static void suite##_note(void) {                                              \
    plain_suite = (struct plain_suite){#suite, __VA_ARGS__};                                                 \
  }                                                                                                          \
  static void suite##_note(void)

#define Test(suite, name)                                                                                    \
  static void suite##_##name(void);                                                                          \
  __attribute__((constructor)) static void suite##_##name##_note(void) {                                     \
    plain_note((struct plain_test){#suite, #name, suite##_##name});                                          \
  }                                                                                                          \
  static void suite##_##name(void)

static inline void plain_note(struct plain_test test) {
  if (plain_count == TESTS_MAX)
    abort();
  plain_tests[plain_count++] = test;
}

__attribute__((format(printf, 6, 7))) static inline void
plain_check(bool holds, bool is_last, const char *file, int line, const char *text, const char *format, ...) {
  va_list args;
  if (holds)
    return;
  fprintf(stderr, "%s:%d: not so: %s ", file, line, text);
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  plain_failed = true;
  if (is_last)
    exit(1);
}

#define PLAIN(holds, is_last, text, ...)                                                                     \
  plain_check(holds, is_last, __FILE__, __LINE__, text, " " __VA_ARGS__)
#define PLAIN_TWO(a, b, sign, is_last, ...) PLAIN((a)sign(b), is_last, #a " " #sign " " #b, __VA_ARGS__)

#define cr_assert(a, ...) PLAIN(a, true, #a, __VA_ARGS__)
#define cr_assert_not(a, ...) PLAIN(!(a), true, "not " #a, __VA_ARGS__)
#define cr_assert_not_null(a, ...) PLAIN((a) != NULL, true, #a, __VA_ARGS__)
#define cr_assert_eq(a, b, ...) PLAIN_TWO(a, b, ==, true, __VA_ARGS__)
#define cr_assert_lt(a, b, ...) PLAIN_TWO(a, b, <, true, __VA_ARGS__)
#define cr_assert_geq(a, b, ...) PLAIN_TWO(a, b, >=, true, __VA_ARGS__)
#define cr_expect(a, ...) PLAIN(a, false, #a, __VA_ARGS__)
#define cr_expect_not(a, ...) PLAIN(!(a), false, "not " #a, __VA_ARGS__)
#define cr_expect_null(a, ...) PLAIN((a) == NULL, false, "not " #a, __VA_ARGS__)
#define cr_expect_not_null(a, ...) PLAIN((a) != NULL, false, #a, __VA_ARGS__)
#define cr_expect_eq(a, b, ...) PLAIN_TWO(a, b, ==, false, __VA_ARGS__)
#define cr_expect_gt(a, b, ...) PLAIN_TWO(a, b, >, false, __VA_ARGS__)
#define cr_expect_geq(a, b, ...) PLAIN_TWO(a, b, >=, false, __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...) PLAIN(strcmp(a, b) == 0, false, #a " is the text " #b, __VA_ARGS__)

static inline bool plain_run(const struct plain_test *test) {
  int status = 0;
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    if (plain_suite.init && strcmp(test->suite, plain_suite.name) == 0)
      plain_suite.init();
    test->run();
    exit(plain_failed); /* by exit, or ThreadSanitizer does not tell what it has found */
  }
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* Of Criterion's options, --tap=FILE. */
int main(int argc, char **argv) {
  FILE *tap = NULL;
  bool ok = true;
  for (int i = 1; i < argc; i++)
    if (strncmp(argv[i], "--tap=", 6) == 0)
      tap = fopen(argv[i] + 6, "w");
  for (unsigned i = 0; i < plain_count; i++) {
    bool passed = plain_run(&plain_tests[i]);
    ok = ok && passed;
    fprintf(tap ? tap : stdout, "%sok - %s::%s\n", passed ? "" : "not ", plain_tests[i].suite,
            plain_tests[i].name);
  }
  if (tap)
    fclose(tap);
  return !ok;
}

#endif
