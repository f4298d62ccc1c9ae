/* The matrix of verdicts in more detail: what each subject made of each variant of a class, summed up over
 * algorithms. Rows and subjects are those of the page's matrix; strings are borrowed from the result. */
#ifndef ASSAY_REPORTS_HTML_TALLY_H
#define ASSAY_REPORTS_HTML_TALLY_H

#include "reports/html/page.h"

struct tally_variant {
  const char *name, *expected;
};

/* Tokens of a variant that were answered in another way than right. */
struct tally_entry {
  size_t variant;
  enum result_kind kind;
  uint64_t count;
};

struct tally_cell {
  struct tally_entry *entries;
  size_t entry_count;
};

struct tally_row {
  const char *stage;
  struct tally_variant *variants;
  size_t variant_count;
  struct tally_cell *cells; /* one a subject */
};

struct tally {
  struct tally_row *rows;
};

void tally_init(struct tally *tally, const struct page *page);
void tally_fini(struct tally *tally, const struct page *page);

/* The data behind the cells, for the scripts. */
void tally_put(struct page *page, const struct tally *tally);

#endif
