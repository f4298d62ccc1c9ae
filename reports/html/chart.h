/* A chart of the page: its figures as JSON beside an empty canvas, which 3-charts.js fills. Every
 * dot in it stands in a table of the same section too. Views are alternatives to choose from, such
 * as one an algorithm. */
#ifndef ASSAY_REPORTS_HTML_CHART_H
#define ASSAY_REPORTS_HTML_CHART_H

#include "reports/html/page.h"

struct chart {
  const char *id, *title, *caption;
  struct json_t *root, *view; /* view: the one that is being filled, NULL before the first */
  struct json_t *dot;         /* the latest; borrowed */
  size_t points;
};

enum chart_kind {
  CHART_DOTS,  /* a row a label, a mark a subject, with an interval where one is known */
  CHART_LINES, /* x, y, a line a subject */
  CHART_STACK  /* a bar a label, a piece a stage */
};

/* title: what it shows; caption: how to read it. Both are the program's own, not the result's. */
void chart_init(struct chart *chart, const char *id, enum chart_kind kind, const char *title,
                const char *caption);
/* name: "x" | "y"; unit: "rate" | "ns" | "times" | "share" | "count" | "percentile". */
void chart_axis(struct chart *chart, const char *name, const char *title, const char *unit, bool is_log);
/* A line at a value that means something: 1, the reference's own speed. */
void chart_mark(struct chart *chart, double value, const char *label);
/* Begins the next view; is_first: shown at first. */
void chart_view(struct chart *chart, const char *name, bool is_first);
/* A view for each algorithm and key size, which are given up with it; first: the algorithm that is shown at
 * first, where it is among them. Then goes on with one of them. */
void chart_views(struct chart *chart, struct page_algs *algs, const char *first);
void chart_go_on(struct chart *chart, const char *alg, unsigned key_bits);
/* low, high: NAN where no interval is known. */
void chart_dot(struct chart *chart, const char *series, const char *row, double value, double low,
               double high);
/* What a launch saw of the latest dot: drawn on demand. Values stand in samples-csv. */
void chart_launch(struct chart *chart, double value);
/* The dot of a speed row: its subject in the row of its algorithm. */
void chart_row(struct chart *chart, const struct result_speed *row, double value, double low, double high);
void chart_xy(struct chart *chart, const char *series, double x, double y);
/* Writes the chart, or nothing where it has no points, and frees it. */
void chart_put(struct page *page, struct chart *chart);

#endif
