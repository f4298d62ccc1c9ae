/* What somebody trusts, said on a command line instead of in a policy: key files, an issuer, an audience. */
#ifndef ASSAY_CORPUS_READERS_OWN_TRUST_H
#define ASSAY_CORPUS_READERS_OWN_TRUST_H

#include "corpus/base/text.h"
#include "corpus/readers/policy_keys.h"

/* Strings are borrowed, but for those of the two lists. */
struct own_trust {
  char **key_files; /* at least one, or a secret */
  size_t key_file_count;
  const char *secret_file; /* NULL: none */
  const char *issuer;      /* NULL: not said */
  char **audiences;        /* none: not said; "any": whatever they are */
  size_t audience_count;
  const char *algs; /* comma-separated names as in a header; NULL: those that the keys allow */
  int64_t now;      /* CORPUS_NOW_UNSET: the real clock */
};

void own_trust_add_keys(struct own_trust *trust, const char *path, size_t len);
void own_trust_add_audience(struct own_trust *trust, const char *name);
void own_trust_fini(struct own_trust *trust);

/* Whether what is said can be meant. tokens: the file of tokens. False and a sentence that
 * names the option. */
bool own_trust_holds(const struct own_trust *trust, const char *tokens, struct assay_error *error);

/* The names of the algorithms that keys allow, by their alg, or else by their type; every name where none of
 * them is for signatures, so that the keys are what is judged. New reference. */
json_t *own_trust_algorithms(const struct keyfile *keys);

/* The policy of one issuer with its key set. False and a sentence where a key file cannot be used, or an
 * algorithm does not exist. policy_keys_fini frees. */
bool own_trust_policy(const struct own_trust *trust, struct policy_keys *out, struct assay_error *error);

#endif
