/* Memory of one question: taken piece by piece, given back all at once. For the slow and simple reference. */
#ifndef ASSAY_TESTS_REFERENCE_SCRAP_H
#define ASSAY_TESTS_REFERENCE_SCRAP_H

#include <stdlib.h>

#include "harness/base/bytes.h"

struct scrap_piece {
  struct scrap_piece *next;
};

struct scrap {
  struct scrap_piece *pieces;
};

/* Zeroed; aborts for want of memory. */
static inline void *scrap_take(struct scrap *scrap, size_t bytes) {
  struct scrap_piece *piece = (struct scrap_piece *)calloc(1, sizeof *piece + bytes + 1);
  if (!piece)
    abort();
  piece->next = scrap->pieces;
  scrap->pieces = piece;
  return piece + 1;
}

static inline void scrap_free(struct scrap *scrap) {
  while (scrap->pieces) {
    struct scrap_piece *next = scrap->pieces->next;
    free(scrap->pieces);
    scrap->pieces = next;
  }
}

#endif
