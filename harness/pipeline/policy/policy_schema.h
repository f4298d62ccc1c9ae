/* A policy as it is written: what libcyaml loads. A field that was left out is NULL or 0; what that means is
 * policy.c's business.
 *
 * Fields that can be written in more than one way are none of libcyaml's: their schema says CYAML_IGNORE, and
 * policy_form says which ways there are. They are read from the document itself (policy_claims.c). */
#ifndef ASSAY_PIPELINE_POLICY_POLICY_SCHEMA_H
#define ASSAY_PIPELINE_POLICY_POLICY_SCHEMA_H

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <yaml.h>

#include "harness/pipeline/policy/trust.h"

struct policy_limits {
  int64_t *token_bytes, *json_depth, *json_members, *kid_bytes, *replay_entries;
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

struct policy_cnf {
  char *jkt, *x5t_s256;
};

struct policy_issuer {
  char *iss, *trust_domain, *keys;
  char **algorithms, **required, **tolerate;
  unsigned algorithms_count, required_count, tolerate_count;
  bool sole_audience;
  int64_t *max_lifetime_s, *max_age_s, *replay_window_s, *max_auth_age_s;
  char **azp, **acr;
  unsigned azp_count, acr_count;
  enum claim_demand nonce;
  bool cnf_jkt;
  struct policy_cnf cnf;
  char *client, *tenant;
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

/* A field's name that stands for any name, in a mapping of such fields alone. */
#define POLICY_ANY_NAME "*"

/* The schema of a field that can be written in several ways, for a node of this kind (audience: a list, or
 * the word any). NULL where it cannot be written so. */
const struct cyaml_schema_value *policy_form(const char *field, yaml_node_type_t kind);

/* The fields of the policy itself and those of an issuer; each ends with a NULL key. */
extern const struct cyaml_schema_field *const policy_field_lists[2];

#endif
