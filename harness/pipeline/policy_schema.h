/* A policy as it is written: what libcyaml loads. A field that was left out is NULL or 0; what that means is
 * policy.c's business. */
#ifndef ASSAY_PIPELINE_POLICY_SCHEMA_H
#define ASSAY_PIPELINE_POLICY_SCHEMA_H

#include <cyaml/cyaml.h>
#include <stdbool.h>

#include "harness/pipeline/trust.h"

struct policy_limits {
  int64_t *token_bytes, *json_depth, *json_members, *kid_bytes;
};

struct policy_typ {
  char **allow;
  unsigned allow_count;
  bool required;
};

struct policy_actors {
  char **allow;
  unsigned allow_count;
  int64_t *max_depth;
};

struct policy_revoked {
  char **kid, **jti, **sid, **sub;
  unsigned kid_count, jti_count, sid_count, sub_count;
};

struct policy_active {
  char *kid;
  int64_t at;
};

struct policy_issuer {
  char *iss, *keys;
  char **algorithms, **audience, **required;
  unsigned algorithms_count, audience_count, required_count;
  int64_t *max_lifetime_s, *max_age_s, *replay_window_s, *max_auth_age_s;
  char **azp, **acr, **scope, **roles;
  unsigned azp_count, acr_count, scope_count, roles_count;
  enum claim_demand nonce;
  bool cnf_jkt;
  char *tenant;
  struct policy_actors *actors;
  struct policy_revoked revoked;
  struct policy_active *active_from;
  unsigned active_from_count;
};

struct policy {
  char *schema;
  int64_t *now, *leeway_s;
  struct policy_limits limits;
  struct policy_typ typ;
  struct policy_issuer *issuers;
  unsigned issuers_count;
};

/* Of a pointer to struct policy. */
extern const struct cyaml_schema_value policy_schema;

#endif
