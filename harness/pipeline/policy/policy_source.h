/* The text of a policy: is it YAML, does it fit the schema, and on which line stands what.
 *
 * libcyaml 1.3.1 loads by schema, but names the line of the last value that it liked and not of the field
 * that it refuses, and reads "30x" as 30 and "flase" as true. So the text is held against the same schema
 * here first; what libcyaml then loads is known to fit. */
#ifndef ASSAY_PIPELINE_POLICY_POLICY_SOURCE_H
#define ASSAY_PIPELINE_POLICY_POLICY_SOURCE_H

#include <cyaml/cyaml.h>
#include <yaml.h>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/pipeline/policy/trust.h"

#define POLICY_MAX_BYTES ((size_t)4 << 20)
#define POLICY_MAX_DEPTH 32 /* of values in values; a policy needs 6 */
#define POLICY_MAX_VALUES 500000

struct policy_source {
  const char *name;         /* borrowed */
  yaml_document_t document; /* one, without aliases */
};

/* Parses the text: one YAML document in UTF-8. policy_source_close only after true. */
bool policy_source_open(struct policy_source *source, struct assay_bytes text, const char *name,
                        struct assay_error *error);
void policy_source_close(struct policy_source *source);

/* Holds the whole document against the schema: names, types, what is missing, what stands twice. faults:
 * takes all of that in; NULL: the first is enough. Knows the types of libcyaml that a policy uses: MAPPING,
 * SEQUENCE, STRING, INT, BOOL, ENUM, and IGNORE as policy_schema.h explains it. */
bool policy_source_check(struct policy_source *source, const struct cyaml_schema_value *schema,
                         struct policy_faults *faults, struct assay_error *error);

/* What a single value is by the way it is written: quotes make a text of anything. False where it is neither
 * text, whole number, true nor false: 1.5 without quotes, or nothing at all. */
bool policy_value_type(const yaml_node_t *node, enum claim_value_type *type);

/* The node at a path of names and indices, "issuers/0/iss"; NULL where there is none. */
yaml_node_t *policy_source_find(struct policy_source *source, const char *path);
/* Its line, counted from 1; of the last node on the way where the path leads nowhere. */
size_t policy_source_line(struct policy_source *source, const char *path);

#endif
