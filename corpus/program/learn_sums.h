/* What learning keeps of tokens: see learn.h. For learn.c and learn_profile.c alone. */
#ifndef ASSAY_CORPUS_PROGRAM_LEARN_SUMS_H
#define ASSAY_CORPUS_PROGRAM_LEARN_SUMS_H

#include "corpus/make/learned.h"
#include "corpus/store/pool.h"

#define LEARN_NAMES_MAX 96
#define LEARN_STEP 32 /* token lengths are kept to so many bytes */
#define LEARN_HASH_BYTES 8
#define LEARN_FEW 5 /* what fewer tokens have in common might point at one of them */

enum learn_skip { SKIPPED_NO_TOKEN, SKIPPED_ENCRYPTED, SKIPPED_ALG, LEARN_SKIPS };

struct name_sum {
  const char *name; /* static; NULL: free, or all private ones together */
  uint64_t count, kinds[LEARNED_KINDS];
  double bytes;
};

/* Without padding: it is hashed as bytes. */
struct shape_key {
  uint32_t alg, key_bits, claims, steps;
};

struct shape_sum {
  struct shape_key key;
  uint64_t count;
};

struct issuer_sum {
  uint8_t hash[LEARN_HASH_BYTES];
  uint64_t count;
};

struct learning {
  uint8_t salt[32];
  uint64_t tokens, skipped[LEARN_SKIPS];
  struct name_sum header[LEARN_NAMES_MAX], claims[LEARN_NAMES_MAX], others;
  struct pool shape_of, issuer_of;
  struct shape_sum *shapes;
  struct issuer_sum *issuers;
  size_t shape_count, issuer_count;
};

#endif
