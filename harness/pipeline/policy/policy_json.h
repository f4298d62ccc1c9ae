/* A policy as JSON: the carrier that whole verifiers get, whatever the policy was written in. */
#ifndef ASSAY_PIPELINE_POLICY_POLICY_JSON_H
#define ASSAY_PIPELINE_POLICY_POLICY_JSON_H

#include "harness/base/bytes.h"
#include "harness/base/error.h"

/* The fields that the policy has, in its order, without `keys`: a verifier gets key sets, not paths.
 * name: as in trust_read. Returns a text for free(), or NULL and a sentence. */
char *policy_json(struct assay_bytes policy, const char *name, struct assay_error *error);

/* Calls back for every issuer that names a file of keys, with the line of that. iss and
 * path are NUL-terminated. */
bool policy_key_paths(struct assay_bytes policy, const char *name,
                      void (*tell)(void *arg, const char *iss, const char *path, size_t line), void *arg,
                      struct assay_error *error);

/* Calls back for every refusal that an issuer tolerates. iss (or trust domain) and reason
 * (dotted) are NUL-terminated. */
bool policy_tolerances(struct assay_bytes policy, const char *name,
                       void (*tell)(void *arg, const char *iss, const char *reason), void *arg,
                       struct assay_error *error);

#endif
