/* Draws the progress line. */
#include "corpus/base/meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"

#define BAR_COLUMNS 30
#define REDRAW_NS UINT64_C(100000000)

void meter_init(struct meter *meter) {
  const char *term = getenv("TERM");
  *meter = (struct meter){.on = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0};
}

void meter_show(struct meter *meter, const char *what, double share) {
  uint64_t now = clock_ns();
  if (!meter->on)
    return;
  if (what != meter->what) {
    meter->what = what;
    meter->start_ns = now;
    meter->shown_ns = 0;
  }
  if (now - meter->shown_ns < REDRAW_NS)
    return;
  meter->shown_ns = now;
  char bar[BAR_COLUMNS + 1];
  for (int i = 0; i < BAR_COLUMNS; i++)
    bar[i] = i < share * BAR_COLUMNS ? '#' : '.';
  bar[BAR_COLUMNS] = '\0';
  double spent_s = (double)(now - meter->start_ns) / 1e9;
  fprintf(stderr, "\r\033[K%s  %s %3.0f %%", what, bar, share * 100);
  if (share > 0.02)
    fprintf(stderr, "  %.0f s left", spent_s / share - spent_s);
  fflush(stderr);
}

void meter_clear(struct meter *meter) {
  if (!meter->on)
    return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
  meter->what = NULL;
}
