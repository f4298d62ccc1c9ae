/* Finding a claim by its name or by a JSON Pointer (RFC 6901). Inside the pipeline only. */
#ifndef ASSAY_PIPELINE_POLICY_CLAIM_PATH_H
#define ASSAY_PIPELINE_POLICY_CLAIM_PATH_H

#include "harness/pipeline/json/json.h"
#include "harness/pipeline/policy/trust.h"

enum claim_path_outcome { CLAIM_PATH_READ, CLAIM_PATH_NO_MEMORY, CLAIM_PATH_ESCAPE };

/* A text that begins with '/' is a JSON Pointer, any other one is a name, whatever characters it has
 * ("https://example.org/roles").
 * Returns: ESCAPE where '~' is followed by something other than 0 or 1 (RFC 6901 3).
 * Memory:  copies the text; claim_path_fini frees, in every case. */
enum claim_path_outcome claim_path_read(struct assay_bytes text, struct claim_path *path);
void claim_path_fini(struct claim_path *path);

/* The value there, or NULL. Array elements are found by index (RFC 6901 4). Allocates nothing. */
const struct json_node *claim_at(const struct json_node *claims, const struct claim_path *path);

#endif
