/* Rows of one result beside the same of another: what `assay compare` shows. */
#ifndef ASSAY_REPORTS_CONTENT_COMPARED_H
#define ASSAY_REPORTS_CONTENT_COMPARED_H

#include "reports/document/document.h"
#include "reports/model/result.h"

struct compared {
  const struct result_speed *first, *other; /* borrowed */
  double ratio, low, high; /* how many times as fast the other is, and its interval; NAN: there is none */
  bool fails;              /* slower than is let through */
  bool open;               /* such a slowdown is not ruled out */
};

enum compared_answer { COMPARED_OPEN, COMPARED_FASTER, COMPARED_SLOWER };
enum compared_answer compared_answer(const struct compared *row);
/* "not resolved", "faster", "slower". */
const char *compared_answer_word(enum compared_answer answer);
/* A table for each metric, in the order of the rows. */
void content_compared(struct document *document, const struct compared *rows, size_t count);

#endif
