/* Reading a JWK Set when the caller wants to know the difference between "not JSON at all", which is a
 * mistake in a file, and "JSON, but no key set to trust", which is a refusal that its tokens get. */
#ifndef ASSAY_PIPELINE_POLICY_JWKS_H
#define ASSAY_PIPELINE_POLICY_JWKS_H

#include "harness/pipeline/policy/trust.h"

#define JWKS_MAX_BYTES ((size_t)64 << 20)
#define JWKS_MAX_KEYS 100000

/* key_set_read, and not_json->text says what is wrong where the text is no JSON or too long ("3:14: not
 * JSON"); it is left empty otherwise. It never quotes the text, which may hold secrets. */
bool jwks_read(struct assay_bytes jwks, uint32_t tolerates, struct key_set *set,
               struct assay_error *not_json);

#endif
