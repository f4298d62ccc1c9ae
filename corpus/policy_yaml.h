/* A policy as YAML that people like to read. */
#ifndef ASSAY_CORPUS_POLICY_YAML_H
#define ASSAY_CORPUS_POLICY_YAML_H

#include <jansson.h>

#include "corpus/draft.h"

/* Appends an object as YAML: block style, with short lists and objects of plain values on one line. */
void policy_yaml_add(struct text *out, const json_t *policy);

/* What a corpus needs to know of a policy text (YAML or JSON): its clock, and where each issuer's keys stand.
 */
struct policy_outline {
  int64_t now; /* CORPUS_NOW_UNSET: the real clock */
  struct policy_outline_issuer {
    char *iss, *keys; /* keys: a path, or NULL */
  } * issuers;
  unsigned issuer_count;
};

/* False and a sentence that begins with name and line. policy_outline_fini frees. */
bool policy_outline_read(struct assay_bytes text, const char *name, struct policy_outline *outline,
                         struct assay_error *error);
void policy_outline_fini(struct policy_outline *outline);

#endif
