/* What the two files that make a trust of a policy share. Inside the reader of policies only. */
#ifndef ASSAY_PIPELINE_POLICY_POLICY_READER_H
#define ASSAY_PIPELINE_POLICY_POLICY_READER_H

#include "harness/pipeline/policy/policy_schema.h"
#include "harness/pipeline/policy/policy_source.h"

#define SECONDS_MAX INT64_C(9007199254740991) /* 2^53 - 1, as far as a NumericDate goes here */

/* What one reading needs. */
struct reader {
  struct policy_source source;
  const struct policy *policy;
  const char *folder;
  const struct trust_keys *keys;
  size_t key_count;
  const struct trust_keys **by_iss; /* the same, sorted */
  struct trust *trust;
  struct assay_error *error;
  struct policy_faults *faults; /* NULL: the first is enough */
};

/* A place in the policy: "", "limits" or "issuers/3", and the reader that stands there. */
struct spot {
  struct reader *reader;
  char path[64];
};

/* The line of a field at that place; of the place itself where it has none. */
size_t spot_line(const struct spot *spot, const char *field);
/* The field's node, or NULL. */
const yaml_node_t *spot_node(const struct spot *spot, const char *field);

bool no_memory(const struct reader *reader);

/* Takes in a sentence that begins with name and line, and clears it. True. */
bool policy_fault_add(struct policy_faults *faults, const char *name, struct assay_error *sentence);

/* texts: borrowed for the life of the trust. */
bool list_read(struct reader *reader, char *const *texts, size_t count, struct string_list *list);

/* ---- policy_claims.c: by what an issuer's tokens are known, what its claims are held against, and what of
 * its practice is tolerated ---- */

bool issuer_name_read(const struct spot *spot, const struct policy_issuer *written, struct issuer *issuer);
bool issuer_tolerate_read(const struct spot *spot, const struct policy_issuer *written,
                          struct issuer *issuer);
bool issuer_claims_read(const struct spot *spot, const struct policy_issuer *written, struct issuer *issuer);
void issuer_claims_fini(struct issuer *issuer);

/* As the policy writes it: its iss or its trust domain. */
const char *issuer_written_name(const struct policy_issuer *written);

#endif
