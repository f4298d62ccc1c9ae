/* A token under construction: first a good one, then spoiled in exactly one way.
 *
 *   draft_init     good header, claims, key for (class, variant, alg, index), all from the seed
 *   edit           a mutation may change header, claims, policy, keys as JSON
 *   draft_encode   JSON -> texts -> base64url parts
 *   encode         a mutation may change the texts or parts before they are signed
 *   draft_sign     parts -> signature, by the draft's key and algorithm (or by the mutation's `forge`)
 *   tamper         a mutation may change the finished compact token
 *
 * Nothing here looks at the pipeline: what a draft should answer is stated by the row that made it. */
#ifndef ASSAY_CORPUS_MAKE_DRAFT_H
#define ASSAY_CORPUS_MAKE_DRAFT_H

#include <jansson.h>

#include "corpus/base/rng.h"
#include "corpus/base/text.h"
#include "corpus/make/keyring.h"
#include "harness/base/alg.h"
#include "harness/base/reason.h"

/* The corpus clock: 2026-01-01T00:00:00Z. Tokens never go stale, because runs use it too. */
#define CORPUS_NOW INT64_C(1767225600)

struct draft {
  struct rng rng;             /* this token's own: (seed, class, variant, alg, index) */
  const struct keyring *ring; /* every issuer and key of the corpus, and strangers' keys */
  const struct ring_issuer *issuer;
  const struct signing_key *key; /* signs; set to another key to sign wrongly. Header kid stays as it is */
  enum assay_alg alg;            /* the algorithm of the token as filed */
  enum assay_alg sign_alg;       /* what signs; = alg unless changed */
  unsigned key_bits;
  unsigned index; /* 0.. within class, variant, alg */

  json_t *header, *claims; /* owned; edit freely; order of members is kept */
  json_t *policy;          /* NULL: the corpus policy; see draft_policy */
  json_t *keys;            /* NULL: the corpus keys; {iss: JWKS}; see draft_jwks */
  int64_t now;             /* CORPUS_NOW unless changed */
  const char *typ;

  struct text header_text, payload_text;                 /* after draft_encode */
  struct text header_part, payload_part, signature_part; /* base64url; signature_part after draft_sign */
  struct text signature;                                 /* raw octets, after draft_sign or forge */
  struct text signing_input; /* what is signed; empty: header_part "." payload_part */
  struct text token;         /* the finished compact form */

  /* A token to be sent first (replay, caches): its finished compact form, expected to be accepted. Empty:
   * none. The generator files it as its own case, "<id>.first", and points `after` at it. */
  struct text first;
  /* first is checked against the corpus' own policy and keys, whatever this case changes of them: what a
   * cache has seen was right when it saw it. */
  bool first_by_default;

  const char *row_text; /* argument of the row (struct mutation_variant), for hooks that serve many rows */
  int64_t row_number;
};

/* A private copy of the corpus policy as JSON (assay-policy/1) with only this draft's issuer in it, made on
 * the first call; later calls return the same. Edit it freely. Its `keys` paths are left out: the key sets
 * come from draft_jwks or from the corpus. */
json_t *draft_policy(struct draft *draft);
/* The one entry of `issuers` in draft_policy. */
json_t *draft_policy_issuer(struct draft *draft);
/* A private copy of this issuer's JWKS ({"keys": [..]}) for this case, made on the first call. */
json_t *draft_jwks(struct draft *draft);
/* In draft_jwks: the JWK object of the draft's own key. */
json_t *draft_jwk(struct draft *draft);
/* Empties draft_jwks, so that it holds nothing until the mutation adds keys. */
json_t *draft_jwks_empty(struct draft *draft);

/* Takes any signing key in place of the draft's: header kid, claims' iss unchanged. */
void draft_sign_with(struct draft *draft, const struct signing_key *key, enum assay_alg alg);

/* The steps. draft_init: false where the ring has no key of that size for alg. class_id/variant
 * feed the rng. */
bool draft_init(struct draft *draft, const struct keyring *ring, uint64_t seed, const char *class_id,
                const char *variant, enum assay_alg alg, unsigned key_bits, unsigned index);
/* The same, with the issuer drawn by the shares of a learned profile; NULL: all alike. */
struct learned;
bool draft_init_like(struct draft *draft, const struct learned *learned, const struct keyring *ring,
                     uint64_t seed, const char *class_id, const char *variant, enum assay_alg alg,
                     unsigned key_bits, unsigned index);
/* Between draft_init and edit: makes the token about that many bytes long, with so many claims, in the shape
 * of the profile. */
void draft_shape(struct draft *draft, const struct learned *learned, unsigned claims, size_t token_bytes);
/* Between draft_init and edit: makes the token about that many bytes long, or the shortest that
 * the policy allows. */
void draft_fit(struct draft *draft, size_t token_bytes);
void draft_encode(struct draft *draft);   /* header, claims -> texts and parts (parts from the texts) */
void draft_reencode(struct draft *draft); /* parts anew from the texts */
void draft_sign(struct draft *draft);     /* -> signature */
void draft_join(struct draft *draft);     /* signature -> signature_part; parts -> token */
void draft_fini(struct draft *draft);

#endif
