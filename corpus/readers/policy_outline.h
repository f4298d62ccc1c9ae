/* What a corpus needs to know of a policy text (YAML, or JSON, which is YAML too): its clock, and where each
 * issuer's keys stand. The rest is the pipeline's business, which reads the text again. */
#ifndef ASSAY_CORPUS_READERS_POLICY_OUTLINE_H
#define ASSAY_CORPUS_READERS_POLICY_OUTLINE_H

#include "corpus/base/text.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"

struct policy_outline_issuer {
  char *iss;          /* what its keys are given under: iss, or trust_domain */
  char *keys;         /* the name of a file, or NULL */
  size_t line;        /* of `keys`, or of the issuer that has none; from 1 */
  size_t at, written; /* the octets of the text in which `keys` is written, quotes included */
};

struct policy_outline {
  int64_t now; /* CORPUS_NOW_UNSET: the real clock */
  struct policy_outline_issuer *issuers;
  size_t issuer_count;
};

/* text: without a byte order mark. False and a sentence that begins with name and
 * line. policy_outline_fini frees. */
bool policy_outline_read(struct assay_bytes text, const char *name, struct policy_outline *outline,
                         struct assay_error *error);
void policy_outline_fini(struct policy_outline *outline);

/* The text in which `keys` of each issuer names paths[i] instead, where that is not NULL. Every line stays
 * where it was. For free(). */
char *policy_outline_rename(const struct policy_outline *outline, struct assay_bytes text,
                            char *const *paths);

#endif
