/* The progress line. */
#include "harness/terminal/progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"

#define REDRAW_NS 100000000u
#define BAR_WIDTH 24

static bool on;
static uint64_t begun_ns, drawn_ns;

void progress_begin(void) {
  const char *term = getenv("TERM");
  on = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
  begun_ns = clock_ns();
  drawn_ns = 0;
}

static void draw(const char *what, double share, double left_s) {
  char bar[BAR_WIDTH + 1];
  int full = (int)(share * BAR_WIDTH);
  for (int i = 0; i < BAR_WIDTH; i++)
    bar[i] = i < full ? '=' : ' ';
  bar[BAR_WIDTH] = '\0';
  fprintf(stderr, "\r\x1b[K%-26.26s [%s] %3.0f %%", what, bar, share * 100);
  if (left_s >= 0)
    fprintf(stderr, "  %.0f s left", left_s);
  fflush(stderr);
}

void progress_show(void *arg, const char *what, double share) {
  (void)arg;
  uint64_t now = clock_ns();
  if (!on || (drawn_ns && now - drawn_ns < REDRAW_NS))
    return;
  drawn_ns = now;
  double used_s = (double)(now - begun_ns) / 1e9;
  draw(what, share < 0 ? 0 : share > 1 ? 1 : share, share > 0.02 ? used_s * (1 - share) / share : -1);
}

void progress_end(void) {
  if (on && drawn_ns) {
    fputs("\r\x1b[K", stderr);
    fflush(stderr);
  }
  on = false;
}
