/* Key sets of any size around one right key, as a policy file with its JWKS beside it: for measuring how
 * finding a key scales. No cryptography: the other keys are keys of the corpus under new names. */
#ifndef ASSAY_MEASUREMENTS_MADE_SET_H
#define ASSAY_MEASUREMENTS_MADE_SET_H

#include <jansson.h>

#include "corpus/store/store.h"

/* The issuer and the key that a corpus' token is checked with. */
struct right_key {
  char iss[512];
  json_t *jwk; /* the corpus' own; json_decref */
};

/* Finds them for a token: by its kid, or for a token without one as the only key of its issuer in the token's
 * setting. False and a sentence where there is none. */
bool right_key_find(const struct corpus *corpus, uint32_t token, struct right_key *right,
                    struct assay_error *error);
/* Whether the token names this issuer, and this key's kid or, without `kid`, none. */
bool right_key_fits(const struct corpus *corpus, uint32_t token, const struct right_key *right, bool kid);

struct made_set {
  unsigned keys; /* in all, the right one among them */
  bool last;     /* the right one stands last, not first */
  bool unfit;    /* the others are for encryption: what a token without kid needs, or it would be refused */
};

/* Writes folder/policy.json, the corpus' own policy, and the key sets of its issuers: the right key's issuer
 * has the set described, the others have theirs. folder: exists. */
bool made_set_write(const struct corpus *corpus, const struct right_key *right, const struct made_set *set,
                    const char *folder, struct assay_error *error);

#endif
