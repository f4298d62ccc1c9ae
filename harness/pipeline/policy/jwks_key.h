/* One key of a JWK Set. Inside the reader of key sets only. */
#ifndef ASSAY_PIPELINE_POLICY_JWKS_KEY_H
#define ASSAY_PIPELINE_POLICY_JWKS_KEY_H

#include <jansson.h>

#include "harness/pipeline/policy/trust.h"

enum jwk_outcome { JWK_KEPT, JWK_SKIPPED, JWK_NO_MEMORY };

/* Reads one JWK (RFC 7517 4). What is wrong with it is in key->refused. tolerates: TOLERATES bits.
 * Returns: KEPT, also for a faulty key; SKIPPED where kty is none that assay knows (RFC 7517 5).
 * Memory:  jwk_fini, in every case but SKIPPED. */
enum jwk_outcome jwk_read(const json_t *object, uint32_t tolerates, struct jwk *key);
void jwk_fini(struct jwk *key);

/* Has the JWK of a known asymmetric kty a member that only a private key has (RFC 7518 6.2.2, 6.3.2;
 * RFC 8037 2)? */
bool jwk_is_private(const json_t *object);

#endif
