/* Three significant digits, prefixes and units. */
#include "reports/text/figures.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool figure_known(double value) {
  return isfinite(value) && value >= 0;
}

double figure_round(double value, int digits) {
  char text[64];
  snprintf(text, sizeof text, "%.*e", digits - 1, value);
  return strtod(text, NULL);
}

#define DIGITS 3

/* A number below 1,000 that is rounded to so many significant digits already. */
static void write_rounded(char *out, double value, int digits, const char *unit) {
  if (value > 0 && value < 0.001) {
    snprintf(out, FIGURE_BYTES, "< 0.001%s", unit);
    return;
  }
  int decimals = value >= 100 || value == 0 ? 0
                 : value >= 10              ? digits - 2
                 : value >= 1               ? digits - 1
                 : value >= 0.1             ? digits
                                            : DIGITS;
  snprintf(out, FIGURE_BYTES, "%.*f%s", decimals, value, unit);
}

/* value in units[0]; each next unit is 1,000 times as large. */
static char *write_scaled(char *out, double value, int digits, const char *const *units, size_t unit_count) {
  if (!figure_known(value))
    return strcpy(out, "not known");
  value = figure_round(value, digits);
  size_t unit = 0;
  while (value >= 1000 && unit + 1 < unit_count) {
    value = figure_round(value / 1000, digits);
    unit++;
  }
  if (value >= 1000)
    snprintf(out, FIGURE_BYTES, "%.3g%s", value, units[unit]);
  else
    write_rounded(out, value, digits, units[unit]);
  return out;
}

#define SCALED(out, value, digits, ...)                                                                      \
  write_scaled((out), (value), (digits), (const char *const[]){__VA_ARGS__},                                 \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

char *figure_si_to(char *out, double value, int digits) {
  return SCALED(out, value, digits, "", " k", " M", " G", " T", " P");
}

char *figure_time_to(char *out, double ns, int digits) {
  return SCALED(out, ns, digits, " ns", " us", " ms", " s");
}

char *figure_si(char *out, double value) {
  return figure_si_to(out, value, DIGITS);
}

char *figure_time(char *out, double ns) {
  return figure_time_to(out, ns, DIGITS);
}

/* Two at least: one would be off by a third. */
int figure_digits(double value, double reach) {
  if (!figure_known(reach) || !(value > 0))
    return DIGITS - 1;
  double step = pow(10, floor(log10(value)) - (DIGITS - 2)); /* of the last digit of two */
  return step <= value * reach ? DIGITS - 1 : DIGITS;
}

char *figure_bytes(char *out, double bytes) {
  return SCALED(out, bytes, DIGITS, " B", " kB", " MB", " GB", " TB");
}

char *figure_bytes_seen(char *out, double bytes) {
  return SCALED(out, bytes, figure_digits(bytes, (double)NAN), " B", " kB", " MB", " GB", " TB");
}

char *figure_six(char *out, double value) {
  if (!figure_known(value))
    return strcpy(out, "not known");
  snprintf(out, FIGURE_BYTES, "%.15g", figure_round(value, 6));
  return out;
}

char *figure_plain_to(char *out, double value, int digits) {
  if (!figure_known(value))
    return strcpy(out, "not known");
  value = figure_round(value, digits);
  if (value < 1000)
    write_rounded(out, value, digits, "");
  else if (value < 1e15)
    figure_count(out, (uint64_t)value);
  else
    snprintf(out, FIGURE_BYTES, "%.*g", digits, value);
  return out;
}

char *figure_plain(char *out, double value) {
  return figure_plain_to(out, value, DIGITS);
}

char *figure_given(char *out, double value) {
  if (value >= 0 && value == floor(value) && value < 1e15)
    return figure_count(out, (uint64_t)value);
  snprintf(out, FIGURE_BYTES, "%.6g", value);
  return out;
}

char *figure_percent_to(char *out, double share, int digits) {
  figure_plain_to(out, share * 100, digits);
  if (figure_known(share))
    strcat(out, " %");
  return out;
}

char *figure_percent(char *out, double share) {
  return figure_percent_to(out, share, DIGITS);
}

char *figure_share(char *out, double share) {
  if (!figure_known(share))
    return strcpy(out, "not known");
  snprintf(out, FIGURE_BYTES, share < 0.0995 ? "%.1f %%" : "%.0f %%", share * 100);
  return out;
}

char *figure_change(char *out, double share) {
  if (!isfinite(share))
    return strcpy(out, "not known");
  snprintf(out, FIGURE_BYTES, "%+.2f %%", share * 100);
  if (strcmp(out, "-0.00 %") == 0)
    out[0] = '+'; /* no direction that the figure shows */
  return out;
}

char *figure_duration(char *out, double s) {
  if (!figure_known(s))
    return strcpy(out, "not known");
  if (s < 1)
    return figure_time(out, s * 1e9);
  if (s > 1e12)
    s = 1e12;
  uint64_t whole = (uint64_t)(s + 0.5);
  if (s < 9.95)
    snprintf(out, FIGURE_BYTES, "%.1f s", s);
  else if (whole < 60)
    snprintf(out, FIGURE_BYTES, "%" PRIu64 " s", whole);
  else if (whole < 3600)
    snprintf(out, FIGURE_BYTES, "%" PRIu64 " min %" PRIu64 " s", whole / 60, whole % 60);
  else
    snprintf(out, FIGURE_BYTES, "%" PRIu64 " h %" PRIu64 " min", whole / 3600, whole / 60 % 60);
  return out;
}

char *figure_tally(char *out, double count) {
  bool whole = figure_known(count) && count < 1e15 && fabs(count - round(count)) < 0.005;
  return whole ? figure_count(out, (uint64_t)round(count)) : figure_plain(out, count);
}
