/* Holds a YAML document against a libcyaml schema, and says in one sentence what does not fit, and where. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/pipeline/policy/policy_reader.h"

#define FIELDS_MAX 64 /* more than any mapping of the schema has */

/* Where the walk stands, in the words of the policy. */
struct place {
  const char *field; /* NULL: the policy itself */
  bool is_entry;     /* of the list `field` */
};

struct check {
  struct policy_source *source;
  struct policy_faults *faults; /* NULL: the first is enough */
  struct assay_error *error;
};

/* Whether the walk goes on behind what was checked. */
static bool goes_on(const struct check *check, bool ok) {
  return ok || (check->faults && policy_fault_add(check->faults, check->source->name, check->error));
}

static bool value_check(const struct check *check, struct place place, const cyaml_schema_value_t *schema,
                        const yaml_node_t *node);

/* "policy.yaml:12: 'audience' " and then the words. */
static bool fail(const struct check *check, struct place place, const yaml_node_t *node, const char *words) {
  const char *name = check->source->name;
  size_t line = node->start_mark.line + 1;
  if (!place.field)
    return error_set(check->error, "%s:%zu: the policy %s", name, line, words);
  return error_set(check->error, "%s:%zu: %s'%s' %s", name, line, place.is_entry ? "an entry of " : "",
                   place.field, words);
}

static bool fail_value(const struct check *check, struct place place, const yaml_node_t *node,
                       const char *expected) {
  char words[512];
  bool plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  snprintf(words, sizeof words, "must be %s, not %s'%.100s'", expected, plain ? "" : "the text ",
           (const char *)node->data.scalar.value);
  return fail(check, place, node, words);
}

static const char *kind_name(yaml_node_type_t kind) {
  switch (kind) {
  case YAML_SCALAR_NODE: return "a single value";
  case YAML_SEQUENCE_NODE: return "a list";
  default: return "a group of fields";
  }
}

static bool kind_check(const struct check *check, struct place place, const yaml_node_t *node,
                       yaml_node_type_t expected) {
  char words[128];
  if (node->type == expected)
    return true;
  snprintf(words, sizeof words, "must be %s, not %s", kind_name(expected), kind_name(node->type));
  return fail(check, place, node, words);
}

