/* The keys of cases: what stands in a case line in place of a JWK Set becomes one, and a key without a kid
 * gets the kid of the token that it is to check (keyfile.h). The result stands in the case's `keys`, as in a
 * case line that was written with it. */
#ifndef ASSAY_CORPUS_READERS_CASE_KEYS_H
#define ASSAY_CORPUS_READERS_CASE_KEYS_H

#include "corpus/readers/policy_keys.h"
#include "corpus/store/casebook.h"

struct case_keys {
  const struct policy_keys *defaults; /* of the default policy, borrowed; NULL: there is none */
  bool any_unnamed;                   /* a set of theirs has keys without a kid */
  struct pool plain;                  /* texts of `keys` and policy with which nothing is to be done */
  struct pool bound;                  /* by kid and alg, which of bound_texts */
  char **bound_texts;                 /* NULL where the defaults serve as they stand */
  size_t bound_count;
};

void case_keys_init(struct case_keys *keys, const struct policy_keys *defaults);
/* Settles the keys of a case that has its token, keys and policy. False and a sentence that begins
 * with the issuer. */
bool case_keys_settle(struct case_keys *keys, struct corpus_case *one, struct assay_error *error);
void case_keys_fini(struct case_keys *keys);

#endif
