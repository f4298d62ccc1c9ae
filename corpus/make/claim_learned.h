/* Claims in the shape of a learned profile, with made-up content. */
#ifndef ASSAY_CORPUS_MAKE_CLAIM_LEARNED_H
#define ASSAY_CORPUS_MAKE_CLAIM_LEARNED_H

#include "corpus/base/rng.h"
#include "corpus/make/learned.h"

/* Turns a good token's claims into `count` claims of about `bytes` compact JSON: those that a policy asks for
 * stay (iss, sub, aud, iat, exp, jti, scope, so that seven is the least), the others come as the profile has
 * them. Where both cannot be had, the length is kept. */
void claims_like(json_t *claims, const struct learned *learned, unsigned count, size_t bytes,
                 struct rng *rng);

#endif
