/* Figures as people read them: three significant digits, SI prefixes, a unit always. Each function writes a
 * NUL-terminated text into out, at least FIGURE_BYTES, and returns out. An unknown figure gives "not known";
 * callers that can say why ask figure_known first. */
#ifndef ASSAY_REPORTS_TEXT_FIGURES_H
#define ASSAY_REPORTS_TEXT_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/text/counts.h"

/* Every figure of a result but a difference is a time, a share, a size or a rate: finite and not negative, or
 * not known. */
bool figure_known(double value);

/* The nearest number with so many significant decimal digits. */
double figure_round(double value, int digits);

char *figure_six(char *out, double value);   /* for programs: 26912.3456 -> "26912.3", no prefix */
char *figure_plain(char *out, double value); /* 0.983 -> "0.983", 102.04 -> "102" */
char *figure_given(char *out,
                   double value); /* what somebody wrote: 70 -> "70", 20500 -> "20,500", 33.3 -> "33.3" */
char *figure_si(char *out, double value); /* 37123 -> "37.1 k" */
char *figure_time(char *out, double ns);  /* 26912 -> "26.9 us" */
/* With fewer digits. How many a figure deserves that is known to within this share of it, 2 or 3: the last
 * one is worth no more than that. NAN: it is not known to within what. */
char *figure_plain_to(char *out, double value, int digits);
char *figure_si_to(char *out, double value, int digits);
char *figure_percent_to(char *out, double share, int digits);
char *figure_time_to(char *out, double ns, int digits);
int figure_digits(double value, double reach);
char *figure_bytes(char *out, double bytes); /* 1234567 -> "1.23 MB" */
char *figure_bytes_seen(char *out,
                        double bytes);         /* seen once, which may be another the next time: "1.2 MB" */
char *figure_percent(char *out, double share); /* 0.0312 -> "3.12 %" */
char *figure_share(char *out,
                   double share); /* as much as a guess is good for: 0.0312 -> "3.1 %", 0.27 -> "27 %" */
char *figure_change(char *out, double share); /* -0.0213 -> "-2.13 %", the only one with a sign */
char *figure_duration(char *out, double s);   /* 125 -> "2 min 5 s" */
char *figure_tally(char *out, double count);  /* a mean of counts: 542 -> "542", 50.0435 -> "50.0" */

#endif
