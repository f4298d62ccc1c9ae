/* Walks the YAML document along the schema, which knows what is a number and what only looks like one. */
#include "harness/pipeline/policy/policy_json.h"

#include <jansson.h>
#include <stdlib.h>

#include "harness/pipeline/policy/policy_schema.h"
#include "harness/pipeline/policy/policy_source.h"

static json_t *value_of(struct policy_source *source, const cyaml_schema_value_t *schema,
                        const yaml_node_t *node);

static const cyaml_schema_field_t *field_of(const cyaml_schema_value_t *schema, const char *key) {
  const cyaml_schema_field_t *field = schema->mapping.fields;
  while (field->key && strcmp(field->key, key) != 0)
    field++;
  return field;
}

/* A value of a claim, of the type that it is written in. */
static json_t *claim_value_of(const yaml_node_t *node) {
  const char *text = (const char *)node->data.scalar.value;
  enum claim_value_type type;
  if (!policy_value_type(node, &type))
    return NULL;
  switch (type) {
  case VALUE_TRUE:
  case VALUE_FALSE: return json_boolean(type == VALUE_TRUE);
  case VALUE_NUMBER: return json_integer(strtoll(text, NULL, 10));
  default: return json_stringn(text, node->data.scalar.length);
  }
}

static json_t *names_of(struct policy_source *source, const yaml_node_t *node) {
  json_t *object = json_object();
  const yaml_node_pair_t *pair = node->data.mapping.pairs.start, *end = node->data.mapping.pairs.top;
  for (; pair < end; pair++) {
    const yaml_node_t *key = yaml_document_get_node(&source->document, pair->key);
    json_object_set_new(object, (const char *)key->data.scalar.value,
                        claim_value_of(yaml_document_get_node(&source->document, pair->value)));
  }
  return object;
}

static json_t *mapping_of(struct policy_source *source, const cyaml_schema_value_t *schema,
                          const yaml_node_t *node) {
  if (strcmp(schema->mapping.fields[0].key, POLICY_ANY_NAME) == 0)
    return names_of(source, node);
  json_t *object = json_object();
  const yaml_node_pair_t *pair = node->data.mapping.pairs.start, *end = node->data.mapping.pairs.top;
  for (; pair < end; pair++) {
    const yaml_node_t *key = yaml_document_get_node(&source->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(&source->document, pair->value);
    const cyaml_schema_field_t *field = field_of(schema, (const char *)key->data.scalar.value);
    const cyaml_schema_value_t *form =
        field->value.type == CYAML_IGNORE ? policy_form(field->key, value->type) : &field->value;
    if (strcmp(field->key, "keys") != 0)
      json_object_set_new(object, field->key, value_of(source, form, value));
  }
  return object;
}

static json_t *sequence_of(struct policy_source *source, const cyaml_schema_value_t *schema,
                           const yaml_node_t *node) {
  json_t *array = json_array();
  const yaml_node_item_t *item = node->data.sequence.items.start, *end = node->data.sequence.items.top;
  for (; item < end; item++)
    json_array_append_new(
        array, value_of(source, schema->sequence.entry, yaml_document_get_node(&source->document, *item)));
  return array;
}

static json_t *value_of(struct policy_source *source, const cyaml_schema_value_t *schema,
                        const yaml_node_t *node) {
  const char *text = (const char *)node->data.scalar.value;
  switch (schema->type) {
  case CYAML_MAPPING: return mapping_of(source, schema, node);
  case CYAML_SEQUENCE: return sequence_of(source, schema, node);
  case CYAML_INT: return json_integer(strtoll(text, NULL, 10));
  case CYAML_BOOL: return json_boolean(text[0] == 't');
  default: return json_stringn(text, node->data.scalar.length);
  }
}

static bool open_checked(struct policy_source *source, struct assay_bytes policy, const char *name,
                         struct assay_error *error) {
  if (!policy_source_open(source, policy, name, error))
    return false;
  if (policy_source_check(source, &policy_schema, NULL, error))
    return true;
  policy_source_close(source);
  return false;
}

char *policy_json(struct assay_bytes policy, const char *name, struct assay_error *error) {
  struct policy_source source;
  if (!open_checked(&source, policy, name, error))
    return NULL;
  json_t *object = value_of(&source, &policy_schema, yaml_document_get_root_node(&source.document));
  policy_source_close(&source);
  char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
  json_decref(object);
  if (!text)
    error_set(error, "%s: no memory to write it as JSON", name);
  return text;
}

static const char *text_at(struct policy_source *source, size_t issuer, const char *field) {
  char path[64];
  snprintf(path, sizeof path, "issuers/%zu/%s", issuer, field);
  const yaml_node_t *node = policy_source_find(source, path);
  return node ? (const char *)node->data.scalar.value : NULL;
}

static size_t line_at(struct policy_source *source, size_t issuer, const char *field) {
  char path[64];
  snprintf(path, sizeof path, "issuers/%zu/%s", issuer, field);
  return policy_source_line(source, path);
}

static const char *tolerance_at(struct policy_source *source, size_t issuer, size_t index) {
  char field[32];
  snprintf(field, sizeof field, "tolerate/%zu", index);
  return text_at(source, issuer, field);
}

/* What keys are given under: its iss, or its trust domain. */
static const char *issuer_name_at(struct policy_source *source, size_t issuer) {
  const char *iss = text_at(source, issuer, "iss");
  return iss ? iss : text_at(source, issuer, "trust_domain");
}

bool policy_key_paths(struct assay_bytes policy, const char *name,
                      void (*tell)(void *arg, const char *iss, const char *path, size_t line), void *arg,
                      struct assay_error *error) {
  struct policy_source source;
  if (!open_checked(&source, policy, name, error))
    return false;
  const char *iss;
  for (size_t i = 0; (iss = issuer_name_at(&source, i)) != NULL; i++)
    if (text_at(&source, i, "keys"))
      tell(arg, iss, text_at(&source, i, "keys"), line_at(&source, i, "keys"));
  policy_source_close(&source);
  return true;
}

bool policy_tolerances(struct assay_bytes policy, const char *name,
                       void (*tell)(void *arg, const char *iss, const char *reason), void *arg,
                       struct assay_error *error) {
  struct policy_source source;
  if (!open_checked(&source, policy, name, error))
    return false;
  const char *iss, *reason;
  for (size_t i = 0; (iss = issuer_name_at(&source, i)) != NULL; i++)
    for (size_t k = 0; (reason = tolerance_at(&source, i, k)) != NULL; k++)
      tell(arg, iss, reason);
  policy_source_close(&source);
  return true;
}
