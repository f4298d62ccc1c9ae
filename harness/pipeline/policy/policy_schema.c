/* The fields of a policy and their types: assay-policy/1. */
#include "harness/pipeline/policy/policy_schema.h"

#define OPTIONAL CYAML_FLAG_OPTIONAL
#define TEXT(flags, structure, name) CYAML_FIELD_STRING_PTR(#name, flags, structure, name, 1, CYAML_UNLIMITED)
#define NUMBER(structure, name) CYAML_FIELD_INT_PTR(#name, OPTIONAL, structure, name)
#define FLAG(structure, name) CYAML_FIELD_BOOL(#name, OPTIONAL, structure, name)
#define LIST(flags, structure, name)                                                                         \
  CYAML_FIELD_SEQUENCE(#name, (flags) | CYAML_FLAG_POINTER, structure, name, &text_entry, 0, CYAML_UNLIMITED)
/* One that would check nothing if it were empty. */
#define FILLED(flags, structure, name)                                                                       \
  CYAML_FIELD_SEQUENCE(#name, (flags) | CYAML_FLAG_POINTER, structure, name, &text_entry, 1, CYAML_UNLIMITED)
#define GROUP(structure, name, fields) CYAML_FIELD_MAPPING(#name, OPTIONAL, structure, name, fields)

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t limits_fields[] = {
    NUMBER(struct policy_limits, token_bytes),    NUMBER(struct policy_limits, json_depth),
    NUMBER(struct policy_limits, json_members),   NUMBER(struct policy_limits, kid_bytes),
    NUMBER(struct policy_limits, replay_entries), CYAML_FIELD_END,
};

static const cyaml_schema_field_t typ_fields[] = {
    FILLED(OPTIONAL, struct policy_typ, allow),
    FLAG(struct policy_typ, required),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t actors_fields[] = {
    LIST(CYAML_FLAG_DEFAULT, struct policy_actors, allow),
    NUMBER(struct policy_actors, max_depth),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t revoked_fields[] = {
    LIST(OPTIONAL, struct policy_revoked, kid),
    LIST(OPTIONAL, struct policy_revoked, jti),
    LIST(OPTIONAL, struct policy_revoked, sid),
    LIST(OPTIONAL, struct policy_revoked, sub),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t active_fields[] = {
    TEXT(CYAML_FLAG_POINTER, struct policy_active, kid),
    CYAML_FIELD_INT("at", CYAML_FLAG_DEFAULT, struct policy_active, at),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t active_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct policy_active, active_fields)};

static const cyaml_schema_field_t cnf_fields[] = {
    TEXT(CYAML_FLAG_POINTER | OPTIONAL, struct policy_cnf, jkt),
    TEXT(CYAML_FLAG_POINTER | OPTIONAL, struct policy_cnf, x5t_s256),
    CYAML_FIELD_END,
};

static const cyaml_strval_t nonce_words[] = {{"optional", CLAIM_OPTIONAL}, {"required", CLAIM_REQUIRED}};

static const cyaml_schema_field_t issuer_fields[] = {
    TEXT(CYAML_FLAG_POINTER | OPTIONAL, struct policy_issuer, iss),
    TEXT(CYAML_FLAG_POINTER | OPTIONAL, struct policy_issuer, trust_domain),
    TEXT(CYAML_FLAG_POINTER | OPTIONAL, struct policy_issuer, keys),
    LIST(CYAML_FLAG_DEFAULT, struct policy_issuer, algorithms),
    CYAML_FIELD_IGNORE("audience", OPTIONAL),
    FLAG(struct policy_issuer, sole_audience),
    FILLED(OPTIONAL, struct policy_issuer, required),
    NUMBER(struct policy_issuer, max_lifetime_s),
    NUMBER(struct policy_issuer, max_age_s),
    NUMBER(struct policy_issuer, replay_window_s),
    FILLED(OPTIONAL, struct policy_issuer, azp),
    CYAML_FIELD_ENUM("nonce", OPTIONAL | CYAML_FLAG_STRICT, struct policy_issuer, nonce, nonce_words,
                     CYAML_ARRAY_LEN(nonce_words)),
    FILLED(OPTIONAL, struct policy_issuer, acr),
    NUMBER(struct policy_issuer, max_auth_age_s),
    FLAG(struct policy_issuer, cnf_jkt),
    GROUP(struct policy_issuer, cnf, cnf_fields),
    CYAML_FIELD_IGNORE("scope", OPTIONAL),
    CYAML_FIELD_IGNORE("roles", OPTIONAL),
    TEXT(CYAML_FLAG_POINTER | OPTIONAL, struct policy_issuer, client),
    CYAML_FIELD_IGNORE("values", OPTIONAL),
    TEXT(CYAML_FLAG_POINTER | OPTIONAL, struct policy_issuer, tenant),
    CYAML_FIELD_MAPPING_PTR("actors", OPTIONAL, struct policy_issuer, actors, actors_fields),
    GROUP(struct policy_issuer, revoked, revoked_fields),
    CYAML_FIELD_SEQUENCE("active_from", OPTIONAL | CYAML_FLAG_POINTER, struct policy_issuer, active_from,
                         &active_entry, 0, CYAML_UNLIMITED),
    LIST(OPTIONAL, struct policy_issuer, tolerate),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t issuer_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct policy_issuer, issuer_fields)};

static const cyaml_schema_field_t policy_fields[] = {
    TEXT(CYAML_FLAG_POINTER, struct policy, schema),
    NUMBER(struct policy, now),
    NUMBER(struct policy, leeway_s),
    GROUP(struct policy, limits, limits_fields),
    GROUP(struct policy, typ, typ_fields),
    CYAML_FIELD_SEQUENCE("issuers", CYAML_FLAG_POINTER, struct policy, issuers, &issuer_entry, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t policy_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct policy, policy_fields)};

/* ---- fields that can be written in several ways: libcyaml loads none of these ---- */

static const cyaml_schema_value_t text_list = {
    CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, char *, &text_entry, 1, CYAML_UNLIMITED)};

/* audience: any */
static const cyaml_strval_t audience_words[] = {{"any", AUDIENCE_ANY}};
static const cyaml_schema_value_t audience_word = {
    CYAML_VALUE_ENUM(CYAML_FLAG_STRICT, enum audience_rule, audience_words, CYAML_ARRAY_LEN(audience_words))};

/* scope: {claim: scp, all: [read]} */
struct claim_list {
  char *claim, **all;
  unsigned all_count;
};
static const cyaml_schema_field_t claim_list_fields[] = {
    TEXT(CYAML_FLAG_POINTER, struct claim_list, claim),
    FILLED(CYAML_FLAG_DEFAULT, struct claim_list, all),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t claim_list = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct claim_list, claim_list_fields)};

/* values: {token_use: access, email_verified: true} */
static const cyaml_schema_field_t values_fields[] = {
    CYAML_FIELD_IGNORE(POLICY_ANY_NAME, OPTIONAL),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t values_group = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct claim_list, values_fields)};

const struct cyaml_schema_value *policy_form(const char *field, yaml_node_type_t kind) {
  static const struct {
    const char *field;
    yaml_node_type_t kind;
    const cyaml_schema_value_t *schema;
  } forms[] = {
      {"audience", YAML_SEQUENCE_NODE, &text_list}, {"audience", YAML_SCALAR_NODE, &audience_word},
      {"scope", YAML_SEQUENCE_NODE, &text_list},    {"scope", YAML_MAPPING_NODE, &claim_list},
      {"roles", YAML_SEQUENCE_NODE, &text_list},    {"roles", YAML_MAPPING_NODE, &claim_list},
      {"values", YAML_MAPPING_NODE, &values_group},
  };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (forms[i].kind == kind && strcmp(forms[i].field, field) == 0)
      return forms[i].schema;
  return NULL;
}

const struct cyaml_schema_field *const policy_field_lists[2] = {policy_fields, issuer_fields};
