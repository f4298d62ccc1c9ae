/* A document with fewer rows and columns, in another order: what somebody asked to see of it. */
#ifndef ASSAY_REPORTS_DOCUMENT_DOCUMENT_SELECT_H
#define ASSAY_REPORTS_DOCUMENT_DOCUMENT_SELECT_H

#include "harness/base/error.h"
#include "reports/document/document.h"
#include "reports/text/word_list.h"

/* Each NULL: everything, as it is. Lists are comma-separated; in `only` and `columns`, * and ? stand for any
 * text and any character. */
struct document_selection {
  /* Names at the left, whole or without what follows a space: rows with one of them. Words for the same
   * column are alternatives; where both columns are named, a row needs one of each. A table that none of the
   * words concerns stays whole. */
  const char *only;
  const struct word_list
      *met;            /* `only`, with what the result itself was cut by (result_cut.h); NULL: nothing */
  const char *columns; /* heads; names at the left always stay. Tables with none of them stay whole */
  const char *sort;    /* one head, "-" before it for the greatest first; within each group of rows */
};

/* False and a sentence where a word is found in no table, and then the document is as it was. */
bool document_select(struct document *document, const struct document_selection *selection,
                     struct assay_error *error);

/* "37.1 k" -> 37100, "26.9 us" -> 0.0000269, "12 %" -> 0.12; false: no figure. */
bool figure_read(const char *text, double *value);

#endif
