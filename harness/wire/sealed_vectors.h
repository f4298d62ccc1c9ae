/* Raw signatures to check, as workers map them: no token, no JSON, only key, message and signature. The host
 * gathers them, and seals them in memory that its workers begin with. */
#ifndef ASSAY_WIRE_SEALED_VECTORS_H
#define ASSAY_WIRE_SEALED_VECTORS_H

#include "backends/backend.h"
#include "harness/base/error.h"

struct vector_span {
  uint64_t at; /* in the bytes behind the records */
  uint64_t len;
};

/* Fields as in struct assay_public_key; empty ones have length 0. */
struct vector_record {
  uint64_t alg; /* enum assay_alg */
  struct vector_span k, n, e, x, y, input, sig;
};

/* While they are gathered. All zero at first. */
struct vectors {
  struct vector_record *records;
  size_t count, capacity;
  uint8_t *bytes;
  size_t byte_count, byte_capacity;
};

/* Appends one, copying all octets. False where there is no memory. */
bool vectors_add(struct vectors *vectors, const struct assay_public_key *key, struct assay_bytes input,
                 struct assay_bytes sig);
/* A descriptor of a sealed copy, for subject_host.vectors_fd; -1 and a sentence on failure. */
int vectors_seal(const struct vectors *vectors, struct assay_error *error);
void vectors_fini(struct vectors *vectors);

/* What was sealed, mapped read-only for as long as the process lives. */
struct vectors_view {
  const struct vector_record *records;
  size_t count;
  const uint8_t *bytes;
};

/* Every span has been checked: nothing after this can read outside. */
bool vectors_map(int fd, struct vectors_view *view, struct assay_error *error);

static inline struct assay_bytes vector_bytes(const struct vectors_view *view, struct vector_span span) {
  return bytes_of(view->bytes + span.at, span.len);
}

#endif
