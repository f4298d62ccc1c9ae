/* What the readers of the suites' files share, inside this room only. */
#ifndef ASSAY_VECTORS_VECTOR_READING_H
#define ASSAY_VECTORS_VECTOR_READING_H

#include <jansson.h>

#include "harness/vectors/vector_set.h"

/* A file that is being read. */
struct reading {
  struct vector_set *set;
  const char *path, *base; /* base: the name without folders */
  struct vector_file *file;
  bool guarded; /* the pipeline's guards are to be asked too */
  struct assay_error *error;
};

/* Octets of one vector, freed together. All zero at first. */
struct octets {
  uint8_t *memory[8];
  size_t count;
};
void octets_fini(struct octets *octets);

/* The member's text; "" where it is none. */
const char *vector_text(const json_t *object, const char *name);
/* The member's octets, with room for VECTOR_FIELD_BYTES_MAX more behind them. False where it is no even run
 * of hexadecimal digits. */
bool vector_hex(struct octets *octets, const json_t *object, const char *name, struct assay_bytes *out);
#define VECTOR_FIELD_BYTES_MAX 66 /* P-521 */
/* The flags of a test, "A+B"; the caller frees. NULL: no memory. */
char *vector_flags(const json_t *test);

/* Adds a vector, with name and class by its file. variant: taken over. False and a sentence for
 * want of memory. */
bool vector_add(const struct reading *reading, long long number, const struct assay_public_key *key,
                struct assay_bytes input, struct assay_bytes sig, const struct vector_case *one);
/* Returns false, with "<path>: vector <number>: <what>". */
bool vector_broken(const struct reading *reading, long long number, const char *what);

/* vector_wycheproof.c: reads one of testGroups. False and a sentence where it is broken. */
bool wycheproof_group_read(const struct reading *reading, const json_t *group);

#endif
