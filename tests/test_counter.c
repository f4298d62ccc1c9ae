/* The kernel's counters of another process. What the machine has no counter for is said in words. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/engine/counter.h"

#define PAGES 50

struct child {
  pid_t pid;
  int go, done;
};

/* Waits for a word, then touches fresh pages, or executes a loop. */
static struct child child_start(bool touch) {
  int go[2], done[2];
  cr_assert_eq(pipe(go) | pipe(done), 0);
  struct child child = {.pid = fork(), .go = go[1], .done = done[0]};
  if (child.pid > 0)
    return child;
  char word;
  uint8_t *pages = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  while (read(go[0], &word, 1) == 1 && word == 'g') {
    volatile unsigned spent = 0;
    for (size_t i = 0; i < PAGES && touch; i++)
      pages[i * 4096] = 1;
    for (unsigned i = 0; i < 100000 && !touch; i++)
      spent += i;
    if (write(done[1], &word, 1) != 1)
      break;
  }
  _exit(0);
}

static void child_go(const struct child *child) {
  char word = 'g';
  cr_assert_eq(write(child->go, &word, 1), 1);
  cr_assert_eq(read(child->done, &word, 1), 1);
}

static void child_stop(const struct child *child) {
  cr_assert_eq(write(child->go, "q", 1), 1);
  waitpid(child->pid, NULL, 0);
}

static uint64_t counted(const struct child *child, enum counter_event event) {
  struct counter counter;
  struct assay_error error = {0};
  uint64_t before = 0, after = 0;
  bool opened = counter_open(&counter, event, child->pid, &error);
  if (opened) {
    cr_expect(counter_read(&counter, &before, &error), "%s", error.text);
    child_go(child);
    cr_expect(counter_read(&counter, &after, &error), "%s", error.text);
    counter_close(&counter);
  }
  child_stop(child);
  if (!opened) {
    cr_expect_str_neq(error.text, "");
    cr_skip_test("%s", error.text);
  }
  return after - before;
}

Test(counter, counts_what_another_process_does) {
  struct child child = child_start(true);
  uint64_t faults = counted(&child, COUNTER_PAGE_FAULTS);
  cr_expect_geq(faults, PAGES);
  cr_expect_leq(faults, PAGES + 40);
}

Test(counter, counts_instructions_where_the_machine_can) {
  struct child child = child_start(false);
  uint64_t instructions = counted(&child, COUNTER_INSTRUCTIONS);
  cr_expect_geq(instructions, 300000);
}

Test(counter, says_that_a_process_is_gone) {
  struct counter counter;
  struct assay_error error = {0};
  pid_t gone = fork();
  if (gone == 0)
    _exit(0);
  waitpid(gone, NULL, 0);
  cr_assert_not(counter_open(&counter, COUNTER_PAGE_FAULTS, gone, &error));
  cr_assert_not_null(strstr(error.text, "counter"), "%s", error.text);
  counter_close(&counter);
}
