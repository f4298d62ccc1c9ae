/* A second opinion on the pipeline: a JWT verifier that is small, slow and obviously right. It was written
 * from the descriptions (ARCHITECTURE, trust.h, reason.h and the RFCs), shares no code with the stages, takes
 * memory as it likes and keeps nothing prepared. Loading policies and key sets is shared: trust_read.
 *
 * Where the descriptions leave something open, the pipeline was asked, and a comment that begins with
 * "Open:" says so. */
#ifndef ASSAY_TESTS_REFERENCE_REFERENCE_H
#define ASSAY_TESTS_REFERENCE_REFERENCE_H

#include "harness/pipeline/policy/trust.h"
#include "tests/reference/json_tree.h"

/* A token that was accepted before. */
struct reference_seen {
  struct assay_bytes issuer, jti;
};

struct reference {
  const struct trust *trust;
  int64_t now;
  bool replay;         /* look for jti seen before */
  struct scrap memory; /* of what was seen */
  struct reference_seen *seen;
  size_t seen_count;
};

/* replay: whether what is accepted is remembered, and looked for. */
void reference_init(struct reference *reference, const struct trust *trust, int64_t now, bool replay);
void reference_fini(struct reference *reference);

enum assay_reason reference_verify(struct reference *reference, struct assay_bytes token);

/* ---- between the reference's own files ---- */

/* A token on its way through the stages. Parts: header, payload, signature. */
struct case_file {
  struct reference *reference;
  const struct trust *trust;
  struct scrap scrap;
  struct assay_bytes token, part[3], decoded[3];
  struct tree *header, *claims;
  enum jose_alg alg;
  const struct issuer *issuer;
  const struct jwk *key;
  const struct jwk **candidates; /* where the issuer tolerates that several keys may be meant */
  size_t candidate_count;
};

/* The claim that a name or JSON Pointer leads to (RFC 6901 4), or NULL. */
const struct tree *claim_of(const struct case_file *file, const struct claim_path *path);
/* The issuer that a token says it is of: its iss, or the trust domain where it has none. */
struct assay_bytes issuer_name_of(const struct case_file *file);

enum assay_reason reference_registered_claims(struct case_file *file);
enum assay_reason reference_authorisation(struct case_file *file);

static inline bool list_has(const struct string_list *list, struct assay_bytes text) {
  for (size_t i = 0; i < list->count; i++)
    if (bytes_eq(list->items[i], text))
      return true;
  return false;
}

/* A string of the list, or false: also where there is no value, or it is no string. */
static inline bool list_has_value(const struct string_list *list, const struct tree *value) {
  return tree_is(value, TREE_STRING) && list_has(list, value->text);
}

#endif
