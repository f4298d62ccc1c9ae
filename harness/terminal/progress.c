/* The progress line. */
#include "harness/terminal/progress.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/clock.h"

#define QUIET_NS UINT64_C(500000000) /* what takes no longer shows nothing */
#define REDRAW_NS UINT64_C(100000000)
#define LINE_NS UINT64_C(10000000000) /* between the lines of a log */
#define LEFT_AFTER_S 1.0              /* before that nobody can tell how long it takes */
#define NEW_PART 0.1 /* a share that falls by more is of something new; less, and it was estimated anew */
#define BAR_MOST 24
#define BAR_LEAST 8
#define WHAT_MOST 26
#define TAIL_COLUMNS 23 /* of "  100 %  3,600 s left" */

static struct {
  unsigned depth;
  bool begun; /* once in this program */
  bool draws, drawn;
  uint64_t shown_ns, line_ns; /* when it was last drawn; when the last line was written, or is counted from */
  uint64_t part_ns;           /* when the share was `part_share`, from which it has grown */
  double part_share, share;
} progress;

void progress_begin(void) {
  const char *term = getenv("TERM");
  uint64_t now = clock_ns();
  if (progress.depth++)
    return;
  progress.draws = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
  progress.share = progress.part_share = 2; /* more than any: the first begins something new */
  if (!progress.begun)
    progress.line_ns = progress.shown_ns = now + QUIET_NS - REDRAW_NS;
  progress.begun = true;
}

static unsigned columns(void) {
  struct winsize size;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

/* "  23 %  12 s left", or in a line ", 23 %, 12 s left", of what is known of it. */
static void tail_write(char *out, size_t size, double share, uint64_t now) {
  const char *gap = progress.draws ? "  " : ", ";
  double used_s = (double)(now - progress.part_ns) / 1e9, grown = share - progress.part_share;
  if (share < 0) {
    out[0] = '\0';
    if (used_s >= 1)
      snprintf(out, size, "%s%.0f s", gap, used_s);
    return;
  }
  double left_s = grown > 0 ? ceil(used_s * (1 - share) / grown) : INFINITY;
  int len = snprintf(out, size, "%s%*.0f %%", gap, progress.draws ? 3 : 0, floor(share * 100));
  if (used_s >= LEFT_AFTER_S && left_s < 120)
    snprintf(out + len, size - (size_t)len, "%s%.0f s left", gap, left_s < 1 ? 1 : left_s);
  else if (used_s >= LEFT_AFTER_S && left_s < 1e6)
    snprintf(out + len, size - (size_t)len, "%s%.0f min left", gap, ceil(left_s / 60));
}

/* " [=====     ]", as wide as there is room for; "" where there is none, or no share to show. */
static void bar_write(char *out, double share, int room) {
  int width = room - 3 < BAR_MOST ? room - 3 : BAR_MOST;
  out[0] = '\0';
  if (width < BAR_LEAST || share < 0)
    return;
  memcpy(out, " [", 2);
  for (int i = 0; i < width; i++)
    out[2 + i] = i < (int)(share * width) ? '=' : ' ';
  memcpy(out + 2 + width, "]", 2);
}

static void draw(const char *what, double share, const char *tail) {
  char bar[BAR_MOST + 4];
  int room = (int)columns() - 1, words = room - TAIL_COLUMNS < WHAT_MOST ? room - TAIL_COLUMNS : WHAT_MOST;
  words = words < 0 ? 0 : words;
  bar_write(bar, share, room - words - TAIL_COLUMNS);
  fprintf(stderr, "\r\x1b[K%-*.*s%s%s", words, words, what, bar, room > TAIL_COLUMNS ? tail : "");
  fflush(stderr);
  progress.drawn = true;
}

/* The share to show: what was estimated anew stands still until it is reached again. */
static double part_note(double share, uint64_t now) {
  bool known = share >= 0, was_known = progress.share >= 0;
  if (progress.share - share > NEW_PART || known != was_known) {
    progress.part_ns = now;
    progress.part_share = share;
  } else if (share < progress.share) {
    share = progress.share;
  }
  return progress.share = share;
}

void progress_show(void *arg, const char *what, double share) {
  char tail[48];
  uint64_t now = clock_ns();
  (void)arg;
  if (!progress.depth)
    return;
  share = share < 0 ? -1 : share > 1 ? 1 : share;
  share = part_note(share, now);
  uint64_t last = progress.draws ? progress.shown_ns : progress.line_ns;
  if (now < last || now - last < (progress.draws ? REDRAW_NS : LINE_NS))
    return;
  tail_write(tail, sizeof tail, share, now);
  progress.shown_ns = progress.line_ns = now;
  if (progress.draws)
    draw(what, share, tail);
  else
    fprintf(stderr, "%s: %s%s\n", program_invocation_short_name, what, tail);
}

void progress_hide(void) {
  if (!progress.drawn)
    return;
  fputs("\r\x1b[K", stderr);
  fflush(stderr);
  progress.drawn = false;
}

void progress_end(void) {
  if (progress.depth && --progress.depth == 0)
    progress_hide();
}
