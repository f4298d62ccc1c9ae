/* Claims as large identity providers issue them, made up from a random stream. */
#ifndef ASSAY_CORPUS_MAKE_CLAIM_SHAPES_H
#define ASSAY_CORPUS_MAKE_CLAIM_SHAPES_H

#include "corpus/base/rng.h"
#include "corpus/make/keyring.h"

/* The claims of one good access token of this issuer at `now`: 7 to 25 of them, iss, sub, aud, iat, exp, jti
 * and scope always among them. Issued up to 30 minutes before now, valid from 5 minutes to 12 hours in all
 * and for at least 2 more minutes. New reference. */
json_t *claims_make(const struct ring_issuer *issuer, int64_t now, struct rng *rng);

/* Drops optional claims, last first, until the compact JSON is at most max_bytes long; the
 * seven above stay. */
void claims_trim(json_t *claims, size_t max_bytes);

/* As near to `bytes` of compact JSON as it goes: trims, shortens the claims that must stay, and fills
 * what is left. */
void claims_fit(json_t *claims, const struct ring_issuer *issuer, size_t bytes, struct rng *rng);

#endif
