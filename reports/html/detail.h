/* The matrix of verdicts in more detail: what each subject made of each variant of a class, summed up over
 * algorithms. Rows and subjects are those of the page's matrix; strings are borrowed from the result. */
#ifndef ASSAY_REPORTS_HTML_DETAIL_H
#define ASSAY_REPORTS_HTML_DETAIL_H

#include "reports/html/page.h"

struct detail_variant {
  const char *name, *expected;
  bool pinned;
};

/* What was answered in place of an expected reason, or to what must be accepted or is not scored. */
struct detail_given {
  const char *expected, *answer, *example;
  uint64_t tokens; /* of all variants and algorithms */
};

/* Tokens of a variant that were answered in another way than right. */
struct detail_entry {
  size_t variant;
  enum answer_kind kind;
  uint64_t count;
};

struct detail_cell {
  struct detail_entry *entries;
  size_t entry_count;
  struct detail_given *given;
  size_t given_count;
};

struct detail_row {
  const char *stage;  /* the first at which one of its tokens is to be refused; "": none is */
  size_t first_drift; /* of the class, of tokens that are not scored; SIZE_MAX: none */
  struct detail_variant *variants;
  size_t variant_count;
  struct detail_cell *cells; /* one a subject */
};

struct detail {
  struct detail_row *rows;
  size_t *order; /* of the rows on the page: by stage as the pipeline has them, and as in the matrix within */
  struct tally answers,
      tokens;         /* what was expected or given, and ids, each once: the data name them by index */
  size_t *next_drift; /* of the same class, by the index of a drift; SIZE_MAX: none */
};

void detail_init(struct detail *detail, const struct page *page);
void detail_fini(struct detail *detail, const struct page *page);

/* The data behind the cells, for the scripts. */
void detail_put(struct page *page, struct detail *detail);

#endif
