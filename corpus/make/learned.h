/* What real tokens look like, without anything that stood in them: assay-profile/1, a JSON file.
 *
 *   {"schema": "assay-profile/1",
 *    "tokens": 12000,                               how many it was learned from
 *    "skipped": {"no_token": 3, "encrypted": 0, "other_algorithm": 0},   lines, or matches, that were not
 * used "shapes": [{"alg": "RS256", "key_bits": 2048, "claims": 12, "token_bytes": 864, "share": 0.53}, ..],
 *    "header": [{"name": "kid", "share": 1}, ..],   registered members, and the share of tokens that have
 * each "claims": [{"name": "iss", "share": 1, "kinds": {"string": 1}, "bytes": 27}, ..],      registered ones
 *    "private_claims": {"per_token": 3.2, "kinds": {"string": 0.6, "array": 0.4}, "bytes": 31},
 *    "issuers": [{"hash": "16 hex digits", "share": 0.9}, ..]}
 *
 * shapes go together: so many claims in so long a token under that algorithm; token_bytes is rounded to 32,
 * and what fewer than five tokens have in common is merged into one shape an algorithm. bytes: of a value's
 * compact JSON, in the mean. kinds: shares of JSON types. Names are written only if they are registered with
 * IANA or stand in OpenID Connect Core; all others count as private, without their names. An issuer's hash is
 * HMAC-SHA-256 under a salt that was drawn for this file and thrown away: it tells issuers apart in the file,
 * and nothing else. Numbers have three significant digits at most. */
#ifndef ASSAY_CORPUS_MAKE_LEARNED_H
#define ASSAY_CORPUS_MAKE_LEARNED_H

#include <jansson.h>

#include "harness/base/alg.h"
#include "harness/base/error.h"

#define LEARNED_SCHEMA "assay-profile/1"
#define LEARNED_CLAIMS_MAX 200 /* a policy limits the members of an object to 256 */
#define LEARNED_BYTES_MAX 16000

enum learned_kind {
  KIND_STRING,
  KIND_INTEGER,
  KIND_REAL,
  KIND_BOOLEAN,
  KIND_NULL,
  KIND_ARRAY,
  KIND_OBJECT,
  LEARNED_KINDS
};
extern const char *const learned_kind_names[LEARNED_KINDS];

struct learned_shape {
  enum assay_alg alg;
  unsigned key_bits; /* RSA; 0 elsewhere */
  unsigned claims;
  size_t token_bytes;
  double share; /* of all tokens; they sum up to 1 */
};

struct learned_claim {
  const char *name; /* static: of the registered ones; NULL: private */
  double share;     /* of tokens that have it; of private ones: how many a token has */
  double kinds[LEARNED_KINDS];
  double bytes;
};

struct learned {
  uint64_t algs; /* ASSAY_ALG_BITs of the shapes */
  struct learned_shape *shapes;
  size_t shape_count;
  struct learned_claim *claims;
  size_t claim_count;
  struct learned_claim others;
  double *issuer_shares; /* greatest first */
  size_t issuer_count;
};

/* False and a sentence that names the file and what is wrong with it; nothing is held then. */
bool learned_read(struct learned *learned, const char *path, struct assay_error *error);
void learned_fini(struct learned *learned);

/* The name as a static string where it is a registered claim or header member, else NULL. */
const char *registered_claim(const char *name);
const char *registered_header(const char *name);

#endif
