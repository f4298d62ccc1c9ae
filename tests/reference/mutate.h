/* Tokens nobody would think of: tokens of a corpus, spoiled at random, where that is possible signed again so
 * that the later stages are reached. The same seed gives the same tokens. */
#ifndef ASSAY_TESTS_REFERENCE_MUTATE_H
#define ASSAY_TESTS_REFERENCE_MUTATE_H

#include "tests/reference/duel.h"

#define MUTANT_BYTES_MAX (1 << 17)

struct mutator {
  const struct duel *duel;
  uint64_t random;
  uint32_t *symmetric; /* tokens with HMAC: anyone can sign them again */
  uint32_t symmetric_count;
  uint8_t token[MUTANT_BYTES_MAX]; /* of the last question */
};

void mutator_init(struct mutator *mutator, const struct duel *duel, uint64_t seed);
void mutator_fini(struct mutator *mutator);
/* The next question; valid until the one after it. */
struct duel_question mutator_next(struct mutator *mutator);

#endif
