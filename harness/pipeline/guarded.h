/* A raw signature through the guards of the pipeline: its key is imported from a JWK as any issuer's, and the
 * signature stage judges it. Header, claims and policy, which a raw signature has not, are left out.
 *
 *   JWKS -> key_set_read -> does the key fit the algorithm? -> import -> form checks -> backend */
#ifndef ASSAY_PIPELINE_GUARDED_H
#define ASSAY_PIPELINE_GUARDED_H

#include "backends/backend.h"
#include "harness/base/error.h"
#include "harness/base/reason.h"

struct guarded;

/* backend: borrowed. Opens a context of it. NULL and a sentence on failure.
 * Threads: opened, used and closed by one thread. */
struct guarded *guarded_open(const struct assay_backend *backend, struct assay_error *error);
void guarded_close(struct guarded *guarded);

/* Judges one signature.
 * jwks:       the text of a JWK Set (RFC 7517 5) with the one key in it.
 * input, sig: borrowed, any bytes, length 0 allowed.
 * Returns:    REASON_OK, or what refused: a reason of key-import, of key-selection where the key is of
 * another type or curve than alg, of signature; REASON_UNSUPPORTED, REASON_FAULT. Memory:     allocates and
 * frees; it is no hot path. */
enum assay_reason guarded_verify(struct guarded *guarded, enum assay_alg alg, struct assay_bytes jwks,
                                 struct assay_bytes input, struct assay_bytes sig);

#endif
