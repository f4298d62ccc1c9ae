/* What many mutations do to a draft: a key set with only a few keys in it, another algorithm allowed, a
 * signature by a secret that is nobody's key. */
#ifndef ASSAY_CORPUS_MAKE_DRAFT_TOOLS_H
#define ASSAY_CORPUS_MAKE_DRAFT_TOOLS_H

#include "corpus/make/draft.h"

/* One entry of an array for this token: all of them come up as the index runs. */
#define PICK(draft, array) ((array)[(draft)->index % (sizeof(array) / sizeof((array)[0]))])

/* Reduces draft_jwks to the draft's own key and returns its JWK. */
json_t *draft_jwks_own(struct draft *draft);
/* Puts another key into draft_jwks; takes the reference. */
void draft_jwks_add(struct draft *draft, json_t *jwk);
/* A stranger's key beside those of the set, under its own kid. Returns its JWK, which the set owns. */
json_t *draft_jwks_add_stranger(struct draft *draft, enum assay_alg alg);
/* Makes this JWK the only one of draft_jwks, under the draft's kid; takes the reference and lends it back. */
json_t *draft_jwks_replace(struct draft *draft, json_t *jwk);

/* Sets a member to octets in base64url (RFC 7515 2). */
void jwk_set_octets(json_t *jwk, const char *name, struct assay_bytes octets);

/* For `edit`. row_text: an object whose members replace or join the header's, ' standing for ". */
void header_change(struct draft *draft);

/* Lets the draft's issuer use one more algorithm, by its JOSE name. */
void draft_allow(struct draft *draft, const char *name);

/* What is signed (RFC 7515 5.1), appended to out. */
void draft_signing_input(const struct draft *draft, struct text *out);
/* Sets the signature to an HMAC under any secret, of length 0 too: for a `forge` hook. */
void draft_sign_hmac(struct draft *draft, enum assay_alg hmac, struct assay_bytes secret);
/* The octets that the draft's own key and algorithm sign with. */
size_t draft_signature_octets(const struct draft *draft);
/* Another good token like this one, with another jti: for a `tamper` hook that waits for certain bytes. */
void draft_respin(struct draft *draft);

/* The part of the finished token behind the last dot. */
size_t token_signature_at(const struct text *token);

#endif
