/* The progress line: on a terminal, in a log, and where there is nothing to tell. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/terminal/progress.h"

static int reader;
static char seen[65536];

/* stderr becomes a terminal of that width; 0: a pipe. */
static void stderr_open(unsigned short columns) {
  int ends[2];
  if (columns) {
    reader = posix_openpt(O_RDWR | O_NOCTTY);
    cr_assert(reader >= 0 && grantpt(reader) == 0 && unlockpt(reader) == 0);
    ends[1] = open(ptsname(reader), O_RDWR | O_NOCTTY);
    const struct winsize size = {.ws_col = columns, .ws_row = 24};
    ioctl(reader, TIOCSWINSZ, &size);
  } else {
    cr_assert_eq(pipe(ends), 0);
    reader = ends[0];
  }
  fcntl(reader, F_SETFL, O_NONBLOCK);
  cr_assert_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
  setenv("TERM", "xterm", 1);
}

/* All that has been written since: a terminal hands it over later and in pieces, so a mark is written after it. */
static const char *stderr_seen(void) {
  static const char mark = '\1';
  cr_assert_eq(write(STDERR_FILENO, &mark, 1), 1);
  size_t len = 0;
  do {
    cr_assert_lt(len, sizeof seen);
    struct pollfd ready = {.fd = reader, .events = POLLIN};
    cr_assert_eq(poll(&ready, 1, 10000), 1, "the mark does not arrive");
    ssize_t more = read(reader, seen + len, sizeof seen - len);
    cr_assert_gt(more, 0);
    len += (size_t)more;
  } while (seen[len - 1] != mark);
  seen[len - 1] = '\0';
  return seen;
}

/* Tells for so long how much of so much is done. */
static void work(double seconds, double from, double to) {
  uint64_t begun = clock_ns(); /* by the clock: on a busy machine a sleep takes longer than it says */
  double share;
  while ((share = (double)(clock_ns() - begun) / (seconds * 1e9)) < 1) {
    progress_show(NULL, "measuring RS256", from + (to - from) * share);
    usleep(20000);
  }
}

Test(progress, is_gone_from_a_terminal_when_finished) {
  stderr_open(80);
  progress_begin();
  work(2, 0, 0.5);
  progress_begin(); /* within it: neither begins anew nor ends what goes on */
  progress_end();
  const char *text = stderr_seen();
  cr_expect_not_null(strstr(text, "measuring RS256"), "%s", text);
  cr_expect_not_null(strstr(text, " [=====   "), "%s", text);
  cr_expect_not_null(strstr(text, " s left"), "%s", text);
  cr_expect_null(strstr(text, " 0 s left"), "%s", text);
  progress_end();
  cr_expect_str_eq(stderr_seen(), "\r\x1b[K");
  progress_show(NULL, "measuring", 0.5);
  cr_expect_str_eq(stderr_seen(), "", "what is outside shows nothing");
}

Test(progress, fits_any_terminal) {
  for (unsigned short columns = 10; columns <= 100; columns += 15) {
    stderr_open(columns);
    progress_begin();
    work(0.8, 0, 1);
    progress_end();
    char *save, *line = strtok_r((char *)stderr_seen(), "\r", &save);
    cr_expect_not_null(line);
    for (; line; line = strtok_r(NULL, "\r", &save))
      cr_expect_lt(strlen(line) - strlen("\x1b[K"), columns, "%u: %s", columns, line);
  }
}

Test(progress, of_no_known_share_tells_how_long_it_goes_on) {
  stderr_open(80);
  progress_begin();
  work(1.8, -1, -1);
  const char *text = stderr_seen();
  cr_expect_not_null(strstr(text, "measuring RS256"), "%s", text);
  cr_expect_not_null(strstr(text, "  1 s"), "%s", text);
  cr_expect_null(strchr(text, '%'), "%s", text);
  progress_end();
}

/* A share that is estimated anew falls a little; the time that is left goes on being told. */
Test(progress, tells_the_time_left_while_shares_waver) {
  stderr_open(80);
  progress_begin();
  work(1.5, 0, 0.4);
  stderr_seen();
  work(0.5, 0.36, 0.4);
  cr_expect_not_null(strstr(stderr_seen(), " s left"));
  work(0.25, 0, 0.1); /* too short for a second to pass in it */
  cr_expect_null(strstr(stderr_seen(), " s left"), "something new has begun");
  progress_end();
}

Test(progress, shows_nothing_of_what_is_short) {
  stderr_open(80);
  progress_begin();
  work(0.3, 0, 1);
  progress_end();
  cr_expect_str_eq(stderr_seen(), "");
}

Test(progress, is_a_line_every_ten_seconds_in_a_log) {
  stderr_open(0);
  progress_begin();
  work(7, 0, 0.45);
  cr_expect_str_eq(stderr_seen(), "");
  work(5, 0.45, 0.5);
  progress_end();
  const char *text = stderr_seen(), *end = strchr(text, '\n');
  cr_expect_not_null(strstr(text, ": measuring RS256, 4"), "%s", text);
  cr_assert_not_null(end, "%s", text);
  cr_expect_eq(strcmp(end - 7, " s left\n"), 0, "%s", text);
  cr_expect_str_eq(end + 1, "", "one line");
}