static bool is_plain(const yaml_node_t *node) {
  return node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static bool value_is(const yaml_node_t *node, const char *word) {
  return bytes_eq_str(bytes_of(node->data.scalar.value, node->data.scalar.length), word);
}

static bool is_nothing(const yaml_node_t *node) {
  static const char *const nulls[] = {"~", "null", "Null", "NULL"};
  bool nothing = node->data.scalar.length == 0;
  for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
    nothing |= is_plain(node) && value_is(node, nulls[i]);
  return nothing;
}

static bool string_check(const struct check *check, struct place place, const yaml_node_t *node) {
  if (is_nothing(node))
    return fail(check, place, node,
                place.is_entry ? "is empty" : "is empty: give it a value or leave it out");
  if (memchr(node->data.scalar.value, '\0', node->data.scalar.length))
    return fail(check, place, node, "contains a NUL character");
  return true;
}

/* JSON has it as a number or a truth value, which no claim of text is equal to. */
static bool text_check(const struct check *check, struct place place, const yaml_node_t *node) {
  enum claim_value_type type;
  if (is_nothing(node) || (policy_value_type(node, &type) && type == VALUE_TEXT))
    return string_check(check, place, node);
  return fail_value(check, place, node, "a text, so in quotes");
}

/* Decimal digits and nothing else: no octal, no hexadecimal, no fraction, no unit. */
static bool is_integer(const yaml_node_t *node) {
  const char *text = (const char *)node->data.scalar.value, *digits = text + (*text == '-');
  size_t count = strspn(digits, "0123456789");
  if (!is_plain(node) || count == 0 || (*digits == '0' && count > 1) ||
      (size_t)(digits - text) + count != node->data.scalar.length)
    return false;
  errno = 0;
  strtoll(text, NULL, 10);
  return errno == 0;
}

static bool enum_check(const struct check *check, struct place place, const cyaml_schema_value_t *schema,
                       const yaml_node_t *node) {
  char expected[256] = "";
  size_t count = schema->enumeration.count;
  for (size_t i = 0; i < count; i++) {
    const char *joint = i == 0 ? "" : i + 1 == count ? " or " : ", ";
    size_t used = strlen(expected);
    if (value_is(node, schema->enumeration.strings[i].str))
      return true;
    snprintf(expected + used, sizeof expected - used, "%s%s", joint, schema->enumeration.strings[i].str);
  }
  return fail_value(check, place, node, expected);
}

static bool scalar_check(const struct check *check, struct place place, const cyaml_schema_value_t *schema,
                         const yaml_node_t *node) {
  if (!kind_check(check, place, node, YAML_SCALAR_NODE))
    return false;
  switch (schema->type) {
  case CYAML_INT: return is_integer(node) || fail_value(check, place, node, "a whole number");
  case CYAML_BOOL:
    return (is_plain(node) && (value_is(node, "true") || value_is(node, "false"))) ||
           fail_value(check, place, node, "true or false");
  case CYAML_ENUM: return enum_check(check, place, schema, node);
  default: return text_check(check, place, node);
  }
}

static bool sequence_check(const struct check *check, struct place place, const cyaml_schema_value_t *schema,
                           const yaml_node_t *node) {
  if (!kind_check(check, place, node, YAML_SEQUENCE_NODE))
    return false;
  if (schema->sequence.min > 0 && node->data.sequence.items.start == node->data.sequence.items.top)
    return fail(check, place, node, "is an empty list, which checks nothing: fill it or leave it out");
  const yaml_node_item_t *item = node->data.sequence.items.start, *end = node->data.sequence.items.top;
  for (; item < end; item++) {
    const yaml_node_t *entry = yaml_document_get_node(&check->source->document, *item);
    if (!goes_on(check, value_check(check, (struct place){place.field, true}, schema->sequence.entry, entry)))
      return false;
  }
  return true;
}

/* Other YAML readers take a plain 1.5, 010, 0x10 or 1e3 for numbers, so here it must be said
 * what is meant. */
static bool looks_like_number(const yaml_node_t *node) {
  const char *text = (const char *)node->data.scalar.value;
  const char *digits = text + strspn(text, "+-.");
  char *end;
  strtod(text, &end);
  return is_plain(node) && *digits >= '0' && *digits <= '9' && *end == '\0';
}

bool policy_value_type(const yaml_node_t *node, enum claim_value_type *type) {
  if (is_plain(node) && (value_is(node, "true") || value_is(node, "false")))
    *type = value_is(node, "true") ? VALUE_TRUE : VALUE_FALSE;
  else if (is_integer(node))
    *type = VALUE_NUMBER;
  else if (is_nothing(node) || looks_like_number(node))
    return false;
  else
    *type = VALUE_TEXT;
  return true;
}

static bool claim_value_check(const struct check *check, struct place place, const yaml_node_t *node) {
  enum claim_value_type type;
  if (!kind_check(check, place, node, YAML_SCALAR_NODE))
    return false;
  if (!policy_value_type(node, &type))
    return is_nothing(node)
               ? string_check(check, place, node)
               : fail_value(check, place, node, "a whole number, true, false or a text, this one in quotes");
  return type != VALUE_TEXT || string_check(check, place, node);
}

/* "a list or any" */
static void forms_name(const char *field, char *out, size_t size) {
  static const yaml_node_type_t kinds[] = {YAML_SEQUENCE_NODE, YAML_MAPPING_NODE, YAML_SCALAR_NODE};
  out[0] = '\0';
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    const cyaml_schema_value_t *form = policy_form(field, kinds[i]);
    size_t used = strlen(out);
    if (form)
      snprintf(out + used, size - used, "%s%s", used ? " or " : "",
               form->type == CYAML_ENUM ? form->enumeration.strings[0].str : kind_name(kinds[i]));
  }
}

/* A field that can be written in several ways. */
static bool form_check(const struct check *check, struct place place, const yaml_node_t *node) {
  const cyaml_schema_value_t *form = policy_form(place.field, node->type);
  char expected[64], words[128];
  forms_name(place.field, expected, sizeof expected);
  if (form && form->type == CYAML_ENUM)
    return value_is(node, form->enumeration.strings[0].str) || fail_value(check, place, node, expected);
  if (form)
    return value_check(check, place, form, node);
  snprintf(words, sizeof words, "must be %s, not %s", expected, kind_name(node->type));
  return fail(check, place, node, words);
}

static const char *field_near(const cyaml_schema_field_t *fields, const char *word) {
  const char *names[FIELDS_MAX + 1] = {0};
  for (size_t i = 0; i < FIELDS_MAX && fields[i].key; i++)
    names[i] = fields[i].key;
  return near_miss(word, names);
}

/* The nearest name among the fields of this place, or else where a field of that name would belong. */
static bool unknown_field(const struct check *check, const cyaml_schema_field_t *fields,
                          const yaml_node_t *key) {
  static const char *const owners[] = {", of the policy itself", ", of an issuer"};
  const char *word = (const char *)key->data.scalar.value, *near = field_near(fields, word), *owner = "";
  for (size_t i = 0; i < sizeof owners / sizeof *owners && !near; i++) {
    near = field_near(policy_field_lists[i], word);
    owner = near ? owners[i] : "";
  }
  return error_set(check->error, "%s:%zu: unknown field '%.100s'%s%s%s%s%s", check->source->name,
                   key->start_mark.line + 1, word, near ? ", did you mean '" : "", near ? near : "",
                   near ? "'" : "", owner, near ? "?" : "");
}

