/* The fields of a policy and their types: assay-policy/1. */
#include "harness/pipeline/policy_schema.h"

#define OPTIONAL CYAML_FLAG_OPTIONAL
#define TEXT(flags, structure, name) CYAML_FIELD_STRING_PTR(#name, flags, structure, name, 1, CYAML_UNLIMITED)
#define NUMBER(structure, name) CYAML_FIELD_INT_PTR(#name, OPTIONAL, structure, name)
#define FLAG(structure, name) CYAML_FIELD_BOOL(#name, OPTIONAL, structure, name)
#define LIST(flags, structure, name)                                                                         \
  CYAML_FIELD_SEQUENCE(#name, (flags) | CYAML_FLAG_POINTER, structure, name, &text_entry, 0, CYAML_UNLIMITED)
#define GROUP(structure, name, fields) CYAML_FIELD_MAPPING(#name, OPTIONAL, structure, name, fields)

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t limits_fields[] = {
    NUMBER(struct policy_limits, token_bytes),
    NUMBER(struct policy_limits, json_depth),
    NUMBER(struct policy_limits, json_members),
    NUMBER(struct policy_limits, kid_bytes),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t typ_fields[] = {
    LIST(OPTIONAL, struct policy_typ, allow),
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

static const cyaml_strval_t nonce_words[] = {{"optional", CLAIM_OPTIONAL}, {"required", CLAIM_REQUIRED}};

static const cyaml_schema_field_t issuer_fields[] = {
    TEXT(CYAML_FLAG_POINTER, struct policy_issuer, iss),
    TEXT(CYAML_FLAG_POINTER | OPTIONAL, struct policy_issuer, keys),
    LIST(CYAML_FLAG_DEFAULT, struct policy_issuer, algorithms),
    LIST(OPTIONAL, struct policy_issuer, audience),
    LIST(OPTIONAL, struct policy_issuer, required),
    NUMBER(struct policy_issuer, max_lifetime_s),
    NUMBER(struct policy_issuer, max_age_s),
    NUMBER(struct policy_issuer, replay_window_s),
    LIST(OPTIONAL, struct policy_issuer, azp),
    CYAML_FIELD_ENUM("nonce", OPTIONAL | CYAML_FLAG_STRICT, struct policy_issuer, nonce, nonce_words,
                     CYAML_ARRAY_LEN(nonce_words)),
    LIST(OPTIONAL, struct policy_issuer, acr),
    NUMBER(struct policy_issuer, max_auth_age_s),
    FLAG(struct policy_issuer, cnf_jkt),
    LIST(OPTIONAL, struct policy_issuer, scope),
    LIST(OPTIONAL, struct policy_issuer, roles),
    TEXT(CYAML_FLAG_POINTER | OPTIONAL, struct policy_issuer, tenant),
    CYAML_FIELD_MAPPING_PTR("actors", OPTIONAL, struct policy_issuer, actors, actors_fields),
    GROUP(struct policy_issuer, revoked, revoked_fields),
    CYAML_FIELD_SEQUENCE("active_from", OPTIONAL | CYAML_FLAG_POINTER, struct policy_issuer, active_from,
                         &active_entry, 0, CYAML_UNLIMITED),
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