static bool name_check(const struct check *check, const yaml_node_t *key) {
  const char *name = check->source->name;
  size_t line = key->start_mark.line + 1;
  if (key->type != YAML_SCALAR_NODE)
    return error_set(check->error, "%s:%zu: a field's name cannot be %s", name, line, kind_name(key->type));
  if (memchr(key->data.scalar.value, '\0', key->data.scalar.length))
    return error_set(check->error, "%s:%zu: a field's name contains a NUL character", name, line);
  return true;
}

/* One name and value; marks the field as seen. */
static bool field_check(const struct check *check, const cyaml_schema_field_t *fields, bool *seen,
                        const yaml_node_t *key, const yaml_node_t *value) {
  const char *name = check->source->name;
  size_t i = 0, line = key->start_mark.line + 1;
  if (!name_check(check, key))
    return false;
  while (fields[i].key && !value_is(key, fields[i].key))
    i++;
  if (!fields[i].key)
    return unknown_field(check, fields, key);
  if (seen[i])
    return error_set(check->error, "%s:%zu: the field '%s' stands twice", name, line, fields[i].key);
  seen[i] = true;
  return value_check(check, (struct place){fields[i].key, false}, &fields[i].value, value);
}

/* Whether a name stands before this pair, too. */
static bool stands_before(const struct check *check, const yaml_node_t *mapping,
                          const yaml_node_pair_t *pair) {
  const yaml_node_t *key = yaml_document_get_node(&check->source->document, pair->key);
  for (const yaml_node_pair_t *other = mapping->data.mapping.pairs.start; other < pair; other++) {
    const yaml_node_t *name = yaml_document_get_node(&check->source->document, other->key);
    if (value_is(name, (const char *)key->data.scalar.value))
      return true;
  }
  return false;
}

/* One name and value of a claim. */
static bool claim_check(const struct check *check, struct place place, const yaml_node_t *mapping,
                        const yaml_node_pair_t *pair) {
  const yaml_node_t *key = yaml_document_get_node(&check->source->document, pair->key);
  const char *name = (const char *)key->data.scalar.value;
  if (!name_check(check, key))
    return false;
  if (stands_before(check, mapping, pair))
    return error_set(check->error, "%s:%zu: the claim '%.100s' stands twice in '%s'", check->source->name,
                     key->start_mark.line + 1, name, place.field);
  return claim_value_check(check, (struct place){name, false},
                           yaml_document_get_node(&check->source->document, pair->value));
}

/* A mapping whose names are the user's own: those of claims. */
static bool names_check(const struct check *check, struct place place, const yaml_node_t *node) {
  const yaml_node_pair_t *start = node->data.mapping.pairs.start, *end = node->data.mapping.pairs.top;
  char words[64];
  snprintf(words, sizeof words, "names more than %d claims", FIELDS_MAX);
  if (end - start > FIELDS_MAX)
    return fail(check, place, node, words);
  if (start == end)
    return fail(check, place, node, "names nothing to check: fill it or leave it out");
  for (const yaml_node_pair_t *pair = start; pair < end; pair++)
    if (!goes_on(check, claim_check(check, place, node, pair)))
      return false;
  return true;
}

static bool mapping_check(const struct check *check, struct place place, const cyaml_schema_value_t *schema,
                          const yaml_node_t *node) {
  const cyaml_schema_field_t *fields = schema->mapping.fields;
  bool seen[FIELDS_MAX] = {0};
  if (!kind_check(check, place, node, YAML_MAPPING_NODE))
    return false;
  if (strcmp(fields[0].key, POLICY_ANY_NAME) == 0)
    return names_check(check, place, node);
  const yaml_node_pair_t *pair = node->data.mapping.pairs.start, *end = node->data.mapping.pairs.top;
  for (; pair < end; pair++)
    if (!goes_on(check,
                 field_check(check, fields, seen, yaml_document_get_node(&check->source->document, pair->key),
                             yaml_document_get_node(&check->source->document, pair->value))))
      return false;
  for (size_t i = 0; fields[i].key; i++) {
    char words[128];
    if (seen[i] || fields[i].value.flags & CYAML_FLAG_OPTIONAL)
      continue;
    snprintf(words, sizeof words, "lacks the field '%s'", fields[i].key);
    if (!goes_on(check, fail(check, place, node, words)))
      return false;
  }
  return true;
}

static bool value_check(const struct check *check, struct place place, const cyaml_schema_value_t *schema,
                        const yaml_node_t *node) {
  switch (schema->type) {
  case CYAML_MAPPING: return mapping_check(check, place, schema, node);
  case CYAML_SEQUENCE: return sequence_check(check, place, schema, node);
  case CYAML_IGNORE: return form_check(check, place, node);
  default: return scalar_check(check, place, schema, node);
  }
}

bool policy_source_check(struct policy_source *source, const struct cyaml_schema_value *schema,
                         struct policy_faults *faults, struct assay_error *error) {
  const struct check check = {source, faults, error};
  size_t before = faults ? faults->count : 0;
  bool ok = goes_on(
      &check, value_check(&check, (struct place){0}, schema, yaml_document_get_root_node(&source->document)));
  return ok && (!faults || faults->count == before);
}
